//! For whom and when: chosen by the person, remembered as they chose, asked where a slip would be public.

use std::time::Duration;

use griot_app::Code;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const DAY: Duration = Duration::from_secs(24 * 3600);

fn draft(t: &TestStudio) -> Value {
    t.ask("posts.save", json!({ "content": { "text": "Marché" } }))["post"]["id"].clone()
}

fn plan_of(t: &TestStudio, post: &Value) -> Value {
    t.ask("posts.get", json!({ "post": post }))["plan"].clone()
}

#[test]
fn a_new_post_has_the_last_choice_and_nobody_else() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    assert_eq!(plan_of(&t, &draft(&t)), Value::Null, "nothing was ever chosen, and nobody is");
    t.ok("posts.schedule", json!({ "post": draft(&t), "to": [mastodon], "at": "2026-12-24T09:00" }));
    let plan = plan_of(&t, &draft(&t));
    assert_eq!((&plan["to"], &plan["when"], &plan["at"]), (&json!([mastodon]), &json!("at"), &Value::Null));
    let typed = t.ask("posts.save", json!({ "content": { "text": "M" }, "typing": true }));
    assert_eq!(typed["plan"]["to"], json!([mastodon]), "also while its first letters are on their way");

    t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let t = t.restarted();
    assert_eq!(plan_of(&t, &draft(&t))["to"], json!([mastodon]), "who was connected since is not chosen");
    t.ok("posts.schedule", json!({ "post": draft(&t), "to": [bluesky, mastodon] }));
    assert_eq!(plan_of(&t, &draft(&t))["when"], "now");
    t.work();
    t.ok("deliveries.cancel", json!({ "id": t.ask("deliveries.list", json!({}))["deliveries"][0]["id"] }));
    t.ok("accounts.remove", json!({ "id": mastodon }));
    assert_eq!(plan_of(&t, &draft(&t))["to"], json!([bluesky]), "who is gone is left out");
    assert_eq!(t.ask("settings.get", json!({}))["settings"], json!({}), "it is nobody's setting");
}

#[test]
fn an_old_draft_gains_no_account_that_is_connected_later() {
    let t = TestStudio::new();
    let bare = draft(&t);
    let empty = draft(&t);
    t.ok("posts.plan", json!({ "post": empty, "plan": { "to": [], "when": "now" } }));
    let (bluesky, _) = t.accounts();
    t.ok("posts.compose", json!({ "text": "one", "to": [bluesky] }));
    t.work();
    let t = t.restarted();
    assert_eq!(plan_of(&t, &bare), Value::Null);
    assert_eq!(plan_of(&t, &empty)["to"], json!([]));
    for post in [bare, empty] {
        let error = t.refused("posts.schedule", json!({ "post": post, "to": [] }));
        assert_eq!(error.code, Code::BadRequest);
    }
    assert_eq!(t.bluesky.live().len(), 1);
}

#[test]
fn what_is_reused_says_what_is_live_and_chooses_nobody_new() {
    let t = TestStudio::new();
    let (_, mastodon) = t.accounts();
    let request = json!({ "text": "typo", "to": ["mastodon"], "variants": { "mastodon": { "fields": { "spoiler": "attention" } } } });
    let id = t.post(request).remove(0);
    t.work();
    t.ok("deliveries.edit", json!({ "id": id, "text": "no typo" }));
    t.work();
    assert_eq!(t.mastodon.live(), ["no typo"]);
    let again = t.ask("deliveries.copy", json!({ "id": id }));
    assert_eq!(again["content"]["text"], "no typo", "{again}");
    assert_eq!(again["content"]["variants"]["mastodon"]["text"], Value::Null);
    assert_eq!(again["content"]["variants"]["mastodon"]["fields"]["spoiler"], "attention");
    assert_eq!(again["plan"]["to"], json!([mastodon]), "the last choice, and never all");
    assert_eq!((&again["places"], &again["correction"]), (&json!([]), &Value::Null));
}

