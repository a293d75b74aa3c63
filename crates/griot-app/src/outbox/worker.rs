//! The worker: what it may look at now, when it has to look again, and the one way it writes.

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use griot_domain::{AccountId, Delivery, DeliveryId, Sentence, State, Timestamp, Transition, WaitingFor};
use griot_store::{Reader, Tx, accounts, deliveries};
use tokio::task::JoinSet;

use super::gates::Gates;
use super::owner::Claim;
use super::watch::Jump;
use super::{order, record, turn};
use crate::events::Event;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace, lock};

pub(super) struct Worker {
    pub(super) studio: Arc<Studio>,
    pub(super) workspace: Arc<Workspace>,
    pub(super) gates: Mutex<Gates>,
    pub(super) claim: Claim,
    busy: Mutex<HashSet<AccountId>>,
    draining: AtomicBool,
    /// Whether a turn has a poor line for itself.
    carrying: AtomicBool,
    /// What the clock showed just after it jumped last.
    jumped: Mutex<Option<Timestamp>>,
}

impl Worker {
    /// Makes the workspace's outbox this device's; holds everything when the workspace is a copy.
    pub(super) fn claim(studio: &Arc<Studio>, workspace: Arc<Workspace>) -> Result<Self, Failure> {
        let claim = Claim::take(studio, &workspace)?;
        Ok(Self {
            studio: Arc::clone(studio),
            workspace,
            gates: Mutex::default(),
            claim,
            busy: Mutex::default(),
            draining: AtomicBool::new(false),
            carrying: AtomicBool::new(false),
            jumped: Mutex::default(),
        })
    }

    /// The instant it is.
    pub(super) fn now(&self) -> Timestamp {
        self.studio.ports.now()
    }

    /// The machine slept, or its clock was set. Chosen times stay where they are, and what they have become decides;
    /// pauses are lengths, so where the clock was set back they move with it and no account stays shut for as long.
    pub(super) fn clock_jumped(&self, jump: Jump) -> Result<(), Failure> {
        let now = self.now();
        tracing::info!(?jump, "the clock jumped");
        *lock(&self.jumped) = Some(now);
        let Jump::Back(by) = jump else { return Ok(()) };
        lock(&self.gates).set_back(by);
        self.workspace.store.write(|tx| -> Result<(), Failure> {
            for mut delivery in deliveries::pausing(tx, now)? {
                let moved = |at: Timestamp| at.minus(by).max(now);
                delivery.next_at = delivery.next_at.map(moved);
                delivery.released_at = delivery.released_at.map(|at| if at > now { moved(at) } else { at });
                deliveries::update(tx, &delivery)?;
            }
            Ok(())
        })
    }

    /// The instant from which to count the time that a network is given after a call at `sent`: where the clock jumped
    /// since, nobody knows how much of it has passed, and it is given again. `seen` is a later instant that was noted.
    pub(super) fn counted_from(&self, sent: Timestamp, seen: Option<Timestamp>) -> Timestamp {
        let now = self.now();
        match *lock(&self.jumped) {
            Some(jumped) if sent <= now => sent.max(jumped.min(now)),
            Some(jumped) => jumped.min(now),
            None if sent <= now => sent,
            None => seen.unwrap_or(now).min(now),
        }
    }

    /// Whether anything that is not final goes through a network's interface.
    pub(super) fn needs_secrets(&self) -> Result<bool, Failure> {
        self.workspace.store.read(|r| {
            let accounts = accounts::list(r)?;
            for account in accounts.iter().filter(|account| !account.is_by_hand()) {
                if deliveries::is_wanted(r, account.id)? {
                    return Ok(true);
                }
            }
            Ok(false)
        })
    }

    /// Whether turns should end at the next safe place.
    pub(super) fn is_draining(&self) -> bool {
        self.draining.load(Ordering::Relaxed)
    }

