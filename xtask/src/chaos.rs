//! `cargo xtask chaos`: rounds of trouble between Griot and the networks, as many as one likes.

use crate::fault::Fault;
use crate::shell;

/// `cargo xtask chaos [--rounds N] [--seed S] [--from N] [--networks A,B] [--aloud]`: what the program takes.
pub(crate) fn chaos(words: &[String]) -> Result<(), Fault> {
    let mut command = shell::cargo();
    command.args(["run", "--quiet", "--package", "griot-tests", "--bin", "chaos", "--"]).args(words);
    shell::run(&mut command)
}
