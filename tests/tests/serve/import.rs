//! Files that come in: in pieces, with their size said before, and never more than that.

use griot_tests::terminal::png;
use serde_json::json;

use super::room::Room;

const GB: u64 = 1 << 30;

#[test]
fn a_file_comes_in_pieces() {
    let room = Room::new();
    let browser = room.browser();
    let bytes = png(300, 200);
    let (len, half) = (bytes.len(), bytes.len() / 2);
    let first = browser.put(&format!("/media/import?name=a.png&size={len}"), &bytes[..half]).ok();
    assert_eq!(first["received"], half);
    let upload = first["upload"].as_str().expect("an upload");
    let at = |at: usize| format!("/media/import?name=a.png&size={len}&upload={upload}&at={at}");

    let wrong = browser.put(&at(half + 1), &bytes[half + 1..]);
    wrong.refuses(409, "bad_request");
    assert_eq!(wrong.json()["detail"]["there"], half, "the refusal says where to go on");
    let done = browser.put(&at(half), &bytes[half..]).ok();
    assert_eq!(done["file"]["name"], "a.png");
    let imported = browser.rpc("library.import", &json!({ "files": [done["file"]["handle"]] })).ok();
    assert_eq!(imported["imported"][0]["width"], 300);
    browser.put(&at(half), "x").refuses(404, "not_found");
}

#[test]
fn a_name_is_shown_and_never_a_place() {
    let room = Room::new();
    let browser = room.browser();
    for (name, shown) in
        [("..%2F..%2Fevil.png", "evil.png"), ("C%3A%5Cx%5Ca.png", "a.png"), ("F%C3%AAte.png", "Fête.png")]
    {
        let file = browser.put(&format!("/media/import?name={name}&size=1"), "x").ok();
        assert_eq!(file["file"]["name"], shown);
        assert!(file["file"]["handle"].as_str().is_some_and(|handle| !handle.contains(['/', '\\'])));
    }
}

#[test]
fn five_gigabytes_are_refused_before_a_byte_is_read() {
    let room = Room::new();
    let browser = room.browser();
    let path = format!("/media/import?name=film.mov&size={}", 5 * GB);
    let announced = (5 * GB).to_string();
    let waiting = browser.ask("PUT", &path).origin().header("Content-Length", &announced);
    // Nothing of the body is sent, and the answer comes all the same.
    waiting.clone().send().refuses(413, "media_too_large");
    waiting.header("Expect", "100-continue").send().refuses(413, "media_too_large");
    let small = browser.put(&path, vec![0; 4 << 20]);
    small.refuses(413, "media_too_large");
    assert_eq!(small.json()["detail"]["bytes"], 5 * GB);

    // The size in the address is a lie, the length of the request is not.
    let lie = browser.ask("PUT", "/media/import?name=film.mov&size=1000").origin();
    lie.header("Content-Length", &announced).send().refuses(413, "media_too_large");
    assert_eq!(left_behind(&room), 0, "nothing is kept");
}

#[test]
fn five_gigabytes_under_a_false_size_are_cut_off() {
    let room = Room::new();
    let browser = room.browser();
    // A piece is cut off at eight megabytes and what follows is read on for as much; the rest waits in the system's
    // buffers, which are as large as each system likes.
    let most = 64 << 20;
    for size in [1000, 100 << 20] {
        let path = format!("/media/import?name=film.mov&size={size}");
        let pieces = std::iter::repeat_n(vec![0; 1 << 20], 5 << 10);
        let (answer, taken) = browser.ask("PUT", &path).origin().send_chunks(pieces);
        assert!(taken < most, "{taken} bytes of 5 GB were taken for {size}");
        if let Some(answer) = answer {
            assert!([400, 413].contains(&answer.status), "{}", answer.text());
        }
        assert_eq!(left_behind(&room), 0, "nothing is kept");
    }
    browser.put("/media/import?name=a&size=1", "x").ok();
}

#[test]
fn what_does_not_say_its_size_or_breaks_off_leaves_nothing() {
    let room = Room::new();
    let browser = room.browser();
    let said = browser.put("/media/import?name=a.png", "x").refuses(411, "bad_request");
    assert_eq!(said, "This file does not say how large it is.");
    for query in [
        "name=a&size=-1",
        "name=a&size=x",
        "name=%ff&size=1",
        "name=a&size=1&path=/etc",
        "name=a&size=1&at=x",
    ] {
        browser.put(&format!("/media/import?{query}"), "x").refuses(400, "bad_request");
    }
    browser.put("/media/import?name=a&size=1&upload=no-such&at=0", "x").refuses(404, "not_found");
    browser.ask("POST", "/media/import?name=a&size=1").origin().body("x").send().refuses(405, "bad_request");
    browser.get("/media/import?name=a&size=1").refuses(405, "bad_request");
    // More pages close in the middle of a file than may be under way at once.
    for _ in 0..20 {
        let broken =
            browser.ask("PUT", "/media/import?name=a&size=100").origin().header("Content-Length", "100");
        drop(broken.sent());
        let half =
            browser.ask("PUT", "/media/import?name=a&size=100").origin().header("Content-Length", "100");
        let stream = half.sent();
        stream.shutdown(std::net::Shutdown::Write).expect("a socket");
        let mut answer = Vec::new();
        let _ = std::io::Read::read_to_end(&mut &stream, &mut answer);
    }
    browser.put("/media/import?name=a&size=1", "x").ok();
}

/// Files of uploads that nobody can name any more.
fn left_behind(room: &Room) -> usize {
    let scratch = std::fs::read_dir(room.studio.home.path().join("scratch")).expect("a folder").flatten();
    let pages = scratch.filter(|entry| entry.file_name().to_string_lossy().starts_with("griot-page-"));
    let files = pages.flat_map(|folder| std::fs::read_dir(folder.path()).into_iter().flatten().flatten());
    files.filter(|file| file.file_name().to_string_lossy().starts_with("upload-")).count()
}
