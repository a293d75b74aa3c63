//! What follows a post (a first comment) follows it in everything: its time, its release, its end. It is never late by
//! itself, never asked about apart, never before its post, and never lost.

use std::time::Duration;

use griot_domain::Clock;
use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);

/// A post with a first comment on one account, due in so many minutes.
fn post_with_comment(t: &TestStudio, name: &str, minutes: u64) -> (String, String) {
    let ids = t.post(json!({
        "text": format!("{name} post"), "to": ["bluesky"], "at": in_minutes(t, minutes), "zone": "UTC",
        "variants": { "bluesky": { "fields": { "first_comment": format!("{name} comment") } } },
    }));
    (ids[0].clone(), ids[1].clone())
}

fn in_minutes(t: &TestStudio, minutes: u64) -> String {
    t.clock.now().plus(MINUTE * u32::try_from(minutes).expect("minutes")).to_string()[..16].to_owned()
}

fn state(t: &TestStudio, id: &str) -> String {
    let d = t.delivery(id);
    let (state, waits) = (d["state"].as_str().unwrap_or_default(), d["waiting_for"].as_str());
    waits.map_or_else(|| state.to_owned(), |waits| format!("{state}({waits})"))
}

#[test]
fn a_post_that_is_moved_takes_its_comment_along_in_both_directions() {
    let t = TestStudio::new();
    let _ = t.accounts();
    for (name, minutes) in [("later", 300), ("earlier", 5)] {
        let (post, comment) = post_with_comment(&t, name, 60);
        t.ok("deliveries.move", json!({ "id": post, "at": in_minutes(&t, minutes), "zone": "UTC" }));
        let (moved, with_it) = (t.delivery(&post), t.delivery(&comment));
        assert_eq!((&with_it["due"], &with_it["wall"]), (&moved["due"], &moved["wall"]), "{name}");
        t.pass(MINUTE * 301, MINUTE);
        assert_eq!(
            (state(&t, &post).as_str(), state(&t, &comment).as_str()),
            ("published", "published"),
            "{name}"
        );
    }
    assert_eq!(t.bluesky.live(), ["later post", "later comment", "earlier post", "earlier comment"]);
}

#[test]
fn a_comment_has_no_time_of_its_own_and_moving_it_says_what_to_move() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let (post, comment) = post_with_comment(&t, "a", 60);
    let refused =
        t.refused("deliveries.move", json!({ "id": comment, "at": in_minutes(&t, 90), "zone": "UTC" }));
    assert_eq!(refused.code, griot_app::Code::NotNow);
    assert_eq!(refused.hint, "Move the post: the comment follows it.");
    let actions = |id: &str| t.delivery(id)["actions"].clone();
    let can_move = |id: &str| actions(id).as_array().expect("a list").contains(&json!("move"));
    assert!(can_move(&post) && !can_move(&comment), "{} {}", actions(&post), actions(&comment));
}

#[test]
fn a_late_post_is_asked_about_once_and_its_comment_goes_with_the_answer() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let (post, comment) = post_with_comment(&t, "a", 5);
    t.clock.advance(MINUTE * 60);
    t.work();
    assert_eq!(state(&t, &post), "waiting(late)");
    assert_ne!(state(&t, &comment), "waiting(late)", "one question, not two");
    assert_eq!(t.ask("deliveries.list", json!({}))["counts"]["person"], 1);
    t.ok("deliveries.release", json!({ "id": post }));
    t.work();
    assert_eq!((state(&t, &post), state(&t, &comment)), ("published".into(), "published".into()));
}

