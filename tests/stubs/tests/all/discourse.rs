//! Discourse.

use griot_stubs::discourse::{CATEGORY, KEY};
use griot_stubs::http::{Answer, Request};
use griot_stubs::{Auditor, Discourse};
use serde_json::{Value, json};

use super::{PICTURE, assert_clean, hash, send};

fn ask(forum: &Discourse, request: Request) -> Answer {
    send(forum, &request.with("api-key", KEY).with("api-username", "awa"))
}

fn get(forum: &Discourse, target: &str) -> Answer {
    ask(forum, Request::new("GET", target))
}

fn write(forum: &Discourse, body: &Value) -> Answer {
    ask(forum, Request::new("POST", "/posts.json").with_json(body))
}

fn topic(key: &str, title: &str, raw: &str) -> Value {
    json!({"title": title, "raw": raw, "category": CATEGORY, "external_id": key})
}

const TITLE: &str = "Une question sur le marché";
const RAW: &str = "Que trouve-t-on au marché de Bamako ?\n\n- du riz";

#[test]
fn a_topic_with_a_picture_is_found_by_its_key_and_read_back() {
    let forum = Discourse::start();
    let texts = [("upload_type", "composer"), ("synchronous", "true")];
    let upload =
        Request::new("POST", "/uploads.json").with_form(&texts, &[("file", "a.jpg", "image/jpeg", PICTURE)]);
    let short = ask(&forum, upload).value()["short_url"].as_str().unwrap().to_owned();
    let raw = format!("{RAW}\n\n![Un \\[étal\\]|690x460]({short})");
    let said = write(&forum, &topic("griot-1", TITLE, &raw));
    assert_eq!(said.status, 200);
    let found = get(&forum, "/t/external_id/griot-1.json");
    let place = found.headers.iter().find(|(name, _)| name == "location").unwrap().1.clone();
    assert_eq!(found.status, 301);
    let path = place.strip_prefix(&forum.url()).unwrap().to_owned();
    let shown = get(&forum, &format!("{path}?include_raw=true")).value();
    assert_eq!(shown["post_stream"]["posts"][0]["raw"], raw);
    let answer = json!({"topic_id": shown["id"], "raw": "Et une réponse assez longue pour le forum"});
    assert_eq!(write(&forum, &answer).value()["post_number"], 2);
    let posts = forum.posts();
    assert_eq!((posts[0].text.as_str(), posts[0].key.as_deref()), (RAW, Some("griot-1")));
    let one = &posts[0].media[0];
    assert_eq!((one.hash.clone(), one.alt.as_deref()), (hash(PICTURE), Some("Un [étal]")));
    assert_eq!(posts[1].parent.as_ref(), Some(&posts[0].id));
    let actions = get(&forum, "/user_actions.json?offset=0&username=awa&filter=4,5").value();
    assert_eq!(actions["user_actions"][0]["post_id"].to_string(), posts[1].id);
    assert_eq!(get(&forum, "/posts.json").value()["latest_posts"].as_array().unwrap().len(), 2);
    assert_clean(&forum);
}

#[test]
fn what_a_forum_refuses_is_refused() {
    let forum = Discourse::start();
    assert_eq!(write(&forum, &topic("griot-1", TITLE, RAW)).status, 200);
    let other = "Une tout autre question, assez longue aussi";
    let words = |answer: Answer| answer.value()["errors"][0].as_str().unwrap_or_default().to_owned();
    let taken = write(&forum, &topic("griot-1", "Un autre titre assez long", other));
    assert_eq!((taken.status, words(taken)), (422, "External ID has already been taken".to_owned()));
    assert!(
        words(write(&forum, &topic("griot-2", "Un autre titre assez long", RAW))).contains("too similar")
    );
    assert!(words(write(&forum, &topic("griot-2", TITLE, other))).contains("already been used"));
    assert!(words(write(&forum, &topic("griot-2", "Court", other))).contains("too short"));
    assert!(words(write(&forum, &json!({"topic_id": 7_000, "raw": other}))).contains("not be found"));
    assert_eq!(get(&forum, "/t/external_id/griot-9.json").status, 404);
    assert_eq!(get(&forum, "/nowhere.json").value()["error_type"], "not_found");
    assert_eq!(forum.posts().len(), 1);
    forum.moderate(true);
    let held = write(&forum, &topic("griot-3", "Un titre qui attend ici", other)).value();
    assert_eq!(held["action"], "enqueued");
    assert_eq!(get(&forum, "/posts/awa/pending.json").value()["pending_posts"][0]["raw_text"], other);
    assert_clean(&forum);
}

#[test]
fn only_the_good_key_is_good() {
    let forum = Discourse::start();
    let me = || Request::new("GET", "/session/current.json");
    assert_eq!(send(&forum, &me()).value()["error_type"], "not_logged_in");
    assert_eq!(get(&forum, "/session/current.json").value()["current_user"]["id"], 3);
    assert_eq!(send(&forum, &me().with("api-key", KEY).with("api-username", "autre")).status, 403);
    forum.revoke();
    assert_eq!(get(&forum, "/session/current.json").value()["error_type"], "invalid_access");
    forum.replace("feed");
    assert_eq!(send(&forum, &me().with("api-key", "feed").with("api-username", "awa")).status, 200);
}

#[test]
fn a_wrong_field_is_noted() {
    if !griot_stubs::spec::is_here(griot_stubs::spec::DISCOURSE) {
        return;
    }
    let forum = Discourse::start();
    let mut body = topic("griot-1", TITLE, RAW);
    body["texte"] = json!("x");
    write(&forum, &body);
    assert!(forum.violations().iter().any(|words| words.contains("texte")), "{:?}", forum.violations());
}
