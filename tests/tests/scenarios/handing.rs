//! A post is given to its network with its date: read back, moved, taken back, and never live twice.

use std::time::Duration;

use griot_app::Code;
use griot_networks::Error;
use griot_tests::fake::Mishap;
use griot_tests::folder::copy;
use griot_tests::studio::TestStudio;
use serde_json::json;

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(3600);
/// It is eight o'clock; the post is for ten.
const TEN: &str = "2026-12-01T10:00";
const AT_TEN: &str = "2026-12-01T10:00:00.000Z";

fn scheduled() -> (TestStudio, String) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t.post(json!({ "text": "once", "to": ["mastodon"], "at": TEN })).remove(0);
    (t, id)
}

/// A post that the network keeps and that was read back.
fn given() -> (TestStudio, String) {
    let (t, id) = scheduled();
    t.ok("deliveries.hand_over", json!({ "id": id }));
    t.work();
    t.pass(MINUTE, Duration::from_secs(10));
    assert_eq!(t.states(), ["handed_over"]);
    (t, id)
}

fn kept_at(at: &str) -> Vec<(String, String)> {
    vec![("once".to_owned(), at.to_owned())]
}

#[test]
fn what_is_given_is_read_back_shown_apart_and_published_by_the_network() {
    let (t, id) = given();
    assert_eq!(t.mastodon.kept(), kept_at(AT_TEN));
    let queue = t.ask("deliveries.list", json!({}));
    assert_eq!(queue["deliveries"][0]["group"], "kept", "{queue}");
    assert_eq!(queue["deliveries"][0]["kept_at"], AT_TEN);
    assert_eq!(queue["counts"]["kept"], 1);
    assert_eq!(queue["counts"]["coming"], 0);
    let tried = t.delivery(&id)["attempts"].clone();
    assert_eq!((&tried[0]["op"], &tried[0]["outcome"]), (&json!("hand_over"), &json!("kept")), "{tried}");
    assert!(t.mastodon.calls().ends_with(&["probe"]), "the answer to the call is not the proof");
    t.pass(3 * HOUR, 10 * MINUTE);
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.mastodon.live(), ["once"]);
    assert!(!t.mastodon.calls().contains(&"commit"), "nothing was published from here");
    assert_eq!(t.delivery(&id)["url"], "https://fake.example/0");
}

#[test]
fn a_lost_answer_to_giving_is_found_by_asking() {
    for mishap in [Mishap::AnswerLost, Mishap::CallLost] {
        let (t, id) = scheduled();
        t.mastodon.next(mishap.clone());
        t.ok("deliveries.hand_over", json!({ "id": id }));
        t.work();
        t.pass(5 * MINUTE, Duration::from_secs(10));
        assert_eq!(t.states(), ["handed_over"], "{mishap:?}");
        assert_eq!(t.mastodon.kept(), kept_at(AT_TEN), "{mishap:?}");
        t.pass(3 * HOUR, 10 * MINUTE);
        assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
    }
}

#[test]
fn another_time_is_given_to_the_network_even_when_its_answer_is_lost() {
    for mishap in [None, Some(Mishap::AnswerLost), Some(Mishap::CallLost)] {
        let (t, id) = given();
        if let Some(mishap) = mishap.clone() {
            t.mastodon.next(mishap);
        }
        t.ok("deliveries.move", json!({ "id": id, "at": "2026-12-01T12:00" }));
        assert_eq!(t.delivery(&id)["wish"], "move");
        t.work();
        t.pass(10 * MINUTE, Duration::from_secs(10));
        assert_eq!(t.states(), ["handed_over"], "{mishap:?}");
        assert_eq!(t.mastodon.kept(), kept_at("2026-12-01T12:00:00.000Z"), "{mishap:?}");
        t.pass(3 * HOUR, 10 * MINUTE);
        assert!(t.mastodon.live().is_empty(), "not at its old time");
        t.pass(2 * HOUR, 10 * MINUTE);
        assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
    }
}

