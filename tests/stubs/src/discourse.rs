//! A Discourse forum: one person with an API key, two categories, topics and answers, uploads.
//!
//! Deliberately absent: other people, private messages, moderators but for holding posts back, search.

mod amend;
mod write;

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::rendering::Rendering;
use crate::spec;
use crate::stub::{Api, Desk, Held, Stub, Upload};
use crate::time;

/// The key that is good at the start.
pub const KEY: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
/// The person.
pub const USERNAME: &str = "awa";
/// The person's number.
pub const USER: u64 = 3;
/// The number of the category `Vie locale`.
pub const CATEGORY: u64 = 4;

/// A post of a topic.
#[derive(Debug)]
struct Post {
    id: u64,
    topic: u64,
    number: u64,
    /// Since when, in milliseconds.
    at: i64,
    raw: String,
    held: Held,
}

/// A topic.
#[derive(Debug)]
struct Topic {
    id: u64,
    title: String,
    external: Option<String>,
    at: i64,
}

/// What a forum keeps.
#[derive(Debug)]
pub struct State {
    topics: Vec<Topic>,
    posts: Vec<Post>,
    uploads: Vec<(String, Upload)>,
    /// Posts that wait for a moderator: title and text.
    waiting: Vec<(String, String)>,
    moderated: bool,
}

/// Discourse on loopback.
pub type Discourse = Stub<State>;

impl Discourse {
    /// A forum that holds nothing back, with the key of this module.
    #[must_use]
    pub fn start() -> Self {
        let state = State {
            topics: Vec::new(),
            posts: Vec::new(),
            uploads: Vec::new(),
            waiting: Vec::new(),
            moderated: false,
        };
        Self::serve(state, KEY)
    }

    /// Posts wait for a moderator from now on, or no longer.
    pub fn moderate(&self, moderated: bool) {
        self.within(|state| state.moderated = moderated);
    }
}

fn refused(status: u16, kind: &str, words: &str) -> Answer {
    Answer::json(status, json!({"errors": [words], "error_type": kind}))
}

fn absent() -> Answer {
    refused(404, "not_found", "The requested URL or resource could not be found.")
}

fn unprocessable(words: &str) -> Answer {
    Answer::json(422, json!({"action": "create_post", "errors": [words]}))
}

/// A post is whatever the operation's description says, but for tags, which forums take and do not describe.
fn faults(request: &Request) -> Vec<String> {
    let (kind, mut body) = request.sent();
    if let Some(fields) = body.as_object_mut() {
        fields.shift_remove("tags");
    }
    spec::check(spec::DISCOURSE, &request.method, request.path(), &kind, &body).err().unwrap_or_default()
}

impl Api for State {
    fn answer(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        if request.query().iter().any(|(name, _)| name == "api_key") {
            desk.note(request, ["a key in the address".to_owned()]);
        }
        let (key, name) = (request.header("api-key"), request.header("api-username").unwrap_or_default());
        if key.is_none() {
            return refused(403, "not_logged_in", "You need to be logged in to do that.");
        }
        if !desk.is_good(key) || !name.eq_ignore_ascii_case(USERNAME) {
            let words =
                "You are not permitted to view the requested resource. The API username or key is invalid.";
            return refused(403, "invalid_access", words);
        }
        let parts = request.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if request.method != "GET" {
            desk.note(request, faults(request));
        }
        match (request.method.as_str(), &parts[..]) {
            ("POST", ["posts.json"]) => self.write(desk, request),
            ("POST", ["uploads.json"]) => self.upload(desk, request),
            ("PUT", ["posts", id]) => self.change(desk, request, id),
            ("DELETE", ["posts", id]) => self.remove(id),
            ("DELETE", ["t", id]) => self.remove_topic(id),
            ("GET", parts) => self.read(desk, request, parts),
            _ => absent(),
        }
    }

    fn posts(&self) -> Vec<Held> {
        self.posts.iter().map(|post| post.held.clone()).collect()
    }
}

impl State {
    fn read(&self, desk: &Desk, request: &Request, parts: &[&str]) -> Answer {
        let person = json!({"id": USER, "username": USERNAME, "name": "Awa", "trust_level": 2});
        match parts {
            ["session", "current.json"] => Answer::json(200, json!({ "current_user": person })),
            ["u", name] if *name == format!("{USERNAME}.json") => {
                Answer::json(200, json!({ "user": person }))
            }
            ["site", "settings.json"] => Answer::json(200, settings()),
            ["site.json"] => Answer::json(200, site()),
            ["user_actions.json"] => self.actions(desk, request),
            ["posts", name, "pending.json"] if *name == USERNAME => {
                let one = |(title, raw): &(String, String)| json!({"title": title, "raw_text": raw});
                let all: Vec<_> = self.waiting.iter().map(one).collect();
                Answer::json(200, json!({ "pending_posts": all }))
            }
            ["posts.json"] => {
                let all: Vec<_> = self.listed(desk).map(|post| self.shown(request, post, true)).collect();
                Answer::json(200, json!({ "latest_posts": all }))
            }
            ["posts", id] => {
                let id = id.strip_suffix(".json").and_then(|id| id.parse::<u64>().ok());
                let post = self.posts.iter().find(|post| Some(post.id) == id);
                post.map_or_else(absent, |post| Answer::json(200, self.shown(request, post, true)))
            }
            ["topics", "created-by", name] if *name == format!("{USERNAME}.json") => {
                let one = |topic: &Topic| json!({"id": topic.id, "title": topic.title, "slug": slug(&topic.title), "created_at": time::iso(topic.at)});
                let listed = self.topics.iter().rev().filter(|topic| desk.is_listed(&topic.id.to_string()));
                let all: Vec<_> = listed.map(one).collect();
                Answer::json(200, json!({"topic_list": {"topics": all}}))
            }
            ["t", "external_id", id] => {
                let id = id.strip_suffix(".json").unwrap_or(id);
                let topic = self.topics.iter().find(|topic| topic.external.as_deref() == Some(id));
                let Some(topic) = topic else { return absent() };
                let place = format!("{}/t/{}/{}.json", request.origin(), slug(&topic.title), topic.id);
                Answer::new(301, "text/html", "").with("location", &place)
            }
            ["t", id, "posts.json"] => self.some_posts(request, id),
            ["t", id] | ["t", _, id] => self.topic(request, id.strip_suffix(".json").unwrap_or(id)),
            _ => absent(),
        }
    }

