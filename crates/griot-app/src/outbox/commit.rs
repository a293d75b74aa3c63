//! Arming, and the one call that makes a post visible.
//!
//! Armed is on disk before the call: key, frozen body, fingerprint, the server's date and the newest own post seen
//! just before. So is "the call may have left". After that, only proof, a definite refusal, or certainty that
//! nothing left this machine moves the delivery; everything else is doubt.

use std::sync::Arc;

use griot_domain::delivery::Armed;
use griot_domain::rules::Rules;
use griot_domain::{
    Attempt, Delivery, FailedClass, Operation, Outcome, Phase, Sentence, State, WaitingFor, Wish,
};
use griot_networks::{Error, Live, Prepared, Probe, Question, Staged};
use griot_store::{attempts, deliveries, steps};
use serde_json::{Value, json};

use super::kept::Done;
use super::stage::Told;
use super::turn::Next;
use super::worker::Worker;
use super::{doubt, kept, parts, record, stage};
use crate::failure::Failure;
use crate::studio::lock;

/// Arms and sends.
pub(super) async fn arm_and_send(
    worker: &Arc<Worker>,
    delivery: &Delivery,
    prepared: &Prepared,
    staged: Staged,
) -> Result<Next, Failure> {
    // Whatever may once have left, from here or from another copy, is asked about before anything leaves again.
    let once = worker.workspace.store.read(|r| record::left_once(r, delivery.id))?;
    if (delivery.moved || once)
        && let Some(next) = already_live(worker, delivery, prepared).await?
    {
        return Ok(next);
    }
    if worker.is_draining() {
        return Ok(Next::Rest);
    }
    if delivery.wish == Some(Wish::HandOver)
        && let Some(next) = kept::before_giving(worker, delivery)?
    {
        return Ok(next);
    }
    worker.fault("outbox.before_arm")?;
    let now = worker.now();
    let fingerprint = blake3::hash(staged.body.to_string().as_bytes()).to_hex().to_string();
    let armed = Armed {
        at: now,
        server_date: staged.server_date,
        newest_own: staged.newest_own,
        key: staged.key,
        fingerprint,
        body: staged.body,
        maybe_sent: false,
        sent_at: None,
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    arm(worker, delivery, armed).await
}

/// Writes down what is about to be called, and calls.
pub(super) async fn arm(worker: &Arc<Worker>, delivery: &Delivery, armed: Armed) -> Result<Next, Failure> {
    let now = worker.now();
    let delivery = {
        let _alone = worker.claim.alone();
        let (delivery, ()) = worker.write(delivery, |tx, d| {
            worker.claim.grow(tx)?;
            d.state = State::Armed;
            d.reason = None;
            d.next_at = None;
            let mut attempt = record::attempt(tx, &worker.studio.ports, d)?;
            attempt.phase = Phase::Armed;
            attempt.armed = Some(armed.clone());
            attempts::update(tx, &attempt)?;
            let detail = json!({
                "key": armed.key, "fingerprint": armed.fingerprint, "date": armed.server_date, "newest_own": armed.newest_own,
            });
            record::event(tx, d, Some(attempt.id), now, Phase::Armed, detail)
        })?;
        worker.claim.follow()?;
        delivery
    };
    worker.fault("outbox.armed")?;
    send(worker, &delivery, armed).await
}

/// After a move, or for another try after a call that may have left: the network is asked first.
async fn already_live(
    worker: &Arc<Worker>,
    delivery: &Delivery,
    prepared: &Prepared,
) -> Result<Option<Next>, Failure> {
    match ask(worker, delivery, prepared.clone()).await? {
        Ok(Probe::Live(live)) => published(worker, delivery, &live).map(Some),
        // Given to the network by another copy, or before this one was restored: it is there.
        Ok(Probe::Kept(found)) => kept::given(worker, delivery, &found).map(Some),
        // A person let it go knowing that nobody can tell.
        Ok(Probe::Absent | Probe::CannotTell(_)) => Ok(None),
        Err(error) => stage::failed(worker, delivery, error).map(Some),
    }
}

/// Asks the network where `delivery` is.
pub(super) async fn ask(
    worker: &Arc<Worker>,
    delivery: &Delivery,
    prepared: Prepared,
) -> Result<Result<Probe, Error>, Failure> {
    let question = question(worker, delivery, prepared)?;
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    let network = crate::commands::api(&worker.studio, delivery.network)?;
    let session = crate::commands::session(&worker.studio, &account)?;
    Ok(network.probe(&session, &question).await)
}

/// What a probe is asked about `delivery`.
fn question(worker: &Worker, delivery: &Delivery, prepared: Prepared) -> Result<Question, Failure> {
    worker.workspace.store.read(|r| {
        let all = attempts::list_for(r, delivery.id)?;
        let dated = delivery.moved
            || delivery.kept.is_some()
            || all.iter().any(|attempt| {
                matches!(attempt.op, Operation::HandOver | Operation::Move | Operation::Withdraw)
            });
        let armed = frozen(all);
        Ok(Question {
            prepared,
            armed,
            since: delivery.created_at,
            taken: deliveries::taken(r, delivery.account)?,
            dated,
            kept: delivery.kept.clone(),
        })
    })
}

/// What was written down before the call that made the post visible: to move, to withdraw and to change freeze no post.
pub(super) fn frozen(all: Vec<Attempt>) -> Option<Armed> {
    let froze = |attempt: &Attempt| matches!(attempt.op, Operation::Publish | Operation::HandOver);
    all.into_iter().rev().filter(froze).find_map(|attempt| attempt.armed)
}

/// Makes the visible call with exactly what was armed.
pub(super) async fn send(worker: &Arc<Worker>, delivery: &Delivery, armed: Armed) -> Result<Next, Failure> {
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    let network = crate::commands::api(&worker.studio, delivery.network)?;
    let session = crate::commands::session(&worker.studio, &account)?;
    let before = armed.maybe_sent;
    let now = worker.now();
    let (delivery, op) = worker.write(delivery, |tx, d| {
        d.state = State::Publishing;
        d.waiting_for = None;
        d.next_at = None;
        let attempt = record::on_attempt(tx, d, |attempt| {
            attempt.phase = Phase::Sent;
            if let Some(armed) = &mut attempt.armed {
                armed.send(now);
            }
        })?;
        let detail = json!({ "fingerprint": armed.fingerprint, "again": before });
        let op = attempt.as_ref().map_or(Operation::Publish, |attempt| attempt.op);
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Sent, detail)?;
        Ok(op)
    })?;
    worker.fault("outbox.publishing")?;
    let answer = kept::call(network.as_ref(), &session, op, &armed).await;
    worker.fault("outbox.answered")?;
    match answer {
        Ok(Done::Live(live)) => published(worker, &delivery, &live),
        Ok(Done::Kept(found)) => kept::given(worker, &delivery, &found),
        Ok(Done::Moved) => kept::moved(worker, &delivery),
        Ok(Done::Withdrawn) => kept::withdrawn(worker, &delivery),
        Err(error) if matches!(op, Operation::Move | Operation::Withdraw) => {
            kept::answered(worker, &delivery, error)
        }
        Err(error) => answered(worker, &delivery, error),
    }
}

