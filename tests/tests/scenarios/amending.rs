//! What is live is corrected and deleted: seen there before it is said here, and never by halves.

use std::time::Duration;

use griot_app::Code;
use griot_networks::Error;
use griot_tests::fake::Mishap;
use griot_tests::folder::copy;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const MINUTE: Duration = Duration::from_secs(60);
const SECONDS: Duration = Duration::from_secs(5);
const HOUR: Duration = Duration::from_secs(3600);

/// A post that is live on Mastodon.
fn live() -> (TestStudio, String) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t.post(json!({ "text": "once", "to": ["mastodon"] })).remove(0);
    t.work();
    assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
    (t, id)
}

fn edit(t: &TestStudio, id: &str, text: &str) {
    t.ok("deliveries.edit", json!({ "id": id, "text": text }));
}

fn count(t: &TestStudio, what: &str) -> usize {
    t.mastodon.calls().iter().filter(|call| **call == what).count()
}

fn last_try(view: &Value) -> (String, String) {
    let tried = view["attempts"].as_array().and_then(|all| all.last()).cloned().unwrap_or_default();
    let word = |name: &str| tried[name].as_str().unwrap_or_default().to_owned();
    (word("op"), word("outcome"))
}

fn pair(op: &str, outcome: &str) -> (String, String) {
    (op.to_owned(), outcome.to_owned())
}

#[test]
fn a_correction_is_sent_once_and_read_back() {
    let (t, id) = live();
    edit(&t, &id, "twice");
    assert_eq!(t.delivery(&id)["wish"], "edit");
    assert_eq!(t.mastodon.live(), ["once"], "nothing leaves before the outbox is worked");
    t.work();
    let view = t.delivery(&id);
    assert_eq!(t.mastodon.live(), ["twice"]);
    assert_eq!((&view["state"], &view["live"]["text"]), (&json!("published"), &json!("twice")));
    assert!(view["wish"].is_null() && view["live"]["edited_at"].is_string(), "{view}");
    assert_eq!((view["title"].as_str(), last_try(&view)), (Some("twice"), pair("edit", "edited")));
    assert_eq!(count(&t, "edit"), 1);
    assert!(t.mastodon.calls().ends_with(&["edit", "sight"]), "the answer to the call is not the proof");
    let again = t.refused("deliveries.edit", json!({ "id": id, "text": "twice" }));
    assert!(again.message.contains("says that already"), "{again:?}");
}

#[test]
fn a_lost_answer_to_a_correction_is_settled_by_reading_the_text() {
    for (mishap, calls) in [(Mishap::AnswerLost, 1), (Mishap::CallLost, 2)] {
        let (t, id) = live();
        t.mastodon.next(mishap.clone());
        edit(&t, &id, "twice");
        t.work();
        t.pass(5 * MINUTE, SECONDS);
        assert_eq!(t.mastodon.live(), ["twice"], "{mishap:?}");
        assert_eq!(t.delivery(&id)["live"]["text"], "twice", "{mishap:?}");
        assert_eq!(count(&t, "edit"), calls, "{mishap:?}");
    }
}

