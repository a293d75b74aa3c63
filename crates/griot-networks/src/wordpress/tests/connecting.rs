//! Finding a site from what a person typed, and asking whose name and password it is.

use super::*;
use crate::Secrets;

const ROOT: &str = "{\"namespaces\":[\"oembed/1.0\",\"wp/v2\"]}";

fn page(status: u16) -> String {
    reply(status, "content-type: text/html\r\n", "<html><body>Site</body></html>")
}

fn me(capabilities: &str) -> String {
    json(200, &format!("{{\"id\":7,\"username\":\"awa\",\"slug\":\"awa\",\"capabilities\":{capabilities}}}"))
}

fn may() -> String {
    me("{\"publish_posts\":true,\"upload_files\":true}")
}

fn typed(server: &str) -> ConnectInput {
    let mut input =
        ConnectInput { server: Some(server.into()), handle: Some(" awa ".into()), ..ConnectInput::default() };
    input.fields.0.insert("password".into(), format!("Bearer {PASSWORD}\n"));
    input
}

async fn connect(path: &str, script: Vec<String>) -> (String, Stub) {
    let stub = Stub::start(script);
    let connected = wordpress().connect(&typed(&format!("{}{path}", stub.url))).await;
    let said = match connected {
        Ok(who) => {
            let root = who.secrets.get("root").unwrap().replace(&stub.url, "");
            assert_eq!(
                (who.server.as_str(), who.secrets.get("password")),
                (stub.url.as_str(), Some(PASSWORD))
            );
            format!("{} {} {root}", who.handle, who.remote_id)
        }
        Err(error) => format!("{error:?}"),
    };
    keeps_quiet(&said);
    (said, stub)
}

#[tokio::test]
async fn connecting_says_who_it_is_or_why_not() {
    let root = || json(200, ROOT);
    for (script, expected) in [
        (
            vec![
                root(),
                refused(
                    401,
                    "incorrect_password",
                    "The provided password is an invalid application password.",
                ),
            ],
            "Auth",
        ),
        (
            vec![root(), refused(401, "rest_not_logged_in", "x")],
            "Auth(\"x (401): the site takes us for a stranger",
        ),
        (vec![root(), refused(501, "application_passwords_disabled", "x")], "Auth"),
        (vec![root(), refused(403, "rest_forbidden", "x")], "Permission"),
        (vec![root(), page(403)], "Permission"),
        (vec![root(), page(200)], "Portal"),
        (vec![root(), json(200, "{}")], "Portal"),
        (vec![root(), refused(503, "x", "x")], "Transient"),
        (vec![root()], "Transient"),
        (vec![root(), me("{\"edit_posts\":true}")], "Permission(\"the user may not publish"),
        (vec![root(), me("{\"publish_posts\":true}")], "Permission(\"the user may not upload"),
        (vec![root(), me("[]")], "Permission"),
        (vec![page(503)], "Transient"),
        (vec![reply(429, "retry-after: 5\r\n", "")], "RateLimited"),
        (vec![root(), may()], "awa@127.0.0.1 7 /wp-json/"),
        (vec![root(), me("null")], "awa@127.0.0.1 7 /wp-json/"),
        (vec![refused(401, "rest_login_required", "closed"), may()], "awa@127.0.0.1 7 /wp-json/"),
    ] {
        let (got, _) = connect("", script.clone()).await;
        assert!(got.starts_with(expected), "{script:?}\nexpected {expected}\ngot {got}");
    }
}

#[tokio::test]
async fn a_site_is_found_in_a_folder_behind_a_parameter_or_by_its_own_page() {
    let root = || json(200, ROOT);
    let (got, stub) = connect("/journal/wp-admin/profile.php", vec![root(), may()]).await;
    assert_eq!(got, "awa@127.0.0.1/journal 7@/journal /journal/wp-json/");
    assert_eq!(stub.lines()[0], "GET /journal/wp-json/?_fields=namespaces");
    assert!(
        !stub.seen()[0].head.contains("authorization"),
        "nobody says who they are before the site is found"
    );

    let (got, stub) = connect("", vec![page(404), root(), may()]).await;
    assert_eq!(got, "awa@127.0.0.1 7 /?rest_route=%2F");
    assert!(stub.lines()[2].starts_with("GET /?rest_route=%2Fwp%2Fv2%2Fusers%2Fme&context=edit&"));

    let link = |path: &str| reply(200, &format!("link: <{path}>; rel=\"https://api.w.org/\"\r\n"), "");
    let (got, stub) =
        connect("/2026/un-article", vec![page(404), page(404), link("/api/"), root(), may()]).await;
    assert_eq!(got, "awa@127.0.0.1/api 7@/api /api/");
    assert_eq!(stub.lines()[2], "HEAD /2026/un-article/");

    let to_folder = reply(301, "location: /blog/\r\n", "");
    let moved = || reply(301, "location: /blog/\r\n", "");
    let (got, _) = connect("", vec![moved(), moved(), to_folder, root(), may()]).await;
    assert_eq!(got, "awa@127.0.0.1/blog 7@/blog /blog/wp-json/");
}

#[tokio::test]
async fn the_password_follows_nobody_to_another_site() {
    let away = || reply(301, "location: https://elsewhere.example/\r\n", "");
    let (got, _) = connect("", vec![away(), away(), away()]).await;
    assert_eq!(got, "Portal(\"the site sends its visitors to https://elsewhere.example\")");
    let link = reply(200, "link: <https://elsewhere.example/wp-json/>; rel=\"https://api.w.org/\"\r\n", "");
    let (got, stub) = connect("", vec![page(404), page(404), link]).await;
    assert_eq!(got, "Portal(\"WordPress does not answer at this address\")");
    assert!(stub.seen().iter().all(|seen| !seen.head.contains("authorization")));
    // Another program's interface is none.
    let other = || json(200, "{\"namespaces\":[\"shop/v1\"]}");
    let (got, _) = connect("", vec![other(), json(404, "{\"error\":\"x\"}"), page(200)]).await;
    assert!(got.starts_with("Portal"), "{got}");
    // A site that sends its visitors in circles.
    let around = || reply(302, "location: /blog/\r\n", "");
    let (got, stub) = connect("", (0..12).map(|_| around()).collect()).await;
    assert!(got.starts_with("Portal") && stub.lines().len() == 9, "{got} {:?}", stub.lines());
}

#[tokio::test]
async fn what_cannot_be_right_is_refused_before_anybody_is_asked() {
    let stub = Stub::start(vec![]);
    let mut nobody = typed(&stub.url);
    nobody.handle = None;
    let mut open = typed(&stub.url);
    open.fields = Secrets::default();
    for input in [typed(""), typed("http://blog.example"), typed("https://a:b@blog.example"), nobody, open] {
        assert!(matches!(wordpress().connect(&input).await, Err(Error::Auth(_))), "{input:?}");
    }
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn kept_secrets_are_tried_again_and_belong_to_one_user() {
    let stub = Stub::start(vec![may(), may(), refused(401, "incorrect_password", "revoked")]);
    assert_eq!(wordpress().check(&at(&stub)).await.unwrap().remote_id, "7");
    let mut other = at(&stub);
    other.account.remote_id = "8".into();
    assert!(matches!(wordpress().check(&other).await, Err(Error::Auth(_))));
    assert!(matches!(wordpress().check(&at(&stub)).await, Err(Error::Auth(_))));
    assert_eq!(wordpress().limits(&at(&stub)).await.unwrap(), None);
    let bare = session(NetworkId::Wordpress, &stub.url, &[]);
    assert!(matches!(wordpress().check(&bare).await, Err(Error::Auth(_))));
}
