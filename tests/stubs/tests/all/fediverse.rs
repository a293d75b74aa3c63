//! The server that speaks Mastodon's interface and is not Mastodon.

use griot_stubs::fediverse::TOKEN;
use griot_stubs::http::{Answer, Request};
use griot_stubs::{Auditor, Fediverse};
use serde_json::{Value, json};

use super::{FILM, PICTURE, assert_clean, hash, send};

const NOW: i64 = 1_795_377_600_000;

fn ask(server: &Fediverse, request: Request) -> Answer {
    send(server, &request.with("authorization", &format!("Bearer {TOKEN}")))
}

fn publish(server: &Fediverse, body: &Value) -> Answer {
    ask(server, Request::new("POST", "/api/v1/statuses").with_json(body).with("idempotency-key", "k"))
}

fn attach(server: &Fediverse, mime: &str, bytes: &[u8], alt: &str) -> Answer {
    let request = Request::new("POST", "/api/v2/media");
    ask(server, request.with_form(&[("description", alt)], &[("file", "a", mime, bytes)]))
}

fn id(answer: &Answer) -> String {
    answer.value()["id"].as_str().unwrap().to_owned()
}

fn own(server: &Fediverse, query: &str) -> Vec<Value> {
    let list = ask(server, Request::new("GET", &format!("/api/v1/accounts/109/statuses{query}")));
    list.value().as_array().unwrap().clone()
}

#[test]
fn a_key_is_ignored_and_everything_is_read_back() {
    let server = Fediverse::start();
    let text = "Riz & mil <3\n\nà Bamako";
    let first = publish(&server, &json!({ "status": text }));
    assert_eq!(first.status, 200);
    assert_eq!(
        publish(&server, &json!({ "status": text })).status,
        200,
        "the same key makes a second one here"
    );
    let answer = publish(
        &server,
        &json!({"status": "Suite", "in_reply_to_id": id(&first), "spoiler_text": "Attention"}),
    );
    let posts = server.posts();
    assert_eq!((posts.len(), posts[0].text.as_str(), posts[0].key.as_deref()), (3, text, Some("k")));
    assert_eq!(posts[2].parent, Some(id(&first)));
    let list = own(&server, &format!("?limit=40&since_id={}", posts[1].id));
    assert_eq!(
        (list.len(), &list[0]["id"], &list[0]["spoiler_text"]),
        (1, &json!(id(&answer)), &json!("Attention"))
    );
    assert_eq!(
        own(&server, "?limit=1&max_id=102")[0]["content"],
        "<p>Riz &amp; mil &lt;3</p><p>à Bamako</p>"
    );
    assert_clean(&server);
}

#[test]
fn a_film_is_made_by_being_asked_for_and_belongs_to_one_status() {
    let server = Fediverse::start();
    let picture = attach(&server, "image/jpeg", PICTURE, "Un étal");
    assert_eq!(picture.status, 200);
    let film = attach(&server, "video/mp4", FILM, "");
    assert_eq!((film.status, film.value()["url"].clone()), (202, Value::Null));
    let with = |id: &str| json!({"status": "Vu", "media_ids": [id]});
    assert_eq!(publish(&server, &with(&id(&film))).status, 400, "too early");
    let look = || ask(&server, Request::new("GET", &format!("/api/v1/media/{}", id(&film)))).status;
    assert_eq!([look(), look()], [206, 200]);
    assert_eq!(publish(&server, &with(&id(&film))).status, 200);
    assert_eq!((publish(&server, &with(&id(&film))).status, look()), (400, 404), "it is taken");
    assert_eq!(publish(&server, &with(&id(&picture))).status, 200);
    let posts = server.posts();
    assert_eq!(posts[0].media[0].hash, hash(FILM));
    let one = &posts[1].media[0];
    assert_eq!((one.hash.clone(), one.alt.as_deref()), (hash(PICTURE), Some("Un étal")));
    assert_clean(&server);
}

#[test]
fn five_thousand_letters_and_no_more() {
    let server = Fediverse::start();
    assert_eq!(publish(&server, &json!({"status": "é".repeat(5000)})).status, 200);
    assert_eq!(publish(&server, &json!({"status": "é".repeat(5001)})).status, 400);
    assert_eq!(publish(&server, &json!({"status": " "})).status, 400);
    assert_eq!(publish(&server, &json!({"status": "x", "in_reply_to_id": "7"})).status, 404);
    let limits = send(&server, &Request::new("GET", "/api/v2/instance")).value();
    assert_eq!(limits["configuration"]["statuses"]["max_characters"], 5000);
    assert_eq!(ask(&server, Request::new("GET", "/api/v1/nowhere")).status, 404);
    server.only_old_media();
    assert_eq!(attach(&server, "image/jpeg", PICTURE, "").status, 404);
}

#[test]
fn a_status_with_a_date_waits_moves_and_appears() {
    let server = Fediverse::start();
    server.set_now(NOW);
    let soon = json!({"status": "trop tôt", "scheduled_at": "2026-11-22T20:01:00.000Z"});
    assert_eq!(publish(&server, &soon).status, 400);
    let later = |text: &str| json!({"status": text, "scheduled_at": "2026-11-22T21:00:00.000Z"});
    let (one, two) = (publish(&server, &later("un")), publish(&server, &later("deux")));
    assert_eq!((one.value()["params"]["text"].clone(), server.posts().len()), (json!("un"), 0));
    let plans = |method: &str, id: &str, body: Option<Value>| {
        let request = Request::new(method, &format!("/api/v1/scheduled_statuses{id}"));
        ask(&server, body.map_or(request.clone(), |body| request.with_json(&body)))
    };
    assert_eq!(plans("GET", "", None).value().as_array().unwrap().len(), 2);
    let moved = json!({"scheduled_at": "2026-11-22T22:00:00.000Z"});
    let moved = plans("PUT", &format!("/{}", id(&one)), Some(moved));
    assert_eq!(moved.value()["scheduled_at"], "2026-11-22T22:00:00.000Z");
    assert_eq!(plans("DELETE", &format!("/{}", id(&two)), None).status, 200);
    server.set_now(NOW + 3_600_000);
    assert_eq!((server.posts().len(), server.scheduled().len()), (0, 1));
    server.set_now(NOW + 2 * 3_600_000);
    assert_eq!((server.posts()[0].text.as_str(), server.scheduled().len()), ("un", 0));
    assert_eq!(plans("GET", &format!("/{}", id(&one)), None).status, 404);
    assert_clean(&server);
}

#[test]
fn only_the_good_token_is_good() {
    let server = Fediverse::start();
    let me = || Request::new("GET", "/api/v1/accounts/verify_credentials");
    assert_eq!((send(&server, &me()).status, ask(&server, me()).status), (401, 200));
    server.revoke();
    assert_eq!(ask(&server, me()).status, 401);
    server.replace("other");
    assert_eq!(send(&server, &me().with("authorization", "Bearer other")).status, 200);
    assert_eq!(
        send(&server, &Request::new("GET", "/api/v1/accounts/109/statuses?access_token=x")).status,
        401
    );
    assert_eq!(server.violations().len(), 1);
}

#[test]
fn a_wrong_field_is_noted() {
    if !griot_stubs::spec::is_here(griot_stubs::spec::MASTODON) {
        return;
    }
    let server = Fediverse::start();
    publish(&server, &json!({"status": "x", "sensible": true}));
    assert!(server.violations()[0].contains("sensible"), "{:?}", server.violations());
}
