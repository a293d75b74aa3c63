//! Examples in documentation. cargo builds every crate of the workspace once more for them, which takes minutes: only
//! crates that have some are given to it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, WhileDoing};
use crate::places;
use crate::shell;
use crate::tally::Tally;

/// Folders that hold the workspace's crates, or are one.
const FOLDERS: [&str; 4] = ["crates", "src-tauri", "tests", "xtask"];

/// Runs them all; there may be none.
pub(crate) fn run() -> Result<Tally, Fault> {
    let mut tally = Tally::default();
    let mut manifests = Vec::new();
    for folder in FOLDERS {
        manifests.extend(crates_with_examples(&places::root().join(folder))?);
    }
    if manifests.is_empty() {
        println!("no documentation has an example");
    }
    for manifest in manifests {
        let mut cargo = shell::cargo();
        cargo.args(["test", "--doc", "--quiet", "--manifest-path"]).arg(manifest);
        tally.ended_after(&mut cargo)?;
    }
    Ok(tally)
}

/// The manifests of the crates in a folder whose sources have an example.
fn crates_with_examples(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let manifest = folder.join("Cargo.toml");
    if manifest.exists() {
        return Ok(if has_example(&folder.join("src"))? { vec![manifest] } else { Vec::new() });
    }
    let mut found = Vec::new();
    for entry in entries(folder)? {
        if entry.is_dir() {
            found.extend(crates_with_examples(&entry)?);
        }
    }
    Ok(found)
}

fn has_example(sources: &Path) -> Result<bool, Fault> {
    for path in entries(sources)? {
        let here = if path.is_dir() {
            has_example(&path)?
        } else {
            path.extension().is_some_and(|e| e == "rs")
                && is_example(
                    &fs::read_to_string(&path).while_doing(|| format!("reading {}", path.display()))?,
                )
        };
        if here {
            return Ok(true);
        }
    }
    Ok(false)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Fault> {
    let entries = fs::read_dir(folder).while_doing(|| format!("reading {}", folder.display()))?;
    Ok(entries.flatten().map(|entry| entry.path()).collect())
}

/// Whether a source's documentation opens a fence that rustdoc compiles: one of no other language.
fn is_example(text: &str) -> bool {
    let mut open = false;
    for line in text.lines() {
        let line = line.trim_start();
        let said = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")).map(str::trim);
        let Some(language) = said.and_then(|said| said.strip_prefix("```")) else { continue };
        let compiled = |word: &str| {
            ["", "rust", "no_run", "should_panic", "compile_fail"].contains(&word)
                || word.starts_with("edition")
        };
        if !open && language.split(',').all(compiled) {
            return true;
        }
        open = !open;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_rustdoc_compiles_is_an_example() {
        assert!(is_example("/// ```\n/// let x = 1;\n/// ```\n"));
        assert!(is_example("    //! ```no_run\n"));
        assert!(!is_example("//! ```text\n//! a -> b\n//! ```\nfn f() {}\n"));
        assert!(!is_example("let x = \"```\";\n// ```\n"));
    }
}
