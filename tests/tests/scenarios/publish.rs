//! From a text to two live posts with proof, and by hand where there is no interface.

use griot_tests::studio::TestStudio;
use serde_json::json;

#[test]
fn a_post_with_a_picture_goes_to_both_networks_once_and_the_queue_shows_the_proof() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    let photo = t.png("river.png", 64, 48);
    let ids = t.post(json!({
        "text": "Le marché de Kayes, ce matin.",
        "media": [{ "file": photo, "alt": "Un marché au bord du fleuve" }],
        "variants": { "mastodon": { "text": "Kayes, ce matin. #marché" } },
        "to": [bluesky, mastodon],
    }));
    assert_eq!(t.states(), ["scheduled", "scheduled"]);
    t.work();
    assert_eq!(t.states(), ["published", "published"]);
    assert_eq!(t.bluesky.live(), ["Le marché de Kayes, ce matin."]);
    assert_eq!(t.mastodon.live(), ["Kayes, ce matin. #marché"]);
    assert_eq!(t.bluesky.bodies()[0]["media"][0]["alt"], "Un marché au bord du fleuve");
    let proof = t.delivery(&ids[0]);
    assert_eq!(proof["url"], "https://fake.example/0");
    assert_eq!(proof["attempts"][0]["outcome"], "published");
    assert_eq!(proof["attempts"].as_array().map(Vec::len), Some(1), "one try was enough");
    t.work();
    assert_eq!(t.bluesky.live().len() + t.mastodon.live().len(), 2, "working again sends nothing again");
}

#[test]
fn a_moving_picture_keeps_moving_in_the_way_that_each_network_takes() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    let moving = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/animated.gif");
    let _ = t.post(json!({ "text": "Ça tourne.", "media": [{ "file": moving, "alt": "trois vues" }], "to": [bluesky, mastodon] }));
    t.work();
    assert_eq!(t.states(), ["published", "published"]);
    assert_eq!(t.mastodon.bodies()[0]["media"][0]["mime"], "image/gif");
    assert_eq!(t.bluesky.bodies()[0]["media"][0]["mime"], "video/mp4", "Bluesky shows no GIF");
}

#[test]
fn a_scheduled_post_waits_for_its_wall_time_and_not_longer() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ids = t.post(json!({ "text": "à neuf heures", "to": ["bluesky"], "at": "2026-12-01T09:00", "zone": "Africa/Bamako" }));
    t.work();
    assert_eq!(t.states(), ["scheduled"]);
    t.pass(std::time::Duration::from_secs(59 * 60), std::time::Duration::from_secs(59 * 60));
    assert_eq!(t.bluesky.live().len(), 0);
    t.pass(std::time::Duration::from_secs(60), std::time::Duration::from_secs(60));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.delivery(&ids[0])["due"], "2026-12-01T09:00:00.000Z");
    assert_eq!(t.delivery(&ids[0])["wall"]["zone"], "Africa/Bamako");
}

#[test]
fn a_first_comment_waits_for_the_proof_of_its_post_and_answers_it() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.bluesky.next(griot_tests::fake::Mishap::Refuse(griot_networks::Error::Content("too rude".into())));
    let ids = t.post(json!({
        "text": "post", "to": ["bluesky"],
        "variants": { "bluesky": { "fields": { "first_comment": "and a link: https://example.org" } } },
    }));
    assert_eq!(ids.len(), 2);
    t.work();
    assert_eq!(t.states(), ["failed", "waiting(previous_part)"], "a comment never goes without its post");
    t.ok("deliveries.retry", json!({ "id": ids[0] }));
    t.work();
    assert_eq!(t.states(), ["published", "published"]);
    assert_eq!(t.bluesky.live(), ["post", "and a link: https://example.org"]);
    assert_eq!(t.bluesky.bodies()[1]["reply_to"], "id-0");
}

#[test]
fn a_cancelled_post_takes_its_first_comment_with_it() {
    let t = TestStudio::new();
    let _ = t.accounts();
    let ids = t.post(json!({
        "text": "post", "to": ["bluesky"], "at": "2026-12-01T12:00",
        "variants": { "bluesky": { "fields": { "first_comment": "comment" } } },
    }));
    t.ok("deliveries.cancel", json!({ "id": ids[0] }));
    t.pass(std::time::Duration::from_secs(5 * 3600), std::time::Duration::from_secs(5 * 3600));
    assert_eq!(t.states(), ["cancelled", "cancelled"]);
    assert_eq!(t.bluesky.live().len(), 0);
}

#[test]
fn a_network_without_an_interface_is_laid_out_for_a_person_who_confirms() {
    let t = TestStudio::new();
    t.ok("accounts.add", json!({ "network": "whatsapp", "name": "Chaîne de campagne" }));
    let photo = t.png("poster.png", 80, 100);
    let ids = t.post(json!({ "text": "Réunion demain à 16 h.", "media": [{ "file": photo, "alt": "affiche" }], "to": ["whatsapp"] }));
    t.work();
    assert_eq!(t.states(), ["assisted"]);
    let by_hand = t.delivery(&ids[0])["by_hand"].clone();
    assert_eq!(by_hand["text"], "Réunion demain à 16 h.");
    let file = by_hand["files"][0].as_str().expect("a rendition");
    assert!(std::fs::metadata(file).expect("it is there").len() > 0);
    assert!(by_hand["page"].as_str().is_some_and(|p| p.starts_with("https://")));
    t.ok("deliveries.confirm", json!({ "id": ids[0], "url": "https://whatsapp.com/channel/1" }));
    assert_eq!(t.states(), ["published"]);
    assert_eq!(t.delivery(&ids[0])["url"], "https://whatsapp.com/channel/1");
}

#[test]
fn a_pause_holds_everything_and_its_end_lets_it_go() {
    let t = TestStudio::new();
    let _ = t.accounts();
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": true }));
    let _ = t.post(json!({ "text": "one", "to": ["bluesky"] }));
    t.work();
    assert_eq!(t.states(), ["waiting(paused)"]);
    t.ok("settings.set", json!({ "key": "outbox.paused", "value": null }));
    t.work();
    assert_eq!(t.states(), ["published"]);
}
