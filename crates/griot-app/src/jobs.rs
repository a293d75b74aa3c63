//! Long work: progress and cancellation are one call that can say "stop".

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use griot_domain::{Clock, Timestamp};
use griot_media::{Cancelled, Progress, time_left};
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use crate::events::Event;

/// Reports of one job come at most this often, in milliseconds.
const EVERY_MS: u64 = 100;

/// Long work, as listeners hear of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Job {
    /// The job, for `jobs.cancel`.
    pub id: String,
    /// What is worked on, for a person.
    pub what: String,
    /// 0 to 1.
    pub done: f32,
    /// Seconds that it still takes at this speed; nothing while too little is done to tell.
    pub left_s: Option<u32>,
}

/// The jobs that run.
#[derive(Default)]
pub(crate) struct Jobs {
    last: AtomicU64,
    stops: Mutex<HashMap<String, watch::Sender<bool>>>,
}

impl Jobs {
    /// Starts a job; it ends when the guard is dropped.
    pub(crate) fn start(
        self: &Arc<Self>,
        what: String,
        clock: Arc<dyn Clock>,
        events: tokio::sync::broadcast::Sender<Event>,
    ) -> Running {
        let id = format!("job-{}", self.last.fetch_add(1, Ordering::Relaxed) + 1);
        let (ask, stop) = watch::channel(false);
        self.lock().insert(id.clone(), ask);
        let began = clock.now();
        let told = AtomicI64::new(i64::MIN);
        Running { jobs: Arc::clone(self), id, what, stop, clock, events, began, told }
    }

    /// Asks one job to stop; whether there was one.
    pub(crate) fn cancel(&self, id: &str) -> bool {
        self.lock().get(id).map(|stop| stop.send_replace(true)).is_some()
    }

    /// Asks every job to stop.
    pub(crate) fn cancel_all(&self) {
        for stop in self.lock().values() {
            stop.send_replace(true);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, watch::Sender<bool>>> {
        self.stops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A job that runs.
pub(crate) struct Running {
    jobs: Arc<Jobs>,
    id: String,
    what: String,
    stop: watch::Receiver<bool>,
    clock: Arc<dyn Clock>,
    events: tokio::sync::broadcast::Sender<Event>,
    began: Timestamp,
    told: AtomicI64,
}

impl Running {
    /// The job, for `jobs.cancel`.
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Returns when the job is asked to stop.
    pub(crate) async fn stopped(&self) {
        // The asking end lives in the list until this job is dropped, so an error cannot come first.
        let _ = self.stop.clone().wait_for(|stop| *stop).await;
    }

    /// Seconds that it still takes.
    fn left(&self, now: i64, done: f32) -> Option<u32> {
        // A clock that was set back says nothing.
        let elapsed = u64::try_from(now.saturating_sub(self.began.millis())).ok()?;
        let left = time_left(Duration::from_millis(elapsed), done)?;
        u32::try_from((left.as_millis() + 500) / 1000).ok()
    }
}

impl Progress for Running {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        if *self.stop.borrow() {
            return Err(Cancelled);
        }
        let now = self.clock.now().millis();
        let told = self.told.load(Ordering::Relaxed);
        if now.abs_diff(told) >= EVERY_MS || done >= 1.0 {
            self.told.store(now, Ordering::Relaxed);
            let done = done.clamp(0.0, 1.0);
            let left_s = self.left(now, done);
            let job = Job { id: self.id.clone(), what: self.what.clone(), done, left_s };
            // Nobody listening is not an error.
            let _ = self.events.send(Event::Job(job));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.jobs.lock().remove(&self.id);
    }
}

/// A part of a larger job: its 0..=1 becomes `from..=from + share` of the whole.
pub(crate) struct Part<'a> {
    pub(crate) whole: &'a dyn Progress,
    pub(crate) from: f32,
    pub(crate) share: f32,
}

impl Progress for Part<'_> {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        self.whole.report(self.from + self.share * done.clamp(0.0, 1.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Hand(AtomicI64);

    impl Clock for Hand {
        fn now(&self) -> Timestamp {
            Timestamp::from_millis(self.0.load(Ordering::Relaxed))
        }
    }

    #[test]
    fn a_job_says_how_long_it_still_takes() {
        let hand = Arc::new(Hand(AtomicI64::new(1_000_000)));
        let (events, mut heard) = tokio::sync::broadcast::channel(8);
        let job =
            Arc::<Jobs>::default().start("a film".to_owned(), Arc::clone(&hand) as Arc<dyn Clock>, events);
        let mut left = |at: i64, done: f32| {
            hand.0.store(1_000_000 + at, Ordering::Relaxed);
            job.report(done).expect("nobody stops it");
            match heard.try_recv() {
                Ok(Event::Job(job)) => job.left_s,
                other => panic!("{other:?}"),
            }
        };
        assert_eq!(left(0, 0.0), None);
        assert_eq!(left(10_000, 0.25), Some(30));
        assert_eq!(left(20_000, 0.8), Some(5));
        assert_eq!(left(-5_000, 0.9), None, "the clock was set back");
    }
}
