//! A copy never publishes: copied folders, restored backups, other laptops.

use std::time::Duration;

use griot_tests::folder::copy;
use griot_tests::studio::TestStudio;
use serde_json::json;

fn scheduled() -> (TestStudio, String) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t.post(json!({ "text": "once", "to": ["bluesky"], "at": "2026-12-01T09:00" })).remove(0);
    (t, id)
}

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn a_copied_workspace_waits_and_learns_that_the_other_one_published() {
    let (t, _) = scheduled();
    copy(&t.home.path().join("workspace"), &t.home.path().join("copy"));
    t.pass(HOUR, HOUR);
    assert_eq!(t.states(), ["published"]);
    let c = t.at("copy", "app");
    c.work();
    assert_eq!(c.states(), ["published"], "the copy finds the post live and records it");
    assert_eq!(t.bluesky.live(), ["once"]);
}

#[test]
fn a_copy_that_runs_first_publishes_nothing_before_a_person_says_so() {
    let (t, id) = scheduled();
    copy(&t.home.path().join("workspace"), &t.home.path().join("copy"));
    let c = t.at("copy", "app");
    t.clock.advance(HOUR);
    c.work();
    assert_eq!(c.states(), ["waiting(check_after_move)"]);
    assert_eq!(t.bluesky.live().len(), 0);
    c.ok("deliveries.release", json!({ "id": id }));
    c.work();
    assert_eq!(c.states(), ["published"]);
    t.work();
    assert_eq!(t.states(), ["published"], "the original asks first, and finds it live");
    assert_eq!(t.bluesky.live(), ["once"]);
}

#[test]
fn both_released_by_two_people_make_one_post() {
    let (t, id) = scheduled();
    copy(&t.home.path().join("workspace"), &t.home.path().join("stick"));
    let other = t.at("stick", "other-laptop");
    t.clock.advance(HOUR);
    other.ok("accounts.list", json!({}));
    other.work();
    assert_eq!(other.states(), ["waiting(check_after_move)"]);
    let _ = other.accounts();
    t.work();
    assert_eq!(t.states(), ["published"], "the original laptop goes on as before");
    other.ok("deliveries.release", json!({ "id": id }));
    other.work();
    assert_eq!(other.states(), ["published"]);
    assert_eq!(t.bluesky.live(), ["once"]);
}

#[test]
fn yesterdays_backup_restored_and_run_makes_no_second_post() {
    let (t, id) = scheduled();
    let late = t.post(json!({ "text": "tomorrow", "to": ["bluesky"], "at": "2026-12-02T12:00" })).remove(0);
    let file = t.home.path().join("yesterday.griot");
    t.ok("workspace.backup", json!({ "file": file }));
    t.pass(HOUR, HOUR);
    let restored = t.at("restored", "app");
    restored.ok("workspace.restore", json!({ "file": file }));
    restored.work();
    assert_eq!(restored.delivery(&id)["state"], "published");
    assert_eq!(restored.delivery(&late)["waiting_for"], "check_after_move");
    t.pass(30 * HOUR, HOUR);
    restored.ok("deliveries.release", json!({ "id": late }));
    restored.work();
    let mut live = t.bluesky.live();
    live.sort();
    assert_eq!(live, ["once", "tomorrow"]);
}

#[test]
fn an_older_copy_put_back_in_place_is_noticed() {
    let (t, id) = scheduled();
    copy(&t.home.path().join("workspace"), &t.home.path().join("before"));
    t.pass(HOUR, HOUR);
    assert_eq!(t.states(), ["published"]);
    t.studio.close().expect("closed");
    std::fs::rename(t.home.path().join("workspace"), t.home.path().join("away")).expect("moved away");
    std::fs::rename(t.home.path().join("before"), t.home.path().join("workspace")).expect("put back");
    let again = t.at("workspace", "app");
    again.work();
    assert_eq!(again.delivery(&id)["state"], "published");
    assert_eq!(t.bluesky.live(), ["once"]);
}

#[test]
fn a_restart_of_the_same_workspace_is_not_a_move() {
    let (t, _) = scheduled();
    t.work();
    t.studio.close().expect("closed");
    let again = t.at("workspace", "app");
    again.pass(HOUR, HOUR);
    assert_eq!(again.states(), ["published"]);
}
