//! How a connection to SQLite is opened and set: once, here, for writers and readers alike.
//!
//! Nothing is looser anywhere else: durability is not a setting.

use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, OpenFlags};

use crate::Error;

/// Marks a database as Griot's in its header (`GRIO` in ASCII).
pub(crate) const APPLICATION_ID: i32 = 0x4752_494f;

/// How long a connection waits for another one's lock.
const PATIENCE: Duration = Duration::from_secs(5);

/// What a connection may do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read and write a file that exists.
    Write,
    /// Read a file that exists.
    Read,
    /// Read and write, and make the file when it is not there.
    Create,
}

/// Opens the file and sets the connection.
pub(crate) fn open(file: &Path, access: Access) -> Result<Connection, Error> {
    // One thread at a time uses a connection (a mutex or a pool holds it), so SQLite's own mutex is not needed.
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX
        | match access {
            Access::Write => OpenFlags::SQLITE_OPEN_READ_WRITE,
            Access::Read => OpenFlags::SQLITE_OPEN_READ_ONLY,
            Access::Create => OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE,
        };
    let conn = Connection::open_with_flags(file, flags)?;
    set(&conn)?;
    Ok(conn)
}

/// Opens the file for this connection alone: what several connections share about the log is then kept in memory, where
/// a full disk has no room for it. Nobody else may have the workspace open.
pub(crate) fn open_alone(file: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_READ_WRITE;
    let conn = Connection::open_with_flags(file, flags)?;
    // Before anything looks into the file: afterwards it would be too late.
    conn.pragma_update_and_check(None, "locking_mode", "EXCLUSIVE", |_| Ok(()))?;
    set(&conn)?;
    Ok(conn)
}

/// A database that lives as long as its connection.
pub(crate) fn open_memory() -> Result<Connection, Error> {
    let conn = Connection::open_in_memory()?;
    set(&conn)?;
    Ok(conn)
}

/// All settings of a connection. None of them writes to the file; [`enter_wal`] does.
fn set(conn: &Connection) -> Result<(), Error> {
    conn.busy_timeout(PATIENCE)?;
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", true)?;
    // Without it, REPLACE would slip past the triggers that keep the journal.
    conn.pragma_update(None, "recursive_triggers", true)?;
    if cfg!(target_vendor = "apple") {
        // Apple's fsync only hands the bytes to the drive; these two make the drive write them down.
        conn.pragma_update(None, "fullfsync", true)?;
        conn.pragma_update(None, "checkpoint_fullfsync", true)?;
    }
    // A workspace may come from a stranger: its schema gets no trust, its cells are checked as they are read.
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    conn.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    conn.pragma_update(None, "cell_size_check", true)?;
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("fold", 1, flags, |call| {
        Ok(griot_domain::text::fold(call.get_raw(0).as_str().unwrap_or_default()))
    })?;
    conn.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// Turns on the write-ahead log; the file remembers it, so this writes only once in its life.
pub(crate) fn enter_wal(conn: &Connection) -> Result<(), Error> {
    let mode: String = conn.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    if mode.eq_ignore_ascii_case("wal") {
        Ok(())
    } else {
        Err(Error::Bug(format!("the write-ahead log was refused: {mode}")))
    }
}
