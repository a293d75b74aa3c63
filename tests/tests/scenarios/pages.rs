//! What a page gets and brings: handles, uploads, files by id, the desktop around it.

use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use griot_app::events::DropPhase;
use griot_app::{Code, Event, Shown, UploadId};
use griot_domain::{AssetId, DeliveryId};
use griot_tests::studio::TestStudio;
use griot_tests::terminal;
use serde_json::{Value, json};

fn id(asset: &Value) -> AssetId {
    asset.as_str().expect("an id").parse().expect("an asset")
}

fn import(t: &TestStudio, handles: &[String]) -> Value {
    t.ask("library.import", json!({ "files": handles }))
}

fn brought(t: &TestStudio, name: &str, bytes: &[u8]) -> String {
    let upload = t.studio.upload_begin(name, bytes.len() as u64).expect("room");
    t.studio.upload_write(&upload, 0, &mut &bytes[..]).expect("the bytes");
    t.studio.upload_end(&upload).expect("whole").handle
}

/// Every file under the scratch folder that pages brought.
fn left(t: &TestStudio) -> Vec<PathBuf> {
    let folders = std::fs::read_dir(t.home.path().join("scratch")).expect("the scratch folder").flatten();
    let ours = folders.filter(|e| e.file_name().to_string_lossy().starts_with("griot-page-"));
    let files = ours.flat_map(|e| std::fs::read_dir(e.path()).expect("a folder").flatten().map(|e| e.path()));
    files.filter(|f| f.extension().is_none_or(|e| e != "lock")).collect()
}

#[test]
fn bytes_come_in_pieces_in_order_and_the_library_keeps_its_own_copy() {
    let (t, _) = TestStudio::new().window();
    let picture = terminal::png(64, 48);
    let upload = t.studio.upload_begin("../../etc/Marché.png", picture.len() as u64).expect("room");
    let half = picture.len() / 2;
    assert_eq!(t.studio.upload_write(&upload, 0, &mut &picture[..half]).expect("half"), half as u64);
    let error = t.studio.upload_write(&upload, 0, &mut &picture[..half]).expect_err("the same half again");
    assert_eq!((error.code, error.detail["there"].as_u64()), (Code::BadRequest, Some(half as u64)));
    assert_eq!(t.studio.upload_end(&upload).expect_err("half of it").code, Code::BadRequest);
    t.studio.upload_write(&upload, half as u64, &mut &picture[half..]).expect("the rest");
    let file = t.studio.upload_end(&upload).expect("whole");
    assert_eq!(file.name, "Marché.png", "a name is shown and never a path");
    assert_eq!(left(&t).len(), 1);
    let done = import(&t, &[file.handle]);
    assert_eq!(done["imported"][0]["path"], "Marché.png", "a page sees no path: {done}");
    assert_eq!(t.ask("library.list", json!({}))["assets"][0]["name"], "Marché.png");
    assert!(left(&t).is_empty(), "nothing is kept twice: {:?}", left(&t));
}

#[test]
fn what_is_too_large_too_long_or_too_much_is_refused_and_leaves_nothing() {
    let (t, _) = TestStudio::new().window();
    let error = t.studio.upload_begin("film.mp4", 5 << 30).expect_err("five gigabytes");
    assert_eq!(error.code, Code::MediaTooLarge);
    assert!(error.message.contains("5120") && error.message.contains("4096"), "{error}");
    t.fail_at("upload.room", io::ErrorKind::StorageFull);
    assert_eq!(t.studio.upload_begin("a.png", 10).expect_err("a full disk").code, Code::DiskFull);
    t.mend();
    let upload = t.studio.upload_begin("a.png", 3).expect("room");
    assert_eq!(
        t.studio.upload_write(&upload, 0, &mut &b"four"[..]).expect_err("four of three").code,
        Code::BadRequest
    );
    assert_eq!(
        t.studio.upload_write(&upload, 0, &mut &b"abc"[..]).expect_err("it is gone").code,
        Code::NotFound
    );
    let many: Vec<UploadId> = (0..16).map(|_| t.studio.upload_begin("a", 10).expect("room")).collect();
    assert_eq!(t.studio.upload_begin("a", 10).expect_err("the seventeenth").code, Code::NotNow);
    t.studio.upload_abandon(&many[0]);
    t.studio.upload_begin("a", 10).expect("there is room for one again");
    struct Cut;
    impl Read for Cut {
        fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
            into[0] = b'x';
            Err(io::ErrorKind::ConnectionReset.into())
        }
    }
    t.studio.upload_write(&many[1], 0, &mut &b"ab"[..]).expect("two bytes");
    assert!(t.studio.upload_write(&many[1], 2, &mut Cut).is_err());
    assert_eq!(t.studio.upload_write(&many[1], 2, &mut &b"cd"[..]).expect("it goes on where it broke"), 4);
    t.studio.cancel();
    assert!(left(&t).is_empty(), "a studio that ends takes what was brought with it: {:?}", left(&t));
}

