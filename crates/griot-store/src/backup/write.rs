//! Writes a backup while the workspace is in use: the database first, then the files it may name.
//!
//! A file that comes in meanwhile is not in the database's snapshot and is not needed. Renditions that
//! nothing needs are left out: they can be made again.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read};
use std::path::{Path, PathBuf};

use griot_domain::Timestamp;
use tar::{Builder, EntryType, Header};

use super::{FORM, LABEL, Label, Line, MANIFEST};
use crate::{DATABASE, Error, MEDIA, Store, disk, renditions, workspace};

/// How many bytes are copied between two questions whether to go on.
const STRIDE: usize = 1 << 20;

/// What a backup came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// Its length in bytes.
    pub bytes: u64,
    /// The files in it by their paths in the workspace, each with its BLAKE3 as 64 hexadecimal digits.
    pub files: BTreeMap<String, String>,
}

/// Writes the workspace into `file`, which appears whole or not at all and replaces what was there; says what went
/// in. `progress` hears how many of how many bytes are in, and stops by returning false.
///
/// # Errors
/// [`Error::Cancelled`]; else see [`Error`].
pub fn write(
    store: &Store,
    file: &Path,
    now: Timestamp,
    progress: &mut dyn FnMut(u64, u64) -> bool,
) -> Result<Written, Error> {
    store.pass("store.backup")?;
    let part = disk::beside(file)?;
    let snapshot = disk::beside(file)?.into_temp_path();
    store.snapshot_to(&snapshot)?;
    let (label, unused) = store.read(|r| {
        let label = Label { form: FORM, workspace: workspace::id(r)?, schema: store.schema(), made_at: now };
        let unused: BTreeSet<String> =
            renditions::unused(r, now)?.into_iter().map(|made| made.path()).collect();
        Ok::<_, Error>((label, unused))
    })?;
    let mut files = vec![(DATABASE.to_owned(), snapshot.to_path_buf())];
    for (path, place) in media(store.dir())? {
        if !unused.contains(&path) && place != file && place != part.path() {
            files.push((path, place));
        }
    }
    let mut total = 0;
    for (_, place) in &files {
        total += fs::metadata(place)?.len();
    }
    let mut archive = Archive {
        builder: Builder::new(BufWriter::new(part.reopen()?)),
        lines: Vec::with_capacity(files.len()),
        done: 0,
        total,
        made_at: now,
        progress,
    };
    archive.text(LABEL, &label)?;
    for (path, place) in &files {
        archive.file(path, place)?;
    }
    let manifest = std::mem::take(&mut archive.lines);
    archive.text(MANIFEST, &manifest)?;
    archive.builder.into_inner()?.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    store.pass("store.disk_full")?;
    let bytes = part.as_file().metadata()?.len();
    disk::settle(part, file)?;
    let files = manifest.into_iter().map(|line| (line.path, line.blake3)).collect();
    Ok(Written { bytes, files })
}

struct Archive<'a> {
    builder: Builder<BufWriter<File>>,
    lines: Vec<Line>,
    done: u64,
    total: u64,
    made_at: Timestamp,
    progress: &'a mut dyn FnMut(u64, u64) -> bool,
}

impl Archive<'_> {
    fn header(&self, bytes: u64) -> Header {
        let mut header = Header::new_gnu();
        header.set_entry_type(EntryType::Regular);
        header.set_size(bytes);
        header.set_mode(0o644);
        header.set_mtime(u64::try_from(self.made_at.millis() / 1000).unwrap_or(0));
        header
    }

    fn text(&mut self, path: &str, value: &impl serde::Serialize) -> Result<(), Error> {
        let text = serde_json::to_vec_pretty(value).map_err(|error| Error::Bug(error.to_string()))?;
        let mut header = self.header(text.len() as u64);
        Ok(self.builder.append_data(&mut header, path, text.as_slice())?)
    }

    fn file(&mut self, path: &str, place: &Path) -> Result<(), Error> {
        let source = File::open(place)?;
        let bytes = source.metadata()?.len();
        let mut header = self.header(bytes);
        let mut source = Watched {
            inner: BufReader::with_capacity(STRIDE, source.take(bytes)),
            hasher: blake3::Hasher::new(),
            done: self.done,
            total: self.total,
            progress: &mut *self.progress,
            stopped: false,
        };
        let copied = self.builder.append_data(&mut header, path, &mut source);
        if source.stopped {
            return Err(Error::Cancelled);
        }
        copied?;
        if source.done - self.done != bytes {
            return Err(Error::Io(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("{path} became shorter"),
            )));
        }
        self.done = source.done;
        let blake3 = source.hasher.finalize().to_hex().to_string();
        self.lines.push(Line { path: path.to_owned(), bytes, blake3 });
        Ok(())
    }
}

/// A source that is hashed and counted as it is read, and that can be stopped.
struct Watched<'a, R> {
    inner: R,
    hasher: blake3::Hasher,
    done: u64,
    total: u64,
    progress: &'a mut dyn FnMut(u64, u64) -> bool,
    stopped: bool,
}

impl<R: Read> Read for Watched<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..n]);
        self.done += n as u64;
        if !(self.progress)(self.done, self.total) {
            self.stopped = true;
            return Err(io::Error::other("stopped"));
        }
        Ok(n)
    }
}

/// Every plain file under `media`, by its path with forward slashes, in order. Links are not followed, and
/// what begins with a dot is a file in the making.
fn media(dir: &Path) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut found = Vec::new();
    let mut folders = vec![(MEDIA.to_owned(), dir.join(MEDIA))];
    while let Some((path, place)) = folders.pop() {
        let entries = match fs::read_dir(&place) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| !name.starts_with('.')) else { continue };
            let (path, kind) = (format!("{path}/{name}"), entry.file_type()?);
            if kind.is_dir() {
                folders.push((path, entry.path()));
            } else if kind.is_file() {
                found.push((path, entry.path()));
            }
        }
    }
    found.sort();
    Ok(found)
}
