//! The library: import, list, edit, remove.

use std::collections::BTreeSet;
use std::sync::Arc;

use griot_domain::{Asset, AssetId, Focus, Lang, Op};
use griot_store::assets;

use crate::Code;
use crate::failure::Failure;
use crate::library::import;
use crate::library::removal::Gone;
use crate::studio::Studio;
use crate::transact::{Done, transact};
use crate::undo::{self, Undo};
use crate::wire::library::{
    Assets, EditAsset, ImportDone, ImportRequest, KeptAsset, ListAssets, OneAsset, RemoveAssets,
    RemovedAssets,
};

pub(super) fn import(studio: &Arc<Studio>, request: ImportRequest) -> Result<ImportDone, Failure> {
    import::many(studio, &request.files)
}

pub(super) fn list(studio: &Arc<Studio>, request: ListAssets) -> Result<Assets, Failure> {
    let workspace = studio.workspace()?;
    let filter = assets::Filter {
        text: request.search.filter(|words| !words.trim().is_empty()),
        kind: request.kind,
        only: request.only,
        limit: request.limit.unwrap_or(200).min(1000),
        offset: request.offset,
        ..assets::Filter::default()
    };
    workspace.store.read(|r| {
        let assets = assets::search(r, &filter)?;
        let rough = assets.iter().map(|asset| asset.id).filter(|id| studio.rough.has(*id)).collect();
        Ok(Assets { assets, total: assets::count(r, &filter)?, rough })
    })
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
        if undo::goes_on(studio, tx, asset.id)? {
            return Ok(Done::fixed(asset));
        }
        Ok(Done::undoable(asset, Undo::Asset { before }))
    })?;
    Ok(OneAsset { asset })
}

pub(super) fn remove(studio: &Arc<Studio>, request: RemoveAssets) -> Result<RemovedAssets, Failure> {
    let workspace = studio.workspace()?;
    let wanted: BTreeSet<AssetId> = request.assets.into_iter().collect();
    let (gone, kept) = transact(studio, &workspace, Op::RemoveAssets, |tx| {
        let (mut gone, mut kept) = (Vec::new(), Vec::new());
        for id in wanted {
            let asset = assets::get(tx, id)?
                .ok_or_else(|| Failure::not_found(("Média", "asset"), &id.to_string()))?;
            match assets::needed_by(tx, id)? {
                0 => gone.push(Gone::take_rows(tx, asset)?),
                posts => kept.push(still_needed(studio, &asset, posts)),
            }
        }
        Ok(Done::fixed((gone, kept)))
    })?;
    let removed = gone.iter().map(|g| g.asset.id).collect();
    for gone in &gone {
        gone.remove_files(&workspace);
    }
    Ok(RemovedAssets { removed, kept })
}

fn still_needed(studio: &Studio, asset: &Asset, posts: u32) -> KeptAsset {
    let name = &asset.name;
    let message = match (posts, studio.lang()) {
        (1, Lang::Fr) => {
            format!("«\u{a0}{name}\u{a0}» reste\u{a0}: 1\u{a0}publication le montre, ou l\u{2019}a montré.")
        }
        (n, Lang::Fr) => format!(
            "«\u{a0}{name}\u{a0}» reste\u{a0}: {n}\u{a0}publications le montrent, ou l\u{2019}ont montré."
        ),
        (1, Lang::En) => format!("\u{201c}{name}\u{201d} stays: 1\u{a0}post shows it, or has shown it."),
        (n, Lang::En) => format!("\u{201c}{name}\u{201d} stays: {n}\u{a0}posts show it, or have shown it."),
    };
    KeptAsset { asset: asset.id, message }
}
