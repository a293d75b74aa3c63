//! Bad input: a clear answer, and nothing is lost.

use std::fs;

use griot_app::Code;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

fn import(t: &TestStudio, name: &str, bytes: &[u8]) -> Value {
    let path = t.home.path().join(name);
    fs::write(&path, bytes).expect("written");
    t.ask("library.import", json!({ "files": [path] }))
}

#[test]
fn files_that_are_not_media_are_refused_one_by_one_and_the_good_ones_stay() {
    let t = TestStudio::new();
    let good = t.png("good.png", 10, 10);
    let text = t.home.path().join("text.jpg");
    fs::write(&text, "this is a text, not a photo").expect("written");
    let empty = t.home.path().join("empty.png");
    fs::write(&empty, "").expect("written");
    let missing = t.home.path().join("missing.jpg");
    let answer = t.ask("library.import", json!({ "files": [text, good, empty, missing] }));
    assert_eq!(answer["imported"].as_array().map(Vec::len), Some(1));
    let codes: Vec<_> = answer["refused"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|r| r["code"].as_str().unwrap_or_default().to_owned())
        .collect();
    assert_eq!(codes.len(), 3);
    assert!(
        codes.contains(&"not_media".to_owned())
            && codes.contains(&"media_damaged".to_owned())
            && codes.contains(&"not_found".to_owned()),
        "{codes:?}"
    );
}

#[test]
fn a_gigapixel_header_is_refused_by_its_header() {
    let t = TestStudio::new();
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend_from_slice(&60_000_u32.to_be_bytes());
    png.extend_from_slice(&60_000_u32.to_be_bytes());
    png.extend_from_slice(&[8, 2, 0, 0, 0]);
    png.extend_from_slice(&[0; 4]);
    let answer = import(&t, "bomb.png", &png);
    let code = answer["refused"][0]["code"].as_str().unwrap_or_default();
    assert!(code == "media_too_large" || code == "media_damaged", "{code}");
    assert!(answer["imported"].as_array().is_some_and(Vec::is_empty));
}

/// A sound TIFF of one pixel in the colours of colour fax, which are not read.
fn tiff_of_a_colour_fax() -> Vec<u8> {
    let entries: [(u16, u16, u32, u32); 9] = [
        (256, 3, 1, 1),
        (257, 3, 1, 1),
        (258, 3, 3, 122),
        (259, 3, 1, 1),
        (262, 3, 1, 10),
        (273, 4, 1, 128),
        (277, 3, 1, 3),
        (278, 3, 1, 1),
        (279, 4, 1, 3),
    ];
    let mut file = b"II*\0\x08\0\0\0\x09\0".to_vec();
    for (tag, kind, count, value) in entries {
        file.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        file.extend([count.to_le_bytes(), value.to_le_bytes()].concat());
    }
    file.extend([0; 4]);
    file.extend([8, 0, 8, 0, 8, 0, 128, 128, 128]);
    file
}

#[test]
fn a_kind_of_tiff_that_is_not_read_is_refused_by_its_name() {
    let t = TestStudio::new();
    let answer = import(&t, "print.tif", &tiff_of_a_colour_fax());
    let refused = &answer["refused"][0];
    assert_eq!(refused["code"], "media_unsupported", "{answer}");
    assert_eq!(
        refused["message"],
        "Griot does not take this kind of file: a TIFF whose colours Griot does not read (of 8 bits)."
    );
    assert!(answer["imported"].as_array().is_some_and(Vec::is_empty), "{answer}");
}

