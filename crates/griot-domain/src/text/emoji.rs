//! Where an emoji begins and ends: sequences with joiners, skin tones, flags, keycaps and tags are one.
//!
//! Only the sequences that Unicode recommends are one emoji, because that is what networks recognise: an
//! unknown one falls apart into its code points, as it does on their screens.

use std::collections::HashMap;
use std::sync::OnceLock;

/// Asks for the coloured picture.
const PICTURE: char = '\u{FE0F}';
/// Asks for the black and white sign.
const SIGN: char = '\u{FE0E}';
const KEYCAP: char = '\u{20E3}';
/// Signs that are everyday text until a picture is asked for.
const TEXT_UNTIL_ASKED: [char; 4] = ['\u{A9}', '\u{AE}', '\u{2122}', '\u{265F}'];
/// "Eye in speech bubble", which keyboards write without its two variation selectors.
const BARE_WITNESS: &str = "\u{1F441}\u{200D}\u{1F5E8}";

/// Emoji by their first code point, the longest first.
fn by_first() -> &'static HashMap<char, Vec<String>> {
    static TABLE: OnceLock<HashMap<char, Vec<String>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<char, Vec<String>> = HashMap::new();
        let listed = emojis::iter().flat_map(|e| {
            let tones = e.skin_tones().into_iter().flatten();
            std::iter::once(e.as_str()).chain(tones.map(emojis::Emoji::as_str))
        });
        for emoji in listed.chain([BARE_WITNESS]) {
            for written in spellings(emoji) {
                let Some(first) = written.chars().next() else { continue };
                let known = table.entry(first).or_default();
                if !known.contains(&written) {
                    known.push(written);
                }
            }
        }
        for known in table.values_mut() {
            known.sort_by_key(|written| std::cmp::Reverse(written.len()));
        }
        table
    })
}

/// The ways in which one emoji is written: with the selector in a keycap or without, and with a selector
/// between a hand and its skin tone.
fn spellings(emoji: &str) -> Vec<String> {
    let mut all = vec![emoji.to_owned()];
    let chars: Vec<char> = emoji.chars().collect();
    match chars[..] {
        [key, PICTURE, KEYCAP] => all.push([key, KEYCAP].iter().collect()),
        [base, PICTURE] if !base.is_ascii() && !TEXT_UNTIL_ASKED.contains(&base) => {
            all.push(base.to_string())
        }
        [base, tone] if is_skin_tone(tone) => all.push([base, PICTURE, tone].iter().collect()),
        _ => {}
    }
    all
}

fn is_skin_tone(c: char) -> bool {
    ('\u{1F3FB}'..='\u{1F3FF}').contains(&c)
}

/// Length in bytes of the emoji that `text` starts with.
#[must_use]
pub fn leading(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    if first.is_ascii_alphabetic() {
        return None;
    }
    let found = by_first().get(&first)?.iter().find(|known| text.starts_with(known.as_str()))?;
    let single = found.chars().nth(1).is_none();
    // A lone sign that is asked for in black and white is text.
    if single && text[found.len()..].starts_with(SIGN) { None } else { Some(found.len()) }
}

/// `text` cut into emoji (`true`) and single code points (`false`).
pub fn pieces(text: &str) -> impl Iterator<Item = (&str, bool)> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let emoji = leading(rest);
        let (piece, after) = rest.split_at(emoji.unwrap_or(first.len_utf8()));
        rest = after;
        Some((piece, emoji.is_some()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_are_one_and_what_is_unknown_falls_apart() {
        let cases: &[(&str, &[usize])] = &[
            ("👨\u{200D}👩\u{200D}👧\u{200D}👦a", &[7, 0]),
            ("🙋🏽", &[2]),
            ("☝\u{FE0F}🏽", &[3]),
            ("🇲🇱🇲🇱", &[2, 2]),
            ("1\u{20E3}1\u{FE0F}\u{20E3}1", &[2, 3, 0]),
            ("🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}", &[7]),
            ("☺", &[1]),
            ("☺\u{FE0E}", &[0, 0]),
            ("©", &[0]),
            ("©\u{FE0F}", &[2]),
            ("👨\u{200D}👨", &[1, 0, 1]),
        ];
        for (text, expected) in cases {
            let got: Vec<usize> =
                pieces(text).map(|(p, emoji)| if emoji { p.chars().count() } else { 0 }).collect();
            assert_eq!(&got, expected, "{text}");
        }
    }
}
