//! Handing a post over to a network that keeps dates.

use serde::{Deserialize, Serialize};

use super::Sure;
use crate::time::Timestamp;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// What a network keeps with a date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct HandOver {
    /// A date is at least so many minutes away when the network hears of it.
    pub least_minutes: u32,
    /// And at most so many days.
    pub most_days: u32,
    /// The network has shown a post this many minutes after its date, if it ever does.
    pub patience_minutes: u32,
    /// Whether it keeps posts with a film, too.
    #[serde(default)]
    pub films: bool,
    /// In words, for the people who read the file.
    pub note: String,
    /// How sure.
    pub sure: Sure,
}

/// Whether a date can be given to a network now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Window {
    /// It can.
    Open,
    /// The date is too near, or past.
    TooNear,
    /// The date is too far away yet.
    TooFar,
}

impl HandOver {
    /// Whether the date `due` can be given to the network at `now`.
    #[must_use]
    pub fn window(&self, due: Timestamp, now: Timestamp) -> Window {
        let ahead = due.millis_since(now);
        if ahead < i64::from(self.least_minutes) * MINUTE_MS {
            Window::TooNear
        } else if ahead > i64::from(self.most_days) * DAY_MS {
            Window::TooFar
        } else {
            Window::Open
        }
    }

    /// The instant from which a post that is kept although its date was `due` needs a person.
    #[must_use]
    pub fn overdue(&self, due: Timestamp) -> Timestamp {
        due.plus_millis(i64::from(self.patience_minutes) * MINUTE_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::NetworkId;
    use crate::rules::Rules;

    #[test]
    fn a_date_is_neither_too_near_nor_too_far() {
        let rules = Rules::of(NetworkId::Facebook).hand_over.as_ref().unwrap();
        let now = Timestamp::from_millis(1_795_377_600_000);
        for (minutes, expected) in [
            (-5, Window::TooNear),
            (11, Window::TooNear),
            (12, Window::Open),
            (29 * 24 * 60, Window::Open),
            (29 * 24 * 60 + 1, Window::TooFar),
        ] {
            assert_eq!(rules.window(now.plus_millis(minutes * MINUTE_MS), now), expected, "{minutes}");
        }
    }
}
