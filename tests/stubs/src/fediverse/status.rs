//! Statuses: publishing, reading back, deleting.

use serde_json::{Value, json};

use super::{ACCOUNT, MEDIA_MAX, State, TEXT_MAX, USERNAME, account, described, invalid, refused};
use crate::http::{Answer, Request};
use crate::manners::Source;
use crate::rendering::Rendering;
use crate::stub::{Desk, Held, HeldMedia};
use crate::time;

const VISIBILITIES: &[&str] = &["public", "unlisted", "private", "direct"];

impl State {
    pub(super) fn publish(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let body = match request.json().or_else(|| request.form().map(|form| form.to_value())) {
            Some(body) if body.is_object() => body,
            _ => return invalid("the request cannot be read"),
        };
        let held = match self.drafted(desk, request, body) {
            Ok(held) => held,
            Err(refused) => return refused,
        };
        if held.sent["scheduled_at"].is_string() {
            return self.plan(desk, request, held);
        }
        self.take(&held);
        let said = self.shown(desk, request, &held);
        desk.made(&held.id, held.at);
        self.posts.push(held);
        Answer::json(200, said)
    }

    /// The status that a request asks for; a refusal where the server takes none such.
    fn drafted(&mut self, desk: &mut Desk, request: &Request, body: Value) -> Result<Held, Answer> {
        let text = desk.manners().kept(body["status"].as_str().unwrap_or_default());
        let named: Vec<&str> =
            body["media_ids"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if text.trim().is_empty() && named.is_empty() {
            return Err(invalid("Validation failed: Text can't be blank"));
        }
        let spoiler = body["spoiler_text"].as_str().unwrap_or_default();
        if text.chars().count() + spoiler.chars().count() > TEXT_MAX {
            return Err(invalid("Validation failed: Text character limit of 5000 exceeded"));
        }
        if body["visibility"].as_str().is_some_and(|kind| !VISIBILITIES.contains(&kind)) {
            return Err(invalid("Validation failed: Visibility is not included in the list"));
        }
        let media = self.named(&named)?;
        let parent = body["in_reply_to_id"].as_str().map(str::to_owned);
        if parent.as_ref().is_some_and(|id| !self.posts.iter().any(|post| post.id == *id)) {
            return Err(refused(404, "The post you are trying to reply to does not appear to exist."));
        }
        Ok(Held {
            id: desk.number().to_string(),
            text,
            media,
            parent,
            at: desk.now(),
            // It is noted that there was one, though this server does not look at it.
            key: request.header("idempotency-key").map(str::to_owned),
            sent: body,
        })
    }

    fn named(&self, ids: &[&str]) -> Result<Vec<HeldMedia>, Answer> {
        if ids.len() > MEDIA_MAX {
            return Err(invalid("Cannot attach more than 4 files"));
        }
        let mut media = Vec::new();
        for id in ids {
            let known = self.media.iter().find(|(known, attachment)| known == id && !attachment.taken);
            let Some((_, attachment)) = known else { return Err(invalid("Media was not found, or is used")) };
            if attachment.left > 0 {
                return Err(invalid(
                    "Cannot attach files that have not finished processing. Try again in a moment!",
                ));
            }
            if attachment.is_film && ids.len() > 1 {
                return Err(invalid("Cannot attach a video to a post that already contains images"));
            }
            media.push(attachment.upload.held(id));
        }
        Ok(media)
    }

    /// Its attachments belong to this status alone from now on.
    pub(super) fn take(&mut self, held: &Held) {
        for (id, attachment) in &mut self.media {
            attachment.taken |= held.media.iter().any(|medium| medium.id == *id);
        }
    }

    pub(super) fn list(&self, desk: &Desk, request: &Request) -> Answer {
        let at_once = request.asked("limit").and_then(|most| most.parse().ok()).unwrap_or(20).min(40);
        let number = |name: &str| request.asked(name).and_then(|id| id.parse::<u64>().ok());
        let (since, below) = (number("since_id").unwrap_or(0), number("max_id").unwrap_or(u64::MAX));
        let within = |post: &&Held| post.id.parse::<u64>().is_ok_and(|id| id > since && id < below);
        let listed = self.posts.iter().rev().filter(|post| desk.is_listed(&post.id));
        let page: Vec<&Held> = listed.filter(within).take(at_once).collect();
        let all: Vec<Value> = page.iter().map(|post| self.shown(desk, request, post)).collect();
        let answer = Answer::json(200, Value::Array(all));
        match page.last() {
            Some(last) => {
                let place =
                    format!("{}/api/v1/accounts/{ACCOUNT}/statuses?max_id={}", request.origin(), last.id);
                answer.with("link", &format!("<{place}>; rel=\"next\""))
            }
            None => answer,
        }
    }

    pub(super) fn one(&self, desk: &Desk, request: &Request, id: &str) -> Answer {
        match self.posts.iter().find(|post| post.id == id) {
            Some(post) => Answer::json(200, self.shown(desk, request, post)),
            None => refused(404, "Record not found"),
        }
    }

    pub(super) fn delete(&mut self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let answer = self.one(desk, request, id);
        self.posts.retain(|post| post.id != id);
        answer
    }

    pub(super) fn source(&self, desk: &Desk, id: &str) -> Answer {
        let tells = desk.manners().source != Source::Nowhere;
        match self.posts.iter().find(|post| tells && post.id == id) {
            Some(post) => {
                let spoiler = post.sent["spoiler_text"].as_str().unwrap_or_default();
                Answer::json(200, json!({"id": post.id, "text": post.text, "spoiler_text": spoiler}))
            }
            None => refused(404, "Record not found"),
        }
    }

    /// What a change does not name is taken away: media, warning.
    pub(super) fn change(&mut self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let Some(at) = self.posts.iter().position(|post| post.id == id) else {
            return refused(404, "Record not found");
        };
        let body = request.json().unwrap_or_default();
        let text = desk.manners().kept(body["status"].as_str().unwrap_or_default());
        let named: Vec<&str> =
            body["media_ids"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        if text.trim().is_empty() && named.is_empty() {
            return invalid("Validation failed: Text can't be blank");
        }
        if text.chars().count() > TEXT_MAX {
            return invalid("Validation failed: Text character limit of 5000 exceeded");
        }
        let post = &mut self.posts[at];
        post.media.retain(|medium| named.contains(&medium.id.as_str()));
        post.text = text;
        for name in ["spoiler_text", "sensitive", "language", "content_type"] {
            post.sent[name] = body[name].clone();
        }
        Answer::json(200, self.shown(desk, request, &self.posts[at]))
    }

    /// A status as the server shows it.
    fn shown(&self, desk: &Desk, request: &Request, post: &Held) -> Value {
        let attachment = |id: &str| self.media.iter().find(|(known, _)| known == id);
        let media: Vec<Value> = post
            .media
            .iter()
            .filter_map(|medium| attachment(&medium.id))
            .map(|(id, attachment)| described(request, id, attachment))
            .collect();
        let html = rendering(desk, post).html(&post.text, &request.origin(), &[USERNAME]);
        let text = (desk.manners().source == Source::InThePost).then_some(&post.text);
        let said = |name: &str, default: Value| match &post.sent[name] {
            Value::Null => default,
            given => given.clone(),
        };
        json!({
            "id": post.id, "uri": format!("{}/objects/{}", request.origin(), post.id),
            "url": format!("{}/notice/{}", request.origin(), post.id), "created_at": time::iso(post.at),
            "content": html, "text": text, "spoiler_text": said("spoiler_text", json!("")),
            "visibility": said("visibility", json!("public")), "sensitive": said("sensitive", json!(false)),
            "language": said("language", Value::Null), "in_reply_to_id": post.parent, "reblog": null,
            "media_attachments": media, "account": account(request),
        })
    }
}

/// How a status is shown: as its author asked for, where the server asks, else as the account's are.
fn rendering(desk: &Desk, post: &Held) -> Rendering {
    let manners = desk.manners();
    match post.sent["content_type"].as_str().filter(|_| manners.takes_formats) {
        Some("text/plain") => Rendering::Plain,
        Some("text/markdown") => Rendering::Markdown,
        _ => manners.rendering,
    }
}
