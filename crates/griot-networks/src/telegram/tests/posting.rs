//! From a prepared post to a message, and to doubt.

use griot_domain::delivery::Armed;

use super::*;
use crate::stub::{Kept, NOW, prepared, reply};

const KEPT: bool = true;
const WITHOUT: bool = false;

fn with(post: &mut Prepared, fields: &[(&str, &str)]) {
    post.fields = fields.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
}

async fn stage(stub: &Stub, desk: bool, post: &Prepared) -> Staged {
    telegram().stage(&at(stub, desk), post, &mut Kept::default()).await.unwrap()
}

#[tokio::test]
async fn what_no_message_takes_is_refused_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let photo = file(&folder, Format::Jpeg, "photo");
    let gif = file(&folder, Format::Gif, "gif");
    let long = "\u{1F600}".repeat(513);
    for (text, media) in [
        ("", vec![]),
        (" \n", vec![]),
        (long.repeat(4).as_str(), vec![]),
        (long.as_str(), vec![photo.clone()]),
        (long.as_str(), vec![photo.clone(), photo.clone()]),
        ("x", vec![photo.clone(); 11]),
        ("x", vec![photo.clone(), gif]),
    ] {
        let stub = Stub::start(vec![]);
        let got = telegram().stage(&at(&stub, KEPT), &prepared(text, media), &mut Kept::default()).await;
        assert!(told(&got).starts_with("Err(Content"), "{got:?}");
        assert!(stub.lines().is_empty());
    }
    let fits = prepared(&"\u{1F600}".repeat(512), vec![photo]);
    assert_eq!(message::check(&fits), Ok(()));
}

#[tokio::test]
async fn a_text_goes_as_it_is_with_its_fields() {
    let stub = Stub::start(vec![administrator(), administrator(), ok(&posted(7))]);
    let mut post = prepared("*Sale* [e\u{301}t\u{e9}](x) <b>", vec![]);
    let plain = stage(&stub, WITHOUT, &post).await;
    let expected = json!({"method": "sendMessage", "call": {"chat_id": CHANNEL, "text": "*Sale* [été](x) <b>"}, "files": []});
    assert_eq!(plain.body, expected);
    assert_eq!(stub.seen()[0].body, format!("{{\"chat_id\":{CHANNEL},\"user_id\":123456789}}").into_bytes());

    with(&mut post, &[("silent", "true"), ("link_preview", "false")]);
    post.reply_to = Some(Live { id: "12,13".into(), url: None, at: None, proof: Value::Null });
    let staged = stage(&stub, WITHOUT, &post).await;
    assert_eq!(staged.key, plain.key, "the key is the delivery's");
    let call = &staged.body["call"];
    assert_eq!(call["link_preview_options"], json!({"is_disabled": true}));
    assert_eq!(call["disable_notification"], true);
    assert_eq!(
        call["reply_parameters"],
        json!({"message_id": 12}),
        "an album is answered at its first message"
    );
    let live = telegram().commit(&at(&stub, WITHOUT), &staged.body, &staged.key).await.unwrap();
    assert_eq!((live.id.as_str(), live.url.as_deref()), ("7", Some("https://t.me/marche_ml/7")));
    assert_eq!(live.at, Some(NOW));
    let proof = json!({"chat": CHANNEL, "messages": [7], "date": 1_795_377_600, "username": "marche_ml"});
    assert_eq!(live.proof, proof);
    assert!(!format!("{staged:?}{live:?}").contains("s3cret"));
    sent::hold(&stub);

    post.reply_to = Some(Live { id: "by hand".into(), url: None, at: None, proof: Value::Null });
    let stub = Stub::start(vec![administrator()]);
    let got = telegram().stage(&at(&stub, WITHOUT), &post, &mut Kept::default()).await;
    assert!(told(&got).starts_with("Err(Content"), "{got:?}");
}

#[tokio::test]
async fn a_bot_that_lost_its_right_learns_it_before_a_film_goes_up() {
    let folder = tempfile::tempdir().unwrap();
    let post = prepared("x", vec![file(&folder, Format::Mp4, "film")]);
    for (answer, expected) in [
        (refused(401, "Unauthorized"), "Err(Auth"),
        (ok("{\"status\":\"left\"}"), "Err(Permission"),
        (ok("{\"status\":\"administrator\",\"can_post_messages\":false}"), "Err(Permission"),
        (refused(400, "Bad Request: chat not found"), "Err(Permission"),
        (refused(500, "Internal Server Error"), "Err(Transient"),
        (reply(200, "content-type: text/html\r\n", "<html>login"), "Err(Portal"),
        (json(200, "{\"ok\":true,\"res"), "Err(Transient"),
        (String::new(), "Err(Transient"),
    ] {
        let stub = Stub::start(vec![answer]);
        let got = telegram().stage(&at(&stub, KEPT), &post, &mut Kept::default()).await;
        assert!(told(&got).starts_with(expected), "expected {expected}\ngot {got:?}");
        assert_eq!(stub.lines().len(), 1);
    }
}

