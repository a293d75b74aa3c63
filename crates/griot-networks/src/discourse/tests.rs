//! Over recorded answers, and every body against the forum software's own specification.

use griot_domain::Format;
use griot_domain::delivery::Armed;
use griot_stubs::spec;
use serde_json::json as value;

use super::*;
use crate::PreparedMedia;
use crate::stub::{Kept, NOW, Seen, Stub, client, film, json, prepared, reply, session};

mod connecting;
mod finding;

const SPEC: &str = "discourse.openapi.json";

fn discourse() -> Discourse {
    Discourse::new(client())
}

fn at(stub: &Stub) -> Session {
    let mut session = session(NetworkId::Discourse, &stub.url, &[("key", "s3cretkey")]);
    session.account.handle = "awa@forum.example".into();
    session.account.remote_id = "3".into();
    session
}

const POST: &str = "{\"id\":9,\"topic_id\":12,\"topic_slug\":\"le-marche\",\"post_number\":1,\"created_at\":\"2026-11-22T20:00:01.000Z\",\"raw\":\"x\"}";
const UPLOAD: &str = "{\"id\":5,\"url\":\"//forum.example/up/5.jpg\",\"short_url\":\"upload://abc.jpg\",\"width\":1920,\"height\":1080,\"thumbnail_width\":690,\"thumbnail_height\":388}";

fn none_yet() -> String {
    json(200, "{\"user_actions\":[]}")
}

fn absent() -> String {
    json(
        404,
        "{\"errors\":[\"The requested URL or resource could not be found.\"],\"error_type\":\"not_found\"}",
    )
}

fn forbidden(words: &str) -> String {
    json(403, &format!("{{\"errors\":[\"{words}\"],\"error_type\":\"invalid_access\"}}"))
}

fn refused(words: &str) -> String {
    json(422, &format!("{{\"action\":\"create_post\",\"errors\":[\"{words}\"]}}"))
}

fn page(status: u16) -> String {
    reply(status, "content-type: text/html\r\n", "<html>Sign in</html>")
}

fn me() -> String {
    json(200, "{\"current_user\":{\"id\":3,\"username\":\"Awa\"}}")
}

fn topic(fields: &[(&str, &str)], media: Vec<PreparedMedia>) -> Prepared {
    let mut post = prepared("Que trouve-t-on au marché ?\n", media);
    let all = [("title", "Une question sur le marché")].iter().chain(fields);
    post.fields = all.map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    post
}

fn photo(folder: &tempfile::TempDir, name: &str, alt: &str) -> PreparedMedia {
    let path = folder.path().join(name);
    std::fs::write(&path, name).unwrap();
    let hash = blake3::hash(name.as_bytes()).to_hex().to_string();
    let bytes = u64::try_from(name.len()).unwrap();
    PreparedMedia {
        path,
        hash,
        bytes,
        format: Format::Jpeg,
        duration_ms: None,
        alt: alt.into(),
        ..film(folder)
    }
}

/// Everything that was sent is what the forum software describes. It describes no tags, though it takes them.
fn described(stub: &Stub) {
    if !spec::is_here(SPEC) {
        return;
    }
    for seen in stub.seen().iter().filter(|seen| seen.line.starts_with("POST")) {
        let mut seen = Seen::clone(seen);
        if let Ok(mut body) = serde_json::from_slice::<Value>(&seen.body) {
            body.as_object_mut().unwrap().remove("tags");
            seen.body = body.to_string().into_bytes();
        }
        spec::check_request(SPEC, &seen.request()).unwrap();
    }
}

async fn stage(post: &Prepared, script: Vec<String>) -> (Result<Staged, Error>, Stub) {
    let stub = Stub::start(script);
    let staged = discourse().stage(&at(&stub), post, &mut Kept::default()).await;
    (staged, stub)
}

#[tokio::test]
async fn what_cannot_become_a_topic_is_said_before_anything_is_sent() {
    let untitled = prepared("Un texte assez long", vec![]);
    let elsewhere = topic(&[("topic", "https://other.example/t/a/12")], vec![]);
    for post in [untitled, elsewhere] {
        let (staged, stub) = stage(&post, vec![]).await;
        assert!(matches!(staged, Err(Error::Content(_))), "{staged:?}");
        assert!(stub.lines().is_empty());
    }
    let site = json(200, "{\"categories\":[{\"id\":4,\"name\":\"Vie locale\",\"slug\":\"vie-locale\"}]}");
    let (staged, _) = stage(&topic(&[("category", "Sport")], vec![]), vec![site]).await;
    assert!(matches!(staged, Err(Error::Content(_))), "{staged:?}");
}

