//! Several sides do the same work, each in its turn, round after round, so that all see the same machine.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::cost::{Cost, measured};
use crate::fault::{Fault, WhileDoing};

/// At least this many rounds, for medians that mean something.
pub(super) const ROUNDS: usize = 5;

/// What a side runs, given the empty folder to write into.
type Work<'a> = Box<dyn Fn(&Path) -> Result<Vec<Command>, Fault> + 'a>;
/// Whether what is in the folder is right.
type Look<'a> = Box<dyn Fn(&Path) -> Result<(), Fault> + 'a>;

/// One that does the work.
pub(super) struct Side<'a> {
    name: String,
    work: Work<'a>,
    look: Look<'a>,
}

impl<'a> Side<'a> {
    /// `work` gives the commands for an empty folder, `look` judges the folder afterwards.
    pub(super) fn new(
        name: &str,
        work: impl Fn(&Path) -> Result<Vec<Command>, Fault> + 'a,
        look: impl Fn(&Path) -> Result<(), Fault> + 'a,
    ) -> Side<'a> {
        Side { name: name.to_owned(), work: Box::new(work), look: Box::new(look) }
    }

    /// How the tables call it.
    pub(super) fn name(&self) -> &str {
        &self.name
    }

    /// What it would run for this folder.
    pub(super) fn commands(&self, out: &Path) -> Result<Vec<Command>, Fault> {
        (self.work)(out)
    }

    /// One run into a new folder below `place`, looked at and removed.
    pub(super) fn run(&self, place: &Path) -> Result<Cost, Fault> {
        let out = place.join("out");
        empty(&out)?;
        let cost = measured(&self.commands(&out)?, place)?;
        (self.look)(&out)?;
        fs::remove_dir_all(&out).while_doing(|| format!("removing {}", out.display()))?;
        Ok(cost)
    }
}

/// The medians of all sides, in their order. Each round starts with another side.
pub(super) fn interleaved(place: &Path, sides: &[Side<'_>]) -> Result<Vec<Cost>, Fault> {
    rounds(ROUNDS, place, sides)
}

/// The same in so many rounds, where a difference is smaller than what one run differs from the next.
pub(super) fn rounds(count: usize, place: &Path, sides: &[Side<'_>]) -> Result<Vec<Cost>, Fault> {
    let mut runs = vec![Vec::new(); sides.len()];
    for round in 0..count {
        for turn in 0..sides.len() {
            let at = (turn + round) % sides.len();
            runs[at].push(sides[at].run(place)?);
        }
        println!("  round {} of {count}", round + 1);
    }
    Ok(runs.iter().filter_map(|runs| Cost::median(runs)).collect())
}

/// Makes a folder that is there and empty.
pub(super) fn empty(folder: &Path) -> Result<(), Fault> {
    if folder.exists() {
        fs::remove_dir_all(folder).while_doing(|| format!("removing {}", folder.display()))?;
    }
    fs::create_dir_all(folder).while_doing(|| format!("making {}", folder.display()))
}
