//! The TypeScript contract in `ui/src/contract` is the one that the command table gives. Stale means red;
//! `cargo xtask contract` writes it anew.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

fn committed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/contract")
}

fn files(dir: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let Ok(list) = fs::read_dir(dir) else { return found };
    for entry in list {
        let path = entry.expect("an entry").path();
        let name = path.file_name().expect("a name").to_string_lossy().into_owned();
        if path.is_dir() {
            for (inner, text) in files(&path) {
                found.insert(format!("{name}/{inner}"), text);
            }
        } else {
            found.insert(name, fs::read_to_string(&path).expect("a text").replace("\r\n", "\n"));
        }
    }
    found
}

#[test]
fn the_committed_contract_is_the_command_tables() {
    let fresh = tempfile::tempdir().expect("a temporary folder");
    griot_app::commands::export_contract(fresh.path()).expect("the contract is written");
    let (fresh_files, old) = (files(fresh.path()), files(&committed()));
    assert!(fresh_files.len() > 40, "the table's types are exported");
    if std::env::var_os("UPDATE_CONTRACT").is_some() {
        let _ = fs::remove_dir_all(committed());
        for (name, text) in &fresh_files {
            let path = committed().join(name);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, text).expect("written");
        }
        return;
    }
    let stale: Vec<_> = fresh_files
        .iter()
        .filter(|(name, text)| old.get(*name) != Some(text))
        .map(|(name, _)| name)
        .chain(old.keys().filter(|name| !fresh_files.contains_key(*name)))
        .collect();
    assert!(stale.is_empty(), "the contract is stale, run `cargo xtask contract`: {stale:?}");
}

#[test]
fn every_command_is_noun_verb_and_in_order() {
    let names: Vec<_> = griot_app::COMMANDS.iter().map(|c| c.name).collect();
    let mut sorted = names.clone();
    sorted.sort_unstable();
    assert_eq!(names, sorted);
    assert!(names.iter().all(|n| n.split('.').count() == 2));
}
