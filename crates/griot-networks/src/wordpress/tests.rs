//! Over recorded answers: what a site says that is well, and what it says when it is not.

use griot_domain::Format;
use griot_domain::delivery::Armed;
use serde_json::json as value;

use super::*;
use crate::stub::{Kept, NOW, Seen, Stub, client, film, json, prepared, reply, session};
use crate::{PreparedMedia, Steps};

mod connecting;
mod live;
mod schema;

const PASSWORD: &str = "s3cr eTpw abcd efgh ijkl mnop";

fn at(stub: &Stub) -> Session {
    let mut session = session(NetworkId::Wordpress, &stub.url, &[("user", "awa"), ("password", PASSWORD)]);
    session.account.remote_id = "7".into();
    session
}

fn wordpress() -> WordPress {
    WordPress::new(client())
}

/// No form of the password is in what people or logs see.
fn keeps_quiet(words: &str) {
    for secret in ["s3cr", "abcd efgh", "YXdhOnMzY3"] {
        assert!(!words.contains(secret), "{words}");
    }
}

fn picture(folder: &tempfile::TempDir, name: &str) -> PreparedMedia {
    let path = folder.path().join(name);
    std::fs::write(&path, name).unwrap();
    let hash = blake3::hash(name.as_bytes()).to_hex().to_string();
    let bytes = name.len() as u64;
    PreparedMedia { path, hash, format: Format::Jpeg, bytes, duration_ms: None, ..film(folder) }
}

fn titled(text: &str, media: Vec<PreparedMedia>) -> Prepared {
    let mut post = prepared(text, media);
    post.fields.insert("title".into(), "Le marché".into());
    post
}

fn key() -> String {
    article::key(prepared("", vec![]).delivery)
}

/// What an article is called that nobody gave a slug.
fn called() -> String {
    format!("le-marche-{}", &key()["griot-".len()..][..6])
}

fn none() -> String {
    json(200, "[]")
}

fn medium(id: u64) -> String {
    json(201, &format!("{{\"id\":{id},\"source_url\":\"https://b.example/f/{id}.jpg\"}}"))
}

fn done(id: u64) -> String {
    json(200, &format!("{{\"id\":{id},\"status\":\"draft\"}}"))
}

fn refused(status: u16, code: &str, message: &str) -> String {
    let body = value!({"code": code, "message": message, "data": {"status": status}});
    json(status, &body.to_string())
}

/// A site does not look at the states of articles for just anybody.
fn forbidden(status: u16) -> String {
    let why = value!({"status": {"code": "rest_forbidden_status", "data": {"status": status}}});
    json(400, &value!({"code": "rest_invalid_param", "message": "x", "data": {"details": why}}).to_string())
}

/// What a site says when its database does not take a part of an article.
fn unwritten(column: &str) -> String {
    let why = format!("Processing the value for the following field failed: {column}.");
    json(500, &value!({"code": "db_insert_error", "message": "x", "additional_data": [why]}).to_string())
}

fn sent(seen: &Seen) -> Value {
    serde_json::from_slice(&seen.body).unwrap_or(Value::Null)
}

async fn stage(stub: &Stub, post: &Prepared, steps: &mut Kept) -> Result<Staged, Error> {
    let staged = wordpress().stage(&at(stub), post, steps).await;
    keeps_quiet(&format!("{staged:?}"));
    staged
}

#[tokio::test]
async fn a_text_waits_as_a_draft_and_is_published_by_its_number() {
    let dated = "content-type: application/json\r\ndate: Sun, 22 Nov 2026 20:00:07 GMT\r\n";
    let made = reply(201, dated, "{\"id\":41,\"status\":\"draft\"}");
    let out = "{\"id\":41,\"status\":\"publish\",\"link\":\"https://b.example/x/\",\"date_gmt\":\"2026-11-22T20:00:09\"}";
    let stub = Stub::start(vec![none(), made, json(200, out)]);
    let (post, mut steps) = (titled("Bonjour\n\nBamako", vec![]), Kept::default());
    let staged = stage(&stub, &post, &mut steps).await.unwrap();
    assert_eq!(staged.body, value!({"id": 41, "status": "publish", "slug": called()}));
    assert_eq!((staged.key.as_str(), staged.newest_own.as_deref()), (key().as_str(), Some("41")));
    assert_eq!(staged.server_date.unwrap().millis_since(NOW), 7000);
    let live = wordpress().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
    assert_eq!((live.id.as_str(), live.url.as_deref()), ("41", Some("https://b.example/x/")));
    assert_eq!(live.at.unwrap().millis_since(NOW), 9000);
    let seen = stub.seen();
    let slugs = format!("{}%2C{}", key(), called());
    assert!(seen[0].line.starts_with(&format!("GET /wp-json/wp/v2/posts?slug={slugs}&status=publish")));
    assert_eq!(seen[1].line, "POST /wp-json/wp/v2/posts?_fields=id%2Cstatus");
    assert_eq!(
        (&sent(&seen[1])["status"], &sent(&seen[1])["title"]),
        (&value!("draft"), &value!("Le marché"))
    );
    assert!(seen[2].line.starts_with("POST /wp-json/wp/v2/posts/41?"));
    assert_eq!(sent(&seen[2]), staged.body);
    let pair = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, format!("awa:{PASSWORD}"));
    let expected = format!("authorization: basic {}", pair.to_ascii_lowercase());
    assert!(seen.iter().all(|seen| seen.head.contains(&expected)), "{}", seen[0].head);
}

