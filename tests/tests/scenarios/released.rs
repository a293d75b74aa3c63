//! A release is for now: it ends with its reason, and is asked for again after a move, a restoration, a long absence.

use std::time::Duration;

use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::json;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);

/// A post that was due at nine, and it is an hour later; its policy.
fn late(policy: &str) -> (TestStudio, String) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t
        .post(json!({ "text": "news", "to": ["bluesky"], "at": "2026-12-01T09:00", "late": policy }))
        .remove(0);
    t.pass(HOUR * 24, HOUR * 24);
    assert_eq!(t.states(), ["waiting(late)"]);
    (t, id)
}

#[test]
fn a_post_let_go_before_the_laptop_was_shut_for_two_days_is_asked_about_again() {
    for (policy, asleep) in [("hold", true), ("hold", false), ("publish:60", true)] {
        let (t, id) = late(policy);
        t.ok("deliveries.release", json!({ "id": id }));
        match asleep {
            true => t.clock.sleep(HOUR * 48),
            false => t.clock.advance(HOUR * 48),
        }
        t.work();
        assert_eq!(t.states(), ["waiting(late)"], "{policy}");
        assert!(t.bluesky.live().is_empty());
        t.ok("deliveries.release", json!({ "id": id }));
        t.work();
        assert_eq!(t.bluesky.live(), ["news"], "let go now, it goes now");
    }
}

#[test]
fn a_release_lasts_as_long_as_its_policy_lets_it_be_late() {
    for (policy, minutes, goes) in
        [("hold", 10, true), ("hold", 11, false), ("publish:60", 60, true), ("publish:60", 61, false)]
    {
        let (t, id) = late(policy);
        t.bluesky.down(Some(Error::Offline("no route".into())));
        t.ok("deliveries.release", json!({ "id": id }));
        t.pass(MINUTE * minutes, MINUTE);
        t.bluesky.down(None);
        t.work();
        // A look for a way out comes within a minute of the line's return.
        let live = t.bluesky.live().len() == 1 || t.states() == ["waiting(network)"];
        assert_eq!(live, goes, "{policy} after {minutes}: {:?}", t.states());
    }
}

#[test]
fn a_post_let_go_and_then_moved_is_asked_about_when_it_is_late_again() {
    let (t, id) = late("hold");
    t.bluesky.down(Some(Error::Offline("no route".into())));
    t.ok("deliveries.release", json!({ "id": id }));
    t.ok("deliveries.move", json!({ "id": id, "at": "2026-12-03T09:00" }));
    t.clock.advance(HOUR * 72);
    t.bluesky.down(None);
    t.work();
    assert_eq!(t.states(), ["waiting(late)"]);
}

#[test]
fn forty_late_posts_let_go_together_all_go_spaced_while_the_machine_is_on() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ids: Vec<String> = (0..40)
        .map(|n| {
            let at = format!("2026-12-01T09:{n:02}");
            t.post(json!({ "text": format!("{n:02}"), "to": ["bluesky"], "at": at })).remove(0)
        })
        .collect();
    t.pass(HOUR * 24, HOUR * 24);
    for id in &ids {
        t.ok("deliveries.release", json!({ "id": id }));
    }
    t.work();
    let states = t.states();
    assert_eq!(states.iter().filter(|s| *s == "waiting(spacing)").count(), 39, "{states:?}");
    t.pass(MINUTE * 21, Duration::from_secs(10));
    let expected: Vec<String> = (0..40).map(|n| format!("{n:02}")).collect();
    assert_eq!(t.bluesky.live(), expected, "in the order of their times");
}

#[test]
fn what_was_let_go_in_a_copy_is_asked_about_again_in_a_copy_of_it_and_after_a_restoration() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t.post(json!({ "text": "later", "to": ["bluesky"], "at": "2026-12-05T09:00" })).remove(0);
    griot_tests::folder::copy(&t.home.path().join("workspace"), &t.home.path().join("copy"));
    let c = t.at("copy", "other");
    let _ = c.accounts();
    c.work();
    c.ok("deliveries.release", json!({ "id": id }));
    c.work();
    assert_eq!(c.states(), ["scheduled"], "their word stays as long as it is this copy");
    let file = t.home.path().join("b.griot");
    c.ok("workspace.backup", json!({ "file": file }));
    griot_tests::folder::copy(&t.home.path().join("copy"), &t.home.path().join("again"));
    let again = t.at("again", "third");
    again.work();
    assert_eq!(again.states(), ["waiting(check_after_move)"]);
    let restored = t.at("restored", "other");
    restored.ok("workspace.restore", json!({ "file": file }));
    restored.work();
    assert_eq!(restored.states(), ["waiting(check_after_move)"]);
}
