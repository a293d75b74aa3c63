//! Rules and renditions that need no workspace.

use std::collections::BTreeMap;

use griot_domain::edit::Subtitles;
use griot_domain::text::Count;
use griot_domain::verdict::{Level, Problem};
use griot_domain::{AccountId, AssetId, Edit, Fit, MediaKind, NetworkId};
use serde::{Deserialize, Serialize};

use super::library::RefusedFile;

/// Presets of one network or of all.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct PresetsRequest {
    /// Only this network's.
    pub network: Option<String>,
}

/// One preset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PresetView {
    /// `instagram/portrait`.
    pub id: String,
    /// Width of the frame in pixels.
    pub width: u32,
    /// Height of the frame in pixels.
    pub height: u32,
    /// How the picture meets the frame.
    pub fit: Fit,
    /// `jpeg`, `webp`, `png` or `mp4`.
    pub format: String,
    /// The most bytes.
    #[ts(type = "number | null")]
    pub max_bytes: Option<u64>,
    /// Rows of pixels above and below that the network's own buttons cover.
    pub safe: (u32, u32),
    /// Picture or film.
    pub kind: MediaKind,
    /// Whether it is used when a person chose none.
    pub usual: bool,
    /// The day the facts were read.
    pub checked_on: String,
}

/// Presets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Presets {
    /// One by one.
    pub presets: Vec<PresetView>,
}

/// How a picture or film would look with a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct LookRequest {
    /// The picture or film.
    pub asset: AssetId,
    /// For whom: that network's frame. Without an account the picture itself, in no frame.
    #[serde(default)]
    pub account: Option<AccountId>,
    /// What is changed.
    #[serde(default)]
    pub edit: Edit,
    /// The longest side to show, in pixels, 64..=2048.
    pub side: u32,
}

/// How it would look.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Look {
    /// The picture: a name for the file door.
    pub name: String,
    /// Width of what goes out, in pixels.
    pub width: u32,
    /// Height of what goes out, in pixels.
    pub height: u32,
    /// As what it goes out: a moving picture is a film where the network takes no GIF.
    pub kind: MediaKind,
    /// How the frame is met.
    pub fit: Fit,
    /// The preset by which it goes out, without the network; nothing without an account.
    pub preset: Option<String>,
    /// Rows of pixels above and below that the network's own buttons cover.
    pub safe: (u32, u32),
    /// What a person should know of the words upon it, in their language: signs that no font draws.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub notes: Vec<String>,
}

/// Subtitles to take in: SRT or WebVTT, the whole text of the file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct TakeSubtitles {
    /// The name of the file.
    pub name: String,
    /// What it holds.
    pub text: String,
}

/// Subtitles in the workspace.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct TakenSubtitles {
    /// For the film's changes.
    pub subtitles: Subtitles,
    /// How many times somebody speaks.
    pub cues: usize,
    /// What of the file is not shown, and which signs no font draws: sentences in the person's language.
    pub notes: Vec<String>,
}

/// What one file may cost before it is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Reserve {
    /// Millions of pixels of a picture, or of a film's frame.
    #[ts(type = "number")]
    pub megapixels: u64,
    /// MiB of memory for one decoded picture.
    #[ts(type = "number")]
    pub memory_mib: u64,
    /// MiB of a picture file.
    #[ts(type = "number")]
    pub picture_mib: u64,
    /// GiB of a film file.
    #[ts(type = "number")]
    pub film_gib: u64,
    /// Minutes of a film.
    #[ts(type = "number")]
    pub minutes: u64,
}

/// Renditions to make. Each use is a preset's id or `FIT:WxH:FORMAT[:QUALITY]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RenderRequest {
    /// The originals.
    pub files: Vec<String>,
    /// What to make of each.
    pub uses: Vec<String>,
    /// The folder to write into; it is made when it is not there.
    pub out: String,
    /// The point that `cover` keeps, each in 0..=1.
    #[serde(default)]
    pub focus: Option<(f64, f64)>,
    /// No file may be larger, whatever the preset says.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_bytes: Option<u64>,
    /// What is changed in each, as a post keeps it; what differs by network counts for that network's presets alone.
    #[serde(default)]
    pub edit: Option<Edit>,
}

/// Film renditions to make.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct VideoRequest {
    /// The original.
    pub file: String,
    /// What to make of it: a preset's id or `FIT:WxH:mp4`.
    pub uses: Vec<String>,
    /// The folder to write into.
    pub out: String,
    /// Start of the part to keep, in seconds.
    #[serde(default)]
    pub from: Option<f64>,
    /// End of the part to keep, in seconds.
    #[serde(default)]
    pub to: Option<f64>,
    /// No file may be larger.
    #[serde(default)]
    #[ts(type = "number | null")]
    pub max_bytes: Option<u64>,
    /// SRT or WebVTT, burnt in.
    #[serde(default)]
    pub subtitles: Option<String>,
    /// The second whose picture becomes the cover, written beside the film.
    #[serde(default)]
    pub cover: Option<f64>,
    /// What is changed in it, as a post keeps it; what differs by network counts for that network's presets alone.
    #[serde(default)]
    pub edit: Option<Edit>,
}

/// A rendition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RenditionView {
    /// The original.
    pub source: String,
    /// What it was made for.
    #[serde(rename = "use")]
    pub usage: String,
    /// Where it is.
    pub path: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// `jpeg`, `webp`, `png` or `mp4`.
    pub format: String,
    /// The quality that fitted (pictures).
    pub quality: Option<u8>,
    /// Length in seconds (films).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration: Option<f64>,
    /// Codec of the picture track (films).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub video: Option<String>,
    /// Codec of the sound track (films with sound).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub audio: Option<String>,
    /// The cover picture (films, when one was asked for).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cover: Option<String>,
}

/// What did not come along.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Removed {
    /// The original.
    pub source: String,
    /// Kinds of metadata.
    pub metadata: Vec<String>,
}

/// What became of the originals.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RenderDone {
    /// What was made.
    pub renditions: Vec<RenditionView>,
    /// What was left behind.
    pub removed: Vec<Removed>,
    /// What could not be used.
    pub refused: Vec<RefusedFile>,
    /// What was made and is not quite what was given: sentences in the person's language.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[ts(as = "Option<Vec<String>>", optional)]
    pub notes: Vec<String>,
}

/// A draft to judge for one network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct CheckRequest {
    /// The network.
    pub network: String,
    /// The text.
    pub text: String,
    /// Its media, as files.
    #[serde(default)]
    pub files: Vec<String>,
    /// Alt texts in the order of the media; what is missing counts as none.
    #[serde(default)]
    pub alts: Vec<String>,
    /// Declared fields.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The account whose server's limits count: its id, its handle or its name. Without one, the only account of that
    /// network, where there is a workspace.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}

/// The judgement.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct CheckDone {
    /// The network.
    pub network: NetworkId,
    /// The count of the text.
    pub text: Count,
    /// The worst level.
    pub verdict: Level,
    /// What there is to say.
    pub problems: Vec<Problem>,
    /// The account whose server's limits counted; nothing where the network's usual limits did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<String>,
}
