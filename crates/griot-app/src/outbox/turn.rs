//! One turn: one delivery goes as far as it can now.

use std::sync::Arc;

use griot_domain::{
    AccountState, Delivery, DeliveryId, Lang, Outcome, Phase, Sentence, State, Timestamp, WaitingFor, Wish,
};
use griot_store::{attempts, posts, settings};
use serde_json::{Value, json};

use super::late::{Lateness, lateness};
use super::worker::Worker;
use super::{amend, by_hand, doubt, kept, moved, parts, prepare, record, stage};
use crate::commands::settings::PAUSED;
use crate::failure::Failure;
use crate::studio::lock;

/// What follows a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Look at the delivery again at once.
    Again,
    /// Nothing more now.
    Rest,
}

/// A step that fails for the machine's reasons is tried again after this long, in milliseconds.
const MACHINE_PAUSE_MS: i64 = 60_000;
/// More steps than this in one turn would be a loop.
const MOST_STEPS: usize = 64;

/// Takes the delivery as far as it goes.
pub(super) async fn take(worker: &Arc<Worker>, id: DeliveryId) {
    for _ in 0..MOST_STEPS {
        if worker.is_draining() {
            return;
        }
        let next = match worker.load(id) {
            Ok(delivery) => match step(worker, &delivery).await {
                Err(Failure::Overtaken) => Ok(Next::Again),
                Err(failure) => machine_failed(worker, id, failure),
                next => next,
            },
            Err(failure) => Err(failure),
        };
        match next {
            Ok(Next::Again) => {}
            Ok(Next::Rest) => return,
            Err(failure) => {
                // The database itself fails: the next look at the queue tries again.
                tracing::error!(delivery = %id, ?failure, "a turn ended");
                return;
            }
        }
    }
    tracing::error!(delivery = %id, "a turn did not come to rest");
}

async fn step(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    match delivery.state {
        State::Scheduled | State::Waiting => ready(worker, delivery).await,
        State::Preparing => prepare::freeze_done(worker, delivery).await,
        State::Uploading | State::Processing => stage::run(worker, delivery).await,
        // Found like this, not just armed: nobody knows whether the call was made.
        State::Armed | State::Publishing => doubt::ask(worker, delivery).await,
        State::HandedOver => kept::step(worker, delivery).await,
        State::Published => amend::step(worker, delivery).await,
        _ => Ok(Next::Rest),
    }
}

/// Everything that can keep a due delivery from starting, in the order in which a person would want to hear it.
async fn ready(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let now = worker.now();
    if delivery.next_at.is_none() && delivery.due.is_some_and(|due| due > now) {
        return Ok(Next::Rest);
    }
    if delivery.moved
        && !delivery.released
        && let Some(next) = consent(worker, delivery).await?
    {
        return Ok(next);
    }
    let open = worker.workspace.store.read(|r| attempts::open_for(r, delivery.id).map_err(Failure::from))?;
    if record::maybe_sent(open.as_ref()).is_some() {
        return doubt::ask(worker, delivery).await;
    }
    match delivery.wish {
        // What is live is changed where it stands: see `amend`.
        None | Some(Wish::Edit | Wish::Delete) => {}
        Some(Wish::HandOver) => {
            if let Some(next) = kept::before_giving(worker, delivery)? {
                return Ok(next);
            }
        }
        Some(Wish::Move | Wish::Withdraw | Wish::Cancel) => return kept::after_taking_back(worker, delivery),
    }
    let paused = worker.workspace.store.read(|r| settings::get(r, PAUSED).map_err(Failure::from))?;
    if paused == Some(Value::Bool(true)) {
        worker.hold(delivery, WaitingFor::Paused, None, None)?;
        return Ok(Next::Rest);
    }
    if let Some(rest) = previous_part(worker, delivery)? {
        return Ok(rest);
    }
    if let Some(rest) = too_late(worker, delivery, now)? {
        return Ok(rest);
    }
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    if account.state == AccountState::Reconnect {
        worker.hold(delivery, WaitingFor::Account, None, None)?;
        return Ok(Next::Rest);
    }
    let shut = lock(&worker.gates).before(delivery.account, now);
    if let Some((why, until)) = shut {
        worker.hold(delivery, why, Some(until), None)?;
        return Ok(Next::Rest);
    }
    if lateness(delivery, worker.let_go(delivery), now) == Lateness::Go {
        lock(&worker.gates).late_left(delivery.account, now);
    }
    let without_way_out = matches!(delivery.waiting_for, Some(WaitingFor::Network | WaitingFor::Portal));
    if without_way_out && open.is_some() && delivery.revision.is_some() && !account.is_by_hand() {
        // The attempt goes on where it stood. While there is still no way out nothing changes, and a day offline
        // leaves two lines in the journal and not thousands.
        return stage::run(worker, delivery).await;
    }
    begin(worker, delivery, now)?;
    worker.fault("outbox.started")?;
    Ok(Next::Again)
}

