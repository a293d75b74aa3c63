//! Where a post is: found by its key, in its topic, or proved absent.

use super::*;

fn question(post: Prepared, body: Value) -> Question {
    let armed = Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: None,
        key: "griot-key".into(),
        fingerprint: String::new(),
        body,
        maybe_sent: true,
        sent_at: Some(NOW),
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    Question {
        prepared: post,
        armed: Some(armed),
        since: NOW,
        taken: vec!["77".into()],
        dated: false,
        kept: None,
    }
}

async fn probe(question: &Question, script: Vec<String>) -> (String, Vec<String>) {
    let stub = Stub::start(script);
    let got = match discourse().probe(&at(&stub), question).await {
        Ok(Probe::Live(live)) => format!("live {}", live.id),
        Ok(Probe::Absent) => "absent".into(),
        Ok(Probe::Kept(kept)) => format!("kept {}", kept.id),
        Ok(Probe::CannotTell(why)) => format!("cannot tell: {why}"),
        Err(error) => format!("{error:?}"),
    };
    assert!(!got.contains("s3cret"), "{got}");
    (got, stub.lines())
}

fn said(id: u64, number: u64, minutes: i64, user: u64, raw: &str) -> Value {
    let at = NOW.plus_millis(minutes * 60_000).to_string();
    value!({"id": id, "topic_id": 12, "topic_slug": "a", "post_number": number, "user_id": user, "created_at": at, "raw": raw})
}

fn shown(posts: &[Value]) -> String {
    let stream: Vec<_> = posts.iter().map(|post| post["id"].clone()).collect();
    json(200, &value!({"id": 12, "post_stream": {"posts": posts, "stream": stream}}).to_string())
}

fn nothing_waits() -> String {
    json(200, "{\"pending_posts\":[]}")
}

const RAW: &str = "Que trouve-t-on  au marché ?";

#[tokio::test]
async fn a_topic_is_found_by_its_key_wherever_it_moved() {
    let asked = question(topic(&[], vec![]), Value::Null);
    let moved = |to: &str| reply(301, &format!("location: {to}\r\n"), "");
    let first = || shown(&[said(9, 1, -600, 3, "changed since")]);
    let (got, lines) = probe(&asked, vec![moved("/t/le-marche/12.json"), first()]).await;
    assert_eq!(got, "live 9");
    assert_eq!(lines, ["GET /t/external_id/griot-key.json", "GET /t/12.json?include_raw=true"]);
    // A copy of the workspace that never armed it asks by the same key as the one that did.
    let mut unarmed = asked.clone();
    unarmed.armed = None;
    let (got, lines) = probe(&unarmed, vec![moved("/t/12"), first()]).await;
    assert_eq!((got.as_str(), lines[0].len()), ("live 9", "GET /t/external_id/griot-.json".len() + 32));
    for (script, expected) in [
        (vec![moved("https://login.example/t/a/12")], "Portal"),
        (vec![moved("/login")], "Portal"),
        (vec![json(200, "{}")], "Portal"),
        (vec![page(404)], "Portal"),
        (vec![page(200)], "Portal"),
        (vec![String::new()], "Transient"),
        (vec![json(503, "{}")], "Transient"),
        (vec![moved("/t/12.json"), shown(&[])], "Portal"),
        (vec![moved("/t/12.json"), page(502)], "Transient"),
        (vec![moved("/t/12.json"), shown(&[said(77, 1, 1, 3, RAW)])], "cannot tell"),
        (vec![forbidden("The API username or key is invalid.")], "Auth"),
        (vec![forbidden("Non"), me()], "Permission"),
    ] {
        let (got, _) = probe(&asked, script).await;
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
    }
}

#[tokio::test]
async fn a_topic_without_its_key_is_absent_or_came_through_the_moderators() {
    let asked = question(topic(&[], vec![]), Value::Null);
    let list = |topics: &[(u64, i64)]| {
        let topics = topics.iter().map(
            |(id, minutes)| value!({"id": id, "created_at": NOW.plus_millis(minutes * 60_000).to_string()}),
        );
        json(200, &value!({"topic_list": {"topics": topics.collect::<Vec<_>>()}}).to_string())
    };
    let waits = value!({"pending_posts": [{"raw_text": RAW, "title": "Une question"}]}).to_string();
    let ours = |id| shown(&[said(id, 1, 1, 3, RAW)]);
    for (script, expected) in [
        (vec![absent(), nothing_waits(), list(&[])], "absent"),
        (vec![absent(), absent(), absent()], "absent"),
        (vec![absent(), nothing_waits(), list(&[(12, -600)])], "absent"),
        (
            vec![absent(), nothing_waits(), list(&[(12, 1)]), shown(&[said(9, 1, 1, 3, "Autre chose")])],
            "absent",
        ),
        (vec![absent(), nothing_waits(), list(&[(12, 1)]), shown(&[said(77, 1, 1, 3, RAW)])], "absent"),
        (vec![absent(), json(200, &waits)], "cannot tell: it waits"),
        (vec![absent(), nothing_waits(), list(&[(12, 1)]), ours(9)], "live 9"),
        (vec![absent(), nothing_waits(), list(&[(12, 1), (13, 1)]), ours(9), ours(10)], "cannot tell: 2"),
        (vec![absent()], "Transient"),
        (vec![absent(), page(200)], "Portal"),
        (vec![absent(), nothing_waits(), json(503, "{}")], "Transient"),
    ] {
        let (got, _) = probe(&asked, script).await;
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
    }
}

