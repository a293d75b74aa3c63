//! `griot serve` itself: what it prints, what it keeps to itself, how it ends, two of them on one workspace.

use griot_tests::browser::Browser;
use griot_tests::terminal::{Running, Terminal};
use serde_json::{Value, json};

fn start(terminal: &Terminal, args: &[&str]) -> (Running, Value) {
    let mut running = terminal.call().start(["serve"].iter().chain(args));
    let address = running.answer();
    (running, address)
}

fn url(address: &Value) -> &str {
    address["url"].as_str().expect("an address")
}

#[test]
fn it_prints_its_address_and_serves_without_a_workspace() {
    let terminal = Terminal::new();
    let (running, address) = start(&terminal, &[]);
    assert!(url(&address).starts_with(&format!("http://127.0.0.1:{}/#token=", address["port"])), "{address}");
    assert!(!terminal.workspace().exists(), "serving makes no workspace");
    let browser = Browser::open(url(&address));
    browser.rpc("accounts.list", &json!({})).refuses(404, "no_workspace");
    let made = browser.rpc("workspace.create", &json!({ "name": "Bamako" })).ok();
    assert!(made["workspace"].is_string(), "{made}");
    browser.rpc("accounts.list", &json!({})).ok();
    // The page never passes a path of its own.
    let path = terminal.file("a.png", griot_tests::terminal::png(20, 10));
    let refused = browser.rpc("library.import", &json!({ "files": [path] }));
    assert!(refused.status == 400 || refused.json()["imported"] == json!([]), "{}", refused.text());
    running.kill();
}

#[test]
fn posts_go_out_while_it_serves() {
    let terminal = Terminal::ready();
    let (running, address) = start(&terminal, &[]);
    let browser = Browser::open(url(&address));
    let mut events = browser.events();
    let account = browser.rpc("accounts.add", &json!({ "network": "whatsapp", "name": "Quartier" })).ok();
    let id = account["account"]["id"].clone();
    browser.rpc("posts.compose", &json!({ "text": "Bonjour", "to": [id] })).ok();
    events.until("\"assisted\"");
    running.kill();
}

#[cfg(unix)]
#[test]
fn a_second_one_on_its_port_says_so_and_ctrl_c_ends_the_first() {
    let terminal = Terminal::ready();
    let (mut running, address) = start(&terminal, &[]);
    let port = address["port"].to_string();
    let other = Terminal::ready();
    let refused = other.run(["serve", "--port", &port, "--lang", "en"]).ended(1);
    assert_eq!(refused.error(), "environment");
    assert!(
        refused.stderr.contains(&format!("Port {port} is taken by another program already.")),
        "{}",
        refused.stderr
    );
    let refused = other.run(["serve", "--port", &port, "--lang", "fr"]).ended(1);
    assert!(refused.stderr.contains(&format!("Le port {port} est déjà pris")), "{}", refused.stderr);

    let browser = Browser::open(url(&address));
    let mut events = browser.events();
    running.interrupt();
    assert!(events.end(), "a page that listens hears the end");
    let ended = running.wait();
    assert_eq!(ended.code, 130, "{}", ended.stderr);

    // Started again on the same port, it knows the page.
    let (running, _) = start(&terminal, &["--port", &port]);
    browser.rpc("accounts.list", &json!({})).ok();
    running.kill();
}

#[test]
fn a_change_in_one_is_heard_in_the_other() {
    let terminal = Terminal::ready();
    let (first, one) = start(&terminal, &[]);
    let (second, two) = start(&terminal, &[]);
    let (here, there) = (Browser::open(url(&one)), Browser::open(url(&two)));
    for (name, writes, hears) in [("Quartier", &here, &there), ("Marché", &there, &here)] {
        let mut events = hears.events();
        writes.rpc("accounts.add", &json!({ "network": "whatsapp", "name": name })).ok();
        events.until("\"changed\"");
    }
    let both = |browser: &Browser| {
        browser.rpc("accounts.list", &json!({})).ok()["accounts"].as_array().map(Vec::len)
    };
    assert_eq!((both(&here), both(&there)), (Some(2), Some(2)));
    // One browser keeps both cookies: neither server takes the other's.
    let mixed = here.with_port(u16::try_from(two["port"].as_u64().expect("a port")).expect("a port"));
    mixed.rpc("accounts.list", &json!({})).refuses(401, "no_session");
    first.kill();
    second.kill();
}

#[test]
fn no_secret_is_in_the_log() {
    let terminal = Terminal::ready();
    let mut running = terminal.call().env("GRIOT_LOG", "trace").start(["serve"]);
    let address = running.answer();
    let browser = Browser::open(url(&address));
    browser.rpc("accounts.list", &json!({})).ok();
    let added = json!({ "network": "mastodon", "server": "http://127.0.0.1:9", "fields": { "token": "hunter2hunter2" } });
    let _ = browser.rpc("accounts.add", &added);
    browser.exchange("wrong-token-wrong-token").refuses(403, "no_session");
    browser.get("/film/0123456789abcdef").refuses(404, "not_found");
    let ended = running.kill();
    let token = url(&address).split_once("#token=").expect("a token").1;
    let secret = browser.cookie().split_once('=').expect("a value").1;
    assert!(ended.stderr.contains("answered"), "the log is there: {}", ended.stderr);
    for word in [token, secret, "hunter2hunter2", "wrong-token", "0123456789abcdef"] {
        assert!(!ended.stderr.contains(word), "{word}");
    }
    let kept: Vec<_> = terminal.all_files().into_iter().filter(|path| path.is_file()).collect();
    for path in kept {
        let bytes = std::fs::read(&path).expect("a file of the home");
        let holds = |word: &str| bytes.windows(word.len()).any(|window| window == word.as_bytes());
        assert!(!holds(token) && !holds(secret), "{}", path.display());
    }
}
