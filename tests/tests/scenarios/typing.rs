//! Words on their way: saved at each pause of the keyboard, settled into revisions, never overwritten by somebody else
//! and never lost.

use std::time::{Duration, Instant};

use griot_app::Code;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

fn content(text: &str) -> Value {
    json!({ "text": text, "media": [], "variants": {} })
}

fn typed(t: &TestStudio, post: &Value, text: &str) -> Value {
    t.ask("posts.save", json!({ "post": post, "content": content(text), "typing": true }))
}

fn settled(t: &TestStudio, post: &Value, text: &str) -> Value {
    t.ask("posts.save", json!({ "post": post, "content": content(text) }))
}

fn text_of(t: &TestStudio, post: &Value) -> String {
    t.ask("posts.get", json!({ "post": post }))["content"]["text"].as_str().expect("a text").to_owned()
}

fn history(t: &TestStudio, post: &Value) -> Vec<String> {
    let revisions = t.ask("posts.history", json!({ "post": post }))["revisions"].clone();
    let texts = revisions.as_array().expect("a list").iter().map(|r| r["content"]["text"].as_str());
    texts.map(|text| text.expect("a text").to_owned()).collect()
}

#[test]
fn typing_is_kept_at_once_and_is_one_revision_when_it_settles() {
    let t = TestStudio::new();
    let first = t.ask("posts.save", json!({ "content": content(""), "typing": true }));
    let post = first["post"]["id"].clone();
    assert_eq!((&first["typing"], &first["deliveries"]), (&json!(false), &json!(0)), "{first}");
    let mut stamps = vec![first["stamp"].clone()];
    for text in ["B", "Bo", "Bonjour"] {
        let saved = typed(&t, &post, text);
        assert_eq!((&saved["content"]["text"], &saved["typing"]), (&json!(text), &json!(true)));
        assert!(!stamps.contains(&saved["stamp"]), "each saving has a stamp of its own");
        stamps.push(saved["stamp"].clone());
    }
    assert_eq!(text_of(&t, &post), "Bonjour");
    assert_eq!(t.ask("posts.list", json!({}))["posts"][0]["content"]["text"], "Bonjour");
    assert_eq!(history(&t, &post), [""], "nothing of it is a revision yet");

    let saved = settled(&t, &post, "Bonjour Bamako");
    assert_eq!(saved["typing"], json!(false));
    assert!(!stamps.contains(&saved["stamp"]));
    assert_eq!(history(&t, &post), ["Bonjour Bamako", ""]);
    t.ok("edit.undo", json!({}));
    assert_eq!(text_of(&t, &post), "", "the whole writing is one step back");
}

#[test]
fn the_first_letters_of_a_new_post_are_kept_like_all_others() {
    let t = TestStudio::new();
    let saved = t.ask("posts.save", json!({ "content": content("I ni"), "typing": true }));
    assert_eq!((&saved["content"]["text"], &saved["typing"]), (&json!("I ni"), &json!(true)));
    let again = t.at("workspace", "app");
    assert_eq!(text_of(&again, &saved["post"]["id"]), "I ni", "another window reads them");
}

#[test]
fn what_another_window_wrote_is_never_overwritten() {
    let t = TestStudio::new();
    let opened = t.ask("posts.save", json!({ "content": content("one") }));
    let post = opened["post"]["id"].clone();
    let theirs = typed(&t, &post, "theirs");
    for typing in [true, false] {
        let error = t.refused(
            "posts.save",
            json!({ "post": post, "content": content("mine"), "typing": typing, "stamp": opened["stamp"] }),
        );
        assert_eq!(error.code, Code::Conflict);
        assert_eq!(
            (&error.detail["content"]["text"], &error.detail["stamp"]),
            (&json!("theirs"), &theirs["stamp"])
        );
        assert!(!error.hint.is_empty());
    }
    assert_eq!(text_of(&t, &post), "theirs");
    t.ok("posts.save", json!({ "post": post, "content": content("mine"), "stamp": theirs["stamp"] }));
    assert_eq!(history(&t, &post), ["mine", "one"]);
}

#[test]
fn typing_back_to_what_was_there_is_no_change() {
    let t = TestStudio::new();
    let opened = t.ask("posts.save", json!({ "content": content("one") }));
    let post = opened["post"]["id"].clone();
    typed(&t, &post, "one and");
    let back = typed(&t, &post, "one");
    assert_eq!((&back["typing"], &back["stamp"]), (&json!(false), &opened["stamp"]));
    assert_eq!(history(&t, &post), ["one"]);
}

#[test]
fn neither_typing_nor_settling_reaches_a_delivery_and_confirming_does() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let answer =
        t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    let post = answer["post"].clone();
    assert_eq!(typed(&t, &post, "one and a half")["deliveries"], json!(1));
    t.pass(Duration::from_secs(3600), Duration::from_secs(3600));
    assert_eq!(t.bluesky.live(), ["one"]);

    let answer =
        t.ask("posts.compose", json!({ "text": "two", "to": ["bluesky"], "at": "2026-12-01T10:00" }));
    typed(&t, &answer["post"], "two and a half");
    settled(&t, &answer["post"], "three");
    t.ok("posts.confirm", json!({ "post": answer["post"] }));
    t.pass(Duration::from_secs(3600), Duration::from_secs(3600));
    assert_eq!(t.bluesky.live(), ["one", "three"]);
}

