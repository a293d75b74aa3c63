//! The walls between the crates: who may speak SQL, HTTP, processes, windows; what may ride the RPC; where
//! a person's write goes through. Tests and developer commands stand outside the walls.

use super::house::{Breach, File, House};
use super::source::{closing, line_of, words};

/// The one module that starts processes: its file, and the folder beside it.
const PROCESS_MODULE: &str = "crates/griot-media/src/ffmpeg";

/// How large the window's whole crate may become, in lines.
const WINDOW_LINES: usize = 600;

/// Only griot-store says rusqlite, and only there is SQL text.
pub(crate) fn sql_only_in_store(house: &House) -> Vec<Breach> {
    let outside = |file: &&File| !file.under("crates/griot-store/") && !is_tidy(file);
    let mut found =
        spoken(house.rust().filter(outside), &["rusqlite", "libsqlite3_sys"], "only griot-store says it");
    for file in house.rust().filter(outside).filter(|file| !file.is_test()) {
        for statement in ["INSERT INTO ", "DELETE FROM ", "CREATE TABLE ", "PRAGMA ", "BEGIN IMMEDIATE"] {
            let spoken_of = |at: &usize| !line_before(&file.text, *at).trim_start().starts_with("//");
            let places = file.text.match_indices(statement).map(|(at, _)| at).filter(spoken_of);
            found.extend(places.map(|at| {
                file.breach(line_of(&file.text, at), "SQL belongs in griot-store, in the file of its table")
            }));
        }
    }
    found
}

/// Only griot-networks has an HTTP client; tests may have a small one of their own. griot-serve has hyper's server
/// half, and no other.
pub(crate) fn http_only_in_networks(house: &House) -> Vec<Breach> {
    let outside = |file: &&File| {
        !file.under("crates/griot-networks/") && !file.under("tests/") && !file.under("xtask/")
    };
    let says = "only griot-networks speaks to the outside";
    let serve = |file: &&File| file.under("crates/griot-serve/");
    let clients = ["reqwest", "ureq", "isahc", "attohttpc", "TcpStream::connect", "hyper_util::client"];
    let mut found = spoken(house.rust().filter(outside), &clients, says);
    found.extend(spoken(house.rust().filter(outside).filter(|file| !serve(file)), &["hyper"], says));
    found.extend(spoken(house.rust().filter(serve), &["hyper::client", "client::conn"], says));
    found
}

/// A process is started in one module; xtask and tests are developers' tools and may.
pub(crate) fn process_only_in_ffmpeg(house: &House) -> Vec<Breach> {
    let inside = |file: &&File| {
        let module = file.path == format!("{PROCESS_MODULE}.rs") || file.under(&format!("{PROCESS_MODULE}/"));
        (file.under("crates/") || file.under("src-tauri/")) && !module && !file.is_test()
    };
    let mut found = Vec::new();
    for file in house.rust().filter(inside) {
        for (number, line) in file.shipped.lines().enumerate() {
            let starts = line.contains("tokio::process")
                || line.split("process::").skip(1).any(|rest| !words(rest, "Command").is_empty());
            if starts {
                found
                    .push(file.breach(number + 1, format!("processes are started in {PROCESS_MODULE} only")));
            }
        }
    }
    found
}

/// Only src-tauri knows the window's toolkit.
pub(crate) fn tauri_only_in_the_window(house: &House) -> Vec<Breach> {
    let outside = |file: &&File| !file.under("src-tauri/");
    let mut found = spoken(
        house.rust().filter(outside),
        &["tauri", "wry::", "tao::"],
        "the window lives in src-tauri only",
    );
    let lines: usize =
        house.rust().filter(|file| file.under("src-tauri/")).map(|file| file.text.lines().count()).sum();
    if lines > WINDOW_LINES {
        let main = house
            .rust()
            .find(|file| file.under("src-tauri/src/main"))
            .map_or("src-tauri/", |file| &file.path);
        let says =
            format!("src-tauri has {lines} lines; past {WINDOW_LINES} it holds what belongs in griot-app");
        found.push(Breach { path: main.to_owned(), line: 1, says });
    }
    found
}

/// Nothing in the domain or the store is async, and no transaction contains a wait, ffmpeg or a network.
pub(crate) fn nothing_held_across_await(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in
        house.rust().filter(|file| file.under("crates/griot-store/") || file.under("crates/griot-domain/"))
    {
        for word in ["async fn", "async move", ".await"] {
            found.extend(words(&file.shipped, word).into_iter().map(|at| {
                file.breach(
                    line_of(&file.shipped, at),
                    "the domain and the store wait for nothing; be async in griot-app",
                )
            }));
        }
    }
    for file in house.rust().filter(|file| file.under("crates/") || file.under("src-tauri/")) {
        for at in words(&file.shipped, "transact(") {
            let open = at + "transact(".len() - 1;
            let inside = &file.shipped[open..closing(file.shipped.as_bytes(), open)];
            for word in [".await", "ffmpeg", "block_on"] {
                found.extend(words(inside, word).into_iter().map(|within| {
                    let line = line_of(&file.shipped, open + within);
                    file.breach(
                        line,
                        "a transaction is held here while something slow runs; do that before or after",
                    )
                }));
            }
        }
    }
    found
}

