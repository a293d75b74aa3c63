//! How much longer a piece of work takes, for whoever shows its progress. It reads no clock: the time comes in.

use std::time::Duration;

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