#[test]
fn what_a_program_left_behind_when_it_was_killed_goes_at_the_next_start_and_a_living_ones_stays() {
    let (t, _) = TestStudio::new().window();
    let dead = t.home.path().join("scratch/griot-page-dead");
    std::fs::create_dir_all(&dead).expect("a folder");
    std::fs::write(dead.join("in-use.lock"), "").expect("a file");
    std::fs::write(dead.join("upload-1"), "half a film").expect("a file");
    let living = t.studio.upload_begin("a", 3).expect("room");
    let (other, _) = t.window();
    other.studio.upload_begin("b", 3).expect("room");
    assert!(!dead.exists());
    t.studio.upload_write(&living, 0, &mut &b"abc"[..]).expect("its folder is there");
}

#[test]
fn a_page_that_was_closed_keeps_no_place_for_long() {
    let (t, _) = TestStudio::new().window();
    let begin = || t.studio.upload_begin("a", 10);
    let first = begin().expect("room");
    t.clock.advance(Duration::from_secs(30));
    let others: Vec<UploadId> = (0..15).map(|_| begin().expect("room")).collect();
    assert_eq!(begin().expect_err("all may still come").code, Code::NotNow);
    t.clock.advance(Duration::from_secs(31));
    begin().expect("the place of the one that has said nothing for a minute");
    assert_eq!(
        t.studio.upload_write(&first, 0, &mut &b"x"[..]).expect_err("it is gone").code,
        Code::NotFound
    );
    assert_eq!(begin().expect_err("the others said something since").code, Code::NotNow);
    t.studio.upload_write(&others[0], 0, &mut &b"abc"[..]).expect("it goes on");
    t.clock.advance(Duration::from_secs(570));
    t.studio.upload_write(&others[1], 0, &mut &b"abc"[..]).expect("it goes on");
    t.clock.advance(Duration::from_secs(25));
    begin().expect("room");
    assert_eq!(
        left(&t).len(),
        4,
        "the new one and three of which something was heard in ten minutes: {:?}",
        left(&t)
    );
}

#[test]
fn two_hundred_pasted_files_are_one_import_and_bad_ones_stop_nothing() {
    let (t, _) = TestStudio::new().window();
    let good: Vec<String> =
        (1..=190).map(|n| brought(&t, &format!("p{n}.png"), &terminal::png(8, n))).collect();
    let bad: Vec<String> = (0..9).map(|n| brought(&t, &format!("t{n}.png"), b"not a picture")).collect();
    let mut all = [good, bad].concat();
    all.insert(100, "handle:99999".to_owned());
    let _ = t.events();
    let done = import(&t, &all);
    assert_eq!(done["imported"].as_array().map(Vec::len), Some(190));
    assert_eq!(done["refused"].as_array().map(Vec::len), Some(10));
    let jobs: Vec<_> = t
        .events()
        .into_iter()
        .filter_map(|e| if let Event::Job(job) = e { Some(job) } else { None })
        .collect();
    assert!(jobs.iter().all(|job| job.id == jobs[0].id), "one job");
    assert_eq!(t.ask("library.list", json!({ "limit": 10 }))["total"], 190);
    assert!(left(&t).is_empty());
}

#[test]
fn a_page_never_names_a_path_and_dropped_files_are_handles() {
    let t = TestStudio::new();
    let picture = t.png("dropped.png", 32, 32);
    let (t, _) = t.window();
    let refused = import(&t, &[picture.display().to_string()]);
    assert_eq!(refused["refused"][0]["code"], "bad_request", "{refused}");
    t.studio.drop_over();
    t.studio.drop_left();
    t.studio.dropped(vec![picture]);
    let mut phases = Vec::new();
    let mut handles = Vec::new();
    for event in t.events() {
        if let Event::Drop(dropped) = event {
            phases.push(dropped.phase);
            handles.extend(dropped.files);
        }
    }
    assert_eq!(phases, [DropPhase::Over, DropPhase::Left, DropPhase::Fell]);
    assert_eq!(handles[0].name, "dropped.png");
    assert!(!handles[0].handle.contains('/'));
    assert_eq!(import(&t, &[handles[0].handle.clone()])["imported"].as_array().map(Vec::len), Some(1));
    assert!(t.home.path().join("dropped.png").exists(), "a person's own file is never removed");
}

