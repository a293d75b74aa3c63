//! What is scheduled changes only when a person confirms it, and goes out once for each account.

use std::time::Duration;

use griot_app::Code;
use griot_tests::fake::Mishap;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_secs(3600);

fn content(text: &str) -> Value {
    json!({ "text": text, "media": [], "variants": {} })
}

/// A post that is scheduled on Bluesky in an hour and says "one".
fn scheduled(t: &TestStudio) -> Value {
    let _ = t.accounts();
    t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }))["post"]
        .clone()
}

fn save(t: &TestStudio, post: &Value, text: &str, typing: bool) -> Value {
    t.ask("posts.save", json!({ "post": post, "content": content(text), "typing": typing }))
}

fn get(t: &TestStudio, post: &Value) -> Value {
    t.ask("posts.get", json!({ "post": post }))
}

fn history(t: &TestStudio, post: &Value) -> Vec<String> {
    let revisions = t.ask("posts.history", json!({ "post": post }))["revisions"].clone();
    let texts = revisions.as_array().expect("a list").iter().map(|r| r["content"]["text"].as_str());
    texts.map(|text| text.expect("a text").to_owned()).collect()
}

#[test]
fn a_correction_that_nobody_confirmed_never_goes_out_and_says_so_afterwards() {
    for typing in [true, false] {
        let t = TestStudio::new();
        let post = scheduled(&t);
        let saved = save(&t, &post, "one and a ha", typing);
        assert_eq!(saved["content"]["text"], "one and a ha");
        assert_eq!(saved["correction"]["confirmable"], json!(true), "{saved}");
        assert_eq!(saved["correction"]["gone"], json!([]));
        let note = saved["correction"]["note"].as_str().expect("a sentence");
        assert!(note.contains("the earlier text is what goes out"), "{note}");
        assert_eq!(history(&t, &post), ["one"], "it is in no revision");
        t.pass(HOUR, HOUR);
        assert_eq!(t.bluesky.live(), ["one"]);
        let after = get(&t, &post);
        assert_eq!(after["content"]["text"], "one and a ha", "the correction stays");
        assert_eq!(after["correction"]["confirmable"], json!(false));
        assert_eq!(after["correction"]["gone"], json!([after["places"][0]["delivery"]]));
        let note = after["correction"]["note"].as_str().expect("a sentence");
        assert!(note.starts_with("Live with the earlier text: Bluesky"), "{note}");
        let error = t.refused("posts.confirm", json!({ "post": post }));
        assert_eq!(error.code, Code::NotNow);
        assert!(error.message.contains("live") && error.message.contains("stays kept"), "{error}");
        assert_eq!(get(&t, &post)["content"]["text"], "one and a ha");
    }
}

#[test]
fn a_correction_that_is_confirmed_is_what_goes_out_and_undo_takes_it_back() {
    let t = TestStudio::new();
    let post = scheduled(&t);
    let saved = save(&t, &post, "two", true);
    let stale = json!({ "post": post, "stamp": "an older one" });
    assert_eq!(t.refused("posts.confirm", stale).code, Code::Conflict, "what is confirmed is what was seen");
    let confirmed = t.ask("posts.confirm", json!({ "post": post, "stamp": saved["stamp"] }));
    assert_eq!((&confirmed["correction"], &confirmed["typing"]), (&Value::Null, &json!(false)));
    assert_eq!(history(&t, &post), ["two", "one"]);
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "confirm_post");
    let back = get(&t, &post);
    assert_eq!(back["content"]["text"], "two", "what was confirmed is a correction again");
    assert!(back["correction"].is_object(), "{back}");
    t.ok("posts.confirm", json!({ "post": post }));
    t.pass(HOUR, HOUR);
    assert_eq!(t.bluesky.live(), ["two"]);
    assert_eq!(t.refused("edit.undo", json!({})).code, Code::NotNow, "what is live is not taken back");
    assert_eq!(get(&t, &post)["content"]["text"], "two");
}

#[test]
fn a_correction_that_is_abandoned_changes_nothing_and_comes_back_with_undo() {
    let t = TestStudio::new();
    let post = scheduled(&t);
    let error = t.refused("posts.abandon", json!({ "post": post }));
    assert_eq!(error.code, Code::NotNow);
    let saved = save(&t, &post, "two", false);
    let dropped = t.ask("posts.abandon", json!({ "post": post, "stamp": saved["stamp"] }));
    assert_eq!((&dropped["content"]["text"], &dropped["correction"]), (&json!("one"), &Value::Null));
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "abandon_post");
    assert_eq!(get(&t, &post)["content"]["text"], "two");
    assert!(get(&t, &post)["correction"].is_object());
    t.pass(HOUR, HOUR);
    assert_eq!(t.bluesky.live(), ["one"]);
}