    /// Asks turns to end at the next safe place.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// Starts a turn for the first movable delivery of every account that has none under way; on a poor line in the
    /// order of deadline and weight, one heavy one at a time.
    pub(super) fn start_turns(
        self: &Arc<Self>,
        turns: &mut JoinSet<()>,
        now: Timestamp,
    ) -> Result<(), Failure> {
        let busy = lock(&self.busy).clone();
        for (delivery, heavy) in order::next(self, &busy, now)? {
            let waits = heavy && self.carrying.load(Ordering::Relaxed);
            if waits || !lock(&self.busy).insert(delivery.account) {
                continue;
            }
            self.carrying.fetch_or(heavy, Ordering::Relaxed);
            let worker = Arc::clone(self);
            turns.spawn_on(
                async move {
                    // Freed by a guard: a panic in a turn must not leave the account busy for ever.
                    let _free = Free { worker: Arc::clone(&worker), account: delivery.account, heavy };
                    turn::take(&worker, delivery.id).await;
                    order::measure(&worker);
                },
                &self.studio.ports.runtime,
            );
        }
        Ok(())
    }

    /// When something becomes movable by itself.
    pub(super) fn next_wake(&self, now: Timestamp) -> Result<Option<Timestamp>, Failure> {
        let wake = self.workspace.store.read(|r| deliveries::next_wake(r, now).map_err(Failure::from))?;
        Ok(wake.filter(|at| *at > now))
    }

    /// Whether anything could move now or is waited for.
    pub(super) fn work_left(&self, now: Timestamp) -> Result<bool, Failure> {
        self.workspace.store.read(|r| Ok(deliveries::any_movable(r, now)? || !pauses(r)?.is_empty()))
    }

    /// Whether nothing moves before a future due time, a person, or a wait longer than the time left. A way out that
    /// is missing has no known end: it is waited for only when the person gave a time.
    pub(super) fn is_idle(&self, now: Timestamp, deadline: Option<Timestamp>) -> Result<bool, Failure> {
        let waited_for = |(at, ends): (Timestamp, bool)| match deadline {
            None => ends,
            Some(deadline) => at <= deadline,
        };
        self.workspace
            .store
            .read(|r| Ok(!deliveries::any_movable(r, now)? && !pauses(r)?.into_iter().any(waited_for)))
    }

    /// When a person let a late delivery go. As long as its account's queue has moved on since, it is still that
    /// moment: it waited for the others, and not for anybody to come back.
    pub(super) fn let_go(&self, delivery: &Delivery) -> Option<Timestamp> {
        let released = delivery.released_at?;
        let slept = lock(&self.jumped).is_some_and(|jumped| jumped > released);
        let moved_on = lock(&self.gates).answered(delivery.account).filter(|_| !slept);
        Some(moved_on.map_or(released, |at| released.max(at)))
    }

    /// The delivery as it is now.
    pub(super) fn load(&self, id: DeliveryId) -> Result<Delivery, Failure> {
        self.workspace.store.read(|r| super::person::load(r, id))
    }

