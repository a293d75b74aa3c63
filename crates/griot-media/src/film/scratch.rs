//! Where half-made films lie, and how finished ones get to their place: whole or not at all.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Error;

/// A folder that is gone, with all that is in it, when the work ends, however it ends.
pub(super) struct Scratch {
    pub(super) path: PathBuf,
}

impl Scratch {
    pub(super) fn new(folder: &Path) -> Result<Self, Error> {
        // Two films may share the folder: the first free name is taken, atomically.
        for attempt in 0..10_000 {
            let path = std::path::absolute(folder)?.join(format!("film-{attempt}"));
            match fs::create_dir(&path) {
                Ok(()) => return Ok(Self { path }),
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                Err(e) => return Err(e.into()),
            }
        }
        Err(Error::Bug("the scratch folder is full of old work".into()))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A file that somebody holds open stays for the next start to sweep.
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Moves a finished file to its place in one step. From another disk it is first copied beside its place.
pub(super) fn place(from: &Path, to: &Path) -> Result<(), Error> {
    fs::File::open(from)?.sync_all()?;
    if fs::rename(from, to).is_ok() {
        return Ok(());
    }
    let part = beside(to);
    let copied = fs::copy(from, &part)
        .and_then(|_| fs::OpenOptions::new().write(true).open(&part)?.sync_all())
        .and_then(|()| fs::rename(&part, to));
    if copied.is_err() {
        let _ = fs::remove_file(&part);
    }
    Ok(copied?)
}

/// The name of a file that is still being written, beside its place.
pub(super) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".part");
    PathBuf::from(name)
}
