//! Over recorded answers: what the network does not say on demand, and costs money where it does.

use std::collections::BTreeMap;

use griot_domain::delivery::Armed;
use griot_domain::{Format, Timestamp};
use griot_stubs::spec;
use serde_json::json as value;

use super::*;
use crate::PreparedMedia;
use crate::stub::{Kept, NOW, Stub, client, film, json, prepared, reply, session};

mod connecting;
mod finding;

const SPEC: &str = "x.openapi.json";
const ME: &str = "370773112";
const KEYS: &[(&str, &str)] = &[
    ("api_key", "the-api-key-s3cret"),
    ("api_secret", "the-api-secret-s3cret"),
    ("access_token", "370773112-s3cret"),
    ("access_secret", "the-access-secret-s3cret"),
];

fn at(stub: &Stub) -> Session {
    let mut session = session(NetworkId::X, &stub.url, KEYS);
    session.account.remote_id = ME.into();
    session.account.handle = "@awa".into();
    session
}

fn x() -> X {
    X::new(client())
}

fn picture(folder: &tempfile::TempDir, name: &str) -> PreparedMedia {
    let path = folder.path().join(name);
    std::fs::write(&path, name).unwrap();
    let hash = blake3::hash(name.as_bytes()).to_hex().to_string();
    let bytes = name.len() as u64;
    PreparedMedia { path, hash, bytes, format: Format::Jpeg, duration_ms: None, ..film(folder) }
}

fn none() -> String {
    json(200, "{\"meta\":{\"result_count\":0}}")
}

fn up(id: &str) -> String {
    json(200, &format!("{{\"data\":{{\"id\":\"{id}\",\"expires_after_secs\":86400}}}}"))
}

fn done() -> String {
    json(200, "{\"data\":{}}")
}

fn processing(state: &str, more: &str) -> String {
    json(200, &format!("{{\"data\":{{\"id\":\"710\",\"processing_info\":{{\"state\":\"{state}\"{more}}}}}}}"))
}

async fn staged(script: Vec<String>, media: Vec<PreparedMedia>, steps: &mut Kept) -> (String, Stub) {
    let stub = Stub::start(script);
    let staged = x().stage(&at(&stub), &prepared("Bonjour", media), steps).await;
    let said = match staged {
        Ok(staged) => format!("Ok {}", staged.body),
        Err(error) => format!("{error:?}"),
    };
    assert!(!said.contains("s3cret"), "{said}");
    (said, stub)
}

// Connecting.

async fn connected(script: Vec<String>, changed: &[(&str, &str)]) -> (String, Stub) {
    let stub = Stub::start(script);
    let mut fields: BTreeMap<String, String> =
        KEYS.iter().chain(changed).map(|(name, key)| ((*name).to_owned(), (*key).to_owned())).collect();
    fields.retain(|_, key| !key.is_empty());
    let fields = crate::Secrets(fields);
    let input = ConnectInput { server: Some(stub.url.clone()), handle: None, fields };
    let got = format!("{:?}", x().connect(&input).await);
    assert!(!got.contains("s3cret"), "{got}");
    (got, stub)
}

#[tokio::test]
async fn media_that_no_post_holds_are_refused_before_anything_goes_up() {
    let folder = tempfile::tempdir().unwrap();
    let (film, image) = (film(&folder), picture(&folder, "a"));
    let gif = PreparedMedia { format: Format::Gif, ..image.clone() };
    let heic = PreparedMedia { format: Format::Heic, ..image.clone() };
    for media in [
        vec![image.clone(); 5],
        vec![film.clone(), film.clone()],
        vec![image.clone(), film],
        vec![gif.clone(), image],
        vec![gif.clone(), gif],
        vec![heic],
    ] {
        let (got, stub) = staged(vec![], media, &mut Kept::default()).await;
        assert!(got.starts_with("Content"), "{got}");
        assert!(stub.lines().is_empty());
    }
}

