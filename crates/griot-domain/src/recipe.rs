//! How a rendition is made from an original, as data.

use serde::{Deserialize, Serialize};

use crate::asset::{Focus, Format};
use crate::edit::{Adjust, Crop, Edit, Overlay};
use crate::network::NetworkId;

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
    /// The only one that keeps an animation.
    Gif,
}

impl ImageFormat {
    /// The container it is stored in.
    #[must_use]
    pub fn container(self) -> Format {
        match self {
            Self::Jpeg => Format::Jpeg,
            Self::Webp => Format::Webp,
            Self::Png => Format::Png,
            Self::Gif => Format::Gif,
        }
    }
}

/// What is done to a picture itself, in this order, before its frame sees it (the layers come last).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Retouch {
    /// Quarter turns clockwise, 0..=3.
    pub turn: u8,
    /// Mirrored left to right, after the turn.
    pub flip: bool,
    /// Turned clockwise by hundredths of a degree; the result is the largest upright part of the same shape.
    pub straighten: i16,
    /// Light and colour.
    pub adjust: Adjust,
    /// What is laid upon the finished frame.
    pub overlays: Vec<Overlay>,
}

impl Retouch {
    /// Whether it changes nothing.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

/// True for what is not said in a recipe's text.
fn unsaid(value: &bool) -> bool {
    !*value
}

/// The same for a number.
fn is_zero(value: &u8) -> bool {
    *value == 0
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
    /// The part that is kept, before the frame sees the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<Crop>,
    /// What is done to the picture itself.
    #[serde(default, skip_serializing_if = "Retouch::is_nothing")]
    pub retouch: Retouch,
    /// Whether copyright and credit of the original stay; everything else that it says of itself goes.
    #[serde(default, skip_serializing_if = "unsaid")]
    pub keep_credit: bool,
}

impl ImageRecipe {
    /// The whole picture as it is, brought into a frame.
    #[must_use]
    pub fn new(fit: Fit, (width, height): (u32, u32), format: ImageFormat, quality: u8) -> Self {
        Self {
            fit,
            width,
            height,
            format,
            quality,
            max_bytes: None,
            focus: Focus::CENTRE,
            crop: None,
            retouch: Retouch::default(),
            keep_credit: false,
        }
    }
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
    /// The fewest frames a second that the network takes; frames are shown twice where there are fewer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min_fps: Option<f64>,
    /// Start of the part to keep, in milliseconds from the film's start.
    #[ts(type = "number | null")]
    pub from_ms: Option<u64>,
    /// End of the part to keep, in milliseconds from the film's start.
    #[ts(type = "number | null")]
    pub to_ms: Option<u64>,
    /// The point that `cover` keeps.
    pub focus: Focus,
    /// The part of the picture that is kept, before the frame sees it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crop: Option<Crop>,
    /// Quarter turns clockwise, 0..=3, before the crop.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub turn: u8,
    /// Mirrored left to right, after the turn.
    #[serde(default, skip_serializing_if = "unsaid")]
    pub flip: bool,
    /// No sound.
    #[serde(default, skip_serializing_if = "unsaid")]
    pub mute: bool,
    /// The sound is brought to -14 LUFS.
    #[serde(default, skip_serializing_if = "unsaid")]
    pub level: bool,
    /// BLAKE3 of the subtitles that are burnt in; the file comes beside the recipe.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subtitles: Option<String>,
    /// The moment of the cover, in milliseconds from the original's start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[ts(type = "number | null")]
    pub cover_ms: Option<u64>,
}

impl VideoRecipe {
    /// The whole film as it is, brought into a frame.
    #[must_use]
    pub fn new(fit: Fit, (width, height): (u32, u32)) -> Self {
        Self {
            fit,
            width,
            height,
            max_bytes: None,
            max_fps: None,
            min_fps: None,
            from_ms: None,
            to_ms: None,
            focus: Focus::CENTRE,
            crop: None,
            turn: 0,
            flip: false,
            mute: false,
            level: false,
            subtitles: None,
            cover_ms: None,
        }
    }
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
    /// The same with what a person changed for `network`.
    #[must_use]
    pub fn edited(mut self, edit: &Edit, network: NetworkId) -> Self {
        let framing = edit.framing(network);
        let (fit, focus) = (framing.and_then(|f| f.fit), framing.and_then(|f| f.focus));
        let crop = framing.and_then(|f| f.crop);
        match &mut self {
            Self::Image(image) => {
                image.fit = fit.unwrap_or(image.fit);
                image.focus = focus.unwrap_or(image.focus);
                image.crop = crop.or(image.crop);
                image.retouch = Retouch {
                    turn: edit.turn,
                    flip: edit.flip,
                    straighten: edit.straighten,
                    adjust: edit.adjust,
                    overlays: edit.overlays.clone(),
                };
            }
            Self::Video(video) => {
                video.fit = fit.unwrap_or(video.fit);
                video.focus = focus.unwrap_or(video.focus);
                video.crop = crop.or(video.crop);
                (video.turn, video.flip) = (edit.turn, edit.flip);
                (video.mute, video.level) = (edit.mute, edit.level && !edit.mute);
                if let Some(trim) = edit.trim {
                    (video.from_ms, video.to_ms) = (Some(trim.from_ms), Some(trim.to_ms));
                }
                video.subtitles = edit.subtitles.as_ref().map(|subtitles| subtitles.hash.clone());
                video.cover_ms = edit.cover_ms;
                let own = edit.max_megabytes.map(|mb| u64::from(mb) * 1_000_000);
                video.max_bytes = own.into_iter().chain(video.max_bytes).min();
            }
        }
        self
    }

    /// The one text of this recipe: equal recipes have equal texts. It goes into the rendition's address.
    #[must_use]
    pub fn canonical(&self) -> String {
        serde_json::to_string(self).expect("BUG: a recipe is plain data and always serialises")
    }
}
