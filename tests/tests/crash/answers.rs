//! Answers that are lost, cut, or not the network's; keys that are stripped.

use griot_tests::servers::proxy::{Fault, Rule};

use crate::stage::{Bluesky, Scene, Server, Toots};

fn visible(network: &str) -> &'static str {
    if network == "bluesky" { "/xrpc/com.atproto.repo.createRecord" } else { "/api/v1/statuses" }
}

fn lost<S: Server>(scene: &Scene<S>, faults: &[(&str, Fault)]) {
    for (name, fault) in faults {
        let delivery = scene.post(name);
        scene.proxy.add(Rule::once("POST", visible(scene.server.network()), fault.clone()));
        scene.work();
        scene.once(&delivery, name, name);
        scene.proxy.clear();
    }
}

fn every_way() -> Vec<(&'static str, Fault)> {
    vec![
        ("the answer is lost after the commit", Fault::DropAnswer),
        ("the call is cut on its way", Fault::CutAfter(10)),
        ("the answer is cut", Fault::Truncate),
        ("a portal answers", Fault::Html),
        (
            "a gateway answers 503",
            Fault::Status { code: 503, body: "<html>busy</html>".into(), headers: Vec::new() },
        ),
    ]
}

#[test]
fn bluesky_one_record_whatever_becomes_of_the_answer() {
    lost(&Scene::new(Bluesky::start()), &every_way());
}

#[test]
fn mastodon_one_status_whatever_becomes_of_the_answer() {
    lost(&Scene::new(Toots::start()), &every_way());
}

#[test]
fn mastodon_one_status_also_when_the_key_never_arrives() {
    let scene = Scene::new(Toots::start());
    for (name, fault) in every_way() {
        let text = format!("{name}, and no key");
        let delivery = scene.post(&text);
        scene.proxy.add(Rule::always(
            "POST",
            "/api/v1/statuses",
            Fault::StripHeader("idempotency-key".into()),
        ));
        scene.proxy.add(Rule::once("POST", "/api/v1/statuses", fault));
        scene.work();
        scene.once(&delivery, &text, &text);
        scene.proxy.clear();
    }
}

#[test]
fn mastodon_killed_with_the_answer_lost_and_the_key_stripped_is_still_one_status() {
    let scene = Scene::new(Toots::start());
    for point in ["outbox.publishing", "outbox.answered", "outbox.probed"] {
        let text = format!("stripped and killed at {point}");
        let delivery = scene.post(&text);
        scene.proxy.add(Rule::always(
            "POST",
            "/api/v1/statuses",
            Fault::StripHeader("idempotency-key".into()),
        ));
        scene.proxy.add(Rule::once("POST", "/api/v1/statuses", Fault::DropAnswer));
        let mut running =
            scene.machine.call().env("GRIOT_FAIL", format!("{point}=hold")).start(["run", "--until-idle"]);
        running.wait_for(&format!("failpoint {point} reached"));
        let _ = running.kill();
        scene.work();
        scene.once(&delivery, &text, point);
        scene.proxy.clear();
    }
}

#[test]
fn without_a_network_the_queue_says_so_and_nothing_is_spent() {
    let scene = Scene::new(Bluesky::start());
    let delivery = scene.post("offline first");
    scene.proxy.offline();
    scene.work();
    let (state, why) = scene.state(&scene.machine, &delivery);
    assert_eq!((state.as_str(), why.as_str()), ("waiting", Some("network")));
    let line = scene.machine.run(["queue"]).ok().json["deliveries"][0].clone();
    assert_eq!(line["attempts"], 0, "being offline spends no try");
    scene.proxy.online();
    scene.machine.run(["run", "--until-idle", "--max-seconds", "60"]).done();
    scene.once(&delivery, "offline first", "online again");
}

#[test]
fn a_server_that_answers_a_page_connects_nothing() {
    let scene = Scene::new(Bluesky::start());
    scene.proxy.add(Rule::always("POST", "/", Fault::Html));
    scene.proxy.add(Rule::always("GET", "/", Fault::Html));
    let add = ["accounts", "add", "bluesky", "--server", &scene.proxy.url()];
    let refused = scene.machine.call().stdin(scene.server.credentials()).run(add).ended(1);
    assert_eq!(refused.error(), "not_the_network");
}
