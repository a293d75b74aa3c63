//! Films: one piece, parts, breaks on the way, and what Facebook makes of them.

use super::*;

pub(super) fn reel(folder: &tempfile::TempDir) -> PreparedMedia {
    PreparedMedia { width: 1080, height: 1920, duration_ms: Some(10_000), ..film(folder) }
}

pub(super) fn begun(host: &Stub) -> String {
    json(200, &format!("{{\"video_id\":\"7\",\"upload_url\":\"{}/video-upload/v26.0/7\"}}", host.url))
}

fn state(status: &Value) -> String {
    json(200, &value!({"id": "7", "status": status}).to_string())
}

pub(super) fn complete() -> String {
    state(&value!({"video_status": "processing", "uploading_phase": {"status": "complete"},
        "processing_phase": {"status": "not_started"}, "publishing_phase": {"status": "not_started"}}))
}

fn broken_off(bytes: u64) -> String {
    state(
        &value!({"video_status": "processing", "uploading_phase": {"status": "in_progress", "bytes_transfered": bytes}}),
    )
}

pub(super) fn session(to: u64) -> String {
    let said = value!({"upload_session_id": "s1", "video_id": "8", "start_offset": "0", "end_offset": to.to_string()});
    json(200, &said.to_string())
}

pub(super) fn next(from: u64, to: u64) -> String {
    json(200, &value!({"start_offset": from.to_string(), "end_offset": to.to_string()}).to_string())
}

fn done() -> String {
    json(200, "{\"success\":true}")
}

#[tokio::test]
async fn a_reel_goes_up_unseen_and_one_call_makes_it_public() {
    let folder = tempfile::tempdir().unwrap();
    let host = Stub::start(vec![done()]);
    let shown = value!({"id": "7", "permalink_url": "/reel/7/", "status": {"video_status": "processing"}});
    let stub = Stub::start(vec![begun(&host), complete(), newest(), done(), json(200, &shown.to_string())]);
    let (post, mut steps) = (prepared("Regardez", vec![reel(&folder)]), Kept::default());
    let staged = facebook().stage(&at(&stub), &post, &mut steps).await.unwrap();
    let live = facebook().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
    assert_eq!((live.id.as_str(), live.url.as_deref()), ("7", Some("https://www.facebook.com/reel/7/")));
    assert_eq!(
        stub.lines(),
        [
            "POST /v26.0/104/video_reels",
            "GET /v26.0/7?fields=status",
            "GET /v26.0/104/published_posts?fields=id&limit=1",
            "POST /v26.0/104/video_reels",
            "GET /v26.0/7?fields=id%2Cstatus%2Cpublished%2Cpermalink_url%2Ccreated_time",
        ]
    );
    let finish = value!({"upload_phase": "finish", "video_id": "7", "video_state": "PUBLISHED", "description": "Regardez"});
    assert_eq!((sent(&stub, 0), sent(&stub, 3)), (value!({"upload_phase": "start"}), finish));
    let up = &host.seen()[0];
    assert_eq!(
        (up.line.as_str(), up.body.as_slice()),
        ("POST /video-upload/v26.0/7", &b"not really a film"[..])
    );
    for header in ["authorization: oauth s3cret-token", "offset: 0", "file_size: 17"] {
        assert!(up.head.contains(header), "{header}: {}", up.head);
    }
    let kept = format!("{:?}{:?}{live:?}", steps.0, staged.body);
    assert!(!kept.contains("s3cret"), "{kept}");
}

#[tokio::test]
async fn a_reel_goes_on_where_the_line_broke() {
    let folder = tempfile::tempdir().unwrap();
    // The first answer never comes.
    let host = Stub::start(vec![String::new(), done()]);
    let stub = Stub::start(vec![begun(&host), broken_off(5), complete(), newest()]);
    let (post, mut steps) = (prepared("x", vec![reel(&folder)]), Kept::default());
    let first = facebook().stage(&at(&stub), &post, &mut steps).await;
    assert!(matches!(first, Err(Error::Transient(_))), "{first:?}");
    facebook().stage(&at(&stub), &post, &mut steps).await.unwrap();
    let up = &host.seen()[1];
    assert_eq!(up.body, b"eally a film"[..].to_vec());
    assert!(up.head.contains("offset: 5\r\n") && up.head.contains("file_size: 17"), "{}", up.head);
    assert_eq!(stub.lines().iter().filter(|line| line.starts_with("POST")).count(), 1, "begun once");
}

#[tokio::test]
async fn a_reel_whose_bytes_are_there_is_not_sent_again_and_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let host = Stub::start(vec![done()]);
    let stub = Stub::start(vec![begun(&host), broken_off(0), broken_off(0), complete(), newest()]);
    let (post, mut steps) = (prepared("x", vec![reel(&folder)]), Kept::default());
    for _ in 0..2 {
        let staged = facebook().stage(&at(&stub), &post, &mut steps).await;
        assert!(matches!(staged, Err(Error::Processing { .. })), "{staged:?}");
    }
    facebook().stage(&at(&stub), &post, &mut steps).await.unwrap();
    assert_eq!(host.lines().len(), 1);
}

