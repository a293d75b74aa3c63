//! `cargo xtask mutations [NAME...]`: old mistakes, put back one after the other on a copy of the tree, each of which
//! chaos has to find.
//!
//! Each is a patch in `tests/mutations`, which says at its top what it puts back. The copy is of what git knows (its
//! index), under `target/mutations`; the tree itself stays as it is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::fault::{Fault, WhileDoing};
use crate::{places, shell};

/// Each is found within so many rounds.
const ROUNDS: &str = "300";
/// The networks on which they show, one after the other: stubs alone, so that a round takes a fraction of a second.
const NETWORKS: &[&str] = &["fediverse", "facebook,x,discourse"];

pub(crate) fn mutations(names: &[String]) -> Result<(), Fault> {
    let copy = places::target().join("mutations/tree");
    checkout(&copy)?;
    let (mut missed, mut table) = (Vec::new(), Vec::new());
    for patch in patches(names)? {
        let name = patch.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        apply(&copy, &patch)?;
        build(&copy)?;
        match first_finding(&copy)? {
            Some(found) => table.push(format!("{name}: {found}")),
            None => missed.push(name),
        }
        // What the patch touched is as it was: only that is built again for the next.
        checkout(&copy)?;
    }
    table.iter().for_each(|line| println!("{line}"));
    if missed.is_empty() { Ok(()) } else { Err(Fault::Unsound(format!("not found: {}", missed.join(", ")))) }
}

/// The patches of these names; all of them without.
fn patches(names: &[String]) -> Result<Vec<PathBuf>, Fault> {
    let folder = places::root().join("tests/mutations");
    let entries = fs::read_dir(&folder).while_doing(|| format!("reading {}", folder.display()))?;
    let mut all: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    all.retain(|path| path.extension().is_some_and(|kind| kind == "patch"));
    let is_named = |path: &PathBuf| {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        names.is_empty() || names.iter().any(|wanted| *wanted == name)
    };
    all.retain(is_named);
    all.sort();
    if all.is_empty() { Err(Fault::Usage("no such mutation in tests/mutations".to_owned())) } else { Ok(all) }
}

/// Makes the copy like the index. Files that are the same keep their times, so that little is built again.
fn checkout(copy: &Path) -> Result<(), Fault> {
    let fresh = places::target().join("mutations/fresh");
    let prefix = format!("{}/", fresh.display());
    let mut git = shell::program("git");
    shell::run(git.current_dir(places::root()).args(["checkout-index", "-a", "-f", "--prefix", &prefix]))?;
    sync(&fresh, copy)
}

/// Copies what differs, and removes what is not there.
fn sync(from: &Path, to: &Path) -> Result<(), Fault> {
    fs::create_dir_all(to).while_doing(|| format!("making {}", to.display()))?;
    let list = |folder: &Path| -> Result<Vec<PathBuf>, Fault> {
        let entries = fs::read_dir(folder).while_doing(|| format!("reading {}", folder.display()))?;
        Ok(entries.flatten().map(|entry| entry.path()).collect())
    };
    let there = |path: &Path, of: &Path| of.join(path.file_name().unwrap_or_default());
    for path in list(from)? {
        let target = there(&path, to);
        if path.is_dir() {
            sync(&path, &target)?;
        } else if fs::read(&path).ok() != fs::read(&target).ok() {
            fs::copy(&path, &target).while_doing(|| format!("copying {}", path.display()))?;
        }
    }
    for path in list(to)?.into_iter().filter(|path| !there(path, from).exists() && path.is_file()) {
        fs::remove_file(&path).while_doing(|| format!("removing {}", path.display()))?;
    }
    Ok(())
}

fn apply(copy: &Path, patch: &Path) -> Result<(), Fault> {
    let mut command = shell::program("patch");
    command.current_dir(copy).args(["--quiet", "-p1", "-i"]).arg(patch);
    shell::run(&mut command)
}

/// Builds chaos on the copy, in a place of its own: programs with old mistakes must never lie where others look for ours.
fn build(copy: &Path) -> Result<(), Fault> {
    let mut command = shell::cargo();
    command.current_dir(copy).env("CARGO_TARGET_DIR", built());
    shell::run(command.args(["build", "--quiet", "--package", "griot-tests", "--bin", "chaos"]))
}

/// Where the copy is built.
fn built() -> PathBuf {
    places::target().join("mutations/target")
}

/// What chaos finds on the copy first, on the networks of one list after the other.
fn first_finding(copy: &Path) -> Result<Option<String>, Fault> {
    for networks in NETWORKS {
        if let Some(found) = round(copy, networks)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

/// Runs chaos on the copy; gives what it found first.
fn round(copy: &Path, networks: &str) -> Result<Option<String>, Fault> {
    let mut command = std::process::Command::new(built().join("debug/chaos"));
    command.current_dir(copy).env("GRIOT_TEST_SERVERS", places::servers());
    command.args(["--until-found", "--rounds", ROUNDS, "--networks", networks]);
    let mut first = None;
    let code = shell::lines(&mut command, |line| {
        println!("{line}");
        if line.contains(" of seed ") && line.contains("(round ") && first.is_none() {
            first = Some(line.chars().take(400).collect::<String>());
        }
    })?;
    match code {
        Some(0 | 1) => Ok(first),
        code => Err(Fault::Program { command: shell::told(&command), code }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_old_mistake_can_be_put_back_on_the_tree_as_it_is() {
        for patch in patches(&[]).expect("the mutations") {
            let mut git = std::process::Command::new("git");
            git.current_dir(places::root()).args(["apply", "--check"]).arg(&patch);
            assert!(git.status().is_ok_and(|status| status.success()), "{}", patch.display());
        }
    }
}
