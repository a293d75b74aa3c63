//! Over recorded answers: what the server in the workspace's own tests does not say on demand.

use griot_domain::delivery::Armed;
use griot_domain::{Focus, Timestamp};
use serde_json::json as value;

use super::*;
use crate::stub::{Kept, NOW, Stub, client, film, json, prepared, reply, session};

fn at(stub: &Stub) -> Session {
    session(NetworkId::Mastodon, &stub.url, &[("token", "s3cret-token")])
}

fn mastodon() -> Mastodon {
    Mastodon::new(client())
}

const READY: &str = "{\"id\":\"7\",\"url\":\"https://m.example/7.mp4\"}";
const PENDING: &str = "{\"id\":\"7\",\"url\":null,\"preview_url\":\"https://m.example/7.png\"}";

#[tokio::test]
async fn a_film_is_waited_for_and_goes_up_once() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(vec![
        json(202, PENDING),
        json(206, PENDING),
        json(206, PENDING),
        json(200, READY),
        json(200, "[]"),
    ]);
    let (session, mut steps) = (at(&stub), Kept::default());
    let mut film = film(&folder);
    film.focus = Focus::new(1.0, 0.0);
    let post = prepared("Regardez", vec![film]);
    for _ in 0..2 {
        let staged = mastodon().stage(&session, &post, &mut steps).await;
        assert!(matches!(staged, Err(Error::Processing { .. })), "{staged:?}");
    }
    let staged = mastodon().stage(&session, &post, &mut steps).await.unwrap();
    assert_eq!(staged.body, value!({"status": "Regardez", "media_ids": ["7"]}));
    let form = String::from_utf8(stub.seen()[0].body.clone()).unwrap();
    assert!(form.contains("Un marché") && form.contains("1.000,1.000"), "{form}");
    assert_eq!(stub.lines().iter().filter(|line| line.starts_with("POST")).count(), 1);
    let expiry = steps.0.values().next().unwrap().1.unwrap();
    assert_eq!(expiry.millis_since(NOW) / 3_600_000, 20, "the server forgets it after a day");
}

#[tokio::test]
async fn an_attachment_that_failed_or_vanished_or_says_something_else_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let film = film(&folder);
    let step = format!("media/{}", film.hash);
    let kept = |alt: &str| value!({"id": "6", "ready": false, "alt": alt, "focus": null});
    for (alt, answer, expected) in [
        ("Un marché", json(422, "{\"error\":\"unprocessable film\"}"), "Err(Content(\"unprocessable film"),
        ("Un marché", json(400, "{\"error\":\"unprocessable film\"}"), "Err(Content(\"unprocessable film"),
        ("Un marché", json(404, "{\"error\":\"Record not found\"}"), "Err(Expired(\"media/"),
        ("Un marché", json(429, "{}"), "Err(RateLimited"),
        ("un autre texte", json(200, READY), "Ok"),
    ] {
        let stub = Stub::start(vec![answer, json(200, "[]")]);
        let mut steps = Kept::default();
        steps.put(&step, kept(alt), None).unwrap();
        let got = format!(
            "{:?}",
            mastodon().stage(&at(&stub), &prepared("x", vec![film.clone()]), &mut steps).await
        );
        assert!(got.starts_with(expected), "{expected}: {got}");
    }
}

