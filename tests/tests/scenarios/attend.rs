//! A host that stays open: its worker waits for a workspace, gives way to another program, and carries on.

use griot_app::Event;
use griot_domain::Tag;
use griot_tests::studio::TestStudio;
use serde_json::json;

#[test]
fn a_window_that_opens_before_there_is_a_workspace_sends_what_is_written_later() {
    let t = TestStudio::bare();
    let task = t.attend();
    t.ok("workspace.create", json!({}));
    let _ = t.accounts();
    let id = t.post(json!({ "text": "soon", "to": ["bluesky"] })).remove(0);
    t.until("the post is live", |t| t.delivery(&id)["state"] == "published");
    let later = t.post(json!({ "text": "later", "to": ["bluesky"], "at": "2026-12-01T09:00" })).remove(0);
    t.clock.advance(std::time::Duration::from_secs(3600));
    t.until("a due time is kept", |t| t.delivery(&later)["state"] == "published");
    t.studio.cancel();
    t.ended(task);
}

#[test]
fn two_open_programs_never_work_the_same_outbox_and_the_second_takes_over() {
    let first = TestStudio::new();
    let _ = first.accounts();
    let second = first.at("workspace", "app");
    let working = first.attend();
    let id = first.post(json!({ "text": "one", "to": ["bluesky"] })).remove(0);
    first.until("the first works", |t| t.delivery(&id)["state"] == "published");
    let listening = second.attend();
    let mut heard = second.studio.listen();
    let id = second.post(json!({ "text": "two", "to": ["bluesky"] })).remove(0);
    second.until("the first sends what the second wrote", |t| t.delivery(&id)["state"] == "published");
    let told =
        |heard: &mut griot_app::Listener| heard.drain().contains(&Event::Changed { tags: Tag::ALL.to_vec() });
    let heard = std::cell::RefCell::new(&mut heard);
    second.until("the second hears of it", |_| told(&mut heard.borrow_mut()));
    first.studio.cancel();
    first.ended(working);
    let id = second.post(json!({ "text": "three", "to": ["bluesky"] })).remove(0);
    second.until("the second takes over", |t| t.delivery(&id)["state"] == "published");
    assert_eq!(first.bluesky.live(), ["one", "two", "three"]);
    second.studio.cancel();
    second.ended(listening);
}

#[test]
fn the_language_of_the_settings_is_spoken_at_once_and_null_goes_back_to_the_machines() {
    let t = TestStudio::new();
    let refused = || t.refused("rules.check", json!({ "network": "myspace", "text": "x" })).message;
    assert!(refused().starts_with("No network"));
    t.ok("settings.set", json!({ "key": "language", "value": "fr" }));
    assert!(refused().starts_with("Aucun réseau"));
    let again = t.at("workspace", "app");
    again.ok("settings.get", json!({}));
    let said = again.refused("rules.check", json!({ "network": "myspace", "text": "x" })).message;
    assert!(said.starts_with("Aucun réseau"), "it is the workspace's: {said}");
    t.ok("edit.undo", json!({}));
    assert!(refused().starts_with("No network"), "undo takes the language back too");
    for (key, value) in [
        ("language", json!("de")),
        ("theme", json!("pink")),
        ("theme", json!(1)),
        ("workspace.name", json!(" ")),
        ("workspace.name", json!("a\nb")),
    ] {
        assert_eq!(
            t.refused("settings.set", json!({ "key": key, "value": value })).code,
            griot_app::Code::BadRequest
        );
    }
    for (key, value) in
        [("theme", json!("dark")), ("workspace.name", json!("Maison Kanté")), ("theme", json!(null))]
    {
        t.ok("settings.set", json!({ "key": key, "value": value }));
    }
}
