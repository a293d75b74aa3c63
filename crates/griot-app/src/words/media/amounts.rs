//! Numbers, sizes and times within a sentence.

use griot_domain::Lang;

const NO_BREAK: char = '\u{a0}';

/// A number with its thousands apart.
pub(super) fn number(n: u64, lang: Lang) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(lang.pick(NO_BREAK, ','));
        }
        text.push(digit);
    }
    text
}

/// So many of a unit and how many are allowed: `257 Mio, pour 256 au plus`. What is over never reads as what is allowed.
pub(super) fn over(have: u64, most: u64, unit: u64, name: &str, lang: Lang) -> String {
    let (have, most) = (number(have.div_ceil(unit), lang), number(most / unit, lang));
    lang.pick(
        format!("{have}{NO_BREAK}{name}, pour {most} au plus"),
        format!("{have}{NO_BREAK}{name}, {most} at most"),
    )
}

/// A size in units of a thousand, to the tenth; never more than there is.
pub(crate) fn size(bytes: u64, lang: Lang) -> String {
    let units = [(1_000_000, lang.pick("Mo", "MB")), (1000, lang.pick("ko", "kB"))];
    let Some((one, name)) = units.into_iter().find(|(one, _)| bytes >= *one) else {
        return format!("{bytes}{NO_BREAK}{}", lang.pick("o", "B"));
    };
    let whole = number(bytes / one, lang);
    match bytes % one * 10 / one {
        0 => format!("{whole}{NO_BREAK}{name}"),
        tenth => format!("{whole}{}{tenth}{NO_BREAK}{name}", lang.pick(',', '.')),
    }
}

/// A length of time, the same in both languages: `2 min 20 s`.
pub(super) fn time(ms: u64) -> String {
    if ms < 1000 {
        return format!("{ms}{NO_BREAK}ms");
    }
    let seconds = ms / 1000;
    let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
    let said = parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{NO_BREAK}{unit}"));
    said.collect::<Vec<_>>().join(&NO_BREAK.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_set_as_each_language_does() {
        assert_eq!(
            (number(60_000, Lang::Fr), number(60_000, Lang::En)),
            ("60\u{a0}000".into(), "60,000".into())
        );
        assert_eq!(
            over((256 << 20) + 1, 256 << 20, 1 << 20, "Mio", Lang::Fr),
            "257\u{a0}Mio, pour 256 au plus"
        );
        let sizes = [500, 976_560, 8_000_000, 1_550_000_000].map(|bytes| size(bytes, Lang::Fr));
        assert_eq!(sizes, ["500\u{a0}o", "976,5\u{a0}ko", "8\u{a0}Mo", "1\u{a0}550\u{a0}Mo"]);
        assert_eq!(size(2_500_000, Lang::En), "2.5\u{a0}MB");
        assert_eq!((time(140_000), time(500)), ("2\u{a0}min\u{a0}20\u{a0}s".into(), "500\u{a0}ms".into()));
    }
}
