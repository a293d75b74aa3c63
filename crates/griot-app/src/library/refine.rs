//! Pictures that came in by the small picture of their camera: shown at once, looked at properly behind the copying. One
//! that turns out to be damaged leaves the library again and is refused like any other.
//!
//! What a crash leaves unrefined is refined when it is shown.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use griot_domain::{Asset, AssetId, Op};
use griot_media::{Cancelled, Progress, still};
use griot_store::assets;

use super::removal::{Gone, remove_file};
use super::telling::Telling;
use super::{files, import, limits};
use crate::failure::Failure;
use crate::handles::Handle;
use crate::studio::{Studio, Workspace, lock};
use crate::transact::{Done, transact_untold};
use crate::wire::library::RefusedFile;

/// The assets whose proper thumbnail is on its way.
#[derive(Default)]
pub(crate) struct Rough(Mutex<HashSet<AssetId>>);

impl Rough {
    /// Whether this one's is.
    pub(crate) fn has(&self, id: AssetId) -> bool {
        lock(&self.0).contains(&id)
    }
}

/// Where the camera's own small picture waits for the proper one.
pub(crate) fn place(workspace: &Workspace, hash: &str) -> PathBuf {
    import::thumbnail_place(workspace, hash).with_extension("first.jpg")
}

/// The camera's own small picture of an original that is a picture and holds one.
pub(super) fn early(original: &Path) -> Option<Vec<u8>> {
    // Whatever is wrong with it is said when the picture itself is looked at.
    still::embedded_thumbnail(original, &limits()).ok().flatten().map(|small| small.bytes)
}

/// A picture that is in the library and was not decoded yet.
pub(super) struct Waiting {
    asset: Asset,
    file: Handle,
}

impl Waiting {
    /// Puts it among the rough ones before anybody can ask.
    pub(super) fn new(studio: &Studio, asset: Asset, file: Handle) -> Self {
        lock(&studio.rough.0).insert(asset.id);
        Self { asset, file }
    }
}

/// How many of an import's files need no more looking at.
pub(super) struct Behind<'a> {
    progress: &'a dyn Progress,
    files: usize,
    settled: AtomicUsize,
}

impl<'a> Behind<'a> {
    /// None of so many files yet.
    pub(super) fn new(progress: &'a dyn Progress, files: usize) -> Self {
        Self { progress, files, settled: AtomicUsize::new(0) }
    }

    /// One more.
    pub(super) fn settled(&self) -> Result<(), Cancelled> {
        self.settled.fetch_add(1, Ordering::Relaxed);
        self.watched()
    }

    fn watched(&self) -> Result<(), Cancelled> {
        let settled = self.settled.load(Ordering::Relaxed);
        #[expect(clippy::cast_precision_loss, reason = "a share of a progress bar needs two digits")]
        self.progress.report(settled as f32 / self.files.max(1) as f32)
    }
}

/// Looks at what comes in until no more does. Gives those that had to leave again; when somebody cancels, the rest is
/// refined when it is shown.
pub(super) fn all(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    coming: Receiver<Waiting>,
    behind: &Behind<'_>,
) -> Vec<(AssetId, RefusedFile)> {
    let telling = Telling::of(studio);
    let mut refused = Vec::new();
    let mut cancelled = false;
    for Waiting { asset, file } in coming {
        cancelled = cancelled || behind.watched().is_err();
        if !cancelled && let Err(failure) = one(studio, workspace, &asset) {
            refused.extend(told_apart(studio, workspace, (&asset, &file), failure));
        }
        lock(&studio.rough.0).remove(&asset.id);
        studio.let_go(&file);
        telling.came();
        cancelled = behind.settled().is_err();
    }
    refused
}

/// A damaged picture leaves; one that could not be looked at for another reason (a full disk) is looked at when it is
/// shown.
fn told_apart(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    (asset, file): (&Asset, &Handle),
    failure: Failure,
) -> Option<(AssetId, RefusedFile)> {
    if !failure.blames_the_file() {
        tracing::warn!(?failure, "a picture waits to be looked at");
        return None;
    }
    match dismissed(studio, workspace, asset) {
        Ok(true) => Some((asset.id, import::refusal(studio, file, failure))),
        kept => {
            tracing::warn!(?failure, ?kept, "a damaged picture stays in the library");
            None
        }
    }
}

/// The proper thumbnail, and the point that the picture suggests.
pub(crate) fn one(studio: &Studio, workspace: &Workspace, asset: &Asset) -> Result<(), Failure> {
    let original = import::there(workspace, asset)?;
    studio.ports.faults.at("refine.one").map_err(Failure::io(&original))?;
    let (picture, suggested) = import::first_look(studio, asset.facts.kind, &original)?;
    files::write_whole(&import::thumbnail_place(workspace, &asset.hash), &picture)?;
    remove_file(workspace, &place(workspace, &asset.hash));
    if let Some(point) = suggested {
        workspace.store.write(|tx| assets::suggest(tx, asset.id, point).map_err(Failure::from))?;
    }
    Ok(())
}

/// Takes a damaged picture out of the library again; whether it went: one that a post has taken by now stays with it.
fn dismissed(studio: &Arc<Studio>, workspace: &Workspace, asset: &Asset) -> Result<bool, Failure> {
    let gone = transact_untold(studio, workspace, Op::RemoveAssets, |tx| {
        let free = assets::get(tx, asset.id)?.is_some() && assets::needed_by(tx, asset.id)? == 0;
        let gone = if free { Some(Gone::take_rows(tx, asset.clone())?) } else { None };
        Ok(Done::fixed(gone))
    })?;
    if let Some(gone) = &gone {
        gone.remove_files(workspace);
    }
    Ok(gone.is_some())
}
