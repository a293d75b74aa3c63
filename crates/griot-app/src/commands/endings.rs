//! Accounts whose network tells when it will not accept them any longer: said where the account is shown, from seven days
//! before in the queue, and of what is planned for a later time.
//!
//! Deliberately absent: asking the network. Connecting and checking do, and what they heard is kept with the account.

use std::sync::Arc;

use chrono::{Datelike, NaiveDate};
use griot_domain::calendar::{date, zone_or_utc};
use griot_domain::time::{Zone, resolve_always};
use griot_domain::verdict::Level;
use griot_domain::{Account, Lang, Timestamp};
use griot_store::{Reader, accounts};

use super::settings;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace};
use crate::wire::accounts::{AccountEnd, AccountView};
use crate::wire::verdicts::{CheckPost, PostProblem};

/// The person who looks, and where and when they do.
pub(super) struct Eyes {
    lang: Lang,
    zone: Zone,
    now: Timestamp,
}

impl Eyes {
    pub(super) fn of(studio: &Arc<Studio>, workspace: &Workspace) -> Result<Self, Failure> {
        let zone = zone_or_utc(&settings::zone(studio, workspace)?);
        Ok(Self { lang: studio.lang(), zone, now: studio.ports.now() })
    }

    pub(super) fn view(&self, account: &Account) -> AccountView {
        AccountView {
            id: account.id,
            network: account.network,
            handle: account.handle.clone(),
            state: account.state,
            name: account.name.clone(),
            server: account.server.clone(),
            ends: account.ends_at.filter(|_| !account.is_by_hand()).map(|at| self.end(account, at)),
        }
    }

    fn end(&self, account: &Account, at: Timestamp) -> AccountEnd {
        let soon = account.ends_soon(self.now);
        let todo = self.lang.pick(
            "Reconnectez le compte\u{a0}: sans cela, ce qui est prévu ensuite ne partira pas.",
            "Connect the account again: without that, what is planned for later will not leave.",
        );
        AccountEnd {
            at,
            soon,
            says: until(at, self.now, self.zone, self.lang),
            todo: soon.then(|| todo.to_owned()),
        }
    }

    /// The accounts that need a person by now; nothing where none does.
    pub(super) fn ending(&self, r: &Reader<'_>) -> Result<Option<Vec<AccountView>>, Failure> {
        let all = accounts::list(r)?;
        let soon = all.iter().filter(|account| account.ends_soon(self.now));
        Ok(Some(soon.map(|account| self.view(account)).collect()).filter(|soon: &Vec<_>| !soon.is_empty()))
    }

    /// What is said after scheduling for accounts that will not be accepted any longer by then.
    pub(super) fn note(&self, to: &[Account], due: Timestamp) -> Vec<String> {
        let warnings = to.iter().filter_map(|account| self.warning(account, due));
        warnings.map(|warning| format!("{} {}", warning.message, warning.fix)).collect()
    }

    /// What is said of a post that goes out when the account will not be accepted any longer.
    pub(super) fn warning(&self, account: &Account, due: Timestamp) -> Option<PostProblem> {
        let end = account.ends_at.filter(|_| account.has_ended_by(due))?;
        let (name, day) = (&account.name, day(end, self.now, self.zone, self.lang));
        let (message, fix) = self.lang.pick(
            (
                format!("L\u{2019}accès de Griot à «\u{a0}{name}\u{a0}» se termine avant\u{a0}: le {day}."),
                "Reconnectez le compte d\u{2019}ici là, sinon la publication attendra.",
            ),
            (
                format!("Griot\u{2019}s access to \u{201c}{name}\u{201d} ends before that: on {day}."),
                "Connect the account again by then, or the post will wait.",
            ),
        );
        Some(PostProblem {
            code: "access_ends".to_owned(),
            level: Level::Warning,
            message,
            fix: fix.to_owned(),
            media: None,
            remedies: Vec::new(),
        })
    }

