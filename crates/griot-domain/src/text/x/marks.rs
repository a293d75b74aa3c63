//! Hashtags, mentions and cashtags.
//!
//! Each function gives what twitter-text extracts: a hashtag within a link is none; a mention is judged by its
//! neighbours alone.

use std::sync::OnceLock;

use regex::Regex;

use super::{Link, Tails, is_accented, is_directional, is_space, urls};

/// A hashtag in a text. Offsets are bytes; `start` is the sign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hashtag<'a> {
    /// Where the sign stands.
    pub start: usize,
    /// Where the tag ends, exclusive.
    pub end: usize,
    /// The tag without its sign.
    pub tag: &'a str,
}

/// A mention of a person, or of a person's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Where the sign stands.
    pub start: usize,
    /// Where the mention ends, exclusive.
    pub end: usize,
    /// The name without its sign.
    pub name: &'a str,
    /// `/list`, or empty.
    pub list: &'a str,
}

/// A share's symbol.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cashtag<'a> {
    /// Where the sign stands.
    pub start: usize,
    /// Where the symbol ends, exclusive.
    pub end: usize,
    /// The symbol without its sign.
    pub symbol: &'a str,
}

const LETTERS: &str = r"\p{L}\p{M}";
/// Figures, and signs that join the parts of a word in some script.
const JOINERS: &str = concat!(
    r"\p{Nd}_\x{200C}\x{200D}\x{A67E}\x{5BE}\x{5F3}\x{5F4}",
    r"\x{FF5E}\x{301C}\x{309B}\x{309C}\x{30A0}\x{30FB}\x{3003}\x{F0B}\x{F0C}\x{B7}"
);

fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("BUG: the pattern is fixed and every test compiles it")
}

/// The hashtags of `text`, in order.
#[must_use]
pub fn hashtags(text: &str) -> Vec<Hashtag<'_>> {
    hashtags_beside(text, &urls(text, Tails::X))
}

/// The hashtags of `text`, in order, for whoever has its links already.
#[must_use]
pub fn hashtags_beside<'a>(text: &'a str, links: &[Link]) -> Vec<Hashtag<'a>> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        let word = format!("[{LETTERS}{JOINERS}]*");
        // The sign before a keycap or a picture selector is an emoji, not a tag.
        let letter_first = format!(r"[[{LETTERS}]&&[^\x{{FE0F}}\x{{20E3}}]]{word}");
        let joiner_first = format!("[{JOINERS}]{word}[{LETTERS}]{word}");
        let before = format!(r"^|[\x{{FE0E}}\x{{FE0F}}]|[^&{LETTERS}{JOINERS}]");
        compile(&format!("(?:{before})(?P<sign>[#＃])(?P<tag>{letter_first}|{joiner_first})"))
    });
    let found = pattern.captures_iter(text).filter_map(|parts| {
        let (sign, tag) = (parts.name("sign")?, parts.name("tag")?);
        Some(Hashtag { start: sign.start(), end: tag.end(), tag: tag.as_str() })
    });
    found
        .filter(|tag| !text[tag.end..].starts_with(['#', '＃']) && !text[tag.end..].starts_with("://"))
        .filter(|tag| {
            let next = links.partition_point(|link| link.end <= tag.start);
            links.get(next).is_none_or(|link| link.start >= tag.end)
        })
        .collect()
}

/// The mentions of `text`, in order.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention<'_>> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        let before = r"[^A-Za-z0-9_!#$%&*@＠]|^|(?:^|[^A-Za-z0-9_+~.\-])[rR][tT]:?";
        compile(&format!("(?:{before})(?P<sign>[@＠])(?P<name>[A-Za-z0-9_]{{1,20}})(?P<list>/[A-Za-z][A-Za-z0-9_\\-]{{0,24}})?"))
    });
    let found = pattern.captures_iter(text).filter_map(|parts| {
        let (sign, whole) = (parts.name("sign")?, parts.get(0)?);
        let list = parts.name("list").map_or("", |list| list.as_str());
        Some(Mention { start: sign.start(), end: whole.end(), name: parts.name("name")?.as_str(), list })
    });
    found.filter(|mention| !goes_on(&text[mention.end..])).collect()
}

/// Whether what follows a name shows that it was none: an address, a scheme, a longer word.
pub(in crate::text) fn goes_on(rest: &str) -> bool {
    rest.starts_with(['@', '＠']) || rest.starts_with(is_accented) || rest.starts_with("://")
}

/// The cashtags of `text`, in order.
#[must_use]
pub fn cashtags(text: &str) -> Vec<Cashtag<'_>> {
    let mut found = Vec::new();
    for (start, _) in text.match_indices('$') {
        let before = text[..start].chars().next_back();
        if !before.is_none_or(|c| is_space(c) || is_directional(c)) {
            continue;
        }
        if let Some(length) = symbol_length(&text[start + 1..]) {
            let end = start + 1 + length;
            found.push(Cashtag { start, end, symbol: &text[start + 1..end] });
        }
    }
    found
}

/// One to six letters, then perhaps a point or underscore and one or two letters; a space, punctuation or nothing
/// must follow.
fn symbol_length(text: &str) -> Option<usize> {
    let letters = |from: usize| text[from..].chars().take_while(char::is_ascii_alphabetic).count();
    let ends = |at: usize| text[at..].chars().next().is_none_or(|c| is_space(c) || c.is_ascii_punctuation());
    let stem = letters(0);
    if !(1..=6).contains(&stem) {
        return None;
    }
    if text[stem..].starts_with(['.', '_']) {
        let suffix = letters(stem + 1);
        if (1..=2).contains(&suffix) && ends(stem + 1 + suffix) {
            return Some(stem + 1 + suffix);
        }
    }
    ends(stem).then_some(stem)
}