    /// Writes a step of a delivery, in one transaction, if it is still as `seen`; tells listeners when it moved.
    ///
    /// # Errors
    /// [`Failure::Overtaken`] when a person or another program changed it in between.
    pub(super) fn write<T>(
        &self,
        seen: &Delivery,
        f: impl FnOnce(&Tx<'_>, &mut Delivery) -> Result<T, Failure>,
    ) -> Result<(Delivery, T), Failure> {
        let (written, output) = self.workspace.store.write(|tx| -> Result<_, Failure> {
            let mut delivery = super::person::load(tx, seen.id)?;
            if delivery.updated_at != seen.updated_at || delivery.state != seen.state {
                return Err(Failure::Overtaken);
            }
            let output = f(tx, &mut delivery)?;
            delivery.updated_at = record::later(seen.updated_at, self.now());
            deliveries::update(tx, &delivery)?;
            Ok((delivery, output))
        })?;
        if (written.state, written.waiting_for) != (seen.state, seen.waiting_for) {
            self.tell(&written);
        }
        Ok((written, output))
    }

    /// Tells listeners where a delivery stands.
    pub(super) fn tell(&self, delivery: &Delivery) {
        self.studio.tell(Event::Delivery(Transition {
            id: delivery.id,
            state: delivery.state,
            waiting_for: delivery.waiting_for,
        }));
        self.studio.tell(Event::Changed { tags: vec![griot_domain::Tag::Outbox] });
    }

    /// Holds a delivery: it waits for `what`, and is looked at again at `next_at` (nothing: when a person or another
    /// delivery lets it go).
    pub(super) fn hold(
        &self,
        seen: &Delivery,
        what: WaitingFor,
        next_at: Option<Timestamp>,
        reason: Option<Sentence>,
    ) -> Result<Delivery, Failure> {
        // What was let go and then promised a turn was let go for that turn; what is asked again is not let go any more.
        let let_go = match what {
            WaitingFor::Spacing => next_at,
            WaitingFor::Late => None,
            _ => seen.released_at,
        };
        let let_go = let_go.filter(|_| seen.released_at.is_some());
        if seen.state == State::Waiting && seen.waiting_for == Some(what) && seen.reason == reason {
            // The same wait goes on: nothing to tell and nothing for the journal.
            return Ok(self
                .write(seen, |_, d| {
                    (d.next_at, d.released_at) = (next_at, let_go);
                    Ok(())
                })?
                .0);
        }
        let now = self.now();
        let (delivery, ()) = self.write(seen, |tx, d| {
            d.state = State::Waiting;
            d.waiting_for = Some(what);
            (d.next_at, d.released_at) = (next_at, let_go);
            d.reason.clone_from(&reason);
            let attempt = griot_store::attempts::open_for(tx, d.id)?;
            let detail = serde_json::json!({ "waiting_for": what, "until": next_at, "reason": reason.as_ref().map(Sentence::english) });
            record::event(tx, d, attempt.map(|a| a.id), now, griot_domain::Phase::Held, detail)
        })?;
        Ok(delivery)
    }

    /// Passes a named failure point.
    pub(super) fn fault(&self, name: &'static str) -> Result<(), Failure> {
        self.studio.ports.faults.at(name).map_err(Failure::io(&self.workspace.dir))
    }
}

/// What moves by itself at a known instant: of each kind the first, and whether `--until-idle` waits for it.
const PAUSES: &[(State, Option<WaitingFor>, bool)] = &[
    (State::Waiting, Some(WaitingFor::Network), false),
    (State::Waiting, Some(WaitingFor::Portal), false),
    (State::Waiting, Some(WaitingFor::CheckAfterMove), false),
    (State::Waiting, Some(WaitingFor::Rate), true),
    (State::Waiting, Some(WaitingFor::Spacing), true),
    (State::Waiting, Some(WaitingFor::Backoff), true),
    (State::Scheduled, None, true),
    // What a network keeps is looked at now and then, and nobody waits for that.
    (State::HandedOver, None, false),
    (State::Preparing, None, true),
    (State::Uploading, None, true),
    (State::Processing, None, true),
    (State::Armed, None, true),
    (State::Publishing, None, true),
];

/// When the first of each kind moves by itself, and whether `--until-idle` waits for it.
fn pauses(r: &Reader<'_>) -> Result<Vec<(Timestamp, bool)>, Failure> {
    let mut found = Vec::new();
    for (state, waiting_for, ends) in PAUSES {
        found.extend(deliveries::first_pause(r, *state, *waiting_for)?.map(|at| (at, *ends)));
    }
    for delivery in deliveries::asked(r)? {
        // What is live and is to be changed: a way out has no known end, a person neither; the rest has.
        let waits = delivery.amended.as_ref().and_then(|amended| amended.waits);
        let no_end = matches!(waits, Some(WaitingFor::Network | WaitingFor::Portal | WaitingFor::Account));
        found.extend(delivery.next_at.map(|at| (at, !no_end)));
    }
    Ok(found)
}

struct Free {
    worker: Arc<Worker>,
    account: AccountId,
    heavy: bool,
}

impl Drop for Free {
    fn drop(&mut self) {
        if self.heavy {
            self.worker.carrying.store(false, Ordering::Relaxed);
        }
        lock(&self.worker.busy).remove(&self.account);
    }
}