#[tokio::test]
async fn a_topic_has_its_title_category_tags_and_key() {
    let site = |tags: &str| {
        json(
            200,
            &format!(
                "{{\"top_tags\":{tags},\"categories\":[{{\"id\":4,\"name\":\"Vie locale\",\"slug\":\"vie-locale\"}}]}}"
            ),
        )
    };
    let post = topic(&[("category", "vie locale"), ("tags", "#bamako, prix")], vec![]);
    let dated = reply(
        200,
        "content-type: application/json\r\ndate: Sun, 22 Nov 2026 20:01:00 GMT\r\n",
        "{\"user_actions\":[{\"post_id\":8}]}",
    );
    for (known, tags) in [
        ("[\"prix\"]", value!(["bamako", "prix"])),
        ("[]", value!(["bamako", "prix"])),
        ("[{\"id\":1,\"name\":\"prix\",\"slug\":\"prix\"}]", value!([{"name": "bamako"}, {"name": "prix"}])),
    ] {
        let (staged, stub) = stage(&post, vec![site(known), dated.clone()]).await;
        let staged = staged.unwrap();
        assert_eq!(
            staged.body,
            value!({"title": "Une question sur le marché", "category": 4, "tags": tags,
                "external_id": staged.key, "raw": "Que trouve-t-on au marché ?"})
        );
        assert_eq!(staged.newest_own.as_deref(), Some("8"));
        assert_eq!(staged.server_date, Some(NOW.plus_millis(60_000)));
        assert!(
            stub.seen().iter().all(|seen| seen.head.contains("api-key: s3cretkey\r\napi-username: awa\r\n"))
        );
    }
    let (numbered, stub) = stage(&topic(&[("category", "7")], vec![]), vec![none_yet()]).await;
    assert_eq!(numbered.unwrap().body["category"], 7);
    assert_eq!(stub.lines().len(), 1, "a number needs no list of categories");
}

#[tokio::test]
async fn pictures_and_a_film_stand_below_the_text_and_go_up_once() {
    let folder = tempfile::tempdir().unwrap();
    let mut clip = film(&folder);
    clip.alt = String::new();
    let media = vec![photo(&folder, "a.jpg", "Étals [rouges]"), photo(&folder, "b.jpg", ""), clip];
    let other = "{\"id\":6,\"short_url\":\"upload://def.jpg\",\"width\":800,\"height\":600}";
    let moving = "{\"id\":7,\"short_url\":\"upload://ghi.mp4\",\"width\":null,\"height\":null}";
    let script = vec![json(200, UPLOAD), json(200, other), json(503, "{}"), json(200, moving), none_yet()];
    let (stub, mut steps, post) = (Stub::start(script), Kept::default(), topic(&[], media));
    let first = discourse().stage(&at(&stub), &post, &mut steps).await;
    assert!(matches!(first, Err(Error::Transient(_))), "{first:?}");
    let staged = discourse().stage(&at(&stub), &post, &mut steps).await.unwrap();
    assert_eq!(
        staged.body["raw"],
        "Que trouve-t-on au marché ?\n\n![Étals \\[rouges\\]|690x388](upload://abc.jpg)\n\n![|800x600](upload://def.jpg)\n\n![|video](upload://ghi.mp4)"
    );
    assert_eq!(stub.lines().iter().filter(|line| line.starts_with("POST /uploads.json")).count(), 4);
    let form = stub.seen()[0].request().sent().1;
    assert_eq!(form, value!({"upload_type": "composer", "synchronous": "true", "file": "a.jpg"}));
    assert!(
        steps.0.values().all(|(_, expires)| expires.is_some_and(|at| at.millis_since(NOW) < 48 * 3_600_000))
    );
    described(&stub);
}

