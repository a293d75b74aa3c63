//! Over recorded answers: what the real server in the workspace's own tests does not say on demand.

use griot_domain::{Focus, Format};

use super::*;
use crate::PreparedMedia;
use crate::stub::{Kept, NOW, Stub, client, film, json, prepared, session};

const DID: &str = "did:plc:alice";
const TOKENS: &[(&str, &str)] = &[("accessJwt", "old"), ("refreshJwt", "r"), ("password", "p4ssword")];

fn at(stub: &Stub) -> Session {
    session(NetworkId::Bluesky, &stub.url, TOKENS)
}

fn me() -> String {
    json(200, "{\"did\":\"did:plc:alice\",\"handle\":\"alice.test\",\"active\":true}")
}

fn expired() -> String {
    json(400, "{\"error\":\"ExpiredToken\",\"message\":\"Token has expired\"}")
}

fn frozen(key: &str) -> Value {
    serde_json::json!({"repo": DID, "rkey": key, "record": {"text": "x", "createdAt": "2026-11-22T20:00:00.000Z"}})
}

const KEY: &str = "3jzfcijpj2z2a";

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let said = |uri: &str| json(200, &format!("{{\"uri\":\"{uri}\",\"cid\":\"bafy\"}}"));
    for (answer, expected) in [
        (json(500, "{\"error\":\"InternalServerError\"}"), "Err(Failed"),
        (json(200, "{\"uri\":\"at://did:plc:alice/app.bsky.feed.post/3jzfcijpj2z2a\"}"), "Err(Uncertain"),
        (said("at://did:plc:alice/app.bsky.feed.post/3jzfcijpj2z2b"), "Err(Uncertain"),
        (said("at://did:plc:bob/app.bsky.feed.post/3jzfcijpj2z2a"), "Err(Uncertain"),
        (
            json(400, "{\"error\":\"BlobNotFound\",\"message\":\"Could not find blob: bafk\"}"),
            "Err(Expired(\"blob\"))",
        ),
        (json(400, "{\"error\":\"InvalidToken\",\"message\":\"Bad token\"}"), "Err(Auth"),
        (
            json(400, "{\"error\":\"InvalidRequest\",\"message\":\"grapheme too big\"}"),
            "Err(Content(\"grapheme too big",
        ),
        (json(401, "{\"error\":\"AccountTakedown\"}"), "Err(Permission"),
        (said("at://did:plc:alice/app.bsky.feed.post/3jzfcijpj2z2a"), "Ok(Live"),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let got = format!("{:?}", Bluesky::new(client()).commit(&at(&stub), &frozen(KEY), KEY).await);
        assert!(got.starts_with(expected), "{answer}\n{got}");
    }
}

