//! A text as a row of letters and figures, each of which must be there, may be there, or may have become anything.
//!
//! Renderers leave letters and figures alone, except where they take them for something else: a mark, a link, a tag, an
//! entity, the code of an emoji, the number of a list. Everything that is neither letter nor figure may change or vanish
//! (marks, quotes, dashes, blanks, emoji), so that nothing of it is read.

use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::{canonical_combining_class, decompose_compatible};

use super::html::{self, Piece};

/// One place of a text that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token {
    /// This letter or figure, untouched.
    Hard(char),
    /// This one, or nothing.
    Soft(char),
    /// Any number of letters and figures.
    Any,
}

/// The most letters and figures of the sign that an entity stands for.
const ENTITY_MAX: usize = 3;

/// Pairs of letters beyond which two texts are not read together: about a second of a slow computer.
const LONGEST: usize = 100_000_000;

/// Whether `shown` can have come of `wrote`: both are read from the beginning to the end, together.
pub(super) fn could_be(wrote: &[Token], shown: &[Token]) -> bool {
    if wrote.len().saturating_mul(shown.len()) > LONGEST {
        // Two long articles with a sign of markup early on: nobody waits for that, and nobody can tell.
        return true;
    }
    // All places of `wrote` that can have been reached; nearly always one or two.
    let mut at = vec![0];
    skip(wrote, &mut at);
    for token in shown {
        let (c, may_vanish) = match *token {
            Token::Hard(c) => (c, false),
            Token::Soft(c) => (c, true),
            Token::Any => {
                // A sign that was not decoded: it stands for a letter, or for the few that it is made of.
                let reach = at.iter().flat_map(|place| *place..=(place + ENTITY_MAX).min(wrote.len()));
                at = reach.collect();
                skip(wrote, &mut at);
                continue;
            }
        };
        let mut next = if may_vanish { at.clone() } else { Vec::new() };
        for &place in &at {
            match wrote.get(place) {
                Some(Token::Hard(one) | Token::Soft(one)) if *one == c => next.push(place + 1),
                Some(Token::Any) => next.push(place),
                _ => {}
            }
        }
        if next.is_empty() {
            return false;
        }
        skip(wrote, &mut next);
        at = next;
    }
    at.contains(&wrote.len())
}

/// Adds the places that are reached without reading anything.
fn skip(wrote: &[Token], at: &mut Vec<usize>) {
    at.sort_unstable();
    at.dedup();
    let mut known = 0;
    while known < at.len() {
        let place = at[known];
        known += 1;
        if matches!(wrote.get(place), Some(Token::Soft(_) | Token::Any))
            && at.binary_search(&(place + 1)).is_err()
        {
            at.insert(known, place + 1);
        }
    }
}

/// A text with a note for each byte: whether what stands there may vanish, and where anything may stand instead.
struct Marked<'a> {
    text: &'a str,
    soft: Vec<bool>,
    any: Vec<bool>,
}

impl<'a> Marked<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, soft: vec![false; text.len()], any: vec![false; text.len() + 1] }
    }

    fn soften(&mut self, from: usize, to: usize) {
        self.soft[from..to].fill(true);
    }

    /// Softens all that a pattern finds; where it has a group, that group alone.
    fn all(&mut self, pattern: &Regex) {
        for found in pattern.captures_iter(self.text) {
            let part = found.name("soft").or_else(|| found.get(0)).map_or(0..0, |m| m.range());
            self.soften(part.start, part.end);
        }
    }

    fn tokens(&self) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (at, c) in self.text.char_indices() {
            if self.any[at] {
                tokens.push(Token::Any);
            }
            read(c, self.soft[at], &mut tokens);
        }
        if self.any[self.text.len()] {
            tokens.push(Token::Any);
        }
        tokens
    }
}

