//! Fifty photographs to the small pictures of a library, each program in one process.

use std::path::Path;

use super::Bench;
use super::contest::{self, Side};
use super::peers::script;
use super::report::{Bar, Report, costs, ratio};
use super::usage::{THUMBNAIL, counted};
use crate::fault::Fault;
use crate::{setup, shell};

/// How many photographs.
const PHOTOS: usize = 50;
/// How many times less processor time than vipsthumbnail.
const CPU: f64 = 1.6;

/// This part of the bench.
pub(super) fn part(bench: &Bench, report: &mut Report) -> Result<(), Fault> {
    let photos = &bench.copies(PHOTOS)?;
    let look = |out: &Path| counted(out, PHOTOS);
    let render = |out: &Path| {
        let paths: Vec<&Path> = photos.iter().map(AsRef::as_ref).collect();
        Ok(vec![bench.render(&[THUMBNAIL], &paths, out)])
    };
    let mut sides = vec![Side::new("griot", render, look)];
    if bench.peers.vips {
        let work = |out: &Path| {
            let mut command = shell::program(setup::VIPS.program());
            command.args(["--size", "320x320>", "--export-profile", "srgb", "-o"]);
            command.arg(format!("{}/%s.jpg[Q=80,strip]", out.display())).args(photos);
            Ok(vec![command])
        };
        sides.push(Side::new("vipsthumbnail", work, look));
    }
    if let Some(folder) = &bench.peers.sharp {
        let work = move |out: &Path| {
            let mut command = script(folder, "files", out, &[THUMBNAIL]);
            command.args(photos);
            Ok(vec![command])
        };
        sides.push(Side::new("sharp, two files at a time", work, look));
    }
    println!("\n{PHOTOS} thumbnails");
    let medians = contest::interleaved(&bench.work, &sides)?;
    let named: Vec<_> = sides.iter().map(Side::name).zip(medians).collect();
    report.say("## Thumbnails");
    report.say(&format!(
        "{PHOTOS} photographs (copies of the inputs in turn) to {THUMBNAIL}, in one process each. Milliseconds are per \
         photograph."
    ));
    report.say(&costs(&named, PHOTOS));
    if let [(_, ours), rest @ ..] = named.as_slice()
        && let Some((_, vips)) = rest.iter().find(|(name, _)| *name == "vipsthumbnail")
    {
        let reached = ratio(vips.cpu_ms(), ours.cpu_ms());
        report.bar(Bar::at_least("thumbnails: vipsthumbnail's CPU / griot's", CPU, reached));
    }
    Ok(())
}
