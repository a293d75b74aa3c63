//! The queue as a screen shows it: groups, titles, and only the actions that would be accepted.

use std::time::{Duration, Instant};

use griot_tests::fake::Mishap;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

fn queue(t: &TestStudio) -> Vec<Value> {
    t.ask("deliveries.list", json!({}))["deliveries"].as_array().expect("a list").clone()
}

/// The actions that a line offers.
fn offers(line: &Value) -> Vec<&str> {
    line["actions"].as_array().expect("a list").iter().filter_map(Value::as_str).collect()
}

#[test]
fn a_line_says_whose_it_is_how_it_begins_and_where_it_stands() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let photo = t.png("river.png", 64, 48);
    let soon = json!({ "text": "\n\n  Premier titre\nsuite", "to": ["bluesky"], "at": "2026-12-01T10:00" });
    let _ = t.post(soon);
    let _ = t.post(json!({ "text": "m".repeat(200), "media": [{ "file": photo }], "to": ["whatsapp"] }));
    let _ = t.post(json!({ "text": "live", "to": ["mastodon"] }));
    t.work();
    let answer = t.ask("deliveries.list", json!({}));
    assert_eq!(answer["counts"], json!({ "person": 1, "coming": 1, "kept": 0, "done": 1 }));
    let lines = queue(&t);
    let groups: Vec<_> = lines.iter().map(|l| l["group"].as_str().expect("a word")).collect();
    assert_eq!(groups, ["person", "coming", "done"]);
    assert_eq!(lines[0]["account_name"], "Chaîne");
    assert_eq!(lines[0]["title"].as_str().map(|title| title.chars().count()), Some(140));
    assert!(lines[0]["asset"].is_string());
    assert_eq!((&lines[1]["title"], &lines[1]["asset"]), (&json!("Premier titre"), &json!(null)));
    let one = t.delivery(lines[1]["id"].as_str().expect("an id"));
    assert_eq!((&one["title"], &one["actions"]), (&lines[1]["title"], &lines[1]["actions"]));
    assert_eq!(one["account_name"], lines[1]["account_name"]);
}

#[test]
fn the_deliveries_of_one_post_come_alone() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ask = |post: &Value, more: Value| {
        let mut request = json!({ "post": post });
        request.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        t.ask("deliveries.list", request)
    };
    let texts = |answer: &Value| -> Vec<String> {
        let lines = answer["deliveries"].as_array().expect("a list").iter();
        lines.map(|l| format!("{} {}", l["network"].as_str().expect("a word"), l["title"])).collect()
    };
    let both = json!({ "text": "both", "to": ["bluesky", "mastodon"] });
    let both = t.ask("posts.compose", both)["post"].clone();
    t.work();
    let _ = t.post(json!({ "text": "other", "to": ["mastodon"] }));
    let again = json!({ "post": both, "to": ["mastodon"], "at": "2026-12-24T09:00", "again": true });
    let again = t.ask("posts.schedule", again);
    let cancelled = again["deliveries"][0]["id"].clone();
    let bluesky = json!({ "post": both, "to": ["bluesky"], "at": "2026-12-24T09:00", "again": true });
    t.ok("posts.schedule", bluesky);
    t.clock.advance(Duration::from_secs(1));
    t.ok("deliveries.cancel", json!({ "id": cancelled }));
    let answer = ask(&both, json!({}));
    assert_eq!(answer["counts"], json!({ "person": 0, "coming": 1, "kept": 0, "done": 3 }));
    let all = texts(&answer);
    assert_eq!((all.len(), all[0].as_str(), all[1].as_str()), (4, "bluesky \"both\"", "mastodon \"both\""));
    assert_eq!(answer["deliveries"][1]["id"], cancelled, "the last moved of what is over comes first");
    assert_eq!(texts(&ask(&both, json!({ "done": 1 }))).len(), 2);
    assert_eq!(texts(&ask(&both, json!({ "state": "published" }))).len(), 2);
    assert_eq!(texts(&ask(&both, json!({ "state": "failed" }))).len(), 0);
}

