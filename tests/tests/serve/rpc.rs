//! Commands and events over the wire.

use griot_tests::browser::Browser;
use serde_json::json;

use super::room::Room;

#[test]
fn a_command_answers_as_in_every_host() {
    let room = Room::new();
    let browser = room.browser();
    let answer = browser.rpc("accounts.list", &json!({}));
    assert_eq!(answer.ok(), json!({ "accounts": [] }));
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(browser.post("/rpc/accounts.list", "").send().ok(), json!({ "accounts": [] }));
    browser.rpc("no.such", &json!({})).refuses(400, "bad_request");
    browser
        .rpc("posts.get", &json!({ "post": "018f0000-0000-7000-8000-000000000000" }))
        .refuses(404, "not_found");
    browser.rpc("accounts.add", &json!({ "network": "x", "bad": 1 })).refuses(400, "bad_request");
    browser.rpc("workspace.create", &json!({})).refuses(409, "workspace_exists");
    browser.post("/rpc/accounts.list", "{").send().refuses(400, "bad_request");
    browser.get("/rpc/accounts.list").refuses(405, "bad_request");
}

#[test]
fn a_request_has_an_end() {
    let room = Room::new();
    let browser = room.browser();
    let announced = browser.post("/rpc/posts.save", "").without("Content-Length");
    let announced = announced.header("Content-Length", "8388609").header("Expect", "100-continue").send();
    announced.refuses(413, "bad_request");
    let pieces = std::iter::repeat_n(vec![b' '; 1 << 20], 4096);
    let (answer, taken) = browser.ask("POST", "/rpc/posts.save").origin().send_chunks(pieces);
    assert!(taken < 64 << 20, "the server took {taken} bytes");
    if let Some(answer) = answer {
        answer.refuses(413, "bad_request");
    }
    // As much as a command may hold is taken.
    let text = "a".repeat(7 << 20);
    let answer = browser.rpc("accounts.list", &json!({ "x": text }));
    assert_ne!(answer.status, 413);
}

#[test]
fn what_changes_is_heard_by_everyone_who_listens() {
    let room = Room::new();
    let (first, second) = (room.browser(), room.browser());
    let (mut here, mut there) = (first.events(), second.events());
    let added = json!({ "network": "whatsapp", "name": "Quartier" });
    first.rpc("accounts.add", &added).ok();
    for events in [&mut here, &mut there] {
        let line = events.until("\"changed\"");
        assert!(line.starts_with("data: {") && line.contains("accounts"), "{line}");
    }
}

#[test]
fn so_many_may_listen_and_no_more() {
    let room = Room::new();
    let browser = room.browser();
    let mut listening: Vec<_> = (0..32).map(|_| browser.events()).collect();
    browser.get("/events").refuses(503, "not_now");
    browser.rpc("accounts.list", &json!({})).ok();
    room.addresses.stop();
    assert!(listening.iter_mut().all(|events| events.end()), "the server ends its streams in good order");
    let served = std::net::TcpListener::bind(("127.0.0.1", 0)).expect("a port").local_addr();
    assert_ne!(served.expect("an address").port(), room.port);
}

#[test]
fn a_server_without_a_workspace_makes_one() {
    let room = Room::of(griot_tests::studio::TestStudio::bare(), 0);
    let browser = room.browser();
    browser.rpc("accounts.list", &json!({})).refuses(404, "no_workspace");
    let mut events = browser.events();
    browser.rpc("workspace.create", &json!({})).ok();
    events.until("\"changed\"");
    browser.rpc("accounts.list", &json!({})).ok();
    assert_eq!(Browser::at(room.port).get("/").status, 200);
}
