//! Reads a backup into a new workspace. The file may come from a stranger.
//!
//! Everything is written into a folder of its own first and checked there; only a whole, sound workspace
//! that belongs to nobody takes the name that was asked for. An existing workspace is never touched.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, Read, Write};
use std::path::Path;

use tar::{Archive, Entry, EntryType};

use super::{FORM, LABEL, Label, Line, MANIFEST};
use crate::migrate::{self, MIGRATIONS};
use crate::renditions::{self, is_inside};
use crate::store::open::quick_check;
use crate::{DATABASE, Error, MEDIA, Options, Reader, Store, assets, deliveries, disk, drive, workspace};

/// The most entries a backup may have. A studio of ten years has fewer than a tenth of it.
const MOST_ENTRIES: usize = 1_000_000;

/// The longest label, and the longest manifest line times the most entries would be too long: texts end here.
const LONGEST_TEXT: u64 = 256 << 20;

/// Makes the workspace `dir` from a backup. Nobody owns its outbox: like any copy, it publishes nothing before
/// a person let it.
///
/// # Errors
/// [`Error::AlreadyThere`] unless `dir` is absent or an empty folder; [`Error::NotABackup`]; [`Error::TooNew`];
/// else see [`Error`]. After an error nothing is left behind.
pub fn restore(file: &Path, dir: &Path, o: &Options) -> Result<Store, Error> {
    let empty = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) if error.kind() == io::ErrorKind::NotADirectory => return Err(Error::AlreadyThere),
        Err(error) => return Err(error.into()),
    };
    if dir.exists() && !empty {
        return Err(Error::AlreadyThere);
    }
    let archive = File::open(file)?;
    let parent = disk::folder_of(dir);
    fs::create_dir_all(parent)?;
    if drive::is_network(parent) {
        return Err(Error::NetworkDrive);
    }
    let part = tempfile::Builder::new().prefix(".griot-restore-").tempdir_in(parent)?;
    // A folder inside: the outer one is private to its owner, a workspace has the person's usual rights.
    let inner = part.path().join("workspace");
    fs::create_dir(&inner)?;
    unpack(archive, &inner)?;
    o.faults.at("store.disk_full")?;
    examine(&inner, o)?;
    sync_folders(&inner)?;
    if empty {
        fs::remove_dir(dir)?;
    }
    fs::rename(&inner, dir)?;
    disk::sync_folder(parent)?;
    Store::open(dir, o)
}

fn not_a_backup(why: impl Into<String>) -> Error {
    Error::NotABackup(why.into())
}

/// What tar says of bytes that are not tar, against what the disk says.
fn blame(error: io::Error) -> Error {
    match error.kind() {
        io::ErrorKind::Other
        | io::ErrorKind::InvalidData
        | io::ErrorKind::InvalidInput
        | io::ErrorKind::UnexpectedEof => not_a_backup(error.to_string()),
        _ => error.into(),
    }
}

/// Writes every entry below `dir` and holds them against the manifest.
fn unpack(file: File, dir: &Path) -> Result<(), Error> {
    let mut archive = Archive::new(BufReader::new(file));
    let mut written = BTreeMap::new();
    let mut labelled = false;
    let mut manifest: Option<Vec<Line>> = None;
    for entry in archive.entries().map_err(blame)? {
        let mut entry = entry.map_err(blame)?;
        let path = plain_path(&entry)?;
        if manifest.is_some() || written.len() > MOST_ENTRIES {
            return Err(not_a_backup("it goes on after its end"));
        }
        match (path.as_str(), labelled) {
            (LABEL, false) => {
                check_label(&text(&mut entry)?)?;
                labelled = true;
            }
            (_, false) => return Err(not_a_backup("it does not begin like one")),
            (MANIFEST, true) => manifest = Some(read_json(&text(&mut entry)?)?),
            (_, true) => {
                let line = write_entry(&mut entry, dir, &path)?;
                if written.insert(path.clone(), line).is_some() {
                    return Err(not_a_backup(format!("{path} is in it twice")));
                }
            }
        }
    }
    let manifest = manifest.ok_or_else(|| not_a_backup("its end is missing"))?;
    for line in &manifest {
        if written.remove(&line.path).as_ref() != Some(line) {
            return Err(not_a_backup(format!("{} is not what was backed up", line.path)));
        }
    }
    match written.into_keys().next() {
        Some(stray) => Err(not_a_backup(format!("{stray} does not belong to it"))),
        None => Ok(()),
    }
}

