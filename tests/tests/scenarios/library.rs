//! Pictures on their way into the library: shown at once by the small picture of their camera, looked at after.

use std::fs;
use std::path::{Path, PathBuf};

use griot_app::Shown;
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
