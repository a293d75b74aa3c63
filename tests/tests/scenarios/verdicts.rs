//! A draft in front of the networks: what they say of it at every pause of the keyboard, and what one press does.

use std::time::{Duration, Instant};

use griot_app::Code;
use griot_tests::studio::TestStudio;
use serde_json::{Value, json};

/// The ids of assets made of plain pictures, the first with an alt text in the library.
fn pictures(t: &TestStudio, n: u32) -> Vec<Value> {
    let files: Vec<_> = (0..n).map(|n| t.png(&format!("{n}.png"), 400 + n, 300)).collect();
    let imported = t.ask("library.import", json!({ "files": files }))["imported"].clone();
    let ids: Vec<Value> = imported.as_array().expect("a list").iter().map(|a| a["asset"].clone()).collect();
    t.ok("library.edit", json!({ "asset": ids[0], "alt": "A stall at the market" }));
    ids
}

fn content(text: &str, assets: &[Value]) -> Value {
    let media: Vec<Value> = assets.iter().map(|id| json!({ "asset": id, "alt": "" })).collect();
    json!({ "text": text, "media": media, "variants": {} })
}

fn check(t: &TestStudio, content: &Value, account: &str) -> Value {
    t.ask("posts.check", json!({ "content": content, "to": [account] }))["checks"][0].clone()
}

fn problem(check: &Value, code: &str) -> Value {
    let problems = check["problems"].as_array().expect("a list").iter();
    problems.clone().find(|p| p["code"] == code).unwrap_or_else(|| panic!("no {code} in {check}")).clone()
}

fn press(t: &TestStudio, content: &Value, account: &str, remedy: &Value) -> Value {
    t.ask("posts.remedy", json!({ "content": content, "account": account, "remedy": remedy }))["content"]
        .clone()
}

#[test]
fn a_draft_is_judged_for_each_account_with_the_press_that_answers() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    let ids = pictures(&t, 5);
    let draft = content(&"word ".repeat(70), &ids);
    let answer = t.ask("posts.check", json!({ "content": draft, "to": [mastodon, bluesky] }));
    let checks = answer["checks"].as_array().expect("a list");
    assert_eq!((&checks[0]["network"], &checks[1]["network"]), (&json!("mastodon"), &json!("bluesky")));
    assert_eq!(checks[1]["by_hand"], json!(false));
    assert_eq!(checks[1]["verdict"], "error");
    assert_eq!(checks[1]["text"]["over"], json!(50));
    let long = problem(&checks[1], "text_too_long");
    assert_eq!(long["remedies"], json!([{ "id": "shorten", "label": "Shorten for Bluesky" }]));
    let many = problem(&checks[1], "too_many_images");
    assert_eq!(many["remedies"], json!([{ "id": "keep_first_4_images", "label": "Keep the first 4" }]));
    let alt = problem(&checks[1], "alt_missing");
    assert_eq!((&alt["media"], &alt["remedies"][0]["id"]), (&ids[0], &json!("use_library_alt_0")));

    let shorter = press(&t, &draft, &bluesky, &json!("shorten"));
    assert_eq!(shorter["text"], draft["text"], "the text of all stays whole");
    let fewer = press(&t, &shorter, &bluesky, &json!("keep_first_4_images"));
    let told = press(&t, &fewer, &bluesky, &json!("use_library_alt_0"));
    let variant = &told["variants"]["bluesky"];
    assert!(variant["text"].as_str().is_some_and(|text| text.ends_with("word…")), "{variant}");
    assert_eq!(variant["media"].as_array().map(Vec::len), Some(4));
    assert_eq!(variant["media"][0]["alt"], "A stall at the market");
    assert_eq!((&told["media"], told["variants"].get("mastodon")), (&draft["media"], None));
    assert_eq!(check(&t, &told, &bluesky)["verdict"], "warning", "three alt texts are still to be written");
    assert_eq!(t.ask("posts.list", json!({}))["posts"], json!([]), "nothing was saved");
}

