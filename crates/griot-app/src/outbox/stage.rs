//! Uploading and processing: everything goes where the visible call needs it, and nobody sees it yet.

use std::sync::Arc;
use std::time::Duration;

use griot_domain::{
    AccountState, Delivery, DeliveryId, FailedClass, NetworkId, Outcome, Phase, Sentence, State, Timestamp,
    WaitingFor, Wish,
};
use griot_networks::{Error, Steps};
use griot_store::{Store, Tx, accounts, attempts, steps, uploads};
use serde_json::{Value, json};

use super::turn::Next;
use super::worker::Worker;
use super::{commit, kept, prepare, record};
use crate::failure::Failure;
use crate::studio::lock;

/// The first pause after a passing failure; tripled each time.
const BACKOFF_FIRST: Duration = Duration::from_secs(5);
/// The longest: a server that was down for hours is found again within a quarter of an hour.
const BACKOFF_LONGEST: Duration = Duration::from_secs(15 * 60);
/// Where a network asks for a pause without saying how long (networks usually count in quarters of an hour or less).
const RATE_UNSAID: Duration = Duration::from_secs(60);

/// An error in words: what a person reads of the delivery, what they read of the attempt, what the journal keeps.
pub(super) struct Told {
    /// What happened and what to do.
    pub(super) sentence: Sentence,
    /// What happened.
    pub(super) message: Sentence,
    /// What was said, as it was said.
    pub(super) plain: String,
}

impl Told {
    pub(super) fn of(network: NetworkId, error: &Error) -> Self {
        let said = crate::words::spoken(Failure::Of(network, error.clone()));
        let hint = crate::words::help(network, error).map_or(said.hint, Sentence::from);
        Self { sentence: said.message.and(&hint), message: said.message, plain: error.to_string() }
    }
}

/// Goes from prepared to uploading.
pub(super) fn begin(worker: &Worker, delivery: &Delivery) -> Result<Next, Failure> {
    worker.write(delivery, |_, d| {
        d.state = State::Uploading;
        Ok(())
    })?;
    worker.fault("outbox.uploading")?;
    Ok(Next::Again)
}

/// Stages, and when all is there arms and makes the visible call.
pub(super) async fn run(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let prepared = prepare::prepared(worker, delivery).await?;
    let account = worker.workspace.store.read(|r| crate::commands::account(r, delivery.account))?;
    let network = crate::commands::api(&worker.studio, delivery.network)?;
    let session = crate::commands::session(&worker.studio, &account)?;
    let files = prepared.media.iter().map(|medium| (medium.hash.clone(), medium.bytes)).collect();
    let mut kept = Kept { worker: Arc::clone(worker), delivery: delivery.id, files };
    match network.stage(&session, &prepared, &mut kept).await {
        Ok(staged) => {
            lock(&worker.gates).open(delivery.account, worker.now());
            worker.fault("outbox.staged")?;
            let (delivery, ()) = worker.write(delivery, |tx, d| {
                (d.state, d.waiting_for, d.next_at) = (State::Uploading, None, None);
                let attempt = record::attempt(tx, &worker.studio.ports, d)?;
                record::event(
                    tx,
                    d,
                    Some(attempt.id),
                    worker.now(),
                    Phase::Staged,
                    json!({ "date": staged.server_date }),
                )
            })?;
            commit::arm_and_send(worker, &delivery, &prepared, staged).await
        }
        Err(error) => failed(worker, delivery, error),
    }
}

/// What follows an error before anything could be visible.
pub(super) fn failed(worker: &Worker, delivery: &Delivery, error: Error) -> Result<Next, Failure> {
    let now = worker.now();
    let told = Told::of(delivery.network, &error);
    match error {
        Error::Offline(_) => no_way_out(worker, delivery, WaitingFor::Network),
        Error::Portal(_) => no_way_out(worker, delivery, WaitingFor::Portal),
        Error::Content(_) => fail(worker, delivery, FailedClass::Content, &told),
        // Nothing was refused but to keep it with its date.
        Error::Permission(_) if delivery.wish == Some(Wish::HandOver) => {
            // The way back to scheduled leads through waiting.
            let delivery = worker.hold(delivery, WaitingFor::Backoff, Some(now), None)?;
            kept::refused(worker, &delivery, &told)
        }
        Error::Permission(_) => fail(worker, delivery, FailedClass::Permission, &told),
        Error::Billing(_) => fail(worker, delivery, FailedClass::Billing, &told),
        Error::Environment(_) => fail(worker, delivery, FailedClass::Environment, &told),
        Error::Auth(_) => reconnect(worker, delivery, &told),
        Error::RateLimited { until } => {
            let until = until.unwrap_or_else(|| now.plus(RATE_UNSAID)).max(now.plus_millis(1000));
            lock(&worker.gates).rate(delivery.account, until);
            worker.hold(delivery, WaitingFor::Rate, Some(until), None)?;
            Ok(Next::Rest)
        }
        // Only this one was too fast: no gate is shut, and the account's others go on.
        Error::TooSoon { after } => {
            worker.hold(delivery, WaitingFor::Rate, Some(now.plus(after)), None)?;
            Ok(Next::Rest)
        }
        Error::Processing { after } => {
            worker.write(delivery, |_, d| {
                d.state = State::Processing;
                d.next_at = Some(now.plus(after));
                Ok(())
            })?;
            Ok(Next::Rest)
        }
        Error::Expired(step) => {
            worker
                .workspace
                .store
                .write(|tx| steps::forget(tx, delivery.id, &step).map_err(Failure::from))?;
            back_off(worker, delivery, &told)
        }
        // Nothing was visible yet, so a lost answer is a passing failure like any other.
        Error::Transient(_) | Error::Uncertain(_) | Error::Failed(_) => back_off(worker, delivery, &told),
    }
}

