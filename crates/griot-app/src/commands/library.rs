//! The library: import, list, edit.

use std::sync::Arc;

use griot_domain::{Focus, Op};
use griot_store::assets;

use crate::Code;
use crate::failure::Failure;
use crate::library::import;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::undo::Undo;
use crate::wire::library::{Assets, EditAsset, ImportDone, ImportRequest, ListAssets, OneAsset};

pub(super) fn import(studio: &Arc<Studio>, request: ImportRequest) -> Result<ImportDone, Failure> {
    import::many(studio, &request.files)
}

pub(super) fn list(studio: &Arc<Studio>, request: ListAssets) -> Result<Assets, Failure> {
    let workspace = studio.workspace()?;
    let limit = request.limit.unwrap_or(200).min(1000);
    let assets = workspace.store.read(|r| assets::list(r, limit, request.offset).map_err(Failure::from))?;
    Ok(Assets { total: u32::try_from(assets.len()).unwrap_or(u32::MAX), assets })
}

pub(super) fn edit(studio: &Arc<Studio>, request: EditAsset) -> Result<OneAsset, Failure> {
    let workspace = studio.workspace()?;
    if let Some(focus) = request.focus
        && Focus::new(focus.x, focus.y).is_none()
    {
        return Err(Failure::say(
            Code::BadRequest,
            "Le point d\u{2019}intérêt est hors de l\u{2019}image.",
            "The focal point is outside the picture.",
            ("Donnez deux nombres entre 0 et 1.", "Give two numbers between 0 and 1."),
        ));
    }
    let asset = transact(studio, &workspace, Op::EditAsset, |tx| {
        let before = assets::get(tx, request.asset)?
            .ok_or_else(|| Failure::not_found(("Média", "asset"), &request.asset.to_string()))?;
        let mut asset = before.clone();
        if let Some(alt) = request.alt {
            asset.alt = alt;
        }
        if request.focus.is_some() {
            asset.focus = request.focus;
        }
        if let Some(tags) = request.tags {
            asset.tags = tags;
        }
        assets::update(tx, &asset)?;
        Ok(Done::undoable(asset, Undo::Asset { before }))
    })?;
    Ok(OneAsset { asset })
}
