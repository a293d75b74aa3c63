//! Films in parts, reels in one piece, and what Facebook says of them while it makes them.

use serde_json::{Value, json};

use super::edges::{When, date, too_long, when};
use super::{PAGE, State, bad, error, number, parameters, unknown};
use crate::http::{Answer, Request};
use crate::stub::{Desk, Upload};
use crate::time;

/// Facebook's answer to a part that does not begin where it should.
const WRONG_OFFSET: i64 = 1_363_037;

/// A film that Facebook has been told of.
#[derive(Debug, Default)]
pub(super) struct Film {
    pub(super) id: String,
    session: String,
    is_reel: bool,
    total: Option<usize>,
    bytes: Vec<u8>,
    /// Whether the last call was made.
    finished: bool,
    /// Whether it is for everybody; not so while it waits for its date.
    pub(super) is_public: bool,
    /// How often it will still be said that it is being made.
    left: usize,
    at: i64,
    /// When it is to be for everybody, in milliseconds.
    pub(super) date: Option<i64>,
}

impl Film {
    fn is_whole(&self) -> bool {
        self.total.is_some_and(|total| self.bytes.len() >= total)
    }

    /// Whether Facebook has made it.
    pub(super) fn is_made(&self) -> bool {
        self.finished && self.left == 0
    }

    /// It was asked for: time passes by being asked.
    pub(super) fn advance(&mut self) {
        if self.finished {
            self.left = self.left.saturating_sub(1);
        }
    }

    /// With every field that there is of it.
    pub(super) fn shown(&self) -> Value {
        let (video, processing, publishing) = match (self.is_whole(), self.finished, self.left) {
            (false, ..) => ("uploading", "not_started", "not_started"),
            (true, false, _) => ("upload_complete", "not_started", "not_started"),
            (true, true, 2..) => ("processing", "in_progress", "not_started"),
            (true, true, 1) => ("processing", "complete", "in_progress"),
            (true, true, 0) if self.is_public => ("ready", "complete", "complete"),
            (true, true, 0) => ("ready", "complete", "not_started"),
        };
        let uploading = if self.is_whole() { "complete" } else { "in_progress" };
        let mut status = json!({
            "video_status": video,
            // So it is spelt.
            "uploading_phase": {"status": uploading, "bytes_transfered": self.bytes.len()},
            "processing_phase": {"status": processing},
            "publishing_phase": {"status": publishing},
        });
        if publishing == "complete" {
            status["publishing_phase"]["publish_status"] = json!("published");
            status["publishing_phase"]["publish_time"] = json!(time::graph(self.at));
        }
        let date = self.date.filter(|_| !self.is_public).map(time::graph);
        let place = if self.is_reel { "reel".to_owned() } else { format!("{PAGE}/videos") };
        json!({
            "id": self.id, "status": status, "published": self.finished && self.is_public,
            "scheduled_publish_time": date,
            "permalink_url": format!("/{place}/{}/", self.id), "created_time": time::graph(self.at),
        })
    }
}

impl State {
    /// The edge of films in parts.
    pub(super) fn video(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let body = parameters(request);
        match body["upload_phase"].as_str() {
            Some("start") => self.begin_parts(desk, &body),
            Some("transfer") => self.part(request, &body),
            Some("finish") => {
                let session = body["upload_session_id"].as_str().unwrap_or_default();
                let Some(at) = self.films.iter().position(|film| film.session == session) else {
                    return bad("Invalid upload_session_id");
                };
                match when(desk, &body) {
                    Ok(when) => self.finish(desk, body, at, &when),
                    Err(refused) => refused,
                }
            }
            _ => bad("The parameter upload_phase is required"),
        }
    }

    fn begin_parts(&mut self, desk: &mut Desk, body: &Value) -> Answer {
        let total = number(&body["file_size"]).and_then(|n| usize::try_from(n).ok()).filter(|n| *n > 0);
        let Some(total) = total else { return bad("The parameter file_size is required") };
        let (id, session) =
            ((700_000_000 + desk.number()).to_string(), (800_000 + desk.number()).to_string());
        let film = Film { id: id.clone(), session: session.clone(), total: Some(total), ..Film::default() };
        let next = self.next(&film);
        self.films.push(film);
        let mut said = json!({"video_id": id, "upload_session_id": session});
        (said["start_offset"], said["end_offset"]) = next;
        Answer::json(200, said)
    }

    /// The part that is wanted next.
    fn next(&self, film: &Film) -> (Value, Value) {
        let (from, total) = (film.bytes.len(), film.total.unwrap_or(0));
        (json!(from.to_string()), json!((from + self.part).min(total).to_string()))
    }

