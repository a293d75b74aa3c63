//! Killed at every named point of the worker, and at every single commit of a whole run.

use crate::stage::{Bluesky, Scene, Server, Toots};

/// Every named point on the way of a delivery with one picture, in the order in which it is passed.
const POINTS: &[&str] = &[
    "rendition.written",
    "outbox.started",
    "outbox.prepared",
    "outbox.uploading",
    "outbox.step",
    "outbox.staged",
    "outbox.before_arm",
    "outbox.armed",
    "outbox.publishing",
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
