//! Fifty photographs to the small pictures of a library, each program in one process.

use std::path::Path;
use std::process::Command;

use super::contest::{self, Side};
use super::peers::script;
use super::report::{Bar, Report, costs, ratio};
use super::usage::{THUMBNAIL, counted};
use super::{Bench, Photo};
use crate::fault::Fault;
use crate::{places, setup, shell};

/// How many photographs.
const PHOTOS: usize = 50;
/// How many times less processor time than vipsthumbnail.
const CPU: f64 = 1.6;
/// How many times sooner the camera's own small picture is there.
const FIRST: f64 = 10.0;

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
    bench.photos.first().map_or(Ok(()), |photo| first(bench, photo, report))
}

/// The camera's own small picture against a decode, both as the library shows them.
fn first(bench: &Bench, photo: &Photo, report: &mut Report) -> Result<(), Fault> {
    shell::run(shell::cargo().args(["build", "--release", "-p", "griot-media", "--example", "first"]))?;
    let copy = bench.work.join("camera.jpg");
    let mut command = Command::new(places::built("release/examples", "first"));
    let said = shell::said(command.arg(&photo.path).arg(&copy));
    let times = said.as_deref().and_then(|said| said.trim().split_once(' '));
    let times =
        times.and_then(|(early, whole)| Some((early.parse::<f64>().ok()?, whole.parse::<f64>().ok()?)));
    let (early, whole) =
        times.ok_or_else(|| Fault::Unsound("the example `first` did not say two times".to_owned()))?;
    report.say(&format!(
        "{} with a small picture of 160 pixels, as cameras write one: that is there after {:.2} ms, the thumbnail from the \
         picture itself after {:.2} ms, in the same process, medians of interleaved turns.",
        photo.stem,
        early / 1000.0,
        whole / 1000.0
    ));
    report.bar(Bar::at_least("the first picture: time by decode / by EXIF", FIRST, ratio(whole, early)));
    Ok(())
}
