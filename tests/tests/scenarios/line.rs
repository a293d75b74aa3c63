//! A poor line: what goes first, what fits into the minutes that there are, what it costs, and what went up.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use griot_app::{Code, dispatch};
use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);
const DAY: Duration = Duration::from_secs(24 * 3600);

/// A photo of some hundred kilobytes that no network makes small.
fn photo() -> String {
    concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/detail.jpg").to_owned()
}

fn with_photo(text: &str, to: &str, at: Option<&str>) -> Value {
    json!({ "text": text, "media": [{ "file": photo(), "alt": "a" }], "to": [to], "at": at })
}

fn traffic(t: &TestStudio) -> Value {
    t.ask("queue.traffic", json!({}))
}

fn metered(t: &TestStudio) {
    t.ok("settings.set", json!({ "key": "line.metered", "value": true }));
}

/// A line of this speed, known from a photo that went out.
fn measured(t: &TestStudio, bytes_per_second: u64) {
    t.bluesky.line(bytes_per_second);
    t.mastodon.line(bytes_per_second);
    let _ = t.post(with_photo("first", "bluesky", None));
    t.work();
}

fn titles(list: &Value) -> Vec<&str> {
    let lines = list.as_array().expect("a list").iter();
    lines.map(|line| line["title"].as_str().expect("a title")).collect()
}

#[test]
fn on_a_poor_line_a_deadline_goes_first_then_the_lightest_and_on_a_good_one_nothing_changes() {
    for (poor, expected) in [
        (false, ["heavy", "words", "first", "heavy, by five past"]),
        (true, ["first", "heavy, by five past", "words", "heavy"]),
    ] {
        let t = TestStudio::new();
        let _ = t.accounts();
        if poor {
            metered(&t);
        }
        let _ = t.post(with_photo("heavy", "bluesky", None));
        t.clock.advance(Duration::from_secs(1));
        let _ = t.post(json!({ "text": "words", "to": ["bluesky"] }));
        let _ = t.post(with_photo("heavy, by five past", "bluesky", Some("2026-12-01T08:05")));
        let _ = t.post(json!({ "text": "first", "to": ["bluesky"], "at": "2026-12-01T08:02" }));
        t.clock.advance(MINUTE * 6);
        t.work();
        assert_eq!(t.bluesky.live(), expected, "poor: {poor}");
    }
}

#[test]
fn on_a_slow_line_two_photos_never_share_it_and_words_do_not_wait() {
    let t = TestStudio::new();
    let _ = t.accounts();
    measured(&t, 20_000);
    let now = t.ask("studio.status", json!({}));
    assert_eq!(now["link"], "slow", "{now}");
    for text in ["one", "two"] {
        let _ = t.post(with_photo(text, "bluesky", None));
        let _ = t.post(with_photo(text, "mastodon", None));
    }
    let most = Arc::new(AtomicUsize::new(0));
    let (seen, studio) = (Arc::clone(&most), Arc::clone(&t.studio));
    t.look_at("outbox.uploading", move || {
        let queue = dispatch(&studio, "deliveries.list", json!({})).expect("the queue");
        let lines = queue["deliveries"].as_array().expect("a list").iter();
        let busy =
            lines.filter(|line| ["preparing", "uploading"].iter().any(|state| line["state"] == *state));
        seen.fetch_max(busy.count(), Ordering::SeqCst);
    });
    t.work();
    t.mend();
    assert_eq!(most.load(Ordering::SeqCst), 1);
    assert_eq!((t.bluesky.live().len(), t.mastodon.live().len()), (3, 2), "all of it went out");
}

#[test]
fn the_line_is_good_until_uploads_say_otherwise_and_an_hour_later_nobody_knows() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let before = traffic(&t);
    assert_eq!((&before["link"], &before["bytes_per_second"]), (&json!("good"), &Value::Null));
    measured(&t, 20_000);
    let slow = traffic(&t);
    assert_eq!((&slow["link"], &slow["bytes_per_second"]), (&json!("slow"), &json!(20_000)), "{slow}");
    assert_eq!(slow["measured"], "2026-12-01T08:00:00.000Z");
    let again = t.restarted();
    assert_eq!(traffic(&again)["bytes_per_second"], 20_000, "another program knows it, too");
    let settings = again.ask("settings.get", json!({}));
    assert_eq!(settings["settings"], json!({}), "what Griot notes for itself is nobody's setting");
    again.clock.advance(MINUTE * 61);
    let later = traffic(&again);
    assert_eq!((&later["link"], &later["bytes_per_second"]), (&json!("good"), &Value::Null));
    again.bluesky.down(Some(Error::Portal("<html>".into())));
    let _ = again.post(json!({ "text": "now", "to": ["bluesky"] }));
    again.work();
    assert_eq!(traffic(&again)["link"], "portal");
}

