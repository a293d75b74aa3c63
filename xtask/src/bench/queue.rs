//! A long queue beside a short one, and scheduling beside a bare SQLite transaction: the program that measures is an
//! example of the store, because nobody else speaks to SQLite. Its figures become a part of `docs/benchmarks.md`.

use std::collections::BTreeMap;
use std::fs;

use super::media::report::{Bar, QUEUE, Report, table};
use crate::fault::{Fault, WhileDoing};
use crate::{places, shell};

/// `cargo xtask bench queue`.
pub(super) fn bench() -> Result<(), Fault> {
    let work = places::target().join("bench/queue");
    if work.exists() {
        fs::remove_dir_all(&work).while_doing(|| format!("removing {}", work.display()))?;
    }
    let build = ["build", "--release", "--package", "griot-store", "--example", "queue"];
    shell::run(shell::cargo().args(build))?;
    let mut measure = std::process::Command::new(places::built("release/examples", "queue"));
    let figures = figures(measure.arg(&work), "queue")?;
    let figure = |name: &str| {
        let missing = || Fault::Unsound(format!("the bench of the queue does not say `{name}`"));
        figures.get(name).copied().ok_or_else(missing)
    };
    let mut report = Report::default();
    report.say(QUEUE);
    report.say(
        "Written by `cargo xtask bench queue`. 100,000 deliveries against 1,000, ten of them due in both; \
         92 in a hundred are over, the others are to come or wait. Medians of interleaved rounds, microseconds a question.",
    );
    let mut rows = Vec::new();
    for (name, what) in QUESTIONS {
        let (short, long) = (figure(&format!("{name}_short"))?, figure(&format!("{name}_long"))?);
        rows.push(vec![
            (*what).to_owned(),
            format!("{short:.0}"),
            format!("{long:.0}"),
            format!("{:.2}", long / short),
        ]);
        if matches!(*name, "due" | "tick" | "backlog") {
            report.bar(Bar::at_most(format!("queue: {what}, 100,000 / 1,000"), 2.0, long / short));
        }
    }
    report.say(&table(&["question", "1,000", "100,000", "ratio"], &rows));
    let (ours, bare) = (figure("enqueue")?, figure("bare")?);
    report.say(&format!(
        "Scheduling one delivery into the long queue (the delivery, its event in the journal, its undo): {ours:.0} a \
         second. A bare SQLite transaction with one row of {:.0} bytes, as durable (WAL, synchronous=FULL): {bare:.0} a \
         second.",
        figure("row")?
    ));
    report.bar(Bar::at_least("queue: scheduling / a bare transaction, by rate", 0.5, ours / bare));
    due_at_once(&mut report)?;
    report.verdict_at(3);
    report.put_into_the_page()
}

/// Thousands of posts due at one instant, held against what their network takes for them.
fn due_at_once(report: &mut Report) -> Result<(), Fault> {
    let mut command = shell::cargo();
    command.args(["run", "--quiet", "--release", "--package", "griot-tests", "--bin", "due-at-once"]);
    let figures = figures(&mut command, "due-at-once")?;
    let figure = |name: &str| {
        let missing = || Fault::Unsound(format!("the bench of what is due at once does not say `{name}`"));
        figures.get(name).copied().ok_or_else(missing)
    };
    let (posts, total, network) = (figure("posts")?, figure("due_total")?, figure("due_network")?);
    report.say(&format!(
        "{posts:.0} posts due at one instant on one account: {total:.1} s, of which the network took {network:.1} s. \
         The same number in a workspace that was restored, each asked about at its network for the first time: {:.1} s.",
        figure("restored_total")?
    ));
    report.bar(Bar::at_most(
        format!("queue: {posts:.0} due at once / the network's own time"),
        1.5,
        total / network,
    ));
    Ok(())
}

/// What a program says, line by line: a name and a figure.
fn figures(command: &mut std::process::Command, name: &str) -> Result<BTreeMap<String, f64>, Fault> {
    let mut figures = BTreeMap::new();
    let code = shell::lines(command, |line| {
        println!("{line}");
        if let Some((name, figure)) = line.split_once('=')
            && let Ok(figure) = figure.parse::<f64>()
        {
            figures.insert(name.to_owned(), figure);
        }
    })?;
    if code != Some(0) {
        return Err(Fault::Program { command: name.to_owned(), code });
    }
    Ok(figures)
}

/// What is asked, by the name of its figures.
const QUESTIONS: &[(&str, &str)] = &[
    ("due", "what may move now"),
    ("tick", "all that the worker asks when it looks"),
    ("backlog", "one look where all of them are due"),
    ("counted", "how many are over"),
    ("listed", "the fifty newest of what is over"),
];