#[tokio::test]
async fn an_upload_that_is_refused_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let post = topic(&[], vec![photo(&folder, "a.jpg", "")]);
    let words = "Sorry, the file you are trying to upload is too big";
    for (answer, expected) in [
        (refused(words), "Content(\"Sorry, the file"),
        (page(413), "Content"),
        (json(200, "{\"id\":5}"), "Portal"),
        (json(200, "{\"short_url\":\"upload://a) [x](https://evil.example\"}"), "Portal"),
        (page(200), "Portal"),
        (json(200, "{\"half\":"), "Transient"),
        (String::new(), "Transient"),
        (page(502), "Transient"),
        (json(429, "{\"errors\":[\"slow\"],\"extras\":{\"wait_seconds\":7}}"), "RateLimited"),
        (forbidden("The API username or key is invalid."), "Auth"),
    ] {
        let (staged, _) = stage(&post, vec![answer]).await;
        let got = format!("{:?}", staged.unwrap_err());
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
}

#[tokio::test]
async fn an_answer_goes_into_its_topic_and_a_first_comment_below_its_post() {
    let (staged, _) = stage(&topic(&[("topic", "12")], vec![]), vec![none_yet()]).await;
    assert_eq!(staged.unwrap().body, value!({"topic_id": 12, "raw": "Que trouve-t-on au marché ?"}));
    let mut comment = topic(&[], vec![]);
    let proof = value!({"id": 9, "topic_id": 12, "post_number": 2});
    comment.reply_to = Some(Live { id: "9".into(), url: None, at: None, proof });
    let (staged, _) = stage(&comment, vec![absent()]).await;
    let expected = value!({"topic_id": 12, "reply_to_post_number": 2, "raw": "Que trouve-t-on au marché ?"});
    assert_eq!(staged.unwrap().body, expected);
}

#[tokio::test]
async fn what_was_staged_is_what_the_forum_describes() {
    let folder = tempfile::tempdir().unwrap();
    let pictured = topic(&[("category", "7"), ("tags", "prix")], vec![photo(&folder, "a.jpg", "Étals")]);
    let mut comment = topic(&[], vec![]);
    let proof = value!({"topic_id": 12, "post_number": 2});
    comment.reply_to = Some(Live { id: "9".into(), url: None, at: None, proof });
    let site = json(200, "{\"categories\":[]}");
    for (post, script) in [
        (pictured, vec![site, json(200, UPLOAD), none_yet(), json(200, POST)]),
        (comment, vec![none_yet(), json(200, POST)]),
    ] {
        let stub = Stub::start(script);
        let staged = discourse().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
        let live = discourse().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
        assert_eq!(live.url, Some(format!("{}/t/le-marche/12/1", stub.url)));
        assert_eq!(live.at, Some(NOW.plus_millis(1000)));
        assert_eq!(live.proof["topic_slug"], "le-marche");
        let sent = stub.seen().pop().unwrap();
        assert_eq!(serde_json::from_slice::<Value>(&sent.body).unwrap(), staged.body);
        assert!(!staged.body.to_string().contains("s3cret"));
        described(&stub);
    }
}

