//! The studio on loopback: the door through which media go out and files come in, the same for both hosts, and the
//! server of `griot serve`.
//!
//! It carries and adds nothing: what a command does is behind `dispatch`, what may be shown is asked of the studio.
//! Deliberately absent: listening on any other address than 127.0.0.1, an HTTP client, TLS, accounts of its own.

pub mod door;
mod server;
mod words;

pub use door::Door;
pub use server::pages::Pages;
pub use server::{Addresses, Server};
