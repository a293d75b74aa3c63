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
    check(&json(500, "{}"), "Transient", "Failed").await;
    check(&json(503, "{}"), "Transient", "Uncertain").await;
}

#[tokio::test]
async fn nothing_is_a_success_only_where_it_was_asked_for() {
    for (answer, visible, expected) in [
        (reply(204, "", ""), false, "Ok"),
        (reply(200, "", ""), false, "Err(Transient"),
        (reply(204, "", ""), true, "Err(Uncertain"),
        (reply(200, "content-type: text/html\r\n", "<html>"), false, "Err(Portal"),
        (reply(302, "", ""), false, "Err(Portal"),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let request = Request::post(Url::parse(&stub.url).unwrap(), Payload::Nothing).or_nothing();
        let request = if visible { request.visible() } else { request };
        let got = client().send(request).await.map(|answer| answer.success().is_some());
        assert!(format!("{got:?}").starts_with(expected), "{answer}\n{got:?}");
        assert_ne!(got, Ok(false));
    }
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

#[tokio::test]
async fn a_place_is_told_only_where_it_was_asked_for_and_is_on_the_same_server() {
    let asked = |script: Vec<String>, shape: fn(Request) -> Request| async move {
        let stub = Stub::start(script);
        let url = Url::parse(&stub.url).unwrap().join("/t/key.json").unwrap();
        match client().send(shape(Request::get(url))).await {
            Ok(answer) => answer.location.map_or("none".into(), |place| place.path().to_owned()),
            Err(error) => format!("{error:?}").split('(').next().unwrap_or_default().to_owned(),
        }
    };
    let to = |place: &str| vec![reply(301, &format!("location: {place}\r\n"), "")];
    assert_eq!(asked(to("/t/topic/12.json"), Request::located).await, "/t/topic/12.json");
    assert_eq!(asked(to("topic/12.json"), Request::located).await, "/t/topic/12.json");
    assert_eq!(asked(to("https://login.example/t/topic/12"), Request::located).await, "Portal");
    assert_eq!(asked(to("http://127.0.0.1:1/t/topic/12"), Request::located).await, "Portal");
    assert_eq!(asked(to("//login.example/t/topic/12"), Request::located).await, "Portal");
    assert_eq!(asked(vec![reply(301, "", "")], Request::located).await, "Portal");
    assert_eq!(asked(vec![json(200, "{}")], Request::located).await, "none");
    assert_eq!(asked(to("/t/topic/12.json"), |request| request).await, "Portal");
    assert_eq!(asked(to("/t/topic/12.json"), |request| request.located().visible()).await, "Uncertain");
}

#[test]
fn a_server_behind_a_front_door_is_asked_by_https_again() {
    let asked = Url::parse("https://forum.example/t/key.json").unwrap();
    let place = |to: &'static str| {
        let headers = HeaderMap::from_iter([(LOCATION, HeaderValue::from_static(to))]);
        elsewhere(&asked, &headers).map(String::from)
    };
    let here = Some("https://forum.example/t/a/12.json".to_owned());
    assert_eq!(place("https://forum.example/t/a/12.json#x"), here);
    assert_eq!(place("http://forum.example/t/a/12.json"), here);
    for other in [
        "http://forum.example:8080/t/a/12.json",
        "https://www.forum.example/t/a/12.json",
        "https://a:b@forum.example/t/a/12.json",
        "javascript:alert(1)",
        "https://",
    ] {
        assert_eq!(place(other), None, "{other}");
    }
}

/// A clock of which every look costs so many milliseconds.
struct Ticking(std::sync::atomic::AtomicI64, i64);

impl Clock for Ticking {
    fn now(&self) -> Timestamp {
        let seen = self.0.fetch_add(self.1, std::sync::atomic::Ordering::Relaxed);
        NOW.plus_millis(seen)
    }
}

impl Random for Ticking {
    fn fill(&self, bytes: &mut [u8]) {
        bytes.fill(1);
    }
}

/// What is noted of a body of so many bytes that is answered like this.
async fn noted(answer: String, bytes: u64, tick: i64) -> Vec<Sample> {
    let folder = tempfile::tempdir().unwrap();
    let mut film = crate::stub::film(&folder);
    std::fs::write(&film.path, vec![0; usize::try_from(bytes).unwrap()]).unwrap();
    film.bytes = bytes;
    let clock = Arc::new(Ticking(0.into(), tick));
    let client = Client::new(Arc::clone(&clock) as Arc<dyn Clock>, clock, Faults::none(), "0.0.0");
    let stub = Stub::start(vec![answer]);
    let _ =
        client.send(Request::post(Url::parse(&stub.url).unwrap(), Payload::File(Upload::of(&film)))).await;
    let noted = client.meter().take();
    assert_eq!(client.meter().take(), vec![], "what was taken is gone");
    noted
}

#[tokio::test]
async fn the_line_is_measured_by_bodies_that_a_network_took_and_by_nothing_else() {
    let page = reply(200, "content-type: text/html\r\n", "<html>");
    assert_eq!(noted(json(200, "{}"), 80_000, 2_000).await, [Sample { bytes: 80_000, millis: 2_000 }]);
    for (answer, bytes, tick, why) in [
        (page, 80_000, 2_000, "a login page reads nothing"),
        (json(500, "{}"), 80_000, 2_000, "who knows when it gave up"),
        (json(200, "{}"), 1_000, 2_000, "too small to say anything"),
        (json(200, "{}"), 80_000, 0, "no time at all"),
        (json(200, "{}"), 80_000, -2_000, "the clock was set back"),
        (json(200, "{}"), 80_000, 3_600_000, "the clock was set forward"),
    ] {
        assert_eq!(noted(answer, bytes, tick).await, vec![], "{why}");
    }
}
