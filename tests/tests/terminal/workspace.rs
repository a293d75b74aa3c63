//! The workspace: made, backed up, restored, damaged, copied, newer.

use std::fs;
use std::path::Path;

use griot_tests::folder::copy;
use griot_tests::terminal::{Terminal, png};
use serde_json::{Value, json};

fn with_post() -> (Terminal, String) {
    let terminal = Terminal::ready();
    terminal.run(["accounts", "add", "whatsapp", "--name", "Quartier"]).done();
    let _ = terminal.file("a.png", png(20, 10));
    let answer =
        terminal.run(["post", "--text", "Bonjour", "--media", "a.png", "--to", "whatsapp"]).ok().json;
    let id = answer["deliveries"][0]["id"].as_str().expect("a text").to_owned();
    (terminal, id)
}

fn states(terminal: &Terminal) -> Value {
    let queue = terminal.run(["queue"]).ok().json;
    queue["deliveries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|d| json!([d["state"], d["waiting_for"]]))
        .collect()
}

#[test]
fn a_workspace_is_made_once() {
    let terminal = Terminal::new();
    for verb in
        [["queue"].as_slice(), &["import", "a.png"], &["run"], &["accounts", "list"], &["backup", "b"]]
    {
        let refused = terminal.run(verb).ended(1);
        assert_eq!(refused.error(), "no_workspace", "{verb:?}");
        assert!(!terminal.workspace().exists(), "{verb:?} made the workspace");
    }
    let made = terminal.run(["init"]).ok().json;
    assert!(made["schema"].as_u64().expect("a number") >= 1, "{made}");
    assert!(Path::new(made["workspace"].as_str().expect("a text")).join("griot.db").is_file(), "{made}");
    assert_eq!(terminal.run(["init"]).ended(1).error(), "workspace_exists");
    terminal.run(["queue"]).done();
}

#[test]
fn a_backup_holds_everything_and_never_publishes_before_it_is_released() {
    let (terminal, id) = with_post();
    let file = terminal.path("sauvegarde.griot");
    let file = file.to_str().expect("a plain name");
    let done = terminal.run(["backup", file]).ok().json;
    assert_eq!(done, json!({ "file": file, "bytes": fs::metadata(file).unwrap().len() }));
    assert_eq!(
        terminal.run(["backup", file]).ended(2).error(),
        "bad_request",
        "a backup is never overwritten"
    );

    let other = Terminal::new();
    let restored = other.run(["restore", file]).ok().json;
    assert_eq!(restored, done);
    assert_eq!(other.run(["call", "library.list"]).ok().json["assets"].as_array().expect("a list").len(), 1);
    assert_eq!(other.run(["restore", file]).ended(1).error(), "workspace_exists");

    other.run(["run", "--until-idle"]).done();
    assert_eq!(states(&other), json!([["waiting", "check_after_move"]]));
    assert!(other.run(["run", "--until-idle"]).ok().stdout.is_empty(), "it stays held");
    other.run(["delivery", &id, "release"]).done();
    other.run(["run", "--until-idle"]).done();
    assert_eq!(states(&other), json!([["assisted", null]]));
}

#[test]
fn a_backup_is_made_while_the_workspace_is_in_use() {
    let (terminal, _) = with_post();
    let mut run = terminal.call().start(["run"]);
    run.wait_for_answer("assisted");
    let file = terminal.path("b");
    terminal.run(["backup", file.to_str().expect("a plain name")]).done();
    drop(run.kill());
    let other = Terminal::new();
    other.run(["restore", file.to_str().expect("a plain name")]).done();
    assert_eq!(other.run(["queue"]).ok().json["deliveries"].as_array().expect("a list").len(), 1);
}

#[test]
fn what_is_no_backup_is_refused_and_nothing_is_made() {
    let (terminal, _) = with_post();
    let whole = terminal.path("whole");
    terminal.run(["backup", whole.to_str().expect("a plain name")]).done();
    let whole = fs::read(whole).unwrap();
    let other = Terminal::new();
    for (name, bytes) in [("empty", &[][..]), ("text", b"Bonjour"), ("cut", &whole[..whole.len() / 2])] {
        let file = other.file(name, bytes);
        let refused = other.run(["restore", file.to_str().expect("a plain name")]).ended(2);
        assert_eq!(refused.error(), "bad_request", "{name}");
        assert_eq!(other.run(["queue"]).ended(1).error(), "no_workspace", "{name}");
    }
    assert_eq!(other.run(["restore", "absent"]).ended(1).error(), "not_found");
}

#[test]
fn a_copied_workspace_goes_out_from_one_place_only() {
    let (terminal, _) = with_post();
    let copied = Terminal::new();
    copy(terminal.workspace(), copied.workspace());
    copied.run(["run", "--until-idle"]).done();
    assert_eq!(states(&copied), json!([["waiting", "check_after_move"]]));
    terminal.run(["run", "--until-idle"]).done();
    assert_eq!(states(&terminal), json!([["assisted", null]]));

    // Beside the first one, on the same machine.
    let (terminal, _) = with_post();
    let beside = terminal.home().join("beside");
    copy(terminal.workspace(), &beside);
    terminal.run(["run", "--until-idle"]).done();
    let beside = beside.to_str().expect("a plain name");
    terminal.run(["run", "--until-idle", "--workspace", beside]).done();
    let queue = terminal.run(["queue", "--workspace", beside]).ok().json;
    assert_eq!(queue["deliveries"][0]["waiting_for"], "check_after_move", "{queue}");
}

/// Where SQLite keeps `user_version` in the file: four bytes, big-endian (its file format, section 1.3).
const USER_VERSION: usize = 60;

#[test]
fn a_workspace_of_a_newer_griot_is_left_alone() {
    let (terminal, _) = with_post();
    let database = terminal.workspace().join("griot.db");
    let mut bytes = fs::read(&database).unwrap();
    bytes[USER_VERSION..USER_VERSION + 4].copy_from_slice(&9999_u32.to_be_bytes());
    fs::write(&database, &bytes).unwrap();
    for verb in [["queue"].as_slice(), &["run", "--until-idle"], &["post", "--text", "t", "--draft"]] {
        let refused = terminal.run(verb).ended(1);
        assert_eq!(refused.error(), "database_too_new", "{verb:?}");
        assert!(!refused.json["error"]["hint"].as_str().expect("a text").is_empty());
    }
    assert_eq!(fs::read(&database).unwrap(), bytes, "not a byte was changed");
}

#[test]
fn half_a_database_is_said_and_a_backup_brings_everything_back() {
    let (terminal, _) = with_post();
    let backup = terminal.path("b");
    terminal.run(["backup", backup.to_str().expect("a plain name")]).done();
    let database = terminal.workspace().join("griot.db");
    let bytes = fs::read(&database).unwrap();
    for kept in [bytes.len() / 2, 50, 0] {
        fs::write(&database, &bytes[..kept]).unwrap();
        let refused = terminal.run(["queue"]).ended(1);
        assert_eq!(refused.error(), "database_damaged", "{kept} of {} bytes", bytes.len());
        assert!(!refused.json["error"]["hint"].as_str().expect("a text").is_empty());
        let doctor = terminal.run(["doctor"]).ok().json;
        assert_eq!(doctor["checks"][0]["ok"], false, "{doctor}");
    }
    let place = terminal.home().join("again");
    let place = place.to_str().expect("a plain name");
    terminal.run(["restore", backup.to_str().expect("a plain name"), "--workspace", place]).done();
    let queue = terminal.run(["queue", "--workspace", place]).ok().json;
    assert_eq!(queue["deliveries"].as_array().expect("a list").len(), 1);
}

#[test]
fn the_workspace_is_found_by_option_then_variable_then_the_systems_folder() {
    let terminal = Terminal::new();
    let named = terminal.home().join("named");
    let line = ["init", "--workspace", named.to_str().expect("a plain name")];
    terminal.call().env("GRIOT_WORKSPACE", terminal.home().join("other")).run(line).done();
    assert!(named.join("griot.db").is_file() && !terminal.home().join("other").exists());
}

#[cfg(unix)]
#[test]
fn what_griot_writes_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;

    let (terminal, _) = with_post();
    let _ = terminal.run(["run", "--until-idle", "--max-seconds", "5"]);
    let backup = terminal.path("all.griot");
    terminal.run(["backup", "all.griot"]).done();
    let first = terminal.workspace().to_owned();
    let restored = terminal.path("restored");
    let terminal = terminal.with_workspace(restored.clone());
    terminal.run(["restore", "all.griot"]).done();
    let ours = [first, terminal.app_dir(), restored, backup];
    let written: Vec<_> = terminal
        .all_files()
        .into_iter()
        .filter(|path| ours.iter().any(|own| path.starts_with(own)))
        .collect();
    assert!(written.iter().filter(|path| path.ends_with("griot.db")).count() == 2, "{written:?}");
    for path in written {
        let mode = fs::metadata(&path).expect("a file").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}: {mode:o}", path.display());
    }
}
