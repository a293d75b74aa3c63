//! Making, backing up and restoring a workspace.

use std::path::Path;
use std::sync::Arc;

use griot_domain::Tag;
use griot_store::backup;
use serde_json::Value;

use super::settings::{NAME, check, put};
use crate::Code;
use crate::failure::Failure;
use crate::library::{originals, samples};
use crate::studio::Studio;
use crate::wire::studio::{CreateWorkspace, FileDone, FileRequest, WorkspaceMade};
use griot_media::Progress;

pub(super) fn create(studio: &Arc<Studio>, request: CreateWorkspace) -> Result<WorkspaceMade, Failure> {
    let name = request.name.map(|name| name.trim().to_owned()).filter(|name| !name.is_empty());
    let name = name.map(Value::String);
    if let Some(name) = &name {
        // Before anything is made: a name that does not fit makes no workspace.
        check(NAME, name)?;
    }
    let workspace = studio.create_workspace()?;
    if let Some(name) = &name {
        workspace.store.write(|tx| put(tx, NAME, name))?;
        studio.changed(&[Tag::Settings]);
    }
    // The workspace is there and is what matters: samples that did not come are said, and refuse nothing.
    let missing = match request.samples.then(|| samples::add(studio, &workspace)) {
        Some(Err(failure)) => Some(without_samples(studio, failure)),
        _ => None,
    };
    Ok(WorkspaceMade {
        workspace: workspace.dir.display().to_string(),
        schema: workspace.store.schema(),
        missing,
    })
}

fn without_samples(studio: &Studio, failure: Failure) -> String {
    tracing::warn!(?failure, "the samples are not all there");
    let error = studio.say(failure);
    let lang = studio.lang();
    let why = match error.code {
        Code::Cancelled => lang.pick("vous les avez arrêtés.", "you stopped them.").to_owned(),
        _ => error.message,
    };
    let (fr, en) = (
        "L\u{2019}espace est prêt, sans tous les exemples",
        "The workspace is ready, without all the samples",
    );
    lang.pick(format!("{fr}\u{a0}: {why}"), format!("{en}: {why}"))
}

pub(super) fn backup(studio: &Arc<Studio>, request: FileRequest) -> Result<FileDone, Failure> {
    let workspace = studio.workspace()?;
    let file = studio.path_of(&request.file)?;
    if file.exists() {
        return Err(Failure::say(
            Code::BadRequest,
            format!("{} existe déjà.", file.display()),
            format!("{} exists already.", file.display()),
            (
                "Donnez un autre nom\u{a0}: une sauvegarde n\u{2019}en écrase jamais une autre.",
                "Give another name: a backup never replaces another.",
            ),
        ));
    }
    place_for(&file)?;
    let job = studio.job(studio.lang().pick("Sauvegarde", "Backup"));
    let written = backup::write(&workspace.store, &file, studio.ports.now(), &mut |done, all| {
        job.report(share(done, all)).is_ok()
    })?;
    let note = originals::compare(&workspace, &written.files)?.said(studio.lang());
    Ok(FileDone { file: request.file, bytes: written.bytes, note })
}

/// The folder that a new file is to stand in must be there: it is the one that is named when it is not.
pub(super) fn place_for(file: &Path) -> Result<(), Failure> {
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if folder.is_dir() {
        return Ok(());
    }
    let name = folder.display();
    Err(Failure::say(
        Code::NotFound,
        format!("Le dossier {name} n\u{2019}existe pas\u{a0}: rien n\u{2019}a été écrit."),
        format!("The folder {name} does not exist: nothing was written."),
        ("Créez-le, ou choisissez un autre dossier.", "Make it, or choose another folder."),
    ))
}

pub(super) fn restore(studio: &Arc<Studio>, request: FileRequest) -> Result<FileDone, Failure> {
    let file = studio.path_of(&request.file)?;
    let bytes = std::fs::metadata(&file).map_err(Failure::io(&file))?.len();
    backup::restore(&file, &studio.options.workspace, &studio.store_options())?.close()?;
    // Whoever waits for a workspace finds one now.
    studio.changed(Tag::ALL);
    Ok(FileDone { file: request.file, bytes, note: None })
}

#[expect(clippy::cast_precision_loss, reason = "a share of a progress bar needs two digits")]
fn share(done: u64, all: u64) -> f32 {
    if all == 0 { 1.0 } else { done as f32 / all as f32 }
}
