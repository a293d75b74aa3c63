//! What the terminal says: the thing by its name, what happened, what to do, in the language that was asked for.

use griot_tests::terminal::Terminal;
use serde_json::{Value, json};

fn with_account() -> Terminal {
    let terminal = Terminal::ready();
    terminal.run(["accounts", "add", "whatsapp", "--name", "Quartier"]).done();
    terminal
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let terminal = with_account();
    let line = ["post", "--text", "t", "--to", "whatsapp", "--media", "manque.jpg"];
    let said = terminal.say(line).ended(1).stderr;
    assert!(said.contains("manque.jpg does not exist.") && !said.contains('?'), "{said}");
    let said = terminal.say(["check", "--network", "x", "t", "--media", "manque.jpg"]).ended(1).stderr;
    assert!(said.contains("manque.jpg"), "{said}");
}

#[test]
fn a_file_that_is_refused_is_named() {
    let terminal = with_account();
    let _ = terminal.file("notes.txt", "Des mots, pas une image.");
    let said = |lang: &str| {
        let line = ["--lang", lang, "post", "--text", "t", "--to", "whatsapp", "--media", "notes.txt"];
        terminal.say(line).ended(1).stderr
    };
    assert!(said("fr").starts_with("notes.txt\u{a0}: Ce fichier n\u{2019}est"), "{}", said("fr"));
    assert!(said("en").starts_with("notes.txt: This file is"), "{}", said("en"));
}

#[test]
fn what_is_no_id_is_said_in_a_sentence() {
    let terminal = with_account();
    for line in [["delivery", "zzz"].as_slice(), &["delivery", "zzz", "retry"], &["accounts", "check", "zzz"]]
    {
        let fr = terminal.say([&["--lang", "fr"], line].concat());
        let en = terminal.say(line);
        assert!(fr.stderr.contains("«\u{a0}zzz\u{a0}»"), "{line:?}: {}", fr.stderr);
        assert!(en.stderr.contains("\u{201c}zzz\u{201d}"), "{line:?}: {}", en.stderr);
        for said in [&fr.stderr, &en.stderr] {
            assert!(!said.contains("UUID") && !said.contains("line 1"), "{line:?}: {said}");
        }
    }
}

#[test]
fn what_the_grammar_refuses_is_french_where_french_was_asked_for() {
    let terminal = Terminal::ready();
    for line in [["publier"].as_slice(), &["import"], &["run", "--max-seconds", "dix"], &["queue", "--nope"]]
    {
        let said = terminal.say([&["--lang", "fr"], line].concat()).ended(2).stderr;
        assert!(!said.to_lowercase().contains("error"), "{line:?}: {said}");
        for english in ["unexpected", "invalid", "required", "For more information", "unrecognized"] {
            assert!(!said.contains(english), "{line:?}: {said}");
        }
    }
}

