//! An imported original and what is known of it.

use serde::{Deserialize, Serialize};

use crate::id::AssetId;
use crate::time::Timestamp;

/// What an asset is for a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A still picture, or an animation stored as a picture (see [`Facts::animated`]).
    Image,
    /// A film.
    Video,
}

impl MediaKind {
    /// The word in the database and on the wire.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Image => "image",
            Self::Video => "video",
        }
    }
}

/// The container, recognised by its first bytes and never by a file's name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the formats")]
pub enum Format {
    Jpeg,
    Png,
    Webp,
    Gif,
    Avif,
    Heic,
    Tiff,
    Bmp,
    Svg,
    Mp4,
    Mov,
    /// MPEG-4 for phones of the third generation, 3GP and 3G2.
    #[serde(rename = "3gp")]
    ThreeGp,
    Webm,
    Mkv,
    Avi,
    /// MPEG transport streams: MTS and M2TS of camcorders, TS of broadcasts.
    Ts,
    /// MPEG program streams: MPG, VOB.
    Mpeg,
    /// Windows Media: WMV, ASF.
    Wmv,
    /// Flash video.
    Flv,
    /// Ogg with a Theora picture.
    Ogv,
}

impl Format {
    /// All of them.
    pub const ALL: [Self; 20] = [
        Self::Jpeg,
        Self::Png,
        Self::Webp,
        Self::Gif,
        Self::Avif,
        Self::Heic,
        Self::Tiff,
        Self::Bmp,
        Self::Svg,
        Self::Mp4,
        Self::Mov,
        Self::ThreeGp,
        Self::Webm,
        Self::Mkv,
        Self::Avi,
        Self::Ts,
        Self::Mpeg,
        Self::Wmv,
        Self::Flv,
        Self::Ogv,
    ];

    /// The usual ending, without a dot.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Gif => "gif",
            Self::Avif => "avif",
            Self::Heic => "heic",
            Self::Tiff => "tif",
            Self::Bmp => "bmp",
            Self::Svg => "svg",
            Self::Mp4 => "mp4",
            Self::Mov => "mov",
            Self::ThreeGp => "3gp",
            Self::Webm => "webm",
            Self::Mkv => "mkv",
            Self::Avi => "avi",
            Self::Ts => "ts",
            Self::Mpeg => "mpg",
            Self::Wmv => "wmv",
            Self::Flv => "flv",
            Self::Ogv => "ogv",
        }
    }

    /// The media type (IANA registry).
    #[must_use]
    pub fn mime(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Gif => "image/gif",
            Self::Avif => "image/avif",
            Self::Heic => "image/heic",
            Self::Tiff => "image/tiff",
            Self::Bmp => "image/bmp",
            Self::Svg => "image/svg+xml",
            Self::Mp4 => "video/mp4",
            Self::Mov => "video/quicktime",
            Self::ThreeGp => "video/3gpp",
            Self::Webm => "video/webm",
            // The Matroska project asked IANA for this name; AVI has none there and is known by this one.
            Self::Mkv => "video/matroska",
            Self::Avi => "video/x-msvideo",
            Self::Ts => "video/mp2t",
            Self::Mpeg => "video/mpeg",
            Self::Wmv => "video/x-ms-wmv",
            Self::Flv => "video/x-flv",
            Self::Ogv => "video/ogg",
        }
    }

    /// Picture or film.
    #[must_use]
    pub fn kind(self) -> MediaKind {
        match self {
            Self::Jpeg
            | Self::Png
            | Self::Webp
            | Self::Gif
            | Self::Avif
            | Self::Heic
            | Self::Tiff
            | Self::Bmp
            | Self::Svg => MediaKind::Image,
            Self::Mp4
            | Self::Mov
            | Self::ThreeGp
            | Self::Webm
            | Self::Mkv
            | Self::Avi
            | Self::Ts
            | Self::Mpeg
            | Self::Wmv
            | Self::Flv
            | Self::Ogv => MediaKind::Video,
        }
    }
}

/// The point of a picture that every crop keeps, in 0..=1 of the upright width and height.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Focus {
    /// From the left edge.
    pub x: f64,
    /// From the top edge.
    pub y: f64,
}

impl Focus {
    /// The middle.
    pub const CENTRE: Self = Self { x: 0.5, y: 0.5 };

    /// A focus inside the picture, or nothing when a value is outside 0..=1 or is not a number.
    #[must_use]
    pub fn new(x: f64, y: f64) -> Option<Self> {
        ((0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)).then_some(Self { x, y })
    }
}

impl Default for Focus {
    fn default() -> Self {
        Self::CENTRE
    }
}

/// What was read from the file itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Facts {
    /// Picture or film.
    pub kind: MediaKind,
    /// The container.
    pub format: Format,
    /// Width in pixels, upright (after the orientation that the file states).
    pub width: u32,
    /// Height in pixels, upright.
    pub height: u32,
    /// Size of the file.
    #[ts(type = "number")]
    pub bytes: u64,
    /// Whether a picture moves.
    pub animated: bool,
    /// Whether a picture has transparent parts, as far as the header says.
    pub alpha: bool,
    /// Length of a film in milliseconds.
    #[ts(type = "number | null")]
    pub duration_ms: Option<u64>,
    /// Codec of the picture track of a film (`h264`, `hevc`, ...).
    pub video_codec: Option<String>,
    /// Codec of the sound track of a film (`aac`, ...); nothing when it is silent.
    pub audio_codec: Option<String>,
    /// Frames a second of a film, rounded to thousandths.
    pub fps: Option<f64>,
    /// Kinds of metadata that the original carries and no rendition will (`exif`, `gps`, `xmp`, `iptc`, `icc`, `comment`, ...).
    pub metadata: Vec<String>,
}

impl Facts {
    /// Whether it is a picture whose frames are read: one in another container goes out as its first picture.
    #[must_use]
    pub fn moves(&self) -> bool {
        self.animated && matches!(self.format, Format::Gif | Format::Png | Format::Webp)
    }
}

/// An imported original, stored by the BLAKE3 hash of its bytes and never changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Asset {
    /// The asset.
    pub id: AssetId,
    /// BLAKE3 of the bytes, 64 hexadecimal digits.
    pub hash: String,
    /// The name the file had when it came in.
    pub name: String,
    /// What was read from the file.
    pub facts: Facts,
    /// What the picture shows, for people who do not see it.
    pub alt: String,
    /// The point that crops keep; nothing when no person chose one.
    pub focus: Option<Focus>,
    /// The point that the picture's content suggests, used until a person chooses.
    #[serde(default)]
    pub suggested: Option<Focus>,
    /// A person's words for finding it again.
    pub tags: Vec<String>,
    /// When it came in.
    pub imported_at: Timestamp,
}

impl Asset {
    /// The point that crops keep: the person's, else the suggested one, else the middle.
    #[must_use]
    pub fn kept_point(&self) -> Focus {
        self.focus.or(self.suggested).unwrap_or(Focus::CENTRE)
    }
}