#[tokio::test]
async fn files_are_laid_down_once_and_the_visible_call_names_them() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, film) = (file(&folder, Format::Jpeg, "photo"), file(&folder, Format::Mp4, "film"));
    let two = format!("[{},{}]", posted(8), posted(9));
    let stub = Stub::start(vec![
        administrator(),
        laid(1, PHOTO),
        ok("true"),
        laid(2, VIDEO),
        // That the message stays is no failure.
        refused(400, "Bad Request: message can't be deleted"),
        administrator(),
        ok(&two),
    ]);
    let (session, mut steps) = (at(&stub, KEPT), Kept::default());
    // The same picture twice goes up once.
    let post = prepared("Au marché", vec![photo.clone(), film, photo.clone()]);
    let first = telegram().stage(&session, &post, &mut steps).await.unwrap();
    let again = telegram().stage(&session, &post, &mut steps).await.unwrap();
    assert_eq!(first.body, again.body);
    let expected = json!([
        {"type": "photo", "media": "large", "caption": "Au marché"},
        {"type": "video", "media": "the-film"},
        {"type": "photo", "media": "large"},
    ]);
    assert_eq!(first.body["call"], json!({"chat_id": CHANNEL, "media": expected}));
    assert_eq!(steps.0[&format!("media/{}", photo.hash)].0, json!({"kind": "photo", "file_id": "large"}));
    let live = telegram().commit(&session, &first.body, &first.key).await.unwrap();
    assert_eq!((live.id.as_str(), live.url.as_deref()), ("8,9", Some("https://t.me/marche_ml/8")));
    assert_eq!(live.proof["messages"], json!([8, 9]));
    let methods = stub.lines().iter().map(|l| l.rsplit('/').next().unwrap().to_owned()).collect::<Vec<_>>();
    let expected = [
        "getChatMember",
        "sendPhoto",
        "deleteMessage",
        "sendVideo",
        "deleteMessage",
        "getChatMember",
        "sendMediaGroup",
    ];
    assert_eq!(methods, expected);
    for upload in [&stub.seen()[1], &stub.seen()[3]] {
        let form = sent::form(upload);
        let text = |name: &str| form.texts.get(name).map(String::as_str);
        assert_eq!((text("chat_id"), text("disable_notification")), (Some("42424242"), Some("true")));
        assert_eq!(text("caption"), None, "nothing of the text is laid down");
    }
    let film = sent::form(&stub.seen()[3]);
    let text = |name: &str| film.texts.get(name).map(String::as_str);
    assert_eq!((text("width"), text("height"), text("duration")), (Some("640"), Some("360"), Some("3")));
    assert_eq!(text("supports_streaming"), Some("true"));
    assert_eq!(film.files["video"], b"film");
    sent::hold(&stub);
}

#[tokio::test]
async fn a_file_alone_goes_by_the_method_of_what_telegram_made_of_it() {
    let folder = tempfile::tempdir().unwrap();
    for (format, said, method, call) in [
        (Format::Jpeg, PHOTO, "sendPhoto", json!({"chat_id": CHANNEL, "photo": "large", "caption": "x"})),
        (Format::Mp4, VIDEO, "sendVideo", json!({"chat_id": CHANNEL, "video": "the-film", "caption": "x"})),
        (
            Format::Gif,
            ANIMATION,
            "sendAnimation",
            json!({"chat_id": CHANNEL, "animation": "the-loop", "caption": "x"}),
        ),
        // A film without sound.
        (
            Format::Mp4,
            ANIMATION,
            "sendAnimation",
            json!({"chat_id": CHANNEL, "animation": "the-loop", "caption": "x"}),
        ),
    ] {
        let stub = Stub::start(vec![administrator(), laid(1, said), ok("true"), ok(&posted(5))]);
        let staged = stage(&stub, KEPT, &prepared("x", vec![file(&folder, format, "bytes")])).await;
        assert_eq!(staged.body, json!({"method": method, "call": call, "files": []}));
        telegram().commit(&at(&stub, KEPT), &staged.body, &staged.key).await.unwrap();
        sent::hold(&stub);
    }
}

