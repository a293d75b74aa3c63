//! What can go wrong with a network, by what the outbox does about it. The outbox matches on this and on nothing else.

use std::time::Duration;

use griot_domain::Timestamp;

use crate::why::Why;

/// A network's refusal or silence. Printed it is for logs; what a person reads is in its [`Why`]. No part holds a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No byte of the request left this machine: no route, no name, refused connection.
    #[error("no way out: {0}")]
    Offline(Why),
    /// Something that is not the network answered (a login page).
    #[error("a page that is not the network's answered: {0}")]
    Portal(Why),
    /// The network refuses the content.
    #[error("the network refuses the content: {0}")]
    Content(Why),
    /// The network refuses the identity.
    #[error("the network refuses the identity: {0}")]
    Auth(Why),
    /// The identity may not do this.
    #[error("the identity may not do this: {0}")]
    Permission(Why),
    /// The account has no credit.
    #[error("no credit: {0}")]
    Billing(Why),
    /// Too many requests; not before `until`, when the network said when.
    #[error("too many requests")]
    RateLimited {
        /// The first instant at which the network will listen again.
        until: Option<Timestamp>,
    },
    /// A passing failure of a repeatable step.
    #[error("a passing failure: {0}")]
    Transient(Why),
    /// The network still works on the media; ask again after this long.
    #[error("the network still works on the media")]
    Processing {
        /// How long to wait before asking again.
        after: Duration,
    },
    /// The result of a kept step has expired or was forgotten by the network: make it again. A name without a
    /// part (`blob`, `media`) means every step below it (`blob/...`): the network did not say which.
    #[error("the step {0} has expired")]
    Expired(String),
    /// The network was told too much too fast of this very kind, by its own rules; nothing was done. Only this waits, and
    /// everything else of the account goes on.
    #[error("too soon after another one")]
    TooSoon {
        /// How long to wait before it is tried again.
        after: Duration,
    },
    /// The visible call failed by the network's own word, which is no refusal: it may have taken effect all the same.
    #[error("the network failed: {0}")]
    Failed(Why),
    /// The visible call may have taken effect: its answer is lost or cannot be read, and the network may still be at it.
    #[error("the answer is lost: {0}")]
    Uncertain(Why),
    /// This machine could not: a file cannot be read, secrets cannot be stored.
    #[error("this machine could not: {0}")]
    Environment(Why),
}
