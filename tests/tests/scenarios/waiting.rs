//! Waiting: without a way out, for a person, for the network. The queue says what for.

use std::time::Duration;

use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::json;

const DAY: Duration = Duration::from_secs(24 * 3600);

#[test]
fn offline_for_a_day_then_everything_due_goes_by_its_policy_and_no_try_was_spent() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.down(Some(Error::Offline("no route".into())));
    let at = |text: &str, late: &str| {
        t.post(json!({ "text": text, "to": ["bluesky"], "at": "2026-12-01T09:00", "late": late })).remove(0)
    };
    let hold = at("hold", "hold");
    let drop = at("drop", "drop");
    let soon = at("within two days", "publish:2880");
    let hour = at("within an hour", "publish:60");
    let anytime = t.post(json!({ "text": "any time", "to": ["bluesky"] })).remove(0);
    t.pass(DAY, Duration::from_secs(300));
    let state = |id: &str| {
        let d = t.delivery(id);
        (d["state"].as_str().map(str::to_owned), d["waiting_for"].as_str().map(str::to_owned))
    };
    assert_eq!(state(&anytime).1.as_deref(), Some("network"), "the queue says why it waits");
    let journal = t.ask("journal.export", json!({ "file": t.home.path().join("day.journal") }));
    let entries = journal["entries"].as_u64().expect("a number");
    assert!(entries < 40, "a day without a network is not news every minute: {entries} events");
    t.bluesky.down(None);
    t.pass(Duration::from_secs(600), Duration::from_secs(10));
    assert_eq!(state(&hold).1.as_deref(), Some("late"));
    assert_eq!(state(&hour).1.as_deref(), Some("late"));
    assert_eq!(state(&drop).0.as_deref(), Some("cancelled"));
    assert_eq!(state(&soon).0.as_deref(), Some("published"));
    assert_eq!(state(&anytime).0.as_deref(), Some("published"));
    for id in [&soon, &anytime] {
        let attempts = t.delivery(id)["attempts"].as_array().map(Vec::len);
        assert_eq!(attempts, Some(1), "being offline spends no try");
    }
    t.ok("deliveries.release", json!({ "id": hold }));
    t.ok("deliveries.release", json!({ "id": hour }));
    t.work();
    let live = t.bluesky.live();
    assert!(live.len() <= 3, "what is released is not a burst: {live:?}");
    t.pass(Duration::from_secs(120), Duration::from_secs(10));
    let mut live = t.bluesky.live();
    live.sort();
    assert_eq!(live, ["any time", "hold", "within an hour", "within two days"]);
}

#[test]
fn a_portal_is_named_and_waited_for() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.down(Some(Error::Portal("<html>".into())));
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    t.work();
    assert_eq!(t.states(), ["waiting(portal)"]);
    t.bluesky.down(None);
    t.pass(Duration::from_secs(60), Duration::from_secs(10));
    assert_eq!(t.states(), ["published"]);
}

#[test]
fn a_refused_identity_stops_its_account_and_connecting_again_lets_everything_go() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.next_stage(Error::Auth("expired".into()));
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    let _ = t.post(json!({ "text": "two", "to": ["bluesky"] }));
    let _ = t.post(json!({ "text": "other", "to": ["mastodon"] }));
    t.work();
    t.clock.advance(Duration::from_secs(1));
    t.work();
    let mut states = t.states();
    states.sort();
    assert_eq!(
        states,
        ["published", "waiting(account)", "waiting(account)"],
        "the other account is not touched"
    );
    let _ = t.accounts();
    t.work();
    t.clock.advance(Duration::from_secs(1));
    t.work();
    assert_eq!(t.states(), ["published", "published", "published"]);
    assert_eq!(t.bluesky.live(), ["one", "two"]);
}

#[test]
fn a_passing_failure_is_tried_again_later_and_uploads_are_not_repeated() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let photo = t.png("a.png", 40, 30);
    t.bluesky.next(griot_tests::fake::Mishap::Refuse(Error::Expired("nothing".into())));
    t.bluesky.next_stage(Error::Transient("503".into()));
    let id = t
        .post(json!({ "text": "one", "media": [{ "file": photo, "alt": "a" }], "to": ["bluesky"] }))
        .remove(0);
    t.work();
    assert_eq!(t.states(), ["waiting(backoff)"]);
    t.pass(Duration::from_secs(120), Duration::from_secs(2));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.bluesky.calls().iter().filter(|c| **c == "upload").count(), 1);
    assert!(t.delivery(&id)["attempts"].as_array().is_some_and(|a| a.len() >= 2), "each try is on record");
}

#[test]
fn one_delivery_at_a_time_on_an_account_in_the_order_of_their_times() {
    let t = TestStudio::new();
    let _ = t.accounts();
    for text in ["first", "second", "third"] {
        let _ = t.post(json!({ "text": text, "to": ["bluesky"] }));
        t.clock.advance(Duration::from_millis(5));
    }
    t.work();
    assert_eq!(t.bluesky.live(), ["first", "second", "third"]);
}

#[test]
fn a_second_worker_on_the_same_workspace_is_told_so_and_enqueues_only() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let lock = std::fs::File::options()
        .write(true)
        .create(true)
        .truncate(false)
        .open(t.home.path().join("workspace/worker.lock"));
    let lock = lock.expect("the lock's file");
    lock.lock().expect("held by another program");
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    let error = t.try_work().expect_err("another program works it");
    assert_eq!(error.code, griot_app::Code::WorkerBusy);
    assert_eq!(t.states(), ["scheduled"]);
    drop(lock);
    t.work();
    assert_eq!(t.states(), ["published"]);
}

/// What was written before the disk was said to be full is on it: the claim has grown inside, and not outside.
#[test]
fn a_disk_that_is_full_just_when_a_post_is_armed_delays_it_and_does_not_turn_in_circles() {
    for point in ["store.disk_full", "store.before_commit", "store.after_commit"] {
        let t = TestStudio::new();
        let _ = t.accounts();
        let id = t.post(json!({ "text": "once", "to": ["bluesky"] })).remove(0);
        t.fail_once_after("outbox.before_arm", point, std::io::ErrorKind::StorageFull);
        t.work();
        t.mend();
        t.pass(Duration::from_secs(600), Duration::from_secs(60));
        assert_eq!(
            (t.delivery(&id)["state"].as_str(), t.bluesky.live()),
            (Some("published"), vec!["once".to_owned()]),
            "{point}"
        );
    }
}

#[test]
fn the_full_disk_of_a_moment_loses_nothing() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    t.fail_at("outbox.prepared", std::io::ErrorKind::StorageFull);
    t.work();
    assert_eq!(t.states(), ["waiting(backoff)"]);
    t.mend();
    t.pass(Duration::from_secs(120), Duration::from_secs(30));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.bluesky.live(), ["one"]);
}

#[test]
fn a_refusal_says_what_to_press_on_that_networks_own_pages() {
    let t = TestStudio::new();
    let _ = t.accounts();
    for (network, error, wanted) in [
        ("bluesky", Error::Auth("expired".into()), "bsky.app"),
        ("mastodon", Error::Permission("write:statuses".into()), "right to write"),
    ] {
        let id = t.post(json!({ "text": "once", "to": [network] })).remove(0);
        let there = if network == "bluesky" { &t.bluesky } else { &t.mastodon };
        there.next_stage(error);
        t.work();
        let reason = t.delivery(&id)["reason"].clone();
        assert!(reason.as_str().is_some_and(|said| said.contains(wanted)), "{network}: {reason}");
    }
}