#[test]
fn pictures_and_films_are_told_apart_by_one_press() {
    let t = TestStudio::new();
    let (_, mastodon) = t.accounts();
    let film = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/media/film.mp4");
    let film = t.ask("library.import", json!({ "files": [film] }))["imported"][0]["asset"].clone();
    let mut ids = pictures(&t, 2);
    ids.push(film.clone());
    let draft = content("two pictures and a film", &ids);
    let mixed = problem(&check(&t, &draft, &mastodon), "mixed_media");
    assert_eq!(
        mixed["remedies"],
        json!([{ "id": "keep_pictures", "label": "Keep the pictures" }, { "id": "keep_film", "label": "Keep the film" }])
    );
    let only = press(&t, &draft, &mastodon, &json!("keep_film"));
    assert_eq!(only["variants"]["mastodon"]["media"], json!([{ "asset": film, "alt": "" }]));
    let error =
        t.refused("posts.remedy", json!({ "content": only, "account": mastodon, "remedy": "keep_film" }));
    assert_eq!(error.code, Code::NotNow);
    assert!(error.message.contains("no longer applies"), "{}", error.message);
}

#[test]
fn a_file_that_vanished_is_a_problem_with_a_way_on_and_not_an_error() {
    let t = TestStudio::new();
    let (bluesky, _) = t.accounts();
    let ids = pictures(&t, 2);
    std::fs::remove_dir_all(t.home.path().join("workspace/media/originals")).expect("the originals");
    let ghost = json!("01890000-0000-7000-8000-000000000000");
    let draft = content("pictures", &[ids[0].clone(), ghost.clone(), ids[1].clone()]);
    let checked = check(&t, &draft, &bluesky);
    let gone: Vec<&Value> = checked["problems"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|p| p["code"] == "media_gone")
        .collect();
    assert_eq!(gone.len(), 3, "{checked}");
    assert_eq!((&gone[1]["media"], &gone[1]["level"]), (&ghost, &json!("error")));
    let mut left = draft;
    for n in [2, 1, 0] {
        left = press(&t, &left, &bluesky, &json!(format!("take_out_gone_{n}")));
    }
    assert_eq!(left["variants"]["bluesky"]["media"], json!([]));
    assert_eq!(check(&t, &left, &bluesky)["verdict"], "ok");
}

#[test]
fn a_preview_shows_the_parts_of_the_text_and_the_shape_of_the_media() {
    let t = TestStudio::new();
    let (_, mastodon) = t.accounts();
    let added = t.ask("accounts.add", json!({ "network": "instagram", "name": "Insta" }));
    let insta = added["account"]["id"].as_str().expect("an id").to_owned();
    let ids = pictures(&t, 1);
    let mut draft = content("See https://exemple.com with @awa@exemple.social #Kayes.", &ids);
    draft["variants"]["mastodon"] = json!({ "fields": { "spoiler": "Blood" } });
    let preview = check(&t, &draft, &mastodon)["preview"].clone();
    assert_eq!(
        preview["segments"],
        json!([
            { "kind": "plain", "text": "See " },
            { "kind": "link", "text": "https://exemple.com" },
            { "kind": "plain", "text": " with " },
            { "kind": "mention", "text": "@awa@exemple.social" },
            { "kind": "plain", "text": " " },
            { "kind": "hashtag", "text": "#Kayes" },
            { "kind": "plain", "text": "." },
        ])
    );
    assert_eq!((&preview["spoiler"], &preview["folded"]), (&json!("Blood"), &json!(false)));
    let medium = &preview["media"][0];
    assert_eq!(
        (&medium["width"], &medium["height"], &medium["fit"]),
        (&json!(400), &json!(300), &json!("inside"))
    );

    let insta = check(&t, &draft, &insta);
    assert_eq!(insta["by_hand"], json!(true));
    let medium = &insta["preview"]["media"][0];
    assert_eq!(
        (&medium["width"], &medium["height"], &medium["fit"]),
        (&json!(1080), &json!(1350), &json!("cover"))
    );
}

