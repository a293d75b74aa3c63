use griot_domain::Faults;
use reqwest::Url;

use super::*;
use crate::stub::{NOW, Stub, client, client_with, json, reply};

/// What a call is answered with, in a word and the words.
async fn outcome(script: Vec<String>, visible: bool) -> String {
    let stub = Stub::start(script);
    let mut request = Request::post(Url::parse(&stub.url).unwrap(), Payload::Nothing).bearer("s3cret-token");
    if visible {
        request = request.visible();
    }
    match client().send(request).await {
        Ok(answer) if answer.success().is_some() => "success".to_owned(),
        Ok(answer) => format!("{:?}", answer.refusal()),
        Err(error) => format!("{error:?}"),
    }
}

async fn check(answer: &str, repeatable: &str, visible: &str) {
    for (expected, is_visible) in [(repeatable, false), (visible, true)] {
        let got = outcome(vec![answer.to_owned()], is_visible).await;
        assert!(got.starts_with(expected), "visible: {is_visible}\n{answer}\nexpected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
}

#[tokio::test]
async fn every_answer_means_one_thing() {
    let page = |status| reply(status, "content-type: text/html\r\n", "<html><body>Sign in</body></html>");
    check(&json(200, "{}"), "success", "success").await;
    check(&json(200, "[]"), "success", "success").await;
    // Bad answers first: what is not the network's success is none.
    check("", "Transient", "Uncertain").await;
    check("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"half\":", "Transient", "Uncertain").await;
    check("rubbish", "Transient", "Uncertain").await;
    check(&page(200), "Portal", "Uncertain").await;
    check(&reply(200, "content-type: application/json\r\n", "<html>"), "Portal", "Uncertain").await;
    check(&json(200, "{\"half\":"), "Transient", "Uncertain").await;
    check(&json(200, "true"), "Transient", "Uncertain").await;
    check(&reply(204, "", ""), "Transient", "Uncertain").await;
    check(&reply(302, "location: https://login.example/\r\n", ""), "Portal", "Uncertain").await;
    check(&json(200, &format!("\"{}\"", "x".repeat(ANSWER_MAX))), "Transient", "Uncertain").await;
    check(&page(403), "Portal", "Uncertain").await;
    check(&page(404), "Portal", "Uncertain").await;
    check(&page(511), "Portal", "Uncertain").await;
    check(&page(502), "Transient", "Uncertain").await;
    check(&page(413), "Content", "Content").await;
    check(&page(429), "RateLimited { until: None }", "RateLimited { until: None }").await;
    check(&json(400, "{}"), "Content(\"no reason given (400)\")", "Content").await;
    check(&json(401, "{\"error\":\"no\"}"), "Auth(\"no (401)\")", "Auth").await;
    check(&json(402, "{}"), "Billing", "Billing").await;
    check(&json(403, "{}"), "Permission", "Permission").await;
    check(&json(422, "{\"error\":\"too long\"}"), "Content(\"too long (422)\")", "Content").await;
    check(&json(408, "{}"), "Transient", "Uncertain").await;
    check(&json(500, "{}"), "Transient", "Uncertain").await;
    check(&json(503, "{}"), "Transient", "Uncertain").await;
}

#[tokio::test]
async fn a_server_that_repeats_a_secret_is_not_quoted_with_it() {
    let said = json(401, "{\"message\":\"bad token s3cret-token\\u0007 here\"}");
    assert_eq!(outcome(vec![said], true).await, "Auth(\"bad token …  here (401)\")");
    let long = json(400, &format!("{{\"error\":\"{}\"}}", "x".repeat(5000)));
    assert!(outcome(vec![long], false).await.len() < 400);
}

#[tokio::test]
async fn a_rate_limit_says_until_when() {
    let answer = reply(429, "content-type: application/json\r\nretry-after: 120\r\n", "{}");
    let until = NOW.plus_millis(120_000);
    assert_eq!(outcome(vec![answer], true).await, format!("RateLimited {{ until: Some({until:?}) }}"));
}

#[tokio::test]
async fn nothing_is_sent_where_nobody_listens_or_everybody_could_read_it() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let request = Request::post(Url::parse(&format!("http://{closed}")).unwrap(), Payload::Nothing).visible();
    assert!(matches!(client().send(request).await, Err(Error::Offline(_))));
    let unknown = Url::parse("https://no-such-host.invalid/x?token=s3cret").unwrap();
    match client().send(Request::get(unknown).visible()).await {
        Err(Error::Offline(words)) => assert!(!words.contains("s3cret"), "{words}"),
        other => panic!("{:?}", other.map(|answer| answer.status)),
    }
    // Somebody who speaks no TLS: the handshake is not completed, so nothing was sent.
    let deaf = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let plain = Url::parse(&format!("https://{}", deaf.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || deaf.incoming().for_each(drop));
    assert!(matches!(client().send(Request::get(plain).visible()).await, Err(Error::Offline(_))));
    let open = Url::parse("http://mastodon.example/").unwrap();
    assert!(matches!(client().send(Request::get(open)).await, Err(Error::Environment(_))));
}

#[tokio::test]
async fn a_file_that_changed_or_vanished_is_not_sent() {
    let folder = tempfile::tempdir().unwrap();
    let mut film = crate::stub::film(&folder);
    let stub = Stub::start(vec![]);
    film.bytes += 1;
    let gone = Upload { path: folder.path().join("gone"), ..Upload::of(&film) };
    for upload in [Upload::of(&film), gone] {
        let request = Request::post(Url::parse(&stub.url).unwrap(), Payload::File(upload));
        assert!(matches!(client().send(request).await, Err(Error::Environment(_))));
    }
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn an_upload_says_its_length_and_who_sends_it() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(vec![json(200, "{}"), json(200, "{}")]);
    let upload = Upload::of(&crate::stub::film(&folder));
    for payload in [Payload::File(upload.clone()), Payload::file(upload, vec![("description", "x".into())])] {
        client().send(Request::post(Url::parse(&stub.url).unwrap(), payload)).await.unwrap();
    }
    for seen in stub.seen() {
        assert!(seen.head.contains("user-agent: griot/0.0.0"), "{}", seen.head);
        assert!(seen.head.contains(&format!("content-length: {}", seen.body.len())), "{}", seen.head);
        assert!(!seen.head.contains("transfer-encoding") && !seen.head.contains("cookie"), "{}", seen.head);
    }
    let form = String::from_utf8(stub.seen()[1].body.clone()).unwrap();
    assert!(form.contains("Content-Type: video/mp4") && !form.contains("film.mp4"), "{form}");
}

#[tokio::test]
async fn failure_points_are_on_both_sides_of_a_call() {
    for (point, expected, reached) in [
        (STEP_SENDING, "Offline", 0),
        (STEP_ANSWERED, "Transient", 1),
        (VISIBLE_SENDING, "Offline", 0),
        (VISIBLE_ANSWERED, "Uncertain", 1),
    ] {
        let faults = Faults::with(move |name| match name == point {
            true => Err(std::io::Error::other("pulled")),
            false => Ok(()),
        });
        let stub = Stub::start(vec![json(200, "{}")]);
        let mut request = Request::get(Url::parse(&stub.url).unwrap());
        if point.contains("visible") {
            request = request.visible();
        }
        let error = client_with(faults).send(request).await.err().unwrap();
        assert!(format!("{error:?}").starts_with(expected), "{point}: {error:?}");
        assert_eq!(stub.lines().len(), reached, "{point}");
    }
}
