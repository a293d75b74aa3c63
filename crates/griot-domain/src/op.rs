//! What a person does (`Op`) and what it changes (`Tag`).

use serde::{Deserialize, Serialize};

/// A kind of thing on a screen. A write emits the tags it touched; whoever shows them reads again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Tag {
    /// Assets, their alt texts, focal points and tags.
    Library,
    /// Posts and their revisions.
    Posts,
    /// Accounts and whether they are connected.
    Accounts,
    /// Deliveries, attempts, the worker.
    Outbox,
    /// Settings of the workspace.
    Settings,
}

impl Tag {
    /// Every tag: what a foreign change to the database may have touched.
    pub const ALL: &'static [Self] =
        &[Self::Library, Self::Posts, Self::Accounts, Self::Outbox, Self::Settings];
}

/// One action of a person, as the undo menu names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Op {
    /// Files came into the library.
    ImportAssets,
    /// Alt text, focal point or tags of an asset changed.
    EditAsset,
    /// Assets were removed for good.
    RemoveAssets,
    /// A post was written for the first time.
    CreatePost,
    /// A post's content changed.
    EditPost,
    /// A post went back to an earlier revision.
    RevertPost,
    /// A post that was never scheduled was removed.
    RemovePost,
    /// A correction became what the deliveries of its post follow.
    ConfirmPost,
    /// A correction of what is on its way or live was dropped.
    AbandonPost,
    /// Accounts and time were chosen for a draft.
    PlanPost,
    /// Deliveries were written for a post.
    SchedulePost,
    /// A delivery was called off.
    CancelDelivery,
    /// A delivery got another time.
    MoveDelivery,
    /// All deliveries of a post that could be moved got another time.
    MovePost,
    /// A person let a held delivery go.
    ReleaseDelivery,
    /// A person asked for another try.
    RetryDelivery,
    /// A person asked that a delivery be given to its network.
    HandOver,
    /// A person asked for a delivery back from its network.
    Withdraw,
    /// A person asked that what is live get another text.
    EditLive,
    /// A person asked that what is live be removed.
    DeleteLive,
    /// A person asked that what is live stay as it is, after all.
    LeaveLive,
    /// A person said that a post is live.
    ConfirmDelivery,
    /// An account was connected.
    AddAccount,
    /// An account got another name.
    RenameAccount,
    /// An account was removed.
    RemoveAccount,
    /// A setting changed.
    ChangeSetting,
    /// The last undoable action was undone.
    Undo,
}

impl Op {
    /// Whether the undo log can take the action back. What has left the machine, or touched secrets, cannot be.
    #[must_use]
    pub fn can_undo(self) -> bool {
        matches!(
            self,
            Self::EditAsset
                | Self::CreatePost
                | Self::EditPost
                | Self::RevertPost
                | Self::RemovePost
                | Self::ConfirmPost
                | Self::AbandonPost
                | Self::SchedulePost
                | Self::CancelDelivery
                | Self::MoveDelivery
                | Self::MovePost
                | Self::ChangeSetting
        )
    }

    /// What the action touches.
    #[must_use]
    pub fn tags(self) -> &'static [Tag] {
        match self {
            Self::ImportAssets | Self::EditAsset | Self::RemoveAssets => &[Tag::Library],
            Self::CreatePost
            | Self::EditPost
            | Self::RevertPost
            | Self::RemovePost
            | Self::AbandonPost
            | Self::PlanPost => &[Tag::Posts],
            Self::SchedulePost | Self::ConfirmPost | Self::MovePost => &[Tag::Posts, Tag::Outbox],
            Self::CancelDelivery
            | Self::MoveDelivery
            | Self::ReleaseDelivery
            | Self::RetryDelivery
            | Self::HandOver
            | Self::Withdraw
            | Self::EditLive
            | Self::DeleteLive
            | Self::LeaveLive
            | Self::ConfirmDelivery => &[Tag::Outbox],
            Self::AddAccount | Self::RenameAccount | Self::RemoveAccount => &[Tag::Accounts, Tag::Outbox],
            Self::ChangeSetting => &[Tag::Settings],
            Self::Undo => Tag::ALL,
        }
    }
}
