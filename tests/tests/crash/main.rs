//! Killed (SIGKILL) at every named failure point, and run again: exactly one post each time, on a real PDS and on a
//! Mastodon-API server. The answer lost after the server has committed, the Idempotency-Key stripped on the way,
//! copies and backups: one post each.

mod amending;
mod answers;
mod copies;
mod handing;
mod kills;
mod secrets;
mod stage;
