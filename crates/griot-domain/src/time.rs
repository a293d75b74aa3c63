//! Instants, and the wall times that people choose.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::{DateTime, LocalResult, NaiveDateTime, SecondsFormat, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// An instant, in UTC, to the millisecond. On the wire: RFC 3339 with three decimals and `Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, ts_rs::TS)]
#[ts(type = "string")]
pub struct Timestamp(i64);

impl Timestamp {
    /// So many milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self(millis)
    }

    /// Milliseconds after 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn millis(self) -> i64 {
        self.0
    }

    /// This instant and `duration`.
    #[must_use]
    pub fn plus(self, duration: Duration) -> Self {
        self.plus_millis(i64::try_from(duration.as_millis()).unwrap_or(i64::MAX))
    }

    /// This instant and so many milliseconds (which may be negative).
    #[must_use]
    pub const fn plus_millis(self, millis: i64) -> Self {
        Self(self.0.saturating_add(millis))
    }

    /// Milliseconds from `earlier` to this instant; negative when this instant is before it.
    #[must_use]
    pub const fn millis_since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// How long after `now` this instant is; zero when it has passed.
    #[must_use]
    pub fn after(self, now: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.millis_since(now)).unwrap_or(0))
    }

    /// The instant as chrono has it; instants out of chrono's range become its ends.
    #[must_use]
    pub fn to_utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(at: DateTime<Utc>) -> Self {
        Self(at.timestamp_millis())
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_utc().to_rfc3339_opts(SecondsFormat::Millis, true))
    }
}

impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        DateTime::parse_from_rfc3339(text)
            .map(|at| at.with_timezone(&Utc).into())
            .map_err(|_| TimeError::NotATime(text.to_owned()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// The wall time that a person chose, kept beside the instant it was resolved to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct WallTime {
    /// `2026-12-01T09:00` or `2026-12-01T09:00:30`.
    pub local: String,
    /// IANA name, `Africa/Bamako`.
    pub zone: String,
    /// Version of the zone data that resolved it, `2026a`.
    pub tzdata: String,
}

/// What is wrong with a time.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TimeError {
    /// The text is not a date and time.
    #[error("\"{0}\" is not a date and time like 2026-12-01T09:00")]
    NotATime(String),
    /// No zone has that name.
    #[error("no time zone is called \"{0}\"")]
    UnknownZone(String),
    /// Clocks jump over it.
    #[error(
        "{local} does not exist in {zone}: clocks go forward over it. The next time that exists is {next}"
    )]
    Skipped {
        /// The time that was asked for.
        local: String,
        /// The zone.
        zone: String,
        /// The first wall time after the gap.
        next: String,
    },
}

/// A wall time and the instant it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The instant.
    pub at: Timestamp,
    /// The wall time, with the zone data's version.
    pub wall: WallTime,
    /// The wall time happens twice and the first was taken.
    pub repeated: bool,
}

/// The version of the zone data in this program.
#[must_use]
pub fn tzdata_version() -> &'static str {
    chrono_tz::IANA_TZDB_VERSION
}

/// The zone called `name`.
///
/// # Errors
/// [`TimeError::UnknownZone`].
pub fn zone(name: &str) -> Result<Tz, TimeError> {
    name.trim().parse().map_err(|_| TimeError::UnknownZone(name.to_owned()))
}

/// The zones that people name by a place, in alphabetical order, and `UTC`. Their older names resolve too and are not
/// listed.
pub fn zones() -> impl Iterator<Item = &'static str> {
    const AREAS: &[&str] = &[
        "Africa",
        "America",
        "Antarctica",
        "Arctic",
        "Asia",
        "Atlantic",
        "Australia",
        "Europe",
        "Indian",
        "Pacific",
    ];
    let names = chrono_tz::TZ_VARIANTS.iter().map(|tz| tz.name());
    names.filter(|name| *name == "UTC" || name.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area)))
}

fn parse_local(text: &str) -> Result<NaiveDateTime, TimeError> {
    ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok())
        .ok_or_else(|| TimeError::NotATime(text.to_owned()))
}

