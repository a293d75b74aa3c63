//! What a forum says of itself: its limits, its categories, and how it takes tags.

use std::time::Duration;

use griot_domain::Format;
use griot_domain::rules::LiveLimits;
use serde_json::{Map, Value, json};
use unicode_normalization::UnicodeNormalization;

use super::post::Target;
use super::{Discourse, api, post};
use crate::http::Request;
use crate::{Error, Prepared, Session, Steps, Why};

/// For so long the list of categories is taken as it was.
const KEPT_FOR: Duration = Duration::from_secs(60 * 60);
const STEP: &str = "forum";

impl Discourse {
    /// The limits that the forum states; those that it does not state stay unknown.
    pub(super) async fn stated(&self, server: &str, keys: &api::Keys) -> Result<LiveLimits, Error> {
        for page in ["/site/settings.json", "/site.json"] {
            let answer = self.call_as(keys, Request::get(api::path(server, page, &[])?)).await?;
            match answer.success() {
                Some(body) => return Ok(limits(body)),
                // A key that is limited to some acts, or a forum without that page.
                None if matches!(answer.status.as_u16(), 403 | 404) => {}
                None => return Err(api::refusal(&answer)),
            }
        }
        Ok(LiveLimits::default())
    }

    /// All of the visible call but its text.
    pub(super) async fn head(
        &self,
        session: &Session,
        prepared: &Prepared,
        target: &Target,
        key: &str,
        steps: &mut dyn Steps,
    ) -> Result<Map<String, Value>, Error> {
        let field = |name: &str| post::field(prepared, name);
        let mut head = Map::new();
        if let Target::Answer { topic, post } = target {
            head.insert("topic_id".into(), json!(topic));
            head.extend(post.map(|number| ("reply_to_post_number".to_owned(), json!(number))));
            return Ok(head);
        }
        let title: String = field("title").unwrap_or_default().nfc().collect();
        if title.is_empty() {
            return Err(Error::Content(Why::ours(
                "Un sujet a besoin d\u{2019}un titre.",
                "A topic needs a title.",
            )));
        }
        head.insert("title".into(), json!(title));
        let tags = tags(field("tags").unwrap_or_default());
        let category = field("category");
        let number = category.and_then(|category| category.parse::<u64>().ok());
        let has_name = category.is_some() && number.is_none();
        let forum =
            if has_name || !tags.is_empty() { self.forum(session, steps).await? } else { Value::Null };
        let id = match category.filter(|_| has_name) {
            Some(name) => Some(category_called(&forum["categories"], name)?),
            None => number,
        };
        head.extend(id.map(|id| ("category".to_owned(), json!(id))));
        if !tags.is_empty() {
            let named = forum["named_tags"] == true;
            let tags = tags.into_iter().map(|tag| if named { json!({ "name": tag }) } else { json!(tag) });
            head.insert("tags".into(), tags.collect());
        }
        head.insert("external_id".into(), json!(key));
        Ok(head)
    }

    /// The categories, and whether tags are objects here.
    async fn forum(&self, session: &Session, steps: &mut dyn Steps) -> Result<Value, Error> {
        if let Some(kept) = steps.get(STEP).filter(|kept| kept["categories"].is_array()) {
            return Ok(kept);
        }
        let url = api::path(&session.account.server, "/site.json", &[])?;
        let answer = self.call(session, Request::get(url)).await?;
        let Some(body) = answer.success() else { return Err(self.refused(session, &answer).await) };
        let all = body["categories"].as_array();
        let all = all.ok_or_else(|| Error::Portal("the answer names no categories".into()))?;
        let short = all.iter().map(|c| {
            json!({ "id": c["id"], "name": c["name"], "slug": c["slug"], "parent": c["parent_category_id"] })
        });
        // Forums of 2026 and later take tags as objects, those before as texts; they show them as they take them.
        let named = body["top_tags"][0].is_object();
        let forum = json!({ "categories": short.collect::<Vec<_>>(), "named_tags": named });
        steps.put(STEP, forum.clone(), Some(self.client.now().plus(KEPT_FOR)))?;
        Ok(forum)
    }
}

fn limits(body: &Value) -> LiveLimits {
    let number = |name: &str| body[name].as_u64().filter(|n| *n > 0);
    LiveLimits {
        text_max: number("max_post_length").and_then(|n| u32::try_from(n).ok()),
        image_bytes: number("max_image_size_kb").and_then(|kb| kb.checked_mul(1024)),
        image_pixels: number("max_image_megapixels").and_then(|n| n.checked_mul(1_000_000)),
        video_bytes: number("max_attachment_size_kb").and_then(|kb| kb.checked_mul(1024)),
        mime_types: mime_types(body["authorized_extensions"].as_str().unwrap_or_default()),
        ..LiveLimits::default()
    }
}

