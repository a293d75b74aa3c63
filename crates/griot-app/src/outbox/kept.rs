//! What a network keeps with its date: read back as proof, moved, taken back.
//!
//! All of it is armed and asked about like publishing. What a network keeps is never published from here before the
//! network's own answer has proved that it neither keeps nor shows it. Deliberately absent: giving it to the network,
//! which takes the way of everything that is published (`turn`, `stage`, `commit`).

mod answer;
mod hindrance;

use std::sync::Arc;
use std::time::Duration;

use griot_domain::delivery::Armed;
use griot_domain::rules::{HandOver, Rules, Window};
use griot_domain::{
    AccountState, Delivery, Kept, Outcome, Phase, Sentence, State, Timestamp, WaitingFor, Wish,
};
use griot_networks::{Error, Probe};
use griot_store::attempts;
use serde_json::{Value, json};

use super::stage::Told;
use super::turn::Next;
use super::worker::Worker;
use super::{commit, doubt, prepare, record, stage};
use crate::failure::Failure;
use crate::studio::lock;
pub(super) use answer::{Done, answered, back, call, found, given, moved, withdrawn};
pub(crate) use hindrance::{Hindrance, hindrance};

/// What is kept is looked at this long after its date, and again after as long while it is not shown.
const AFTER_DATE: Duration = Duration::from_secs(60);
/// And once a day before: who takes it away on the network's side does not tell us.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
/// What could not be asked is asked again after this long.
const ASK_AGAIN: Duration = Duration::from_secs(5 * 60);
/// A network that still keeps a post long after its date is asked this often.
const OVERDUE_AGAIN: Duration = Duration::from_secs(15 * 60);
/// A network may keep a date to the second or to the minute.
const SAME_DATE_MS: u64 = 60_000;

/// What the network's rules say of dates.
fn rules(delivery: &Delivery) -> Option<&'static HandOver> {
    Rules::of(delivery.network).hand_over.as_ref()
}

/// Before it is given to the network: whether the date still can be. Where it cannot, it stays here.
pub(super) fn before_giving(worker: &Worker, delivery: &Delivery) -> Result<Option<Next>, Failure> {
    let window = rules(delivery).zip(delivery.due).map(|(rules, due)| rules.window(due, worker.now()));
    if window == Some(Window::Open) {
        return Ok(None);
    }
    let reason = Sentence::new(
        "Trop tard pour la confier au réseau\u{a0}: elle part d\u{2019}ici, à son heure.",
        "Too late to hand it to the network: it leaves from here, at its time.",
    );
    stays_here(worker, delivery, Some(&reason))?;
    Ok(Some(Next::Again))
}

/// The network would not keep it: it goes out from here, and the person reads why.
pub(super) fn refused(worker: &Worker, delivery: &Delivery, told: &Told) -> Result<Next, Failure> {
    let name = delivery.network.display_name();
    let reason = Sentence::new(
        format!("{name} ne la garde pas pour vous\u{a0}:"),
        format!("{name} does not keep it for you:"),
    )
    .and(&told.message)
    .and(&Sentence::new("Elle part d\u{2019}ici, à son heure.", "It leaves from here, at its time."));
    stays_here(worker, delivery, Some(&reason))?;
    Ok(Next::Again)
}

/// It goes out from here, at its time.
fn stays_here(worker: &Worker, delivery: &Delivery, reason: Option<&Sentence>) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        if attempts::open_for(tx, d.id)?.is_some() {
            record::end(tx, d, now, Outcome::Abandoned, reason, Value::Null)?;
        }
        d.state = State::Scheduled;
        (d.wish, d.kept, d.waiting_for, d.revision) = (None, None, None, None);
        d.next_at = d.due.is_none_or(|due| due <= now).then_some(now);
        d.reason = reason.cloned();
        d.tries = 0;
        Ok(())
    })?;
    Ok(())
}

/// What was taken back: it goes out from here, or is called off.
pub(super) fn after_taking_back(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    if delivery.wish == Some(Wish::Cancel) {
        let reason =
            Sentence::new("Reprise au réseau, puis annulée.", "Taken back from the network, then cancelled.");
        super::turn::cancel(worker, delivery, &reason)?;
        return Ok(Next::Rest);
    }
    stays_here(worker, delivery, None)?;
    Ok(Next::Again)
}

