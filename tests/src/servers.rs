//! Real servers for the publishing tests, and the trouble that lies between them and us.
//!
//! Everything listens on loopback, on ports of its own, with data in a temporary folder, and ends with the
//! value that started it (and with the test, should it be killed: the servers read our end of their
//! standard input). Deliberately absent: installing (`cargo xtask` does that, once) and any sleep.

mod child;
pub mod mastodon;
mod oracle;
pub mod pds;
pub mod proxy;
pub mod wordpress;

pub use mastodon::Mastodon;
pub use pds::Pds;
pub use proxy::{Fault, Faults, Proxy, Recorded, Rule};
pub use wordpress::WordPress;
