//! What the Graph shows: nodes with the fields that were asked for, and lists in pages.

use serde_json::{Map, Value, json};

use super::{PAGE, Post, State, bad, unknown};
use crate::http::{Answer, Request};
use crate::stub::Desk;
use crate::time;

const POST_FIELDS: &[&str] = &[
    "id",
    "message",
    "created_time",
    "permalink_url",
    "attachments",
    "from",
    "parent",
    "is_hidden",
    "is_published",
    "scheduled_publish_time",
    "status_type",
];
const FILM_FIELDS: &[&str] = &[
    "id",
    "status",
    "published",
    "scheduled_publish_time",
    "permalink_url",
    "created_time",
    "description",
    "post_id",
];

/// The names of `fields=id,attachments{media_type,target}`: those at the top.
fn fields(request: &Request) -> Vec<String> {
    let asked = request.asked("fields").unwrap_or_default();
    let mut names = vec![String::new()];
    let mut depth = 0_u32;
    for c in asked.chars() {
        match c {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => names.push(String::new()),
            c if depth == 0 => names.last_mut().into_iter().for_each(|name| name.push(c)),
            _ => {}
        }
    }
    names.retain(|name| !name.is_empty());
    names
}

/// What was asked for of a thing; its id always.
fn picked(all: &Value, asked: &[String], default: &[&str]) -> Value {
    let wanted = |name: &str| {
        name == "id" || asked.iter().any(|a| a == name) || (asked.is_empty() && default.contains(&name))
    };
    let kept = all.as_object().into_iter().flatten().filter(|(name, v)| wanted(name) && !v.is_null());
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>())
}

impl State {
    /// A post, a comment, a film or a photo by its number.
    pub(super) fn node(&mut self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let asked = fields(request);
        let refusal = |known: &[&str], kind: &str| {
            let strange = asked.iter().find(|name| !known.contains(&name.as_str()))?;
            Some(bad(&format!("Tried accessing nonexisting field ({strange}) on node type ({kind})")))
        };
        if let Some(film) = self.films.iter_mut().find(|film| film.id == id) {
            if let Some(refused) = refusal(FILM_FIELDS, "Video") {
                return refused;
            }
            if asked.iter().any(|name| name == "status") {
                film.advance();
            }
            let all = film.shown();
            return Answer::json(200, picked(&all, &asked, &["created_time"]));
        }
        if let Some(at) = self.find(id) {
            if let Some(refused) = refusal(POST_FIELDS, "Post") {
                return refused;
            }
            let default: &[&str] = if request.method == "POST" { &[] } else { &["created_time", "message"] };
            return Answer::json(200, picked(&self.shown(desk, &self.posts[at]), &asked, default));
        }
        match self.photos.iter().find(|(known, _)| known == id) {
            Some((id, upload)) => Answer::json(200, json!({"id": id, "alt_text_custom": upload.alt})),
            None => unknown(id),
        }
    }

    /// Public posts, newest first. A film is among them when Facebook has made it.
    pub(super) fn published(&self, desk: &Desk, request: &Request) -> Answer {
        let made = |id: &str| self.films.iter().any(|film| film.id == id && film.is_made());
        let is_shown =
            |post: &&Post| !post.is_comment && !post.waits && post.film.as_deref().is_none_or(made);
        let posts = self.posts.iter().filter(is_shown).collect();
        self.list(desk, request, posts)
    }

    /// Posts that wait for their date.
    pub(super) fn waiting(&self, desk: &Desk, request: &Request) -> Answer {
        let posts = self.posts.iter().filter(|post| post.waits).collect();
        self.list(desk, request, posts)
    }

    pub(super) fn comments(&self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let Some(at) = self.find(id) else { return unknown(id) };
        let parent = &self.posts[at].held.id;
        let posts = self.posts.iter().filter(|post| post.held.parent.as_ref() == Some(parent)).collect();
        self.list(desk, request, posts)
    }

    /// A page of a list that is given oldest first. Comments come in that order unless they are asked for otherwise.
    fn list(&self, desk: &Desk, request: &Request, mut posts: Vec<&Post>) -> Answer {
        posts.retain(|post| desk.is_listed(&post.held.id));
        let asked = fields(request);
        if let Some(strange) = asked.iter().find(|name| !POST_FIELDS.contains(&name.as_str())) {
            return bad(&format!("Tried accessing nonexisting field ({strange})"));
        }
        let is_chronological = request.path().ends_with("/comments")
            && request.asked("order").as_deref() != Some("reverse_chronological");
        if !is_chronological {
            posts.sort_by_key(|post| post.held.at);
            posts.reverse();
        }
        let at_once = request.asked("limit").and_then(|most| most.parse().ok()).unwrap_or(25_usize).min(100);
        let from = request.asked("after").and_then(|from| from.parse().ok()).unwrap_or(0_usize);
        let page: Vec<_> = posts.iter().skip(from).take(at_once).collect();
        let default = ["created_time", "message"];
        let data: Vec<_> =
            page.iter().map(|post| picked(&self.shown(desk, post), &asked, &default)).collect();
        if data.is_empty() {
            return Answer::json(200, json!({ "data": [] }));
        }
        let end = from + data.len();
        let mut paging = json!({"cursors": {"before": from.to_string(), "after": end.to_string()}});
        if end < posts.len() {
            paging["next"] = json!(format!("{}{}?after={end}", request.origin(), request.path()));
        }
        Answer::json(200, json!({"data": data, "paging": paging}))
    }

    /// A post with every field that there is of it.
    fn shown(&self, desk: &Desk, post: &Post) -> Value {
        let held = &post.held;
        let message = (!held.text.is_empty()).then(|| held.text.clone());
        let mut all = json!({
            "id": held.id, "message": message, "created_time": time::graph(held.at),
            "permalink_url": format!("https://www.facebook.com/{}", held.id.replace('_', "/posts/")),
            "from": {"id": PAGE, "name": super::NAME}, "is_published": !post.waits, "is_hidden": false,
        });
        if post.waits {
            all["scheduled_publish_time"] = json!(held.at / 1000);
        }
        if let Some(parent) = &held.parent {
            all["parent"] = json!({ "id": parent });
        }
        if let Some(shown) = attachments(post, desk.manners().unfurls) {
            all["attachments"] = json!({ "data": [shown] });
        }
        all
    }
}

fn attachments(post: &Post, unfurls: bool) -> Option<Value> {
    let target = |id: &str| json!({"id": id, "url": format!("https://www.facebook.com/{id}")});
    if let Some(film) = &post.film {
        return Some(json!({"media_type": "video", "target": target(film)}));
    }
    let media = &post.held.media;
    let in_the_text = || post.held.text.split_whitespace().find(|word| word.starts_with("https://"));
    let link = post.held.sent["link"].as_str().or_else(|| in_the_text().filter(|_| unfurls));
    match (media.as_slice(), link) {
        ([], None) => None,
        ([], Some(link)) => Some(json!({"media_type": "link", "target": {"url": link}})),
        ([one], _) => Some(json!({"media_type": "photo", "target": target(&one.id)})),
        (many, _) => {
            let each = many.iter().map(|one| json!({"type": "photo", "target": target(&one.id)}));
            let within: Vec<Value> = each.collect();
            Some(
                json!({"media_type": "album", "target": target(&post.held.id), "subattachments": {"data": within}}),
            )
        }
    }
}
