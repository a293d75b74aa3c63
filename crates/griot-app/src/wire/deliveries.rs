//! Deliveries: the queue, one delivery with its attempts, a person's answers.

use griot_domain::{
    AccountId, AssetId, DeliveryId, FailedClass, LatePolicy, NetworkId, Operation, Outcome, Phase, PostId,
    State, Timestamp, WaitingFor, WallTime, Wish,
};
use serde::{Deserialize, Serialize};

use super::accounts::AccountView;

/// A part of the queue.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct QueueRequest {
    /// Only those in this state.
    pub state: Option<String>,
    /// At most so many of those that are over, newest first; all when nothing is said.
    pub done: Option<u32>,
    /// Only those of this post; the counts are its own then.
    pub post: Option<PostId>,
}

/// Where a delivery stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueGroup {
    /// Nothing moves it but a person.
    Person,
    /// It moves by itself.
    Coming,
    /// Its network keeps it, and publishes it at its date.
    Kept,
    /// It is live, or was called off.
    Done,
}

/// What a person can do with a delivery now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum QueueAction {
    /// Say that it is live.
    Confirm,
    /// Try again.
    Retry,
    /// Let it go.
    Release,
    /// Call it off.
    Cancel,
    /// Give it another time.
    Move,
    /// Do it by hand, with everything laid out.
    ByHand,
    /// Change what it says.
    Edit,
    /// Connect its account again.
    Reconnect,
    /// Give it to its network with its date.
    HandOver,
    /// Take it back from its network.
    Withdraw,
    /// Give what is live another text.
    Correct,
    /// Remove what is live from its network.
    Delete,
    /// Leave what is live as it is, after all.
    Leave,
    /// Write it anew, as a draft.
    Copy,
}

/// How many there are of each group.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct QueueCounts {
    /// Waiting for a person.
    pub person: u32,
    /// Moving by themselves.
    pub coming: u32,
    /// Kept by their networks.
    pub kept: u32,
    /// Over.
    pub done: u32,
}

/// A line of the queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct QueueLine {
    /// The delivery.
    pub id: DeliveryId,
    /// Its post.
    pub post: PostId,
    /// Its account.
    pub account: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// Where it stands.
    pub state: State,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// The wall time that a person chose.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wall: Option<WallTime>,
    /// What it waits for.
    pub waiting_for: Option<WaitingFor>,
    /// Counted tries.
    pub attempts: u32,
    /// The address of the live post.
    pub url: Option<String>,
    /// A sentence about the state, when there is more to say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What the person calls the account.
    pub account_name: String,
    /// How the text begins, on one line.
    pub title: String,
    /// The first picture or film.
    pub asset: Option<AssetId>,
    /// Why it failed.
    pub failed: Option<FailedClass>,
    /// 0 for the post, 1, 2, ... for what follows it.
    pub part: u32,
    /// When it last moved.
    pub updated: Timestamp,
    /// What its network is about to be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<Wish>,
    /// The date that its network has for it, while it keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_at: Option<Timestamp>,
    /// What holds up what its network is asked for, while it is live.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish_waits: Option<WaitingFor>,
    /// When its text was changed on its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edited_at: Option<Timestamp>,
    /// When it was removed from its network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleted_at: Option<Timestamp>,
    /// Where it stands in the queue.
    pub group: QueueGroup,
    /// What a person can do now, the likeliest first.
    pub actions: Vec<QueueAction>,
    /// Bytes that are still to go up; nothing where nothing goes up from here any more.
    #[ts(type = "number | null")]
    pub upload_bytes: Option<u64>,
    /// Bytes of its files that went up.
    #[ts(type = "number")]
    pub sent_bytes: u64,
}

/// The queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Queue {
    /// What needs a person first, then what comes by time, then what is over, newest first.
    pub deliveries: Vec<QueueLine>,
    /// How many there are in all.
    pub counts: QueueCounts,
    /// Accounts that stop working within days unless a person connects them anew; nothing where none does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Vec<AccountView>>,
}

/// One delivery, by id.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct DeliveryRequest {
    /// The delivery.
    pub id: DeliveryId,
}

/// A person says that it is live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ConfirmRequest {
    /// The delivery.
    pub id: DeliveryId,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
}

/// A new time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct MoveRequest {
    /// The delivery.
    pub id: DeliveryId,
    /// A wall time, `2026-12-01T09:00`.
    pub at: String,
    /// Its zone; the workspace's own when nothing is said.
    #[serde(default)]
    pub zone: Option<String>,
}