/// One look at what the network keeps, or what a person asked of it.
pub(super) async fn step(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let now = worker.now();
    if delivery.next_at.is_none_or(|at| at > now) {
        return Ok(Next::Rest);
    }
    let shut = lock(&worker.gates).before(delivery.account, now);
    if let Some((_, until)) = shut {
        return later(worker, delivery, until, delivery.reason.clone());
    }
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    if account.state == AccountState::Reconnect {
        let reason = Sentence::new(
            "Le réseau la garde toujours\u{a0}; reconnectez le compte pour la suivre.",
            "The network still keeps it; connect the account again to follow it.",
        );
        return later(worker, delivery, now.plus(ASK_AGAIN), Some(reason));
    }
    look(worker, delivery).await
}

/// What a person asked of the network; nothing in a copy, before they said it there.
fn wish(delivery: &Delivery) -> Option<Wish> {
    let is_copy = delivery.moved && !delivery.released;
    delivery.wish.filter(|_| !is_copy)
}

/// Gives it its new date there, or takes it back where the network cannot keep that date.
async fn shift(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let window = rules(delivery).zip(delivery.due).map(|(rules, due)| rules.window(due, worker.now()));
    if window == Some(Window::Open) {
        return arm(worker, delivery).await;
    }
    worker.write(delivery, |_, d| {
        d.wish = Some(Wish::Withdraw);
        Ok(())
    })?;
    Ok(Next::Again)
}