#[test]
fn a_post_answers_in_the_zone_that_was_given_and_a_move_keeps_it() {
    let terminal = with_account();
    terminal.run(["call", "settings.set", r#"{"key":"zone","value":"Europe/Paris"}"#]).done();
    let line = |at: &'static str| {
        ["post", "--text", "t", "--to", "whatsapp", "--at", at, "--zone", "Africa/Nairobi"]
    };
    let said = terminal.say(line("2099-12-01T09:00")).ok().stdout;
    assert!(said.contains("2099-12-01 09:00 Africa/Nairobi"), "{said}");
    let id = terminal.run(line("2099-12-02T09:00")).ok().json["deliveries"][0]["id"].clone();
    let id = id.as_str().expect("a text");
    let moved = terminal.run(["delivery", id, "move", "--at", "2099-12-03T10:00"]).ok().json;
    assert_eq!(moved["delivery"]["wall"]["zone"], "Africa/Nairobi");
    assert_eq!(moved["delivery"]["due"], "2099-12-03T07:00:00.000Z");
    let said = terminal.say(["delivery", id, "move", "--at", "2099-12-04T10:00"]).ok().stdout;
    assert!(said.contains("2099-12-04 10:00 Africa/Nairobi"), "{said}");
    let other = ["delivery", id, "move", "--at", "2099-12-05T10:00", "--zone", "Africa/Bamako"];
    assert_eq!(terminal.run(other).ok().json["delivery"]["wall"]["zone"], "Africa/Bamako");
}

#[test]
fn a_backup_into_a_folder_that_is_not_there_names_that_folder() {
    let terminal = Terminal::ready();
    let said = terminal.say(["backup", "absent/copie.griot"]).ended(1).stderr;
    assert!(said.contains("absent does not exist") && !said.contains("griot.db"), "{said}");
    let said = terminal.say(["--lang", "fr", "journal", "export", "absent/journal.txt"]).ended(1).stderr;
    assert!(said.contains("Le dossier") && said.contains("absent"), "{said}");
}

#[test]
fn the_zone_of_the_environment_is_the_zone_of_the_answers() {
    let terminal = with_account();
    let line = ["post", "--text", "t", "--to", "whatsapp", "--at", "2099-12-01T09:00"];
    let said = terminal.call().plain().env("TZ", "Africa/Nairobi").run(line).ok().stdout;
    assert!(said.contains("Africa/Nairobi"), "{said}");
}

#[test]
fn the_doctor_speaks_of_the_secrets_that_are_in_use() {
    let terminal = Terminal::ready();
    let checks = terminal.run(["doctor"]).ok().json["checks"].clone();
    let place = terminal.secrets();
    let secrets = checks.as_array().expect("a list").iter().find(|check| check["name"] == "keychain");
    let detail = secrets.expect("it looks at the secrets")["detail"].as_str().expect("a text");
    assert!(detail.contains(place.to_str().expect("a plain path")), "{detail}");
}

#[test]
fn a_run_that_leaves_something_unsettled_ends_with_3_and_says_how_many_and_why() {
    let terminal = with_account();
    let _ = terminal.file("a.png", griot_tests::terminal::png(20, 10));
    let line = ["post", "--text", "t", "--media", "a.png", "--alt", "A", "--to", "whatsapp"];
    let id = terminal.run(line).ok().json["deliveries"][0]["id"].as_str().expect("a text").to_owned();
    let originals = terminal.workspace().join("media/originals");
    std::fs::remove_dir_all(&originals).expect("the library keeps originals there");
    let run = terminal.run(["run", "--until-idle"]).ended(3);
    let end = run.events().pop().expect("a last line");
    assert_eq!(end, json!({ "event": "end", "unsettled": 1 }));
    let again = terminal.say(["--lang", "fr", "run", "--until-idle"]).ended(3).stdout;
    assert!(again.ends_with("1 publication n\u{2019}est pas réglée\u{a0}: voyez griot queue.\n"), "{again}");
    terminal.run(["delivery", &id, "cancel"]).done();
    terminal.run(["run", "--until-idle"]).done();
}

#[test]
fn what_is_kept_of_a_delivery_is_read_in_the_language_of_now() {
    let terminal = with_account();
    let _ = terminal.file("a.png", griot_tests::terminal::png(20, 10));
    let line = ["post", "--text", "t", "--media", "a.png", "--alt", "A", "--to", "whatsapp"];
    let id = terminal.run(line).ok().json["deliveries"][0]["id"].as_str().expect("a text").to_owned();
    std::fs::remove_dir_all(terminal.workspace().join("media/originals")).expect("originals are kept there");
    let run = terminal.say(["--lang", "fr", "run", "--until-idle"]).ended(3).stdout;
    assert!(run.contains("pas partie\n  L\u{2019}original de"), "the reason is printed: {run}");
    let read = |lang: &str| -> Value {
        terminal.run(["--lang", lang, "delivery", &id]).ok().json["delivery"]["reason"].clone()
    };
    assert!(read("fr").as_str().is_some_and(|said| said.contains("n\u{2019}est plus dans la médiathèque")));
    assert!(read("en").as_str().is_some_and(|said| said.contains("is no longer in the library")));
    let said = terminal.run(["--lang", "en", "delivery", &id]).ok().json;
    let detail = said["delivery"]["attempts"][0]["detail"].as_str().expect("a text");
    assert!(detail.contains("is no longer in the library"), "{detail}");
}
