//! The journal: exported, proved, and any change to it found.

use std::fs;

use griot_tests::terminal::Terminal;
use serde_json::json;

/// A workspace with a few events, and its exported journal.
fn with_journal() -> (Terminal, std::path::PathBuf, String) {
    let terminal = Terminal::ready();
    terminal.run(["accounts", "add", "whatsapp"]).done();
    terminal.run(["post", "--text", "Bonjour", "--to", "whatsapp"]).done();
    terminal.run(["run", "--until-idle"]).done();
    let file = terminal.path("journal.jsonl");
    let exported = terminal.run(["journal", "export", file.to_str().expect("a plain name")]).ok().json;
    let head = exported["head"].as_str().expect("a text").to_owned();
    assert_eq!(exported["ok"], true);
    assert!(exported["entries"].as_u64().expect("a number") >= 3 && head.len() == 64, "{exported}");
    (terminal, file, head)
}

#[test]
fn a_journal_is_proved_anywhere() {
    let (terminal, file, head) = with_journal();
    let file = file.to_str().expect("a plain name");
    let entries = terminal.run(["journal", "verify", file]).ok().json["entries"].clone();
    // Another machine without a workspace can do it too.
    let other = Terminal::new();
    let verified = other.run(["journal", "verify", file, "--head", &head]).ok().json;
    assert_eq!(verified, json!({ "entries": entries, "head": head, "ok": true }));
    assert!(!other.workspace().exists());
    assert!(other.say(["--lang", "fr", "journal", "verify", file]).ok().stdout.contains("Journal prouvé"));
}

#[test]
fn a_later_journal_contains_the_head_of_an_earlier_one() {
    let (terminal, _, head) = with_journal();
    terminal.run(["post", "--text", "Encore", "--to", "whatsapp"]).done();
    let later = terminal.path("later.jsonl");
    let later = later.to_str().expect("a plain name");
    let exported = terminal.run(["journal", "export", later]).ok().json;
    assert_ne!(exported["head"], head.as_str());
    terminal.run(["journal", "verify", later, "--head", &head]).done();
    let foreign = terminal.run(["journal", "verify", later, "--head", &"ab".repeat(32)]).ended(1);
    assert_eq!(foreign.json["ok"], false);
}

#[test]
fn every_change_is_found() {
    let (terminal, file, _) = with_journal();
    let text = fs::read_to_string(&file).unwrap();
    let lines: Vec<&str> = text.lines().collect();
    let changed = |f: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        f(&mut lines);
        lines.join("\n") + "\n"
    };
    let cases: &[(&str, String)] = &[
        ("a word", text.replacen("assisted", "published", 1)),
        ("a lost line", changed(&|l| drop(l.remove(2)))),
        ("a lost end", changed(&|l| drop(l.pop()))),
        ("two lines swapped", changed(&|l| l.swap(1, 2))),
        ("a line twice", changed(&|l| l.insert(2, l[1].clone()))),
        ("a cut line", text[..text.len() - 20].to_owned()),
        (
            "another signature",
            changed(&|l| l[0] = l[0].replace("\"signature\":\"", "\"signature\":\"00").replacen("00", "", 0)),
        ),
    ];
    for (what, text) in cases {
        let file = terminal.file("changed.jsonl", text);
        let verified = terminal.run(["journal", "verify", file.to_str().expect("a plain name")]).ended(1);
        assert_eq!(verified.json["ok"], false, "{what}: {}", verified.json);
        assert!(!verified.json["problem"].as_str().expect("a text").is_empty(), "{what}");
    }
}

#[test]
fn what_is_no_journal_is_refused() {
    let terminal = Terminal::new();
    for (name, bytes) in [("empty", ""), ("text", "Bonjour\n"), ("json", "{}\n")] {
        let file = terminal.file(name, bytes);
        let refused = terminal.run(["journal", "verify", file.to_str().expect("a plain name")]).ended(2);
        assert_eq!(refused.error(), "bad_request", "{name}");
    }
    assert_eq!(terminal.run(["journal", "verify", "absent"]).ended(1).error(), "not_found");
}