#[tokio::test]
async fn a_frozen_request_of_another_account_or_key_is_never_sent() {
    let stub = Stub::start(vec![]);
    let bluesky = Bluesky::new(client());
    let mut other = frozen(KEY);
    other["repo"] = "did:plc:bob".into();
    for (body, key) in [(frozen(KEY), "3jzfcijpj2z2b"), (frozen("not-a-tid"), "not-a-tid"), (other, KEY)] {
        assert!(matches!(bluesky.commit(&at(&stub), &body, key).await, Err(Error::Content(_))));
    }
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn an_expired_token_is_refreshed_once_and_kept_before_it_is_used() {
    let fresh = json(200, "{\"accessJwt\":\"new\",\"refreshJwt\":\"r2\",\"did\":\"did:plc:alice\"}");
    let stub = Stub::start(vec![expired(), fresh, me()]);
    let session = at(&stub);
    Bluesky::new(client()).check(&session).await.unwrap();
    let kept = session.vault.load().await.unwrap();
    assert_eq!((kept.get("accessJwt"), kept.get("refreshJwt")), (Some("new"), Some("r2")));
    assert_eq!(kept.get("password"), Some("p4ssword"));

    let fresh = json(200, "{\"accessJwt\":\"new\",\"refreshJwt\":\"r2\",\"did\":\"did:plc:alice\"}");
    let stub = Stub::start(vec![expired(), fresh, expired()]);
    assert!(matches!(Bluesky::new(client()).check(&at(&stub)).await, Err(Error::Auth(_))));
    assert_eq!(stub.lines().len(), 3, "no endless refreshing");
}

#[tokio::test]
async fn a_dead_refresh_token_is_replaced_by_the_app_password() {
    let opened = json(
        200,
        "{\"accessJwt\":\"new\",\"refreshJwt\":\"r2\",\"did\":\"did:plc:alice\",\"handle\":\"alice.test\"}",
    );
    let stub = Stub::start(vec![expired(), expired(), opened, me()]);
    Bluesky::new(client()).check(&at(&stub)).await.unwrap();
    assert!(stub.lines()[2].contains("createSession"));

    let refused = json(401, "{\"error\":\"AuthenticationRequired\",\"message\":\"Invalid p4ssword\"}");
    let stub = Stub::start(vec![expired(), expired(), refused]);
    match Bluesky::new(client()).check(&at(&stub)).await {
        Err(Error::Auth(words)) => assert!(!words.contains("p4ssword"), "{words}"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn tokens_that_another_program_rotated_are_taken_over() {
    let stub = Stub::start(vec![expired(), me()]);
    let session = at(&stub);
    let bluesky = Bluesky::new(client());
    let rotating = {
        let (bluesky, session) = (bluesky.clone(), session.clone());
        // The other program stores its tokens between our request and our look into the vault.
        let vault = session.vault.clone();
        let rotated = Rotating { inner: vault, loads: std::sync::Mutex::new(0) };
        let session = Session { vault: std::sync::Arc::new(rotated), ..session };
        async move { bluesky.check(&session).await }
    };
    rotating.await.unwrap();
    assert!(!stub.lines().iter().any(|line| line.contains("refreshSession")), "{:?}", stub.lines());
    assert!(stub.seen()[1].head.contains("bearer theirs"));
}

/// A vault in which another program rotates the tokens after the first look.
struct Rotating {
    inner: std::sync::Arc<dyn crate::Vault>,
    loads: std::sync::Mutex<u32>,
}

#[async_trait]
impl crate::Vault for Rotating {
    async fn load(&self) -> Result<crate::Secrets, Error> {
        let mut kept = self.inner.load().await?;
        let mut loads = self.loads.lock().unwrap();
        *loads += 1;
        if *loads > 1 {
            kept.0.insert("accessJwt".into(), "theirs".into());
        }
        Ok(kept)
    }

    async fn store(&self, secrets: &crate::Secrets) -> Result<(), Error> {
        self.inner.store(secrets).await
    }

    async fn lock(&self) -> Result<Box<dyn Send>, Error> {
        self.inner.lock().await
    }
}

#[tokio::test]
async fn an_account_that_is_not_ours_or_not_active_is_refused() {
    for (answer, expected) in [
        (json(200, "{\"did\":\"did:plc:bob\",\"handle\":\"bob.test\"}"), "Err(Auth"),
        (
            json(
                200,
                "{\"did\":\"did:plc:alice\",\"handle\":\"a\",\"active\":false,\"status\":\"takendown\"}",
            ),
            "Err(Permission",
        ),
        (json(200, "{}"), "Err(Portal"),
    ] {
        let stub = Stub::start(vec![answer]);
        let got = format!("{:?}", Bluesky::new(client()).check(&at(&stub)).await);
        assert!(got.starts_with(expected), "{got}");
    }
}

#[tokio::test]
async fn media_that_no_embed_takes_are_refused_before_anything_goes_up() {
    let folder = tempfile::tempdir().unwrap();
    let film = film(&folder);
    let picture = PreparedMedia { format: Format::Jpeg, focus: Some(Focus::CENTRE), ..film.clone() };
    let stub = Stub::start(vec![]);
    for media in [vec![picture.clone(); 5], vec![film.clone(), film.clone()], vec![film, picture]] {
        let staged =
            Bluesky::new(client()).stage(&at(&stub), &prepared("x", media), &mut Kept::default()).await;
        assert!(matches!(staged, Err(Error::Content(_))));
    }
    assert!(stub.lines().is_empty());
}

const BLOB: &str =
    "{\"$type\":\"blob\",\"ref\":{\"$link\":\"bafkfilm\"},\"mimeType\":\"video/mp4\",\"size\":17}";

fn grant() -> Vec<String> {
    vec![me(), json(200, "{\"token\":\"granted\"}")]
}

#[tokio::test]
async fn a_film_goes_through_the_video_service() {
    let folder = tempfile::tempdir().unwrap();
    let mut script = vec![me()];
    script.extend(grant());
    script.extend([me(), me(), json(200, "{\"records\":[]}")]);
    let server = Stub::start(script);
    let working = "{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_ENCODING\"}}";
    let done =
        format!("{{\"jobStatus\":{{\"jobId\":\"j1\",\"state\":\"JOB_STATE_COMPLETED\",\"blob\":{BLOB}}}}}");
    let service = Stub::start(vec![
        json(200, "{\"jobId\":\"j1\",\"state\":\"JOB_STATE_CREATED\"}"),
        json(200, working),
        json(200, &done),
    ]);
    let bluesky = Bluesky::new(client()).with_video_service(&service.url);
    let (session, post, mut steps) =
        (at(&server), prepared("Regardez", vec![film(&folder)]), Kept::default());
    for _ in 0..2 {
        let staged = bluesky.stage(&session, &post, &mut steps).await;
        assert!(matches!(staged, Err(Error::Processing { .. })), "{staged:?}");
    }
    let staged = bluesky.stage(&session, &post, &mut steps).await.unwrap();
    let embed = &staged.body["record"]["embed"];
    assert_eq!(
        (embed["video"]["ref"]["$link"].as_str(), embed["alt"].as_str()),
        (Some("bafkfilm"), Some("Un marché"))
    );
    let lines = service.lines();
    assert!(
        lines[0].starts_with("POST /xrpc/app.bsky.video.uploadVideo?did=did%3Aplc%3Aalice&name="),
        "{lines:?}"
    );
    assert!(
        lines[1..].iter().all(|l| l.contains("getJobStatus?jobId=j1")),
        "one upload, then questions: {lines:?}"
    );
    assert_eq!(service.seen()[0].body, b"not really a film");
    assert!(
        service.seen()[0].head.contains("bearer granted"),
        "the account's own token stays with its server"
    );
    assert!(
        server.lines()[2]
            .contains("aud=did%3Aweb%3A127.0.0.1&lxm=com.atproto.repo.uploadBlob&exp=1795379400")
    );
}

#[tokio::test]
async fn a_film_that_the_service_knows_or_refuses_or_forgets() {
    let folder = tempfile::tempdir().unwrap();
    let known =
        format!("{{\"error\":\"already_exists\",\"jobStatus\":{{\"jobId\":\"j0\",\"blob\":{BLOB}}}}}");
    let failed = "{\"jobStatus\":{\"jobId\":\"j1\",\"state\":\"JOB_STATE_FAILED\",\"message\":\"too long\"}}";
    for (answer, job_kept, expected) in [
        (json(409, &known), false, "Ok"),
        (json(200, failed), true, "Err(Content(\"the film was refused: too long\"))"),
        (json(404, "{\"error\":\"NotFound\"}"), true, "Err(Expired(\"job/"),
        (json(503, "{}"), true, "Err(Transient"),
        (json(401, "{\"error\":\"unconfirmed_email\"}"), false, "Err(Auth"),
    ] {
        let mut script = vec![me()];
        script.extend(if job_kept { vec![] } else { grant() });
        script.push(json(200, "{\"records\":[]}"));
        let (server, service) = (Stub::start(script), Stub::start(vec![answer.clone()]));
        let (film, mut steps) = (film(&folder), Kept::default());
        if job_kept {
            steps.put(&xrpc::job_step(&film), "j1".into(), None).unwrap();
        }
        let bluesky = Bluesky::new(client()).with_video_service(&service.url);
        let got = format!("{:?}", bluesky.stage(&at(&server), &prepared("x", vec![film]), &mut steps).await);
        assert!(got.starts_with(expected), "{answer}\n{got}");
    }
}

#[tokio::test]
async fn a_reply_names_the_post_before_and_the_first_of_the_thread() {
    let stub = Stub::start(vec![
        me(),
        json(200, "{\"records\":[{\"uri\":\"at://did:plc:alice/app.bsky.feed.post/3jzfcijpj2z2a\"}]}"),
    ]);
    let mut post = prepared("deux", vec![]);
    let proof = serde_json::json!({"uri": "at://p", "cid": "c2", "root": {"uri": "at://r", "cid": "c1"}});
    post.reply_to = Some(Live { id: "at://p".into(), url: None, at: None, proof });
    post.fields.insert("language".into(), "fr, bm,".into());
    let staged = Bluesky::new(client()).stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
    let record = &staged.body["record"];
    assert_eq!(
        record["reply"],
        serde_json::json!({"root": {"uri": "at://r", "cid": "c1"}, "parent": {"uri": "at://p", "cid": "c2"}})
    );
    assert_eq!(
        (record["langs"].clone(), record["createdAt"].clone()),
        (serde_json::json!(["fr", "bm"]), NOW.to_string().into())
    );
    assert_eq!(staged.newest_own.as_deref(), Some(KEY));
}
