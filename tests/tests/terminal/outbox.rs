//! `griot run` with assisted deliveries: what it says, when it ends, what it carries on from.

use griot_tests::terminal::{Terminal, png};
use serde_json::{Value, json};

fn with_account() -> Terminal {
    let terminal = Terminal::ready();
    terminal.run(["accounts", "add", "whatsapp", "--name", "Quartier"]).done();
    terminal
}

/// Posts at once and gives the delivery's id.
fn post(terminal: &Terminal) -> String {
    let _ = terminal.file("a.png", png(20, 10));
    let line = ["post", "--text", "Bonjour", "--media", "a.png", "--alt", "Une place", "--to", "whatsapp"];
    let answer = terminal.run(line).ok().json;
    assert_eq!(answer["deliveries"][0]["due"], Value::Null, "as soon as possible has no time");
    answer["deliveries"][0]["id"].as_str().expect("a text").to_owned()
}

#[test]
fn an_assisted_delivery_goes_from_post_to_confirm() {
    let terminal = with_account();
    let id = post(&terminal);
    let run = terminal.run(["run", "--until-idle", "--max-seconds", "120"]).ok();
    let events = run.events();
    for event in &events {
        let keys: Vec<&str> = event.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(keys, ["event", "id", "state", "waiting_for"], "{event}");
    }
    let last = json!({ "event": "delivery", "id": id, "state": "assisted", "waiting_for": null });
    assert_eq!(events.last(), Some(&last), "{events:?}");

    let delivery = terminal.run(["delivery", &id]).ok().json["delivery"].clone();
    let by_hand = &delivery["by_hand"];
    assert_eq!(by_hand["text"], "Bonjour");
    let file = std::path::Path::new(by_hand["files"][0].as_str().expect("a text"));
    assert!(file.is_file() && file.starts_with(by_hand["folder"].as_str().expect("a text")), "{by_hand}");
    assert_eq!(delivery["attempts"][0]["n"], 1);
    let names: Vec<&str> = delivery["attempts"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["n", "op", "phase", "started", "ended", "outcome", "detail"]);

    let odd = terminal.run(["delivery", &id, "confirm", "--url", "nowhere"]).ended(2);
    assert_eq!(odd.error(), "bad_request");
    let url = "https://whatsapp.com/channel/1";
    let live = terminal.run(["delivery", &id, "confirm", "--url", url]).ok().json;
    assert_eq!(json!([live["delivery"]["state"], live["delivery"]["url"]]), json!(["published", url]));
    let queue = terminal.run(["queue", "--state", "published"]).ok().json;
    assert_eq!(queue["deliveries"][0]["url"], url);
    assert!(terminal.run(["run", "--until-idle"]).ok().stdout.is_empty());
}

#[test]
fn a_person_reads_names_and_states() {
    let terminal = with_account();
    let id = post(&terminal);
    let said = terminal.say(["--lang", "fr", "run", "--until-idle"]).ok().stdout;
    assert!(said.contains("WhatsApp, Quartier\u{a0}: à faire à la main\n"), "{said}");
    let queue = terminal.say(["--lang", "fr", "queue"]).ok().stdout;
    assert!(queue.contains(&id) && queue.contains("à faire à la main"), "{queue}");
    assert!(terminal.say(["--lang", "en", "delivery", &id]).ok().stdout.contains("folder: "));
}

#[test]
fn nothing_due_is_idle_and_time_up_without_work_is_no_loss() {
    let terminal = with_account();
    let line =
        ["post", "--text", "t", "--to", "whatsapp", "--at", "2099-12-01T09:00", "--zone", "Africa/Bamako"];
    terminal.run(line).done();
    assert!(terminal.run(["run", "--until-idle"]).ok().stdout.is_empty());
    assert!(terminal.run(["run", "--until-idle", "--max-seconds", "1"]).ok().stdout.is_empty());
    assert!(terminal.run(["run", "--max-seconds", "1"]).ok().stdout.is_empty());
}

#[test]
fn a_second_worker_says_so_and_ends() {
    let terminal = with_account();
    let mut first = terminal.call().start(["run"]);
    let id = post(&terminal);
    first.wait_for_answer("assisted");
    for line in [["run"].as_slice(), &["run", "--until-idle"]] {
        let second = terminal.run(line).ended(1);
        assert_eq!((second.error(), second.stdout.lines().count()), ("worker_busy", 1));
    }
    // The others go on: only the worker is alone.
    assert_eq!(terminal.run(["queue"]).ok().json["deliveries"][0]["id"], id.as_str());
    drop(first.kill());
    terminal.run(["run", "--until-idle"]).done();
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_in_good_order() {
    let terminal = with_account();
    let mut run = terminal.call().start(["run"]);
    let _ = post(&terminal);
    run.wait_for_answer("assisted");
    run.interrupt();
    assert_eq!(run.wait().code, 130);
    assert!(terminal.run(["run", "--until-idle"]).ok().stdout.is_empty());
}

#[test]
fn a_kill_while_work_is_under_way_is_carried_on_from() {
    for point in ["rendition.written", "outbox.prepared", "outbox.laid_out"] {
        let terminal = with_account();
        let id = post(&terminal);
        let mut run =
            terminal.call().env("GRIOT_FAIL", format!("{point}=hold")).start(["run", "--until-idle"]);
        run.wait_for(&format!("failpoint {point} reached"));
        drop(run.kill());
        terminal.run(["run", "--until-idle"]).done();
        let delivery = terminal.run(["delivery", &id]).ok().json["delivery"].clone();
        assert_eq!(delivery["state"], "assisted", "{point}: {delivery}");
        assert_eq!(delivery["by_hand"]["text"], "Bonjour");
    }
}

#[test]
fn a_correction_before_the_worker_comes_goes_out_once_it_is_confirmed() {
    let terminal = with_account();
    let id = post(&terminal);
    let post = terminal.run(["delivery", &id]).ok().json["delivery"]["post"].clone();
    let save = json!({ "post": post, "content": { "text": "Bonsoir" } }).to_string();
    terminal.run(["call", "posts.save", &save]).done();
    terminal.run(["run", "--until-idle"]).done();
    let text = || terminal.run(["delivery", &id]).ok().json["delivery"]["by_hand"]["text"].clone();
    assert_eq!(text(), "Bonjour");
    terminal.run(["correct", post.as_str().expect("an id")]).done();
    terminal.run(["run", "--until-idle"]).done();
    assert_eq!(text(), "Bonsoir");
}

#[test]
fn the_queue_says_what_went_up_and_sends_what_fits() {
    let terminal = with_account();
    let _ = post(&terminal);
    let totals = terminal.run(["queue", "traffic"]).ok().json;
    assert_eq!(json!([totals["link"], totals["sent_today"], totals["to_go"]]), json!(["good", 0, 0]));
    let look = terminal.run(["queue", "send", "--dry-run", "--minutes", "5"]).ok().json;
    assert_eq!(json!([look["minutes"], look["goes"], look["measured"]]), json!([5, [], false]));
    assert_eq!(terminal.run(["queue", "send", "--minutes", "0"]).ended(2).error(), "bad_request");
    let said = terminal.say(["--lang", "fr", "queue", "send"]).ok().stdout;
    assert!(said.starts_with("Rien n’attend d’être envoyé.\n"), "what is done by hand sends nothing: {said}");
    assert!(said.contains("WhatsApp, Quartier\u{a0}: à faire à la main\n"), "the outbox was worked: {said}");
}
