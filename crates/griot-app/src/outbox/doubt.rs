//! Doubt: the visible call may have been made. The network is asked before anything is sent again.
//!
//! "Absent" counts only where the rules call the probe authoritative, and only when it was seen twice after the time that
//! the network is given from the moment the answer was given up (`patience`): a server may still be committing, a list
//! may be late.

use std::sync::Arc;
use std::time::Duration;

use griot_domain::delivery::Armed;
use griot_domain::rules::{Authority, Rules};
use griot_domain::{Delivery, Operation, Outcome, Phase, Sentence, State, WaitingFor};
use griot_networks::{Error, Probe};
use griot_store::attempts;
use serde_json::json;

use super::late::{Lateness, lateness};
use super::patience::{self, Absence};
use super::stage::Told;
use super::turn::Next;
use super::worker::Worker;
use super::{commit, kept, prepare, record, stage};
use crate::failure::Failure;
use crate::studio::lock;

/// A sentence in French and English. The journal keeps the English one: evidence has one language.
type Words = (&'static str, &'static str);

const NOTHING_NOTED: Words =
    ("Rien n\u{2019}avait été noté de l\u{2019}envoi.", "Nothing was written down about the call.");
const BEFORE_THE_CALL: Words = ("Arrêtée avant l\u{2019}envoi.", "Stopped before the call.");
const ABSENT: Words = ("Vérifié\u{a0}: elle n\u{2019}est pas en ligne.", "Checked: it is not live.");
const NOT_TOLD: Words = (
    "Le réseau ne permet pas de savoir si elle est en ligne.",
    "The network does not tell whether it is live.",
);
const NO_PROOF: Words = (
    "Le réseau ne peut pas prouver qu\u{2019}elle n\u{2019}est pas en ligne.",
    "The network cannot prove that it is not live.",
);
const NEVER_SEEN: Words = (
    "Envoyée plusieurs fois, elle n\u{2019}a jamais été vue en ligne.",
    "Sent again and again, it was never seen live.",
);

/// A network that neither shows the post nor keeps it after so many proved absences is asked by a person.
const MOST_RESENDS: u32 = 8;

/// Asks the network whether the delivery is live, and acts on the answer.
pub(super) async fn ask(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let open = worker.workspace.store.read(|r| attempts::open_for(r, delivery.id).map_err(Failure::from))?;
    let op = open.as_ref().map_or(Operation::Publish, |attempt| attempt.op);
    let asked_of_network = matches!(op, Operation::Move | Operation::Withdraw);
    let Some(mut armed) = open.and_then(|a| a.armed) else {
        return not_known(worker, delivery, NOTHING_NOTED, None);
    };
    if !armed.maybe_sent {
        // Stopped between arming and calling: the call was not made.
        if asked_of_network {
            return kept::back(worker, delivery, None);
        }
        disarm(worker, delivery, BEFORE_THE_CALL)?;
        return Ok(Next::Again);
    }
    armed = patience::noticed(worker, delivery)?.unwrap_or(armed);
    let prepared = prepare::prepared(worker, delivery).await?;
    let answer = commit::ask(worker, delivery, prepared).await?;
    worker.fault("outbox.probed")?;
    match answer {
        Ok(Probe::Live(live)) => {
            told(worker, delivery, "live")?;
            let delivery = worker.load(delivery.id)?;
            commit::published(worker, &delivery, &live)
        }
        Ok(Probe::Kept(found)) => {
            told(worker, delivery, "kept")?;
            let delivery = worker.load(delivery.id)?;
            kept::found(worker, &delivery, op, &found)
        }
        Ok(Probe::Absent) => absent(worker, delivery, op, armed).await,
        Ok(Probe::CannotTell(why)) => undecided(worker, delivery, &armed, &why),
        Err(error) => no_answer(worker, delivery, error),
    }
}

/// Notes that the call's answer is given up; the next step asks. `answered` says whether the network itself said something
/// that settles nothing.
pub(super) fn note(worker: &Worker, delivery: &Delivery, told: &Told, answered: bool) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        let attempt = record::on_attempt(tx, d, |a| {
            a.detail = Some(told.message.clone());
            if let Some(armed) = &mut a.armed {
                armed.give_up(now, answered);
            }
        })?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Sent, json!({ "answer": told.plain }))
    })?;
    Ok(())
}

