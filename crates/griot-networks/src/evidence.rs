//! Is this our text? What a network gives back, held against what was written.
//!
//! Like is compared with like: a source with a source. Where a network gives only its rendering, the answer is
//! "different" only where nothing that a renderer does could explain the difference (`reading`); what it might explain
//! "cannot be told", and is never taken for an absence. Deliberately absent: anything that is shown to a person.

mod html;
mod reading;

use unicode_normalization::UnicodeNormalization;

pub(crate) use html::to_text;
use reading::{
    could_be, shown_as_html, shown_as_links, shown_as_text, wrote_for_rendering, wrote_for_source,
};

/// What a comparison says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Likeness {
    /// It is the same text.
    Same,
    /// It is another text.
    Different,
    /// It may be the same text, made into something else on the way.
    CannotTell,
}

impl Likeness {
    /// What follows from two parts of the same post.
    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::Different, _) | (_, Self::Different) => Self::Different,
            (Self::Same, Self::Same) => Self::Same,
            _ => Self::CannotTell,
        }
    }

    /// What follows where the network may have kept either of two forms of the text: the better of both.
    pub(crate) fn or_else(self, other: impl FnOnce() -> Self) -> Self {
        match (self, if self == Self::Same { self } else { other() }) {
            (_, Self::Same) => Self::Same,
            (Self::CannotTell, _) | (_, Self::CannotTell) => Self::CannotTell,
            _ => Self::Different,
        }
    }

    /// What follows from a fact beside the words (the number of media, the post that is answered).
    pub(crate) fn provided(self, fact: bool) -> Self {
        if fact { self } else { Self::Different }
    }
}

/// What was written against what the network keeps as its source: it may differ in blanks, in the way letters are
/// composed, and by entities and emoji codes.
pub(crate) fn source(wrote: &str, kept: &str) -> Likeness {
    judge(plain(wrote) == plain(kept), || could_be(&wrote_for_source(wrote), &shown_as_text(kept)))
}

/// The same for a text that is to be corrected: other blanks are another text, too, which a server may or may not keep.
pub(crate) fn correction(wanted: &str, kept: &str) -> Likeness {
    let lines = |text: &str| -> Vec<String> {
        let composed: String = text.trim().nfc().collect();
        composed.lines().map(|line| line.trim_end().to_owned()).collect()
    };
    judge(lines(wanted) == lines(kept), || source(wanted, kept) != Likeness::Different)
}

/// What was written in a plain field (a title, a warning) against the plain field that the network gives: some clean such
/// fields as if they were HTML.
pub(crate) fn field(wrote: &str, kept: &str) -> Likeness {
    judge(plain(wrote) == plain(kept), || {
        let shown = shown_as_text(kept);
        could_be(&wrote_for_source(wrote), &shown) || could_be(&wrote_for_rendering(wrote), &shown)
    })
}

/// What was written against a plain text in which the network has put other links and other signs.
pub(crate) fn relinked(wrote: &str, shown: &[String]) -> Likeness {
    let wanted = unlinked(wrote);
    judge(shown.iter().any(|form| unlinked(form) == wanted), || {
        let read = wrote_for_rendering(wrote);
        shown.iter().any(|form| could_be(&read, &shown_as_links(form)))
    })
}

/// What was written against the HTML that the network shows.
pub(crate) fn rendering(wrote: &str, html: &str) -> Likeness {
    judge(comparable(&to_text(html)) == comparable(wrote), || {
        could_be(&wrote_for_rendering(wrote), &shown_as_html(html))
    })
}

fn judge(same: bool, perhaps: impl FnOnce() -> bool) -> Likeness {
    match same {
        true => Likeness::Same,
        false if perhaps() => Likeness::CannotTell,
        false => Likeness::Different,
    }
}

/// Which of the posts that a list showed is ours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found<T> {
    /// None of them.
    None,
    /// This one, and no other.
    One(T),
    /// Nobody can say, for this reason.
    CannotTell(String),
}

/// Picks the one that is ours: exactly one that is the same. One that may be ours is never passed over as "none".
pub(crate) fn pick<T>(candidates: impl IntoIterator<Item = (T, Likeness)>) -> Found<T> {
    let (mut same, mut perhaps) = (Vec::new(), 0_usize);
    for (one, likeness) in candidates {
        match likeness {
            Likeness::Same => same.push(one),
            Likeness::CannotTell => perhaps += 1,
            Likeness::Different => {}
        }
    }
    match (same.len(), same.pop()) {
        (1, Some(one)) => Found::One(one),
        (0, _) if perhaps == 0 => Found::None,
        (0, _) => Found::CannotTell("a post that is there may be this one as the network shows it".into()),
        (many, _) => Found::CannotTell(format!("{many} posts look like this one")),
    }
}

/// Two texts are the same when their forms are equal: NFC, runs of blanks as one space, without the signs that nobody
/// sees.
fn plain(text: &str) -> String {
    let composed: String = text.nfc().filter(|c| !is_unseen(*c)).collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same, with `@user@host` as `@user`: servers show it so.
fn comparable(text: &str) -> String {
    plain(text).split(' ').map(html::without_host).collect::<Vec<_>>().join(" ")
}

/// The same, with addresses without their scheme and the slash at their end, and hosts in small letters.
fn unlinked(text: &str) -> String {
    comparable(text).split(' ').map(plain_links).collect::<Vec<_>>().join(" ")
}

/// A word with its addresses in the plain form.
fn plain_links(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some((at, length)) = scheme(rest) {
        out.push_str(&rest[..at]);
        rest = &rest[at + length..];
        let host = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        out.push_str(&rest[..host].to_lowercase());
        rest = &rest[host..];
    }
    out.push_str(rest);
    if out.contains('.') { out.trim_end_matches('/').to_owned() } else { out }
}

fn scheme(text: &str) -> Option<(usize, usize)> {
    let found = ["https://", "http://"].into_iter().filter_map(|s| text.find(s).map(|at| (at, s.len())));
    found.min()
}

/// Signs without a shape that servers drop or add: the soft hyphen, blanks of no width, marks of direction.
fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'
        | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod properties;
#[cfg(test)]
mod tests;
