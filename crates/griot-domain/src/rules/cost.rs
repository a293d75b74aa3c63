//! What a network takes for a post, where it takes money.

use serde::{Deserialize, Serialize};

/// Prices, in thousandths of the currency: the smallest are fractions of a cent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct CostRules {
    /// Its code, `USD`.
    pub currency: String,
    /// A post without a link.
    #[ts(type = "number")]
    pub post: u64,
    /// A post with one link or more.
    #[ts(type = "number")]
    pub with_link: u64,
    /// The day the prices were read, `2026-08-22`.
    pub checked_on: String,
}