    fn part(&mut self, request: &Request, body: &Value) -> Answer {
        let form = request.form().unwrap_or_default();
        let session = body["upload_session_id"].as_str().unwrap_or_default();
        let Some(at) = self.films.iter().position(|film| film.session == session && !film.finished) else {
            return bad("Invalid upload_session_id");
        };
        let Some(file) = form.file("video_file_chunk") else { return bad("video_file_chunk is required") };
        let film = &self.films[at];
        let (from, total) = (number(&body["start_offset"]), film.total.unwrap_or(0));
        let fits = film.bytes.len() + file.bytes.len() <= total && file.bytes.len() <= self.part;
        if from != i64::try_from(film.bytes.len()).ok() || !fits {
            let (start, end) = self.next(film);
            let mut answer =
                error("There was a problem with your upload: wrong start offset.", 6001, WRONG_OFFSET);
            let mut said = answer.value();
            said["error"]["error_data"] = json!({"start_offset": start, "end_offset": end});
            answer.body = said.to_string().into_bytes();
            return answer;
        }
        self.films[at].bytes.extend_from_slice(&file.bytes);
        let (start, end) = self.next(&self.films[at]);
        Answer::json(200, json!({"start_offset": start, "end_offset": end}))
    }

    /// The edge of reels.
    pub(super) fn reel(&mut self, desk: &mut Desk, request: &Request, version: &str) -> Answer {
        let body = parameters(request);
        match body["upload_phase"].as_str() {
            Some("start") => {
                let id = (700_000_000 + desk.number()).to_string();
                self.films.push(Film { id: id.clone(), is_reel: true, ..Film::default() });
                let place = format!("{}/video-upload/{version}/{id}", request.origin());
                Answer::json(200, json!({"video_id": id, "upload_url": place}))
            }
            Some("finish") => {
                let id = body["video_id"].as_str().unwrap_or_default();
                let Some(at) = self.films.iter().position(|film| film.is_reel && film.id == id) else {
                    return unknown(id);
                };
                let when = match body["video_state"].as_str() {
                    Some("PUBLISHED") => Ok(When::Now),
                    Some("SCHEDULED") => date(desk, &body["scheduled_publish_time"]).map(When::Then),
                    Some("DRAFT") => Ok(When::Never),
                    _ => Err(bad("The parameter video_state is required")),
                };
                match when {
                    Ok(when) => self.finish(desk, body, at, &when),
                    Err(refused) => refused,
                }
            }
            _ => bad("The parameter upload_phase is required"),
        }
    }

    /// The bytes of a reel, at the host for them.
    pub(super) fn reel_bytes(&mut self, request: &Request, id: &str) -> Answer {
        let said = |name: &str| request.header(name).and_then(|value| value.parse::<usize>().ok());
        let refused = |kind: &str, message: &str| {
            Answer::json(400, json!({"debug_info": {"retriable": false, "type": kind, "message": message}}))
        };
        let Some(film) = self.films.iter_mut().find(|film| film.is_reel && film.id == id && !film.finished)
        else {
            return refused("NotFoundError", "Invalid video id");
        };
        let (Some(offset), Some(total)) = (said("offset"), said("file_size")) else {
            return refused("HeaderInvalidError", "The headers offset and file_size are required");
        };
        if offset != film.bytes.len() {
            return refused("OffsetInvalidError", &format!("offset must be {}", film.bytes.len()));
        }
        if film.total.is_some_and(|known| known != total) || offset + request.body.len() > total {
            return refused("HeaderInvalidError", "file_size does not fit");
        }
        film.total = Some(total);
        film.bytes.extend_from_slice(&request.body);
        if film.is_whole() {
            return Answer::json(200, json!({"success": true, "message": "Upload successful."}));
        }
        refused("PartialRequestError", "Partial request (did not match length of file)")
    }

    /// The call that makes a film visible.
    fn finish(&mut self, desk: &mut Desk, body: Value, at: usize, when: &When) -> Answer {
        let text = desk.manners().kept(body["description"].as_str().unwrap_or_default());
        if let Some(refused) = too_long(&text) {
            return refused;
        }
        let asks = self.asks;
        let now = desk.now();
        let film = &mut self.films[at];
        if !film.is_whole() {
            return error(
                "There was a problem uploading your video file: it is not complete.",
                6000,
                1_363_041,
            );
        }
        if film.finished {
            return bad("The upload session has ended");
        }
        (film.finished, film.left, film.at) = (true, asks + 1, now);
        film.is_public = matches!(when, When::Now);
        film.date = if let When::Then(at) = when { Some(*at) } else { None };
        let id = film.id.clone();
        let held = Upload { bytes: film.bytes.clone(), alt: None }.held(&id);
        if !matches!(when, When::Never) {
            self.add(desk, body, &text, vec![held], Some(id), when);
        }
        Answer::json(200, json!({"success": true}))
    }
}
