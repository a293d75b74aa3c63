//! One file per network behind one small trait. The only crate that speaks HTTP.
//!
//! A network is asked for four things: to put media where nobody sees them (`stage`, repeatable), to make
//! the post visible (`commit`, once), to say whether a post is live (`probe`), and what it allows
//! (`limits`). Deliberately absent: verdicts (the domain's), states and retries (the outbox's), storage.

#[cfg(test)]
mod accepted;
pub mod address;
mod bluesky;
mod discourse;
mod editor;
mod error;
mod evidence;
mod facebook;
#[cfg(test)]
mod forms;
mod http;
mod loopback;
pub mod mastodon;
mod network;
mod pkce;
mod registry;
mod returned;
#[cfg(test)]
mod stub;
mod telegram;
mod why;
mod wordpress;
mod x;

pub use bluesky::Bluesky;
pub use discourse::Discourse;
pub use editor::{Change, Editor, Posted, Sight};
pub use error::Error;
pub use facebook::Facebook;
pub use http::{Client, FAILURE_POINTS, Meter};
pub use loopback::Loopback;
pub use mastodon::Mastodon;
pub use network::{
    Begun, Browser, ConnectInput, Connected, Ends, Identity, Keeper, Live, Network, Prepared, PreparedMedia,
    Probe, Question, Secrets, Session, Staged, Steps, Vault,
};
pub use registry::{Networks, all};
pub use returned::{Astray, Returned, copied};
pub use telegram::Telegram;
pub use why::Why;
pub use wordpress::WordPress;
pub use x::X;
