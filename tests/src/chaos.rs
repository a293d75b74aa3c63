//! Chaos: posts for every network while the line, the machine and the clock misbehave, on purpose and by a seed.
//!
//! Griot itself is real (the studio, the worker, the database, the connectors); the networks are servers on loopback
//! that remember what they published, stubs and real ones, each behind a gate that makes trouble on the line. After each round an auditor
//! holds what Griot says against what the servers hold. Deliberately absent: real time (the clock is the test's), and
//! killing a whole process, which `tests/crash` does: here a life of the studio ends at a failure point, in the same
//! process, so that thousands of deaths fit into a run.

mod amend;
mod audit;
mod late;
mod life;
mod manners;
mod media;
mod person;
mod places;
mod real;
mod report;
mod round;
mod server;
mod time;
mod trouble;
mod words;

use std::ops::Range;
use std::time::Instant;

use fastrand::Rng;

pub use places::Kind;
pub use report::Report;

use places::Places;
use real::Servers;
use round::Scene;

/// Rounds that share a workspace and its servers: what they keep grows, and connecting takes a second.
const CHAPTER: u32 = 50;

/// What to run.
#[derive(Debug, Clone)]
pub struct Plan {
    /// How many rounds.
    pub rounds: u32,
    /// Where chance begins; each round has its own, derived from this one and its number.
    pub seed: u64,
    /// The first round's number.
    pub from: u32,
    /// The networks.
    pub kinds: Vec<Kind>,
    /// Whether real servers are to take part in few rounds only, because they take their time.
    pub sparing: bool,
    /// Whether each round is told.
    pub aloud: bool,
    /// Whether the first round in which something is found is the last one.
    pub until_found: bool,
}

/// Runs the rounds, tells those in which something was found (all of them when the plan says so), and gives what was.
///
/// # Panics
/// When something around the studio fails (no port, no folder): nothing is found out then.
#[must_use]
pub fn run(plan: &Plan, tell: &mut dyn FnMut(String)) -> Report {
    let mut report = Report::new(plan.seed);
    let started = Instant::now();
    let last = plan.from + plan.rounds;
    let servers = Servers::default();
    let mut next = plan.from;
    while next < last && (!plan.until_found || report.findings().is_empty()) {
        let end = last.min((next / CHAPTER + 1) * CHAPTER);
        chapter(plan, &servers, next..end, &mut report, tell);
        next = end;
    }
    report.took(started.elapsed());
    report
}

/// Rounds in one workspace. Each has its own chance, so that a chapter can be run from its beginning again.
fn chapter(
    plan: &Plan,
    servers: &Servers,
    rounds: Range<u32>,
    report: &mut Report,
    tell: &mut dyn FnMut(String),
) {
    let open = || Scene::open(Places::start(&plan.kinds, servers), plan.sparing);
    let mut scene = open();
    for number in rounds {
        let mut rng = Rng::with_seed(plan.seed ^ (u64::from(number) << 32 | 0x5eed));
        let found = scene.round(number, &mut rng, report);
        if plan.aloud || found > 0 {
            tell(report.line(number));
        }
        if found > 0 && plan.until_found {
            return;
        }
        if found > 0 {
            // What a fault leaves behind must not be found again in every round after it.
            scene = open();
        }
    }
    scene.close(report);
}
