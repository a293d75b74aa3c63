//! Tries of operations: what is written down before anything can be visible, and how it ended.
//!
//! The proof of what happened is the journal's ([`crate::journal`]); a row here is where a try stands.

use griot_domain::{Attempt, AttemptId, DeliveryId, Sentence, Timestamp};
use rusqlite::{Row, named_params};

use crate::reader::{Columns, to_json};
use crate::{Error, Reader, Tx};

/// Writes a new attempt.
///
/// # Errors
/// [`Error::Duplicate`] while another attempt of the delivery is open, or its number is taken;
/// [`Error::Foreign`] without its delivery; else see [`Error`].
pub fn insert(tx: &Tx<'_>, attempt: &Attempt) -> Result<(), Error> {
    tx.run(
        "INSERT INTO attempt (id, delivery, n, op, phase, started, ended, outcome, detail, armed)
         VALUES (:id, :delivery, :n, :op, :phase, :started, :ended, :outcome, :detail, :armed)",
        named_params! {
            ":id": attempt.id.to_string(),
            ":delivery": attempt.delivery.to_string(),
            ":n": attempt.n,
            ":op": attempt.op.as_str(),
            ":phase": attempt.phase.as_str(),
            ":started": attempt.started.millis(),
            ":ended": attempt.ended.map(Timestamp::millis),
            ":outcome": attempt.outcome.map(|o| o.as_str()),
            ":detail": attempt.detail.as_ref().map(Sentence::kept),
            ":armed": attempt.armed.as_ref().map(to_json).transpose()?,
        },
    )
    .map_err(|error| error.naming("attempt"))?;
    Ok(())
}

/// One attempt.
///
/// # Errors
/// See [`Error`].
pub fn get(r: &Reader<'_>, id: AttemptId) -> Result<Option<Attempt>, Error> {
    r.one("SELECT * FROM attempt WHERE id = ?1", [id.to_string()], map)
}

/// The attempt of a delivery that has not ended.
///
/// # Errors
/// See [`Error`].
pub fn open_for(r: &Reader<'_>, delivery: DeliveryId) -> Result<Option<Attempt>, Error> {
    r.one("SELECT * FROM attempt WHERE delivery = ?1 AND ended IS NULL", [delivery.to_string()], map)
}

/// Every attempt of a delivery, the first first.
///
/// # Errors
/// See [`Error`].
pub fn list_for(r: &Reader<'_>, delivery: DeliveryId) -> Result<Vec<Attempt>, Error> {
    r.all("SELECT * FROM attempt WHERE delivery = ?1 ORDER BY n", [delivery.to_string()], map)
}

/// Writes where an attempt stands. What it is (delivery, number, operation, start) stays.
///
/// # Errors
/// [`Error::Missing`]; [`Error::Bug`] when it would forget what was armed; else see [`Error`].
pub fn update(tx: &Tx<'_>, attempt: &Attempt) -> Result<(), Error> {
    let was_armed: Option<bool> = tx.one(
        "SELECT armed IS NOT NULL AS was FROM attempt WHERE id = ?1",
        [attempt.id.to_string()],
        |row| row.get("was"),
    )?;
    match was_armed {
        None => return Err(Error::missing("attempt", attempt.id)),
        Some(true) if attempt.armed.is_none() => {
            return Err(Error::Bug(format!("attempt {} would forget what it armed", attempt.id)));
        }
        Some(_) => {}
    }
    tx.run(
        "UPDATE attempt SET phase = :phase, ended = :ended, outcome = :outcome, detail = :detail, armed = :armed
         WHERE id = :id",
        named_params! {
            ":id": attempt.id.to_string(),
            ":phase": attempt.phase.as_str(),
            ":ended": attempt.ended.map(Timestamp::millis),
            ":outcome": attempt.outcome.map(|o| o.as_str()),
            ":detail": attempt.detail.as_ref().map(Sentence::kept),
            ":armed": attempt.armed.as_ref().map(to_json).transpose()?,
        },
    )
    .map_err(|error| error.naming("attempt"))?;
    Ok(())
}

fn map(row: &Row<'_>) -> rusqlite::Result<Attempt> {
    Ok(Attempt {
        id: row.word("id")?,
        delivery: row.word("delivery")?,
        n: row.get("n")?,
        op: row.word("op")?,
        phase: row.word("phase")?,
        started: row.time("started")?,
        ended: row.time_or_none("ended")?,
        outcome: row.word_or_none("outcome")?,
        detail: row.get::<_, Option<String>>("detail")?.map(Sentence::read),
        armed: row.json_or_none("armed")?,
    })
}

#[cfg(test)]
mod tests {
    use griot_domain::delivery::Armed;
    use griot_domain::{Outcome, Phase};
    use serde_json::json;

    use super::*;
    use crate::testing::{attempt, furnished, id, t};

    fn armed() -> Armed {
        Armed {
            at: t(10),
            server_date: Some(t(9)),
            newest_own: Some("at://did:plc:x/app.bsky.feed.post/3k".into()),
            key: "3kabc".into(),
            fingerprint: "ab".repeat(32),
            body: json!({"text": "Bonjour", "z": 0.1, "a": [1, null]}),
            maybe_sent: true,
            sent_at: Some(t(11)),
            given_up_at: None,
            answered: false,
            unanswered_since: None,
            absent_at: None,
            resends: 1,
        }
    }

    #[test]
    fn one_attempt_is_open_at_a_time_and_what_was_armed_stays() {
        let store = furnished();
        store
            .write(|tx| {
                let mut a = attempt(1, 1);
                insert(tx, &a)?;
                assert!(
                    matches!(insert(tx, &attempt(2, 1)), Err(Error::Duplicate("attempt"))),
                    "two open ones would be two posts"
                );
                a.phase = Phase::Armed;
                a.armed = Some(armed());
                update(tx, &a)?;
                assert_eq!(get(tx, a.id)?, Some(a.clone()));
                assert_eq!(open_for(tx, a.delivery)?, Some(a.clone()));

                let forgetful = Attempt { armed: None, ..a.clone() };
                assert!(matches!(update(tx, &forgetful), Err(Error::Bug(_))));
                assert!(
                    tx.run("UPDATE attempt SET armed = NULL", []).is_err(),
                    "not even behind the table's back"
                );

                a.ended = Some(t(20));
                a.outcome = Some(Outcome::Unknown);
                a.detail = Some(Sentence::new("La réponse s\u{2019}est perdue.", "The answer was lost."));
                update(tx, &a)?;
                assert_eq!(open_for(tx, a.delivery)?, None);
                insert(tx, &attempt(2, 1))?;
                assert_eq!(list_for(tx, a.delivery)?, [a, attempt(2, 1)]);
                assert!(matches!(update(tx, &attempt(9, 1)), Err(Error::Missing { .. })));
                assert_eq!(get(tx, id(9, AttemptId::new))?, None);
                Ok::<_, Error>(())
            })
            .unwrap();
    }
}