#[tokio::test]
async fn an_old_server_gets_media_the_old_way_and_the_same_file_twice_is_two() {
    let folder = tempfile::tempdir().unwrap();
    let page = reply(404, "content-type: text/html\r\n", "<html>");
    let second = READY.replace('7', "8");
    let stub = Stub::start(vec![page.clone(), json(200, READY), page, json(200, &second), json(200, "[]")]);
    let post = prepared("x", vec![film(&folder), film(&folder)]);
    let staged = mastodon().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    assert_eq!(staged.body["media_ids"], value!(["7", "8"]));
    assert!(stub.lines()[1].starts_with("POST /api/v1/media"));
}

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let refused = || json(422, "{\"error\":\"Validation a échoué\"}");
    let none = || json(200, "[]");
    let ours = || {
        json(200, "[{\"id\":\"9\",\"url\":\"https://m.example/9\",\"media_attachments\":[{\"id\":\"7\"}]}]")
    };
    let (with_media, without) = (value!({"status": "x", "media_ids": ["7"]}), value!({"status": "x"}));
    for (body, script, expected) in [
        (&without, vec![json(200, "{\"id\":\"9\"}")], "Err(Uncertain"),
        (&without, vec![json(200, "{\"id\":\"9\",\"scheduled_at\":\"2027-01-01\"}")], "Err(Uncertain"),
        (&without, vec![json(503, "{}")], "Err(Uncertain"),
        (&without, vec![refused()], "Err(Content"),
        (&without, vec![json(403, "{\"error\":\"outside the authorized scopes\"}")], "Err(Permission"),
        (&without, vec![json(404, "{\"error\":\"Record not found\"}")], "Err(Content"),
        (&with_media, vec![refused(), none(), json(206, PENDING)], "Err(Processing"),
        (&with_media, vec![refused(), none(), json(404, "{\"error\":\"x\"}")], "Err(Expired(\"media\"))"),
        (
            &with_media,
            vec![refused(), none(), json(200, READY)],
            "Err(Content(\"Validation a échoué (422)\"))",
        ),
        // The attachment is taken by this very post: its first answer was lost.
        (&with_media, vec![refused(), ours()], "Ok(Live { id: \"9\""),
        // Servers that are not Mastodon say 400.
        (&with_media, vec![json(400, "{\"error\":\"x\"}"), ours()], "Ok(Live { id: \"9\""),
        (&with_media, vec![json(400, "{\"error\":\"x\"}"), none(), json(206, PENDING)], "Err(Processing"),
        (&without, vec![json(400, "{\"error\":\"x\"}")], "Err(Content"),
        (&with_media, vec![refused()], "Err(Uncertain"),
        (&without, vec![json(200, "{\"id\":\"9\",\"uri\":\"https://m.example/9\"}")], "Ok(Live { id: \"9\""),
    ] {
        let stub = Stub::start(script);
        let got = format!("{:?}", mastodon().commit(&at(&stub), body, "the-key").await);
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
        assert!(stub.seen()[0].head.contains("idempotency-key: the-key"));
    }
}

fn found(id: &str, minutes: i64, text: &str, more: &str) -> String {
    let at = NOW.plus_millis(minutes * 60_000);
    format!(
        "{{\"id\":\"{id}\",\"url\":\"https://m.example/{id}\",\"created_at\":\"{at}\",\"content\":\"<p>{text}</p>\",\"spoiler_text\":\"\",\"in_reply_to_id\":null,\"media_attachments\":[]{more}}}"
    )
}

fn page(statuses: &[String]) -> String {
    json(200, &format!("[{}]", statuses.join(",")))
}

fn question() -> Question {
    let armed = Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: Some("100".into()),
        key: "k".into(),
        fingerprint: String::new(),
        body: value!({"status": "Bonjour Bamako"}),
        maybe_sent: true,
        sent_at: Some(NOW),
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    Question {
        prepared: prepared("Bonjour Bamako", vec![]),
        armed: Some(armed),
        since: NOW,
        taken: vec!["103".into()],
        dated: false,
        kept: None,
    }
}

async fn probe(question: &Question, script: Vec<String>) -> String {
    let stub = Stub::start(script);
    match mastodon().probe(&at(&stub), question).await {
        Ok(Probe::Live(live)) => format!("live {}", live.id),
        Ok(Probe::Absent) => "absent".into(),
        Ok(Probe::Kept(kept)) => format!("kept {}", kept.id),
        Ok(Probe::CannotTell(_)) => "cannot tell".into(),
        Err(error) => format!("{error:?}"),
    }
}

