//! An account on the Mastodon-API server: its statuses, and the bytes of their attachments.
//!
//! The server has no limits to raise, and keeps its own clock: what the studio compares are its dates with each other. It
//! is given no dates to keep, because it does not say which media belong to what it keeps: Griot would rightly not know
//! its own again. The stub of a server like Mastodon's has that part.

use std::sync::{Arc, Mutex, PoisonError};

use griot_domain::Timestamp;
use griot_stubs::Held;
use serde_json::{Value, json};

use super::Bytes;
use crate::chaos::server::{Look, Server};
use crate::servers::Mastodon;
use crate::servers::mastodon::Person;

pub(super) struct Account {
    server: Arc<Mastodon>,
    person: Person,
    /// The token that the studio has, while it is good.
    good: Mutex<Option<String>>,
    first: String,
    bytes: Bytes,
}

impl Account {
    pub(super) fn new(server: Arc<Mastodon>, name: &str) -> Self {
        let person = server.person(name);
        let first = server.another(&person);
        Self { server, person, good: Mutex::new(Some(first.clone())), first, bytes: Bytes::default() }
    }

    fn held(&self, status: &Value) -> Held {
        let text = |name: &str| status[name].as_str().unwrap_or_default().to_owned();
        let attached = status["media_attachments"].as_array().cloned().unwrap_or_default();
        let media = attached.iter().map(|one| {
            let (id, url) = (one["id"].as_str().unwrap_or_default(), one["url"].as_str().unwrap_or_default());
            // The gate stands in the addresses: what went up was told through it.
            let path = url.find("/media/").map_or("", |at| &url[at..]);
            let url = format!("{}{path}", self.server.url());
            self.bytes.held(id, one["description"].as_str(), || self.server.bytes(&url))
        });
        Held {
            media: media.collect(),
            id: text("id"),
            text: text("content"),
            parent: status["in_reply_to_id"].as_str().map(str::to_owned),
            at: text("created_at").parse::<Timestamp>().map_or(0, |at| at.millis()),
            key: None,
            sent: Value::Null,
        }
    }
}

impl Server for Account {
    fn url(&self) -> String {
        self.server.url().to_owned()
    }

    fn look(&self, tag: &str) -> Look {
        let all = self.server.of(&self.person);
        let ours = all.iter().filter(|status| status["content"].as_str().is_some_and(|c| c.contains(tag)));
        Look { live: ours.map(|status| self.held(status)).collect(), kept: Vec::new() }
    }

    fn set_now(&self, _millis: i64) {}

    fn first_secret(&self) -> String {
        self.first.clone()
    }

    fn revoke(&self) {
        let good = self.good.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(token) = good {
            self.server.revoke(&token);
        }
    }

    fn renew(&self, _n: u32) -> String {
        self.revoke();
        let token = self.server.another(&self.person);
        *self.good.lock().unwrap_or_else(PoisonError::into_inner) = Some(token.clone());
        token
    }

    fn fields(&self, secret: &str) -> Value {
        json!({ "token": secret })
    }
}
