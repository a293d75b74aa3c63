//! Text as X reads it: weights, links, hashtags, mentions and cashtags of twitter-text, version 3 of its
//! configuration.
//!
//! Deliberately absent: turning text into HTML, and the length rules before version 3.

use crate::text::emoji;

mod marks;
mod urls;

pub(in crate::text) use marks::goes_on;
pub use marks::{Cashtag, Hashtag, Mention, cashtags, hashtags, hashtags_beside, mentions};
pub use urls::{Link, Tails, urls};

/// What one code point weighs where the ranges say nothing, in hundredths.
const DEFAULT_WEIGHT: u32 = 200;
/// What the code points of the light ranges weigh, in hundredths.
const LIGHT_WEIGHT: u32 = 100;
/// One unit of length.
const SCALE: u32 = 100;

/// How long a text is on X.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Weight {
    /// Weighted length.
    pub length: u32,
    /// Whether it can be posted: not empty, within the limit, no forbidden character.
    pub valid: bool,
    /// Thousandths of the limit that are used.
    pub permillage: u32,
    /// The bytes from the start that can be posted.
    pub fits: usize,
}

/// Weighs `text`, which must be NFC, against `max`; each link weighs `link_length`.
#[must_use]
pub fn weigh(text: &str, max: u32, link_length: u32) -> Weight {
    let links = urls(text, Tails::X);
    let mut links = links.iter().peekable();
    let (mut at, mut sum, mut fits, mut clean) = (0, 0_u64, 0, true);
    while let Some(first) = text[at..].chars().next() {
        if let Some(link) = links.next_if(|link| link.start == at) {
            sum += u64::from(link_length * SCALE);
            at = link.end;
        } else if let Some(length) = emoji::leading(&text[at..]) {
            sum += u64::from(DEFAULT_WEIGHT);
            at += length;
        } else {
            clean &= !is_forbidden(first);
            sum += u64::from(weight(first));
            at += first.len_utf8();
        }
        if clean && sum <= u64::from(max) * u64::from(SCALE) {
            fits = at;
        }
    }
    let length = u32::try_from(sum / u64::from(SCALE)).unwrap_or(u32::MAX);
    let permillage = u64::from(length) * 1000 / u64::from(max.max(1));
    Weight {
        length,
        valid: clean && length > 0 && length <= max,
        permillage: u32::try_from(permillage).unwrap_or(u32::MAX),
        fits,
    }
}

/// Whether X refuses every text with this character: marks of byte order and "not a character".
#[must_use]
pub fn is_forbidden(c: char) -> bool {
    matches!(c, '\u{FFFE}' | '\u{FEFF}' | '\u{FFFF}')
}

/// Latin and most alphabets, spaces and joiners, dashes and quotes, primes: the light ranges of version 3.
fn weight(c: char) -> u32 {
    match u32::from(c) {
        0..=0x10FF | 0x2000..=0x200D | 0x2010..=0x201F | 0x2032..=0x2037 => LIGHT_WEIGHT,
        _ => DEFAULT_WEIGHT,
    }
}

/// Marks of writing direction: they may stand before a link and never within its host.
fn is_directional(c: char) -> bool {
    matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// What X takes for a space.
fn is_space(c: char) -> bool {
    c.is_whitespace() || c == '\u{180E}'
}

/// Latin letters with accents, as a part of a regex class. The signs for "times" and "divided by" are not letters.
const ACCENTS: &str = r"\x{C0}-\x{D6}\x{D8}-\x{F6}\x{F8}-\x{24F}\x{253}\x{254}\x{256}\x{257}\x{259}\x{25B}\x{263}\x{268}\x{26F}\x{272}\x{289}\x{28B}\x{2BB}\x{300}-\x{36F}\x{1E00}-\x{1EFF}";

/// Whether `c` is one of [`ACCENTS`].
fn is_accented(c: char) -> bool {
    match u32::from(c) {
        0xD7 | 0xF7 => false,
        0xC0..=0x24F | 0x253 | 0x254 | 0x256 | 0x257 | 0x259 | 0x25B | 0x263 | 0x268 | 0x26F | 0x272 => true,
        0x289 | 0x28B | 0x2BB | 0x300..=0x36F | 0x1E00..=0x1EFF => true,
        _ => false,
    }
}

#[cfg(test)]
mod tests;
