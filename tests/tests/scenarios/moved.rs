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
fn the_daily_copy_put_in_the_place_of_a_damaged_database_opens_and_asks_before_it_sends() {
    let (t, id) = scheduled();
    t.studio.close().expect("closed");
    // The day's copy is made at the first opening of a day.
    t.clock.advance(24 * HOUR);
    let next_day = t.at("workspace", "app");
    let draft = next_day.ask("posts.compose", json!({ "text": "a draft", "draft": true }))["post"].clone();
    next_day.studio.close().expect("closed");
    let workspace = t.home.path().join("workspace");
    let db = workspace.join("griot.db");
    let bytes = std::fs::read(&db).expect("the database");
    std::fs::write(&db, &bytes[..bytes.len() / 3]).expect("cut");
    let error = t.at("workspace", "app").refused("posts.list", json!({}));
    assert_eq!(error.code, griot_app::Code::DatabaseDamaged);
    let mut copies: Vec<_> = std::fs::read_dir(workspace.join("copies"))
        .expect("copies")
        .map(|e| e.expect("a copy").path())
        .collect();
    copies.sort();
    let newest = copies.last().expect("a daily copy");
    assert!(
        error.message.contains(&newest.display().to_string()),
        "the sentence names it: {}",
        error.message
    );
    std::fs::copy(newest, &db).expect("put in its place");
    let again = t.at("workspace", "app");
    again.work();
    assert_eq!(again.delivery(&id)["state"], "waiting", "an older database publishes nothing by itself");
    let lost = again.call("posts.get", json!({ "post": draft }));
    assert!(lost.is_err(), "only what was written after the copy is missing");
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
