use expect_test::expect;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{attempt, delivery, furnished, id, t};
use crate::{Store, attempts, deliveries};

fn event(n: u32) -> NewEvent {
    NewEvent {
        delivery: id(1, DeliveryId::new),
        attempt: (n % 2 == 1).then(|| id(1, AttemptId::new)),
        at: t(i64::from(n)),
        phase: Phase::ALL[n as usize % Phase::ALL.len()],
        fingerprint: n.is_multiple_of(3).then(|| "ab".repeat(32)),
        detail: json!({ "z": n, "a": { "y": 0.1 + f64::from(n), "b": [null, "é\u{1}"] } }),
    }
}

fn journal(events: u32) -> Store {
    let store = furnished();
    store
        .write(|tx| {
            attempts::insert(tx, &attempt(1, 1))?;
            (0..events).try_for_each(|n| append(tx, event(n)).map(drop))
        })
        .unwrap();
    store
}

#[test]
fn events_form_a_chain_without_gaps_that_survives_storage_and_export() {
    let store = journal(30);
    store
        .read(|r| {
            let all = list(r, 1, 100)?;
            assert_eq!(all.iter().map(|e| e.seq).collect::<Vec<_>>(), (1..=30).collect::<Vec<_>>());
            assert_eq!(verify(&all).unwrap(), head(r)?.unwrap());
            let exported: Vec<String> = all.iter().map(|e| serde_json::to_string(e).unwrap()).collect();
            let read = exported.iter().map(|line| serde_json::from_str::<AttemptEvent>(line).unwrap());
            assert_eq!(verify(read).unwrap(), head(r)?.unwrap());

            let half = verify(&all[..10]).unwrap();
            assert_eq!(verify_after(half, list(r, 11, 100)?).unwrap(), head(r)?.unwrap());
            assert_eq!(list(r, 29, 1)?.len(), 1);
            assert_eq!(for_delivery(r, id(1, DeliveryId::new))?, all);
            assert_eq!(for_delivery(r, id(2, DeliveryId::new))?, []);
            Ok::<_, Error>(())
        })
        .unwrap();
    let empty = furnished();
    assert_eq!(empty.read(head).unwrap(), None);
    assert_eq!(verify(Vec::<AttemptEvent>::new()).unwrap(), Head::empty());
}

/// The form is a promise to everyone who keeps an exported journal: this hash never changes.
#[test]
fn the_hash_of_an_event_is_fixed_for_ever() {
    let store = journal(4);
    let fourth = store.read(|r| list(r, 4, 1)).unwrap().remove(0);
    expect!["847fdad6a8114cbf03590b03c1c56e11ca44ad0a34630fde299d769290d56b42"].assert_eq(&hash(&fourth));
    let by_hand = format!(
        r#"["griot-journal-1",4,"{}","{}","{}","staged","{}",{{"a":{{"b":[null,"é\u0001"],"y":3.1}},"z":3}},"{}"]"#,
        fourth.delivery,
        fourth.attempt.unwrap(),
        t(3),
        "ab".repeat(32),
        fourth.previous,
    );
    assert_eq!(blake3::hash(by_hand.as_bytes()).to_hex().as_str(), fourth.hash);
}

#[test]
fn the_journal_cannot_be_changed_or_cut_even_behind_its_table_s_back() {
    let store = journal(3);
    for forbidden in [
        "UPDATE attempt_event SET detail = '{}'",
        "UPDATE attempt_event SET at = at + 1 WHERE seq = 2",
        "DELETE FROM attempt_event",
        "DELETE FROM attempt_event WHERE seq = 3",
        "INSERT OR REPLACE INTO attempt_event SELECT seq, delivery, attempt, at, phase, fingerprint, '{}', previous, hash FROM attempt_event",
        "DELETE FROM delivery",
        "DELETE FROM attempt",
    ] {
        assert!(store.write(|tx| tx.run(forbidden, [])).is_err(), "{forbidden}");
    }
    let all = store.read(|r| list(r, 1, 10)).unwrap();
    assert_eq!(verify(&all).unwrap().seq, 3);
}

#[test]
fn an_event_of_nothing_is_refused() {
    let store = journal(1);
    let ghost = NewEvent { delivery: id(9, DeliveryId::new), attempt: None, ..event(0) };
    assert!(matches!(store.write(|tx| append(tx, ghost)), Err(Error::Foreign)));
    store.write(|tx| deliveries::insert(tx, &delivery(9)).and_then(|()| append(tx, event(1)))).unwrap();
    assert_eq!(store.read(head).unwrap().unwrap().seq, 2, "what was refused took no number");
}

/// What a forger could do to one event of a chain of twelve.
fn forge(events: &mut Vec<AttemptEvent>, at: usize, how: usize, rehash: bool) {
    let event = &mut events[at];
    match how {
        0 => event.delivery = id(8, DeliveryId::new),
        1 => event.attempt = if event.attempt.is_some() { None } else { Some(id(8, AttemptId::new)) },
        2 => event.at = event.at.plus_millis(1),
        3 => event.phase = if event.phase == Phase::Sent { Phase::Ended } else { Phase::Sent },
        4 => event.fingerprint = if event.fingerprint.is_some() { None } else { Some("cd".repeat(32)) },
        5 => event.detail["a"]["b"][1] = json!("è"),
        6 => event.detail["new"] = json!(null),
        7 => event.previous = "1".repeat(64),
        8 => event.hash = "2".repeat(64),
        9 => event.seq += 1,
        10 => drop(events.remove(at)),
        11 => {
            let twin = event.clone();
            events.insert(at, twin);
        }
        _ => {
            let other = (at + 1) % events.len();
            events.swap(at, other);
        }
    }
    if rehash && let Some(event) = events.get_mut(at) {
        event.hash = hash(event);
    }
}

proptest! {
    #[test]
    fn tampering_with_any_event_is_found(at in 0_usize..12, how in 0_usize..13, rehash: bool) {
        let events = journal(12).read(|r| list(r, 1, 100)).unwrap();
        let kept = verify(&events).unwrap();
        let mut forged = events.clone();
        forge(&mut forged, at, how, rehash);
        if forged != events {
            // A forger who also hashes anew, or cuts the end, gets another head than the one that was kept.
            prop_assert_ne!(verify(&forged), Ok(kept), "event {} of 12, forgery {}", at, how);
        }
    }

    #[test]
    fn any_detail_survives_its_row(number: f64, text: String, whole: i64) {
        prop_assume!(number.is_finite());
        let store = journal(0);
        let detail = json!({ "number": number, "text": text, "whole": whole, &text: [number] });
        let written = store.write(|tx| append(tx, NewEvent { detail, ..event(0) })).unwrap();
        let read = store.read(|r| list(r, 1, 1)).unwrap();
        prop_assert_eq!(&read[0], &written);
        prop_assert!(verify(&read).is_ok());
    }
}
