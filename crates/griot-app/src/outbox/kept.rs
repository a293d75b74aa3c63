//! What a network keeps with its date: read back as proof, moved, taken back.
//!
//! All of it is armed and asked about like publishing. What a network keeps is never published from here before the
//! network's own answer has proved that it neither keeps nor shows it. Deliberately absent: giving it to the network,
//! which takes the way of everything that is published (`turn`, `stage`, `commit`).

use std::sync::Arc;
use std::time::Duration;

use griot_domain::delivery::Armed;
use griot_domain::rules::{HandOver, Rules, Window};
use griot_domain::{
    AccountState, Delivery, Kept, Operation, Outcome, Phase, State, Timestamp, WaitingFor, Wish,
};
use griot_networks::{Error, Live, Network, Probe, Session};
use griot_store::{attempts, steps};
use serde_json::{Value, json};

use super::stage::Told;
use super::turn::Next;
use super::worker::Worker;
use super::{commit, doubt, prepare, record, stage};
use crate::failure::Failure;
use crate::studio::lock;

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

/// What a call that was armed has done.
pub(super) enum Done {
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
pub(super) async fn call(
    network: &dyn Network,
    session: &Session,
    op: Operation,
    armed: &Armed,
) -> Result<Done, Error> {
    let keeper = || network.keeper().ok_or_else(|| Error::Permission("the network keeps no dates".into()));
    let id = || armed.body["id"].as_str().unwrap_or_default();
    match op {
        Operation::HandOver => keeper()?.hand_over(session, &armed.body, &armed.key).await.map(Done::Kept),
        Operation::Move => {
            let at = armed.body["at"].as_i64().map(Timestamp::from_millis);
            let at = at.ok_or_else(|| Error::Environment("the frozen request has no date".into()))?;
            keeper()?.move_to(session, id(), at).await.map(|()| Done::Moved)
        }
        Operation::Withdraw => keeper()?.withdraw(session, id()).await.map(|()| Done::Withdrawn),
        Operation::Publish | Operation::Edit | Operation::Delete => {
            network.commit(session, &armed.body, &armed.key).await.map(Done::Live)
        }
    }
}

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
    let reason = worker.studio.lang().pick(
        "Trop tard pour la confier au réseau\u{a0}: elle part d\u{2019}ici, à son heure.",
        "Too late to hand it to the network: it leaves from here, at its time.",
    );
    stays_here(worker, delivery, Some(reason))?;
    Ok(Some(Next::Again))
}

/// The network would not keep it: it goes out from here, and the person reads why.
pub(super) fn refused(worker: &Worker, delivery: &Delivery, told: &Told) -> Result<Next, Failure> {
    let name = delivery.network.display_name();
    let reason = worker.studio.lang().pick(
        format!(
            "{name} ne la garde pas pour vous\u{a0}: {} Elle part d\u{2019}ici, à son heure.",
            told.message
        ),
        format!("{name} does not keep it for you: {} It leaves from here, at its time.", told.message),
    );
    stays_here(worker, delivery, Some(&reason))?;
    Ok(Next::Again)
}

/// It goes out from here, at its time.
fn stays_here(worker: &Worker, delivery: &Delivery, reason: Option<&str>) -> Result<(), Failure> {
    let now = worker.now();
    worker.write(delivery, |tx, d| {
        if attempts::open_for(tx, d.id)?.is_some() {
            record::end(tx, d, now, Outcome::Abandoned, reason, Value::Null)?;
        }
        d.state = State::Scheduled;
        (d.wish, d.kept, d.waiting_for, d.revision) = (None, None, None, None);
        d.next_at = d.due.is_none_or(|due| due <= now).then_some(now);
        d.reason = reason.map(str::to_owned);
        d.tries = 0;
        Ok(())
    })?;
    Ok(())
}

/// What was taken back: it goes out from here, or is called off.
pub(super) fn after_taking_back(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    if delivery.wish == Some(Wish::Cancel) {
        let reason = worker
            .studio
            .lang()
            .pick("Reprise au réseau, puis annulée.", "Taken back from the network, then cancelled.");
        super::turn::cancel(worker, delivery, reason)?;
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
        let reason = worker.studio.lang().pick(
            "Le réseau la garde toujours\u{a0}; reconnectez le compte pour la suivre.",
            "The network still keeps it; connect the account again to follow it.",
        );
        return later(worker, delivery, now.plus(ASK_AGAIN), Some(reason.to_owned()));
    }
    // In a copy nothing is moved or taken back before a person said so there.
    let is_copy = delivery.moved && !delivery.released;
    match delivery.wish.filter(|_| !is_copy) {
        Some(Wish::Move) => shift(worker, delivery).await,
        Some(Wish::Withdraw | Wish::Cancel) => arm(worker, delivery).await,
        Some(Wish::HandOver) | None => look(worker, delivery).await,
    }
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
        absent_at: None,
        resends: 0,
    };
    commit::arm(worker, delivery, armed).await
}

