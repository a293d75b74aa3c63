//! What posts cost where a network takes money: said before, and held by a month's cap.

use griot_app::Code;
use griot_networks::Error;
use griot_tests::fake::Mishap;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

/// A studio with an account on X and one where posts cost nothing.
fn studio() -> TestStudio {
    let t = TestStudio::new();
    let _ = t.accounts();
    let fields = json!({ "api_key": "a", "api_secret": "b", "access_token": "c", "access_secret": "d", "password": "right" });
    t.ok("accounts.add", json!({ "network": "x", "name": "Radio X", "fields": fields }));
    t
}

fn cap(t: &TestStudio, dollars: Value) {
    t.ok("settings.set", json!({ "key": "x.month_cap", "value": dollars }));
}

fn compose(t: &TestStudio, text: &str) -> Value {
    t.ask("posts.compose", json!({ "text": text, "to": ["x"], "at": "2026-12-28T09:00" }))
}

#[test]
fn the_price_is_said_before_and_when_a_post_is_scheduled() {
    let t = studio();
    let accounts = t.ask("accounts.list", json!({}))["accounts"].clone();
    let ids: Vec<&Value> = accounts.as_array().expect("a list").iter().map(|a| &a["id"]).collect();
    let cost = |text: &str, network: &str| {
        let answer = t.ask("posts.check", json!({ "content": { "text": text, "media": [] }, "to": ids }));
        let mut checks = answer["checks"].as_array().expect("a list").iter();
        checks.find(|c| c["network"] == network).map(|c| c["cost"].clone()).expect("a check")
    };
    assert_eq!((cost("Bonjour", "bluesky"), cost("Bonjour", "mastodon")), (Value::Null, Value::Null));
    let said = cost("Bonjour", "x");
    assert_eq!(
        said,
        "X charges $0.015 (prices read on 2026-08-22). This month: $0.00 sent, $0.00 scheduled."
    );
    assert!(
        cost("Voir https://exemple.com", "x").as_str().expect("a sentence").starts_with("X charges $0.20 ")
    );

    assert_eq!(
        compose(&t, "Un")["cost"].as_str().map(|said| said.starts_with("X charges $0.015")),
        Some(true)
    );
    let _ = t.post(json!({ "text": "Parti https://exemple.com", "to": ["x"] }));
    t.work();
    cap(&t, json!(5));
    let said = cost("Deux", "x");
    assert_eq!(
        said,
        "X charges $0.015 (prices read on 2026-08-22). This month: $0.20 sent, $0.015 scheduled, cap $5.00."
    );
    assert_eq!(t.ask("posts.compose", json!({ "text": "t", "to": ["bluesky"] })).get("cost"), None);
}

#[test]
fn a_post_that_would_pass_the_months_cap_is_refused_with_a_way_on() {
    let t = studio();
    cap(&t, json!(0.05));
    for text in ["Un", "Deux", "Trois"] {
        let _ = compose(&t, text);
    }
    let request = json!({ "text": "Quatre", "to": ["x", "bluesky"], "at": "2026-12-28T09:00" });
    let refused = t.refused("posts.compose", request.clone());
    assert_eq!(refused.code, Code::Refused);
    assert!(
        refused.message.contains("would cost $0.06 that month: more than your cap of $0.05"),
        "{refused}"
    );
    assert!(refused.hint.contains("Raise the cap"), "{refused:?}");
    assert_eq!(t.states().len(), 3, "nothing of it is scheduled anywhere");
    let kept = t.ask("posts.get", json!({ "post": refused.detail["post"] }));
    assert_eq!(kept["content"]["text"], "Quatre", "it is kept as a draft");

    // One that is planned for another month does not come into this one by another door.
    let later = t.ask("posts.compose", json!({ "text": "Cinq", "to": ["x"], "at": "2027-01-02T09:00" }));
    let id = &later["deliveries"][0]["id"];
    let refused = t.refused("deliveries.move", json!({ "id": id, "at": "2026-12-29T09:00" }));
    assert_eq!(refused.code, Code::Refused);
    assert!(refused.message.ends_with("$0.06 that month: more than your cap of $0.05."), "{refused}");
    let still = t.ask("deliveries.get", json!({ "id": id }))["delivery"].clone();
    assert_eq!(still["due"], "2027-01-02T09:00:00.000Z", "it stays where it was");
    t.ok("deliveries.move", json!({ "id": id, "at": "2027-01-03T09:00" }));

    // Another month has its own account, and what costs nothing is not held.
    t.ok("posts.compose", json!({ "text": "Quatre", "to": ["x"], "at": "2027-01-01T09:00" }));
    t.ok("posts.compose", json!({ "text": "Quatre", "to": ["bluesky"] }));
    cap(&t, json!(0.06));
    t.ok("posts.compose", request);
    cap(&t, Value::Null);
    t.ok("posts.compose", json!({ "text": "https://exemple.com", "to": ["x"] }));
    for bad in [json!(-1), json!("5"), json!(true), json!(1e9)] {
        let error = t.refused("settings.set", json!({ "key": "x.month_cap", "value": bad }));
        assert_eq!(error.code, Code::BadRequest, "{bad}");
    }
}

#[test]
fn what_was_refused_is_tried_again_only_while_the_cap_holds_it() {
    let t = studio();
    cap(&t, json!(0.03));
    t.x.next(Mishap::Refuse(Error::Permission("not yours (403)".into())));
    let id = t.post(json!({ "text": "Refusée", "to": ["x"] })).remove(0);
    t.work();
    assert_eq!(t.delivery(&id)["state"], "failed");
    // Meanwhile others have taken its place in the month.
    for text in ["Un", "Deux"] {
        let _ = compose(&t, text);
    }
    let refused = t.refused("deliveries.retry", json!({ "id": id }));
    assert_eq!(refused.code, Code::Refused);
    assert!(refused.message.contains("would cost $0.045 that month"), "{refused}");
    assert_eq!(t.delivery(&id)["state"], "failed", "nothing has changed");
    cap(&t, json!(0.05));
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!(t.delivery(&id)["state"], "published");
}