#[test]
fn what_is_taken_back_leaves_from_here_once_even_when_the_answer_is_lost() {
    for mishap in [None, Some(Mishap::AnswerLost), Some(Mishap::CallLost)] {
        let (t, id) = given();
        if let Some(mishap) = mishap.clone() {
            t.mastodon.next(mishap);
        }
        t.ok("deliveries.withdraw", json!({ "id": id }));
        t.work();
        t.pass(10 * MINUTE, Duration::from_secs(10));
        assert_eq!(t.states(), ["scheduled"], "{mishap:?}");
        assert!(t.mastodon.kept().is_empty(), "{mishap:?}");
        assert_eq!(t.delivery(&id)["due"], AT_TEN, "it keeps its time");
        t.pass(3 * HOUR, 10 * MINUTE);
        assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
        assert!(t.mastodon.calls().contains(&"commit"), "published from here");
    }
}

#[test]
fn what_is_called_off_is_taken_back_first() {
    for mishap in [None, Some(Mishap::AnswerLost), Some(Mishap::CallLost)] {
        let (t, id) = given();
        if let Some(mishap) = mishap {
            t.mastodon.next(mishap);
        }
        t.ok("deliveries.cancel", json!({ "id": id }));
        assert_eq!(t.states(), ["handed_over"], "the network has not given it back yet");
        t.work();
        t.pass(10 * MINUTE, Duration::from_secs(10));
        assert_eq!(t.states(), ["cancelled"]);
        t.pass(3 * HOUR, 10 * MINUTE);
        assert!(t.mastodon.kept().is_empty() && t.mastodon.live().is_empty());
    }
}