/// Asks the network where it is.
async fn look(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let prepared = prepare::prepared(worker, delivery).await?;
    let question = commit::question(worker, delivery, prepared)?;
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    let network = crate::commands::api(&worker.studio, delivery.network)?;
    let session = crate::commands::session(&worker.studio, &account)?;
    let answer = network.probe(&session, &question).await;
    worker.fault("outbox.read_back")?;
    let now = worker.now();
    match answer {
        Ok(Probe::Live(live)) => commit::published(worker, delivery, &live),
        Ok(Probe::Kept(found)) => still(worker, delivery, found),
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
        worker.studio.lang().pick(
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
    let settle = i64::try_from(Rules::of(delivery.network).recovery.settle_ms).unwrap_or(i64::MAX).max(1000);
    let first = delivery.kept.as_ref().and_then(|kept| kept.missing);
    if let Some(first) = first
        && now >= first.plus_millis(settle)
    {
        return gone(worker, delivery);
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
    let (now, lang, name) = (worker.now(), worker.studio.lang(), delivery.network.display_name());
    let reason = lang.pick(
        format!("{name} ne la garde plus et ne la montre pas\u{a0}: elle y a peut-être été supprimée. Réessayez pour la publier d\u{2019}ici, ou annulez."),
        format!("{name} neither keeps nor shows it any more: it was perhaps removed there. Retry to publish it from here, or cancel."),
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

/// The network itself says that it keeps it.
pub(super) fn given(worker: &Worker, delivery: &Delivery, kept: &Kept) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account);
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
pub(super) fn moved(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    let id = delivery.kept.as_ref().map(|kept| kept.id.clone()).unwrap_or_default();
    given(worker, delivery, &Kept { id, at: delivery.due, missing: None })
}

/// The network keeps it no longer, and it is not live.
pub(super) fn withdrawn(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    lock(&worker.gates).open(delivery.account);
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
pub(super) fn found(
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
pub(super) fn answered(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let told = Told::of(worker, &error);
    match error {
        Error::Offline(_) => back(worker, delivery, None),
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
        _ => {
            doubt::note(worker, delivery, &told)?;
            Ok(Next::Again)
        }
    }
}

/// Nothing was moved or taken back, and the network keeps it: tried again after a pause, or not where `told` says why.
pub(super) fn back(worker: &Worker, delivery: &Delivery, told: Option<&Told>) -> Result<Next, Failure> {
    let now = worker.now();
    let tries = delivery.tries + 1;
    let at = now.plus(stage::pause(worker, tries));
    worker.write(delivery, |tx, d| {
        d.state = State::HandedOver;
        (d.waiting_for, d.next_at, d.tries) = (None, Some(at), tries);
        d.reason = told.map(|told| told.sentence.clone());
        let (sentence, said) = (told.map(|told| told.message.as_str()), told.map(|told| told.plain.as_str()));
        record::end(tx, d, now, Outcome::Transient, sentence, json!({ "said": said }))
    })?;
    Ok(Next::Rest)
}

fn no_answer(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(worker, &error);
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
    reason: Option<String>,
) -> Result<Next, Failure> {
    worker.write(delivery, |_, d| {
        (d.next_at, d.reason) = (Some(at), reason);
        Ok(())
    })?;
    Ok(Next::Rest)
}

/// Why a delivery cannot be given to its network; nothing when it can.
pub(crate) fn hindrance(delivery: &Delivery, has_film: bool, now: Timestamp) -> Option<Hindrance> {
    let Some(rules) = rules(delivery) else { return Some(Hindrance::NoDates) };
    let Some(due) = delivery.due else { return Some(Hindrance::NoTime) };
    let free = delivery.state == State::Scheduled && delivery.wish.is_none();
    match rules.window(due, now) {
        _ if delivery.state == State::HandedOver => Some(Hindrance::Given),
        _ if delivery.part > 0 => Some(Hindrance::Follows),
        _ if !free => Some(Hindrance::State),
        _ if has_film && !rules.films => Some(Hindrance::Film),
        Window::TooNear => Some(Hindrance::TooNear),
        Window::TooFar => Some(Hindrance::TooFar),
        Window::Open => None,
    }
}

/// Why a delivery cannot be given to its network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hindrance {
    /// The network keeps no dates.
    NoDates,
    /// Nobody chose a time.
    NoTime,
    /// The network has it already.
    Given,
    /// It follows another post, and waits for its proof.
    Follows,
    /// It has begun, or is over.
    State,
    /// The network keeps no dates for films.
    Film,
    /// Its time is too near.
    TooNear,
    /// Its time is too far away yet.
    TooFar,
}
