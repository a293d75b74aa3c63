//! Files that appear whole or not at all.
//!
//! Only what the standard library and `tempfile` leave open: telling the disk that a folder's list changed.

use std::fs::File;
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

use crate::Error;

/// Makes a folder's list of names durable. Windows has no such call and does it by itself.
pub(crate) fn sync_folder(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// The folder that `file` is in; the current one's name for a bare file name.
pub(crate) fn folder_of(file: &Path) -> &Path {
    match file.parent() {
        Some(dir) if !dir.as_os_str().is_empty() => dir,
        _ => Path::new("."),
    }
}

/// A nameless-to-be file beside `file`, so that renaming it there is one step of the file system.
pub(crate) fn beside(file: &Path) -> io::Result<NamedTempFile> {
    tempfile::Builder::new().prefix(".griot-").suffix(".part").tempfile_in(folder_of(file))
}

/// Gives a finished file its name, replacing what has it.
pub(crate) fn settle(part: NamedTempFile, file: &Path) -> Result<(), Error> {
    part.as_file().sync_all()?;
    part.persist(file).map_err(|failed| failed.error)?;
    Ok(sync_folder(folder_of(file))?)
}

/// Bytes that are free for this person on the disk that holds `path`; nothing where the system has no such call.
#[must_use]
pub fn free_bytes(path: &Path) -> Option<u64> {
    #[cfg(unix)]
    {
        let facts = rustix::fs::statvfs(path).ok()?;
        Some(facts.f_bavail.saturating_mul(facts.f_frsize))
    }
    #[cfg(not(unix))]
    {
        let _ = path;
        None
    }
}
