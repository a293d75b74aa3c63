//! Progress and cancellation as one call. It does not throttle and knows no jobs: the application does that.

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
