//! What was measured, as the page that `docs/benchmarks.md` is: printed as it grows, written when it is whole.

use std::fs;
use std::path::PathBuf;

use super::cost::Cost;
use crate::fault::{Fault, WhileDoing};
use crate::places;

/// What was asked of a figure, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bench) struct Bar {
    what: String,
    asked: String,
    reached: String,
    held: bool,
}

impl Bar {
    /// The figure must not be below.
    pub(in crate::bench) fn at_least(what: impl Into<String>, asked: f64, reached: f64) -> Bar {
        Bar {
            what: what.into(),
            asked: format!("at least {asked:.2}"),
            reached: format!("{reached:.2}"),
            held: reached >= asked,
        }
    }

    /// The figure must not be above.
    pub(in crate::bench) fn at_most(what: impl Into<String>, asked: f64, reached: f64) -> Bar {
        Bar {
            what: what.into(),
            asked: format!("at most {asked:.2}"),
            reached: format!("{reached:.2}"),
            held: reached <= asked,
        }
    }
}

/// The page so far.
#[derive(Default)]
pub(in crate::bench) struct Report {
    text: String,
    bars: Vec<Bar>,
}

impl Report {
    /// A paragraph, a heading, a table.
    pub(in crate::bench) fn say(&mut self, text: &str) {
        println!("\n{text}");
        self.text.push_str(text);
        self.text.push_str("\n\n");
    }

    /// Judged at the end.
    pub(in crate::bench) fn bar(&mut self, bar: Bar) {
        self.bars.push(bar);
    }

    /// All bars, in a table under a heading of the page.
    pub(in crate::bench) fn verdict(&mut self) {
        self.verdict_at(2);
    }

    /// The same under a heading of this depth.
    pub(in crate::bench) fn verdict_at(&mut self, depth: usize) {
        if self.bars.is_empty() {
            return;
        }
        let rows: Vec<Vec<String>> = self
            .bars
            .iter()
            .map(|bar| {
                let held = if bar.held { "yes" } else { "**no**" };
                vec![bar.what.clone(), bar.asked.clone(), bar.reached.clone(), held.to_owned()]
            })
            .collect();
        let table = table(&["bar", "asked", "reached", "held"], &rows);
        self.say(&format!("{} What was asked, and what was reached", "#".repeat(depth)));
        self.say(&table);
    }

    /// Writes the page. The part of another bench stays at its end.
    pub(in crate::bench) fn write(&self) -> Result<(), Fault> {
        let kept = written().split_once(QUEUE).map(|(_, queue)| format!("\n{QUEUE}{queue}"));
        put(&format!("{}\n{}", self.text.trim_end(), kept.unwrap_or_default()))
    }

    /// Writes this as the last part of the page, in place of the one that began with the same heading.
    pub(in crate::bench) fn put_into_the_page(&self) -> Result<(), Fault> {
        let page = written();
        let before = page.split_once(QUEUE).map_or(page.as_str(), |(before, _)| before);
        put(&format!("{}\n\n{}\n", before.trim_end(), self.text.trim_end()))
    }
}

/// The heading of the part that `cargo xtask bench queue` writes.
pub(in crate::bench) const QUEUE: &str = "## A long queue";

fn page() -> PathBuf {
    places::root().join("docs/benchmarks.md")
}

/// The page as it is; empty where there is none yet.
fn written() -> String {
    fs::read_to_string(page()).unwrap_or_default()
}

fn put(text: &str) -> Result<(), Fault> {
    fs::write(page(), text).while_doing(|| "writing docs/benchmarks.md".to_owned())?;
    println!("\nwritten: docs/benchmarks.md");
    Ok(())
}

/// A table whose first column is words and whose others are figures.
pub(in crate::bench) fn table(heads: &[&str], rows: &[Vec<String>]) -> String {
    let line = |cells: &[String]| format!("| {} |", cells.join(" | "));
    let heads: Vec<String> = heads.iter().map(|head| (*head).to_owned()).collect();
    let rule = std::iter::once("---").chain(std::iter::repeat_n("---:", heads.len().saturating_sub(1)));
    let rule = format!("|{}|", rule.collect::<Vec<_>>().join("|"));
    let mut lines = vec![line(&heads), rule];
    lines.extend(rows.iter().map(|row| line(row)));
    lines.join("\n")
}

/// What each side costs, and how many times the first one's; `each` is how many photographs share a run.
pub(super) fn costs(sides: &[(&str, Cost)], each: usize) -> String {
    let Some((_, ours)) = sides.first() else { return String::new() };
    let share = |figure: f64| figure / each as f64;
    let rows: Vec<Vec<String>> = sides
        .iter()
        .map(|(name, cost)| {
            vec![
                (*name).to_owned(),
                format!("{:.0}", share(cost.cpu_ms())),
                format!("{:.0}", share(cost.wall_ms())),
                format!("{:.0}", cost.peak_mib()),
                format!("{:.2}", ratio(cost.cpu_ms(), ours.cpu_ms())),
                format!("{:.2}", ratio(cost.wall_ms(), ours.wall_ms())),
                format!("{:.2}", ratio(cost.peak_mib(), ours.peak_mib())),
            ]
        })
        .collect();
    let heads = ["", "CPU ms", "wall ms", "peak MiB", "CPU / griot's", "wall / griot's", "peak / griot's"];
    table(&heads, &rows)
}

/// How many times `ours` is in `theirs`. What took no time at all is infinitely better, which a table may say.
pub(in crate::bench) fn ratio(theirs: f64, ours: f64) -> f64 {
    if theirs == ours { 1.0 } else { theirs / ours }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn costs_stand_beside_the_first_sides() {
        let cost = |cpu, wall, mib: u64| Cost {
            cpu: Duration::from_millis(cpu),
            wall: Duration::from_millis(wall),
            peak_kib: mib * 1024,
        };
        let text = costs(&[("griot", cost(300, 200, 70)), ("sharp", cost(1080, 500, 210))], 1);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1], "|---|---:|---:|---:|---:|---:|---:|");
        assert_eq!(lines[2], "| griot | 300 | 200 | 70 | 1.00 | 1.00 | 1.00 |");
        assert_eq!(lines[3], "| sharp | 1080 | 500 | 210 | 3.60 | 2.50 | 3.00 |");
        let shared = costs(&[("griot", cost(300, 200, 70))], 10);
        assert_eq!(shared.lines().last(), Some("| griot | 30 | 20 | 70 | 1.00 | 1.00 | 1.00 |"));
        assert_eq!(costs(&[], 1), "");
    }

    #[test]
    fn a_bar_is_held_at_its_own_height() {
        for (bar, held) in [
            (Bar::at_least("a", 3.0, 3.0), true),
            (Bar::at_least("a", 3.0, 2.99), false),
            (Bar::at_most("a", 0.5, 0.5), true),
            (Bar::at_most("a", 0.5, 0.51), false),
            (Bar::at_most("a", 0.5, f64::NAN), false),
        ] {
            assert_eq!(bar.held, held, "{bar:?}");
        }
    }

    #[test]
    fn what_was_not_reached_is_said() {
        let mut report = Report::default();
        report.verdict();
        assert_eq!(report.text, "");
        report.bar(Bar::at_least("CPU", 3.0, 2.5));
        report.verdict();
        assert!(report.text.contains("| CPU | at least 3.00 | 2.50 | **no** |"), "{}", report.text);
    }

    #[test]
    fn a_ratio_says_how_many_times() {
        assert_eq!((ratio(6.0, 2.0), ratio(0.0, 0.0), ratio(1.0, 0.0)), (3.0, 1.0, f64::INFINITY));
    }
}
