//! Every body that is sent, against the arguments that WordPress documents for its routes. A site answers its own
//! schema only when it is asked; this is the part of it that is used, written down by hand.

use super::live::following;
use super::*;

/// What an argument takes.
#[derive(Clone, Copy)]
enum Takes {
    Text,
    Number,
    Numbers,
    Flag,
    OneOf(&'static [&'static str]),
}

const POST: &[(&str, Takes)] = &[
    ("id", Takes::Number),
    ("date", Takes::Text),
    ("date_gmt", Takes::Text),
    ("slug", Takes::Text),
    ("status", Takes::OneOf(&["publish", "future", "draft", "pending", "private"])),
    ("password", Takes::Text),
    ("title", Takes::Text),
    ("content", Takes::Text),
    ("author", Takes::Number),
    ("excerpt", Takes::Text),
    ("featured_media", Takes::Number),
    ("comment_status", Takes::OneOf(&["open", "closed"])),
    ("ping_status", Takes::OneOf(&["open", "closed"])),
    ("sticky", Takes::Flag),
    ("template", Takes::Text),
    ("categories", Takes::Numbers),
    ("tags", Takes::Numbers),
];
const MEDIUM: &[(&str, Takes)] = &[
    ("id", Takes::Number),
    ("slug", Takes::Text),
    ("title", Takes::Text),
    ("author", Takes::Number),
    ("alt_text", Takes::Text),
    ("caption", Takes::Text),
    ("description", Takes::Text),
    ("post", Takes::Number),
];
const COMMENT: &[(&str, Takes)] = &[
    ("author", Takes::Number),
    ("content", Takes::Text),
    ("parent", Takes::Number),
    ("post", Takes::Number),
];

fn fits(value: &Value, takes: Takes) -> bool {
    match takes {
        Takes::Text => value.is_string(),
        Takes::Number => value.as_u64().is_some_and(|n| n > 0),
        Takes::Numbers => value.as_array().is_some_and(|all| all.iter().all(|one| fits(one, Takes::Number))),
        Takes::Flag => value.is_boolean(),
        Takes::OneOf(choices) => value.as_str().is_some_and(|value| choices.contains(&value)),
    }
}

/// The first thing that is wrong with a body.
fn wrong(body: &Value, table: &[(&str, Takes)]) -> Option<String> {
    let Some(body) = body.as_object().filter(|body| !body.is_empty()) else { return Some("no body".into()) };
    body.iter().find_map(|(name, value)| match table.iter().find(|(known, _)| known == name) {
        None => Some(format!("{name} is unknown")),
        Some((_, takes)) => (!fits(value, *takes)).then(|| format!("{name} is {value}")),
    })
}

/// The table of a route; nothing for the raw bytes of a file.
fn table(line: &str) -> Option<&'static [(&'static str, Takes)]> {
    let path = line.strip_prefix("POST /wp-json/wp/v2/")?.split('?').next()?;
    let number = |rest: &str| rest.parse::<u64>().is_ok();
    match path.split_once('/') {
        None if path == "posts" => Some(POST),
        None if path == "comments" => Some(COMMENT),
        None if path == "media" => None,
        Some(("posts", id)) if number(id) => Some(POST),
        Some(("media", id)) if number(id) => Some(MEDIUM),
        _ => panic!("{line} is no route"),
    }
}

#[tokio::test]
async fn every_body_holds_what_wordpress_documents() {
    let folder = tempfile::tempdir().unwrap();
    let mut post = titled("Bonjour\n\nBamako", vec![picture(&folder, "one"), film(&folder)]);
    let fields = [
        ("excerpt", "Court"),
        ("slug", "le-marche"),
        ("status", "private"),
        ("sticky", "true"),
        ("categories", "Culture"),
        ("tags", "Bamako"),
    ];
    post.fields.extend(fields.map(|(name, text)| (name.to_owned(), text.to_owned())));
    let called = |name: &str| json(200, &format!("[{{\"id\":3,\"name\":\"{name}\"}}]"));
    let stub = Stub::start(vec![
        none(),
        medium(11),
        done(11),
        none(),
        medium(12),
        done(12),
        called("Culture"),
        called("Bamako"),
        none(),
        done(41),
    ]);
    let staged = stage(&stub, &post, &mut Kept::default()).await.unwrap();
    wordpress().commit(&at(&stub), &staged.body, &staged.key).await.unwrap_err();
    let comment = Stub::start(vec![json(200, "{\"id\":41}")]);
    let staged = stage(&comment, &following("Source"), &mut Kept::default()).await.unwrap();
    wordpress().commit(&at(&comment), &staged.body, &staged.key).await.unwrap_err();

    let mut checked = Vec::new();
    for seen in stub.seen().iter().chain(&comment.seen()).filter(|seen| seen.line.starts_with("POST")) {
        let Some(table) = table(&seen.line) else {
            assert!(seen.head.contains("content-disposition: attachment; filename=\""), "{}", seen.head);
            continue;
        };
        let body = sent(seen);
        assert_eq!(wrong(&body, table), None, "{}\n{body}", seen.line);
        // The check itself: each field spoilt is found.
        for name in body.as_object().unwrap().keys() {
            let mut spoilt = body.clone();
            spoilt[name] = value!({"not": "this"});
            assert!(wrong(&spoilt, table).is_some(), "{name}");
        }
        let mut more = body.clone();
        more["titel"] = value!("x");
        assert_eq!(wrong(&more, table).as_deref(), Some("titel is unknown"));
        checked.push(seen.line.split('?').next().unwrap().to_owned());
    }
    let routes =
        ["posts", "posts/41", "media/11", "media/12", "comments"].map(|r| format!("POST /wp-json/wp/v2/{r}"));
    assert!(routes.iter().all(|route| checked.contains(route)), "{checked:?}");
}
