//! Copies of the database inside the workspace: one a day, the last seven kept, and one before each migration.
//!
//! They hold no media; the file of `griot backup` does (see [`crate::backup`]).

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use griot_domain::Timestamp;
use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use serde::{Deserialize, Serialize};

use crate::connection::{self, Access};
use crate::{Error, Reader, Store, disk};

/// The folder of copies in a workspace's folder.
const COPIES: &str = "copies";

/// How many daily copies are kept.
const KEPT: usize = 7;

/// The file that says in which order the copies were written: dates are no order, where a clock starts anew each day.
const ORDER: &str = ".order.json";

/// One copy, as it was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Entry {
    name: String,
    holds: Holds,
}

/// How far the tables went that only grow: what was written since stands behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
struct Holds {
    journal: i64,
    undo: i64,
    revisions: i64,
}

impl Store {
    /// Copies the database into `copies/`, once for each `local_day` (`2026-12-01`, the person's own
    /// calendar); nothing when that day has its copy, or in memory. Where the clock went back behind what was
    /// written since the last copy, it is another day whatever the clock calls it. Seven are kept, the last
    /// written.
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
        let taken = all(self.dir()).iter().filter(|path| day_of(path) == Some(local_day)).count();
        let mut order = order(&dir);
        if taken > 0 && !self.went_back_since(order.last(), now)? {
            return Ok(None);
        }
        let name = (1..)
            .map(|n| if n == 1 { format!("{local_day}.db") } else { format!("{local_day}-{n}.db") })
            .find(|name| !dir.join(name).exists())
            .ok_or_else(|| Error::Bug("no name is left for a copy".to_owned()))?;
        fs::create_dir_all(&dir)?;
        // Read before the copy: what comes in between is written since, and in it all the same.
        let holds = self.read(holds)?;
        let file = dir.join(&name);
        self.snapshot_to(&file)?;
        order.push(Entry { name, holds });
        let text = serde_json::to_vec_pretty(&order).map_err(|error| Error::Bug(error.to_string()))?;
        let mut part = disk::beside(&dir.join(ORDER))?;
        part.write_all(&text)?;
        disk::settle(part, &dir.join(ORDER))?;
        for old in believable(self.dir(), now).iter().skip(KEPT) {
            fs::remove_file(old)?;
        }
        Ok(Some(file))
    }

    /// Whether anything that was written since `last` says an instant that has not come yet.
    fn went_back_since(&self, last: Option<&Entry>, now: Timestamp) -> Result<bool, Error> {
        // Of a copy that an earlier version made nobody knows what it holds: its day is done.
        let Some(Entry { holds, .. }) = last else { return Ok(false) };
        let sql = "SELECT 1 AS one FROM attempt_event WHERE seq > ?1 AND at > ?4
             UNION ALL SELECT 1 FROM undo WHERE id > ?2 AND at > ?4
             UNION ALL SELECT 1 FROM post_revision WHERE rowid > ?3 AND created_at > ?4 LIMIT 1";
        let since = (holds.journal, holds.undo, holds.revisions, now.millis());
        self.read(|r| Ok(r.one(sql, since, |_| Ok(()))?.is_some()))
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

/// The last copy that was written: a day's, else one from before a migration.
#[must_use]
pub fn newest(dir: &Path, now: Timestamp) -> Option<PathBuf> {
    believable(dir, now).into_iter().next().or_else(|| all(dir).into_iter().next())
}

/// Every copy: the days' first, the last written first, then those from before migrations.
#[must_use]
pub fn all(dir: &Path) -> Vec<PathBuf> {
    let dir = dir.join(COPIES);
    let Ok(entries) = fs::read_dir(&dir) else { return Vec::new() };
    let mut found: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| day_of(path).is_some() || name_of(path).starts_with("before-"))
        .collect();
    let order = order(&dir);
    // Those that an earlier version wrote are in no order but that of their days, and were written before.
    let place = |path: &PathBuf| order.iter().position(|entry| entry.name == name_of(path));
    found.sort_by_key(|path| (day_of(path).is_some(), place(path), path.clone()));
    found.reverse();
    found
}

/// The daily copies, the last written first; of those whose order is not known the newest day first, and days that
/// have not come yet last.
fn believable(dir: &Path, now: Timestamp) -> Vec<PathBuf> {
    // The person's day is ahead of the UTC day by 14 hours at most.
    let latest = now.plus_millis(14 * 3_600_000).to_string();
    let order = order(&dir.join(COPIES));
    let is_listed = |path: &Path| order.iter().any(|entry| entry.name == name_of(path));
    let mut days: Vec<PathBuf> = all(dir).into_iter().filter(|path| day_of(path).is_some()).collect();
    // A stable sort: within each part the last written stays first.
    days.sort_by_key(|path| !is_listed(path) && day_of(path).is_some_and(|day| day > latest.as_str()));
    days
}

/// The copies that are there, in the order in which they were written. A list that cannot be read is none.
fn order(copies: &Path) -> Vec<Entry> {
    let read = fs::read(copies.join(ORDER)).ok().and_then(|text| serde_json::from_slice(&text).ok());
    let listed: Vec<Entry> = read.unwrap_or_default();
    listed.into_iter().filter(|entry| is_copy(&entry.name) && copies.join(&entry.name).exists()).collect()
}

fn holds(r: &Reader<'_>) -> Result<Holds, Error> {
    let sql = "SELECT (SELECT coalesce(max(seq), 0) FROM attempt_event) AS journal,
                      (SELECT coalesce(max(id), 0) FROM undo) AS undo,
                      (SELECT coalesce(max(rowid), 0) FROM post_revision) AS revisions";
    let found = r.one(sql, [], |row| {
        Ok(Holds { journal: row.get("journal")?, undo: row.get("undo")?, revisions: row.get("revisions")? })
    })?;
    found.ok_or_else(|| Error::Bug("three numbers are always one row".to_owned()))
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn is_copy(name: &str) -> bool {
    day_of(Path::new(name)).is_some()
}

/// The day of a copy: `2026-12-01.db`, or `2026-12-01-2.db` for the second that the clock called so.
fn day_of(path: &Path) -> Option<&str> {
    let stem = name_of(path).strip_suffix(".db")?;
    let (day, rest) = stem.split_at_checked(10)?;
    let number = rest.is_empty()
        || rest.strip_prefix('-').is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()));
    (is_day(day) && number).then_some(day)
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
