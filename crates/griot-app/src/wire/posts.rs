//! Posts: composing, saving, scheduling, history.

use std::collections::BTreeMap;

use griot_domain::{
    AccountId, AssetId, Content, DeliveryId, Edit, LatePolicy, NetworkId, Plan, Post, PostId, Revision,
    RevisionId, State, Timestamp, WaitingFor, WallTime,
};
use serde::{Deserialize, Serialize};

/// A picture or film named by a file or by an asset.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct MediaInput {
    /// A file, taken into the library first.
    pub file: Option<String>,
    /// An asset of the library.
    pub asset: Option<AssetId>,
    /// Alt text; the asset's own when nothing is said.
    pub alt: Option<String>,
    /// What is changed in it for this post.
    pub edit: Edit,
}

/// What differs for one network.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct VariantInput {
    /// The text there.
    pub text: Option<String>,
    /// The media there.
    pub media: Option<Vec<MediaInput>>,
    /// Declared fields.
    pub fields: BTreeMap<String, String>,
}

/// A post to write and, with accounts, to schedule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct Compose {
    /// The text.
    pub text: String,
    /// The media, in order.
    pub media: Vec<MediaInput>,
    /// What differs, by network.
    pub variants: BTreeMap<String, VariantInput>,
    /// Accounts: an id, a handle, or a network that has one account only.
    pub to: Vec<String>,
    /// When: a wall time, `2026-12-01T09:00`; as soon as possible when nothing is said.
    pub at: Option<String>,
    /// The zone of `at`, an IANA name; the workspace's own when nothing is said.
    pub zone: Option<String>,
    /// What happens when it is late.
    pub late: LatePolicy,
    /// Keep it as a draft, write no delivery.
    pub draft: bool,
    /// It is meant although the same was written for the same account just now: `already_scheduled` otherwise.
    pub again: bool,
    /// The person was asked and said yes: `confirm_needed` otherwise, where publishing at once is asked.
    pub confirmed: bool,
}

/// Content to save for a new or a known post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SavePost {
    /// The post; a new one when nothing is said.
    #[serde(default)]
    pub post: Option<PostId>,
    /// All it says.
    pub content: Content,
    /// Words on their way: kept at once, and no revision yet. The next saving without this makes one.
    #[serde(default)]
    pub typing: bool,
    /// The stamp that the page last saw. Where somebody else has written since, nothing is overwritten: `conflict`.
    #[serde(default)]
    pub stamp: Option<String>,
}

/// A saved post to schedule.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SchedulePost {
    /// The post.
    pub post: PostId,
    /// Accounts: an id, a handle, or a network that has one account only.
    pub to: Vec<String>,
    /// When, as in [`Compose::at`].
    #[serde(default)]
    pub at: Option<String>,
    /// The zone of `at`.
    #[serde(default)]
    pub zone: Option<String>,
    /// What happens when it is late.
    #[serde(default)]
    pub late: LatePolicy,
    /// Publish again where it is scheduled or live already: `already_scheduled` otherwise.
    #[serde(default)]
    pub again: bool,
    /// The person was asked and said yes: `confirm_needed` otherwise, where publishing at once is asked.
    #[serde(default)]
    pub confirmed: bool,
    /// The stamp of the words that the person saw: `conflict` when they are others by now.
    #[serde(default)]
    pub stamp: Option<String>,
}

/// A correction to confirm: what is scheduled becomes what it says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmPost {
    /// The post.
    pub post: PostId,
    /// The stamp of the words that the person saw: `conflict` when they are others by now.
    #[serde(default)]
    pub stamp: Option<String>,
    /// Another text of the post, kept as its correction first; what stands as correction when nothing is said.
    #[serde(default)]
    pub text: Option<String>,
}

/// A correction to drop.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AbandonPost {
    /// The post.
    pub post: PostId,
    /// The stamp of the words that the person saw: `conflict` when they are others by now.
    #[serde(default)]
    pub stamp: Option<String>,
}