#[tokio::test]
async fn an_answer_is_found_in_its_topic_and_only_ours() {
    let folder = tempfile::tempdir().unwrap();
    let asked = question(topic(&[("topic", "12")], vec![]), Value::Null);
    let mut pictured = asked.clone();
    pictured.prepared.media = vec![photo(&folder, "a.jpg", "")];
    let opening = || said(1, 1, -600, 3, RAW);
    let with = |posts: &[Value]| shown(&[&[opening()], posts].concat());
    let waits = value!({"pending_posts": [{"raw_text": RAW}]}).to_string();
    for (script, expected) in [
        (vec![with(&[]), nothing_waits()], "absent"),
        (vec![with(&[said(9, 2, 1, 3, "Autre chose")]), nothing_waits()], "absent"),
        (vec![with(&[said(9, 2, 1, 4, RAW)]), nothing_waits()], "absent"),
        (vec![with(&[said(9, 2, -600, 3, RAW)]), nothing_waits()], "absent"),
        (vec![with(&[said(77, 2, 1, 3, RAW)]), absent()], "absent"),
        (
            vec![with(&[said(9, 2, 1, 3, &format!("{RAW}\n\n![|1x1](upload://a.jpg)"))]), nothing_waits()],
            "absent",
        ),
        (vec![with(&[]), json(200, &waits)], "cannot tell: it waits"),
        (vec![with(&[said(9, 2, 1, 3, RAW)])], "live 9"),
        (vec![with(&[said(77, 2, 1, 3, RAW), said(9, 3, 1, 3, RAW)])], "live 9"),
        (vec![with(&[said(9, 2, 1, 3, RAW), said(10, 3, 2, 3, RAW)])], "cannot tell: 2"),
        (vec![absent()], "cannot tell: the topic is gone"),
        (vec![forbidden("Non"), forbidden("Non"), forbidden("Non")], "Auth"),
        (vec![json(200, "{\"post_stream\":{\"posts\":[]}}")], "cannot tell: too many"),
        (vec![page(200)], "Portal"),
        (vec![json(503, "{}")], "Transient"),
    ] {
        let (got, _) = probe(&asked, script).await;
        assert!(got.starts_with(expected), "expected {expected}, got {got}");
    }
    // What was sent says where, whatever the fields say by now.
    let mut moved = asked.clone();
    moved.prepared.fields.clear();
    moved.armed.as_mut().unwrap().body = value!({"topic_id": 12, "raw": RAW});
    assert_eq!(probe(&moved, vec![with(&[said(9, 2, 1, 3, RAW)])]).await.0, "live 9");
    let markup = format!("{RAW}\n\n![Un \\[étal\\]|690x388](upload://abc.jpg)");
    assert_eq!(probe(&pictured, vec![with(&[said(9, 2, 1, 3, &markup)])]).await.0, "live 9");
}

#[tokio::test]
async fn a_long_topic_is_read_from_its_end() {
    let asked = question(topic(&[("topic", "12")], vec![]), Value::Null);
    let of = |n: u64, minutes| said(n, n, minutes, 4, "Autre chose");
    let start = |last: u64| {
        let stream: Vec<_> = (1..=last).collect();
        let posts: Vec<_> = (1..=20).map(|n| of(n, -600)).collect();
        json(200, &value!({"post_stream": {"posts": posts, "stream": stream}}).to_string())
    };
    let chunk = |from: u64, minutes| {
        let mut posts: Vec<_> = (from..from + 20).map(|n| of(n, minutes)).collect();
        posts[3]["user_id"] = value!(3);
        let posts = value!({"post_stream": {"posts": posts}});
        json(200, &posts.to_string())
    };
    let (got, lines) = probe(&asked, vec![start(40), chunk(21, -600), nothing_waits()]).await;
    assert_eq!(got, "absent");
    assert!(lines[1].starts_with("GET /t/12/posts.json?post_ids%5B%5D=21&"), "{}", lines[1]);
    assert!(lines[1].ends_with("post_ids%5B%5D=40&include_raw=true"), "{}", lines[1]);
    let script = [start(500)].into_iter().chain((0..5).map(|n| chunk(481 - n * 20, 1))).collect();
    assert_eq!(probe(&asked, script).await.0, "cannot tell: too many answers since then");
}
