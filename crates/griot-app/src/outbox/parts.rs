//! What follows a post (a first comment) follows it in everything: its time, its release, its end. It leaves after that
//! post's proof, is never late by itself, and nobody is asked about it while its post is still to go.
//!
//! Its time is kept beside its post's by the store. Deliberately absent: whether the post is proved (`turn`).

use griot_domain::{Delivery, DeliveryId, Outcome, State, Timestamp, WaitingFor};
use griot_store::{Reader, Tx, attempts, deliveries};
use serde_json::{Value, json};

use super::person;
use super::record;
use super::worker::Worker;
use crate::failure::Failure;
use crate::studio::Studio;

/// Whose word a delivery in a copy waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// It was given for the post that it follows.
    Given,
    /// It is still to be given for the post that it follows.
    Awaited,
    /// Its own.
    Own,
}

/// Whose word `delivery` waits for: what follows a post that is still to go has none of its own.
pub(super) fn word_on_post(worker: &Worker, delivery: &Delivery) -> Result<Word, Failure> {
    let Some(previous) = delivery.previous else { return Ok(Word::Own) };
    let post = worker.load(previous)?;
    Ok(match post.state {
        _ if post.moved && post.released => Word::Given,
        // It goes the same way, without a question.
        State::Cancelled | State::Deleted => Word::Given,
        State::Published => Word::Own,
        _ => Word::Awaited,
    })
}

/// Whether `delivery` follows a post that is not over, and so has no question of its own.
pub(super) fn is_led(r: &Reader<'_>, delivery: &Delivery) -> Result<bool, Failure> {
    let Some(previous) = delivery.previous else { return Ok(false) };
    Ok(!person::load(r, previous)?.is_final())
}

/// Lets what follows `post` be looked at: it is proved, or will never be. It comes before what is due later.
pub(super) fn wake(tx: &Tx<'_>, post: &Delivery, now: Timestamp) -> Result<(), Failure> {
    for mut part in deliveries::followers(tx, post.id)? {
        let waits = part.state == State::Scheduled || part.waiting_for == Some(WaitingFor::PreviousPart);
        if waits {
            part.next_at = Some(post.at_once(now));
            part.updated_at = record::later(part.updated_at, now);
            deliveries::update(tx, &part)?;
        }
    }
    Ok(())
}

/// What is called off with `post`, as it stands now: everything that follows it and has not begun.
pub(crate) fn called_off_with(r: &Reader<'_>, post: DeliveryId) -> Result<Vec<Delivery>, Failure> {
    let mut all = Vec::new();
    for part in deliveries::followers(r, post)? {
        let doubt = record::maybe_sent(attempts::open_for(r, part.id)?.as_ref()).is_some();
        if doubt || !matches!(part.state, State::Scheduled | State::Waiting) {
            continue;
        }
        let id = part.id;
        all.push(part);
        all.extend(called_off_with(r, id)?);
    }
    Ok(all)
}

/// Calls off what follows `post`, which a person has called off.
pub(super) fn call_off(studio: &Studio, tx: &Tx<'_>, post: &Delivery, why: &str) -> Result<(), Failure> {
    let now = studio.ports.now();
    for mut part in called_off_with(tx, post.id)? {
        record::end(tx, &part, now, Outcome::Abandoned, None, Value::Null)?;
        part.state = State::Cancelled;
        (part.waiting_for, part.next_at, part.reason, part.wish) = (None, None, None, None);
        person::put(studio, tx, part, json!({ "action": "cancel", "why": why, "with": post.id }))?;
    }
    Ok(())
}

/// What still follows the delivery called `before` follows `again` from now on: it was written again in its place.
pub(crate) fn follow_instead(tx: &Tx<'_>, before: DeliveryId, again: DeliveryId) -> Result<(), Failure> {
    for mut part in deliveries::followers(tx, before)? {
        if matches!(part.state, State::Scheduled | State::Waiting) {
            part.previous = Some(again);
            deliveries::update(tx, &part)?;
        }
    }
    Ok(())
}

/// The delivery that `part`, written again, follows: where its post was called off and written again, the new one.
pub(super) fn post_of(r: &Reader<'_>, part: &Delivery) -> Result<Option<Delivery>, Failure> {
    let Some(previous) = part.previous else { return Ok(None) };
    let post = person::load(r, previous)?;
    if post.state != State::Cancelled {
        return Ok(Some(post));
    }
    let same = |d: &Delivery| d.account == post.account && d.part == post.part && d.state != State::Cancelled;
    let written_again = deliveries::for_post(r, post.post)?.into_iter().filter(same);
    Ok(Some(written_again.max_by_key(|d| (d.created_at, d.id)).unwrap_or(post)))
}
