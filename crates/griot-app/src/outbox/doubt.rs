//! Doubt: the visible call may have been made. The network is asked before anything is sent again.
//!
//! "Absent" counts only where the rules call the probe authoritative, and only when it was seen twice, the second
//! time after the rules' settle time since the call: a server may still be committing, a list may be cached.

use std::sync::Arc;

use griot_domain::delivery::Armed;
use griot_domain::rules::{Authority, Rules};
use griot_domain::{Delivery, Outcome, Phase, State, WaitingFor};
use griot_networks::{Error, Probe};
use griot_store::attempts;
use serde_json::json;

use super::late::{Lateness, lateness};
use super::stage::Told;
use super::turn::Next;
use super::worker::Worker;
use super::{commit, prepare, record, stage};
use crate::failure::Failure;
use crate::studio::lock;

/// A network that neither shows the post nor keeps it after so many proved absences is asked by a person.
const MOST_RESENDS: u32 = 8;

/// Asks the network whether the delivery is live, and acts on the answer.
pub(super) async fn ask(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let open = worker.workspace.store.read(|r| attempts::open_for(r, delivery.id).map_err(Failure::from))?;
    let Some(armed) = open.and_then(|a| a.armed) else {
        return unknown(worker, delivery, "nothing was written down about the call");
    };
    if !armed.maybe_sent {
        // Stopped between arming and calling: the call was not made.
        commit::disarm(worker, delivery, "stopped before the call")?;
        return Ok(Next::Again);
    }
    let prepared = prepare::prepared(worker, delivery).await?;
    let question = commit::question(worker, delivery, prepared)?;
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    let network = crate::commands::api(&worker.studio, delivery.network)?;
    let session = crate::commands::session(&worker.studio, &account)?;
    let answer = network.probe(&session, &question).await;
    worker.fault("outbox.probed")?;
    match answer {
        Ok(Probe::Live(live)) => {
            told(worker, delivery, "live")?;
            let delivery = worker.load(delivery.id)?;
            commit::published(worker, &delivery, &live)
        }
        Ok(Probe::Absent) => absent(worker, delivery, armed).await,
        Ok(Probe::CannotTell(why)) => unknown(worker, delivery, &why),
        Err(error) => no_answer(worker, delivery, error),
    }
}

/// Notes that the call's answer is lost; the next step asks.
pub(super) fn note(worker: &Worker, delivery: &Delivery, said: &str) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        let attempt = record::on_attempt(tx, d, |a| a.detail = Some(said.to_owned()))?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Sent, json!({ "answer": said }))
    })?;
    Ok(())
}

fn told(worker: &Worker, delivery: &Delivery, what: &str) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        let attempt = attempts::open_for(tx, d.id)?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Probed, json!({ "probe": what }))
    })?;
    Ok(())
}

async fn absent(worker: &Arc<Worker>, delivery: &Delivery, armed: Armed) -> Result<Next, Failure> {
    let recovery = &Rules::of(delivery.network).recovery;
    if recovery.probe != Authority::Authoritative {
        return unknown(worker, delivery, "the network cannot prove that it is not live");
    }
    let now = worker.now();
    let settle = i64::try_from(recovery.settle_ms).unwrap_or(i64::MAX);
    let settled = armed.sent_at.unwrap_or(armed.at).plus_millis(settle);
    let first = armed.absent_at.is_none();
    let (delivery, ()) = worker.write(delivery, |tx, d| {
        let attempt = record::on_attempt(tx, d, |attempt| {
            if let Some(armed) = &mut attempt.armed {
                armed.absent_at = armed.absent_at.or(Some(now));
            }
        })?;
        if d.state == State::Waiting {
            // There is a way out again: from here on only the settle time is waited for.
            d.waiting_for = Some(WaitingFor::Backoff);
        } else {
            d.state = State::Publishing;
        }
        // The second look comes after the settle time, and never at the same instant as the first.
        d.next_at = Some(settled.max(now.plus_millis(1000)));
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Probed, json!({ "probe": "absent" }))
    })?;
    if first || now < settled {
        return Ok(Next::Rest);
    }
    if matches!(lateness(&delivery, now), Lateness::Hold | Lateness::Drop) {
        // Proved absent, and its time has passed since: it is late like any other.
        commit::disarm(worker, &delivery, "proved absent")?;
        return Ok(Next::Again);
    }
    if armed.resends >= MOST_RESENDS {
        return unknown(worker, &delivery, "sent again and again, and never seen");
    }
    let mut armed = armed;
    armed.resends += 1;
    let (delivery, ()) = worker.write(&delivery, |tx, d| {
        worker.claim.grow(tx)?;
        d.tries += 1;
        record::on_attempt(tx, d, |attempt| {
            if let Some(kept) = &mut attempt.armed {
                kept.resends = armed.resends;
            }
        })?;
        Ok(())
    })?;
    worker.claim.follow()?;
    // From a wait (for the network, for a rate limit) the way to publishing leads through armed, as the first time.
    if delivery.state == State::Waiting {
        commit::disarm(worker, &delivery, "proved absent")?;
        return Ok(Next::Again);
    }
    commit::send(worker, &delivery, armed).await
}

/// The question itself had no answer: asked again later. The doubt stays.
fn no_answer(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(worker, &error);
    let (why, at) = match error {
        Error::Offline(_) => {
            (WaitingFor::Network, lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Network, now))
        }
        Error::Portal(_) => {
            (WaitingFor::Portal, lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Portal, now))
        }
        Error::RateLimited { until } => {
            let until = until.unwrap_or_else(|| now.plus_millis(60_000)).max(now.plus_millis(1000));
            lock(&worker.gates).rate(delivery.account, until);
            (WaitingFor::Rate, until)
        }
        Error::Auth(_) => return stage::reconnect(worker, delivery, &told),
        _ => {
            let tries = delivery.tries + 1;
            let at = now.plus(stage::pause(worker, tries));
            worker.write(delivery, |_, d| {
                (d.state, d.waiting_for, d.next_at) = (State::Waiting, Some(WaitingFor::Backoff), Some(at));
                d.tries = tries;
                d.reason = Some(told.sentence.clone());
                Ok(())
            })?;
            return Ok(Next::Rest);
        }
    };
    worker.hold(delivery, why, Some(at), None)?;
    Ok(Next::Rest)
}

/// Only a person can say.
pub(super) fn unknown(worker: &Worker, delivery: &Delivery, why: &str) -> Result<Next, Failure> {
    let now = worker.now();
    let reason = worker.studio.lang().pick(
        "Peut-être en ligne\u{a0}: la réponse s\u{2019}est perdue. Regardez le compte avant de renvoyer.",
        "Perhaps live: the answer was lost. Look at the account before sending again.",
    );
    worker.write(delivery, |tx, d| {
        d.state = State::Unknown;
        d.waiting_for = None;
        d.next_at = None;
        d.reason = Some(reason.to_owned());
        record::end(tx, d, now, Outcome::Unknown, Some(why), serde_json::Value::Null)
    })?;
    Ok(Next::Rest)
}
