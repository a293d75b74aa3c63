//! `cargo xtask test`: everything that must hold, built once, run level by level, counted. Nothing may be
//! ignored, and a level that runs no test is a failure: silence is not a pass.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use crate::check::{self, Steps};
use crate::fault::Fault;
use crate::levels::{self, Program};
use crate::tally::Tally;
use crate::{examples, page, places, setup, shell};

/// A level that npm runs, and how.
type ByNpm = (&'static str, fn() -> Result<Tally, Fault>);

/// All of them.
const OF_NPM: &[ByNpm] = &[(levels::UI, page::unit_tests), (levels::E2E, page::browser_tests)];

/// Examples in documentation: there may be none.
const EXAMPLES: &str = "examples in documentation";

/// `cargo xtask test`.
pub(crate) fn all(_: &[String]) -> Result<(), Fault> {
    let mut steps = Steps::new();
    steps.step("setup", || {
        setup::for_check()?;
        setup::for_tests()
    })?;
    check::all_but_tidy(&mut steps)?;
    let programs = steps.step("build", build)?;
    let mut counted = run_levels(&mut steps, programs)?;
    for (level, run) in OF_NPM {
        counted.push(((*level).to_owned(), steps.step(level, run)?));
    }
    let examples = steps.step(EXAMPLES, examples::run)?;
    counted.push((EXAMPLES.to_owned(), examples));
    steps.print();
    close(&counted, &levels::required())
}

/// `cargo xtask e2e [LEVEL]`.
pub(crate) fn end_to_end(words: &[String]) -> Result<(), Fault> {
    let wanted = |level: &str| words.is_empty() || words.iter().any(|word| word == level);
    let mut steps = Steps::new();
    steps.step("setup", setup::for_tests)?;
    let programs = steps.step("build", build)?;
    let programs: Vec<Program> = programs
        .into_iter()
        .filter(|program| levels::is_end_to_end(program) && wanted(&levels::level(program)))
        .collect();
    let mut counted = run_levels(&mut steps, programs)?;
    if wanted(levels::E2E) {
        counted.push((levels::E2E.to_owned(), steps.step(levels::E2E, page::browser_tests)?));
    }
    steps.print();
    close(&counted, &[])
}

/// Builds every binary and every test program once, and says which tests there are.
fn build() -> Result<Vec<Program>, Fault> {
    // With the examples cargo chooses the features that the tests need: what both share is built once.
    shell::run(shell::cargo().args(["build", "--quiet", "--workspace", "--bins", "--examples"]))?;
    let mut command = shell::cargo();
    command.args(["test", "--quiet", "--workspace", "--no-run", "--message-format=json-render-diagnostics"]);
    println!("+ {}", shell::told(&command));
    let mut programs = Vec::new();
    let code = shell::lines(&mut command, |line| programs.extend(levels::reported(line)))?;
    if code != Some(0) {
        return Err(Fault::Program { command: shell::told(&command), code });
    }
    programs.sort_by_key(|program| {
        (levels::rank(&levels::level(program)), levels::level(program), program.target.clone())
    });
    println!("{} test programs", programs.len());
    Ok(programs)
}

/// Runs the programs, which stand in the order of their levels.
fn run_levels(steps: &mut Steps, programs: Vec<Program>) -> Result<Vec<(String, Tally)>, Fault> {
    match places::shared() {
        Some(place) => println!("corpora: {}", place.display()),
        None => {
            println!("corpora absent: tests that need them say so and pass empty; GRIOT_SHARED names them")
        }
    }
    let mut counted: Vec<(String, Tally)> = Vec::new();
    for same in programs.chunk_by(|a, b| levels::level(a) == levels::level(b)) {
        let name = levels::level(&same[0]);
        let tally = steps.step(&name, || {
            let mut tally = Tally::default();
            for program in same {
                tally.add(run_program(program)?);
            }
            Ok(tally)
        })?;
        counted.push((name, tally));
    }
    Ok(counted)
}

fn run_program(program: &Program) -> Result<Tally, Fault> {
    println!("-- {} {}", program.package, program.target);
    let mut command = command(program);
    // What cargo would have set: tests read fixtures beside their manifest, snapshots find their source.
    command.current_dir(&program.folder).env("CARGO_MANIFEST_DIR", &program.folder);
    command.env("GRIOT_TEST_SERVERS", places::servers());
    // Tests that pass empty without the corpora say so on standard output, which is shown only when asked.
    command.arg("--show-output");
    let started = Instant::now();
    let mut tally = Tally::default();
    tally.ended_after(&mut command)?;
    println!("-- {} {}: {:.1} s", program.package, program.target, started.elapsed().as_secs_f64());
    Ok(tally)
}

/// A program that opens windows gets a display and a bus of its own, which end with it.
fn command(program: &Program) -> std::process::Command {
    if levels::level(program) != levels::DESKTOP || !cfg!(target_os = "linux") {
        return std::process::Command::new(&program.path);
    }
    let mut command = shell::program("dbus-run-session");
    command.args(["--", "xvfb-run", "-a", "-s", "-screen 0 1280x800x24 -nolisten tcp", &program.path]);
    command.env("LIBGL_ALWAYS_SOFTWARE", "1");
    command
}

impl Tally {
    /// Runs a test program to its end, passing its words through and counting them.
    pub(crate) fn ended_after(&mut self, command: &mut std::process::Command) -> Result<(), Fault> {
        let (mut failures, mut failing) = (Vec::new(), false);
        let code = shell::lines(command, |line| {
            println!("{line}");
            self.hear(line);
            failing |= line == "failures:";
            if failing {
                failures.push(line.to_owned());
            }
        })?;
        self.ended(code);
        if code != Some(0) {
            SAID.lock().unwrap_or_else(PoisonError::into_inner).extend(failures.into_iter().take(SAID_AGAIN));
        }
        Ok(())
    }
}

/// What tests said that failed: it is said again at the end, where somebody who sees only the end of a long run looks.
static SAID: Mutex<Vec<String>> = Mutex::new(Vec::new());
/// So many lines of each program.
const SAID_AGAIN: usize = 80;

fn say_again() {
    let said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    if !said.is_empty() {
        println!("\nwhat failed, once more");
        said.iter().for_each(|line| println!("{line}"));
    }
}

/// Prints the table and the closing line; a fault when anything failed, was ignored or never ran.
fn close(counted: &[(String, Tally)], required: &[&str]) -> Result<(), Fault> {
    let mut sum = Tally::default();
    say_again();
    println!("\nlevels");
    for (level, tally) in counted {
        sum.add(*tally);
        let skipped =
            if tally.skipped > 0 { format!(", {} of them skipped", tally.skipped) } else { String::new() };
        println!(
            "  {level}: {} passed, {} failed, {} ignored{skipped}",
            tally.passed, tally.failed, tally.ignored
        );
    }
    let wrong = wrongs(counted, required);
    for says in &wrong {
        println!("  {says}");
    }
    println!("\n{} passed, {} failed", sum.passed, sum.failed);
    if wrong.is_empty() { Ok(()) } else { Err(Fault::Unsound(wrong.join("; "))) }
}

/// What keeps these counts from being a pass.
fn wrongs(counted: &[(String, Tally)], required: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for (level, tally) in counted {
        if tally.failed > 0 {
            wrong.push(format!("{level}: {} failed", tally.failed));
        }
        if tally.ignored > 0 {
            wrong.push(format!("{level}: {} ignored, none may be", tally.ignored));
        }
        if tally.ran() == 0 && level != EXAMPLES {
            wrong.push(format!("{level}: no test ran"));
        }
    }
    let absent = required.iter().filter(|name| !counted.iter().any(|(level, _)| level == *name));
    wrong.extend(absent.map(|name| format!("{name}: this level has no tests")));
    if counted.is_empty() {
        wrong.push("no test program was found".to_owned());
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_not_a_pass() {
        let tally = |passed, failed, ignored| Tally { passed, failed, ignored, skipped: 0 };
        let check = |counted: &[(&str, Tally)], required: &[&str], expect: &[&str]| {
            let counted: Vec<_> =
                counted.iter().map(|(level, tally)| ((*level).to_owned(), *tally)).collect();
            assert_eq!(wrongs(&counted, required), expect);
        };
        check(&[("rules", tally(3, 0, 0)), (EXAMPLES, tally(0, 0, 0))], &["rules"], &[]);
        check(&[("rules", tally(0, 0, 0))], &["rules"], &["rules: no test ran"]);
        check(&[("rules", tally(2, 0, 1))], &[], &["rules: 1 ignored, none may be"]);
        check(
            &[("rules", tally(2, 1, 0))],
            &["crash"],
            &["rules: 1 failed", "crash: this level has no tests"],
        );
        check(&[], &[], &["no test program was found"]);
    }
}
