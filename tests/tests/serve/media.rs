//! What a page shows: originals, thumbnails, files for publishing by hand, files that were written for it.

use griot_tests::browser::{Answer, Browser};
use griot_tests::terminal::png;
use serde_json::{Value, json};

use super::room::Room;

/// A picture in the library, brought by the page; gives its id and its bytes.
fn picture(browser: &Browser) -> (String, Vec<u8>) {
    let bytes = png(60, 40);
    let file = browser.put(&format!("/media/import?name=a.png&size={}", bytes.len()), bytes.clone()).ok();
    let request = json!({ "files": [file["file"]["handle"]] });
    let done = browser.rpc("library.import", &request).ok();
    (done["imported"][0]["asset"].as_str().expect("an id").to_owned(), bytes)
}

fn ranged(browser: &Browser, path: &str, range: &str) -> Answer {
    browser.ask("GET", path).header("Range", range).send()
}

#[test]
fn an_original_is_shown_as_what_it_is() {
    let room = Room::new();
    let browser = room.browser();
    let (id, bytes) = picture(&browser);
    let whole = browser.get(&format!("/media/asset/{id}"));
    assert_eq!((whole.status, &whole.body), (200, &bytes));
    assert_eq!(whole.header("content-type"), Some("image/png"));
    assert_eq!(whole.header("accept-ranges"), Some("bytes"));
    assert_eq!(whole.header("x-content-type-options"), Some("nosniff"));
    assert_eq!(whole.header("cross-origin-resource-policy"), Some("same-origin"));
    assert!(whole.header("cache-control").is_some_and(|c| c.contains("immutable")));
    let head = browser.ask("HEAD", &format!("/media/asset/{id}")).send();
    let length = bytes.len().to_string();
    assert_eq!(
        (head.status, head.body.len(), head.header("content-length")),
        (200, 0, Some(length.as_str()))
    );
    let thumb = browser.get(&format!("/media/asset/{id}/thumb"));
    assert_eq!((thumb.status, thumb.header("content-type")), (200, Some("image/jpeg")));
    assert!(thumb.body.starts_with(&[0xff, 0xd8, 0xff]), "a JPEG");
    browser.get(&format!("/media/asset/{id}/frame/0")).refuses(400, "bad_request");
}

#[test]
fn a_part_of_a_file_is_answered_as_the_standard_says() {
    let room = Room::new();
    let browser = room.browser();
    let (id, bytes) = picture(&browser);
    let (path, len) = (format!("/media/asset/{id}"), bytes.len());
    for (range, part) in [
        ("bytes=0-0", &bytes[..1]),
        ("bytes=8-15", &bytes[8..16]),
        ("bytes=8-", &bytes[8..]),
        ("bytes=-4", &bytes[len - 4..]),
        ("bytes=0-999999", &bytes[..]),
        ("bytes=-999999", &bytes[..]),
    ] {
        let answer = ranged(&browser, &path, range);
        assert_eq!((answer.status, answer.body.as_slice()), (206, part), "{range}");
        let start = bytes.len() - part.len();
        let start = if range.starts_with("bytes=-") || range.ends_with('-') { start } else { 0 };
        let start = if range == "bytes=8-15" { 8 } else { start };
        let says = format!("bytes {start}-{}/{len}", start + part.len() - 1);
        assert_eq!(answer.header("content-range"), Some(says.as_str()), "{range}");
    }
    for range in ["bytes=0-1,4-5", "bytes=x-", "lines=0-1", "bytes=5-4"] {
        assert_eq!(ranged(&browser, &path, range).status, 200, "{range}");
    }
    for range in [format!("bytes={len}-"), "bytes=99999999999999999999-".to_owned(), "bytes=-0".to_owned()] {
        let answer = ranged(&browser, &path, &range);
        let said = answer.refuses(416, "bad_request");
        assert_eq!(said, "This file ends before that place.");
        assert_eq!(answer.header("content-range"), Some(format!("bytes */{len}").as_str()), "{range}");
    }
}

#[test]
fn what_the_browser_has_is_not_sent_again() {
    let room = Room::new();
    let browser = room.browser();
    let (id, bytes) = picture(&browser);
    let path = format!("/media/asset/{id}");
    let tag = browser.get(&path).header("etag").expect("a tag").to_owned();
    for tags in [tag.clone(), format!("\"x\", W/{tag}"), "*".to_owned()] {
        let same = browser.ask("GET", &path).header("If-None-Match", &tags).send();
        assert_eq!(
            (same.status, same.body.len(), same.header("etag")),
            (304, 0, Some(tag.as_str())),
            "{tags}"
        );
    }
    assert_eq!(browser.ask("GET", &path).header("If-None-Match", "\"x\"").send().status, 200);
    let resumed =
        |had: &str| browser.ask("GET", &path).header("Range", "bytes=4-").header("If-Range", had).send();
    assert_eq!((resumed(&tag).status, resumed(&tag).body), (206, bytes[4..].to_vec()));
    assert_eq!((resumed("\"x\"").status, resumed("\"x\"").body), (200, bytes));
}

