//! Whose token it is, and why one is not taken.

use super::*;
use crate::Ends;

fn input(stub: &Stub, fields: &[(&str, &str)]) -> ConnectInput {
    let mut input = ConnectInput { server: Some(stub.url.clone()), ..ConnectInput::default() };
    input.fields.0.insert("token".into(), " Bearer s3cret-token\n".into());
    for (name, value) in fields {
        input.fields.0.insert((*name).into(), (*value).into());
    }
    input
}

async fn connect(script: Vec<String>, fields: &[(&str, &str)]) -> String {
    let stub = Stub::start(script);
    let got = match facebook().connect(&input(&stub, fields)).await {
        Ok(found) => {
            let token = found.secrets.get("token").unwrap().to_owned();
            format!("{} {} by {token}", found.remote_id, found.handle)
        }
        Err(error) => format!("{error:?}"),
    };
    assert!(stub.lines().iter().all(|line| !line.contains("s3cret")), "{:?}", stub.lines());
    got
}

fn me(name: &str) -> String {
    json(200, &value!({"id": "104", "name": name}).to_string())
}

fn no_category() -> String {
    let message = "(#100) Tried accessing nonexisting field (category) on node type (User)";
    json(400, &value!({"error": {"message": message, "code": 100}}).to_string())
}

fn page_itself() -> String {
    json(200, "{\"id\":\"104\",\"name\":\"Café Bamako\",\"category\":\"Café\",\"link\":\"https://x\"}")
}

fn granted(names: &[&str]) -> String {
    let told = names.iter().map(|name| value!({"permission": name, "status": "granted"}));
    json(200, &value!({"data": told.collect::<Vec<_>>()}).to_string())
}

fn all_rights() -> String {
    granted(&["pages_show_list", "pages_read_engagement", "pages_manage_posts"])
}

fn pages(list: &[(&str, &str)]) -> Value {
    let page = |(id, name): &(&str, &str)| value!({"id": id, "name": name, "username": format!("user{id}"), "access_token": format!("page-{id}")});
    value!(list.iter().map(page).collect::<Vec<_>>())
}

fn accounts(list: &[(&str, &str)]) -> String {
    json(200, &value!({"data": pages(list), "paging": {"cursors": {"after": "z"}}}).to_string())
}

/// The answer to the question when a token ends.
fn ends(told: &Value) -> String {
    let body = value!({"data": told}).to_string();
    json(200, &value!([{"code": 200, "body": body}]).to_string())
}

const TWO: &[(&str, &str)] = &[("104", "Café Bamako"), ("105", "Sahel Énergie")];

