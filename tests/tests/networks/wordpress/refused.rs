//! What a real site refuses: what it cannot take, and who may not.

use super::*;

#[tokio::test]
async fn what_the_site_cannot_take_is_refused_in_words() {
    let Some(home) = Home::new("bad", "author").await else { return };
    let folder = tempfile::tempdir().unwrap();
    let mut text = picture(folder.path(), 4, "x");
    std::fs::write(&text.path, "no picture at all").unwrap();
    text.bytes = 17;
    let sized = |megabytes: usize| {
        let mut film = film(folder.path(), "x");
        let mut bytes = std::fs::read(&film.path).unwrap();
        bytes.resize(megabytes << 20, 7);
        film.path = folder.path().join(format!("{megabytes}.mp4"));
        film.bytes = bytes.len() as u64;
        std::fs::write(&film.path, bytes).unwrap();
        film
    };
    for (what, medium) in [("a text called a picture", text), ("more than the site takes", sized(17))] {
        let refused = home.stage(&titled("x", vec![medium]), &mut Kept::default()).await;
        assert!(matches!(refused, Err(Error::Content(_))), "{what}: {refused:?}");
    }
    let refused = home.stage(&prepared("", vec![]), &mut Kept::default()).await;
    assert!(matches!(refused, Err(Error::Content(_))), "nothing to say: {refused:?}");
    for field in ["title", "excerpt"] {
        let mut long = titled("x", vec![]);
        long.fields.insert(field.into(), "é".repeat(40_000));
        match home.stage(&long, &mut Kept::default()).await {
            Err(Error::Content(words)) => {
                assert!(words.contains(&format!("the {field} is too long")), "{words}")
            }
            other => panic!("{field}: {other:?}"),
        }
    }
    assert!(home.site.library(&home.author).is_empty() && home.site.articles(&home.author, EVERY).is_empty());

    // Below that, size and length are no reason.
    let large = sized(15);
    home.publish(&titled("un long film", vec![large.clone()])).await;
    let shown = home.site.library(&home.author)[0]["source_url"].as_str().unwrap().to_owned();
    assert!(home.site.bytes(&shown) == std::fs::read(&large.path).unwrap(), "byte for byte");
    let long = "Une phrase assez longue. ".repeat(8000).trim().to_owned();
    let live = home.publish(&titled(&long, vec![])).await;
    assert_eq!(words(home.article(&live)["content"]["raw"].as_str().unwrap()), long);
}

#[tokio::test]
async fn a_password_that_is_wrong_or_was_taken_back_is_said_to_be() {
    let Some(home) = Home::new("revoked", "author").await else { return };
    let post = titled("plus rien", vec![]);
    let mut steps = Kept::default();
    let body = home.stage(&post, &mut steps).await.unwrap();
    // A web server that keeps the password from WordPress.
    home.proxy.set(Rule::always("", "/", Fault::StripHeader("authorization".into())).into());
    let unseen = [
        home.network.check(&home.session).await.map(drop),
        home.stage(&post, &mut steps).await.map(drop),
        home.stage(&titled("autre", vec![]), &mut Kept::default()).await.map(drop),
        home.network.commit(&home.session, &body, "").await.map(drop),
    ];
    home.proxy.clear();
    home.site.revoke(&home.author);
    let revoked = [
        home.network.check(&home.session).await.map(drop),
        home.stage(&post, &mut steps).await.map(drop),
        home.stage(&titled("autre", vec![]), &mut Kept::default()).await.map(drop),
        home.network.commit(&home.session, &body, "").await.map(drop),
    ];
    for (at, refused) in unseen.into_iter().chain(revoked).enumerate() {
        match refused {
            Err(Error::Auth(words)) => quiet(&words, &home.author),
            other => panic!("{at}: {other:?}"),
        }
    }
    assert_eq!(home.live("plus rien"), 0);
    for (name, password) in [("revoked", "abcd efgh ijkl mnop"), ("nobody", home.author.password.as_str())] {
        let typed = input(&home.proxy.url(), Some(name), "password", password);
        match home.network.connect(&typed).await {
            Err(Error::Auth(words)) => quiet(&words, &home.author),
            other => panic!("{name}: {other:?}"),
        }
    }
    let reader = home.site.user("contributor", "contributor");
    let typed = input(&home.proxy.url(), Some("contributor"), "password", &reader.password);
    let refused = home.network.connect(&typed).await;
    assert!(matches!(refused, Err(Error::Permission(_))), "{refused:?}");
}
