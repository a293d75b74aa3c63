//! Copies of the database inside the workspace: one a day, seven kept, and one before each migration.
//!
//! They hold no media; the file of `griot backup` does (see [`crate::backup`]).

use std::fs;
use std::path::{Path, PathBuf};

use griot_domain::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};

use crate::connection::{self, Access};
use crate::{Error, Store, disk};

/// The folder of copies in a workspace's folder.
const COPIES: &str = "copies";

/// How many daily copies are kept.
const KEPT: usize = 7;

impl Store {
    /// Copies the database into `copies/`, once for each `local_day` (`2026-12-01`, the person's own
    /// calendar); nothing when that day has its copy, or in memory. Seven are kept; days after `now` come
    /// from a clock that was wrong and go first.
    ///
    /// # Errors
    /// [`Error::Bug`] when `local_day` is not a date; else see [`Error`].
    pub fn daily_copy(&self, now: Timestamp, local_day: &str) -> Result<Option<PathBuf>, Error> {
        if !is_day(local_day) {
            return Err(Error::Bug(format!("\"{local_day}\" is not a day")));
        }
        if self.file().is_none() {
            return Ok(None);
        }
        let dir = self.dir().join(COPIES);
        let file = dir.join(format!("{local_day}.db"));
        if file.exists() {
            return Ok(None);
        }
        fs::create_dir_all(&dir)?;
        self.snapshot_to(&file)?;
        for old in believable(self.dir(), now).iter().skip(KEPT) {
            fs::remove_file(old)?;
        }
        Ok(Some(file))
    }

    /// Writes the database as it is at this instant into one file, while it is in use. The file appears
    /// whole or not at all, and replaces what was there.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn snapshot_to(&self, file: &Path) -> Result<(), Error> {
        match self.file() {
            // A connection of its own: the writer stays free, and the log keeps the state it began with.
            Some(database) => copy(&connection::open(&database, Access::Read)?, file),
            None => copy(&self.writer(), file),
        }
    }
}

/// The copy that is made before the first migration to a new version.
pub(crate) fn before_migration(
    conn: &Connection,
    dir: &Path,
    found: u32,
    app: &str,
) -> Result<PathBuf, Error> {
    let safe: String =
        app.chars().map(|c| if c.is_ascii_alphanumeric() || c == '.' { c } else { '-' }).collect();
    let folder = dir.join(COPIES);
    fs::create_dir_all(&folder)?;
    let file = folder.join(format!("before-{safe}-from-{found}.db"));
    copy(conn, &file)?;
    Ok(file)
}

fn copy(from: &Connection, file: &Path) -> Result<(), Error> {
    let part = disk::beside(file)?;
    let mut to = connection::open(part.path(), Access::Create)?;
    match Backup::new(from, &mut to)?.step(-1)? {
        StepResult::Done => {}
        StepResult::Busy | StepResult::Locked => return Err(Error::Busy),
        other => return Err(Error::Bug(format!("a copy of all pages ended with {other:?}"))),
    }
    // A copy is one file: it leaves the log's mode, which would ask for files beside it even to read.
    to.pragma_update_and_check(None, "journal_mode", "DELETE", |_| Ok(()))?;
    to.close().map_err(|(_, error)| Error::from(error))?;
    disk::settle(part, file)
}

/// The newest copy that a clock can be believed for: a day's, else one from before a migration.
#[must_use]
pub fn newest(dir: &Path, now: Timestamp) -> Option<PathBuf> {
    believable(dir, now).into_iter().next().or_else(|| all(dir).into_iter().next())
}

/// Every copy: the days' first, newest first, then those from before migrations.
#[must_use]
pub fn all(dir: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(dir.join(COPIES)) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| day_of(path).is_some() || name_of(path).starts_with("before-"))
        .collect();
    found.sort_by_key(|path| (day_of(path).is_some(), path.clone()));
    found.reverse();
    found
}

/// The daily copies, newest first, those of days that have not come yet last.
fn believable(dir: &Path, now: Timestamp) -> Vec<PathBuf> {
    // The person's day is ahead of the UTC day by 14 hours at most.
    let latest = now.plus_millis(14 * 3_600_000).to_string();
    let mut days: Vec<PathBuf> = all(dir).into_iter().filter(|path| day_of(path).is_some()).collect();
    // A stable sort: within each half the newest stays first.
    days.sort_by_key(|path| day_of(path).is_some_and(|day| day > latest.as_str()));
    days
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn day_of(path: &Path) -> Option<&str> {
    name_of(path).strip_suffix(".db").filter(|day| is_day(day))
}

fn is_day(text: &str) -> bool {
    text.len() == 10
        && text
            .bytes()
            .enumerate()
            .all(|(at, b)| if at == 4 || at == 7 { b == b'-' } else { b.is_ascii_digit() })
}

#[cfg(test)]
mod tests;