#[test]
fn files_are_shown_by_id_and_a_missing_one_is_said() {
    let t = TestStudio::new();
    let picture = t.png("a.png", 640, 480);
    let done = t.ask("library.import", json!({ "files": [picture] }));
    let asset = id(&done["imported"][0]["asset"]);
    let original = t.shown(Shown::Original(asset)).expect("the original");
    assert_eq!((original.mime, original.name.as_str()), ("image/png", "a.png"));
    assert_eq!(original.bytes, std::fs::metadata(&picture).expect("the picture").len());
    let thumbnail = t.shown(Shown::Thumbnail(asset)).expect("the thumbnail");
    assert_eq!(thumbnail.mime, "image/jpeg");
    std::fs::remove_file(&thumbnail.path).expect("it was there");
    assert_eq!(t.shown(Shown::Thumbnail(asset)).expect("made again").bytes, thumbnail.bytes);
    assert_eq!(t.shown(Shown::Frame(asset, 0)).expect_err("of a picture").code, Code::BadRequest);
    std::fs::remove_file(&original.path).expect("it was there");
    let error = t.shown(Shown::Original(asset)).expect_err("it is gone");
    assert_eq!(error.code, Code::NotFound);
    assert!(error.message.contains("a.png"), "{error}");
    let ghost: AssetId = "01a229f1-2800-7101-8101-010101010101".parse().expect("an id");
    assert_eq!(t.shown(Shown::Original(ghost)).expect_err("no such asset").code, Code::NotFound);
    let ghost: DeliveryId = "01a229f1-2800-7101-8101-010101010101".parse().expect("an id");
    assert_eq!(t.shown(Shown::ByHand(ghost, 0)).expect_err("no such post").code, Code::NotFound);
}

#[test]
fn frames_of_a_film_are_made_once_for_each_half_second() {
    let t = TestStudio::new();
    let film = t.home.path().join("film.mp4");
    terminal::film(&film, 320, 180);
    let done = t.ask("library.import", json!({ "files": [film] }));
    let asset = id(&done["imported"][0]["asset"]);
    let first = t.shown(Shown::Frame(asset, 120)).expect("a frame");
    assert_eq!(first.mime, "image/jpeg");
    assert_eq!(t.shown(Shown::Frame(asset, 499)).expect("the same").path, first.path);
    let last = t.shown(Shown::Frame(asset, 9_999_999)).expect("the last one");
    assert_ne!(last.path, first.path);
    let url = t.ask("desktop.film", json!({ "asset": asset }));
    assert_eq!(url, json!({ "url": null }), "without a desktop the page's own address plays it");
    let (window, _) = t.window();
    assert!(window.ask("desktop.film", json!({ "asset": asset }))["url"].is_string());
}

#[test]
fn the_strip_of_a_film_is_made_in_one_piece() {
    let t = TestStudio::new();
    let film = t.home.path().join("film.mp4");
    terminal::film(&film, 320, 180);
    let done = t.ask("library.import", json!({ "files": [film] }));
    let asset = id(&done["imported"][0]["asset"]);
    let seventh = t.shown(Shown::Strip(asset, 6)).expect("a picture of the strip");
    assert_eq!(seventh.mime, "image/jpeg");
    let folder = seventh.path.parent().expect("it is in a folder");
    assert_eq!(std::fs::read_dir(folder).expect("a folder").count(), 12, "all were made with it");
    assert_eq!(t.shown(Shown::Strip(asset, 12)).expect_err("there are twelve").code, Code::NotFound);
    let picture = t.png("a.png", 64, 48);
    let done = t.ask("library.import", json!({ "files": [picture] }));
    let asset = id(&done["imported"][0]["asset"]);
    assert_eq!(t.shown(Shown::Strip(asset, 0)).expect_err("of a picture").code, Code::BadRequest);
}

