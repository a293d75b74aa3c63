//! X on loopback, asked as any client would ask it: signatures, posts, media, refusals.

use griot_stubs::http::{Answer, Request};
use griot_stubs::x::{ACCESS_TOKEN, USER, sign};
use griot_stubs::{Auditor, X};
use serde_json::{Value, json};

use super::{FILM, PICTURE, assert_clean, hash, send};

const NOW: i64 = 1_795_377_600_000;

fn x() -> X {
    let x = X::start();
    x.set_now(NOW);
    x
}

fn signed(x: &X, request: Request, token: &str, seconds: i64) -> Answer {
    let host = x.url().trim_start_matches("http://").to_owned();
    let proof = sign(&request.clone().with("host", &host), token, seconds, "a-nonce");
    send(x, &request.with("authorization", &proof))
}

fn ask(x: &X, request: Request) -> Answer {
    signed(x, request, ACCESS_TOKEN, NOW / 1000)
}

fn post(x: &X, body: &Value) -> Answer {
    ask(x, Request::new("POST", "/2/tweets").with_json(body))
}

fn list(x: &X, query: &str) -> Value {
    ask(x, Request::new("GET", &format!("/2/users/{USER}/tweets{query}"))).value()
}

#[test]
fn a_post_is_read_back_byte_for_byte() {
    let x = x();
    let text = "Riz & mil <3 à Bamako : https://exemple.com/a?b=1&c=2 !";
    let said = post(&x, &json!({ "text": text }));
    assert_eq!(said.status, 201);
    let id = said.value()["data"]["id"].as_str().unwrap().to_owned();
    let reply = post(&x, &json!({"text": "Suite", "reply": {"in_reply_to_tweet_id": id}}));
    let posts = x.posts();
    assert_eq!((posts[0].text.as_str(), posts[0].at), (text, NOW));
    assert_eq!(posts[1].parent.as_deref(), Some(id.as_str()));
    let all = list(&x, "?max_results=5&tweet.fields=created_at,entities");
    assert_eq!(all["meta"]["result_count"], 2);
    assert_eq!(all["data"][0]["id"], reply.value()["data"]["id"]);
    let shown = &all["data"][1];
    assert!(shown["text"].as_str().unwrap().starts_with("Riz &amp; mil &lt;3 à Bamako : https://t.co/"));
    assert_eq!(shown["entities"]["urls"][0]["expanded_url"], "https://exemple.com/a?b=1&c=2");
    assert_eq!(shown["created_at"], "2026-11-22T20:00:00.000Z");
    assert_eq!(list(&x, &format!("?max_results=5&since_id={id}"))["meta"]["result_count"], 1);
    assert_clean(&x);
}

#[test]
fn media_go_up_whole_and_in_parts_and_are_made_by_being_asked_for() {
    let x = x();
    let picture = Request::new("POST", "/2/media/upload")
        .with_form(&[("media_category", "tweet_image")], &[("media", "a.jpg", "image/jpeg", PICTURE)]);
    let picture = ask(&x, picture).value()["data"]["id"].as_str().unwrap().to_owned();
    let alt = json!({"id": picture, "metadata": {"alt_text": {"text": "Un étal"}}});
    assert_eq!(ask(&x, Request::new("POST", "/2/media/metadata").with_json(&alt)).status, 200);

    let start =
        json!({"media_type": "video/mp4", "total_bytes": FILM.len(), "media_category": "tweet_video"});
    let film = ask(&x, Request::new("POST", "/2/media/upload/initialize").with_json(&start)).value();
    let film = film["data"]["id"].as_str().unwrap().to_owned();
    for (index, part) in [&FILM[..10], &FILM[10..]].into_iter().enumerate() {
        let request = Request::new("POST", &format!("/2/media/upload/{film}/append"))
            .with_form(&[("segment_index", &index.to_string())], &[("media", "a.mp4", "video/mp4", part)]);
        assert_eq!(ask(&x, request).status, 200);
    }
    let end = ask(&x, Request::new("POST", &format!("/2/media/upload/{film}/finalize")));
    assert_eq!(end.value()["data"]["processing_info"]["state"], "pending");
    let early = post(&x, &json!({"text": "trop tôt", "media": {"media_ids": [film]}}));
    assert_eq!((early.status, early.value()["title"].clone()), (400, json!("Invalid Request")));
    let state = || {
        let asked = format!("/2/media/upload?command=STATUS&media_id={film}");
        ask(&x, Request::new("GET", &asked)).value()["data"]["processing_info"]["state"].clone()
    };
    assert_eq!([state(), state()], [json!("in_progress"), json!("succeeded")]);
    assert_eq!(post(&x, &json!({"media": {"media_ids": [film]}})).status, 201);
    assert_eq!(post(&x, &json!({"text": "Vu", "media": {"media_ids": [picture]}})).status, 201);
    let posts = x.posts();
    assert_eq!(posts[0].media[0].hash, hash(FILM));
    let one = &posts[1].media[0];
    assert_eq!((one.hash.as_str(), one.alt.as_deref()), (hash(PICTURE).as_str(), Some("Un étal")));
    assert_clean(&x);
}

