//! The visible call, what is live, and what stands under it.

use super::*;

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let out = |id: u64, status: &str| {
        json(200, &format!("{{\"id\":{id},\"status\":\"{status}\",\"link\":\"https://b.example/x/\"}}"))
    };
    let html = |status| reply(status, "content-type: text/html\r\n", "<html>");
    for (answer, expected) in [
        (String::new(), "Err(Uncertain"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"id\":".into(), "Err(Uncertain"),
        (html(200), "Err(Uncertain"),
        (html(403), "Err(Uncertain"),
        (html(404), "Err(Uncertain"),
        (html(502), "Err(Uncertain"),
        (refused(500, "db_update_error", "x"), "Err(Failed"),
        (json(200, "{}"), "Err(Uncertain"),
        (json(200, "[]"), "Err(Uncertain"),
        (json(200, "{\"id\":41,\"status\":\"publish\"}"), "Err(Uncertain"),
        (out(42, "publish"), "Err(Uncertain"),
        (out(41, "draft"), "Err(Uncertain"),
        // A rule of the site keeps it for somebody to read.
        (out(41, "pending"), "Err(Uncertain"),
        (refused(404, "rest_post_invalid_id", "x"), "Err(Expired(\"draft\"))"),
        (refused(404, "rest_no_route", "x"), "Err(Permission"),
        (refused(403, "rest_cannot_publish", "x"), "Err(Permission"),
        (refused(401, "incorrect_password", "x"), "Err(Auth"),
        (refused(400, "rest_invalid_param", "x"), "Err(Content"),
        (refused(429, "x", "x"), "Err(RateLimited"),
        (out(41, "publish"), "Ok(Live { id: \"41\""),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let body = value!({"id": 41, "status": "publish", "slug": key()});
        let got = format!("{:?}", wordpress().commit(&at(&stub), &body, &key()).await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        keeps_quiet(&got);
    }
    for body in [value!({}), value!({"id": 0, "status": "publish"}), value!({"id": 41})] {
        let stub = Stub::start(vec![]);
        assert!(matches!(wordpress().commit(&at(&stub), &body, "k").await, Err(Error::Content(_))), "{body}");
        assert!(stub.lines().is_empty());
    }
}

fn armed(body: Value) -> Armed {
    Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: Some("41".into()),
        key: key(),
        fingerprint: String::new(),
        body,
        maybe_sent: true,
        sent_at: Some(NOW),
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    }
}

fn question(post: Prepared, body: Option<Value>) -> Question {
    Question {
        prepared: post,
        armed: body.map(armed),
        since: NOW,
        taken: vec!["43".into(), "comment-9".into()],
        dated: false,
        kept: None,
    }
}

async fn probe(question: &Question, script: Vec<String>) -> String {
    let stub = Stub::start(script);
    let said = match wordpress().probe(&at(&stub), question).await {
        Ok(Probe::Live(live)) => format!("live {}", live.id),
        Ok(Probe::Absent) => "absent".into(),
        Ok(Probe::Kept(kept)) => format!("kept {}", kept.id),
        Ok(Probe::CannotTell(_)) => "cannot tell".into(),
        Err(error) => format!("{error:?}"),
    };
    keeps_quiet(&said);
    said
}

fn shown(id: u64, state: &str) -> String {
    format!(
        "{{\"id\":{id},\"status\":\"{state}\",\"slug\":\"s\",\"link\":\"https://b.example/{id}/\",\"date_gmt\":\"2026-11-22T20:00:05\"}}"
    )
}

