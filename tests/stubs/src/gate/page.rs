//! What the gate says in a server's place: too many, out of order, somebody else's page, rubbish.

use std::io::{Result, Write};

use serde_json::{Value, json};

use crate::http::Answer;
use crate::time;

const JSON: &str = "application/json; charset=utf-8";
const LOGIN: &str = "<!doctype html><html><head><title>Connexion</title></head><body><form action=\"/login\" \
                     method=\"post\"><input name=\"user\"><input name=\"password\" type=\"password\"></form></body></html>";
/// Rubbish that is larger than anybody reads.
const LARGE: usize = 100 << 20;
const DEEP: usize = 100_000;
const YEAR_S: i64 = 365 * 86_400;

/// How a server says when it listens again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wait {
    /// `Retry-After` in seconds.
    Seconds(u32),
    /// `Retry-After` as a date, so many seconds from now.
    Date(u32),
    /// `x-rate-limit-reset` in seconds since 1970, so many from now.
    Epoch(u32),
    /// `X-RateLimit-Reset` as an ISO time, so many seconds from now.
    Iso(u32),
    /// In the body, as Telegram says it.
    Parameters(u32),
    /// Not at all.
    Unsaid,
    /// `Retry-After` of a year.
    Year,
}

/// What a gate says in the server's place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// 429.
    TooMany(Wait),
    /// 503 with HTML.
    Unavailable,
    /// 500 with JSON.
    Broken,
    /// 502 with HTML.
    BadGateway,
    /// 504 with HTML: a front door has waited long enough for the server behind it.
    GatewayTimeout,
    /// 200 with the login page of somebody else's network.
    Portal,
    /// 302 to a login page.
    ToLogin,
    /// 200 without a body.
    Empty,
    /// 200 with a hundred megabytes.
    Large,
    /// 200 with a body that never ends, as long as anybody reads.
    Endless,
    /// 200 with JSON that is no UTF-8.
    BadText,
    /// 200 with JSON a hundred thousand brackets deep.
    Deep,
    /// 200 with JSON that says that it is a picture.
    WrongType,
    /// 401.
    Unauthorized,
    /// Anything else.
    Other(Answer),
}

impl Page {
    /// Its name, for counting.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::TooMany(_) => "429",
            Self::Unavailable => "503",
            Self::Broken => "500",
            Self::BadGateway => "502",
            Self::GatewayTimeout => "504",
            Self::Portal => "portal",
            Self::ToLogin => "302",
            Self::Empty => "empty",
            Self::Large => "large",
            Self::Endless => "endless",
            Self::BadText => "bad-text",
            Self::Deep => "deep",
            Self::WrongType => "wrong-type",
            Self::Unauthorized => "401",
            Self::Other(_) => "other",
        }
    }

    /// Says it. `now` is in milliseconds since 1970.
    pub(super) fn write(&self, to: &mut impl Write, now: i64) -> Result<()> {
        let length = match self {
            Self::Large => format!("content-length: {LARGE}\r\n"),
            Self::Endless => String::new(),
            other => return to.write_all(&other.answer(now).bytes()),
        };
        to.write_all(
            format!("HTTP/1.1 200 OK\r\ncontent-type: {JSON}\r\n{length}connection: close\r\n\r\n[")
                .as_bytes(),
        )?;
        let blank = [b' '; 64 << 10];
        let mut left = if *self == Self::Large { LARGE - 1 } else { usize::MAX };
        while left > 0 {
            let piece = left.min(blank.len());
            to.write_all(&blank[..piece])?;
            left -= piece;
        }
        Ok(())
    }

    fn answer(&self, now: i64) -> Answer {
        let html = |status: u16, body: &str| Answer::new(status, "text/html; charset=utf-8", body);
        let error = |status: u16, words: &str| Answer::json(status, json!({ "error": words }));
        match self {
            Self::TooMany(wait) => too_many(*wait, now),
            Self::Unavailable => html(503, "<html><body><h1>503 Service Unavailable</h1></body></html>"),
            Self::Broken => error(500, "Internal server error"),
            Self::BadGateway => html(502, "<html><body><h1>502 Bad Gateway</h1></body></html>"),
            Self::GatewayTimeout => html(504, "<html><body><h1>504 Gateway Time-out</h1></body></html>"),
            Self::Portal => html(200, LOGIN),
            Self::ToLogin => html(302, "").with("location", "http://login.example/hotspot?from=griot"),
            Self::Empty => Answer { status: 200, headers: Vec::new(), body: Vec::new() },
            Self::BadText => Answer::new(200, JSON, b"{\"id\":\"\xff\xfe\",\"ok\":true}".to_vec()),
            Self::Deep => Answer::new(200, JSON, ["[".repeat(DEEP), "]".repeat(DEEP)].concat()),
            Self::WrongType => Answer::new(200, "image/png", "{\"id\":\"1\",\"ok\":true}"),
            Self::Unauthorized => error(401, "Unauthorized"),
            Self::Other(answer) => answer.clone(),
            Self::Large | Self::Endless => Answer::json(200, Value::Null),
        }
    }
}

fn too_many(wait: Wait, now: i64) -> Answer {
    let plain = || Answer::json(429, json!({"error": "Too many requests", "title": "Too Many Requests"}));
    let then = |seconds: u32| now + i64::from(seconds) * 1000;
    match wait {
        Wait::Seconds(seconds) => plain().with("retry-after", &seconds.to_string()),
        Wait::Date(seconds) => plain().with("retry-after", &time::http(then(seconds))),
        Wait::Epoch(seconds) => plain()
            .with("x-rate-limit-limit", "100")
            .with("x-rate-limit-remaining", "0")
            .with("x-rate-limit-reset", &(then(seconds) / 1000).to_string()),
        Wait::Iso(seconds) => plain()
            .with("X-RateLimit-Limit", "300")
            .with("X-RateLimit-Remaining", "0")
            .with("X-RateLimit-Reset", &time::iso(then(seconds))),
        Wait::Parameters(seconds) => {
            let words = format!("Too Many Requests: retry after {seconds}");
            let body = json!({"ok": false, "error_code": 429, "description": words, "parameters": {"retry_after": seconds}});
            Answer::json(429, body)
        }
        Wait::Unsaid => plain(),
        Wait::Year => plain().with("retry-after", &YEAR_S.to_string()),
    }
}