#[test]
fn what_x_refuses_is_refused() {
    let x = x();
    assert_eq!(post(&x, &json!({"text": "une fois"})).status, 201);
    let twice = post(&x, &json!({"text": "une fois"}));
    assert_eq!(twice.status, 403);
    assert!(twice.value()["detail"].as_str().unwrap().contains("duplicate content"));
    assert_eq!(post(&x, &json!({"text": "é".repeat(281)})).status, 403);
    assert_eq!(post(&x, &json!({"text": "$AAA $BBB"})).status, 403);
    assert_eq!(post(&x, &json!({"text": "x", "media": {"media_ids": ["77"]}})).status, 400);
    assert_eq!(ask(&x, Request::new("GET", "/2/nowhere")).status, 404);
    assert_eq!(list(&x, "?max_results=4")["title"], "Invalid Request");
    assert_eq!(list(&x, "?max_results=5&fields=text")["title"], "Invalid Request");
    assert_eq!(x.posts().len(), 1);
    assert_clean(&x);
    x.subscribe("Premium");
    assert_eq!(post(&x, &json!({"text": "é".repeat(281)})).status, 201);
}

#[test]
fn only_the_good_keys_are_good() {
    let x = x();
    let me = || Request::new("GET", "/2/users/me");
    assert_eq!(send(&x, &me()).status, 401);
    assert_eq!(send(&x, &me().with("authorization", "Bearer x")).status, 403);
    assert_eq!(ask(&x, me()).value()["data"]["id"], USER);
    assert_eq!(signed(&x, me(), ACCESS_TOKEN, NOW / 1000 - 3600).status, 401, "a clock that is an hour late");
    let proof = sign(&me().with("host", "127.0.0.1:1"), ACCESS_TOKEN, NOW / 1000, "n");
    assert_eq!(send(&x, &me().with("authorization", &proof)).status, 401, "signed for another host");
    x.revoke();
    assert_eq!(ask(&x, me()).status, 401);
    x.replace("2244994945-another");
    assert_eq!((ask(&x, me()).status, signed(&x, me(), "2244994945-another", NOW / 1000).status), (401, 200));
}

#[test]
fn a_wrong_field_is_refused_and_noted() {
    if !griot_stubs::spec::is_here(griot_stubs::spec::X) {
        return;
    }
    let x = x();
    assert_eq!(post(&x, &json!({"status": "x"})).status, 400);
    assert_eq!(post(&x, &json!({"text": "x", "reply_settings": "nobody"})).status, 400);
    for name in ["status", "reply_settings"] {
        assert!(x.violations().iter().any(|words| words.contains(name)), "{name}: {:?}", x.violations());
    }
    assert!(x.posts().is_empty());
}
