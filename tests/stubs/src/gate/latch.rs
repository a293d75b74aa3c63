//! A delay that lasts until the test ends it.

use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use crate::http::held;

/// Nobody waits longer for a test that has failed.
const LONGEST: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
struct State {
    reached: usize,
    open: bool,
}

/// Answers wait before it until it is opened.
#[derive(Debug, Clone, Default)]
pub struct Latch(Arc<(Mutex<State>, Condvar)>);

impl Latch {
    /// A closed one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets every answer go that waits, and those to come.
    pub fn release(&self) {
        held(&self.0.0).open = true;
        self.0.1.notify_all();
    }

    /// Whether something waits here.
    #[must_use]
    pub fn holds(&self) -> bool {
        let state = held(&self.0.0);
        state.reached > 0 && !state.open
    }

    /// Waits until so many answers wait before it, or have passed. False when they do not come within a minute.
    #[must_use]
    pub fn reached(&self, count: usize) -> bool {
        let state = held(&self.0.0);
        let waited = self.0.1.wait_timeout_while(state, LONGEST, |state| state.reached < count);
        waited.is_ok_and(|(_, timeout)| !timeout.timed_out())
    }

    /// An answer waits here.
    pub(super) fn wait(&self) {
        let mut state = held(&self.0.0);
        state.reached += 1;
        self.0.1.notify_all();
        // Whether it was opened or the test failed: the answer goes.
        drop(self.0.1.wait_timeout_while(state, LONGEST, |state| !state.open));
    }
}
