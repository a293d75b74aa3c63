//! Originals that were lost or cut: who looks says so by name, what the machine could not do is not laid on a network, and
//! bringing the file again mends it.

use std::path::PathBuf;

use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

/// Every file under a folder of the workspace's media.
fn files(t: &TestStudio, folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![t.home.path().join("workspace/media").join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path().is_dir() {
                true => folders.push(entry.path()),
                false => found.push(entry.path()),
            }
        }
    }
    found
}

/// What the doctor says of the originals.
fn doctor(t: &TestStudio) -> (bool, String) {
    let checks = t.ask("doctor.run", json!({}))["checks"].clone();
    let check = checks.as_array().expect("a list").iter().find(|check| check["name"] == "originals").cloned();
    let check = check.expect("the originals are looked at");
    (check["ok"] == true, check["detail"].as_str().unwrap_or_default().to_owned())
}

fn backup(t: &TestStudio, name: &str) -> Value {
    t.ask("workspace.backup", json!({ "file": t.home.path().join(name) }))["note"].clone()
}

#[test]
fn a_post_whose_picture_is_gone_from_this_machine_was_stopped_here_and_refused_by_nobody() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let photo = t.png("market.png", 40, 30);
    let id = t
        .post(json!({ "text": "one", "media": [{ "file": photo, "alt": "a" }], "to": ["bluesky"] }))
        .remove(0);
    for file in files(&t, "originals").into_iter().chain(files(&t, "renditions")) {
        std::fs::remove_file(file).expect("removed");
    }
    t.work();
    let delivery = t.delivery(&id);
    assert_eq!((&delivery["state"], &delivery["failed"]), (&json!("failed"), &json!("environment")));
    let attempts = delivery["attempts"].as_array().expect("a list");
    assert_eq!(attempts.last().expect("a try")["outcome"], "stopped", "{attempts:?}");
    assert!(!t.bluesky.calls().contains(&"commit"), "nothing left");
    let journal = t.home.path().join("journal.json");
    t.ok("journal.export", json!({ "file": journal }));
    let told = std::fs::read_to_string(journal).expect("a journal");
    assert!(told.contains("stopped") && !told.contains("refused"), "{told}");
    // The file comes back, and another try goes through.
    t.ok("library.import", json!({ "files": [photo] }));
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!(t.bluesky.live(), ["one"]);
}

#[test]
fn an_original_that_was_cut_is_named_by_the_doctor_and_the_backup_and_mended_by_its_file() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let photo = t.png("market.png", 400, 300);
    let id = t
        .post(json!({ "text": "one", "media": [{ "file": photo, "alt": "a" }], "to": ["bluesky"] }))
        .remove(0);
    assert!(doctor(&t).0);
    assert_eq!(backup(&t, "sound.griot"), Value::Null);
    let original = files(&t, "originals").remove(0);
    let whole = std::fs::read(&original).expect("the original");
    for (name, bytes) in [
        ("cut", whole[..whole.len() / 2].to_vec()),
        ("empty", Vec::new()),
        ("other bytes", whole.iter().map(|byte| byte ^ 1).collect()),
    ] {
        std::fs::write(&original, &bytes).expect("damaged");
        let (ok, said) = doctor(&t);
        // What has its length is held against its hash where everything is read anyway.
        assert_eq!(
            (ok, said.contains("market.png")),
            (name == "other bytes", name != "other bytes"),
            "{name}: {said}"
        );
        let note = backup(&t, &format!("{name}.griot"));
        assert!(
            note.as_str().is_some_and(|note| note.contains("market.png") && note.contains("Import")),
            "{name}: {note}"
        );
        let imported = t.ask("library.import", json!({ "files": [photo] }))["imported"][0].clone();
        assert_eq!(imported["duplicate"], false, "{name}: it was needed");
        assert_eq!(std::fs::read(&original).expect("the original"), whole, "{name}");
        let again = t.ask("library.import", json!({ "files": [photo] }))["imported"][0].clone();
        assert_eq!((&again["duplicate"], &again["asset"]), (&json!(true), &imported["asset"]), "{name}");
    }
    std::fs::remove_file(&original).expect("removed");
    assert!(doctor(&t).1.contains("market.png"), "{:?}", doctor(&t));
    assert!(backup(&t, "gone.griot").as_str().is_some_and(|note| note.contains("market.png")));
    std::fs::write(&original, &whole[..whole.len() / 2]).expect("cut");
    for made in files(&t, "renditions") {
        std::fs::remove_file(made).expect("removed");
    }
    t.work();
    assert_eq!(t.delivery(&id)["failed"], "environment");
    t.ok("library.import", json!({ "files": [photo] }));
    t.ok("deliveries.retry", json!({ "id": id }));
    t.work();
    assert_eq!(t.bluesky.live(), ["one"]);
}
