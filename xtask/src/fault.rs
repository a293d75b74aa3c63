//! Why a verb stopped, sorted by what the developer can do about it.

use std::fmt;
use std::io;

/// Why a verb stopped.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The command line is wrong.
    Usage(String),
    /// Something is not on this machine; the text says how to get it.
    Missing(String),
    /// A program ended badly; what it said stands above.
    Program {
        /// The command as it was told.
        command: String,
        /// Its exit code, where it had one.
        code: Option<i32>,
    },
    /// What must hold does not.
    Unsound(String),
    /// The system refused: what was tried, and what it said.
    System(String, io::Error),
}

impl fmt::Display for Fault {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fault::Usage(says) | Fault::Missing(says) | Fault::Unsound(says) => out.write_str(says),
            Fault::Program { command, code: Some(code) } => write!(out, "`{command}` ended with {code}"),
            Fault::Program { command, code: None } => write!(out, "`{command}` was ended by a signal"),
            Fault::System(tried, error) => write!(out, "{tried}: {error}"),
        }
    }
}

impl std::error::Error for Fault {}

/// Says what was being done when the system refused.
pub(crate) trait WhileDoing<T> {
    /// The same result, with the words of what was tried.
    fn while_doing(self, tried: impl FnOnce() -> String) -> Result<T, Fault>;
}

impl<T> WhileDoing<T> for io::Result<T> {
    fn while_doing(self, tried: impl FnOnce() -> String) -> Result<T, Fault> {
        self.map_err(|error| Fault::System(tried(), error))
    }
}
