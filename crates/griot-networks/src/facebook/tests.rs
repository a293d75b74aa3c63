//! Over recorded answers. No test server of Facebook's exists: what the Graph says on the way is written here.

mod connecting;
mod films;
mod finding;

use griot_domain::Format;
use griot_stubs::spec;
use serde_json::json as value;

use super::*;
use crate::PreparedMedia;
use crate::stub::{Kept, NOW, Stub, client, film, json, prepared, reply, session};

const PAGE: &str = "104";

fn at(stub: &Stub) -> Session {
    let mut session = session(NetworkId::Facebook, &stub.url, &[("token", "s3cret-token")]);
    session.account.remote_id = PAGE.into();
    session
}

fn facebook() -> Facebook {
    Facebook::new(client())
}

/// An error as the Graph writes it: almost always with status 400.
fn error(code: i64, subcode: i64) -> String {
    let body = value!({"error": {"message": "so it is", "type": "OAuthException", "code": code,
        "error_subcode": subcode, "fbtrace_id": "A1"}});
    json(400, &body.to_string())
}

fn newest() -> String {
    json(200, "{\"data\":[{\"id\":\"104_100\"}],\"paging\":{}}")
}

fn picture(folder: &tempfile::TempDir, alt: &str) -> PreparedMedia {
    PreparedMedia { format: Format::Jpeg, duration_ms: None, alt: alt.into(), ..film(folder) }
}

fn photo(id: &str) -> String {
    json(200, &format!("{{\"id\":\"{id}\"}}"))
}

fn sent(stub: &Stub, n: usize) -> Value {
    serde_json::from_slice(&stub.seen()[n].body).unwrap()
}

#[tokio::test]
async fn a_text_and_its_link_are_one_small_call() {
    let dated = reply(
        200,
        "content-type: application/json\r\ndate: Sun, 22 Nov 2026 20:00:05 GMT\r\n",
        "{\"data\":[{\"id\":\"104_100\"}]}",
    );
    let live = "{\"id\":\"104_200\",\"permalink_url\":\"https://www.facebook.com/104/posts/200\"}";
    let stub = Stub::start(vec![dated, json(200, live)]);
    let mut post = prepared("Un e\u{301}té à Bamako", vec![]);
    post.fields.insert("link".into(), " https://exemple.org/a ".into());
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    assert_eq!(staged.newest_own.as_deref(), Some("104_100"));
    assert_eq!(staged.server_date, Some(NOW.plus_millis(5_000)));
    let live = facebook().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
    assert_eq!(
        (live.id.as_str(), live.url.as_deref()),
        ("104_200", Some("https://www.facebook.com/104/posts/200"))
    );
    let lines = stub.lines();
    assert_eq!(lines[0], "GET /v26.0/104/published_posts?fields=id&limit=1");
    assert_eq!(lines[1], "POST /v26.0/104/feed?fields=id%2Cpermalink_url");
    let message = value!({"message": "Un été à Bamako", "link": "https://exemple.org/a", "published": true});
    assert_eq!(sent(&stub, 1), message);
    for seen in stub.seen() {
        assert!(seen.head.contains("authorization: bearer s3cret-token"), "{}", seen.head);
        assert!(!seen.line.contains("s3cret"), "{}", seen.line);
    }
    assert!(!format!("{staged:?}{live:?}").contains("s3cret"));
}