/// Resolves the wall time `local` in `zone_name`.
///
/// A time that happens twice means the first of the two. A time that clocks jump over is refused.
///
/// # Errors
/// See [`TimeError`].
pub fn resolve(local: &str, zone_name: &str) -> Result<Resolved, TimeError> {
    let tz = zone(zone_name)?;
    let naive = parse_local(local)?;
    let (at, repeated) = match tz.from_local_datetime(&naive) {
        LocalResult::Single(at) => (at, false),
        LocalResult::Ambiguous(first, _) => (first, true),
        LocalResult::None => {
            return Err(TimeError::Skipped {
                local: text_of(naive),
                zone: tz.name().to_owned(),
                next: text_of(after_gap(tz, naive)),
            });
        }
    };
    let wall =
        WallTime { local: text_of(naive), zone: tz.name().to_owned(), tzdata: tzdata_version().to_owned() };
    Ok(Resolved { at: at.with_timezone(&Utc).into(), wall, repeated })
}

/// Resolves a stored wall time anew, for zone data that changed since: a time that no longer exists
/// becomes the first one after the gap, because the person cannot be asked.
///
/// # Errors
/// [`TimeError::UnknownZone`] or [`TimeError::NotATime`] for a wall time that was damaged.
pub fn resolve_again(wall: &WallTime) -> Result<Resolved, TimeError> {
    match resolve(&wall.local, &wall.zone) {
        Err(TimeError::Skipped { next, zone, .. }) => resolve(&next, &zone),
        other => other,
    }
}

fn text_of(naive: NaiveDateTime) -> String {
    let format = if naive.and_utc().timestamp() % 60 == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
    naive.format(format).to_string()
}

/// The first wall time after the gap that swallows `naive`, found to the minute; no gap in the zone data
/// is longer than a day (Samoa skipped one in 2011).
fn after_gap(tz: Tz, naive: NaiveDateTime) -> NaiveDateTime {
    let start = naive - chrono::Duration::seconds(naive.and_utc().timestamp().rem_euclid(60));
    (1..=25 * 60)
        .map(|minutes| start + chrono::Duration::minutes(minutes))
        .find(|candidate| !matches!(tz.from_local_datetime(candidate), LocalResult::None))
        .unwrap_or(naive)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(local: &str, zone: &str, expected: &str) {
        let got = match resolve(local, zone) {
            Ok(r) => format!("{}{}", r.at, if r.repeated { " first of two" } else { "" }),
            Err(e) => e.to_string(),
        };
        assert_eq!(got, expected, "{local} in {zone}");
    }

    #[test]
    fn wall_times_become_instants() {
        check("2026-12-01T09:00", "Africa/Bamako", "2026-12-01T09:00:00.000Z");
        check("2026-07-01T09:00", "Europe/Paris", "2026-07-01T07:00:00.000Z");
        check("2027-10-31T02:30", "Europe/Paris", "2027-10-31T00:30:00.000Z first of two");
        check(
            "2027-03-28T02:30",
            "Europe/Paris",
            "2027-03-28T02:30 does not exist in Europe/Paris: clocks go forward over it. The next time that exists is 2027-03-28T03:00",
        );
        check(
            "2011-12-30T12:00",
            "Pacific/Apia",
            "2011-12-30T12:00 does not exist in Pacific/Apia: clocks go forward over it. The next time that exists is 2011-12-31T00:00",
        );
        check("2026-12-01T09:00", "Africa/Wakanda", "no time zone is called \"Africa/Wakanda\"");
        check(
            "1er décembre",
            "Africa/Bamako",
            "\"1er décembre\" is not a date and time like 2026-12-01T09:00",
        );
        check(
            "2026-02-30T09:00",
            "Africa/Bamako",
            "\"2026-02-30T09:00\" is not a date and time like 2026-12-01T09:00",
        );
    }

    #[test]
    fn a_timestamp_survives_its_text() {
        let at = Timestamp::from_millis(1_796_000_000_123);
        assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
    }
}