#[test]
fn sixty_thousand_letters_for_five_accounts_are_judged_between_two_keystrokes() {
    let t = TestStudio::new();
    let (bluesky, mastodon) = t.accounts();
    let mut to = vec![bluesky, mastodon];
    for network in ["linkedin", "tiktok", "instagram"] {
        let added = t.ask("accounts.add", json!({ "network": network, "name": network }));
        to.push(added["account"]["id"].as_str().expect("an id").to_owned());
    }
    let draft = content(&"Bonjour #Bamako, voir https://exemple.com/a et @awa. ".repeat(1132), &[]);
    let mut quickest = Duration::MAX;
    for _ in 0..5 {
        let began = Instant::now();
        let answer = t.ask("posts.check", json!({ "content": draft, "to": to }));
        quickest = quickest.min(began.elapsed());
        let shown = answer["checks"][2]["preview"]["segments"].as_array().expect("a list");
        let letters: usize =
            shown.iter().map(|s| s["text"].as_str().unwrap_or_default().chars().count()).sum();
        assert_eq!(letters, 3000);
    }
    eprintln!("60,000 letters for five accounts: {quickest:?}");
    assert!(quickest < Duration::from_millis(150), "{quickest:?}");
}

#[test]
fn every_field_is_named_for_people() {
    let t = TestStudio::bare();
    let fields = t.ask("rules.fields", json!({ "network": "mastodon" }))["fields"].clone();
    assert_eq!(fields[0]["name"], "visibility");
    assert_eq!(fields[0]["label"], "Who can see it");
    assert_eq!(fields[0]["choices"][2], json!({ "value": "private", "label": "Followers" }));
    assert_eq!(fields[0]["default"], "public");
    let error = t.refused("rules.fields", json!({ "network": "myspace" }));
    assert_eq!(error.code, Code::UnknownNetwork);
}

#[test]
fn a_wall_time_says_what_clocks_do_that_day() {
    let t = TestStudio::new();
    let plain = t.ask("schedule.resolve", json!({ "at": "2026-12-01T09:00" }));
    assert_eq!(
        plain,
        json!({ "at": "2026-12-01T09:00:00.000Z", "zone": "Africa/Bamako", "clocks": "exact", "past": false, "note": null })
    );
    assert_eq!(t.ask("schedule.resolve", json!({ "at": "2026-11-01T09:00" }))["past"], json!(true));
    let gap = t.ask("schedule.resolve", json!({ "at": "2027-03-28T02:30", "zone": "Europe/Paris" }));
    assert_eq!((&gap["at"], &gap["clocks"]), (&json!("2027-03-28T01:00:00.000Z"), &json!("after_gap")));
    assert_eq!(gap["note"], "Clocks go forward over this time that day: choose 03:00 or later.");
    let twice = t.ask("schedule.resolve", json!({ "at": "2027-10-31T02:30", "zone": "Europe/Paris" }));
    assert_eq!(
        (&twice["at"], &twice["clocks"]),
        (&json!("2027-10-31T00:30:00.000Z"), &json!("first_of_two"))
    );
    assert!(twice["note"].as_str().is_some_and(|note| note.contains("twice")), "{twice}");
    assert_eq!(t.refused("schedule.resolve", json!({ "at": "tomorrow" })).code, Code::BadTime);
    let error = t.refused("schedule.resolve", json!({ "at": "2026-12-01T09:00", "zone": "Africa/Wakanda" }));
    assert_eq!(error.code, Code::BadZone);
}

#[test]
fn zones_are_listed_by_place_with_the_own_one() {
    let t = TestStudio::new();
    let zones = t.ask("schedule.zones", json!({}));
    assert_eq!(zones["current"], "Africa/Bamako");
    let names: Vec<&str> =
        zones["zones"].as_array().expect("a list").iter().filter_map(Value::as_str).collect();
    for name in ["Africa/Bamako", "America/Argentina/Ushuaia", "Europe/Paris", "UTC"] {
        assert!(names.contains(&name), "{name}");
    }
    assert!(names.is_sorted() && !names.contains(&"EST5EDT"));
}
