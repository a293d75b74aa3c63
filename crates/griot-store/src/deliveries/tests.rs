use griot_domain::{Amended, FailedClass, LatePolicy, RevisionId, WaitingFor, WallTime};

use super::worker::{ASKED, FIRST_PAUSE, IS_WANTED, NEXT_OF};
use super::*;
use crate::accounts;
use crate::testing::{account, delivery, furnished, id, t};

fn full() -> Delivery {
    Delivery {
        state: State::Waiting,
        waiting_for: Some(WaitingFor::PreviousPart),
        failed: Some(FailedClass::Content),
        reason: Some(griot_domain::Sentence::same("The network asks for less text.")),
        due: Some(t(100)),
        wall: Some(WallTime {
            local: "2026-12-01T09:00".into(),
            zone: "Africa/Bamako".into(),
            tzdata: "2026a".into(),
        }),
        late: LatePolicy::Publish(45),
        revision: Some(id(1, RevisionId::new)),
        part: 1,
        previous: Some(delivery(1).id),
        next_at: Some(t(50)),
        tries: 3,
        released: true,
        released_at: Some(t(77)),
        moved: true,
        url: Some("https://mastodon.example/@a/1".into()),
        remote_id: Some("1".into()),
        wish: Some(griot_domain::Wish::Move),
        kept: Some(griot_domain::Kept { id: "7".into(), at: Some(Timestamp::from_millis(8)), missing: None }),
        amended: Some(Amended { asked: Some("Corrected".into()), edited: Some(t(3)), ..Amended::default() }),
        updated_at: t(7),
        ..delivery(2)
    }
}

#[test]
fn a_delivery_survives_its_row() {
    let store = furnished();
    store
        .write(|tx| {
            insert(tx, &full())?;
            assert_eq!(get(tx, full().id)?, Some(full()));
            assert_eq!(get(tx, delivery(1).id)?, Some(delivery(1)));
            assert_eq!(get(tx, id(9, DeliveryId::new))?, None);
            assert!(matches!(insert(tx, &full()), Err(Error::Duplicate("delivery"))));
            let changed = Delivery { state: State::Preparing, waiting_for: None, tries: 0, ..full() };
            update(tx, &changed)?;
            assert_eq!(get(tx, full().id)?, Some(changed));
            assert!(matches!(update(tx, &delivery(9)), Err(Error::Missing { .. })));
            for orphan in [
                Delivery { post: id(9, PostId::new), ..delivery(3) },
                Delivery { account: id(9, AccountId::new), ..delivery(3) },
                Delivery { revision: Some(id(9, RevisionId::new)), ..delivery(3) },
                Delivery { previous: Some(id(9, DeliveryId::new)), ..delivery(3) },
            ] {
                assert!(matches!(insert(tx, &orphan), Err(Error::Foreign)));
            }
            Ok::<_, Error>(())
        })
        .unwrap();
}

/// Every pair of states: the store agrees with the domain, and a refused step changes nothing.
#[test]
fn no_step_is_written_that_the_states_forbid() {
    for from in State::ALL {
        for to in State::ALL {
            let store = furnished();
            let start = Delivery { state: *from, ..delivery(2) };
            let step = Delivery { state: *to, tries: 9, ..start.clone() };
            store.write(|tx| insert(tx, &start)).unwrap();
            let written = store.write(|tx| update(tx, &step));
            let row = store.read(|r| get(r, start.id)).unwrap().unwrap();
            if from.may_become(*to) {
                written.unwrap();
                assert_eq!(row, step);
            } else {
                assert!(
                    matches!(written, Err(Error::Illegal { from: f, to: g }) if (f, g) == (*from, *to)),
                    "{from} -> {to}"
                );
                assert_eq!(row, start);
            }
        }
    }
}

/// The worker at second 100: what may it look at, and when does it wake next?
#[test]
fn the_worker_is_shown_what_is_due_and_told_when_to_wake() {
    fn check(what: &str, change: impl Fn(&mut Delivery), expected: (bool, Option<i64>)) {
        let store = furnished();
        let mut d = delivery(1);
        // Through waiting, from which the rest is a legal step.
        change(&mut d);
        store
            .write(|tx| {
                tx.run("UPDATE delivery SET state = ?1", [d.state.as_str()])?;
                update(tx, &d)?;
                let seen = !movable(tx, t(100))?.is_empty();
                assert_eq!((seen, next_wake(tx, t(100))?), (expected.0, expected.1.map(t)), "{what}");
                Ok::<_, Error>(())
            })
            .unwrap();
    }
    use State::{
        Armed, Assisted, Cancelled, Failed, HandedOver, Preparing, Published, Publishing, Unknown, Waiting,
    };
    check("as soon as possible", |_| {}, (true, None));
    check("due now", |d| d.due = Some(t(100)), (true, None));
    check("due later", |d| d.due = Some(t(101)), (false, Some(101)));
    check(
        "an earlier look wins over a later due",
        |d| (d.due, d.next_at) = (Some(t(200)), Some(t(90))),
        (true, None),
    );
    check(
        "a later look wins over a passed due",
        |d| (d.due, d.next_at) = (Some(t(50)), Some(t(150))),
        (false, Some(150)),
    );
    check(
        "begun: the due time counts no more",
        |d| (d.state, d.due) = (Preparing, Some(t(200))),
        (true, None),
    );
    for state in [Preparing, State::Uploading, State::Processing, Armed, Publishing] {
        check("begun", |d| d.state = state, (true, None));
        check("begun and pausing", |d| (d.state, d.next_at) = (state, Some(t(130))), (false, Some(130)));
    }
    for waits in [WaitingFor::Network, WaitingFor::Backoff, WaitingFor::CheckAfterMove] {
        check("waiting for somebody", |d| (d.state, d.waiting_for) = (Waiting, Some(waits)), (false, None));
        check(
            "pause",
            |d| (d.state, d.waiting_for, d.next_at) = (Waiting, Some(waits), Some(t(120))),
            (false, Some(120)),
        );
    }
    let late =
        |d: &mut Delivery| (d.state, d.waiting_for, d.due) = (Waiting, Some(WaitingFor::Late), Some(t(1)));
    check("late: a person's", |d| late(d), (false, None));
    check("late and released, spaced", |d| (late(d), d.next_at = Some(t(160))).0, (false, Some(160)));
    let asked = |d: &mut Delivery| (d.state, d.wish) = (Published, Some(griot_domain::Wish::Edit));
    check("live, and to be changed", |d| (asked(d), d.next_at = Some(t(90))).0, (true, None));
    check("live, and to be changed later", |d| (asked(d), d.next_at = Some(t(160))).0, (false, Some(160)));
    check("live, with nothing asked", |d| (d.state, d.next_at) = (Published, Some(t(90))), (false, None));
    for state in [Published, Cancelled, State::Deleted, Failed, Unknown, HandedOver, Assisted] {
        check("not the worker's", |d| (d.state, d.due) = (state, Some(t(1))), (false, None));
        check("not the worker's", |d| (d.state, d.due) = (state, Some(t(999))), (false, None));
    }
}