#[test]
fn a_network_that_cannot_be_reached_publishes_what_it_keeps_and_nothing_leaves_from_here() {
    let (t, id) = given();
    t.mastodon.down(Some(Error::Offline("no route".into())));
    t.ok("deliveries.cancel", json!({ "id": id }));
    t.pass(4 * HOUR, 10 * MINUTE);
    assert_eq!(t.states(), ["handed_over"], "nobody can say yet");
    let tried = t.delivery(&id)["attempts"].as_array().map_or(0, Vec::len);
    assert_eq!(tried, 1, "hours without a network are no tries");
    t.mastodon.down(None);
    t.pass(HOUR, MINUTE);
    assert_eq!(t.states(), ["published"], "the truth is said: it is live");
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn what_somebody_took_back_on_the_networks_own_pages_is_taken_back() {
    let (t, id) = given();
    t.mastodon.forget_kept();
    t.ok("deliveries.cancel", json!({ "id": id }));
    t.work();
    t.pass(5 * MINUTE, Duration::from_secs(10));
    assert_eq!(t.states(), ["cancelled"]);
    assert!(!t.mastodon.calls().contains(&"withdraw"), "there was nothing left to ask for");
}

#[test]
fn a_post_that_vanished_from_the_network_is_a_persons_to_decide() {
    let (t, id) = given();
    t.mastodon.forget_kept();
    t.pass(4 * HOUR, 10 * MINUTE);
    assert_eq!(t.states(), ["unknown"]);
    let reason = t.delivery(&id)["reason"].clone();
    assert!(reason.as_str().is_some_and(|r| r.contains("removed there")), "{reason}");
    assert!(t.mastodon.live().is_empty(), "who took it away there may have meant it");
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
}

#[test]
fn what_did_not_get_there_in_time_leaves_from_here_on_time() {
    let (t, id) = scheduled();
    t.mastodon.down(Some(Error::Offline("no route".into())));
    t.ok("deliveries.hand_over", json!({ "id": id }));
    t.pass(115 * MINUTE, MINUTE);
    t.mastodon.down(None);
    t.pass(10 * MINUTE, MINUTE);
    assert_eq!((t.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
    assert!(t.mastodon.kept().is_empty() && !t.mastodon.calls().contains(&"hand_over"));
}

#[test]
fn what_was_given_can_neither_be_edited_nor_undone_here() {
    let (t, id) = given();
    let post = t.delivery(&id)["post"].clone();
    let content = json!({ "text": "other words", "media": [], "variants": {} });
    t.ok("posts.save", json!({ "post": post, "content": content }));
    let error = t.refused("posts.confirm", json!({ "post": post }));
    assert_eq!(error.code, Code::NotNow);
    assert!(error.hint.contains("Take it back first"), "{error:?}");
    assert_eq!(t.refused("deliveries.hand_over", json!({ "id": id })).code, Code::NotNow);
    assert_eq!(t.mastodon.kept(), kept_at(AT_TEN));
}

#[test]
fn everything_of_the_coming_days_is_given_in_one_go_and_the_rest_says_why_not() {
    let (t, first) = scheduled();
    let post = |text: &str, at: &str| t.post(json!({ "text": text, "to": ["mastodon"], "at": at })).remove(0);
    let tomorrow = post("tomorrow", "2026-12-02T09:00");
    let next_month = post("next month", "2027-01-02T09:00");
    let soon = post("soon", "2026-12-01T08:04");
    let elsewhere = t.post(json!({ "text": "blue", "to": ["bluesky"], "at": TEN })).remove(0);
    let asked = t.ask("deliveries.hand_over_all", json!({ "days": 7, "dry_run": true }));
    assert_eq!(asked["given"].as_array().map(Vec::len), Some(2), "{asked}");
    assert!(t.mastodon.kept().is_empty() && t.delivery(&first)["wish"].is_null(), "it was only asked");
    let done = t.ask("deliveries.hand_over_all", json!({ "days": 7 }));
    assert_eq!(done["given"], asked["given"]);
    let left: Vec<_> = done["left"].as_array().into_iter().flatten().collect();
    let why = |id: &str| {
        let line = left.iter().find(|line| line["id"] == id).expect("a line");
        line["reason"].as_str().unwrap_or_default().to_owned()
    };
    assert!(why(&soon).contains("too near"), "{}", why(&soon));
    assert!(why(&elsewhere).contains("keeps no date"), "{}", why(&elsewhere));
    assert!(!left.iter().any(|line| line["id"] == next_month), "not within the coming days");
    t.work();
    assert_eq!(t.mastodon.kept().len(), 2);
    assert_eq!(t.delivery(&tomorrow)["state"], "handed_over");
    assert_eq!(t.refused("deliveries.hand_over_all", json!({ "days": 0 })).code, Code::BadRequest);
    t.pass(10 * MINUTE, MINUTE);
    t.pass(72 * HOUR, HOUR);
    let mut live = t.mastodon.live();
    live.sort();
    assert_eq!(live, ["once", "soon", "tomorrow"]);
}

#[test]
fn a_copy_of_the_workspace_takes_nothing_back_and_sends_nothing() {
    let (t, id) = given();
    t.ok("deliveries.withdraw", json!({ "id": id }));
    copy(&t.home.path().join("workspace"), &t.home.path().join("copy"));
    let c = t.at("copy", "app");
    c.work();
    assert_eq!(c.states(), ["handed_over"], "the network keeps it; a copy touches nothing");
    assert_eq!(t.mastodon.kept(), kept_at(AT_TEN));
    t.work();
    t.pass(MINUTE, Duration::from_secs(10));
    assert_eq!(t.states(), ["scheduled"]);
    t.pass(3 * HOUR, 10 * MINUTE);
    c.work();
    assert_eq!((t.states(), c.states()), (vec!["published".into()], vec!["published".into()]));
    assert_eq!(t.mastodon.live(), ["once"]);
}

#[test]
fn a_backup_from_before_it_was_given_finds_it_with_the_network() {
    let (t, id) = scheduled();
    let file = t.home.path().join("before.griot");
    t.ok("workspace.backup", json!({ "file": file }));
    t.ok("deliveries.hand_over", json!({ "id": id }));
    t.work();
    let restored = t.at("restored", "app");
    restored.ok("workspace.restore", json!({ "file": file }));
    restored.work();
    assert_eq!(restored.states(), ["handed_over"], "it is not given or sent a second time");
    restored.pass(3 * HOUR, 10 * MINUTE);
    assert_eq!((restored.states(), t.mastodon.live()), (vec!["published".into()], vec!["once".into()]));
}
