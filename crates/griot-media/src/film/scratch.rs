//! Where half-made films lie, and how finished ones get to their place: whole or not at all.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use crate::Error;

/// A folder that is gone, with all that is in it, when the work ends, however it ends.
pub(super) struct Scratch {
    pub(super) path: PathBuf,
    held: Option<File>,
}

/// How scratch folders are called, before their number.
const NAME: &str = "griot-film-";
/// The file whose lock says that somebody works here. A process that is killed gives it up.
const IN_USE: &str = "in-use";

impl Scratch {
    pub(super) fn new(folder: &Path) -> Result<Self, Error> {
        let folder = std::path::absolute(folder)?;
        fs::create_dir_all(&folder)?;
        sweep(&folder);
        // Two films may share the folder: the first free name is taken, atomically.
        for attempt in 0..10_000 {
            let path = folder.join(format!("{NAME}{attempt}"));
            match fs::create_dir(&path) {
                Ok(()) => {
                    // Nobody sees it under its name before it is locked.
                    let unnamed = path.join("taken");
                    let held = File::create(&unnamed)?;
                    // Some disks of a network know no locks: nothing is swept there then, and the film is made all the same.
                    if held.lock().is_ok() {
                        fs::rename(&unnamed, path.join(IN_USE))?;
                    }
                    return Ok(Self { path, held: Some(held) });
                }
                Err(e) if e.kind() == std::io::ErrorKind::AlreadyExists => {}
                // Another program found it empty at this moment, and took it away.
                Err(e) if e.kind() == std::io::ErrorKind::NotFound => fs::create_dir_all(&folder)?,
                Err(e) => return Err(e.into()),
            }
        }
        Err(Error::Bug("the scratch folder is full of old work".into()))
    }
}

/// Removes what killed processes left half-made. What cannot be removed now is tried again the next time.
fn sweep(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let left = entry.file_name().to_string_lossy().starts_with(NAME)
            && File::open(entry.path().join(IN_USE)).is_ok_and(|file| file.try_lock().is_ok());
        if left {
            let _ = fs::remove_dir_all(entry.path());
        }
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Windows removes no folder in which a file is open.
        drop(self.held.take());
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Moves a finished file to its place in one step. From another disk it is first copied beside its place.
pub(super) fn place(from: &Path, to: &Path) -> Result<(), Error> {
    File::open(from)?.sync_all()?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_killed_process_left_goes_and_what_is_in_use_stays() {
        let folder = tempfile::tempdir().expect("a scratch folder");
        let used = Scratch::new(folder.path()).expect("a folder");
        let left = folder.path().join("griot-film-7");
        fs::create_dir(&left).expect("room");
        fs::write(left.join(IN_USE), "").expect("room");
        fs::write(left.join("out.mp4"), "half").expect("room");
        let foreign = folder.path().join("film-0");
        fs::create_dir(&foreign).expect("room");
        let next = Scratch::new(folder.path()).expect("a folder");
        assert!(!left.exists() && used.path.exists() && foreign.exists());
        drop((used, next));
        assert_eq!(fs::read_dir(folder.path()).expect("a folder").count(), 1, "only the foreign one");
    }
}
