//! A workspace that is open: one writer, a few readers, and the only way to a transaction.
//!
//! No decision is taken here about what is written; faults are passed at named points so that tests can
//! stop the program exactly there.

use std::fmt;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use griot_domain::{Faults, Timestamp, WorkspaceId};
use rusqlite::{Connection, Transaction, TransactionBehavior};

use crate::connection::{self, Access};
use crate::migrate::{self, MIGRATIONS};
use crate::{DATABASE, Error, Reader, Tx, workspace};

mod create;
pub(crate) mod open;

/// What opening needs of the world.
#[derive(Debug, Clone)]
pub struct Options {
    /// This program's version; it names the copy that is made before a migration.
    pub app_version: String,
    /// The instant it is.
    pub now: Timestamp,
    /// What happens at the points `store.create`, `store.network_drive`, `store.disk_full`,
    /// `store.before_commit`, `store.after_commit` and `store.backup`.
    pub faults: Faults,
}

/// How many idle read connections are kept.
const IDLE_READERS: usize = 4;

/// A workspace that is open.
pub struct Store {
    dir: PathBuf,
    writer: Mutex<Connection>,
    /// Nothing for a database in memory, which only its one connection can see, and on a full disk.
    readers: Option<Mutex<Vec<Connection>>>,
    schema: u32,
    faults: Faults,
    /// Held shared while the workspace is open, so that whoever opens it can tell whether it is alone.
    _presence: Option<File>,
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").field("dir", &self.dir).field("schema", &self.schema).finish_non_exhaustive()
    }
}

impl Store {
    /// A workspace in memory, for tests. Its folder is the empty path.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn memory(id: WorkspaceId, o: &Options) -> Result<Self, Error> {
        let conn = connection::open_memory()?;
        migrate::run(&conn, MIGRATIONS)?;
        workspace::insert(&Tx::new(&conn), id, o.now)?;
        Ok(Self {
            dir: PathBuf::new(),
            writer: Mutex::new(conn),
            readers: None,
            schema: migrate::known(MIGRATIONS),
            faults: o.faults.clone(),
            _presence: None,
        })
    }

    /// The workspace's folder.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// The version of the schema.
    #[must_use]
    pub fn schema(&self) -> u32 {
        self.schema
    }

    /// Shows `f` one consistent state of the database. Inside a [`Store::write`] read from its `Tx`
    /// instead: this would not see what is not committed yet (and in memory it would wait for ever).
    ///
    /// # Errors
    /// What `f` returns, or see [`Error`].
    pub fn read<T, E: From<Error>>(&self, f: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
        let Some(idle) = &self.readers else {
            return look(&self.writer(), f);
        };
        let waiting = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let conn = match waiting {
            Some(conn) => conn,
            None => connection::open(&self.dir.join(DATABASE), Access::Read)?,
        };
        let result = look(&conn, f);
        let mut idle = idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < IDLE_READERS {
            idle.push(conn);
        }
        result
    }

    /// Runs `f` in a transaction of its own and commits it durably; when `f` fails, nothing was written.
    /// Writers follow each other, so `f` must not call back into the store and must not wait for anything.
    ///
    /// # Errors
    /// What `f` returns, or see [`Error`]. After an error of the point `store.after_commit` the data is on disk.
    pub fn write<T, E: From<Error>>(&self, f: impl FnOnce(&Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        let conn = self.writer();
        self.pass("store.disk_full")?;
        let tx = Transaction::new_unchecked(&conn, TransactionBehavior::Immediate).map_err(Error::from)?;
        let out = f(&Tx::new(&tx))?;
        self.pass("store.before_commit")?;
        tx.commit().map_err(Error::from)?;
        self.pass("store.after_commit")?;
        Ok(out)
    }

    /// A number that changes when another connection or program wrote. Cheap: no page is read.
    ///
    /// # Errors
    /// See [`Error`].
    pub fn data_version(&self) -> Result<i64, Error> {
        Ok(self.writer().pragma_query_value(None, "data_version", |row| row.get(0))?)
    }

    /// Puts everything into the one file and closes it. SQLite removes its log with the last program that
    /// closes, and a workspace without a log was closed cleanly. Dropping a store does the same without
    /// telling what failed.
    ///
    /// # Errors
    /// See [`Error`]. The data is safe in any case.
    pub fn close(self) -> Result<(), Error> {
        drop(self.readers);
        let conn = self.writer.into_inner().unwrap_or_else(PoisonError::into_inner);
        // Another program that reads keeps the log busy; then it stays for that one to empty.
        conn.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
        conn.close().map_err(|(_, error)| Error::from(error))
    }

    /// The writer. A panic inside a transaction rolled it back, so a poisoned lock guards a sound connection.
    pub(crate) fn writer(&self) -> MutexGuard<'_, Connection> {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Passes a failure point.
    pub(crate) fn pass(&self, point: &'static str) -> Result<(), Error> {
        self.faults.at(point).map_err(Error::from)
    }

    /// The file of the database; nothing in memory.
    pub(crate) fn file(&self) -> Option<PathBuf> {
        self.readers.is_some().then(|| self.dir.join(DATABASE))
    }
}

fn look<T, E: From<Error>>(conn: &Connection, f: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
    let tx = Transaction::new_unchecked(conn, TransactionBehavior::Deferred).map_err(Error::from)?;
    f(&Reader { conn: &tx })
}

#[cfg(test)]
mod tests;
