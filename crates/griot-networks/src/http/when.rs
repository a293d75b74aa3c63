//! Times in answers: the server's `Date`, and when it will listen again.

use std::time::Duration;

use chrono::DateTime;
use griot_domain::Timestamp;
use reqwest::header::HeaderMap;

/// No network's limit lasts longer; a larger value is a mistake of theirs, and would hold a post for ever.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Smaller numbers are seconds from now, larger ones seconds since 1970 (this is September 2001).
const EPOCH_FROM: i64 = 1_000_000_000;

/// The server's `Date` (RFC 9110, IMF-fixdate).
pub(super) fn server_date(headers: &HeaderMap) -> Option<Timestamp> {
    http_date(text(headers, "date")?)
}

/// The first instant at which the server will listen again, by this machine's clock `now`: `Retry-After`
/// wins over a rate limit's reset. Instants of the server's are moved by the difference between its clock and ours.
pub(super) fn listens_again(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let server_now = server_date(headers).unwrap_or(now);
    let wait = ["retry-after", "ratelimit-reset", "x-ratelimit-reset", "x-rate-limit-reset"]
        .into_iter()
        .find_map(|name| wait(text(headers, name)?, server_now))?;
    Some(now.plus(wait.min(LONGEST_WAIT)))
}

/// How long after `server_now` a header's value points: seconds, an epoch, an HTTP date or an ISO time.
fn wait(value: &str, server_now: Timestamp) -> Option<Duration> {
    if let Ok(seconds) = value.parse::<f64>() {
        if !seconds.is_finite() || seconds < 0.0 {
            return None;
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "the whole seconds of a finite number; `as` saturates"
        )]
        let whole = seconds.ceil() as i64;
        if whole < EPOCH_FROM {
            return u64::try_from(whole).ok().map(Duration::from_secs);
        }
        return Some(Timestamp::from_millis(whole.saturating_mul(1000)).after(server_now));
    }
    let at = http_date(value).or_else(|| value.parse::<Timestamp>().ok())?;
    Some(at.after(server_now))
}

fn http_date(value: &str) -> Option<Timestamp> {
    DateTime::parse_from_rfc2822(value).ok().map(|at| at.to_utc().into())
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderName, HeaderValue};

    use super::*;

    /// 2026-11-22T20:00:00Z
    const NOW: Timestamp = Timestamp::from_millis(1_795_377_600_000);

    fn check(headers: &[(&'static str, &str)], expected: Option<i64>) {
        let map: HeaderMap = headers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap()))
            .collect();
        let got = listens_again(&map, NOW).map(|until| until.millis_since(NOW) / 1000);
        assert_eq!(got, expected, "{headers:?}");
    }

    #[test]
    fn every_style_of_not_before_is_understood() {
        check(&[], None);
        check(&[("retry-after", "soon")], None);
        check(&[("retry-after", "-5")], None);
        check(&[("retry-after", "NaN")], None);
        check(&[("retry-after", "120")], Some(120));
        check(&[("retry-after", "0.3")], Some(1));
        check(&[("retry-after", "Sun, 22 Nov 2026 20:05:00 GMT")], Some(300));
        check(&[("ratelimit-reset", "1795377660")], Some(60));
        check(&[("ratelimit-reset", "45")], Some(45));
        check(&[("x-ratelimit-reset", "2026-11-22T20:10:00.000Z")], Some(600));
        check(&[("x-ratelimit-reset", "1795377630")], Some(30));
        check(&[("retry-after", "10"), ("x-ratelimit-reset", "1795378000")], Some(10));
        check(&[("retry-after", "rubbish"), ("x-ratelimit-reset", "1795377630")], Some(30));
        check(&[("x-ratelimit-reset", "1795377000")], Some(0));
        check(&[("retry-after", "999999999")], Some(24 * 3600));
        check(&[("ratelimit-reset", "99999999999999999999")], Some(24 * 3600));
    }

    #[test]
    fn a_clock_that_is_wrong_does_not_stretch_the_wait() {
        let an_hour_ahead = ("date", "Sun, 22 Nov 2026 21:00:00 GMT");
        check(&[an_hour_ahead, ("x-ratelimit-reset", "1795381230")], Some(30));
        check(&[an_hour_ahead, ("retry-after", "Sun, 22 Nov 2026 21:00:40 GMT")], Some(40));
    }
}
