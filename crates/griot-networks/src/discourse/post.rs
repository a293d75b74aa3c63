//! The post as a forum takes it and as it gives it back.

use griot_domain::markup::written;
use griot_domain::{DeliveryId, Markup};
use reqwest::Url;
use serde_json::{Map, Value, json};

use crate::{Error, Live, Prepared, Why};

/// What a delivery becomes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// A topic of its own.
    Topic,
    /// An answer in a topic, perhaps to one of its posts.
    Answer { topic: u64, post: Option<u64> },
}

/// The name that a forum keeps beside our topic and finds it by: fixed by the delivery, so that every copy of the
/// workspace uses the same one. Forums take 50 letters, figures, `-` and `_`.
pub(super) fn key(delivery: DeliveryId) -> String {
    let hash = blake3::hash(&delivery.bytes()).to_hex();
    format!("griot-{}", &hash.as_str()[..32])
}

/// The value of a declared field, when there is one.
pub(super) fn field<'a>(prepared: &'a Prepared, name: &str) -> Option<&'a str> {
    prepared.fields.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// What `prepared` becomes: it follows a live post, it answers in a topic that a person named, or it is a topic.
pub(super) fn target(server: &str, prepared: &Prepared) -> Result<Target, Error> {
    if let Some(before) = &prepared.reply_to {
        let (topic, post) = (before.proof["topic_id"].as_u64(), before.proof["post_number"].as_u64());
        let by_address = || before.url.as_deref().and_then(|url| place(server, url));
        let known = topic.map(|topic| (topic, post)).or_else(by_address);
        let lost = || {
            Error::Content(Why::ours(
                "Le sujet du message qu\u{2019}elle suit n\u{2019}est pas connu.",
                "The topic of the post that it follows is not known.",
            ))
        };
        let (topic, post) = known.ok_or_else(lost)?;
        // An answer to the first post is an answer to the topic.
        return Ok(Target::Answer { topic, post: post.filter(|number| *number > 1) });
    }
    let Some(named) = field(prepared, "topic") else { return Ok(Target::Topic) };
    let topic = named.parse().ok().or_else(|| place(server, named).map(|(topic, _)| topic));
    let wrong = || {
        Error::Content(Why::ours(
            format!(
                "«\u{a0}{named}\u{a0}» n\u{2019}est ni le numéro ni l\u{2019}adresse d\u{2019}un sujet de ce forum."
            ),
            format!(
                "\u{201c}{named}\u{201d} is neither the number nor the address of a topic of this forum."
            ),
        ))
    };
    topic.map(|topic| Target::Answer { topic, post: None }).ok_or_else(wrong)
}

/// The topic and the post that an address on this forum names: `/t/slug/12`, `/t/slug/12/3`, `/t/12`, `/t/12/3`.
pub(super) fn place(server: &str, address: &str) -> Option<(u64, Option<u64>)> {
    let (server, url) = (Url::parse(server).ok()?, Url::parse(address).ok()?);
    if url.host_str() != server.host_str() || url.port_or_known_default() != server.port_or_known_default() {
        return None;
    }
    in_path(url.path())
}

/// The same in the path of an address.
pub(super) fn in_path(path: &str) -> Option<(u64, Option<u64>)> {
    let path = path.trim_end_matches('/').trim_end_matches(".json");
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    let number = |text: &str| text.parse::<u64>().ok();
    match parts.as_slice() {
        ["t", topic] => Some((number(topic)?, None)),
        // A slug of figures alone is none: forums write `topic` or `-` instead.
        ["t", first, second] => match number(first) {
            Some(topic) => Some((topic, Some(number(second)?))),
            None => Some((number(second)?, None)),
        },
        ["t", _, topic, post] => Some((number(topic)?, Some(number(post)?))),
        _ => None,
    }
}

/// The words of a post as a forum reads them: its marks stay, and what it would take for marks and a person would not
/// is kept from becoming some.
pub(super) fn raw(text: &str) -> String {
    written(text.trim_end(), Markup::Markdown)
}

/// The frozen request: what was said of its place, and the text with its media below it.
pub(super) fn body(mut head: Map<String, Value>, text: &str, markup: &[String]) -> Value {
    let words = raw(text);
    let mut parts: Vec<&str> = Vec::new();
    parts.extend(Some(words.as_str()).filter(|words| !words.is_empty()));
    parts.extend(markup.iter().map(String::as_str));
    head.insert("raw".into(), json!(parts.join("\n\n")));
    Value::Object(head)
}

