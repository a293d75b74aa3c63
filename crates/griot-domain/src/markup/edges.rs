//! Which signs of a text can be marks at all: those that a person would see as marks.
//!
//! A mark stands at the edge of a word: outside of it is the beginning, the end, a blank or punctuation, inside of it
//! a word. `Cher*e*s`, `120*80`, `(*)`, `snake_case` and `C:\_new` hold signs and no marks. A backslash takes a mark's
//! meaning away only where without it there would be one; any other is a backslash. What cannot be a mark is hidden
//! from the reader of marks behind bytes that mean nothing, one for one, so that all offsets stay.

use std::ops::Range;

use super::signs::{closing, invisible, is_accent, is_face, is_word, opening, unspaced};

/// Signs that marks are made of.
const SIGNS: &[u8] = b"*_~`";
/// What is hidden, each behind a byte of its own.
const HIDDEN: &[u8] = b"*_~`\\<[]->";
/// How far a neighbour is looked for beyond other signs.
const REACH: usize = 16;

/// What a run of the same sign can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// The beginning or the end of a mark.
    Mark {
        /// Whether it can be the beginning.
        opens: bool,
        /// Whether it can be the end.
        closes: bool,
    },
    /// A sign, and nothing else.
    Sign,
    /// A sign that a person kept from being a mark; its backslashes are not meant to be seen.
    Escaped,
}

/// Some of the same sign in a row, with the backslashes between them.
#[derive(Debug, Clone)]
pub(super) struct Run {
    /// Where it stands.
    pub(super) range: Range<usize>,
    /// The sign.
    pub(super) sign: u8,
    /// What it can be.
    pub(super) role: Role,
    /// The paragraph that it stands in.
    paragraph: usize,
    /// Whether a backslash is among it.
    escaped: bool,
    /// Whether it belongs to an address or a name.
    protected: bool,
    /// Whether it stands where a link's address is read: there nothing may be hidden.
    in_address: bool,
}

/// A text as the reader of marks is to see it.
#[derive(Debug)]
pub(super) struct Reading {
    /// The text with what cannot be a mark hidden; as long as the text, byte for byte.
    pub(super) masked: String,
    /// Every run of signs, in order.
    pub(super) runs: Vec<Run>,
    /// The backslashes that a person does not want to see.
    pub(super) escapes: Vec<usize>,
    /// Where `<` begins what a place that reads HTML would take for a tag and show to nobody.
    pub(super) tags: Vec<usize>,
    stand_ins: Vec<(u8, u8)>,
}

impl Reading {
    /// Reads `text`; signs in `protected` belong to addresses and names. Nothing where the text holds so many control
    /// characters that none is left to hide anything behind.
    pub(super) fn of(text: &str, protected: &[Range<usize>]) -> Option<Self> {
        let free =
            (1..0x20_u8).filter(|byte| !matches!(byte, 0x09..=0x0D) && !text.as_bytes().contains(byte));
        let stand_ins: Vec<(u8, u8)> = HIDDEN.iter().copied().zip(free).collect();
        if stand_ins.len() < HIDDEN.len() {
            return None;
        }
        let mut runs = runs_of(text);
        for run in &mut runs {
            let around = protected.iter().find(|range| range.contains(&run.range.start));
            run.protected = around.is_some();
            run.in_address = around.is_some_and(|range| is_address_of_link(&text[..range.start]));
            run.role = role(text, run);
        }
        escape(text, &mut runs);
        let mut reading = Self {
            masked: String::new(),
            runs,
            escapes: brackets_and_lines(text),
            tags: tags_of(text),
            stand_ins,
        };
        reading.hide(text);
        Some(reading)
    }

    /// The run that the byte at `at` belongs to.
    pub(super) fn run_at(&self, at: usize) -> Option<&Run> {
        let run = self.runs.get(self.runs.partition_point(|run| run.range.end <= at))?;
        run.range.contains(&at).then_some(run)
    }

    /// What was hidden in `words`, shown again.
    pub(super) fn shown(&self, words: &str) -> String {
        let shown = |c: char| {
            let hidden = self.stand_ins.iter().find(|(_, stand_in)| char::from(*stand_in) == c);
            hidden.map_or(c, |(byte, _)| char::from(*byte))
        };
        words.chars().map(shown).collect()
    }

    fn hide(&mut self, text: &str) {
        let mut bytes = text.as_bytes().to_vec();
        let stand_ins = self.stand_ins.clone();
        let mut put = |at: usize| {
            if let Some((_, stand_in)) = stand_ins.iter().find(|(byte, _)| *byte == bytes[at]) {
                bytes[at] = *stand_in;
            }
        };
        for slash in &self.escapes {
            put(*slash);
            put(slash + 1);
        }
        self.tags.iter().for_each(|at| put(*at));
        let no_marks = |run: &&Run| !matches!(run.role, Role::Mark { .. }) && !run.in_address;
        for run in self.runs.iter().filter(no_marks) {
            run.range.clone().for_each(&mut put);
            if run.role == Role::Escaped {
                let slashes = run.range.clone().filter(|at| text.as_bytes()[*at] == b'\\');
                self.escapes.extend(slashes);
            }
        }
        for (at, seen) in self.runs.iter().flat_map(|run| beside(text, run)) {
            bytes[at] = seen;
        }
        self.escapes.sort_unstable();
        self.masked = String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned());
    }
}

