//! What a person wrote as it is sent: without what no keyboard types.
//!
//! Texts that were pasted from a word processor, a web page or a file hold other ends of lines than a line break, the
//! mark of byte order at their start, and control characters. A network shows these as boxes, or refuses them.

use std::borrow::Cow;

/// `text` with line breaks for the line and paragraph separators, vertical tabs and form feeds of other programs, and
/// without marks of byte order at its start and other control characters.
#[must_use]
pub fn cleaned(text: &str) -> Cow<'_, str> {
    // Control characters before the mark of byte order are gone with it.
    let bare = text.trim_start_matches(|c| c == '\u{FEFF}' || instead(c).is_none());
    if !bare.chars().any(|c| instead(c) != Some(c)) && !bare.contains('\r') {
        return Cow::Borrowed(bare);
    }
    let mut out = String::with_capacity(bare.len());
    let mut chars = bare.chars().peekable();
    while let Some(c) = chars.next() {
        // Before a line break it belongs to that; alone it is one, as old programs write it.
        let is_break = c == '\r' && chars.peek() != Some(&'\n');
        out.extend(if is_break { Some('\n') } else { instead(c) });
    }
    Cow::Owned(out)
}

fn instead(c: char) -> Option<char> {
    match c {
        '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        '\n' | '\t' | '\r' => Some(c),
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// `text` for a terminal: without control characters but tabs and line breaks, which would steer it, and without the marks
/// that turn the order of what follows, which would show another text than there is. Texts of servers and names of files
/// are a stranger's.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    let steers = |c: char| {
        let turns = matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
        turns || (c.is_control() && !matches!(c, '\n' | '\t'))
    };
    if text.contains(steers) { Cow::Owned(text.replace(steers, "")) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn separators_of_other_programs_are_line_breaks_and_control_characters_are_gone() {
        for (written, sent) in [
            ("\u{FEFF}Bonjour", "Bonjour"),
            ("\u{FEFF}\u{FEFF}x\u{FEFF}y", "x\u{FEFF}y"),
            ("a\u{2028}b\u{2029}c\u{B}d\u{C}e\u{85}f", "a\nb\nc\nd\ne\nf"),
            ("a\rb\r\nc", "a\nb\r\nc"),
            ("a\u{0}b\u{1B}[1mc\u{7F}\u{9F}", "ab[1mc"),
            ("\tun\u{A0}: ‏مرحبا‎ 👩🏿‍🌾 ߒߞߏ", "\tun\u{A0}: ‏مرحبا‎ 👩🏿‍🌾 ߒߞߏ"),
            ("", ""),
        ] {
            assert_eq!(cleaned(written), sent, "{written:?}");
        }
    }

    #[test]
    fn nothing_steers_a_terminal() {
        for (text, seen) in [
            ("\u{1B}]0;title\u{7}hi\u{1B}[2J", "]0;titlehi[2J"),
            ("photo\u{202E}gpj.exe", "photogpj.exe"),
            ("a\r\u{9B}31mb\u{2066}c\u{2069}", "a31mbc"),
            ("un\n\tdeux مرحبا\u{200F} 👩🏿‍🌾", "un\n\tdeux مرحبا\u{200F} 👩🏿‍🌾"),
        ] {
            assert_eq!(shown(text), seen, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_keyboards_type_is_sent_as_it_is(text in "[\\PC\n\t&&[^\u{85}\u{2028}\u{2029}\u{FEFF}]]{0,40}") {
            prop_assert_eq!(cleaned(&text), text.as_str());
        }

        #[test]
        fn nothing_is_left_to_clean(text in "([\u{0}-\u{9F}\u{2027}-\u{202A}\u{FEFF}]|\\PC){0,40}") {
            let once = cleaned(&text).into_owned();
            prop_assert_eq!(cleaned(&once), once.clone());
            prop_assert!(once.chars().all(|c| !c.is_control() || "\n\t\r".contains(c)));
        }
    }
}
