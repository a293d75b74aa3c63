//! What servers make of what they are given, by raw requests.

use griot_stubs::http::{Answer, Request};
use griot_stubs::manners::Source;
use griot_stubs::rendering::Rendering;
use griot_stubs::{Auditor, Discourse, Fediverse, Manners, discourse, fediverse};
use serde_json::{Value, json};

use super::{assert_clean, send};

const NOW: i64 = 1_795_377_600_000;

fn ask(server: &Fediverse, method: &str, path: &str, body: Option<&Value>) -> Answer {
    let request = Request::new(method, path).with("authorization", &format!("Bearer {}", fediverse::TOKEN));
    send(server, &body.map_or(request.clone(), |body| request.with_json(body)))
}

fn publish(server: &Fediverse, body: &Value) -> Value {
    let answer = ask(server, "POST", "/api/v1/statuses", Some(body));
    assert_eq!(answer.status, 200, "{}", answer.value());
    answer.value()
}

fn fediverse(manners: Manners) -> Fediverse {
    let server = Fediverse::start();
    server.set_now(NOW);
    server.behave(manners);
    server
}

#[test]
fn a_server_shows_what_it_makes_of_a_text_and_tells_what_was_written_where_it_does() {
    let text = r"¯\_(ツ)_/¯ &amp; _ici_";
    for (rendering, html) in [
        (Rendering::Plain, "<p>¯_(ツ)_/¯ & _ici_</p>"),
        (Rendering::Markdown, "<p>¯_(ツ)_/¯ & <em>ici</em></p>"),
        (Rendering::Mastodon, r"<p>¯\_(ツ)_/¯ &amp;amp; _ici_</p>"),
    ] {
        for (source, told, status) in [
            (Source::InThePost, json!(text), 200),
            (Source::ByAddress, Value::Null, 200),
            (Source::Nowhere, Value::Null, 404),
        ] {
            let server = fediverse(Manners { rendering, source, ..Manners::default() });
            let said = publish(&server, &json!({"status": text, "spoiler_text": "I <3 you"}));
            assert_eq!((&said["content"], &said["text"]), (&json!(html), &told));
            assert_eq!(said["spoiler_text"], "I <3 you", "a warning is plain");
            let path = format!("/api/v1/statuses/{}/source", said["id"].as_str().unwrap());
            assert_eq!(ask(&server, "GET", &path, None).status, status);
            assert_eq!(server.posts()[0].text, text);
            assert_clean(&server);
        }
    }
}

#[test]
fn an_author_may_ask_for_plain_text_where_the_server_says_so() {
    let manners = Manners { rendering: Rendering::Markdown, takes_formats: true, ..Manners::default() };
    for (manners, html) in
        [(manners, "<p>_ici_</p>"), (Manners { takes_formats: false, ..manners }, "<p><em>ici</em></p>")]
    {
        let server = fediverse(manners);
        let said = publish(&server, &json!({"status": "_ici_", "content_type": "text/plain"}));
        assert_eq!(said["content"], html);
        let instance = ask(&server, "GET", "/api/v2/instance", None).value();
        let offered = &instance["configuration"]["statuses"]["supported_mime_types"];
        assert_eq!(offered.is_array(), manners.takes_formats);
        assert_clean(&server);
    }
}

#[test]
fn a_new_post_is_found_by_its_number_before_lists_have_it() {
    let server = fediverse(Manners { lists_after_ms: 20_000, ..Manners::default() });
    let said = publish(&server, &json!({"status": "Bonjour"}));
    let list =
        || ask(&server, "GET", "/api/v1/accounts/109/statuses", None).value().as_array().unwrap().len();
    let one = format!("/api/v1/statuses/{}", said["id"].as_str().unwrap());
    assert_eq!((list(), ask(&server, "GET", &one, None).status), (0, 200));
    server.set_now(NOW + 19_999);
    assert_eq!(list(), 0);
    server.set_now(NOW + 20_000);
    assert_eq!((list(), server.posts().len()), (1, 1));
}

#[test]
fn a_tidy_server_keeps_a_text_without_what_nobody_sees() {
    let server = fediverse(Manners { tidies: true, source: Source::InThePost, ..Manners::default() });
    let said = publish(&server, &json!({"status": " e\u{301}te\u{301}\r\net\u{a0}: puis  là "}));
    assert_eq!(
        (said["text"].as_str(), server.posts()[0].text.as_str()),
        (Some("été\net : puis là"), "été\net : puis là")
    );
}

#[test]
fn a_forum_shows_its_own_rendering_beside_what_was_written() {
    let forum = Discourse::start();
    let body = json!({"title": "Un sujet pour la ronde", "category": discourse::CATEGORY,
        "raw": "Il dit \"oui\" -- enfin... _ici_ pour tous"});
    let request = Request::new("POST", "/posts.json").with("api-key", discourse::KEY);
    let said = send(&forum, &request.with("api-username", discourse::USERNAME).with_json(&body)).value();
    assert_eq!(said["cooked"], "<p>Il dit “oui” – enfin… <em>ici</em> pour tous</p>");
    assert_eq!(said["raw"], body["raw"]);
}
