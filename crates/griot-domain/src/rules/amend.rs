//! Changing and removing what is live.

use serde::{Deserialize, Serialize};

use super::Sure;

/// What can be done on a network with a post of one's own that is live.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Amend {
    /// Whether its text can be changed.
    #[serde(default)]
    pub edit: bool,
    /// Whether it can be removed.
    #[serde(default)]
    pub delete: bool,
    /// Whether nobody can change its text, not even in the network's own apps.
    #[serde(default)]
    pub nobody_edits: bool,
    /// Whether the network can be asked what is there now. Where it cannot, its answer to the call is all there is.
    #[serde(default = "super::yes")]
    pub read_back: bool,
    /// In words, for the people who read the file.
    pub note: String,
    /// How sure.
    pub sure: Sure,
}
