//! What Griot is measured against: programs that do the same work on the same machine at the same time.
//!
//! Deliberately absent: figures that pass or fail a build. A machine that others use too tells ratios, not verdicts.

use crate::fault::Fault;

mod media;
mod queue;
mod start;

/// `cargo xtask bench [media [--quick] [PART...]|start|queue]`.
pub(crate) fn bench(words: &[String]) -> Result<(), Fault> {
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] => media::bench(&[]),
        ["media", rest @ ..] => media::bench(rest),
        ["start"] => start::bench(),
        ["queue"] => queue::bench(),
        _ => Err(Fault::Usage(
            "there are three benches: cargo xtask bench media, cargo xtask bench start, cargo xtask bench queue"
                .to_owned(),
        )),
    }
}
