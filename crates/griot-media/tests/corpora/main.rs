//! The shared corpora: files that nobody of this project made. They are read where they are and never copied into it.
//! Without them these tests say so and pass.

mod films;
mod pictures;
mod reference;

use std::path::{Path, PathBuf};

/// The corpora's folder: `$GRIOT_SHARED/corpora`, else beside the repository.
#[expect(clippy::print_stdout, reason = "a test that is skipped says so")]
fn corpora() -> Option<PathBuf> {
    let shared = std::env::var_os("GRIOT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    let folder = shared.join("corpora");
    if folder.join("MANIFEST.tsv").is_file() {
        return Some(folder);
    }
    println!("corpora absent: skipped");
    None
}

/// One line of the manifest.
struct Entry {
    name: String,
    path: PathBuf,
    expected: String,
    facts: String,
}

/// The files under some folders, in the manifest's order.
fn entries(folder: &Path, under: &[&str]) -> Vec<Entry> {
    let manifest = std::fs::read_to_string(folder.join("MANIFEST.tsv")).expect("the manifest is readable");
    let entry = |line: &str| {
        let columns: Vec<&str> = line.split('\t').collect();
        Entry {
            name: columns[0].into(),
            path: folder.join(columns[0]),
            expected: columns[6].into(),
            facts: columns[7].into(),
        }
    };
    manifest.lines().skip(1).map(entry).filter(|e| under.iter().any(|u| e.name.starts_with(u))).collect()
}
