//! Opening a workspace that exists: what it is, whether it is whole, whether it is ours, then its version.
//!
//! Nothing is repaired here. A database that cannot be trusted is named, with the newest copy beside it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use griot_domain::Timestamp;
use rusqlite::Connection;

use crate::connection::{self, APPLICATION_ID, Access};
use crate::migrate::{self, MIGRATIONS, Migration};
use crate::store::{Options, Store};
use crate::{DATABASE, Error, MEDIA, Reader, copies, drive, schema, workspace};

/// The file that says by its lock who has the workspace open. It is never read.
const PRESENCE: &str = "griot.open";

impl Store {
    /// Opens a workspace. A log that a program left behind is taken in and the database checked; before the
    /// first migration to a new version a copy is made.
    ///
    /// # Errors
    /// [`Error::NotAWorkspace`], [`Error::Damaged`] (names the newest copy), [`Error::TooNew`] and [`Error::Altered`]
    /// (the database is left alone), [`Error::NetworkDrive`]; else see [`Error`].
    pub fn open(dir: &Path, o: &Options) -> Result<Self, Error> {
        open_with(dir, o, MIGRATIONS).map_err(|error| name_the_copy(error, dir, o.now))
    }
}

/// [`Store::open`] with the schema's steps as data, so that tests can have a future.
pub(crate) fn open_with(dir: &Path, o: &Options, migrations: &[Migration]) -> Result<Store, Error> {
    if !dir.is_dir() {
        return Err(Error::NotAWorkspace(dir.to_owned()));
    }
    if drive::is_network(dir) || o.faults.at("store.network_drive").is_err() {
        return Err(Error::NetworkDrive);
    }
    plain_folders(dir)?;
    let file = dir.join(DATABASE);
    let header = Header::read(dir, &file)?;
    let (presence, alone) = enter(dir)?;
    let log_left = fs::metadata(log_of(&file)).is_ok_and(|log| log.len() > 0);
    if !log_left {
        header.check_length()?;
    }
    let (conn, cramped) = connect(&file, alone)?;
    let found = migrate::version(&conn, migrations)?;
    if log_left && alone {
        tracing::info!("the workspace was not closed: checking it");
        quick_check(&conn)?;
    }
    schema::compare(&conn, found, migrations)?;
    if found < migrate::known(migrations) {
        copies::before_migration(&conn, dir, found, &o.app_version)?;
        migrate::run(&conn, migrations)?;
    }
    connection::enter_wal(&conn)?;
    workspace::id(&Reader { conn: &conn }).map_err(|error| match error {
        Error::Missing { .. } => Error::Damaged("it does not say which workspace it is".to_owned()),
        other => other,
    })?;
    Ok(Store {
        dir: dir.to_owned(),
        writer: Mutex::new(conn),
        readers: (!cramped).then(Mutex::default),
        schema: migrate::known(migrations),
        faults: o.faults.clone(),
        _presence: Some(presence),
    })
}

/// Refuses links among a workspace's folders, and in the place of its database: whoever made it would have Griot read and
/// write elsewhere on this machine.
fn plain_folders(dir: &Path) -> Result<(), Error> {
    /// `media`, `media/originals`, `media/originals/ab`.
    const DEPTH: usize = 3;
    /// What else lies beside them is the person's.
    const OURS: &[&str] =
        &[DATABASE, "griot.db-wal", "griot.db-shm", PRESENCE, "worker.lock", MEDIA, "copies", "by-hand"];
    let mut folders = vec![(dir.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let kind = entry.file_type()?;
            if depth == 0 && !OURS.iter().any(|ours| entry.file_name() == **ours) {
                continue;
            }
            if kind.is_symlink() {
                let path = entry.path();
                let name = path.strip_prefix(dir).unwrap_or(&path).display();
                return Err(Error::Altered(format!("link {name}")));
            }
            if kind.is_dir() && depth + 1 < DEPTH {
                folders.push((entry.path(), depth + 1));
            }
        }
    }
    Ok(())
}

