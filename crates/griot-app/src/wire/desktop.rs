//! What a page asks of the desktop around it. A host without one refuses with `not_now`, and the page knows other ways.

use griot_domain::{AssetId, DeliveryId};
use serde::{Deserialize, Serialize};

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum PickKind {
    /// Pictures and films, several.
    Media,
    /// A backup.
    Backup,
    /// An exported journal.
    Journal,
    /// A program (ffmpeg).
    Program,
}

/// Files to choose.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PickFiles {
    /// What is chosen.
    pub kind: PickKind,
}

/// A file that the host lets the page use.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct PickedFile {
    /// Stands for the file in commands.
    pub handle: String,
    /// Its name, to show.
    pub name: String,
}

/// What was chosen; nothing when the person thought better of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PickedFiles {
    /// The files.
    pub files: Vec<PickedFile>,
}

/// A place to write a file to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SaveAs {
    /// The name to propose.
    pub name: String,
}

/// The place that was chosen; nothing when the person thought better of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct SaveTarget {
    /// The file, not written yet.
    pub file: Option<PickedFile>,
}

/// A page to open in the system's browser.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct OpenPage {
    /// An http or https address.
    pub url: String,
}

/// A folder to show in the system's file manager.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Reveal {
    /// The delivery whose folder it is; the workspace when nothing is said.
    #[serde(default)]
    pub delivery: Option<DeliveryId>,
}

/// Text for the clipboard.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct CopyText {
    /// The text.
    pub text: String,
}

/// A film to play.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PlayFilm {
    /// The film.
    pub asset: AssetId,
}

/// Where it plays from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FilmAddress {
    /// An address for this film alone; nothing where the page's own media address plays films.
    pub url: Option<String>,
}
