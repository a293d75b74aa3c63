//! Words that must not stand in the tree: unfinished marks, errors that are mere strings, places that exist
//! on one machine only, secrets.

use super::house::{Breach, File, House};
use super::source::{line_of, words};

/// Paths of one developer's machine. Split, so that this file does not name them itself.
const PLACES: &[&str] = &[
    concat!("/wo", "rk/"),
    concat!("/ro", "ot/"),
    concat!("/ho", "me/"),
    concat!("/fa", "rm/"),
    concat!(".lib", "rary/"),
    concat!("/Us", "ers/"),
    concat!("C:\\Us", "ers\\"),
];

/// Marks of work left undone. Split for the same reason.
const MARKS: &[&str] = &[concat!("TO", "DO"), concat!("FIX", "ME"), concat!("XX", "X"), concat!("HA", "CK")];

/// Beginnings of secret keys. Split for the same reason.
const KEYS: &[&str] = &[
    concat!("PRIVATE ", "KEY-----"),
    concat!("AGE-SECRET", "-KEY-1"),
    concat!("ghp", "_"),
    concat!("xox", "b-"),
];

/// Endings of files that hold secrets.
const SECRET_FILES: &[&str] = &[".env", ".pem", ".key", ".p12", ".pfx", ".age", "id_rsa", "id_ed25519"];

/// Errors are types: no `Result<_, String>`, no anyhow, no boxed error below the hosts.
pub(crate) fn errors_are_typed(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.rust() {
        for at in words(&file.code, "Result<") {
            let stringly = second_argument(&file.code[at + "Result<".len()..])
                .is_some_and(|error| error == "String" || error == "&str" || error == "&'static str");
            if stringly {
                found.push(file.breach(
                    line_of(&file.code, at),
                    "an error is a type that says who is to blame, not a string",
                ));
            }
        }
        if file.under("crates/") && !file.is_test() && !file.path.contains("/examples/") {
            for word in ["anyhow", "eyre", "Box<dyn Error", "Box<dyn std::error::Error"] {
                let places = words(&file.shipped, word);
                found.extend(places.into_iter().map(|at| {
                    file.breach(
                        line_of(&file.shipped, at),
                        format!("`{word}`: each crate has one typed Error"),
                    )
                }));
            }
        }
    }
    found
}

/// What stands between the first comma at this depth and the closing bracket.
fn second_argument(rest: &str) -> Option<&str> {
    let (mut depth, mut comma) = (0_i32, None);
    for (at, character) in rest.char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if depth == 0 => return comma.map(|start: usize| rest[start..at].trim()),
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => comma = Some(at + 1),
            ';' | '{' => return None,
            _ => {}
        }
    }
    None
}

/// What is in the tree is finished.
pub(crate) fn nothing_unfinished(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files().filter(|file| is_source(file)) {
        for mark in MARKS {
            found.extend(words(&file.text, mark).into_iter().map(|at| {
                file.breach(
                    line_of(&file.text, at),
                    format!("`{mark}`: finish it, or write it down where work is planned"),
                )
            }));
        }
    }
    for file in house.rust() {
        for call in ["todo!", "unimplemented!"] {
            found.extend(words(&file.code, call).into_iter().map(|at| {
                file.breach(line_of(&file.code, at), format!("`{call}`: nothing is left for later in code"))
            }));
        }
    }
    found
}

/// A lint is silenced by `expect` with a reason, which warns when it is no longer needed.
pub(crate) fn expect_not_allow(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.rust() {
        for mark in ["#[allow(", "#![allow("] {
            found.extend(file.code.match_indices(mark).map(|(at, _)| {
                file.breach(line_of(&file.code, at), "use #[expect(lint, reason = \"...\")]")
            }));
        }
    }
    found
}

/// No file names a place that exists on one machine only.
pub(crate) fn no_place_of_one_machine(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files() {
        for place in PLACES {
            found.extend(file.text.match_indices(place).map(|(at, _)| {
                file.breach(line_of(&file.text, at), format!("`{place}` is a place on one machine only"))
            }));
        }
    }
    found
}

/// No secret is in the tree, by name or by content.
pub(crate) fn no_secrets(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files() {
        if SECRET_FILES.iter().any(|ending| file.ends(ending)) {
            found.push(file.breach(1, "a file of this name holds secrets and has no place in the tree"));
        }
        for key in KEYS {
            found.extend(
                file.text
                    .match_indices(key)
                    .map(|(at, _)| file.breach(line_of(&file.text, at), "a secret key in the tree")),
            );
        }
    }
    found
}

/// What ships never reaches for the test corpora; tests find them by `GRIOT_SHARED`.
pub(crate) fn corpora_only_in_tests(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.rust().filter(|file| file.under("crates/") && !file.is_test()) {
        for (number, (code, text)) in file.shipped.lines().zip(file.text.lines()).enumerate() {
            // A literal is blank in `shipped`; a whole comment or test line is blank as well, and may speak of them.
            let names_them = ["shared/corpora", "GRIOT_SHARED"].iter().any(|place| text.contains(place));
            if names_them && !code.trim().is_empty() {
                found.push(file.breach(number + 1, "what ships does not know the test corpora"));
            }
        }
    }
    found
}

/// Text has Unix line ends, no tabs in Rust, and a line end at its end.
pub(crate) fn plain_text(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files().filter(|file| is_source(file) && !file.text.is_empty()) {
        if let Some(at) = file.text.find('\r') {
            found.push(
                file.breach(line_of(&file.text, at), "a carriage return: text files have Unix line ends"),
            );
        }
        if let Some(at) = file.text.find('\t').filter(|_| file.ends(".rs")) {
            found.push(file.breach(line_of(&file.text, at), "a tab in Rust"));
        }
        if !file.text.ends_with('\n') {
            found.push(file.breach(file.text.lines().count(), "no line end at the end of the file"));
        }
    }
    found
}

/// Files that people write, by their ending.
fn is_source(file: &File) -> bool {
    const ENDINGS: &[&str] =
        &[".rs", ".toml", ".md", ".sql", ".ts", ".svelte", ".css", ".cjs", ".mjs", ".yml", ".sh", ".py"];
    let test_data = file.path.contains("/fixtures/") || file.path.contains("/recorded/");
    !test_data && ENDINGS.iter().any(|ending| file.ends(ending))
}
