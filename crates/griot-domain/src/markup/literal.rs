//! Signs that are no marks, written so that the place shows them as signs: nothing that a person wrote is taken for a
//! mark there and eaten.
//!
//! Markdown has the backslash for that. WhatsApp has nothing: a star before a blank begins no bold there and one behind
//! a blank ends none, so the thinnest of all blanks is put beside it. Telegram's marks are two signs: a joiner without
//! width parts them. Where the place would see nothing in the signs, they stay untouched.

use std::ops::Range;

use super::edges::{Reading, Role};

/// The thinnest blank (hair space).
const THIN: &str = "\u{200A}";
/// Parts two signs and has no width (word joiner).
const PARTING: &str = "\u{2060}";

/// What is put or taken away.
pub(super) type Edits = Vec<(Range<usize>, String)>;

/// A sign that was put for a mark.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    at: usize,
    sign: u8,
    opens: bool,
}

impl Placed {
    /// The signs of `signs`, all at `at`.
    pub(super) fn each(signs: &str, at: usize, opens: bool) -> impl Iterator<Item = Self> + use<'_> {
        signs.bytes().map(move |sign| Self { at, sign, opens })
    }
}

/// A text, what was read in it, and what was put.
pub(super) struct Place<'a> {
    text: &'a str,
    reading: &'a Reading,
    placed: Vec<Placed>,
    /// Where marks, code and parts of addresses begin, and how far those that began until there reach.
    reaches: Vec<(usize, usize)>,
}

impl<'a> Place<'a> {
    pub(super) fn new(
        text: &'a str,
        reading: &'a Reading,
        mut read: Vec<Range<usize>>,
        placed: Vec<Placed>,
    ) -> Self {
        read.sort_by_key(|range| range.start);
        let mut reach = 0;
        let reaches = read.iter().map(|range| {
            reach = reach.max(range.end);
            (range.start, reach)
        });
        let reaches = reaches.collect();
        Self { text, reading, placed, reaches }
    }

    /// Whether what stands at `at` is a mark, code or a part of an address.
    fn is_read(&self, at: usize) -> bool {
        let before = self.reaches.partition_point(|(start, _)| *start <= at);
        before.checked_sub(1).is_some_and(|last| self.reaches[last].1 > at)
    }

    /// The places of signs that are signs, in order.
    fn signs(&self) -> Vec<usize> {
        let places = self.reading.runs.iter().flat_map(|run| run.range.clone());
        places.filter(|at| self.text.as_bytes()[*at] != b'\\' && !self.is_read(*at)).collect()
    }

    /// Whether a person does not want to see the backslash at `at`.
    fn is_escape(&self, at: usize) -> bool {
        self.reading.escapes.binary_search(&at).is_ok()
    }

    fn before(&self, at: usize) -> Option<char> {
        self.text[..at].chars().next_back()
    }

    fn behind(&self, at: usize) -> Option<char> {
        self.text[at + 1..].chars().next()
    }

    /// Whether the backslash at `at` stands at the beginning of a line that it keeps from being a quote or a list.
    fn begins_a_line(&self, at: usize) -> bool {
        self.text[at + 1..].starts_with(['-', '>'])
    }
}

/// Takes the backslashes away that a person does not want to see.
pub(super) fn without_escapes(place: &Place<'_>) -> Edits {
    place.reading.escapes.iter().map(|at| (*at..at + 1, String::new())).collect()
}

/// The same, where a line that begins so would become a quote or a list.
fn without_escapes_but_parted(place: &Place<'_>) -> Edits {
    let instead = |at: usize| if place.begins_a_line(at) { PARTING } else { "" };
    place.reading.escapes.iter().map(|at| (*at..at + 1, instead(*at).to_owned())).collect()
}

/// A sign on a line of WhatsApp.
struct Sign {
    at: usize,
    sign: u8,
    opens: bool,
    closes: bool,
    placed: bool,
    /// Whether a blank or nothing stands before it.
    behind_blank: bool,
    /// Where those of the same sign beside it end.
    run_end: usize,
}

