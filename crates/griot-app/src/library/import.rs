//! Taking files in: looked at, copied by hash, known ones recognised. One bad file never stops the others.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{self, Sender};
use std::thread;

use griot_domain::{Asset, AssetId, Focus, MediaKind, Op};
use griot_media::{Progress, Sides, film, probe, still};
use griot_store::assets;

use super::litter::is_litter;
use super::refine::{self, Behind, Waiting};
use super::telling::Telling;
use super::{files, limits};
use crate::error::Code;
use crate::failure::Failure;
use crate::handles::{Handle, file_name};
use crate::jobs::Part;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact_untold};
use crate::wire::library::{ImportDone, Imported, RefusedFile};

/// Long side of a library thumbnail in pixels: sharp at twice the size of a library tile.
const THUMBNAIL: u32 = 320;
/// A folder deeper than this is a loop or a mistake.
const DEEPEST: usize = 16;

/// Takes files and folders in.
pub(crate) fn many(studio: &Arc<Studio>, given: &[String]) -> Result<ImportDone, Failure> {
    let workspace = studio.workspace()?;
    let mut done = ImportDone { imported: Vec::new(), refused: Vec::new() };
    let mut found = Vec::new();
    for name in given {
        // One that is not there is refused like a damaged one: the others come in.
        let (file, gathered) = match studio.file_of(name) {
            Ok(file) => {
                let gathered = gather(&file, 0, &mut found);
                (file, gathered)
            }
            Err(failure) => (Handle::unknown(name), Err(failure)),
        };
        if let Err(failure) = gathered {
            done.refused.push(refusal(studio, &file, failure));
        }
    }
    let job = studio.job(studio.lang().pick("Import", "Import"));
    let sides = Sides::new(&job, 2);
    let (to_refine, coming) = mpsc::channel();
    let side = sides.side(1);
    let behind = Behind::new(&side, found.len());
    let (taken, late) = thread::scope(|scope| {
        let looking = scope.spawn(|| refine::all(studio, &workspace, coming, &behind));
        let to_refine = ToRefine { waiting: to_refine, behind: &behind };
        let taken = each(studio, &workspace, &found, &sides.side(0), (to_refine, &mut done));
        let late = looking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        (taken, late)
    });
    for (id, refusal) in late {
        done.imported.retain(|imported| imported.asset != id);
        done.refused.push(refusal);
    }
    taken.map(|()| done)
}

/// Takes each file in, in their order; what is still to be looked at goes to `refine`.
fn each(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    found: &[Handle],
    job: &dyn Progress,
    (to_refine, done): (ToRefine<'_>, &mut ImportDone),
) -> Result<(), Failure> {
    let telling = Telling::of(studio);
    for (n, file) in found.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a share of a progress bar needs two digits")]
        let part = Part { whole: job, from: n as f32 / found.len() as f32, share: 1.0 / found.len() as f32 };
        match take(studio, workspace, file, &telling, (When::AtOnce, &part)) {
            Ok(Taken { asset, duplicate, rough }) => {
                done.imported.push(Imported {
                    asset: asset.id,
                    path: shown_path(studio, file),
                    kind: asset.facts.kind,
                    width: asset.facts.width,
                    height: asset.facts.height,
                    bytes: asset.facts.bytes,
                    duplicate,
                });
                match rough {
                    // The other side lives as long as this one: the file is let go there.
                    true => drop(to_refine.waiting.send(Waiting::new(studio, asset, file.clone()))),
                    false => to_refine.pass(studio, file),
                }
            }
            Err(Failure::Media(griot_media::Error::Cancelled)) => {
                found[n..].iter().for_each(|file| studio.let_go(file));
                return Err(Failure::Media(griot_media::Error::Cancelled));
            }
            Err(failure) => {
                done.refused.push(refusal(studio, file, failure));
                to_refine.pass(studio, file);
            }
        }
    }
    // A file that was refused says of itself how far it came.
    let _ = job.report(1.0);
    Ok(())
}

/// The way to those who look at pictures behind the copying.
struct ToRefine<'a> {
    waiting: Sender<Waiting>,
    behind: &'a Behind<'a>,
}

impl ToRefine<'_> {
    /// A file that nobody has to look at again.
    fn pass(&self, studio: &Studio, file: &Handle) {
        studio.let_go(file);
        // Whoever cancels is heard at the next file.
        let _ = self.behind.settled();
    }
}

