//! Changing and removing what is live.

use async_trait::async_trait;
use serde_json::Value;

use crate::evidence::Likeness;
use crate::{Error, Live, Prepared, Session, Why};

/// A live post of ours, and what is to become of it.
#[derive(Debug, Clone)]
pub struct Posted {
    /// Where it is: the network's id, its address, and what the network answered when it went live.
    pub live: Live,
    /// What it says, or is to say from now on, with the fields that it was published with. Without its media: they stay
    /// where they are.
    pub prepared: Prepared,
    /// The request that made it visible, where this workspace made it.
    pub frozen: Option<Value>,
}

/// What is found under the number of a live post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sight {
    /// It is there, and says what it is to say.
    Same,
    /// It is there, and says something else.
    Other,
    /// It is there; whether it says what it is to say cannot be told from what the network shows.
    There,
    /// By the network's own word there is nothing (any more).
    Gone,
    /// The network gives no answer that can be relied on.
    CannotTell(String),
}

impl Sight {
    /// What is there, by what its text is to the one that it is to say.
    pub(crate) fn of(likeness: Likeness) -> Self {
        match likeness {
            Likeness::Same => Self::Same,
            Likeness::Different => Self::Other,
            Likeness::CannotTell => Self::There,
        }
    }
}

/// What the network answered to a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// It is done.
    Done,
    /// There is nothing under that number.
    NotThere,
}

/// A network on which what is live can be changed or removed.
///
/// Both calls are made like the visible one: armed before, and after any doubt the network is asked
/// ([`Editor::sight`]). Both can be repeated: the same text twice is one text, and what is gone stays gone.
#[async_trait]
pub trait Editor: Send + Sync {
    /// What is there now.
    async fn sight(&self, session: &Session, post: &Posted) -> Result<Sight, Error>;

    /// The frozen request that gives the post its text and leaves everything else as it is there. Holds no secret.
    async fn correction(&self, _session: &Session, _post: &Posted) -> Result<Value, Error> {
        Err(Error::Permission(Why::ours(
            "Ce réseau ne laisse pas changer un texte en ligne.",
            "This network does not let a live text be changed.",
        )))
    }

    /// Sends exactly this request.
    async fn edit(&self, _session: &Session, _post: &Posted, _body: &Value) -> Result<Change, Error> {
        Err(Error::Permission(Why::ours(
            "Ce réseau ne laisse pas changer un texte en ligne.",
            "This network does not let a live text be changed.",
        )))
    }

    /// Removes the post.
    async fn delete(&self, session: &Session, post: &Posted) -> Result<Change, Error>;
}