/// `jpg|png|gif` as media types; none where everything is taken.
fn mime_types(extensions: &str) -> Vec<String> {
    let listed: Vec<String> = extensions
        .split('|')
        .map(|e| e.trim().trim_start_matches('.').to_lowercase())
        .map(|e| if e == "jpeg" { "jpg".to_owned() } else { e })
        .collect();
    if listed.iter().any(|extension| extension == "*") {
        return Vec::new();
    }
    let taken = Format::ALL.iter().filter(|format| listed.iter().any(|e| e == format.extension()));
    taken.map(|format| format.mime().to_owned()).collect()
}

fn tags(listed: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for tag in listed.split(',').map(|tag| tag.trim().trim_start_matches('#')).filter(|tag| !tag.is_empty()) {
        let tag: String = tag.nfc().collect();
        if !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// The number of the category with this name or slug; `parent/child` where one alone is not enough.
fn category_called(categories: &Value, wanted: &str) -> Result<u64, Error> {
    let folded = |text: &str| text.trim().nfc().collect::<String>().to_lowercase();
    let all = categories.as_array().map(Vec::as_slice).unwrap_or_default();
    let said = |category: &Value, name: &str| folded(category[name].as_str().unwrap_or_default());
    let parts: Vec<String> = wanted.split('/').map(folded).collect();
    let whole = folded(wanted);
    let is_it = |category: &&Value| {
        let names = [said(category, "name"), said(category, "slug")];
        let parent = category["parent"].as_u64();
        let parent = parent.and_then(|id| all.iter().find(|other| other["id"] == id));
        let below = |above: &str| {
            parent.is_some_and(|parent| {
                [said(parent, "name"), said(parent, "slug")].contains(&above.to_owned())
            })
        };
        names.contains(&whole)
            || matches!(parts.as_slice(), [above, child] if names.contains(child) && below(above))
    };
    let found: Vec<u64> = all.iter().filter(is_it).filter_map(|category| category["id"].as_u64()).collect();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Error::Content(Why::ours(
            format!("Le forum ne montre à ce compte aucune catégorie «\u{a0}{wanted}\u{a0}»."),
            format!("The forum shows this account no category \u{201c}{wanted}\u{201d}."),
        ))),
        _ => Err(Error::Content(Why::ours(
            format!(
                "Le forum a plusieurs catégories «\u{a0}{wanted}\u{a0}»\u{a0}: écrivez parent/enfant, ou le numéro de la catégorie."
            ),
            format!(
                "The forum has several categories \u{201c}{wanted}\u{201d}: write parent/child, or the category\u{2019}s number."
            ),
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_category_is_found_by_what_people_call_it() {
        let all = json!([
            {"id": 1, "name": "Général", "slug": "general", "parent": null},
            {"id": 2, "name": "Aide", "slug": "aide", "parent": 1},
            {"id": 3, "name": "Événements", "slug": "evenements", "parent": null},
            {"id": 4, "name": "Aide", "slug": "aide", "parent": 3},
            {"id": 5, "name": "Radio/Télé", "slug": "radio-tele", "parent": null},
        ]);
        let number = |wanted: &str| category_called(&all, wanted);
        for wanted in ["", "Sport", "general/sport", "aide/general"] {
            assert!(matches!(number(wanted), Err(Error::Content(_))), "{wanted}");
        }
        assert!(format!("{:?}", number("Aide")).contains("several"));
        for (wanted, id) in [
            ("general", 1),
            (" GÉNÉRAL ", 1),
            ("Ge\u{301}ne\u{301}ral", 1),
            ("general/aide", 2),
            ("Événements / Aide", 4),
            ("radio/télé", 5),
        ] {
            assert_eq!(number(wanted).unwrap(), id, "{wanted}");
        }
        assert!(category_called(&Value::Null, "x").is_err());
    }

    #[test]
    fn tags_are_words_without_their_sign() {
        assert_eq!(tags(" #marché, bamako,,bamako , vie locale"), ["marché", "bamako", "vie locale"]);
        assert!(tags(" , #").is_empty());
    }

    #[test]
    fn limits_are_read_and_rubbish_is_none() {
        let settings = json!({"max_post_length": 32000, "max_image_size_kb": 10240, "max_attachment_size_kb": 4096,
            "authorized_extensions": "jpg|jpeg|png|gif|.WEBP"});
        let expected = LiveLimits {
            text_max: Some(32000),
            image_bytes: Some(10_485_760),
            video_bytes: Some(4_194_304),
            mime_types: ["image/jpeg", "image/png", "image/webp", "image/gif"].map(str::to_owned).to_vec(),
            ..LiveLimits::default()
        };
        assert_eq!(limits(&settings), expected);
        let odd =
            json!({"max_post_length": "many", "max_image_size_kb": -1, "authorized_extensions": "*|jpg"});
        assert_eq!(limits(&odd), LiveLimits::default());
    }
}
