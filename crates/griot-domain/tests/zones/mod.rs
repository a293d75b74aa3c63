//! Zones as the corpora state them: `zdump`'s list of changes and the VTIMEZONE components of iCalendar files, and what
//! a wall time means by their offsets.
//!
//! Deliberately absent: every library of zones, and all of RFC 5545 that these files do not use (an unknown rule is a
//! panic, so that none is skipped).

use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Datelike, Duration, NaiveDate, NaiveDateTime, Weekday};

/// The last year that is stated: `zdump` ends there.
const LAST: i32 = 2037;
/// The first year that `zdump` was asked for.
pub(crate) const FIRST: i32 = 2010;

/// Clocks change by a change of their offset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Change {
    /// Seconds of Unix time.
    pub(crate) at: i64,
    /// Seconds east of Greenwich until then.
    pub(crate) before: i64,
    /// Seconds east of Greenwich from then on.
    pub(crate) after: i64,
}

impl Change {
    /// The wall times between which clocks show nothing, or everything twice.
    pub(crate) fn wall_times(&self) -> (NaiveDateTime, NaiveDateTime) {
        let (one, other) = (naive(self.at + self.before), naive(self.at + self.after));
        (one.min(other), one.max(other))
    }
}

/// What a wall time means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// One instant.
    Once(i64),
    /// Two of them.
    Twice(i64, i64),
    /// None: clocks jump over it then.
    Never(i64),
}

/// A zone, as one file states it.
#[derive(Debug, Clone)]
pub(crate) struct Stated {
    pub(crate) zone: String,
    pub(crate) by: &'static str,
    pub(crate) changes: Vec<Change>,
    /// The end of what it states, or of what may be believed of it.
    pub(crate) until: NaiveDate,
    /// Where it has no change at all.
    fixed: i64,
}

impl Stated {
    fn offset(&self, at: i64) -> i64 {
        match self.changes.partition_point(|change| change.at <= at).checked_sub(1) {
            Some(last) => self.changes[last].after,
            None => self.changes.first().map_or(self.fixed, |change| change.before),
        }
    }

    /// What clocks show at an instant.
    pub(crate) fn shows(&self, at: i64) -> NaiveDateTime {
        naive(at + self.offset(at))
    }

    /// What a wall time means: every offset there has been around it is tried, and stays if the clock agrees.
    pub(crate) fn meaning(&self, local: NaiveDateTime) -> Meaning {
        let seconds = local.and_utc().timestamp();
        const DAYS: i64 = 3 * 86_400;
        let from = self.changes.partition_point(|c| c.at < seconds - DAYS);
        let near: Vec<&Change> = self.changes[from..].iter().take_while(|c| c.at < seconds + DAYS).collect();
        let mut offsets: Vec<i64> = near.iter().flat_map(|c| [c.before, c.after]).collect();
        offsets.push(self.offset(seconds));
        let mut instants: Vec<i64> = offsets.into_iter().map(|offset| seconds - offset).collect();
        instants.retain(|at| self.shows(*at) == local);
        instants.sort_unstable();
        instants.dedup();
        match instants[..] {
            [at] => Meaning::Once(at),
            [first, second] => Meaning::Twice(first, second),
            [] => {
                let swallows = |c: &&&Change| c.at + c.before <= seconds && seconds < c.at + c.after;
                let jump = near.iter().find(swallows);
                Meaning::Never(jump.unwrap_or_else(|| panic!("{} {local}: {near:?}", self.zone)).at)
            }
            _ => panic!("{} {local}: {instants:?}", self.zone),
        }
    }
}

/// Everything that is stated. The iCalendar files are older (2025c) than `zdump`'s list (2026f): where the two do not
/// agree any more, the older one is believed until the day before. Gives those zones, and since when.
pub(crate) fn all_stated() -> (Vec<Stated>, Vec<(String, NaiveDate)>) {
    let (newer, mut older) = (stated_by_zdump(), stated_by_icalendar());
    let mut overtaken = Vec::new();
    for old in &mut older {
        let Some(new) = newer.iter().find(|new| new.zone == old.zone) else { continue };
        let first = NaiveDate::from_ymd_opt(FIRST, 1, 1).unwrap();
        let hours = first.and_time(chrono::NaiveTime::MIN).and_utc().timestamp()..;
        let mut hours = hours.step_by(3600).take_while(|at| naive(*at).date() < old.until);
        if let Some(at) = hours.find(|at| old.offset(*at) != new.offset(*at)) {
            old.until = naive(at).date();
            overtaken.push((old.zone.clone(), old.until));
        }
    }
    (newer.into_iter().chain(older).collect(), overtaken)
}

fn naive(seconds: i64) -> NaiveDateTime {
    DateTime::from_timestamp(seconds, 0).unwrap().naive_utc()
}

fn folder() -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("GRIOT_SHARED").map_or_else(beside, PathBuf::from).join("corpora/dates")
}

