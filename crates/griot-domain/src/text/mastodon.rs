//! Length as a Mastodon server counts it.
//!
//! The warning and the text add up, in grapheme clusters; a link with a scheme counts a fixed length and a mention
//! of somebody on another server counts without the server.

use std::sync::OnceLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::saturating;
use super::x::{self, Tails};

/// The longest name of a server that is one.
const MAX_SERVER: usize = 253;

/// Length of `spoiler` and `text` together, where each link counts `link_length`.
#[must_use]
pub fn length(text: &str, spoiler: &str, link_length: u32) -> u32 {
    let links = x::urls(text, Tails::Mastodon);
    let names = mentions(text);
    let mut counted = String::with_capacity(text.len());
    let (mut at, mut fixed) = (0, 0_u32);
    // A link that starts first swallows what looks like a mention in it.
    let mut parts: Vec<(usize, usize, Option<&str>)> =
        links.iter().map(|link| (link.start, link.end, None)).collect();
    parts.extend(names.iter().map(|mention| (mention.start, mention.end, Some(mention.name))));
    parts.sort_by_key(|part| part.0);
    for (start, end, name) in parts {
        if start < at {
            continue;
        }
        counted.push_str(&text[at..start]);
        match name {
            Some(name) => counted.push_str(name),
            // One letter holds the link's place, so that its neighbours do not melt together.
            None => {
                counted.push('x');
                fixed = fixed.saturating_add(link_length).saturating_sub(1);
            }
        }
        at = end;
    }
    counted.push_str(&text[at..]);
    let graphemes = format!("{spoiler}{counted}").graphemes(true).count();
    saturating(graphemes).saturating_add(fixed)
}

/// Somebody who is named in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Where the sign stands, in bytes.
    pub start: usize,
    /// Where the mention ends, in bytes, exclusive.
    pub end: usize,
    /// `@name`, without a server.
    pub name: &'a str,
}

/// The mentions of `text`, in order.
#[must_use]
pub fn mentions(text: &str) -> Vec<Mention<'_>> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        let name = r"[A-Za-z0-9_]+(?:[A-Za-z0-9_.\-]+[A-Za-z0-9_]+)?";
        Regex::new(&format!(r"(?P<name>@{name})(?:@(?P<server>[\w.\-]*\w))?"))
            .expect("BUG: the pattern is fixed and every test compiles it")
    });
    let found = pattern.captures_iter(text).filter_map(|parts| {
        let (whole, name) = (parts.get(0)?, parts.name("name")?);
        let server = parts.name("server").map_or(0, |server| server.as_str().chars().count());
        let before = text[..whole.start()].chars().next_back();
        let free = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '=' | '/' | '_'));
        let ends = !x::goes_on(&text[whole.end()..]);
        (free && ends && server <= MAX_SERVER).then_some(Mention {
            start: whole.start(),
            end: whole.end(),
            name: name.as_str(),
        })
    });
    found.collect()
}