pub(super) fn for_whatsapp(place: &Place<'_>) -> Edits {
    let mut edits = without_escapes_but_parted(place);
    let bytes = place.text.as_bytes();
    let mut signs: Vec<Sign> = place.signs().into_iter().map(|at| sign_of(place, at)).collect();
    if signs.is_empty() {
        return edits;
    }
    let put = |p: &Placed| Sign {
        at: p.at,
        sign: p.sign,
        opens: p.opens,
        closes: !p.opens,
        placed: true,
        behind_blank: false,
        run_end: p.at,
    };
    signs.extend(place.placed.iter().map(put));
    signs.sort_by_key(|sign| sign.at);
    let mut line = 0;
    while line < signs.len() {
        let start = signs[line].at;
        let end = bytes[start..].iter().position(|byte| *byte == b'\n').map_or(bytes.len(), |n| start + n);
        let length = signs[line..].partition_point(|sign| sign.at <= end);
        part(&signs[line..line + length], &mut edits);
        line += length;
    }
    edits
}

fn sign_of(place: &Place<'_>, at: usize) -> Sign {
    // Backslashes that are taken away are no neighbours.
    let escaped = place.reading.run_at(at).is_some_and(|run| run.role == Role::Escaped);
    let beyond = |c: &char| !(escaped && *c == '\\');
    let before = place.text[..at].chars().rev().find(beyond);
    let behind = place.text[at + 1..].chars().find(beyond);
    Sign {
        at,
        sign: place.text.as_bytes()[at],
        opens: !before.is_some_and(char::is_alphanumeric) && behind.is_some_and(|c| !c.is_whitespace()),
        closes: before.is_some_and(|c| !c.is_whitespace()) && !behind.is_some_and(char::is_alphanumeric),
        placed: false,
        behind_blank: before.is_none_or(char::is_whitespace),
        run_end: place.reading.run_at(at).map_or(at + 1, |run| run.range.end),
    }
}

/// Parts what WhatsApp would take together on one line.
fn part(line: &[Sign], edits: &mut Edits) {
    let mut ends: Vec<(u8, usize)> = Vec::new();
    // Where the last end of each sign stands that a beginning before it would find.
    for sign in line.iter().filter(|sign| sign.closes) {
        ends.retain(|(other, _)| *other != sign.sign);
        ends.push((sign.sign, sign.at));
    }
    let mut open: Vec<u8> = Vec::new();
    for sign in line {
        if sign.placed {
            open.retain(|other| *other != sign.sign);
            open.extend(Some(sign.sign).filter(|_| sign.opens));
        } else if sign.opens && ends.iter().any(|(other, at)| *other == sign.sign && *at >= sign.run_end) {
            edits.push((sign.at + 1..sign.at + 1, THIN.to_owned()));
            // With a blank behind it, it would end what is open.
            if open.contains(&sign.sign) && !sign.behind_blank {
                edits.push((sign.at..sign.at, THIN.to_owned()));
            }
        } else if sign.closes && open.contains(&sign.sign) {
            edits.push((sign.at..sign.at, THIN.to_owned()));
        }
    }
}

pub(super) fn for_telegram(place: &Place<'_>) -> Edits {
    let mut edits = without_escapes(place);
    let bytes = place.text.as_bytes();
    let mut doubled: Vec<usize> = place
        .signs()
        .windows(2)
        .filter(|pair| bytes[pair[0]] == bytes[pair[1]] && is_next(place, pair[0], pair[1]))
        .map(|pair| pair[1])
        .collect();
    let bars = place.text.match_indices("||").map(|(at, _)| at + 1);
    doubled.extend(bars.filter(|at| !place.is_read(*at)));
    edits.extend(doubled.into_iter().map(|at| (at..at, PARTING.to_owned())));
    edits
}

