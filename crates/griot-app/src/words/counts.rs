//! How many, and how long, as people say it: one is one, and ninety hours are days.

use griot_domain::Lang;

/// `n` with its noun, which agrees: French takes the singular for nothing and for one.
fn count(n: u64, lang: Lang, one: &str, more: &str) -> String {
    let is_one = lang.pick(n < 2, n == 1);
    format!("{n}\u{a0}{}", if is_one { one } else { more })
}

/// A length of time in its two largest units: minutes, hours, days.
pub(crate) fn span(minutes: u64, lang: Lang) -> String {
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let day = |n| count(n, lang, lang.pick("jour", "day"), lang.pick("jours", "days"));
    let hour = |n| count(n, lang, lang.pick("heure", "hour"), lang.pick("heures", "hours"));
    let minute = |n| count(n, lang, "minute", "minutes");
    let and = lang.pick("et", "and");
    match (days, hours, minutes) {
        (0, 0, n) => minute(n),
        (0, h, 0) => hour(h),
        (0, h, n) => format!("{} {and} {}", hour(h), minute(n)),
        (d, 0, _) => day(d),
        (d, h, _) => format!("{} {and} {}", day(d), hour(h)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_said_in_days_and_hours() {
        let said = |minutes| (span(minutes, Lang::Fr), span(minutes, Lang::En)).map_blanks();
        assert_eq!(said(1), ("1 minute".into(), "1 minute".into()));
        assert_eq!(said(59), ("59 minutes".into(), "59 minutes".into()));
        assert_eq!(said(60), ("1 heure".into(), "1 hour".into()));
        assert_eq!(said(125), ("2 heures et 5 minutes".into(), "2 hours and 5 minutes".into()));
        assert_eq!(said(1440), ("1 jour".into(), "1 day".into()));
        assert_eq!(said(4470), ("3 jours et 2 heures".into(), "3 days and 2 hours".into()));
    }

    #[test]
    fn one_is_one() {
        let said = |n, lang: Lang| count(n, lang, lang.pick("envoi", "post"), lang.pick("envois", "posts"));
        assert_eq!(
            [said(0, Lang::Fr), said(1, Lang::Fr), said(2, Lang::Fr)].map(|s| s.blanks()),
            ["0 envoi", "1 envoi", "2 envois"]
        );
        assert_eq!(
            [said(0, Lang::En), said(1, Lang::En), said(2, Lang::En)].map(|s| s.blanks()),
            ["0 posts", "1 post", "2 posts"]
        );
    }

    trait Blanks {
        fn blanks(&self) -> String;
    }
    impl Blanks for String {
        fn blanks(&self) -> String {
            self.replace('\u{a0}', " ")
        }
    }
    trait Both {
        fn map_blanks(self) -> (String, String);
    }
    impl Both for (String, String) {
        fn map_blanks(self) -> (String, String) {
            (self.0.blanks(), self.1.blanks())
        }
    }
}