/// One try.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AttemptView {
    /// 1, 2, 3, ...
    pub n: u32,
    /// What it does.
    pub op: Operation,
    /// How far it has come.
    pub phase: Phase,
    /// When it began.
    pub started: Timestamp,
    /// When it ended.
    pub ended: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What happened last.
    pub detail: Option<String>,
}

/// What a step by hand is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum StepKind {
    /// Open the page.
    Page,
    /// Fill in one field of its form.
    Field,
    /// Paste the text.
    Text,
    /// Add the files.
    Files,
}

/// One step by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ByHandStep {
    /// What it is.
    pub kind: StepKind,
    /// The declared field that it fills in; empty for other steps.
    pub field: String,
    /// What people call that field; empty for other steps.
    pub label: String,
    /// What is opened or pasted; empty for files, and for a page that is not known.
    pub value: String,
}

/// What a person does by hand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ByHandView {
    /// The folder with the text and the renditions.
    pub folder: String,
    /// The page to open; empty where the account's server is not known.
    pub page: String,
    /// The text to paste, as the place writes it.
    pub text: String,
    /// The files to add, in order.
    pub files: Vec<String>,
    /// What to do, in the order of the place's own form: the page first.
    pub steps: Vec<ByHandStep>,
    /// Whether the place gives a post an address that a person can copy.
    pub has_address: bool,
}

/// What is live, or was.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct LiveView {
    /// Its text, as it is there.
    pub text: String,
    /// The text that a person asked for, while the network has not taken it.
    pub asked: Option<String>,
    /// When its text was changed there.
    pub edited_at: Option<Timestamp>,
    /// When it was removed there.
    pub deleted_at: Option<Timestamp>,
    /// What holds up what the network is asked for.
    pub waits: Option<WaitingFor>,
    /// What cannot be done from here, a sentence each.
    pub notes: Vec<String>,
}

/// Another text for what is live.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct EditLive {
    /// The delivery.
    pub id: DeliveryId,
    /// What it is to say.
    pub text: String,
    /// Whether it is only said whether that can be.
    #[serde(default)]
    pub dry_run: bool,
}

/// What is live is to be removed. That cannot be undone on the network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct DeleteLive {
    /// The delivery.
    pub id: DeliveryId,
    /// Whether it is only said whether that can be.
    #[serde(default)]
    pub dry_run: bool,
}

/// One delivery with its attempts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct DeliveryView {
    /// The delivery.
    pub id: DeliveryId,
    /// Its post.
    pub post: PostId,
    /// Its account.
    pub account: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// Where it stands.
    pub state: State,
    /// What it waits for.
    pub waiting_for: Option<WaitingFor>,
    /// Why it failed.
    pub failed: Option<FailedClass>,
    /// A sentence about the state.
    pub reason: Option<String>,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// The wall time that a person chose.
    pub wall: Option<WallTime>,
    /// What happens when it is late.
    pub late: LatePolicy,
    /// 0 for the post, 1, 2, ... for what follows it.
    pub part: u32,
    /// The address of the live post.
    pub url: Option<String>,
    /// The network's id of the live post.
    pub remote_id: Option<String>,
    /// What its network is about to be asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wish: Option<Wish>,
    /// The date that its network has for it, while it keeps it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept_at: Option<Timestamp>,
    /// What is live, or was; nothing before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub live: Option<LiveView>,
    /// What the person calls the account.
    pub account_name: String,
    /// How the text begins, on one line.
    pub title: String,
    /// What a person can do now, the likeliest first.
    pub actions: Vec<QueueAction>,
    /// Its attempts, oldest first.
    pub attempts: Vec<AttemptView>,
    /// What a person does by hand, when it is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_hand: Option<ByHandView>,
}

/// One delivery.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OneDelivery {
    /// The delivery.
    pub delivery: DeliveryView,
}

/// Everything that can be given to its network for the coming days.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct HandOverRequest {
    /// So many days from now.
    pub days: u32,
    /// Whether it is only said what would be given.
    #[serde(default)]
    pub dry_run: bool,
}

/// A delivery that is given to its network, or is not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct HandOverLine {
    /// The delivery.
    pub id: DeliveryId,
    /// Its network.
    pub network: NetworkId,
    /// What the person calls the account.
    pub account_name: String,
    /// How the text begins, on one line.
    pub title: String,
    /// When it is due.
    pub due: Option<Timestamp>,
    /// The wall time that a person chose.
    pub wall: Option<WallTime>,
    /// Why it stays here; nothing when it is given.
    pub reason: Option<String>,
}

/// What was given to the networks, or would be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct HandOver {
    /// What is given, by time.
    pub given: Vec<HandOverLine>,
    /// What stays here, and why, by time.
    pub left: Vec<HandOverLine>,
}