/// Takes one file in; says whether it was known.
pub(crate) fn one(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    file: &Handle,
) -> Result<(Asset, bool), Failure> {
    let job = studio.job(&file.name);
    let taken = take(studio, workspace, file, &Telling::of(studio), (When::Looked, &job));
    let taken = taken.map_err(|failure| failure.about(&file.path));
    studio.let_go(file);
    taken.map(|taken| (taken.asset, taken.duplicate))
}

/// The asset called `id`.
pub(crate) fn asset(workspace: &Workspace, id: AssetId) -> Result<Asset, Failure> {
    workspace
        .store
        .read(|r| assets::get(r, id).map_err(Failure::from))?
        .ok_or_else(|| Failure::not_found(("Média", "asset"), &id.to_string()))
}

/// Where an asset's original is.
pub(crate) fn original(workspace: &Workspace, asset: &Asset) -> PathBuf {
    files::by_hash(&workspace.media().join("originals"), &asset.hash, asset.facts.format.extension())
}

/// The original, which must be there.
pub(crate) fn there(workspace: &Workspace, asset: &Asset) -> Result<PathBuf, Failure> {
    let path = original(workspace, asset);
    if files::is_plain(workspace, &path) { Ok(path) } else { Err(missing(asset, &path)) }
}

/// The original, which must be there and be what came in: what goes out is made from it.
pub(crate) fn sound(workspace: &Workspace, asset: &Asset) -> Result<PathBuf, Failure> {
    let path = there(workspace, asset)?;
    if files::is_sound(workspace, &path, &asset.hash) { Ok(path) } else { Err(altered(asset)) }
}

/// Where the thumbnail of an original is.
pub(crate) fn thumbnail_place(workspace: &Workspace, hash: &str) -> PathBuf {
    files::by_hash(&workspace.media().join("thumbnails"), hash, "jpg")
}

/// The small picture of an original, as a JPEG.
pub(crate) fn thumbnail(studio: &Studio, kind: MediaKind, original: &Path) -> Result<Vec<u8>, Failure> {
    first_look(studio, kind, original).map(|(picture, _)| picture)
}

/// The small picture of an original, and the point of a picture that its content suggests to keep.
pub(super) fn first_look(
    studio: &Studio,
    kind: MediaKind,
    original: &Path,
) -> Result<(Vec<u8>, Option<Focus>), Failure> {
    match kind {
        MediaKind::Image => {
            let (made, point) = still::first_look(original, THUMBNAIL, &limits())?;
            Ok((made.bytes, point))
        }
        MediaKind::Video => {
            let ffmpeg = studio.ffmpeg()?;
            let made = film::thumbnail(&ffmpeg, original, THUMBNAIL, &studio.options.scratch, &limits())?;
            Ok((made.bytes, None))
        }
    }
}

/// Files in the order of their names; folders are opened, hidden files in them and what systems put there are passed over.
fn gather(file: &Handle, depth: usize, found: &mut Vec<Handle>) -> Result<(), Failure> {
    let path = &file.path;
    let facts = fs::metadata(path).map_err(Failure::io(path))?;
    // What a person named is answered; what lies about in a folder they named is not.
    if depth == 0 && is_litter(&file.name) {
        return Err(no_media(&file.name));
    }
    if !facts.is_dir() {
        found.push(file.clone());
        return Ok(());
    }
    if depth > DEEPEST {
        return Ok(());
    }
    let mut entries = fs::read_dir(path)
        .and_then(|list| list.map(|e| e.map(|e| e.path())).collect::<Result<Vec<_>, _>>())
        .map_err(Failure::io(path))?;
    entries.sort();
    for entry in entries {
        let file = Handle { name: file_name(&entry), path: entry };
        if !file.name.starts_with('.') && !is_litter(&file.name) {
            gather(&file, depth + 1, found)?;
        }
    }
    Ok(())
}

fn no_media(name: &str) -> Failure {
    Failure::say(
        Code::NotMedia,
        format!(
            "«\u{a0}{name}\u{a0}» n\u{2019}est pas un média\u{a0}: le système l\u{2019}a mis là pour son propre usage."
        ),
        format!(
            "\u{201c}{name}\u{201d} is no picture and no video: the system put it there for its own use."
        ),
        (
            "Laissez-le de côté et importez les photos et les vidéos elles-mêmes.",
            "Leave it aside and import the photos and videos themselves.",
        ),
    )
}

/// When a picture is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// By the small picture of its camera where it has one; it is still to be looked at.
    AtOnce,
    /// Once it was looked at.
    Looked,
}

/// A file that was taken in.
pub(super) struct Taken {
    pub(super) asset: Asset,
    /// Whether it was known.
    pub(super) duplicate: bool,
    /// Whether it is still to be looked at.
    rough: bool,
}