#[tokio::test]
async fn a_token_that_is_no_good_is_explained() {
    let html = reply(200, "content-type: text/html\r\n", "<html>");
    let expired = || vec![error(190, 463)];
    for (script, fields, expected) in [
        (expired(), &[][..], "Auth(\"the token has expired"),
        (vec![html], &[], "Portal"),
        (vec![json(503, "{}")], &[], "Transient"),
        (vec![error(4, 0)], &[], "RateLimited"),
        (vec![], &[("token", "EAA\nEAA")], "Auth(\"a token has no spaces and no line breaks"),
        (vec![], &[("token", "IGAAs3cret")], "Auth(\"this is a token of Instagram"),
        (vec![], &[("token", "  ")], "Auth(\"an access token is needed"),
        (vec![], &[("version", "26")], "Auth(\"\\\"26\\\" is not a version"),
        (vec![], &[("version", "v26.0/me")], "Auth"),
    ] {
        let got = connect(script, fields).await;
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
    for server in ["http://graph.facebook.com", "https://a:b@graph.facebook.com"] {
        let mut input = ConnectInput { server: Some(server.into()), ..ConnectInput::default() };
        input.fields.0.insert("token".into(), "EAA".into());
        assert!(matches!(facebook().connect(&input).await, Err(Error::Auth(_))), "{server}");
    }
}

#[tokio::test]
async fn a_pages_own_token_is_kept_as_it_is() {
    let script = || vec![me("Café Bamako"), page_itself()];
    assert_eq!(connect(script(), &[]).await, "104 Café Bamako by s3cret-token");
    assert_eq!(connect(script(), &[("page", " café bamako ")]).await, "104 Café Bamako by s3cret-token");
    assert_eq!(connect(script(), &[("page", "104")]).await, "104 Café Bamako by s3cret-token");
    let other = connect(script(), &[("page", "Sahel Énergie")]).await;
    assert!(
        other.starts_with("Permission(\"this is the token of the Page Café Bamako, not of Sahel"),
        "{other}"
    );
}

#[tokio::test]
async fn a_persons_token_is_exchanged_for_the_pages() {
    let script = |list: &[(&str, &str)]| vec![me("Awa"), no_category(), all_rights(), accounts(list)];
    assert_eq!(connect(script(&TWO[..1]), &[]).await, "104 Café Bamako by page-104");
    assert_eq!(connect(script(TWO), &[("page", "sahel énergie")]).await, "105 Sahel Énergie by page-105");
    assert_eq!(connect(script(TWO), &[("page", "@user105")]).await, "105 Sahel Énergie by page-105");
    assert_eq!(connect(script(TWO), &[("page", "104")]).await, "104 Café Bamako by page-104");
    for (list, fields, expected) in [
        (TWO, &[][..], "several Pages; say which: Café Bamako (104), Sahel Énergie (105)"),
        (TWO, &[("page", "Autre")], "no Page called Autre; it sees Café Bamako (104), Sahel Énergie (105)"),
        (&[], &[], "sees no Page"),
        (&[("1", "A"), ("2", "A")], &[("page", "A")], "give the number: A (1), A (2)"),
    ] {
        let got = connect(script(list), fields).await;
        assert!(got.starts_with("Permission(") && got.contains(expected), "{got}");
        assert!(!got.contains("page-") && !got.contains("s3cret"), "{got}");
    }
    let without = value!({"data": [{"id": "104", "name": "Café Bamako"}]}).to_string();
    let got = connect(vec![me("Awa"), no_category(), all_rights(), json(200, &without)], &[]).await;
    assert!(got.starts_with("Permission(\"the token may not publish on the Page Café Bamako"), "{got}");
}

#[tokio::test]
async fn a_missing_right_is_named() {
    let script = |told: String| vec![me("Awa"), no_category(), told, accounts(&TWO[..1])];
    let some = connect(script(granted(&["pages_show_list", "pages_read_engagement"])), &[]).await;
    assert!(some.starts_with("Permission(\"the token lacks pages_manage_posts: "), "{some}");
    let declined = value!({"data": [{"permission": "pages_manage_posts", "status": "declined"}]}).to_string();
    let none = connect(script(json(200, &declined)), &[]).await;
    assert!(none.contains("lacks pages_show_list, pages_read_engagement, pages_manage_posts"), "{none}");
    // A system user's rights are not always told: the first call will say.
    for silent in [error(100, 0), error(10, 0), json(200, "{\"data\":[]}")] {
        assert_eq!(connect(script(silent), &[]).await, "104 Café Bamako by page-104");
    }
    assert!(connect(script(error(190, 0)), &[]).await.starts_with("Auth"));
}

#[tokio::test]
async fn many_pages_are_read_list_by_list_and_not_for_ever() {
    let turn = |n: usize| {
        let list = pages(&[(&format!("{n}"), &format!("Page {n}"))]);
        let paging = value!({"cursors": {"after": format!("c{n}")}, "next": "https://graph.facebook.com/x"});
        json(200, &value!({"data": list, "paging": paging}).to_string())
    };
    let head = || vec![me("Awa"), no_category(), all_rights()];
    let script = [head(), vec![turn(1), turn(2), accounts(&[("3", "Page 3")])]].concat();
    let stub = Stub::start(script);
    let found = facebook().connect(&input(&stub, &[("page", "Page 3")])).await.unwrap();
    assert_eq!(found.remote_id, "3");
    assert!(stub.lines()[4].ends_with("&limit=100&after=c1"), "{:?}", stub.lines());
    let endless = Stub::start([head(), (1..20).map(turn).collect()].concat());
    let got = facebook().connect(&input(&endless, &[("page", "Page 9")])).await;
    assert!(matches!(got, Err(Error::Permission(_))), "{got:?}");
    assert_eq!(endless.lines().len(), 3 + 5);
}

#[tokio::test]
async fn the_version_that_was_asked_for_is_kept() {
    let turn = || vec![me("Café Bamako"), page_itself(), ends(&value!({"expires_at": 0}))];
    let stub = Stub::start([turn(), turn()].concat());
    let asked = facebook().connect(&input(&stub, &[("version", " v25.0 ")])).await.unwrap();
    assert_eq!(asked.secrets.get("version"), Some("v25.0"));
    assert!(stub.lines().iter().all(|line| line.contains(" /v25.0")), "{:?}", stub.lines());
    let usual = facebook().connect(&input(&stub, &[("version", "")])).await.unwrap();
    assert_eq!(usual.secrets.get("version"), None, "a later Griot uses a later version");
}

#[tokio::test]
async fn the_kept_token_is_tried_again() {
    let stub = Stub::start(vec![me("Café Bamako, Hippodrome")]);
    let found = facebook().check(&at(&stub)).await.unwrap();
    assert_eq!((found.handle.as_str(), found.remote_id.as_str()), ("Café Bamako, Hippodrome", "104"));
    assert_eq!(found.secrets.get("token"), Some("s3cret-token"));
    let other = json(200, "{\"id\":\"105\",\"name\":\"x\"}");
    for (answer, expected) in [
        (other, "Err(Auth(\"the kept token belongs to another Page"),
        (error(190, 458), "Err(Auth(\"the app was removed"),
        (json(200, "{}"), "Err(Portal"),
        (json(503, "{}"), "Err(Transient"),
    ] {
        let got = format!("{:?}", facebook().check(&at(&Stub::start(vec![answer]))).await);
        assert!(got.starts_with(expected) && !got.contains("s3cret"), "{got}");
    }
}

#[tokio::test]
async fn when_a_token_ends_is_asked_in_the_body_and_never_a_reason_to_refuse_it() {
    let day = value!({"expires_at": 0, "data_access_expires_at": 1_803_153_600});
    let stub = Stub::start(vec![me("Café Bamako"), page_itself(), ends(&day)]);
    let app = [("app_id", "4711"), ("app_secret", "s3cretofapp")];
    let found = facebook().connect(&input(&stub, &app)).await.unwrap();
    assert_eq!(found.ends, Ends::At(griot_domain::Timestamp::from_millis(1_803_153_600_000)));
    assert_eq!(found.secrets.get("app_secret"), Some("s3cretofapp"), "it asks again tomorrow");
    let asked = &stub.seen()[2];
    assert_eq!(asked.line.split(" HTTP").next(), Some("POST /v26.0"));
    assert!(asked.head.contains("authorization: bearer 4711|s3cretofapp"), "{}", asked.head);
    let body = String::from_utf8_lossy(&asked.body).into_owned();
    assert!(body.contains("debug_token%3Finput_token%3Ds3cret-token"), "{body}");

    let failed = value!([{"code": 400, "body": "{\"error\":{\"code\":100}}"}]).to_string();
    for answer in [
        error(100, 0),
        error(190, 0),
        json(503, "{}"),
        json(200, "[]"),
        json(200, "[null]"),
        json(200, &failed),
    ] {
        let stub = Stub::start(vec![me("Café Bamako"), page_itself(), answer]);
        let found = facebook().connect(&input(&stub, &[])).await.unwrap();
        assert_eq!(found.ends, Ends::NotTold);
        assert!(
            stub.seen()[2].head.contains("authorization: bearer s3cret-token"),
            "without an app, by itself"
        );
    }
    let stub = Stub::start(vec![me("Café Bamako"), ends(&value!({"expires_at": 1_795_381_200}))]);
    let found = facebook().check(&at(&stub)).await.unwrap();
    assert_eq!(found.ends, Ends::At(griot_domain::Timestamp::from_millis(1_795_381_200_000)));
}
