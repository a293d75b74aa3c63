//! How long a doubt waits: until "it is not there" can be believed, and until a network that does not answer is asked
//! again.
//!
//! All of it is counted from the moment the answer to the call was given up, which is on disk: a server that was cut off
//! may still be at it, and a list may not show yet what is there.

use std::time::Duration;

use griot_domain::delivery::Armed;
use griot_domain::rules::{Authority, Recovery};
use griot_domain::{Delivery, Timestamp};
use griot_store::attempts;

use super::record;
use super::worker::Worker;
use crate::failure::Failure;

/// The first look again while the network may still be at it; each later one comes after as long as that has lasted.
const LOOK_FIRST_MS: i64 = 10_000;
/// The first pause of a question that had no answer.
const ASK_FIRST_MS: i64 = 5_000;
/// The longest: a network that was away for hours is found again within a quarter of an hour.
const ASK_LONGEST_MS: i64 = 15 * 60_000;

/// What "it is not there" is worth now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Absence {
    /// Nothing yet: the network may still be at it. Look again then.
    TooSoon(Timestamp),
    /// The first that counts; the second is asked for then.
    First(Timestamp),
    /// The second that counts.
    Proved,
}

/// Judges a "not there" of `now`, where the network may be at it for `settle` milliseconds from `given_up` on.
pub(super) fn judge(
    recovery: &Recovery,
    armed: &Armed,
    settle: i64,
    given_up: Timestamp,
    now: Timestamp,
) -> Absence {
    let (settled, late) = (given_up.plus_millis(settle), recovery.late());
    if now < settled {
        let again = now.plus_millis(now.millis_since(given_up).max(LOOK_FIRST_MS)).min(settled);
        // Each look at a network that proves nothing but what is there costs, and settles nothing: one at the end.
        let proves = recovery.probe == Authority::Authoritative;
        return Absence::TooSoon(if proves { again } else { settled.plus_millis(late) });
    }
    match armed.absent_at.filter(|first| *first >= settled && *first <= now) {
        Some(first) if now >= first.plus_millis(late) => Absence::Proved,
        Some(first) => Absence::First(first.plus_millis(late)),
        None => Absence::First(now.plus_millis(late)),
    }
}

/// The pause before a question that had no answer is asked again: about as long as the trouble has lasted, give or take
/// a fifth so that many laptops do not come back together.
pub(super) fn ask_again(worker: &Worker, trouble_ms: i64) -> Duration {
    let mut byte = [0];
    worker.studio.ports.random.fill(&mut byte);
    pause(trouble_ms, byte[0])
}

fn pause(trouble_ms: i64, chance: u8) -> Duration {
    let base = trouble_ms.clamp(ASK_FIRST_MS, ASK_LONGEST_MS);
    Duration::from_millis(base.unsigned_abs()).mul_f64(0.8 + 0.4 * f64::from(chance) / 255.0)
}

/// Notes that the question had no answer, and gives the pause before the next; nothing where no call is in doubt.
pub(super) fn in_vain(worker: &Worker, delivery: &Delivery) -> Result<Option<Duration>, Failure> {
    let now = worker.now();
    let since = worker.workspace.store.write(|tx| -> Result<_, Failure> {
        let mut since = None;
        record::on_attempt(tx, delivery, |attempt| {
            let Some(armed) = attempt.armed.as_mut().filter(|armed| armed.maybe_sent) else { return };
            let first = armed.unanswered_since.filter(|at| *at <= now).unwrap_or(now);
            (armed.unanswered_since, since) = (Some(first), Some(first));
        })?;
        Ok(since)
    })?;
    Ok(since.map(|since| ask_again(worker, now.millis_since(since))))
}

/// Notes that the answer to the call is given up, unless that is noted: nobody waited for it (a crash), or the clock has
/// been set back behind it. Gives what is on disk then.
pub(super) fn noticed(worker: &Worker, delivery: &Delivery) -> Result<Option<Armed>, Failure> {
    let now = worker.now();
    worker.workspace.store.write(|tx| -> Result<_, Failure> {
        let open = attempts::open_for(tx, delivery.id)?;
        let Some(armed) = record::maybe_sent(open.as_ref()) else { return Ok(None) };
        if armed.given_up_at.is_some_and(|at| at <= now) {
            return Ok(Some(armed.clone()));
        }
        let attempt = record::on_attempt(tx, delivery, |attempt| {
            if let Some(armed) = &mut attempt.armed {
                armed.give_up(now, armed.answered);
            }
        })?;
        Ok(attempt.and_then(|attempt| attempt.armed))
    })
}

