//! Instants as the networks write them.

use std::time::{SystemTime, UNIX_EPOCH};

use chrono::{DateTime, SecondsFormat, Utc};

/// Milliseconds since 1970, on this machine.
pub(crate) fn wall() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

fn at(millis: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(millis).unwrap_or_default()
}

/// `2026-11-22T20:00:00.000Z`
pub(crate) fn iso(millis: i64) -> String {
    at(millis).to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// `2026-11-22T20:00:00+0000`, as the Graph writes it.
pub(crate) fn graph(millis: i64) -> String {
    at(millis).format("%Y-%m-%dT%H:%M:%S+0000").to_string()
}

/// `Sun, 22 Nov 2026 20:00:00 GMT`
pub(crate) fn http(millis: i64) -> String {
    at(millis).format("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Milliseconds of an instant written by RFC 3339.
pub(crate) fn read(written: &str) -> Option<i64> {
    DateTime::parse_from_rfc3339(written).ok().map(|at| at.timestamp_millis())
}
