//! Where a post is: found among the account’s own, or not to be known.

use super::*;

fn question() -> Question {
    let armed = Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: Some("100".into()),
        key: "k".into(),
        fingerprint: String::new(),
        body: value!({"text": "Bonjour Bamako"}),
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

fn found(id: &str, minutes: i64, text: &str) -> Value {
    let at: Timestamp = NOW.plus_millis(minutes * 60_000);
    value!({"id": id, "text": text, "created_at": at})
}

async fn probe(question: &Question, answer: String) -> (String, Vec<String>) {
    let stub = Stub::start(vec![answer]);
    let said = match x().probe(&at(&stub), question).await {
        Ok(Probe::Live(live)) => format!("live {}", live.url.unwrap()),
        Ok(Probe::Absent) => "absent".into(),
        Ok(Probe::Kept(kept)) => format!("kept {}", kept.id),
        Ok(Probe::CannotTell(_)) => "cannot tell".into(),
        Err(error) => format!("{error:?}"),
    };
    (said, stub.lines())
}

fn page(posts: &[Value]) -> String {
    json(200, &value!({"data": posts, "meta": {"result_count": posts.len()}}).to_string())
}

#[tokio::test]
async fn a_probe_finds_ours_and_only_ours() {
    let ask = async |posts: &[Value]| probe(&question(), page(posts)).await.0;
    let bonjour = |id: &str, minutes| found(id, minutes, "Bonjour\nBamako");
    let live = "live https://x.com/awa/status/101";
    assert_eq!(ask(&[]).await, "absent");
    assert_eq!(ask(&[bonjour("101", 1)]).await, live);
    assert_eq!(ask(&[found("102", 2, "Autre chose"), bonjour("101", 1)]).await, live);
    assert_eq!(ask(&[found("101", 1, "Autre chose")]).await, "absent");
    assert_eq!(ask(&[bonjour("102", 2), bonjour("101", 1)]).await, "cannot tell");
    assert_eq!(ask(&[bonjour("103", 2), bonjour("101", 1)]).await, live, "103 is another delivery's");
    assert_eq!(ask(&[bonjour("101", -5)]).await, "absent", "older than the arming");
    let mut with_picture = bonjour("101", 1);
    with_picture["attachments"] = value!({"media_keys": ["3_7"]});
    assert_eq!(ask(&[with_picture]).await, "absent");
    let (said, lines) = probe(&question(), none()).await;
    assert_eq!(said, "absent");
    let expected = format!(
        "GET /2/users/{ME}/tweets?max_results=100&exclude=retweets&tweet.fields=attachments%2Ccreated_at%2Centities%2Cnote_tweet%2Ctext&since_id=100"
    );
    assert_eq!(lines, [expected], "one page and no more");
}

#[tokio::test]
async fn a_probe_knows_a_post_with_links_and_pictures_again() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = question();
    asked.prepared = prepared("Riz & mil : https://exemple.com/prix", vec![picture(&folder, "a")]);
    let mut shown = found("101", 1, "Riz &amp; mil : https://t.co/abc https://t.co/pic");
    shown["attachments"] = value!({"media_keys": ["3_7"]});
    shown["entities"] = value!({"urls": [
        {"url": "https://t.co/abc", "expanded_url": "https://exemple.com/prix", "start": 15, "end": 31},
        {"url": "https://t.co/pic", "expanded_url": "https://x.com/awa/status/101/photo/1", "media_key": "3_7"},
    ]});
    assert_eq!(probe(&asked, page(&[shown])).await.0, "live https://x.com/awa/status/101");
}

#[tokio::test]
async fn a_probe_that_did_not_see_everything_cannot_tell() {
    let more = |posts: &[Value]| {
        json(200, &value!({"data": posts, "meta": {"result_count": 1, "next_token": "n"}}).to_string())
    };
    let other = found("101", 1, "Autre chose");
    for (answer, expected) in [
        (more(std::slice::from_ref(&other)), "cannot tell"),
        (more(&[other.clone(), found("99", -9, "Avant")]), "absent"),
        (json(200, &value!({"data": [other], "errors": [{"title": "x"}]}).to_string()), "cannot tell"),
        (json(400, "{\"detail\":\"unknown field\"}"), "cannot tell"),
        (json(200, "{}"), "Portal"),
        (
            json(
                200,
                "{\"errors\":[{\"type\":\"https://api.x.com/2/problems/not-authorized-for-resource\"}]}",
            ),
            "Permission",
        ),
        (json(401, "{}"), "Auth"),
        (json(402, "{}"), "Billing"),
        (json(429, "{}"), "RateLimited"),
        (json(503, "{}"), "Transient"),
        (reply(200, "content-type: text/html\r\n", "<html>"), "Portal"),
    ] {
        let (got, _) = probe(&question(), answer.clone()).await;
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
    }
    let stub = Stub::start(vec![]);
    let nobody = session(NetworkId::X, &stub.url, KEYS);
    assert!(matches!(x().probe(&nobody, &question()).await, Err(Error::Environment(_))));
    assert!(stub.lines().is_empty(), "the account's number becomes a part of an address");
}

#[tokio::test]
async fn a_copy_that_was_never_armed_looks_since_the_delivery_was_written() {
    let mut asked = question();
    asked.armed = None;
    let page = page(&[found("101", -2 * 24 * 60, "Bonjour Bamako")]);
    let (got, lines) = probe(&asked, page.clone()).await;
    assert_eq!(got, "absent");
    assert!(!lines[0].contains("since_id"), "{lines:?}");
    // The same where the server's clock is two days behind this machine's.
    let body = page.split("\r\n\r\n").nth(1).unwrap();
    let head = "content-type: application/json\r\ndate: Fri, 20 Nov 2026 20:01:00 GMT\r\n";
    assert_eq!(probe(&asked, reply(200, head, body)).await.0, "live https://x.com/awa/status/101");
}

// The network's own specification.
