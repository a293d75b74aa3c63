//! How the studio stands: the rail of the window. And a new workspace with its name and its samples.

use std::time::{Duration, Instant};

use griot_app::{Code, Event};
use griot_domain::Tag;
use griot_networks::Error;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

fn status(t: &TestStudio) -> Value {
    t.ask("studio.status", json!({}))
}

#[test]
fn before_there_is_a_workspace_the_page_learns_where_it_would_be() {
    let t = TestStudio::bare();
    let before = status(&t);
    assert_eq!(
        (&before["workspace"], &before["worker"], &before["theme"]),
        (&Value::Null, &json!("stopped"), &json!("system"))
    );
    assert_eq!(before["folder"], t.home.path().join("workspace").display().to_string());
    t.ok("workspace.create", json!({}));
    assert_eq!(status(&t)["workspace"]["name"], "Griot");
    let named = t.at("Maison Kanté", "app");
    named.ok("workspace.create", json!({}));
    assert_eq!(status(&named)["workspace"]["name"], "Maison Kanté", "the folder's name");
    let other = t.at("other", "app");
    assert_eq!(other.refused("workspace.create", json!({ "name": "a\nb" })).code, Code::BadRequest);
    assert!(!other.home.path().join("other").exists(), "a name that does not fit makes nothing");
    other.ok("workspace.create", json!({ "name": " Campagne " }));
    other.ok("settings.set", json!({ "key": "theme", "value": "dark" }));
    let after = status(&other);
    assert_eq!(
        (&after["workspace"]["name"], &after["theme"], &after["undo"]),
        (&json!("Campagne"), &json!("dark"), &json!("change_setting"))
    );
}

#[test]
fn the_rail_counts_what_waits_for_whom_and_says_since_when_there_is_no_network() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let _ = t.ask("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne" }));
    let _ = t.post(json!({ "text": "hand", "to": ["whatsapp"] }));
    let _ = t.post(json!({ "text": "later", "to": ["bluesky"], "at": "2026-12-24T09:00" }));
    t.bluesky.down(Some(Error::Offline("no route".into())));
    let _ = t.post(json!({ "text": "now", "to": ["bluesky"] }));
    t.work();
    let now = status(&t);
    assert_eq!(
        (&now["needs_person"], &now["waiting"], &now["coming"]),
        (&json!(1), &json!(1), &json!(2)),
        "{now}"
    );
    assert_eq!(
        (&now["link"], &now["offline_since"]),
        (&json!("none"), &json!("2026-12-01T08:00:00.000Z")),
        "{now}"
    );
    t.pass(Duration::from_secs(3600), Duration::from_secs(60));
    assert_eq!(
        status(&t)["offline_since"],
        "2026-12-01T08:00:00.000Z",
        "an hour of looking again changes nothing"
    );
    t.mastodon.down(None);
    let _ = t.post(json!({ "text": "through", "to": ["mastodon"] }));
    t.work();
    let through = status(&t);
    assert_eq!(
        through["link"], "good",
        "one went through: the other server is down, not the network: {through}"
    );
    t.bluesky.down(Some(Error::Portal("<html>".into())));
    t.pass(Duration::from_secs(120), Duration::from_secs(30));
    assert_eq!(status(&t)["link"], "portal");
    t.bluesky.down(None);
    t.pass(Duration::from_secs(120), Duration::from_secs(30));
    let end = status(&t);
    assert_eq!(
        (&end["link"], &end["waiting"], &end["offline_since"]),
        (&json!("good"), &json!(0), &Value::Null)
    );
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": true }));
    assert_eq!(status(&t)["worker"], "paused");
}

#[test]
fn what_went_up_today_is_counted_once_and_forgotten_at_midnight() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let picture = t.png("a.png", 640, 480);
    assert_eq!(status(&t)["sent_today"], 0);
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"], "media": [{ "file": picture }] }));
    t.work();
    let one = status(&t)["sent_today"].as_u64().expect("a number");
    assert!(one > 100, "{one}");
    // The answer is lost and found again: nothing goes up twice.
    t.bluesky.next(griot_tests::fake::Mishap::CallLost);
    let _ = t.post(json!({ "text": "two", "to": ["bluesky"], "media": [{ "file": picture }] }));
    t.pass(Duration::from_secs(600), Duration::from_secs(10));
    assert_eq!(t.bluesky.live().len(), 2);
    assert_eq!(status(&t)["sent_today"].as_u64(), Some(2 * one));
    t.clock.advance(Duration::from_secs(24 * 3600));
    assert_eq!(status(&t)["sent_today"], 0);
}

#[test]
fn reading_it_at_every_change_costs_little_with_two_thousand_deliveries() {
    let t = TestStudio::new();
    let to: Vec<String> = (0..100).map(|n| format!("group {n}")).collect();
    for name in &to {
        t.ok("accounts.add", json!({ "network": "whatsapp", "name": name }));
    }
    for n in 0..20 {
        let _ = t.post(json!({ "text": format!("many {n}"), "to": to, "at": "2026-12-24T09:00" }));
    }
    let _ = status(&t);
    let mut times: Vec<Duration> = (0..21)
        .map(|_| {
            let begun = Instant::now();
            let _ = status(&t);
            begun.elapsed()
        })
        .collect();
    times.sort();
    assert_eq!(status(&t)["coming"], 2000);
    assert!(times[10] < Duration::from_millis(10), "{times:?}");
}

