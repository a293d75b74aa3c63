//! The voice of the verdicts: French first, plain, typeset as French is.

use super::{Level, Problem};
use crate::lang::Lang;
use crate::network::NetworkId;
use crate::rules::Unit;

const NO_BREAK: char = '\u{A0}';

/// A sentence in both languages.
pub(super) struct Say {
    pub(super) fr: String,
    pub(super) en: String,
}

/// A [`Say`] from two texts.
pub(super) fn say(fr: impl Into<String>, en: impl Into<String>) -> Say {
    Say { fr: fr.into(), en: en.into() }
}

/// Where the problems of one draft are collected.
pub(super) struct Desk {
    pub(super) network: NetworkId,
    lang: Lang,
    /// The picture or film that is looked at.
    pub(super) medium: Option<usize>,
    /// The declared field that is looked at.
    pub(super) field: Option<String>,
    problems: Vec<Problem>,
}

impl Desk {
    pub(super) fn new(network: NetworkId, lang: Lang) -> Self {
        Self { network, lang, medium: None, field: None, problems: Vec::new() }
    }

    /// The network as people are told it.
    pub(super) fn name(&self) -> &'static str {
        self.network.display_name()
    }

    pub(super) fn error(&mut self, code: &str, message: Say, fix: Say) {
        self.add(code, Level::Error, message, fix);
    }

    pub(super) fn warn(&mut self, code: &str, message: Say, fix: Say) {
        self.add(code, Level::Warning, message, fix);
    }

    fn add(&mut self, code: &str, level: Level, message: Say, fix: Say) {
        let said = |say: Say| match self.lang {
            Lang::Fr => typeset(&say.fr),
            Lang::En => say.en,
        };
        self.problems.push(Problem {
            code: code.to_owned(),
            level,
            message: said(message),
            fix: said(fix),
            medium: self.medium,
            field: self.field.clone(),
        });
    }

    pub(super) fn worst_first(mut self) -> Vec<Problem> {
        self.problems.sort_by_key(|problem| std::cmp::Reverse(problem.level));
        self.problems
    }

    /// A number with its thousands apart.
    pub(super) fn number(&self, n: impl Into<u64>) -> String {
        let digits = n.into().to_string();
        let apart = self.lang.pick(NO_BREAK, ',');
        let mut text = String::new();
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                text.push(apart);
            }
            text.push(digit);
        }
        text
    }

    /// A length of time: `2 min 20 s`.
    pub(super) fn duration(&self, ms: u64) -> String {
        if ms < 1000 {
            return format!("{ms}{NO_BREAK}ms");
        }
        let seconds = ms / 1000;
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "min"), (seconds % 60, "s")];
        let said: Vec<String> =
            parts.iter().filter(|(n, _)| *n > 0).map(|(n, unit)| format!("{n}{NO_BREAK}{unit}")).collect();
        said.join(&NO_BREAK.to_string())
    }
}

/// French typography: a space that does not break before `: ; ! ?` and within quotation marks.
fn typeset(text: &str) -> String {
    let mut set = String::with_capacity(text.len() + 8);
    let mut chars = text.chars().peekable();
    let mut before = ' ';
    while let Some(c) = chars.next() {
        let binds =
            before == '«' || chars.peek().is_some_and(|next| matches!(next, ':' | ';' | '!' | '?' | '»'));
        set.push(if c == ' ' && binds { NO_BREAK } else { c });
        before = c;
    }
    set
}

/// What a length is counted in, as people say it.
pub(super) fn unit(unit: Unit, n: u64) -> (&'static str, &'static str) {
    match (unit, n < 2) {
        (Unit::Bytes, true) => ("octet", "byte"),
        (Unit::Bytes, false) => ("octets", "bytes"),
        (_, true) => ("caractère", "character"),
        (_, false) => ("caractères", "characters"),
    }
}

/// The ending of a French or English plural.
pub(super) fn plural(n: u64) -> &'static str {
    if n < 2 { "" } else { "s" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_is_typeset_and_english_is_not() {
        let mut desk = Desk::new(NetworkId::X, Lang::Fr);
        desk.error("a", say("Trop long : « ça » ?", "Too long: “that”?"), say("", ""));
        assert_eq!(desk.worst_first()[0].message, "Trop long\u{A0}: «\u{A0}ça\u{A0}»\u{A0}?");
        let fr = Desk::new(NetworkId::X, Lang::Fr);
        let en = Desk::new(NetworkId::X, Lang::En);
        assert_eq!(
            (fr.number(63_206_u32), en.number(63_206_u32)),
            ("63\u{A0}206".to_owned(), "63,206".to_owned())
        );
        assert_eq!(fr.number(280_u32), "280");
        assert_eq!(fr.duration(140_000), "2\u{A0}min\u{A0}20\u{A0}s");
        assert_eq!(fr.duration(500), "500\u{A0}ms");
    }
}
