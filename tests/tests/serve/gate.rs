//! Who is let in: the exact address, the page's own origin, and nobody without a session.

use griot_tests::browser::Browser;
use serde_json::json;

use super::room::Room;

/// What needs a session, as a browser asks for it.
const KEPT: &[(&str, &str)] = &[
    ("GET", "/events"),
    ("GET", "/media/asset/018f0000-0000-7000-8000-000000000000"),
    ("HEAD", "/media/saved/handle:0"),
    ("GET", "/media/../griot.db"),
    ("POST", "/rpc/accounts.list"),
    ("POST", "/rpc/no.such"),
    ("PUT", "/media/import?name=a&size=1"),
];

#[test]
fn without_a_session_nothing_is_told() {
    let room = Room::new();
    let stranger = Browser::at(room.port);
    for (method, path) in KEPT {
        let asked = stranger.ask(method, path).origin().body("x").send();
        assert_eq!(asked.status, 401, "{method} {path}");
        if *method != "HEAD" {
            asked.refuses(401, "no_session");
        }
        let guessed = stranger.ask(method, path).origin().header("Cookie", &format!("griot-{}=", room.port));
        assert_eq!(guessed.send().status, 401, "{method} {path}");
    }
    // The page itself is everyone's, and says nothing of the studio.
    assert_eq!(stranger.get("/").status, 200);
}

#[test]
fn a_request_that_names_another_host_is_not_for_this_server() {
    let room = Room::new();
    let browser = room.browser();
    let port = room.port;
    let others = [
        "127.0.0.1".to_owned(),
        format!("localhost:{port}"),
        format!("griot.example:{port}"),
        format!("127.0.0.1:{}", port ^ 1),
        format!("127.0.0.1:{port}."),
        format!("[::1]:{port}"),
    ];
    for host in &others {
        for (method, path) in
            [("GET", "/"), ("GET", "/events"), ("POST", "/rpc/accounts.list"), ("GET", "/film/x")]
        {
            let asked =
                browser.ask(method, path).without("Host").header("Host", host).origin().body("{}").send();
            let said = asked.refuses(421, "bad_request");
            assert_eq!(said, "Griot does not answer under this address.", "{host} {path}");
        }
    }
    assert_eq!(browser.ask("GET", "/").header("Host", &others[0]).send().status, 421, "two hosts");
    assert_eq!(browser.ask("GET", "/").without("Host").send().status, 421, "no host");
    let absolute = format!("http://griot.example:{port}/");
    assert_eq!(browser.ask("GET", &absolute).send().status, 421, "an address with another host");
}

#[test]
fn another_page_of_the_same_browser_may_nothing() {
    let room = Room::new();
    let browser = room.browser();
    let strangers =
        ["http://evil.example", "null", "http://127.0.0.1", "http://localhost:1", "https://127.0.0.1:1", ""];
    for origin in strangers {
        for (method, path) in KEPT.iter().chain(&[("POST", "/session"), ("GET", "/"), ("DELETE", "/")]) {
            let asked = browser.ask(method, path).header("Origin", origin).body("{}").send();
            assert_eq!(asked.status, 403, "{origin} {method} {path}");
            assert_eq!(asked.header("access-control-allow-origin"), None);
        }
    }
    for (method, path) in
        [("POST", "/rpc/accounts.list"), ("PUT", "/media/import?name=a&size=1"), ("POST", "/session")]
    {
        let said = browser.ask(method, path).body("{}").send().refuses(403, "bad_request");
        assert_eq!(said, "This request does not say which page it comes from.");
    }
    for site in ["cross-site", "same-site"] {
        let asked = browser.ask("GET", "/events").header("Sec-Fetch-Site", site).send();
        let said = asked.refuses(403, "bad_request");
        assert_eq!(said, "Another page asks for this in your place.");
    }
    let preflight = browser
        .ask("OPTIONS", "/rpc/accounts.list")
        .header("Origin", "http://evil.example")
        .header("Access-Control-Request-Method", "POST")
        .send();
    assert_eq!(preflight.status, 403);
    assert!(preflight.headers.iter().all(|(name, _)| !name.starts_with("access-control")), "{preflight:?}");
    browser.rpc("accounts.list", &json!({})).ok();
}

#[test]
fn the_same_refusals_are_said_in_french() {
    let french = griot_tests::terminal::Terminal::ready();
    let mut program = french.call().start(["serve", "--lang", "fr"]);
    let address = program.answer();
    let port = u16::try_from(address["port"].as_u64().expect("a port")).expect("a port");
    let stranger = Browser::at(port);
    let said = stranger.get("/events").refuses(401, "no_session");
    assert_eq!(said, "Cette page n’est pas encore reliée à Griot.");
    let said = stranger.exchange("x").refuses(403, "no_session");
    assert_eq!(said, "Cette adresse a déjà servi, ou elle a plus de dix minutes.");
    let said =
        stranger.ask("GET", "/").header("Origin", "http://evil.example").send().refuses(403, "bad_request");
    assert_eq!(said, "Une autre page demande cela à votre place.");
    program.kill();
}

#[test]
fn lines_without_an_end_are_not_read() {
    let room = Room::new();
    let long = "x".repeat(64 << 10);
    let asked = Browser::at(room.port).ask("GET", "/").header("X-Long", &long).send();
    assert_eq!(asked.status, 431);
}