/// Another time for all that can be moved of a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct MovePost {
    /// The post.
    pub post: PostId,
    /// A wall time, `2026-12-01T09:00`; nothing means now.
    #[serde(default)]
    pub at: Option<String>,
    /// Its zone; the one in which the post was scheduled when nothing is said.
    #[serde(default)]
    pub zone: Option<String>,
    /// Only for these accounts; for all of the post when nothing is said.
    #[serde(default)]
    pub accounts: Option<Vec<String>>,
    /// The person was asked and said yes: `confirm_needed` otherwise, where publishing at once is asked.
    #[serde(default)]
    pub confirmed: bool,
}

/// What became of moving a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostMoved {
    /// The post, with its places as they are now.
    pub post: OnePost,
    /// What has the new time.
    pub moved: Vec<DeliveryId>,
    /// What could not be moved: it is live, leaving, or with its network.
    pub left: Vec<DeliveryId>,
}

/// A delivery that was written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Scheduled {
    /// The delivery.
    pub id: DeliveryId,
    /// Its account.
    pub account: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// Where it stands.
    pub state: State,
    /// When it is due; nothing means as soon as possible.
    pub due: Option<Timestamp>,
    /// What will go up, in bytes; nothing when it is published by hand or a film has not been prepared yet.
    #[ts(type = "number | null")]
    pub upload_bytes: Option<u64>,
}

/// A post and its new deliveries.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Composed {
    /// The post.
    pub post: PostId,
    /// One per account, and one per first comment.
    pub deliveries: Vec<Scheduled>,
    /// What a person should know of the chosen time: that clocks show it twice that day, that an account stops working
    /// before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What it costs and how the month stands, where a network takes money.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost: Option<String>,
    /// The time that was chosen, in the zone that was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall: Option<WallTime>,
    /// What the networks will do to it that a person should know, and does not stand in its way.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// One post, by id.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PostRequest {
    /// The post.
    pub post: PostId,
}

/// What a new post begins with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostChoice {
    /// For whom and when the last post was, without its hour and without accounts that are gone; nothing before the
    /// first one.
    pub plan: Option<Plan>,
}

/// What a person has in mind for a draft.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct PlanPost {
    /// The post.
    pub post: PostId,
    /// For whom and when; nothing forgets what was chosen.
    pub plan: Option<Plan>,
}

/// A revision to go back to.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RevertPost {
    /// The post.
    pub post: PostId,
    /// The revision whose content becomes the newest one.
    pub revision: RevisionId,
}

/// One post with what it says now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OnePost {
    /// The post.
    pub post: Post,
    /// What it says, words on their way included.
    pub content: Content,
    /// Changes with every saving; give it back with the next one.
    pub stamp: String,
    /// Whether it holds words that are in no revision yet.
    pub typing: bool,
    /// How many deliveries it has that were not called off; 0 for a draft.
    pub deliveries: u32,
    /// For whom and when, as the person chose so far; nothing once it is scheduled. Accounts that were removed are
    /// left out. Where a plan names no accounts, and where there is none, nobody is chosen.
    pub plan: Option<Plan>,
    /// Where it stands for each account, in the order in which it goes out: what was called off is left out.
    pub places: Vec<PostPlace>,
    /// Words that nothing on its way says yet: they change what is scheduled only once they are confirmed. Nothing for
    /// a draft.
    pub correction: Option<Correction>,
}

/// Where a post stands for one account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct PostPlace {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its account.
    pub account: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// Where it stands.
    pub state: State,
    /// What it waits for.
    pub waiting_for: Option<WaitingFor>,
    /// When it is due; nothing means as soon as possible.
    pub due: Option<Timestamp>,
    /// The wall time that a person chose.
    pub wall: Option<WallTime>,
    /// The address of the live post.
    pub url: Option<String>,
    /// Whether a correction that is confirmed now would reach it.
    pub follows: bool,
}

/// A draft of its own beside what is scheduled or live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Correction {
    /// When it was last kept.
    pub kept_at: Timestamp,
    /// Whether it can be confirmed now.
    pub confirmable: bool,
    /// What is live, or may be, with the text that was confirmed before.
    pub gone: Vec<DeliveryId>,
    /// What becomes of it, for a person.
    pub note: String,
}

/// What a post says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OneContent {
    /// All it says.
    pub content: Content,
}

/// Posts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Posts {
    /// Last changed first.
    pub posts: Vec<OnePost>,
}

/// The history of a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct History {
    /// Newest first.
    pub revisions: Vec<Revision>,
}