#[test]
fn nothing_else_is_shown() {
    let room = Room::new();
    let browser = room.browser();
    let (id, _) = picture(&browser);
    for path in [
        "/media/",
        "/media/asset",
        "/media/asset/..",
        "/media/../griot.db",
        "/media/asset/%2e%2e/%2e%2e/griot.db",
        "/media/asset/..%2f..%2fgriot.db",
        "/media/asset/..%5c..%5cgriot.db",
        "/media/saved/..%2fgriot.db",
        "/media/saved/handle%00:0",
        "/media/saved/handle:99",
        "/media/asset/018f0000-0000-7000-8000-000000000000",
        "/media/asset/018f0000-0000-7000-8000-000000000000/thumb",
        "/media/by-hand/018f0000-0000-7000-8000-000000000000/0",
        &format!("/media/asset/{id}/../../griot.db"),
        &format!("/media/asset/{id}%2fthumb"),
        &format!("/media//asset/{id}"),
    ] {
        browser.get(path).refuses(404, "not_found");
    }
    // A file that a page brought is for commands, and is not shown again.
    let file = browser.put("/media/import?name=a.html&size=3", b"<p>".to_vec()).ok();
    let handle = file["file"]["handle"].as_str().expect("a handle");
    let shown = browser.get(&format!("/media/saved/{handle}"));
    assert_eq!(shown.header("content-type").unwrap_or("application/json"), "application/octet-stream");
    assert!(shown.header("content-disposition").is_some_and(|d| d.starts_with("attachment")));
}

#[test]
fn a_backup_is_taken_away_through_the_browser() {
    let room = Room::new();
    let browser = room.browser();
    let place = browser.put("/media/save?name=F%C3%AAte%20%22du%22%20fleuve.griot", "").ok();
    let handle = place["file"]["handle"].as_str().expect("a handle").to_owned();
    let path = format!("/media/saved/{}", handle.replace(':', "%3A"));
    browser.get(&path).refuses(404, "not_found");
    let done = browser.rpc("workspace.backup", &json!({ "file": handle })).ok();
    let taken = browser.get(&path);
    assert_eq!(Value::from(taken.body.len()), done["bytes"]);
    assert_eq!(taken.header("content-type"), Some("application/octet-stream"));
    let disposition = taken.header("content-disposition").expect("a name");
    assert_eq!(disposition, "attachment; filename*=UTF-8''F%C3%AAte%20%22du%22%20fleuve.griot");
}

#[test]
fn a_films_address_plays_that_film_and_opens_nothing_else() {
    let room = Room::new();
    let browser = room.browser();
    let (id, bytes) = picture(&browser);
    let (other, _) = {
        let bytes = png(30, 30);
        let file = browser.put(&format!("/media/import?name=b.png&size={}", bytes.len()), bytes).ok();
        let done = browser.rpc("library.import", &json!({ "files": [file["file"]["handle"]] })).ok();
        (done["imported"][0]["asset"].as_str().expect("an id").to_owned(), ())
    };
    let studio = room.stop();
    let films = Room::of_films(studio);
    let address = films.addresses.film(id.parse().expect("an id"));
    let path =
        address.strip_prefix(&format!("http://127.0.0.1:{}", films.port)).expect("an address").to_owned();
    let player = Browser::at(films.port);
    assert_eq!(player.get(&path).body, bytes);
    let part =
        player.ask("GET", &path).header("Range", "bytes=2-5").header("Sec-Fetch-Site", "cross-site").send();
    assert_eq!((part.status, part.body.as_slice()), (206, &bytes[2..6]));
    assert_eq!(part.header("cross-origin-resource-policy"), Some("cross-origin"));
    assert_eq!(player.ask("HEAD", &path).send().status, 200);
    player.ask("POST", &path).body("x").send().refuses(405, "bad_request");
    player
        .ask("GET", &path)
        .without("Host")
        .header("Host", "griot.example")
        .send()
        .refuses(421, "bad_request");
    for path in [
        "/".to_owned(),
        "/events".to_owned(),
        format!("/media/asset/{id}"),
        format!("/media/asset/{other}"),
        format!("{path}/thumb"),
        format!("{path}/../{other}"),
        "/film/".to_owned(),
        format!("/film/{id}"),
        format!("/film/{}", "0".repeat(64)),
    ] {
        player.get(&path).refuses(404, "not_found");
    }
    player.post("/session", "{\"token\":\"x\"}").send().refuses(404, "not_found");
    player.rpc("accounts.list", &json!({})).refuses(404, "not_found");

    let minutes = |n: u64| films.studio.clock.advance(std::time::Duration::from_secs(n * 60));
    minutes(9);
    assert_eq!(player.get(&path).status, 200, "an address that is used goes on");
    minutes(9);
    assert_eq!(player.get(&path).status, 200);
    minutes(10);
    let said = player.get(&path).refuses(404, "not_found");
    assert_eq!(said, "The address of this film is no longer valid.");
}

#[test]
fn an_original_that_vanished_is_a_sentence() {
    let room = Room::new();
    let browser = room.browser();
    let (id, _) = picture(&browser);
    std::fs::remove_dir_all(room.studio.studio.folder().join("media")).expect("media go away");
    let said = browser.get(&format!("/media/asset/{id}"));
    assert_eq!(said.status, 404, "{}", said.text());
    said.refuses(404, "not_found");
}