/// Being offline is not an error and spends no try: the attempt stays open.
fn no_way_out(worker: &Worker, delivery: &Delivery, why: WaitingFor) -> Result<Next, Failure> {
    let until = lock(&worker.gates).no_way_out(delivery.account, why, worker.now());
    worker.hold(delivery, why, Some(until), None)?;
    Ok(Next::Rest)
}

/// The account's queue stops until a person connects it again.
pub(super) fn reconnect(worker: &Worker, delivery: &Delivery, told: &Told) -> Result<Next, Failure> {
    stop_account(worker, delivery)?;
    worker.hold(delivery, WaitingFor::Account, None, Some(told.sentence.clone()))?;
    Ok(Next::Rest)
}

/// Nothing goes through the account until a person connects it again.
pub(super) fn stop_account(worker: &Worker, delivery: &Delivery) -> Result<(), Failure> {
    worker.workspace.store.write(|tx| -> Result<(), Failure> {
        let mut account = crate::commands::account(tx, delivery.account)?;
        account.state = AccountState::Reconnect;
        Ok(accounts::update(tx, &account)?)
    })?;
    worker.studio.changed(&[griot_domain::Tag::Accounts]);
    Ok(())
}

/// A passing failure spends a try; the next one comes later.
pub(super) fn back_off(worker: &Worker, delivery: &Delivery, told: &Told) -> Result<Next, Failure> {
    let now = worker.now();
    let tries = delivery.tries + 1;
    let at = now.plus(pause(worker, tries));
    worker.write(delivery, |tx, d| {
        d.state = State::Waiting;
        d.waiting_for = Some(WaitingFor::Backoff);
        d.next_at = Some(at);
        d.tries = tries;
        d.reason = Some(told.sentence.clone());
        record::end(tx, d, now, Outcome::Transient, Some(&told.message), json!({ "said": told.plain }))
    })?;
    Ok(Next::Rest)
}

/// Tripled each time, up to a ceiling, give or take a fifth so that many laptops do not come back together.
pub(super) fn pause(worker: &Worker, tries: u32) -> Duration {
    let base =
        BACKOFF_FIRST.saturating_mul(3_u32.saturating_pow(tries.saturating_sub(1))).min(BACKOFF_LONGEST);
    let mut byte = [0];
    worker.studio.ports.random.fill(&mut byte);
    base.mul_f64(0.8 + 0.4 * f64::from(byte[0]) / 255.0)
}

/// It is not live and will not be without a person.
pub(super) fn fail(
    worker: &Worker,
    delivery: &Delivery,
    class: FailedClass,
    told: &Told,
) -> Result<Next, Failure> {
    let now = worker.now();
    let outcome = match class {
        // Nothing left, and no network said anything.
        FailedClass::Environment => Outcome::Stopped,
        _ => Outcome::Refused,
    };
    worker.write(delivery, |tx, d| {
        d.state = State::Failed;
        d.failed = Some(class);
        d.waiting_for = None;
        d.next_at = None;
        d.tries += 1;
        d.reason = Some(told.sentence.clone());
        if attempts::open_for(tx, d.id)?.is_none() {
            record::attempt(tx, &worker.studio.ports, d)?;
        }
        record::end(tx, d, now, outcome, Some(&told.message), json!({ "said": told.plain }))
    })?;
    Ok(Next::Rest)
}

/// The results of the steps of one delivery, in the database.
struct Kept {
    worker: Arc<Worker>,
    delivery: DeliveryId,
    /// The files of this delivery by hash, and how large they are: names of steps hold the hash of their file.
    files: Vec<(String, u64)>,
}

impl Kept {
    /// Notes the bytes of a file that a network has taken just now: its first result, unless another kind of step
    /// (a job) had one for the same bytes already.
    fn count(&self, tx: &Tx<'_>, name: &str, now: Timestamp) -> Result<(), Failure> {
        let Some((hash, bytes)) = self.files.iter().find(|(hash, _)| name.contains(hash.as_str())) else {
            return Ok(());
        };
        let known = steps::get(tx, self.delivery, name, now)?.is_some()
            || steps::of_another_kind(tx, self.delivery, name, hash, now)?;
        if known { Ok(()) } else { Ok(uploads::add(tx, self.delivery, now, *bytes)?) }
    }

    /// In the person's words: they read them.
    fn not_kept(failure: Failure) -> Error {
        Error::Environment(crate::words::spoken(failure).message.into())
    }

    fn store(&self) -> &Store {
        &self.worker.workspace.store
    }
}

impl Steps for Kept {
    fn get(&self, name: &str) -> Option<Value> {
        let now = self.worker.now();
        let kept = self.store().read(|r| steps::get(r, self.delivery, name, now).map_err(Failure::from));
        kept.inspect_err(|failure| tracing::warn!(?failure, "a kept step cannot be read")).ok().flatten()
    }

    fn put(&mut self, name: &str, value: Value, expires: Option<Timestamp>) -> Result<(), Error> {
        let now = self.worker.now();
        let kept = self.worker.fault("outbox.step").and_then(|()| {
            self.store().write(|tx| {
                self.count(tx, name, now)?;
                Ok::<_, Failure>(steps::put(tx, self.delivery, name, &value, expires, now)?)
            })
        });
        kept.map_err(Self::not_kept)
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        let kept = self.store().write(|tx| steps::forget(tx, self.delivery, name).map_err(Failure::from));
        kept.map_err(Self::not_kept)
    }
}
