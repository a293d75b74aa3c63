//! Over recorded answers, and every body against the forum software's own specification.

use griot_domain::Format;
use griot_domain::delivery::Armed;
use griot_stubs::spec;
use serde_json::json as value;

use super::*;
use crate::PreparedMedia;
use crate::stub::{Kept, NOW, Seen, Stub, client, film, json, prepared, reply, session};

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

fn question(post: Prepared, body: Value) -> Question {
    let armed = Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: None,
        key: "griot-key".into(),
        fingerprint: String::new(),
        body,
        maybe_sent: true,
        sent_at: Some(NOW),
        absent_at: None,
        resends: 0,
    };
    Question {
        prepared: post,
        armed: Some(armed),
        since: NOW,
        taken: vec!["77".into()],
        dated: false,
        kept: None,
    }
}

async fn probe(question: &Question, script: Vec<String>) -> (String, Vec<String>) {
    let stub = Stub::start(script);
    let got = match discourse().probe(&at(&stub), question).await {
        Ok(Probe::Live(live)) => format!("live {}", live.id),
        Ok(Probe::Absent) => "absent".into(),
        Ok(Probe::Kept(kept)) => format!("kept {}", kept.id),
        Ok(Probe::CannotTell(why)) => format!("cannot tell: {why}"),
        Err(error) => format!("{error:?}"),
    };
    assert!(!got.contains("s3cret"), "{got}");
    (got, stub.lines())
}

fn said(id: u64, number: u64, minutes: i64, user: u64, raw: &str) -> Value {
    let at = NOW.plus_millis(minutes * 60_000).to_string();
    value!({"id": id, "topic_id": 12, "topic_slug": "a", "post_number": number, "user_id": user, "created_at": at, "raw": raw})
}

fn shown(posts: &[Value]) -> String {
    let stream: Vec<_> = posts.iter().map(|post| post["id"].clone()).collect();
    json(200, &value!({"id": 12, "post_stream": {"posts": posts, "stream": stream}}).to_string())
}

fn nothing_waits() -> String {
    json(200, "{\"pending_posts\":[]}")
}

const RAW: &str = "Que trouve-t-on  au marché ?";

#[tokio::test]
async fn a_topic_is_found_by_its_key_wherever_it_moved() {
    let asked = question(topic(&[], vec![]), Value::Null);
    let moved = |to: &str| reply(301, &format!("location: {to}\r\n"), "");
    let first = || shown(&[said(9, 1, -600, 3, "changed since")]);
    let (got, lines) = probe(&asked, vec![moved("/t/le-marche/12.json"), first()]).await;
    assert_eq!(got, "live 9");
    assert_eq!(lines, ["GET /t/external_id/griot-key.json", "GET /t/12.json?include_raw=true"]);
    // A copy of the workspace that never armed it asks by the same key as the one that did.
    let mut unarmed = asked.clone();
    unarmed.armed = None;
    let (got, lines) = probe(&unarmed, vec![moved("/t/12"), first()]).await;
    assert_eq!((got.as_str(), lines[0].len()), ("live 9", "GET /t/external_id/griot-.json".len() + 32));
    for (script, expected) in [
        (vec![moved("https://login.example/t/a/12")], "Portal"),
        (vec![moved("/login")], "Portal"),
        (vec![json(200, "{}")], "Portal"),
        (vec![page(404)], "Portal"),
        (vec![page(200)], "Portal"),
        (vec![String::new()], "Transient"),
        (vec![json(503, "{}")], "Transient"),
        (vec![moved("/t/12.json"), shown(&[])], "Portal"),
        (vec![moved("/t/12.json"), page(502)], "Transient"),
        (vec![moved("/t/12.json"), shown(&[said(77, 1, 1, 3, RAW)])], "cannot tell"),
        (vec![forbidden("The API username or key is invalid.")], "Auth"),
        (vec![forbidden("Non"), me()], "Permission"),
    ] {
        let (got, _) = probe(&asked, script).await;
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
    }
}

