//! The calls that a network with dates is armed for, and what follows from its answers.

use griot_domain::delivery::Armed;
use griot_domain::{Delivery, Kept, Operation, Outcome, State, Timestamp, WaitingFor};
use griot_networks::{Error, Keeper, Live, Network, Session, Why};
use griot_store::{attempts, steps};
use serde_json::{Value, json};

use super::SAME_DATE_MS;
use crate::failure::Failure;
use crate::outbox::stage::Told;
use crate::outbox::turn::Next;
use crate::outbox::worker::Worker;
use crate::outbox::{doubt, record, stage};
use crate::studio::lock;

/// What a call that was armed has done.
pub(in crate::outbox) enum Done {
    /// It is live.
    Live(Live),
    /// The network keeps it.
    Kept(Kept),
    /// It has the new date.
    Moved,
    /// The network keeps it no longer.
    Withdrawn,
}

/// Makes the call that was armed.
pub(in crate::outbox) async fn call(
    network: &dyn Network,
    session: &Session,
    op: Operation,
    armed: &Armed,
) -> Result<Done, Error> {
    let keeper = || -> Result<&dyn Keeper, Error> {
        network.keeper().ok_or_else(|| {
            Error::Permission(Why::ours(
                "Ce réseau ne garde pas de publication jusqu\u{2019}à une date.",
                "This network keeps no post until a date.",
            ))
        })
    };
    let id = || armed.body["id"].as_str().unwrap_or_default();
    match op {
        Operation::HandOver => keeper()?.hand_over(session, &armed.body, &armed.key).await.map(Done::Kept),
        Operation::Move => {
            let at = armed.body["at"].as_i64().map(Timestamp::from_millis);
            let at = at.ok_or_else(|| {
                Error::Environment(Why::ours(
                    "La date à donner au réseau n\u{2019}a pas été notée.",
                    "The date to give the network was not noted.",
                ))
            })?;
            keeper()?.move_to(session, id(), at).await.map(|()| Done::Moved)
        }
        Operation::Withdraw => keeper()?.withdraw(session, id()).await.map(|()| Done::Withdrawn),
        // To edit and to delete are calls of their own: see `amend`.
        Operation::Publish | Operation::Edit | Operation::Delete => {
            network.commit(session, &armed.body, &armed.key).await.map(Done::Live)
        }
    }
}

/// The network itself says that it keeps it.
pub(in crate::outbox) fn given(worker: &Worker, delivery: &Delivery, kept: &Kept) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account, worker.now());
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        d.state = State::HandedOver;
        (d.waiting_for, d.failed, d.reason, d.wish) = (None, None, None, None);
        d.kept = Some(kept.clone());
        // Read back at once: the answer to the call is not the proof.
        d.next_at = Some(now.plus_millis(1000));
        if attempts::open_for(tx, d.id)?.is_some() {
            let proof = json!({ "kept": { "id": kept.id, "at": kept.at } });
            record::end(tx, d, now, Outcome::Kept, None, proof)?;
        }
        Ok(())
    })?;
    worker.fault("outbox.handed_over")?;
    Ok(Next::Rest)
}

/// It has its new date there.
pub(in crate::outbox) fn moved(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    let id = delivery.kept.as_ref().map(|kept| kept.id.clone()).unwrap_or_default();
    given(worker, delivery, &Kept { id, at: delivery.due, missing: None })
}

/// The network keeps it no longer, and it is not live.
pub(in crate::outbox) fn withdrawn(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account, worker.now());
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        d.state = State::Waiting;
        (d.waiting_for, d.next_at, d.kept, d.reason) = (Some(WaitingFor::Backoff), Some(now), None, None);
        record::end(tx, d, now, Outcome::Withdrawn, None, Value::Null)?;
        // What had gone up went with it.
        Ok(steps::clear(tx, d.id)?)
    })?;
    worker.fault("outbox.withdrawn")?;
    Ok(Next::Again)
}

/// Asked after a doubt, the network says that it keeps it.
pub(in crate::outbox) fn found(
    worker: &Worker,
    delivery: &Delivery,
    op: Operation,
    kept: &Kept,
) -> Result<Next, Failure> {
    let dated = kept.at.zip(delivery.due);
    let same = dated.is_none_or(|(theirs, ours)| theirs.millis_since(ours).unsigned_abs() < SAME_DATE_MS);
    match op {
        Operation::Move if same => given(worker, delivery, kept),
        // The call never arrived, or not yet. Both can be made again.
        Operation::Move | Operation::Withdraw => back(worker, delivery, None),
        _ => given(worker, delivery, kept),
    }
}

/// What follows an error of moving or taking back.
pub(in crate::outbox) fn answered(
    worker: &Worker,
    delivery: &Delivery,
    error: Error,
) -> Result<Next, Failure> {
    let told = Told::of(delivery.network, &error);
    match error {
        Error::Offline(_) => {
            lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Network, worker.now());
            back(worker, delivery, None)
        }
        Error::Auth(_) => {
            back(worker, delivery, Some(&told))?;
            let delivery = worker.load(delivery.id)?;
            stage::stop_account(worker, &delivery)?;
            Ok(Next::Rest)
        }
        Error::Permission(_) | Error::Content(_) | Error::Billing(_) => {
            back(worker, delivery, Some(&told))?;
            let delivery = worker.load(delivery.id)?;
            worker.write(&delivery, |_, d| {
                d.wish = None;
                Ok(())
            })?;
            Ok(Next::Rest)
        }
        error => {
            doubt::note(
                worker,
                delivery,
                &told,
                matches!(error, Error::Failed(_) | Error::RateLimited { .. }),
            )?;
            Ok(Next::Again)
        }
    }
}

/// Nothing was moved or taken back, and the network keeps it: tried again after a pause, or not where `told` says why.
pub(in crate::outbox) fn back(
    worker: &Worker,
    delivery: &Delivery,
    told: Option<&Told>,
) -> Result<Next, Failure> {
    let now = worker.now();
    let tries = delivery.tries + 1;
    let at = now.plus(stage::pause(worker, tries));
    worker.write(delivery, |tx, d| {
        d.state = State::HandedOver;
        (d.waiting_for, d.next_at, d.tries) = (None, Some(at), tries);
        d.reason = told.map(|told| told.sentence.clone());
        let (sentence, said) = (told.map(|told| &told.message), told.map(|told| told.plain.as_str()));
        record::end(tx, d, now, Outcome::Transient, sentence, json!({ "said": said }))
    })?;
    Ok(Next::Rest)
}