    /// Every post that lists have, newest first.
    fn listed(&self, desk: &Desk) -> impl Iterator<Item = &Post> {
        self.posts.iter().rev().filter(|post| desk.is_listed(&post.held.id))
    }

    fn actions(&self, desk: &Desk, request: &Request) -> Answer {
        if !request.asked("username").is_some_and(|name| name.eq_ignore_ascii_case(USERNAME)) {
            return absent();
        }
        let filter = request.asked("filter").unwrap_or_default();
        let kinds: Vec<u64> = filter.split(',').filter_map(|kind| kind.parse().ok()).collect();
        let kind = |post: &Post| if post.number == 1 { 4 } else { 5 };
        let own = self.listed(desk).filter(|post| kinds.is_empty() || kinds.contains(&kind(post)));
        let one = |post: &Post| {
            json!({"action_type": kind(post), "post_id": post.id, "topic_id": post.topic,
                "post_number": post.number, "created_at": time::iso(post.at)})
        };
        Answer::json(200, json!({"user_actions": own.take(30).map(one).collect::<Vec<_>>()}))
    }

    fn topic(&self, request: &Request, id: &str) -> Answer {
        let Some(topic) = self.topics.iter().find(|topic| topic.id.to_string() == id) else {
            return absent();
        };
        let raw = request.asked("include_raw").as_deref() == Some("true");
        let posts: Vec<&Post> = self.posts.iter().filter(|post| post.topic == topic.id).collect();
        let first: Vec<_> = posts.iter().take(20).map(|post| self.shown(request, post, raw)).collect();
        let stream: Vec<_> = posts.iter().map(|post| post.id).collect();
        let said = json!({"id": topic.id, "title": topic.title, "slug": slug(&topic.title),
            "external_id": topic.external, "posts_count": posts.len(),
            "post_stream": {"posts": first, "stream": stream}});
        Answer::json(200, said)
    }

    fn some_posts(&self, request: &Request, id: &str) -> Answer {
        let asked = request.query().into_iter().filter(|(name, _)| name == "post_ids[]");
        let asked: Vec<u64> = asked.filter_map(|(_, id)| id.parse().ok()).collect();
        let raw = request.asked("include_raw").as_deref() == Some("true");
        let wanted = |post: &&Post| post.topic.to_string() == id && asked.contains(&post.id);
        let posts: Vec<_> =
            self.posts.iter().filter(wanted).map(|post| self.shown(request, post, raw)).collect();
        Answer::json(200, json!({"post_stream": {"posts": posts}}))
    }

    /// A post as the forum shows it.
    fn shown(&self, request: &Request, post: &Post, with_raw: bool) -> Value {
        let topic = self.topics.iter().find(|topic| topic.id == post.topic);
        let slug = topic.map(|topic| slug(&topic.title)).unwrap_or_default();
        let mut shown = json!({
            "id": post.id, "topic_id": post.topic, "topic_slug": slug, "post_number": post.number,
            "user_id": USER, "username": USERNAME, "created_at": time::iso(post.at),
            "cooked": Rendering::Typographic.html(&post.raw, &request.origin(), &[USERNAME]),
        });
        if with_raw {
            shown["raw"] = json!(post.raw);
        }
        shown
    }
}

/// What a forum makes of a title in addresses: plain letters and figures, as addresses in headers have no others.
fn slug(title: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let slug: String = title.chars().map(plain).collect();
    slug.split('-').filter(|word| !word.is_empty()).collect::<Vec<_>>().join("-")
}

fn settings() -> Value {
    json!({
        "min_topic_title_length": write::TITLE.start(), "max_topic_title_length": write::TITLE.end(),
        "min_post_length": write::RAW.start(), "max_post_length": write::RAW.end(),
        "max_image_size_kb": write::IMAGE_KB, "max_attachment_size_kb": write::FILE_KB,
        "authorized_extensions": "jpg|jpeg|png|gif|webp|mp4|mov",
    })
}

fn site() -> Value {
    let categories = json!([
        {"id": 1, "name": "Général", "slug": "general"},
        {"id": CATEGORY, "name": "Vie locale", "slug": "vie-locale"},
    ]);
    json!({"categories": categories, "top_tags": [{"id": 1, "name": "bamako", "slug": "bamako"}], "can_tag_topics": true})
}
