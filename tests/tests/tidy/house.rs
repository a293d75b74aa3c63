//! The tree as the rules see it: paths and texts in memory, read once. No rule touches the disk itself,
//! so a broken tree is as cheap to make as a sound one.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, OnceLock};

use super::source;

/// Folders that no walk without git enters: results, not sources.
const NOT_SOURCES: &[&str] = &["target", "node_modules", ".git", "dist"];

/// Files beyond this many bytes are data whatever their name is; no rule reads them.
const LARGEST_TEXT: u64 = 2 << 20;

/// One file of the tree.
pub(crate) struct File {
    /// From the root, with forward slashes on every system.
    pub(crate) path: String,
    /// The text; empty when the file is not text.
    pub(crate) text: String,
    /// For Rust: the text with comments and the inside of literals blanked, line for line.
    pub(crate) code: String,
    /// For Rust: `code` with test items blanked too.
    pub(crate) shipped: String,
}

impl File {
    /// A file as it would be read from disk.
    pub(crate) fn new(path: &str, text: &str) -> File {
        let is_rust = path.ends_with(".rs");
        let code = if is_rust { source::code(text) } else { String::new() };
        let shipped = if is_rust && !is_test(path) { source::without_tests(&code) } else { String::new() };
        File { path: path.to_owned(), text: text.to_owned(), code, shipped }
    }

    /// True for files with this ending.
    pub(crate) fn ends(&self, ending: &str) -> bool {
        self.path.ends_with(ending)
    }

    /// True for files below this folder (written with its closing slash) or at exactly this path.
    pub(crate) fn under(&self, place: &str) -> bool {
        self.path.starts_with(place)
    }

    /// True for code that only tests run.
    pub(crate) fn is_test(&self) -> bool {
        is_test(&self.path)
    }

    /// A breach in this file.
    pub(crate) fn breach(&self, line: usize, says: impl Into<String>) -> Breach {
        Breach { path: self.path.clone(), line, says: says.into() }
    }
}

fn is_test(path: &str) -> bool {
    path.starts_with("tests/") || path.contains("/tests/") || path.ends_with("/tests.rs")
}

/// A rule that does not hold, and where.
pub(crate) struct Breach {
    /// The file.
    pub(crate) path: String,
    /// Its line, from 1.
    pub(crate) line: usize,
    /// What is wrong and what to do instead.
    pub(crate) says: String,
}

impl Breach {
    /// The line that is printed.
    pub(crate) fn line_for(&self, rule: &str) -> String {
        format!("{}:{}: [{rule}] {}", self.path, self.line, self.says)
    }
}

/// The whole tree.
#[derive(Clone, Default)]
pub(crate) struct House {
    // Shared, so that a scratch copy of the whole tree costs nothing.
    files: BTreeMap<String, Arc<File>>,
}

impl House {
    /// The repository that these tests were built from, read once.
    pub(crate) fn of_this_repository() -> &'static House {
        static HOUSE: OnceLock<House> = OnceLock::new();
        HOUSE.get_or_init(|| {
            let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("BUG: tests/ has a parent");
            House::read(root)
        })
    }

    /// The tree at `root`: what git would commit, or every file where git does not answer.
    pub(crate) fn read(root: &Path) -> House {
        let mut house = House::default();
        for path in listed_by_git(root).unwrap_or_else(|| walked(root)) {
            let full = root.join(&path);
            let Ok(about) = fs::metadata(&full) else { continue };
            if !about.is_file() {
                continue;
            }
            let bytes =
                if about.len() <= LARGEST_TEXT { fs::read(&full).unwrap_or_default() } else { Vec::new() };
            house.put(&path, &String::from_utf8(bytes).unwrap_or_default());
        }
        house
    }

    /// Adds or replaces a file.
    pub(crate) fn put(&mut self, path: &str, text: &str) {
        self.files.insert(path.to_owned(), Arc::new(File::new(path, text)));
    }

    /// Takes a file away.
    pub(crate) fn remove(&mut self, path: &str) {
        self.files.remove(path);
    }

    /// All files, by path.
    pub(crate) fn files(&self) -> impl Iterator<Item = &File> {
        self.files.values().map(Arc::as_ref)
    }

    /// All Rust files.
    pub(crate) fn rust(&self) -> impl Iterator<Item = &File> {
        self.files().filter(|file| file.ends(".rs"))
    }

    /// The file at this path.
    pub(crate) fn get(&self, path: &str) -> Option<&File> {
        self.files.get(path).map(Arc::as_ref)
    }

    /// True when there is a file at this path or below this folder.
    pub(crate) fn has(&self, path: &str) -> bool {
        let folder = format!("{}/", path.trim_end_matches('/'));
        self.files.contains_key(path) || self.files.keys().any(|known| known.starts_with(&folder))
    }
}

fn listed_by_git(root: &Path) -> Option<Vec<String>> {
    if !root.join(".git").exists() {
        return None;
    }
    let listing = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard", "-z"])
        .current_dir(root)
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let text = String::from_utf8(listing.stdout).ok()?;
    Some(text.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
}

fn walked(root: &Path) -> Vec<String> {
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if !NOT_SOURCES.iter().any(|skipped| name == *skipped) {
                    open.push(path);
                }
            } else if let Ok(relative) = path.strip_prefix(root) {
                let parts: Vec<_> = relative.iter().map(|part| part.to_string_lossy()).collect();
                found.push(parts.join("/"));
            }
        }
    }
    found
}