/// What is kept of a live post; nothing when the value is none.
pub(super) fn live(server: &str, said: &Value) -> Option<Live> {
    // Asked for in another way, forums wrap it.
    let found = if said["post"].is_object() { &said["post"] } else { said };
    let number = |name: &str| found[name].as_u64().filter(|n| *n > 0);
    let (id, topic, post) = (number("id")?, number("topic_id")?, number("post_number")?);
    let slug = found["topic_slug"].as_str().filter(|slug| !slug.is_empty()).unwrap_or("-");
    let mut url = Url::parse(server).ok()?;
    url.path_segments_mut().ok()?.clear().extend(["t", slug, &topic.to_string(), &post.to_string()]);
    Some(Live {
        id: id.to_string(),
        url: Some(url.to_string()),
        at: found["created_at"].as_str().and_then(|at| at.parse().ok()),
        proof: json!({
            "id": id, "topic_id": topic, "topic_slug": slug, "post_number": post, "created_at": found["created_at"],
        }),
    })
}

#[cfg(test)]
mod tests {
    use griot_domain::Timestamp;

    use super::*;
    use crate::stub::prepared;

    const SERVER: &str = "https://forum.example";

    #[test]
    fn a_key_is_fixed_by_its_delivery_and_one_that_forums_take() {
        let of = |last| key(DeliveryId::new(Timestamp::from_millis(1_795_377_600_123), [last; 10]));
        assert_eq!(of(7), of(7));
        assert_ne!(of(7), of(8));
        assert!(of(7).len() <= 50 && of(7).bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }

    #[test]
    fn a_topic_is_named_by_its_number_or_its_address_on_this_forum() {
        let mut post = prepared("x", vec![]);
        let mut of = |typed: &str| {
            post.fields.insert("topic".into(), typed.into());
            target(SERVER, &post)
        };
        for bad in [
            "douze",
            "-1",
            "https://other.example/t/a/12",
            "https://forum.example/c/12",
            "https://forum.example/t/a/b",
            "https://forum.example:8443/t/a/12",
        ] {
            assert!(matches!(of(bad), Err(Error::Content(_))), "{bad}");
        }
        assert_eq!(of(" ").unwrap(), Target::Topic);
        for good in [
            "12",
            " 12 ",
            "https://forum.example/t/a/12",
            "https://forum.example/t/a/12/7?u=awa#x",
            "https://forum.example/t/12",
        ] {
            assert_eq!(of(good).unwrap(), Target::Answer { topic: 12, post: None }, "{good}");
        }
    }

    #[test]
    fn a_first_comment_answers_the_post_before_it() {
        let mut post = prepared("x", vec![]);
        post.fields.insert("topic".into(), "99".into());
        let mut of = |url: Option<&str>, proof: Value| {
            let url = url.map(str::to_owned);
            post.reply_to = Some(Live { id: "7".into(), url, at: None, proof });
            target(SERVER, &post)
        };
        assert!(of(None, Value::Null).is_err());
        assert!(of(Some("https://other.example/t/a/12"), Value::Null).is_err());
        let topic = Target::Answer { topic: 12, post: None };
        assert_eq!(of(None, json!({"topic_id": 12, "post_number": 1})).unwrap(), topic);
        assert_eq!(of(Some("https://forum.example/t/a/12/1"), Value::Null).unwrap(), topic);
        let third = Target::Answer { topic: 12, post: Some(3) };
        assert_eq!(of(None, json!({"topic_id": 12, "post_number": 3})).unwrap(), third);
    }

    #[test]
    fn only_a_post_with_its_place_is_live() {
        for not_live in [
            json!({}),
            json!([]),
            json!({"id": 1}),
            json!({"id": 0, "topic_id": 2, "post_number": 1}),
            json!({"success": true, "action": "enqueued"}),
            json!({"id": "1", "topic_id": "2", "post_number": "1"}),
        ] {
            assert_eq!(live(SERVER, &not_live), None, "{not_live}");
        }
        let post = json!({"id": 9, "topic_id": 2, "post_number": 1, "topic_slug": "marché", "raw": "x"});
        for said in [post.clone(), json!({"action": "create_post", "post": post})] {
            let live = live(SERVER, &said).unwrap();
            assert_eq!(
                (live.id.as_str(), live.url.as_deref()),
                ("9", Some("https://forum.example/t/march%C3%A9/2/1"))
            );
            assert_eq!(live.proof["topic_id"], 2);
        }
    }
}
