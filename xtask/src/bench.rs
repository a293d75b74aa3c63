//! Renditions beside ImageMagick's: one photograph to three sizes, runs interleaved so that both see the
//! same machine, medians of wall time, and the highest memory where the system tells it (Linux).

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::fault::{Fault, WhileDoing};
use crate::{places, setup, shell};

mod start;

/// How often each side runs.
const RUNS: usize = 5;

/// The three uses: what a square, a portrait and a wide post need.
const SIZES: [(u32, u32); 3] = [(1080, 1080), (1080, 1350), (1200, 630)];

/// The quality that both encode with.
const QUALITY: u32 = 82;

/// `cargo xtask bench [media|start]`.
pub(crate) fn bench(words: &[String]) -> Result<(), Fault> {
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        [] | ["media"] => media(),
        ["start"] => start::bench(),
        _ => Err(Fault::Usage(
            "there are two benches: cargo xtask bench media, cargo xtask bench start".to_owned(),
        )),
    }
}

fn media() -> Result<(), Fault> {
    setup::packages(&[setup::IMAGEMAGICK])?;
    shell::run(shell::cargo().args(["build", "--release", "--package", "griot-cli"]))?;
    let picture = largest_sample()?;
    let out = places::target().join("bench");
    fs::create_dir_all(&out).while_doing(|| format!("making {}", out.display()))?;
    println!("{} to {SIZES:?}, JPEG quality {QUALITY}, {RUNS} runs each, interleaved", picture.display());
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(measured(&mut our_command(&picture, &out))?);
        theirs.push(measured(&mut their_command(&picture, &out))?);
    }
    let (ours, theirs) = (Measure::median(ours), Measure::median(theirs));
    println!("griot        {ours}");
    println!("ImageMagick  {theirs}");
    println!("griot takes {:.2} of ImageMagick's time", ours.wall.as_secs_f64() / theirs.wall.as_secs_f64());
    Ok(())
}

fn largest_sample() -> Result<PathBuf, Fault> {
    let place = places::root().join("assets/samples");
    let entries = fs::read_dir(&place).while_doing(|| format!("reading {}", place.display()))?;
    let pictures = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "jpg"));
    let largest = pictures.max_by_key(|path| fs::metadata(path).map(|about| about.len()).unwrap_or_default());
    largest.ok_or_else(|| Fault::Unsound(format!("no .jpg in {}", place.display())))
}

fn our_command(picture: &Path, out: &Path) -> Command {
    let mut command = Command::new(places::built("release", "griot"));
    command.arg("--json").arg("render").arg(picture).arg("--out").arg(out.join("griot"));
    for (width, height) in SIZES {
        command.arg("--as").arg(format!("cover:{width}x{height}:jpeg:{QUALITY}"));
    }
    command
}

/// One decode for the three outputs, as a person who cares would write it.
fn their_command(picture: &Path, out: &Path) -> Command {
    let mut command = shell::program(setup::IMAGEMAGICK.program());
    command.arg(picture).args(["-auto-orient", "-strip", "-quality", &QUALITY.to_string()]);
    for (width, height) in SIZES {
        let size = format!("{width}x{height}");
        command.args([
            "(",
            "+clone",
            "-resize",
            &format!("{size}^"),
            "-gravity",
            "center",
            "-extent",
            &size,
            "-write",
        ]);
        command.arg(out.join(format!("magick-{size}.jpg"))).args(["+delete", ")"]);
    }
    command.arg("null:");
    command
}

/// One run: how long, and how much memory at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Measure {
    wall: Duration,
    peak_kib: Option<u64>,
}

impl Measure {
    fn median(mut runs: Vec<Measure>) -> Measure {
        runs.sort_by_key(|run| run.wall);
        let peak_kib = runs.iter().filter_map(|run| run.peak_kib).max();
        Measure { peak_kib, ..runs[runs.len() / 2] }
    }
}

impl std::fmt::Display for Measure {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "{:>7.0} ms median", self.wall.as_secs_f64() * 1000.0)?;
        match self.peak_kib {
            Some(kib) => write!(out, ", {:>4} MiB at most", kib / 1024),
            None => write!(out, ", memory unknown on this system"),
        }
    }
}

fn measured(command: &mut Command) -> Result<Measure, Fault> {
    let told = shell::told(command);
    let starting = || format!("starting `{told}`");
    let started = Instant::now();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn().while_doing(starting)?;
    let mut peak_kib = None;
    let status = loop {
        // A high-water mark only rises, so the last look before the end is the peak but for two milliseconds.
        peak_kib = high_water(&child).max(peak_kib);
        if let Some(status) = child.try_wait().while_doing(starting)? {
            break status;
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    let wall = started.elapsed();
    if status.success() {
        Ok(Measure { wall, peak_kib })
    } else {
        Err(Fault::Program { command: told, code: status.code() })
    }
}

/// The most memory that the process has held, in KiB, where `/proc` tells it.
fn high_water(child: &Child) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_run_counts_and_the_highest_memory() {
        let run = |ms, peak_kib| Measure { wall: Duration::from_millis(ms), peak_kib };
        let median = Measure::median(vec![run(90, Some(2048)), run(10, Some(9216)), run(30, None)]);
        assert_eq!(median, run(30, Some(9216)));
        assert_eq!(median.to_string(), "     30 ms median,    9 MiB at most");
    }
}
