//! An editor of a real WordPress site: their articles in every state, the comments, the files of the library.
//!
//! The site's clock is the machine's, and its own scheduler is off: it is asked to run for what is due by the trial's
//! clock. Editors are spared the quarter of a minute that the site wants between two comments of one person.

use std::sync::{Arc, Mutex, PoisonError};

use griot_stubs::{Held, HeldMedia, Planned};
use serde_json::{Value, json};

use super::Bytes;
use crate::chaos::server::{Look, Server};
use crate::servers::WordPress;
use crate::servers::wordpress::Author;

/// The most that a site lists at once.
const PAGE: usize = 100;

pub(super) struct Editor {
    site: Arc<WordPress>,
    author: Author,
    /// With the application password that is good.
    good: Mutex<Option<Author>>,
    bytes: Bytes,
}

impl Editor {
    pub(super) fn new(site: Arc<WordPress>, name: &str) -> Self {
        let author = site.user(name, "editor");
        Self { good: Mutex::new(Some(author.clone())), site, author, bytes: Bytes::default() }
    }

    /// Everything that a route lists, oldest first.
    fn all(&self, route: &str, tag: &str) -> Vec<Value> {
        let search = if tag.is_empty() { String::new() } else { format!("&search={tag}") };
        let first = format!("{route}&author={}&context=edit&orderby=id&order=asc{search}", self.author.id);
        let mut all: Vec<Value> = Vec::new();
        loop {
            let found = self.site.get(&format!("{first}&per_page={PAGE}&offset={}", all.len()));
            let found = found.as_array().expect("a list");
            all.extend_from_slice(found);
            if found.len() < PAGE {
                return all;
            }
        }
    }

    fn article(&self, found: &Value) -> Held {
        let raw = found["content"]["raw"].as_str().unwrap_or_default();
        Held {
            id: found["id"].to_string(),
            text: format!("{}\n{raw}", found["title"]["raw"].as_str().unwrap_or_default()),
            media: self.shown(raw),
            parent: None,
            at: at(found),
            key: found["slug"].as_str().map(str::to_owned),
            sent: Value::Null,
        }
    }

    /// The pictures and films in an article, in order.
    fn shown(&self, raw: &str) -> Vec<HeldMedia> {
        let named = raw.split('<').filter(|tag| tag.starts_with("img ") || tag.starts_with("video "));
        let each = named.map(|tag| {
            let url = attribute(tag, "src").unwrap_or_default();
            // The gate stands in the address: what went up was told through it.
            let path = url.find("/wp-content/").map_or("", |at| &url[at..]);
            let there = format!("{}{path}", self.site.url());
            self.bytes.held(path, attribute(tag, "alt"), || self.site.bytes(&there))
        });
        each.collect()
    }
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = tag.split_once(&format!("{name}=\""))?;
    rest.split('"').next()
}

fn comment(found: &Value) -> Held {
    Held {
        id: format!("comment-{}", found["id"]),
        text: found["content"]["raw"].as_str().unwrap_or_default().to_owned(),
        media: Vec::new(),
        parent: Some(found["post"].to_string()),
        at: at(found),
        key: None,
        sent: Value::Null,
    }
}

fn at(found: &Value) -> i64 {
    let written = found["date_gmt"].as_str().unwrap_or_default();
    format!("{written}Z").parse::<griot_domain::Timestamp>().map_or(0, |at| at.millis())
}

impl Server for Editor {
    fn url(&self) -> String {
        self.site.url().to_owned()
    }

    fn look(&self, tag: &str) -> Look {
        let articles = self.all("posts?status=publish,private,future", tag);
        let (kept, live): (Vec<_>, Vec<_>) = articles.iter().partition(|found| found["status"] == "future");
        let comments = self.all("comments?status=all", tag);
        let comments = comments.iter().filter(|found| found["status"] == "approved").map(comment);
        Look {
            live: live.into_iter().map(|found| self.article(found)).chain(comments).collect(),
            kept: kept.into_iter().map(|found| Planned { post: self.article(found) }).collect(),
        }
    }

    fn set_now(&self, millis: i64) {
        self.site.publish_due(&self.author, millis);
    }

    fn first_secret(&self) -> String {
        self.author.password.clone()
    }

    fn revoke(&self) {
        let good = self.good.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(author) = good {
            self.site.revoke(&author);
        }
    }

    fn renew(&self, n: u32) -> String {
        self.revoke();
        let author = self.site.another(&self.author, &format!("Griot {n}"));
        let password = author.password.clone();
        *self.good.lock().unwrap_or_else(PoisonError::into_inner) = Some(author);
        password
    }

    fn fields(&self, secret: &str) -> Value {
        json!({ "handle": self.author.name, "password": secret })
    }
}
