//! Whether the originals are what they were when they came in. What is not is named: bringing the file again mends it.
//!
//! Deliberately absent: mending. Nothing but the file itself can do that.

use std::collections::BTreeMap;
use std::fs;

use griot_domain::{Asset, Lang};
use griot_store::{MEDIA, assets};

use super::import::original;
use crate::failure::Failure;
use crate::studio::Workspace;

/// So many assets are read at once.
const PAGE: u32 = 500;
/// So many names are said; the rest is counted.
const NAMED: usize = 5;

/// Originals that cannot be used.
#[derive(Debug, Default)]
pub(crate) struct Unsound {
    missing: Vec<String>,
    /// Shorter or longer than they were, or of other bytes.
    damaged: Vec<String>,
}

/// Looks for each original and at its length; no byte is read.
pub(crate) fn look(workspace: &Workspace) -> Result<Unsound, Failure> {
    each(workspace, |asset| match fs::metadata(original(workspace, asset)) {
        Ok(facts) if facts.len() == asset.facts.bytes => How::Sound,
        Ok(_) => How::Damaged,
        Err(_) => How::Missing,
    })
}

/// Holds what went into a backup against what came into the library.
pub(crate) fn compare(workspace: &Workspace, files: &BTreeMap<String, String>) -> Result<Unsound, Failure> {
    each(workspace, |asset| {
        let place = original(workspace, asset);
        let inside = place.strip_prefix(workspace.media()).unwrap_or(&place);
        let parts: Vec<_> = inside.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        match files.get(&format!("{MEDIA}/{}", parts.join("/"))) {
            Some(hash) if *hash == asset.hash => How::Sound,
            Some(_) => How::Damaged,
            None => How::Missing,
        }
    })
}

enum How {
    Sound,
    Missing,
    Damaged,
}

fn each(workspace: &Workspace, how: impl Fn(&Asset) -> How) -> Result<Unsound, Failure> {
    let mut found = Unsound::default();
    for page in 0.. {
        let assets = workspace.store.read(|r| assets::list(r, PAGE, page * PAGE).map_err(Failure::from))?;
        if assets.is_empty() {
            break;
        }
        for asset in assets {
            match how(&asset) {
                How::Sound => {}
                How::Missing => found.missing.push(asset.name),
                How::Damaged => found.damaged.push(asset.name),
            }
        }
    }
    Ok(found)
}

impl Unsound {
    /// What is not as it was, and what to do; nothing where all is.
    pub(crate) fn said(&self, lang: Lang) -> Option<String> {
        let missing = of(lang, &self.missing, ("Originaux disparus", "Originals that are gone"));
        let damaged =
            of(lang, &self.damaged, ("Originaux coupés ou abîmés", "Originals cut short or damaged"));
        let found: Vec<String> = missing.into_iter().chain(damaged).collect();
        if found.is_empty() {
            return None;
        }
        let mend = lang.pick(
            "Importez ces fichiers de nouveau\u{a0}: ils reprennent leur place, et les publications qui les montrent peuvent repartir.",
            "Import these files again: they take their places back, and the posts that show them can leave.",
        );
        Some(format!("{} {mend}", found.join(" ")))
    }
}

fn of(lang: Lang, names: &[String], (fr, en): (&str, &str)) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let rest = names.len().saturating_sub(NAMED);
    let named = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    let more = match (rest, lang) {
        (0, _) => String::new(),
        (1, Lang::Fr) => " et un autre".to_owned(),
        (n, Lang::Fr) => format!(" et {n} autres"),
        (1, Lang::En) => " and one more".to_owned(),
        (n, Lang::En) => format!(" and {n} more"),
    };
    Some(lang.pick(format!("{fr}\u{a0}: {named}{more}."), format!("{en}: {named}{more}.")))
}