#[tokio::test]
async fn laying_a_file_down_fails_without_a_trace_of_the_post() {
    let folder = tempfile::tempdir().unwrap();
    let photo = file(&folder, Format::Jpeg, "photo");
    let document = "\"document\":{\"file_id\":\"the-document\"}";
    for (answer, expected, calls) in [
        (refused(403, "Forbidden: bot was blocked by the user"), "Err(Permission(\"the chat for files", 2),
        (refused(400, "Bad Request: IMAGE_PROCESS_FAILED"), "Err(Content", 2),
        (refused(413, "Request Entity Too Large"), "Err(Content", 2),
        (refused(429, "Too Many Requests"), "Err(RateLimited", 2),
        (refused(502, "Bad Gateway"), "Err(Transient", 2),
        (reply(200, "content-type: text/html\r\n", "<html>login"), "Err(Portal", 2),
        (json(200, "{\"ok\":true,\"result\":{\"mess"), "Err(Transient", 2),
        (String::new(), "Err(Transient", 2),
        // Taken, but as something that a post does not name.
        (laid(1, document), "Err(Content", 3),
    ] {
        let stub = Stub::start(vec![administrator(), answer, ok("true")]);
        let mut steps = Kept::default();
        let got = telegram().stage(&at(&stub, KEPT), &prepared("x", vec![photo.clone()]), &mut steps).await;
        assert!(told(&got).starts_with(expected), "expected {expected}\ngot {got:?}");
        assert_eq!((steps.0.len(), stub.lines().len()), (0, calls), "{:?}", stub.lines());
    }
}

#[tokio::test]
async fn without_a_place_for_files_they_go_up_in_the_visible_call() {
    let folder = tempfile::tempdir().unwrap();
    let (photo, film) = (file(&folder, Format::Jpeg, "photo"), file(&folder, Format::Mp4, "film"));
    let two = format!("[{},{}]", posted(8), posted(9));
    let stub = Stub::start(vec![administrator(), ok(&two)]);
    let mut post = prepared("Au marché", vec![photo, film.clone()]);
    with(&mut post, &[("silent", "true"), ("link_preview", "false")]);
    post.reply_to = Some(Live { id: "3".into(), url: None, at: None, proof: Value::Null });
    let staged = stage(&stub, WITHOUT, &post).await;
    assert_eq!(stub.lines().len(), 1, "nothing went up yet");
    let live = telegram().commit(&at(&stub, WITHOUT), &staged.body, &staged.key).await.unwrap();
    assert_eq!(live.id, "8,9");
    let form = sent::form(&stub.seen()[1]);
    assert_eq!(
        (form.files["file0"].as_slice(), form.files["file1"].as_slice()),
        (&b"photo"[..], &b"film"[..])
    );
    let media: Value = serde_json::from_str(&form.texts["media"]).unwrap();
    assert_eq!(media[0], json!({"type": "photo", "media": "attach://file0", "caption": "Au marché"}));
    let expected = json!({"type": "video", "media": "attach://file1", "width": 640, "height": 360, "duration": 3, "supports_streaming": true});
    assert_eq!(media[1], expected);
    assert_eq!(form.texts["reply_parameters"], "{\"message_id\":3}");
    sent::hold(&stub);

    for (format, name) in [(Format::Jpeg, "photo"), (Format::Mp4, "video"), (Format::Gif, "animation")] {
        let stub = Stub::start(vec![administrator(), ok(&posted(5))]);
        let staged = stage(&stub, WITHOUT, &prepared("", vec![file(&folder, format, name)])).await;
        telegram().commit(&at(&stub, WITHOUT), &staged.body, &staged.key).await.unwrap();
        let form = sent::form(&stub.seen()[1]);
        assert_eq!(form.files[name], name.as_bytes());
        assert!(!form.texts.contains_key("caption"));
        sent::hold(&stub);
    }
}

#[tokio::test]
async fn a_file_that_vanished_is_made_again_before_anything_is_sent() {
    let folder = tempfile::tempdir().unwrap();
    let photo = file(&folder, Format::Jpeg, "photo");
    let stub = Stub::start(vec![administrator(), administrator()]);
    let post = prepared("x", vec![photo.clone()]);
    let staged = stage(&stub, WITHOUT, &post).await;
    std::fs::write(&photo.path, "another").unwrap();
    let got = telegram().commit(&at(&stub, WITHOUT), &staged.body, &staged.key).await;
    assert_eq!(told(&got), "Err(Expired(\"media\"))");
    std::fs::remove_file(&photo.path).unwrap();
    let got = telegram().stage(&at(&stub, WITHOUT), &post, &mut Kept::default()).await;
    assert!(told(&got).starts_with("Err(Environment"), "{got:?}");
    assert_eq!(stub.lines().len(), 2, "no visible call: {:?}", stub.lines());
}

#[tokio::test]
async fn a_frozen_request_of_another_channel_is_never_sent() {
    let stub = Stub::start(vec![]);
    let call = json!({"chat_id": CHANNEL, "text": "x"});
    for body in [
        json!({"method": "sendMessage", "call": {"chat_id": -1009, "text": "x"}, "files": []}),
        json!({"method": "deleteMessage", "call": call, "files": []}),
        json!({"method": "sendMessage", "call": call}),
        json!({"method": "sendPhoto", "call": call, "files": [{"name": "photo", "path": "/nowhere"}]}),
        json!({}),
    ] {
        let got = telegram().commit(&at(&stub, WITHOUT), &body, "k").await;
        assert!(told(&got).starts_with("Err(Content"), "{got:?}");
    }
    assert!(stub.lines().is_empty());
}