#[test]
fn what_is_deleted_is_gone_there_and_kept_here() {
    let (t, id) = live();
    t.ok("deliveries.delete", json!({ "id": id }));
    assert_eq!(t.states(), ["published"], "it is live until the network has removed it");
    t.work();
    let view = t.delivery(&id);
    assert_eq!((t.states(), t.mastodon.live().len()), (vec!["deleted".into()], 0));
    assert!(view["live"]["deleted_at"].is_string(), "{view}");
    assert_eq!((view["live"]["text"].as_str(), view["reason"].as_str()), (Some("once"), None));
    assert_eq!(last_try(&view), pair("delete", "deleted"));
    assert!(t.mastodon.calls().ends_with(&["delete", "sight"]));
    assert_eq!(t.refused("deliveries.delete", json!({ "id": id })).code, Code::NotNow);
    // Its words go out anew as a post of their own.
    let draft = t.ask("deliveries.copy", json!({ "id": id }));
    assert_eq!(draft["content"]["text"], "once", "{draft}");
    t.ok("posts.schedule", json!({ "post": draft["post"]["id"], "to": ["mastodon"] }));
    t.work();
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_lost_answer_to_a_deletion_is_settled_by_asking_whether_it_is_there() {
    for (mishap, calls) in [(Mishap::AnswerLost, 1), (Mishap::CallLost, 2)] {
        let (t, id) = live();
        t.mastodon.next(mishap.clone());
        t.ok("deliveries.delete", json!({ "id": id }));
        t.work();
        assert_eq!(t.states(), ["published"], "{mishap:?}: one look is no proof after a lost answer");
        t.pass(5 * MINUTE, SECONDS);
        assert_eq!((t.states(), t.mastodon.live().len()), (vec!["deleted".into()], 0), "{mishap:?}");
        assert_eq!(count(&t, "delete"), calls, "{mishap:?}");
    }
}

#[test]
fn a_server_that_still_shows_it_after_its_yes_is_not_believed_at_once() {
    let (t, id) = live();
    t.ok("deliveries.delete", json!({ "id": id }));
    t.mastodon.stale_looks(2);
    t.work();
    assert_eq!(t.states(), ["published"], "it was still seen");
    t.pass(5 * MINUTE, SECONDS);
    assert_eq!(t.states(), ["deleted"]);
}

#[test]
fn a_network_that_never_shows_the_effect_is_a_persons_to_look_at() {
    let (t, id) = live();
    t.mastodon.stale_looks(1000);
    t.ok("deliveries.delete", json!({ "id": id }));
    t.work();
    t.pass(30 * MINUTE, SECONDS);
    let view = t.delivery(&id);
    assert_eq!((view["state"].as_str(), view["wish"].as_str()), (Some("published"), None), "{view}");
    let reason = view["reason"].as_str().unwrap_or_default();
    assert!(reason.contains("Nobody knows") && reason.contains("https://fake.example/0"), "{reason}");
    assert_eq!((last_try(&view), count(&t, "delete")), (pair("delete", "unknown"), 3));
}

#[test]
fn without_a_way_out_it_waits_and_is_done_when_there_is_one() {
    let (t, id) = live();
    t.mastodon.down(Some(Error::Offline("no route".into())));
    edit(&t, &id, "twice");
    t.pass(4 * HOUR, 10 * MINUTE);
    let view = t.delivery(&id);
    assert_eq!((view["wish"].as_str(), view["live"]["waits"].as_str()), (Some("edit"), Some("network")));
    assert_eq!(view["attempts"].as_array().map_or(0, Vec::len), 1, "hours without a network are no tries");
    t.mastodon.down(None);
    t.pass(5 * MINUTE, SECONDS);
    assert_eq!((t.mastodon.live(), count(&t, "edit")), (vec!["twice".to_owned()], 1));
}

#[test]
fn what_has_not_left_can_be_called_off_or_asked_otherwise() {
    let (t, id) = live();
    edit(&t, &id, "twice");
    t.ok("deliveries.leave", json!({ "id": id }));
    t.work();
    assert_eq!((t.mastodon.live(), count(&t, "edit")), (vec!["once".to_owned()], 0));
    assert!(t.delivery(&id)["wish"].is_null());
    assert_eq!(t.refused("deliveries.leave", json!({ "id": id })).code, Code::NotNow);
    t.ok("deliveries.delete", json!({ "id": id }));
    edit(&t, &id, "thrice");
    t.work();
    assert_eq!(
        (t.mastodon.live(), count(&t, "delete")),
        (vec!["thrice".to_owned()], 0),
        "the last word counts"
    );
}

#[test]
fn what_is_gone_already_is_said_to_be_gone() {
    let (t, id) = live();
    t.mastodon.remove_all();
    t.ok("deliveries.delete", json!({ "id": id }));
    t.work();
    t.pass(2 * MINUTE, SECONDS);
    let view = t.delivery(&id);
    assert_eq!((view["state"].as_str(), count(&t, "delete")), (Some("deleted"), 0));
    assert!(
        view["reason"].as_str().is_some_and(|r| r.contains("somebody had removed it there already")),
        "{view}"
    );
    let (t, id) = live();
    t.mastodon.remove_all();
    edit(&t, &id, "twice");
    t.work();
    t.pass(2 * MINUTE, SECONDS);
    let view = t.delivery(&id);
    assert_eq!((view["state"].as_str(), count(&t, "edit")), (Some("deleted"), 0), "{view}");
    assert!(view["reason"].as_str().is_some_and(|r| r.contains("nothing left to correct")), "{view}");
}

#[test]
fn a_refusal_leaves_it_as_it_was_and_says_why_and_where() {
    let (t, id) = live();
    t.mastodon.next(Mishap::Refuse(Error::Permission("not yours (403)".into())));
    edit(&t, &id, "twice");
    t.work();
    let view = t.delivery(&id);
    let reason = view["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason.contains("The text was not changed on Mastodon"), "{reason}");
    assert!(reason.contains("https://fake.example/0"), "where a person can do it: {reason}");
    assert_eq!((t.mastodon.live(), view["live"]["asked"].as_str()), (vec!["once".to_owned()], Some("twice")));
    assert_eq!((view["state"].as_str(), last_try(&view)), (Some("published"), pair("edit", "refused")));
}

#[test]
fn a_token_that_is_refused_stops_the_account_and_not_the_wish() {
    let (t, id) = live();
    t.mastodon.next(Mishap::Refuse(Error::Auth("revoked (401)".into())));
    t.ok("deliveries.delete", json!({ "id": id }));
    t.work();
    let view = t.delivery(&id);
    assert_eq!((view["wish"].as_str(), view["live"]["waits"].as_str()), (Some("delete"), Some("account")));
    assert_eq!(t.ask("accounts.list", json!({}))["accounts"][1]["state"], "reconnect");
    let account = t.ask("accounts.list", json!({}))["accounts"][1]["id"].clone();
    t.ok("accounts.check", json!({ "id": account }));
    t.pass(10 * MINUTE, MINUTE);
    assert_eq!(t.states(), ["deleted"]);
}

#[test]
fn too_many_requests_are_waited_out() {
    let (t, id) = live();
    let until = Some(griot_domain::Clock::now(&*t.clock).plus(10 * MINUTE));
    t.mastodon.next(Mishap::Refuse(Error::RateLimited { until }));
    t.ok("deliveries.delete", json!({ "id": id }));
    t.work();
    assert_eq!((t.delivery(&id)["live"]["waits"].as_str(), count(&t, "delete")), (Some("rate"), 1));
    t.pass(8 * MINUTE, MINUTE);
    assert_eq!(count(&t, "delete"), 1);
    t.pass(10 * MINUTE, MINUTE);
    assert_eq!((t.states(), count(&t, "delete")), (vec!["deleted".to_owned()], 2));
}

#[test]
fn a_network_that_cannot_be_asked_is_quoted() {
    let (t, id) = live();
    t.mastodon.blind();
    edit(&t, &id, "twice");
    t.work();
    let view = t.delivery(&id);
    assert_eq!(view["live"]["text"], "twice");
    assert!(
        view["reason"].as_str().is_some_and(|r| r.contains("answered that the text is changed")),
        "{view}"
    );
    t.ok("deliveries.delete", json!({ "id": id }));
    t.work();
    let view = t.delivery(&id);
    assert_eq!(view["state"], "deleted");
    assert!(view["reason"].as_str().is_some_and(|r| r.contains("cannot be checked")), "{view}");
}

#[test]
fn what_the_rules_refuse_is_not_asked_for_and_what_a_network_cannot_do_is_said() {
    let (t, id) = live();
    let long = t.refused("deliveries.edit", json!({ "id": id, "text": "x".repeat(501) }));
    assert_eq!(long.code, Code::Refused, "{long:?}");
    let dry = t.ask("deliveries.edit", json!({ "id": id, "text": "twice", "dry_run": true }));
    assert!(dry["delivery"]["wish"].is_null(), "it was only asked whether it could be");
    t.ok("deliveries.delete", json!({ "id": id, "dry_run": true }));
    t.work();
    assert_eq!(t.mastodon.live(), ["once"]);

    let blue = t.post(json!({ "text": "blue", "to": ["bluesky"] })).remove(0);
    let early = t.refused("deliveries.delete", json!({ "id": blue }));
    assert_eq!(early.code, Code::NotNow, "it is not live yet");
    t.work();
    let error = t.refused("deliveries.edit", json!({ "id": blue, "text": "green" }));
    assert!(error.message.contains("Bluesky lets nobody correct"), "{error:?}");
    assert!(error.hint.contains("Delete it"), "what a person does there instead: {error:?}");
    let view = t.delivery(&blue);
    let actions: Vec<_> =
        view["actions"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    assert_eq!(actions, ["copy", "delete"], "what cannot be done is not offered");
    assert!(view["live"]["notes"][0].as_str().is_some_and(|n| n.contains("lets nobody correct")), "{view}");
}

#[test]
fn a_copy_of_the_workspace_forgets_what_was_asked_and_can_ask_itself() {
    let (t, id) = live();
    t.ok("deliveries.delete", json!({ "id": id }));
    copy(&t.home.path().join("workspace"), &t.home.path().join("copy"));
    let c = t.at("copy", "app");
    c.work();
    assert_eq!((c.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
    let view = c.delivery(&id);
    assert!(
        view["wish"].is_null() && view["reason"].as_str().is_some_and(|r| r.contains("forgotten")),
        "{view}"
    );
    assert_eq!((count(&t, "sight"), count(&t, "delete")), (0, 0), "a copy touches nothing");
    edit(&c, &id, "from the copy");
    c.work();
    c.work();
    assert_eq!(t.mastodon.live(), ["from the copy"]);
    // The copy has taken the outbox over: what was asked in the original is forgotten there, too.
    t.work();
    assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["from the copy".into()]));
    assert!(t.delivery(&id)["wish"].is_null());
}

#[test]
fn what_follows_a_deleted_post_is_called_off() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let variants = json!({ "mastodon": { "fields": { "first_comment": "and more" } } });
    let ids = t.post(json!({ "text": "once", "to": ["mastodon"], "variants": variants }));
    t.mastodon.next(Mishap::AnswerLost);
    t.work();
    t.pass(5 * MINUTE, SECONDS);
    assert_eq!(t.mastodon.live(), ["once", "and more"]);
    // The comment is a post of its own: it is corrected and deleted by itself.
    edit(&t, &ids[1], "and less");
    t.ok("deliveries.delete", json!({ "id": ids[0] }));
    t.work();
    assert_eq!(t.mastodon.live(), ["and less"]);
}
