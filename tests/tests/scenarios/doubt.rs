//! The answer to the visible call is lost: the network is asked before anything is sent again.

use std::time::Duration;

use griot_networks::Error;
use griot_tests::fake::Mishap;
use griot_tests::studio::TestStudio;
use serde_json::json;

/// What Mastodon's rules give it after a lost answer, twice over.
const SETTLE: Duration = Duration::from_secs(140);

fn posted() -> (TestStudio, String) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t.post(json!({ "text": "once", "to": ["mastodon"] })).remove(0);
    (t, id)
}

#[test]
fn a_lost_answer_is_found_by_asking_and_nothing_is_sent_again() {
    let (t, id) = posted();
    t.mastodon.next(Mishap::AnswerLost);
    t.work();
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
    assert_eq!(t.mastodon.calls().iter().filter(|c| **c == "commit").count(), 1);
    assert_eq!(t.delivery(&id)["url"], "https://fake.example/0");
}

#[test]
fn a_lost_call_is_sent_again_only_after_two_absences_and_the_settle_time() {
    let (t, _) = posted();
    t.mastodon.ignores_keys();
    t.mastodon.next(Mishap::CallLost);
    t.work();
    assert_eq!(t.states(), ["publishing"]);
    assert_eq!(t.mastodon.live().len(), 0, "not yet: the server may still be committing");
    t.pass(Duration::from_secs(5), Duration::from_secs(1));
    assert_eq!(t.mastodon.live().len(), 0);
    t.pass(SETTLE, Duration::from_secs(1));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_list_that_lags_does_not_make_a_second_post_on_a_server_that_ignores_the_key() {
    let (t, _) = posted();
    t.mastodon.ignores_keys();
    t.mastodon.stale(1);
    t.mastodon.next(Mishap::AnswerLost);
    t.work();
    assert_eq!(t.states(), ["publishing"]);
    t.pass(SETTLE, Duration::from_secs(1));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn what_no_probe_can_tell_is_a_persons_to_say() {
    let (t, id) = posted();
    t.mastodon.blind();
    t.mastodon.next(Mishap::CallLost);
    t.work();
    assert_eq!(t.states(), ["publishing"], "who looked now might see nothing of what is on its way");
    t.pass(SETTLE, Duration::from_secs(10));
    assert_eq!(t.states(), ["unknown"]);
    t.pass(Duration::from_secs(3600), Duration::from_secs(600));
    assert_eq!(t.states(), ["unknown"], "it is never sent again by itself");
    assert!(t.delivery(&id)["reason"].as_str().is_some_and(|r| r.contains("answer was lost")));
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn doubt_is_said_in_the_persons_language_and_the_journal_keeps_what_was_said() {
    let (t, id) = posted();
    t.ok("settings.set", json!({ "key": "language", "value": "fr" }));
    t.mastodon.blind();
    t.mastodon.next(Mishap::CallLost);
    t.work();
    t.pass(SETTLE, Duration::from_secs(10));
    assert_eq!(
        t.delivery(&id)["reason"],
        "La réponse s\u{2019}est perdue. Regardez le compte avant de renvoyer."
    );
    let tried = t.delivery(&id)["attempts"].clone();
    assert_eq!(tried[0]["detail"], "Le réseau ne permet pas de savoir si elle est en ligne.", "{tried}");

    let refused = t.post(json!({ "text": "twice", "to": ["bluesky"] })).remove(0);
    t.bluesky.next(Mishap::Refuse(Error::Permission("read only".into())));
    t.work();
    let tried = t.delivery(&refused)["attempts"].clone();
    assert_eq!(
        tried[0]["detail"],
        "Bluesky n\u{2019}autorise pas cela à ce compte. Sa réponse\u{a0}: «\u{a0}read only\u{a0}».",
        "{tried}"
    );
    let file = t.home.path().join("evidence.json");
    t.ok("journal.export", json!({ "file": file }));
    let evidence = std::fs::read_to_string(file).expect("the journal");
    assert!(evidence.contains("the identity may not do this: read only"), "{evidence}");
}

#[test]
fn a_person_confirms_what_is_live_and_gives_its_address() {
    let (t, id) = posted();
    t.mastodon.blind();
    t.mastodon.next(Mishap::AnswerLost);
    t.work();
    t.pass(SETTLE, Duration::from_secs(10));
    t.ok("deliveries.confirm", json!({ "id": id, "url": "https://fake.example/found" }));
    assert_eq!(t.states(), ["published"]);
    t.work();
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_comment_never_goes_out_alone_after_a_post_that_was_confirmed_by_hand() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.mastodon.blind();
    t.mastodon.next(Mishap::AnswerLost);
    let ids = t.post(json!({
        "text": "once", "to": ["mastodon"],
        "variants": { "mastodon": { "fields": { "first_comment": "and a link" } } },
    }));
    t.work();
    t.pass(SETTLE, Duration::from_secs(10));
    t.ok("deliveries.confirm", json!({ "id": ids[0], "url": "https://fake.example/found" }));
    t.work();
    assert_eq!(t.mastodon.live(), ["once"], "a comment that answers nothing is not sent");
    let comment = t.delivery(&ids[1]);
    assert_eq!(comment["state"], "failed");
    assert!(comment["reason"].as_str().is_some_and(|r| r.contains("confirmed by hand")), "{comment}");
    t.ok("deliveries.confirm", json!({ "id": ids[1] }));
    assert_eq!(t.states(), ["published", "published"]);
}

#[test]
fn a_doubt_from_before_a_day_offline_waits_out_its_settle_time_in_one_run() {
    let (t, id) = posted();
    t.mastodon.next(Mishap::CallLost);
    t.fail_at("outbox.probed", std::io::ErrorKind::Other);
    t.work();
    t.mend();
    t.mastodon.down(Some(Error::Offline("no route".into())));
    t.pass(Duration::from_secs(120), Duration::from_secs(30));
    assert_eq!(t.states(), ["waiting(network)"]);
    t.mastodon.down(None);
    t.pass(Duration::from_secs(60), Duration::from_secs(60));
    assert_eq!(t.delivery(&id)["waiting_for"], "backoff", "not the network any more: it answered");
    t.pass(SETTLE, Duration::from_secs(1));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_refusal_is_not_a_doubt_and_says_why() {
    let (t, id) = posted();
    t.mastodon.next(Mishap::Refuse(Error::Content("Validation failed".into())));
    t.work();
    assert_eq!(t.states(), ["failed"]);
    let view = t.delivery(&id);
    assert_eq!(view["failed"], "content");
    assert!(view["reason"].as_str().is_some_and(|r| r.contains("Validation failed")));
    assert_eq!(t.mastodon.calls().iter().filter(|c| **c == "probe").count(), 0);
}

#[test]
fn going_offline_between_the_call_and_the_question_keeps_the_doubt() {
    let (t, _) = posted();
    t.mastodon.next(Mishap::AnswerLost);
    t.fail_at("outbox.probed", std::io::ErrorKind::Other);
    t.work();
    t.mend();
    t.mastodon.down(Some(Error::Offline("no route".into())));
    t.pass(Duration::from_secs(7200), Duration::from_secs(60));
    assert_eq!(t.states(), ["waiting(network)"]);
    t.mastodon.down(None);
    t.fail_at("outbox.probed", std::io::ErrorKind::Other);
    t.pass(Duration::from_secs(300), Duration::from_secs(20));
    assert_ne!(t.states(), ["failed"], "a machine that fails while asking ends no doubt");
    t.mend();
    t.pass(Duration::from_secs(120), Duration::from_secs(10));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
    assert_eq!(t.mastodon.calls().iter().filter(|c| **c == "commit").count(), 1);
}

#[test]
fn another_time_for_what_may_be_live_asks_first_and_a_called_off_doubt_is_not_undone() {
    let (t, id) = posted();
    t.mastodon.ignores_keys();
    t.mastodon.stale(1000);
    t.mastodon.next(Mishap::AnswerLost);
    t.mastodon.next(Mishap::Refuse(Error::Content("no".into())));
    t.work();
    t.pass(SETTLE, Duration::from_secs(1));
    t.mastodon.stale(0);
    t.ok("deliveries.move", json!({ "id": id, "at": "2026-12-01T12:00" }));
    t.pass(Duration::from_secs(5 * 3600), Duration::from_secs(1800));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);

    let other = t.post(json!({ "text": "perhaps", "to": ["mastodon"] })).remove(0);
    t.mastodon.blind();
    t.mastodon.next(Mishap::AnswerLost);
    t.work();
    t.pass(SETTLE, Duration::from_secs(10));
    t.ok("deliveries.cancel", json!({ "id": other }));
    let undone = t.call("edit.undo", json!({}));
    assert!(
        undone.is_err() || undone.is_ok_and(|u| u["op"] != "cancel_delivery"),
        "a doubt is not written again"
    );
    t.work();
    assert_eq!(t.mastodon.live(), ["once", "perhaps"]);
}

#[test]
fn a_retry_after_a_doubt_that_was_called_off_asks_first() {
    let (t, id) = posted();
    t.mastodon.ignores_keys();
    t.mastodon.stale(1000);
    t.mastodon.next(Mishap::AnswerLost);
    t.mastodon.next(Mishap::Refuse(Error::Content("said no the second time".into())));
    t.work();
    t.pass(SETTLE, Duration::from_secs(1));
    assert_eq!(t.states(), ["failed"], "two absences that were wrong, then a refusal");
    t.mastodon.stale(0);
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!(t.states(), ["published"], "the retry asks before it sends, and finds the first one");
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_call_that_never_left_is_sent_when_there_is_a_way_out() {
    let (t, _) = posted();
    t.mastodon.next(Mishap::Refuse(Error::Offline("refused".into())));
    t.work();
    assert_eq!(t.states(), ["waiting(network)"]);
    t.pass(Duration::from_secs(60), Duration::from_secs(10));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_rate_limit_on_the_visible_call_is_waited_for_and_asked_about_first() {
    let (t, _) = posted();
    let until = griot_domain::Clock::now(t.clock.as_ref()).plus(Duration::from_secs(300));
    t.mastodon.next(Mishap::Refuse(Error::RateLimited { until: Some(until) }));
    t.work();
    assert_eq!(t.states(), ["waiting(rate)"]);
    t.pass(Duration::from_secs(290), Duration::from_secs(10));
    assert_eq!(t.mastodon.live().len(), 0);
    t.pass(Duration::from_secs(60), Duration::from_secs(5));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
}
