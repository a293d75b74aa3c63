//! Statuses with a date: kept until it comes, moved, taken back.

use serde_json::{Value, json};

use super::{State, described, invalid, refused};
use crate::http::{Answer, Request};
use crate::stub::{Desk, Held, Planned};
use crate::time;

/// A date is at least so far away.
const AHEAD_MS: i64 = 5 * 60 * 1000;

impl State {
    pub(super) fn plan(&mut self, desk: &mut Desk, request: &Request, held: Held) -> Answer {
        let Some(at) = date(&held.sent, desk) else {
            return invalid("Validation failed: Scheduled at The scheduled date must be in the future");
        };
        self.take(&held);
        let plan = Planned { post: Held { at, ..held } };
        let said = self.described(request, &plan);
        desk.made(&plan.post.id, desk.now());
        self.plans.push(plan);
        Answer::json(200, said)
    }

    pub(super) fn plans(&mut self, desk: &Desk, request: &Request, method: &str, id: Option<&str>) -> Answer {
        let Some(id) = id else {
            if method != "GET" {
                return refused(404, "Record not found");
            }
            let listed = self.plans.iter().filter(|plan| desk.is_listed(&plan.post.id));
            let all: Vec<Value> = listed.map(|plan| self.described(request, plan)).collect();
            return Answer::json(200, Value::Array(all));
        };
        let Some(at) = self.plans.iter().position(|plan| plan.post.id == id) else {
            return refused(404, "Record not found");
        };
        match method {
            "GET" => {}
            "PUT" => match date(&request.sent().1, desk) {
                Some(date) => self.plans[at].post.at = date,
                None => {
                    return invalid(
                        "Validation failed: Scheduled at The scheduled date must be in the future",
                    );
                }
            },
            "DELETE" => {
                self.plans.remove(at);
                return Answer::json(200, json!({}));
            }
            _ => return refused(404, "Record not found"),
        }
        Answer::json(200, self.described(request, &self.plans[at]))
    }

    /// Statuses whose date has come. They are other objects from then on, with numbers of their own.
    pub(super) fn publish_due(&mut self, desk: &mut Desk) {
        let now = desk.now();
        let (due, rest): (Vec<_>, Vec<_>) = self.plans.drain(..).partition(|plan| plan.post.at <= now);
        self.plans = rest;
        for Planned { post } in due {
            let id = desk.number().to_string();
            desk.made(&id, post.at);
            self.posts.push(Held { id, ..post });
        }
    }

    fn described(&self, request: &Request, plan: &Planned) -> Value {
        let ids = plan.post.media.iter().map(|medium| &medium.id);
        let media = ids.filter_map(|id| self.media.iter().find(|(known, _)| known == id));
        let media: Vec<Value> = media.map(|(id, one)| described(request, id, one)).collect();
        let mut params = plan.post.sent.clone();
        if let Some(fields) = params.as_object_mut() {
            fields.shift_remove("scheduled_at");
            fields.shift_remove("status");
            fields.insert("text".into(), json!(plan.post.text));
        }
        json!({"id": plan.post.id, "scheduled_at": time::iso(plan.post.at), "params": params, "media_attachments": media})
    }
}

fn date(body: &Value, desk: &Desk) -> Option<i64> {
    time::read(body["scheduled_at"].as_str()?).filter(|at| *at - desk.now() >= AHEAD_MS)
}
