//! A post that a network keeps with its date, and what a person asks of a network that has one of theirs.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::delivery::{UnknownWord, words};
use crate::time::Timestamp;

words! {
    /// What a person asked of the network that keeps a delivery, is to keep it, or shows it.
    Wish {
        /// Give it to the network with its date.
        HandOver = "hand_over",
        /// Give it another date there.
        Move = "move",
        /// Take it back: it goes out from here at its time.
        Withdraw = "withdraw",
        /// Take it back, and call it off.
        Cancel = "cancel",
        /// Give what is live another text.
        Edit = "edit",
        /// Remove what is live.
        Delete = "delete",
    }
}

/// What a network keeps until its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Kept {
    /// The network's id of it while it is kept; the live post may have another one.
    pub id: String,
    /// The date that the network has for it; nothing where it does not say.
    pub at: Option<Timestamp>,
    /// When the network was first found not to have it any more, neither kept nor live.
    #[serde(default)]
    pub missing: Option<Timestamp>,
}