#[cfg(test)]
mod tests {
    use griot_domain::NetworkId;
    use griot_domain::rules::Rules;
    use serde_json::Value;

    use super::*;

    const GIVEN_UP: Timestamp = Timestamp::from_millis(1_795_377_600_000);

    fn armed() -> Armed {
        Armed {
            at: GIVEN_UP,
            server_date: None,
            newest_own: None,
            key: String::new(),
            fingerprint: String::new(),
            body: Value::Null,
            maybe_sent: true,
            sent_at: Some(GIVEN_UP),
            given_up_at: Some(GIVEN_UP),
            answered: false,
            unanswered_since: None,
            absent_at: None,
            resends: 0,
        }
    }

    /// Looks whenever it is told to, and says after how many seconds it was proved.
    fn proved_after(network: NetworkId, answered: bool, settle: i64) -> i64 {
        let recovery = &Rules::of(network).recovery;
        let mut armed = Armed { answered, ..armed() };
        let mut now = GIVEN_UP;
        for _ in 0..50 {
            let next = match judge(recovery, &armed, settle, GIVEN_UP, now) {
                Absence::Proved => return now.millis_since(GIVEN_UP) / 1000,
                Absence::First(again) => {
                    armed.absent_at = armed.absent_at.or(Some(now));
                    again
                }
                Absence::TooSoon(again) => again,
            };
            assert!(next > now, "{network}");
            now = next;
        }
        panic!("{network}: never");
    }

    #[test]
    fn nothing_is_sent_twice_before_a_server_can_have_done_what_was_cut_off_or_held() {
        use NetworkId::{Bluesky, Discourse, Facebook, Mastodon, Wordpress, X};
        for network in [Bluesky, Discourse, Facebook, Mastodon, Wordpress, X] {
            let recovery = &Rules::of(network).recovery;
            let late = i64::try_from(recovery.listing_late_ms).unwrap() / 1000;
            let after = |answered| proved_after(network, answered, recovery.settle(answered));
            // A server commits up to 90 s after the line was cut, and shows it as late as the rules say.
            assert!(after(false) >= 90 + late, "{network}");
            assert!(after(false) > after(true), "{network}: longer after silence");
            let again = proved_after(network, false, recovery.settle_for_resend(false, 0));
            let is_same_post = matches!(network, Bluesky | Wordpress);
            assert!(again >= 90 + late || is_same_post, "{network}: a second call makes a second post");
        }
    }

    #[test]
    fn an_absence_that_was_seen_too_soon_or_after_the_clock_went_back_does_not_count() {
        let recovery = &Rules::of(NetworkId::Mastodon).recovery;
        let (settle, late) = (recovery.settle(false), recovery.late());
        let settled = GIVEN_UP.plus_millis(settle);
        for seen in [GIVEN_UP, settled.plus_millis(-1), settled.plus_millis(10 * late)] {
            let armed = Armed { absent_at: Some(seen), ..armed() };
            let now = settled.plus_millis(2 * late);
            let judged = judge(recovery, &armed, settle, GIVEN_UP, now);
            assert_eq!(judged, Absence::First(now.plus_millis(late)));
        }
        let armed = Armed { absent_at: Some(settled), ..armed() };
        assert_eq!(judge(recovery, &armed, settle, GIVEN_UP, settled.plus_millis(late)), Absence::Proved);
    }

    #[test]
    fn short_trouble_costs_short_waits_and_long_trouble_no_more_than_a_quarter_of_an_hour() {
        for chance in [0, 128, 255] {
            for trouble in [46_i64, 300, 3_600] {
                let mut now = 0;
                while now < trouble * 1000 {
                    now += i64::try_from(pause(now, chance).as_millis()).unwrap();
                }
                let over = now / 1000 - trouble;
                assert!(
                    over <= trouble * 6 / 5 + 6 && over <= 18 * 60,
                    "{trouble} s of trouble cost {over} s"
                );
            }
        }
    }
}
