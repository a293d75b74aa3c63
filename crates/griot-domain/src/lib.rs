//! The nouns and the rules of Griot: posts, assets, deliveries, times, text counting, verdicts.
//!
//! Deliberately absent: input and output, a clock, randomness, async. Everything here is a value or a
//! pure function, so every rule can be tested by data alone.

pub mod account;
pub mod amended;
pub mod asset;
pub mod attempt;
pub mod calendar;
pub mod cost;
pub mod delivery;
pub mod edit;
pub mod fault;
pub mod id;
pub mod kept;
pub mod lang;
pub mod late;
pub mod line;
pub mod markup;
pub mod network;
pub mod op;
pub mod plan;
pub mod ports;
pub mod post;
pub mod recipe;
pub mod rules;
pub mod sentence;
pub mod text;
pub mod time;
pub mod verdict;

pub use account::{Account, AccountState};
pub use amended::Amended;
pub use asset::{Asset, Facts, Focus, Format, MediaKind};
pub use delivery::{
    Attempt, AttemptEvent, Delivery, FailedClass, LatePolicy, Operation, Outcome, Phase, State, Transition,
    WaitingFor,
};
pub use edit::Edit;
pub use fault::Faults;
pub use id::{
    AccountId, AssetId, AttemptId, DeliveryId, DeviceId, PostId, RenditionId, RevisionId, WorkspaceId,
};
pub use kept::{Kept, Wish};
pub use lang::Lang;
pub use markup::Markup;
pub use network::NetworkId;
pub use op::{Op, Tag};
pub use plan::{Plan, Planned};
pub use ports::{Clock, Random};
pub use post::{Attachment, Content, Effective, Post, Revision, Variant};
pub use recipe::{Fit, ImageFormat, ImageRecipe, Recipe, Retouch, VideoRecipe};
pub use sentence::Sentence;
pub use time::{Timestamp, WallTime};
