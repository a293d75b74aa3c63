//! Killed at every named point of the worker, and at every single commit of a whole run.

use crate::stage::{Bluesky, Scene, Server, Toots};

/// Every named point on the way of a delivery with one picture, in the order in which it is passed.
const POINTS: &[&str] = &[
    "rendition.written",
    "outbox.started",
    "outbox.prepared",
    "outbox.uploading",
    "networks.step.sending",
    "networks.step.answered",
    "outbox.step",
    "outbox.staged",
    "outbox.before_arm",
    "outbox.armed",
    "outbox.publishing",
    "networks.visible.sending",
    "networks.visible.answered",
    "outbox.answered",
    "outbox.published",
];

fn kill_at_every_point<S: Server>(scene: &Scene<S>) {
    for point in POINTS {
        let text = format!("killed at {point}");
        let delivery = scene.post(&text);
        // Renditions are made when the post is written, so that point is passed again only when they are gone.
        let renditions = scene.machine.workspace().join("media/renditions");
        std::fs::remove_dir_all(&renditions).expect("the renditions");
        let mut running =
            scene.machine.call().env("GRIOT_FAIL", format!("{point}=hold")).start(["run", "--until-idle"]);
        running.wait_for(&format!("failpoint {point} reached"));
        let _ = running.kill();
        let before = scene.times(&text);
        assert!(before <= 1, "{point}: {before} posts before the second run");
        scene.work();
        scene.once(&delivery, &text, point);
    }
}

/// Kills at the first commit, then at the second, and so on, until a run comes through; before each commit and after.
fn kill_at_every_commit<S: Server>(scene: &Scene<S>) {
    for side in ["store.before_commit", "store.after_commit"] {
        for n in 1..=40 {
            let text = format!("{side} {n}");
            let delivery = scene.post(&text);
            let mut running = scene
                .machine
                .call()
                .env("GRIOT_FAIL", format!("{side}@{n}=hold"))
                .start(["run", "--until-idle"]);
            let reached = running.reaches(&format!("failpoint {side} reached"));
            let _ = running.kill();
            scene.work();
            scene.once(&delivery, &text, &text);
            if !reached {
                assert!(n > 7, "a delivery takes more than {n} commits");
                break;
            }
        }
    }
}

#[test]
fn bluesky_every_point_then_exactly_one_record() {
    kill_at_every_point(&Scene::new(Bluesky::start()));
}

#[test]
fn mastodon_every_point_then_exactly_one_status() {
    kill_at_every_point(&Scene::new(Toots::start()));
}

#[test]
fn bluesky_every_commit_then_exactly_one_record() {
    kill_at_every_commit(&Scene::new(Bluesky::start()));
}

#[test]
fn mastodon_every_commit_then_exactly_one_status() {
    kill_at_every_commit(&Scene::new(Toots::start()));
}

#[test]
fn a_delivery_by_hand_killed_when_it_is_laid_out_is_laid_out_again() {
    let machine = griot_tests::terminal::Terminal::ready();
    machine.run(["accounts", "add", "whatsapp", "--name", "friends"]).done();
    let answer = machine.run(["post", "--text", "by hand", "--to", "whatsapp"]).ok().json;
    let delivery = answer["deliveries"][0]["id"].as_str().expect("an id").to_owned();
    let mut running = machine.call().env("GRIOT_FAIL", "outbox.laid_out=hold").start(["run", "--until-idle"]);
    running.wait_for("failpoint outbox.laid_out reached");
    let _ = running.kill();
    machine.run(["run", "--until-idle"]).done();
    let view = machine.run(["delivery", &delivery]).ok().json["delivery"].clone();
    assert_eq!(
        (view["state"].as_str(), view["by_hand"]["text"].as_str()),
        (Some("assisted"), Some("by hand"))
    );
}

/// Every name in the product's sources that a failure point has is killed at in this file or in `answers`, or is one
/// that makes the machine fail and not the process (those are in the scenarios and the store's own tests).
#[test]
fn no_named_point_is_forgotten() {
    const ELSEWHERE: &[&str] =
        &["store.create", "store.backup", "store.disk_full", "store.network_drive", "upload.room"];
    let tests = [
        include_str!("kills.rs"),
        include_str!("answers.rs"),
        include_str!("handing.rs"),
        include_str!("amending.rs"),
    ]
    .concat();
    let crates = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../crates");
    let mut folders: Vec<_> =
        ["app", "store", "networks"].map(|c| crates.join(format!("griot-{c}/src"))).into();
    let mut names = std::collections::BTreeSet::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("the sources") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.file_name().is_some_and(|n| n != "tests.rs") {
                let text = std::fs::read_to_string(&path).expect("a source");
                for before in [".fault(\"", "faults.at(\"", ": &str = \"networks."] {
                    for found in text.split(before).skip(1) {
                        let name = found.split('"').next().unwrap_or_default();
                        let network = if before.contains("networks.") { "networks." } else { "" };
                        names.insert(format!("{network}{name}"));
                    }
                }
            }
        }
    }
    assert!(names.len() > 20, "the sources name their points: {names:?}");
    let killed =
        |name: &str| tests.contains(&format!("\"{name}\"")) || tests.contains(&format!("\"{name}=hold\""));
    names.retain(|name| !killed(name) && !ELSEWHERE.contains(&name.as_str()));
    assert!(names.is_empty(), "never killed at: {names:?}");
}

#[test]
fn an_import_killed_anywhere_loses_no_file_and_can_be_done_again() {
    let scene = griot_tests::terminal::Terminal::ready();
    for (n, point) in
        ["import.write", "import.sync", "import.kept", "store.before_commit", "store.after_commit"]
            .iter()
            .enumerate()
    {
        let width = 50 + u32::try_from(n).expect("few points");
        let photo = scene.file(&format!("{n}.png"), griot_tests::terminal::png(width, 20));
        let photo = photo.to_str().expect("a plain name");
        let mut running = scene.call().env("GRIOT_FAIL", format!("{point}=hold")).start(["import", photo]);
        running.wait_for(&format!("failpoint {point} reached"));
        let _ = running.kill();
        let answer = scene.run(["import", photo]).ok().json;
        assert_eq!(answer["imported"].as_array().map(Vec::len), Some(1), "{point}: {answer}");
        let assets = scene.run(["call", "library.list", "{}"]).ok().json["assets"].as_array().map(Vec::len);
        assert_eq!(assets, Some(n + 1), "{point}: each picture is there once");
    }
}

#[test]
fn a_photo_whose_import_is_killed_before_it_was_looked_at_is_there_once() {
    const CAMERA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/camera.jpg");
    let scene = griot_tests::terminal::Terminal::ready();
    let mut running = scene.call().env("GRIOT_FAIL", "refine.one=hold").start(["import", CAMERA]);
    running.wait_for("failpoint refine.one reached");
    let _ = running.kill();
    let answer = scene.run(["import", CAMERA]).ok().json;
    assert_eq!(answer["imported"][0]["duplicate"], true, "it came in before: {answer}");
    let assets = scene.run(["call", "library.list", "{}"]).ok().json["assets"].as_array().map(Vec::len);
    assert_eq!(assets, Some(1));
}
