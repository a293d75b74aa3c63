//! The line to the networks: how fast it carries what goes up, what kind of line it is, and what to send first on a
//! poor one.
//!
//! All of it is worked out from uploads that happened anyway. Deliberately absent: measuring, and asking the operating
//! system whether a line is paid by the megabyte (no system tells without code that speaks to its own services; a
//! person says it).

use serde::{Deserialize, Serialize};

use crate::Timestamp;

/// Below this a line is slow: 384 kbit/s, the most that the first 3G telephones send (UMTS Release 99). A photo of
/// 1.5 MB takes half a minute there, so what goes first is worth a thought.
pub const SLOW_BYTES_PER_SECOND: u64 = 48_000;
/// What is taken for the speed while none was measured: 128 kbit/s, the thinnest line that an upload is made for. What
/// fits through that one fits through any.
pub const ASSUMED_BYTES_PER_SECOND: u64 = 16 << 10;
/// Less than this says more of the answer's way back than of the line: at 16 kB a connection's first flight (RFC 6928)
/// is over, and four of those are.
pub const MEASURED_FROM_BYTES: u64 = 64 << 10;
/// What a line did longer ago than this is forgotten: the laptop may be elsewhere.
const FRESH_MS: i64 = 60 * 60 * 1000;
/// An upload of so many seconds counts as much as all that was known before it.
const HALF_LIFE_SECONDS: f64 = 20.0;
/// What sending takes beside its bytes: about ten questions and answers (name, connection, TLS, session, the visible
/// call, reading it back) at 270 ms, the round trip from which a line counts as 3G in the W3C's Network Information API.
const CALLS_MS: u64 = 3_000;

/// Bytes that went up, and how long they took.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    /// Bytes of the body.
    pub bytes: u64,
    /// Until the server answered, in milliseconds.
    pub millis: u64,
}

/// What is known of the line's speed: bytes and seconds of past uploads, the older the lighter.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Speed {
    bytes: f64,
    seconds: f64,
    /// When it was last measured.
    pub at: Timestamp,
}

impl Speed {
    /// What is known after `sample`, which ended at `at`. A sample that says nothing (too small, or of no length)
    /// changes nothing.
    #[must_use]
    pub fn after(known: Option<Self>, sample: Sample, at: Timestamp) -> Option<Self> {
        if sample.bytes < MEASURED_FROM_BYTES || sample.millis == 0 {
            return known;
        }
        let (bytes, seconds) = (sample.bytes as f64, sample.millis as f64 / 1000.0);
        let before = known.filter(|speed| speed.is_fresh(at));
        let kept = 0.5_f64.powf(seconds / HALF_LIFE_SECONDS);
        let old = before.map_or((0.0, 0.0), |speed| (speed.bytes * kept, speed.seconds * kept));
        Some(Self { bytes: old.0 + bytes, seconds: old.1 + seconds, at })
    }

    /// Bytes per second; nothing when it was measured too long ago (or in the future of a clock that was set back).
    #[must_use]
    pub fn bytes_per_second(&self, now: Timestamp) -> Option<u64> {
        let speed = self.bytes / self.seconds;
        // A share of less than one byte, and whatever else no line does, is no speed.
        (self.is_fresh(now) && speed >= 1.0 && speed.is_finite()).then_some(speed as u64)
    }

    fn is_fresh(&self, now: Timestamp) -> bool {
        (0..=FRESH_MS).contains(&now.millis_since(self.at))
    }
}

/// What kind of line there is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// There is none.
    None,
    /// A page stands between here and the networks.
    Portal,
    /// It carries less than [`SLOW_BYTES_PER_SECOND`].
    Slow,
    /// A person pays for it by the megabyte.
    Metered,
    /// Nothing says otherwise.
    Good,
}

impl Link {
    /// The kind of a line that is there, from its measured speed. That it costs goes before that it is slow: what is
    /// done about both is the same, and money does not come back.
    #[must_use]
    pub fn of(metered: bool, bytes_per_second: Option<u64>) -> Self {
        match bytes_per_second {
            _ if metered => Self::Metered,
            Some(speed) if speed < SLOW_BYTES_PER_SECOND => Self::Slow,
            _ => Self::Good,
        }
    }

    /// Whether it matters what goes first.
    #[must_use]
    pub fn is_poor(self) -> bool {
        matches!(self, Self::Slow | Self::Metered)
    }
}

/// What there is to send, for one delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Load {
    /// When it is due; nothing for "as soon as possible".
    pub due: Option<Timestamp>,
    /// Bytes that are still to go up.
    pub bytes: u64,
}

impl Load {
    /// Whether it holds others up on a poor line.
    #[must_use]
    pub fn is_heavy(self) -> bool {
        self.bytes >= MEASURED_FROM_BYTES
    }

    /// What goes first on a poor line: the earlier deadline (a time that a person chose goes before none), then the
    /// fewer bytes, so that most are through before the line breaks.
    #[must_use]
    pub fn rank(self) -> impl Ord {
        (self.due.is_none(), self.due, self.bytes)
    }

    /// How long sending it takes, in milliseconds.
    #[must_use]
    pub fn millis(self, bytes_per_second: u64) -> u64 {
        CALLS_MS.saturating_add(self.bytes.saturating_mul(1000).div_ceil(bytes_per_second.max(1)))
    }
}

/// Loads, each with what it is.
pub type Loads<T> = Vec<(Load, T)>;

