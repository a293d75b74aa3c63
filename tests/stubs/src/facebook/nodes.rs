//! A post that is there already: its date moved, made public, its text changed, taken away.

use serde_json::json;

use super::edges::{date, too_long};
use super::{State, bad, parameters, unknown};
use crate::http::{Answer, Request};
use crate::stub::Desk;

impl State {
    pub(super) fn change(&mut self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let Some(at) = self.find(id) else { return unknown(id) };
        let body = parameters(request);
        if let Some(text) = body["message"].as_str() {
            if let Some(refused) = too_long(text) {
                return refused;
            }
            self.posts[at].held.text = desk.manners().kept(text);
        }
        if !body["scheduled_publish_time"].is_null() {
            if !self.posts[at].waits {
                return bad("A published post has no date");
            }
            match date(desk, &body["scheduled_publish_time"]) {
                Ok(millis) => {
                    self.posts[at].held.at = millis;
                    let film = self.posts[at].film.clone();
                    for film in self.films.iter_mut().filter(|known| Some(&known.id) == film.as_ref()) {
                        film.date = Some(millis);
                    }
                }
                Err(refused) => return refused,
            }
        }
        if body["is_published"] == true && self.posts[at].waits {
            self.posts[at].waits = false;
            self.posts[at].held.at = desk.now();
            let film = self.posts[at].film.clone();
            for film in self.films.iter_mut().filter(|known| Some(&known.id) == film.as_ref()) {
                film.is_public = true;
            }
        }
        Answer::json(200, json!({"success": true}))
    }

    pub(super) fn delete(&mut self, id: &str) -> Answer {
        let Some(at) = self.find(id) else { return unknown(id) };
        let post = self.posts.remove(at);
        self.films.retain(|film| Some(&film.id) != post.film.as_ref());
        let gone = post.held.id;
        self.posts.retain(|post| post.held.parent.as_ref() != Some(&gone));
        Answer::json(200, json!({"success": true}))
    }
}