/// The path of an entry that is a plain file where a backup has files.
fn plain_path<R: Read>(entry: &Entry<'_, R>) -> Result<String, Error> {
    // No link, device, folder or sparse file is ever written by a backup; a sparse one could be a bomb.
    if entry.header().entry_type() != EntryType::Regular {
        return Err(not_a_backup("it holds something that is not a plain file"));
    }
    let bytes = entry.path_bytes();
    let path = std::str::from_utf8(&bytes).map_err(|_| not_a_backup("a name in it is not text"))?;
    let media = path.strip_prefix(MEDIA).is_some_and(|rest| rest.starts_with('/'));
    if is_inside(path) && (media || [LABEL, MANIFEST, DATABASE].contains(&path)) {
        Ok(path.to_owned())
    } else {
        Err(not_a_backup(format!("a file in it wants to be {path:?}")))
    }
}

fn text<R: Read>(entry: &mut Entry<'_, R>) -> Result<Vec<u8>, Error> {
    let mut text = Vec::new();
    entry.take(LONGEST_TEXT).read_to_end(&mut text).map_err(blame)?;
    if text.len() as u64 == entry.size() { Ok(text) } else { Err(not_a_backup("it was cut")) }
}

fn read_json<T: serde::de::DeserializeOwned>(text: &[u8]) -> Result<T, Error> {
    serde_json::from_slice(text).map_err(|error| not_a_backup(error.to_string()))
}

fn check_label(text: &[u8]) -> Result<(), Error> {
    let label: Label = read_json(text)?;
    let known = migrate::known(MIGRATIONS);
    if label.schema > known || label.form > FORM {
        return Err(Error::TooNew { found: label.schema, known });
    }
    Ok(())
}

fn write_entry<R: Read>(entry: &mut Entry<'_, R>, dir: &Path, path: &str) -> Result<Line, Error> {
    let place = dir.join(path);
    fs::create_dir_all(disk::folder_of(&place))?;
    // create_new: two names that one file system takes for the same do not overwrite each other.
    let mut file =
        OpenOptions::new().write(true).create_new(true).open(&place).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory => {
                not_a_backup(format!("{path} is in it twice"))
            }
            _ => error.into(),
        })?;
    let mut hasher = blake3::Hasher::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 1 << 18];
    loop {
        let n = entry.read(&mut buffer).map_err(blame)?;
        if n == 0 {
            break;
        }
        hasher.update(&buffer[..n]);
        file.write_all(&buffer[..n])?;
        bytes += n as u64;
    }
    if bytes != entry.size() {
        return Err(not_a_backup("it was cut"));
    }
    file.sync_all()?;
    Ok(Line { path: path.to_owned(), bytes, blake3: hasher.finalize().to_hex().to_string() })
}

/// Looks at the database before anything uses it, and takes its owner away.
fn examine(dir: &Path, o: &Options) -> Result<(), Error> {
    fs::create_dir_all(dir.join(MEDIA))?;
    if !dir.join(DATABASE).is_file() {
        return Err(not_a_backup("there is no database in it"));
    }
    // Whatever is wrong with the database is wrong with the backup: there is no workspace yet that could be damaged.
    let of_backup = |error| match error {
        Error::NotAWorkspace(_) => not_a_backup("its database is not Griot's"),
        Error::Altered(what) => not_a_backup(format!("its database was altered: {what}")),
        Error::Damaged(why) => not_a_backup(format!("its database is damaged: {why}")),
        other => other,
    };
    let store = Store::open(dir, o).map_err(of_backup)?;
    {
        let conn = store.writer();
        quick_check(&conn).map_err(of_backup)?;
        // Every row that names files: what cannot be read is refused here and not on the day it is needed.
        let r = Reader { conn: &conn };
        let unsound = |_| not_a_backup("a row in it names no file of Griot's");
        renditions::list(&r).map_err(unsound)?;
        assets::check(&r).map_err(unsound)?;
    }
    store.write(|tx| {
        workspace::set_owner(tx, None)?;
        // What a person let go was let go where the backup was made.
        deliveries::forget_releases(tx)
    })?;
    store.close()
}

fn sync_folders(dir: &Path) -> Result<(), Error> {
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_type()?.is_dir() {
            sync_folders(&entry.path())?;
        }
    }
    Ok(disk::sync_folder(dir)?)
}
