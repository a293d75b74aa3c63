//! Each rule broken once, on a scratch copy of the real tree: the rule must name the file and the line.
//! A rule without a row here, or one that lets its row pass, fails the suite.

use std::collections::BTreeMap;
use std::fs;

use super::house::{Breach, House};
use crate::{RULES, breaches};

/// What is done to the scratch copy.
enum Break {
    /// A file is written.
    Put(&'static str),
    /// A file is written that has `0` copies of a line, with something before and after.
    Long(&'static str, usize, &'static str),
    /// Some words in an existing file are replaced.
    Swap(&'static str, &'static str),
    /// A file is removed.
    Remove,
}

use Break::{Long, Put, Remove, Swap};

/// One row: the rule, the file that is broken, how, and the line that must be named (0: any).
struct Row(&'static str, &'static str, Break, usize);

const CHEAT: &str = "crates/griot-app/src/cheat.rs";
const PAGE: &str = "ui/src/features/queue/Queue.svelte";

fn rows() -> Vec<Row> {
    let mut rows = walls();
    rows.extend(manifests_and_shape());
    rows.extend(words_and_documents());
    rows
}

fn walls() -> Vec<Row> {
    vec![
        Row("sql-only-in-store", CHEAT, Put("//! A cheat of a module.\nuse rusqlite::Connection;\n"), 2),
        Row("sql-only-in-store", CHEAT, Put("//! A cheat.\n\nconst Q: &str = \"DELETE FROM posts\";\n"), 3),
        Row("http-only-in-networks", CHEAT, Put("//! A cheat.\nfn f() {\n    reqwest::get(x);\n}\n"), 3),
        Row("http-only-in-networks", "crates/griot-cli/src/x.rs", Put("//! A cheat.\nuse ureq::Agent;\n"), 2),
        Row("process-only-in-ffmpeg", CHEAT, Put("//! A cheat.\nuse std::process::Command;\n"), 2),
        Row(
            "process-only-in-ffmpeg",
            CHEAT,
            Put("//! A cheat.\nuse std::process::{ExitCode, Command};\n"),
            2,
        ),
        Row(
            "process-only-in-ffmpeg",
            "crates/griot-media/src/x.rs",
            Put("//! A cheat.\nuse tokio::process::Child;\n"),
            2,
        ),
        Row("tauri-only-in-the-window", CHEAT, Put("//! A cheat.\nuse tauri::AppHandle;\n"), 2),
        Row(
            "tauri-only-in-the-window",
            "src-tauri/src/main.rs",
            Long("//! The window.\n", 601, "// line\n"),
            1,
        ),
        Row("ports", CHEAT, Put("//! A cheat.\nfn now() {\n    chrono::Utc::now();\n}\n"), 3),
        Row(
            "ports",
            CHEAT,
            Put("//! A cheat.\nfn f() -> Option<String> {\n    std::env::var(\"X\").ok()\n}\n"),
            3,
        ),
        Row(
            "ports",
            "crates/griot-store/src/x.rs",
            Put("//! A cheat.\nuse std::time::Instant;\nfn f() { Instant::now(); }\n"),
            3,
        ),
        Row(
            "ports",
            "crates/griot-domain/src/x.rs",
            Put("//! A cheat.\nfn f() -> u8 { rand::random() }\n"),
            2,
        ),
        Row(
            "ports",
            "crates/griot-media/src/x.rs",
            Put("//! A cheat.\nfn f() { std::env::current_dir(); }\n"),
            2,
        ),
        Row("ports", CHEAT, Put("//! A cheat.\nasync fn f() { tokio::time::sleep(d).await; }\n"), 2),
        Row(
            "nothing-held-across-await",
            "crates/griot-store/src/x.rs",
            Put("//! A cheat.\npub async fn f() {}\n"),
            2,
        ),
        Row(
            "nothing-held-across-await",
            CHEAT,
            Put("//! A cheat.\nfn f() {\n    transact(op, |tx| {\n        upload(tx).await\n    });\n}\n"),
            4,
        ),
        Row("transact-is-the-door", CHEAT, Put("//! A cheat.\nfn f(c: C) {\n    c.transaction();\n}\n"), 3),
        Row(
            "media-never-rides-the-rpc",
            CHEAT,
            Put("//! A cheat.\n#[derive(Serialize, TS)]\npub struct Picture {\n    bytes: Vec<u8>,\n}\n"),
            4,
        ),
        Row("media-never-rides-the-rpc", PAGE, Put("<img\n src=\"data:image/png;base64,{x}\">\n"), 2),
        Row(
            "hosts-add-nothing",
            "crates/griot-cli/src/x.rs",
            Put("//! A cheat.\nuse griot_store::Store;\n"),
            2,
        ),
        Row(
            "hosts-add-nothing",
            "src-tauri/src/main.rs",
            Put("//! The window.\n#[tauri::command]\nfn rpc() {}\n#[tauri::command]\nfn schedule() {}\n"),
            4,
        ),
        Row(
            "loopback-only",
            "crates/griot-cli/src/x.rs",
            Put(concat!("//! A cheat.\nconst A: &str = \"0.0", ".0.0:80\";\n")),
            2,
        ),
        Row("tauri-api-only-in-host", PAGE, Put("<script>\nimport { open } from '@tauri-apps/api';\n"), 2),
        Row(
            "ui-decides-nothing",
            PAGE,
            Put("<script>\nconst used = new Intl.Segmenter().segment(text);\n"),
            2,
        ),
        Row("features-apart", PAGE, Put("<script>\nimport Day from '../calendar/Day.svelte';\n"), 2),
        Row("features-apart", "ui/src/lib/rpc.ts", Put("import { x } from '../features/queue/x';\n"), 1),
        Row(
            "contract-is-plain",
            "ui/src/contract/queue.ts",
            Put("// generated\nexport type Size = { bytes: bigint };\n"),
            2,
        ),
        Row(
            "one-key-one-sentence",
            "ui/messages/en/queue.json",
            Put("{\n  \"queue_a\": \"Publish by hand\",\n  \"queue_a\": \"Hand over\"\n}\n"),
            3,
        ),
    ]
}

fn manifests_and_shape() -> Vec<Row> {
    let member = "[package]\nname = \"griot-store\"\nedition.workspace = true\n[lints]\n[dependencies]\n";
    let with = |line: &str| Put(Box::leak(format!("{member}{line}\n").into_boxed_str()));
    let store = "crates/griot-store/Cargo.toml";
    vec![
        Row("one-way", store, with("griot-media.workspace = true"), 6),
        Row("one-way", store, with("griot-app = { workspace = true }"), 6),
        Row("one-way", store, with("reqwest.workspace = true"), 6),
        Row("one-way", "crates/griot-extra/Cargo.toml", Put("[package]\nname = \"griot-extra\"\n"), 1),
        Row("one-version", store, with("serde = \"1\""), 6),
        Row("dependency-reasons", "Cargo.toml", Put("[workspace.dependencies]\nserde = \"1\"\n"), 2),
        Row(
            "lock-files-name-no-place",
            "Cargo.lock",
            Put("[[package]]\nname = \"x\"\nsource = \"registry+https://mirror.example/index\"\n"),
            3,
        ),
        Row(
            "lock-files-name-no-place",
            "tests/servers/pds/package-lock.json",
            Put("{\n  \"resolved\": \"https://mirror.example/x.tgz\"\n}\n"),
            2,
        ),
        Row("file-size", CHEAT, Long("//! A long module.\n", 400, "const A: u8 = 0;\n"), 401),
        Row("file-size", PAGE, Long("<script>\n", 250, "let a;\n"), 251),
        Row("function-size", CHEAT, Long("//! A cheat.\nfn long(\n    a: u8,\n) {\n", 60, "    f();\n"), 2),
        Row("names", CHEAT, Put("//! A cheat.\nstruct A;\npub struct PostManager;\n"), 3),
        Row("names", "crates/griot-app/src/utils.rs", Put("//! Things that fit nowhere.\n"), 1),
        Row("module-docs", CHEAT, Put("pub struct A;\n"), 1),
        Row("migrations-in-order", "crates/griot-store/migrations/9999_late.sql", Put("select 1;\n"), 1),
    ]
}

fn words_and_documents() -> Vec<Row> {
    vec![
        Row("typed-errors", CHEAT, Put("//! A cheat.\nfn f() -> Result<Vec<(u8, u8)>, String> {\n"), 2),
        Row("typed-errors", CHEAT, Put("//! A cheat.\n\nfn f() -> anyhow::Result<()> {}\n"), 3),
        Row(
            "both-languages",
            "crates/griot-networks/src/x.rs",
            Put("//! A cheat.\nfn f() -> Error {\n    Error::Auth(\"a token is needed\".into())\n}\n"),
            3,
        ),
        Row(
            "french-is-french",
            CHEAT,
            Put("//! A cheat.\nfn f() {\n    lang.pick(\"The token\", \"The token\");\n}\n"),
            3,
        ),
        Row(
            "french-is-french",
            CHEAT,
            Put("//! A cheat.\nfn f() {\n    Sentence::new(\"Le app_id manque.\", \"No app ID.\");\n}\n"),
            3,
        ),
        Row("unfinished", CHEAT, Put(concat!("//! A cheat.\n// TO", "DO: the rest\n")), 2),
        Row("unfinished", CHEAT, Put("//! A cheat.\nfn f() {\n    todo!()\n}\n"), 3),
        Row("expect-not-allow", CHEAT, Put("//! A cheat.\n#[allow(dead_code)]\nfn f() {}\n"), 2),
        Row("no-place-of-one-machine", "docs/x.md", Put(concat!("# X\n\nIn /wo", "rk/main it works.\n")), 3),
        Row("no-secrets", "tests/fixtures/account.pem", Put("x\n"), 1),
        Row("no-secrets", "docs/x.md", Put(concat!("# X\n-----BEGIN PRIVATE ", "KEY-----\n")), 2),
        Row(
            "corpora-only-in-tests",
            CHEAT,
            Put("//! A cheat.\nconst P: &str = \"../shared/corpora/text\";\n"),
            2,
        ),
        Row("plain-text", CHEAT, Put("//! A cheat.\r\n"), 1),
        Row("plain-text", CHEAT, Put("//! A cheat.\n// no end"), 2),
        Row("rules-are-dated", "assets/networks/orkut.toml", Put("name = \"Orkut\"\n"), 1),
        Row("two-commands", "README.md", Swap("cargo xtask test", "make test"), 1),
        Row("two-commands", ".ci/run", Put("#!/usr/bin/env bash\ntrue\n"), 1),
        Row("invariants-are-written", "ARCHITECTURE.md", Swap("**Architecture Invariant 7:**", "Also:"), 1),
        Row("code-map", "ARCHITECTURE.md", Swap("`crates/griot-networks", "`networks"), 1),
        Row("links", "docs/x.md", Put("# X\n\n[the store](../crates/nowhere/src/lib.rs)\n"), 3),
        Row("decisions", "docs/decisions/0099-late.md", Put("# Late\n"), 1),
        Row("required-files", "LICENSE-APACHE", Remove, 1),
    ]
}

fn broken(sound: &House, row: &Row) -> House {
    let mut scratch = sound.clone();
    match &row.2 {
        Put(text) => scratch.put(row.1, text),
        Long(head, count, line) => {
            let end = if head.contains("fn ") { "}\n" } else { "" };
            scratch.put(row.1, &format!("{head}{}{end}", line.repeat(*count)));
        }
        Swap(from, to) => {
            let text =
                sound.get(row.1).expect("BUG: the row names a file that exists").text.replace(from, to);
            scratch.put(row.1, &text);
        }
        Remove => scratch.remove(row.1),
    }
    scratch
}

#[test]
fn each_rule_fails_when_it_is_broken() {
    let sound = House::of_this_repository();
    let mut sound_breaches: BTreeMap<&str, Vec<Breach>> = BTreeMap::new();
    for row in rows() {
        let rule =
            RULES.iter().find(|(name, _)| *name == row.0).expect("BUG: a row for a rule that is not there").1;
        let found = rule(&broken(sound, &row));
        let named = found.iter().any(|breach| breach.path == row.1 && (row.3 == 0 || breach.line == row.3));
        let lines: Vec<String> = found.iter().map(|breach| breach.line_for(row.0)).collect();
        assert!(named, "{} was broken at {}:{} and said:\n{}", row.0, row.1, row.3, lines.join("\n"));
        let told = sound_breaches.entry(row.0).or_insert_with(|| rule(sound));
        let before = told.iter().any(|breach| breach.path == row.1 && breach.line == row.3);
        assert!(!before, "{} names {}:{} before anything is broken", row.0, row.1, row.3);
    }
}

#[test]
fn no_rule_is_without_a_row() {
    let broken: Vec<&str> = rows().iter().map(|row| row.0).collect();
    let untried: Vec<&str> =
        RULES.iter().map(|(name, _)| *name).filter(|name| !broken.contains(name)).collect();
    assert!(untried.is_empty(), "rules that nothing breaks: {untried:?}");
}

#[test]
fn what_only_looks_like_a_breach_passes() {
    let text = "//! Knows that griot-store speaks rusqlite, and says so.\n\
                const A: &str = \"reqwest tauri std::env::var\";\n\
                fn f() -> Result<String, Error> {}\n\
                #[cfg(test)]\nmod tests {\n    fn now() {\n        std::time::Instant::now();\n    }\n}\n";
    let mut scratch = House::default();
    scratch.put(CHEAT, text);
    let named: Vec<String> = breaches(&scratch).into_iter().filter(|line| line.starts_with(CHEAT)).collect();
    assert!(named.is_empty(), "{named:?}");
}

#[test]
fn a_scratch_copy_on_disk_is_read_and_named() {
    let folder = tempfile::tempdir().expect("a folder for the scratch copy");
    for file in House::of_this_repository().files().filter(|file| !file.text.is_empty()) {
        let path = folder.path().join(&file.path);
        fs::create_dir_all(path.parent().expect("BUG: a file has a folder"))
            .expect("a folder of the scratch copy");
        fs::write(path, &file.text).expect("a file of the scratch copy");
    }
    let cheat = folder.path().join(CHEAT);
    fs::write(cheat, "//! A cheat of a module.\n\nuse rusqlite::Connection;\n").expect("the cheat");
    let found = breaches(&House::read(folder.path()));
    let expected = format!("{CHEAT}:3: [sql-only-in-store]");
    assert!(found.iter().any(|line| line.starts_with(&expected)), "{}", found.join("\n"));
}
