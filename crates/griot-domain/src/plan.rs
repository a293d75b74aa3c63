//! What a person has in mind for a draft: for whom, and when. Nothing goes out by a plan; scheduling is an action of its own.

use serde::{Deserialize, Serialize};

use crate::delivery::LatePolicy;
use crate::id::AccountId;

/// What a person chose for a draft so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields, default)]
pub struct Plan {
    /// The accounts.
    pub to: Vec<AccountId>,
    /// When it is to go out.
    pub when: Planned,
    /// The wall time, as it was chosen so far; kept also while another choice stands.
    pub at: Option<String>,
    /// The zone of that time; the workspace's own when nothing is said.
    pub zone: Option<String>,
    /// What happens when it is late.
    pub late: LatePolicy,
}

/// When a draft is to go out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Planned {
    /// As soon as possible.
    Now,
    /// At the wall time.
    At,
    /// Not yet: it stays a draft.
    #[default]
    Draft,
}
