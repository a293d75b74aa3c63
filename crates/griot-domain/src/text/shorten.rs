//! A text made to fit: its beginning up to the end of a word, then an ellipsis.
//!
//! It never cuts a link, a hashtag or a name, and never what is seen as one letter. Deliberately absent: which words
//! matter; only the person knows.

use unicode_segmentation::UnicodeSegmentation;

use super::parts::Part;

/// The longest beginning of `text` that `fits`, with an ellipsis; nothing where not even a first word or letter does.
/// `parts` are the parts of `text` that stay whole.
#[must_use]
pub fn shorten(text: &str, parts: &[Part], fits: impl Fn(&str) -> bool) -> Option<String> {
    longest(text, parts, &word_ends(text, parts), &fits)
        .or_else(|| longest(text, parts, &letter_ends(text, parts), &fits))
}

/// Whether [`shorten`] finds something, told by the first word alone.
#[must_use]
pub fn can_shorten(text: &str, parts: impl Fn(&str) -> Vec<Part>, fits: impl Fn(&str) -> bool) -> bool {
    /// More than any first word; a longer one is cut within.
    const WORD: usize = 5000;
    let start = text.len() - text.trim_start().len();
    let word = text[start..].split(char::is_whitespace).next().unwrap_or_default();
    let head = &text[..text.floor_char_boundary((start + word.len()).min(start + WORD))];
    let parts = parts(head);
    let first_letter = letter_ends(head, &parts).into_iter().take(1);
    [head.len()]
        .into_iter()
        .chain(first_letter)
        .any(|end| cut(head, &parts, end).is_some_and(|cut| fits(&cut)))
}

/// Looks forward in growing steps and then between the last two, because what fits is usually a small part of a
/// long text and counting takes long.
fn longest(text: &str, parts: &[Part], ends: &[usize], fits: &impl Fn(&str) -> bool) -> Option<String> {
    let good = |place: usize| cut(text, parts, *ends.get(place)?).filter(|cut| fits(cut));
    let mut best = good(0)?;
    let (mut low, mut high, mut step) = (0, ends.len(), 1);
    while low + 1 < high {
        let place = if step > 0 { (low + step).min(high - 1) } else { usize::midpoint(low, high) };
        match good(place) {
            Some(cut) => {
                (best, low) = (cut, place);
                step *= 2;
            }
            None => (high, step) = (place, 0),
        }
    }
    Some(best)
}

fn within(parts: &[Part], at: usize) -> bool {
    let next = parts.partition_point(|part| part.end <= at);
    parts.get(next).is_some_and(|part| part.start < at)
}

fn word_ends(text: &str, parts: &[Part]) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut before = ' ';
    for (at, c) in text.char_indices() {
        if c.is_whitespace() && !before.is_whitespace() && !within(parts, at) {
            ends.push(at);
        }
        before = c;
    }
    ends
}

fn letter_ends(text: &str, parts: &[Part]) -> Vec<usize> {
    let ends = text.grapheme_indices(true).map(|(at, letter)| at + letter.len());
    ends.filter(|at| !within(parts, *at)).collect()
}

/// The text up to `end`, without the signs that lead on to what is missing, and an ellipsis. After a link, a tag, a
/// name or a full sentence it stands apart.
fn cut(text: &str, parts: &[Part], end: usize) -> Option<String> {
    let last = parts.partition_point(|part| part.end <= end);
    let whole = last.checked_sub(1).map_or(0, |last| parts[last].end);
    let lead_on = |c: char| c.is_whitespace() || ",;:-–—([{«“".contains(c);
    let kept = whole + text[whole..end].trim_end_matches(lead_on).len();
    let kept = &text[..kept];
    if kept.trim().is_empty() {
        return None;
    }
    let apart = (whole > 0 && kept.len() == whole) || kept.ends_with(['.', '!', '?']);
    Some(if kept.ends_with('…') {
        kept.to_owned()
    } else {
        format!("{kept}{}", if apart { " …" } else { "…" })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkId;
    use crate::text::parts::parts;

    fn check(text: &str, most: usize, expected: Option<&str>) {
        let network = NetworkId::Bluesky;
        let fits = |cut: &str| cut.graphemes(true).count() <= most;
        let short = shorten(text, &parts(text, network), fits);
        assert_eq!(short.as_deref(), expected, "{text}");
        assert_eq!(can_shorten(text, |t| parts(t, network), fits), expected.is_some(), "{text}");
    }

    #[test]
    fn a_text_ends_after_a_word_and_never_within_a_link() {
        check("Bonjour Bamako, bonjour Ségou", 16, Some("Bonjour Bamako…"));
        check("Bonjour Bamako, bonjour Ségou", 14, Some("Bonjour…"));
        check("Bonjour Bamako. Bonjour Ségou", 17, Some("Bonjour Bamako. …"));
        check("Lire https://exemple.com/long ici", 31, Some("Lire https://exemple.com/long …"));
        check("Lire https://exemple.com/long ici", 30, Some("Lire…"));
        check("https://exemple.com/long ici", 10, None);
        check("Anticonstitutionnellement", 6, Some("Antic…"));
        check("👩‍👩‍👧👩‍👩‍👧👩‍👩‍👧", 2, Some("👩‍👩‍👧…"));
        check("  mot suivant", 6, Some("  mot…"));
        check("Fin… et suite", 5, Some("Fin…"));
        check("un deux", 0, None);
    }

    #[test]
    fn of_all_beginnings_the_longest_is_kept() {
        let text = (0..2000).map(|n| format!("mot{n}")).collect::<Vec<_>>().join(" ");
        for most in [5, 40, 280, 3000] {
            let short = shorten(&text, &[], |cut| cut.chars().count() <= most).expect("words fit");
            let words = short.trim_end_matches('…').split(' ').count();
            let next = text.split(' ').take(words + 1).collect::<Vec<_>>().join(" ");
            assert!(short.chars().count() <= most && next.chars().count() + 1 > most, "{most}: {short}");
        }
    }
}
