//! A network's limits, presets, fields and recovery facts, as data with a "checked on" date.
//!
//! The files are `assets/networks/<network>.toml`; they are compiled in, and a live limit that a server
//! states wins over them.

use serde::{Deserialize, Serialize};

use crate::markup::Markup;
use crate::network::NetworkId;
use crate::recipe::{Fit, ImageFormat};

mod amend;
mod animation;
mod by_hand;
mod connect;
mod cost;
mod hand_over;
mod labels;
mod live;
mod load;
mod recovery;

pub use amend::Amend;
pub use animation::AnimationRules;
pub use connect::{ConnectField, GuideStep, SignInRules};
pub use cost::CostRules;
pub use hand_over::{HandOver, Window};
pub use live::LiveLimits;
pub use load::{RulesError, preset};
pub use recovery::{Authority, Recovery};

/// How sure a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// Read in the network's own documentation, specification or code.
    Official,
    /// Read in publishers that are in production, or in several independent clients.
    Practice,
    /// Read in a commercial publishing interface's documentation.
    Vendor,
    /// General knowledge, not verified.
    Unverified,
}

/// How Griot publishes on a network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Publishing {
    /// Through the network's interface.
    Api,
    /// By a person's hand, with everything laid out.
    Assisted,
}

/// What a length is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// twitter-text version 3: weighted code points, links 23, emoji 2.
    XWeighted,
    /// Grapheme clusters; links 23; `@user@host` counts as `@user`.
    Mastodon,
    /// Grapheme clusters, with a second limit in UTF-8 bytes.
    Graphemes,
    /// Code points; emoji count as their UTF-8 bytes.
    Threads,
    /// UTF-16 code units.
    Utf16,
    /// Unicode code points.
    Chars,
    /// UTF-8 bytes.
    Bytes,
}

/// Limits of the text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct TextRules {
    /// What it is counted in.
    pub unit: Unit,
    /// The most that is allowed; nothing where no limit is known.
    #[serde(default)]
    pub max: Option<u32>,
    /// The least a text must have (Discourse: 20).
    #[serde(default)]
    pub min: Option<u32>,
    /// A second limit in UTF-8 bytes (Bluesky: 3000).
    #[serde(default)]
    pub max_bytes: Option<u32>,
    /// The limit when the post has media, where it is another one (Telegram: captions 1024).
    #[serde(default)]
    pub max_with_media: Option<u32>,
    /// The network folds longer texts after about this many units ("See more").
    #[serde(default)]
    pub fold: Option<u32>,
    /// Whether a post without media is possible.
    #[serde(default = "yes")]
    pub without_media: bool,
    /// The most links.
    #[serde(default)]
    pub max_links: Option<u32>,
    /// The most hashtags.
    #[serde(default)]
    pub max_hashtags: Option<u32>,
    /// The most mentions.
    #[serde(default)]
    pub max_mentions: Option<u32>,
    /// Characters the network refuses (YouTube: `<>`).
    #[serde(default)]
    pub forbidden: String,
    /// How sure.
    pub sure: Sure,
}

fn yes() -> bool {
    true
}

fn utf16() -> Unit {
    Unit::Utf16
}

/// Limits of pictures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ImageRules {
    /// The most pictures in one post; 0 where none are possible.
    pub max_count: u32,
    /// The most bytes of one picture.
    #[ts(type = "number | null")]
    #[serde(default)]
    pub max_bytes: Option<u64>,
    /// The most pixels of one picture.
    #[ts(type = "number | null")]
    #[serde(default)]
    pub max_pixels: Option<u64>,
    /// Formats the network takes.
    pub formats: Vec<ImageFormat>,
    /// The preset that is used when a person chose none, `network/name`.
    pub default_preset: String,
    /// The least width in pixels.
    #[serde(default)]
    pub min_width: Option<u32>,
    /// Narrowest width divided by height.
    #[serde(default)]
    pub min_ratio: Option<f64>,
    /// Widest width divided by height.
    #[serde(default)]
    pub max_ratio: Option<f64>,
    /// The most alt text, in `alt_unit`; nothing where no limit is known.
    #[serde(default)]
    pub alt_max: Option<u32>,
    /// What alt text is counted in. UTF-16 units where the network does not say: they never count too little.
    #[serde(default = "utf16")]
    pub alt_unit: Unit,
    /// Whether the network has a place for alt text.
    #[serde(default = "yes")]
    pub alt: bool,
    /// How sure.
    pub sure: Sure,
}

/// Limits of films.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct VideoRules {
    /// The most films in one post; 0 where none are possible.
    pub max_count: u32,
    /// The most bytes.
    #[ts(type = "number | null")]
    #[serde(default)]
    pub max_bytes: Option<u64>,
    /// The shortest, in milliseconds.
    #[ts(type = "number | null")]
    #[serde(default)]
    pub min_ms: Option<u64>,
    /// The longest, in milliseconds.
    #[ts(type = "number | null")]
    #[serde(default)]
    pub max_ms: Option<u64>,
    /// The most frames a second.
    #[serde(default)]
    pub max_fps: Option<f64>,
    /// The preset that is used when a person chose none, `network/name`.
    pub default_preset: String,
    /// Narrowest width divided by height.
    #[serde(default)]
    pub min_ratio: Option<f64>,
    /// Widest width divided by height.
    #[serde(default)]
    pub max_ratio: Option<f64>,
    /// Whether the network has a place for a film's alt text.
    #[serde(default)]
    pub alt: bool,
    /// How sure.
    pub sure: Sure,
}