/// The letters and figures of a sign: decomposed and without their marks, so that it does not matter who composes and in
/// which order, and in small letters.
fn read(c: char, soft: bool, into: &mut Vec<Token>) {
    decompose_compatible(c, |part| {
        let is_read = |c: &char| c.is_alphanumeric() && canonical_combining_class(*c) == 0;
        for small in part.to_lowercase().filter(is_read) {
            into.push(if soft { Token::Soft(small) } else { Token::Hard(small) });
        }
    });
}

macro_rules! patterns {
    ($($name:ident = $pattern:literal;)+) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new($pattern).expect("BUG: the pattern is fixed and tests use it")
        });)+
    };
}

patterns! {
    // `&copy;` becomes ©, `&#65;` becomes A; some read them without the semicolon too.
    ENTITY = r"&#?[\p{Alphabetic}\d]+;?";
    // What stands beside one may have become an address or a name with it.
    ENTITIES = r"\S*&#?[\p{Alphabetic}\d]+;?\S*";
    // `:smile:` becomes a sign or a picture; marks between the two are taken off first.
    CODE = r":[\w+\-\\*~:]+:";
    // Signs that servers replace by pictures though they hold letters (№, ℹ), and a figure in a box.
    PICTURE = r"[\p{So}ℹ]|\w[\x{fe0f}\x{20e3}]+";
    // Addresses, and what people write as one: `example.org/a`.
    ADDRESS = r"(?i)[a-z][a-z\d+.\-]*[\\*_~`]*:\S+|\S*[\p{Alphabetic}\d][\\*_~`]*\.[\\*_~`]*\p{Alphabetic}\S*";
    // `@awa@example.org` is shown as `@awa`, or by a name.
    MENTION = r"\S*@\S+|!\w\S*";
    // The number of a list, within quotes and other lists too.
    NUMBER = r"(?m)^(?P<soft>(?:[\s>*+:\-]|\d{1,9}[.)])*)";
    // What stands behind the fence of code.
    FENCE = r"(?m)^(?:[\s>*+:\-]|\d{1,9}[.)])*(?:```|~~~)(?P<soft>.*)$";
    // (c), (r), (tm) and 9x9 become signs.
    SIGN = r"(?i)\([\\*_~]*(?:c|r|p|tm)[\\*_~]*\)";
    TIMES = r"\d[\\*_~]*(?P<soft>[xX])";
    // A table drops the cells that have no column.
    TABLE = r"(?m)^[\s>*+|:\-\d.)]*-[\s|:\-]*$";
    ROW = r"(?m)^.*\|.*$";
    // What stands between braces belongs to whoever reads them.
    BRACES = r"\{[^{}]*\}";
    // A mark of BBCode, and what stands between two of them.
    BBCODE = r"(?s)\[\w+[^\]]*\].*\[/\w+\]";
    // A tag: some drop what stands between two of them as well, some everything behind a `<` that nobody closes.
    TAG = r"(?s)(?:<|&lt).*$";
}

/// A text in the form that is read: composed, with one kind of line end, without the signs that nobody sees.
fn prepared(text: &str) -> String {
    let composed: String = text.nfc().filter(|c| !super::is_unseen(*c)).collect();
    composed.replace("\r\n", "\n").replace('\r', "\n")
}

/// What was written, as a network keeps it that keeps sources.
pub(super) fn wrote_for_source(text: &str) -> Vec<Token> {
    let text = prepared(text);
    let mut marked = Marked::new(&text);
    codes(&mut marked);
    marked.tokens()
}

/// What was written, for anything that a renderer may take it for.
pub(super) fn wrote_for_rendering(text: &str) -> Vec<Token> {
    let text = prepared(text);
    let mut marked = Marked::new(&text);
    codes(&mut marked);
    let all = [&ENTITIES, &ADDRESS, &MENTION, &NUMBER, &FENCE, &SIGN, &TIMES, &BRACES, &BBCODE, &TAG];
    for pattern in all {
        marked.all(pattern);
    }
    if text.contains('|') && TABLE.is_match(&text) {
        marked.all(&ROW);
    }
    smileys(&mut marked);
    brackets(&mut marked);
    marked.tokens()
}