#[tokio::test]
async fn the_visible_call_ends_in_proof_or_refusal_or_doubt() {
    let other = posted(7).replace(&CHANNEL.to_string(), "-1009");
    let half = format!("[{},{{\"message_id\":8}}]", posted(7));
    let gone = || refused(400, "Bad Request: wrong file identifier/HTTP URL specified");
    let text = json!({"method": "sendMessage", "call": {"chat_id": CHANNEL, "text": "x"}, "files": []});
    for (answer, expected) in [
        (String::new(), "Err(Uncertain"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 900\r\n\r\n{\"ok\":true".into(), "Err(Uncertain"),
        (json(200, "{\"ok\":true"), "Err(Uncertain"),
        (json(200, "{\"ok\":true}"), "Err(Uncertain"),
        (ok("true"), "Err(Uncertain"),
        (ok("{}"), "Err(Uncertain"),
        (ok("[]"), "Err(Uncertain"),
        (ok("{\"message_id\":7}"), "Err(Uncertain"),
        (ok(&other), "Err(Uncertain"),
        (ok(&half), "Err(Uncertain"),
        (reply(200, "content-type: text/html\r\n", "<html>login</html>"), "Err(Uncertain"),
        (reply(302, "location: https://login.example/\r\n", ""), "Err(Uncertain"),
        (refused(500, "Internal Server Error"), "Err(Failed"),
        (refused(400, "Bad Request: message is too long"), "Err(Content"),
        (refused(401, "Unauthorized"), "Err(Auth"),
        (refused(403, "Forbidden: bot was kicked from the channel chat"), "Err(Permission"),
        (refused(429, "Too Many Requests"), "Err(RateLimited"),
        (gone(), "Err(Expired(\"media\"))"),
        (ok(&posted(7)), "Ok(Live { id: \"7\""),
    ] {
        let stub = Stub::start(vec![answer.clone()]);
        let got = telegram().commit(&at(&stub, KEPT), &text, "k").await;
        assert!(told(&got).starts_with(expected), "{answer}\nexpected {expected}\ngot {got:?}");
        assert_eq!(stub.lines().len(), 1, "one call and no more");
    }
    // With the files themselves in the call there is nothing that could have been forgotten.
    let folder = tempfile::tempdir().unwrap();
    let stub = Stub::start(vec![administrator(), gone()]);
    let staged = stage(&stub, WITHOUT, &prepared("x", vec![file(&folder, Format::Jpeg, "photo")])).await;
    let got = telegram().commit(&at(&stub, WITHOUT), &staged.body, "k").await;
    assert!(told(&got).starts_with("Err(Content"), "{got:?}");
}

#[test]
fn a_message_has_an_address_where_people_can_open_one() {
    let url = |chat: i64, name: &str| {
        let said = json!({"message_id": 7, "date": 1, "chat": {"id": chat, "username": name}});
        message::live(chat, &said).unwrap().url
    };
    assert_eq!(url(CHANNEL, "marche_ml").as_deref(), Some("https://t.me/marche_ml/7"));
    assert_eq!(url(CHANNEL, "").as_deref(), Some("https://t.me/c/1234567890/7"));
    assert_eq!(url(-4242, ""), None, "a small group has no addresses");
}

#[tokio::test]
async fn nobody_but_a_person_can_tell_whether_a_post_is_live() {
    let stub = Stub::start(vec![]);
    let armed = Armed {
        at: NOW,
        server_date: Some(NOW),
        newest_own: None,
        key: "k".into(),
        fingerprint: String::new(),
        body: json!({"method": "sendMessage", "call": {"chat_id": CHANNEL, "text": "x"}, "files": []}),
        maybe_sent: true,
        sent_at: Some(NOW),
        given_up_at: None,
        answered: false,
        unanswered_since: None,
        absent_at: None,
        resends: 0,
    };
    for armed in [Some(armed), None] {
        let question = Question {
            prepared: prepared("x", vec![]),
            armed,
            since: NOW,
            taken: vec!["7".into()],
            dated: false,
            kept: None,
        };
        let mut session = at(&stub, WITHOUT);
        for (handle, place) in
            [("@marche_ml", "https://t.me/marche_ml"), ("Le marché", "“Le marché” in Telegram")]
        {
            session.account.handle = handle.into();
            match telegram().probe(&session, &question).await {
                Ok(Probe::CannotTell(why)) => assert!(why.ends_with(place), "{why}"),
                other => panic!("{other:?}"),
            }
        }
    }
    assert!(stub.lines().is_empty());
}