#[test]
fn deliveries_go_out_by_time_and_are_found_by_state_post_and_account() {
    let store = furnished();
    store
        .write(|tx| {
            accounts::insert(tx, &account(2))?;
            let second = Delivery { due: Some(t(-5)), ..delivery(2) };
            let third =
                Delivery { account: account(2).id, state: State::Failed, created_at: t(3), ..delivery(3) };
            let fourth = Delivery { state: State::Published, due: Some(t(9)), ..delivery(4) };
            for d in [&fourth, &third, &second] {
                insert(tx, d)?;
            }
            let ids = |found: Vec<Delivery>| found.into_iter().map(|d| d.id).collect::<Vec<_>>();
            let n = |n| id(n, DeliveryId::new);
            assert_eq!(ids(list(tx, &Filter::default())?), [n(2), n(1), n(3), n(4)]);
            assert_eq!(ids(list(tx, &Filter { limit: Some(1), ..Filter::default() })?), [n(2)]);
            let states = vec![State::Failed, State::Published];
            assert_eq!(ids(list(tx, &Filter { states, ..Filter::default() })?), [n(3), n(4)]);
            assert_eq!(ids(list(tx, &Filter { account: Some(account(2).id), ..Filter::default() })?), [n(3)]);
            assert_eq!(ids(list(tx, &Filter { post: Some(id(9, PostId::new)), ..Filter::default() })?), []);
            assert_eq!(ids(for_post(tx, delivery(1).post)?), [n(2), n(1), n(3), n(4)]);
            assert_eq!(ids(open(tx)?), [n(2), n(1), n(3)]);
            assert_eq!(ids(movable(tx, t(100))?), [n(2), n(1)]);
            Ok::<_, Error>(())
        })
        .unwrap();
}

#[test]
fn what_is_proved_for_one_delivery_is_taken_for_the_others_of_that_account() {
    let store = furnished();
    store
        .write(|tx| {
            accounts::insert(tx, &account(2))?;
            insert(tx, &Delivery { remote_id: Some("b".into()), ..delivery(2) })?;
            insert(tx, &Delivery { remote_id: Some("a".into()), ..delivery(3) })?;
            insert(tx, &Delivery { remote_id: Some("c".into()), account: account(2).id, ..delivery(4) })?;
            assert_eq!(taken(tx, account(1).id)?, ["a", "b"]);
            assert_eq!(taken(tx, account(2).id)?, ["c"]);
            Ok::<_, Error>(())
        })
        .unwrap();
}

/// What the worker and the queue's screen ask is answered from indexes: a long past costs nothing.
#[test]
fn no_question_of_the_worker_goes_through_what_is_over() {
    let store = furnished();
    let plan = |sql: &str| -> String {
        let explained = format!("EXPLAIN QUERY PLAN {sql}");
        let lines = store.read(|r| r.all(&explained, [], |row| row.get::<_, String>("detail"))).unwrap();
        lines.join("; ")
    };
    for (sql, index) in [
        (deliveries!("wakes <= 1"), "USING INDEX delivery_wakes"),
        ("SELECT min(wakes) AS first FROM delivery WHERE wakes > 1", "USING INDEX delivery_wakes"),
        (deliveries!("state NOT IN ('published', 'deleted', 'cancelled')"), "USING INDEX delivery_open"),
        (ASKED, "USING INDEX delivery_wakes"),
        (NEXT_OF, "USING INDEX delivery_turn (account=? AND wakes<?)"),
        (FIRST_PAUSE, "USING COVERING INDEX delivery_pause (state=? AND waiting_for=? AND next_at"),
        (FOLLOWERS, "USING INDEX delivery_previous"),
        (IS_WANTED, "delivery_account (account=? AND state=?)"),
        (COUNT_DONE, "USING COVERING INDEX"),
        (DONE, "USING INDEX delivery_done"),
    ] {
        let plan = plan(&["?1", "?2", "?3"].iter().fold(sql.to_owned(), |sql, n| sql.replace(n, "50")));
        assert!(plan.contains(index), "{sql}: {plan}");
    }
    let done = plan(&DONE.replace("?1", "50"));
    assert!(!done.contains("TEMP B-TREE"), "{done}");
}
