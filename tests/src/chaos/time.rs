//! Time passes: here, at the networks, and for what servers take up late.

use std::time::Duration;

use super::late::Late;
use super::round::{Scene, Sent};

impl Scene {
    /// The clock jumps, because somebody sets it or because the machine sleeps.
    pub(super) fn jump(&self, minutes: i64, sleeps: bool) {
        let by = Duration::from_secs(minutes.unsigned_abs() * 60);
        if minutes < 0 {
            self.machine.clock.set_back(by);
        } else {
            self.machine.clock.sleep(by);
        }
        if minutes > 0 && sleeps {
            self.machine.clock.elsewhere(by);
        }
    }

    /// It is as late at the networks as it is here, unless somebody sets this clock. Real servers take their time to hear
    /// it: only those of the round do.
    pub(super) fn tell_the_time(&self, sent: &[Sent]) {
        let now = self.machine.clock.world();
        for (at, place) in self.places.0.iter().enumerate() {
            if !place.kind.is_real() || sent.iter().any(|one| one.place == at) {
                place.server.set_now(now);
            }
        }
    }

    /// Lets time pass, and servers take up meanwhile what they take up late, each at its instant.
    pub(super) fn let_pass(&self, by: Duration, late: &[Late], sent: &[Sent]) {
        let mut left = i64::try_from(by.as_millis()).expect("a pause of hours at most");
        loop {
            let now = self.machine.clock.world();
            let next = late.iter().filter_map(|one| Some((one.due()?, one))).min_by_key(|(due, _)| *due);
            let Some((due, one)) = next.filter(|(due, _)| *due <= now + left) else { break };
            let step = (due - now).max(0);
            self.machine.clock.advance(Duration::from_millis(step.unsigned_abs()));
            left -= step;
            self.tell_the_time(sent);
            self.taken_up(std::slice::from_ref(one), late);
        }
        self.machine.clock.advance(Duration::from_millis(left.unsigned_abs()));
    }

    /// Servers take up these now, and are waited for until they have.
    fn taken_up(&self, these: &[Late], all: &[Late]) {
        these.iter().for_each(Late::let_go);
        let busy = || self.places.0.iter().map(|place| place.gate.open()).sum::<usize>();
        while busy() > all.iter().filter(|late| late.holds()).count() {
            std::thread::yield_now();
        }
    }

    /// Servers take up everything that they have not taken up yet.
    pub(super) fn let_go(&self, late: &[Late]) {
        self.taken_up(late, late);
    }
}