#[tokio::test]
async fn a_topic_without_its_key_is_absent_or_came_through_the_moderators() {
    let asked = question(topic(&[], vec![]), Value::Null);
    let list = |topics: &[(u64, i64)]| {
        let topics = topics.iter().map(
            |(id, minutes)| value!({"id": id, "created_at": NOW.plus_millis(minutes * 60_000).to_string()}),
        );
        json(200, &value!({"topic_list": {"topics": topics.collect::<Vec<_>>()}}).to_string())
    };
    let waits = value!({"pending_posts": [{"raw_text": RAW, "title": "Une question"}]}).to_string();
    let ours = |id| shown(&[said(id, 1, 1, 3, RAW)]);
    for (script, expected) in [
        (vec![absent(), nothing_waits(), list(&[])], "absent"),
        (vec![absent(), absent(), absent()], "absent"),
        (vec![absent(), nothing_waits(), list(&[(12, -600)])], "absent"),
        (
            vec![absent(), nothing_waits(), list(&[(12, 1)]), shown(&[said(9, 1, 1, 3, "Autre chose")])],
            "absent",
        ),
        (vec![absent(), nothing_waits(), list(&[(12, 1)]), shown(&[said(77, 1, 1, 3, RAW)])], "absent"),
        (vec![absent(), json(200, &waits)], "cannot tell: it waits"),
        (vec![absent(), nothing_waits(), list(&[(12, 1)]), ours(9)], "live 9"),
        (vec![absent(), nothing_waits(), list(&[(12, 1), (13, 1)]), ours(9), ours(10)], "cannot tell: 2"),
        (vec![absent()], "Transient"),
        (vec![absent(), page(200)], "Portal"),
        (vec![absent(), nothing_waits(), json(503, "{}")], "Transient"),
    ] {
        let (got, _) = probe(&asked, script).await;
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
    }
}

#[tokio::test]
async fn an_answer_is_found_in_its_topic_and_only_ours() {
    let folder = tempfile::tempdir().unwrap();
    let asked = question(topic(&[("topic", "12")], vec![]), Value::Null);
    let mut pictured = asked.clone();
    pictured.prepared.media = vec![photo(&folder, "a.jpg", "")];
    let opening = || said(1, 1, -600, 3, RAW);
    let with = |posts: &[Value]| shown(&[&[opening()], posts].concat());
    let waits = value!({"pending_posts": [{"raw_text": RAW}]}).to_string();
    for (script, expected) in [
        (vec![with(&[]), nothing_waits()], "absent"),
        (vec![with(&[said(9, 2, 1, 3, "Autre chose")]), nothing_waits()], "absent"),
        (vec![with(&[said(9, 2, 1, 4, RAW)]), nothing_waits()], "absent"),
        (vec![with(&[said(9, 2, -600, 3, RAW)]), nothing_waits()], "absent"),
        (vec![with(&[said(77, 2, 1, 3, RAW)]), absent()], "absent"),
        (
            vec![with(&[said(9, 2, 1, 3, &format!("{RAW}\n\n![|1x1](upload://a.jpg)"))]), nothing_waits()],
            "absent",
        ),
        (vec![with(&[]), json(200, &waits)], "cannot tell: it waits"),
        (vec![with(&[said(9, 2, 1, 3, RAW)])], "live 9"),
        (vec![with(&[said(77, 2, 1, 3, RAW), said(9, 3, 1, 3, RAW)])], "live 9"),
        (vec![with(&[said(9, 2, 1, 3, RAW), said(10, 3, 2, 3, RAW)])], "cannot tell: 2"),
        (vec![absent()], "cannot tell: the topic is gone"),
        (vec![forbidden("Non"), forbidden("Non"), forbidden("Non")], "Auth"),
        (vec![json(200, "{\"post_stream\":{\"posts\":[]}}")], "cannot tell: too many"),
        (vec![page(200)], "Portal"),
        (vec![json(503, "{}")], "Transient"),
    ] {
        let (got, _) = probe(&asked, script).await;
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
    }
    // What was sent says where, whatever the fields say by now.
    let mut moved = asked.clone();
    moved.prepared.fields.clear();
    moved.armed.as_mut().unwrap().body = value!({"topic_id": 12, "raw": RAW});
    assert_eq!(probe(&moved, vec![with(&[said(9, 2, 1, 3, RAW)])]).await.0, "live 9");
    let markup = format!("{RAW}\n\n![Un \\[étal\\]|690x388](upload://abc.jpg)");
    assert_eq!(probe(&pictured, vec![with(&[said(9, 2, 1, 3, &markup)])]).await.0, "live 9");
}