#[tokio::test]
async fn the_draft_says_whether_it_is_live() {
    let gone = || refused(404, "rest_post_invalid_id", "x");
    let publish = question(titled("x", vec![]), Some(value!({"id": 41, "status": "publish", "slug": key()})));
    for (answer, expected) in [
        (json(200, &shown(41, "publish")), "live 41"),
        (json(200, &shown(41, "private")), "live 41"),
        (json(200, &shown(41, "draft")), "absent"),
        (json(200, &shown(41, "pending")), "cannot tell"),
        (json(200, &shown(41, "future")), "kept 41"),
        (json(200, &shown(41, "trash")), "cannot tell"),
        (json(200, "{\"id\":41}"), "cannot tell"),
        (json(200, "{\"id\":41,\"status\":\"publish\"}"), "cannot tell"),
        (json(200, &shown(42, "publish")), "Portal"),
        (json(200, "{}"), "Portal"),
        (reply(200, "content-type: text/html\r\n", "<html>login"), "Portal"),
        (refused(401, "incorrect_password", "x"), "Auth"),
        (refused(503, "x", "x"), "Transient"),
        (String::new(), "Transient"),
    ] {
        let got = probe(&publish, vec![answer.clone()]).await;
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
    }
    // Its number is gone: perhaps somebody made it again, under the same slug.
    assert_eq!(probe(&publish, vec![gone(), none()]).await, "absent");
    assert_eq!(
        probe(&publish, vec![gone(), json(200, &format!("[{}]", shown(44, "publish")))]).await,
        "live 44"
    );
    let draft = question(titled("x", vec![]), Some(value!({"id": 41, "status": "draft", "slug": key()})));
    assert_eq!(probe(&draft, vec![json(200, &shown(41, "draft"))]).await, "live 41");
    let taken = question(titled("x", vec![]), Some(value!({"id": 43, "status": "publish", "slug": key()})));
    assert_eq!(probe(&taken, vec![json(200, &shown(43, "publish"))]).await, "cannot tell");
}

#[tokio::test]
async fn a_copy_that_never_armed_finds_the_article_by_its_slug() {
    let asked = question(titled("x", vec![]), None);
    let list = |items: &[String]| json(200, &format!("[{}]", items.join(",")));
    assert_eq!(probe(&asked, vec![none()]).await, "absent");
    assert_eq!(probe(&asked, vec![list(&[shown(44, "publish")])]).await, "live 44");
    assert_eq!(probe(&asked, vec![list(&[shown(44, "draft")])]).await, "absent");
    assert_eq!(probe(&asked, vec![list(&[shown(44, "publish"), shown(45, "publish")])]).await, "cannot tell");
    assert!(probe(&asked, vec![json(200, "{}")]).await.starts_with("Portal"));
}

#[tokio::test]
async fn an_article_under_the_persons_own_slug_is_found_by_its_words() {
    let mut post = titled("Bonjour <Bamako> & \"co\"\n\nDeux", vec![]);
    post.fields.insert("slug".into(), "le-marche".into());
    let content = blocks::content(&post.text, &[]);
    let asked = question(post, None);
    let found = |id: u64, minutes: u64, title: &str, content: &str| {
        value!({
            "id": id, "status": "publish", "link": "https://b.example/x/", "date_gmt": format!("2026-11-22T20:{minutes:02}:00"),
            "title": {"raw": title}, "content": {"raw": content},
        })
    };
    let ask = async |items: Vec<Value>| {
        probe(&asked, vec![none(), json(200, &Value::from(items).to_string())]).await
    };
    let ours = |id| found(id, 1, "Le marché", &content);
    assert_eq!(ask(vec![]).await, "absent");
    assert_eq!(ask(vec![ours(50)]).await, "live 50");
    assert_eq!(ask(vec![ours(43)]).await, "absent", "43 is another delivery's");
    assert_eq!(ask(vec![ours(50), ours(51)]).await, "cannot tell");
    assert_eq!(ask(vec![found(50, 1, "Le port", &content)]).await, "absent");
    assert_eq!(ask(vec![found(50, 1, "Le marché", "<p>Autre</p>")]).await, "absent");
    let mut old = ours(50);
    old["date_gmt"] = value!("2026-11-22T19:00:00");
    assert_eq!(ask(vec![old]).await, "absent", "older than the delivery");
    assert_eq!(ask((60..80).map(|id| found(id, 1, "Autre", "x")).collect()).await, "cannot tell");
}

pub(super) fn following(text: &str) -> Prepared {
    let mut post = prepared(text, vec![]);
    post.reply_to = Some(Live { id: "41".into(), url: None, at: None, proof: Value::Null });
    post
}