#[tokio::test]
async fn a_probe_finds_ours_and_only_ours() {
    let end = || page(&[]);
    let ask = async |statuses: &[String]| probe(&question(), vec![page(statuses), end()]).await;
    let bonjour = |id: &str, minutes| found(id, minutes, "Bonjour<br>Bamako", "");
    assert_eq!(probe(&question(), vec![end()]).await, "absent");
    assert_eq!(ask(&[bonjour("101", 1)]).await, "live 101");
    assert_eq!(ask(&[found("102", 2, "Autre chose", ""), bonjour("101", 1)]).await, "live 101");
    assert_eq!(ask(&[found("101", 1, "Autre chose", "")]).await, "absent");
    assert_eq!(ask(&[bonjour("102", 2), bonjour("101", 1)]).await, "cannot tell");
    assert_eq!(ask(&[bonjour("103", 2), bonjour("101", 1)]).await, "live 101", "103 is another delivery's");
    assert_eq!(ask(&[bonjour("101", -5)]).await, "absent", "older than the arming");
    let differ = |more: &str| found("101", 1, "Bonjour Bamako", more);
    assert_eq!(ask(&[differ(",\"media_attachments\":[{\"id\":\"5\"}]")]).await, "absent");
    assert_eq!(ask(&[differ(",\"in_reply_to_id\":\"99\"")]).await, "absent");
    assert_eq!(ask(&[differ(",\"spoiler_text\":\"Attention\"")]).await, "absent");
    assert_eq!(ask(&[differ(",\"reblog\":{\"id\":\"1\"}")]).await, "absent");
}

#[tokio::test]
async fn a_rendering_that_may_be_ours_is_never_taken_for_an_absence() {
    let mut asked = question();
    asked.prepared.text = "¯\\_(ツ)_/¯ &copy; _x_".into();
    let shown = |more: &str| page(&[found("101", 1, "¯_(ツ)_/¯ © <em>x</em>", more)]);
    let source = |text: &str| json(200, &value!({"id": "101", "text": text, "spoiler_text": ""}).to_string());
    let ours = asked.prepared.text.clone();
    let field = |text: &str| format!(",\"text\":{}", value!(text));
    assert_eq!(probe(&asked, vec![shown(&field(&ours)), page(&[])]).await, "live 101", "its text says so");
    assert_eq!(
        probe(&asked, vec![shown(""), page(&[]), source(&ours)]).await,
        "live 101",
        "its source says so"
    );
    let none = json(404, "{\"error\":\"Not Found\"}");
    assert_eq!(probe(&asked, vec![shown(""), page(&[]), none]).await, "cannot tell", "there is no source");
    assert_eq!(probe(&asked, vec![shown(""), page(&[]), source("another text")]).await, "absent");
    assert_eq!(probe(&asked, vec![shown(&field("another text")), page(&[])]).await, "absent");
}

#[tokio::test]
async fn a_warning_is_plain_text_whatever_stands_in_it() {
    for warning in ["I <3 you", "a < b", "<b>", "&amp; &copy;"] {
        let mut asked = question();
        asked.prepared.fields.insert("spoiler".into(), warning.into());
        let more = format!(",\"spoiler_text\":{}", value!(warning));
        let script = vec![page(&[found("101", 1, "Bonjour Bamako", &more)]), page(&[])];
        assert_eq!(probe(&asked, script).await, "live 101", "{warning}");
        let script =
            vec![page(&[found("101", 1, "Bonjour Bamako", ",\"spoiler_text\":\"autre\"")]), page(&[])];
        let told = probe(&asked, script).await;
        assert_ne!(told, "live 101", "{warning}");
    }
}

#[tokio::test]
async fn a_probe_that_did_not_see_everything_cannot_tell() {
    let other = |n: usize| found(&(200 - n).to_string(), 1, "Autre chose", "");
    let pages: Vec<_> = (0..5).map(|n| page(&[other(n)])).collect();
    assert_eq!(probe(&question(), pages).await, "cannot tell");
    assert_eq!(probe(&question(), vec![page(&[other(0)]), page(&[other(0)])]).await, "cannot tell");
    assert_eq!(probe(&question(), vec![page(&[other(0)]), page(&[other(1)]), page(&[])]).await, "absent");
    assert_eq!(probe(&question(), vec![json(200, "{}")]).await, "Portal(\"the answer is no list of posts\")");
    assert!(probe(&question(), vec![json(503, "{}")]).await.starts_with("Transient"));
    let page = reply(200, "content-type: text/html\r\n", "<html>login</html>");
    assert!(probe(&question(), vec![page]).await.starts_with("Portal"));
}

