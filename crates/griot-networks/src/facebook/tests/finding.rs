//! Is it live? Posts, comments and films that are ours, and those that are not.

use griot_domain::delivery::Armed;

use super::*;

fn found(id: &str, seconds: i64, message: &str, more: Value) -> Value {
    let at = NOW.plus_millis(seconds * 1000).to_utc().format("%Y-%m-%dT%H:%M:%S+0000").to_string();
    let mut post = value!({"id": id, "created_time": at, "message": message,
        "permalink_url": format!("https://www.facebook.com/{id}")});
    for (name, value) in more.as_object().cloned().unwrap_or_default() {
        post[name.as_str()] = value;
    }
    post
}

fn list(posts: &[Value]) -> String {
    json(200, &value!({"data": posts, "paging": {"cursors": {"after": "a"}}}).to_string())
}

fn page(posts: &[Value], after: &str) -> String {
    let paging = value!({"cursors": {"after": after}, "next": "https://graph.facebook.com/next"});
    json(200, &value!({"data": posts, "paging": paging}).to_string())
}

fn question() -> Question {
    let armed = Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: Some("104_100".into()),
        key: "k".into(),
        fingerprint: String::new(),
        body: value!({"node": PAGE, "edge": "feed", "video": null, "body": {"message": "Bonjour Bamako", "published": true}}),
        maybe_sent: true,
        sent_at: Some(NOW),
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    let prepared = prepared("Bonjour Bamako", vec![]);
    Question {
        prepared,
        armed: Some(armed),
        since: NOW,
        taken: vec!["104_103".into()],
        dated: false,
        kept: None,
    }
}

async fn probe(question: &Question, script: Vec<String>) -> String {
    let stub = Stub::start(script);
    match facebook().probe(&at(&stub), question).await {
        Ok(Probe::Live(live)) => format!("live {}", live.id),
        Ok(Probe::Absent) => "absent".into(),
        Ok(Probe::Kept(kept)) => format!("kept {}", kept.id),
        Ok(Probe::CannotTell(_)) => "cannot tell".into(),
        Err(error) => format!("{error:?}"),
    }
}

fn album(ids: &[&str]) -> Value {
    let within: Vec<Value> =
        ids.iter().map(|id| value!({"media_type": "photo", "target": {"id": id}})).collect();
    value!({"attachments": {"data": [{"media_type": "album", "subattachments": {"data": within}}]}})
}

fn single(kind: &str, id: &str) -> Value {
    value!({"attachments": {"data": [{"media_type": kind, "target": {"id": id}}]}})
}

#[tokio::test]
async fn a_probe_finds_ours_and_only_ours() {
    let ask = async |posts: &[Value]| probe(&question(), vec![list(posts)]).await;
    let ours = |id: &str, seconds| found(id, seconds, "Bonjour \n Bamako", Value::Null);
    let other = |id: &str| found(id, 5, "Autre chose", Value::Null);
    assert_eq!(ask(&[]).await, "absent");
    assert_eq!(ask(&[ours("104_101", 1)]).await, "live 104_101");
    assert_eq!(ask(&[other("104_102"), ours("104_101", 1)]).await, "live 104_101");
    assert_eq!(ask(&[other("104_101")]).await, "absent");
    assert_eq!(ask(&[ours("104_102", 2), ours("104_101", 1)]).await, "cannot tell");
    assert_eq!(
        ask(&[ours("104_103", 2), ours("104_101", 1)]).await,
        "live 104_101",
        "103 is another delivery's"
    );
    assert_eq!(ask(&[ours("104_99", -61)]).await, "absent", "older than the arming");
    assert_eq!(ask(&[ours("104_101", -59)]).await, "live 104_101", "clocks may differ by a minute");
    assert_eq!(ask(&[ours("104_100", -1)]).await, "absent", "it was there before the arming");
    assert_eq!(ask(&[found("104_101", 1, "Bonjour Bamako", single("photo", "5"))]).await, "absent");
    let card = found("104_101", 1, "Bonjour Bamako", single("link", "5"));
    assert_eq!(ask(&[card]).await, "live 104_101", "the card of a link is no picture");
}

#[tokio::test]
async fn a_probe_that_did_not_see_everything_cannot_tell() {
    let other = |n: usize| found(&format!("104_{}", 200 - n), 5, "Autre chose", Value::Null);
    let pages: Vec<_> = (0..5).map(|n| page(&[other(n)], &n.to_string())).collect();
    assert_eq!(probe(&question(), pages).await, "cannot tell");
    assert_eq!(probe(&question(), vec![page(&[other(0)], "a"), page(&[other(1)], "a")]).await, "cannot tell");
    assert_eq!(probe(&question(), vec![page(&[], "a"), list(&[other(1)])]).await, "absent");
    let ours = found("104_101", 1, "Bonjour Bamako", Value::Null);
    assert_eq!(probe(&question(), vec![page(&[other(0)], "a"), list(&[ours])]).await, "live 104_101");
    let html = reply(200, "content-type: text/html\r\n", "<html>login</html>");
    for (answer, expected) in [
        (json(200, "{}"), "Portal"),
        (html, "Portal"),
        (json(503, "{}"), "Transient"),
        (String::new(), "Transient"),
        (error(190, 463), "Auth"),
        (error(4, 0), "RateLimited"),
        (error(10, 0), "cannot tell"),
        (error(100, 33), "cannot tell"),
    ] {
        let got = probe(&question(), vec![answer.clone()]).await;
        assert!(got.starts_with(expected), "{answer}: {got}");
    }
}

