//! Addresses that were written into a text on purpose, and those that only stand in it.

use std::ops::Range;

use crate::network::NetworkId;
use crate::text::parts::parts;

/// `address` as it can stand inside brackets and quotes without ending them; nothing where it leads to no page.
pub(super) fn safe(address: &str) -> Option<String> {
    let lower = address.to_ascii_lowercase();
    let bare = lower.strip_prefix("https://").or_else(|| lower.strip_prefix("http://"))?;
    if bare.is_empty() {
        return None;
    }
    let mut out = String::with_capacity(address.len());
    for c in address.chars() {
        match c {
            '[' => out.push_str("%5B"),
            ']' => out.push_str("%5D"),
            '"' => out.push_str("%22"),
            '\'' => out.push_str("%27"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            c if c.is_control() => {}
            c if c.is_whitespace() => out.push_str("%20"),
            c => out.push(c),
        }
    }
    Some(out)
}

/// The places of `text` that are an address, a hashtag or somebody's name.
pub(super) fn whole(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> =
        parts(text, NetworkId::X).into_iter().map(|part| part.start..part.end).collect();
    // Also those whose ending no list of domains knows.
    for (start, _) in text.match_indices("://") {
        let end = text[start..].find(char::is_whitespace).map_or(text.len(), |length| start + length);
        let run = &text[start..end];
        // The bracket that closes `[words](address)` is none of the address's own.
        let length = run.find(')').filter(|close| !run[..*close].contains('(')).unwrap_or(run.len());
        found.push(start..start + length);
    }
    found
}

/// The same without the signs at their ends, which can be marks: within, stars and low lines never are.
pub(super) fn within(text: &str, whole: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut found = whole.to_vec();
    for range in &mut found {
        // `**https://example.org**`: the marks at the end are the person's.
        let kept = text[range.clone()].trim_end_matches(|c: char| c.is_ascii_punctuation() && c != '/');
        range.end = range.start + kept.len();
    }
    found
}
