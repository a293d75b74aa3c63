//! The studio itself: use cases, the outbox, the command table, events and errors.
//!
//! Hosts (the terminal, the window) open a [`Studio`] and call [`dispatch`]; they add no behaviour. Deliberately
//! absent: windows, arguments, environment, formats of output. SQL stays in the store, HTTP in the networks,
//! pixels in media.

pub mod commands;
pub mod error;
pub mod events;
mod failure;
mod films;
mod handles;
mod host;
mod jobs;
pub mod journal;
mod library;
mod line;
mod looks;
mod machine;
pub mod outbox;
pub mod ports;
mod renditions;
pub mod secrets;
mod shown;
mod studio;
mod transact;
mod undo;
mod uploads;
mod weights;
pub mod wire;
mod words;

pub use commands::{COMMANDS, dispatch};
pub use error::{AppError, Code};
pub use events::{Event, Listener};
pub use griot_domain::Lang;
pub use jobs::Job;
pub use ports::Ports;
pub use shown::{Shown, ShownFile};
pub use studio::{Options, Studio};
pub use uploads::UploadId;