/// The writer, and whether it is the only connection that there can be: on a full disk there is no room for what
/// connections share, and what is there can still be read.
fn connect(file: &Path, alone: bool) -> Result<(Connection, bool), Error> {
    let looked = connection::open(file, Access::Write).and_then(|conn| {
        conn.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(conn)
    });
    match looked {
        Err(Error::Full | Error::Io(_)) if alone => {
            tracing::warn!("the disk is full: the workspace is opened for reading");
            Ok((connection::open_alone(file)?, true))
        }
        looked => looked.map(|conn| (conn, false)),
    }
}

/// Stands between what is damaged and the path of the newest copy, so that a person can be told the one in their own
/// language.
pub const NEWEST_COPY: &str = "; the newest copy is ";

fn name_the_copy(error: Error, dir: &Path, now: Timestamp) -> Error {
    match (error, copies::newest(dir, now)) {
        (Error::Damaged(why), Some(copy)) => Error::Damaged(format!("{why}{NEWEST_COPY}{}", copy.display())),
        (error, _) => error,
    }
}

/// Takes a share of the presence lock and says whether nobody else has one.
fn enter(dir: &Path) -> Result<(File, bool), Error> {
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(dir.join(PRESENCE))?;
    let alone = match file.try_lock() {
        Ok(()) => true,
        Err(TryLockError::WouldBlock) => false,
        Err(TryLockError::Error(error)) => return Err(error.into()),
    };
    if alone {
        file.unlock()?;
    }
    // Whoever tries at this instant holds it for a moment only.
    file.lock_shared()?;
    Ok((file, alone))
}

/// Where SQLite keeps what is not in the database's file yet.
fn log_of(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// Reads every page once.
pub(crate) fn quick_check(conn: &Connection) -> Result<(), Error> {
    let said: String = conn.query_row("PRAGMA quick_check(1)", [], |row| row.get(0))?;
    if said == "ok" { Ok(()) } else { Err(Error::Damaged(said)) }
}

/// The first bytes of the file (sqlite.org/fileformat.html, "The Database Header").
struct Header {
    bytes: [u8; 100],
    length: u64,
}

impl Header {
    fn read(dir: &Path, file: &Path) -> Result<Self, Error> {
        // A folder with copies was a workspace: whatever stands in the database's place is damage.
        let no_database = |why: &str| {
            if copies::all(dir).is_empty() {
                Error::NotAWorkspace(dir.to_owned())
            } else {
                Error::Damaged(why.to_owned())
            }
        };
        let mut opened = match File::open(file) {
            Ok(opened) if opened.metadata()?.is_file() => opened,
            Ok(_) => return Err(no_database("a folder stands in the database's place")),
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(no_database("its file is missing"));
            }
            // Windows says so of a folder too.
            Err(_) if file.is_dir() => return Err(no_database("a folder stands in the database's place")),
            Err(error) => return Err(error.into()),
        };
        let length = opened.metadata()?.len();
        let mut bytes = [0; 100];
        if length < 100 {
            return Err(no_database("its file is almost empty"));
        }
        opened.read_exact(&mut bytes)?;
        let header = Self { bytes, length };
        if !header.bytes.starts_with(b"SQLite format 3\0") {
            return Err(no_database("its first bytes are not a database's"));
        }
        if header.number(68) != APPLICATION_ID.unsigned_abs() {
            return Err(no_database("it is another program's database"));
        }
        Ok(header)
    }

    fn number(&self, at: usize) -> u32 {
        self.bytes[at..at + 4].iter().fold(0, |n, byte| (n << 8) | u32::from(*byte))
    }

    /// Whether the file is as long as its header says. Only without a log: with one, the log completes it.
    fn check_length(&self) -> Result<(), Error> {
        let page = match u64::from(self.number(16) >> 16) {
            1 => 65_536,
            size => size,
        };
        let pages = u64::from(self.number(28));
        // The page count holds only while these two counters agree.
        if self.number(24) == self.number(92) && self.length < page * pages {
            return Err(Error::Damaged(format!("{} bytes are left of {}", self.length, page * pages)));
        }
        Ok(())
    }
}
