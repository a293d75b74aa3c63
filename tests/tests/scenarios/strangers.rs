//! A workspace that comes from a stranger is data: nothing of it is run, nothing of this machine is read, shown, sent or
//! deleted through it, and no secret goes to a server that it names.

use std::fs;

use griot_app::{Code, Shown};
use griot_domain::{AccountState, Clock};
use griot_store::{Options, Store, accounts, settings};
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

/// The workspace's own tables, changed behind Griot's back while nobody has it open.
fn behind_its_back(
    t: &TestStudio,
    change: impl FnOnce(&griot_store::Tx<'_>) -> Result<(), griot_store::Error>,
) {
    let options = Options {
        app_version: "0.0.0".to_owned(),
        now: Clock::now(&*t.clock),
        faults: griot_domain::Faults::none(),
    };
    let store = Store::open(&t.home.path().join("workspace"), &options).expect("a workspace");
    store.write(change).expect("written");
    store.close().expect("closed");
}

#[test]
fn a_program_that_a_workspace_names_is_never_run() {
    let t = TestStudio::new();
    let mark = t.home.path().join("it-ran");
    let program = t.home.path().join("evil");
    fs::write(&program, format!("#!/bin/sh\necho ran > '{}'\n", mark.display())).expect("a program");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("rights");
    }
    t.ok("posts.list", json!({}));
    behind_its_back(&t, |tx| settings::set(tx, "ffmpeg.path", &json!(program)));
    let there = t.restarted();
    assert_eq!(there.ask("settings.get", json!({}))["settings"]["ffmpeg.path"], Value::Null);
    there.ok("studio.status", json!({}));
    there.ok("doctor.run", json!({}));
    there.work();
    assert!(!mark.exists(), "the workspace named a program, and it ran");
}

#[test]
fn a_program_is_chosen_for_the_machine_and_never_out_of_a_workspace() {
    let t = TestStudio::new();
    let set = |t: &TestStudio, value: Value| {
        t.call("settings.set", json!({ "key": "ffmpeg.path", "value": value }))
    };
    let program = t.home.path().join("ffmpeg");
    fs::write(&program, "a program").expect("written");
    let answer = set(&t, json!(program)).expect("chosen");
    let chosen = answer["settings"]["ffmpeg.path"].as_str().expect("a path").to_owned();
    assert!(chosen.ends_with("ffmpeg"), "{chosen}");
    let other = t.at("another", "app");
    other.ok("workspace.create", json!({}));
    assert_eq!(
        other.ask("settings.get", json!({}))["settings"]["ffmpeg.path"],
        json!(chosen),
        "it is the machine's"
    );
    let inside = t.home.path().join("workspace").join("media/ffmpeg");
    fs::write(&inside, "a program").expect("written");
    let passing = t.home.path().join("scratch/ffmpeg");
    fs::create_dir_all(t.home.path().join("scratch")).expect("a folder");
    fs::write(&passing, "a program").expect("written");
    for place in [&inside, &passing] {
        assert_eq!(set(&t, json!(place)).expect_err("refused").code, Code::BadRequest, "{}", place.display());
    }
    // A page in a browser brings files and names none of this machine.
    let page = t.without_passphrase();
    assert!(set(&page, json!(program)).is_err());
    assert_eq!(set(&t, Value::Null).expect("forgotten")["settings"]["ffmpeg.path"], Value::Null);
}

#[cfg(unix)]
#[test]
fn an_original_that_is_a_link_is_neither_shown_nor_sent_nor_followed_when_it_is_removed() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let picture = t.png("a.png", 640, 480);
    let asset = t.ask("library.import", json!({ "files": [picture] }))["imported"][0]["asset"].clone();
    let _ = t.ask(
        "posts.compose",
        json!({ "text": "x", "to": ["bluesky"], "at": "2026-12-01T18:00", "media": [{ "asset": asset }] }),
    );
    let originals = t.home.path().join("workspace").join("media/originals");
    let folder =
        fs::read_dir(&originals).expect("folders").flatten().find(|e| e.path().is_dir()).expect("one").path();
    let original = fs::read_dir(&folder).expect("files").flatten().next().expect("one").path();
    let private = t.home.path().join("id_ed25519");
    fs::rename(&original, &private).expect("moved");
    std::os::unix::fs::symlink(&private, &original).expect("a link");
    let _ = fs::remove_dir_all(t.home.path().join("workspace").join("media/renditions"));
    let id = asset.as_str().expect("an id").parse().expect("an id");
    assert_eq!(t.shown(Shown::Original(id)).expect_err("not shown").code, Code::NotFound);
    t.pass(std::time::Duration::from_secs(12 * 3600), std::time::Duration::from_secs(3600));
    assert_eq!(t.bluesky.live().len(), 0, "{:?}", t.states());
    assert!(private.exists(), "nothing outside was removed");
}

#[cfg(unix)]
#[test]
fn a_workspace_whose_folders_are_links_is_not_opened() {
    for name in ["media/thumbnails", "media/originals/ab", "copies"] {
        let t = TestStudio::new();
        t.ok("posts.list", json!({}));
        let outside = t.home.path().join("outside");
        fs::create_dir_all(&outside).expect("a folder");
        let place = t.home.path().join("workspace").join(name);
        let _ = fs::remove_dir_all(&place);
        fs::create_dir_all(place.parent().expect("a folder")).expect("folders");
        std::os::unix::fs::symlink(&outside, &place).expect("a link");
        let there = t.restarted();
        let error = there.refused("posts.list", json!({}));
        assert_eq!(error.code, Code::DatabaseDamaged, "{name}: {error:?}");
        assert!(error.message.contains(name), "{name}: {error:?}");
    }
}

#[test]
fn a_secret_goes_to_no_other_server_than_it_was_given_for() {
    let t = TestStudio::new();
    let (_, mastodon) = t.accounts();
    let _ = t.post(json!({ "text": "Bonjour", "to": ["mastodon"], "at": "2026-12-01T18:00" }));
    behind_its_back(&t, |tx| {
        let id = mastodon.parse().expect("an id");
        let mut account = accounts::get(tx, id)?.expect("an account");
        account.server = "https://thief.example".to_owned();
        accounts::update(tx, &account)
    });
    let there = t.restarted();
    there.pass(std::time::Duration::from_secs(12 * 3600), std::time::Duration::from_secs(3600));
    assert_eq!(there.mastodon.live().len(), 0, "{:?}", there.states());
    let account = there.ask("accounts.list", json!({}))["accounts"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|account| account["network"] == "mastodon")
        .cloned()
        .expect("the account");
    assert_eq!(account["state"], json!(AccountState::Reconnect), "{account}");
}