#[test]
fn scheduling_settles_words_on_their_way_first() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    typed(&t, &post, "two");
    t.ok("posts.schedule", json!({ "post": post, "to": ["bluesky"] }));
    assert_eq!(history(&t, &post), ["two", "one"]);
    assert_eq!(t.ask("posts.get", json!({ "post": post }))["typing"], json!(false));
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "schedule_post");
    assert_eq!(text_of(&t, &post), "two", "only the schedule was taken back");
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "edit_post");
    assert_eq!(text_of(&t, &post), "one");
}

#[test]
fn a_schedule_that_the_rules_refuse_leaves_the_words_on_their_way() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    let long = "a".repeat(400);
    typed(&t, &post, &long);
    let error = t.refused("posts.schedule", json!({ "post": post, "to": ["bluesky"] }));
    assert_eq!(error.code, Code::Refused);
    assert_eq!(text_of(&t, &post), long);
    assert_eq!(history(&t, &post), ["one"]);
}

#[test]
fn going_back_keeps_words_on_their_way_in_the_history() {
    let t = TestStudio::new();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    settled(&t, &post, "two");
    typed(&t, &post, "two and a half");
    let first = t.ask("posts.history", json!({ "post": post }))["revisions"][1]["id"].clone();
    let back = t.ask("posts.revert", json!({ "post": post, "revision": first }));
    assert_eq!((&back["content"]["text"], &back["typing"]), (&json!("one"), &json!(false)));
    assert_eq!(history(&t, &post), ["one", "two and a half", "two", "one"]);
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "revert_post");
    assert_eq!(text_of(&t, &post), "two and a half");
}

#[test]
fn undo_takes_words_on_their_way_back_first_and_keeps_them_in_the_history() {
    let t = TestStudio::new();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    settled(&t, &post, "two");
    typed(&t, &post, "three");
    t.ok("edit.undo", json!({}));
    assert_eq!(text_of(&t, &post), "two");
    t.ok("edit.undo", json!({}));
    assert_eq!(text_of(&t, &post), "one");
    assert_eq!(history(&t, &post), ["three", "two", "one"]);

    typed(&t, &post, "four");
    t.ok("edit.undo", json!({}));
    assert_eq!(text_of(&t, &post), "one", "the post is not deleted while words are on their way");
    t.ok("edit.undo", json!({}));
    assert_eq!(t.refused("posts.get", json!({ "post": post })).code, Code::NotFound);
}

#[test]
fn an_undone_confirmation_is_not_what_goes_out() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let answer =
        t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    settled(&t, &answer["post"], "two");
    t.ok("posts.confirm", json!({ "post": answer["post"] }));
    t.ok("edit.undo", json!({}));
    t.pass(Duration::from_secs(3600), Duration::from_secs(3600));
    assert_eq!(t.bluesky.live(), ["one"]);
}

#[test]
fn a_draft_is_removed_and_brought_back_with_all_it_had() {
    let t = TestStudio::new();
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    settled(&t, &post, "two");
    typed(&t, &post, "three");
    t.ok("posts.remove", json!({ "post": post }));
    assert_eq!(t.ask("posts.list", json!({}))["posts"], json!([]));
    assert_eq!(t.ask("edit.undo", json!({}))["op"], "remove_post");
    assert_eq!(text_of(&t, &post), "three");
    assert_eq!(history(&t, &post), ["two", "one"]);
    let error = t.refused("posts.remove", json!({ "post": "01890000-0000-7000-8000-000000000000" }));
    assert_eq!(error.code, Code::NotFound);
}

#[test]
fn a_post_that_was_ever_scheduled_stays_as_evidence() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let answer =
        t.ask("posts.compose", json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    t.ok("deliveries.cancel", json!({ "id": answer["deliveries"][0]["id"] }));
    let error = t.refused("posts.remove", json!({ "post": answer["post"] }));
    assert_eq!(error.code, Code::NotNow);
    assert!(error.message.contains("stays"), "{}", error.message);
    assert_eq!(t.ask("posts.get", json!({ "post": answer["post"] }))["deliveries"], json!(0));
}

#[test]
fn sixty_thousand_letters_are_kept_and_five_million_are_refused_without_loss() {
    let t = TestStudio::new();
    let long = "Bonjour Bamako. ".repeat(3750);
    let post = t.ask("posts.save", json!({ "content": content("one") }))["post"]["id"].clone();
    typed(&t, &post, &long);
    assert_eq!(text_of(&t, &post).len(), 60_000);
    for typing in [true, false] {
        let endless = content(&"a".repeat(5_000_000));
        let error = t.refused("posts.save", json!({ "post": post, "content": endless, "typing": typing }));
        assert_eq!(error.code, Code::BadRequest);
        assert_eq!(text_of(&t, &post), long);
    }
    settled(&t, &post, &long);
    assert_eq!(history(&t, &post)[0], long);
}

#[test]
fn a_saving_at_the_keyboard_is_quick() {
    let t = TestStudio::new();
    let long = "Bonjour Bamako. ".repeat(3750);
    let post = t.ask("posts.save", json!({ "content": content("") }))["post"]["id"].clone();
    let mut quickest = Duration::MAX;
    for n in 0..20 {
        let words = format!("{n} {long}");
        let began = Instant::now();
        typed(&t, &post, &words);
        quickest = quickest.min(began.elapsed());
    }
    // Generous, for machines with slow disks: what is looked for is work that grows with every saving.
    assert!(quickest < Duration::from_millis(100), "the quickest of twenty savings took {quickest:?}");
    eprintln!("the quickest saving of 60,000 letters: {quickest:?}");
}
