//! Files that appear whole or not at all.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use griot_domain::Faults;
use griot_media::Progress;

use crate::failure::Failure;
use crate::studio::Workspace;

/// Read and written in pieces of this size: large enough to be fast, small enough to cancel at once.
const PIECE: usize = 256 * 1024;

/// A copy that has not got its name yet.
pub(crate) struct Arrived {
    file: tempfile::NamedTempFile,
    /// BLAKE3 of the bytes, 64 hexadecimal digits.
    pub(crate) hash: String,
}

impl Arrived {
    /// Where the copy is for now.
    pub(crate) fn path(&self) -> &Path {
        self.file.path()
    }

    /// Gives the copy its name, durably; says whether it was needed. A file of that name that has these bytes stays;
    /// one that has not (cut short, damaged) makes room: its name is the hash of what it should be.
    pub(crate) fn keep(self, path: &Path) -> Result<bool, Failure> {
        if hash_of(path).is_some_and(|there| there == self.hash) {
            return Ok(false);
        }
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder).map_err(Failure::io(folder))?;
        }
        self.file.persist(path).map_err(|e| Failure::Io(path.to_owned(), e.error))?;
        sync_folder(path);
        Ok(true)
    }
}

/// Copies `source` into a nameless file in `folder`, hashing as it goes.
pub(crate) fn bring(
    source: &Path,
    folder: &Path,
    faults: &Faults,
    progress: &dyn Progress,
) -> Result<Arrived, Failure> {
    let mut input = File::open(source).map_err(Failure::io(source))?;
    let size = input.metadata().map_err(Failure::io(source))?.len();
    fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    let mut file =
        tempfile::Builder::new().prefix(".arriving-").tempfile_in(folder).map_err(Failure::io(folder))?;
    let mut hasher = blake3::Hasher::new();
    let mut piece = vec![0; PIECE];
    let mut done = 0_u64;
    loop {
        let n = match input.read(&mut piece) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(Failure::Io(source.to_owned(), e)),
        };
        faults.at("import.write").and_then(|()| file.write_all(&piece[..n])).map_err(Failure::io(folder))?;
        hasher.update(&piece[..n]);
        done += n as u64;
        progress.report(share(done, size)).map_err(griot_media::Error::from)?;
    }
    faults.at("import.sync").and_then(|()| file.as_file().sync_all()).map_err(Failure::io(folder))?;
    Ok(Arrived { file, hash: hasher.finalize().to_hex().to_string() })
}

/// BLAKE3 of a file as 64 hexadecimal digits; nothing of one that is not there or cannot be read.
fn hash_of(path: &Path) -> Option<String> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut File::open(path).ok()?, &mut hasher).ok()?;
    Some(hasher.finalize().to_hex().to_string())
}

/// Writes `bytes` to `path`, whole or not at all, durably.
pub(crate) fn write_whole(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let made = (|| {
        fs::create_dir_all(folder)?;
        let mut file = tempfile::Builder::new().prefix(".writing-").tempfile_in(folder)?;
        file.write_all(bytes)?;
        file.as_file().sync_all()?;
        file.persist(path).map_err(|e| e.error)?;
        Ok(())
    })();
    made.map_err(Failure::io(path))?;
    sync_folder(path);
    Ok(())
}

/// Makes a new name in a folder survive a power cut, where the system has such a thing.
fn sync_folder(path: &Path) {
    #[cfg(unix)]
    if let Some(folder) = path.parent()
        && let Ok(folder) = File::open(folder)
        && let Err(error) = folder.sync_all()
    {
        // Some file systems have no such thing; the file itself is durable.
        tracing::debug!(%error, "a folder could not be synced");
    }
    #[cfg(not(unix))]
    let _ = path;
}

/// Whether `path` is a plain file below the workspace's folder, reached through plain folders. A link leads elsewhere: what
/// a workspace holds may come from a stranger, and nothing of this machine is read, shown, sent or deleted through it.
pub(crate) fn is_plain(workspace: &Workspace, path: &Path) -> bool {
    let plain = |path: &Path| fs::symlink_metadata(path).is_ok_and(|facts| facts.is_file());
    plain(path) && has_plain_folders(workspace, path)
}

fn has_plain_folders(workspace: &Workspace, path: &Path) -> bool {
    let Ok(inside) = path.strip_prefix(&workspace.dir) else { return false };
    let mut folders = inside.ancestors().skip(1).filter(|part| !part.as_os_str().is_empty());
    let is_folder =
        |part: &Path| fs::symlink_metadata(workspace.dir.join(part)).is_ok_and(|facts| facts.is_dir());
    inside.components().all(|part| matches!(part, std::path::Component::Normal(_))) && folders.all(is_folder)
}

/// Whether `path` is a plain file of the workspace with these bytes.
pub(crate) fn is_sound(workspace: &Workspace, path: &Path, hash: &str) -> bool {
    is_plain(workspace, path) && hash_of(path).is_some_and(|there| there == hash)
}

/// Removes a file of the workspace; what lies behind a link is nobody's to remove.
///
/// # Errors
/// What the system says; [`io::ErrorKind::NotFound`] where a link leads elsewhere.
pub(crate) fn remove(workspace: &Workspace, path: &Path) -> io::Result<()> {
    if has_plain_folders(workspace, path) {
        fs::remove_file(path)
    } else {
        Err(io::ErrorKind::NotFound.into())
    }
}

/// `ab/abcdef...` below `folder`: no folder grows too large.
pub(crate) fn by_hash(folder: &Path, hash: &str, extension: &str) -> PathBuf {
    folder.join(hash.get(..2).unwrap_or("00")).join(format!("{hash}.{extension}"))
}

#[expect(clippy::cast_precision_loss, reason = "a share of a progress bar needs two digits")]
fn share(done: u64, all: u64) -> f32 {
    if all == 0 { 1.0 } else { (done as f32 / all as f32).min(1.0) }
}