/// In a copy nothing leaves before a person said so. A part of a post that is still to go is not asked about by itself:
/// the word on its post is the word on it.
async fn consent(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Option<Next>, Failure> {
    match parts::word_on_post(worker, delivery)? {
        parts::Word::Given => Ok(None),
        parts::Word::Awaited => {
            worker.hold(delivery, WaitingFor::PreviousPart, None, None)?;
            Ok(Some(Next::Rest))
        }
        parts::Word::Own => moved::check(worker, delivery).await.map(Some),
    }
}

/// What becomes of it when its time has passed.
fn too_late(worker: &Worker, delivery: &Delivery, now: Timestamp) -> Result<Option<Next>, Failure> {
    match lateness(delivery, worker.let_go(delivery), now) {
        Lateness::OnTime => {}
        Lateness::Hold => {
            worker.hold(delivery, WaitingFor::Late, None, None)?;
            return Ok(Some(Next::Rest));
        }
        Lateness::Drop => {
            drop_late(worker, delivery, now)?;
            return Ok(Some(Next::Rest));
        }
        Lateness::Go => {
            // What has begun has had its turn.
            let promised = delivery.waiting_for == Some(WaitingFor::Spacing) || delivery.revision.is_some();
            let turn = lock(&worker.gates).turn(delivery.account, now, promised);
            if turn.is_some() {
                worker.hold(delivery, WaitingFor::Spacing, turn, None)?;
                return Ok(Some(Next::Rest));
            }
        }
    }
    Ok(None)
}

/// A part waits for the proof of the one before; when that one will never be live, neither will this.
fn previous_part(worker: &Worker, delivery: &Delivery) -> Result<Option<Next>, Failure> {
    let Some(previous) = delivery.previous else { return Ok(None) };
    match worker.load(previous)?.state {
        State::Published => Ok(None),
        gone @ (State::Cancelled | State::Deleted) => {
            let reason = match gone {
                State::Deleted => Sentence::new(
                    "La publication qu\u{2019}elle suit a été supprimée du réseau.",
                    "The post that it follows was deleted from the network.",
                ),
                _ => Sentence::new(
                    "La publication qu\u{2019}elle suit a été annulée.",
                    "The post that it follows was cancelled.",
                ),
            };
            cancel(worker, delivery, &reason)?;
            Ok(Some(Next::Rest))
        }
        _ => {
            worker.hold(delivery, WaitingFor::PreviousPart, None, None)?;
            Ok(Some(Next::Rest))
        }
    }
}

fn drop_late(worker: &Worker, delivery: &Delivery, now: Timestamp) -> Result<(), Failure> {
    let minutes = delivery.due.map_or(0, |due| now.millis_since(due) / 60_000).unsigned_abs();
    let late = |lang| crate::words::span(minutes, lang);
    let reason = Sentence::new(
        format!(
            "Annulée\u{a0}: son heure était passée de {}, et vous aviez choisi de ne pas publier en retard.",
            late(Lang::Fr)
        ),
        format!("Cancelled: its time had passed by {}, and you chose not to publish late.", late(Lang::En)),
    );
    cancel(worker, delivery, &reason)
}

pub(super) fn cancel(worker: &Worker, delivery: &Delivery, reason: &Sentence) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        d.state = State::Cancelled;
        (d.waiting_for, d.wish) = (None, None);
        d.next_at = None;
        d.reason = Some(reason.clone());
        record::end(tx, d, now, Outcome::Abandoned, Some(reason), Value::Null)?;
        parts::wake(tx, d, now)
    })?;
    Ok(())
}

/// Freezes the revision and opens an attempt.
fn begin(worker: &Worker, delivery: &Delivery, now: Timestamp) -> Result<(), Failure> {
    worker.write(delivery, |tx, d| {
        if d.revision.is_none() {
            d.revision = Some(posts::current(tx, d.post)?.id);
        }
        d.state = State::Preparing;
        d.waiting_for = None;
        d.reason = None;
        d.next_at = None;
        let attempt = record::attempt(tx, &worker.studio.ports, d)?;
        record::event(tx, d, Some(attempt.id), now, Phase::Started, json!({ "revision": d.revision }))
    })?;
    Ok(())
}

/// The machine failed (a disk, a missing file, a missing program): said, kept, and for what passes by itself tried
/// again.
fn machine_failed(worker: &Worker, id: DeliveryId, failure: Failure) -> Result<Next, Failure> {
    // As it is now: the step may have written before it failed.
    let delivery = &worker.load(id)?;
    let plain = crate::words::plain(&failure);
    let error = crate::words::spoken(failure);
    tracing::warn!(delivery = %delivery.id, code = %error.code.as_str(), message = %error.message, "a step failed");
    let open = worker.workspace.store.read(|r| attempts::open_for(r, id).map_err(Failure::from))?;
    let with_network = matches!(delivery.state, State::HandedOver | State::Published);
    if with_network || delivery.may_be_live() || record::maybe_sent(open.as_ref()).is_some() {
        // Asked again later; never ended here.
        let at = worker.now().plus_millis(MACHINE_PAUSE_MS);
        worker.write(delivery, |_, d| {
            d.next_at = Some(at);
            d.reason = Some(error.message.clone());
            Ok(())
        })?;
        return Ok(Next::Rest);
    }
    if matches!(error.code, crate::Code::DiskFull | crate::Code::Secrets) {
        let at = worker.now().plus_millis(MACHINE_PAUSE_MS);
        worker.hold(delivery, WaitingFor::Backoff, Some(at), Some(error.message))?;
        return Ok(Next::Rest);
    }
    let sentence = error.whole();
    let told = stage::Told { sentence, message: error.message, plain };
    stage::fail(worker, delivery, griot_domain::FailedClass::Environment, &told)?;
    Ok(Next::Rest)
}

/// Whether Griot publishes this delivery by itself: its account says so, not its network.
pub(super) fn by_api(worker: &Worker, delivery: &Delivery) -> Result<bool, Failure> {
    Ok(!worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?.is_by_hand())
}

/// What follows preparing.
pub(super) async fn prepared(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    if by_api(worker, delivery)? {
        stage::begin(worker, delivery)
    } else {
        by_hand::lay_out(worker, delivery).await
    }
}
