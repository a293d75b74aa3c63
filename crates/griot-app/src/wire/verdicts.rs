//! What each network will make of a draft: verdicts with their remedies, previews, declared fields, times.

use griot_domain::rules::FieldKind;
use griot_domain::text::Count;
use griot_domain::time::Clocks;
use griot_domain::verdict::Level;
use griot_domain::{AccountId, AssetId, Content, Fit, Focus, MediaKind, NetworkId, Timestamp};
use serde::{Deserialize, Serialize};

/// A draft to judge for some accounts. Nothing is saved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct CheckPost {
    /// All it says.
    pub content: Content,
    /// The accounts it is for.
    pub to: Vec<AccountId>,
    /// The wall time at which it is to go out, `2026-12-01T09:00`; nothing for now.
    #[serde(default)]
    pub at: Option<String>,
    /// That time's zone; the workspace's own when nothing is said.
    #[serde(default)]
    pub zone: Option<String>,
}

/// The judgements.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostChecks {
    /// One per account, in the order of the request.
    pub checks: Vec<PostCheck>,
}

/// What one account's network says of a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostCheck {
    /// The account.
    pub account: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// Whether a person publishes there by hand.
    pub by_hand: bool,
    /// The count of the text.
    pub text: Count,
    /// The worst level.
    pub verdict: Level,
    /// What there is to say, worst first.
    pub problems: Vec<PostProblem>,
    /// How it will look, about.
    pub preview: PostPreview,
    /// What it costs and how this month stands, where the network takes money.
    pub cost: Option<String>,
}

/// One thing the rules say of a draft, with what one press can do about it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostProblem {
    /// A stable name, `text_too_long`.
    pub code: String,
    /// How bad.
    pub level: Level,
    /// What it is, for a person.
    pub message: String,
    /// What to do, for a person.
    pub fix: String,
    /// The picture or film that it is about, when it is about one.
    pub media: Option<AssetId>,
    /// What one press can do; empty where only the person can decide.
    pub remedies: Vec<RemedyView>,
}

/// A change of the draft that answers a problem.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct RemedyView {
    /// Its name, for `posts.remedy`.
    pub id: String,
    /// What the button says.
    pub label: String,
}

/// A remedy to apply. Nothing is saved: the answer is the changed content.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ApplyRemedy {
    /// The draft.
    pub content: Content,
    /// The account whose network had the problem.
    pub account: AccountId,
    /// The remedy.
    pub remedy: String,
}

/// How a post will look on a network, about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostPreview {
    /// The text as the network reads it; at most its first 3,000 characters.
    pub segments: Vec<Segment>,
    /// Whether the network, or this preview, shows only the beginning at first.
    pub folded: bool,
    /// The warning that hides the text, when there is one.
    pub spoiler: Option<String>,
    /// The media, in order.
    pub media: Vec<PreviewMedia>,
}

/// What a piece of text is for the network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum SegmentKind {
    /// Words.
    Plain,
    /// An address.
    Link,
    /// A hashtag.
    Hashtag,
    /// Somebody's name.
    Mention,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Segment {
    /// What it is.
    pub kind: SegmentKind,
    /// Its letters.
    pub text: String,
}

/// A picture or film of a preview, in the shape in which the network gets it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PreviewMedia {
    /// The asset.
    pub asset: AssetId,
    /// Picture or film.
    pub kind: MediaKind,
    /// Alt text there.
    pub alt: String,
    /// Width of what goes out, in pixels.
    pub width: u32,
    /// Height of what goes out, in pixels.
    pub height: u32,
    /// How the original meets that frame.
    pub fit: Fit,
    /// The point that stays in sight.
    pub focus: Focus,
    /// Length of a film in milliseconds, of the part that is kept.
    #[ts(type = "number | null")]
    pub duration_ms: Option<u64>,
    /// The look to show instead of the thumbnail, when a person changed something: a name for the file door.
    pub look: Option<String>,
}

/// The fields of a post that only one network has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FieldViews {
    /// One by one.
    pub fields: Vec<FieldView>,
}

/// A field of a post that only one network has.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct FieldView {
    /// Its name in a variant's fields.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// What it takes.
    pub kind: FieldKind,
    /// The values it may have (for a choice).
    pub choices: Vec<ChoiceView>,
    /// The most UTF-16 units.
    pub max: Option<u32>,
    /// Whether a post without it is refused.
    pub required: bool,
    /// The value when nothing is said.
    pub default: Option<String>,
}

/// A value that a field may have.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ChoiceView {
    /// The value.
    pub value: String,
    /// What people call it.
    pub label: String,
}

/// A wall time to look at before anything is scheduled.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ResolveTime {
    /// A wall time, `2026-12-01T09:00`.
    pub at: String,
    /// Its zone; the workspace's own when nothing is said.
    #[serde(default)]
    pub zone: Option<String>,
}

/// What that wall time is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ResolvedTime {
    /// The instant.
    pub at: Timestamp,
    /// The zone it was read in.
    pub zone: String,
    /// What its clocks do then.
    pub clocks: Clocks,
    /// Whether it has passed.
    pub past: bool,
    /// What the person should know: clocks show this time twice that day, or jump over it.
    pub note: Option<String>,
}

/// The zones there are.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Zones {
    /// IANA names.
    pub zones: Vec<String>,
    /// The workspace's own.
    pub current: String,
}
