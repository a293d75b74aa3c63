//! Bluesky against a real PDS: what is staged, committed and probed is read back from the server.

use std::sync::{Arc, Mutex, Weak};

use griot_domain::NetworkId;
use griot_networks::{Bluesky, Error, Network, Session};
use griot_tests::servers::pds::Account;
use griot_tests::servers::{Fault, Faults, Pds, Proxy, Rule};
use serde_json::json;

use crate::suite::{self, Changes, Subject};
use crate::world::{Kept, client, film, input, picture, prepared, question, session, shared};

static PDS: Mutex<Weak<Pds>> = Mutex::new(Weak::new());

struct Home {
    pds: Arc<Pds>,
    account: Account,
    proxy: Proxy,
    session: Session,
    network: Bluesky,
}

impl Home {
    async fn new(handle: &str) -> Self {
        let pds = shared(&PDS, Pds::start);
        let account = pds.account(handle);
        let network = Bluesky::new(client());
        let connected = network
            .connect(&input(pds.url(), Some(&account.handle), "password", &account.password))
            .await
            .unwrap();
        assert_eq!((connected.remote_id.as_str(), connected.handle.as_str()), (account.did.as_str(), handle));
        let proxy = Proxy::start(pds.url(), Faults::none());
        let session = session(NetworkId::Bluesky, &connected, &proxy.url());
        Self { pds, account, proxy, session, network }
    }

    fn live(&self, text: &str) -> usize {
        self.pds.records(&self.account.did).iter().filter(|r| r["value"]["text"] == text).count()
    }
}