#[test]
fn samples_come_in_with_their_words_and_two_drafts_in_the_language_of_the_person() {
    let t = TestStudio::bare();
    t.ok("workspace.create", json!({ "samples": true }));
    let library = t.ask("library.list", json!({}));
    assert_eq!(library["total"], 5, "{library}");
    for asset in library["assets"].as_array().expect("a list") {
        assert!(asset["alt"].as_str().is_some_and(|alt| alt.len() > 20), "{asset}");
    }
    let posts = t.ask("posts.list", json!({}));
    let posts = posts["posts"].as_array().expect("a list");
    assert_eq!(posts.len(), 2);
    let kinds = t.ask("library.list", json!({ "kind": "video" }));
    assert_eq!(kinds["total"], 1);
    let film = &kinds["assets"][0]["id"];
    assert!(posts.iter().any(|p| p["content"]["media"][0]["asset"] == *film), "{posts:?}");
    assert!(posts.iter().all(|p| p["content"]["text"].as_str().is_some_and(|t| t.contains("draft"))));
    assert_eq!(status(&t)["undo"], Value::Null, "nothing of it is the person's to undo");
    let left = std::fs::read_dir(t.home.path().join("scratch")).expect("the scratch folder").flatten();
    assert!(!left.into_iter().any(|e| e.file_name().to_string_lossy().starts_with("griot-samples")));
}

#[test]
fn a_workspace_without_all_its_samples_is_made_and_says_so() {
    let t = TestStudio::bare();
    t.fail_at("import.kept", std::io::ErrorKind::StorageFull);
    let made = t.ask("workspace.create", json!({ "samples": true }));
    let said = made["missing"].as_str().expect("a sentence");
    assert!(said.starts_with("The workspace is ready, without all the samples: The disk is full."), "{said}");
    assert_eq!(status(&t)["workspace"]["name"], "Griot");
    let whole = t.at("other", "app").ask("workspace.create", json!({ "samples": false }));
    assert_eq!(whole.get("missing"), None);
}

#[test]
fn a_batch_tells_the_screens_when_it_begins_and_when_it_ends_and_not_once_a_file() {
    let t = TestStudio::new();
    let files: Vec<_> = (1..=30).map(|n| t.png(&format!("{n}.png"), n, 8)).collect();
    let _ = t.events();
    t.ok("library.import", json!({ "files": files }));
    let library = Event::Changed { tags: vec![Tag::Library] };
    assert_eq!(t.events().iter().filter(|event| **event == library).count(), 2);
}

#[test]
fn the_first_look_derives_no_key_and_starts_no_program_and_is_put_right_afterwards() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let wrong = t.with_passphrase("not this one");
    let begun = Instant::now();
    assert_eq!(status(&wrong)["secrets"], "open", "not known yet");
    assert!(begun.elapsed() < Duration::from_millis(200), "{:?}", begun.elapsed());
    wrong.until("it was tried", |t| status(t)["secrets"] == "locked");

    let right = t.restarted();
    let text = right.home.path().join("ffmpeg.txt");
    std::fs::write(&text, "no program").expect("a file");
    right.ok("settings.set", json!({ "key": "ffmpeg.path", "value": text }));
    assert_eq!(status(&right)["ffmpeg"], true, "a file is there");
    right.until("it was asked", |t| status(t)["ffmpeg"] == false);
    let gone = json!({ "key": "ffmpeg.path", "value": right.home.path().join("gone") });
    assert_eq!(right.refused("settings.set", gone).code, Code::NotFound);
    assert_eq!(status(&right)["ffmpeg"], false);
    assert_eq!(status(&right)["secrets"], "open");
}

#[test]
fn assets_are_found_without_accents_and_removed_when_no_post_needs_them() {
    let t = TestStudio::new();
    let take = |name: &str, side: u32| -> Value {
        let path = t.png(name, side, side);
        t.ask("library.import", json!({ "files": [path] }))["imported"][0]["asset"].clone()
    };
    let (market, boat, free) = (take("marché.png", 20), take("boat.png", 21), take("free.png", 22));
    t.ok("library.edit", json!({ "asset": boat, "alt": "Une pirogue", "tags": ["Été", "fleuve"] }));
    let found = |search: &str| t.ask("library.list", json!({ "search": search }));
    assert_eq!(found("MARCHE")["assets"][0]["id"], market);
    assert_eq!(found("ete pirogue")["assets"][0]["id"], boat, "every word, wherever it stands");
    assert_eq!(found("ete marche")["total"], 0);
    assert_eq!(t.ask("library.list", json!({ "limit": 1 }))["total"], 3);
    let only = t.ask("library.list", json!({ "only": [market, free] }));
    assert_eq!(only["total"], 2);

    t.ok("posts.save", json!({ "content": { "text": "x", "media": [{ "asset": boat }] } }));
    let free_file =
        t.shown(griot_app::Shown::Original(free.as_str().expect("id").parse().expect("id"))).expect("file");
    let done = t.ask("library.remove", json!({ "assets": [boat, free, market] }));
    assert_eq!(done["removed"].as_array().map(Vec::len), Some(2), "{done}");
    assert_eq!(done["kept"][0]["asset"], boat);
    assert!(done["kept"][0]["message"].as_str().is_some_and(|m| m.contains("boat.png")), "{done}");
    assert!(!free_file.path.exists());
    assert_eq!(t.ask("library.list", json!({}))["total"], 1);
    assert_eq!(t.refused("library.remove", json!({ "assets": [free] })).code, Code::NotFound);
    assert_ne!(t.ask("edit.undo", json!({}))["op"], "remove_assets", "what is gone is gone");
}