#[tokio::test]
async fn a_text_is_staged_with_the_newest_post_and_the_clock_of_the_server() {
    let list = "{\"data\":[{\"id\":\"99\"},{\"id\":\"100\"},{\"id\":\"98\"}],\"meta\":{\"result_count\":3}}";
    let head = "content-type: application/json\r\ndate: Sun, 22 Nov 2026 20:00:05 GMT\r\n";
    let stub = Stub::start(vec![reply(200, head, list)]);
    let post = prepared("Bonjour", vec![]);
    let staged = x().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    assert_eq!(staged.body, value!({"text": "Bonjour"}));
    assert_eq!(staged.newest_own.as_deref(), Some("100"));
    assert_eq!(staged.server_date, Some(NOW.plus_millis(5000)));
    assert_eq!(stub.lines(), [format!("GET /2/users/{ME}/tweets?max_results=5&exclude=retweets")]);
    let stub = Stub::start(vec![none()]);
    let again = x().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    assert_eq!((again.key, again.newest_own), (staged.key, None), "a key is fixed by its delivery");
}

#[tokio::test]
async fn pictures_go_up_once_with_their_alt_texts() {
    let folder = tempfile::tempdir().unwrap();
    let (mut first, second) = (picture(&folder, "a"), picture(&folder, "b"));
    let silent = PreparedMedia { alt: String::new(), ..second };
    let mut steps = Kept::default();
    // The list breaks: everything before it is kept.
    let script = vec![up("701"), done(), up("702"), up("703"), done(), json(503, "{}")];
    let media = vec![first.clone(), silent.clone(), first.clone()];
    let (got, stub) = staged(script, media, &mut steps).await;
    assert!(got.starts_with("Transient"), "{got}");
    let form = stub.seen()[0].request().sent().1;
    assert_eq!(form, value!({"media_category": "tweet_image", "media": "a"}));
    let alt = stub.seen()[1].request().sent().1;
    assert_eq!(alt, value!({"id": "701", "metadata": {"alt_text": {"text": "Un marché"}}}));
    let hours = steps.0.values().map(|(_, until)| until.unwrap().millis_since(NOW) / 3_600_000);
    assert_eq!(hours.collect::<Vec<_>>(), [20, 20, 20], "the network forgets them after a day");

    let media = vec![first.clone(), silent.clone(), first.clone()];
    let (got, stub) = staged(vec![none()], media, &mut steps).await;
    let expected = value!({"text": "Bonjour", "media": {"media_ids": ["701", "702", "703"]}});
    assert_eq!(got, format!("Ok {expected}"));
    assert_eq!(stub.lines().len(), 1, "nothing goes up again: {:?}", stub.lines());

    // Another alt text is told, without the bytes; one that was taken away cannot be.
    first.alt = "Le marché de Médine".into();
    let (got, stub) = staged(vec![done(), none()], vec![first.clone()], &mut steps).await;
    assert!(got.contains("\"701\"") && stub.lines()[0] == "POST /2/media/metadata", "{got}");
    first.alt = String::new();
    let (got, _) = staged(vec![up("704"), none()], vec![first], &mut steps).await;
    assert!(got.contains("\"704\""), "{got}");
}

#[tokio::test]
async fn a_step_that_is_refused_says_what_has_to_be_done() {
    let folder = tempfile::tempdir().unwrap();
    let limited = "content-type: application/json\r\nx-rate-limit-reset: 1795377690\r\n";
    let until = NOW.plus_millis(90_000);
    for (answer, expected) in [
        (json(400, "{\"title\":\"Invalid Request\",\"detail\":\"not an image\"}"), "Content(\"not an image"),
        (json(401, "{\"title\":\"Unauthorized the-api-key-s3cret\"}"), "Auth(\"Unauthorized …"),
        (json(403, "{\"type\":\"https://api.x.com/2/problems/oauth1-permissions\"}"), "Permission"),
        (json(402, "{\"title\":\"CreditsDepleted\"}"), "Billing"),
        (reply(413, "content-type: text/html\r\n", "<html>"), "Content"),
        (json(429, "{}"), "RateLimited { until: None }"),
        (reply(429, limited, "{}"), &format!("RateLimited {{ until: Some({until:?}) }}")),
        (json(503, "{}"), "Transient"),
        (json(200, "{\"data\":{\"id\":"), "Transient"),
        (reply(200, "content-type: text/html\r\n", "<html>"), "Portal"),
        (json(200, "{\"data\":{\"id\":\"a/b\"}}"), "Portal"),
        (String::new(), "Transient"),
    ] {
        let (got, _) = staged(vec![answer.clone()], vec![picture(&folder, "a")], &mut Kept::default()).await;
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
    }
    // A picture that the network has forgotten meanwhile goes up again.
    let mut steps = Kept::default();
    let gone = json(404, "{\"title\":\"Not Found Error\"}");
    let (got, _) = staged(vec![up("701"), gone], vec![picture(&folder, "a")], &mut steps).await;
    assert!(got.starts_with("Expired(\"media/") && steps.0.is_empty(), "{got}");
}

