//! The address that works once, and the session that comes of it.

use std::time::Duration;

use griot_tests::browser::Browser;
use serde_json::json;

use super::room::Room;

fn token(url: &str) -> &str {
    url.split_once("#token=").expect("an address with a token").1
}

#[test]
fn an_address_works_once() {
    let room = Room::new();
    let url = room.addresses.page();
    assert!(url.starts_with(&format!("http://127.0.0.1:{}/#token=", room.port)), "{url}");
    assert_eq!(token(&url).len(), 64, "256 bits");
    let stranger = Browser::at(room.port);
    let first = stranger.exchange(token(&url));
    assert_eq!(first.status, 200);
    let cookie = first.header("set-cookie").expect("a cookie");
    assert!(cookie.starts_with(&format!("griot-{}=", room.port)), "{cookie}");
    assert!(cookie.ends_with("; HttpOnly; SameSite=Strict; Path=/"), "{cookie}");
    let again = stranger.exchange(token(&url)).refuses(403, "no_session");
    assert_eq!(again, "This address has been used already, or it is more than ten minutes old.");
    for wrong in ["", "x", &"0".repeat(64)] {
        stranger.exchange(wrong).refuses(403, "no_session");
    }
    // A session's own secret is no address.
    let secret = cookie.split(['=', ';']).nth(1).expect("a value");
    stranger.exchange(secret).refuses(403, "no_session");
}

#[test]
fn an_address_is_good_for_ten_minutes() {
    let room = Room::new();
    let (early, late) = (room.addresses.page(), room.addresses.page());
    room.studio.clock.advance(Duration::from_secs(599));
    assert_eq!(Browser::at(room.port).exchange(token(&early)).status, 200);
    room.studio.clock.advance(Duration::from_secs(1));
    Browser::at(room.port).exchange(token(&late)).refuses(403, "no_session");
}

#[test]
fn what_is_no_token_is_refused_before_it_is_read_far() {
    let room = Room::new();
    let stranger = Browser::at(room.port);
    for body in ["", "{", "[]", "{\"token\":1}", "{\"token\":\"x\",\"more\":1}"] {
        stranger.post("/session", body).send().refuses(400, "bad_request");
    }
    stranger.post("/session", vec![b'x'; 4096]).send().refuses(413, "bad_request");
    stranger.get("/session").refuses(405, "bad_request");
}

#[test]
fn a_page_goes_on_when_its_core_was_started_again() {
    let room = Room::new();
    let browser = room.browser();
    let (port, app) = (room.port, room.studio.studio.app_dir().to_owned());
    let studio = room.stop();
    let room = Room::of(studio, port);
    browser.rpc("accounts.list", &json!({})).ok();

    let files: Vec<_> = std::fs::read_dir(app.join("sessions")).expect("a folder").flatten().collect();
    assert_eq!(files.len(), 1, "one file for this port and workspace");
    let kept = std::fs::read_to_string(files[0].path()).expect("a text");
    let secret = browser.cookie().split_once('=').expect("a value").1;
    assert!(!kept.contains(secret), "only a hash is kept");
    assert!(kept.contains(&blake3_of(secret)), "{kept}");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = files[0].metadata().expect("its facts").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }

    // Another port and another workspace know nothing of it.
    let other_port = Room::of(room.studio.at("workspace", "app"), 0);
    let moved = browser.cookie().replace(&format!("griot-{port}"), &format!("griot-{}", other_port.port));
    let asked = Browser::at(other_port.port).post("/rpc/accounts.list", "{}").header("Cookie", &moved).send();
    asked.refuses(401, "no_session");
    drop(other_port);
    let elsewhere = room.stop().at("elsewhere", "app");
    elsewhere.ok("workspace.create", json!({}));
    let _room = Room::of(elsewhere, port);
    browser.rpc("accounts.list", &json!({})).refuses(401, "no_session");
}

fn blake3_of(secret: &str) -> String {
    blake3::hash(secret.as_bytes()).to_hex().to_string()
}

#[test]
fn a_session_ends_a_day_after_it_was_last_seen() {
    let room = Room::new();
    let browser = room.browser();
    for _ in 0..3 {
        room.studio.clock.advance(Duration::from_secs(20 * 3600));
        browser.rpc("accounts.list", &json!({})).ok();
    }
    room.studio.clock.advance(Duration::from_secs(24 * 3600));
    browser.rpc("accounts.list", &json!({})).refuses(401, "no_session");
}

#[test]
fn a_page_goes_on_after_its_machine_slept_for_days_and_once_more_after_its_core_was_started_again() {
    let room = Room::new();
    let browser = room.browser();
    for hours in [25, 24 * 6] {
        room.studio.clock.sleep(Duration::from_secs(hours * 3600));
        browser.rpc("accounts.list", &json!({})).ok();
    }
    let port = room.port;
    let room = Room::of(room.stop(), port);
    browser.rpc("accounts.list", &json!({})).ok();
    // A machine that was off is another matter: what was not seen for a day by the clock has ended.
    let studio = room.stop();
    studio.clock.sleep(Duration::from_secs(25 * 3600));
    let room = Room::of(studio, port);
    browser.rpc("accounts.list", &json!({})).refuses(401, "no_session");
    // A new address, in the same browser: it goes on.
    assert_eq!(browser.exchange(token(&room.addresses.page())).status, 200);
}

#[test]
fn a_damaged_file_of_sessions_is_no_session() {
    let room = Room::new();
    let browser = room.browser();
    let (port, app) = (room.port, room.studio.studio.app_dir().to_owned());
    let studio = room.stop();
    let file =
        std::fs::read_dir(app.join("sessions")).expect("a folder").flatten().next().expect("a file").path();
    let text = std::fs::read_to_string(&file).expect("a text");
    std::fs::write(&file, &text[..text.len() / 2]).expect("written");
    let room = Room::of(studio, port);
    browser.rpc("accounts.list", &json!({})).refuses(401, "no_session");
    let _ = room.browser();
}
