//! What became of a post after it was live: its text changed, or it was removed.

use serde::{Deserialize, Serialize};

use crate::delivery::WaitingFor;
use crate::time::Timestamp;

/// What was asked of a live post, and what has come of it by the network's own word.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Amended {
    /// The text that a person asked for, as long as the network has not taken it.
    pub asked: Option<String>,
    /// The text that is live, where it is another one than was published.
    pub text: Option<String>,
    /// When the text was last changed.
    pub edited: Option<Timestamp>,
    /// When it was removed, or found to be gone.
    pub deleted: Option<Timestamp>,
    /// What holds it up; nothing while nothing does, or nothing is asked.
    pub waits: Option<WaitingFor>,
    /// When the network said yes to the call that is under way; nothing while it has not.
    pub answered: Option<Timestamp>,
    /// When the network was first found not to have it, while it is asked for something.
    pub missing: Option<Timestamp>,
}

impl Amended {
    /// Without what only the call under way needs.
    #[must_use]
    pub fn settled(self) -> Self {
        Self { waits: None, answered: None, missing: None, ..self }
    }
}