fn long_film(folder: &tempfile::TempDir, bytes: usize) -> PreparedMedia {
    let path = folder.path().join("long.mp4");
    let content: Vec<u8> = (0..bytes).map(|at| b'a' + u8::try_from(at >> 20).unwrap()).collect();
    std::fs::write(&path, &content).unwrap();
    let hash = blake3::hash(&content).to_hex().to_string();
    PreparedMedia { path, hash, bytes: bytes as u64, ..film(folder) }
}

#[tokio::test]
async fn a_film_that_was_cut_goes_on_with_the_next_part() {
    let folder = tempfile::tempdir().unwrap();
    let film = long_film(&folder, (2 << 20) + 3);
    let mut steps = Kept::default();
    // The line breaks while the second part goes up.
    let (got, stub) = staged(vec![up("710"), done()], vec![film.clone()], &mut steps).await;
    assert!(got.starts_with("Transient"), "{got}");
    assert_eq!(
        stub.lines(),
        [
            "POST /2/media/upload/initialize",
            "POST /2/media/upload/710/append",
            "POST /2/media/upload/710/append"
        ]
    );
    let first = stub.seen()[0].request().sent().1;
    let expected =
        value!({"media_type": "video/mp4", "total_bytes": 2_097_155, "media_category": "tweet_video"});
    assert_eq!(first, expected);

    // An answer without a word is one as well.
    let script = vec![done(), reply(204, "", ""), processing("pending", ",\"check_after_secs\":7")];
    let (got, stub) = staged(script, vec![film.clone()], &mut steps).await;
    assert_eq!(got, "Processing { after: 7s }");
    let parts: Vec<_> = stub.seen()[..2].iter().map(|seen| seen.request().sent().1).collect();
    assert_eq!((&parts[0]["segment_index"], &parts[1]["segment_index"]), (&value!("1"), &value!("2")));
    assert_eq!(parts[0]["media"].as_str().unwrap().len(), 1 << 20);
    assert_eq!(parts[1]["media"], "ccc");
    assert_eq!(stub.lines()[2], "POST /2/media/upload/710/finalize");

    let script = vec![processing("in_progress", "")];
    let (got, stub) = staged(script, vec![film.clone()], &mut steps).await;
    assert_eq!(got, "Processing { after: 5s }");
    assert_eq!(stub.lines(), ["GET /2/media/upload?command=STATUS&media_id=710"]);
    let (got, _) = staged(vec![processing("succeeded", ""), none()], vec![film.clone()], &mut steps).await;
    assert!(got.contains("\"media_ids\":[\"710\"]"), "{got}");
    let (got, stub) = staged(vec![none()], vec![film], &mut steps).await;
    assert!(got.starts_with("Ok") && stub.lines().len() == 1, "{got}");
}