/// Takes one file in, as part of a larger job.
pub(super) fn take(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    file: &Handle,
    telling: &Telling<'_>,
    (when, progress): (When, &dyn Progress),
) -> Result<Taken, Failure> {
    let path = &file.path;
    // The source is looked at before it is copied, so that a film of ten gigabytes that is a text file costs nothing;
    // and the copy again, because the source may have changed in between.
    probe::probe(path, &limits())?;
    let originals = workspace.media().join("originals");
    let arrived = files::bring(path, &originals, &studio.ports.faults, progress)?;
    if let Some(known) = workspace.store.read(|r| assets::by_hash(r, &arrived.hash).map_err(Failure::from))? {
        // The original may have been lost or cut since: bringing it again repairs the library.
        let repaired = arrived.keep(&original(workspace, &known))?;
        return Ok(Taken { asset: known, duplicate: !repaired, rough: false });
    }
    let facts = probe::probe(arrived.path(), &limits())?;
    let early = (when == When::AtOnce).then(|| refine::early(arrived.path())).flatten();
    let rough = early.is_some();
    // A picture is decoded whole for its thumbnail: one that is cut off is refused now and not on the day it is needed.
    let (thumbnail, suggested) =
        if rough { (early, None) } else { look_now(studio, facts.kind, arrived.path())? };
    let now = studio.ports.now();
    let asset = Asset {
        id: AssetId::new(now, studio.ports.ten()),
        hash: arrived.hash.clone(),
        name: file.name.clone(),
        facts,
        alt: String::new(),
        focus: None,
        suggested,
        tags: Vec::new(),
        imported_at: now,
    };
    let place = original(workspace, &asset);
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    }
    arrived.keep(&place)?;
    studio.ports.faults.at("import.kept").map_err(Failure::io(&place))?;
    if let Some(picture) = thumbnail {
        let place = if rough {
            refine::place(workspace, &asset.hash)
        } else {
            thumbnail_place(workspace, &asset.hash)
        };
        files::write_whole(&place, &picture)?;
    }
    transact_untold(studio, workspace, Op::ImportAssets, |tx| {
        assets::insert(tx, &asset)?;
        Ok(Done::fixed(()))
    })?;
    telling.came();
    Ok(Taken { asset, duplicate: false, rough })
}

/// A film's thumbnail is made again when it is shown: a missing ffmpeg must not keep a film out.
fn look_now(
    studio: &Studio,
    kind: MediaKind,
    original: &Path,
) -> Result<(Option<Vec<u8>>, Option<Focus>), Failure> {
    match (kind, first_look(studio, kind, original)) {
        (MediaKind::Video, Err(failure)) => {
            tracing::info!(?failure, "no thumbnail of a film yet");
            Ok((None, None))
        }
        (_, made) => made.map(|(picture, point)| (Some(picture), point)),
    }
}

fn missing(asset: &Asset, original: &Path) -> Failure {
    Failure::say(
        Code::NotFound,
        format!("L\u{2019}original de «\u{a0}{}\u{a0}» n\u{2019}est plus dans la médiathèque.", asset.name),
        format!("The original of \u{201c}{}\u{201d} is no longer in the library.", asset.name),
        (
            "Importez le fichier de nouveau\u{a0}: il reprendra sa place.",
            "Import the file again: it takes its place back.",
        ),
    )
    .with(serde_json::json!({ "path": original.display().to_string() }))
}

fn altered(asset: &Asset) -> Failure {
    Failure::say(
        Code::MediaDamaged,
        format!(
            "L\u{2019}original de «\u{a0}{}\u{a0}» n\u{2019}est plus ce qu\u{2019}il était quand il est venu.",
            asset.name
        ),
        format!("The original of \u{201c}{}\u{201d} is no longer what it was when it came in.", asset.name),
        (
            "Importez le fichier de nouveau\u{a0}: il reprendra sa place.",
            "Import the file again: it takes its place back.",
        ),
    )
}

/// A page is shown names, a terminal the paths it gave.
fn shown_path(studio: &Studio, file: &Handle) -> String {
    if studio.options.raw_paths { file.path.display().to_string() } else { file.name.clone() }
}

pub(super) fn refusal(studio: &Studio, file: &Handle, failure: Failure) -> RefusedFile {
    let error = studio.say(failure.located(&file.path));
    let code = if error.code == Code::Bug { Code::MediaDamaged } else { error.code };
    RefusedFile { path: shown_path(studio, file), code, message: error.message }
}
