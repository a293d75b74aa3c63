//! `griot`: the studio from a terminal.
//!
//! It turns words into a command of the studio's table and the answer into a line, and adds no behaviour: what may
//! be scheduled, what a limit is, what is refused, is all decided behind `dispatch`.

use std::process::ExitCode;

mod args;
#[cfg(debug_assertions)]
mod faults;
mod host;
mod outcome;
mod print;
mod progress;
mod request;
mod run;
mod say;
mod serve;
mod session;
mod signals;
mod stdin;

fn main() -> ExitCode {
    ExitCode::from(session::start())
}
