//! Wall times against every change of clocks that the corpora state: of seven zones from 2010 to 2037, and of four zones
//! since their first one.
//!
//! The files are not in the repository: they are found beside it, or where `GRIOT_SHARED` says. What is expected is
//! worked out from their own offsets alone; no library of zones is asked for it.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "all of this file is tests, and they say how many cases they ran"
)]

mod zones;

use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime};
use griot_domain::time::{Clocks, Resolved, TimeError, resolve, resolve_always, tzdata_version, zone};
use zones::{FIRST, Meaning, Stated, all_stated};

/// Every zone of the corpora as one of the files states it; nothing where there are none.
fn all() -> Vec<Stated> {
    let (stated, _) = all_stated();
    if stated.is_empty() {
        println!("corpora absent: skipped");
    }
    stated
}

/// Every day from 2010 to the end of what is stated.
fn days(stated: &Stated) -> impl Iterator<Item = NaiveDate> + use<> {
    let until = stated.until;
    let first = NaiveDate::from_ymd_opt(FIRST, 1, 1).unwrap();
    first.iter_days().take_while(move |day| *day < until)
}

/// Collects what differs, so that one run shows every case that fails.
#[derive(Default)]
struct Tally {
    exact: usize,
    gaps: usize,
    repeats: usize,
    wrong: Vec<String>,
}

impl Tally {
    /// One wall time: what the product makes of it against what the corpus says.
    fn check(&mut self, stated: &Stated, local: NaiveDateTime) -> Option<Resolved> {
        let text = local.format("%Y-%m-%dT%H:%M:%S").to_string();
        let got = resolve_always(&text, &stated.zone).unwrap();
        let (at, clocks) = match stated.meaning(local) {
            Meaning::Once(at) => (at, Clocks::Exact),
            Meaning::Twice(first, _) => (first, Clocks::FirstOfTwo),
            Meaning::Never(jump) => (jump, Clocks::AfterGap),
        };
        match clocks {
            Clocks::Exact => self.exact += 1,
            Clocks::FirstOfTwo => self.repeats += 1,
            Clocks::AfterGap => self.gaps += 1,
        }
        // What the clock of the corpus shows at that instant, and not what the product says it shows.
        let shows = stated.shows(at).format("%Y-%m-%dT%H:%M:%S").to_string();
        let same = (got.at.millis(), got.clocks) == (at * 1000, clocks) && shows.starts_with(&got.shows);
        let asked = match resolve(&text, &stated.zone) {
            Ok(asked) => clocks != Clocks::AfterGap && asked == got,
            Err(TimeError::Skipped { next, .. }) => clocks == Clocks::AfterGap && next == got.shows,
            Err(_) => false,
        };
        if !(same && asked) {
            self.wrong.push(format!(
                "{} {text}: {got:?}, stated by {}: {clocks:?}, {at} s, {shows}",
                stated.zone, stated.by
            ));
        }
        (same && asked).then_some(got)
    }

    fn finish(self, what: &str) -> (usize, usize, usize) {
        let Self { exact, gaps, repeats, wrong } = self;
        println!(
            "{what}, tzdata {}: {exact} exact, {gaps} after a gap, {repeats} first of two, {} wrong",
            tzdata_version(),
            wrong.len()
        );
        let few: Vec<&String> = wrong.iter().take(20).collect();
        assert!(wrong.is_empty(), "{what}: {} wrong, the first of them: {few:#?}", wrong.len());
        (exact, gaps, repeats)
    }
}

#[test]
fn around_every_change_of_clocks_a_wall_time_follows_the_rule() {
    let stated = all();
    let mut tally = Tally::default();
    let mut changes = 0;
    for stated in &stated {
        for change in stated.changes.iter().filter(|change| stated.shows(change.at).date() < stated.until) {
            changes += 1;
            let (low, high) = change.wall_times();
            let middle = low + chrono::Duration::seconds((high - low).num_seconds() / 2);
            for local in [low, middle, high] {
                for seconds in [-1, 0, 1] {
                    tally.check(stated, local + chrono::Duration::seconds(seconds));
                }
            }
            // The middle is inside, whatever hour it is.
            let inside =
                matches!(stated.meaning(middle), Meaning::Never(_)) == (change.after > change.before);
            assert!(
                inside && !matches!(stated.meaning(middle), Meaning::Once(_)),
                "{} {middle}",
                stated.zone
            );
        }
    }
    if stated.is_empty() {
        return;
    }
    println!("{} descriptions of zones, {changes} changes of clocks", stated.len());
    assert!(changes > 500, "{changes} changes were read");
    let (_, gaps, repeats) = tally.finish("around every change");
    assert!(gaps > 500 && repeats > 500);
}

