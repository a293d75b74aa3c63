//! How near the renditions look to what they were made of: SSIMULACRA2 by the example `score` of griot-media, and bytes.

use std::fs;
use std::path::{Path, PathBuf};

use super::contest::empty;
use super::peers::script;
use super::report::{Bar, Report, ratio, table};
use super::usage::{EIGHT, Usage};
use super::{Bench, Photo};
use crate::fault::{Fault, WhileDoing};
use crate::{places, shell};

/// How far below sharp's a score may be.
const BELOW: f64 = -0.5;

/// A rendition's score and size.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Look {
    score: f64,
    bytes: u64,
}

/// This part of the bench.
pub(super) fn part(bench: &Bench, report: &mut Report) -> Result<(), Fault> {
    shell::run(shell::cargo().args([
        "build",
        "--release",
        "--package",
        "griot-media",
        "--example",
        "score",
    ]))?;
    report.say("## Quality");
    report.say(
        "SSIMULACRA2 (100 is the same, 90 cannot be told apart, 70 is good) against the photograph decoded in full, \
         brought to sRGB and resampled with Lanczos3 at 16 bits. Where a frame is filled, the cut may fall between two \
         pixels: each side is held against the cut at the exact place and at the whole pixels beside it, and the best \
         counts.",
    );
    for photo in &bench.photos {
        println!("\nscoring {}", photo.title());
        let ours = looks(bench, photo, &mut [bench.render(&EIGHT, &[&photo.path], &bench.work.join("out"))])?;
        let theirs = match &bench.peers.sharp {
            Some(folder) => {
                let mut command = script(folder, "clone", &bench.work.join("out"), &EIGHT);
                command.arg(&photo.path);
                looks(bench, photo, &mut [command])?
            }
            None => Vec::new(),
        };
        report.say(&format!("### {}", photo.title()));
        report.say(&compared(&ours, &theirs));
        if !theirs.is_empty() {
            bars(photo, &ours, &theirs, report);
        }
    }
    Ok(())
}

/// Makes the eight and scores them.
fn looks(bench: &Bench, photo: &Photo, commands: &mut [std::process::Command]) -> Result<Vec<Look>, Fault> {
    let out = bench.work.join("out");
    empty(&out)?;
    super::cost::measured(commands, &bench.work)?;
    let files = EIGHT.iter().map(|text| Usage::of(text).find(&out)).collect::<Result<Vec<PathBuf>, _>>()?;
    let mut score = std::process::Command::new(places::built("release/examples", "score"));
    score.arg(&photo.path);
    for (usage, file) in EIGHT.iter().zip(&files) {
        score.arg(format!("{usage}={}", file.display()));
    }
    let said = shell::said(&mut score)
        .ok_or_else(|| Fault::Program { command: bench.plainly(&score), code: None })?;
    let scores = scores(&said).filter(|scores| scores.len() == files.len());
    let scores = scores.ok_or_else(|| Fault::Unsound(format!("the scores are `{said}`")))?;
    scores.into_iter().zip(&files).map(|(score, file)| Ok(Look { score, bytes: bytes(file)? })).collect()
}

/// A score on each line.
fn scores(said: &str) -> Option<Vec<f64>> {
    said.lines().map(|line| line.trim().parse().ok()).collect()
}

fn bytes(file: &Path) -> Result<u64, Fault> {
    Ok(fs::metadata(file).while_doing(|| format!("looking at {}", file.display()))?.len())
}

fn compared(ours: &[Look], theirs: &[Look]) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, look) in ours.iter().enumerate() {
        let mut row = vec![EIGHT[at].to_owned(), format!("{:.1}", look.score), look.bytes.to_string()];
        row.extend(match theirs.get(at) {
            Some(other) => [
                format!("{:.1}", other.score),
                other.bytes.to_string(),
                format!("{:+.1}", look.score - other.score),
                format!("{:.3}", ratio(look.bytes as f64, other.bytes as f64)),
            ],
            None => ["", "", "", ""].map(str::to_owned),
        });
        rows.push(row);
    }
    let heads = ["", "griot", "bytes", "sharp", "bytes", "griot - sharp", "bytes / sharp's"];
    table(&heads, &rows)
}

fn bars(photo: &Photo, ours: &[Look], theirs: &[Look], report: &mut Report) {
    let pairs = || ours.iter().zip(theirs);
    let worst = pairs().map(|(a, b)| a.score - b.score).fold(f64::INFINITY, f64::min);
    let stem = &photo.stem;
    report.bar(Bar::at_least(format!("{stem}: the worst of griot's scores - sharp's"), BELOW, worst));
    let largest = pairs().map(|(a, b)| ratio(a.bytes as f64, b.bytes as f64)).fold(0.0, f64::max);
    report.bar(Bar::at_most(format!("{stem}: the most of griot's bytes / sharp's"), 1.0, largest));
    let sum = |looks: &[Look]| looks.iter().map(|look| look.bytes).sum::<u64>() as f64;
    let all = ratio(sum(ours), sum(theirs));
    report.bar(Bar::at_most(format!("{stem}: griot's bytes / sharp's, all eight"), 1.0, all));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_numbers_line_by_line() {
        assert_eq!(scores("79.5\n-3.25\n"), Some(vec![79.5, -3.25]));
        assert_eq!(scores("79.5\nno picture\n"), None);
        assert_eq!(scores(""), Some(Vec::new()));
    }

    #[test]
    fn looks_stand_side_by_side() {
        let look = |score, bytes| Look { score, bytes };
        let both = compared(&[look(80.0, 900)], &[look(79.5, 1000)]);
        assert!(
            both.ends_with("| cover:1080x1350:jpeg:80 | 80.0 | 900 | 79.5 | 1000 | +0.5 | 0.900 |"),
            "{both}"
        );
        let alone = compared(&[look(80.0, 900)], &[]);
        assert!(alone.ends_with("| 80.0 | 900 |  |  |  |  |"), "{alone}");
    }
}
