//! The networks against real servers: what is staged, made visible, lost on the way and found again.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "networks/bluesky.rs"]
mod bluesky;
#[path = "networks/mastodon.rs"]
mod mastodon;
#[path = "networks/suite.rs"]
mod suite;
#[path = "networks/wordpress.rs"]
mod wordpress;
#[path = "networks/world.rs"]
mod world;
