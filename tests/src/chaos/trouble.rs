//! What goes wrong in one round, drawn by chance.

use std::collections::{BTreeSet, VecDeque};
use std::sync::Arc;

use fastrand::Rng;
use griot_stubs::gate::{Fault, Page, Wait};

use super::late::Late;
use super::places::{Kind, Place};
use crate::clock::TestClock;

/// What happens to a request.
#[derive(Debug, Clone)]
enum Act {
    Fault(Fault),
    /// The server takes it up late.
    Late(Late),
}

/// The trouble that one network's line has in a round.
#[derive(Debug, Clone, Default)]
pub(super) struct Trouble {
    /// For the requests in order; everything passes after them.
    line: VecDeque<Act>,
    /// For the calls that may make a post visible, in order, instead of the former.
    visible: VecDeque<Act>,
    /// Before this request the secret is refused for ever.
    revoked_at: Option<usize>,
    /// Their names.
    pub(super) names: BTreeSet<&'static str>,
}

impl Trouble {
    /// Draws what goes wrong at `kind`. A quarter of the time nothing does.
    pub(super) fn draw(kind: Kind, rng: &mut Rng) -> Self {
        let mut trouble = Self::default();
        if rng.u8(..4) == 0 {
            trouble.names.insert("none");
            return trouble;
        }
        if rng.bool() {
            for _ in 0..rng.usize(1..=2) {
                // What arrives late is what one look too few takes for absent.
                let fault = if rng.u8(..4) == 0 { trouble.late(rng) } else { trouble.fault(kind, rng) };
                trouble.visible.push_back(fault);
            }
        }
        if trouble.visible.is_empty() || rng.u8(..3) == 0 {
            for _ in 0..rng.usize(1..=3) {
                let quiet = rng.usize(..4);
                trouble.line.extend((0..quiet).map(|_| Act::Fault(Fault::Pass)));
                let fault = trouble.fault(kind, rng);
                trouble.line.push_back(fault);
            }
        }
        if rng.u8(..12) == 0 {
            trouble.revoked_at = Some(rng.usize(..8));
            trouble.names.insert("revoked");
        }
        trouble
    }

    fn late(&mut self, rng: &mut Rng) -> Act {
        let late = Late::draw(rng);
        self.names.insert(late.name());
        Act::Late(late)
    }

    fn fault(&mut self, kind: Kind, rng: &mut Rng) -> Act {
        if rng.u8(..12) == 0 {
            return self.late(rng);
        }
        let fault = fault(kind, rng);
        self.names.insert(fault.name());
        Act::Fault(fault)
    }

    /// Sets it up at a place's gate; gives what the server will take up late.
    pub(super) fn set(self, place: &Place, clock: &Arc<TestClock>) -> Vec<Late> {
        let (kind, server, clock) = (place.kind, Arc::clone(&place.server), Arc::clone(clock));
        let Self { mut line, mut visible, revoked_at, .. } = self;
        let late = |act: &Act| if let Act::Late(late) = act { Some(late.clone()) } else { None };
        let all = visible.iter().chain(&line).filter_map(late).collect();
        let mut count = 0;
        place.gate.plan(move |asked| {
            if revoked_at == Some(count) {
                server.revoke();
            }
            count += 1;
            let aimed = if kind.is_visible(asked) { visible.pop_front() } else { None };
            match aimed.or_else(|| line.pop_front()) {
                None => Fault::Pass,
                Some(Act::Fault(fault)) => fault,
                Some(Act::Late(late)) => late.called(&clock, &*server, kind.is_real()),
            }
        });
        all
    }
}