#[test]
fn a_line_is_metered_as_the_system_says_unless_a_person_knows_better() {
    let t = TestStudio::new();
    let says = |system: Option<bool>, person: Value| {
        t.meter.says(system);
        t.ok("settings.set", json!({ "key": "line.metered", "value": person }));
        let status = t.ask("studio.status", json!({}));
        assert_eq!(status["metered_by_system"], json!(system));
        (status["link"].clone(), traffic(&t)["metered"].clone())
    };
    for (system, person, metered) in [
        (None, Value::Null, false),
        (Some(true), Value::Null, true),
        (Some(false), Value::Null, false),
        (Some(true), json!(false), false),
        (Some(false), json!(true), true),
        (None, json!(true), true),
    ] {
        let link = if metered { "metered" } else { "good" };
        assert_eq!(says(system, person.clone()), (json!(link), json!(metered)), "{system:?} {person}");
    }
}

#[test]
fn what_a_person_chose_goes_on_time_on_a_metered_line_and_its_cost_is_said_before() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    metered(&t);
    assert_eq!(t.ask("studio.status", json!({}))["link"], "metered");
    assert_eq!(
        t.refused("settings.set", json!({ "key": "line.metered", "value": "yes" })).code,
        Code::BadRequest
    );
    let draft = t.ask(
        "posts.compose",
        json!({ "text": "cost", "media": [{ "file": photo(), "alt": "a" }], "to": [], "draft": true }),
    );
    let content = t.ask("posts.get", json!({ "post": draft["post"] }))["content"].clone();
    let weighed = t.ask("posts.weigh", json!({ "content": content, "to": [bluesky] }));
    let bytes = weighed["bytes"].as_u64().expect("a number");
    assert!(bytes > 100_000, "{weighed}");
    assert_eq!((&weighed["metered"], &weighed["exact"]), (&json!(true), &json!(true)));
    assert_eq!(weighed["weights"][0]["account"], bluesky);
    let id = t.post(with_photo("cost", "bluesky", Some("2026-12-01T08:30"))).remove(0);
    let line = t.ask("deliveries.list", json!({}))["deliveries"][0].clone();
    assert_eq!((&line["upload_bytes"], &line["sent_bytes"]), (&json!(bytes), &json!(0)), "{line}");
    t.clock.advance(MINUTE * 30);
    t.work();
    assert_eq!(t.delivery(&id)["state"], "published");
    let after = t.ask("deliveries.list", json!({}))["deliveries"][0].clone();
    let words = "cost".len() as u64;
    assert_eq!((&after["upload_bytes"], &after["sent_bytes"]), (&Value::Null, &json!(bytes - words)));
}

#[test]
fn what_fits_goes_now_and_the_rest_is_kept_back_with_the_reason() {
    let t = TestStudio::new();
    let _ = t.accounts();
    measured(&t, 2_000);
    t.bluesky.down(Some(Error::Offline("no route".into())));
    let words = t.post(json!({ "text": "words", "to": ["bluesky"] })).remove(0);
    let photo = t.post(with_photo("photo", "bluesky", None)).remove(0);
    let tomorrow =
        t.post(json!({ "text": "tomorrow", "to": ["bluesky"], "at": "2026-12-02T09:00" })).remove(0);
    let hand = t.ask("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let _ = t.post(json!({ "text": "hand", "to": [hand["account"]["id"]] }));
    t.work();
    t.clock.advance(MINUTE);
    t.bluesky.down(None);
    let plan = t.ask("queue.fitting", json!({ "minutes": 1 }));
    assert_eq!((titles(&plan["goes"]), titles(&plan["stays"])), (vec!["words"], vec!["photo"]), "{plan}");
    assert_eq!((&plan["bytes_per_second"], &plan["measured"]), (&json!(2_000), &json!(true)));
    assert_eq!(plan["bytes"], 5);
    assert!(plan["kept_bytes"].as_u64().is_some_and(|kept| kept > 100_000), "{plan}");
    assert_eq!(t.delivery(&photo)["waiting_for"], "network", "looking changes nothing");
    assert_eq!(t.ask("queue.send_fitting", json!({ "minutes": 1 })), plan);
    t.work();
    assert_eq!(t.delivery(&words)["state"], "published");
    let kept = t.delivery(&photo);
    assert_eq!((&kept["state"], &kept["waiting_for"]), (&json!("waiting"), &json!("network")));
    let reason = kept["reason"].as_str().expect("a reason");
    assert!(reason.starts_with("Kept back until 08:03: "), "{reason}");
    assert_eq!(t.delivery(&tomorrow)["state"], "scheduled");
    t.pass(MINUTE * 2, Duration::from_secs(10));
    assert_eq!(t.delivery(&photo)["state"], "published", "it goes on by itself when the time is over");
    assert_eq!(t.delivery(&photo)["reason"], Value::Null);
    assert_eq!(t.delivery(&tomorrow)["state"], "scheduled", "what is due later goes then");
    let early = t.ask("queue.send_fitting", json!({ "later": true }));
    assert_eq!((titles(&early["goes"]), &early["minutes"]), (vec!["tomorrow"], &json!(10)));
    t.work();
    assert_eq!(t.delivery(&tomorrow)["state"], "published", "unless the person says so");
}

#[test]
fn without_a_measure_the_thinnest_line_is_assumed_and_that_is_said() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let empty = t.ask("queue.fitting", json!({}));
    assert_eq!(
        (&empty["goes"], &empty["stays"], &empty["bytes"], &empty["minutes"]),
        (&json!([]), &json!([]), &json!(0), &json!(10))
    );
    assert_eq!((&empty["bytes_per_second"], &empty["measured"]), (&json!(16_384), &json!(false)));
    assert_eq!(t.ask("queue.send_fitting", json!({}))["goes"], json!([]));
    assert_eq!(t.refused("queue.fitting", json!({ "minutes": 0 })).code, Code::BadRequest);
    assert_eq!(t.refused("queue.fitting", json!({ "minutes": 1441 })).code, Code::BadRequest);
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": true }));
    assert_eq!(t.refused("queue.send_fitting", json!({})).code, Code::NotNow);
}

