//! What can go wrong with a workspace, named by what the caller can do about it.
//!
//! Nothing here decides words for a person: the application has one table for that.

use std::io;
use std::path::PathBuf;

use griot_domain::State;
use rusqlite::ErrorCode;

/// A failure of the store, sorted by blame.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    // What was asked for.
    /// The folder holds no database of Griot.
    #[error("{} is not a workspace", .0.display())]
    NotAWorkspace(PathBuf),
    /// There is a workspace (or something else) where a new one should go.
    #[error("there is something in that place already")]
    AlreadyThere,
    /// The file is no backup of Griot, or was changed or cut since it was written.
    #[error("not a usable backup: {0}")]
    NotABackup(String),
    /// No row has that id or name.
    #[error("no {what} is called {id}")]
    Missing {
        /// The noun, `post`.
        what: &'static str,
        /// What was asked for.
        id: String,
    },
    /// A row with that identity exists.
    #[error("that {0} exists already")]
    Duplicate(&'static str),
    /// A step of a delivery that its states do not know; nothing was written.
    #[error("a delivery that is {from} cannot become {to}")]
    Illegal {
        /// Where the row stands.
        from: State,
        /// Where it should have gone.
        to: State,
    },
    /// Another row still needs what should go, or the row that is named does not exist.
    #[error("something else still needs it, or something it needs is missing")]
    Foreign,
    /// The caller's progress said stop; nothing was left behind.
    #[error("stopped")]
    Cancelled,

    // What is on the disk.
    /// The database was written by a newer Griot; it was not touched.
    #[error("the workspace is of version {found}, this program knows {known}")]
    TooNew {
        /// The version of the database.
        found: u32,
        /// The newest version that is known here.
        known: u32,
    },
    /// The database cannot be trusted; the text says why, and names the newest copy when there is one.
    #[error("the database is damaged: {0}")]
    Damaged(String),

    /// The database holds something that no Griot made, or lacks something that every Griot makes: its type and name.
    #[error("the database was altered: {0}")]
    Altered(String),

    // The machine.
    /// The folder is on a network drive, where a database in use is not safe.
    #[error("the folder is on a network drive")]
    NetworkDrive,
    /// Another program has been writing for longer than five seconds.
    #[error("another program is writing to the workspace")]
    Busy,
    /// No room is left.
    #[error("the disk is full")]
    Full,
    /// The disk or the file takes no writes.
    #[error("the workspace cannot be written to")]
    ReadOnly,
    /// The person may not read or write there.
    #[error("no right to read or write the workspace")]
    NoRights,
    /// The machine failed otherwise.
    #[error("the disk failed: {0}")]
    Io(io::Error),

    // Us.
    /// SQLite refused otherwise.
    #[error("the database refused: {0}")]
    Sqlite(SqliteError),
    /// Something that cannot be.
    #[error("a fault in Griot: {0}")]
    Bug(String),
}

/// What SQLite said, kept for logs and nothing else.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct SqliteError(rusqlite::Error);

impl From<io::Error> for Error {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full,
            io::ErrorKind::PermissionDenied => Self::NoRights,
            io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            _ => Self::Io(error),
        }
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ffi;
        match &error {
            rusqlite::Error::SqliteFailure(code, message) => match code.code {
                ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => Self::Busy,
                ErrorCode::DiskFull => Self::Full,
                ErrorCode::SystemIoFailure => match code.extended_code {
                    ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_SHMMAP => Self::Full,
                    _ => Self::Io(io::Error::other(error.to_string())),
                },
                ErrorCode::ReadOnly => Self::ReadOnly,
                ErrorCode::PermissionDenied | ErrorCode::CannotOpen => Self::NoRights,
                ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => {
                    Self::Damaged(message.clone().unwrap_or_else(|| code.to_string()))
                }
                ErrorCode::ConstraintViolation => match code.extended_code {
                    ffi::SQLITE_CONSTRAINT_FOREIGNKEY => Self::Foreign,
                    ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY => {
                        Self::Duplicate("row")
                    }
                    _ => Self::Sqlite(SqliteError(error)),
                },
                _ => Self::Sqlite(SqliteError(error)),
            },
            rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
            | rusqlite::Error::InvalidColumnType(..) => Self::Damaged(error.to_string()),
            _ => Self::Sqlite(SqliteError(error)),
        }
    }
}

impl Error {
    /// Names the row of a duplicate.
    pub(crate) fn naming(self, what: &'static str) -> Self {
        if matches!(self, Self::Duplicate(_)) { Self::Duplicate(what) } else { self }
    }

    /// The error for a row that is not there.
    pub(crate) fn missing(what: &'static str, id: impl ToString) -> Self {
        Self::Missing { what, id: id.to_string() }
    }
}