#[test]
fn the_same_bytes_under_another_name_are_recognised() {
    let t = TestStudio::new();
    let one = t.png("one.png", 12, 12);
    let first = t.ask("library.import", json!({ "files": [one] }));
    let two = t.home.path().join("two.png");
    fs::copy(one, &two).expect("copied");
    let second = t.ask("library.import", json!({ "files": [two] }));
    assert_eq!(second["imported"][0]["duplicate"], true);
    assert_eq!(second["imported"][0]["asset"], first["imported"][0]["asset"]);
    assert_eq!(t.ask("library.list", json!({}))["assets"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_disk_that_fills_during_an_import_leaves_no_half_file_and_the_next_import_works() {
    let t = TestStudio::new();
    let photo = t.png("photo.png", 32, 32);
    for point in ["import.write", "import.sync", "store.before_commit"] {
        t.fail_at(point, std::io::ErrorKind::StorageFull);
        let answer = t.ask("library.import", json!({ "files": [photo] }));
        assert_eq!(answer["refused"][0]["code"], "disk_full", "{point}: {answer}");
        t.mend();
        let originals = t.home.path().join("workspace/media/originals");
        let half = fs::read_dir(&originals)
            .expect("the folder")
            .filter(|e| e.as_ref().is_ok_and(|e| e.path().is_file()))
            .count();
        assert_eq!(half, 0, "{point} left a file without a name");
    }
    let answer = t.ask("library.import", json!({ "files": [photo] }));
    assert_eq!(answer["imported"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_wrong_password_connects_nothing_and_is_told_nowhere() {
    let t = TestStudio::new();
    let error = t.refused(
        "accounts.add",
        json!({ "network": "bluesky", "fields": { "handle": "me", "password": "wr0ng-pass" } }),
    );
    assert_eq!(error.code, Code::Auth);
    assert!(!format!("{error:?}").contains("wr0ng-pass"));
    assert_eq!(t.ask("accounts.list", json!({}))["accounts"], json!([]));
}

#[test]
fn what_connecting_needs_is_asked_for_before_any_server_is() {
    let t = TestStudio::new();
    let add = |request: Value| t.refused("accounts.add", request);
    let error = add(json!({ "network": "bluesky", "fields": { "handle": "me" } }));
    assert!(error.code == Code::BadRequest && error.message.contains("password"), "{error:?}");
    for server in ["http://mastodon.example", "https://me:pass@mastodon.example", "not an address", "ftp://x"]
    {
        let error = add(json!({ "network": "mastodon", "server": server, "fields": { "token": "t" } }));
        assert_eq!(error.code, Code::BadRequest, "{server}");
        assert!(!error.message.contains("pass@"), "an address with a password is not repeated");
    }
    assert!(t.mastodon.calls().is_empty() && t.bluesky.calls().is_empty());
}

#[test]
fn secrets_are_in_the_encrypted_file_and_nowhere_else() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    t.work();
    t.studio.close().expect("closed");
    let mut folders = vec![t.home.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).expect("readable");
                let found = bytes.windows(b"s3cret-token".len()).any(|w| w == b"s3cret-token");
                assert!(!found, "{} holds a token in the clear", path.display());
            }
        }
    }
    let sealed = fs::read(t.home.path().join("app.age")).expect("the secrets file");
    // The passphrase seals a key, and that key the secrets: both by age.
    let sealed = sealed.strip_prefix(b"griot secrets 1\n").expect("its mark");
    let ages = sealed.windows(21).filter(|w| w == b"age-encryption.org/v1").count();
    assert_eq!((&sealed[4..25], ages), (b"age-encryption.org/v1".as_slice(), 2));
}

#[test]
fn times_that_cannot_be_are_refused_before_anything_is_written() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let refuse = |at: &str, zone: &str| {
        t.refused("posts.compose", json!({ "text": "x", "to": ["bluesky"], "at": at, "zone": zone })).code
    };
    assert_eq!(refuse("2020-01-01T09:00", "Africa/Bamako"), Code::TimePast);
    assert_eq!(refuse("2027-01-01T09:00", "Africa/Wakanda"), Code::BadZone);
    assert_eq!(refuse("2027-03-28T02:30", "Europe/Paris"), Code::TimeSkipped);
    assert_eq!(refuse("demain", "Europe/Paris"), Code::BadTime);
    assert_eq!(t.ask("posts.list", json!({}))["posts"], json!([]));
}

#[test]
fn a_draft_that_a_network_would_refuse_is_kept_and_says_what_to_change() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let long = "a".repeat(301);
    let error = t.refused("posts.compose", json!({ "text": long, "to": ["bluesky"] }));
    assert_eq!(error.code, Code::Refused);
    assert_eq!(error.detail["problems"][0]["code"], "text_too_long");
    let posts = t.ask("posts.list", json!({}));
    assert_eq!(
        posts["posts"][0]["content"]["text"].as_str().map(str::len),
        Some(301),
        "not a letter is lost"
    );
    assert!(t.states().is_empty());
}

