//! One photograph, eight renditions: Griot, sharp in three ways, vipsthumbnail, ImageMagick.

use std::path::Path;
use std::process::Command;

use super::contest::{self, Side};
use super::peers::script;
use super::report::{Bar, Report, costs, ratio};
use super::usage::{self, EIGHT, Usage};
use super::{Bench, Photo};
use crate::fault::Fault;
use crate::{setup, shell};

/// How many times less processor time than sharp, by photograph.
const CPU: &[(&str, f64)] = &[("k24", 3.0), ("p3_12mp_o6", 4.5)];
/// How many times less time on the clock.
const WALL: f64 = 2.2;
/// What part of the memory.
const PEAK: f64 = 0.5;

/// The rows of the table, by which the bars find theirs.
const CLONES: &str = "sharp, a clone per rendition";

/// This part of the bench.
pub(super) fn part(bench: &Bench, report: &mut Report) -> Result<(), Fault> {
    report.say("## One photograph, eight renditions");
    for photo in &bench.photos {
        let sides = sides(bench, photo);
        println!("\n{}", photo.title());
        let medians = contest::interleaved(&bench.work, &sides)?;
        let named: Vec<_> = sides.iter().map(Side::name).zip(medians).collect();
        report.say(&format!("### {}", photo.title()));
        report.say(&costs(&named, 1));
        bars(photo, &named, report);
    }
    if let Some(photo) = bench.photos.first() {
        report.say(&commands(bench, photo)?);
    }
    Ok(())
}

fn sides<'a>(bench: &'a Bench, photo: &'a Photo) -> Vec<Side<'a>> {
    let exact = |out: &Path| usage::exact(out, &EIGHT, photo.size);
    let mut sides =
        vec![Side::new("griot", |out| Ok(vec![bench.render(&EIGHT, &[&photo.path], out)]), exact)];
    if let Some(folder) = &bench.peers.sharp {
        for (name, way) in [(CLONES, "clone"), ("sharp, shrunk once by hand", "shrink")] {
            let work = move |out: &Path| {
                let mut command = script(folder, way, out, &EIGHT);
                command.arg(&photo.path);
                Ok(vec![command])
            };
            sides.push(Side::new(name, work, exact));
        }
        let nothing = move |out: &Path| Ok(vec![script(folder, "nothing", out, &[])]);
        sides.push(Side::new("sharp, loaded and nothing done", nothing, |_| Ok(())));
    }
    if bench.peers.vips {
        let work = |out: &Path| Ok(EIGHT.map(|text| vips(&photo.path, &Usage::of(text), out)).into());
        sides.push(Side::new("vipsthumbnail, once per rendition", work, exact));
    }
    if bench.peers.magick {
        let work = |out: &Path| Ok(vec![magick(&photo.path, out)]);
        sides.push(Side::new("ImageMagick, one decode", work, exact));
    }
    sides
}

fn bars(photo: &Photo, named: &[(&str, super::cost::Cost)], report: &mut Report) {
    let find = |name: &str| named.iter().find(|(side, _)| *side == name).map(|(_, cost)| *cost);
    let (Some(ours), Some(sharp)) = (find("griot"), find(CLONES)) else { return };
    let Some((_, cpu)) = CPU.iter().find(|(stem, _)| *stem == photo.stem) else { return };
    let stem = &photo.stem;
    report.bar(Bar::at_least(
        format!("{stem}: sharp's CPU / griot's"),
        *cpu,
        ratio(sharp.cpu_ms(), ours.cpu_ms()),
    ));
    report.bar(Bar::at_least(
        format!("{stem}: sharp's wall / griot's"),
        WALL,
        ratio(sharp.wall_ms(), ours.wall_ms()),
    ));
    let peak = ratio(ours.peak_mib(), sharp.peak_mib());
    report.bar(Bar::at_most(format!("{stem}: griot's peak / sharp's"), PEAK, peak));
}

/// The commands as they were given, without the places of this machine.
fn commands(bench: &Bench, photo: &Photo) -> Result<String, Fault> {
    let mut lines = vec!["What was run, for one of them:\n\n```sh".to_owned()];
    for side in sides(bench, photo) {
        lines.push(format!("# {}", side.name()));
        lines.extend(side.commands(Path::new("OUT"))?.iter().map(|command| bench.plainly(command)));
    }
    lines.push("```".to_owned());
    Ok(lines.join("\n"))
}

/// One rendition by vipsthumbnail, upright and in sRGB as it does by itself and by its option.
pub(super) fn vips(photo: &Path, usage: &Usage, out: &Path) -> Command {
    let mut command = shell::program(setup::VIPS.program());
    let size = format!("{}x{}{}", usage.width, usage.height, if usage.covers { "" } else { ">" });
    command.arg(photo).args(["--size", &size, "--export-profile", "srgb"]);
    if usage.covers {
        command.args(["--smartcrop", "centre"]);
    }
    command.arg("-o").arg(format!("{}[Q=80,strip]", out.join(&usage.file).display()));
    command
}

/// One decode for all, as a person who cares would write it. No profile is applied: it brings none to apply.
fn magick(photo: &Path, out: &Path) -> Command {
    let mut command = shell::program(setup::IMAGEMAGICK.program());
    command.arg(photo).args(["-auto-orient", "-strip", "-quality", "80"]);
    for usage in EIGHT.map(Usage::of) {
        let size = format!("{}x{}", usage.width, usage.height);
        command.args(["(", "+clone", "-resize"]);
        if usage.covers {
            command.args([&format!("{size}^"), "-gravity", "center", "-extent", &size]);
        } else {
            command.arg(format!("{size}>"));
        }
        command.arg("-write").arg(out.join(&usage.file)).args(["+delete", ")"]);
    }
    command.arg("null:");
    command
}
