//! Bytes that a page brings, in pieces, and files that it takes away: a folder of this studio's own.
//!
//! Nothing is held in memory, nothing is larger than was announced, and a name from outside is shown and never used
//! as a path. Deliberately absent: HTTP. What is left behind goes with the studio, or at the next start.

use std::collections::HashMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use griot_domain::Timestamp;

use crate::AppError;
use crate::failure::Failure;
use crate::handles::Handle;
use crate::journal::hex;
use crate::library::limits;
use crate::shown::ShownFile;
use crate::studio::{Studio, lock};
use crate::wire::desktop::PickedFile;

mod refusals;

/// Bytes under way.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UploadId(pub String);

/// So many may be under way at once.
const AT_ONCE: usize = 16;
/// Of which the next one may take the place, when it is needed: its page has said nothing for so long.
const IDLE: Duration = Duration::from_secs(60);
/// Nobody comes back for one that has rested for so long.
const ABANDONED: Duration = Duration::from_secs(600);
/// Read and written in pieces of this size.
const PIECE: usize = 256 * 1024;
/// What has to stay free on the disk beside what comes: the database wants room too.
const SPARE: u64 = 64 << 20;
/// What the folders' names begin with.
const PREFIX: &str = "griot-page-";
/// A folder is in use while this file in it is locked.
const IN_USE: &str = "in-use.lock";

/// One file that comes.
struct Upload {
    name: String,
    size: u64,
    done: u64,
    path: PathBuf,
    file: File,
    /// When its page last said something.
    touched: Timestamp,
}

/// An upload, or the place of one that is being written to.
enum Slot {
    Resting(Upload),
    Busy,
}

/// This studio's folder; the lock says to others that it is in use.
struct Folder {
    /// Closed before the folder goes: some systems remove no folder with an open file in it.
    _in_use: File,
    dir: tempfile::TempDir,
}

/// The uploads of one studio.
#[derive(Default)]
pub(crate) struct Uploads {
    folder: Option<Folder>,
    open: HashMap<UploadId, Slot>,
    count: u64,
}

impl Uploads {
    /// A new place in the folder, which is made when it is not there.
    fn place(&mut self, scratch: &Path, kind: &str) -> Result<PathBuf, Failure> {
        if self.folder.is_none() {
            remove_abandoned(scratch);
            self.folder = Some(Folder::make(scratch)?);
        }
        let folder = self.folder.as_ref().expect("BUG: the folder was made a line above");
        self.count += 1;
        Ok(folder.dir.path().join(format!("{kind}-{}", self.count)))
    }

    /// Lets go of what pages that were closed have left behind: all that is old, and one more where the next has no place.
    fn make_room(&mut self, now: Timestamp) {
        let resting = |slot: &Slot| match slot {
            Slot::Resting(upload) => Some(upload.touched),
            Slot::Busy => None,
        };
        let mut left: Vec<(Timestamp, UploadId)> =
            self.open.iter().filter_map(|(id, slot)| Some((resting(slot)?, id.clone()))).collect();
        left.sort_by_key(|(touched, _)| *touched);
        for (touched, id) in left {
            let needed = self.open.len() >= AT_ONCE && touched.plus(IDLE) < now;
            if needed || touched.plus(ABANDONED) < now {
                self.forget(&id);
            }
        }
    }

    fn forget(&mut self, id: &UploadId) {
        if let Some(Slot::Resting(upload)) = self.open.remove(id) {
            remove(&upload.path);
        }
    }

    fn holds(&self, path: &Path) -> bool {
        self.folder.as_ref().is_some_and(|folder| path.starts_with(folder.dir.path()))
    }
}

impl Folder {
    fn make(scratch: &Path) -> Result<Self, Failure> {
        let made = fs::create_dir_all(scratch).and_then(|()| {
            let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(scratch)?;
            let in_use = File::create(dir.path().join(IN_USE))?;
            in_use.lock()?;
            Ok(Self { _in_use: in_use, dir })
        });
        made.map_err(Failure::io(scratch))
    }
}