#[tokio::test]
async fn a_film_that_is_refused_or_forgotten_is_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let failed = ",\"error\":{\"name\":\"InvalidMedia\",\"message\":\"too many frames\"}";
    let refused = || json(400, "{\"title\":\"Invalid Request\"}");
    let begun = |next: u64, whole: bool| value!({"id": "710", "until": NOW, "next": next, "whole": whole, "ready": false, "alt": null});
    for (kept, script, expected) in [
        (None, vec![refused()], "Content"),
        (None, vec![up("710"), refused()], "Content"),
        (Some(begun(0, false)), vec![refused()], "Expired(\"media/"),
        (Some(begun(1, false)), vec![refused()], "Expired(\"media/"),
        (Some(begun(1, true)), vec![json(404, "{}")], "Expired(\"media/"),
        (
            Some(begun(1, true)),
            vec![processing("failed", failed)],
            "Content(\"the film was refused: too many",
        ),
        (Some(value!({"id": "../7", "next": 1})), vec![refused()], "Content"),
    ] {
        let film = film(&folder);
        let step = format!("media/{}", film.hash);
        let mut steps = Kept::default();
        if let Some(kept) = kept.clone() {
            steps.put(&step, kept, None).unwrap();
        }
        let (got, _) = staged(script, vec![film], &mut steps).await;
        assert!(got.starts_with(expected), "{kept:?}\nexpected {expected}\ngot {got}");
        let left = steps.0.get(&step).map(|(value, _)| value["id"].clone());
        assert!(left.is_none() || left == Some(value!("../7")), "{left:?}");
    }
}

#[tokio::test]
async fn an_animation_goes_up_in_parts_with_its_alt_text() {
    let folder = tempfile::tempdir().unwrap();
    let gif = PreparedMedia { format: Format::Gif, ..picture(&folder, "gif") };
    let script = vec![up("710"), done(), up("710"), done(), none()];
    let (got, stub) = staged(script, vec![gif], &mut Kept::default()).await;
    assert!(got.contains("\"media_ids\":[\"710\"]"), "{got}");
    let first = stub.seen()[0].request().sent().1;
    assert_eq!(first["media_category"], "tweet_gif");
    assert_eq!(stub.lines()[3], "POST /2/media/metadata");
}

// The visible call.

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let plain = value!({"text": "x"});
    let with_media = value!({"text": "x", "media": {"media_ids": ["7"]}});
    let invalid = || {
        json(
            400,
            "{\"errors\":[{\"message\":\"Your media IDs are invalid.\"}],\"title\":\"Invalid Request\",\"detail\":\"One or more\",\"type\":\"https://api.twitter.com/2/problems/invalid-request\"}",
        )
    };
    let duplicate = "{\"detail\":\"You are not allowed to create a Tweet with duplicate content.\",\"type\":\"about:blank\",\"title\":\"Forbidden\",\"status\":403}";
    for (body, answer, expected) in [
        (&plain, String::new(), "Err(Uncertain"),
        (&plain, "HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"data\":".into(), "Err(Uncertain"),
        (&plain, json(201, "{\"data\":{\"text\":\"x\"}}"), "Err(Uncertain"),
        (&plain, json(200, "{\"errors\":[{\"title\":\"x\"}]}"), "Err(Uncertain"),
        (&plain, reply(200, "content-type: text/html\r\n", "<html>"), "Err(Uncertain"),
        (&plain, reply(403, "content-type: text/html\r\n", "<html>"), "Err(Uncertain"),
        (&plain, json(500, "{\"title\":\"Internal Server Error\"}"), "Err(Failed"),
        (&plain, json(503, "{}"), "Err(Uncertain"),
        (
            &plain,
            json(403, duplicate),
            "Err(Uncertain(\"You are not allowed to create a Tweet with duplicate",
        ),
        (&plain, json(400, "{\"detail\":\"text is required\"}"), "Err(Content(\"text is required"),
        (&plain, invalid(), "Err(Content"),
        (&with_media, invalid(), "Err(Expired(\"media\"))"),
        (&plain, json(401, "{\"title\":\"Unauthorized the-access-secret-s3cret\"}"), "Err(Auth"),
        (&plain, json(402, "{\"title\":\"CreditsDepleted\"}"), "Err(Billing"),
        (&plain, json(403, "{\"type\":\"https://api.x.com/2/problems/client-forbidden\"}"), "Err(Permission"),
        (&plain, json(403, "{\"detail\":\"Your Tweet text is too long.\"}"), "Err(Content"),
        (&plain, json(429, "{}"), "Err(RateLimited"),
        (&plain, json(429, "{\"type\":\"https://api.x.com/2/problems/usage-capped\"}"), "Err(Billing"),
        (
            &plain,
            json(201, "{\"data\":{\"id\":\"7\",\"text\":\"x\",\"edit_history_tweet_ids\":[\"7\"]}}"),
            "Ok(Live { id: \"7\", url: Some(\"https://x.com/awa/status/7\")",
        ),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let got = format!("{:?}", x().commit(&at(&stub), body, "the-key").await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
        assert_eq!(stub.lines(), ["POST /2/tweets"], "one visible call and no other");
        assert_eq!(stub.seen()[0].request().sent().1, *body);
    }
}

