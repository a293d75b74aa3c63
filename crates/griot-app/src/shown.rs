//! The file door: what a page may show, by id, for the hosts that serve bytes.
//!
//! Only ids come in, so nothing but originals, pictures made from them and by-hand files can ever be named.
//! Deliberately absent: HTTP, ranges, the bytes themselves.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use griot_domain::{Asset, AssetId, DeliveryId, Format, MediaKind};
use griot_media::film;

use crate::failure::Failure;
use crate::handles::file_name;
use crate::library::{files, import, limits, refine};
use crate::studio::{Studio, Workspace};
use crate::{AppError, Code};

/// Something to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// An asset's original.
    Original(AssetId),
    /// A small picture of an asset.
    Thumbnail(AssetId),
    /// One frame of a film, at this many milliseconds; rounded down to half a second.
    Frame(AssetId, u64),
    /// One of the twelve pictures of the strip under which a film is trimmed, from 0.
    Strip(AssetId, u32),
    /// What a change makes of an asset, by the name that a command gave it.
    Look(u128),
    /// One of the files that a person publishes by hand, in the order of the post.
    ByHand(DeliveryId, usize),
}

/// A file to serve.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ShownFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its media type.
    pub mime: &'static str,
    /// Its size.
    pub bytes: u64,
    /// What to call it.
    pub name: String,
}

/// So many pictures stand on a film's strip, evenly spaced from its start.
const STRIP: u32 = 12;
/// Their height in pixels: sharp at twice the size of the panel's strip.
const STRIP_HEIGHT: u32 = 128;
/// Frames are this far apart, in milliseconds: who looks around in a film asks for the same ones again.
const APART_MS: u64 = 500;

impl Studio {
    /// The file of what is to be shown; made now when it can be made and is not there.
    ///
    /// # Errors
    /// [`Code::NotFound`] for what is not there (any more), and what making it meets: no ffmpeg, a full disk.
    pub fn shown(self: &Arc<Self>, what: Shown) -> Result<ShownFile, AppError> {
        find(self, what).map_err(|failure| self.say(failure))
    }
}

fn find(studio: &Arc<Studio>, what: Shown) -> Result<ShownFile, Failure> {
    let workspace = studio.workspace()?;
    match what {
        Shown::Original(id) => {
            let asset = import::asset(&workspace, id)?;
            let path = import::there(&workspace, &asset)?;
            file(&workspace, path, asset.facts.format.mime(), asset.name)
        }
        Shown::Thumbnail(id) => {
            let asset = import::asset(&workspace, id)?;
            let path = thumbnail(studio, &workspace, &asset)?;
            file(&workspace, path, Format::Jpeg.mime(), asset.name)
        }
        Shown::Frame(id, at_ms) => {
            let asset = import::asset(&workspace, id)?;
            let path = frame(studio, &workspace, &asset, at_ms)?;
            file(&workspace, path, Format::Jpeg.mime(), asset.name)
        }
        Shown::Strip(id, n) => {
            let asset = import::asset(&workspace, id)?;
            let path = strip(studio, &workspace, &asset, n)?;
            file(&workspace, path, Format::Jpeg.mime(), asset.name)
        }
        Shown::Look(key) => {
            let (path, asset) = crate::looks::file(studio, &workspace, key)?;
            file(&workspace, path, Format::Jpeg.mime(), asset.name)
        }
        Shown::ByHand(id, n) => {
            let files = match crate::outbox::by_hand_files(&workspace, id) {
                Err(Failure::Io(_, e)) if e.kind() == std::io::ErrorKind::NotFound => return Err(gone()),
                files => files?,
            };
            let path = files.into_iter().nth(n).ok_or_else(gone)?;
            let mime = mime_of(&path);
            let name = file_name(&path);
            file(&workspace, path, mime, name)
        }
    }
}

fn file(
    workspace: &Workspace,
    path: PathBuf,
    mime: &'static str,
    name: String,
) -> Result<ShownFile, Failure> {
    if !files::is_plain(workspace, &path) {
        return Err(gone());
    }
    let facts = fs::metadata(&path).map_err(Failure::io(&path))?;
    Ok(ShownFile { bytes: facts.len(), path, mime, name })
}