#[tokio::test]
async fn a_first_comment_goes_under_the_article() {
    let open = || json(200, "{\"id\":41,\"comment_status\":\"open\"}");
    let made = |post: u64, status: &str| {
        json(
            201,
            &format!(
                "{{\"id\":5,\"post\":{post},\"status\":\"{status}\",\"link\":\"https://b.example/x/#comment-5\",\"date_gmt\":\"2026-11-22T20:00:05\"}}"
            ),
        )
    };
    for (answer, expected) in [
        (String::new(), "Err(Uncertain"),
        (made(42, "approved"), "Err(Uncertain"),
        (json(201, "{}"), "Err(Uncertain"),
        (refused(409, "comment_duplicate", "Duplicate comment detected"), "Err(Uncertain"),
        (refused(400, "comment_flood", "You are posting too quickly."), "Err(TooSoon { after: 16s"),
        (refused(403, "rest_comment_closed", "x"), "Err(Permission"),
        (refused(400, "comment_content_column_length", "x"), "Err(Content"),
        (made(41, "hold"), "Ok(Live { id: \"comment-5\""),
        (made(41, "approved"), "Ok(Live { id: \"comment-5\""),
    ] {
        let stub = Stub::start(vec![open(), answer.clone()]);
        let staged = stage(&stub, &following(" Source <ici> "), &mut Kept::default()).await.unwrap();
        assert_eq!(staged.body, value!({"post": 41, "content": "Source &lt;ici&gt;"}));
        let got = format!("{:?}", wordpress().commit(&at(&stub), &staged.body, &staged.key).await);
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
        assert!(stub.lines()[1].starts_with("POST /wp-json/wp/v2/comments?"));
    }
    for (answer, expected) in [
        (json(200, "{\"id\":41,\"comment_status\":\"closed\"}"), "Permission"),
        (refused(404, "rest_post_invalid_id", "x"), "Content"),
        (refused(503, "x", "x"), "Transient"),
    ] {
        let stub = Stub::start(vec![answer]);
        let got = format!("{:?}", stage(&stub, &following("x"), &mut Kept::default()).await.unwrap_err());
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
    }
}

#[tokio::test]
async fn a_comment_is_looked_for_by_its_words() {
    let comment = |id: u64, at: &str, text: &str| value!({"id": id, "post": 41, "status": "approved", "link": "https://b.example/x/#c", "date_gmt": at, "content": {"rendered": text}});
    let now = "2026-11-22T20:00:05";
    let body = Some(value!({"post": 41, "content": "L&#39;été"}));
    for asked in [question(following("L'été !"), body), question(following("L'été !"), None)] {
        let ask =
            async |items: Vec<Value>| probe(&asked, vec![json(200, &Value::from(items).to_string())]).await;
        let ours = |id| comment(id, now, "<p>L&#8217;été !</p>");
        assert_eq!(ask(vec![]).await, "absent");
        assert_eq!(ask(vec![ours(8), comment(7, now, "<p>Autre</p>")]).await, "live comment-8");
        assert_eq!(ask(vec![ours(9)]).await, "absent", "9 is another delivery's");
        assert_eq!(ask(vec![ours(8), ours(7)]).await, "cannot tell");
        assert_eq!(ask(vec![comment(8, "2026-11-22T19:00:00", "<p>L’été !</p>")]).await, "absent");
        assert_eq!(ask((10..110).map(|id| comment(id, now, "x")).collect()).await, "cannot tell");
        assert!(probe(&asked, vec![refused(503, "x", "x")]).await.starts_with("Transient"));
    }
}

#[tokio::test]
async fn a_site_with_plain_addresses_in_a_folder_is_reached_by_its_kept_interface() {
    let stub = Stub::start(vec![json(200, &shown(41, "draft"))]);
    let root = format!("{}/journal/?rest_route=/", stub.url);
    let there = |root: &str| {
        session(NetworkId::Wordpress, &stub.url, &[("user", "awa"), ("password", PASSWORD), ("root", root)])
    };
    let asked = question(titled("x", vec![]), Some(value!({"id": 41, "status": "publish", "slug": key()})));
    assert_eq!(wordpress().probe(&there(&root), &asked).await.unwrap(), Probe::Absent);
    assert!(stub.lines()[0].starts_with("GET /journal/?rest_route=%2Fwp%2Fv2%2Fposts%2F41&context=edit&"));
    // The password goes nowhere else than to the account's own server.
    let error = wordpress().probe(&there("https://elsewhere.example/wp-json/"), &asked).await.unwrap_err();
    assert!(matches!(error, Error::Environment(_)), "{error:?}");
    assert_eq!(stub.lines().len(), 1);
}
