//! Telegram.

use griot_stubs::http::{Answer, Request};
use griot_stubs::telegram::{CHANNEL, DESK, TOKEN};
use griot_stubs::{Auditor, Telegram};
use serde_json::{Value, json};

use super::{FILM, PICTURE, assert_clean, hash, send};

fn call(telegram: &Telegram, method: &str, body: &Value) -> Answer {
    send(telegram, &Request::new("POST", &format!("/bot{TOKEN}/{method}")).with_json(body))
}

fn upload(telegram: &Telegram, method: &str, texts: &[(&str, &str)], files: &[(&str, &[u8])]) -> Answer {
    let files: Vec<_> = files.iter().map(|(name, bytes)| (*name, "a.bin", "image/jpeg", *bytes)).collect();
    send(telegram, &Request::new("POST", &format!("/bot{TOKEN}/{method}")).with_form(texts, &files))
}

fn words(answer: &Answer) -> String {
    answer.value()["description"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn messages_are_kept_byte_for_byte() {
    let telegram = Telegram::start();
    let text = "Deux lignes\net *plus* [ici]";
    let first = call(&telegram, "sendMessage", &json!({"chat_id": CHANNEL, "text": text}));
    let id = first.value()["result"]["message_id"].as_i64().unwrap();
    let under = json!({"chat_id": CHANNEL, "text": "Suite", "reply_parameters": {"message_id": id}});
    assert_eq!(call(&telegram, "sendMessage", &under).status, 200);
    let chat = CHANNEL.to_string();
    let one = upload(&telegram, "sendPhoto", &[("chat_id", &chat), ("caption", "Vu")], &[("photo", PICTURE)]);
    assert_eq!(one.status, 200, "{}", words(&one));
    let posts = telegram.posts();
    assert_eq!((posts[0].text.as_str(), posts[0].id.clone()), (text, id.to_string()));
    assert_eq!(posts[1].parent.as_deref(), Some(id.to_string().as_str()));
    assert_eq!((posts[2].text.as_str(), posts[2].media[0].hash.clone()), ("Vu", hash(PICTURE)));
    // Telegram has no idea of a duplicate.
    assert_eq!(call(&telegram, "sendMessage", &json!({"chat_id": CHANNEL, "text": text})).status, 200);
    assert_eq!(telegram.posts().len(), 4);
    assert_clean(&telegram);
}

#[test]
fn files_are_laid_down_in_private_and_named_in_the_channel() {
    let telegram = Telegram::start();
    let desk = DESK.to_string();
    let photo = upload(&telegram, "sendPhoto", &[("chat_id", &desk)], &[("photo", PICTURE)]).value();
    let film = upload(&telegram, "sendVideo", &[("chat_id", &desk)], &[("video", FILM)]).value();
    assert_eq!((telegram.posts().len(), telegram.laid_down()), (0, 2));
    for message in [&photo, &film] {
        let id = message["result"]["message_id"].clone();
        assert_eq!(call(&telegram, "deleteMessage", &json!({"chat_id": DESK, "message_id": id})).status, 200);
    }
    assert_eq!(telegram.laid_down(), 0);
    let named = [photo["result"]["photo"][1]["file_id"].clone(), film["result"]["video"]["file_id"].clone()];
    let media = json!([{"type": "photo", "media": named[0], "caption": "Deux"}, {"type": "video", "media": named[1]}]);
    let album = call(&telegram, "sendMediaGroup", &json!({"chat_id": CHANNEL, "media": media})).value();
    assert_eq!(album["result"].as_array().unwrap().len(), 2);
    let post = &telegram.posts()[0];
    let hashes: Vec<_> = post.media.iter().map(|medium| medium.hash.clone()).collect();
    assert_eq!((post.text.as_str(), hashes), ("Deux", vec![hash(PICTURE), hash(FILM)]));
    telegram.forget_files();
    let gone = call(&telegram, "sendPhoto", &json!({"chat_id": CHANNEL, "photo": named[0]}));
    assert!(words(&gone).contains("wrong file identifier"), "{}", words(&gone));
    assert_clean(&telegram);
}

#[test]
fn what_telegram_refuses_is_refused() {
    let telegram = Telegram::start();
    let status = |target: &str| send(&telegram, &Request::new("POST", target)).status;
    assert_eq!(status("/getMe"), 404);
    assert_eq!(status("/bot123456789:wrong/getMe"), 401);
    assert_eq!(status(&format!("/bot{TOKEN}/sendMassage")), 404);
    assert_eq!(call(&telegram, "sendMessage", &json!({"chat_id": -1, "text": "x"})).status, 400);
    telegram.allow(false);
    let refused = call(&telegram, "sendMessage", &json!({"chat_id": CHANNEL, "text": "x"}));
    assert!(words(&refused).contains("not enough rights"));
    telegram.allow(true);
    telegram.revoke();
    assert_eq!(call(&telegram, "getMe", &json!({})).status, 401);
    telegram.replace("987654321:another");
    assert_eq!(status("/bot987654321:another/getMe"), 200);
    assert!(telegram.posts().is_empty());
}

#[test]
fn a_wrong_field_is_noted() {
    if !griot_stubs::spec::is_here(griot_stubs::spec::TELEGRAM) {
        return;
    }
    let telegram = Telegram::start();
    call(&telegram, "sendMessage", &json!({"chat_id": CHANNEL, "text": "x", "silent": true}));
    assert_eq!(telegram.violations().len(), 1, "{:?}", telegram.violations());
    let long = call(&telegram, "sendMessage", &json!({"chat_id": CHANNEL, "text": "x".repeat(4097)}));
    assert_eq!((long.status, telegram.violations().len()), (400, 2));
}
