//! The trait every network implements, and what goes through it.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;
use griot_domain::delivery::Armed;
use griot_domain::rules::LiveLimits;
use griot_domain::{Account, DeliveryId, Focus, Format, Kept, NetworkId, Timestamp};
use serde_json::Value;

use crate::{Editor, Error};

/// Named secrets of one account. `Debug` shows the names only; the values are wiped when dropped.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secrets(pub BTreeMap<String, String>);

impl Secrets {
    /// The value called `name`, when it is there and not empty.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|v| !v.is_empty())
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

/// Where one account's secrets are kept.
#[async_trait]
pub trait Vault: Send + Sync {
    /// The secrets as they are now (another program may have rotated them).
    async fn load(&self) -> Result<Secrets, Error>;

    /// Replaces them, durably, before this returns.
    async fn store(&self, secrets: &Secrets) -> Result<(), Error>;

    /// Runs alone among all programs that use this account while the guard lives: for rotating tokens.
    async fn lock(&self) -> Result<Box<dyn Send>, Error>;
}

/// One account in use.
#[derive(Clone)]
pub struct Session {
    /// The account.
    pub account: Account,
    /// Its secrets.
    pub vault: Arc<dyn Vault>,
}

/// What a person gave to connect an account.
#[derive(Debug, Clone, Default)]
pub struct ConnectInput {
    /// The server's address, when the network has more than one.
    pub server: Option<String>,
    /// The identity, when it was given beside the secrets.
    pub handle: Option<String>,
    /// The declared fields.
    pub fields: Secrets,
}

/// An account that the network accepted.
#[derive(Debug, Clone)]
pub struct Connected {
    /// `https://host[:port]`, without a path.
    pub server: String,
    /// The identity as people write it.
    pub handle: String,
    /// The identity that never changes.
    pub remote_id: String,
    /// What to keep in the vault.
    pub secrets: Secrets,
    /// The limits that the server stated.
    pub limits: Option<LiveLimits>,
    /// Until when the network will accept these secrets.
    pub ends: Ends,
}

/// Until when a network accepts an identity that it accepts now.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Ends {
    /// The network did not say: what it said before is as good as it was.
    #[default]
    NotTold,
    /// It names no end.
    Never,
    /// Until then.
    At(Timestamp),
}

/// A rendition that is ready to go up.
#[derive(Debug, Clone, PartialEq)]
pub struct PreparedMedia {
    /// Where it is.
    pub path: PathBuf,
    /// BLAKE3 of its bytes, 64 hexadecimal digits.
    pub hash: String,
    /// Its container.
    pub format: Format,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Size of the file.
    pub bytes: u64,
    /// Length of a film in milliseconds.
    pub duration_ms: Option<u64>,
    /// Alt text.
    pub alt: String,
    /// The point that thumbnails keep.
    pub focus: Option<Focus>,
}

/// All that is sent for one delivery.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The delivery: keys are derived from it, so that a copy of the workspace uses the same ones.
    pub delivery: DeliveryId,
    /// When the delivery was written.
    pub created_at: Timestamp,
    /// The text.
    pub text: String,
    /// Values of the declared fields.
    pub fields: BTreeMap<String, String>,
    /// The renditions, in order.
    pub media: Vec<PreparedMedia>,
    /// The live post that this one follows (first comment, thread).
    pub reply_to: Option<Live>,
    /// The date until which the network is to keep it; nothing for what becomes visible at once.
    pub date: Option<Timestamp>,
}

/// Everything that the visible call needs, frozen.
#[derive(Debug, Clone, PartialEq)]
pub struct Staged {
    /// The request as it will be sent. Holds no secret.
    pub body: Value,
    /// Idempotency key, record key or transaction id.
    pub key: String,
    /// The server's `Date`, seen just now.
    pub server_date: Option<Timestamp>,
    /// The id of the newest own post, seen just now.
    pub newest_own: Option<String>,
}

/// A live post.
#[derive(Debug, Clone, PartialEq)]
pub struct Live {
    /// The network's id.
    pub id: String,
    /// Its address for people.
    pub url: Option<String>,
    /// When the network says it was made.
    pub at: Option<Timestamp>,
    /// What the network answered, as proof. Holds no secret.
    pub proof: Value,
}

/// Whether a post is live.
#[derive(Debug, Clone, PartialEq)]
pub enum Probe {
    /// It is, and this is it.
    Live(Live),
    /// It is not live, and the network keeps it with its date.
    Kept(Kept),
    /// It was not found.
    Absent,
    /// The network gives no answer that can be relied on.
    CannotTell(String),
}