#[test]
fn a_comment_whose_post_went_on_time_is_not_late_because_the_call_was_slow() {
    for late in ["hold", "drop", "publish:15"] {
        let t = TestStudio::new();
        let _ = t.accounts();
        let ids = t.post(json!({
            "text": "post", "to": ["bluesky"], "at": in_minutes(&t, 5), "zone": "UTC", "late": late,
            "variants": { "bluesky": { "fields": { "first_comment": "comment" } } },
        }));
        // Nine minutes and fifty-seven seconds past its time it leaves; the answer takes six seconds.
        t.clock.advance(MINUTE * 15 - Duration::from_secs(3));
        let clock = std::sync::Arc::clone(&t.clock);
        t.look_at("outbox.answered", move || clock.advance(Duration::from_secs(6)));
        t.work();
        t.mend();
        // The seconds of the call used up the time of that run.
        t.work();
        assert_eq!(
            (state(&t, &ids[0]), state(&t, &ids[1])),
            ("published".into(), "published".into()),
            "{late}"
        );
        assert_eq!(t.bluesky.live(), ["post", "comment"]);
    }
}

#[test]
fn a_post_called_off_and_taken_back_has_its_comment_again() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let (post, comment) = post_with_comment(&t, "a", 60);
    t.ok("deliveries.cancel", json!({ "id": post }));
    assert_eq!((state(&t, &post), state(&t, &comment)), ("cancelled".into(), "cancelled".into()));
    t.work();
    t.ok("edit.undo", json!({}));
    t.pass(MINUTE * 61, MINUTE);
    assert_eq!(t.bluesky.live(), ["a post", "a comment"]);
    // Its comment first, then the post, and both taken back one after the other.
    let (post, comment) = post_with_comment(&t, "b", 60);
    for id in [&comment, &post] {
        t.ok("deliveries.cancel", json!({ "id": id }));
    }
    t.ok("edit.undo", json!({}));
    t.ok("edit.undo", json!({}));
    t.pass(MINUTE * 61, MINUTE);
    assert_eq!(t.bluesky.live()[2..], ["b post", "b comment"]);
}

#[test]
fn a_copy_asks_about_a_post_and_not_about_its_comment_apart() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let (post, comment) = post_with_comment(&t, "a", 5);
    griot_tests::folder::copy(&t.home.path().join("workspace"), &t.home.path().join("copy"));
    let c = t.at("copy", "app");
    c.clock.advance(MINUTE * 6);
    c.work();
    assert_eq!(state(&c, &post), "waiting(check_after_move)");
    assert_eq!(c.ask("deliveries.list", json!({}))["counts"]["person"], 1);
    c.ok("deliveries.release", json!({ "id": post }));
    c.work();
    c.work();
    assert_eq!((state(&c, &post), state(&c, &comment)), ("published".into(), "published".into()));
    assert_eq!(c.bluesky.live(), ["a post", "a comment"]);
}

#[test]
fn the_comment_of_the_first_of_many_due_at_once_leaves_right_after_it() {
    let t = TestStudio::new();
    let _ = t.accounts();
    for name in ["a", "b", "c"] {
        let _ = post_with_comment(&t, name, 5);
        t.clock.advance(Duration::from_millis(3));
    }
    t.clock.advance(MINUTE * 5);
    t.work();
    assert_eq!(t.bluesky.live(), ["a post", "a comment", "b post", "b comment", "c post", "c comment"]);
}

/// Sequences of what may happen to a post, each ended by a person who lets it go.
const SEQUENCES: u64 = 60;
/// Where the chance of a sequence comes from; its number is added.
const SEED: u64 = 0x51;

#[test]
fn whatever_happens_to_a_post_its_comment_is_never_lost_never_apart_and_never_before_it() {
    let t = TestStudio::new();
    let _ = t.accounts();
    for n in 0..SEQUENCES {
        let mut chance = fastrand::Rng::with_seed(SEED + n);
        let name = format!("n{n}");
        let _ = post_with_comment(&t, &name, chance.u64(1..40));
        let mut told = Vec::new();
        for _ in 0..chance.usize(4..14) {
            told.push(something(&t, &name, &mut chance));
            look(&t, &name, &told);
        }
        end(&t, &name);
        let live: Vec<String> =
            t.bluesky.live().into_iter().filter(|text| text.starts_with(&format!("{name} "))).collect();
        let both = [format!("{name} post"), format!("{name} comment")];
        let called_off = current(&t, &name, 0).is_none();
        match called_off {
            true => assert!(live.is_empty(), "{name}: {told:?}: {live:?}"),
            false => assert_eq!(live, both, "{name}: {told:?}"),
        }
    }
}