fn thumbnail(studio: &Arc<Studio>, workspace: &Workspace, asset: &Asset) -> Result<PathBuf, Failure> {
    let place = import::thumbnail_place(workspace, &asset.hash);
    let early = refine::place(workspace, &asset.hash);
    if studio.rough.has(asset.id) && early.exists() {
        return Ok(early);
    }
    if !place.exists() && early.exists() {
        // An import was stopped before it looked at this picture.
        refine::one(studio, workspace, asset)?;
    } else if !place.exists() {
        let original = import::there(workspace, asset)?;
        let _leave = (asset.facts.kind == MediaKind::Video).then(|| studio.films.leave());
        files::write_whole(&place, &import::thumbnail(studio, asset.facts.kind, &original)?)?;
    }
    Ok(place)
}

/// One frame of a film.
pub(crate) fn frame(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    asset: &Asset,
    at_ms: u64,
) -> Result<PathBuf, Failure> {
    is_film(asset)?;
    let last = asset.facts.duration_ms.unwrap_or(0).saturating_sub(1);
    let at = at_ms.min(last) / APART_MS * APART_MS;
    let folder = frames(workspace, &asset.hash);
    let place = folder.join(format!("{at}.jpg"));
    if !place.exists() {
        let original = import::there(workspace, asset)?;
        let _leave = studio.films.leave();
        // Somebody else may have asked for the same one, and waited for less long.
        if !place.exists() {
            let ffmpeg = studio.ffmpeg()?;
            fs::create_dir_all(&folder).map_err(Failure::io(&folder))?;
            film::frame(&ffmpeg, &original, at, &place, &studio.options.scratch, &limits())?;
        }
    }
    Ok(place)
}

fn is_film(asset: &Asset) -> Result<(), Failure> {
    if asset.facts.kind == MediaKind::Video {
        return Ok(());
    }
    Err(Failure::say(
        Code::BadRequest,
        "Une image n\u{2019}a pas d\u{2019}autre vue qu\u{2019}elle-même.",
        "A picture has no other view than itself.",
        ("", ""),
    ))
}

/// One picture of a film's strip; all of them are made by one run, when the first is asked for.
fn strip(studio: &Arc<Studio>, workspace: &Workspace, asset: &Asset, n: u32) -> Result<PathBuf, Failure> {
    is_film(asset)?;
    if n >= STRIP {
        return Err(Failure::not_found(("Vue", "frame"), &n.to_string()));
    }
    let folder = frames(workspace, &asset.hash).join("strip");
    let place = folder.join(format!("{n}.jpg"));
    if place.exists() {
        return Ok(place);
    }
    let original = import::there(workspace, asset)?;
    // The other eleven wait here, and find theirs.
    let _one = studio.films.strip();
    if !place.exists() {
        let ffmpeg = studio.ffmpeg()?;
        let _leave = studio.films.leave();
        fs::create_dir_all(&folder).map_err(Failure::io(&folder))?;
        let scratch = &studio.options.scratch;
        film::strip_of_frames(&ffmpeg, &original, STRIP, STRIP_HEIGHT, &folder, scratch, &limits(), &())?;
    }
    Ok(place)
}

/// Where the frames of a film are kept until the next morning.
pub(crate) fn frames(workspace: &Workspace, hash: &str) -> PathBuf {
    frames_folder(workspace).join(hash.get(..2).unwrap_or("00")).join(hash)
}

/// Where everything is kept that is only looked at.
pub(crate) fn frames_folder(workspace: &Workspace) -> PathBuf {
    workspace.media().join("frames")
}

/// Removes every kept frame: they are made again when they are looked at.
pub(crate) fn sweep(workspace: &Workspace) -> Result<(), Failure> {
    let folder = frames_folder(workspace);
    match fs::remove_dir_all(&folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Failure::Io(folder, e)),
        _ => Ok(()),
    }
}

/// By-hand files carry the ending of their format: Griot named them itself.
fn mime_of(path: &Path) -> &'static str {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    Format::ALL
        .into_iter()
        .find(|format| format.extension() == ending)
        .map_or("application/octet-stream", Format::mime)
}

fn gone() -> Failure {
    Failure::say(
        Code::NotFound,
        "Cette publication n\u{2019}a pas ce fichier.",
        "This post has no such file.",
        ("Regardez-la de nouveau dans la file d\u{2019}attente.", "Look at it again in the queue."),
    )
}