#[tokio::test]
async fn attachments_say_more_than_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = question();
    asked.prepared.media = vec![film(&folder)];
    let with = |ids: &str| value!({"status": "Bonjour Bamako", "media_ids": [ids]});
    let shown = |id: &str, media: &str| {
        found(id, 1, "Bonjour Bamako", &format!(",\"media_attachments\":[{{\"id\":\"{media}\"}}]"))
    };
    asked.armed.as_mut().unwrap().body = with("7");
    assert_eq!(
        probe(&asked, vec![page(&[shown("102", "8"), shown("101", "7")]), page(&[])]).await,
        "live 101"
    );
    // Another copy of the workspace sent the same post with attachments of its own.
    assert_eq!(probe(&asked, vec![page(&[shown("102", "8")]), page(&[])]).await, "live 102");
    asked.armed = None;
    assert_eq!(probe(&asked, vec![page(&[shown("102", "8")]), page(&[])]).await, "live 102");
}

#[tokio::test]
async fn a_clock_that_is_wrong_does_not_hide_the_post() {
    // This machine believes that it is 2026-11-22T20:00; the server is two days behind.
    let mut asked = question();
    asked.armed = None;
    let list = format!("[{}]", found("101", -2 * 24 * 60, "Bonjour Bamako", ""));
    let first =
        reply(200, "content-type: application/json\r\ndate: Fri, 20 Nov 2026 20:01:00 GMT\r\n", &list);
    assert_eq!(probe(&asked, vec![first, page(&[])]).await, "live 101");
}

#[tokio::test]
async fn a_login_in_the_browser_ends_in_a_token() {
    let stub = Stub::start(vec![
        json(200, "{\"client_id\":\"id\",\"client_secret\":\"app-s3cret\"}"),
        json(200, "{\"access_token\":\"t\",\"token_type\":\"Bearer\"}"),
        json(400, "{\"error\":\"invalid_grant\",\"error_description\":\"the-code is old, app-s3cret\"}"),
    ]);
    let app = mastodon().register_app(&stub.url, OUT_OF_BAND).await.unwrap();
    let (login, other) = (mastodon().authorize_url(&app).unwrap(), mastodon().authorize_url(&app).unwrap());
    assert_ne!(login.state, other.state);
    let pairs: std::collections::BTreeMap<_, _> =
        Url::parse(&login.page).unwrap().query_pairs().into_owned().collect();
    assert_eq!(
        (pairs["code_challenge_method"].as_str(), pairs["state"].as_str()),
        ("S256", login.state.as_str())
    );
    assert_eq!(pairs["code_challenge"].len(), 43);
    let secrets = mastodon().exchange_code(&app, &login, " the-code ").await.unwrap();
    assert_eq!(secrets.get("token"), Some("t"));
    let sent: Value = serde_json::from_slice(&stub.seen()[1].body).unwrap();
    let digest = <sha2::Sha256 as sha2::Digest>::digest(sent["code_verifier"].as_str().unwrap());
    let encoded = base64::Engine::encode(&base64::engine::general_purpose::URL_SAFE_NO_PAD, digest);
    assert_eq!(encoded, pairs["code_challenge"], "the proof fits the challenge");
    match mastodon().exchange_code(&app, &login, "the-code").await {
        Err(Error::Auth(words)) => {
            assert!(!words.contains("s3cret") && !words.contains("the-code"), "{words}")
        }
        other => panic!("{other:?}"),
    }
    assert!(!format!("{app:?}{login:?}").contains("s3cret"));
}

