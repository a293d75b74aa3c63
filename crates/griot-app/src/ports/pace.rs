//! The system's clock, ahead and in a hurry: so that a test of the real program sees a quarter of an hour pass in a minute.
//! Debug builds alone have it.

use std::str::FromStr;
use std::time::Duration;

use async_trait::async_trait;
use griot_domain::{Clock, Timestamp};

use super::Timer;
use super::system::SystemClock;

/// How far ahead of the system's clock it begins, and how many times as fast it runs from then on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Milliseconds ahead at the start.
    pub ahead_ms: i64,
    /// Milliseconds that it shows for each that passes; at least 1.
    pub times: u32,
}

/// `AHEAD_MS,TIMES`, as `90000,20`.
impl FromStr for Pace {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (ahead, times) = text.split_once(',').unwrap_or((text, "1"));
        Ok(Self { ahead_ms: ahead.trim().parse()?, times: times.trim().parse::<u32>()?.max(1) })
    }
}

/// The clock itself.
#[derive(Debug, Clone, Copy)]
pub struct PacedClock {
    system: SystemClock,
    pace: Pace,
    began: Timestamp,
    running: Duration,
}

impl PacedClock {
    /// One that begins now.
    #[must_use]
    pub fn new(pace: Pace) -> Self {
        let system = SystemClock;
        Self { system, pace, began: system.now().plus_millis(pace.ahead_ms), running: system.running() }
    }
}

impl Clock for PacedClock {
    fn now(&self) -> Timestamp {
        self.began.plus((self.system.running() - self.running) * self.pace.times)
    }
}

#[async_trait]
impl Timer for PacedClock {
    async fn until(&self, at: Timestamp) {
        loop {
            let left = at.after(self.now()) / self.pace.times;
            if left.is_zero() {
                return;
            }
            self.system.until(self.system.now().plus(left.max(Duration::from_millis(1)))).await;
        }
    }

    fn running(&self) -> Duration {
        self.system.running() * self.pace.times
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn ten_minutes_pass_in_less_than_a_second() {
        let clock = PacedClock::new("60000,1000".parse().unwrap());
        let (before, real) = (clock.now(), SystemClock.now());
        assert!((59_000..62_000).contains(&before.millis_since(real)));
        let end = before.plus(Duration::from_secs(600));
        clock.until(end).await;
        assert!(clock.now() >= end);
        assert!(SystemClock.now().millis_since(real) < 60_000, "not in real time");
    }

    #[test]
    fn what_is_no_pace_is_refused() {
        for text in ["", "soon", "1,x", ",2"] {
            assert!(text.parse::<Pace>().is_err(), "{text}");
        }
    }
}
