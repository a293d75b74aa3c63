//! What a host gets when something cannot be done: a code, a sentence, a way on.
//!
//! A code exists only where someone does something different for it. The sentences are in `words`; nobody
//! matches them. Secrets are never in any part.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a host decides by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// The request itself is wrong: correct it.
    BadRequest,
    /// No network has that name.
    UnknownNetwork,
    /// What was named is not there.
    NotFound,
    /// There is no workspace at that place: make one.
    NoWorkspace,
    /// There is a workspace already.
    WorkspaceExists,
    /// A newer Griot wrote the database: update.
    DatabaseTooNew,
    /// The database is damaged: restore a copy.
    DatabaseDamaged,
    /// Another program works this workspace's outbox.
    WorkerBusy,
    /// The disk is full.
    DiskFull,
    /// A file or folder cannot be read or written.
    NoRights,
    /// The rules refuse the draft: see `detail.problems`.
    Refused,
    /// It is not a date and time.
    BadTime,
    /// No time zone has that name.
    BadZone,
    /// Clocks jump over that time.
    TimeSkipped,
    /// That time has passed.
    TimePast,
    /// The file is not a picture or film that Griot takes.
    NotMedia,
    /// The file is damaged.
    MediaDamaged,
    /// The file is larger than Griot takes.
    MediaTooLarge,
    /// A kind of file that Griot does not take.
    MediaUnsupported,
    /// ffmpeg is not installed.
    FfmpegMissing,
    /// The network refused the identity.
    Auth,
    /// There is no way out.
    Offline,
    /// Something that is not the network answered.
    NotTheNetwork,
    /// The network refused or failed otherwise.
    Network,
    /// The secrets cannot be opened: no keychain, no passphrase, the wrong one.
    Secrets,
    /// The page is not signed in to this program: a new address is needed.
    NoSession,
    /// Somebody else has written since: see `detail.content` and `detail.stamp`.
    Conflict,
    /// The post is scheduled for that account already, or live there: see `detail.places`. Asked again with `again`, it
    /// is published once more.
    AlreadyScheduled,
    /// It would be public at once, and more widely than a slip may be: see `detail.accounts`, `detail.count` and
    /// `detail.why`. Asked again with `confirmed`, it is done.
    ConfirmNeeded,
    /// A correction of what is scheduled stands: it is confirmed or abandoned first.
    CorrectionOpen,
    /// It cannot be done in the present state; nothing is wrong.
    NotNow,
    /// The person stopped it.
    Cancelled,
    /// The machine failed otherwise.
    Environment,
    /// A defect of Griot.
    Bug,
}

impl Code {
    /// The word on the wire.
    #[must_use]
    pub fn as_str(self) -> String {
        serde_json::to_value(self).ok().and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    }
}

/// Why something could not be done.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS, thiserror::Error)]
#[error("{message}")]
pub struct AppError {
    /// What a host decides by.
    pub code: Code,
    /// What happened, for a person.
    pub message: String,
    /// What to do; empty when there is nothing to do.
    pub hint: String,
    /// Facts for the host, never a secret.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    #[ts(type = "unknown")]
    pub detail: Value,
}

impl AppError {
    /// An error without facts.
    #[must_use]
    pub fn new(code: Code, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { code, message: message.into(), hint: hint.into(), detail: Value::Null }
    }

    /// The same with facts.
    #[must_use]
    pub fn with(mut self, detail: Value) -> Self {
        self.detail = detail;
        self
    }
}
