//! Connecting: who it is, or why not.

use super::*;

#[tokio::test]
async fn connecting_says_who_it_is_or_why_not() {
    let settings = || json(200, "{\"max_post_length\":500,\"max_image_size_kb\":1024}");
    let page_of = json(200, "{\"user\":{\"id\":3,\"username\":\"awa\"}}");
    let closed = || forbidden("Non");
    for (script, expected) in [
        (vec![closed(), closed()], "Err(Auth(\"Non (403)"),
        (vec![closed(), absent()], "Err(Auth"),
        (vec![page(404), page(404)], "Err(Permission(\"the server is not a forum"),
        (vec![page(403)], "Err(Portal"),
        (vec![page(200)], "Err(Portal"),
        (vec![reply(301, "location: https://www.forum.example/\r\n", "")], "Err(Portal"),
        (vec![json(200, "{}")], "Err(Portal"),
        (vec![json(503, "{}")], "Err(Transient"),
        (
            vec![json(200, "{\"current_user\":{\"id\":1,\"username\":\"system\"}}")],
            "Err(Auth(\"the key belongs to system",
        ),
        (vec![me(), settings()], "Ok(Connected { server: \"http://127.0.0.1:"),
        (vec![closed(), page_of, page(404), closed()], "Ok(Connected"),
    ] {
        let stub = Stub::start(script);
        let mut input = ConnectInput { server: Some(stub.url.clone()), ..ConnectInput::default() };
        input.handle = Some("@awa".into());
        input.fields.0.insert("key".into(), " s3cretkey\n".into());
        let got = discourse().connect(&input).await;
        if let Ok(connected) = &got {
            assert_eq!(connected.handle.to_lowercase(), "awa@127.0.0.1");
            assert_eq!(
                (connected.remote_id.as_str(), connected.secrets.get("key")),
                ("3", Some("s3cretkey"))
            );
        }
        let got = format!("{got:?}");
        assert!(got.starts_with(expected), "expected {expected}\ngot {got}");
        assert!(!got.contains("s3cret"), "{got}");
    }
    for (server, handle, key) in [
        ("", "awa", "abc"),
        ("http://forum.example", "awa", "abc"),
        ("https://forum.example", "", "abc"),
        ("https://forum.example", "awa", ""),
        ("https://forum.example", "awa", "12:s3cret"),
        ("https://forum.example", "awa", "s3c\nret"),
    ] {
        let mut input = ConnectInput { server: Some(server.into()), ..ConnectInput::default() };
        input.handle = Some(handle.into());
        input.fields.0.insert("key".into(), key.into());
        match discourse().connect(&input).await {
            Err(Error::Auth(words)) => assert!(!words.contains("s3c"), "{words}"),
            other => panic!("{other:?}"),
        }
    }
}

#[tokio::test]
async fn an_account_whose_key_was_given_to_another_is_not_taken_for_it() {
    let stub = Stub::start(vec![
        json(200, "{\"current_user\":{\"id\":8,\"username\":\"awa\"}}"),
        absent(),
        absent(),
    ]);
    assert!(matches!(discourse().check(&at(&stub)).await, Err(Error::Auth(_))));
    let stub = Stub::start(vec![me(), absent(), json(200, "{\"categories\":[]}")]);
    assert_eq!(discourse().check(&at(&stub)).await.unwrap().limits, Some(LiveLimits::default()));
    let stub = Stub::start(vec![json(200, "{\"max_post_length\":500}")]);
    assert_eq!(discourse().limits(&at(&stub)).await.unwrap().unwrap().text_max, Some(500));
}