#[test]
fn a_correction_that_a_network_would_refuse_is_not_confirmed_and_not_lost() {
    let t = TestStudio::new();
    let post = scheduled(&t);
    let long = "a".repeat(400);
    save(&t, &post, &long, true);
    let error = t.refused("posts.confirm", json!({ "post": post }));
    assert_eq!(error.code, Code::Refused);
    assert!(error.message.contains("what is scheduled has not changed"), "{error}");
    assert!(error.detail["problems"].is_array(), "{error:?}");
    assert_eq!(get(&t, &post)["content"]["text"], long);
    t.pass(HOUR, HOUR);
    assert_eq!(t.bluesky.live(), ["one"]);
}

#[test]
fn going_back_undoing_restarting_and_retrying_confirm_nothing() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let post = t.ask("posts.save", json!({ "content": content("zero") }))["post"]["id"].clone();
    save(&t, &post, "one", false);
    t.ok("posts.schedule", json!({ "post": post, "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    save(&t, &post, "half a wo", true);
    let first = t.ask("posts.history", json!({ "post": post }))["revisions"][1]["id"].clone();
    let back = t.ask("posts.revert", json!({ "post": post, "revision": first }));
    assert_eq!(back["content"]["text"], "zero");
    assert!(back["correction"].is_object(), "going back is a correction like any other: {back}");
    assert!(history(&t, &post).contains(&"half a wo".to_owned()), "nothing that was written disappears");
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "revert_post");
    assert_eq!(get(&t, &post)["content"]["text"], "half a wo");
    let t = t.restarted();
    t.bluesky.next(Mishap::Refuse(griot_networks::Error::Permission("not yours (403)".into())));
    t.pass(HOUR, HOUR);
    assert_eq!(t.states(), ["failed"]);
    let id = get(&t, &post)["places"][0]["delivery"].clone();
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!(t.bluesky.live(), ["one"]);
    assert_eq!(get(&t, &post)["content"]["text"], "half a wo");
}

#[test]
fn taking_the_schedule_back_leaves_a_draft_with_the_words_of_the_correction() {
    let t = TestStudio::new();
    let post = scheduled(&t);
    save(&t, &post, "two", false);
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "schedule_post");
    let draft = get(&t, &post);
    assert_eq!((&draft["content"]["text"], &draft["correction"]), (&json!("two"), &Value::Null));
    t.pass(HOUR, HOUR);
    assert_eq!(t.bluesky.live(), [""; 0]);
    t.ok("posts.schedule", json!({ "post": post, "to": ["bluesky"] }));
    t.work();
    assert_eq!(t.bluesky.live(), ["two"]);
}

#[test]
fn what_may_be_live_refuses_a_confirmation_and_keeps_the_correction() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.blind();
    t.bluesky.next(Mishap::AnswerLost);
    let post = t.ask("posts.compose", json!({ "text": "sent", "to": ["bluesky"] }))["post"].clone();
    t.work();
    let saved = save(&t, &post, "changed", false);
    assert_eq!(saved["correction"]["confirmable"], json!(false));
    let note = saved["correction"]["note"].as_str().expect("a sentence");
    assert!(note.starts_with("Live, or perhaps live, with the earlier text"), "{note}");
    assert_eq!(t.refused("posts.confirm", json!({ "post": post })).code, Code::NotNow);
    assert_eq!(get(&t, &post)["content"]["text"], "changed");
    assert_eq!(history(&t, &post), ["sent"]);
}

#[test]
fn a_correction_of_a_post_that_is_live_says_that_it_is_live_and_loses_nothing() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let post = t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"] }))["post"].clone();
    t.work();
    let saved = save(&t, &post, "two", false);
    let note = saved["correction"]["note"].as_str().expect("a sentence");
    assert!(
        note.starts_with("Live with the earlier text") && note.contains("make a new post of it"),
        "{note}"
    );
    assert_eq!(saved["content"]["text"], "two");
    assert_eq!(t.bluesky.live(), ["one"]);
    let places = saved["places"].clone();
    assert_eq!((&places[0]["state"], &places[0]["follows"]), (&json!("published"), &json!(false)));
    assert_eq!(places[0]["url"], "https://fake.example/0");
}

