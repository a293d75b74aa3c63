//! Progress and cancellation as one call. It does not throttle and knows no jobs: the application does that.

use std::time::Duration;

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

/// How much longer a piece of work takes that has done a share of it, 0..=1, in some time; nothing as long as too little
/// is done to tell.
#[must_use]
pub fn time_left(elapsed: Duration, done: f32) -> Option<Duration> {
    /// A fiftieth of the work, and a second of time: before that, one slow start would count for all.
    const LEAST: (f32, Duration) = (0.02, Duration::from_secs(1));
    if done.is_nan() || done < LEAST.0 || elapsed < LEAST.1 {
        return None;
    }
    let left = f64::from(1.0 - done.min(1.0)) / f64::from(done);
    Duration::try_from_secs_f64(elapsed.as_secs_f64() * left).ok()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_follows_from_what_is_done() {
        let left = |seconds, done| time_left(Duration::from_secs(seconds), done).map(|left| left.as_secs());
        assert_eq!(left(10, 0.25), Some(30));
        assert_eq!(left(10, 1.0), Some(0));
        assert_eq!((left(10, 0.01), left(0, 0.5), left(10, f32::NAN)), (None, None, None));
    }
}
