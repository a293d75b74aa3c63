//! Who works the outbox: one operating-system lock in the workspace, and one for the workspace's identity on this
//! machine, so that a workspace and its copy are never worked at the same time.
//!
//! There is no process id in the file: the system lets the lock go with the process, however it ends.

use std::fs::{self, File, TryLockError};
use std::path::Path;

use crate::Code;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace};

/// Both locks, until dropped.
pub(super) struct Alone([File; 2]);

impl Drop for Alone {
    /// Closing would not do: a child process between its fork and its exec still holds the file open, and the lock.
    fn drop(&mut self) {
        for file in &self.0 {
            if let Err(error) = file.unlock() {
                tracing::warn!(%error, "a lock of the outbox goes with the program only");
            }
        }
    }
}

/// Takes both locks, or says that another program has one.
pub(super) fn take(studio: &Studio, workspace: &Workspace) -> Result<Alone, Failure> {
    let owners = studio.options.app_dir.join("owners");
    fs::create_dir_all(&owners).map_err(Failure::io(&owners))?;
    let inside = one(&workspace.dir.join("worker.lock"))?;
    let outside = one(&owners.join(format!("{}.lock", workspace.id)))?;
    Ok(Alone([inside, outside]))
}

fn one(path: &Path) -> Result<File, Failure> {
    let file =
        File::options().create(true).truncate(false).write(true).open(path).map_err(Failure::io(path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Failure::say(
            Code::WorkerBusy,
            "Un autre programme fait déjà partir les publications de cet espace.",
            "Another program already sends this workspace\u{2019}s posts.",
            (
                "Laissez-le faire, ou fermez-le d\u{2019}abord. Ce que vous programmez ici partira par lui.",
                "Let it, or close it first. What you schedule here leaves through it.",
            ),
        )),
        Err(TryLockError::Error(error)) => Err(Failure::Io(path.to_owned(), error)),
    }
}
