//! The workspace, its settings, its journal, its health.

use griot_domain::Op;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A workspace that is there now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WorkspaceMade {
    /// Its folder.
    pub workspace: String,
    /// The version of its database's layout.
    pub schema: u32,
}

/// A file to write or read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct FileRequest {
    /// The file: a handle that the host issued, or a path where the host allows paths.
    pub file: String,
}

/// A file that was written or read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FileDone {
    /// The file.
    pub file: String,
    /// Its size.
    #[ts(type = "number")]
    pub bytes: u64,
}

/// A journal to verify.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct VerifyRequest {
    /// The exported journal.
    pub file: String,
    /// A head that was saved before: the journal must contain it.
    #[serde(default)]
    pub head: Option<String>,
}

/// What a journal holds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct JournalFacts {
    /// How many events.
    #[ts(type = "number")]
    pub entries: u64,
    /// Hash of the last event; 64 zeros when there is none.
    pub head: String,
    /// Whether every event follows from the one before and the signature is the device's.
    pub ok: bool,
    /// What is wrong, when something is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub problem: Option<String>,
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Check {
    /// What.
    pub name: String,
    /// Whether it is well.
    pub ok: bool,
    /// What is there, what is missing, what to do.
    pub detail: String,
}

/// All that was looked at.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Checks {
    /// One by one.
    pub checks: Vec<Check>,
}

/// A setting to read or to change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SettingRequest {
    /// Its name.
    pub key: String,
    /// Its new value; `null` takes it back to what Griot would do by itself.
    #[ts(type = "unknown")]
    pub value: Value,
}

/// Every setting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Settings {
    /// Name and value.
    #[ts(type = "Record<string, unknown>")]
    pub settings: serde_json::Map<String, Value>,
}

/// What was undone.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Undone {
    /// The action; nothing when there was nothing to undo.
    pub op: Option<Op>,
}

/// Long work, by id.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct JobRequest {
    /// The job.
    pub id: String,
}
