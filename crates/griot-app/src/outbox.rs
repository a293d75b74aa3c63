//! The outbox: moves deliveries from "written" to "live, with proof". Nothing is lost, nothing is sent twice.
//!
//! One worker per workspace (`lock`), and only for the device the workspace belongs to (`owner`). Each turn takes one
//! delivery of each account as far as it goes. All before the visible call can be repeated; the visible call itself
//! is made only after everything needed to ask "is it live?" is on disk (`commit`), and after any doubt the network
//! is asked before anything is sent again (`doubt`).

use std::sync::Arc;
use std::time::Duration;

use griot_domain::{Delivery, Phase, State, WaitingFor};
use griot_store::{Tx, deliveries};
use tokio::task::JoinSet;

use crate::AppError;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace};
use crate::wire::studio::WorkerState;

pub(crate) mod amend;
mod attend;
mod by_hand;
mod commit;
pub(crate) mod device;
mod doubt;
pub(crate) mod fitting;
mod gates;
pub(crate) mod kept;
mod late;
mod lock;
mod moved;
mod notices;
mod order;
pub(crate) mod owner;
pub(crate) mod parts;
mod patience;
pub(crate) mod person;
pub(crate) mod prepare;
pub(crate) mod record;
mod stage;
mod turn;
mod watch;
mod worker;

pub use attend::attend;
pub(crate) use by_hand::{files as by_hand_files, folder_of as by_hand_folder, view as by_hand_view};
use watch::{Jump, Watch};
use worker::Worker;

/// How long the worker goes on.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Run {
    /// End when nothing can move before a future due time, a person, or a wait longer than the time left.
    pub until_idle: bool,
    /// End after this long.
    pub max: Option<Duration>,
}

/// Why the worker ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Nothing can move now.
    Idle,
    /// The time ran out with work left.
    TimeUp,
    /// It was asked to stop.
    Cancelled,
}

/// Another program's writes are noticed within this time: `PRAGMA data_version` costs a few microseconds.
const POLL: Duration = Duration::from_secs(1);
/// What is on its way to a network when the time is up may take this long to be written down.
const GRACE: Duration = Duration::from_secs(15);

/// Works the outbox.
///
/// # Errors
/// When another program works it, or the workspace cannot be opened.
pub async fn run(studio: Arc<Studio>, run: Run) -> Result<Ended, AppError> {
    let worked = work(&studio, run).await;
    worked.map_err(|failure| studio.say(failure))
}

/// How many deliveries are not settled, whatever the worker still does: perhaps live, not sent, in doubt, or held until
/// a person says what is to become of them. What is to be done by hand is laid out, and counts as settled; so does what
/// a copied workspace holds.
///
/// # Errors
/// When the workspace cannot be read.
pub fn unsettled(studio: &Studio) -> Result<u32, AppError> {
    let counted = studio.workspace().and_then(|workspace| {
        workspace.store.read(|r| -> Result<_, Failure> {
            let doubtful = griot_store::queue::doubtful(r)?;
            let mut all = deliveries::open(r)?;
            all.extend(deliveries::asked(r)?);
            // What a copy holds is its original's to publish.
            let held = |d: &Delivery| d.waiting_for == Some(WaitingFor::CheckAfterMove);
            let is_open = |d: &&Delivery| {
                d.state != State::Assisted
                    && !held(d)
                    && (doubtful.contains(&d.id) || crate::commands::needs_person(d))
            };
            Ok(u32::try_from(all.iter().filter(is_open).count()).unwrap_or(u32::MAX))
        })
    });
    counted.map_err(|failure| studio.say(failure))
}

