//! What the characters beside a sign are: letters of a word, brackets that open and close, and what nobody sees.

use unicode_normalization::char::is_combining_mark;

/// Whether `c` belongs to a word, in any script: a sign beside it stands within the word.
pub(super) fn is_word(c: char) -> bool {
    // A selector or a keycap belongs to an emoji, and no emoji is a word.
    let of_emoji = matches!(c, '\u{FE0E}' | '\u{FE0F}' | '\u{20E3}');
    let joiner = matches!(c, '\u{200C}' | '\u{200D}');
    !of_emoji && (c.is_alphanumeric() || is_combining_mark(c) || is_accent(c) || joiner)
}

/// Whether `c` is an accent by itself: faces are drawn with them, and neither words nor marks begin or end there.
pub(super) fn is_accent(c: char) -> bool {
    matches!(c, '^' | '\u{A8}' | '\u{AF}' | '\u{B4}' | '\u{B8}' | '\u{2C2}'..='\u{2DF}')
}

/// Whether a sign between these is the nose or the mouth of a face: `-_-`, `=_=`, `>_<`.
pub(super) fn is_face(left: Option<char>, right: Option<char>) -> bool {
    match (left, right) {
        (Some('<'), Some('>')) | (Some('>'), Some('<')) => true,
        (Some(one), Some(other)) => one == other && "-=+'$@#;:<>|&%".contains(one),
        _ => false,
    }
}

/// Whether `c` is of a script that puts no blanks between words.
pub(super) fn unspaced(c: char) -> bool {
    matches!(
        u32::from(c),
        0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF | 0x3040..=0x30FF | 0x3400..=0x4DBF
            | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0xFF66..=0xFF9F | 0x20000..=0x3FFFF
    )
}

/// Marks of writing direction and their like: they have no width and are no part of a word.
pub(super) fn invisible(c: char) -> bool {
    matches!(
        c,
        '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}'
    )
}

/// Whether `c` opens a bracket or a quotation: no mark ends right behind it.
pub(super) fn opening(c: char) -> bool {
    "([{«“„‚‹¿¡（「『【《〈［｛".contains(c)
}

/// Whether `c` closes something or ends a part of a sentence: no mark begins right before it.
pub(super) fn closing(c: char) -> bool {
    ")]}»”›,;:!?）」』】》〉］｝，。、；：！？،؛؟።፣፤".contains(c)
}

/// Whether there is something in `words` that a mark would be about. One sign of each side around figures is a code to
/// dial or a sum (`*144*`, `2 *3* 4`); two are meant.
pub(super) fn is_marked(words: &str, width: usize) -> bool {
    let symbol = |c: char| !c.is_ascii() && !c.is_whitespace() && !c.is_numeric() && !is_punctuation(c);
    words.chars().any(|c| c.is_alphabetic() || symbol(c) || (width > 1 && c.is_numeric()))
}

fn is_punctuation(c: char) -> bool {
    opening(c)
        || closing(c)
        || invisible(c)
        || matches!(c, '\u{A1}'..='\u{BF}' | '\u{2010}'..='\u{205E}' | '\u{3000}'..='\u{303F}')
}
