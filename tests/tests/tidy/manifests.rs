//! Cargo's manifests and the lock files: dependencies point one way, each has its reason, all versions
//! stand in one place, and no lock file names where one machine downloads from.

use super::house::{Breach, File, House};

/// Which crates of ours a crate may know. A crate that is not here may not exist.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("griot-domain", &[]),
    ("griot-colour", &[]),
    ("griot-media", &["griot-domain", "griot-colour"]),
    ("griot-store", &["griot-domain"]),
    ("griot-stubs", &[]),
    ("griot-networks", &["griot-domain", "griot-stubs"]),
    ("griot-app", &["griot-domain", "griot-media", "griot-store", "griot-networks"]),
    ("griot-serve", &["griot-domain", "griot-app"]),
    ("griot-cli", &["griot-domain", "griot-app", "griot-serve"]),
    ("griot-studio", &["griot-domain", "griot-app", "griot-serve"]),
    (
        "griot-tests",
        &[
            "griot-domain",
            "griot-media",
            "griot-store",
            "griot-networks",
            "griot-app",
            "griot-serve",
            "griot-stubs",
        ],
    ),
    ("xtask", &[]),
];

/// Crates of others that only some of ours may name in their manifest: `(prefix, who)`.
const MAY_NAME: &[(&str, &[&str])] = &[
    ("rusqlite", &["griot-store"]),
    ("reqwest", &["griot-networks"]),
    ("rustls", &["griot-networks"]),
    ("hyper", &["griot-networks", "griot-serve", "griot-tests"]),
    ("rust-embed", &["griot-serve"]),
    ("ureq", &["griot-tests"]),
    ("tauri", &["griot-studio"]),
    ("keyring", &["griot-app"]),
];

/// The one place where crates come from, as Cargo writes it in every lock file.
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// One dependency line.
struct Dependency<'a> {
    name: &'a str,
    value: &'a str,
    line: usize,
}

/// Dependencies among our own crates, and on what only one of them may use.
pub(crate) fn dependencies_point_one_way(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in members(house) {
        let name = package_name(&file.text);
        let Some((_, may)) = MAY_KNOW.iter().find(|(known, _)| *known == name) else {
            found.push(file.breach(1, format!("the crate {name} has no place in the order of the house")));
            continue;
        };
        for dependency in dependencies(&file.text) {
            let ours = MAY_KNOW.iter().any(|(known, _)| *known == dependency.name);
            if ours && !may.contains(&dependency.name) {
                let says = format!(
                    "{name} may not know {}: domain <- media, store, networks <- app <- hosts",
                    dependency.name
                );
                found.push(file.breach(dependency.line, says));
            }
            if name == "xtask" {
                found.push(
                    file.breach(dependency.line, "xtask is standard library only: it builds in seconds"),
                );
            }
            let kept = MAY_NAME.iter().find(|(prefix, _)| dependency.name.starts_with(prefix));
            if let Some((_, who)) = kept.filter(|(_, who)| !who.contains(&name.as_str())) {
                let says = format!("{} belongs to {} alone", dependency.name, who.join(" and "));
                found.push(file.breach(dependency.line, says));
            }
        }
    }
    found
}

/// In the root manifest each crate of others is followed by a comment that says what it is for.
pub(crate) fn every_dependency_has_its_reason(house: &House) -> Vec<Breach> {
    let Some(root) = house.get("Cargo.toml") else { return Vec::new() };
    dependencies(&root.text)
        .into_iter()
        .filter(|dependency| !dependency.value.contains("path ="))
        .filter(|dependency| {
            dependency.value.split_once(" # ").is_none_or(|(_, reason)| reason.trim().len() < 3)
        })
        .map(|dependency| {
            root.breach(dependency.line, format!("{}: say in a comment what it is for", dependency.name))
        })
        .collect()
}

/// Members name no version of their own.
pub(crate) fn members_take_the_workspace_version(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in members(house) {
        for dependency in dependencies(&file.text) {
            let inherits =
                dependency.name.ends_with(".workspace") || dependency.value.contains("workspace = true");
            if !inherits && !dependency.value.starts_with("true") {
                let says = format!("{}: versions stand in the root manifest alone", dependency.name);
                found.push(file.breach(dependency.line, says));
            }
        }
        for line in ["edition.workspace = true", "[lints]"] {
            if !file.text.contains(line) {
                found.push(file.breach(1, format!("`{line}` is missing: every crate has the workspace's")));
            }
        }
    }
    found
}

/// Lock files are the same on every machine.
pub(crate) fn lock_files_name_no_place(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files() {
        for (number, line) in file.text.lines().enumerate() {
            let placed = if file.ends("Cargo.lock") {
                line.strip_prefix("source = ").is_some_and(|source| source.trim_matches('"') != REGISTRY)
            } else if file.ends("package-lock.json") {
                line.trim_start().starts_with("\"resolved\": \"http")
            } else if file.ends(".npmrc") {
                line.contains("registry=") || line.contains("_auth")
            } else if file.ends("requirements.txt") {
                line.contains("index-url") || line.contains("://")
            } else {
                false
            };
            if placed {
                found.push(file.breach(
                    number + 1,
                    "names where one machine downloads from, or a source beside crates.io",
                ));
            }
        }
    }
    found
}

fn members(house: &House) -> impl Iterator<Item = &File> {
    house.files().filter(|file| file.ends("/Cargo.toml") && !file.path.contains("/fixtures/"))
}

fn package_name(text: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix("name = "));
    line.unwrap_or_default().trim_matches('"').to_owned()
}

/// The lines of every dependency table; `name.workspace = true` gives the bare name.
fn dependencies(text: &str) -> Vec<Dependency<'_>> {
    let mut found = Vec::new();
    let mut inside = false;
    for (number, line) in text.lines().enumerate() {
        let line = line.trim();
        if line.starts_with('[') {
            inside = line.trim_end_matches(']').ends_with("dependencies");
            let table = line.trim_matches(['[', ']']).rsplit_once("dependencies.");
            if let Some((_, name)) = table {
                found.push(Dependency { name, value: "", line: number + 1 });
            }
            continue;
        }
        let Some((name, value)) = line.split_once('=').filter(|_| inside && !line.starts_with('#')) else {
            continue;
        };
        let name = name.trim();
        let bare = name.strip_suffix(".workspace").unwrap_or(name);
        found.push(Dependency { name: bare, value: value.trim(), line: number + 1 });
    }
    found
}