fn disarm(worker: &Worker, delivery: &Delivery, why: Words) -> Result<Delivery, Failure> {
    commit::disarm(worker, delivery, &why.into(), why.1)
}

fn told(worker: &Worker, delivery: &Delivery, what: &str) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        let attempt = attempts::open_for(tx, d.id)?;
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Probed, json!({ "probe": what }))
    })?;
    Ok(())
}

async fn absent(
    worker: &Arc<Worker>,
    delivery: &Delivery,
    op: Operation,
    armed: Armed,
) -> Result<Next, Failure> {
    let recovery = &Rules::of(delivery.network).recovery;
    // What is kept has a number: a network that is asked for the very number can be believed.
    let is_believed = recovery.probe == Authority::Authoritative || delivery.kept.is_some();
    let now = worker.now();
    let given_up = worker.counted_from(armed.given_up_at.unwrap_or(now), armed.absent_at);
    // Soon only where the call follows at once: where the doubt is put aside first, a person may step in between.
    let sends_again = op == Operation::Publish && delivery.part == 0 && delivery.state != State::Waiting;
    let settle = match sends_again {
        true => recovery.settle_for_resend(armed.answered, armed.resends),
        false => recovery.settle(armed.answered),
    };
    let absence = patience::judge(recovery, &armed, settle, given_up, now);
    if !is_believed && !matches!(absence, Absence::TooSoon(_)) {
        return not_known(worker, delivery, NO_PROOF, None);
    }
    let delivery = not_there(worker, delivery, absence)?;
    if absence != Absence::Proved {
        return Ok(Next::Rest);
    }
    let sure = given_up.plus_millis(recovery.settle(armed.answered)).plus_millis(recovery.late());
    if now < sure
        && matches!(lateness(&delivery, worker.let_go(&delivery), now), Lateness::Hold | Lateness::Drop)
    {
        // To send again could do no harm; to say that it is not there would be too soon.
        worker.write(&delivery, |_, d| {
            d.next_at = Some(sure);
            Ok(())
        })?;
        return Ok(Next::Rest);
    }
    gone(worker, delivery, op, armed).await
}

/// The network cannot tell. A person is asked when the call has done what it does: who looks sooner may see nothing of
/// what is still on its way, and send it again.
fn undecided(worker: &Worker, delivery: &Delivery, armed: &Armed, why: &str) -> Result<Next, Failure> {
    let recovery = &Rules::of(delivery.network).recovery;
    let now = worker.now();
    let given_up = worker.counted_from(armed.given_up_at.unwrap_or(now), armed.absent_at);
    let settle = recovery.settle(armed.answered);
    let Absence::TooSoon(again) = patience::judge(recovery, armed, settle, given_up, now) else {
        return unknown(worker, delivery, why);
    };
    worker.write(delivery, |tx, d| {
        let attempt = record::on_attempt(tx, d, |attempt| {
            if let Some(armed) = &mut attempt.armed {
                armed.unanswered_since = None;
            }
        })?;
        match d.state {
            State::Waiting => d.waiting_for = Some(WaitingFor::Backoff),
            _ => d.state = State::Publishing,
        }
        d.next_at = Some(again);
        record::event(
            tx,
            d,
            attempt.map(|a| a.id),
            now,
            Phase::Probed,
            json!({ "probe": "cannot_tell", "said": why }),
        )
    })?;
    Ok(Next::Rest)
}

