//! What the rules say of a draft for one network: ok, warnings, errors, each with a fix.

use serde::{Deserialize, Serialize};

use crate::text::Count;

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing to say.
    Ok,
    /// It can go, and the person should know.
    Warning,
    /// It cannot go.
    Error,
}

/// One thing the rules say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Problem {
    /// A stable name, `text_too_long`.
    pub code: String,
    /// How bad.
    pub level: Level,
    /// What it is, in plain words of the chosen language.
    pub message: String,
    /// What to do, in plain words.
    pub fix: String,
}

/// All the rules say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Verdict {
    /// The count of the text.
    pub text: Count,
    /// The worst level of the problems.
    pub verdict: Level,
    /// What there is to say, worst first.
    pub problems: Vec<Problem>,
}
