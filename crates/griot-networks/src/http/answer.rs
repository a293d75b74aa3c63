//! An answer that arrived whole, and what it means when it is not the one that was hoped for.

use std::time::Duration;

use griot_domain::Timestamp;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::Effect;
use super::when::LONGEST_WAIT;
use crate::{Error, Why};

/// The most of a server's words that is repeated.
const WORDS_MAX: usize = 300;

/// A whole answer.
#[derive(Clone)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    /// The body, when it is JSON.
    pub(crate) json: Option<Value>,
    /// Where on the same server the thing is, when the request was [`located`](super::Request::located) and the
    /// answer is a redirection.
    pub(crate) location: Option<Url>,
    /// The server's clock.
    pub(crate) date: Option<Timestamp>,
    pub(super) effect: Effect,
    pub(super) listens_again: Option<Timestamp>,
    pub(super) now: Timestamp,
    pub(super) hidden: Vec<String>,
}

impl Answer {
    /// The body, when it is a success. What is not JSON never gets here with a status of success.
    pub(crate) fn success(&self) -> Option<&Value> {
        self.json.as_ref().filter(|_| self.status.is_success())
    }

    /// The text called `name` in the body.
    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.json.as_ref()?.get(name)?.as_str()
    }

    /// What the server says about it, without secrets, cut to a sentence's length.
    pub(crate) fn words(&self) -> Why {
        let said = self.json.as_ref().and_then(reason);
        let words: String = said
            .unwrap_or_default()
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(WORDS_MAX)
            .collect();
        let why = Why::theirs(&super::without(&words, &self.hidden), self.status.as_u16());
        match self.status.as_u16() {
            404 | 410 => why.of_nothing_there(),
            _ => why,
        }
    }

    /// Whether "too many", said of a call that makes a post visible by who may not be the network itself, proves
    /// nothing.
    pub(crate) fn busy_in_doubt(&self) -> bool {
        self.effect == Effect::Visible && self.status == StatusCode::TOO_MANY_REQUESTS
    }

    /// What an answer that is no success means, where the network has no meaning of its own for it.
    pub(crate) fn refusal(&self) -> Error {
        let words = self.words();
        match self.status.as_u16() {
            // Too large and too many are the words of a server's front door as well, which speaks HTML.
            413 => Error::Content(words),
            429 => Error::RateLimited { until: self.listens_again },
            408 | 425 | 500..=599 if self.json.is_some() => self.passing(words),
            _ if self.json.is_none() => self.foreign(),
            401 => Error::Auth(words),
            402 => Error::Billing(words),
            403 => Error::Permission(words),
            400..=499 => Error::Content(words),
            _ => self.passing(words),
        }
    }

    /// Too many requests; the body says for how many seconds where it is not a header that says it.
    pub(crate) fn too_many(&self, seconds: Option<f64>) -> Error {
        let wait = seconds.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
        let said = wait.map(|wait| self.now.plus(wait.min(LONGEST_WAIT)));
        Error::RateLimited { until: said.or(self.listens_again) }
    }

    /// A passing failure: of a repeatable call, or of one whose effect nobody knows.
    pub(crate) fn passing(&self, words: impl Into<Why>) -> Error {
        let words = words.into();
        match self.effect {
            Effect::Repeatable => Error::Transient(words),
            // A gateway says these when it waits no longer: what stands behind it may still be at it.
            Effect::Visible if matches!(self.status.as_u16(), 408 | 425 | 502..=504 | 520..) => {
                Error::Uncertain(words)
            }
            Effect::Visible if self.status.is_server_error() => Error::Failed(words),
            Effect::Visible => Error::Uncertain(words),
        }
    }

    /// A refusal that is not in the network's language: a front door that fails, or somebody else's page.
    fn foreign(&self) -> Error {
        let status = self.status.as_u16();
        match (self.effect, status) {
            (Effect::Visible, _) => {
                Error::Uncertain(format!("an answer that is not the network's ({status})").into())
            }
            // 511 is the status made for login pages (RFC 6585); 407 is a proxy that wants a password.
            (Effect::Repeatable, 408 | 425 | 500..=510 | 512..) => {
                Error::Transient(format!("status {status}").into())
            }
            (Effect::Repeatable, _) => Error::Portal(format!("status {status}").into()),
        }
    }
}

/// Where servers put their reason: at the top, within `error` (Meta) or `debug_info` (Meta, of uploads), as the first
/// of `errors` (X, Discourse).
fn reason(body: &Value) -> Option<&str> {
    ["message", "error_description", "description", "detail", "error", "title"]
        .into_iter()
        .find_map(|name| body.get(name)?.as_str())
        .or_else(|| body.get("error")?.get("message")?.as_str())
        .or_else(|| body.get("debug_info")?.get("message")?.as_str())
        .or_else(|| {
            let first = body.get("errors")?.get(0)?;
            first.as_str().or_else(|| first.get("message")?.as_str())
        })
}