/// One thing that happens; gives its name.
fn something(t: &TestStudio, name: &str, chance: &mut fastrand::Rng) -> &'static str {
    let post = current(t, name, 0).map(|line| line["id"].as_str().unwrap_or_default().to_owned());
    let at_post = |command: &str, more: Value| {
        if let Some(id) = &post {
            let mut request = more;
            request["id"] = json!(id);
            // What does not apply is refused with a sentence, and changes nothing.
            let _ = t.call(command, request);
        }
    };
    match chance.u32(0..12) {
        0 => {
            at_post("deliveries.move", json!({ "at": in_minutes(t, chance.u64(1..5)), "zone": "UTC" }));
            "earlier"
        }
        1 => {
            at_post("deliveries.move", json!({ "at": in_minutes(t, chance.u64(40..90)), "zone": "UTC" }));
            "later"
        }
        2 => {
            at_post("deliveries.release", json!({}));
            "release"
        }
        3 => {
            at_post("deliveries.cancel", json!({}));
            "cancel"
        }
        4 => {
            // Only what was done to this post: the post itself stays.
            if post.is_none() {
                let _ = t.call("edit.undo", json!({}));
            }
            "undo"
        }
        5 => {
            t.clock.advance(MINUTE * chance.u32(11..50));
            "machine off"
        }
        6 => {
            t.clock.sleep(MINUTE * chance.u32(11..3000));
            "asleep"
        }
        7 => {
            t.bluesky.down(Some(Error::Offline("no route".into())));
            t.work();
            "offline"
        }
        8 => {
            t.bluesky.down(None);
            t.work();
            "online"
        }
        9 => {
            let clock = std::sync::Arc::clone(&t.clock);
            let slow = Duration::from_secs(chance.u64(1..700));
            t.look_at("outbox.answered", move || clock.advance(slow));
            t.work();
            t.mend();
            "slow call"
        }
        10 => {
            t.ok("settings.set", json!({ "key": "outbox.paused", "value": chance.bool() }));
            t.work();
            "pause"
        }
        _ => {
            t.pass(MINUTE * chance.u32(1..20), MINUTE);
            "time"
        }
    }
}

/// The line of the post's delivery, or of its comment's, that was not called off.
fn current(t: &TestStudio, name: &str, part: u64) -> Option<Value> {
    let queue = t.ask("deliveries.list", json!({}));
    let lines = queue["deliveries"].as_array().expect("a list").clone();
    let title = format!("{name} {}", if part == 0 { "post" } else { "comment" });
    lines.into_iter().find(|line| line["title"] == json!(title) && line["state"] != "cancelled")
}

/// What holds at every moment.
fn look(t: &TestStudio, name: &str, told: &[&str]) {
    let (post, comment) = (current(t, name, 0), current(t, name, 1));
    assert_eq!(post.is_some(), comment.is_some(), "{name}: {told:?}: lost, or left behind");
    let (Some(post), Some(comment)) = (post, comment) else { return };
    assert_ne!(comment["group"], "person", "{name}: {told:?}: asked about apart: {comment}");
    if comment["state"] != "published" {
        assert_eq!((&post["due"], &post["wall"]), (&comment["due"], &comment["wall"]), "{name}: {told:?}");
    } else {
        assert_eq!(post["state"], "published", "{name}: {told:?}: before its post");
    }
}

/// The line is back, nothing is paused, and a person lets go what is late.
fn end(t: &TestStudio, name: &str) {
    t.bluesky.down(None);
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": false }));
    for _ in 0..3 {
        t.pass(MINUTE * 100, MINUTE * 10);
        if let Some(post) = current(t, name, 0) {
            let _ = t.call("deliveries.release", json!({ "id": post["id"] }));
        }
        t.work();
    }
    t.pass(MINUTE * 5, MINUTE);
}