async fn with_subject(handle: &str, run: impl AsyncFnOnce(&Subject<'_>)) {
    let home = Home::new(handle).await;
    run(&Subject {
        network: &home.network,
        session: &home.session,
        proxy: &home.proxy,
        visible: "/xrpc/com.atproto.repo.createRecord",
        staging: "/xrpc/com.atproto.repo.listRecords",
        live: &|text| home.live(text),
        name: handle,
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_never_makes_two() {
    with_subject("lost.test", suite::lost_answers).await;
}

#[tokio::test]
async fn the_same_key_makes_one() {
    with_subject("key.test", suite::same_key).await;
}

#[tokio::test]
async fn without_a_way_out_nothing_is_sent() {
    with_subject("out.test", suite::no_way_out).await;
}

#[tokio::test]
async fn a_rate_limit_says_until_when() {
    with_subject("rate.test", suite::rate_limits).await;
}

#[tokio::test]
async fn what_is_live_is_corrected_and_deleted_once() {
    let folder = tempfile::tempdir().unwrap();
    let media = vec![picture(folder.path(), 4242, "Un étal"), picture(folder.path(), 4343, "Deux étals")];
    let calls = Changes { edit: None, delete: ("POST", "/xrpc/com.atproto.repo.deleteRecord") };
    with_subject("changes.test", async |subject| suite::corrected_and_deleted(subject, &calls, media).await)
        .await;
}

#[tokio::test]
async fn a_post_reads_back_as_it_was_written() {
    let home = Home::new("reads.test").await;
    let folder = tempfile::tempdir().unwrap();
    let media: Vec<_> = (1..=4).map(|n| picture(folder.path(), n * 1000, &format!("Photo nº {n}"))).collect();
    let text = "Café à Bamako avec @reads.test et @nobody.test, voir https://example.com/a?b=c #Afrique";
    let mut post = prepared(text, media);
    post.fields.insert("language".into(), "fr".into());
    let mut steps = Kept::default();
    let staged = home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    let live = home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
    assert_eq!(live.url, Some(format!("https://bsky.app/profile/{}/post/{}", home.account.did, staged.key)));

    let record = home.pds.record(&home.account.did, &staged.key).unwrap();
    assert_eq!((&record["cid"], &record["uri"]), (&live.proof["cid"], &live.proof["uri"]));
    let value = &record["value"];
    assert_eq!((value["text"].as_str(), &value["langs"]), (Some(text), &json!(["fr"])));
    let facets = value["facets"].as_array().unwrap();
    let said: Vec<_> = facets
        .iter()
        .map(|f| {
            let at = |name: &str| usize::try_from(f["index"][name].as_u64().unwrap()).unwrap();
            let kind = f["features"][0]["$type"].as_str().unwrap().rsplit('#').next().unwrap();
            (&text[at("byteStart")..at("byteEnd")], kind)
        })
        .collect();
    assert_eq!(
        said,
        [("@reads.test", "mention"), ("https://example.com/a?b=c", "link"), ("#Afrique", "tag")]
    );
    assert_eq!(facets[0]["features"][0]["did"], json!(home.account.did));

    let images = value["embed"]["images"].as_array().unwrap();
    assert_eq!(images.len(), 4);
    for (image, sent) in images.iter().zip(&post.media) {
        assert_eq!(
            (image["alt"].as_str(), &image["aspectRatio"]),
            (Some(sent.alt.as_str()), &json!({"width": 640, "height": 360}))
        );
        let cid = image["image"]["ref"]["$link"].as_str().unwrap();
        assert_eq!(
            home.pds.blob(&home.account.did, cid),
            std::fs::read(&sent.path).unwrap(),
            "byte for byte"
        );
    }

    let uploads = home.proxy.count("POST", "/xrpc/com.atproto.repo.uploadBlob");
    home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    assert_eq!(
        home.proxy.count("POST", "/xrpc/com.atproto.repo.uploadBlob"),
        uploads,
        "kept steps go up once"
    );
}

#[tokio::test]
async fn a_film_and_a_thread_hang_together() {
    let home = Home::new("filmthread.test").await;
    let folder = tempfile::tempdir().unwrap();
    let mut before = None;
    let mut roots = Vec::new();
    for n in 1..=3 {
        let media = if n == 1 { vec![film(folder.path(), "Le marché")] } else { vec![] };
        let mut post = prepared(&format!("{n}/3"), media);
        post.reply_to = before.take();
        let staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
        home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
        // The proof of a probe serves the next part as well as the answer's own.
        let found = home.network.probe(&home.session, &question(&post, &staged)).await.unwrap();
        let griot_networks::Probe::Live(live) = found else { panic!("{found:?}") };
        let record = home.pds.record(&home.account.did, &staged.key).unwrap();
        roots.push((record["uri"].clone(), record["value"]["reply"].clone()));
        if n == 1 {
            let embed = &record["value"]["embed"];
            assert_eq!(
                (embed["$type"].as_str(), embed["alt"].as_str()),
                (Some("app.bsky.embed.video"), Some("Le marché"))
            );
            let cid = embed["video"]["ref"]["$link"].as_str().unwrap();
            assert_eq!(home.pds.blob(&home.account.did, cid), std::fs::read(&post.media[0].path).unwrap());
        }
        before = Some(live);
    }
    assert_eq!((&roots[1].1["root"]["uri"], &roots[1].1["parent"]["uri"]), (&roots[0].0, &roots[0].0));
    assert_eq!((&roots[2].1["root"]["uri"], &roots[2].1["parent"]["uri"]), (&roots[0].0, &roots[1].0));
}

#[tokio::test]
async fn an_upload_that_is_cut_starts_again() {
    let home = Home::new("cut.test").await;
    let folder = tempfile::tempdir().unwrap();
    let post = prepared("cut", vec![film(folder.path(), "")]);
    let mut steps = Kept::default();
    let upload = "/xrpc/com.atproto.repo.uploadBlob";
    for fault in [Fault::CutAfter(1000), Fault::DropAnswer, Fault::Truncate] {
        home.proxy.set(Rule::once("POST", upload, fault.clone()).into());
        let staged = home.network.stage(&home.session, &post, &mut steps).await;
        assert!(matches!(staged, Err(Error::Transient(_))), "{fault:?}: {staged:?}");
    }
    let staged = home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
    assert_eq!(home.live("cut"), 1);
}

#[tokio::test]
async fn a_blob_that_the_server_forgot_is_said_to_have_expired() {
    let home = Home::new("oldblob.test").await;
    let folder = tempfile::tempdir().unwrap();
    let post = prepared("forgot", vec![picture(folder.path(), 7, "x")]);
    let mut steps = Kept::default();
    home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    // A blob of this kind and size that nobody ever uploaded.
    let (step, mut blob) = steps.0.pop_first().unwrap();
    blob["ref"]["$link"] = json!("bafkreibme22gw2h7y2h7tg2fhqotaqjucnbc24deqo72b6mkl2egezxhvy");
    steps.0.insert(step, blob);
    let staged = home.network.stage(&home.session, &post, &mut steps).await.unwrap();
    let refused = home.network.commit(&home.session, &staged.body, &staged.key).await;
    assert_eq!(refused, Err(Error::Expired("blob".into())));
    let staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
    home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
    assert_eq!(home.live("forgot"), 1);
}

#[tokio::test]
async fn tokens_that_expired_are_replaced_without_a_person() {
    let home = Home::new("tokens.test").await;
    let expired = || Fault::status(400, "{\"error\":\"ExpiredToken\",\"message\":\"Token has expired\"}");
    let (post, me) = (prepared("tokens", vec![]), "/xrpc/com.atproto.server.getSession");
    let tokens = async || home.session.vault.load().await.unwrap();

    home.proxy.set(Rule::once("GET", me, expired()).into());
    let staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
    assert_eq!(home.proxy.count("POST", "/xrpc/com.atproto.server.refreshSession"), 1);

    // The token expires between staging and the visible call, and the refresh token is dead: the app password serves.
    home.pds.revoke(tokens().await.get("refreshJwt").unwrap());
    home.proxy.set(Rule::once("POST", "/xrpc/com.atproto.repo.createRecord", expired()).into());
    home.network.commit(&home.session, &staged.body, &staged.key).await.unwrap();
    assert_eq!(home.proxy.count("POST", "/xrpc/com.atproto.server.createSession"), 1);
    assert_eq!(home.live("tokens"), 1);
    assert_eq!(home.network.check(&home.session).await.unwrap().handle, "tokens.test");
}

#[tokio::test]
async fn bad_input_is_refused_in_words_without_secrets() {
    let home = Home::new("bad.test").await;
    let connect = async |handle: Option<&str>, password: &str| {
        home.network.connect(&input(home.pds.url(), handle, "password", password)).await
    };
    for (handle, password) in [
        (Some("bad.test"), "wrong-s3cret"),
        (Some("nobody.test"), "wrong-s3cret"),
        (Some("not a handle"), "wrong-s3cret"),
        (None, "wrong-s3cret"),
        (Some("bad.test"), ""),
    ] {
        match connect(handle, password).await {
            Err(Error::Auth(words)) => assert!(!words.contains("s3cret"), "{words}"),
            other => panic!("{handle:?}: {other:?}"),
        }
    }
    let long = prepared(&"é".repeat(301), vec![]);
    let staged = home.network.stage(&home.session, &long, &mut Kept::default()).await.unwrap();
    let refused = home.network.commit(&home.session, &staged.body, &staged.key).await;
    assert!(matches!(refused, Err(Error::Content(_))), "{refused:?}");
    let found = home.network.probe(&home.session, &question(&long, &staged)).await.unwrap();
    assert_eq!(found, griot_networks::Probe::Absent);

    let mut secrets = home.session.vault.load().await.unwrap();
    secrets.0.insert("accessJwt".into(), "not-a-s3cret-token".into());
    home.session.vault.store(&secrets).await.unwrap();
    match home.network.check(&home.session).await {
        Err(Error::Auth(words)) => assert!(!words.contains("s3cret"), "{words}"),
        other => panic!("{other:?}"),
    }
}