async fn work(studio: &Arc<Studio>, run: Run) -> Result<Ended, Failure> {
    let workspace = studio.workspace()?;
    let _alone = lock::take(studio, &workspace)?;
    let worker = Arc::new(Worker::claim(studio, workspace)?);
    if worker.needs_secrets()? {
        // Asked for once and first: better no start than one failure for each delivery.
        studio.secrets()?;
    }
    let _here = Here::stand(studio);
    let mut deadline = run.max.map(|max| studio.ports.now().plus(max));
    let mut watch = Watch::new(&studio.ports);
    let mut stopping = studio.stopping();
    let mut turns = JoinSet::new();
    let mut version = worker.workspace.store.data_version()?;
    // The queue is read when something may have changed or become due, and not otherwise.
    let (mut look, mut wake) = (true, None);
    loop {
        if *stopping.borrow_and_update() {
            finish(&worker, &mut turns).await;
            return Ok(Ended::Cancelled);
        }
        if let Some(jump) = watch.look(&studio.ports) {
            worker.clock_jumped(jump)?;
            if let (Jump::Back(by), Some(end)) = (jump, deadline) {
                deadline = Some(end.minus(by));
            }
            look = true;
        }
        let now = studio.ports.now();
        if deadline.is_some_and(|d| now >= d) {
            let left = !turns.is_empty() || worker.work_left(now)?;
            finish(&worker, &mut turns).await;
            return Ok(if left { Ended::TimeUp } else { Ended::Idle });
        }
        if look {
            look = false;
            worker.start_turns(&mut turns, now)?;
            wake = worker.next_wake(now)?;
            if run.until_idle && turns.is_empty() && worker.is_idle(now, deadline)? {
                return Ok(Ended::Idle);
            }
        }
        // With turns under way every ending wakes the loop; without, the next due time, a write here or elsewhere.
        let until = [wake, deadline, Some(now.plus(POLL))].into_iter().flatten().min().unwrap_or(now);
        tokio::select! {
            Some(_) = turns.join_next(), if !turns.is_empty() => look = true,
            () = studio.wake.notified() => look = true,
            _ = stopping.changed() => {}
            () = studio.ports.timer.until(until) => look |= wake.is_some_and(|at| studio.ports.now() >= at),
        }
        let seen = worker.workspace.store.data_version()?;
        if seen != version {
            (version, look) = (seen, true);
            attend::foreign_change(studio, &worker.workspace);
        }
    }
}

/// Remembers that this program works the outbox, for as long as it does.
struct Here(Arc<Studio>);

impl Here {
    fn stand(studio: &Arc<Studio>) -> Self {
        studio.set_worker(WorkerState::Here);
        Self(Arc::clone(studio))
    }
}

impl Drop for Here {
    fn drop(&mut self) {
        self.0.set_worker(WorkerState::Stopped);
    }
}

/// Lets what is under way be written down; what takes too long is left to the next start, which asks the network.
async fn finish(worker: &Arc<Worker>, turns: &mut JoinSet<()>) {
    worker.drain();
    let ports = &worker.studio.ports;
    let mut until = ports.now().plus(GRACE);
    while !turns.is_empty() {
        tokio::select! {
            _ = turns.join_next() => {}
            () = ports.timer.until(until) => {
                if ports.now() < until {
                    // The clock was set back meanwhile.
                    until = ports.now().plus(GRACE);
                    continue;
                }
                turns.abort_all();
                return;
            }
        }
    }
}

/// Dues that a person chose as wall times are resolved anew when the zone data changed since. It is the zone that each
/// was chosen in: another zone in the settings moves none of them.
pub(crate) fn resolve_wall_times(studio: &Studio, workspace: &Workspace) -> Result<(), Failure> {
    let current = griot_domain::time::tzdata_version();
    let stale = workspace
        .store
        .read(|r| -> Result<Vec<_>, Failure> { Ok(deliveries::resolved_by_others(r, current)?) })?;
    if stale.is_empty() {
        return Ok(());
    }
    workspace.store.write(|tx| -> Result<(), Failure> {
        for delivery in stale {
            resolve_again(studio, tx, delivery, current)?;
        }
        Ok(())
    })
}

/// What the person chose stays as they chose it; the instant follows the zone's clocks, and the journal says so.
fn resolve_again(
    studio: &Studio,
    tx: &Tx<'_>,
    mut delivery: Delivery,
    tzdata: &'static str,
) -> Result<(), Failure> {
    let Some(wall) = delivery.wall.clone().filter(|_| !delivery.may_be_live()) else { return Ok(()) };
    let resolved = match griot_domain::time::resolve_always(&wall.local, &wall.zone) {
        Ok(resolved) => resolved,
        Err(error) => {
            // Its instant is still known: a zone that is gone keeps nobody from the queue.
            tracing::warn!(delivery = %delivery.id, %error, "a wall time could not be resolved anew");
            return Ok(());
        }
    };
    let (now, before) = (studio.ports.now(), delivery.due);
    (delivery.due, delivery.wall) = (Some(resolved.at), Some(resolved.wall));
    delivery.updated_at = record::later(delivery.updated_at, now);
    deliveries::update(tx, &delivery)?;
    if delivery.due == before {
        return Ok(());
    }
    let detail = serde_json::json!({ "due": delivery.due, "instead_of": before, "tzdata": tzdata });
    record::event(tx, &delivery, None, now, Phase::Scheduled, detail)
}
