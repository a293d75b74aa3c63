//! How servers differ that speak the same interface: what they make of a text, where they tell what was written, and how
//! long a new post takes until their lists have it.
//!
//! A test sets them, for as long as it likes; without, a server is as plain as it can be. Deliberately absent: trouble on
//! the line, which is the gate's.

use unicode_normalization::UnicodeNormalization;

use crate::rendering::Rendering;

/// Where a server tells a text as it was written, beside what it made of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Source {
    /// At an address of its own alone, as Mastodon does.
    #[default]
    ByAddress,
    /// In the post as well.
    InThePost,
    /// Nowhere.
    Nowhere,
}

/// What a server makes of what it is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Manners {
    /// How it shows texts, where it shows HTML.
    pub rendering: Rendering,
    /// Where it tells what was written.
    pub source: Source,
    /// Whether an author may ask it for plain text, and is told so (`supported_mime_types`).
    pub takes_formats: bool,
    /// Whether it keeps texts tidied ([`tidied`]) and not as they came.
    pub tidies: bool,
    /// Whether it shows a page that a text links to as if it had been attached.
    pub unfurls: bool,
    /// For so many milliseconds a new post is in no list. Its own number finds it at once.
    pub lists_after_ms: i64,
}

/// A text as tidy servers keep it: composed (NFC), `\n` alone between lines, plain blanks, no two of them in a row, none
/// at an end, nothing that nobody sees.
#[must_use]
pub fn tidied(text: &str) -> String {
    let lines = text.replace("\r\n", "\n").replace(['\r', '\u{2028}', '\u{2029}', '\u{b}'], "\n");
    let seen: String = lines.nfc().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}')).collect();
    let blank = |c: char| c == '\t' || (c.is_whitespace() && c != '\n') || c == ' ';
    let line = |line: &str| line.split(blank).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    seen.split('\n').map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
}

impl Manners {
    /// What is kept of a text.
    #[must_use]
    pub fn kept(&self, text: &str) -> String {
        if self.tidies { tidied(text) } else { text.to_owned() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tidy_server_keeps_the_words_and_nothing_that_nobody_sees() {
        for (came, kept) in [
            (" deux\r\nlignes  et\u{a0}: plus ", "deux\nlignes et : plus"),
            ("e\u{301}te\u{301}\u{2028}suite\u{200b}", "été\nsuite"),
            ("ߒߞߏ\tet العربية", "ߒߞߏ et العربية"),
            ("un\n\n\ndeux", "un\n\n\ndeux"),
        ] {
            assert_eq!(tidied(came), kept, "{came:?}");
            assert_eq!(tidied(kept), kept, "twice is once");
        }
        assert_eq!(Manners::default().kept(" as  it came "), " as  it came ");
    }
}
