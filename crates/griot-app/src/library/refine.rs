//! Pictures that came in by the small picture of their camera: shown at once, looked at properly behind the copying. One
//! that turns out to be damaged leaves the library again and is refused like any other.
//!
//! What a crash leaves unrefined is refined when it is shown.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, Mutex};

use griot_domain::{Asset, AssetId, Op};
use griot_media::{Progress, still};
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

/// Looks at what comes in until no more does. Gives those that had to leave again; when somebody cancels, the rest is
/// refined when it is shown.
pub(super) fn all(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    coming: &Receiver<Waiting>,
    (count, progress): (usize, &dyn Progress),
) -> Vec<(AssetId, RefusedFile)> {
    let telling = Telling::of(studio);
    let mut refused = Vec::new();
    let mut cancelled = false;
    for (n, Waiting { asset, file }) in coming.iter().enumerate() {
        #[expect(clippy::cast_precision_loss, reason = "a share of a progress bar needs two digits")]
        let share = n as f32 / count.max(1) as f32;
        cancelled = cancelled || progress.report(share).is_err();
        if !cancelled && let Err(failure) = one(studio, workspace, &asset) {
            match dismissed(studio, workspace, &asset) {
                Ok(true) => refused.push((asset.id, import::refusal(studio, &file, failure))),
                kept => tracing::warn!(?failure, ?kept, "a damaged picture stays in the library"),
            }
        }
        lock(&studio.rough.0).remove(&asset.id);
        studio.let_go(&file);
        telling.came();
    }
    refused
}

/// The proper thumbnail, and the point that the picture suggests.
pub(crate) fn one(studio: &Studio, workspace: &Workspace, asset: &Asset) -> Result<(), Failure> {
    let original = import::there(workspace, asset)?;
    let (picture, suggested) = import::first_look(studio, asset.facts.kind, &original)?;
    files::write_whole(&import::thumbnail_place(workspace, &asset.hash), &picture)?;
    remove_file(&place(workspace, &asset.hash));
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
