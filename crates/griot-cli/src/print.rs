//! The two ways out: answers on standard output, diagnostics on standard error.
//!
//! A reader that went away (`griot queue | head -1`) is not a failure: what it did not want is dropped.

use std::io::{self, Write};

use griot_domain::text::shown;

/// One line for a person, flushed at once: whatever servers and files are called, it steers no terminal.
pub(crate) fn said(line: &str) {
    answer(&shown(line));
}

/// One answer for a program, flushed at once.
pub(crate) fn answer(line: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
}

/// One diagnostic line.
pub(crate) fn diagnostic(line: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", shown(line));
}

/// A piece of a line on standard error.
pub(crate) fn piece(text: &str) {
    let mut err = io::stderr().lock();
    let _ = write!(err, "{text}").and_then(|()| err.flush());
}
