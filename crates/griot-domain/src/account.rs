//! One identity on one network. Its secrets are elsewhere.

use serde::{Deserialize, Serialize};

use crate::id::AccountId;
use crate::network::NetworkId;
use crate::time::Timestamp;

/// Whether an account can be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum AccountState {
    /// Its network accepted it the last time it was asked.
    Connected,
    /// Its network refused it: a person has to connect it again. Its deliveries wait.
    Reconnect,
    /// A person publishes by hand: the network has no interface, or the person does not want to use it.
    Assisted,
}

/// One identity on one network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// The address of its server, `https://host[:port]` without a path. For accounts by hand the page where a person
    /// publishes, as they gave it; empty where they gave none.
    pub server: String,
    /// The identity as people of that network write it (`alice.bsky.social`, `@alice@mastodon.example`).
    pub handle: String,
    /// The identity that never changes (a DID, an account number).
    pub remote_id: String,
    /// What the person calls it.
    pub name: String,
    /// Whether it can be used.
    pub state: AccountState,
    /// The limits that its server stated last, if it states any.
    pub limits: Option<crate::rules::LiveLimits>,
    /// When it was connected.
    pub added_at: Timestamp,
}

impl Account {
    /// Whether a person publishes for it, whatever its network could do.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        self.state == AccountState::Assisted
    }
}