/// The bytes of what stands right beside a mark and is neither a letter nor a blank, and what the reader of marks is to
/// see there: a letter inside of the mark, punctuation outside. It would take some of these for the other, and what
/// only begins a mark for the end of one.
fn beside(text: &str, run: &Run) -> Vec<(usize, u8)> {
    let Role::Mark { opens, closes } = run.role else { return Vec::new() };
    // Brackets, `!` and their like begin and end links and pictures.
    let stands = |c: &char| {
        let ascii = c.is_ascii() && !"\"'(.,;:?%$#@+-={".contains(*c);
        !ascii && !c.is_whitespace() && !is_word(*c)
    };
    let before = text[..run.range.start].chars().next_back().filter(stands).map_or(0, char::len_utf8);
    let behind = text[run.range.end..].chars().next().filter(stands).map_or(0, char::len_utf8);
    let seen = |inside: bool| if inside { b'x' } else { b',' };
    let first = (run.range.start - before..run.range.start).map(|at| (at, seen(closes && !opens)));
    let last = (run.range.end..run.range.end + behind).map(|at| (at, seen(opens && !closes)));
    first.chain(last).collect()
}

fn is_address_of_link(before: &str) -> bool {
    // Of an address whose ending no list of domains knows, the scheme is not told.
    let before = before.trim_end_matches(|c: char| c.is_ascii_alphanumeric());
    before.ends_with('<') || before.ends_with("](")
}

fn runs_of(text: &str) -> Vec<Run> {
    let bytes = text.as_bytes();
    let is_sign = |at: usize| bytes.get(at).is_some_and(|byte| SIGNS.contains(byte));
    let (mut runs, mut at, mut paragraph) = (Vec::new(), 0, 0);
    while at < bytes.len() {
        if bytes[at] == b'\n' && text[at + 1..].starts_with(['\n', '\r']) {
            paragraph += 1;
        }
        let sign = match bytes[at] {
            b'\\' if is_sign(at + 1) => bytes[at + 1],
            byte if SIGNS.contains(&byte) => byte,
            _ => {
                at += 1;
                continue;
            }
        };
        let (start, mut escaped) = (at, false);
        loop {
            if bytes.get(at) == Some(&sign) {
                at += 1;
            } else if bytes.get(at) == Some(&b'\\') && bytes.get(at + 1) == Some(&sign) {
                (at, escaped) = (at + 2, true);
            } else {
                break;
            }
        }
        let role = Role::Sign;
        runs.push(Run {
            range: start..at,
            sign,
            role,
            paragraph,
            escaped,
            protected: false,
            in_address: false,
        });
    }
    runs
}

fn role(text: &str, run: &Run) -> Role {
    let most = if run.sign == b'~' { 2 } else { 3 };
    if run.range.len() > most || run.protected || run.escaped {
        return Role::Sign;
    }
    let (opens, closes) = (opens(text, run), closes(text, run));
    let before = neighbour(text[..run.range.start].chars().rev()).0;
    if is_face(before, neighbour(text[run.range.end..].chars()).0) {
        return Role::Sign;
    }
    if !(opens || closes) { Role::Sign } else { Role::Mark { opens, closes } }
}

/// The neighbour beyond other signs and what nobody sees, and the one behind it.
fn neighbour(chars: impl Iterator<Item = char>) -> (Option<char>, Option<char>) {
    let mut beyond = chars.enumerate().skip_while(|(n, c)| {
        *n < REACH && (invisible(*c) || u8::try_from(*c).is_ok_and(|byte| SIGNS.contains(&byte)))
    });
    let next = beyond.next().map(|(_, c)| c);
    (next, beyond.next().map(|(_, c)| c))
}

fn opens(text: &str, run: &Run) -> bool {
    let (before, further) = neighbour(text[..run.range.start].chars().rev());
    let (after, next) = neighbour(text[run.range.end..].chars());
    let inside = match after {
        None => false,
        Some('.') => next == Some('.'),
        // `/* so */`
        Some('/') => next.is_some_and(char::is_alphanumeric),
        Some(c) => !c.is_whitespace() && !closing(c) && !is_accent(c),
    };
    inside && outside(before, further, run)
}

