//! What is written beside a state: the journal's event, the attempt.

use griot_domain::delivery::Armed;
use griot_domain::{Attempt, AttemptId, Delivery, DeliveryId, Outcome, Phase, Sentence, Timestamp};
use griot_store::{NewEvent, Reader, Tx, attempts, journal};
use serde_json::Value;

use crate::failure::Failure;
use crate::ports::Ports;

/// `now`, but always after `before`: the instant of the last change is also its version.
pub(crate) fn later(before: Timestamp, now: Timestamp) -> Timestamp {
    now.max(before.plus_millis(1))
}

/// Appends an event to the journal.
pub(crate) fn event(
    tx: &Tx<'_>,
    delivery: &Delivery,
    attempt: Option<AttemptId>,
    at: Timestamp,
    phase: Phase,
    detail: Value,
) -> Result<(), Failure> {
    let fingerprint = detail.get("fingerprint").and_then(Value::as_str).map(str::to_owned);
    journal::append(tx, NewEvent { delivery: delivery.id, attempt, at, phase, fingerprint, detail })?;
    Ok(())
}

/// The open attempt of a delivery; a new one when there is none.
pub(super) fn attempt(tx: &Tx<'_>, ports: &Ports, delivery: &Delivery) -> Result<Attempt, Failure> {
    if let Some(open) = attempts::open_for(tx, delivery.id)? {
        return Ok(open);
    }
    let n = attempts::list_for(tx, delivery.id)?.last().map_or(1, |a| a.n + 1);
    let now = ports.now();
    let attempt = Attempt {
        id: AttemptId::new(now, ports.ten()),
        delivery: delivery.id,
        n,
        op: delivery.operation(),
        phase: Phase::Started,
        started: now,
        ended: None,
        outcome: None,
        detail: None,
        armed: None,
    };
    attempts::insert(tx, &attempt)?;
    Ok(attempt)
}

/// Changes the open attempt.
pub(super) fn on_attempt(
    tx: &Tx<'_>,
    delivery: &Delivery,
    f: impl FnOnce(&mut Attempt),
) -> Result<Option<Attempt>, Failure> {
    let Some(mut attempt) = attempts::open_for(tx, delivery.id)? else { return Ok(None) };
    f(&mut attempt);
    attempts::update(tx, &attempt)?;
    Ok(Some(attempt))
}

/// Ends the open attempt with a sentence for the person and writes it into the journal (in English), with what else there is to
/// prove: `said`, in the words in which it was said, and `live`.
pub(crate) fn end(
    tx: &Tx<'_>,
    delivery: &Delivery,
    now: Timestamp,
    outcome: Outcome,
    sentence: Option<&Sentence>,
    proof: Value,
) -> Result<(), Failure> {
    let ended = on_attempt(tx, delivery, |attempt| {
        attempt.phase = Phase::Ended;
        attempt.ended = Some(now);
        attempt.outcome = Some(outcome);
        attempt.detail = sentence.cloned().or_else(|| attempt.detail.take());
    })?;
    let mut facts = serde_json::json!({ "outcome": outcome });
    if let Some(sentence) = sentence {
        facts["said"] = Value::String(sentence.english().to_owned());
    }
    if let (Value::Object(facts), Value::Object(proof)) = (&mut facts, proof) {
        facts.extend(proof);
    }
    event(tx, delivery, ended.map(|a| a.id), now, Phase::Ended, facts)
}

/// Whether the visible call may have left in any attempt at this delivery.
pub(crate) fn left_once(r: &Reader<'_>, delivery: DeliveryId) -> Result<bool, Failure> {
    Ok(attempts::list_for(r, delivery)?.iter().any(|a| maybe_sent(Some(a)).is_some()))
}

/// Whether the last call that may have left was never settled: it is open, or ended as unknown.
pub(crate) fn unsettled(r: &Reader<'_>, delivery: DeliveryId) -> Result<bool, Failure> {
    let all = attempts::list_for(r, delivery)?;
    let last = all.iter().rev().find(|a| maybe_sent(Some(a)).is_some());
    Ok(last.is_some_and(|a| matches!(a.outcome, None | Some(Outcome::Unknown))))
}

/// What was written down before the visible call, when the call may have left.
pub(crate) fn maybe_sent(attempt: Option<&Attempt>) -> Option<&Armed> {
    attempt.and_then(|a| a.armed.as_ref()).filter(|armed| armed.maybe_sent)
}
