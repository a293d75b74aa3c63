//! The evidence: append-only events, each holding the hash of the one before.
//!
//! The chain proves that nothing was changed, taken out or put in before its head. That the head itself is
//! genuine is proved by the device's signature over it, which is the application's.
//!
//! The hash of an event is BLAKE3 (32 bytes, written as 64 lowercase hexadecimal digits) over the UTF-8 text of
//! a JSON array without any white space:
//!
//! ```text
//! ["griot-journal-1",seq,delivery,attempt,at,phase,fingerprint,detail,previous]
//! ```
//!
//! `seq` is a number; `attempt` and `fingerprint` are null where there is none; `at` is RFC 3339 in UTC with
//! three decimals; the keys of every object in `detail` stand in the order of their UTF-8 bytes. Strings escape
//! only what JSON demands, with the short escapes where there are any.

use std::borrow::Borrow;

use griot_domain::{AttemptEvent, AttemptId, DeliveryId, Phase, Timestamp};
use rusqlite::{Row, named_params};
use serde_json::{Map, Value};

use crate::reader::{Columns, to_integer, to_json};
use crate::{Error, Reader, Tx};

/// What an event's hash is over begins with this: another form would get another name.
const FORM: &str = "griot-journal-1";

/// What happened, before the journal gives it its place.
#[derive(Debug, Clone, PartialEq)]
pub struct NewEvent {
    /// The delivery it is about.
    pub delivery: DeliveryId,
    /// The attempt it is about, when it is about one.
    pub attempt: Option<AttemptId>,
    /// When, by this machine's clock.
    pub at: Timestamp,
    /// What happened.
    pub phase: Phase,
    /// BLAKE3 of the bytes that were or will be sent.
    pub fingerprint: Option<String>,
    /// What came back, or what a person said. Must hold no secret.
    pub detail: Value,
}

/// The end of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Head {
    /// How many events the chain has.
    pub seq: u64,
    /// The hash of the last one.
    pub hash: String,
}

impl Head {
    /// The head of a journal in which nothing happened: no event, and the hash that the first one follows.
    #[must_use]
    pub fn empty() -> Self {
        Self { seq: 0, hash: "0".repeat(64) }
    }
}

/// Where a chain is broken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("event {seq}: {flaw}")]
pub struct Broken {
    /// The event that cannot be trusted: the number it should have.
    pub seq: u64,
    /// What is wrong with it.
    pub flaw: Flaw,
}

/// What is wrong with an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// An event was taken out, put in or moved.
    #[error("it does not have the next number")]
    Order,
    /// It follows another event than the one before it.
    #[error("it does not follow the event before")]
    Link,
    /// What it says is not what was hashed.
    #[error("it was changed")]
    Changed,
}

/// Writes an event at the end of the journal.
///
/// # Errors
/// [`Error::Foreign`] without its delivery or attempt; else see [`Error`].
pub fn append(tx: &Tx<'_>, new: NewEvent) -> Result<AttemptEvent, Error> {
    let last = head(tx)?.unwrap_or_else(Head::empty);
    let mut event = AttemptEvent {
        seq: last.seq + 1,
        delivery: new.delivery,
        attempt: new.attempt,
        at: new.at,
        phase: new.phase,
        fingerprint: new.fingerprint,
        detail: new.detail,
        previous: last.hash,
        hash: String::new(),
    };
    event.hash = hash(&event);
    tx.run(
        "INSERT INTO attempt_event (seq, delivery, attempt, at, phase, fingerprint, detail, previous, hash)
         VALUES (:seq, :delivery, :attempt, :at, :phase, :fingerprint, :detail, :previous, :hash)",
        named_params! {
            ":seq": to_integer(event.seq),
            ":delivery": event.delivery.to_string(),
            ":attempt": event.attempt.map(|a| a.to_string()),
            ":at": event.at.millis(),
            ":phase": event.phase.as_str(),
            ":fingerprint": event.fingerprint,
            ":detail": to_json(&event.detail)?,
            ":previous": event.previous,
            ":hash": event.hash,
        },
    )?;
    Ok(event)
}

/// Events in their order, from number `from`, at most `limit`.
///
/// # Errors
/// See [`Error`].
pub fn list(r: &Reader<'_>, from: u64, limit: u32) -> Result<Vec<AttemptEvent>, Error> {
    r.all("SELECT * FROM attempt_event WHERE seq >= ?1 ORDER BY seq LIMIT ?2", (to_integer(from), limit), map)
}

/// What happened to one delivery, in order. Not a chain by itself: other deliveries' events stand between.
///
/// # Errors
/// See [`Error`].
pub fn for_delivery(r: &Reader<'_>, delivery: DeliveryId) -> Result<Vec<AttemptEvent>, Error> {
    r.all("SELECT * FROM attempt_event WHERE delivery = ?1 ORDER BY seq", [delivery.to_string()], map)
}

/// The end of the chain; nothing when nothing happened yet.
///
/// # Errors
/// See [`Error`].
pub fn head(r: &Reader<'_>) -> Result<Option<Head>, Error> {
    r.one("SELECT seq, hash FROM attempt_event ORDER BY seq DESC LIMIT 1", [], |row| {
        Ok(Head { seq: row.count("seq")?, hash: row.get("hash")? })
    })
}

/// The hash that an event must have (its own `hash` is not looked at). The module says over what.
#[must_use]
pub fn hash(event: &AttemptEvent) -> String {
    let array = serde_json::json!([
        FORM,
        event.seq,
        event.delivery,
        event.attempt,
        event.at,
        event.phase,
        event.fingerprint,
        sorted(&event.detail),
        event.previous,
    ]);
    blake3::hash(array.to_string().as_bytes()).to_hex().to_string()
}

/// The value with the keys of every object in the order of their bytes.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => Value::Array(items.iter().map(sorted).collect()),
        Value::Object(map) => {
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| *key);
            Value::Object(
                entries.into_iter().map(|(key, value)| (key.clone(), sorted(value))).collect::<Map<_, _>>(),
            )
        }
        plain => plain.clone(),
    }
}

/// Checks a whole chain, from the first event, and says where it ends. A chain that was cut at its end is
/// still a chain: compare the head with one that was kept or signed.
///
/// # Errors
/// The first event that cannot be trusted.
pub fn verify(events: impl IntoIterator<Item: Borrow<AttemptEvent>>) -> Result<Head, Broken> {
    verify_after(Head::empty(), events)
}

/// [`verify`] for the part of a chain that follows `head`.
///
/// # Errors
/// The first event that cannot be trusted.
pub fn verify_after(
    head: Head,
    events: impl IntoIterator<Item: Borrow<AttemptEvent>>,
) -> Result<Head, Broken> {
    events.into_iter().try_fold(head, |last, event| {
        let event = event.borrow();
        let seq = last.seq + 1;
        let flaw = if event.seq != seq {
            Flaw::Order
        } else if event.previous != last.hash {
            Flaw::Link
        } else if event.hash != hash(event) {
            Flaw::Changed
        } else {
            return Ok(Head { seq, hash: event.hash.clone() });
        };
        Err(Broken { seq, flaw })
    })
}

fn map(row: &Row<'_>) -> rusqlite::Result<AttemptEvent> {
    Ok(AttemptEvent {
        seq: row.count("seq")?,
        delivery: row.word("delivery")?,
        attempt: row.word_or_none("attempt")?,
        at: row.time("at")?,
        phase: row.word("phase")?,
        fingerprint: row.get("fingerprint")?,
        detail: row.json("detail")?,
        previous: row.get("previous")?,
        hash: row.get("hash")?,
    })
}

#[cfg(test)]
mod tests;