#[test]
fn what_is_in_a_persons_hands_is_laid_out_anew_once_a_correction_is_confirmed() {
    let t = TestStudio::new();
    t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let post = t.ask("posts.compose", json!({ "text": "one", "to": ["whatsapp"] }))["post"].clone();
    t.work();
    assert_eq!(t.states(), ["assisted"]);
    let id = get(&t, &post)["places"][0]["delivery"].as_str().expect("an id").to_owned();
    let text = |t: &TestStudio| t.delivery(&id)["by_hand"]["text"].clone();
    let before = text(&t);
    save(&t, &post, "two", true);
    t.work();
    assert_eq!(text(&t), before, "nothing is laid out anew before");
    t.ok("posts.confirm", json!({ "post": post }));
    t.work();
    assert_eq!(t.states(), ["assisted"]);
    assert_ne!(text(&t), before);
}

#[test]
fn a_confirmed_correction_brings_or_drops_the_first_comment_with_it() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let request = json!({ "text": "one", "to": ["mastodon"], "at": "2026-12-01T09:00" });
    let post = t.ask("posts.compose", request)["post"].clone();
    let with =
        json!({ "text": "one", "variants": { "mastodon": { "fields": { "first_comment": "more" } } } });
    t.ok("posts.save", json!({ "post": post, "content": with }));
    assert_eq!(t.states(), ["scheduled"]);
    t.ok("posts.confirm", json!({ "post": post }));
    assert_eq!(t.states(), ["scheduled", "scheduled"]);
    t.ok("edit.undo", json!({}));
    assert_eq!(t.states(), ["scheduled", "cancelled"]);
    t.ok("posts.confirm", json!({ "post": post }));
    t.pass(HOUR, HOUR);
    t.work();
    assert_eq!(t.mastodon.live(), ["one", "more"]);

    let request = json!({ "text": "two", "to": ["bluesky"], "at": "2026-12-01T11:00",
        "variants": { "bluesky": { "fields": { "first_comment": "more" } } } });
    let post = t.ask("posts.compose", request)["post"].clone();
    save(&t, &post, "three", false);
    t.ok("posts.confirm", json!({ "post": post }));
    t.pass(2 * HOUR, HOUR);
    t.work();
    assert_eq!(t.bluesky.live(), ["three"]);
}

#[test]
fn a_post_says_where_it_stands_for_each_account() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    let request = json!({ "text": "one", "to": ["bluesky", "mastodon"], "at": "2026-12-01T09:00" });
    let post = t.ask("posts.compose", request)["post"].clone();
    let places = get(&t, &post)["places"].clone();
    assert_eq!(places.as_array().map(Vec::len), Some(2));
    assert_eq!((&places[0]["state"], &places[0]["follows"]), (&json!("scheduled"), &json!(true)));
    assert_eq!(places[0]["wall"]["local"], "2026-12-01T09:00");
    t.ok("deliveries.cancel", json!({ "id": places[1]["delivery"] }));
    t.pass(HOUR, HOUR);
    let places = get(&t, &post)["places"].clone();
    assert_eq!(places.as_array().map(Vec::len), Some(1), "what was called off is left out: {places}");
    assert_eq!((&places[0]["state"], &places[0]["account"]), (&json!("published"), &json!(bluesky)));
    assert!(places[0]["url"].is_string());
    assert_ne!(bluesky, mastodon);
}

#[test]
fn scheduling_again_what_is_scheduled_or_live_is_refused_until_it_is_asked_for() {
    let t = TestStudio::new();
    let post = scheduled(&t);
    for request in [
        json!({ "post": post, "to": ["bluesky"] }),
        json!({ "post": post, "to": ["bluesky"], "at": "2026-12-01T11:00" }),
        json!({ "post": post, "to": ["mastodon", "bluesky"], "at": "2026-12-01T09:00" }),
    ] {
        let error = t.refused("posts.schedule", request);
        assert_eq!(error.code, Code::AlreadyScheduled);
        assert_eq!(error.detail["places"][0]["state"], "scheduled");
        assert_eq!(error.detail["places"].as_array().map(Vec::len), Some(1), "{error:?}");
        assert!(error.message.contains("Bluesky"), "{error}");
    }
    assert_eq!(t.states(), ["scheduled"]);
    // Another account is no second delivery.
    t.ok("posts.schedule", json!({ "post": post, "to": ["mastodon"], "at": "2026-12-01T09:00" }));
    t.pass(HOUR, HOUR);
    let error = t.refused("posts.schedule", json!({ "post": post, "to": ["bluesky"] }));
    assert_eq!(
        (error.code, &error.detail["places"][0]["state"]),
        (Code::AlreadyScheduled, &json!("published"))
    );
    assert_eq!(error.detail["places"][0]["url"], "https://fake.example/0");
    t.ok("posts.schedule", json!({ "post": post, "to": ["bluesky"], "again": true }));
    t.work();
    assert_eq!(t.bluesky.live(), ["one", "one"], "{}", t.ask("deliveries.list", json!({})));
}

