//! The page in `ui/` and its tests: npm's packages from their lock files, the build, and what vitest, Playwright and the
//! checkers of the page say. Each is done again only when what goes into it changed.

use std::fs;
use std::path::PathBuf;

use crate::fault::{Fault, WhileDoing};
use crate::json::{self, Value};
use crate::stamp::Stamp;
use crate::tally::Tally;
use crate::{places, setup, shell};

/// What decides which packages there are.
const PACKAGES: &[&str] = &["package.json", "package-lock.json", ".npmrc"];

/// What goes into the built page, beside its packages.
const SOURCES: &[&str] = &[
    "index.html",
    "messages",
    "package-lock.json",
    "project.inlang/settings.json",
    "public",
    "src",
    "svelte.config.js",
    "tsconfig.json",
    "vite.config.ts",
];

/// What the build itself writes among its sources.
const WRITTEN: &str = "src/lib/messages";

/// The built page, made anew where something in it changed.
pub(crate) fn build() -> Result<(), Fault> {
    setup::node()?;
    packages("ui")?;
    let folder = places::root().join("ui");
    let mut sources = Vec::new();
    for name in SOURCES.iter().map(|name| folder.join(name)).filter(|path| path.exists()) {
        collect(name, &folder.join(WRITTEN), &mut sources)?;
    }
    // The names count too: a file that moved is another page.
    let names: Vec<_> = sources.iter().filter_map(|path| path.strip_prefix(&folder).ok()?.to_str()).collect();
    let stamp = Stamp::of(places::target().join("page-built-from"), &sources, &names.join("\n"))?;
    if stamp.holds() && folder.join("dist/index.html").exists() {
        println!("setup: the page is built");
        return Ok(());
    }
    println!("setup: building the page");
    shell::run(npm("ui").args(["run", "--silent", "build"]))?;
    fs::create_dir_all(places::target()).while_doing(|| "making the target folder".to_owned())?;
    stamp.write()
}

/// Every file at or below `path`, in order, but for what lies below `but`.
fn collect(path: PathBuf, but: &std::path::Path, files: &mut Vec<PathBuf>) -> Result<(), Fault> {
    if path == but {
        return Ok(());
    }
    if !path.is_dir() {
        files.push(path);
        return Ok(());
    }
    let entries = fs::read_dir(&path).while_doing(|| format!("reading {}", path.display()))?;
    let mut inside: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    inside.sort();
    inside.into_iter().try_for_each(|path| collect(path, but, files))
}

/// The packages of a folder, from its lock file.
pub(crate) fn packages(folder: &str) -> Result<(), Fault> {
    let home = places::root().join(folder);
    let inputs: Vec<PathBuf> =
        PACKAGES.iter().map(|name| home.join(name)).filter(|path| path.exists()).collect();
    let node = shell::said(shell::program("node").arg("--version")).unwrap_or_default();
    let stamp = Stamp::of(home.join("node_modules/.installed-from"), &inputs, &node)?;
    if stamp.holds() {
        println!("setup: packages of {folder} there");
        return Ok(());
    }
    println!("setup: installing the packages of {folder} from its lock file");
    shell::run(npm(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    stamp.write()
}

/// Types, and what the linter says.
pub(crate) fn check() -> Result<(), Fault> {
    shell::run(npm("ui").args(["run", "--silent", "check"]))?;
    shell::run(npm("ui").args(["run", "--silent", "lint"]))
}

/// The page's own tests.
pub(crate) fn unit_tests() -> Result<Tally, Fault> {
    let report = report("ui")?;
    let mut command = npm("ui");
    command.args(["test", "--silent", "--", "--reporter=default", "--reporter=json"]);
    command.arg(format!("--outputFile.json={}", report.display()));
    counted(&mut command, &report, of_vitest)
}

/// The page in a browser, with the real studio behind it.
pub(crate) fn browser_tests() -> Result<Tally, Fault> {
    packages("tests/e2e")?;
    let report = report("e2e")?;
    let mut command = npm("tests/e2e");
    command.args(["test", "--silent", "--", "--reporter=list,json"]);
    command.env("PLAYWRIGHT_JSON_OUTPUT_FILE", &report).env("GRIOT_TEST_SERVERS", places::servers());
    command.env("GRIOT_PROGRAM", places::built("debug", "griot"));
    counted(&mut command, &report, of_playwright)
}

/// Where a run writes its counts: gone before, so that no older one is believed.
fn report(level: &str) -> Result<PathBuf, Fault> {
    let folder = places::target().join("reports");
    fs::create_dir_all(&folder).while_doing(|| format!("making {}", folder.display()))?;
    let report = folder.join(format!("{level}.json"));
    match fs::remove_file(&report) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(Fault::System(format!("removing {}", report.display()), error))
        }
        _ => Ok(report),
    }
}

fn counted(
    command: &mut std::process::Command,
    report: &std::path::Path,
    of: fn(&Value) -> Option<Tally>,
) -> Result<Tally, Fault> {
    println!("+ {}", shell::told(command));
    let code = shell::lines(command, |line| println!("{line}"))?;
    let read = fs::read_to_string(report).ok().and_then(|text| json::parse(&text).ok());
    let mut tally = read.as_ref().and_then(of).unwrap_or_default();
    tally.ended(code);
    Ok(tally)
}

fn of_vitest(report: &Value) -> Option<Tally> {
    let count = |name: &str| report.get(name).and_then(Value::number);
    let ignored = count("numPendingTests")? + count("numTodoTests").unwrap_or(0.0);
    Some(tally(count("numPassedTests")?, count("numFailedTests")?, ignored))
}

fn of_playwright(report: &Value) -> Option<Tally> {
    let stats = report.get("stats")?;
    let count = |name: &str| stats.get(name).and_then(Value::number);
    // What passes only sometimes does not pass.
    Some(tally(count("expected")?, count("unexpected")? + count("flaky")?, count("skipped")?))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "counts of tests")]
fn tally(passed: f64, failed: f64, ignored: f64) -> Tally {
    Tally { passed: passed as usize, failed: failed as usize, ignored: ignored as usize, skipped: 0 }
}

fn npm(folder: &str) -> std::process::Command {
    let mut command = shell::program("npm");
    command.current_dir(places::root().join(folder));
    command
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reports_are_counted() {
        let vitest = r#"{"numTotalTests":6,"numPassedTests":3,"numFailedTests":1,"numPendingTests":1,"numTodoTests":1}"#;
        let playwright = r#"{"stats":{"expected":3,"skipped":2,"unexpected":0,"flaky":1}}"#;
        let expect = Some(Tally { passed: 3, failed: 1, ignored: 2, skipped: 0 });
        assert_eq!(json::parse(vitest).ok().as_ref().and_then(of_vitest), expect);
        assert_eq!(json::parse(playwright).ok().as_ref().and_then(of_playwright), expect);
        assert_eq!(json::parse("{}").ok().as_ref().and_then(of_playwright), None);
    }
}
