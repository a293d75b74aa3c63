//! Killed while a network is given a post, or gives it back, and run again: never two, and never none.

use griot_stubs::{Auditor, Fediverse, fediverse};
use griot_tests::terminal::Terminal;

use crate::stage::killed_at;

const GIVING: &[&str] = &["outbox.armed", "outbox.publishing", "outbox.answered", "outbox.handed_over"];
const READING: &[&str] = &["outbox.read_back"];
const TAKING: &[&str] = &["outbox.armed", "outbox.publishing", "outbox.answered", "outbox.withdrawn"];

/// A machine with an account on a server that keeps dates.
fn scene() -> (Terminal, Fediverse) {
    let server = Fediverse::start();
    let machine = Terminal::ready();
    let fields = serde_json::json!({ "token": fediverse::TOKEN }).to_string();
    machine.call().stdin(fields).run(["accounts", "add", "mastodon", "--server", &server.url()]).done();
    (machine, server)
}

/// Schedules a post for tomorrow and asks that it be given to its network.
fn given(machine: &Terminal, text: &str) -> String {
    let tomorrow = chrono::Utc::now() + chrono::TimeDelta::days(1);
    let at = tomorrow.format("%Y-%m-%dT%H:%M").to_string();
    let args = ["post", "--text", text, "--to", "mastodon", "--at", &at, "--zone", "UTC"];
    let answer = machine.run(args).ok().json;
    let id = answer["deliveries"][0]["id"].as_str().expect("an id").to_owned();
    machine.run(["delivery", &id, "hand-over"]).done();
    id
}

fn state(machine: &Terminal, id: &str) -> String {
    let view = machine.run(["delivery", id]).ok().json["delivery"].clone();
    view["state"].as_str().unwrap_or_default().to_owned()
}

fn kept(server: &Fediverse, text: &str) -> usize {
    server.scheduled().iter().filter(|planned| planned.post.text == text).count()
}

#[test]
fn killed_while_it_is_given_the_network_keeps_it_once() {
    let (machine, server) = scene();
    for point in GIVING.iter().chain(READING) {
        let text = format!("given, killed at {point}");
        let id = given(&machine, &text);
        killed_at(&machine, point);
        assert_eq!((state(&machine, &id).as_str(), kept(&server, &text)), ("handed_over", 1), "{point}");
        assert!(server.posts().is_empty(), "{point}: nothing is live before its date");
    }
    assert_eq!(server.violations(), Vec::<String>::new());
}

#[test]
fn killed_while_it_is_taken_back_it_is_here_and_not_there() {
    let (machine, server) = scene();
    for point in TAKING {
        let text = format!("taken back, killed at {point}");
        let id = given(&machine, &text);
        machine.run(["run", "--until-idle", "--max-seconds", "5"]).done();
        assert_eq!(kept(&server, &text), 1, "{point}");
        machine.run(["delivery", &id, "withdraw"]).done();
        killed_at(&machine, point);
        assert_eq!((state(&machine, &id).as_str(), kept(&server, &text)), ("scheduled", 0), "{point}");
        assert!(server.posts().is_empty(), "{point}: it leaves from here tomorrow");
    }
    assert_eq!(server.violations(), Vec::<String>::new());
}