#[test]
fn what_a_line_offers_is_what_the_commands_accept() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let _ = t.post(json!({ "text": "later", "to": ["mastodon"], "at": "2026-12-01T10:00" }));
    let _ = t.post(json!({ "text": "by hand", "to": ["whatsapp"] }));
    let given = t.post(json!({ "text": "kept", "to": ["mastodon"], "at": "2026-12-01T11:00" })).remove(0);
    t.ok("deliveries.hand_over", json!({ "id": given }));
    t.bluesky.blind();
    t.bluesky.next(Mishap::AnswerLost);
    let _ = t.post(json!({ "text": "lost", "to": ["bluesky"] }));
    t.work();
    t.pass(Duration::from_secs(600), Duration::from_secs(60));
    let commands = [
        ("confirm", "deliveries.confirm"),
        ("retry", "deliveries.retry"),
        ("release", "deliveries.release"),
        ("move", "deliveries.move"),
        ("cancel", "deliveries.cancel"),
        ("hand_over", "deliveries.hand_over"),
        ("withdraw", "deliveries.withdraw"),
    ];
    let lines = queue(&t);
    for (action, command) in commands {
        for (n, line) in lines.iter().enumerate() {
            let copy = format!("copy-{action}-{n}");
            t.studio.close().expect("closed");
            griot_tests::folder::copy(&t.home.path().join("workspace"), &t.home.path().join(&copy));
            let other = t.at(&copy, "app");
            let mut request = json!({ "id": line["id"] });
            if action == "move" {
                request["at"] = json!("2026-12-02T09:00");
            }
            let accepted = other.call(command, request).is_ok();
            assert_eq!(accepted, offers(line).contains(&action), "{action} of {line}");
        }
    }
    let of = |state: &str| lines.iter().find(|l| l["state"] == state).map(offers).unwrap_or_default();
    assert_eq!(of("scheduled"), ["move", "hand_over", "edit", "cancel"]);
    assert_eq!(of("handed_over"), ["withdraw", "move", "cancel"]);
    assert_eq!(of("assisted"), ["by_hand", "confirm", "move", "cancel"]);
    assert_eq!(of("unknown"), ["confirm", "retry", "cancel"]);
}

#[test]
fn what_is_over_comes_last_newest_first_and_not_more_than_asked() {
    let t = TestStudio::new();
    let _ = t.accounts();
    for text in ["one", "two", "three"] {
        let _ = t.post(json!({ "text": text, "to": ["bluesky"] }));
        t.work();
        t.clock.advance(Duration::from_secs(60));
    }
    let _ = t.post(json!({ "text": "later", "to": ["bluesky"], "at": "2026-12-01T10:00" }));
    let titles = |request: Value| -> Vec<String> {
        let answer = t.ask("deliveries.list", request);
        assert_eq!(answer["counts"]["done"], json!(3));
        let lines = answer["deliveries"].as_array().expect("a list").iter();
        lines.map(|l| l["title"].as_str().expect("a title").to_owned()).collect()
    };
    assert_eq!(titles(json!({})), ["later", "three", "two", "one"]);
    assert_eq!(titles(json!({ "done": 1 })), ["later", "three"]);
    assert_eq!(titles(json!({ "state": "published", "done": 2 })), ["three", "two"]);
    assert_eq!(titles(json!({ "state": "scheduled" })), ["later"]);
}

#[test]
fn two_thousand_deliveries_are_listed_at_once() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let long = "Bonjour Bamako. ".repeat(15);
    for n in 0..1000 {
        let text = format!("{n} {long}");
        let _ = t.post(json!({ "text": text, "to": ["bluesky", "mastodon"], "at": "2026-12-03T09:00" }));
    }
    let mut quickest = Duration::MAX;
    for _ in 0..3 {
        let began = Instant::now();
        assert_eq!(queue(&t).len(), 2000);
        quickest = quickest.min(began.elapsed());
    }
    eprintln!("2,000 deliveries listed: {quickest:?}");
    assert!(quickest < Duration::from_secs(3), "{quickest:?}");
}