    /// When the draft is to go out: now where no time is named.
    pub(super) fn due(&self, request: &CheckPost) -> Timestamp {
        let zone = request.zone.as_deref().unwrap_or(self.zone.name());
        // A time that is none yet (a person is still typing it) is judged when it is one.
        let chosen = request.at.as_deref().and_then(|at| resolve_always(at, zone).ok());
        chosen.map_or(self.now, |chosen| chosen.at)
    }
}

/// `until 3 March, in 5 days`.
fn until(at: Timestamp, now: Timestamp, zone: Zone, lang: Lang) -> String {
    let day_of = day(at, now, zone, lang);
    if at <= now {
        return lang.pick(format!("terminé depuis le {day_of}"), format!("ended on {day_of}"));
    }
    let days = match (civil(at, zone), civil(now, zone)) {
        (Some(end), Some(today)) => (end - today).num_days(),
        _ => at.millis_since(now) / (24 * 60 * 60 * 1000),
    };
    let away = match days {
        ..=0 => lang.pick("aujourd\u{2019}hui", "today").to_owned(),
        1 => lang.pick("demain", "tomorrow").to_owned(),
        days => lang.pick(format!("dans {days} jours"), format!("in {days} days")),
    };
    lang.pick(format!("jusqu\u{2019}au {day_of}, {away}"), format!("until {day_of}, {away}"))
}

fn civil(at: Timestamp, zone: Zone) -> Option<NaiveDate> {
    date(at, zone).parse().ok()
}

/// `3 March`, with the year where it is another one.
fn day(at: Timestamp, now: Timestamp, zone: Zone, lang: Lang) -> String {
    const MONTHS: [(&str, &str); 12] = [
        ("janvier", "January"),
        ("février", "February"),
        ("mars", "March"),
        ("avril", "April"),
        ("mai", "May"),
        ("juin", "June"),
        ("juillet", "July"),
        ("août", "August"),
        ("septembre", "September"),
        ("octobre", "October"),
        ("novembre", "November"),
        ("décembre", "December"),
    ];
    let Some(when) = civil(at, zone) else { return date(at, zone) };
    let (fr, en) = MONTHS[when.month0() as usize];
    let number = if when.day() == 1 { lang.pick("1er", "1").to_owned() } else { when.day().to_string() };
    let is_other = civil(now, zone).is_none_or(|today| today.year() != when.year());
    let year = if is_other { format!(" {}", when.year()) } else { String::new() };
    format!("{number} {}{year}", lang.pick(fr, en))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_end_is_said_by_its_day_where_the_person_is_and_how_far_away_it_is() {
        let said = |at: &str, zone: &str, lang| {
            let now: Timestamp = "2026-11-26T20:00:00Z".parse().unwrap();
            until(at.parse().unwrap(), now, zone_or_utc(zone), lang)
        };
        let bamako = |at: &str| said(at, "Africa/Bamako", Lang::Fr);
        assert_eq!(bamako("2026-12-01T09:00:00Z"), "jusqu\u{2019}au 1er décembre, dans 5 jours");
        assert_eq!(bamako("2026-11-26T23:00:00Z"), "jusqu\u{2019}au 26 novembre, aujourd\u{2019}hui");
        assert_eq!(bamako("2026-11-27T01:00:00Z"), "jusqu\u{2019}au 27 novembre, demain");
        assert_eq!(bamako("2026-11-26T19:00:00Z"), "terminé depuis le 26 novembre");
        assert_eq!(said("2027-03-03T09:00:00Z", "UTC", Lang::En), "until 3 March 2027, in 97 days");
        assert_eq!(said("2026-12-01T09:00:00Z", "UTC", Lang::En), "until 1 December, in 5 days");
        assert_eq!(said("2026-11-26T23:00:00Z", "Asia/Tokyo", Lang::En), "until 27 November, today");
    }
}