/// Whether the second sign comes right behind the first once backslashes are gone.
fn is_next(place: &Place<'_>, first: usize, second: usize) -> bool {
    place.text[first + 1..second].bytes().all(|byte| byte == b'\\')
        && (first + 1..second).all(|at| place.is_escape(at))
}

/// What Markdown would take for something else than was written gets a backslash. `guard` says that marks would come
/// into being that no person saw, so the signs get theirs too.
pub(super) fn for_markdown(place: &Place<'_>, guard: bool) -> Edits {
    let bytes = place.text.as_bytes();
    let mut edits = Edits::new();
    let slash = |at: usize| (at..at, "\\".to_owned());
    for (at, _) in place.text.match_indices('\\') {
        let is_eaten = bytes.get(at + 1).is_some_and(|next| next.is_ascii_punctuation() || *next == b'\n');
        if is_eaten && !place.is_escape(at) && !place.is_read(at) {
            edits.push(slash(at));
        }
    }
    edits.extend(place.reading.tags.iter().filter(|at| !place.is_read(**at)).map(|at| slash(*at)));
    let entities = place.text.match_indices('&').map(|(at, _)| at);
    edits.extend(entities.filter(|at| is_entity(&place.text[at + 1..]) && !place.is_read(*at)).map(slash));
    edits.extend(line_starts(place.text).into_iter().filter(|at| !place.is_read(*at)).map(slash));
    if guard {
        let kept = |at: &usize| at.checked_sub(1).is_some_and(|slash| place.is_escape(slash));
        edits.extend(place.signs().into_iter().filter(|at| !kept(at) && may_mark(place, *at)).map(slash));
    }
    edits
}

/// What Markdown takes for a quote, a list or the line under a title at the beginning of a line, and the reader of blocks
/// did not.
fn line_starts(text: &str) -> Vec<usize> {
    let (mut found, mut start, mut below_words) = (Vec::new(), 0, false);
    for line in text.split_inclusive('\n') {
        let bare = line.trim_start_matches(' ');
        let (indent, words) = (line.len() - bare.len(), bare.trim_end());
        let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let blank = |at: usize| bare[at..].chars().next().is_none_or(char::is_whitespace);
        let only = |sign: char| !words.is_empty() && words.chars().all(|c| c == sign);
        let quote = bare.starts_with('>') && !blank(1);
        let sum = bare.starts_with('+') && blank(1);
        let title = below_words && (only('=') || only('-'));
        let numbered =
            (1..=9).contains(&digits) && bare[digits..].starts_with(['.', ')']) && blank(digits + 1);
        if indent < 4 && (quote || sum || title || numbered) {
            found.push(start + indent + if numbered { digits } else { 0 });
        }
        below_words = !words.is_empty();
        start += line.len();
    }
    found
}

/// Whether Markdown could take the sign at `at` for a mark: not between blanks, and no low line within a word.
fn may_mark(place: &Place<'_>, at: usize) -> bool {
    let (before, behind) = (place.before(at), place.behind(at));
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let low_line = place.text.as_bytes()[at] == b'_';
    let apart = blank(before) && blank(behind);
    let within_a_word = low_line && word(before) && word(behind);
    !apart && !within_a_word
}

/// Whether `&` before `rest` begins the name of a sign, `&amp;`.
fn is_entity(rest: &str) -> bool {
    let Some(end) = rest.bytes().take(40).position(|byte| byte == b';') else { return false };
    let name = &rest[..end];
    let figures = |text: &str, hex: bool| {
        !text.is_empty() && text.bytes().all(|b| if hex { b.is_ascii_hexdigit() } else { b.is_ascii_digit() })
    };
    match name.strip_prefix('#') {
        Some(number) => {
            figures(number, false) || number.strip_prefix(['x', 'X']).is_some_and(|n| figures(n, true))
        }
        None => !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric()),
    }
}
