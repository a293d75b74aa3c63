//! Whether the thousandth photograph costs what the tenth does.

use std::path::Path;

use super::Bench;
use super::contest::{ROUNDS, Side};
use super::cost::Cost;
use super::report::{Bar, Report, ratio, table};
use super::usage::{EIGHT, counted};
use crate::fault::Fault;

/// Photographs in one process.
const COUNTS: [usize; 4] = [1, 10, 100, 1000];
/// From here on one run is enough: it is a thousand measurements by itself.
const ONCE: usize = 1000;
/// What the cost and the memory may be of those at ten.
const FLAT: f64 = 1.1;

/// This part of the bench.
pub(super) fn part(bench: &Bench, report: &mut Report) -> Result<(), Fault> {
    let counts: Vec<usize> = COUNTS.into_iter().filter(|count| !bench.quick || *count < ONCE).collect();
    let mut runs: Vec<Vec<Cost>> = vec![Vec::new(); counts.len()];
    println!("\n{counts:?} photographs in one process");
    for round in 0..ROUNDS {
        for (count, runs) in counts.iter().zip(&mut runs) {
            // In the middle of the others, so that it sees what they see.
            if *count < ONCE || round == ROUNDS / 2 {
                runs.push(one(bench, *count)?);
            }
        }
        println!("  round {} of {ROUNDS}", round + 1);
    }
    let costs: Vec<(usize, Cost)> =
        counts.into_iter().zip(runs.iter().filter_map(|runs| Cost::median(runs))).collect();
    say(&costs, report);
    Ok(())
}

fn one(bench: &Bench, count: usize) -> Result<Cost, Fault> {
    let photos = &bench.copies(count)?;
    let work = |out: &Path| {
        let paths: Vec<&Path> = photos.iter().map(AsRef::as_ref).collect();
        Ok(vec![bench.render(&EIGHT, &paths, out)])
    };
    Side::new("griot", work, |out| counted(out, count * EIGHT.len())).run(&bench.work)
}

fn say(costs: &[(usize, Cost)], report: &mut Report) {
    let rows: Vec<Vec<String>> = costs
        .iter()
        .map(|(count, cost)| {
            vec![
                count.to_string(),
                format!("{:.0}", each(*count, *cost)),
                format!("{:.0}", cost.wall_ms() / *count as f64),
                format!("{:.0}", cost.peak_mib()),
            ]
        })
        .collect();
    report.say("## Many photographs in one process");
    report.say(&format!(
        "`griot render` of copies of the inputs in turn, eight renditions of each. Medians of {ROUNDS} rounds; {ONCE} \
         photographs run once, in the middle round."
    ));
    report.say(&table(&["photographs", "CPU ms each", "wall ms each", "peak MiB"], &rows));
    let at = |wanted: usize| costs.iter().find(|(count, _)| *count == wanted).map(|(_, cost)| *cost);
    if let (Some(ten), Some(all)) = (at(10), at(ONCE)) {
        let cost = ratio(each(ONCE, all), each(10, ten));
        report.bar(Bar::at_most(format!("CPU each at {ONCE} photographs / at 10"), FLAT, cost));
        let peak = ratio(all.peak_mib(), ten.peak_mib());
        report.bar(Bar::at_most(format!("peak memory at {ONCE} photographs / at 10"), FLAT, peak));
    }
}

fn each(count: usize, cost: Cost) -> f64 {
    cost.cpu_ms() / count as f64
}
