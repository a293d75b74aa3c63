//! What a person chose for this machine, whatever workspace is open: a workspace travels, may come from a stranger, and
//! never says what runs here.

use std::fs;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::Code;
use crate::failure::Failure;
use crate::library::files::write_whole;
use crate::studio::Studio;

/// The name of the setting under which commands read and set the program.
pub(crate) const FFMPEG: &str = "ffmpeg.path";

#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
struct Machine {
    /// The ffmpeg to use instead of the one that is found.
    ffmpeg: Option<PathBuf>,
}

/// The ffmpeg that a person chose on this machine.
pub(crate) fn ffmpeg(studio: &Studio) -> Option<PathBuf> {
    match fs::read(place(studio)) {
        // What another version wrote otherwise is no choice.
        Ok(text) => serde_json::from_slice::<Machine>(&text).ok().and_then(|machine| machine.ffmpeg),
        Err(_) => None,
    }
}

/// Chooses a program, or forgets the choice. `given` is a path or a handle, as the host has it.
pub(crate) fn choose_ffmpeg(studio: &Studio, given: Option<&str>) -> Result<(), Failure> {
    let ffmpeg = match given {
        Some(given) => Some(program(studio, &studio.path_of(given)?)?),
        None => None,
    };
    let text = serde_json::to_vec(&Machine { ffmpeg }).map_err(|error| crate::words::bad_request(&error))?;
    write_whole(&place(studio), &text)
}

/// A program by its whole path: it lies in no workspace and in no folder for passing files.
fn program(studio: &Studio, given: &Path) -> Result<PathBuf, Failure> {
    if !studio.options.raw_paths && studio.ports.desktop.is_none() {
        // A page in a browser has brought whatever it names.
        return Err(refused(
            given,
            (
                "on ne le choisit que dans la fenêtre ou le terminal",
                "it is chosen in the window or the terminal only",
            ),
        ));
    }
    let path = fs::canonicalize(given).map_err(Failure::io(given))?;
    let inside = |folder: &Path| fs::canonicalize(folder).is_ok_and(|folder| path.starts_with(folder));
    let workspace = studio.opened().map(|workspace| workspace.dir.clone());
    if inside(&studio.options.workspace) || workspace.is_some_and(|dir| inside(&dir)) {
        return Err(refused(&path, ("il est dans un espace de travail", "it is inside a workspace")));
    }
    if inside(&studio.options.scratch) {
        return Err(refused(&path, ("ce dossier est de passage", "that folder is for passing files")));
    }
    if !path.is_file() {
        return Err(refused(&path, ("ce n\u{2019}est pas un programme", "it is no program")));
    }
    Ok(path)
}

fn refused(path: &Path, (fr, en): (&str, &str)) -> Failure {
    let path = path.display();
    Failure::say(
        Code::BadRequest,
        format!("{path} ne peut pas servir de ffmpeg\u{a0}: {fr}."),
        format!("{path} cannot serve as ffmpeg: {en}."),
        ("Choisissez le programme là où il est installé.", "Choose the program where it is installed."),
    )
}

fn place(studio: &Studio) -> PathBuf {
    studio.options.app_dir.join("machine.json")
}