/// The zones of `zdump-dev.txt`. Each change is two lines, the last second before it and its first one:
/// `ZONE  Sun Mar 28 00:59:59 2010 UT = Sun Mar 28 01:59:59 2010 CET isdst=0 gmtoff=3600`.
fn stated_by_zdump() -> Vec<Stated> {
    let Ok(text) = fs::read_to_string(folder().join("zdump-dev.txt")) else { return Vec::new() };
    let mut zones: Vec<Stated> = Vec::new();
    let mut before: Option<(i64, i64)> = None;
    for line in text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        if zones.last().is_none_or(|zone| zone.zone != words[0]) {
            // Of a zone without a line of dates only its name is told: its offset is asked of the other files' days.
            let fixed = match words[0] {
                "Asia/Kolkata" => 19_800,
                _ => 0,
            };
            let by = "zdump-dev.txt";
            zones.push(Stated {
                zone: words[0].to_owned(),
                by,
                changes: Vec::new(),
                until: end(LAST),
                fixed,
            });
            before = None;
        }
        if words.last() == Some(&"NULL") {
            continue;
        }
        let time = |words: &[&str]| {
            NaiveDateTime::parse_from_str(&words.join(" "), "%a %b %d %H:%M:%S %Y")
                .unwrap()
                .and_utc()
                .timestamp()
        };
        let (at, local) = (time(&words[1..6]), time(&words[8..13]));
        let offset: i64 = words.last().unwrap().strip_prefix("gmtoff=").unwrap().parse().unwrap();
        assert_eq!(local - at, offset, "{line}");
        match before.take() {
            None => before = Some((at, offset)),
            Some((last, before)) => {
                assert_eq!(last + 1, at, "{line}");
                // One whose offsets are equal changes the zone's name only.
                if before != offset {
                    zones.last_mut().unwrap().changes.push(Change { at, before, after: offset });
                }
            }
        }
    }
    zones
}

/// The zones of the `vtimezone-*.ics` files, since their first change.
fn stated_by_icalendar() -> Vec<Stated> {
    let Ok(entries) = fs::read_dir(folder()) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("vtimezone-"));
    paths.sort();
    paths.iter().map(|path| vtimezone(&fs::read_to_string(path).unwrap())).collect()
}

fn vtimezone(text: &str) -> Stated {
    let value = |line: &str, name: &str| line.strip_prefix(name).map(str::to_owned);
    let zone = text.lines().find_map(|line| value(line, "X-LIC-LOCATION:")).unwrap();
    // One that ends says until when it may be believed.
    let until =
        text.lines().find_map(|line| value(line, "TZUNTIL:")).map(|at| wall(at.trim_end_matches('Z')));
    let mut changes = Vec::new();
    for part in
        text.split("BEGIN:").filter(|part| part.starts_with("STANDARD") || part.starts_with("DAYLIGHT"))
    {
        let one = |name: &str| part.lines().find_map(|line| value(line, name));
        let (before, after) =
            (seconds(&one("TZOFFSETFROM:").unwrap()), seconds(&one("TZOFFSETTO:").unwrap()));
        let start = wall(&one("DTSTART:").unwrap());
        let mut onsets = vec![start];
        onsets.extend(part.lines().filter_map(|line| value(line, "RDATE:")).map(|at| wall(&at)));
        if let Some(rule) = one("RRULE:") {
            onsets.extend(yearly(&rule, start, before));
        }
        onsets.sort_unstable();
        onsets.dedup();
        changes.extend(onsets.iter().map(|onset| Change {
            at: onset.and_utc().timestamp() - before,
            before,
            after,
        }));
    }
    changes.sort_unstable();
    changes.retain(|change| naive(change.at).year() <= LAST);
    changes.retain(|change| change.before != change.after);
    let until = until.map_or(end(LAST), |until| until.date().min(end(LAST)));
    Stated { zone, by: "vtimezone", changes, until, fixed: 0 }
}

/// The first day after a year.
fn end(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year + 1, 1, 1).unwrap()
}

/// `+0100`, `-001608`.
fn seconds(text: &str) -> i64 {
    let part =
        |range: std::ops::Range<usize>| text.get(range).map_or(0, |digits| digits.parse::<i64>().unwrap());
    let size = part(1..3) * 3600 + part(3..5) * 60 + part(5..7);
    if text.starts_with('-') { -size } else { size }
}

/// `20270328T020000`.
fn wall(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y%m%dT%H%M%S").unwrap()
}

/// The onsets of a yearly rule, up to the last year; `UNTIL` is an instant.
fn yearly(rule: &str, start: NaiveDateTime, before: i64) -> Vec<NaiveDateTime> {
    let (mut month, mut days, mut weekday, mut until) = (start.month(), Vec::new(), None, None);
    for (name, value) in rule.split(';').map(|part| part.split_once('=').unwrap()) {
        match name {
            "FREQ" => assert_eq!(value, "YEARLY"),
            "BYMONTH" => month = value.parse().unwrap(),
            "BYMONTHDAY" => days = value.split(',').map(|day| day.parse::<u32>().unwrap()).collect(),
            "BYDAY" => {
                let (nth, day) = value.split_at(value.len() - 2);
                let day =
                    [Weekday::Mon, Weekday::Sun][["MO", "SU"].iter().position(|name| *name == day).unwrap()];
                weekday = Some((if nth.is_empty() { 0 } else { nth.parse::<i32>().unwrap() }, day));
            }
            "UNTIL" => until = Some(wall(value.trim_end_matches('Z')) + Duration::seconds(before)),
            _ => panic!("a rule that is not read: {rule}"),
        }
    }
    (start.year()..=LAST)
        .map(|year| {
            let all: Vec<NaiveDate> = NaiveDate::from_ymd_opt(year, month, 1)
                .unwrap()
                .iter_days()
                .take_while(|day| day.month() == month)
                .collect();
            let on = |weekday| all.iter().copied().filter(move |day| day.weekday() == weekday);
            let day = match weekday {
                None => all.iter().copied().find(|day| day.day() == start.day()),
                Some((-1, weekday)) => on(weekday).next_back(),
                Some((0, weekday)) => on(weekday).find(|day| days.contains(&day.day())),
                Some((nth, weekday)) => on(weekday).nth(usize::try_from(nth - 1).unwrap()),
            };
            day.unwrap().and_time(start.time())
        })
        .filter(|onset| *onset >= start && until.is_none_or(|until| *onset <= until))
        .collect()
}
