//! What a doubt rests on: the time that a server is given after its answer was given up, how late it shows what it has,
//! and how long trouble lasts.

use std::time::Duration;

use griot_networks::Error;
use griot_tests::fake::Mishap;
use griot_tests::studio::TestStudio;
use serde_json::json;

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_secs(60);

fn posted(network: &str) -> (TestStudio, String) {
    let t = TestStudio::new();
    let _ = t.accounts();
    let id = t.post(json!({ "text": "once", "to": [network] })).remove(0);
    (t, id)
}

fn commits(t: &TestStudio) -> usize {
    t.mastodon.calls().iter().filter(|call| **call == "commit").count()
}

#[test]
fn a_server_that_commits_late_and_lists_late_gets_one_post() {
    for (commits_after, lists_after) in [(5, 0), (25, 0), (40, 20), (75, 30), (90, 30)] {
        let (t, _) = posted("mastodon");
        t.mastodon.ignores_keys();
        t.mastodon.lists_late(Duration::from_secs(lists_after));
        t.mastodon.next(Mishap::Late(Duration::from_secs(commits_after)));
        t.work();
        t.pass(5 * MINUTE, SECOND);
        let said = format!("committed after {commits_after} s, shown {lists_after} s later");
        assert_eq!(
            (t.mastodon.live(), t.states()),
            (vec!["once".into()], vec!["published".into()]),
            "{said}"
        );
        assert_eq!(commits(&t), 1, "{said}");
    }
}

#[test]
fn a_first_comment_that_the_server_takes_up_late_is_one_comment() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let _ = t.post(json!({
        "text": "once", "to": ["mastodon"],
        "variants": { "mastodon": { "fields": { "first_comment": "and a link" } } },
    }));
    t.mastodon.ignores_keys();
    t.mastodon.next(Mishap::Late(40 * SECOND));
    t.mastodon.next(Mishap::Late(80 * SECOND));
    t.work();
    t.pass(10 * MINUTE, SECOND);
    assert_eq!(t.mastodon.live(), ["once", "and a link"]);
    assert_eq!((t.states(), commits(&t)), (vec!["published".into(); 2], 2));
}

#[test]
fn after_a_failure_that_the_server_itself_told_the_wait_is_shorter_than_after_silence() {
    let sent_again = |mishap: Mishap| {
        let (t, _) = posted("mastodon");
        t.mastodon.next(mishap);
        t.work();
        (0..600_u32).find(|_| {
            t.pass(SECOND, SECOND);
            commits(&t) == 2
        })
    };
    let told = sent_again(Mishap::Refuse(Error::Failed("database is locked".into())));
    let silence = sent_again(Mishap::CallLost);
    assert!(told.is_some_and(|told| silence.is_some_and(|silence| told < silence)), "{told:?} {silence:?}");
}

#[test]
fn the_time_counts_from_the_moment_the_answer_was_given_up_and_not_from_the_call() {
    let (t, _) = posted("mastodon");
    t.mastodon.ignores_keys();
    // The program stops while the server holds the call; it is started again an hour later, when the server is slow.
    t.fail_at("outbox.answered", std::io::ErrorKind::Other);
    t.mastodon.next(Mishap::CallLost);
    t.work();
    t.mend();
    t.clock.advance(60 * MINUTE);
    t.work();
    t.pass(60 * SECOND, SECOND);
    assert_eq!(commits(&t), 1, "an hour without a look proves nothing");
    t.pass(3 * MINUTE, SECOND);
    assert_eq!((commits(&t), t.mastodon.live()), (2, vec!["once".into()]));
}

#[test]
fn trouble_for_46_seconds_costs_seconds_and_not_a_quarter_of_an_hour() {
    for error in [Error::Transient("status 502".into()), Error::Offline("no route".into())] {
        let (t, _) = posted("mastodon");
        t.mastodon.next(Mishap::AnswerLost);
        t.fail_at("outbox.answered", std::io::ErrorKind::Other);
        t.work();
        t.mend();
        t.mastodon.down(Some(error.clone()));
        t.pass(MINUTE, SECOND);
        t.pass(46 * SECOND, SECOND);
        t.mastodon.down(None);
        let found = (0..900_u32).find(|_| {
            t.pass(SECOND, SECOND);
            t.states() == ["published"]
        });
        assert!(found.is_some_and(|seconds| seconds <= 130), "{error:?}: {found:?}");
        assert_eq!(t.mastodon.live(), ["once"]);
    }
}

#[test]
fn a_run_until_idle_waits_for_a_doubt_that_is_asked_about_again() {
    let (t, _) = posted("mastodon");
    t.mastodon.next(Mishap::AnswerLost);
    t.mastodon.stale(3);
    let task = t.work_until_idle();
    t.until("it is found", |t| t.states() == ["published"]);
    t.ended(task);
}

#[test]
fn what_is_asked_too_soon_after_another_waits_alone() {
    let (t, _) = posted("mastodon");
    t.mastodon.next(Mishap::Refuse(Error::TooSoon { after: 16 * SECOND }));
    t.work();
    assert_eq!(t.states(), ["waiting(rate)"]);
    let _ = t.post(json!({ "text": "twice", "to": ["mastodon"] }));
    t.work();
    assert_eq!(t.mastodon.live(), ["twice"], "the account's others go on");
    t.pass(15 * SECOND, SECOND);
    assert_eq!(t.mastodon.live().len(), 1);
    t.pass(2 * SECOND, SECOND);
    assert_eq!(t.mastodon.live(), ["twice", "once"]);
}
