//! An article as WordPress takes it and as it gives it back.

use griot_domain::text::fold;
use griot_domain::{DeliveryId, Kept, MediaKind, Timestamp};
use serde_json::{Map, Value, json};

use super::blocks;
use super::media::Placed;
use crate::{Live, Prepared};

/// What is asked of an article that is made or looked at.
pub(super) const FIELDS: &str = "id,status,slug,link,date_gmt";

const KEY_PREFIX: &str = "griot-";
/// So many signs of the key stand behind the words of a title: one in sixteen million is the same.
const MARK: usize = 6;
/// WordPress cuts addresses after two hundred signs; readable ones are shorter.
const ADDRESS_MAX: usize = 100;

/// The slug under which the draft is found again: fixed by the delivery, so that every copy of the workspace uses
/// the same one.
pub(super) fn key(delivery: DeliveryId) -> String {
    let hash = blake3::hash(&delivery.bytes()).to_hex();
    format!("{KEY_PREFIX}{}", &hash.as_str()[..12])
}

/// The slug under which the article is read where the person chose none: the words of its title, and the beginning of
/// its key behind them, so that no other article has it and every copy of the workspace finds it.
pub(super) fn address(prepared: &Prepared) -> String {
    let key = key(prepared.delivery);
    let mark = &key[KEY_PREFIX.len()..KEY_PREFIX.len() + MARK];
    let title = fold(field(prepared, "title").unwrap_or_default());
    let mut address = String::new();
    for word in title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        if in_address(&address) + in_address(word) > ADDRESS_MAX {
            break;
        }
        address.push_str(word);
        address.push('-');
    }
    if address.is_empty() { key } else { format!("{address}{mark}") }
}

/// The slugs among which the article is: until it is published it carries its key, and then the words of its title.
pub(super) fn slugs(prepared: &Prepared) -> String {
    let (key, address) = (key(prepared.delivery), address(prepared));
    if key == address { key } else { format!("{key},{address}") }
}

/// How long `text` is in an address: letters beyond ASCII are written as three signs for each of their bytes.
fn in_address(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 3 * c.len_utf8() }).sum()
}

/// A declared field, when it holds something.
pub(super) fn field<'a>(prepared: &'a Prepared, name: &str) -> Option<&'a str> {
    prepared.fields.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
}