#[tokio::test]
async fn pictures_and_a_film_go_up_once_are_described_and_shown() {
    let folder = tempfile::tempdir().unwrap();
    let media = vec![picture(&folder, "one"), picture(&folder, "two"), film(&folder)];
    let mut script = Vec::new();
    for id in [11, 12, 13] {
        script.extend([none(), medium(id), done(id)]);
    }
    script.extend([none(), done(41)]);
    let there = json(200, "[{\"id\":13},{\"id\":11},{\"id\":12}]");
    script.extend([there, done(41)]);
    let stub = Stub::start(script);
    let (post, mut steps) = (titled("Regardez", media.clone()), Kept::default());
    let first = stage(&stub, &post, &mut steps).await.unwrap();
    let seen = stub.seen();
    let name = format!("{}-{}", key(), &media[0].hash[..8]);
    assert!(seen[0].line.starts_with(&format!("GET /wp-json/wp/v2/media?slug={name}&")), "{}", seen[0].line);
    assert!(seen[1].head.contains(&format!("content-disposition: attachment; filename=\"{name}.jpg\"")));
    assert!(seen[1].head.contains("content-type: image/jpeg") && seen[1].body == b"one", "{}", seen[1].head);
    assert_eq!(
        (seen[2].line.as_str(), sent(&seen[2])),
        ("POST /wp-json/wp/v2/media/11?_fields=id", value!({"alt_text": "Un marché"}))
    );
    assert!(seen[7].head.contains("content-type: video/mp4"), "{}", seen[7].head);
    let draft = sent(&seen[10]);
    assert_eq!(draft["featured_media"], 11);
    let content = draft["content"].as_str().unwrap();
    for part in [
        "<p>Regardez</p>",
        "wp:gallery",
        "alt=\"Un marché\" class=\"wp-image-11\"",
        "wp-image-12",
        "<!-- wp:video {\"id\":13} -->",
    ] {
        assert!(content.contains(part), "{part}\n{content}");
    }
    // Again: what is there is asked for, and nothing goes up.
    assert_eq!(stage(&stub, &post, &mut steps).await.unwrap().body, first.body);
    let again = stub.lines()[11..].to_vec();
    assert!(again[0].starts_with("GET /wp-json/wp/v2/media?include=11%2C12%2C13&"), "{again:?}");
    assert!(again[1].starts_with("GET /wp-json/wp/v2/posts/41?") && again.len() == 2, "{again:?}");
}

#[tokio::test]
async fn a_file_whose_answer_was_lost_is_found_again() {
    let folder = tempfile::tempdir().unwrap();
    let found = json(200, "[{\"id\":11,\"source_url\":\"https://b.example/f/11.jpg\"}]");
    let stub = Stub::start(vec![none(), String::new(), found, done(11), none(), done(41)]);
    let (post, mut steps) = (titled("x", vec![picture(&folder, "one")]), Kept::default());
    assert!(matches!(stage(&stub, &post, &mut steps).await, Err(Error::Transient(_))));
    stage(&stub, &post, &mut steps).await.unwrap();
    assert_eq!(stub.lines().iter().filter(|line| line.starts_with("POST /wp-json/wp/v2/media?")).count(), 1);
}

#[tokio::test]
async fn half_a_file_is_sent_again_and_a_picture_made_smaller_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let found = |details: &str| {
        json(
            200,
            &format!(
                "[{{\"id\":11,\"source_url\":\"https://b.example/f/11.jpg\",\"media_details\":{details}}}]"
            ),
        )
    };
    for (details, sent) in [
        ("{\"filesize\":3}", 0),
        ("{\"filesize\":2}", 1),
        ("{\"filesize\":2,\"original_image\":\"11.jpg\"}", 0),
        ("{}", 0),
        ("[]", 0),
    ] {
        let mut script = vec![found(details)];
        script.extend((0..sent).map(|_| medium(12)));
        script.extend([done(12), none(), done(41)]);
        let stub = Stub::start(script);
        stage(&stub, &titled("x", vec![picture(&folder, "one")]), &mut Kept::default()).await.unwrap();
        let posted =
            stub.lines().iter().filter(|line| line.starts_with("POST /wp-json/wp/v2/media?")).count();
        assert_eq!(posted, sent, "{details}");
    }
}