/// What follows an error of the visible call.
fn answered(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let told = Told::of(delivery.network, &error);
    let giving = delivery.wish == Some(Wish::HandOver);
    match error {
        Error::Content(_) | Error::Permission(_) if giving => {
            let delivery = disarm(worker, delivery, &told.message, &told.plain)?;
            kept::refused(worker, &delivery, &told)
        }
        // Definite refusals: it is not live.
        Error::Content(_) => stage::fail(worker, delivery, FailedClass::Content, &told),
        Error::Permission(_) => stage::fail(worker, delivery, FailedClass::Permission, &told),
        Error::Billing(_) => stage::fail(worker, delivery, FailedClass::Billing, &told),
        // Refused, or it never left: disarmed, and later armed anew. Also the second time: it is only sent again
        // after the first was proved absent.
        Error::Offline(_)
        | Error::Auth(_)
        | Error::Expired(_)
        | Error::TooSoon { .. }
        | Error::Processing { .. } => {
            let delivery = disarm(worker, delivery, &told.message, &told.plain)?;
            if let Error::Expired(step) = &error {
                worker
                    .workspace
                    .store
                    .write(|tx| steps::forget(tx, delivery.id, step).map_err(Failure::from))?;
            }
            if let Error::Processing { after } = error {
                let at = worker.now().plus(after);
                worker.hold(&delivery, WaitingFor::Backoff, Some(at), None)?;
                return Ok(Next::Rest);
            }
            stage::failed(worker, &delivery, error)
        }
        Error::RateLimited { .. } if Rules::of(delivery.network).recovery.busy_refuses => {
            let delivery = disarm(worker, delivery, &told.message, &told.plain)?;
            stage::failed(worker, &delivery, error)
        }
        Error::RateLimited { until } => {
            // Most servers count before they act, but not all: the network is asked before it is sent again.
            let now = worker.now();
            let until = until.unwrap_or_else(|| now.plus_millis(60_000)).max(now.plus_millis(1000));
            lock(&worker.gates).rate(delivery.account, until);
            doubt::note(worker, delivery, &told, true)?;
            let delivery = worker.load(delivery.id)?;
            worker.hold(&delivery, WaitingFor::Rate, Some(until), None)?;
            Ok(Next::Rest)
        }
        error => {
            doubt::note(worker, delivery, &told, matches!(error, Error::Failed(_)))?;
            Ok(Next::Again)
        }
    }
}

/// It is certain that nothing became visible: what was armed is put aside.
pub(super) fn disarm(
    worker: &Worker,
    delivery: &Delivery,
    shown: &Sentence,
    said: &str,
) -> Result<Delivery, Failure> {
    let now = worker.now();
    let (delivery, ()) = worker.write(delivery, |tx, d| {
        d.state = State::Waiting;
        d.waiting_for = Some(WaitingFor::Backoff);
        d.next_at = Some(now);
        let attempt = record::on_attempt(tx, d, |attempt| {
            attempt.phase = Phase::Started;
            attempt.detail = Some(shown.clone());
            if let Some(armed) = &mut attempt.armed {
                armed.disarm();
            }
        })?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Held, json!({ "disarmed": said }))
    })?;
    Ok(delivery)
}

/// It is live, and this is the proof.
pub(super) fn published(worker: &Worker, delivery: &Delivery, live: &Live) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account, worker.now());
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        d.state = State::Published;
        d.waiting_for = None;
        d.failed = None;
        d.reason = None;
        d.next_at = None;
        (d.wish, d.kept) = (None, None);
        d.url.clone_from(&live.url);
        d.remote_id = Some(live.id.clone());
        d.tries += 1;
        let proof = if live.proof.is_null() { Value::String(live.id.clone()) } else { live.proof.clone() };
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        record::end(
            tx,
            d,
            now,
            Outcome::Published,
            live.url.clone().map(Sentence::same).as_ref(),
            json!({ "live": proof }),
        )?;
        steps::clear(tx, d.id)?;
        parts::wake(tx, d, now)
    })?;
    worker.fault("outbox.published")?;
    worker.studio.wake.notify_one();
    Ok(Next::Rest)
}
