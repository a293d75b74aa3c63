//! Pictures on their way into the library: shown at once by the small picture of their camera, looked at after.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use griot_app::{Event, Shown, dispatch};
use griot_domain::AssetId;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

const CAMERA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/camera.jpg");

fn import(t: &TestStudio, file: &Path) -> Value {
    t.ask("library.import", json!({ "files": [file] }))
}

fn thumbnail(t: &TestStudio, done: &Value) -> PathBuf {
    let id = done["imported"][0]["asset"].as_str().expect("an id");
    let asset: AssetId = id.parse().expect("an id");
    t.shown(Shown::Thumbnail(asset)).expect("a thumbnail").path
}

/// The size of a picture, as the studio itself reads it.
fn sides(t: &TestStudio, path: &Path) -> Value {
    let read = import(t, path)["imported"][0].clone();
    json!([read["width"], read["height"]])
}

#[test]
fn the_proper_thumbnail_and_a_point_follow_the_cameras_small_picture() {
    let t = TestStudio::new();
    let done = import(&t, Path::new(CAMERA));
    assert_eq!(done["refused"], json!([]));
    let list = t.ask("library.list", json!({}));
    assert_eq!(list["rough"], json!([]));
    assert!(list["assets"][0]["suggested"].is_object(), "{list}");
    let path = thumbnail(&t, &done);
    let folder = path.parent().expect("it is in a folder");
    assert_eq!(fs::read_dir(folder).expect("a folder").count(), 1, "the small one has gone");
    assert_eq!(sides(&t, &path), json!([320, 214]), "not the camera's 160 pixels");
}

#[test]
fn a_picture_that_turns_out_to_be_cut_off_leaves_the_library_again() {
    let t = TestStudio::new();
    let whole = fs::read(CAMERA).expect("the fixture");
    let cut = t.home.path().join("cut.jpg");
    fs::write(&cut, &whole[..whole.len() / 2]).expect("room");
    let done = import(&t, &cut);
    assert_eq!(done["imported"], json!([]));
    assert_eq!(done["refused"][0]["code"], "media_damaged", "{done}");
    assert_eq!(t.ask("library.list", json!({}))["total"], 0);
    let again = import(&t, Path::new(CAMERA));
    assert_eq!(again["refused"], json!([]), "another file is not the worse for it");
}

#[test]
fn what_an_import_left_unlooked_at_is_looked_at_when_it_is_shown() {
    let t = TestStudio::new();
    let done = import(&t, Path::new(CAMERA));
    let path = thumbnail(&t, &done);
    let early = path.with_extension("first.jpg");
    fs::rename(&path, &early).expect("it was there");
    assert_eq!(thumbnail(&t, &done), path);
    assert_eq!(sides(&t, &path), json!([320, 214]));
    assert!(!early.exists());
}

#[test]
fn the_cameras_small_picture_is_what_is_seen_until_the_proper_one_is_made() {
    let t = TestStudio::new();
    let seen = Arc::new(Mutex::new(Vec::new()));
    let (studio, into) = (Arc::downgrade(&t.studio), Arc::clone(&seen));
    t.look_at("refine.one", move || {
        let studio = studio.upgrade().expect("the studio that calls");
        let list = dispatch(&studio, "library.list", json!({})).expect("a list");
        let id = list["assets"][0]["id"].as_str().and_then(|id| id.parse().ok()).expect("an id");
        let file = studio.shown(Shown::Thumbnail(id)).expect("a thumbnail");
        let bytes = fs::read(file.path).expect("its bytes");
        into.lock().expect("what was seen").push((list, bytes));
    });
    let done = import(&t, Path::new(CAMERA));
    t.mend();
    let seen = std::mem::take(&mut *seen.lock().expect("what was seen"));
    let [(list, first)] = seen.as_slice() else { panic!("looked at {} times", seen.len()) };
    assert_eq!(list["rough"], json!([done["imported"][0]["asset"]]));
    assert_eq!(list["assets"][0]["suggested"], Value::Null, "nobody has looked yet");
    let early = t.home.path().join("early.jpg");
    fs::write(&early, first).expect("room");
    assert_eq!(sides(&t, &early)[0], 160, "the camera's own");
    assert_ne!(&fs::read(thumbnail(&t, &done)).expect("the proper one"), first);
}

#[test]
fn a_sound_picture_stays_when_the_machine_fails_to_look_at_it() {
    let t = TestStudio::new();
    t.fail_at("refine.one", std::io::ErrorKind::StorageFull);
    let done = import(&t, Path::new(CAMERA));
    assert_eq!(done["refused"], json!([]), "nothing is wrong with the file");
    assert_eq!(t.ask("library.list", json!({}))["total"], 1);
    t.mend();
    assert_eq!(sides(&t, &thumbnail(&t, &done)), json!([320, 214]), "looked at when it is shown");
}

#[test]
fn progress_comes_to_its_end_with_and_without_small_pictures() {
    let t = TestStudio::new();
    let plain = t.png("plain.png", 300, 200);
    let torn = t.home.path().join("torn.png");
    fs::write(&torn, &fs::read(&plain).expect("a picture")[..60]).expect("room");
    let mut listener = t.studio.listen();
    let done = t.ask("library.import", json!({ "files": [CAMERA, plain, torn] }));
    assert_eq!(done["imported"].as_array().map(Vec::len), Some(2));
    let job = |event| if let Event::Job(job) = event { Some(job.done) } else { None };
    let told: Vec<f32> = listener.drain().into_iter().filter_map(job).collect();
    assert!(told.is_sorted(), "{told:?}");
    assert_eq!(told.last(), Some(&1.0));
}

#[test]
fn what_systems_put_into_a_folder_of_pictures_is_passed_over() {
    let t = TestStudio::new();
    let folder = t.home.path().join("photos");
    fs::create_dir_all(folder.join("__MACOSX")).expect("room");
    fs::copy(CAMERA, folder.join("marche.jpg")).expect("room");
    for litter in ["._marche.jpg", ".DS_Store", "Thumbs.db", "desktop.ini", "__MACOSX/._marche.jpg"] {
        fs::write(folder.join(litter), b"Mac OS X").expect("room");
    }
    fs::copy(CAMERA, folder.join("__MACOSX/copie.jpg")).expect("room");
    let done = import(&t, &folder);
    assert_eq!(done["refused"], json!([]), "{done}");
    assert_eq!(done["imported"].as_array().map(Vec::len), Some(1), "{done}");
    // Named by itself it is answered: whoever names it thinks that it is a picture.
    let named = import(&t, &folder.join("._marche.jpg"));
    assert_eq!(named["refused"][0]["code"], "not_media", "{named}");
    let said = named["refused"][0]["message"].as_str().expect("a sentence");
    assert!(said.contains("« ._marche.jpg\u{a0}»") || said.contains("._marche.jpg"), "{said}");
}