#[tokio::test]
async fn a_large_film_goes_up_as_a_form() {
    let folder = tempfile::tempdir().unwrap();
    let mut large = film(&folder);
    std::fs::write(&large.path, vec![7; 9 << 20]).unwrap();
    large.bytes = 9 << 20;
    let stub = Stub::start(vec![none(), medium(11), done(11), none(), done(41)]);
    stage(&stub, &titled("x", vec![large.clone()]), &mut Kept::default()).await.unwrap();
    let seen = &stub.seen()[1];
    assert!(seen.head.contains("content-type: multipart/form-data"), "{}", seen.head);
    let part = String::from_utf8_lossy(&seen.body[..400]).to_lowercase();
    let name = format!("name=\"file\"; filename=\"{}-{}.mp4\"", key(), &large.hash[..8]);
    assert!(part.contains(&name) && part.contains("content-type: video/mp4"), "{part}");
}

#[tokio::test]
async fn the_same_file_twice_is_one_medium_and_alt_text_that_changed_is_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut twice = vec![picture(&folder, "one"), picture(&folder, "one")];
    let stub = Stub::start(vec![
        none(),
        medium(11),
        done(11),
        none(),
        done(41),
        json(200, "[{\"id\":11}]"),
        done(11),
        done(41),
        done(41),
    ]);
    let mut steps = Kept::default();
    stage(&stub, &titled("x", twice.clone()), &mut steps).await.unwrap();
    twice[0].alt = "Un port".into();
    stage(&stub, &titled("x", twice), &mut steps).await.unwrap();
    let seen = stub.seen();
    assert_eq!(sent(&seen[6]), value!({"alt_text": "Un port"}));
    // The draft says what the post says now.
    assert!(seen[8].line.starts_with("POST /wp-json/wp/v2/posts/41?"), "{}", seen[8].line);
    let content = sent(&seen[8])["content"].as_str().unwrap().to_owned();
    assert!(content.contains("alt=\"Un port\"") && content.contains("alt=\"Un marché\""), "{content}");
}

#[tokio::test]
async fn what_the_site_no_longer_has_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let one = picture(&folder, "one");
    let step = format!("media/{}", one.hash);
    let gone = || refused(404, "rest_post_invalid_id", "Invalid post ID.");
    let kept = |alt: &str| value!({"id": 11, "url": "https://b.example/f/11.jpg", "alt": alt});
    let there = || json(200, "[{\"id\":11}]");
    let trashed = json(200, "{\"id\":41,\"status\":\"trash\"}");
    for (alt, script, lost) in [
        ("Un marché", vec![none()], step.as_str()),
        ("autre", vec![there(), gone()], step.as_str()),
        ("Un marché", vec![there(), gone()], draft::STEP),
        ("Un marché", vec![there(), trashed], draft::STEP),
    ] {
        let (stub, mut steps) = (Stub::start(script), Kept::default());
        steps.put(&step, kept(alt), None).unwrap();
        steps.put(draft::STEP, value!({"id": 41, "mark": "old"}), None).unwrap();
        let got = stage(&stub, &titled("x", vec![one.clone()]), &mut steps).await;
        assert_eq!(got.unwrap_err(), Error::Expired(lost.to_owned()), "{alt}");
        assert!(steps.get(lost).is_none());
    }
}

#[tokio::test]
async fn an_article_that_a_person_went_on_with_is_left_as_it_is() {
    for state in ["publish", "pending", "future", "private"] {
        let stub = Stub::start(vec![json(200, &format!("[{{\"id\":41,\"status\":\"{state}\"}}]"))]);
        let staged = stage(&stub, &titled("x", vec![]), &mut Kept::default()).await.unwrap();
        assert_eq!(staged.body["id"], 41);
        assert_eq!(stub.lines().len(), 1, "{state}");
    }
    // A draft that another copy of the workspace made says what this one says.
    let stub = Stub::start(vec![json(200, "[{\"id\":41,\"status\":\"draft\"}]"), done(41)]);
    stage(&stub, &titled("x", vec![]), &mut Kept::default()).await.unwrap();
    assert!(stub.lines()[1].starts_with("POST /wp-json/wp/v2/posts/41?"));
}

