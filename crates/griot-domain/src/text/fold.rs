//! Words as people look for them: without case and without accents.
//!
//! For finding only: what is found is shown and sent as it was written.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// `text` in small letters without accents and other marks: "Marché" and "MARCHE" become the same.
#[must_use]
pub fn fold(text: &str) -> String {
    let bare = text.nfkd().filter(|c| !is_combining_mark(*c));
    bare.flat_map(char::to_lowercase).flat_map(ligature).collect()
}

/// Letters that Unicode does not take apart and that people type as two.
fn ligature(c: char) -> impl Iterator<Item = char> {
    let (first, second) = match c {
        'œ' => ('o', Some('e')),
        'æ' => ('a', Some('e')),
        'ß' => ('s', Some('s')),
        other => (other, None),
    };
    std::iter::once(first).chain(second)
}

#[cfg(test)]
mod tests {
    use super::fold;

    #[test]
    fn words_are_found_however_they_were_typed() {
        for (written, typed) in
            [("Marché d\u{e9}t\u{e9}", "MARCHE dete"), ("Cœur", "coeur"), ("ﬁn", "fin"), ("ߒߞߏ", "ߒߞߏ")]
        {
            assert_eq!(fold(written), fold(typed));
        }
        assert_ne!(fold("sèche"), fold("seiche"));
    }
}
