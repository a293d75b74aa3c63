//! Writing and scheduling: what is kept, what is refused, when it is due.

use griot_tests::terminal::{Terminal, png};
use serde_json::{Value, json};

fn with_accounts() -> Terminal {
    let terminal = Terminal::ready();
    terminal.run(["accounts", "add", "whatsapp", "--name", "Quartier"]).done();
    terminal.run(["accounts", "add", "threads", "--name", "Campagne"]).done();
    terminal
}

fn content(terminal: &Terminal, post: &Value) -> Value {
    terminal.run(["call", "posts.get", &json!({ "post": post }).to_string()]).ok().json["content"].clone()
}

#[test]
fn a_draft_is_kept_and_nothing_is_scheduled() {
    let terminal = with_accounts();
    let _ = terminal.file("a.png", png(20, 10));
    let line = [
        "post",
        "--text",
        "Le texte",
        "--media",
        "a.png",
        "--alt",
        "Une place",
        "--variant",
        "threads=Plus court",
        "--set",
        "whatsapp.first_comment=Suite",
        "--draft",
    ];
    let answer = terminal.run(line).ok().json;
    assert_eq!(answer["deliveries"], json!([]));
    let content = content(&terminal, &answer["post"]);
    assert_eq!(content["text"], "Le texte");
    assert_eq!(content["media"][0]["alt"], "Une place");
    assert_eq!(content["variants"]["threads"]["text"], "Plus court");
    assert_eq!(content["variants"]["whatsapp"]["fields"]["first_comment"], "Suite");
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"], json!([]));
    let post = answer["post"].as_str().expect("a text");
    assert!(terminal.say(["queue", "--lang", "fr"]).ok().stdout.contains("vide"));
    assert!(!post.is_empty());
}

#[test]
fn a_post_becomes_one_delivery_per_account() {
    let terminal = with_accounts();
    let line = [
        "post",
        "--text",
        "Bonjour",
        "--to",
        "Quartier",
        "--to",
        "threads",
        "--at",
        "2099-12-01T09:00",
        "--zone",
        "Africa/Bamako",
        "--late",
        "publish:30",
    ];
    let answer = terminal.run(line).ok().json;
    let deliveries = answer["deliveries"].as_array().expect("a list");
    let facts: Vec<Value> = deliveries.iter().map(|d| json!([d["network"], d["state"], d["due"]])).collect();
    let due = "2099-12-01T09:00:00.000Z";
    assert_eq!(facts, [json!(["whatsapp", "scheduled", due]), json!(["threads", "scheduled", due])]);
    let keys: Vec<&str> = deliveries[0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["id", "account", "network", "state", "due", "upload_bytes"]);

    let queue = terminal.run(["queue"]).ok().json;
    let line = queue["deliveries"][0].as_object().unwrap();
    for name in ["id", "post", "account", "network", "state", "due", "waiting_for", "attempts", "url"] {
        assert!(line.contains_key(name), "{name} is not in {line:?}");
    }
    assert_eq!(terminal.run(["queue", "--state", "failed"]).ok().json["deliveries"], json!([]));
    assert_eq!(terminal.run(["queue", "--state", "lost"]).ended(2).error(), "bad_request");

    let id = deliveries[0]["id"].as_str().expect("a text");
    let one = terminal.run(["delivery", id]).ok().json["delivery"].clone();
    assert_eq!(json!([one["late"], one["attempts"]]), json!(["publish:30", []]));
    assert_eq!(one["wall"]["zone"], "Africa/Bamako");
    let said = terminal.say(["delivery", id, "--lang", "fr"]).ok().stdout;
    assert!(
        said.contains("WhatsApp, Quartier\u{a0}: programmée") && said.contains("Africa/Bamako"),
        "{said}"
    );
}

#[test]
fn the_text_comes_from_standard_input_byte_for_byte() {
    let terminal = with_accounts();
    let text = "Première ligne\n\n«\u{a0}Bamako\u{a0}» ߒߞߏ 👍🏿\n";
    let answer = terminal.call().stdin(text).run(["post", "--text", "-", "--draft"]).ok().json;
    assert_eq!(content(&terminal, &answer["post"])["text"], text);
    for line in [["post", "--text=-30 %", "--draft"], ["post", "--draft", "--text=-"]] {
        let answer = terminal.call().stdin("-30 %").run(line).ok().json;
        assert_eq!(content(&terminal, &answer["post"])["text"], "-30 %", "{line:?}");
    }
}

#[test]
fn a_time_that_cannot_be_is_refused_before_anything_is_written() {
    let terminal = with_accounts();
    for (at, zone, code) in [
        ("2020-01-01T09:00", "Africa/Bamako", "time_past"),
        ("2099-12-01T09:00", "Africa/Wakanda", "bad_zone"),
        ("2099-02-30T09:00", "Africa/Bamako", "bad_time"),
        ("demain", "Africa/Bamako", "bad_time"),
        ("2037-03-29T02:30", "Europe/Paris", "time_skipped"),
    ] {
        let line = ["post", "--text", "Bonjour", "--to", "threads", "--at", at, "--zone", zone];
        let refused = terminal.run(line).ended(2);
        assert_eq!(refused.error(), code, "{at} {zone}");
        assert!(!refused.json["error"]["message"].as_str().expect("a text").is_empty());
    }
    assert_eq!(terminal.run(["call", "posts.list"]).ok().json, json!({ "posts": [] }));
}