#[tokio::test]
async fn connecting_says_who_it_is_or_why_not() {
    let me = || json(200, "{\"id\":\"1\",\"username\":\"awa\",\"acct\":\"awa\"}");
    let instance = || {
        json(
            200,
            "{\"domain\":\"mastodon.example\",\"configuration\":{\"statuses\":{\"max_characters\":500}}}",
        )
    };
    for (script, expected) in [
        (vec![me(), instance()], "Ok(Connected { server: \"http://127.0.0.1:"),
        (vec![json(401, "{\"error\":\"The access token is invalid\"}")], "Err(Auth"),
        (vec![json(404, "{}")], "Err(Permission"),
        (vec![me(), json(404, "{}"), json(404, "{}")], "Err(Permission"),
        (vec![me(), json(503, "{}")], "Err(Transient"),
        (vec![reply(200, "content-type: text/html\r\n", "<html>")], "Err(Portal"),
    ] {
        let stub = Stub::start(script);
        let mut input = ConnectInput { server: Some(stub.url.clone()), ..ConnectInput::default() };
        input.fields.0.insert("token".into(), "s3cret-token".into());
        let got = format!("{:?}", mastodon().connect(&input).await);
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
    for server in ["", "http://mastodon.example", "https://a:b@mastodon.example"] {
        let input = ConnectInput { server: Some(server.into()), ..ConnectInput::default() };
        assert!(matches!(mastodon().connect(&input).await, Err(Error::Auth(_))));
    }
}

#[test]
fn the_fields_of_a_post_reach_the_request() {
    let mut post = prepared("e\u{301}té", vec![]);
    let fields =
        [("visibility", "unlisted"), ("spoiler", " Attention "), ("sensitive", "true"), ("language", "fr")];
    post.fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
    post.reply_to = Some(Live { id: "42".into(), url: None, at: None::<Timestamp>, proof: Value::Null });
    let expected = value!({"status": "été", "visibility": "unlisted", "spoiler_text": "Attention", "sensitive": true, "language": "fr", "in_reply_to_id": "42"});
    assert_eq!(status::body(&post, &[], None), expected);
}

#[test]
fn a_text_is_said_to_be_plain_where_the_server_takes_a_type_and_nowhere_else() {
    let post = prepared("_x_", vec![]);
    let takes = |types: &[&str]| {
        let text_types = types.iter().map(|kind| (*kind).to_owned()).collect();
        let limits = griot_domain::rules::LiveLimits { text_types, ..Default::default() };
        status::body(&post, &[], status::text_type(Some(&limits)))
    };
    assert_eq!(
        takes(&["text/markdown", "text/plain"]),
        value!({"status": "_x_", "content_type": "text/plain"})
    );
    assert_eq!(takes(&["text/markdown"]), value!({"status": "_x_"}));
    assert_eq!(takes(&[]), value!({"status": "_x_"}));
    assert_eq!(status::body(&post, &[], status::text_type(None)), value!({"status": "_x_"}));
}

/// A kept status as servers list it.
fn waiting(id: u32, text: &str) -> String {
    let params = value!({"text": text, "spoiler_text": ""});
    value!({"id": id.to_string(), "scheduled_at": "2026-12-01T09:00:00.000Z", "params": params, "media_attachments": []})
        .to_string()
}

#[tokio::test]
async fn what_is_kept_is_found_behind_pages_that_are_shorter_than_was_asked() {
    let mut asked = question();
    (asked.armed, asked.dated, asked.prepared.media) = (None, true, Vec::new());
    let text = asked.prepared.text.clone();
    let page = |all: &[String]| json(200, &format!("[{}]", all.join(",")));
    let two = page(&[waiting(9, "another"), waiting(8, "a third")]);
    let script = vec![two.clone(), page(&[waiting(7, &text)]), page(&[])];
    assert_eq!(probe(&asked, script).await, "kept 7");
    let same = page(&[waiting(7, &text)]);
    assert_eq!(probe(&asked, vec![same.clone(), same]).await, "kept 7", "a server without pages");
    let endless = (0..8).map(|n| page(&[waiting(90 - n, "another")])).collect();
    assert_eq!(probe(&asked, endless).await, "cannot tell", "what was not seen may be it");
}