#[test]
fn nine_oclock_every_day_is_nine_oclock_on_the_wall_of_every_year() {
    let stated = all();
    let mut tally = Tally::default();
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap();
    for stated in &stated {
        let mut before: Option<i64> = None;
        for day in days(stated) {
            let Some(got) = tally.check(stated, day.and_time(nine)) else { continue };
            let at = got.at.millis() / 1000;
            let wall = stated.shows(at);
            assert_eq!((wall.date(), wall.time()), (day, nine), "{} {day}: {at}", stated.zone);
            // One each day: never two on one day, never a day without.
            let apart = before.map_or(86_400, |before| at - before);
            assert!(
                (82_000..=91_000).contains(&apart),
                "{} {day}: {apart} s after the one before",
                stated.zone
            );
            before = Some(at);
        }
    }
    let (exact, gaps, repeats) = tally.finish("9:00 every day");
    assert_eq!((gaps, repeats), (0, 0), "no zone of the corpora changes its clocks at 9:00");
    assert!(stated.is_empty() || exact > 70_000, "{exact} days");
}

#[test]
fn half_past_two_every_day_goes_to_the_end_of_a_gap_and_to_the_first_of_two() {
    let stated = all();
    let mut tally = Tally::default();
    let half_past = NaiveTime::from_hms_opt(2, 30, 0).unwrap();
    for stated in &stated {
        for day in days(stated) {
            tally.check(stated, day.and_time(half_past));
        }
    }
    let (_, gaps, repeats) = tally.finish("2:30 every day");
    assert!(stated.is_empty() || (gaps > 100 && repeats > 50), "{gaps} gaps, {repeats} repeats");
}

/// A quarter of an hour before and after each change the product's own clock shows what the corpus says.
#[test]
fn clocks_show_what_the_corpora_say_on_both_sides_of_every_change() {
    let stated = all();
    let mut shown = 0;
    for stated in &stated {
        let clock = zone(&stated.zone).unwrap();
        for change in stated.changes.iter().filter(|change| stated.shows(change.at).date() < stated.until) {
            for seconds in [-900, -1, 0, 900] {
                let at = change.at + seconds;
                let expected = stated.shows(at).format("%Y-%m-%dT%H:%M:%S").to_string();
                let got = clock.shows(griot_domain::Timestamp::from_millis(at * 1000));
                let got = if got.len() == 16 { format!("{got}:00") } else { got };
                assert_eq!(got, expected, "{} at {at}", stated.zone);
                shown += 1;
            }
        }
    }
    println!("{shown} clocks shown");
}

/// The corpora's own readers: what they say of days that everybody can look up.
#[test]
fn the_corpora_are_read_right() {
    let stated = all();
    let paris: Vec<&Stated> = stated.iter().filter(|stated| stated.zone == "Europe/Paris").collect();
    for stated in &paris {
        let at = |text: &str| stated.meaning(text.parse().unwrap());
        assert_eq!(at("2026-12-01T09:00:00"), Meaning::Once(1_796_112_000));
        assert_eq!(at("2027-03-28T02:30:00"), Meaning::Never(1_806_195_600));
        assert_eq!(at("2027-10-31T02:30:00"), Meaning::Twice(1_824_942_600, 1_824_946_200));
        let last = stated.changes.iter().filter(|change| stated.shows(change.at).year() == 2037).count();
        assert_eq!(last, 2, "{}", stated.by);
    }
    assert!(paris.is_empty() || paris.len() == 2);
    let (_, overtaken) = all_stated();
    for (zone, since) in &overtaken {
        println!("{zone}: the older files are overtaken by the newer one since {since}");
    }
    // From then on the newer file has Morocco at +00 all year; 2025c foresaw +01 with a pause each Ramadan to 2087.
    let morocco = ("Africa/Casablanca".to_owned(), NaiveDate::from_ymd_opt(2026, 9, 20).unwrap());
    assert!(stated.is_empty() || overtaken == [morocco], "{overtaken:?}");
}
