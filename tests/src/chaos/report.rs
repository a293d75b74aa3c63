//! What a run found, and its table by network and fault.

use std::collections::BTreeMap;
use std::fmt;
use std::time::Duration;

use super::media::Shown;
use super::places::Kind;

/// Deliveries of one network with one kind of trouble.
#[derive(Debug, Clone, Copy, Default)]
struct Row {
    deliveries: u32,
    unknown: u32,
}

/// What went out to one network, and how often a person was asked.
#[derive(Debug, Clone, Copy, Default)]
struct Sum {
    published: u32,
    comments: u32,
    films: u32,
    asked: u32,
}

/// What was found in a run.
#[derive(Debug, Default)]
pub struct Report {
    seed: u64,
    rounds: u32,
    rows: BTreeMap<(Kind, &'static str), Row>,
    sums: BTreeMap<Kind, Sum>,
    deaths: BTreeMap<&'static str, u32>,
    findings: Vec<String>,
    counted: BTreeMap<&'static str, u32>,
    dropped: u32,
    corrected: u32,
    deleted: u32,
    /// How often a person was told that a correction or a deletion was not done, or may not be.
    not_amended: u32,
    renewed: u32,
    environment: u32,
    secrets: usize,
    /// What each medium is on each network, by what is shown and its place there.
    media: BTreeMap<(Kind, Shown, usize), String>,
    took: Duration,
    /// The round that is running.
    number: u32,
    tag: String,
    troubles: Vec<(Kind, Vec<&'static str>)>,
    here: usize,
    deaths_here: Vec<&'static str>,
}

impl Report {
    pub(super) fn new(seed: u64) -> Self {
        Self { seed, ..Self::default() }
    }

    /// Everything that was found to be wrong.
    #[must_use]
    pub fn findings(&self) -> &[String] {
        &self.findings
    }

    /// How many rounds there were.
    #[must_use]
    pub fn rounds(&self) -> u32 {
        self.rounds
    }

    /// How many deliveries ended as published.
    #[must_use]
    pub fn published(&self) -> u32 {
        self.sums.values().map(|sum| sum.published).sum()
    }

    pub(super) fn begin(&mut self, number: u32, tag: &str) {
        self.number = number;
        tag.clone_into(&mut self.tag);
        self.troubles.clear();
        self.here = 0;
        self.deaths_here.clear();
    }

    /// Ends the round; gives how much was found in it.
    pub(super) fn end(&mut self) -> usize {
        self.rounds += 1;
        self.here
    }

    pub(super) fn troubled(&mut self, kind: Kind, names: impl Iterator<Item = &'static str>) {
        let names: Vec<_> = names.collect();
        for name in &names {
            self.rows.entry((kind, name)).or_default().deliveries += 1;
        }
        self.troubles.push((kind, names));
    }

    /// Whether this network has this trouble in this round.
    pub(super) fn is_troubled_by(&self, kind: Kind, name: &str) -> bool {
        self.troubles.iter().any(|(of, names)| *of == kind && names.contains(&name))
    }

    pub(super) fn unknown(&mut self, kind: Kind) {
        self.sums.entry(kind).or_default().asked += 1;
        for (_, names) in self.troubles.iter().filter(|(of, _)| *of == kind) {
            for name in names {
                self.rows.entry((kind, name)).or_default().unknown += 1;
            }
        }
    }

    pub(super) fn found(&mut self, what: &'static str, facts: &str) {
        *self.counted.entry(what).or_default() += 1;
        let (number, seed) = (self.number, self.seed);
        self.findings.push(format!(
            "{what}: {facts} (round {number} of seed {seed}, {:?}, died at {:?})",
            self.troubles, self.deaths_here
        ));
        self.here += 1;
    }

    /// Whether these are the media, by the hashes of their bytes, that the network had before; the first time they are,
    /// when no two are the same.
    pub(super) fn are_the_media(&mut self, kind: Kind, shown: Shown, hashes: &[&str]) -> bool {
        // The first picture is the same one, however many follow.
        let which = if shown.is_film() { shown } else { Shown::NOTHING };
        hashes.iter().enumerate().all(|(n, hash)| {
            let known = self.media.entry((kind, which, n)).or_insert_with(|| (*hash).to_owned());
            known == hash && !hashes[..n].contains(hash)
        })
    }

    pub(super) fn is_live(&mut self, kind: Kind, is_comment: bool, shown: Shown) {
        let sum = self.sums.entry(kind).or_default();
        sum.published += 1;
        sum.comments += u32::from(is_comment);
        sum.films += u32::from(shown.is_film());
    }

    pub(super) fn died(&mut self, point: &'static str) {
        *self.deaths.entry(point).or_default() += 1;
        self.deaths_here.push(point);
    }

    pub(super) fn dropped(&mut self) {
        self.dropped += 1;
    }

    pub(super) fn corrected(&mut self) {
        self.corrected += 1;
    }

    pub(super) fn deleted(&mut self) {
        self.deleted += 1;
    }

    pub(super) fn not_amended(&mut self) {
        self.not_amended += 1;
    }

    pub(super) fn renewed(&mut self) {
        self.renewed += 1;
    }

    pub(super) fn environment(&mut self) {
        self.environment += 1;
    }

    pub(super) fn searched(&mut self, secrets: usize) {
        self.secrets += secrets;
    }

    pub(super) fn took(&mut self, took: Duration) {
        self.took = took;
    }

    /// One round in a line.
    pub(super) fn line(&self, number: u32) -> String {
        let found = self.findings[self.findings.len() - self.here..].join("\n  ");
        format!("round {number} {} {:?} died at {:?}\n  {found}", self.tag, self.troubles, self.deaths_here)
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:<12} {:<16} {:>10} {:>8}", "network", "trouble", "deliveries", "unknown")?;
        for ((kind, name), row) in &self.rows {
            writeln!(f, "{:<12} {name:<16} {:>10} {:>8}", kind.name(), row.deliveries, row.unknown)?;
        }
        writeln!(
            f,
            "{:<12} {:>10} {:>10} {:>8} {:>8}",
            "network", "published", "comments", "films", "asked"
        )?;
        for (kind, sum) in &self.sums {
            let Sum { published, comments, films, asked } = sum;
            writeln!(f, "{:<12} {published:>10} {comments:>10} {films:>8} {asked:>8}", kind.name())?;
        }
        let published = self.published();
        let deaths: u32 = self.deaths.values().sum();
        writeln!(
            f,
            "{} rounds of seed {} in {} s, {:.1} a second: {published} published, {} corrected and {} deleted \
             where they were live ({} times told that it was not done), {} dropped as they were late, {deaths} deaths at {} \
             points, {} secrets renewed, {} failures of the machine, {} secrets not found on the disk",
            self.rounds,
            self.seed,
            self.took.as_secs(),
            f64::from(self.rounds) / self.took.as_secs_f64().max(0.001),
            self.corrected,
            self.deleted,
            self.not_amended,
            self.dropped,
            self.deaths.len(),
            self.renewed,
            self.environment,
            self.secrets,
        )?;
        for what in FOUR {
            let count = self.counted.get(what).copied().unwrap_or_default();
            writeln!(f, "{what}: {count}")?;
        }
        for (what, count) in self.counted.iter().filter(|(what, _)| !FOUR.contains(what)) {
            writeln!(f, "{what}: {count}")?;
        }
        Ok(())
    }
}

const FOUR: &[&str] = &["lost", "published twice", "false published", "stuck"];
