//! Taken back, or corrected, while something else had begun: it goes at its own time, once, and nothing is left standing.

use std::time::Duration;

use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// A post that is due at nine, on accounts of every network.
fn due_at_nine(request: &Value) -> (TestStudio, Value) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let mut whole = json!({ "text": "once", "to": ["bluesky"], "at": "2026-12-01T09:00" });
    if let (Some(whole), Some(more)) = (whole.as_object_mut(), request.as_object()) {
        whole.extend(more.clone());
    }
    let post = t.ask("posts.compose", whole)["post"].clone();
    (t, post)
}

fn now(post: &Value) -> Value {
    json!({ "post": post, "at": null, "confirmed": true })
}

#[test]
fn a_move_to_now_that_found_no_way_out_and_is_taken_back_goes_at_its_own_time() {
    let (t, post) = due_at_nine(&json!({}));
    t.bluesky.down(Some(Error::Offline("no route".into())));
    t.ok("posts.move", now(&post));
    t.work();
    assert_eq!(t.states(), ["waiting(network)"]);
    t.ok("edit.undo", json!({}));
    t.bluesky.down(None);
    t.work();
    assert_eq!((t.states(), t.bluesky.live().len()), (vec!["scheduled".to_owned()], 0), "not a day early");
    t.pass(HOUR * 24, MINUTE * 30);
    assert_eq!(t.bluesky.live(), ["once"], "and not never");
}

#[test]
fn a_move_to_now_under_a_pause_that_is_taken_back_does_not_leave_when_the_pause_ends() {
    let (t, post) = due_at_nine(&json!({}));
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": true }));
    t.ok("posts.move", now(&post));
    t.work();
    assert_eq!(t.states(), ["waiting(paused)"]);
    t.ok("edit.undo", json!({}));
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": false }));
    t.work();
    assert_eq!((t.states(), t.bluesky.live().len()), (vec!["scheduled".to_owned()], 0));
}

#[test]
fn a_pause_that_is_taken_back_lets_go_what_it_held() {
    let (t, _) = due_at_nine(&json!({ "late": "publish:1440" }));
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": true }));
    t.pass(HOUR * 24, HOUR);
    assert_eq!(t.states(), ["waiting(paused)"]);
    t.ok("edit.undo", json!({}));
    t.pass(HOUR, MINUTE);
    assert_eq!(t.bluesky.live(), ["once"]);
}

#[test]
fn a_correction_of_what_lies_in_a_persons_hands_is_laid_out_also_after_its_hour() {
    for late in ["drop", "hold"] {
        let t = TestStudio::new();
        t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
        let request = json!({ "text": "one", "to": ["whatsapp"], "at": "2026-12-01T09:00", "late": late });
        let post = t.ask("posts.compose", request)["post"].clone();
        t.pass(HOUR * 24, MINUTE);
        assert_eq!(t.states(), ["assisted"]);
        t.ok("posts.save", json!({ "post": post, "content": { "text": "two" }, "typing": true }));
        t.ok("posts.confirm", json!({ "post": post }));
        t.work();
        assert_eq!(t.states(), ["assisted"], "{late}");
    }
}

#[test]
fn the_folder_of_a_post_by_hand_holds_nothing_of_what_was_corrected_or_called_off() {
    let t = TestStudio::new();
    t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let post = t.ask("posts.compose", json!({ "text": "ten", "to": ["whatsapp"] }))["post"].clone();
    t.work();
    let id = t.ask("posts.get", json!({ "post": post }))["places"][0]["delivery"].clone();
    let text = t.home.path().join("workspace/by-hand").join(id.as_str().expect("an id")).join("texte.txt");
    let read = || std::fs::read_to_string(&text).ok();
    assert_eq!(read().as_deref(), Some("ten"));
    t.ok("posts.save", json!({ "post": post, "content": { "text": "twenty" }, "typing": true }));
    t.ok("posts.confirm", json!({ "post": post }));
    assert_eq!(read(), None, "nobody is to paste the old words");
    t.work();
    assert_eq!(read().as_deref(), Some("twenty"));
    t.ok("deliveries.cancel", json!({ "id": id }));
    assert_eq!(read(), None);
}
