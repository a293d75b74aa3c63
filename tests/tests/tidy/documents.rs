//! The documents say what is true: the two commands, the invariants, every crate, links that lead somewhere,
//! rules with the day they were checked.

use super::house::{Breach, House};

/// What every checkout has at its root.
const REQUIRED: &[&str] = &[
    "ARCHITECTURE.md",
    "CHANGELOG.md",
    "LICENSE-APACHE",
    "LICENSE-MIT",
    "README.md",
    "deny.toml",
    ".ci/run",
    ".github/workflows/ci.yml",
    "docs/decisions",
];

/// How many invariants the architecture has.
const INVARIANTS: usize = 9;

fn lacking(path: &str, says: impl Into<String>) -> Breach {
    Breach { path: path.to_owned(), line: 1, says: says.into() }
}

/// The files that every checkout has.
pub(crate) fn required_files(house: &House) -> Vec<Breach> {
    REQUIRED.iter().filter(|path| !house.has(path)).map(|path| lacking(path, "is missing")).collect()
}

/// README names both commands; CI runs the second, on the developer's terms.
pub(crate) fn two_commands(house: &House) -> Vec<Breach> {
    let says = [
        ("README.md", "cargo xtask run"),
        ("README.md", "cargo xtask test"),
        (".ci/run", "cargo xtask test"),
        (".github/workflows/ci.yml", "cargo xtask test"),
    ];
    says.into_iter()
        .filter(|(path, command)| !house.get(path).is_some_and(|file| file.text.contains(command)))
        .map(|(path, command)| lacking(path, format!("does not name `{command}`")))
        .collect()
}

/// ARCHITECTURE.md writes each invariant down in the words that readers search for.
pub(crate) fn invariants_are_written(house: &House) -> Vec<Breach> {
    let path = "ARCHITECTURE.md";
    let text = house.get(path).map_or("", |file| &file.text);
    (1..=INVARIANTS)
        .filter(|number| !text.contains(&format!("**Architecture Invariant {number}:**")))
        .map(|number| lacking(path, format!("`**Architecture Invariant {number}:**` is not there")))
        .collect()
}

/// ARCHITECTURE.md's code map has every crate, and README every network whose rules we carry.
pub(crate) fn code_map_names_every_crate(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    let map = house.get("ARCHITECTURE.md").map_or("", |file| &file.text);
    for file in house.files().filter(|file| file.ends("/Cargo.toml") && !file.path.contains("/fixtures/")) {
        let folder = file.path.trim_end_matches("/Cargo.toml");
        if !map.contains(&format!("`{folder}")) {
            found.push(lacking("ARCHITECTURE.md", format!("the code map does not have `{folder}`")));
        }
    }
    let readme = house.get("README.md").map_or(String::new(), |file| file.text.to_lowercase());
    for file in house.files().filter(|file| file.under("assets/networks/") && file.ends(".toml")) {
        let network = file.path.trim_start_matches("assets/networks/").trim_end_matches(".toml");
        if !readme.contains(network) {
            found.push(lacking(
                "README.md",
                format!("does not name {network}, whose rules are in assets/networks"),
            ));
        }
    }
    found
}

/// A link to a file of ours leads to it.
pub(crate) fn links_lead_somewhere(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files().filter(|file| file.ends(".md")) {
        let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
        for (number, line) in file.text.lines().enumerate() {
            for rest in line.split("](").skip(1) {
                let target = rest.split([')', '#', ' ']).next().unwrap_or_default();
                if target.is_empty() || target.contains("://") || target.starts_with("mailto:") {
                    continue;
                }
                if !house.has(&joined(folder, target)) {
                    found.push(file.breach(number + 1, format!("the link to {target} leads nowhere")));
                }
            }
        }
    }
    found
}

fn joined(folder: &str, target: &str) -> String {
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

/// Decisions are pages `NNNN-title.md` without a gap.
pub(crate) fn decisions_are_numbered(house: &House) -> Vec<Breach> {
    let folder = "docs/decisions/";
    let pages = house.files().filter(|file| file.under(folder) && file.ends(".md"));
    pages
        .zip(1..)
        .filter(|(file, number)| !file.path[folder.len()..].starts_with(&format!("{number:04}-")))
        .map(|(file, number)| file.breach(1, format!("expected {number:04}-title.md here")))
        .collect()
}

/// Each network's rules say when they were checked.
pub(crate) fn rules_are_dated(house: &House) -> Vec<Breach> {
    let rules = house.files().filter(|file| file.under("assets/networks/") && file.ends(".toml"));
    rules
        .filter(|file| !file.text.contains("checked_on"))
        .map(|file| file.breach(1, "rules without `checked_on`: a limit is true on a day"))
        .collect()
}
