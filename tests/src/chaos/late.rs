//! Calls that a server takes up late: after the line was cut, behind a front door that gave up, or while the client was
//! kept waiting until it gave up.
//!
//! How late is told by the trial's clock. The wait of the client is no real one either: the clock goes on by what a
//! client waits, and its connection is closed.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use fastrand::Rng;
use griot_stubs::gate::{Fault, Latch, Page};

use super::server::Server;
use crate::clock::TestClock;

/// A client gives up after so long.
const PATIENCE: Duration = Duration::from_secs(30);
/// From its giving up until the server is done, in seconds.
const UNTIL_DONE: std::ops::RangeInclusive<i64> = 5..=90;
const NEVER: i64 = i64::MAX;

/// What the client sees of a call that is taken up late.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Seen {
    /// The line is cut at once.
    Cut,
    /// Nothing, for as long as it waits.
    Nothing,
    /// A front door says that the server takes too long.
    FrontDoor,
}

/// One call that a server takes up late.
#[derive(Debug, Clone)]
pub(super) struct Late {
    seen: Seen,
    latch: Latch,
    after: i64,
    /// When the server takes it up, in milliseconds by the world's clock, once it was called.
    due: Arc<AtomicI64>,
}

impl Late {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let seen = rng.choice([Seen::Cut, Seen::Cut, Seen::Nothing, Seen::FrontDoor]).unwrap_or(Seen::Cut);
        let after = rng.i64(UNTIL_DONE) * 1000;
        Self { seen, latch: Latch::new(), after, due: Arc::new(AtomicI64::new(NEVER)) }
    }

    pub(super) fn name(&self) -> &'static str {
        match self.seen {
            Seen::Cut => "late",
            Seen::Nothing => "held",
            Seen::FrontDoor => "late-behind",
        }
    }

    /// The call is made now: what happens to it.
    pub(super) fn called(&self, clock: &TestClock, server: &dyn Server, is_real: bool) -> Fault {
        if self.seen == Seen::Nothing {
            clock.advance(PATIENCE);
            if !is_real {
                server.set_now(clock.world());
            }
        }
        self.due.store(clock.world() + self.after, Ordering::SeqCst);
        match self.seen {
            Seen::FrontDoor => Fault::DeferBehind(Page::GatewayTimeout, self.latch.clone()),
            _ => Fault::Defer(self.latch.clone()),
        }
    }

    /// When the server takes it up; nothing while it was not called, or when it was taken up.
    pub(super) fn due(&self) -> Option<i64> {
        let due = self.due.load(Ordering::SeqCst);
        (due != NEVER && self.latch.holds()).then_some(due)
    }

    /// Whether it is under way.
    pub(super) fn holds(&self) -> bool {
        self.latch.holds()
    }

    /// The server takes it up, now or as soon as it is called.
    pub(super) fn let_go(&self) {
        self.latch.release();
    }
}
