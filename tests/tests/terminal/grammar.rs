//! What may be written, how a call ends, and in which language it answers.

use griot_tests::terminal::Terminal;
use serde_json::json;

#[test]
fn help_and_version_are_answers() {
    let terminal = Terminal::new();
    let help = terminal.say(["--help"]).ok();
    for verb in ["init", "accounts", "import", "post", "queue", "run", "journal", "doctor"] {
        assert!(help.stdout.contains(verb), "{verb} is not in\n{}", help.stdout);
    }
    assert!(terminal.say(["--version"]).ok().stdout.starts_with("griot "));
    assert!(terminal.say(["post", "--help"]).ok().stdout.contains("--variant-media"));
}

#[test]
fn bad_usage_ends_with_2_and_says_what_was_expected() {
    let terminal = Terminal::ready();
    let lines: &[&[&str]] = &[
        &[],
        &["publish"],
        &["serve", "--port", "many"],
        &["import"],
        &["render", "a.jpg", "--out", "out"],
        &["render", "a.jpg", "--as", "cover:10x10:jpeg:80"],
        &["post", "--text", "t"],
        &["post", "--text", "t", "--to", "x", "--late", "whenever"],
        &["post", "--text", "t", "--alt", "A", "--to", "x"],
        &["check", "--network", "x"],
        &["accounts", "add", "mastodon", "--token", "secret"],
        &["delivery", "1", "hand-over"],
        &["delivery", "1", "withdraw"],
        &["queue", "--lang", "de"],
        &["queue", "--secrets", "vault"],
        &["run", "--max-seconds", "-1"],
    ];
    for line in lines {
        let plain = terminal.say(*line).ended(2);
        assert!(plain.stdout.is_empty() && !plain.stderr.is_empty(), "{line:?}: {plain:?}");
    }
    // Whatever happens, a script that asked for JSON gets one object.
    let asked = terminal.run(["serve", "--port", "many"]).ended(2);
    assert_eq!((asked.error(), asked.stdout.lines().count()), ("bad_request", 1));
}

#[test]
fn an_answer_is_one_object_on_one_line() {
    let terminal = Terminal::ready();
    let photo = terminal.file("photo.png", griot_tests::terminal::png(40, 30));
    let photo = photo.to_str().expect("a plain name");
    let lines: &[&[&str]] = &[
        &["presets"],
        &["doctor"],
        &["queue"],
        &["import", photo],
        &["accounts", "list"],
        &["accounts", "fields", "mastodon"],
        &["check", "--network", "x", "hello"],
        &["call", "settings.get", "{}"],
        &["call", "library.list"],
    ];
    for line in lines {
        let output = terminal.run(*line).ok();
        assert_eq!(output.stdout.lines().count(), 1, "{line:?}: {}", output.stdout);
        assert!(output.json.is_object(), "{line:?}: {}", output.stdout);
    }
}

#[test]
fn a_failure_is_an_object_for_scripts_and_a_sentence_for_people() {
    let terminal = Terminal::ready();
    let output = terminal.run(["check", "--network", "myspace", "hello"]).ended(2);
    assert_eq!(output.error(), "unknown_network");
    assert_eq!(output.stdout.lines().count(), 1);
    let message = output.json["error"]["message"].as_str().expect("a text");
    assert!(message.contains("myspace") && output.stderr.contains(message), "{output:?}");

    let plain = terminal.say(["check", "--network", "myspace", "hello"]).ended(2);
    assert!(plain.stdout.is_empty() && !plain.stderr.contains("unknown_network"), "{plain:?}");
}

#[test]
fn the_language_is_asked_for_or_the_systems() {
    let terminal = Terminal::new();
    let heard = |env: &[(&str, &str)], args: &[&str]| {
        let call = env.iter().fold(terminal.call().plain(), |call, (name, value)| call.env(*name, *value));
        call.run(args.iter().chain(&["queue"])).ended(1).stderr
    };
    let english = heard(&[], &[]);
    let french = heard(&[], &["--lang", "fr"]);
    assert_ne!(english, french);
    for env in [[("LANG", "fr_FR.UTF-8")].as_slice(), &[("LC_ALL", "fr_ML"), ("LANG", "en_GB.UTF-8")]] {
        assert_eq!(heard(env, &[]), french, "{env:?}");
    }
    for env in [[("LANG", "de_DE.UTF-8")].as_slice(), &[("LC_ALL", "C"), ("LANG", "fr_FR.UTF-8")]] {
        assert_eq!(heard(env, &[]), english, "{env:?}");
    }
    assert_eq!(heard(&[("LANG", "fr_FR.UTF-8")], &["--lang", "en"]), english);
}

#[test]
fn any_command_can_be_called() {
    let terminal = Terminal::ready();
    let set = terminal.run(["call", "settings.set", r#"{"key":"zone","value":"Africa/Bamako"}"#]).ok();
    assert_eq!(set.json["settings"]["zone"], "Africa/Bamako");
    let read = terminal.call().stdin("{}").run(["call", "settings.get", "-"]).ok();
    assert_eq!(read.json, set.json);
    assert_eq!(terminal.run(["call", "edit.undo"]).ok().json, json!({ "op": "change_setting" }));

    for (line, code) in [
        (["call", "settings.burn", "{}"], "bad_request"),
        (["call", "settings.get", "{"], "bad_request"),
        (["call", "settings.get", "[1]"], "bad_request"),
        (["call", "deliveries.get", "{\"id\":\"x\"}"], "bad_request"),
    ] {
        assert_eq!(terminal.run(line).ended(2).error(), code, "{line:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_text_is_refused_and_nothing_breaks() {
    use std::os::unix::ffi::OsStringExt;
    let terminal = Terminal::ready();
    let odd = std::ffi::OsString::from_vec(b"photo\xff.jpg".to_vec());
    let output = terminal.run([std::ffi::OsString::from("import"), odd]).ended(2);
    assert_eq!(output.error(), "bad_request");
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let terminal = Terminal::new();
    for line in [["presets"].as_slice(), &["--help"], &["doctor"]] {
        let (code, stderr) = terminal.call().plain().run_unheard(line);
        assert_eq!(code, Some(0), "{line:?}: {stderr}");
        assert!(!stderr.contains("panicked") && !stderr.contains("Broken pipe"), "{line:?}: {stderr}");
    }
}
