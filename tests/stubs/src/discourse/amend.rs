//! Posts that are there already: changed, and removed.

use serde_json::{Value, json};

use super::write::RAW;
use super::{State, absent, unprocessable};
use crate::http::{Answer, Request};
use crate::stub::Desk;

fn number(id: &str) -> Option<u64> {
    id.strip_suffix(".json").unwrap_or(id).parse().ok()
}

impl State {
    pub(super) fn change(&mut self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let Some(at) = self.posts.iter().position(|post| Some(post.id) == number(id)) else {
            return absent();
        };
        let body = request.json().unwrap_or_default();
        let raw = desk.manners().kept(body["post"]["raw"].as_str().unwrap_or_default().trim_end());
        if !RAW.contains(&raw.chars().count()) {
            return unprocessable("Body is too short (minimum is 20 characters)");
        }
        let (text, media) = self.apart(&raw);
        let post = &mut self.posts[at];
        (post.raw, post.held.text, post.held.media) = (raw, text, media);
        Answer::json(200, json!({ "post": self.shown(request, &self.posts[at], true) }))
    }

    /// The first post of a topic goes with its topic alone.
    pub(super) fn remove(&mut self, id: &str) -> Answer {
        match self.posts.iter().position(|post| Some(post.id) == number(id)) {
            None => absent(),
            Some(at) if self.posts[at].number == 1 => {
                super::refused(403, "invalid_access", "You are not permitted to view the requested resource.")
            }
            Some(at) => {
                self.posts.remove(at);
                // Forums have nothing to say of it.
                Answer::new(200, "text/plain", "")
            }
        }
    }

    pub(super) fn remove_topic(&mut self, id: &str) -> Answer {
        let Some(topic) = number(id).filter(|id| self.topics.iter().any(|topic| topic.id == *id)) else {
            return absent();
        };
        self.topics.retain(|known| known.id != topic);
        self.posts.retain(|post| post.topic != topic);
        Answer::json(200, Value::Object(serde_json::Map::new()))
    }
}