/// Which of `loads` go up within `millis` at this speed: in order of rank, each that still fits; one that does not
/// leaves its time to those after it. Gives what goes, and what stays, in that order.
pub fn fitting<T>(mut loads: Loads<T>, bytes_per_second: u64, millis: u64) -> (Loads<T>, Loads<T>) {
    loads.sort_by_key(|(load, _)| load.rank());
    let mut left = millis;
    loads.into_iter().partition(|(load, _)| match left.checked_sub(load.millis(bytes_per_second)) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1000)
    }

    fn sample(kilobytes: u64, seconds: u64) -> Sample {
        Sample { bytes: kilobytes * 1000, millis: seconds * 1000 }
    }

    fn load(due: Option<i64>, bytes: u64) -> Load {
        Load { due: due.map(t), bytes }
    }

    #[test]
    fn a_speed_follows_the_last_uploads_and_the_long_ones_more() {
        let first = Speed::after(None, sample(1000, 10), t(10));
        assert_eq!(first.unwrap().bytes_per_second(t(10)), Some(100_000));
        // Twenty seconds at a tenth of the speed weigh as much as the ten before, halved: (500 + 200) kB in 25 s.
        let slower = Speed::after(first, sample(200, 20), t(30));
        assert_eq!(slower.unwrap().bytes_per_second(t(30)), Some(28_000));
        let short = Speed::after(first, sample(100, 1), t(11)).unwrap().bytes_per_second(t(11)).unwrap();
        assert!((99_000..=100_001).contains(&short), "{short}");
        // A line that is slow for long is slow, however fast it was.
        let mut speed = first;
        for n in 1..=6 {
            speed = Speed::after(speed, sample(200, 20), t(10 + 20 * n));
        }
        assert!(speed.unwrap().bytes_per_second(t(130)).unwrap() < 11_000);
    }

    #[test]
    fn what_says_nothing_changes_nothing() {
        assert_eq!(Speed::after(None, Sample { bytes: 1000, millis: 900 }, t(1)), None);
        assert_eq!(Speed::after(None, Sample { bytes: 1 << 20, millis: 0 }, t(1)), None);
        let known = Speed::after(None, sample(1000, 10), t(10));
        assert_eq!(Speed::after(known, Sample { bytes: 100, millis: 60_000 }, t(70)), known);
    }

    #[test]
    fn a_line_of_an_hour_ago_is_another_line() {
        let known = Speed::after(None, sample(1000, 10), t(0));
        let speed = known.unwrap();
        assert_eq!(speed.bytes_per_second(t(3600)), Some(100_000));
        assert_eq!(speed.bytes_per_second(t(3601)), None);
        assert_eq!(speed.bytes_per_second(t(-1)), None, "the clock was set back");
        let anew = Speed::after(known, sample(100, 10), t(4000)).unwrap();
        assert_eq!(anew.bytes_per_second(t(4000)), Some(10_000), "nothing of the old line is left in it");
        let kept = serde_json::to_value(speed).unwrap();
        assert_eq!(serde_json::from_value::<Speed>(kept).unwrap(), speed);
    }

    #[test]
    fn a_line_is_metered_before_it_is_slow_and_good_until_it_was_measured() {
        for (metered, speed, expected) in [
            (false, None, Link::Good),
            (false, Some(48_000), Link::Good),
            (false, Some(47_999), Link::Slow),
            (true, Some(1_000), Link::Metered),
            (true, None, Link::Metered),
        ] {
            assert_eq!(Link::of(metered, speed), expected, "{metered} {speed:?}");
        }
        assert!(Link::Slow.is_poor() && Link::Metered.is_poor());
        assert!(!Link::Good.is_poor() && !Link::None.is_poor() && !Link::Portal.is_poor());
    }

    #[test]
    fn a_deadline_goes_first_then_the_lightest() {
        let mut loads =
            [load(None, 10), load(Some(9), 900), load(Some(9), 200), load(Some(8), 5000), load(None, 5)];
        loads.sort_by_key(|load| load.rank());
        let order = loads.map(|load| load.bytes);
        assert_eq!(order, [5000, 200, 900, 5, 10]);
    }

    #[test]
    fn what_fits_goes_and_what_does_not_leaves_its_time_to_others() {
        let loads = vec![
            (load(Some(1), 2_000_000), "film"),
            (load(Some(2), 500_000), "photo"),
            (load(None, 200), "words"),
            (load(Some(3), 400_000), "another"),
        ];
        // At 10 kB/s: a film of 203 s, photos of 53 s and 43 s, words of 3.02 s, in a minute.
        let (goes, stays) = fitting(loads, 10_000, 60_000);
        assert_eq!(goes.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["photo", "words"]);
        assert_eq!(stays.iter().map(|(_, name)| *name).collect::<Vec<_>>(), ["film", "another"]);
        let exactly = load(None, 10_000);
        assert_eq!(exactly.millis(10_000), 4_000);
        assert_eq!(fitting(vec![(exactly, ())], 10_000, 4_000).0.len(), 1);
        assert_eq!(fitting(vec![(exactly, ())], 10_000, 3_999).0.len(), 0);
        assert_eq!(fitting(Vec::<(Load, ())>::new(), 10_000, 60_000), (vec![], vec![]));
        assert!(load(None, u64::MAX).millis(0) > 0, "no line at all takes for ever, and does not fail");
    }
}
