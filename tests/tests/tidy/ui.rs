//! The rules of the page: it displays what Rust decided, reaches the machine through one folder, and its
//! features do not know each other. They hold from the first file of `ui/` on.

use std::collections::BTreeMap;

use super::house::{Breach, File, House};
use super::source::{line_of, words};

fn sources(house: &House) -> impl Iterator<Item = &File> {
    house.files().filter(|file| {
        file.under("ui/src/") && [".ts", ".svelte", ".js"].iter().any(|ending| file.ends(ending))
    })
}

/// Only `ui/src/lib/host` speaks to the window's toolkit.
pub(crate) fn tauri_api_only_in_host(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in sources(house).filter(|file| !file.under("ui/src/lib/host")) {
        found.extend(file.text.match_indices("@tauri-apps").map(|(at, _)| {
            file.breach(line_of(&file.text, at), "only ui/src/lib/host knows which host it runs in")
        }));
    }
    found
}

/// The page counts nothing, knows no limit and keeps no data: it asks Rust.
pub(crate) fn decides_nothing(house: &House) -> Vec<Breach> {
    let ways = ["Intl.Segmenter", "assets/networks", "localStorage", "indexedDB", "location.reload"];
    let mut found = Vec::new();
    for file in sources(house).filter(|file| !file.under("ui/src/lib/host")) {
        for way in ways {
            found.extend(words(&file.text, way).into_iter().map(|at| {
                file.breach(
                    line_of(&file.text, at),
                    format!("`{way}`: counts, limits and data are asked of Rust"),
                )
            }));
        }
    }
    found
}

/// `contract <- lib <- features/* <- App`, and no feature imports another.
pub(crate) fn features_apart(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in sources(house) {
        let here = room(&file.path);
        for (number, line) in file.text.lines().enumerate() {
            let Some(from) = imported(line) else { continue };
            let Some(there) = resolved(&file.path, from).as_deref().map(room) else { continue };
            if there.0 > here.0 || (there.0 == here.0 && there.1 != here.1) {
                let says = format!(
                    "`{from}`: contract <- lib <- features <- App; what two features need belongs in lib"
                );
                found.push(file.breach(number + 1, says));
            }
        }
    }
    found
}

const FEATURE: u8 = 2;

/// How far out a file of the page stands, and in which feature.
fn room(path: &str) -> (u8, String) {
    let inside = path.strip_prefix("ui/src/").unwrap_or(path);
    let mut parts = inside.split('/');
    match (parts.next(), parts.next()) {
        (Some("contract"), _) => (0, String::new()),
        (Some("lib"), _) => (1, String::new()),
        (Some("features"), Some(feature)) => (FEATURE, feature.to_owned()),
        _ => (3, String::new()),
    }
}

/// The file that an import means; nothing for a package.
fn resolved(importer: &str, from: &str) -> Option<String> {
    if let Some(rest) = from.strip_prefix("$lib/") {
        return Some(format!("ui/src/lib/{rest}"));
    }
    if !from.starts_with('.') {
        return None;
    }
    let mut parts: Vec<&str> = importer.split('/').collect();
    parts.pop();
    for part in from.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

fn imported(line: &str) -> Option<&str> {
    let line = line.trim();
    if !line.starts_with("import") && !line.starts_with("export") && !line.starts_with("} from") {
        return None;
    }
    let quote = line.find(['"', '\''])?;
    let rest = &line[quote + 1..];
    rest.find(['"', '\'']).map(|end| &rest[..end])
}

/// A key of the page's sentences stands once in a language: the reader of JSON keeps the last and says nothing.
pub(crate) fn one_key_one_sentence(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    let mut known: BTreeMap<(String, String), String> = BTreeMap::new();
    for file in house.files().filter(|file| file.under("ui/messages/") && file.ends(".json")) {
        let language = file.path.split('/').nth(2).unwrap_or_default();
        for (number, line) in file.text.lines().enumerate() {
            // Two spaces: deeper ones are the cases of one sentence.
            let Some((key, _)) = line.strip_prefix("  \"").and_then(|rest| rest.split_once("\":")) else {
                continue;
            };
            let place = format!("{}:{}", file.path, number + 1);
            if key == "$schema" {
                continue;
            }
            if let Some(first) = known.insert((language.to_owned(), key.to_owned()), place) {
                found.push(file.breach(number + 1, format!("`{key}` stands at {first} already")));
            }
        }
    }
    found
}

/// The contract that Rust generates has ids as strings and no number that JSON cannot carry.
pub(crate) fn contract_is_plain(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in house.files().filter(|file| file.path.contains("contract/") && file.ends(".ts")) {
        for word in ["bigint", "any"] {
            found.extend(words(&file.text, word).into_iter().filter(|at| is_a_type(&file.text, *at)).map(
                |at| {
                    file.breach(
                        line_of(&file.text, at),
                        format!("`{word}` in the contract: ids are strings, numbers below 2^53"),
                    )
                },
            ));
        }
    }
    if house.has("crates/griot-app/src/wire.rs") && house.get("crates/griot-app/tests/contract.rs").is_none()
    {
        let says = "no test regenerates the TypeScript contract (crates/griot-app/tests/contract.rs)";
        found.push(Breach {
            path: "crates/griot-app/src/wire.rs".to_owned(),
            line: 1,
            says: says.to_owned(),
        });
    }
    found
}

/// True where the word stands in a type and not in a comment.
fn is_a_type(text: &str, at: usize) -> bool {
    let line = &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at];
    !line.trim_start().starts_with(['/', '*']) && line.contains([':', '=', '<', '|'])
}
