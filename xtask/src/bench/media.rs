//! Renditions beside those of the programs that people use today: processor time, time on the clock, the most memory,
//! and how good the result looks. Runs are whole processes in new folders, interleaved, and medians count.
//!
//! The photographs to time lie beside the repository; without them the project's own samples are taken, of which nothing
//! is asked. A whole run writes `docs/benchmarks.md`; part of one only prints.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::fault::{Fault, WhileDoing};
use crate::{places, setup, shell};
use peers::Peers;
use report::Report;

mod contest;
mod cost;
mod films;
mod header;
mod many;
mod peers;
mod quality;
mod renditions;
pub(super) mod report;
mod thumbnails;
mod usage;

/// A part of the bench, with its name on the command line.
type Part = (&'static str, fn(&Bench, &mut Report) -> Result<(), Fault>);

/// In the order of the page.
const PARTS: [Part; 5] = [
    ("renditions", renditions::part),
    ("quality", quality::part),
    ("thumbnails", thumbnails::part),
    ("many", many::part),
    ("films", films::part),
];

/// A photograph to work on.
struct Photo {
    path: PathBuf,
    stem: String,
    /// As it is seen.
    size: (u32, u32),
}

impl Photo {
    fn title(&self) -> String {
        let (width, height) = self.size;
        format!("{}, {width}x{height}", self.stem)
    }
}

/// What every part needs.
struct Bench {
    quick: bool,
    /// A folder of this bench's own; its inputs are in it.
    work: PathBuf,
    photos: Vec<Photo>,
    peers: Peers,
}

/// `cargo xtask bench media [--quick] [PART...]`.
pub(super) fn bench(words: &[&str]) -> Result<(), Fault> {
    let (quick, parts) = chosen(words)?;
    if !cfg!(target_os = "linux") {
        return Err(Fault::Usage(
            "this bench asks the system what processes cost: it runs on Linux".to_owned(),
        ));
    }
    setup::packages(&[setup::TIME])?;
    shell::run(shell::cargo().args(["build", "--release", "--package", "griot-cli"]))?;
    let peers = Peers::install();
    let work = places::target().join("bench/media");
    let photos = photos(&work)?;
    let bench = Bench { quick, work, photos, peers };
    let mut report = Report::default();
    report.say(&bench.head());
    for (_, part) in &parts {
        part(&bench, &mut report)?;
    }
    report.verdict();
    if quick || parts.len() < PARTS.len() || !bench.peers.missing.is_empty() {
        println!("\ndocs/benchmarks.md stays as it is: not every part has run with everyone");
        return Ok(());
    }
    report.write()
}

fn chosen(words: &[&str]) -> Result<(bool, Vec<Part>), Fault> {
    let (quick, names): (Vec<&str>, Vec<&str>) = words.iter().partition(|word| **word == "--quick");
    if let Some(unknown) = names.iter().find(|name| PARTS.iter().all(|(part, _)| part != *name)) {
        let parts = PARTS.map(|(part, _)| part).join(", ");
        return Err(Fault::Usage(format!("there is no part `{unknown}`; there are {parts}")));
    }
    let parts = PARTS.into_iter().filter(|(part, _)| names.is_empty() || names.contains(part)).collect();
    Ok((!quick.is_empty(), parts))
}

/// Copies of the photographs: links to them can be made in the same folder, as many as wanted.
fn photos(work: &Path) -> Result<Vec<Photo>, Fault> {
    let beside = places::shared().map(|place| place.join("bench")).filter(|place| place.is_dir());
    let place = beside.unwrap_or_else(|| places::root().join("assets/samples"));
    let inputs = work.join("inputs");
    contest::empty(&inputs)?;
    let mut photos = Vec::new();
    for from in usage::files(&place)?.into_iter().filter(|path| path.extension().is_some_and(|e| e == "jpg"))
    {
        let name = from.file_name().unwrap_or_default();
        let path = inputs.join(name);
        // The bytes alone: what may not be written stays so in a copy of the file.
        let bytes = fs::read(&from).while_doing(|| format!("reading {}", from.display()))?;
        fs::write(&path, bytes).while_doing(|| format!("writing {}", path.display()))?;
        let stem = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
        photos.push(Photo { stem, size: usage::size_of(&path)?, path });
    }
    if photos.is_empty() {
        return Err(Fault::Unsound(format!("no .jpg in {}", place.display())));
    }
    Ok(photos)
}

impl Bench {
    /// The program as a person has it, away from any settings of this machine.
    fn griot(&self) -> Command {
        let mut command = Command::new(places::built("release", "griot"));
        command.env("GRIOT_APP_DIR", self.work.join("app"));
        command.env("GRIOT_WORKSPACE", self.work.join("workspace"));
        command
    }

    /// `griot render` of photographs to uses.
    fn render(&self, uses: &[&str], photos: &[&Path], out: &Path) -> Command {
        let mut command = self.griot();
        command.arg("render");
        for usage in uses {
            command.args(["--as", usage]);
        }
        command.arg("--out").arg(out).args(photos);
        command
    }

    /// So many photographs: links to the inputs in turn.
    fn copies(&self, count: usize) -> Result<Vec<PathBuf>, Fault> {
        let folder = self.work.join("copies");
        contest::empty(&folder)?;
        let link = |at: usize| {
            let (from, to) =
                (&self.photos[at % self.photos.len()].path, folder.join(format!("photo-{at:04}.jpg")));
            fs::hard_link(from, &to).while_doing(|| format!("linking {}", to.display()))?;
            Ok(to)
        };
        (0..count).map(link).collect()
    }

    /// A command without the places of this machine.
    fn plainly(&self, command: &Command) -> String {
        let told = shell::told(command);
        let (inputs, work) = (self.work.join("inputs"), places::target());
        told.replace(&format!("{}/", inputs.display()), "")
            .replace(&format!("{}/", work.display()), "target/")
    }

    /// What it is, when and on what it was measured.
    fn head(&self) -> String {
        let date = shell::said(shell::program("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_default();
        let griot = shell::said(self.griot().arg("--version")).unwrap_or_default();
        let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
        let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        let versions =
            std::iter::once(griot).chain(self.peers.versions.clone()).collect::<Vec<_>>().join("; ");
        let mut lines = vec![
            "# Benchmarks".to_owned(),
            String::new(),
            format!("Written by `cargo xtask bench media` on {date}."),
            String::new(),
            format!(
                "- Machine: {}, {cores} cores; its load at the start was {}.",
                processor(&read("/proc/cpuinfo")),
                read("/proc/loadavg").split(' ').next().unwrap_or("unknown")
            ),
            format!("- Versions: {versions}."),
            format!(
                "- Runs: whole processes, each into a new folder, interleaved, medians of {} rounds. CPU is user and \
                 system time of the process and all that it starts; the peak is resident memory.",
                contest::ROUNDS
            ),
            format!(
                "- Renditions: {}. The size of every rendition of every run is read from its header and must be exact.",
                usage::EIGHT.join(", ")
            ),
            "- sharp's figures include the start of Node, as griot's include its own start; ImageMagick applies no \
             colour profile."
                .to_owned(),
        ];
        lines.extend(self.peers.missing.iter().map(|sentence| format!("- {sentence}.")));
        lines.join("\n")
    }
}

/// The model of the first processor.
fn processor(cpuinfo: &str) -> &str {
    let line = cpuinfo.lines().find(|line| line.starts_with("model name"));
    line.and_then(|line| line.split_once(':')).map_or("unknown processor", |(_, model)| model.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_chosen_by_name_and_keep_their_order() {
        let names = |words: &[&str]| {
            let (quick, parts) = chosen(words).expect("parts");
            (quick, parts.into_iter().map(|(name, _)| name).collect::<Vec<_>>())
        };
        assert_eq!(names(&[]).1.len(), PARTS.len());
        assert_eq!(names(&["films", "--quick", "renditions"]), (true, vec!["renditions", "films"]));
        assert!(
            matches!(chosen(&["sound"]), Err(Fault::Usage(says)) if says.contains("renditions, quality"))
        );
    }

    #[test]
    fn the_processor_is_named() {
        assert_eq!(processor("processor\t: 0\nmodel name\t: A CPU\n"), "A CPU");
        assert_eq!(processor(""), "unknown processor");
    }
}