#[test]
fn an_account_that_was_removed_and_connected_again_is_the_same_place() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    let post = t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"] }))["post"].clone();
    t.work();
    t.ok("accounts.remove", json!({ "id": bluesky }));
    let fields = json!({ "handle": "me", "token": "t", "password": "right" });
    t.ok("accounts.add", json!({ "network": "bluesky", "fields": fields }));
    let error = t.refused("posts.schedule", json!({ "post": post, "to": ["bluesky"] }));
    assert_eq!(error.code, Code::AlreadyScheduled);
}

#[test]
fn nothing_new_is_scheduled_while_a_correction_is_not_settled() {
    let t = TestStudio::new();
    let post = scheduled(&t);
    save(&t, &post, "two", true);
    let request = json!({ "post": post, "to": ["mastodon"], "at": "2026-12-01T09:00" });
    let error = t.refused("posts.schedule", request.clone());
    assert_eq!(error.code, Code::CorrectionOpen);
    assert!(error.hint.contains("abandon"), "{error:?}");
    t.ok("posts.confirm", json!({ "post": post }));
    t.ok("posts.schedule", request);
    t.pass(HOUR, HOUR);
    assert_eq!((t.bluesky.live(), t.mastodon.live()), (vec!["two".to_owned()], vec!["two".to_owned()]));
}

#[test]
fn a_post_is_moved_as_a_whole_in_one_step_that_undo_takes_back() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let request = json!({ "text": "one", "to": ["bluesky", "mastodon"], "at": "2026-12-01T09:00", "zone": "Europe/Paris" });
    let post = t.ask("posts.compose", request)["post"].clone();
    let dues = |t: &TestStudio| -> Vec<Value> {
        get(t, &post)["places"].as_array().expect("a list").iter().map(|p| p["due"].clone()).collect()
    };
    let before = dues(&t);
    let moved = t.ask("posts.move", json!({ "post": post, "at": "2026-12-02T10:00" }));
    assert_eq!(moved["moved"].as_array().map(Vec::len), Some(2), "{moved}");
    let tenth = json!("2026-12-02T09:00:00.000Z");
    assert_eq!(dues(&t), [tenth.clone(), tenth.clone()], "in the zone in which it was scheduled");
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "move_post");
    assert_eq!(dues(&t), before);
    t.ok("posts.move", json!({ "post": post, "at": "2026-12-02T10:00", "accounts": ["mastodon"] }));
    assert!(dues(&t).contains(&before[0]) && dues(&t).contains(&tenth));
    let now = t.ask("posts.move", json!({ "post": post, "accounts": ["bluesky"] }));
    assert_eq!(now["moved"].as_array().map(Vec::len), Some(1));
    t.work();
    assert_eq!(
        (t.bluesky.live().len(), t.mastodon.live().len()),
        (1, 0),
        "now is now, and nothing stays at the old time"
    );
    let rest = t.ask("posts.move", json!({ "post": post }));
    assert_eq!(
        (rest["moved"].as_array().map(Vec::len), rest["left"].as_array().map(Vec::len)),
        (Some(1), Some(1))
    );
    t.work();
    t.pass(48 * HOUR, HOUR);
    assert_eq!((t.bluesky.live().len(), t.mastodon.live().len()), (1, 1));
    assert_eq!(t.refused("posts.move", json!({ "post": post })).code, Code::NotNow);
}

#[test]
fn the_same_post_written_twice_goes_out_once_unless_it_is_asked_for_again() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let request = json!({ "text": "Bonjour", "to": ["bluesky"] });
    t.ok("posts.compose", request.clone());
    // Blanks at the ends are seen by nobody.
    for text in ["Bonjour", "Bonjour ", "\u{a0}Bonjour\n"] {
        let error = t.refused("posts.compose", json!({ "text": text, "to": ["bluesky"] }));
        assert_eq!(error.code, Code::AlreadyScheduled);
        assert!(error.hint.contains("--again"), "{error:?}");
        t.work();
    }
    assert_eq!(t.bluesky.live(), ["Bonjour"]);
    assert_eq!(
        t.ask("posts.list", json!({}))["posts"].as_array().map(Vec::len),
        Some(1),
        "no draft is left behind"
    );
    // Another account, another hour, another day, or a person's word: each is another post.
    t.ok("posts.compose", json!({ "text": "Bonjour", "to": ["mastodon"] }));
    t.ok("posts.compose", json!({ "text": "Bonjour", "to": ["bluesky"], "at": "2026-12-01T18:00" }));
    t.ok("posts.compose", json!({ "text": "Bonjour", "to": ["bluesky"], "again": true }));
    t.clock.advance(25 * HOUR);
    t.ok("posts.compose", request);
}
