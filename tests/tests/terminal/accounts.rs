//! Accounts from the terminal: what a network asks for, how secrets come in, and that they never stand in the open.

use griot_stubs::http::{Request, ask};
use griot_stubs::{Auditor, Facebook, facebook};
use griot_tests::terminal::{Running, Terminal};
use serde_json::{Value, json};

/// A passphrase that would be found wherever it leaked to.
const SECRET: &str = "hunter2-hunter2-hunter2";

fn add(terminal: &Terminal, line: &[&str]) -> Value {
    terminal.run(["accounts", "add"].iter().chain(line)).ok().json["account"].clone()
}

#[test]
fn a_network_says_what_it_asks_for() {
    let terminal = Terminal::new();
    for network in ["bluesky", "mastodon"] {
        let answer = terminal.run(["accounts", "fields", network]).ok().json;
        let fields = answer["fields"].as_array().expect("a list");
        assert!(fields.iter().any(|f| f["secret"] == true), "{network}: {answer}");
        for field in fields {
            let keys: Vec<&str> = field.as_object().unwrap().keys().map(String::as_str).collect();
            assert_eq!(keys, ["name", "label", "secret", "optional", "hint"]);
            assert!(!field["hint"].as_str().expect("a text").is_empty(), "{network}: {field}");
        }
    }
    assert_eq!(terminal.run(["accounts", "fields", "whatsapp"]).ok().json, json!({ "fields": [] }));
    assert_eq!(terminal.run(["accounts", "fields", "myspace"]).ended(2).error(), "unknown_network");
}

#[test]
fn an_assisted_account_needs_nothing_but_a_name() {
    let terminal = Terminal::ready();
    let account = add(&terminal, &["whatsapp", "--name", "Chaîne du quartier"]);
    assert_eq!((&account["network"], &account["state"]), (&json!("whatsapp"), &json!("assisted")));
    assert_eq!(account["name"], "Chaîne du quartier");
    let id = account["id"].as_str().expect("a text");

    assert_eq!(terminal.run(["accounts", "list"]).ok().json, json!({ "accounts": [account] }));
    for means in [id, "whatsapp", "chaîne du quartier"] {
        assert_eq!(terminal.run(["accounts", "check", means]).ok().json, json!({ "accounts": [account] }));
    }
    let said = terminal.say(["--lang", "fr", "accounts", "list"]).ok().stdout;
    assert!(said.contains("Chaîne du quartier") && said.contains("à la main"), "{said}");
    assert_eq!(terminal.run(["accounts", "remove", "nobody"]).ended(1).error(), "not_found");
    assert_eq!(terminal.run(["accounts", "remove", "whatsapp"]).ok().json, json!({ "accounts": [] }));
    assert_eq!(terminal.run(["accounts", "remove", id]).ended(1).error(), "not_found");
}

#[test]
fn an_account_that_is_still_needed_stays() {
    let terminal = Terminal::ready();
    let account = add(&terminal, &["whatsapp"]);
    terminal.run(["post", "--text", "Bonjour", "--to", "whatsapp"]).done();
    assert_eq!(
        terminal.run(["accounts", "remove", account["id"].as_str().expect("a text")]).ended(1).error(),
        "not_now"
    );
    assert_eq!(terminal.run(["accounts", "list"]).ok().json["accounts"], json!([account]));
}

#[test]
fn servers_need_https_unless_they_are_this_machine() {
    let terminal = Terminal::ready();
    let line = ["accounts", "add", "mastodon", "--server", "http://mastodon.example"];
    let refused = terminal.call().stdin(format!("{SECRET}\n")).run(line);
    assert!([1, 2].contains(&refused.code) && refused.error() != "offline", "{refused:?}");
    // Nothing listens on port 1: it is asked, so http was accepted there.
    let line = ["accounts", "add", "mastodon", "--server", "http://127.0.0.1:1"];
    let nobody = terminal.call().stdin(format!("{SECRET}\n")).run(line).ended(1);
    assert_eq!(nobody.error(), "offline", "{nobody:?}");
    assert_eq!(terminal.run(["accounts", "list"]).ok().json, json!({ "accounts": [] }));
}

#[test]
fn a_secret_is_one_line_or_an_object_and_is_never_repeated() {
    let terminal = Terminal::ready();
    let line = ["accounts", "add", "mastodon", "--server", "http://127.0.0.1:1"];
    for input in [format!("{SECRET}\nand more\n"), format!("{{\"access_token\": {SECRET}}}")] {
        let refused = terminal.call().stdin(input).env("GRIOT_LOG", "debug").run(line).ended(2);
        assert_eq!(refused.error(), "bad_request");
        assert!(!format!("{refused:?}").contains(SECRET), "{refused:?}");
    }
    let tried = terminal.call().stdin(format!("{SECRET}\n")).env("GRIOT_LOG", "debug").run(line).ended(1);
    assert!(!format!("{tried:?}").contains(SECRET), "{tried:?}");
    for file in terminal.all_files().iter().filter(|p| p.is_file()) {
        let bytes = std::fs::read(file).unwrap();
        let found = bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes());
        assert!(!found, "{} holds the secret", file.display());
    }
}

