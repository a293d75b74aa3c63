//! The shape of the code: how large a file, a function and a folder may be, what things are called, and
//! that each module says why it exists. Reaching a budget means to cut by noun or by verb.

use std::collections::BTreeMap;

use super::house::{Breach, File, House};
use super::source::{closing, line_of, words};

/// Lines of what ships in one Rust file.
const RUST_FILE: usize = 400;
/// Lines of one function.
const FUNCTION: usize = 60;
/// Lines of one Svelte component.
const COMPONENT: usize = 250;
/// Files in one feature's folder.
const FEATURE_FILES: usize = 12;

/// Files over their budget by name, each with its reason. Empty is best.
const LARGER_FILES: &[&str] = &[];

/// Endings that say what a thing is made of instead of what it means.
const EMPTY_ENDINGS: &[&str] =
    &["Manager", "Service", "Helper", "Helpers", "Util", "Utils", "Processor", "Handler"];
/// Names that a format gave and that are its own words: the file, the name.
const GIVEN_NAMES: &[(&str, &str)] = &[("crates/griot-media/src/mp4/track.rs", "Handler")];
/// Endings that say as little in the names of files.
const EMPTY_FILES: &[&str] = &["util", "utils", "helper", "helpers", "manager", "common", "misc", "service"];

/// Files keep to their budget; tests do not count.
pub(crate) fn files_are_small(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files().filter(|file| !file.is_test() && !LARGER_FILES.contains(&file.path.as_str())) {
        let (lines, budget) = if file.ends(".rs") {
            (lines_that_ship(file), RUST_FILE)
        } else if file.ends(".svelte") {
            (file.text.lines().count(), COMPONENT)
        } else if file.ends(".ts") && !file.path.contains("/contract/") {
            (file.text.lines().count(), RUST_FILE)
        } else {
            continue;
        };
        if lines > budget {
            found.push(
                file.breach(
                    budget + 1,
                    format!("{lines} lines, the budget is {budget}: cut by noun or verb"),
                ),
            );
        }
    }
    found.extend(crowded_features(house));
    found
}

/// Lines of a file without its test items: those that are blank only where a test was do not count.
fn lines_that_ship(file: &File) -> usize {
    let of_tests = file.code.lines().zip(file.shipped.lines());
    let tests =
        of_tests.filter(|(code, shipped)| !code.trim().is_empty() && shipped.trim().is_empty()).count();
    file.text.lines().count() - tests
}

fn crowded_features(house: &House) -> Vec<Breach> {
    let mut folders: BTreeMap<&str, Vec<&File>> = BTreeMap::new();
    for file in house.files() {
        let Some(rest) = file.path.strip_prefix("ui/src/features/") else { continue };
        if let Some((feature, _)) = rest.split_once('/') {
            folders.entry(feature).or_default().push(file);
        }
    }
    let crowded = folders.into_iter().filter(|(_, files)| files.len() > FEATURE_FILES);
    crowded
        .map(|(feature, files)| {
            let says = format!(
                "feature {feature} has {} files, the budget is {FEATURE_FILES}: it is two",
                files.len()
            );
            files[FEATURE_FILES].breach(1, says)
        })
        .collect()
}

/// Functions keep to their budget; tests do not count.
pub(crate) fn functions_are_small(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.rust().filter(|file| !file.is_test()) {
        let code = &file.shipped;
        for at in words(code, "fn ") {
            let Some((open, close)) = body(code, at) else { continue };
            let lines = line_of(code, close) - line_of(code, at) + 1;
            if lines > FUNCTION {
                let name: String =
                    code[at + 3..open].chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let says = format!("fn {name} has {lines} lines, the budget is {FUNCTION}");
                found.push(file.breach(line_of(code, at), says));
            }
        }
    }
    found
}

/// The braces of the function that begins at `at`; nothing for a declaration or a function type.
fn body(code: &str, at: usize) -> Option<(usize, usize)> {
    let bytes = code.as_bytes();
    let mut here = at;
    loop {
        match bytes.get(here)? {
            b'(' | b'[' => here = closing(bytes, here) + 1,
            b'{' => return Some((here, closing(bytes, here))),
            b';' | b'}' | b')' => return None,
            _ => here += 1,
        }
    }
}

/// Types and files are called by words of the domain.
pub(crate) fn names_are_domain_words(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files().filter(|file| [".rs", ".ts", ".svelte"].iter().any(|ending| file.ends(ending)))
    {
        let stem = file.path.rsplit('/').next().unwrap_or_default().split('.').next().unwrap_or_default();
        if EMPTY_FILES.contains(&stem) || EMPTY_ENDINGS.iter().any(|ending| stem.ends_with(ending)) {
            found.push(
                file.breach(1, format!("a file called `{stem}` collects anything: name it by what it holds")),
            );
        }
        let read = if file.ends(".rs") { &file.code } else { &file.text };
        for kind in ["struct ", "enum ", "trait ", "type ", "class ", "interface "] {
            for at in words(read, kind) {
                let name: String = read[at + kind.len()..]
                    .chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect();
                let given = GIVEN_NAMES.contains(&(file.path.as_str(), name.as_str()));
                if !given && EMPTY_ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                    found.push(
                        file.breach(
                            line_of(read, at),
                            format!("`{name}`: name it by what it is in the domain"),
                        ),
                    );
                }
            }
        }
    }
    found
}

/// Each Rust module begins with `//!`: why it exists and what it deliberately does not do. The tests beside a
/// module say it by their name.
pub(crate) fn every_module_says_why(house: &House) -> Vec<Breach> {
    let silent = |file: &&File| {
        let first = file.text.lines().find(|line| !line.trim().is_empty() && !line.starts_with("#!"));
        !first.is_some_and(|line| line.starts_with("//! ") && line.len() > 12)
    };
    house
        .rust()
        .filter(|file| !file.ends("/tests.rs"))
        .filter(silent)
        .map(|file| file.breach(1, "begin with //!: why this module exists"))
        .collect()
}

/// Migrations are called `NNNN_name.sql` and follow each other without a gap.
pub(crate) fn migrations_are_in_order(house: &House) -> Vec<Breach> {
    let folder = "crates/griot-store/migrations/";
    let migrations = house.files().filter(|file| file.under(folder) && file.ends(".sql"));
    migrations
        .zip(1..)
        .filter(|(file, number)| !file.path[folder.len()..].starts_with(&format!("{number:04}_")))
        .map(|(file, number)| {
            file.breach(1, format!("expected {number:04}_name.sql here: they are append-only"))
        })
        .collect()
}