#[test]
fn unknown_names_are_said_in_plain_words() {
    let t = TestStudio::new();
    assert_eq!(t.refused("accounts.fields", json!({ "network": "myspace" })).code, Code::UnknownNetwork);
    assert_eq!(t.refused("posts.compose", json!({ "text": "x", "to": ["nobody"] })).code, Code::NotFound);
    assert_eq!(t.refused("no.such", json!({})).code, Code::BadRequest);
    assert_eq!(t.refused("posts.get", json!({ "post": "nonsense" })).code, Code::BadRequest);
    assert_eq!(
        t.refused("posts.get", json!({ "post": "0198c0de-0000-7000-8000-000000000000" })).code,
        Code::NotFound
    );
    assert_eq!(t.refused("library.list", json!({ "limitt": 3 })).code, Code::BadRequest);
}

#[test]
fn a_workspace_that_is_not_there_or_newer_or_cut_is_said_so() {
    let bare = TestStudio::bare();
    assert_eq!(bare.refused("library.list", json!({})).code, Code::NoWorkspace);
    let t = TestStudio::new();
    assert_eq!(t.refused("workspace.create", json!({})).code, Code::WorkspaceExists);
    t.studio.close().expect("closed");
    let db = t.home.path().join("workspace/griot.db");
    let bytes = fs::read(&db).expect("the database");
    fs::write(&db, &bytes[..bytes.len() / 2]).expect("cut");
    let error = t.at("workspace", "app").refused("library.list", json!({}));
    assert_eq!(error.code, Code::DatabaseDamaged, "{error:?}");
    let mut newer = bytes;
    newer[60..64].copy_from_slice(&999_u32.to_be_bytes());
    fs::write(&db, &newer).expect("written");
    let error = t.at("workspace", "app").refused("library.list", json!({}));
    assert_eq!(error.code, Code::DatabaseTooNew, "{error:?}");
    assert_eq!(fs::read(&db).expect("still there"), newer, "it was not touched");
}

#[test]
fn the_wrong_passphrase_opens_nothing_and_loses_nothing() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let wrong = t.with_passphrase("wrong horse");
    assert_eq!(
        wrong
            .refused(
                "accounts.add",
                json!({ "network": "bluesky", "fields": { "handle": "me", "password": "right" } })
            )
            .code,
        Code::Secrets
    );
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    assert_eq!(wrong.try_work().expect_err("nothing can be sent").code, Code::Secrets);
    assert_eq!(t.states(), ["scheduled"], "a forgotten passphrase fails no delivery");
    t.work();
    assert_eq!(t.states(), ["published"]);
}

#[test]
fn an_account_with_waiting_posts_is_not_removed_silently() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    let ids = t.post(json!({ "text": "one", "to": ["bluesky"], "at": "2026-12-01T09:00" }));
    assert_eq!(t.refused("accounts.remove", json!({ "id": bluesky })).code, Code::NotNow);
    t.ok("deliveries.cancel", json!({ "id": ids[0] }));
    let left = t.ask("accounts.remove", json!({ "id": bluesky }));
    assert_eq!(left["accounts"].as_array().map(Vec::len), Some(1));
}