/// Entities and the codes of emoji: read by servers that keep sources, too.
fn codes(marked: &mut Marked<'_>) {
    for found in ENTITY.find_iter(marked.text) {
        marked.any[found.start()] = true;
    }
    for pattern in [&ENTITY, &CODE, &PICTURE] {
        marked.all(pattern);
    }
}

/// `:-D`, `8)`, `:P`: short words of signs, with a letter for the mouth or a figure for the eyes.
fn smileys(marked: &mut Marked<'_>) {
    let text = marked.text;
    for word in text.split_whitespace() {
        let is_face = word.chars().count() <= 4
            && word.contains([':', ';', '=', '8'])
            && word.contains(|c: char| !c.is_alphanumeric())
            && word.chars().all(|c| !c.is_alphanumeric() || "dpoxscbt83".contains(c.to_ascii_lowercase()));
        if is_face {
            let from = word.as_ptr().addr() - text.as_ptr().addr();
            marked.soften(from, from + word.len());
        }
    }
}

/// `[words](address "title")`, `![alt](address)`, `[words][name]`, `[^1]`, `[name]: address`.
fn brackets(marked: &mut Marked<'_>) {
    let text = marked.text;
    let bytes = text.as_bytes();
    let mut open: Vec<usize> = Vec::new();
    let mut found = Vec::new();
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'[' => open.push(at),
            b']' => {
                let Some(from) = open.pop() else { continue };
                found.push((from, at));
                match bytes.get(at + 1) {
                    Some(b'(') => found.push((at + 1, closing(marked.text, at + 1))),
                    // A note stands at the end, wherever it was written.
                    Some(b':') if bytes[from + 1] == b'^' => {
                        found.push((at + 1, bytes.len()));
                        marked.any[bytes.len()] = true;
                    }
                    // The definition of a link stands nowhere.
                    Some(b':') => found.push((at + 1, paragraph(marked.text, at + 1))),
                    _ => {}
                }
            }
            _ => {}
        }
    }
    for (from, to) in found {
        marked.soften(from, to);
    }
}

/// Where the paragraph ends in which `from` stands.
fn paragraph(text: &str, from: usize) -> usize {
    text[from..].find("\n\n").map_or(text.len(), |end| from + end)
}

/// Where the last round bracket stands that may close the one at `from`: an address and a title may hold some.
fn closing(text: &str, from: usize) -> usize {
    let end = paragraph(text, from);
    text[from..end].rfind(')').map_or(end, |at| from + at)
}

/// A plain text that a network gives.
pub(super) fn shown_as_text(text: &str) -> Vec<Token> {
    let text = prepared(&html::decoded(text));
    let mut marked = Marked::new(&text);
    codes(&mut marked);
    marked.tokens()
}

/// A plain text in which the network has put other links and other names.
pub(super) fn shown_as_links(text: &str) -> Vec<Token> {
    let text = prepared(&html::decoded(text));
    let mut marked = Marked::new(&text);
    codes(&mut marked);
    marked.all(&ADDRESS);
    marked.all(&MENTION);
    marked.tokens()
}

/// The words of HTML. What stands in a link, in a note or in a caption may be of the renderer's own making.
pub(super) fn shown_as_html(html: &str) -> Vec<Token> {
    let pieces = html::pieces(html);
    let pieces: Vec<Piece> =
        pieces.into_iter().map(|piece| Piece { text: prepared(&piece.text), ..piece }).collect();
    let whole: String = pieces.iter().map(|piece| piece.text.as_str()).collect();
    let mut marked = Marked::new(&whole);
    codes(&mut marked);
    for pattern in [&ADDRESS, &MENTION] {
        marked.all(pattern);
    }
    let mut at = 0;
    for piece in &pieces {
        let end = at + piece.text.len();
        if piece.is_soft {
            marked.soften(at, end);
        }
        at = end;
    }
    marked.tokens()
}
