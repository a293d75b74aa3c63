//! Files that a page may name: it gets handles and never a path.
//!
//! A handle says nothing of where its file is, and means nothing to another studio.

use std::path::{Path, PathBuf};

use crate::Code;
use crate::events::{DropPhase, Dropped, Event};
use crate::failure::Failure;
use crate::studio::{Studio, lock};
use crate::wire::desktop::PickedFile;

/// A file behind a handle.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub(crate) path: PathBuf,
    /// What to call it before people.
    pub(crate) name: String,
}

impl Handle {
    /// Something that was named and is not known.
    pub(crate) fn unknown(given: &str) -> Self {
        Self { path: PathBuf::from(given), name: given.to_owned() }
    }
}

/// What every handle begins with.
const PREFIX: &str = "handle:";

impl Studio {
    /// Gives a path to a page as a handle that only this studio understands.
    pub fn issue_handle(&self, path: PathBuf) -> String {
        self.picked(path).handle
    }

    /// Gives a path to a page as a handle and the name to show.
    pub(crate) fn picked(&self, path: PathBuf) -> PickedFile {
        let name = file_name(&path);
        self.picked_as(path, name)
    }

    /// The same under another name than the file's own.
    pub(crate) fn picked_as(&self, path: PathBuf, name: String) -> PickedFile {
        let mut handles = lock(&self.handles);
        handles.push(Handle { path, name: name.clone() });
        PickedFile { handle: format!("{PREFIX}{}", handles.len() - 1), name }
    }

    /// Files hang over the window.
    pub fn drop_over(&self) {
        self.tell(Event::Drop(Dropped { phase: DropPhase::Over, files: Vec::new() }));
    }

    /// They left it again.
    pub fn drop_left(&self) {
        self.tell(Event::Drop(Dropped { phase: DropPhase::Left, files: Vec::new() }));
    }

    /// They fell: the page gets a handle for each.
    pub fn dropped(&self, paths: Vec<PathBuf>) {
        let files = paths.into_iter().map(|path| self.picked(path)).collect();
        self.tell(Event::Drop(Dropped { phase: DropPhase::Fell, files }));
    }

    /// The file behind what a command was given, and what to call it.
    pub(crate) fn file_of(&self, given: &str) -> Result<Handle, Failure> {
        if let Some(number) = given.strip_prefix(PREFIX) {
            let known = number.parse::<usize>().ok().and_then(|n| lock(&self.handles).get(n).cloned());
            return known.ok_or_else(|| Failure::not_found(("Fichier", "file"), given));
        }
        if self.options.raw_paths {
            let path = PathBuf::from(given);
            return Ok(Handle { name: file_name(&path), path });
        }
        Err(Failure::say(
            Code::BadRequest,
            "Ce fichier n\u{2019}a pas été choisi dans cette fenêtre.",
            "This file was not chosen in this window.",
            ("Choisissez-le ou déposez-le ici.", "Choose it or drop it here."),
        ))
    }

    /// The path behind what a command was given.
    pub(crate) fn path_of(&self, given: &str) -> Result<PathBuf, Failure> {
        Ok(self.file_of(given)?.path)
    }
}

/// The last part of a path, to show.
pub(crate) fn file_name(path: &Path) -> String {
    path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}