/// Removes the folders of studios that ended without a word.
pub(crate) fn remove_abandoned(scratch: &Path) {
    let Ok(entries) = fs::read_dir(scratch) else { return };
    for entry in entries.flatten() {
        let folder = entry.path();
        let ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        // A folder without the file is being made at this moment; one whose lock is held is in use.
        let left = ours && File::open(folder.join(IN_USE)).is_ok_and(|file| file.try_lock().is_ok());
        if left && let Err(error) = fs::remove_dir_all(&folder) {
            tracing::info!(%error, "an abandoned folder could not be removed");
        }
    }
}

impl Studio {
    /// Announces a file of `size` bytes.
    ///
    /// # Errors
    /// [`crate::Code::MediaTooLarge`] over what Griot takes, [`crate::Code::DiskFull`] without room, [`crate::Code::NotNow`] while too many are under way.
    pub fn upload_begin(&self, name: &str, size: u64) -> Result<UploadId, AppError> {
        self.begin(name, size).map_err(|failure| self.say(failure))
    }

    /// Takes the bytes from `offset` on, until `bytes` ends; gives how many there are now.
    ///
    /// # Errors
    /// What does not follow on is refused and what was there stays; more than was announced removes the upload.
    pub fn upload_write(&self, id: &UploadId, offset: u64, bytes: &mut dyn Read) -> Result<u64, AppError> {
        self.take_bytes(id, offset, bytes).map_err(|failure| self.say(failure))
    }

    /// Ends an upload: the page may name the file from now on.
    ///
    /// # Errors
    /// While bytes are missing; the upload stays.
    pub fn upload_end(&self, id: &UploadId) -> Result<PickedFile, AppError> {
        self.end(id).map_err(|failure| self.say(failure))
    }

    /// Forgets an upload and its bytes. One that is not there is none.
    pub fn upload_abandon(&self, id: &UploadId) {
        lock(&self.uploads).forget(id);
    }

    /// A place to write to, for a page whose host shows no dialogs: it takes the file away afterwards.
    ///
    /// # Errors
    /// When the folder cannot be made.
    pub fn save_target(&self, name: &str) -> Result<PickedFile, AppError> {
        let place = lock(&self.uploads).place(&self.options.scratch, "saved");
        let path = place.map_err(|failure| self.say(failure))?;
        Ok(self.picked_as(path, shown_name(name)))
    }

    /// What was written to such a place.
    ///
    /// # Errors
    /// [`crate::Code::NotFound`] when it is none, or nothing was written.
    pub fn saved_file(&self, handle: &str) -> Result<ShownFile, AppError> {
        self.saved(handle).map_err(|failure| self.say(failure))
    }

    fn begin(&self, name: &str, size: u64) -> Result<UploadId, Failure> {
        let most = limits().max_film_bytes.max(limits().max_picture_bytes);
        if size > most {
            return Err(refusals::too_large(size, most));
        }
        let scratch = &self.options.scratch;
        fs::create_dir_all(scratch).map_err(Failure::io(scratch))?;
        self.ports.faults.at("upload.room").map_err(Failure::io(scratch))?;
        if griot_store::free_bytes(scratch).is_some_and(|free| free < size.saturating_add(SPARE)) {
            return Err(Failure::Io(scratch.clone(), ErrorKind::StorageFull.into()));
        }
        let now = self.ports.now();
        let mut uploads = lock(&self.uploads);
        uploads.make_room(now);
        if uploads.open.len() >= AT_ONCE {
            return Err(refusals::too_many(AT_ONCE));
        }
        let path = uploads.place(scratch, "upload")?;
        let file = File::create_new(&path).map_err(Failure::io(&path))?;
        let id = UploadId(hex(&self.ports.ten()));
        let upload = Upload { name: shown_name(name), size, done: 0, path, file, touched: now };
        uploads.open.insert(id.clone(), Slot::Resting(upload));
        Ok(id)
    }

