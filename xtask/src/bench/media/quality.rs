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
         counts. Where griot's file is the larger one, it is made again at less quality, and the score at sharp's size is taken \
         between the two.",
    );
    for photo in &bench.photos {
        println!("\nscoring {}", photo.title());
        let out = bench.work.join("out");
        let ours = looks(bench, photo, &EIGHT, bench.render(&EIGHT, &[&photo.path], &out))?;
        let theirs = match &bench.peers.sharp {
            Some(folder) => {
                let mut command = script(folder, "clone", &out, &EIGHT);
                command.arg(&photo.path);
                looks(bench, photo, &EIGHT, command)?
            }
            None => Vec::new(),
        };
        let even = no_more_bytes(bench, photo, &ours, &theirs)?;
        report.say(&format!("### {}", photo.title()));
        report.say(&compared(&ours, &theirs, &even));
        if !theirs.is_empty() {
            let worst =
                even.iter().zip(&theirs).map(|(score, b)| score - b.score).fold(f64::INFINITY, f64::min);
            let name = format!("{}: the worst of griot's scores - sharp's, at no more bytes", photo.stem);
            report.bar(Bar::at_least(name, BELOW, worst));
        }
    }
    Ok(())
}

/// Our scores at no more bytes than theirs. Where our file is the larger one, it is made again at less and less quality
/// until it is not, and the score at exactly their size is taken between the last two, as scores grow with the logarithm
/// of the size.
fn no_more_bytes(bench: &Bench, photo: &Photo, ours: &[Look], theirs: &[Look]) -> Result<Vec<f64>, Fault> {
    let mut even = Vec::with_capacity(theirs.len());
    for ((usage, own), other) in EIGHT.iter().zip(ours).zip(theirs) {
        let (frame, quality) = usage.rsplit_once(':').expect("BUG: the uses end with their quality");
        let mut quality: u8 = quality.parse().expect("BUG: the uses end with their quality");
        let (mut above, mut look) = (*own, *own);
        while look.bytes > other.bytes {
            quality -= 1;
            let usage = format!("{frame}:{quality}");
            let command = bench.render(&[&usage], &[&photo.path], &bench.work.join("out"));
            (above, look) = (look, looks(bench, photo, &[&usage], command)?[0]);
        }
        even.push(between(look, above, other.bytes));
    }
    Ok(even)
}

/// The score at a size between two looks.
fn between(below: Look, above: Look, bytes: u64) -> f64 {
    let size = |look: Look| (look.bytes as f64).ln();
    if above.bytes <= bytes {
        return above.score;
    }
    let share = ((bytes as f64).ln() - size(below)) / (size(above) - size(below));
    below.score + (above.score - below.score) * share
}

/// Makes the uses and scores them.
fn looks(
    bench: &Bench,
    photo: &Photo,
    uses: &[&str],
    command: std::process::Command,
) -> Result<Vec<Look>, Fault> {
    let out = bench.work.join("out");
    empty(&out)?;
    super::cost::measured(&[command], &bench.work)?;
    let files = uses.iter().map(|text| Usage::of(text).find(&out)).collect::<Result<Vec<PathBuf>, _>>()?;
    let mut score = std::process::Command::new(places::built("release/examples", "score"));
    score.arg(&photo.path);
    for (usage, file) in uses.iter().zip(&files) {
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

fn compared(ours: &[Look], theirs: &[Look], even: &[f64]) -> String {
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (at, look) in ours.iter().enumerate() {
        let mut row = vec![EIGHT[at].to_owned(), format!("{:.1}", look.score), look.bytes.to_string()];
        row.extend(match (theirs.get(at), even.get(at)) {
            (Some(other), Some(even)) => [
                format!("{:.1}", other.score),
                other.bytes.to_string(),
                format!("{:.3}", ratio(look.bytes as f64, other.bytes as f64)),
                format!("{:+.1}", look.score - other.score),
                format!("{:+.1}", even - other.score),
            ],
            _ => ["", "", "", "", ""].map(str::to_owned),
        });
        rows.push(row);
    }
    let heads =
        ["", "griot", "bytes", "sharp", "bytes", "bytes / sharp's", "griot - sharp", "at no more bytes"];
    table(&heads, &rows)
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
    fn a_score_between_two_sizes_grows_with_the_logarithm() {
        let (below, above) = (Look { score: 70.0, bytes: 100 }, Look { score: 80.0, bytes: 400 });
        assert!((between(below, above, 200) - 75.0).abs() < 1e-9);
        assert!((between(above, above, 500) - 80.0).abs() < 1e-9, "ours was not the larger one");
    }

    #[test]
    fn looks_stand_side_by_side() {
        let look = |score, bytes| Look { score, bytes };
        let both = compared(&[look(80.0, 1010)], &[look(79.5, 1000)], &[79.7]);
        assert!(
            both.ends_with("| cover:1080x1350:jpeg:80 | 80.0 | 1010 | 79.5 | 1000 | 1.010 | +0.5 | +0.2 |"),
            "{both}"
        );
        let alone = compared(&[look(80.0, 900)], &[], &[]);
        assert!(alone.ends_with("| 80.0 | 900 |  |  |  |  |  |"), "{alone}");
    }
}
