//! The top-level domains: what makes `griot.example` a word and `griot.ml` a link.
//!
//! A plain list, one name a line, as twitter-text's conformance data of October 2021 has it, because X counts
//! by that list. Names that were delegated since are links only when they are written with `http`.

use std::collections::HashMap;
use std::sync::OnceLock;

const LIST: &str = include_str!("../../data/tlds.txt");

/// The names by their first letter, the longest first: `भारतम्` must win over `भारत`.
fn by_first_letter() -> &'static HashMap<char, Vec<&'static str>> {
    static TABLE: OnceLock<HashMap<char, Vec<&'static str>>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table: HashMap<char, Vec<&'static str>> = HashMap::new();
        for name in LIST.lines() {
            if let Some(first) = name.chars().next() {
                table.entry(first).or_default().push(name);
            }
        }
        for names in table.values_mut() {
            names.sort_by_key(|name| std::cmp::Reverse(name.len()));
        }
        table
    })
}

/// Whether `name` (without a dot) is a top-level domain, in any case.
#[must_use]
pub fn is_tld(name: &str) -> bool {
    name.chars()
        .next()
        .and_then(|first| by_first_letter().get(&lower(first)))
        .is_some_and(|names| names.iter().any(|tld| prefix_length(name, tld) == Some(name.len())))
}

/// Length in bytes of the top-level domain that `text` starts with. It must end there: a letter or figure of
/// the Latin alphabet, `@`, `+` or `-` after it makes it another word.
#[must_use]
pub fn leading(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    by_first_letter().get(&lower(first))?.iter().find_map(|tld| {
        let length = prefix_length(text, tld)?;
        let next = text[length..].chars().next();
        next.is_none_or(|c| !c.is_ascii_alphanumeric() && !matches!(c, '@' | '+' | '-')).then_some(length)
    })
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

/// How many bytes of `text` spell `tld`, in any case.
fn prefix_length(text: &str, tld: &str) -> Option<usize> {
    let mut length = 0;
    let mut chars = text.chars();
    for wanted in tld.chars() {
        let c = chars.next()?;
        if lower(c) != wanted {
            return None;
        }
        length += c.len_utf8();
    }
    Some(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_top_level_domain_ends_where_the_word_ends() {
        let cases = [
            ("com", Some(3)),
            ("COM/path", Some(3)),
            ("comm", None),
            ("com-that", None),
            ("comだよね", Some(3)),
            ("みんなです", Some("みんな".len())),
            ("भारतम्", Some("भारतम्".len())),
            ("baz", None),
            ("РФ", Some(4)),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(leading(text), expected, "{text}");
        }
        assert!(is_tld("Ml") && is_tld("africa") && !is_tld("jpg") && !is_tld(""));
    }
}
