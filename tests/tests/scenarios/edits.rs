//! Editing, history, undo.

use std::time::Duration;

use griot_app::Code;
use griot_tests::fake::Mishap;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

fn content(text: &str) -> Value {
    json!({ "text": text, "media": [], "variants": {} })
}

#[test]
fn an_edit_that_is_confirmed_before_the_time_is_what_goes_out() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let answer =
        t.ask("posts.compose", json!({ "text": "typo", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    t.ok("posts.save", json!({ "post": answer["post"], "content": content("no typo") }));
    t.ok("posts.confirm", json!({ "post": answer["post"] }));
    t.pass(Duration::from_secs(3600), Duration::from_secs(3600));
    assert_eq!(t.bluesky.live(), ["no typo"]);
}

#[test]
fn an_edit_of_what_may_be_live_is_kept_and_its_confirmation_is_refused() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.blind();
    t.bluesky.next(Mishap::AnswerLost);
    let answer = t.ask("posts.compose", json!({ "text": "sent", "to": ["bluesky"] }));
    t.work();
    t.pass(Duration::from_secs(120), Duration::from_secs(10));
    assert_eq!(t.states(), ["unknown"]);
    t.ok("posts.save", json!({ "post": answer["post"], "content": content("changed") }));
    assert_eq!(t.refused("posts.confirm", json!({ "post": answer["post"] })).code, Code::NotNow);
    let history = t.ask("posts.history", json!({ "post": answer["post"] }));
    assert_eq!(history["revisions"][0]["content"]["text"], "sent");
    assert_eq!(t.ask("posts.get", json!({ "post": answer["post"] }))["content"]["text"], "changed");
}

#[test]
fn every_revision_stays_and_can_be_gone_back_to() {
    let t = TestStudio::new();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    for text in ["two", "three"] {
        t.ok("posts.save", json!({ "post": post, "content": content(text) }));
    }
    let history = t.ask("posts.history", json!({ "post": post }));
    let texts: Vec<_> = history["revisions"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|r| r["content"]["text"].clone())
        .collect();
    assert_eq!(texts, ["three", "two", "one"]);
    let first = history["revisions"][2]["id"].clone();
    t.ok("posts.revert", json!({ "post": post, "revision": first }));
    assert_eq!(t.ask("posts.get", json!({ "post": post }))["content"]["text"], "one");
    let history = t.ask("posts.history", json!({ "post": post }));
    assert_eq!(history["revisions"].as_array().map(Vec::len), Some(4), "going back forgets nothing");
}

#[test]
fn saving_the_same_text_again_makes_no_revision() {
    let t = TestStudio::new();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    t.ok("posts.save", json!({ "post": post, "content": content("one") }));
    assert_eq!(
        t.ask("posts.history", json!({ "post": post }))["revisions"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn undo_takes_back_the_schedule_then_the_draft_and_never_what_is_live() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let answer =
        t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "schedule_post");
    assert_eq!(t.states(), ["cancelled"]);
    let error = t.refused("edit.undo", json!({}));
    assert_eq!(error.code, Code::NotNow, "a post with deliveries on record is not deleted");
    assert_eq!(t.ask("posts.get", json!({ "post": answer["post"] }))["content"]["text"], "one");

    let _ = t.post(json!({ "text": "live", "to": ["bluesky"] }));
    t.work();
    let error = t.refused("edit.undo", json!({}));
    assert_eq!(error.code, Code::NotNow);
    assert_eq!(t.bluesky.live(), ["live"]);
}

#[test]
fn undo_brings_words_settings_and_cancelled_deliveries_back() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ids = t.post(json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    t.ok("deliveries.cancel", json!({ "id": ids[0] }));
    t.ok("edit.undo", json!({}));
    let mut states = t.states();
    states.sort();
    assert_eq!(states, ["cancelled", "scheduled"]);
    t.ok("settings.set", json!({ "key": "zone", "value": "Europe/Paris" }));
    t.ok("edit.undo", json!({}));
    assert_eq!(t.ask("settings.get", json!({}))["settings"], json!({}));
    t.pass(Duration::from_secs(3600), Duration::from_secs(3600));
    assert_eq!(t.bluesky.live(), ["one"]);
}

#[test]
fn what_is_typed_about_an_asset_in_one_go_is_undone_in_one_go() {
    let t = TestStudio::new();
    let picture = t.png("boat.png", 40, 30);
    let done = t.ask("library.import", json!({ "files": [picture] }));
    let asset = done["imported"][0]["asset"].clone();
    let alt = || t.ask("library.list", json!({}))["assets"][0]["alt"].clone();
    t.ok("library.edit", json!({ "asset": asset, "alt": "A boat" }));
    t.clock.advance(Duration::from_secs(120));
    for words in ["A boat on", "A boat on the", "A boat on the river"] {
        t.ok("library.edit", json!({ "asset": asset, "alt": words }));
    }
    t.ok("edit.undo", json!({}));
    assert_eq!(alt(), "A boat");
    t.ok("edit.undo", json!({}));
    assert_eq!(alt(), "");
}

#[test]
fn moving_a_delivery_gives_it_its_new_time() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ids = t.post(json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    t.ok("deliveries.move", json!({ "id": ids[0], "at": "2026-12-01T11:00", "zone": "Europe/Paris" }));
    assert_eq!(t.delivery(&ids[0])["due"], "2026-12-01T10:00:00.000Z");
    t.pass(Duration::from_secs(5400), Duration::from_secs(5400));
    assert_eq!(t.states(), ["scheduled"]);
    t.pass(Duration::from_secs(1800), Duration::from_secs(1800));
    assert_eq!(t.states(), ["published"]);
}

#[test]
fn a_write_tells_what_changed_once() {
    let t = TestStudio::new();
    let _ = t.events();
    t.ok("posts.save", json!({ "content": content("one") }));
    let changed: Vec<_> =
        t.events().into_iter().filter(|e| matches!(e, griot_app::Event::Changed { .. })).collect();
    assert_eq!(changed, [griot_app::Event::Changed { tags: vec![griot_domain::Tag::Posts] }]);
}
