//! What holds without running the product: format, lints, documentation, licences, the rules of the house.
//!
//! Advisories are deliberately not asked: they need a network and change without a commit.

use std::fs;
use std::time::{Duration, Instant};

use crate::fault::{Fault, WhileDoing};
use crate::{page, places, setup, shell};

/// What was done and how long it took.
pub(crate) struct Steps(Vec<(String, Duration)>);

impl Steps {
    /// Nothing done yet.
    pub(crate) fn new() -> Steps {
        Steps(Vec::new())
    }

    /// Does one step under its headline and keeps its time.
    pub(crate) fn step<T>(
        &mut self,
        name: &str,
        work: impl FnOnce() -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        println!("\n== {name}");
        let started = Instant::now();
        let done = work();
        self.0.push((name.to_owned(), started.elapsed()));
        done
    }

    /// Prints the times.
    pub(crate) fn print(&self) {
        println!("\ntimes");
        for (name, took) in &self.0 {
            println!("  {name:<34} {:>7.1} s", took.as_secs_f64());
        }
    }
}

/// `cargo xtask check`.
pub(crate) fn check(_: &[String]) -> Result<(), Fault> {
    let mut steps = Steps::new();
    steps.step("setup", setup::for_check)?;
    all_but_tidy(&mut steps)?;
    // `--workspace` keeps the features that every other build has; `-p` would build the dependencies anew.
    steps.step("rules of the house", || {
        shell::run(shell::cargo().args(["test", "--quiet", "--workspace", "--test", "tidy"]))
    })?;
    steps.print();
    println!("\ncheck: all of it holds");
    Ok(())
}

/// Every check that is not a test.
pub(crate) fn all_but_tidy(steps: &mut Steps) -> Result<(), Fault> {
    steps.step("format", || shell::run(shell::cargo().args(["fmt", "--all", "--check"])))?;
    steps.step("lints", || {
        shell::run(shell::cargo().args([
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))
    })?;
    steps.step("documentation", || {
        let mut doc = shell::cargo();
        doc.args(["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings");
        shell::run(&mut doc)
    })?;
    steps.step("licences, bans, sources", || {
        let mut deny = std::process::Command::new(places::tools().join("bin/cargo-deny"));
        deny.current_dir(places::root());
        shell::run(deny.args(["check", "--hide-inclusion-graph", "licenses", "bans", "sources"]))
    })?;
    steps.step("the page: types and lints", page::check)?;
    let lock = places::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).while_doing(|| format!("reading {}", lock.display()))?;
    println!("Cargo.lock: {} packages for all systems", packages_in(&lock));
    Ok(())
}

fn packages_in(lock: &str) -> usize {
    lock.lines().filter(|line| *line == "[[package]]").count()
}

#[cfg(test)]
mod tests {
    #[test]
    fn packages_are_counted() {
        assert_eq!(
            super::packages_in("version = 4\n\n[[package]]\nname = \"a\"\n\n[[package]]\nname = \"b\"\n"),
            2
        );
    }
}