/// The article while nobody sees it.
pub(super) fn draft(prepared: &Prepared, media: &[Placed], terms: &[(&'static str, Vec<u64>)]) -> Value {
    let mut body = Map::new();
    body.insert("status".into(), json!("draft"));
    body.insert("slug".into(), json!(key(prepared.delivery)));
    body.insert("title".into(), json!(title(prepared)));
    body.insert("content".into(), json!(blocks::content(&prepared.text, media)));
    if let Some(excerpt) = field(prepared, "excerpt") {
        body.insert("excerpt".into(), json!(blocks::escaped(excerpt)));
    }
    for (name, ids) in terms.iter().filter(|(_, ids)| !ids.is_empty()) {
        body.insert((*name).into(), json!(ids));
    }
    if let Some(first) = media.iter().find(|placed| placed.kind == MediaKind::Image) {
        body.insert("featured_media".into(), json!(first.id));
    }
    if field(prepared, "sticky") == Some("true") {
        body.insert("sticky".into(), json!(true));
    }
    Value::Object(body)
}

/// The title as HTML.
pub(super) fn title(prepared: &Prepared) -> String {
    blocks::escaped(&blocks::line(field(prepared, "title").unwrap_or_default()))
}

/// The visible call: the draft called `id` becomes what the person chose, under the slug that they chose.
pub(super) fn publishing(id: u64, prepared: &Prepared) -> Value {
    let slug = field(prepared, "slug").map_or_else(|| address(prepared), str::to_owned);
    match prepared.date {
        None => json!({"id": id, "status": wanted(prepared), "slug": slug}),
        Some(date) => json!({"id": id, "status": FUTURE, "date_gmt": written(date), "slug": slug}),
    }
}

/// The state of an article that waits for its date.
pub(super) const FUTURE: &str = "future";

/// A date as WordPress writes it: without a zone, to the second.
pub(super) fn written(date: Timestamp) -> String {
    date.to_utc().format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// What waits for its date, when the value does.
pub(super) fn kept(found: &Value) -> Option<Kept> {
    let id = number(found).filter(|_| status(found) == Some(FUTURE))?;
    Some(Kept { id: id.to_string(), at: Some(made_at(found)?), missing: None })
}

/// What the article is to become.
pub(super) fn wanted(prepared: &Prepared) -> &str {
    field(prepared, "status").unwrap_or("publish")
}

/// The number of an article, in a frozen request or in an answer.
pub(super) fn number(body: &Value) -> Option<u64> {
    body["id"].as_u64().filter(|id| *id > 0)
}

/// The state of an article, in a frozen request or in an answer.
pub(super) fn status(body: &Value) -> Option<&str> {
    body["status"].as_str()
}

/// What is kept of a live article; nothing when the value is none.
pub(super) fn live(found: &Value) -> Option<Live> {
    let text = |name: &str| found[name].as_str().filter(|value| !value.is_empty());
    let (id, link) = (number(found)?, text("link")?);
    let mut proof = Map::new();
    proof.insert("id".into(), json!(id));
    for name in ["status", "slug", "link", "date_gmt"] {
        proof.extend(text(name).map(|value| (name.to_owned(), json!(value))));
    }
    Some(Live {
        id: id.to_string(),
        url: Some(link.to_owned()),
        at: made_at(found),
        proof: Value::Object(proof),
    })
}

/// When the site says that something was made; a draft has no date.
pub(super) fn made_at(found: &Value) -> Option<Timestamp> {
    format!("{}Z", found["date_gmt"].as_str()?).parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{NOW, prepared};

    #[test]
    fn a_key_is_fixed_by_its_delivery() {
        let (one, other) = (DeliveryId::new(NOW, [7; 10]), DeliveryId::new(NOW, [8; 10]));
        assert_eq!(key(one), key(one.to_string().parse().unwrap()));
        assert_ne!(key(one), key(other));
        assert!(key(one).starts_with("griot-") && key(one).len() == 18, "{}", key(one));
    }

    #[test]
    fn only_an_article_with_a_number_and_an_address_is_live() {
        for not_live in [
            json!({}),
            json!([]),
            json!({"id": 0, "link": "https://b.example/x"}),
            json!({"id": "7", "link": "https://b.example/x"}),
            json!({"id": 7, "link": ""}),
        ] {
            assert_eq!(live(&not_live), None, "{not_live}");
        }
        let found = live(&json!({"id": 7, "link": "https://b.example/x", "date_gmt": "2026-11-22T20:00:05"}))
            .unwrap();
        assert_eq!(found.at.unwrap().millis_since(NOW), 5000);
        assert_eq!(live(&json!({"id": 7, "link": "x", "date_gmt": null})).unwrap().at, None);
    }

    #[test]
    fn the_fields_of_a_post_reach_the_request() {
        let mut post = prepared("Bonjour", vec![]);
        let fields = [
            ("title", " Le  <marché> "),
            ("excerpt", "a & b"),
            ("slug", "le-marche"),
            ("status", "private"),
            ("sticky", "true"),
        ];
        post.fields = fields.into_iter().map(|(name, text)| (name.to_owned(), text.to_owned())).collect();
        let body = draft(&post, &[], &[("categories", vec![3, 4]), ("tags", vec![])]);
        assert_eq!(
            body,
            json!({
                "status": "draft", "slug": key(post.delivery), "title": "Le &lt;marché&gt;",
                "content": "<!-- wp:paragraph -->\n<p>Bonjour</p>\n<!-- /wp:paragraph -->",
                "excerpt": "a &amp; b", "categories": [3, 4], "sticky": true,
            })
        );
        assert_eq!(publishing(41, &post), json!({"id": 41, "status": "private", "slug": "le-marche"}));
        post.fields.remove("slug");
        let mark = &key(post.delivery)[6..12];
        assert_eq!(publishing(41, &post)["slug"], format!("le-marche-{mark}"));
        post.fields.clear();
        assert_eq!(publishing(41, &post), json!({"id": 41, "status": "publish", "slug": key(post.delivery)}));
    }

    #[test]
    fn without_a_slug_an_article_is_called_by_its_title() {
        let mut post = prepared("Bonjour", vec![]);
        let key = key(post.delivery);
        let mark = &key[6..12];
        let mut called = |title: &str| {
            post.fields.insert("title".into(), title.into());
            address(&post)
        };
        for (title, expected) in [
            ("Le marché de Médine", "le-marche-de-medine"),
            ("  L\u{2019}été : 2 500 F (*)  ", "l-ete-2-500-f"),
            ("مرحبا بكم", "مرحبا-بكم"),
            ("ߒߞߏ", "ߒߞߏ"),
            ("griot-dc1006017674", "griot-dc1006017674"),
        ] {
            assert_eq!(called(title), format!("{expected}-{mark}"));
        }
        for wordless in ["", " ", "?!", "🎉"] {
            assert_eq!(called(wordless), key, "{wordless}");
        }
        for long in ["mot ".repeat(80), "ߒߞߏ ".repeat(80), "x".repeat(300)] {
            let called = called(&long);
            assert!(in_address(&called) <= 110 && called.ends_with(&key[6..12]) || called == key, "{called}");
        }
    }
}