#[test]
fn a_network_with_words_of_its_own_keeps_them_when_it_is_reused() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let request =
        json!({ "text": "base", "to": ["mastodon"], "variants": { "mastodon": { "text": "toot" } } });
    let id = t.post(request).remove(0);
    t.work();
    t.ok("deliveries.edit", json!({ "id": id, "text": "toot, corrected" }));
    t.work();
    let again = t.ask("deliveries.copy", json!({ "id": id }))["content"].clone();
    assert_eq!(
        (&again["text"], &again["variants"]["mastodon"]["text"]),
        (&json!("base"), &json!("toot, corrected"))
    );
}

#[test]
fn publishing_at_once_to_several_or_to_one_long_unused_is_asked_first() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ask = |to: &[&str], text: &str| {
        t.call("posts.compose", json!({ "text": text, "to": to, "confirmed": false }))
    };
    let error = ask(&["bluesky"], "first").expect_err("nothing ever went there");
    assert_eq!((error.code, &error.detail["why"]), (Code::ConfirmNeeded, &json!(["unused"])));
    assert_eq!(t.ask("posts.list", json!({}))["posts"], json!([]), "nothing was written");
    for network in ["bluesky", "mastodon"] {
        let _ = t.post(json!({ "text": "first", "to": [network] }));
    }
    t.work();
    ask(&["bluesky"], "second").expect("one account that is in use is not asked about");
    let error = ask(&["bluesky", "mastodon"], "third").expect_err("two accounts");
    assert_eq!((&error.detail["count"], &error.detail["why"]), (&json!(2), &json!(["many"])));
    assert!(error.message.contains("2 accounts") && error.message.contains("Mastodon"), "{error}");
    assert_eq!(error.detail["accounts"][1]["network"], "mastodon");
    t.work();
    t.clock.advance(61 * DAY);
    let error = ask(&["bluesky"], "fourth").expect_err("not used for two months");
    assert_eq!(error.detail["why"], json!(["unused"]));
    assert!(error.detail["accounts"][0]["last_live"].is_string());

    // With a time there is time to think again; moving all of it to now is public at once.
    let request = json!({ "text": "fifth", "to": ["bluesky", "mastodon"], "at": "2027-03-01T09:00", "confirmed": false });
    let post = t.ask("posts.compose", request)["post"].clone();
    assert_eq!(
        t.refused("posts.move", json!({ "post": post, "confirmed": false })).code,
        Code::ConfirmNeeded
    );
    let error = t.refused(
        "posts.schedule",
        json!({ "post": draft(&t), "to": ["bluesky", "mastodon"], "confirmed": false }),
    );
    assert_eq!(error.code, Code::ConfirmNeeded);
    t.ok("settings.set", json!({ "key": "publish.ask", "value": false }));
    ask(&["bluesky", "mastodon"], "sixth").expect("who does not want to be asked is not");
}

#[test]
fn what_a_person_publishes_by_hand_is_not_asked_about() {
    let t = TestStudio::new();
    for name in ["Chaîne", "Quartier"] {
        t.ok("accounts.add", json!({ "network": "whatsapp", "name": name }));
    }
    t.ok("posts.compose", json!({ "text": "one", "to": ["Chaîne", "Quartier"], "confirmed": false }));
}

#[test]
fn who_names_nobody_hears_who_there_is_and_whom_they_named_last() {
    let t = TestStudio::new();
    let error = t.refused("posts.compose", json!({ "text": "one", "to": [] }));
    assert!(error.message.contains("none is connected"), "{error}");
    let _ = t.accounts();
    let error = t.refused("posts.compose", json!({ "text": "one", "to": [] }));
    assert_eq!(error.code, Code::BadRequest);
    assert!(error.message.contains("Bluesky") && error.message.contains("Mastodon"), "{error}");
    assert!(error.hint.contains("--to bluesky"), "{error:?}");
    t.ok("posts.compose", json!({ "text": "one", "to": ["mastodon"] }));
    let error = t.refused("posts.compose", json!({ "text": "two", "to": [] }));
    assert_eq!(error.hint, "Last time: --to mastodon");
    assert_eq!(t.ask("posts.list", json!({}))["posts"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_draft_keeps_whom_and_when_the_terminal_named() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    let request = json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-24T09:00", "draft": true });
    let post = t.ask("posts.compose", request)["post"].clone();
    let plan = plan_of(&t, &post);
    assert_eq!((&plan["to"], &plan["at"]), (&json!([bluesky]), &json!("2026-12-24T09:00")));
}
