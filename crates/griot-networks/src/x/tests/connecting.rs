//! Connecting: which keys are refused, and who it is.

use super::*;

#[tokio::test]
async fn keys_that_cannot_be_keys_are_refused_before_anything_is_asked() {
    for changed in [
        ("api_key", ""),
        ("access_secret", "  "),
        ("api_secret", "two\nlines-s3cret"),
        ("access_token", "12345:AAH-s3cret"),
        ("access_token", "s3cret"),
        ("access_secret", "clé-s3cret"),
    ] {
        let (got, stub) = connected(vec![], &[changed]).await;
        assert!(got.starts_with("Err(Auth"), "{changed:?}: {got}");
        assert!(stub.lines().is_empty());
    }
    for server in ["http://api.x.com", "https://a:b@api.x.com"] {
        let input = ConnectInput { server: Some(server.into()), ..ConnectInput::default() };
        assert!(matches!(x().connect(&input).await, Err(Error::Auth(_))));
    }
}

#[tokio::test]
async fn connecting_says_who_it_is_or_why_not() {
    let me = |more: &str| {
        json(200, &format!("{{\"data\":{{\"id\":\"{ME}\",\"username\":\"awa\",\"name\":\"Awa\"{more}}}}}"))
    };
    for (answer, expected) in [
        (json(401, "{\"title\":\"Unauthorized\",\"detail\":\"Unauthorized 370773112-s3cret\"}"), "Err(Auth"),
        (json(200, "{\"data\":{\"id\":\"../1\",\"username\":\"awa\"}}"), "Err(Portal"),
        (json(200, "{\"data\":{\"id\":\"1\",\"username\":\"a/b\"}}"), "Err(Portal"),
        (json(200, "{\"errors\":[{\"title\":\"Not Found Error\"}]}"), "Err(Portal"),
        (json(403, "{\"type\":\"https://api.x.com/2/problems/client-forbidden\"}"), "Err(Permission"),
        (json(402, "{\"title\":\"CreditsDepleted\"}"), "Err(Billing"),
        (json(503, "{}"), "Err(Transient"),
        (reply(200, "content-type: text/html\r\n", "<html>"), "Err(Portal"),
        (me(""), "Ok(Connected { server: \"http://127.0.0.1:"),
    ] {
        let (got, _) = connected(vec![answer.clone()], &[]).await;
        assert!(got.starts_with(expected), "{answer}\nexpected {expected}\ngot {got}");
    }
    for (more, most) in [
        ("", "Some(280)"),
        (",\"subscription_type\":\"None\"", "Some(280)"),
        (",\"subscription_type\":\"Basic\"", "Some(25000)"),
        (",\"subscription_type\":\"PremiumPlus\"", "Some(25000)"),
    ] {
        let (got, stub) = connected(vec![me(more)], &[("api_key", " Bearer the-api-key-s3cret \n")]).await;
        assert!(got.contains(&format!("text_max: {most}")) && got.contains("handle: \"@awa\""), "{got}");
        assert_eq!(stub.lines(), ["GET /2/users/me?user.fields=name%2Csubscription_type%2Cusername"]);
        let head = &stub.seen()[0].head;
        assert!(head.contains("authorization: oauth oauth_consumer_key=\"the-api-key-s3cret\""), "{head}");
        assert!(!head.contains("the-api-secret") && !head.contains("the-access-secret"), "{head}");
    }
}

#[tokio::test]
async fn keys_of_another_account_are_not_used() {
    let stub = Stub::start(vec![json(200, "{\"data\":{\"id\":\"1\",\"username\":\"bob\"}}")]);
    assert!(matches!(x().check(&at(&stub)).await, Err(Error::Auth(_))));
    let stub = Stub::start(vec![]);
    let empty = session(NetworkId::X, &stub.url, &[]);
    assert!(matches!(x().check(&empty).await, Err(Error::Auth(_))));
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn a_clock_that_is_wrong_is_not_taken_for_wrong_keys() {
    // This machine believes that it is 2026-11-22T20:00; the server is two days behind.
    let head = "content-type: application/json\r\ndate: Fri, 20 Nov 2026 20:01:00 GMT\r\n";
    let refused =
        || reply(401, head, "{\"errors\":[{\"code\":135,\"message\":\"Timestamp out of bounds.\"}]}");
    let me = json(200, &format!("{{\"data\":{{\"id\":\"{ME}\",\"username\":\"awa\"}}}}"));
    let stub = Stub::start(vec![refused(), me]);
    x().check(&at(&stub)).await.unwrap();
    let heads: Vec<String> = stub.seen().into_iter().map(|seen| seen.head).collect();
    assert!(heads[0].contains("oauth_timestamp=\"1795377600\""), "{}", heads[0]);
    assert!(heads[1].contains("oauth_timestamp=\"1795204860\""), "{}", heads[1]);
    let nonce = |head: &str| head.split("oauth_nonce=\"").nth(1).unwrap()[..32].to_owned();
    assert_ne!(nonce(&heads[0]), nonce(&heads[1]));
    let stub = Stub::start(vec![refused(), refused()]);
    assert!(matches!(x().check(&at(&stub)).await, Err(Error::Auth(_))));
    assert_eq!(stub.lines().len(), 2, "once and no more");
}

// Staging.
