//! Connecting, checking, and what the rest of the family of answers means.

use super::*;
use crate::stub::reply;

fn input(stub: &Stub, fields: &[(&str, &str)]) -> ConnectInput {
    let mut input = ConnectInput { server: Some(stub.url.clone()), ..ConnectInput::default() };
    input.fields.0.extend(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    input
}

fn me() -> String {
    ok("{\"id\":123456789,\"is_bot\":true,\"first_name\":\"Griot\",\"username\":\"griot_bot\"}")
}

fn channel(kind: &str) -> String {
    ok(&format!(
        "{{\"id\":{CHANNEL},\"type\":\"{kind}\",\"title\":\"Le marché\",\"username\":\"marche_ml\"}}"
    ))
}

fn member(words: &str) -> String {
    ok(&format!("{{\"status\":{words}}}"))
}

#[tokio::test]
async fn what_cannot_be_a_token_is_sent_nowhere() {
    let stub = Stub::start(vec![]);
    for token in [
        "",
        "  ",
        "s3cret",
        "123456789",
        "123456789:short-s3cret",
        "123456789:AAs3cret-token_of_the\nbot_0123456789000",
        "123456789:AAs3cret-token_of_the_bot_0123456789\nChannel: @x",
        "123456789:AAs3cret-token/of/the/bot/0123456789",
        "123456789:AAs3cret-token_of_the_bot_../getMe?x",
        "eyJhbGciOiJIUzI1NiJ9.s3cret.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
        "EAAGs3cretaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    ] {
        let got = telegram().connect(&input(&stub, &[("token", token), ("channel", "@marche_ml")])).await;
        assert!(told(&got).starts_with("Err(Auth"), "{token}: {got:?}");
    }
    for server in ["http://telegram.example", "https://a:b@telegram.example"] {
        let mut given = input(&stub, &[("token", TOKEN), ("channel", "@marche_ml")]);
        given.server = Some(server.into());
        assert!(told(&telegram().connect(&given).await).starts_with("Err(Auth"));
    }
    for (name, typed) in
        [("channel", ""), ("channel", "https://t.me/+invitation"), ("desk", "@awa"), ("desk", "-5")]
    {
        let mut given = input(&stub, &[("token", TOKEN), ("channel", "@marche_ml")]);
        given.fields.0.insert(name.into(), typed.into());
        let got = telegram().connect(&given).await;
        assert!(told(&got).starts_with("Err(Permission"), "{name} {typed}: {got:?}");
    }
    assert!(stub.lines().is_empty(), "{:?}", stub.lines());
}

#[tokio::test]
async fn connecting_says_which_channel_it_is_or_why_not() {
    let may = "\"administrator\",\"can_post_messages\":true";
    for (script, expected) in [
        (vec![refused(401, "Unauthorized")], "Err(Auth"),
        (vec![refused(404, "Not Found")], "Err(Auth"),
        (vec![reply(200, "content-type: text/html\r\n", "<html>")], "Err(Portal"),
        (vec![json(200, "{\"ok\":true,\"result\":{}}")], "Err(Portal"),
        (vec![json(200, "{\"login\":\"here\"}")], "Err(Transient"),
        (vec![refused(502, "Bad Gateway")], "Err(Transient"),
        (vec![String::new()], "Err(Transient"),
        (vec![me(), refused(400, "Bad Request: chat not found")], "Err(Permission"),
        (vec![me(), refused(403, "Forbidden: bot was kicked from the channel chat")], "Err(Permission"),
        (vec![me(), channel("private")], "Err(Permission(\"this is neither"),
        (
            vec![me(), channel("channel"), refused(400, "Bad Request: member list is inaccessible")],
            "Err(Permission",
        ),
        (
            vec![me(), channel("channel"), member("\"left\"")],
            "Err(Permission(\"the bot is not an administrator",
        ),
        (vec![me(), channel("channel"), member("\"kicked\"")], "Err(Permission(\"the bot was removed"),
        (vec![me(), channel("channel"), member("\"member\"")], "Err(Permission"),
        (vec![me(), channel("channel"), member("\"administrator\"")], "Err(Permission"),
        (
            vec![me(), channel("channel"), member("\"administrator\",\"can_post_messages\":false")],
            "Err(Permission",
        ),
        (vec![me(), channel("supergroup"), member("\"restricted\",\"is_member\":true")], "Err(Permission"),
        (vec![me(), channel("channel"), member("\"emperor\"")], "Err(Portal"),
        (vec![me(), channel("supergroup"), member("\"administrator\"")], "Ok(Connected"),
        (vec![me(), channel("group"), member("\"member\"")], "Ok(Connected"),
        (vec![me(), channel("channel"), member("\"creator\"")], "Ok(Connected"),
        (vec![me(), channel("channel"), member(may)], "Ok(Connected"),
    ] {
        let stub = Stub::start(script.clone());
        let pasted = format!(" Bearer {TOKEN} \n");
        let got =
            telegram().connect(&input(&stub, &[("token", &pasted), ("channel", "t.me/marche_ml")])).await;
        assert!(told(&got).starts_with(expected), "{script:?}\nexpected {expected}\ngot {got:?}");
        sent::hold(&stub);
    }
}

#[tokio::test]
async fn a_connected_channel_keeps_its_number_whatever_its_name_becomes() {
    let may = || member("\"administrator\",\"can_post_messages\":true");
    let stub = Stub::start(vec![me(), channel("channel"), may()]);
    let found =
        telegram().connect(&input(&stub, &[("token", TOKEN), ("channel", "@Marche_ML")])).await.unwrap();
    assert_eq!((found.server.as_str(), found.handle.as_str()), (stub.url.as_str(), "@marche_ml"));
    assert_eq!(found.remote_id, CHANNEL.to_string());
    assert_eq!(found.secrets.get("token"), Some(TOKEN));
    assert_eq!((found.secrets.get("desk"), found.limits), (None, None));
    assert_eq!(stub.seen()[1].body, b"{\"chat_id\":\"@Marche_ML\"}");

    let unnamed = ok(&format!("{{\"id\":{CHANNEL},\"type\":\"channel\",\"title\":\" Le marché \"}}"));
    let stub = Stub::start(vec![me(), unnamed, may()]);
    let found = telegram().check(&at(&stub, false)).await.unwrap();
    assert_eq!(found.handle, "Le marché");
    assert_eq!(stub.seen()[1].body, format!("{{\"chat_id\":{CHANNEL}}}").into_bytes());

    let other = ok("{\"id\":-1009,\"type\":\"channel\",\"title\":\"x\"}");
    let stub = Stub::start(vec![me(), other, may()]);
    assert!(told(&telegram().check(&at(&stub, false)).await).starts_with("Err(Auth"));
}

#[tokio::test]
async fn files_are_laid_down_in_an_open_private_chat_only() {
    let may = || member("\"administrator\",\"can_post_messages\":true");
    for (desk, expected) in [
        (refused(400, "Bad Request: chat not found"), "Err(Permission(\"the chat for files: "),
        (refused(403, "Forbidden: bot was blocked by the user"), "Err(Permission(\"the chat for files: "),
        (ok("{\"id\":42424242,\"type\":\"channel\"}"), "Err(Permission(\"the chat for files"),
        (ok("{\"id\":42424242,\"type\":\"private\"}"), "Ok(Connected"),
    ] {
        let stub = Stub::start(vec![me(), channel("channel"), may(), desk]);
        let fields = [("token", TOKEN), ("channel", "@marche_ml"), ("desk", " 42424242 ")];
        let got = telegram().connect(&input(&stub, &fields)).await;
        assert!(told(&got).starts_with(expected), "expected {expected}\ngot {got:?}");
        if let Ok(found) = got {
            assert_eq!(found.secrets.get("desk"), Some("42424242"));
        }
        sent::hold(&stub);
    }
}

/// What a call is refused with, as a step and as the visible call.
async fn refusals(answer: &str) -> [String; 2] {
    let mut told_both = [String::new(), String::new()];
    for (visible, told_one) in [false, true].into_iter().zip(&mut told_both) {
        let stub = Stub::start(vec![answer.to_owned()]);
        let bot = Bot::new(&stub.url, TOKEN).unwrap();
        let mut request = bot.asks("sendMessage", json!({"chat_id": CHANNEL, "text": "x"})).unwrap();
        if visible {
            request = request.visible();
        }
        let error = match client().send(request).await {
            Ok(answer) => api::refusal(&answer),
            Err(error) => error,
        };
        *told_one = told(&Err::<(), _>(error));
    }
    told_both
}

#[tokio::test]
async fn every_refusal_means_one_thing() {
    let migrated = "{\"ok\":false,\"error_code\":400,\"description\":\"Bad Request: group chat was upgraded to a supergroup chat\",\"parameters\":{\"migrate_to_chat_id\":-1009}}";
    let bad = |words: &str| refused(400, &format!("Bad Request: {words}"));
    for (answer, step, visible) in [
        (refused(401, "Unauthorized"), "Auth", "Auth"),
        (refused(404, "Not Found"), "Auth", "Auth"),
        (json(400, migrated), "Auth(\"the group has become", "Auth(\"the group has become"),
        (refused(403, "Forbidden: bot was kicked from the channel chat"), "Permission", "Permission"),
        (refused(403, "Forbidden: bot is not a member of the channel chat"), "Permission", "Permission"),
        (bad("chat not found"), "Permission", "Permission"),
        (bad("not enough rights to send photos to the chat"), "Permission", "Permission"),
        (bad("need administrator rights in the channel chat"), "Permission", "Permission"),
        (bad("CHAT_WRITE_FORBIDDEN"), "Permission", "Permission"),
        (bad("message is too long"), "Content(\"Bad Request: message is too long (400)", "Content"),
        (bad("message caption is too long"), "Content", "Content"),
        (bad("PHOTO_INVALID_DIMENSIONS"), "Content", "Content"),
        (bad("message to be replied not found"), "Content", "Content"),
        (bad("wrong file identifier/HTTP URL specified"), "Expired(\"media\")", "Expired(\"media\")"),
        (bad("FILE_REFERENCE_EXPIRED"), "Expired", "Expired"),
        (refused(413, "Request Entity Too Large"), "Content", "Content"),
        (reply(413, "content-type: text/html\r\n", "<html>"), "Content", "Content"),
        (refused(409, "Conflict: terminated by other getUpdates request"), "Transient", "Uncertain"),
        (refused(500, "Internal Server Error"), "Transient", "Failed"),
        (refused(504, "Gateway Timeout"), "Transient", "Uncertain"),
        (json(403, "{\"message\":\"blocked by the gateway\"}"), "Transient", "Uncertain"),
        (json(400, "{}"), "Transient", "Uncertain"),
        (json(200, "{\"ok\":false}"), "Transient", "Uncertain"),
        (reply(502, "content-type: text/html\r\n", "<html>"), "Transient", "Uncertain"),
        (reply(403, "content-type: text/html\r\n", "<html>"), "Portal", "Uncertain"),
    ] {
        let got = refusals(&answer).await;
        for (expected, got) in [step, visible].into_iter().zip(got) {
            assert!(got.starts_with(&format!("Err({expected}")), "{answer}\nexpected {expected}\ngot {got}");
        }
    }
}

#[tokio::test]
async fn a_rate_limit_says_until_when() {
    let after = |seconds: &str| {
        json(
            429,
            &format!(
                "{{\"ok\":false,\"error_code\":429,\"description\":\"Too Many Requests: retry after 35\",\"parameters\":{{\"retry_after\":{seconds}}}}}"
            ),
        )
    };
    let header = |body: &str| reply(429, "content-type: application/json\r\nretry-after: 7\r\n", body);
    let until = |seconds: i64| format!("{:?}", Some(crate::stub::NOW.plus_millis(seconds * 1000)));
    for (answer, expected) in [
        (after("35"), until(35)),
        (after("0"), until(0)),
        (after("-1"), "None".into()),
        (after("\"soon\""), "None".into()),
        (refused(429, "Too Many Requests"), "None".into()),
        (header("{\"ok\":false,\"error_code\":429}"), until(7)),
    ] {
        let expected = format!("Err(RateLimited {{ until: {expected} }})");
        assert_eq!(refusals(&answer).await, [expected.clone(), expected], "{answer}");
    }
    // A front door's word: enough to wait before a step, and no proof that nothing was posted.
    for answer in [header("<html>"), header("{\"error\":\"slow down\"}")] {
        let [step, visible] = refusals(&answer).await;
        assert_eq!(step, format!("Err(RateLimited {{ until: {} }})", until(7)), "{answer}");
        assert!(visible.starts_with("Err(Uncertain"), "{answer}: {visible}");
    }
}

#[tokio::test]
async fn a_server_that_repeats_the_token_is_not_quoted_with_it() {
    let letters = TOKEN.split_once(':').unwrap().1;
    for words in [TOKEN, letters] {
        let got = refusals(&refused(401, &format!("Unauthorized: {words}"))).await;
        assert!(got[0].contains("Unauthorized: …"), "{got:?}");
    }
}