#[test]
fn an_account_that_is_not_there_is_refused() {
    let terminal = with_accounts();
    for to in ["mastodon", "@nobody", "019f0000-0000-7000-8000-000000000000"] {
        let refused = terminal.run(["post", "--text", "Bonjour", "--to", to]).ended(1);
        assert_eq!(refused.error(), "not_found", "{to}");
    }
    terminal.run(["accounts", "add", "threads", "--name", "Autre"]).done();
    let doubt = terminal.run(["post", "--text", "Bonjour", "--to", "threads"]);
    assert!([1, 2].contains(&doubt.code) && !doubt.error().is_empty(), "two accounts of Threads: {doubt:?}");
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"], json!([]));
}

#[test]
fn what_the_rules_refuse_is_kept_as_a_draft() {
    let terminal = with_accounts();
    let long = "a".repeat(600);
    let refused = terminal.run(["post", "--text", &long, "--to", "threads"]).ended(1);
    assert_eq!(refused.error(), "refused");
    let detail = &refused.json["error"]["detail"];
    assert_eq!(detail["problems"][0]["network"], "threads");
    assert_eq!(content(&terminal, &detail["post"])["text"], long);
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"], json!([]));
    assert_eq!(
        terminal.run(["post", "--text", "t", "--variant", "myspace=u", "--draft"]).ended(2).error(),
        "unknown_network"
    );
}

#[test]
fn who_names_nobody_hears_who_there_is() {
    let terminal = with_accounts();
    let refused = terminal.run(["post", "--text", "Bonjour"]).ended(2);
    assert_eq!(refused.error(), "bad_request");
    let said = terminal.say(["--lang", "fr", "post", "--text", "Bonjour"]).ended(2).stderr;
    assert!(said.contains("WhatsApp, Quartier") && said.contains("Threads, Campagne"), "{said}");
    terminal.run(["post", "--text", "Bonjour", "--to", "Campagne"]).done();
    let said = terminal.say(["--lang", "fr", "post", "--text", "Bonsoir"]).ended(2).stderr;
    assert!(said.contains("La dernière fois\u{a0}: --to threads"), "{said}");
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"].as_array().map(Vec::len), Some(1));
}

#[test]
fn the_same_line_twice_is_one_post_unless_it_says_again() {
    let terminal = with_accounts();
    let line = ["post", "--text", "Bonjour", "--to", "threads"];
    terminal.run(line).done();
    assert_eq!(terminal.run(line).ended(1).error(), "already_scheduled");
    let said = terminal.say(line.iter().chain(&["--lang", "en"])).ended(1).stderr;
    assert!(said.contains("Threads, Campagne") && said.contains("--again"), "{said}");
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"].as_array().map(Vec::len), Some(1));
    terminal.run(line.iter().chain(&["--again"])).done();
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"].as_array().map(Vec::len), Some(2));
}

#[test]
fn what_is_scheduled_is_corrected_and_moved_by_a_word_of_its_own() {
    let terminal = with_accounts();
    let at = ["--at", "2099-12-01T09:00", "--zone", "Europe/Paris"];
    let line = ["post", "--text", "Bonjour", "--to", "threads", "whatsapp"];
    let post = terminal.run(line.iter().chain(&at)).ok().json["post"].clone();
    let id = post.as_str().expect("an id");
    let save = json!({ "post": post, "content": { "text": "Bons" } }).to_string();
    let said = terminal.say(["--lang", "fr", "call", "posts.save", &save]).ok().stdout;
    assert!(
        said.contains("Correction gardée") && said.contains("l\u{2019}ancien texte qui partira"),
        "{said}"
    );
    let said = terminal.say(["--lang", "fr", "correct", id, "--abandon"]).ok().stdout;
    assert!(said.contains("Correction abandonnée") && said.contains("programmée"), "{said}");
    assert_eq!(content(&terminal, &post)["text"], "Bonjour");
    assert_eq!(terminal.run(["correct", id, "--abandon"]).ended(1).error(), "not_now");

    let answer = terminal.run(["correct", id, "--text", "Bonsoir"]).ok().json;
    assert_eq!((&answer["content"]["text"], &answer["correction"]), (&json!("Bonsoir"), &Value::Null));
    let long = "a".repeat(600);
    assert_eq!(terminal.run(["correct", id, "--text", &long]).ended(1).error(), "refused");
    terminal.run(["correct", id, "--abandon"]).done();
    assert_eq!(content(&terminal, &post)["text"], "Bonsoir");

    let moved = terminal.run(["move", id, "--at", "2099-12-02T10:00"]).ok().json;
    let due = json!("2099-12-02T09:00:00.000Z");
    assert_eq!((&moved["post"]["places"][0]["due"], &moved["post"]["places"][1]["due"]), (&due, &due));
    assert_eq!(terminal.run(["call", "edit.undo"]).ok().json["op"], "move_post");
    let one = terminal.run(["move", id, "--now", "--to", "threads"]).ok().json;
    assert_eq!(one["moved"].as_array().map(Vec::len), Some(1));
    assert_eq!(terminal.run(["move", id]).ended(2).error(), "bad_request");
}

