//! The database of a workspace: opening, migrating, copying, backing up, and one module per table.
//!
//! The only crate that says `rusqlite`, and no type of it is visible from outside. Reads take a
//! [`Reader`], writes a [`Tx`]; both come from a [`Store`]. Deliberately absent: the clock, chance, undo
//! logic, what a screen shows, and every decision of the outbox but one: a delivery takes no step that
//! [`griot_domain::State::may_become`] forbids.

pub mod accounts;
pub mod assets;
pub mod attempts;
pub mod backup;
mod connection;
pub mod copies;
pub mod deliveries;
mod disk;
mod drive;
mod error;
pub mod journal;
mod migrate;
pub mod plans;
pub mod posts;
pub mod queue;
mod reader;
pub mod renditions;
mod schema;
pub mod settings;
pub mod standing;
pub mod steps;
mod store;
pub mod typing;
pub mod undo;
pub mod uploads;
pub mod workspace;

#[cfg(test)]
mod testing;

pub use disk::free_bytes;
pub use error::{Error, SqliteError};
pub use journal::NewEvent;
pub use reader::{Reader, Tx};
pub use renditions::Rendition;
pub use store::open::NEWEST_COPY;
pub use store::{Options, Store};
pub use workspace::Owner;

/// The name of the database in a workspace's folder.
pub const DATABASE: &str = "griot.db";

/// The name of the folder of originals and renditions in a workspace's folder.
pub const MEDIA: &str = "media";