/// Transactions begin in the store; the studio's only way to one is `transact`.
pub(crate) fn transact_is_the_door(house: &House) -> Vec<Breach> {
    let outside = |file: &&File| file.under("crates/") && !file.under("crates/griot-store/");
    let doors = [".transaction(", ".unchecked_transaction(", ".savepoint(", ".transaction_with_behavior("];
    let mut found = spoken(house.rust().filter(outside), &doors, "writes go through transact(Op, ...)");
    let studio = |file: &&File| file.under("crates/griot-app/src/commands");
    found.extend(spoken(
        house.rust().filter(studio),
        &[".emit("],
        "transact says what changed; a command does not",
    ));
    found
}

/// What crosses the wire holds no bytes of media: no byte vectors, no base64.
pub(crate) fn media_never_rides_the_rpc(house: &House) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in
        house.rust().filter(|file| file.under("crates/griot-app/") || file.under("crates/griot-domain/"))
    {
        for at in words(&file.shipped, "TS").into_iter().filter(|at| in_a_derive(&file.shipped, *at)) {
            let Some(open) = file.shipped[at..].find(['{', ';']).map(|length| at + length) else { continue };
            let end = if file.shipped.as_bytes()[open] == b'{' {
                closing(file.shipped.as_bytes(), open)
            } else {
                open
            };
            for bytes in ["Vec<u8>", "[u8", "bytes::Bytes"] {
                found.extend(words(&file.shipped[at..end], bytes).into_iter().map(|within| {
                    let says = "bytes never ride the RPC: give an id, the host serves the media";
                    file.breach(line_of(&file.shipped, at + within), says)
                }));
            }
        }
    }
    let wire =
        |file: &&File| file.under("crates/griot-app/src/wire") || file.under("crates/griot-app/src/commands");
    found.extend(spoken(house.rust().filter(wire), &["base64"], "bytes never ride the RPC"));
    for file in house.files().filter(|file| file.under("ui/src/") && !file.is_test()) {
        found.extend(file.text.match_indices(";base64,").map(|(at, _)| {
            file.breach(
                line_of(&file.text, at),
                "the page shows media by host.mediaUrl(id), never by embedded bytes",
            )
        }));
    }
    found
}

/// A host calls `dispatch` and knows the domain's words at most; the window has one command, `rpc`.
pub(crate) fn hosts_add_nothing(house: &House) -> Vec<Breach> {
    let host = |file: &&File| {
        ["crates/griot-cli/src/", "crates/griot-serve/src/", "src-tauri/src/"].iter().any(|at| file.under(at))
    };
    let inner = ["griot_store", "griot_media", "griot_networks"];
    let mut found =
        spoken(house.rust().filter(host), &inner, "a host calls griot-app's dispatch and nothing behind it");
    let mut rpcs = Vec::new();
    for file in house.rust().filter(|file| file.under("src-tauri/")) {
        rpcs.extend(
            words(&file.code, "tauri::command").into_iter().map(|at| (file, line_of(&file.code, at))),
        );
    }
    found.extend(rpcs.into_iter().skip(1).map(|(file, line)| {
        file.breach(line, "the window has one command, rpc; a new ability is a command of griot-app's table")
    }));
    found
}

/// No server of ours, in a host or in a test, listens beyond this machine.
pub(crate) fn loopback_only(house: &House) -> Vec<Breach> {
    let every = concat!("0.0", ".0.0");
    let listens = |file: &&File| {
        let ours = ["crates/griot-cli/", "crates/griot-serve/", "src-tauri/", "xtask/", "tests/"]
            .iter()
            .any(|place| file.under(place));
        ours && [".rs", ".cjs", ".mjs", ".js", ".ts", ".sh", ".py"].iter().any(|ending| file.ends(ending))
            && !is_tidy(file)
    };
    let mut found = Vec::new();
    for file in house.files().filter(listens) {
        for wide in [every, "[::]:", "UNSPECIFIED"] {
            found.extend(file.text.match_indices(wide).map(|(at, _)| {
                file.breach(line_of(&file.text, at), "listens on every address; use 127.0.0.1")
            }));
        }
    }
    found
}

/// Breaches for each of `needles` spoken in what ships of these files.
fn spoken<'a>(files: impl Iterator<Item = &'a File>, needles: &[&str], says: &str) -> Vec<Breach> {
    let mut found = Vec::new();
    for file in files {
        let read = if file.is_test() { &file.code } else { &file.shipped };
        for needle in needles {
            found.extend(words(read, needle).into_iter().map(|at| {
                file.breach(line_of(read, at), format!("`{}` here: {says}", needle.trim_matches(['.', '('])))
            }));
        }
    }
    found
}

fn line_before(text: &str, at: usize) -> &str {
    &text[text[..at].rfind('\n').map_or(0, |end| end + 1)..at]
}

fn in_a_derive(code: &str, at: usize) -> bool {
    let line = code[..at].rfind("derive(").map(|start| &code[start..at]);
    line.is_some_and(|line| !line.contains(')'))
}

fn is_tidy(file: &File) -> bool {
    file.under("tests/tests/tidy")
}
