//! Rules and renditions that need no workspace.

use std::collections::BTreeMap;

use griot_domain::text::Count;
use griot_domain::verdict::{Level, Problem};
use griot_domain::{Fit, NetworkId};
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
    /// The day the facts were read.
    pub checked_on: String,
}

/// Presets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Presets {
    /// One by one.
    pub presets: Vec<PresetView>,
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
}
