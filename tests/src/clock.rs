//! Time and chance that a test has in its hand.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use griot_app::ports::Timer;
use griot_domain::{Clock, Random, Timestamp};
use tokio::sync::watch;

/// A clock that stands still until the test moves it. Starts at 2026-12-01T08:00:00Z.
pub struct TestClock {
    start: i64,
    now: AtomicI64,
    running: AtomicI64,
    elsewhere: AtomicI64,
    moved: watch::Sender<i64>,
}

impl TestClock {
    pub(crate) fn new() -> Arc<Self> {
        const START: i64 = 1_796_112_000_000;
        Self::at(START)
    }

    fn at(start: i64) -> Arc<Self> {
        Arc::new(Self {
            start,
            now: AtomicI64::new(start),
            running: AtomicI64::new(0),
            elsewhere: AtomicI64::new(0),
            moved: watch::channel(start).0,
        })
    }

    /// A clock that starts at the machine's own time: servers of their own have that one.
    pub(crate) fn at_the_real_time() -> Arc<Self> {
        let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let start = i64::try_from(since.as_millis()).expect("a clock of this age");
        Self::at(start)
    }

    /// Lets `duration` pass at once.
    pub fn advance(&self, duration: Duration) {
        self.running.fetch_add(millis(duration), Ordering::SeqCst);
        self.set_by(millis(duration));
    }

    /// The machine sleeps for so long, or somebody sets its clock forward: the machine did not run meanwhile.
    pub fn sleep(&self, duration: Duration) {
        self.set_by(millis(duration));
    }

    /// Somebody sets the clock back.
    pub fn set_back(&self, duration: Duration) {
        self.set_by(-millis(duration));
    }

    /// Lets time go on elsewhere while the machine sleeps.
    pub(crate) fn elsewhere(&self, duration: Duration) {
        self.elsewhere.fetch_add(millis(duration), Ordering::SeqCst);
    }

    /// What a clock shows that nobody sets and that never sleeps, in milliseconds since 1970.
    pub(crate) fn world(&self) -> i64 {
        self.start + self.running.load(Ordering::SeqCst) + self.elsewhere.load(Ordering::SeqCst)
    }

    fn set_by(&self, step: i64) {
        let now = self.now.fetch_add(step, Ordering::SeqCst) + step;
        self.moved.send_replace(now);
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).expect("a test lets less than an age pass")
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.now.load(Ordering::SeqCst))
    }
}

#[async_trait]
impl Timer for TestClock {
    async fn until(&self, at: Timestamp) {
        let mut moved = self.moved.subscribe();
        let mut shown = self.now();
        while shown < at {
            if moved.changed().await.is_err() || self.now() < shown {
                return;
            }
            shown = self.now();
        }
    }

    fn running(&self) -> Duration {
        Duration::from_millis(self.running.load(Ordering::SeqCst).unsigned_abs())
    }
}

/// Chance that is the same in every run.
pub(crate) struct TestRandom(pub(crate) AtomicU64);

impl Random for TestRandom {
    fn fill(&self, bytes: &mut [u8]) {
        for byte in bytes {
            let n = self.0.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed);
            *byte = (n ^ (n >> 29)).to_le_bytes()[3];
        }
    }
}