    fn take_bytes(&self, id: &UploadId, offset: u64, bytes: &mut dyn Read) -> Result<u64, Failure> {
        let mut upload = self.borrow(id)?;
        if offset != upload.done {
            let there = upload.done;
            self.give_back(id, upload);
            return Err(refusals::out_of_order(there));
        }
        // No lock is held while bytes come: they may come slowly.
        match pour(&mut upload, bytes) {
            Ok(()) => {
                let done = upload.done;
                self.give_back(id, upload);
                Ok(done)
            }
            Err(Poured::Broke(error)) => {
                let path = upload.path.clone();
                self.give_back(id, upload);
                Err(Failure::Io(path, error))
            }
            Err(Poured::TooMuch) => {
                self.drop_upload(id, &upload);
                Err(refusals::more_than_announced(upload.size))
            }
            Err(Poured::NotWritten(error)) => {
                self.drop_upload(id, &upload);
                Err(Failure::Io(upload.path.clone(), error))
            }
        }
    }

    fn borrow(&self, id: &UploadId) -> Result<Upload, Failure> {
        let mut uploads = lock(&self.uploads);
        let slot = uploads.open.get_mut(id).ok_or_else(refusals::unknown)?;
        match std::mem::replace(slot, Slot::Busy) {
            Slot::Resting(upload) => Ok(upload),
            Slot::Busy => Err(refusals::busy()),
        }
    }

    /// An upload that was abandoned meanwhile is removed now.
    fn give_back(&self, id: &UploadId, mut upload: Upload) {
        upload.touched = self.ports.now();
        match lock(&self.uploads).open.get_mut(id) {
            Some(slot) => *slot = Slot::Resting(upload),
            None => remove(&upload.path),
        }
    }

    fn drop_upload(&self, id: &UploadId, upload: &Upload) {
        lock(&self.uploads).open.remove(id);
        remove(&upload.path);
    }

    fn end(&self, id: &UploadId) -> Result<PickedFile, Failure> {
        let upload = self.borrow(id)?;
        if upload.done != upload.size {
            let there = upload.done;
            self.give_back(id, upload);
            return Err(refusals::out_of_order(there));
        }
        lock(&self.uploads).open.remove(id);
        Ok(self.picked_as(upload.path, upload.name))
    }

    fn saved(&self, handle: &str) -> Result<ShownFile, Failure> {
        let known = self.file_of(handle)?;
        let facts = fs::metadata(&known.path).ok();
        match facts.filter(|facts| facts.is_file() && lock(&self.uploads).holds(&known.path)) {
            Some(facts) => Ok(ShownFile {
                bytes: facts.len(),
                path: known.path,
                mime: "application/octet-stream",
                name: known.name,
            }),
            None => Err(Failure::not_found(("Fichier", "file"), &known.name)),
        }
    }

    /// Lets the bytes of an upload go, once the library has its own copy or refused it.
    pub(crate) fn let_go(&self, file: &Handle) {
        if lock(&self.uploads).holds(&file.path) {
            remove(&file.path);
        }
    }

    /// Removes everything that pages brought.
    pub(crate) fn drop_uploads(&self) {
        let mut uploads = lock(&self.uploads);
        uploads.open.clear();
        uploads.folder = None;
    }
}

/// Why bytes ended.
enum Poured {
    TooMuch,
    Broke(std::io::Error),
    NotWritten(std::io::Error),
}

fn pour(upload: &mut Upload, bytes: &mut dyn Read) -> Result<(), Poured> {
    let mut piece = vec![0; PIECE];
    loop {
        let n = match bytes.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(n) => n,
            Err(e) if e.kind() == ErrorKind::Interrupted => continue,
            Err(e) => return Err(Poured::Broke(e)),
        };
        if upload.done + n as u64 > upload.size {
            return Err(Poured::TooMuch);
        }
        upload.file.write_all(&piece[..n]).map_err(Poured::NotWritten)?;
        upload.done += n as u64;
    }
}

fn remove(path: &Path) {
    if let Err(error) = fs::remove_file(path) {
        tracing::debug!(%error, "a page's file was gone already");
    }
}

/// The last part of what a page called its file, without what no line of text should hold.
fn shown_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(200).collect();
    if clean.trim().is_empty() { "fichier".to_owned() } else { clean }
}
