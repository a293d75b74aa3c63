//! Whether a folder is on a network drive, where SQLite's locks and its shared memory cannot be relied on.
//!
//! A drive that cannot be asked counts as local: refusing to work there would be worse than trying.

use std::path::Path;

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as platform;
#[cfg(windows)]
use windows as platform;

/// Whether `dir`, which exists, is on a network drive.
pub(crate) fn is_network(dir: &Path) -> bool {
    platform::is_network(dir)
}
