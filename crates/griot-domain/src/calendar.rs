//! Days and months where a person is, as stretches of time: what "today" and "this month" count.

use std::ops::Range;

use crate::Timestamp;
use crate::time::{Zone, resolve_always, zone};

/// The zone called `name`; UTC for one that nobody knows.
#[must_use]
pub fn zone_or_utc(name: &str) -> Zone {
    zone(name).unwrap_or_else(|_| zone("UTC").expect("BUG: every list of zones has UTC"))
}

/// The date of `at` in `zone`: `2026-12-01`.
#[must_use]
pub fn date(at: Timestamp, zone: Zone) -> String {
    zone.shows(at).chars().take_while(|c| *c != 'T').collect()
}

/// From the first instant of the day of `at` to the first of the next.
#[must_use]
pub fn day(at: Timestamp, zone: Zone) -> Range<Timestamp> {
    // Thirty-six hours after noon is within the next day, whatever clocks do.
    let from = begins(&date(at, zone), zone, at);
    let next = begins(&date(from.plus_millis(36 * HOUR_MS), zone), zone, from.plus_millis(24 * HOUR_MS));
    from..next
}

/// From the first instant of the month of `at` to the first of the next.
#[must_use]
pub fn month(at: Timestamp, zone: Zone) -> Range<Timestamp> {
    let first = |at: Timestamp| {
        let date = date(at, zone);
        begins(&format!("{}-01", date.rsplit_once('-').map_or(date.as_str(), |(month, _)| month)), zone, at)
    };
    let from = first(at);
    // Thirty-two days after the first of a month is within the next one.
    from..first(from.plus_millis(32 * 24 * HOUR_MS))
}

const HOUR_MS: i64 = 60 * 60 * 1000;

/// Where clocks go forward at midnight, the day begins at the first instant there is.
fn begins(date: &str, zone: Zone, otherwise: Timestamp) -> Timestamp {
    resolve_always(&format!("{date}T00:00"), zone.name()).map_or(otherwise, |begins| begins.at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_begins_at_the_persons_midnight() {
        for (now, name, from, to) in [
            ("2026-12-01T03:00:00Z", "Africa/Bamako", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
            ("2026-12-01T03:00:00Z", "America/New_York", "2026-11-30T05:00:00Z", "2026-12-01T05:00:00Z"),
            ("2026-12-01T03:00:00Z", "nowhere", "2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z"),
            // Midnight is jumped over there.
            ("2026-03-29T12:00:00Z", "Asia/Beirut", "2026-03-28T22:00:00Z", "2026-03-29T21:00:00Z"),
            // A day of twenty-five hours.
            ("2026-10-25T12:00:00Z", "Europe/Paris", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"),
        ] {
            assert_eq!(day(at(now), zone_or_utc(name)), at(from)..at(to), "{now} {name}");
        }
    }

    #[test]
    fn a_month_begins_at_midnight_of_its_first() {
        for (now, name, from, to) in [
            ("2026-11-30T23:30:00Z", "Africa/Bamako", "2026-11-01T00:00:00Z", "2026-12-01T00:00:00Z"),
            ("2026-11-30T23:30:00Z", "Africa/Lagos", "2026-11-30T23:00:00Z", "2026-12-31T23:00:00Z"),
            ("2026-02-10T12:00:00Z", "UTC", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("2026-03-31T21:59:59Z", "Europe/Paris", "2026-02-28T23:00:00Z", "2026-03-31T22:00:00Z"),
        ] {
            assert_eq!(month(at(now), zone_or_utc(name)), at(from)..at(to), "{now} {name}");
        }
        assert_eq!(date(at("2026-11-30T23:30:00Z"), zone_or_utc("Africa/Lagos")), "2026-12-01");
    }
}