#[test]
fn the_desktop_is_asked_for_what_a_page_may_want_and_for_nothing_else() {
    let t = TestStudio::new();
    for (name, request) in [
        ("desktop.copy", json!({ "text": "a" })),
        ("desktop.open", json!({ "url": "https://a.example" })),
        ("desktop.pick", json!({ "kind": "media" })),
        ("desktop.reveal", json!({})),
        ("desktop.save_as", json!({ "name": "a" })),
    ] {
        assert_eq!(t.refused(name, request).code, Code::NotNow, "{name} without a desktop");
    }
    let picture = t.png("a.png", 32, 32);
    let (t, desktop) = t.window();
    assert_eq!(
        t.ask("desktop.pick", json!({ "kind": "media" })),
        json!({ "files": [] }),
        "thought better of it"
    );
    desktop.choose(&[&picture]);
    let picked = t.ask("desktop.pick", json!({ "kind": "media" }));
    assert_eq!(picked["files"][0]["name"], "a.png");
    let handle = picked["files"][0]["handle"].as_str().expect("a handle").to_owned();
    assert_eq!(import(&t, &[handle])["imported"].as_array().map(Vec::len), Some(1));
    desktop.choose(&[&t.home.path().join("copy.griot")]);
    let target = t.ask("desktop.save_as", json!({ "name": "copy.griot" }));
    t.ok("workspace.backup", json!({ "file": target["file"]["handle"] }));
    assert!(t.home.path().join("copy.griot").exists());
    t.ok("desktop.copy", json!({ "text": "é" }));
    assert_eq!(
        t.refused("desktop.copy", json!({ "text": "x".repeat((1 << 20) + 1) })).code,
        Code::BadRequest
    );
    t.ok("desktop.open", json!({ "url": "https://a.example/b" }));
    assert_eq!(t.refused("desktop.open", json!({ "url": "file:///etc/passwd" })).code, Code::BadRequest);
    t.ok("desktop.reveal", json!({}));
    let _ = t.ask("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let post = t.post(json!({ "text": "by hand", "to": ["whatsapp"] })).remove(0);
    assert_eq!(t.refused("desktop.reveal", json!({ "delivery": post })).code, Code::NotFound);
    t.work();
    t.ok("desktop.reveal", json!({ "delivery": post }));
    let asked = desktop.asked();
    assert!(asked.last().is_some_and(|a| a.ends_with(&format!("by-hand/{post}"))), "{asked:?}");
    assert!(!asked.iter().any(|a| a.contains("passwd")), "{asked:?}");
    *desktop.broken.lock().expect("the desktop") = true;
    assert_eq!(t.refused("desktop.copy", json!({ "text": "a" })).code, Code::Environment);
}

#[test]
fn a_host_without_dialogs_gives_the_written_file_to_take_away() {
    let (t, _) = TestStudio::new().window();
    let target = t.studio.save_target("../Sauvegarde.griot").expect("a place");
    assert_eq!(target.name, "Sauvegarde.griot");
    assert_eq!(t.studio.saved_file(&target.handle).expect_err("nothing yet").code, Code::NotFound);
    t.ok("workspace.backup", json!({ "file": target.handle }));
    let file = t.studio.saved_file(&target.handle).expect("the backup");
    assert_eq!((file.name.as_str(), file.bytes > 1000), ("Sauvegarde.griot", true));
    let own = t.studio.issue_handle(t.home.path().join("workspace/griot.db"));
    assert_eq!(t.studio.saved_file(&own).expect_err("not such a place").code, Code::NotFound);
}

#[test]
fn what_becomes_of_posts_is_told_together() {
    let (t, desktop) = TestStudio::new().window();
    let _ = t.accounts();
    let task = t.attend();
    let first = t.post(json!({ "text": "Bonjour Ségou", "to": ["bluesky"] })).remove(0);
    t.until("a notice", |_| desktop.asked.lock().expect("the desktop").len() == 1);
    assert_eq!(desktop.asked(), ["notify Bluesky: live | Bonjour Ségou"]);
    assert_eq!(t.delivery(&first)["state"], "published");
    t.mastodon.next(griot_tests::fake::Mishap::Refuse(griot_networks::Error::Content("no".into())));
    let _ = t.post(json!({ "text": "two", "to": ["bluesky", "mastodon"] }));
    t.until("a notice", |_| desktop.asked.lock().expect("the desktop").len() == 1);
    assert_eq!(desktop.asked(), ["notify 2 posts moved on | 1 live, 1 to look at in the queue."]);
    t.studio.cancel();
    t.ended(task);
}
