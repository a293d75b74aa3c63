//! Running programs so that the developer sees which: each is told before it starts, its own output passes
//! through, and a bad end is a fault that names it.

use std::env;
use std::io::{BufRead, BufReader};
use std::process::{Command, Output, Stdio};

use crate::fault::{Fault, WhileDoing};
use crate::places;

/// The cargo that runs this.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(places::root());
    command
}

/// A program by name; npm is a script with another name on Windows.
pub(crate) fn program(name: &str) -> Command {
    let name = if cfg!(windows) && name == "npm" { "npm.cmd" } else { name };
    Command::new(name)
}

/// True when the program answers to these words.
pub(crate) fn answers(name: &str, words: &str) -> bool {
    said(program(name).args(words.split(' '))).is_some()
}

/// True when there is a program of that name, for those that answer to nothing.
pub(crate) fn on_path(name: &str) -> bool {
    let path = env::var_os("PATH").unwrap_or_default();
    env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// What a quiet program says on standard output when it ends well.
pub(crate) fn said(command: &mut Command) -> Option<String> {
    let output: Output =
        command.stdin(Stdio::null()).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// The command as a person would type it.
pub(crate) fn told(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let program = program.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let words = command.get_args().map(|word| {
        let word = word.to_string_lossy();
        if word.is_empty() || word.contains([' ', '\'', '"', '(', ')', '*', '#', '>', '[']) {
            format!("{word:?}")
        } else {
            word.into_owned()
        }
    });
    std::iter::once(program).chain(words).collect::<Vec<_>>().join(" ")
}

/// Runs it with its output passed through.
pub(crate) fn run(command: &mut Command) -> Result<(), Fault> {
    let told = told(command);
    println!("+ {told}");
    let status = command.stdin(Stdio::null()).status().while_doing(|| format!("starting `{told}`"))?;
    if status.success() { Ok(()) } else { Err(Fault::Program { command: told, code: status.code() }) }
}

/// Runs it, passes each line of standard output through `each` and gives its exit code. Standard error
/// passes through untouched.
pub(crate) fn lines(command: &mut Command, mut each: impl FnMut(&str)) -> Result<Option<i32>, Fault> {
    let told = told(command);
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .while_doing(|| format!("starting `{told}`"))?;
    let output = child.stdout.take().expect("BUG: standard output was asked for");
    for line in BufReader::new(output).split(b'\n') {
        let line = line.while_doing(|| format!("reading what `{told}` says"))?;
        each(String::from_utf8_lossy(&line).trim_end_matches('\r'));
    }
    Ok(child.wait().while_doing(|| format!("waiting for `{told}`"))?.code())
}
