//! Text as each network counts and links it.
//!
//! Pure functions over one text. Deliberately absent: what to say about a text that is too long (verdicts)
//! and looking anything up (whether a mentioned handle exists is asked of the network).

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use crate::rules::{TextRules, Unit};

mod cleaned;
pub mod emoji;
mod fold;
pub mod handle;
pub mod links;
pub mod mastodon;
pub mod parts;
pub mod pasted;
pub mod shorten;
pub mod tld;
pub mod x;

pub use cleaned::{cleaned, shown};
pub use fold::fold;

/// What a link counts on X, and on Mastodon unless the server says otherwise.
pub const LINK_LENGTH: u32 = 23;

/// How long a text is, for one network.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Count {
    /// What is used.
    pub used: u32,
    /// What is allowed; nothing where no limit is known.
    pub max: Option<u32>,
    /// What it is counted in.
    pub unit: Unit,
    /// How much is too much; 0 when it fits.
    pub over: u32,
}

/// What counts beside the text itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counting<'a> {
    /// Whether the post has media: some networks allow less text then.
    pub has_media: bool,
    /// The warning before the text; it counts with the text on Mastodon.
    pub spoiler: &'a str,
    /// What a link counts, where links count a fixed length.
    pub link_length: u32,
}

impl Default for Counting<'_> {
    fn default() -> Self {
        Self { has_media: false, spoiler: "", link_length: LINK_LENGTH }
    }
}

/// The text as it is counted and sent: NFC, which X demands and no network minds.
#[must_use]
pub fn normalise(text: &str) -> String {
    text.nfc().collect()
}

/// How long `text` is in `unit`.
#[must_use]
pub fn length(text: &str, unit: Unit, counting: &Counting<'_>) -> u32 {
    let text = normalise(text);
    let length = match unit {
        Unit::XWeighted => return x::weigh(&text, u32::MAX, counting.link_length).length,
        Unit::Mastodon => return mastodon::length(&text, counting.spoiler, counting.link_length),
        Unit::Graphemes => text.graphemes(true).count(),
        Unit::Threads => {
            emoji::pieces(&text).map(|(piece, is_emoji)| if is_emoji { piece.len() } else { 1 }).sum()
        }
        Unit::Utf16 => text.encode_utf16().count(),
        Unit::Chars => text.chars().count(),
        Unit::Bytes => text.len(),
    };
    saturating(length)
}

/// Counts `text` against `rules`. Where a second limit in bytes is what the text breaks, the count is in bytes.
#[must_use]
pub fn count(text: &str, rules: &TextRules, counting: &Counting<'_>) -> Count {
    let max = if counting.has_media { rules.max_with_media.or(rules.max) } else { rules.max };
    let first = counted(length(text, rules.unit, counting), max, rules.unit);
    if first.over > 0 || rules.max_bytes.is_none() {
        return first;
    }
    let bytes = counted(length(text, Unit::Bytes, counting), rules.max_bytes, Unit::Bytes);
    if bytes.over > 0 { bytes } else { first }
}

fn counted(used: u32, max: Option<u32>, unit: Unit) -> Count {
    Count { used, max, unit, over: max.map_or(0, |max| used.saturating_sub(max)) }
}

fn saturating(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