#[tokio::test]
async fn a_long_topic_is_read_from_its_end() {
    let asked = question(topic(&[("topic", "12")], vec![]), Value::Null);
    let of = |n: u64, minutes| said(n, n, minutes, 4, "Autre chose");
    let start = |last: u64| {
        let stream: Vec<_> = (1..=last).collect();
        let posts: Vec<_> = (1..=20).map(|n| of(n, -600)).collect();
        json(200, &value!({"post_stream": {"posts": posts, "stream": stream}}).to_string())
    };
    let chunk = |from: u64, minutes| {
        let mut posts: Vec<_> = (from..from + 20).map(|n| of(n, minutes)).collect();
        posts[3]["user_id"] = value!(3);
        let posts = value!({"post_stream": {"posts": posts}});
        json(200, &posts.to_string())
    };
    let (got, lines) = probe(&asked, vec![start(40), chunk(21, -600), nothing_waits()]).await;
    assert_eq!(got, "absent");
    assert!(lines[1].starts_with("GET /t/12/posts.json?post_ids%5B%5D=21&"), "{}", lines[1]);
    assert!(lines[1].ends_with("post_ids%5B%5D=40&include_raw=true"), "{}", lines[1]);
    let script = [start(500)].into_iter().chain((0..5).map(|n| chunk(481 - n * 20, 1))).collect();
    assert_eq!(probe(&asked, script).await.0, "cannot tell: too many answers since then");
}

#[tokio::test]
async fn connecting_says_who_it_is_or_why_not() {
    let settings = || json(200, "{\"max_post_length\":500,\"max_image_size_kb\":1024}");
    let page_of = json(200, "{\"user\":{\"id\":3,\"username\":\"awa\"}}");
    let closed = || forbidden("Non");
    for (script, expected) in [
        (vec![closed(), closed()], "Err(Auth(\"Non (403)"),
        (vec![closed(), absent()], "Err(Auth"),
        (vec![page(404), page(404)], "Err(Permission(\"the server is not a forum"),
        (vec![page(403)], "Err(Portal"),
        (vec![page(200)], "Err(Portal"),
        (vec![reply(301, "location: https://www.forum.example/\r\n", "")], "Err(Portal"),
        (vec![json(200, "{}")], "Err(Portal"),
        (vec![json(503, "{}")], "Err(Transient"),
        (
            vec![json(200, "{\"current_user\":{\"id\":1,\"username\":\"system\"}}")],
            "Err(Auth(\"the key belongs to system",
        ),
        (vec![me(), settings()], "Ok(Connected { server: \"http://127.0.0.1:"),
        (vec![closed(), page_of, page(404), closed()], "Ok(Connected"),
    ] {
        let stub = Stub::start(script);
        let mut input = ConnectInput { server: Some(stub.url.clone()), ..ConnectInput::default() };
        input.handle = Some("@awa".into());
        input.fields.0.insert("key".into(), " s3cretkey\n".into());
        let got = discourse().connect(&input).await;
        if let Ok(connected) = &got {
            assert_eq!(connected.handle.to_lowercase(), "awa@127.0.0.1");
            assert_eq!(
                (connected.remote_id.as_str(), connected.secrets.get("key")),
                ("3", Some("s3cretkey"))
            );
        }
        let got = format!("{got:?}");
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
    for (server, handle, key) in [
        ("", "awa", "abc"),
        ("http://forum.example", "awa", "abc"),
        ("https://forum.example", "", "abc"),
        ("https://forum.example", "awa", ""),
        ("https://forum.example", "awa", "12:s3cret"),
        ("https://forum.example", "awa", "s3c\nret"),
    ] {
        let mut input = ConnectInput { server: Some(server.into()), ..ConnectInput::default() };
        input.handle = Some(handle.into());
        input.fields.0.insert("key".into(), key.into());
        match discourse().connect(&input).await {
            Err(Error::Auth(words)) => assert!(!words.contains("s3c"), "{words}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_account_whose_key_was_given_to_another_is_not_taken_for_it() {
    let stub = Stub::start(vec![
        json(200, "{\"current_user\":{\"id\":8,\"username\":\"awa\"}}"),
        absent(),
        absent(),
    ]);
    assert!(matches!(discourse().check(&at(&stub)).await, Err(Error::Auth(_))));
    let stub = Stub::start(vec![me(), absent(), json(200, "{\"categories\":[]}")]);
    assert_eq!(discourse().check(&at(&stub)).await.unwrap().limits, Some(LiveLimits::default()));
    let stub = Stub::start(vec![json(200, "{\"max_post_length\":500}")]);
    assert_eq!(discourse().limits(&at(&stub)).await.unwrap().unwrap().text_max, Some(500));
}