#[tokio::test]
async fn a_revoked_key_is_noticed_before_anything_is_visible() {
    let post = topic(&[], vec![]);
    for (script, expected) in [
        (vec![forbidden("Non"), forbidden("Non"), forbidden("Non")], "Err(Auth"),
        (vec![forbidden("The API username or key is invalid.")], "Err(Auth"),
        (vec![page(403)], "Err(Portal"),
        (vec![json(503, "{}")], "Err(Transient"),
        // A key that may only write.
        (vec![forbidden("Non"), me()], "Ok"),
        (vec![absent()], "Ok"),
    ] {
        let got = format!("{:?}", stage(&post, script).await.0);
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
}

async fn commit(body: &Value, script: Vec<String>) -> (String, Stub) {
    let stub = Stub::start(script);
    let got = discourse().commit(&at(&stub), body, "griot-key").await;
    (format!("{got:?}"), stub)
}

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let ours = value!({"title": "Une question", "raw": "Un texte assez long", "external_id": "griot-key"});
    let answer = value!({"topic_id": 12, "raw": "Un texte assez long"});
    let wrapped = format!("{{\"action\":\"create_post\",\"post\":{POST}}}");
    let enqueued = "{\"success\":true,\"action\":\"enqueued\",\"pending_count\":1}";
    let read_only = "{\"errors\":[\"The site is in read only mode\"],\"error_type\":\"read_only\"}";
    for (body, script, expected) in [
        (&ours, vec![String::new()], "Err(Uncertain"),
        (&ours, vec!["HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".into()], "Err(Uncertain"),
        (&ours, vec![page(200)], "Err(Uncertain"),
        (&ours, vec![json(200, "{\"id\":9}")], "Err(Uncertain"),
        (&ours, vec![json(200, "{\"success\":true}")], "Err(Uncertain"),
        (&ours, vec![page(502)], "Err(Uncertain"),
        (&ours, vec![page(403)], "Err(Uncertain"),
        (&ours, vec![json(503, read_only)], "Err(Uncertain"),
        (&ours, vec![reply(301, "location: /t/a/12\r\n", "")], "Err(Uncertain"),
        (&ours, vec![json(200, enqueued)], "Err(Content(\"the forum holds it back for its moderators"),
        (
            &ours,
            vec![refused("Title has already been used"), absent()],
            "Err(Content(\"Title has already been used (422)",
        ),
        (&ours, vec![refused("Title has already been used")], "Err(Uncertain"),
        (
            &answer,
            vec![refused("Body is too similar to what you recently posted")],
            "Err(Content(\"Body is too similar",
        ),
        (&answer, vec![absent()], "Err(Content"),
        (
            &ours,
            vec![forbidden("You are not permitted"), me()],
            "Err(Permission(\"You are not permitted (403)",
        ),
        (&ours, vec![forbidden("Non"), forbidden("Non"), forbidden("Non")], "Err(Auth(\"Non (403)"),
        (&ours, vec![forbidden("The API username or key is invalid.")], "Err(Auth"),
        (
            &ours,
            vec![json(403, "{\"errors\":[\"s3cretkey\"],\"error_type\":\"not_logged_in\"}")],
            "Err(Auth(\"…",
        ),
        (&ours, vec![json(200, POST)], "Ok(Live { id: \"9\", url: Some(\"http://127.0.0.1:"),
        (&ours, vec![json(200, &wrapped)], "Ok(Live { id: \"9\""),
        (&answer, vec![json(200, POST)], "Ok(Live { id: \"9\""),
    ] {
        let (got, stub) = commit(body, script).await;
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
        let posts = stub.lines().iter().filter(|line| line.starts_with("POST")).count();
        assert_eq!(posts, 1, "one visible call: {got}");
        described(&stub);
    }
}

#[tokio::test]
async fn a_rate_limit_says_until_when_in_each_of_its_forms() {
    let body = value!({"topic_id": 12, "raw": "x"});
    let until =
        |seconds: i64| format!("Err(RateLimited {{ until: Some({:?}) }})", NOW.plus_millis(seconds * 1000));
    let said = "{\"errors\":[\"slow\"],\"error_type\":\"rate_limit\",\"extras\":{\"wait_seconds\":18}}";
    for (answer, expected) in [
        (json(429, said), until(18)),
        (reply(429, "content-type: application/json\r\nretry-after: 30\r\n", said), until(18)),
        (reply(429, "content-type: application/json\r\nretry-after: 30\r\n", "{\"errors\":[]}"), until(30)),
        (reply(429, "content-type: text/plain\r\nretry-after: 10\r\n", "Slow down"), until(10)),
        (page(429), "Err(RateLimited { until: None })".to_owned()),
    ] {
        assert_eq!(commit(&body, vec![answer]).await.0, expected);
    }
}

#[tokio::test]
async fn a_spoilt_body_is_not_what_the_forum_describes() {
    if !spec::is_here(SPEC) {
        return;
    }
    let check = |path: &str, kind: &str, body: Value| spec::check(SPEC, "POST", path, kind, &body);
    let json = "application/json";
    let good = value!({"title": "t", "raw": "x", "category": 4, "external_id": "griot-key"});
    check("/posts.json", json, good.clone()).unwrap();
    for (name, spoilt) in [
        ("raw", Value::Null),
        ("category", value!("vie-locale")),
        ("external_id", value!(7)),
        ("texte", value!("x")),
    ] {
        let mut body = good.clone();
        body[name] = spoilt;
        assert!(check("/posts.json", json, body).is_err(), "{name}");
    }
    assert!(check("/posts.json", json, value!({"title": "t"})).is_err());
    let form = "multipart/form-data";
    check("/uploads.json", form, value!({"upload_type": "composer", "synchronous": "true", "file": "x"}))
        .unwrap();
    for spoilt in [
        value!({"synchronous": "true", "file": "x"}),
        value!({"upload_type": "post", "file": "x"}),
        value!({"upload_type": "composer", "synchronous": "yes", "file": "x"}),
        value!({"type": "composer", "upload_type": "composer", "file": "x"}),
    ] {
        assert!(check("/uploads.json", form, spoilt.clone()).is_err(), "{spoilt}");
    }
}
