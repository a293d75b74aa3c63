//! Progress and cancellation as one call. It does not throttle and knows no jobs: the application does that.

use std::sync::{Mutex, PoisonError};

/// The answer of somebody who wants no more of this work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cancelled;

/// Somebody who watches a piece of work and may stop it.
pub trait Progress: Sync {
    /// Says how much is done, 0..=1, never less than before. Called many times a second.
    ///
    /// # Errors
    /// [`Cancelled`] when the work is to stop now.
    fn report(&self, done: f32) -> Result<(), Cancelled>;
}

/// Nobody watches.
impl Progress for () {
    fn report(&self, _done: f32) -> Result<(), Cancelled> {
        Ok(())
    }
}

/// One part of a larger piece of work: its own 0..=1 becomes `from..=to` of the whole.
pub(crate) struct Part<'a> {
    whole: &'a dyn Progress,
    from: f32,
    to: f32,
}

impl<'a> Part<'a> {
    pub(crate) fn new(whole: &'a dyn Progress, from: f32, to: f32) -> Self {
        Self { whole, from, to }
    }

    /// Part number `index` of `count` equal ones.
    pub(crate) fn of(whole: &'a dyn Progress, index: usize, count: usize) -> Self {
        let share = 1.0 / count.max(1) as f32;
        Self::new(whole, index as f32 * share, (index + 1) as f32 * share)
    }
}

impl Progress for Part<'_> {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        self.whole.report(self.from + (self.to - self.from) * done.clamp(0.0, 1.0))
    }
}

/// Equal parts of a larger piece of work that are done side by side: the whole is as far as they are on the average.
pub struct Sides<'a> {
    whole: &'a dyn Progress,
    done: Mutex<Vec<f32>>,
}

impl<'a> Sides<'a> {
    /// `count` equal parts of `whole`.
    #[must_use]
    pub fn new(whole: &'a dyn Progress, count: usize) -> Self {
        Self { whole, done: Mutex::new(vec![0.0; count]) }
    }

    /// Part number `n`.
    #[must_use]
    pub fn side(&self, n: usize) -> Side<'_> {
        Side { sides: self, n }
    }
}

/// One of [`Sides`].
pub struct Side<'a> {
    sides: &'a Sides<'a>,
    n: usize,
}

impl Progress for Side<'_> {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        // Told under the lock: what is heard never runs backwards.
        let mut all = self.sides.done.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = all.get_mut(self.n) {
            *own = done.clamp(*own, 1.0);
        }
        let sum: f32 = all.iter().sum();
        self.sides.whole.report(sum / all.len().max(1) as f32)
    }
}

impl std::fmt::Debug for Sides<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Sides").field("done", &self.done).finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Side<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Side").field("n", &self.n).finish_non_exhaustive()
    }
}