#[test]
fn what_became_late_while_there_was_no_line_goes_when_a_person_sends_it_and_what_is_dropped_does_not() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.down(Some(Error::Offline("no route".into())));
    let at = |text: &str, late: &str| {
        t.post(json!({ "text": text, "to": ["bluesky"], "at": "2026-12-01T09:00", "late": late })).remove(0)
    };
    let (held, dropped) = (at("held", "hold"), at("dropped", "drop"));
    t.clock.advance(Duration::from_secs(3600));
    t.work();
    t.clock.advance(MINUTE * 20);
    t.bluesky.down(None);
    let sent = t.ask("queue.send_fitting", json!({}));
    assert_eq!(titles(&sent["goes"]), ["held"], "{sent}");
    t.pass(MINUTE, Duration::from_secs(10));
    assert_eq!(t.delivery(&held)["state"], "published");
    assert_eq!(t.delivery(&dropped)["state"], "cancelled");
}

#[test]
fn bytes_are_counted_by_the_days_and_months_of_the_workspaces_zone() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.ok("settings.set", json!({ "key": "zone", "value": "Africa/Lagos" }));
    let nothing = traffic(&t);
    assert_eq!((&nothing["sent_today"], &nothing["days"]), (&json!(0), &json!([])), "{nothing}");
    let _ = t.post(with_photo("today", "bluesky", None));
    let _ = t.post(with_photo("tonight", "mastodon", Some("2026-12-01T23:00")));
    let _ = t.post(with_photo("tomorrow", "bluesky", Some("2026-12-02T09:00")));
    let before = traffic(&t);
    let to_go = |answer: &Value| {
        (answer["to_go_today"].as_u64().expect("bytes"), answer["to_go"].as_u64().expect("bytes"))
    };
    let (tonight, all) = to_go(&before);
    assert!(tonight > 200_000 && all > tonight, "{before}");
    t.work();
    let after = traffic(&t);
    let sent = after["sent_today"].as_u64().expect("bytes");
    assert_eq!(to_go(&after), (tonight - sent - 5, all - sent - 5), "what went up is no longer to go");
    assert_eq!(after["days"], json!([{ "day": "2026-12-01", "bytes": sent }]));
    // 2026-12-31T22:30Z is half past eleven in the evening of the last day in Lagos.
    t.clock.advance(DAY * 30 + Duration::from_secs(14 * 3600 + 1800));
    let _ = t.post(with_photo("eve", "bluesky", None));
    t.work();
    let eve = traffic(&t);
    assert_eq!((&eve["sent_today"], &eve["sent_month"]), (&json!(sent), &json!(2 * sent)), "{eve}");
    assert_eq!(titles_of_days(&eve), ["2026-12-01", "2026-12-31"]);
    t.clock.advance(MINUTE * 60);
    let year = traffic(&t);
    assert_eq!(
        (&year["sent_today"], &year["sent_month"], &year["zone"]),
        (&json!(0), &json!(0), &json!("Africa/Lagos"))
    );
    t.ok("settings.set", json!({ "key": "zone", "value": "Africa/Bamako" }));
    let west = traffic(&t);
    assert_eq!(
        (&west["sent_today"], &west["sent_month"]),
        (&json!(sent), &json!(2 * sent)),
        "there it is still December"
    );
}

fn titles_of_days(traffic: &Value) -> Vec<&str> {
    let days = traffic["days"].as_array().expect("a list").iter();
    days.map(|day| day["day"].as_str().expect("a day")).collect()
}
