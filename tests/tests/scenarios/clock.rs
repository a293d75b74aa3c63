//! The clock jumps: the machine slept, or somebody set it. What became late is late, nothing leaves in a burst, and
//! nothing waits for an hour that was never meant.

use std::time::Duration;

use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::json;

const HOUR: Duration = Duration::from_secs(3600);

#[test]
fn after_a_night_asleep_each_late_post_follows_its_policy_at_once_and_none_leaves_in_a_burst() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let at = |text: &str, at: &str, late: &str| {
        let post = json!({ "text": text, "to": ["bluesky"], "at": format!("2026-12-01T{at}"), "late": late });
        t.post(post).remove(0)
    };
    let hold = at("hold", "09:00", "hold");
    let drop = at("drop", "09:10", "drop");
    let goes: Vec<_> =
        ["09:20", "09:30", "09:40"].iter().map(|time| at(time, time, "publish:1440")).collect();
    let coming = at("coming", "23:00", "hold");
    let task = t.attend();
    t.until("the worker is at work", |t| t.states().iter().all(|state| state == "scheduled"));
    t.clock.sleep(8 * HOUR);
    t.until("the held one is a person's", |t| t.delivery(&hold)["waiting_for"] == "late");
    t.until("the dropped one is off", |t| t.delivery(&drop)["state"] == "cancelled");
    assert!(t.bluesky.live().len() <= 1, "spaced: {:?}", t.bluesky.live());
    t.until("the others go, one after the other", |t| {
        goes.iter().all(|id| t.delivery(id)["state"] == "published")
    });
    assert_eq!(t.bluesky.live(), ["09:20", "09:30", "09:40"]);
    assert_eq!(t.delivery(&coming)["state"], "scheduled");
    t.studio.cancel();
    t.ended(task);
}

#[test]
fn a_clock_set_back_shortens_no_pause_and_lengthens_none() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.down(Some(Error::Offline("no route".into())));
    // The clock is a day ahead of the world's when the way out is missing.
    t.clock.sleep(24 * HOUR);
    let id = t.post(json!({ "text": "one", "to": ["bluesky"] })).remove(0);
    let task = t.attend();
    t.until("it waits for a way out", |t| t.delivery(&id)["waiting_for"] == "network");
    t.bluesky.down(None);
    t.clock.set_back(24 * HOUR);
    // Within minutes of the right clock, and not in a day.
    t.until("it goes", |t| t.delivery(&id)["state"] == "published");
    let later = t.post(json!({ "text": "two", "to": ["bluesky"], "at": "2026-12-01T12:00" })).remove(0);
    assert_eq!(t.delivery(&later)["state"], "scheduled", "a chosen time is what it was");
    t.clock.sleep(6 * HOUR);
    t.until("it is late by hours and a person's", |t| t.delivery(&later)["waiting_for"] == "late");
    t.studio.cancel();
    t.ended(task);
}

#[test]
fn a_time_that_clocks_show_twice_says_so_where_it_was_chosen_and_where_it_waits() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let twice = json!({ "text": "one", "to": ["bluesky"], "at": "2027-10-31T02:30", "zone": "Europe/Paris" });
    let answer = t.ask("posts.compose", twice);
    let said = "Clocks go back that day and show this time twice: the first one counts.";
    assert_eq!(answer["note"], said);
    assert_eq!(answer["deliveries"][0]["due"], "2027-10-31T00:30:00.000Z");
    assert_eq!(t.delivery(answer["deliveries"][0]["id"].as_str().expect("an id"))["reason"], said);
    assert_eq!(t.ask("deliveries.list", json!({}))["deliveries"][0]["reason"], said);
    let once = json!({ "text": "two", "to": ["bluesky"], "at": "2027-10-31T04:30", "zone": "Europe/Paris" });
    assert_eq!(t.ask("posts.compose", once)["note"], json!(null));
}
