//! The workspace, its settings, its journal, its health.

use griot_domain::{Lang, Op, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A workspace that is there now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WorkspaceMade {
    /// Its folder.
    pub workspace: String,
    /// The version of its database's layout.
    pub schema: u32,
    /// Why the samples that were asked for are not all there, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub missing: Option<String>,
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
    /// What a person has to know of it all the same: originals that went in damaged, or are gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub note: Option<String>,
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

/// A workspace to make.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct CreateWorkspace {
    /// What the person calls it: a brand, a client, a campaign.
    pub name: Option<String>,
    /// Whether it starts with sample pictures, a film and two drafts.
    pub samples: bool,
}

/// How the studio stands: what the rail of the window says at all times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Status {
    /// The version of Griot.
    pub version: String,
    /// The workspace; nothing when there is none yet.
    pub workspace: Option<WorkspaceView>,
    /// The folder where a workspace would be made.
    pub folder: String,
    /// The language of sentences.
    pub lang: Lang,
    /// `system`, `light` or `dark`.
    pub theme: String,
    /// The zone in which wall times are meant.
    pub zone: String,
    /// Who works the outbox.
    pub worker: WorkerState,
    /// Whether there is a way out, as the outbox last saw.
    pub link: LinkState,
    /// Whether the system says that the line is paid by the megabyte; nothing where it does not tell.
    pub metered_by_system: Option<bool>,
    /// Since when there has been none.
    pub offline_since: Option<Timestamp>,
    /// Deliveries that wait for a person, and accounts that stop working within days without one.
    pub needs_person: u32,
    /// Deliveries that wait for a way out.
    pub waiting: u32,
    /// Deliveries to come, those included.
    pub coming: u32,
    /// Bytes that went up today, in the workspace's zone.
    #[ts(type = "number")]
    pub sent_today: u64,
    /// Whether the accounts' secrets can be used.
    pub secrets: SecretsState,
    /// Whether films can be rendered.
    pub ffmpeg: bool,
    /// The action that undo would take back.
    pub undo: Option<Op>,
}

/// A workspace that is open.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct WorkspaceView {
    /// What the person calls it.
    pub name: String,
    /// Its folder.
    pub folder: String,
}

/// Who works the outbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum WorkerState {
    /// This program.
    Here,
    /// Another program that has the workspace open.
    Elsewhere,
    /// Nobody: a person paused it.
    Paused,
    /// Nobody: the secrets have to be unlocked first.
    Locked,
    /// Nobody.
    Stopped,
}

/// Whether there is a way out, and of what kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum LinkState {
    /// Nothing says otherwise.
    Good,
    /// There is none.
    None,
    /// A page stands between here and the networks.
    Portal,
    /// It carries little: what goes first is chosen.
    Slow,
    /// A person pays for it by the megabyte: what it costs is said, and what goes first is chosen.
    Metered,
}

/// Whether the accounts' secrets can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SecretsState {
    /// They can.
    Open,
    /// There is no keychain and no passphrase was chosen yet.
    Unset,
    /// The passphrase has to be given.
    Locked,
}

/// The passphrase of the secrets: the known one, or a first one.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Unlock {
    /// The passphrase.
    pub passphrase: String,
}

impl std::fmt::Debug for Unlock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Unlock")
    }
}
