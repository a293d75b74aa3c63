//! Text as each network counts and links it.

use serde::{Deserialize, Serialize};

use crate::rules::Unit;

/// How long a text is, for one network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Count {
    /// What is used.
    pub used: u32,
    /// What is allowed; nothing where no limit is known.
    pub max: Option<u32>,
    /// What it is counted in.
    pub unit: Unit,
    /// How much is too much; 0 when it fits.
    pub over: u32,
}