#[tokio::test]
async fn pictures_go_up_unseen_with_their_alt_texts_and_once() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(vec![photo("11"), photo("12"), newest(), newest(), photo("13"), newest()]);
    let (mut steps, session) = (Kept::default(), at(&stub));
    let both = |alt: &str| vec![picture(&folder, "Un marché"), picture(&folder, alt)];
    let mut post = prepared("Regardez", both(""));
    for _ in 0..2 {
        let staged = facebook().stage(&session, &post, &mut steps).await.unwrap();
        assert_eq!(
            staged.body["body"],
            value!({"message": "Regardez", "attached_media": [{"media_fbid": "11"}, {"media_fbid": "12"}], "published": true})
        );
    }
    // Another alt text is another photo; the first one is kept.
    post.media = both("Une place");
    let staged = facebook().stage(&session, &post, &mut steps).await.unwrap();
    assert_eq!(staged.body["body"]["attached_media"], value!([{"media_fbid": "11"}, {"media_fbid": "13"}]));
    let forms: Vec<String> = stub
        .seen()
        .into_iter()
        .filter(|seen| seen.line == "POST /v26.0/104/photos")
        .map(|seen| String::from_utf8(seen.body).unwrap())
        .collect();
    assert_eq!(forms.len(), 3);
    assert!(forms.iter().all(|form| form.contains("name=\"published\"\r\n\r\nfalse")), "{forms:?}");
    assert!(forms[0].contains("name=\"alt_text_custom\"\r\n\r\nUn marché"), "{}", forms[0]);
    assert!(
        forms[0].contains("name=\"source\"; filename=") && !forms[0].contains("film.mp4"),
        "{}",
        forms[0]
    );
    assert!(!forms[1].contains("alt_text_custom"));
    assert!(steps.0.values().all(|(_, until)| until.unwrap().millis_since(NOW) == 20 * 3_600_000));
}

#[tokio::test]
async fn one_picture_without_a_text_is_a_post() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(vec![photo("11"), newest()]);
    let post = prepared("", vec![picture(&folder, "")]);
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    assert_eq!(staged.body["body"], value!({"attached_media": [{"media_fbid": "11"}], "published": true}));
}