#[tokio::test]
async fn a_reel_that_facebook_refuses_or_forgets_is_begun_anew_or_explained() {
    let folder = tempfile::tempdir().unwrap();
    let small = state(&value!({"video_status": "processing", "uploading_phase": {"status": "complete"},
        "processing_phase": {"status": "not_started", "error": {"message": "Resolution too low."}}}));
    let expired = state(&value!({"video_status": "expired"}));
    for (answer, expected, is_kept) in [
        (small, "Err(Content(\"the film was refused: Resolution too low.\"))", false),
        (expired, "Err(Expired(\"reel/", false),
        (error(100, 33), "Err(Expired(\"reel/", false),
        (error(190, 463), "Err(Auth", true),
        (error(4, 0), "Err(RateLimited", true),
        (json(503, "{}"), "Err(Transient", true),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let (film, mut steps) = (reel(&folder), Kept::default());
        let step = format!("reel/{}", film.hash);
        steps.put(&step, value!({"id": "7", "url": "http://127.0.0.1:1/x", "done": true}), None).unwrap();
        let got = format!("{:?}", facebook().stage(&at(&stub), &prepared("x", vec![film]), &mut steps).await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert_eq!(steps.get(&step).is_some(), is_kept, "{answer}");
    }
}

#[tokio::test]
async fn the_host_of_the_bytes_says_what_is_wrong_with_them() {
    let folder = tempfile::tempdir().unwrap();
    let said = |kind: &str, again: bool| {
        let body =
            value!({"debug_info": {"retriable": again, "type": kind, "message": "so it is s3cret-token"}});
        json(400, &body.to_string())
    };
    for (answer, expected, is_kept) in [
        (said("OffsetInvalidError", false), "Err(Transient(\"so it is … (400)\"))", true),
        (said("PartialRequestError", false), "Err(Transient", true),
        (said("Whatever", true), "Err(Transient", true),
        (said("ProcessingFailedError", false), "Err(Content(\"so it is … (400)\"))", false),
        (json(401, "{\"debug_info\":{\"type\":\"NotAuthorizedError\"}}"), "Err(Auth", true),
        (error(190, 463), "Err(Auth(\"the token has expired", true),
        (json(200, "{\"success\":false}"), "Err(Transient", true),
        (reply(200, "content-type: text/html\r\n", "<html>"), "Err(Portal", true),
    ] {
        let host = Stub::start(vec![answer.clone()]);
        let stub = Stub::start(vec![begun(&host)]);
        let (post, mut steps) = (prepared("x", vec![reel(&folder)]), Kept::default());
        let got = format!("{:?}", facebook().stage(&at(&stub), &post, &mut steps).await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
        assert_eq!(steps.0.len() == 1, is_kept, "{answer}");
    }
}

#[tokio::test]
async fn the_bytes_and_the_token_go_to_no_stranger() {
    let folder = tempfile::tempdir().unwrap();
    let begun = json(200, "{\"video_id\":\"7\",\"upload_url\":\"https://rupload.facebook.example/7\"}");
    let stub = Stub::start(vec![begun]);
    let post = prepared("x", vec![reel(&folder)]);
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await;
    assert!(matches!(staged, Err(Error::Portal(_))), "{staged:?}");
}

#[tokio::test]
async fn any_other_film_goes_up_in_the_parts_that_facebook_asks_for() {
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(vec![
        session(10),
        next(10, 17),
        next(17, 17),
        newest(),
        done(),
        json(200, "{\"id\":\"8\",\"permalink_url\":\"/104/videos/8/\"}"),
    ]);
    let (post, mut steps) = (prepared("Regardez", vec![film(&folder)]), Kept::default());
    let staged = facebook().stage(&at(&stub), &post, &mut steps).await.unwrap();
    let live = facebook().commit(&at(&stub), &staged.body, &staged.key).await.unwrap();
    assert_eq!(
        (live.id.as_str(), live.url.as_deref()),
        ("8", Some("https://www.facebook.com/104/videos/8/"))
    );
    let seen = stub.seen();
    assert!(seen[..3].iter().all(|one| one.line == "POST /v26.0/104/videos"), "{:?}", stub.lines());
    assert_eq!(sent(&stub, 0), value!({"upload_phase": "start", "file_size": 17}));
    for (part, from, bytes) in [(1, "0", "not really"), (2, "10", " a film")] {
        let form = String::from_utf8(seen[part].body.clone()).unwrap();
        assert!(form.contains(&format!("name=\"start_offset\"\r\n\r\n{from}\r\n")), "{form}");
        assert!(
            form.contains("name=\"video_file_chunk\"; filename=")
                && form.contains(&format!("\r\n{bytes}\r\n"))
        );
        assert!(form.contains("name=\"upload_session_id\"\r\n\r\ns1"), "{form}");
    }
    let finish = value!({"upload_phase": "finish", "upload_session_id": "s1", "published": true, "description": "Regardez"});
    assert_eq!(sent(&stub, 4), finish);
}

#[tokio::test]
async fn parts_that_are_there_are_not_sent_again() {
    let folder = tempfile::tempdir().unwrap();
    let script = vec![session(10), next(10, 17), String::new(), next(17, 17), newest(), complete(), newest()];
    let stub = Stub::start(script);
    let (post, mut steps) = (prepared("x", vec![film(&folder)]), Kept::default());
    let first = facebook().stage(&at(&stub), &post, &mut steps).await;
    assert!(matches!(first, Err(Error::Transient(_))), "{first:?}");
    for _ in 0..2 {
        facebook().stage(&at(&stub), &post, &mut steps).await.unwrap();
    }
    let posts = stub.lines().iter().filter(|line| line.starts_with("POST")).count();
    assert_eq!(posts, 4, "a session, two parts, and the second part again");
}

fn corrected(from: u64, to: u64, as_text: bool) -> String {
    let data = value!({"start_offset": from, "end_offset": to});
    let data = if as_text { value!(data.to_string()) } else { data };
    json(400, &value!({"error": {"code": 6001, "error_subcode": 1_363_037, "error_data": data}}).to_string())
}

#[tokio::test]
async fn facebook_may_want_another_part_but_not_for_ever() {
    let folder = tempfile::tempdir().unwrap();
    for as_text in [true, false] {
        let stub =
            Stub::start(vec![session(10), corrected(4, 12, as_text), next(12, 17), next(17, 17), newest()]);
        let post = prepared("x", vec![film(&folder)]);
        facebook().stage(&at(&stub), &post, &mut Kept::default()).await.unwrap();
        let form = String::from_utf8(stub.seen()[2].body.clone()).unwrap();
        assert!(form.contains("\r\n\r\n4\r\n") && form.contains("\r\nreally a\r\n"), "{form}");
    }
    let stub = Stub::start([vec![session(10)], vec![corrected(0, 10, false); 9]].concat());
    let post = prepared("x", vec![film(&folder)]);
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await;
    assert!(matches!(staged, Err(Error::Transient(_))), "{staged:?}");
    assert_eq!(stub.lines().len(), 5);
    let stub = Stub::start(vec![session(10), next(0, 10)]);
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await;
    assert!(matches!(staged, Err(Error::Transient(_))), "{staged:?}");
}

#[tokio::test]
async fn a_session_that_is_gone_is_begun_anew() {
    let folder = tempfile::tempdir().unwrap();
    let post = prepared("x", vec![film(&folder)]);
    let step = format!("film/{}", post.media[0].hash);
    for (answer, expected, is_kept) in [
        (error(100, 0), "Err(Expired(\"film/", false),
        (error(100, 33), "Err(Expired(\"film/", false),
        (next(12, 12), "Err(Expired(\"film/", false),
        (error(190, 0), "Err(Auth", true),
        (error(6000, 1_363_030), "Err(Transient", true),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let mut steps = Kept::default();
        steps.put(&step, value!({"video": "8", "session": "s1", "from": 10, "to": 17}), None).unwrap();
        let got = format!("{:?}", facebook().stage(&at(&stub), &post, &mut steps).await);
        assert!(got.starts_with(expected), "{answer}\n{got}");
        assert_eq!(steps.get(&step).is_some(), is_kept, "{answer}");
    }
    // A new session whose first part is refused says why.
    let stub = Stub::start(vec![session(10), error(352, 1_363_031)]);
    let staged = facebook().stage(&at(&stub), &post, &mut Kept::default()).await;
    assert!(matches!(staged, Err(Error::Content(_))), "{staged:?}");
}

#[tokio::test]
async fn the_call_that_finishes_a_film_ends_in_proof_or_refusal_or_doubt() {
    let finish = value!({"node": PAGE, "edge": "video_reels", "video": "7",
        "body": {"upload_phase": "finish", "video_id": "7", "video_state": "PUBLISHED"}});
    let refused = state(
        &value!({"video_status": "error", "processing_phase": {"status": "error", "errors": [{"message": "too long"}]}}),
    );
    for (script, expected) in [
        (vec![], "Err(Uncertain"),
        (vec![json(200, "{\"success\":false}")], "Err(Uncertain"),
        (vec![json(200, "{\"id\":\"7\"}")], "Err(Uncertain"),
        (vec![json(500, "{}")], "Err(Failed"),
        (vec![error(506, 0)], "Err(Uncertain"),
        (vec![error(100, 0)], "Err(Content"),
        (vec![error(190, 0)], "Err(Auth"),
        (vec![done(), refused], "Err(Content(\"the film was refused: too long\"))"),
        // It was accepted; that it cannot be looked at is no doubt.
        (vec![done(), json(500, "{}")], "Ok(Live { id: \"7\", url: Some(\"https://www.facebook.com/7\")"),
        (vec![done()], "Ok(Live { id: \"7\""),
        (vec![done(), complete()], "Ok(Live { id: \"7\""),
    ] {
        let stub = Stub::start(script);
        let got = format!("{:?}", facebook().commit(&at(&stub), &finish, "key").await);
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert_eq!(stub.lines().iter().filter(|line| line.starts_with("POST")).count(), 1);
    }
}