/// What is asked of a probe.
#[derive(Debug, Clone)]
pub struct Question {
    /// What would have been sent.
    pub prepared: Prepared,
    /// What was written down before the visible call. Nothing when this workspace never armed it (a copy, a
    /// restored backup): then the network looks for the same key or the same content since `since`.
    pub armed: Option<Armed>,
    /// No live post older than this can be the one.
    pub since: Timestamp,
    /// Network ids that are already the proof of other deliveries.
    pub taken: Vec<String>,
    /// Whether the network may keep it with a date: then that is looked at first, so that nothing is missed that becomes
    /// live between two looks.
    pub dated: bool,
    /// What the network keeps, when that is known.
    pub kept: Option<Kept>,
}

/// Results of repeatable steps, kept on disk between tries.
pub trait Steps: Send {
    /// The result of the step called `name`, when there is one that has not expired.
    fn get(&self, name: &str) -> Option<Value>;

    /// Keeps a result durably, until `expires` when the network forgets it by then.
    ///
    /// # Errors
    /// [`Error::Environment`] when it cannot be kept.
    fn put(&mut self, name: &str, value: Value, expires: Option<Timestamp>) -> Result<(), Error>;

    /// Forgets the result of the step called `name`.
    ///
    /// # Errors
    /// [`Error::Environment`] when it cannot be forgotten.
    fn forget(&mut self, name: &str) -> Result<(), Error>;
}

/// A sign-in in the browser that has begun: what has to come back, and what proves that it was us who began it.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The server, `https://host[:port]`.
    pub server: String,
    /// The page where the person agrees.
    pub page: String,
    /// Comes back with the code; anything else is somebody else's answer.
    pub state: String,
    /// What the exchange of the code needs.
    pub kept: Secrets,
}

/// Signing in by agreeing on a page of the network. Opening the page is the host's, hearing the code the
/// [`Loopback`](crate::Loopback)'s, or reading the address that the person [`copied`](crate::copied).
#[async_trait]
pub trait Browser: Send + Sync {
    /// Prepares a page whose answer goes to `redirect`. The fields are those that the rules declare for the page.
    async fn begin(&self, input: &ConnectInput, redirect: &str) -> Result<Begun, Error>;

    /// The secrets for the code that came back; give them to `connect` as the fields.
    async fn finish(&self, begun: &Begun, code: &str) -> Result<Secrets, Error>;

    /// What these secrets may publish as, where one person has several identities; empty where they have one. `connect`
    /// takes the number of the one that is meant as the handle.
    async fn identities(&self, _begun: &Begun, _secrets: &Secrets) -> Result<Vec<Identity>, Error> {
        Ok(Vec::new())
    }
}

/// One of the identities of a person who agreed (a Page of theirs).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The network's number for it.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A network that keeps posts until a date.
///
/// All three calls are made like the visible one: armed before, and after any doubt the network is asked
/// ([`Network::probe`]). To move and to withdraw can be repeated; to hand over cannot.
#[async_trait]
pub trait Keeper: Send + Sync {
    /// Gives the network exactly this body, which was staged with a date. What comes back is the network's own word.
    async fn hand_over(&self, session: &Session, body: &Value, key: &str) -> Result<Kept, Error>;

    /// Gives what is kept another date.
    async fn move_to(&self, session: &Session, id: &str, at: Timestamp) -> Result<(), Error>;

    /// Takes back what is kept. That it is not there any more is no error.
    async fn withdraw(&self, session: &Session, id: &str) -> Result<(), Error>;
}

/// A network.
#[async_trait]
pub trait Network: Send + Sync {
    /// Which one.
    fn id(&self) -> NetworkId;

    /// How a person signs in by agreeing on a page, where the network has such a page.
    fn browser(&self) -> Option<&dyn Browser> {
        None
    }

    /// How posts are handed over, where the network keeps dates.
    fn keeper(&self) -> Option<&dyn Keeper> {
        None
    }

    /// How what is live is changed and removed, where the network lets us.
    fn editor(&self) -> Option<&dyn Editor> {
        None
    }

    /// Tries the credentials and says whose they are.
    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error>;

    /// Tries the kept credentials; gives the identity and the live limits.
    async fn check(&self, session: &Session) -> Result<Connected, Error>;

    /// The limits that the server states now, when it states any.
    async fn limits(&self, session: &Session) -> Result<Option<LiveLimits>, Error>;

    /// Puts everything where the visible call needs it. Repeatable; each step's result is kept in `steps`.
    /// Nothing is visible afterwards.
    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error>;

    /// Makes the post visible with exactly this body and key. Anything but a definite refusal, a definite
    /// success or certainty that nothing was sent is [`Error::Failed`] where the network itself says that it failed, and
    /// else [`Error::Uncertain`].
    async fn commit(&self, session: &Session, body: &Value, key: &str) -> Result<Live, Error>;

    /// Says whether the post is live.
    async fn probe(&self, session: &Session, question: &Question) -> Result<Probe, Error>;
}