/// Notes that it was not there, and when to look again.
fn not_there(worker: &Worker, delivery: &Delivery, absence: Absence) -> Result<Delivery, Failure> {
    let now = worker.now();
    let (delivery, ()) = worker.write(delivery, |tx, d| {
        let attempt = record::on_attempt(tx, d, |attempt| {
            let Some(armed) = &mut attempt.armed else { return };
            armed.unanswered_since = None;
            match absence {
                Absence::TooSoon(_) => armed.absent_at = None,
                Absence::First(again) => {
                    let late = Rules::of(d.network).recovery.late();
                    armed.absent_at = Some(again.plus_millis(-late));
                }
                Absence::Proved => {}
            }
        })?;
        if d.state == State::Waiting {
            // There is a way out again: from here on only the network's own time is waited for.
            d.waiting_for = Some(WaitingFor::Backoff);
        } else {
            d.state = State::Publishing;
        }
        d.next_at = Some(match absence {
            Absence::TooSoon(again) | Absence::First(again) => again,
            Absence::Proved => now,
        });
        record::event(tx, d, attempt.map(|a| a.id), now, Phase::Probed, json!({ "probe": "absent" }))
    })?;
    Ok(delivery)
}

/// It is proved: the call has done nothing that can be seen.
async fn gone(
    worker: &Arc<Worker>,
    delivery: Delivery,
    op: Operation,
    mut armed: Armed,
) -> Result<Next, Failure> {
    let now = worker.now();
    match op {
        Operation::Withdraw => return kept::withdrawn(worker, &delivery),
        Operation::Move => return kept::gone(worker, &delivery),
        _ => {}
    }
    if matches!(lateness(&delivery, worker.let_go(&delivery), now), Lateness::Hold | Lateness::Drop) {
        // Proved absent, and its time has passed since: it is late like any other.
        disarm(worker, &delivery, ABSENT)?;
        return Ok(Next::Again);
    }
    if armed.resends >= MOST_RESENDS {
        return not_known(worker, &delivery, NEVER_SEEN, None);
    }
    if op == Operation::HandOver {
        // Its date may have come too near meanwhile: the way to the call leads through that question.
        disarm(worker, &delivery, ABSENT)?;
        return Ok(Next::Again);
    }
    armed.resends += 1;
    let delivery = {
        let _alone = worker.claim.alone();
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
        delivery
    };
    // From a wait (for the network, for a rate limit) the way to publishing leads through armed, as the first time.
    if delivery.state == State::Waiting {
        disarm(worker, &delivery, ABSENT)?;
        return Ok(Next::Again);
    }
    commit::send(worker, &delivery, armed).await
}

/// The question itself had no answer: asked again later. The doubt stays.
fn no_answer(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(delivery.network, &error);
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
        error => {
            // Not counted with the tries of the call: trouble that was short must not make the next wait long.
            let pause = patience::in_vain(worker, delivery)?.unwrap_or_else(|| stage::pause(worker, 1));
            let at_least = if let Error::Processing { after } = error { after } else { Duration::ZERO };
            let at = now.plus(pause.max(at_least));
            worker.write(delivery, |_, d| {
                (d.state, d.waiting_for, d.next_at) = (State::Waiting, Some(WaitingFor::Backoff), Some(at));
                d.reason = Some(told.sentence.clone());
                Ok(())
            })?;
            return Ok(Next::Rest);
        }
    };
    worker.hold(delivery, why, Some(at), None)?;
    Ok(Next::Rest)
}

/// The network cannot tell, and says why.
pub(super) fn unknown(worker: &Worker, delivery: &Delivery, why: &str) -> Result<Next, Failure> {
    not_known(worker, delivery, NOT_TOLD, Some(why))
}

/// Only a person can say. `said` is what the network itself said of it.
fn not_known(worker: &Worker, delivery: &Delivery, why: Words, said: Option<&str>) -> Result<Next, Failure> {
    let now = worker.now();
    let reason = Sentence::new(
        "La réponse s\u{2019}est perdue. Regardez le compte avant de renvoyer.",
        "The answer was lost. Look at the account before sending again.",
    );
    worker.write(delivery, |tx, d| {
        d.state = State::Unknown;
        (d.waiting_for, d.next_at, d.wish) = (None, None, None);
        d.reason = Some(reason);
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        let proof = json!({ "said": said.unwrap_or(why.1) });
        record::end(tx, d, now, Outcome::Unknown, Some(&why.into()), proof)
    })?;
    Ok(Next::Rest)
}
