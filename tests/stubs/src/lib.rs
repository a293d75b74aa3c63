//! Networks on loopback, for tests alone: each keeps what it was sent and answers as the real one is documented to.
//!
//! [`spec`] holds requests against the networks' own machine-readable specifications; the stubs use it for every
//! request that comes in. [`gate`] makes trouble on the line before any server, of this crate or real. Deliberately
//! absent: anything of Griot's own (the crate knows none of its others, so that a mistake is not made twice alike),
//! TLS, and limits by the hour.

pub mod discourse;
pub mod facebook;
pub mod fediverse;
pub mod gate;
pub mod http;
pub mod manners;
pub mod rendering;
pub mod spec;
mod stub;
pub mod telegram;
mod time;
pub mod x;

pub use discourse::Discourse;
pub use facebook::Facebook;
pub use fediverse::Fediverse;
pub use gate::Gate;
pub use manners::Manners;

pub use stub::{Auditor, Held, HeldMedia, Planned, Stub};
pub use telegram::Telegram;
pub use x::X;