#[test]
fn secrets_are_opened_only_by_what_needs_them() {
    let terminal = Terminal::ready();
    for line in [["queue"].as_slice(), &["accounts", "list"], &["accounts", "add", "whatsapp"], &["doctor"]] {
        terminal.call().without("GRIOT_PASSPHRASE").run(line).done();
        assert!(!terminal.secrets().exists(), "{line:?}");
    }
    let line = ["accounts", "add", "mastodon", "--server", "http://127.0.0.1:1"];
    let missing = terminal.call().without("GRIOT_PASSPHRASE").stdin("x\n").run(line).ended(1);
    assert_eq!(missing.error(), "secrets");
    assert!(missing.stderr.contains("GRIOT_PASSPHRASE"), "{}", missing.stderr);

    std::fs::write(terminal.secrets(), "not what Griot wrote").unwrap();
    let damaged = terminal.call().stdin("x\n").run(line).ended(1);
    assert_eq!(damaged.error(), "secrets", "{damaged:?}");
    assert_eq!(std::fs::read(terminal.secrets()).unwrap(), b"not what Griot wrote");
}

/// Connects a Page by the person's own app up to the address that they bring back; `more` goes to the command.
fn agreeing(terminal: &Terminal, stub: &Facebook, more: &[&str]) -> (Running, String) {
    let server = stub.url();
    let line = ["accounts", "add", "facebook", "--browser", "--server", &server];
    let app = json!({ "app_id": facebook::APP_ID, "app_secret": facebook::APP_SECRET });
    let call = terminal.call().stdin(format!("{app}\n")).typing().env("GRIOT_LOG", "debug");
    let mut running = call.start(line.iter().chain(more));
    running.wait_for("login_success.html");
    running.wait_for("begins like this");
    let page = running.said().split_whitespace().find(|word| word.contains("/dialog/oauth?"));
    let target = page.and_then(|page| page.strip_prefix(&server)).expect("the page").to_owned();
    let agreed = ask(&server, &Request::new("GET", &target)).expect("an answer");
    let back = agreed.headers.iter().find(|(name, _)| name == "location").expect("an address").1.clone();
    (running, back)
}

#[test]
fn a_page_is_connected_by_ones_own_app_with_the_address_from_standard_input() {
    let (terminal, stub) = (Terminal::ready(), Facebook::start());
    let (mut running, back) = agreeing(&terminal, &stub, &[]);
    running.types(&back.replace("www.facebook.com", "facebook.com.example"));
    let wrong = running.wait().ended(2);
    assert_eq!((wrong.error(), &wrong.json["error"]["detail"]["field"]), ("bad_request", &json!("address")));

    let seconds = i64::try_from(std::time::UNIX_EPOCH.elapsed().expect("now").as_secs()).expect("a time");
    stub.ends(0, seconds + 5 * 86_400);
    let (mut running, back) = agreeing(&terminal, &stub, &[]);
    running.types(&back);
    let done = running.wait().ok();
    assert_eq!(
        (&done.json["account"]["handle"], &done.json["choices"]),
        (&json!(facebook::NAME), &json!([]))
    );
    assert_eq!(done.json["account"]["ends"]["soon"], json!(true));
    let listed = terminal.say(["accounts", "list"]).ok().stdout;
    assert!(listed.contains("until ") && listed.contains(" days"), "{listed}");
    let queue = terminal.say(["queue"]).ok().stdout;
    assert!(queue.contains("Connect the account again"), "{queue}");

    let code = back.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    for secret in [facebook::APP_SECRET, facebook::TOKEN, facebook::USER_TOKEN, code] {
        assert!(!format!("{done:?}").contains(secret), "{secret}");
        for file in terminal.all_files().iter().filter(|p| p.is_file()) {
            let bytes = std::fs::read(file).unwrap();
            let found = bytes.windows(secret.len()).any(|w| w == secret.as_bytes());
            assert!(!found, "{} holds {secret}", file.display());
        }
    }
    assert_eq!(stub.violations(), Vec::<String>::new());
}

#[test]
fn of_several_pages_the_terminal_names_them_and_takes_the_one_that_is_named() {
    let (terminal, stub) = (Terminal::ready(), Facebook::start());
    stub.second_page();
    for (more, told) in [(&[][..], "--page"), (&["--page", "Autre"], "Autre")] {
        let (mut running, back) = agreeing(&terminal, &stub, more);
        running.types(&back);
        let asked = running.wait().ended(2);
        assert_eq!(asked.error(), "bad_request");
        for named in [facebook::PAGE, facebook::NAME, facebook::OTHER_PAGE, facebook::OTHER_NAME, told] {
            assert!(asked.stderr.contains(named), "{named}: {}", asked.stderr);
        }
    }
    assert_eq!(terminal.run(["accounts", "list"]).ok().json, json!({ "accounts": [] }));
    let (mut running, back) = agreeing(&terminal, &stub, &["--page", facebook::OTHER_NAME]);
    running.types(&back);
    assert_eq!(running.wait().ok().json["account"]["handle"], facebook::OTHER_NAME);
}
