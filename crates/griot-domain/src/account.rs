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
    /// When its network will not accept it any longer unless a person connects it anew, as the network said last;
    /// nothing where it names no such day.
    pub ends_at: Option<Timestamp>,
}

/// So long before its end an account needs a person, in milliseconds: seven days.
const ENDS_SOON_MS: i64 = 7 * 24 * 60 * 60 * 1000;

impl Account {
    /// Whether a person has to connect it anew by now, or it will stop working within seven days.
    #[must_use]
    pub fn ends_soon(&self, now: Timestamp) -> bool {
        let is_used = self.state == AccountState::Connected;
        is_used && self.ends_at.is_some_and(|end| end.millis_since(now) <= ENDS_SOON_MS)
    }

    /// Whether its network will not accept it any longer at `at`, as far as the network has said.
    #[must_use]
    pub fn has_ended_by(&self, at: Timestamp) -> bool {
        !self.is_by_hand() && self.ends_at.is_some_and(|end| end <= at)
    }

    /// Whether a person publishes for it, whatever its network could do.
    #[must_use]
    pub fn is_by_hand(&self) -> bool {
        self.state == AccountState::Assisted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_near_from_seven_days_before_and_concerns_only_what_is_connected() {
        const DAY_MS: i64 = 24 * 60 * 60 * 1000;
        let now = Timestamp::from_millis(1_795_377_600_000);
        let account = |state, days: Option<i64>| Account {
            id: AccountId::new(now, [1; 10]),
            network: NetworkId::Facebook,
            server: String::new(),
            handle: String::new(),
            remote_id: String::new(),
            name: String::new(),
            state,
            limits: None,
            added_at: now,
            ends_at: days.map(|days| now.plus_millis(days * DAY_MS)),
        };
        let connected = |days| account(AccountState::Connected, days);
        for (days, soon) in
            [(Some(8), false), (Some(7), true), (Some(0), true), (Some(-3), true), (None, false)]
        {
            assert_eq!(connected(days).ends_soon(now), soon, "{days:?}");
        }
        assert!(!account(AccountState::Reconnect, Some(1)).ends_soon(now), "that is said already");
        let at = |days: i64| now.plus_millis(days * DAY_MS);
        assert!(connected(Some(8)).has_ended_by(at(8)) && !connected(Some(8)).has_ended_by(at(7)));
        assert!(!connected(None).has_ended_by(at(900)));
        assert!(!account(AccountState::Assisted, Some(1)).has_ended_by(at(8)));
    }
}
