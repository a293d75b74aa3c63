//! Identities: UUIDv7 newtypes, strings on the wire.
//!
//! Ids are never made here from a clock or from chance: both come in through the caller's ports.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::time::Timestamp;

/// A text that is not an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is not an id")]
pub struct BadId(pub String);

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
        #[serde(try_from = "String", into = "String")]
        #[ts(type = "string")]
        pub struct $name(Uuid);

        impl $name {
            /// A new id (RFC 9562 UUIDv7): 48 bits of `at` in milliseconds, then `random`.
            #[must_use]
            pub fn new(at: Timestamp, random: [u8; 10]) -> Self {
                let millis = u64::try_from(at.millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The 16 bytes, big-endian.
            #[must_use]
            pub fn bytes(&self) -> [u8; 16] {
                *self.0.as_bytes()
            }

            /// When the id was made, to the millisecond, as the id itself says.
            #[must_use]
            pub fn made_at(&self) -> Timestamp {
                let b = self.0.as_bytes();
                let ms = b[..6].iter().fold(0_i64, |n, byte| (n << 8) | i64::from(*byte));
                Timestamp::from_millis(ms)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.hyphenated().fmt(f)
            }
        }

        impl TryFrom<String> for $name {
            type Error = BadId;
            fn try_from(text: String) -> Result<Self, BadId> {
                text.parse()
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> Self {
                id.to_string()
            }
        }

        impl FromStr for $name {
            type Err = BadId;
            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::parse_str(text.trim()).map(Self).map_err(|_| BadId(text.to_owned()))
            }
        }
    )+};
}

ids! {
    /// One folder with one database: a brand, a client or a campaign.
    WorkspaceId,
    /// An imported original.
    AssetId,
    /// A file made from an asset for one use.
    RenditionId,
    /// One identity on one network.
    AccountId,
    /// What a person writes once.
    PostId,
    /// One saved state of a post's content.
    RevisionId,
    /// One post for one account.
    DeliveryId,
    /// One try of one operation of a delivery.
    AttemptId,
    /// One installation of Griot on one machine.
    DeviceId,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_says_when_it_was_made_and_survives_its_text() {
        let at = Timestamp::from_millis(1_796_000_000_123);
        let id = PostId::new(at, [7; 10]);
        assert_eq!(id.made_at(), at);
        assert_eq!(id.to_string().parse::<PostId>().unwrap(), id);
        assert!("not-an-id".parse::<PostId>().is_err());
    }
}
