//! Accounts whose network tells when it will not accept them any longer: said in time, everywhere a person looks.

use std::time::Duration;

use griot_networks::Ends;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// So many days after the test\u{2019}s beginning, an hour later.
fn at(days: i64) -> Ends {
    const START: i64 = 1_796_112_000_000;
    Ends::At(griot_domain::Timestamp::from_millis(START + days * 86_400_000 + 3_600_000))
}

fn needs(t: &TestStudio) -> Value {
    t.ask("studio.status", json!({}))["needs_person"].clone()
}

fn ending(t: &TestStudio) -> Value {
    t.ask("deliveries.list", json!({}))["ending"].clone()
}

#[test]
fn an_end_is_kept_refreshed_by_checking_and_needs_a_person_from_seven_days_before() {
    let t = TestStudio::new();
    t.bluesky.ends(at(10));
    let (bluesky, mastodon) = t.accounts();
    let of = |t: &TestStudio, id: &str| {
        let list = t.ask("accounts.list", json!({}))["accounts"].clone();
        list.as_array().expect("a list").iter().find(|one| one["id"] == id).expect("it")["ends"].clone()
    };
    assert_eq!(of(&t, &mastodon), json!(null), "its network names no end");
    let far = of(&t, &bluesky);
    assert_eq!((&far["soon"], &far["todo"]), (&json!(false), &json!(null)));
    assert_eq!(far["says"], "until 11 December, in 10 days");
    assert_eq!((needs(&t), ending(&t)), (json!(0), json!(null)));

    t.clock.advance(DAY * 5);
    let t = t.restarted();
    let near = of(&t, &bluesky);
    assert_eq!((&near["soon"], &near["says"]), (&json!(true), &json!("until 11 December, in 5 days")));
    assert!(near["todo"].as_str().is_some_and(|todo| todo.contains("Connect the account again")), "{near}");
    assert_eq!((needs(&t), ending(&t)[0]["id"].clone()), (json!(1), json!(bluesky)));
    t.ok("settings.set", json!({ "key": "language", "value": "fr" }));
    assert_eq!(of(&t, &bluesky)["says"], "jusqu\u{2019}au 11 décembre, dans 5 jours");

    // A network that says nothing this time takes nothing back; one that says another day is believed.
    t.bluesky.ends(Ends::NotTold);
    t.ok("accounts.check", json!({ "id": bluesky }));
    assert_eq!(of(&t, &bluesky)["at"], near["at"]);
    t.bluesky.ends(at(90));
    t.ok("accounts.check", json!({ "id": bluesky }));
    assert_eq!((of(&t, &bluesky)["soon"].clone(), needs(&t)), (json!(false), json!(0)));
    t.bluesky.ends(Ends::Never);
    t.ok("accounts.check", json!({ "id": bluesky }));
    assert_eq!(of(&t, &bluesky), json!(null));
}

#[test]
fn what_is_planned_past_the_end_is_warned_of_and_scheduled_all_the_same() {
    let t = TestStudio::new();
    t.bluesky.ends(at(10));
    let (bluesky, mastodon) = t.accounts();
    let content = json!({ "text": "Réunion publique", "media": [], "variants": {} });
    let check = |when: Value| {
        let mut request = json!({ "content": content, "to": [bluesky, mastodon] });
        request["at"] = when;
        t.ask("posts.check", request)["checks"].clone()
    };
    for before in [json!(null), json!("2026-12-11T08:59"), json!("no time"), json!("")] {
        assert_eq!(check(before.clone())[0]["problems"], json!([]), "{before}");
    }
    let past = check(json!("2026-12-11T09:01"));
    let warning = &past[0]["problems"][0];
    assert_eq!((&warning["code"], &warning["level"]), (&json!("access_ends"), &json!("warning")));
    assert_eq!((&past[0]["verdict"], &past[1]["problems"]), (&json!("warning"), &json!([])));
    assert!(warning["message"].as_str().is_some_and(|said| said.contains("on 11 December")), "{warning}");

    let composed = json!({ "text": "Réunion publique", "to": [bluesky], "at": "2026-12-24T09:00" });
    let written = t.ask("posts.compose", composed);
    assert_eq!(written["deliveries"][0]["state"], "scheduled");
    assert!(written["note"].as_str().is_some_and(|note| note.contains("11 December")), "{written}");
}
