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
    let mut figures = BTreeMap::new();
    let code = shell::lines(measure.arg(&work), |line| {
        println!("{line}");
        if let Some((name, figure)) = line.split_once('=')
            && let Ok(figure) = figure.parse::<f64>()
        {
            figures.insert(name.to_owned(), figure);
        }
    })?;
    if code != Some(0) {
        return Err(Fault::Program { command: "queue".to_owned(), code });
    }
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
        if *name == "due" || *name == "tick" {
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
    report.verdict_at(3);
    report.put_into_the_page()
}

/// What is asked, by the name of its figures.
const QUESTIONS: &[(&str, &str)] = &[
    ("due", "what may move now"),
    ("tick", "all that the worker asks when it looks"),
    ("counted", "how many are over"),
    ("listed", "the fifty newest of what is over"),
];
