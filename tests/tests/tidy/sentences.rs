//! What a person reads is written in both languages: no reason of a refusal for one language alone, no English in
//! French, no word of a library, no key.
//!
//! The walk sees literals. What is put together from others' words has its own tests where it is put together.

use super::house::{Breach, File, House};
use super::source::{closing, line_of, words};

/// Errors of a network that a person has to act on: their reasons are said in both languages, or are the server's words.
const TO_ACT_ON: &[&str] = &["Content(", "Auth(", "Permission(", "Billing(", "Environment("];

/// Where a sentence stands in French and then in English, and which argument the French one is.
const PAIRS: &[(&str, usize)] = &[
    ("Why::ours(", 0),
    ("Sentence::new(", 0),
    ("Failure::say(", 1),
    (".means(", 0),
    ("lang.pick(", 0),
    ("lang().pick(", 0),
];

/// Words of English that French does not have.
const ENGLISH: &[&str] = &[
    "the", "this", "that", "with", "from", "which", "does", "cannot", "could", "again", "there", "failed",
    "error", "missing", "unknown", "expected", "not", "is", "was", "has", "network", "post",
];

/// Words of machines, in any language.
const OF_MACHINES: &[&str] = &["Error:", "UUID", "null", "undefined", "panicked"];

/// A network's refusal says its reason in both languages.
pub(crate) fn reasons_have_both_languages(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.rust().filter(|file| file.under("crates/") && !file.is_test()) {
        for kind in TO_ACT_ON {
            let call = format!("Error::{kind}");
            for at in words(&file.shipped, &call) {
                let inside = file.text[at + call.len()..].trim_start();
                if inside.starts_with('"') || inside.starts_with("format!(") {
                    found.push(file.breach(
                        line_of(&file.text, at),
                        "a person acts on this: say it in both languages, with `Why::ours`",
                    ));
                }
            }
        }
    }
    found
}

/// What stands where French belongs is French, and neither language speaks like a machine.
pub(crate) fn french_is_french(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    let of_people = |file: &&File| (file.under("crates/") || file.under("src-tauri/")) && !file.is_test();
    for file in house.rust().filter(of_people) {
        for (call, first) in PAIRS {
            for (at, _) in file.shipped.match_indices(call) {
                let texts = literals(file, at + call.len() - 1);
                let (Some(Some(fr)), Some(Some(en))) = (texts.get(*first), texts.get(first + 1)) else {
                    continue;
                };
                if let Some(says) = wrong(fr, en) {
                    found.push(file.breach(line_of(&file.text, at), says));
                }
            }
        }
    }
    found
}

fn wrong(fr: &str, en: &str) -> Option<String> {
    if let Some(word) = plain_words(fr).iter().find(|word| ENGLISH.contains(&word.as_str())) {
        return Some(format!("`{word}` is English, and this is read in French: {fr}"));
    }
    if plain_words(fr).len() > 2 && fr == en {
        return Some(format!("the same in both languages: {fr}"));
    }
    for text in [fr, en] {
        if let Some(word) = OF_MACHINES.iter().find(|word| text.contains(*word)) {
            return Some(format!("`{word}` is a machine's word: {text}"));
        }
        if let Some(key) = text.split(|c: char| !(c.is_alphanumeric() || c == '_')).find(|word| is_key(word))
        {
            return Some(format!("`{key}` is a key, and no word: {text}"));
        }
    }
    None
}

/// `snake_case`: a name of the code's, outside of placeholders.
fn is_key(word: &str) -> bool {
    let inner = word.trim_matches('_');
    inner.contains('_') && inner.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// The words of a text in small letters, without what is filled in.
fn plain_words(text: &str) -> Vec<String> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The arguments of the call whose bracket opens at `open`: those that are literals, without escapes and without what is
/// filled in.
fn literals(file: &File, open: usize) -> Vec<Option<String>> {
    let code = file.code.as_bytes();
    let end = closing(code, open);
    let (mut all, mut depth, mut start) = (Vec::new(), 0_usize, open + 1);
    for (at, byte) in code.iter().enumerate().take(end).skip(open + 1) {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            b',' if depth == 0 => {
                all.push(literal(file.text[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    all.push(literal(file.text[start..end].trim()));
    all
}

fn literal(argument: &str) -> Option<String> {
    let text = argument.strip_prefix("format!(").map_or(argument, str::trim_start);
    let inside = text.strip_prefix('"')?;
    let mut out = String::new();
    let mut rest = inside.chars();
    let mut filled = false;
    while let Some(c) = rest.next() {
        match c {
            '"' if !filled => return Some(out),
            '\\' => match rest.next() {
                Some('u') => {
                    let number: String = rest.by_ref().skip(1).take_while(|c| *c != '}').collect();
                    out.extend(u32::from_str_radix(&number, 16).ok().and_then(char::from_u32));
                }
                Some('\n') | None => {}
                Some(other) => out.push(other),
            },
            '{' => filled = true,
            '}' => filled = false,
            c if !filled => out.push(c),
            _ => {}
        }
    }
    None
}
