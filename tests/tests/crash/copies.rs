//! A workspace that was copied, and yesterday's backup: one post each, on the real servers.

use griot_tests::folder::copy;
use griot_tests::terminal::Terminal;

use crate::stage::{Bluesky, Scene, Server, Toots};

fn copied_and_both_run<S: Server>(scene: &Scene<S>) {
    let text = "copied while scheduled";
    let delivery = scene.post(text);
    let stick = Terminal::new();
    copy(scene.machine.workspace(), stick.workspace());
    scene.connect(&stick);
    stick.run(["run", "--until-idle", "--max-seconds", "20"]).done();
    let (state, why) = scene.state(&stick, &delivery);
    assert_eq!((state.as_str(), why.as_str()), ("waiting", Some("check_after_move")));
    assert_eq!(scene.times(text), 0, "a copy never publishes by itself");
    scene.work();
    scene.once(&delivery, text, "the original");
    stick.run(["delivery", &delivery, "release"]).done();
    stick.run(["run", "--until-idle"]).done();
    assert_eq!(scene.state(&stick, &delivery).0, "published");
    scene.once(&delivery, text, "both were run, and the copy was released");
}

fn backup_restored_and_run<S: Server>(scene: &Scene<S>) {
    let text = "in yesterday's backup";
    let delivery = scene.post(text);
    let file = scene.machine.path("yesterday.griot");
    let file = file.to_str().expect("a plain name");
    scene.machine.run(["backup", file]).done();
    scene.work();
    scene.once(&delivery, text, "before the restoration");
    let restored = Terminal::new();
    restored.run(["restore", file]).done();
    scene.connect(&restored);
    restored.run(["run", "--until-idle", "--max-seconds", "20"]).done();
    assert_eq!(scene.state(&restored, &delivery).0, "published", "it was found live and recorded");
    scene.once(&delivery, text, "the backup was run");
}

#[test]
fn bluesky_one_record_from_a_copy_and_its_original() {
    copied_and_both_run(&Scene::new(Bluesky::start()));
}

#[test]
fn mastodon_one_status_from_a_copy_and_its_original() {
    copied_and_both_run(&Scene::new(Toots::start()));
}

#[test]
fn bluesky_one_record_after_a_restoration() {
    backup_restored_and_run(&Scene::new(Bluesky::start()));
}

#[test]
fn mastodon_one_status_after_a_restoration() {
    backup_restored_and_run(&Scene::new(Toots::start()));
}