/// Arms what a person asked of the network, and calls.
async fn arm(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let Some(kept) = &delivery.kept else { return gone(worker, delivery) };
    if worker.is_draining() {
        return Ok(Next::Rest);
    }
    let body = json!({ "id": kept.id, "at": delivery.due.map(Timestamp::millis) });
    let armed = Armed {
        at: worker.now(),
        server_date: None,
        newest_own: None,
        key: format!("{}/{}", delivery.operation(), kept.id),
        fingerprint: blake3::hash(body.to_string().as_bytes()).to_hex().to_string(),
        body,
        maybe_sent: false,
        sent_at: None,
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    commit::arm(worker, delivery, armed).await
}

/// Asks the network where it is, and then for what a person wants of it: a day without a network arms nothing, and what
/// is live already is not asked for.
async fn look(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let prepared = prepare::prepared(worker, delivery).await?;
    let answer = commit::ask(worker, delivery, prepared).await?;
    worker.fault("outbox.read_back")?;
    let now = worker.now();
    match answer {
        Ok(Probe::Live(live)) => commit::published(worker, delivery, &live),
        Ok(Probe::Kept(found)) => match wish(delivery) {
            Some(Wish::Move) => shift(worker, delivery).await,
            Some(Wish::Withdraw | Wish::Cancel) => arm(worker, delivery).await,
            Some(Wish::HandOver | Wish::Edit | Wish::Delete) | None => still(worker, delivery, found),
        },
        Ok(Probe::Absent) => missing(worker, delivery),
        Ok(Probe::CannotTell(why)) => match rules(delivery).zip(delivery.due) {
            Some((rules, due)) if now >= rules.overdue(due) => doubt::unknown(worker, delivery, &why),
            _ => later(worker, delivery, now.plus(ASK_AGAIN), delivery.reason.clone()),
        },
        Err(error) => no_answer(worker, delivery, error),
    }
}

/// It is still kept: looked at again after its date, or tomorrow.
fn still(worker: &Worker, delivery: &Delivery, found: Kept) -> Result<Next, Failure> {
    let now = worker.now();
    let date = found.at.or(delivery.due).unwrap_or(now);
    let overdue = rules(delivery).is_some_and(|rules| now >= rules.overdue(date));
    let name = delivery.network.display_name();
    let reason = overdue.then(|| {
        Sentence::new(
            format!(
                "Son heure est passée et {name} la garde encore. Reprenez-la pour la publier d\u{2019}ici."
            ),
            format!("Its time has passed and {name} still keeps it. Take it back to publish it from here."),
        )
    });
    let next = if overdue {
        now.plus(OVERDUE_AGAIN)
    } else {
        date.plus(AFTER_DATE).min(now.plus(DAY)).max(now.plus(AFTER_DATE))
    };
    let moved = found
        .at
        .zip(delivery.due)
        .is_some_and(|(theirs, ours)| theirs.millis_since(ours).unsigned_abs() >= SAME_DATE_MS);
    worker.write(delivery, |tx, d| {
        if moved && d.wish != Some(Wish::Move) {
            // Somebody gave it another date on the network's side: that is when it appears.
            (d.due, d.wall) = (found.at, None);
        }
        d.kept = Some(Kept { missing: None, ..found.clone() });
        (d.next_at, d.reason) = (Some(next), reason);
        let attempt = attempts::list_for(tx, d.id)?.last().map(|attempt| attempt.id);
        record::event(tx, d, attempt, now, Phase::Probed, json!({ "probe": "kept", "at": found.at }))
    })?;
    Ok(Next::Rest)
}

/// Neither kept nor live: believed the second time, after the time that the network is given to settle.
fn missing(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    let now = worker.now();
    let recovery = &Rules::of(delivery.network).recovery;
    // What has gone over from what is kept to what is live may be in neither list for as long as lists are late.
    let settle = recovery.late().max(recovery.settle(true));
    let first = delivery.kept.as_ref().and_then(|kept| kept.missing);
    if let Some(first) = first
        && now >= first.plus_millis(settle)
    {
        // What was to be taken back is: perhaps on the network's own pages.
        return match wish(delivery) {
            Some(Wish::Withdraw | Wish::Cancel) => withdrawn(worker, delivery),
            _ => gone(worker, delivery),
        };
    }
    worker.write(delivery, |tx, d| {
        if let Some(kept) = &mut d.kept {
            kept.missing = kept.missing.or(Some(now));
        }
        d.next_at = Some(first.unwrap_or(now).plus_millis(settle).max(now.plus_millis(1000)));
        let attempt = attempts::list_for(tx, d.id)?.last().map(|attempt| attempt.id);
        record::event(tx, d, attempt, now, Phase::Probed, json!({ "probe": "absent" }))
    })?;
    Ok(Next::Rest)
}

/// The network neither keeps nor shows it, and nobody here took it back: a person says what is to become of it.
pub(super) fn gone(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    let (now, name) = (worker.now(), delivery.network.display_name());
    let reason = Sentence::new(
        format!(
            "{name} ne la garde plus et ne la montre pas\u{a0}: elle y a peut-être été supprimée. Réessayez pour la publier d\u{2019}ici, ou annulez."
        ),
        format!(
            "{name} neither keeps nor shows it any more: it was perhaps removed there. Retry to publish it from here, or cancel."
        ),
    );
    worker.write(delivery, |tx, d| {
        d.state = State::Unknown;
        (d.waiting_for, d.next_at, d.wish, d.kept) = (None, None, None, None);
        d.reason = Some(reason.clone());
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        record::end(tx, d, now, Outcome::Unknown, Some(&reason), json!({ "said": "neither kept nor live" }))
    })?;
    Ok(Next::Rest)
}

fn no_answer(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(delivery.network, &error);
    let (at, reason) = match error {
        Error::Offline(_) => (
            lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Network, now),
            delivery.reason.clone(),
        ),
        Error::Portal(_) => (
            lock(&worker.gates).no_way_out(delivery.account, WaitingFor::Portal, now),
            delivery.reason.clone(),
        ),
        Error::RateLimited { until } => {
            let until = until.unwrap_or_else(|| now.plus(ASK_AGAIN)).max(now.plus_millis(1000));
            lock(&worker.gates).rate(delivery.account, until);
            (until, delivery.reason.clone())
        }
        Error::Processing { after } => (now.plus(after), None),
        Error::Auth(_) => {
            stage::stop_account(worker, delivery)?;
            (now.plus(ASK_AGAIN), Some(told.sentence))
        }
        Error::Permission(_) | Error::Content(_) => (now.plus(ASK_AGAIN), Some(told.sentence)),
        _ => (now.plus(ASK_AGAIN), None),
    };
    later(worker, delivery, at, reason)
}

fn later(
    worker: &Worker,
    delivery: &Delivery,
    at: Timestamp,
    reason: Option<Sentence>,
) -> Result<Next, Failure> {
    worker.write(delivery, |_, d| {
        (d.next_at, d.reason) = (Some(at), reason);
        Ok(())
    })?;
    Ok(Next::Rest)
}