/// One fault. None of them waits for real time.
fn fault(kind: Kind, rng: &mut Rng) -> Fault {
    match rng.u8(..12) {
        0 => Fault::Refuse,
        1 => Fault::CloseUnread,
        2 => Fault::CloseAfter(rng.usize(..4000)),
        3 | 4 => Fault::LoseAnswer,
        5 => Fault::CutAnswer(rng.usize(..400)),
        6 => Fault::TruncateAnswer(rng.usize(..400)),
        7 => Fault::Instead(after_the_fact(rng)),
        8 => Fault::Answer(Page::TooMany(wait(kind, rng))),
        _ => Fault::Answer(page(rng)),
    }
}

fn page(rng: &mut Rng) -> Page {
    let all = [
        Page::Unavailable,
        Page::Broken,
        Page::BadGateway,
        Page::Portal,
        Page::ToLogin,
        Page::Empty,
        Page::Large,
        Page::Endless,
        Page::BadText,
        Page::Deep,
        Page::WrongType,
        Page::Unauthorized,
    ];
    rng.choice(all).unwrap_or(Page::Portal)
}

/// What a front door or a hotspot says although the server behind it has done its work. "Unauthorised" and "too many"
/// are not among them: a server that says so and does it all the same is a liar, and against liars nothing helps.
fn after_the_fact(rng: &mut Rng) -> Page {
    let all = [
        Page::Unavailable,
        Page::Broken,
        Page::BadGateway,
        Page::Portal,
        Page::ToLogin,
        Page::Empty,
        Page::BadText,
        Page::Deep,
    ];
    rng.choice(all).unwrap_or(Page::BadGateway)
}

fn wait(kind: Kind, rng: &mut Rng) -> Wait {
    let seconds = rng.u32(1..900);
    match rng.u8(..8) {
        0 => Wait::Date(seconds),
        1 => Wait::Epoch(seconds),
        2 => Wait::Iso(seconds),
        3 => Wait::Unsaid,
        4 => Wait::Year,
        _ if kind == Kind::Telegram => Wait::Parameters(seconds),
        _ => Wait::Seconds(seconds),
    }
}

/// What a person does with a post that its network keeps.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Gives it another time.
    Move,
    /// Takes it back.
    Withdraw,
    /// Calls it off.
    Cancel,
}

impl Change {
    /// Draws what is done, if anything, and after how many turns.
    pub(super) fn draw(rng: &mut Rng) -> Option<(Self, usize)> {
        let all = [None, None, Some(Self::Move), Some(Self::Withdraw), Some(Self::Cancel)];
        let change = rng.choice(all).flatten()?;
        Some((change, rng.usize(..5)))
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Move => "moved there",
            Self::Withdraw => "taken back",
            Self::Cancel => "called off there",
        }
    }
}

/// What the machine does in a round.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Machinery {
    /// The program dies at these points, counted anew in each life.
    pub(super) deaths: [Option<u32>; 2],
    /// The disk is full between two points of the first life.
    pub(super) full: Option<(u32, u32)>,
    /// The clock jumps by so many minutes after the first turn.
    pub(super) jump_minutes: Option<i64>,
    /// It jumps because the machine sleeps: the networks' clocks go on meanwhile.
    pub(super) sleeps: bool,
    /// The workspace is copied to another machine before the first turn, and the copy works, too.
    pub(super) copied: bool,
}

impl Machinery {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        let death = |rng: &mut Rng| (rng.u8(..3) == 0).then(|| rng.u32(1..60));
        let deaths = [death(rng), death(rng)];
        let full = (rng.u8(..12) == 0).then(|| {
            let from = rng.u32(1..40);
            (from, from + rng.u32(1..6))
        });
        let jump_minutes = (rng.u8(..6) == 0).then(|| rng.i64(-180..=720));
        let copied = rng.u8(..10) == 0;
        let sleeps = rng.bool();
        Self { deaths, full, jump_minutes, sleeps, copied }
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        let killed = self.deaths.iter().any(Option::is_some).then_some("killed");
        let full = self.full.map(|_| "disk full");
        let jump = self.jump_minutes.map(|_| "clock jump");
        let copied = self.copied.then_some("copied");
        [killed, full, jump, copied].into_iter().flatten()
    }
}
