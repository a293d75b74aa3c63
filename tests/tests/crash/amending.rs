//! Killed while a live post is corrected or deleted, and run again: once, whole, and said only when it is true.

use griot_stubs::{Auditor, Fediverse, fediverse};
use griot_tests::terminal::Terminal;

use crate::stage::killed_at;

const ASKING: &[&str] =
    &["outbox.sighted", "outbox.armed", "outbox.publishing", "outbox.answered", "outbox.changed"];

/// A machine with an account on a server.
fn scene() -> (Terminal, Fediverse) {
    let server = Fediverse::start();
    let machine = Terminal::ready();
    let fields = serde_json::json!({ "token": fediverse::TOKEN }).to_string();
    machine.call().stdin(fields).run(["accounts", "add", "mastodon", "--server", &server.url()]).done();
    (machine, server)
}

/// A live post.
fn live(machine: &Terminal, text: &str) -> String {
    let answer = machine.run(["post", "--text", text, "--to", "mastodon"]).ok().json;
    let id = answer["deliveries"][0]["id"].as_str().expect("an id").to_owned();
    machine.run(["run", "--until-idle", "--max-seconds", "20"]).done();
    assert_eq!(view(machine, &id)["state"], "published");
    id
}

fn view(machine: &Terminal, id: &str) -> serde_json::Value {
    machine.run(["delivery", id]).ok().json["delivery"].clone()
}

fn texts(server: &Fediverse) -> Vec<String> {
    server.posts().into_iter().map(|post| post.text).collect()
}

#[test]
fn killed_while_it_is_corrected_it_says_the_new_words_there_and_here() {
    let (machine, server) = scene();
    for point in ASKING.iter().chain(&["outbox.edited"]) {
        let (old, new) = (format!("old, killed at {point}"), format!("new, killed at {point}"));
        let id = live(&machine, &old);
        machine.run(["delivery", &id, "edit", "--text", &new]).done();
        killed_at(&machine, point);
        let view = view(&machine, &id);
        assert_eq!(
            (&view["state"], &view["live"]["text"]),
            (&"published".into(), &new.clone().into()),
            "{point}"
        );
        assert!(view["wish"].is_null(), "{point}: {view}");
        assert!(texts(&server).contains(&new) && !texts(&server).contains(&old), "{point}");
    }
    assert_eq!(server.violations(), Vec::<String>::new());
}

#[test]
fn killed_while_it_is_deleted_it_is_gone_there_and_said_to_be_gone_here() {
    let (machine, server) = scene();
    for point in ASKING.iter().chain(&["outbox.deleted"]) {
        let text = format!("deleted, killed at {point}");
        let id = live(&machine, &text);
        machine.run(["delivery", &id, "delete"]).done();
        killed_at(&machine, point);
        assert_eq!(view(&machine, &id)["state"], "deleted", "{point}");
        assert!(!texts(&server).contains(&text), "{point}");
    }
    assert_eq!(server.violations(), Vec::<String>::new());
}
