//! Taking an asset out for good: its row in the caller's transaction, its files after it, the original last. Whatever
//! stops it in between leaves a file too many and never a post without its picture.

use std::fs;
use std::path::Path;

use griot_domain::Asset;
use griot_store::{Tx, assets, renditions};

use super::{files, import, refine};
use crate::failure::Failure;
use crate::studio::Workspace;

/// An asset without its row, and where its renditions are.
pub(crate) struct Gone {
    pub(crate) asset: Asset,
    renditions: Vec<String>,
}

impl Gone {
    /// Takes an asset's rows out.
    pub(crate) fn take_rows(tx: &Tx<'_>, asset: Asset) -> Result<Self, Failure> {
        let made = renditions::for_asset(tx, asset.id)?;
        for rendition in &made {
            renditions::delete(tx, rendition.id)?;
        }
        assets::delete(tx, asset.id)?;
        Ok(Self { asset, renditions: made.into_iter().map(|r| r.path()).collect() })
    }

    /// Removes its files.
    pub(crate) fn remove_files(&self, workspace: &Workspace) {
        let hash = &self.asset.hash;
        for path in &self.renditions {
            remove_file(workspace, &workspace.dir.join(path));
        }
        if let Err(error) = fs::remove_dir_all(crate::shown::frames(workspace, hash)) {
            tracing::debug!(%error, "no frames of a removed film");
        }
        remove_file(workspace, &refine::place(workspace, hash));
        remove_file(workspace, &import::thumbnail_place(workspace, hash));
        remove_file(workspace, &import::original(workspace, &self.asset));
    }
}

/// A file that stays costs room and nothing else: what a person wanted is done.
pub(super) fn remove_file(workspace: &Workspace, path: &Path) {
    match files::remove(workspace, path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            tracing::warn!(%error, "a file of a removed asset stays");
        }
        _ => {}
    }
}
