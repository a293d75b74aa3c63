//! How a rendition is made from an original, as data.

use serde::{Deserialize, Serialize};

use crate::asset::{Focus, Format};

/// How a picture meets the frame it is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Fit {
    /// The frame is filled; what sticks out is cut, around the focal point.
    Cover,
    /// The whole picture within the frame, never enlarged; the result may be smaller than the frame.
    Inside,
    /// The whole picture on a blurred, darkened copy of itself that fills the frame.
    Blur,
}

/// The format a picture is written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the formats")]
pub enum ImageFormat {
    Jpeg,
    Webp,
    Png,
}

impl ImageFormat {
    /// The container it is stored in.
    #[must_use]
    pub fn container(self) -> Format {
        match self {
            Self::Jpeg => Format::Jpeg,
            Self::Webp => Format::Webp,
            Self::Png => Format::Png,
        }
    }
}

/// One picture rendition.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ImageRecipe {
    /// How the picture meets the frame.
    pub fit: Fit,
    /// Width of the frame in pixels.
    pub width: u32,
    /// Height of the frame in pixels.
    pub height: u32,
    /// What it is written as.
    pub format: ImageFormat,
    /// Quality to start from, 1..=100 (ignored for PNG).
    pub quality: u8,
    /// The file must not be larger than this.
    #[ts(type = "number | null")]
    pub max_bytes: Option<u64>,
    /// The point that `cover` keeps.
    pub focus: Focus,
}

/// One film rendition: MP4, H.264 High yuv420p, AAC 48 kHz, index first, no metadata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct VideoRecipe {
    /// How the film meets the frame.
    pub fit: Fit,
    /// Width of the frame in pixels.
    pub width: u32,
    /// Height of the frame in pixels.
    pub height: u32,
    /// The file must not be larger than this.
    #[ts(type = "number | null")]
    pub max_bytes: Option<u64>,
    /// The most frames a second that the network takes.
    pub max_fps: Option<f64>,
    /// Start of the part to keep, in milliseconds from the film's start.
    #[ts(type = "number | null")]
    pub from_ms: Option<u64>,
    /// End of the part to keep, in milliseconds from the film's start.
    #[ts(type = "number | null")]
    pub to_ms: Option<u64>,
    /// The point that `cover` keeps.
    pub focus: Focus,
}

/// How a rendition is made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Recipe {
    /// A picture.
    Image(ImageRecipe),
    /// A film.
    Video(VideoRecipe),
}

impl Recipe {
    /// The one text of this recipe: equal recipes have equal texts. It goes into the rendition's address.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("BUG: a recipe is plain data and always serialises")
    }
}
