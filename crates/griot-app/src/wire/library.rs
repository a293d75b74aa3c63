//! The library: files that come in, assets and what a person says of them.

use griot_domain::{Asset, AssetId, Focus, MediaKind};
use serde::{Deserialize, Serialize};

/// Files or folders to take in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ImportRequest {
    /// Handles that the host issued, or paths where the host allows paths.
    pub files: Vec<String>,
}

/// A file that came in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Imported {
    /// The asset.
    pub asset: AssetId,
    /// Where the file was.
    pub path: String,
    /// Picture or film.
    pub kind: MediaKind,
    /// Upright width in pixels.
    pub width: u32,
    /// Upright height in pixels.
    pub height: u32,
    /// Size of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether the library had it already.
    pub duplicate: bool,
}

/// A file that was not taken.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RefusedFile {
    /// Where the file is.
    pub path: String,
    /// Why, for a program.
    pub code: crate::Code,
    /// Why, for a person.
    pub message: String,
}

/// What became of the files.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ImportDone {
    /// What came in.
    pub imported: Vec<Imported>,
    /// What did not.
    pub refused: Vec<RefusedFile>,
}

/// A part of the library.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct ListAssets {
    /// At most so many; 200 when nothing is said.
    pub limit: Option<u32>,
    /// After so many.
    pub offset: u32,
    /// Only those whose name, alt text or tags hold these words.
    pub search: Option<String>,
    /// Only pictures, or only films.
    pub kind: Option<MediaKind>,
    /// Only these.
    pub only: Option<Vec<AssetId>>,
}

/// Assets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Assets {
    /// Newest first.
    pub assets: Vec<Asset>,
    /// How many there are in all that the request describes.
    pub total: u32,
    /// Those of them that are shown by the small picture of their camera for now, while the proper one is made.
    pub rough: Vec<AssetId>,
}

/// Assets to remove for good.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RemoveAssets {
    /// The assets.
    pub assets: Vec<AssetId>,
}

/// What became of them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RemovedAssets {
    /// What is gone.
    pub removed: Vec<AssetId>,
    /// What a post still needs.
    pub kept: Vec<KeptAsset>,
}

/// An asset that stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct KeptAsset {
    /// The asset.
    pub asset: AssetId,
    /// Why, for a person.
    pub message: String,
}

/// What a person says of an asset. What is absent stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct EditAsset {
    /// The asset.
    pub asset: AssetId,
    /// What it shows.
    #[serde(default)]
    pub alt: Option<String>,
    /// The point that crops keep.
    #[serde(default)]
    pub focus: Option<Focus>,
    /// Words for finding it.
    #[serde(default)]
    pub tags: Option<Vec<String>>,
}

/// One asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OneAsset {
    /// The asset.
    pub asset: Asset,
}
