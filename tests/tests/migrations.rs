//! A workspace of every version there has been opens, and what was in it is there. The files in `tests/migrations`
//! are what people have on their disks; they are never edited.

use std::fs;
use std::path::Path;

use griot_tests::studio::TestStudio;
use serde_json::json;

/// A studio on a workspace as version `name` left it.
fn left_by(name: &str) -> TestStudio {
    let studio = TestStudio::bare();
    let workspace = studio.home.path().join("workspace");
    fs::create_dir_all(workspace.join("media")).expect("a folder");
    let fixture = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations").join(format!("{name}.db"));
    fs::copy(fixture, workspace.join("griot.db")).expect("the fixture");
    studio
}

#[test]
fn version_1_opens_with_its_library_its_posts_and_its_queue() {
    let t = left_by("0001");
    let assets = t.ask("library.list", json!({}));
    assert_eq!(assets["assets"].as_array().map(Vec::len), Some(2), "{assets}");
    let posts = t.ask("posts.list", json!({}));
    assert!(posts["posts"].as_array().is_some_and(|p| !p.is_empty()), "{posts}");
    let queue = t.ask("deliveries.list", json!({}));
    assert_eq!(queue["deliveries"].as_array().map(Vec::len), Some(2), "{queue}");
    let accounts = t.ask("accounts.list", json!({}));
    assert_eq!(accounts["accounts"][0]["handle"], "@person1@mastodon.example");
}

#[test]
fn version_2_opens_with_the_words_that_were_on_their_way() {
    let t = left_by("0002");
    let posts = t.ask("posts.list", json!({}));
    assert_eq!(posts["posts"][0]["content"]["text"], "Bonjour Bamako, bonjour Ségou");
    assert_eq!(posts["posts"][0]["typing"], json!(true));
    assert_eq!(posts["posts"][0]["deliveries"], json!(2));
}

#[test]
fn version_4_opens_with_what_was_planned() {
    let t = left_by("0004");
    let plan = t.ask("posts.list", json!({}))["posts"][0]["plan"].clone();
    assert_eq!((&plan["when"], &plan["at"]), (&json!("at"), &json!("2026-12-01T09:00")));
    assert_eq!(plan["to"].as_array().map(Vec::len), Some(1), "{plan}");
    let before = left_by("0003").ask("posts.list", json!({}));
    assert_eq!(before["posts"][0]["plan"], json!(null));
}

#[test]
fn version_5_opens_with_what_was_changed_in_a_picture() {
    let t = left_by("0005");
    let post = t.ask("posts.list", json!({}))["posts"][0]["post"]["id"].clone();
    let history = t.ask("posts.history", json!({ "post": post }));
    let kept = &history["revisions"][0]["content"]["media"][0]["edit"];
    assert_eq!(kept["turn"], 1, "{history}");
    assert_eq!(kept["frames"]["bluesky"]["fit"], "blur");
    let before = left_by("0004").ask("posts.list", json!({}))["posts"][0]["content"]["media"][0].clone();
    assert_eq!(before["edit"], json!(null), "nothing was changed before there were changes");
}

/// The queue was written with zone data in which Casablanca is at +01 on that day; it is at +00 by newer ones.
#[test]
fn version_6_opens_with_what_was_due_and_nine_oclock_stays_nine_oclock_by_newer_zone_data() {
    let t = left_by("0006");
    let queue = t.ask("deliveries.list", json!({ "state": "scheduled" }));
    let line = &queue["deliveries"][0];
    assert_eq!(line["wall"]["local"], "2026-12-01T09:00");
    assert_eq!(line["wall"]["zone"], "Africa/Casablanca");
    assert_ne!(line["wall"]["tzdata"], "2025b");
    assert_eq!(line["due"], "2026-12-01T09:00:00.000Z", "it was 08:00 by the older data");
    let file = t.home.path().join("due.journal");
    t.ok("journal.export", json!({ "file": file }));
    let told = fs::read_to_string(file).expect("the journal");
    assert!(told.contains("\"instead_of\":\"2026-12-01T08:00:00.000Z\""), "the journal says it: {told}");
    t.ok("settings.set", json!({ "key": "zone", "value": "Europe/Paris" }));
    let again = t.restarted().ask("deliveries.list", json!({ "state": "scheduled" }));
    assert_eq!(
        again["deliveries"][0]["due"], "2026-12-01T09:00:00.000Z",
        "another zone of the studio moves nothing"
    );
}

#[test]
fn version_7_opens_with_what_its_network_keeps() {
    let t = left_by("0007");
    let queue = t.ask("deliveries.list", json!({ "state": "handed_over" }));
    let line = &queue["deliveries"][0];
    assert_eq!((&line["wish"], &line["kept_at"]), (&json!("move"), &json!("2026-12-01T08:00:00.000Z")));
    assert_eq!(queue["counts"]["kept"], 1);
    let before = left_by("0006").ask("deliveries.list", json!({}));
    assert_eq!(before["counts"]["kept"], 0, "no network kept anything before");
}

#[test]
fn version_8_opens_with_what_became_of_a_live_post() {
    let t = left_by("0008");
    let queue = t.ask("deliveries.list", json!({ "state": "published" }));
    let line = &queue["deliveries"][0];
    assert_eq!((&line["wish"], &line["title"]), (&json!("delete"), &json!("Corrected")));
    assert_eq!(line["edited_at"], "2026-11-30T08:00:00.000Z");
    // It comes from another machine: nothing that was asked there is done here.
    t.work();
    assert!(t.ask("deliveries.list", json!({ "state": "published" }))["deliveries"][0]["wish"].is_null());
    assert!(t.mastodon.calls().is_empty() || !t.mastodon.calls().contains(&"delete"));
}

#[test]
fn version_9_opens_with_the_day_on_which_an_account_ends() {
    let account = |name: &str| left_by(name).ask("accounts.list", json!({}))["accounts"][0].clone();
    let ends = account("0009")["ends"].clone();
    assert_eq!((&ends["at"], &ends["soon"]), (&json!("2026-12-03T12:00:00.000Z"), &json!(true)));
    assert_eq!(account("0008")["ends"], json!(null), "no network had told before");
}

#[test]
fn version_10_opens_with_what_was_let_go_and_asks_again_on_another_machine() {
    let t = left_by("0010");
    let queue = t.ask("deliveries.list", json!({}));
    assert_eq!(queue["deliveries"].as_array().map(Vec::len), Some(2), "{queue}");
    t.work();
    assert_eq!(t.states()[0], "waiting(check_after_move)", "it was let go somewhere else");
    assert!(t.mastodon.live().is_empty());
}

#[test]
fn version_1_from_another_machine_holds_everything_for_a_person() {
    let t = left_by("0001");
    t.work();
    for state in t.states() {
        assert!(state == "waiting(check_after_move)", "{state}");
    }
    assert!(t.mastodon.live().is_empty(), "a workspace that was moved publishes nothing by itself");
}
