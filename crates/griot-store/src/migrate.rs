//! Brings a database to this program's version: append-only SQL files, all of them or none.
//!
//! The version is SQLite's `user_version`. A newer one is refused before anything is touched. Data is
//! never rewritten here for tidiness, and columns are not dropped.

use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::Error;
use crate::reader::to_integer;

/// One step of the schema.
pub(crate) struct Migration {
    /// The name of its file, without the ending.
    pub(crate) name: &'static str,
    /// What it does.
    pub(crate) sql: &'static str,
}

/// Every step since the first version, in order. The version after a step is its place, from 1.
pub(crate) const MIGRATIONS: &[Migration] = &[
    Migration { name: "0001_initial", sql: include_str!("../migrations/0001_initial.sql") },
    Migration { name: "0002_typing", sql: include_str!("../migrations/0002_typing.sql") },
    Migration { name: "0003_upload", sql: include_str!("../migrations/0003_upload.sql") },
    Migration { name: "0004_plan", sql: include_str!("../migrations/0004_plan.sql") },
    Migration { name: "0005_edit", sql: include_str!("../migrations/0005_edit.sql") },
    Migration { name: "0006_wakes", sql: include_str!("../migrations/0006_wakes.sql") },
    Migration { name: "0007_kept", sql: include_str!("../migrations/0007_kept.sql") },
    Migration { name: "0008_amended", sql: include_str!("../migrations/0008_amended.sql") },
    Migration { name: "0009_ends", sql: include_str!("../migrations/0009_ends.sql") },
    Migration { name: "0010_parts", sql: include_str!("../migrations/0010_parts.sql") },
];

/// The version that `migrations` lead to.
pub(crate) fn known(migrations: &[Migration]) -> u32 {
    u32::try_from(migrations.len()).unwrap_or(u32::MAX)
}

/// The version of the database; refused when it is newer than `migrations`.
pub(crate) fn version(conn: &Connection, migrations: &[Migration]) -> Result<u32, Error> {
    let found: i64 = conn.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let found = u32::try_from(found).map_err(|_| Error::Damaged(format!("its version is {found}")))?;
    let known = known(migrations);
    if found > known { Err(Error::TooNew { found, known }) } else { Ok(found) }
}

/// Runs what is missing in one transaction and returns the version that was found before.
pub(crate) fn run(conn: &Connection, migrations: &[Migration]) -> Result<u32, Error> {
    let before = version(conn, migrations)?;
    if before == known(migrations) {
        return Ok(before);
    }
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Immediate)?;
    // Read again: another program may have migrated while this one waited for the lock.
    let from = version(&tx, migrations)?;
    for migration in migrations.iter().skip(from as usize) {
        tracing::info!(migration = migration.name, "migrating the workspace");
        tx.execute_batch(migration.sql)?;
    }
    let broken = tx.prepare("PRAGMA foreign_key_check")?.exists([])?;
    if broken {
        return Err(Error::Damaged("rows point at rows that are not there".to_owned()));
    }
    tx.pragma_update(None, "user_version", to_integer(u64::from(known(migrations))))?;
    tx.commit()?;
    Ok(before)
}

#[cfg(test)]
mod tests;