fn closes(text: &str, run: &Run) -> bool {
    let (before, previous) = neighbour(text[..run.range.start].chars().rev());
    let (after, further) = neighbour(text[run.range.end..].chars());
    let of_comment = before == Some('/') && previous.is_none_or(char::is_whitespace);
    // `l'*👩🏿‍🌾*`: behind an apostrophe within a phrase a mark begins.
    let elided = matches!(before, Some('\'' | '’')) && previous.is_some_and(char::is_alphabetic);
    if of_comment || (elided && after.is_some_and(|c| !c.is_whitespace() && !closing(c))) {
        return false;
    }
    before.is_some_and(|c| !c.is_whitespace() && !opening(c) && !is_accent(c)) && outside(after, further, run)
}

/// Whether a mark can end where `c` is its neighbour outside, `further` the one behind that.
fn outside(c: Option<char>, further: Option<char>, run: &Run) -> bool {
    match c {
        None => true,
        // A path, a drawn arm.
        Some('\\') => false,
        // `/* so */`, not `*so*/*so*`.
        Some('/') => further.is_some_and(|c| c.is_alphanumeric() || "*_~`".contains(c)),
        // The name of a file.
        Some('.') => !further.is_some_and(is_word),
        // Where words have no blanks between them, two signs say that they are meant.
        Some(c) if unspaced(c) => run.range.len() > 1,
        Some(c) => !is_word(c),
    }
}

/// Finds which of the runs with backslashes a person kept from being marks: without the backslashes there would be a
/// mark, from its beginning to its end.
fn escape(text: &str, runs: &mut [Run]) {
    let ends = |sign: u8| -> Vec<(usize, usize)> {
        let of_sign = runs.iter().filter(|run| run.sign == sign && !run.protected && closes(text, run));
        of_sign.map(|run| (run.range.start, run.paragraph)).collect()
    };
    let ends: Vec<(u8, Vec<(usize, usize)>)> = SIGNS.iter().map(|sign| (*sign, ends(*sign))).collect();
    let mut open: Vec<(u8, usize)> = Vec::new();
    for run in runs.iter_mut().filter(|run| run.escaped && !run.protected) {
        let pair = (run.sign, run.paragraph);
        if closes(text, run) && open.contains(&pair) {
            open.retain(|other| *other != pair);
            run.role = Role::Escaped;
        } else if begins(text, run) {
            let known = ends.iter().find(|(sign, _)| *sign == run.sign).map(|(_, ends)| ends.as_slice());
            let known = known.unwrap_or_default();
            let next = known.partition_point(|(at, _)| *at < run.range.end);
            if known.get(next).is_some_and(|(_, paragraph)| *paragraph == run.paragraph) {
                open.retain(|(sign, _)| *sign != run.sign);
                open.push(pair);
                run.role = Role::Escaped;
            }
        }
    }
}

/// Whether a mark would begin here if it had no backslash: stricter than for marks, because paths and drawings hold
/// backslashes after all kinds of signs.
fn begins(text: &str, run: &Run) -> bool {
    let before = text[..run.range.start].chars().next_back();
    let free = before.is_none_or(|c| c.is_whitespace() || opening(c) || "\"'’*_~—–".contains(c));
    free && opens(text, run)
}

/// Backslashes before brackets that would make a link, and at the beginning of lines that would be quotes or lists.
fn brackets_and_lines(text: &str) -> Vec<usize> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        if line.starts_with("\\- ") || line.starts_with("\\> ") {
            found.push(start);
        }
        let last = line.rfind("](");
        let mut opened = false;
        for (at, pair) in line.as_bytes().windows(2).enumerate() {
            match pair {
                b"\\[" if last.is_some_and(|last| last > at) => found.push(start + at),
                b"\\]" if opened && line[at + 2..].starts_with('(') => found.push(start + at),
                _ => opened |= pair[0] == b'[',
            }
        }
        start += line.len();
    }
    found
}

/// Tags that places which read HTML make something of. A person who types these knows HTML.
const KNOWN_TAGS: &[&str] = &[
    "a",
    "abbr",
    "b",
    "big",
    "blockquote",
    "br",
    "center",
    "code",
    "dd",
    "del",
    "details",
    "div",
    "dl",
    "dt",
    "em",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "u",
    "ul",
];

/// Where `<` begins what looks like a tag and is none that anybody would see the effect of: `<nom>`, `<!--`.
fn tags_of(text: &str) -> Vec<usize> {
    let unknown = |at: &usize| {
        let rest = &text[at + 1..];
        if rest.starts_with(['!', '?']) {
            return true;
        }
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-').unwrap_or(rest.len());
        let (name, after) = rest.split_at(end);
        let is_name = name.starts_with(|c: char| c.is_ascii_alphabetic());
        let is_address = after.starts_with([':', '@', '.', '_', '+']);
        is_name && !is_address && !KNOWN_TAGS.contains(&name.to_ascii_lowercase().as_str())
    };
    text.match_indices('<').map(|(at, _)| at).filter(unknown).collect()
}
