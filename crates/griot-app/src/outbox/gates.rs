//! What the worker remembers of an account between turns: that it was offline a moment ago, that the network asked
//! for a pause, when a late post last went out. In memory only: forgetting it costs one question.

use std::collections::HashMap;
use std::time::Duration;

use griot_domain::{AccountId, Timestamp, WaitingFor};

/// The first pause after finding no way out; doubled each time.
const OFFLINE_FIRST: Duration = Duration::from_secs(10);
/// The longest such pause: a way out that comes back is found within a minute.
const OFFLINE_LONGEST: Duration = Duration::from_secs(60);
/// Late posts that are let go leave this far apart on one account: a burst looks like a machine.
pub(super) const SPACING: Duration = Duration::from_secs(30);

struct Shut {
    why: WaitingFor,
    until: Timestamp,
    times: u32,
}

/// The gates of all accounts.
#[derive(Default)]
pub(super) struct Gates {
    shut: HashMap<AccountId, Shut>,
    late: HashMap<AccountId, Spaced>,
    answered: HashMap<AccountId, Timestamp>,
}

/// How the late posts of one account leave.
#[derive(Default)]
struct Spaced {
    /// When the last one left.
    left: Option<Timestamp>,
    /// The last instant that was promised to one.
    promised: Option<Timestamp>,
}

impl Gates {
    /// What stands before an account now, and until when.
    pub(super) fn before(&self, account: AccountId, now: Timestamp) -> Option<(WaitingFor, Timestamp)> {
        self.shut.get(&account).filter(|s| s.until > now).map(|s| (s.why, s.until))
    }

    /// There is no way out, or a login page in it. Gives the instant of the next look.
    pub(super) fn no_way_out(&mut self, account: AccountId, why: WaitingFor, now: Timestamp) -> Timestamp {
        let times = self.shut.get(&account).filter(|s| s.why == why).map_or(0, |s| s.times);
        let pause = OFFLINE_FIRST.saturating_mul(1 << times.min(8)).min(OFFLINE_LONGEST);
        let until = now.plus(pause);
        self.shut.insert(account, Shut { why, until, times: times + 1 });
        until
    }

    /// The network asked for a pause.
    pub(super) fn rate(&mut self, account: AccountId, until: Timestamp) {
        self.shut.insert(account, Shut { why: WaitingFor::Rate, until, times: 0 });
    }

    /// The network answered.
    pub(super) fn open(&mut self, account: AccountId, now: Timestamp) {
        self.shut.remove(&account);
        self.answered.insert(account, now);
    }

    /// When the network last answered for this account: its queue moved on then.
    pub(super) fn answered(&self, account: AccountId) -> Option<Timestamp> {
        self.answered.get(&account).copied()
    }

    /// The clock was set back: pauses are lengths, and move with it.
    pub(super) fn set_back(&mut self, by: Duration) {
        for shut in self.shut.values_mut() {
            shut.until = shut.until.minus(by);
        }
        let spaced = self.late.values_mut().flat_map(|spaced| [&mut spaced.left, &mut spaced.promised]);
        for at in spaced.flatten().chain(self.answered.values_mut()) {
            *at = at.minus(by);
        }
    }

    /// The instant at which a late post may leave on this account; nothing when it may now. Each is promised one of its
    /// own, so that a long row is looked at once and not each time one of it leaves; `promised` is whether this one's
    /// has come.
    pub(super) fn turn(&mut self, account: AccountId, now: Timestamp, promised: bool) -> Option<Timestamp> {
        let spaced = self.late.entry(account).or_default();
        let free = spaced.left.map_or(now, |left| left.plus(SPACING));
        let behind = spaced.promised.filter(|_| !promised).map_or(free, |last| free.max(last.plus(SPACING)));
        if behind <= now {
            return None;
        }
        if !promised {
            spaced.promised = Some(behind);
        }
        Some(behind)
    }

    /// A late post leaves now.
    pub(super) fn late_left(&mut self, account: AccountId, now: Timestamp) {
        self.late.entry(account).or_default().left = Some(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_to_a_minute_and_end_when_the_network_answers() {
        let account = AccountId::new(Timestamp::from_millis(0), [1; 10]);
        let mut gates = Gates::default();
        let mut now = Timestamp::from_millis(0);
        let mut pauses = Vec::new();
        for _ in 0..5 {
            let until = gates.no_way_out(account, WaitingFor::Network, now);
            pauses.push(until.millis_since(now) / 1000);
            assert!(gates.before(account, now).is_some());
            now = until;
        }
        assert_eq!(pauses, [10, 20, 40, 60, 60]);
        gates.open(account, now);
        assert_eq!(gates.before(account, now), None);
        let until = gates.no_way_out(account, WaitingFor::Network, now);
        assert_eq!(until.millis_since(now), 10_000);
    }

    #[test]
    fn late_posts_are_promised_their_turns_thirty_seconds_apart_and_never_meet() {
        let account = AccountId::new(Timestamp::from_millis(0), [1; 10]);
        let (mut gates, start) = (Gates::default(), Timestamp::from_millis(1_000));
        assert_eq!(gates.turn(account, start, false), None);
        gates.late_left(account, start);
        let seconds = |at: Option<Timestamp>| at.map(|at| at.millis_since(start) / 1000);
        let promised: Vec<_> = (0..3).map(|_| seconds(gates.turn(account, start, false))).collect();
        assert_eq!(promised, [Some(30), Some(60), Some(90)]);
        let first = start.plus(SPACING);
        assert_eq!(gates.turn(account, first, true), None);
        gates.late_left(account, first);
        assert_eq!(
            seconds(gates.turn(account, first, true)),
            Some(60),
            "two whose turns have come do not meet"
        );
        let long_after = start.plus(SPACING * 100);
        assert_eq!(gates.turn(account, long_after, false), None, "promises that have passed hold nobody");
    }
}