/// A recommended output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Preset {
    /// The name within the network.
    pub name: String,
    /// Picture or film.
    pub kind: crate::asset::MediaKind,
    /// Width of the frame in pixels.
    pub width: u32,
    /// Height of the frame in pixels.
    pub height: u32,
    /// The most pixels in all, where the network counts these and not its sides: a whole picture then fills them,
    /// whatever its shape.
    #[serde(default)]
    pub area: Option<u64>,
    /// How the picture meets the frame.
    pub fit: Fit,
    /// `jpeg`, `webp`, `png` or `mp4`.
    pub format: String,
    /// Quality to start from (pictures).
    #[serde(default)]
    pub quality: Option<u8>,
    /// The most bytes; the network's own limit where nothing is said.
    #[ts(type = "number | null")]
    #[serde(default)]
    pub max_bytes: Option<u64>,
    /// The fewest frames a second (films).
    #[serde(default)]
    pub min_fps: Option<f64>,
    /// Rows of pixels above and below that the network's own buttons cover: nothing that matters belongs there.
    #[serde(default)]
    pub safe: (u32, u32),
    /// How sure.
    pub sure: Sure,
}

/// What a declared field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// Any text on one line.
    Line,
    /// Any text.
    Text,
    /// One of `choices`.
    Choice,
    /// `true` or `false`.
    Flag,
    /// A BCP 47 language tag.
    Language,
    /// An absolute http or https address.
    Url,
    /// Words separated by commas.
    List,
}

/// A field of a post that only this network has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// The name used in `--set network.field=value`.
    pub name: String,
    /// What it takes.
    pub kind: FieldKind,
    /// The values it may have (for a choice).
    #[serde(default)]
    pub choices: Vec<String>,
    /// The most, in `unit`.
    #[serde(default)]
    pub max: Option<u32>,
    /// The fewest, in `unit`.
    #[serde(default)]
    pub min: Option<u32>,
    /// What it is counted in. UTF-16 units where the network does not say: they never count too little.
    #[serde(default = "utf16")]
    pub unit: Unit,
    /// Whether a post without it is refused.
    #[serde(default)]
    pub required: bool,
    /// Whether a post with media is refused with it (Facebook: the card of a link stands alone).
    #[serde(default)]
    pub without_media: bool,
    /// The field that excuses from this one when it is filled in (an answer in a topic has no title).
    #[serde(default)]
    pub unless: Option<String>,
    /// The value when nothing is said.
    #[serde(default)]
    pub default: Option<String>,
    /// Characters the network refuses in it.
    #[serde(default)]
    pub forbidden: String,
}

/// Where a person publishes by hand.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ByHand {
    /// The page to open. `{server}` stands for the address of the account's own site, `{forum}` for the number of the
    /// forum that the post names; see [`ByHand::address`].
    pub page: String,
    /// How the text is written there.
    pub markup: Markup,
    /// The declared fields that stand before the text in the place's own form, in its order. The others come after it,
    /// as they are declared.
    #[serde(default)]
    pub before: Vec<String>,
    /// Whether a post has an address there that a person can copy.
    #[serde(default = "yes")]
    pub has_address: bool,
    /// The most pictures that a person can put into one post there, where that is another number than the interface's.
    #[serde(default)]
    pub max_images: Option<u32>,
    /// The most films, likewise.
    #[serde(default)]
    pub max_videos: Option<u32>,
    /// The most pictures and films together, likewise.
    #[serde(default)]
    pub max_media: Option<u32>,
}

/// All that is known of one network.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Rules {
    /// The network.
    pub network: NetworkId,
    /// The day the facts were read, `2026-11-22`.
    pub checked_on: String,
    /// How Griot publishes there.
    pub publishing: Publishing,
    /// Limits of the text.
    pub text: TextRules,
    /// Limits of pictures.
    pub images: ImageRules,
    /// Limits of moving pictures; nothing where the network takes none, or shows them still.
    #[serde(default)]
    pub animations: Option<AnimationRules>,
    /// Limits of films.
    pub videos: VideoRules,
    /// Whether pictures and films can stand in the same post.
    #[serde(default)]
    pub mixed_media: bool,
    /// The most pictures and films together, where the network counts them together.
    #[serde(default)]
    pub max_media: Option<u32>,
    /// Fields of a post that only this network has.
    #[serde(default)]
    pub fields: Vec<Field>,
    /// Recommended outputs.
    pub presets: Vec<Preset>,
    /// How a lost answer is recovered.
    pub recovery: Recovery,
    /// What the network keeps with a date; nothing where it keeps none.
    #[serde(default)]
    pub hand_over: Option<HandOver>,
    /// What can be done with what is live; nothing where nothing can.
    #[serde(default)]
    pub amend: Option<Amend>,
    /// Where a person publishes by hand.
    pub by_hand: ByHand,
    /// What connecting asks for.
    #[serde(default)]
    pub connect: Vec<ConnectField>,
    /// What to press on the network's side before connecting, step by step.
    #[serde(default)]
    pub guide: Vec<GuideStep>,
    /// What agreeing on the network's page needs; nothing where it needs nothing.
    #[serde(default)]
    pub sign_in: Option<SignInRules>,
    /// What it takes for a post; nothing where it takes nothing.
    #[serde(default)]
    pub cost: Option<CostRules>,
}
