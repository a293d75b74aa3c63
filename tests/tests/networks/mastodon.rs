//! Mastodon against a Mastodon-API server: what is staged, committed and probed is read back from the server.

use std::sync::{Arc, Mutex, Weak};

use griot_domain::{Focus, Lang, NetworkId};
use griot_networks::{
    ConnectInput, Error, Loopback, Mastodon, Network, Probe, Returned, Session, mastodon::OUT_OF_BAND,
};
use griot_tests::servers::{Fault, Faults, Proxy, Rule, mastodon::Mastodon as Server};
use serde_json::json;

use crate::suite::{self, Changes, Subject};
use crate::world::{Kept, client, film, input, picture, prepared, question, session, shared};

static SERVER: Mutex<Weak<Server>> = Mutex::new(Weak::new());
const STATUSES: &str = "/api/v1/statuses";

struct Home {
    server: Arc<Server>,
    proxy: Proxy,
    session: Session,
    network: Mastodon,
}

impl Home {
    async fn new() -> Self {
        let server = shared(&SERVER, Server::start);
        let network = Mastodon::new(client());
        let connected = network.connect(&input(server.url(), None, "token", server.token())).await.unwrap();
        let proxy = Proxy::start(server.url(), Faults::none());
        let session = session(NetworkId::Mastodon, &connected, &proxy.url());
        Self { server, proxy, session, network }
    }

    /// The account is everybody's here: a text tells whose status it is.
    fn live(&self, text: &str) -> usize {
        let as_html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        self.server.statuses().iter().filter(|s| s["content"].as_str().unwrap().contains(&as_html)).count()
    }
}