// The probe.

#[tokio::test]
async fn every_body_is_one_that_the_network_takes() {
    if !spec::is_here(SPEC) {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (picture(&folder, "a"), picture(&folder, "b"));
    let gif = PreparedMedia { format: Format::Gif, ..picture(&folder, "gif") };
    let mut checked = 0;
    for (media, script) in [
        (vec![one, two], vec![up("701"), done(), up("702"), done(), none()]),
        (vec![film(&folder)], vec![up("710"), done(), up("710"), none()]),
        (vec![gif], vec![up("710"), done(), up("710"), done(), none()]),
    ] {
        let stub = Stub::start([script, vec![json(201, "{\"data\":{\"id\":\"7\"}}")]].concat());
        let mut post = prepared("Bonjour", media);
        let fields = [("reply_settings", "following"), ("synthetic_media", "true")];
        post.fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        post.reply_to = Some(Live { id: "42".into(), url: None, at: None, proof: Value::Null });
        let staged = x().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
        x().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
        for seen in stub.seen() {
            assert_eq!(spec::check_request(SPEC, &seen.request()), Ok(()), "{}", seen.line);
            checked += 1;
        }
    }
    assert_eq!(checked, 6 + 5 + 6);
}

#[test]
fn a_body_that_is_spoilt_is_found() {
    if !spec::is_here(SPEC) {
        return;
    }
    let form = "multipart/form-data";
    let tweets = ("POST", "/2/tweets", "application/json");
    let start = ("POST", "/2/media/upload/initialize", "application/json");
    for ((method, path, kind), body) in [
        (tweets, value!({"text": "x", "media": {"media_ids": ["1", "2", "3", "4", "5"]}})),
        (tweets, value!({"text": "x", "media": {"media_ids": []}})),
        (tweets, value!({"status": "x"})),
        (tweets, value!({"text": 7})),
        (tweets, value!({"text": "x", "reply": {"in_reply_to_tweet_id": "a"}})),
        (tweets, value!({"text": "x", "reply_settings": "nobody"})),
        (start, value!({"media_type": "video/x", "total_bytes": 1, "media_category": "tweet_video"})),
        (start, value!({"media_type": "video/mp4", "total_bytes": -1, "media_category": "tweet_video"})),
        (("POST", "/2/media/upload", form), value!({"media": "x"})),
        (("POST", "/2/media/upload", form), value!({"media": "x", "media_category": "image"})),
        (("POST", "/2/media/upload/7/append", form), value!({"media": "x", "segment_index": "1000"})),
        (("POST", "/2/media/upload/7/append", form), value!({"media": "x", "segment_index": "x"})),
        (("POST", "/2/media/upload/7/append", form), value!({"segment_index": "0"})),
        (("POST", "/2/media/upload/7/finalize", "application/json"), value!({})),
        (("POST", "/2/media/metadata", "application/json"), value!({"metadata": {}})),
        (("POST", "/2/media/metadata", form), value!({"id": "7"})),
        (("PUT", "/2/tweets", "application/json"), value!({"text": "x"})),
        (("POST", "/2/nowhere", "application/json"), value!({})),
    ] {
        assert!(spec::check(SPEC, method, path, kind, &body).is_err(), "{method} {path} {body}");
    }
}
