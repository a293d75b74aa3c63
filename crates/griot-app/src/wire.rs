//! Requests and answers of the command table. The terminal's `--json` prints the answers as they are, and the
//! window's contract is generated from them.

use serde::{Deserialize, Serialize};

pub mod accounts;
pub mod deliveries;
pub mod desktop;
pub mod library;
pub mod media;
pub mod posts;
pub mod studio;
pub mod traffic;
pub mod verdicts;

/// A command that takes nothing.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize, ts_rs::TS)]
pub struct Nothing {}
