//! What machines mend: format and lints; and the files that are written from other files.

use crate::fault::Fault;
use crate::shell;

/// `cargo xtask fix`.
pub(crate) fn fix(_: &[String]) -> Result<(), Fault> {
    let clippy = ["clippy", "--fix", "--allow-dirty", "--allow-staged", "--workspace", "--all-targets"];
    shell::run(shell::cargo().args(clippy))?;
    shell::run(shell::cargo().args(["fmt", "--all"]))
}

/// `cargo xtask contract`: the test that compares the contract writes it instead.
pub(crate) fn contract(_: &[String]) -> Result<(), Fault> {
    let mut test = shell::cargo();
    test.args(["test", "--quiet", "--package", "griot-app", "--test", "contract"])
        .env("UPDATE_CONTRACT", "1");
    shell::run(&mut test)
}