#[tokio::test]
async fn categories_and_tags_are_found_by_name_and_never_made() {
    let categories = json(
        200,
        "[{\"id\":3,\"name\":\"Culture générale\",\"slug\":\"cg\"},{\"id\":4,\"name\":\"Culture\",\"slug\":\"culture\"}]",
    );
    let tags = json(200, "[{\"id\":9,\"name\":\"R&amp;B\",\"slug\":\"rb\"}]");
    let stub = Stub::start(vec![categories, tags, none(), done(41), done(41)]);
    let (mut post, mut steps) = (titled("x", vec![]), Kept::default());
    post.fields.insert("categories".into(), " culture, Culture,".into());
    post.fields.insert("tags".into(), "R&B".into());
    stage(&stub, &post, &mut steps).await.unwrap();
    let seen = stub.seen();
    assert!(seen[0].line.starts_with("GET /wp-json/wp/v2/categories?search=culture&"), "{}", seen[0].line);
    assert!(seen[1].line.starts_with("GET /wp-json/wp/v2/tags?search=R%26amp%3BB&"), "{}", seen[1].line);
    assert_eq!((&sent(&seen[3])["categories"], &sent(&seen[3])["tags"]), (&value!([4]), &value!([9])));
    stage(&stub, &post, &mut steps).await.unwrap();
    let stub = Stub::start(vec![none()]);
    let error = stage(&stub, &post, &mut Kept::default()).await.unwrap_err();
    assert_eq!(error, Error::Content("the site has no category called \"culture\"".into()));
}

#[tokio::test]
async fn a_refusal_while_nobody_sees_anything_means_one_thing() {
    let folder = tempfile::tempdir().unwrap();
    let html = |status| reply(status, "content-type: text/html\r\n", "<html><body>No</body></html>");
    let type_fr = "Désolé, vous n’avez pas l’autorisation de téléverser ce type de fichier.";
    for (answer, expected) in [
        (String::new(), "Transient"),
        ("HTTP/1.1 201 Created\r\ncontent-length: 100\r\n\r\n{\"id\":".into(), "Transient"),
        (json(201, "{\"id\":11}"), "Portal"),
        (json(201, "{\"id\":\"11\",\"source_url\":\"https://b.example/x\"}"), "Portal"),
        (json(201, "{\"id\":11,\"source_url\":\"javascript:alert(1)\"}"), "Portal"),
        (html(200), "Portal"),
        (html(401), "Auth"),
        (html(403), "Permission(\"a guard before the site"),
        (html(406), "Permission"),
        (html(413), "Content"),
        (html(500), "Transient"),
        (html(503), "Transient"),
        (reply(429, "retry-after: 60\r\n", ""), "RateLimited { until: Some("),
        (refused(429, "too_many_requests", "x"), "RateLimited { until: None"),
        (refused(500, "internal_server_error", "<p>There has been a critical error.</p>"), "Transient"),
        (
            refused(500, "rest_upload_sideload_error", "Sorry, this file type is not permitted."),
            "Content(\"Sorry",
        ),
        (refused(500, "rest_upload_unknown_error", type_fr), "Content(\"Désolé"),
        (
            refused(
                500,
                "rest_upload_sideload_error",
                "The uploaded file exceeds the upload_max_filesize directive.",
            ),
            "Content",
        ),
        (refused(500, "rest_upload_sideload_error", "The uploaded file could not be moved."), "Permission"),
        (
            refused(400, "rest_upload_no_data", "No data supplied."),
            "Content(\"No data supplied. (400): the file is probably larger",
        ),
        (refused(400, "rest_upload_user_quota_exceeded", "x"), "Permission"),
        (refused(400, "rest_cannot_create", "You are not allowed to upload media."), "Permission"),
        (refused(401, "rest_cannot_create", "x"), "Auth"),
        (
            refused(401, "incorrect_password", "<strong>Error:</strong> The password isn&#8217;t right."),
            "Auth(\"Error: The password isn’t right. (401)\")",
        ),
        (refused(401, "incorrect_password", "awa:s3cr eTpw abcd efgh ijkl mnop is bad"), "Auth"),
        (refused(401, "rest_not_logged_in", "x"), "Auth(\"x (401): the site takes us for a stranger"),
        (refused(501, "application_passwords_disabled", "x"), "Auth"),
        (refused(403, "rest_cannot_create", "x"), "Permission"),
        (refused(403, "rest_cannot_publish", "x"), "Permission"),
        (refused(404, "rest_no_route", "x"), "Permission"),
        (forbidden(401), "Auth(\"x (400): the site takes us for a stranger"),
        (forbidden(403), "Permission"),
        (unwritten("post_title"), "Content(\"x (500): the title is too long"),
        (unwritten("post_excerpt"), "Content(\"x (500): the excerpt is too long"),
        (refused(500, "db_insert_error", "x"), "Transient"),
        (refused(400, "empty_content", "Content, title, and excerpt are empty."), "Content"),
        (refused(400, "rest_invalid_param", "x"), "Content"),
    ] {
        let stub = Stub::start(vec![none(), answer.clone()]);
        let post = titled("x", vec![picture(&folder, "one")]);
        let got = format!("{:?}", stage(&stub, &post, &mut Kept::default()).await.unwrap_err());
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert!(!got.contains('<'), "{got}");
    }
}