async fn with_subject(name: &str, run: impl AsyncFnOnce(&Subject<'_>)) {
    let home = Home::new().await;
    run(&Subject {
        network: &home.network,
        session: &home.session,
        proxy: &home.proxy,
        visible: STATUSES,
        staging: "/api/v1/accounts/",
        live: &|text| home.live(text),
        name,
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_never_makes_two() {
    with_subject("m lost", suite::lost_answers).await;
}

#[tokio::test]
async fn the_same_key_makes_one() {
    with_subject("m key", suite::same_key).await;
}

#[tokio::test]
async fn without_a_way_out_nothing_is_sent() {
    with_subject("m out", suite::no_way_out).await;
}

#[tokio::test]
async fn a_rate_limit_says_until_when() {
    with_subject("m rate", suite::rate_limits).await;
}

#[tokio::test]
async fn what_is_live_is_corrected_and_deleted_once() {
    let folder = tempfile::tempdir().unwrap();
    let media = vec![picture(folder.path(), 4242, "Un étal"), picture(folder.path(), 4343, "Deux étals")];
    let calls = Changes { edit: Some(("PUT", STATUSES)), delete: ("DELETE", STATUSES) };
    with_subject("m changes", async |subject| suite::corrected_and_deleted(subject, &calls, media).await)
        .await;
}

#[tokio::test]
async fn a_server_that_ignores_the_key_has_one_post_that_the_probe_finds() {
    let home = Home::new().await;
    let strip = || Rule::always("POST", STATUSES, Fault::StripHeader("Idempotency-Key".into()));
    let folder = tempfile::tempdir().unwrap();
    for media in [vec![], vec![picture(folder.path(), 11, "x")]] {
        let text = format!("clé perdue en chemin, {} média", media.len());
        let post = prepared(&text, media);
        let staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
        home.proxy.set(Faults(vec![strip(), Rule::once("POST", STATUSES, Fault::DropAnswer)]));
        let first = home.network.commit(&home.session, &staged.body, &staged.key).await;
        assert!(matches!(first, Err(Error::Uncertain(_))), "{first:?}");
        let found = home.network.probe(&home.session, &question(&post, &staged)).await.unwrap();
        assert!(matches!(found, Probe::Live(_)), "{found:?}");
        assert_eq!(home.live(&text), 1);
        if !post.media.is_empty() {
            continue;
        }
        // Sent again without asking first, such a server makes a second one, and then nobody can tell which is ours.
        home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
        let found = home.network.probe(&home.session, &question(&post, &staged)).await.unwrap();
        assert!(matches!(found, Probe::CannotTell(_)), "{found:?}");
    }
}

#[tokio::test]
async fn a_post_reads_back_as_it_was_written() {
    let home = Home::new().await;
    let folder = tempfile::tempdir().unwrap();
    let mut media: Vec<_> =
        (1..=2).map(|n| picture(folder.path(), n * 500, &format!("Photo nº {n}"))).collect();
    media.push(film(folder.path(), "Un film"));
    media[0].focus = Focus::new(0.75, 0.25);
    let text = "Marché & café à Bamako <ce soir>\n\nVoir https://example.com/a?b=c avec @testuser #Afrique";
    let mut post = prepared(text, media);
    let fields =
        [("visibility", "unlisted"), ("spoiler", "Attention"), ("sensitive", "true"), ("language", "fr")];
    post.fields = fields.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut steps = Kept::default();
    let staged = home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    let live = home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();

    let status = home.server.get(&format!("{STATUSES}/{}", live.id));
    assert_eq!(live.url.as_deref(), status["url"].as_str());
    for (name, expected) in [
        ("visibility", json!("unlisted")),
        ("spoiler_text", json!("Attention")),
        ("sensitive", json!(true)),
        ("language", json!("fr")),
    ] {
        assert_eq!(status[name], expected, "{name}");
    }
    let attachments = status["media_attachments"].as_array().unwrap();
    assert_eq!(attachments.len(), 3);
    for (attachment, sent) in attachments.iter().zip(&post.media) {
        assert_eq!(attachment["description"].as_str(), Some(sent.alt.as_str()));
        let bytes = home.server.bytes(attachment["url"].as_str().unwrap());
        assert_eq!(bytes, std::fs::read(&sent.path).unwrap(), "byte for byte");
    }
    assert_eq!(attachments[0]["meta"]["focus"], json!({"x": 0.5, "y": 0.5}));

    // Found by its attachments, and by a copy of the workspace that knows the text only.
    let mut asked = question(&post, &staged);
    for _ in 0..2 {
        match home.network.probe(&home.session, &asked).await.unwrap() {
            Probe::Live(found) => assert_eq!((found.id, found.url), (live.id.clone(), live.url.clone())),
            other => panic!("{other:?}"),
        }
        asked.armed = None;
    }
    asked.taken.push(live.id.clone());
    assert_eq!(home.network.probe(&home.session, &asked).await.unwrap(), Probe::Absent);

    let mut next = prepared("La suite", vec![]);
    next.reply_to = Some(live.clone());
    let staged = home.network.stage(&home.session, &next, &mut Kept::default()).await.unwrap();
    let reply = home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
    assert_eq!(home.server.get(&format!("{STATUSES}/{}", reply.id))["in_reply_to_id"], json!(live.id));
}

#[tokio::test]
async fn uploads_are_cut_forgotten_and_done_once() {
    let home = Home::new().await;
    let folder = tempfile::tempdir().unwrap();
    let post = prepared("coupé", vec![film(folder.path(), "x"), picture(folder.path(), 3, "y")]);
    let mut steps = Kept::default();
    home.proxy
        .set(Faults(vec![Rule { skip: 1, ..Rule::once("POST", "/api/v2/media", Fault::CutAfter(50)) }]));
    let cut = home.network.stage(&home.session, &post, &mut steps).await;
    assert!(matches!(cut, Err(Error::Transient(_))), "{cut:?}");
    home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    assert_eq!(home.proxy.count("POST", "/api/v2/media"), 3, "the film went up once, the picture twice");

    let large = Fault::status(413, "<html>too large</html>");
    home.proxy.set(Rule::once("POST", "/api/v2/media", large).into());
    let refused = home.network.stage(&home.session, &post, &mut Kept::default()).await;
    assert!(matches!(refused, Err(Error::Content(_))), "{refused:?}");
    home.proxy
        .set(Rule::always("POST", "/api/v2/media", Fault::status(404, "{\"error\":\"Not Found\"}")).into());
    home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
    assert_eq!(home.proxy.count("POST", "/api/v1/media"), 2, "an old server");
}

#[tokio::test]
async fn bad_input_is_refused_in_words_without_secrets() {
    let home = Home::new().await;
    match home.network.connect(&input(home.server.url(), None, "token", "wrong-s3cret")).await {
        Err(Error::Auth(words)) => assert!(!words.contains("s3cret"), "{words}"),
        other => panic!("{other:?}"),
    }
    for text in ["", &"x".repeat(501)] {
        let post = prepared(text, vec![]);
        let staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
        let refused = home.network.commit(&home.session, &staged.body, &staged.key).await;
        assert!(matches!(refused, Err(Error::Content(_))), "{refused:?}");
    }
    // What the server answers to this request is a status that is kept for later: not a live one.
    let post = prepared("plus tard", vec![]);
    let mut staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
    staged.body["scheduled_at"] = json!("2099-01-01T00:00:00.000Z");
    let kept = home.network.commit(&home.session, &staged.body, &staged.key).await;
    assert!(matches!(kept, Err(Error::Uncertain(_))), "{kept:?}");
}

#[tokio::test]
async fn the_server_says_who_and_how_much() {
    let home = Home::new().await;
    let found = home.network.check(&home.session).await.unwrap();
    let domain = home.server.url().trim_start_matches("http://");
    assert_eq!(found.handle, format!("@testuser@{domain}"));
    let limits = home.network.limits(&home.session).await.unwrap().unwrap();
    assert_eq!((limits.text_max, limits.media_max, limits.url_length), (Some(500), Some(4), Some(23)));
    home.proxy.set(Rule::always("GET", "/api/v2/instance", Fault::status(404, "{}")).into());
    let old = home.network.limits(&home.session).await.unwrap().unwrap();
    assert_eq!(
        (old.text_max, old.media_max),
        (Some(500), Some(4)),
        "from a server that knows the first path only"
    );
}

#[tokio::test]
async fn a_login_in_the_browser_connects() {
    let home = Home::new().await;
    let app = home.network.register_app(home.server.url(), OUT_OF_BAND).await.unwrap();
    let login = home.network.authorize_url(&app).unwrap();
    assert!(login.page.starts_with(&format!("{}/oauth/authorize?", home.server.url())));
    // The person agrees on that page; the server hands out a code.
    let fields = home.network.exchange_code(&app, &login, "mockcode_testuser").await.unwrap();
    let input =
        ConnectInput { server: Some(home.server.url().to_owned()), fields, ..ConnectInput::default() };
    assert_eq!(home.network.connect(&input).await.unwrap().remote_id, home.session.account.remote_id);
    let refused = home.network.exchange_code(&app, &login, "mockcode_nobody").await;
    assert!(matches!(refused, Err(Error::Auth(_))), "{refused:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn agreeing_on_the_servers_page_comes_back_to_this_machine_and_connects() {
    let home = Home::new().await;
    let door = Loopback::bind().await.unwrap();
    let browser = home.network.browser().unwrap();
    let home_page = ConnectInput { server: Some(home.server.url().to_owned()), ..ConnectInput::default() };
    let begun = browser.begin(&home_page, &door.redirect()).await.unwrap();
    let (server, page) = (Arc::clone(&home.server), begun.page.clone());
    let shown = tokio::task::spawn_blocking(move || server.agree(&page));
    let Returned::Code(code) = door.answer(&begun.state, Lang::Fr).await else { panic!("the person agreed") };
    assert!(shown.await.unwrap().contains("Vous pouvez fermer cette page"));
    let fields = browser.finish(&begun, &code).await.unwrap();
    let server = Some(begun.server.clone());
    let connected = home.network.connect(&ConnectInput { server, handle: None, fields }).await.unwrap();
    assert_eq!(connected.remote_id, home.session.account.remote_id);
    assert!(!format!("{begun:?}").contains(begun.kept.get("client_secret").unwrap()), "no secret is shown");
}