#[tokio::test]
async fn what_no_call_carries_is_refused_before_anything_goes_up() {
    let folder = tempfile::tempdir().unwrap();
    let (one, film) = (picture(&folder, ""), film(&folder));
    let stub = Stub::start(vec![]);
    let live = Live { id: "104_9".into(), url: None, at: None, proof: Value::Null };
    let mut linked = prepared("x", vec![one.clone()]);
    linked.fields.insert("link".into(), "https://exemple.org".into());
    let mut mute = prepared(" ", vec![]);
    mute.reply_to = Some(live.clone());
    let mut shown = prepared("x", vec![one.clone()]);
    shown.reply_to = Some(live);
    for post in [
        prepared("", vec![]),
        prepared("x", vec![one.clone(); 11]),
        prepared("x", vec![film.clone(), film.clone()]),
        prepared("x", vec![film, one]),
        linked,
        mute,
        shown,
    ] {
        let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await;
        assert!(matches!(staged, Err(Error::Content(_))), "{post:?}");
    }
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn a_first_comment_goes_under_its_post() {
    let stub = Stub::start(vec![newest(), json(200, "{\"id\":\"200_300\"}")]);
    let mut post = prepared("Et merci", vec![]);
    post.reply_to = Some(Live { id: "104_200".into(), url: None, at: None, proof: Value::Null });
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    let live = facebook().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
    assert_eq!(
        (live.id.as_str(), live.url.as_deref()),
        ("200_300", Some("https://www.facebook.com/200_300"))
    );
    assert_eq!(stub.lines()[1], "POST /v26.0/104_200/comments?fields=id%2Cpermalink_url");
    assert_eq!(sent(&stub, 1), value!({"message": "Et merci"}));
}

#[tokio::test]
async fn the_key_is_the_deliverys() {
    let (first, second) = (Stub::start(vec![newest()]), Stub::start(vec![newest()]));
    let mut keys = Vec::new();
    for stub in [&first, &second] {
        let staged = facebook().stage(&at(stub), &prepared("x", vec![]), &mut Kept::default()).await.unwrap();
        keys.push(staged.key);
    }
    assert_eq!(keys[0], keys[1]);
    assert!(!keys[0].is_empty());
}

#[tokio::test]
async fn another_version_is_used_where_the_account_says_so() {
    let stub = Stub::start(vec![newest()]);
    let mut session = session(NetworkId::Facebook, &stub.url, &[("token", "t"), ("version", "v27.0")]);
    session.account.remote_id = PAGE.into();
    facebook().stage(&session, &prepared("x", vec![]), &mut Kept::default()).await.unwrap();
    assert!(stub.lines()[0].starts_with("GET /v27.0/104/"), "{:?}", stub.lines());
}

fn frozen() -> Value {
    value!({"node": PAGE, "edge": "feed", "video": null, "body": {"message": "x", "published": true}})
}

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let page = |status| reply(status, "content-type: text/html\r\n", "<html>login</html>");
    let echo = json(400, "{\"error\":{\"message\":\"Malformed access token s3cret-token\",\"code\":190}}");
    let in_200 = json(200, "{\"error\":{\"message\":\"x\",\"code\":200}}");
    let transient = json(400, "{\"error\":{\"message\":\"x\",\"code\":100,\"is_transient\":true}}");
    for (answer, expected) in [
        (String::new(), "Err(Uncertain"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".to_owned(), "Err(Uncertain"),
        (page(200), "Err(Uncertain"),
        (page(403), "Err(Uncertain"),
        (page(503), "Err(Uncertain"),
        (json(200, "{}"), "Err(Uncertain"),
        (json(200, "{\"success\":true}"), "Err(Uncertain"),
        (json(200, "{\"id\":\"\"}"), "Err(Uncertain"),
        (json(200, "{\"id\":\"not a number\"}"), "Err(Uncertain"),
        (json(500, "{}"), "Err(Failed"),
        (json(503, "{\"error\":{\"message\":\"x\",\"code\":9999}}"), "Err(Uncertain"),
        (error(1, 0), "Err(Uncertain"),
        (error(2, 0), "Err(Uncertain"),
        (transient, "Err(Uncertain"),
        (error(506, 0), "Err(Uncertain(\"the same text is there already"),
        (error(100, 1_366_051), "Err(Uncertain"),
        (in_200, "Err(Permission"),
        (error(100, 0), "Err(Content(\"so it is (400) [100]"),
        (error(1_609_005, 0), "Err(Content"),
        (error(100, 1_609_008), "Err(Content"),
        (error(368, 1_346_003), "Err(Content"),
        (error(9999, 0), "Err(Content"),
        (error(200, 0), "Err(Permission"),
        (error(10, 0), "Err(Permission"),
        (error(368, 1_404_078), "Err(Permission"),
        (error(190, 460), "Err(Auth(\"the password of the Facebook account was changed"),
        (error(190, 463), "Err(Auth(\"the token has expired"),
        (error(102, 0), "Err(Auth"),
        (echo, "Err(Auth(\"the token is not accepted: Malformed access token … (400) [190]"),
        (error(4, 0), "Err(RateLimited { until: None })"),
        (error(368, 0), "Err(RateLimited { until: None })"),
        (json(200, "{\"id\":\"104_200\"}"), "Ok(Live { id: \"104_200\""),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let got = format!("{:?}", facebook().commit(&at(&stub), &frozen(), "key").await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
        assert_eq!(stub.lines().len(), 1, "one call and no other");
    }
}

#[tokio::test]
async fn a_step_that_fails_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let page = |status| reply(status, "content-type: text/html\r\n", "<html>login</html>");
    let waits = |headers: &str| {
        reply(400, &format!("content-type: application/json\r\n{headers}"), "{\"error\":{\"code\":32}}")
    };
    let until = format!("Err(RateLimited {{ until: Some({:?}) }})", NOW.plus_millis(120_000));
    for (answer, expected) in [
        (String::new(), "Err(Transient"),
        (page(200), "Err(Portal"),
        (page(502), "Err(Transient"),
        (json(500, "{}"), "Err(Transient"),
        (json(200, "{\"success\":true}"), "Err(Portal"),
        (error(2, 0), "Err(Transient"),
        (error(1, 1_363_047), "Err(Transient"),
        (error(324, 1_366_046), "Err(Content(\"a picture is larger than 4 MB"),
        (error(100, 1_366_051), "Err(Content"),
        (error(506, 0), "Err(Content"),
        (error(190, 467), "Err(Auth(\"the token was revoked"),
        (error(200, 0), "Err(Permission"),
        (waits(""), "Err(RateLimited { until: None })"),
        (waits("retry-after: 120\r\n"), until.as_str()),
        (
            waits("date: Sun, 22 Nov 2026 20:00:00 GMT\r\nretry-after: Sun, 22 Nov 2026 20:02:00 GMT\r\n"),
            until.as_str(),
        ),
        (json(429, "{}"), "Err(RateLimited"),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let (post, mut steps) = (prepared("x", vec![picture(&folder, "")]), Kept::default());
        let got = format!("{:?}", facebook().stage(&at(&stub), &post, &mut steps).await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert!(!got.contains("s3cret") && steps.0.is_empty(), "{got}");
    }
}

#[tokio::test]
async fn a_frozen_request_of_another_page_is_never_sent() {
    let stub = Stub::start(vec![]);
    for (name, wrong) in [
        ("node", value!("105")),
        ("edge", value!("events")),
        ("edge", value!("videos")),
        ("body", Value::Null),
        ("video", value!("7")),
    ] {
        let mut body = frozen();
        body[name] = wrong;
        let got = facebook().commit(&at(&stub), &body, "key").await;
        assert!(matches!(got, Err(Error::Content(_))), "{body}");
    }
    let away = value!({"node": "../105", "edge": "comments", "video": null, "body": {"message": "x"}});
    assert!(matches!(facebook().commit(&at(&stub), &away, "key").await, Err(Error::Content(_))));
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn every_call_fits_the_official_parameters_and_a_spoilt_one_does_not() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    let mut linked = prepared("Lisez", vec![]);
    linked.fields.insert("link".into(), "https://exemple.org".into());
    let mut comment = prepared("Merci", vec![]);
    comment.reply_to = Some(Live { id: "104_200".into(), url: None, at: None, proof: Value::Null });
    let pictures = prepared("Deux", vec![picture(&folder, "Un"), picture(&folder, "Deux")]);
    let post = || json(200, "{\"id\":\"104_200\"}");
    let done = || json(200, "{\"success\":true}");
    let host = Stub::start(vec![done()]);
    let reel = vec![films::begun(&host), films::complete(), newest(), done(), films::complete()];
    let parts = vec![films::session(17), films::next(17, 17), newest(), done(), json(200, "{}")];
    for (post, script) in [
        (linked, vec![newest(), post()]),
        (comment, vec![newest(), post()]),
        (pictures, vec![photo("1"), photo("2"), newest(), post()]),
        (prepared("Un film", vec![films::reel(&folder)]), reel),
        (prepared("Un autre", vec![film(&folder)]), parts),
    ] {
        let stub = Stub::start(script);
        let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
        facebook().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
        seen.extend(stub.seen().into_iter().filter(|seen| seen.line.starts_with("POST")));
    }
    assert_eq!(seen.len(), 10);
    for one in &seen {
        assert_eq!(spec::facebook::check(&one.request()), Vec::<String>::new(), "{}", one.line);
        for wrong in spec::facebook::spoilt(&one.request()) {
            let body = String::from_utf8_lossy(&wrong.body).into_owned();
            assert!(!spec::facebook::check(&wrong).is_empty(), "{}: {body}", one.line);
        }
    }
    for edge in ["feed", "comments", "photos", "video_reels", "videos"] {
        assert!(seen.iter().any(|one| one.line.contains(edge)), "{edge}");
    }
}