#[test]
fn a_saving_of_what_is_live_says_that_it_is_live() {
    let terminal = with_accounts();
    let answer = terminal.run(["post", "--text", "Bonjour", "--to", "threads"]).ok().json;
    terminal.run(["run", "--until-idle"]).done();
    let id = answer["deliveries"][0]["id"].as_str().expect("an id").to_owned();
    terminal.run(["delivery", &id, "confirm"]).done();
    let save = json!({ "post": answer["post"], "content": { "text": "Bonsoir" } }).to_string();
    let said = terminal.say(["--lang", "fr", "call", "posts.save", &save]).ok().stdout;
    assert!(said.contains("En ligne avec l\u{2019}ancien texte\u{a0}: Threads, Campagne"), "{said}");
    assert!(said.contains("n\u{2019}y change rien"), "{said}");
    assert_eq!(content(&terminal, &answer["post"])["text"], "Bonsoir", "nothing is lost");
}

#[test]
fn a_medium_that_is_none_stops_the_post() {
    let terminal = with_accounts();
    let _ = terminal.file("notes.jpg", "not a picture");
    let refused = terminal.run(["post", "--text", "t", "--media", "notes.jpg", "--to", "threads"]).ended(1);
    assert_eq!(refused.error(), "not_media");
    let refused = terminal.run(["post", "--text", "t", "--media", "absent.jpg", "--to", "threads"]).ended(1);
    assert_eq!(refused.error(), "not_found");
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"], json!([]));
}

#[test]
fn a_delivery_is_moved_cancelled_and_no_more() {
    let terminal = with_accounts();
    let line = [
        "post",
        "--text",
        "Bonjour",
        "--to",
        "threads",
        "--at",
        "2099-12-01T09:00",
        "--zone",
        "Africa/Bamako",
    ];
    let answer = terminal.run(line).ok().json;
    let id = answer["deliveries"][0]["id"].as_str().expect("a text");
    let moved = terminal
        .run(["delivery", id, "move", "--at", "2099-12-02T10:00", "--zone", "Europe/Paris"])
        .ok()
        .json;
    assert_eq!(moved["delivery"]["due"], "2099-12-02T09:00:00.000Z");
    let past =
        terminal.run(["delivery", id, "move", "--at", "2020-12-02T10:00", "--zone", "Europe/Paris"]).ended(2);
    assert_eq!(past.error(), "time_past");
    for action in ["confirm", "retry", "release"] {
        assert_eq!(terminal.run(["delivery", id, action]).ended(1).error(), "not_now", "{action}");
    }
    assert_eq!(terminal.run(["delivery", id, "cancel"]).ok().json["delivery"]["state"], "cancelled");
    for action in [["cancel"].as_slice(), &["retry"], &["move", "--at", "2099-12-02T10:00"]] {
        let refused = terminal.run(["delivery", id].iter().chain(action)).ended(1);
        assert_eq!(refused.error(), "not_now", "{action:?}");
    }
    let absent = "019f0000-0000-7000-8000-000000000000";
    assert_eq!(terminal.run(["delivery", absent]).ended(1).error(), "not_found");
    assert_eq!(terminal.run(["delivery", "un"]).ended(2).error(), "bad_request");
}

#[test]
fn what_the_networks_do_to_a_post_is_said_when_it_is_scheduled_and_the_queue_shows_how_it_begins() {
    let terminal = with_accounts();
    let _ = terminal.file("tall.png", png(100, 4000));
    let text = "Chers voisins, la rue sera barrée samedi de 8 h à midi";
    let line = ["post", "--text", text, "--media", "tall.png", "--to", "whatsapp", "--lang", "fr"];
    let said = terminal.say(line).ok().stdout;
    let check = ["check", "--network", "whatsapp", "--media", "tall.png", "--lang", "fr", text];
    let warned = terminal.say(check).ok().stdout;
    let warning = warned.lines().last().expect("a line").trim();
    assert!(!warning.is_empty() && said.contains(warning), "{said}\n{warned}");
    let queue = terminal.say(["queue", "--lang", "fr"]).ok().stdout;
    assert!(queue.contains("Chers voisins, la rue sera barré…"), "{queue}");
}

#[test]
fn a_correction_of_nothing_is_no_correction() {
    let terminal = with_accounts();
    let line = ["post", "--text", "Bonjour", "--to", "threads", "--at", "2099-12-01T09:00"];
    let post = terminal.run(line).ok().json["post"].as_str().expect("a text").to_owned();
    assert_eq!(terminal.run(["correct", &post]).ended(1).error(), "not_now");
    terminal.run(["correct", &post, "--text", "Bonjour"]).done();
}
