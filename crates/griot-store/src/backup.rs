//! The whole workspace in one file, and back.
//!
//! The file is a plain tar: first `griot-backup.json` (what it is), then `griot.db`, then `media/...`, last
//! `manifest.json` with every entry's length and BLAKE3, whose absence tells a file that was cut. Tar because media
//! do not compress, a stream needs no seeking, and any system opens it in ten years without Griot.
//! No secrets are in it: they are not in the workspace.

mod restore;
mod write;

use griot_domain::{Timestamp, WorkspaceId};
use serde::{Deserialize, Serialize};

pub use restore::restore;
pub use write::{Written, write};

/// The first entry of a backup.
const LABEL: &str = "griot-backup.json";

/// The last entry of a backup.
const MANIFEST: &str = "manifest.json";

/// The form of the file; another one would get another number.
const FORM: u32 = 1;

/// What the first entry says.
#[derive(Debug, Serialize, Deserialize)]
struct Label {
    form: u32,
    workspace: WorkspaceId,
    schema: u32,
    made_at: Timestamp,
}

/// What the last entry says of one other.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Line {
    path: String,
    bytes: u64,
    blake3: String,
}

#[cfg(test)]
mod tests;