#[tokio::test]
async fn photos_say_more_than_text() {
    let folder = tempfile::tempdir().unwrap();
    let mut asked = question();
    asked.prepared.media = vec![picture(&folder, ""), picture(&folder, "")];
    asked.armed.as_mut().unwrap().body["body"]["attached_media"] =
        value!([{"media_fbid": "11"}, {"media_fbid": "12"}]);
    let theirs = found("104_102", 2, "Bonjour Bamako", album(&["13", "14"]));
    // Facebook shows another text than was sent; the photos are ours.
    let ours = found("104_101", 1, "Bonjour, Bamako", album(&["12", "11"]));
    assert_eq!(probe(&asked, vec![list(&[theirs.clone(), ours.clone()])]).await, "live 104_101");
    assert_eq!(probe(&asked, vec![page(&[ours], "a"), page(&[], "a")]).await, "live 104_101");
    assert_eq!(
        probe(&asked, vec![list(std::slice::from_ref(&theirs))]).await,
        "live 104_102",
        "another copy of the workspace"
    );
    let one = found("104_101", 1, "Bonjour Bamako", single("photo", "15"));
    assert_eq!(probe(&asked, vec![list(&[one])]).await, "absent");
    asked.armed = None;
    assert_eq!(probe(&asked, vec![list(&[theirs])]).await, "live 104_102");
}

#[tokio::test]
async fn a_clock_that_is_wrong_does_not_hide_the_post() {
    // This machine believes that it is 2026-11-22T20:00; the server is two days behind.
    let mut asked = question();
    asked.armed = None;
    let ours = found("104_101", -2 * 24 * 3600, "Bonjour Bamako", Value::Null);
    let body = value!({"data": [ours]}).to_string();
    let answer =
        reply(200, "content-type: application/json\r\ndate: Fri, 20 Nov 2026 20:01:00 GMT\r\n", &body);
    assert_eq!(probe(&asked, vec![answer]).await, "live 104_101");
}

#[tokio::test]
async fn a_comment_is_looked_for_under_its_post() {
    let mut asked = question();
    asked.prepared.reply_to = Some(Live { id: "104_90".into(), url: None, at: None, proof: Value::Null });
    asked.armed.as_mut().unwrap().body =
        value!({"node": "104_90", "edge": "comments", "video": null, "body": {"message": "Bonjour Bamako"}});
    let from = |id: &str| value!({"from": {"id": id}});
    let ask = async |comments: &[Value]| probe(&asked, vec![list(comments)]).await;
    assert_eq!(ask(&[]).await, "absent");
    assert_eq!(ask(&[found("90_1", 1, "Bonjour Bamako", from("666"))]).await, "absent", "somebody else's");
    assert_eq!(ask(&[found("90_1", 1, "Bonjour Bamako", from(PAGE))]).await, "live 90_1");
    assert_eq!(ask(&[found("90_1", 1, "Bonjour Bamako", Value::Null)]).await, "live 90_1");
    let stub = Stub::start(vec![list(&[])]);
    facebook().probe(&at(&stub), &asked).await.unwrap();
    assert!(stub.lines()[0].starts_with("GET /v26.0/104_90/comments?fields="), "{:?}", stub.lines());
}

#[tokio::test]
async fn a_film_says_itself_whether_it_is_public() {
    let mut asked = question();
    asked.armed.as_mut().unwrap().body = value!({"node": PAGE, "edge": "video_reels", "video": "7",
        "body": {"upload_phase": "finish", "video_id": "7", "video_state": "PUBLISHED"}});
    let state = |video: &str, publishing: &str| {
        let status = value!({"video_status": video, "publishing_phase": {"status": publishing}});
        json(200, &value!({"id": "7", "status": status, "permalink_url": "/reel/7/"}).to_string())
    };
    let ask = async |answer: String| probe(&asked, vec![answer]).await;
    assert_eq!(ask(state("ready", "complete")).await, "live 7");
    assert_eq!(ask(state("ready", "not_started")).await, "absent");
    assert_eq!(ask(error(100, 33)).await, "cannot tell");
    assert_eq!(ask(json(200, "{}")).await, "cannot tell");
    assert!(ask(state("processing", "not_started")).await.starts_with("Processing"));
    assert!(ask(json(503, "{}")).await.starts_with("Transient"));
    asked.taken.push("7".into());
    assert_eq!(probe(&asked, vec![state("ready", "complete")]).await, "cannot tell");
}
