//! Films on their way to a Page. An upright film of at most ninety seconds is a reel and goes up in one piece to the
//! host that Facebook names; any other goes up in the parts that Facebook asks for. Both are invisible until the
//! call that finishes them, and both go on where they broke off.

use std::time::Duration;

use reqwest::Url;
use serde_json::{Value, json};

use super::graph::{Graph, number, text, word};
use super::post::{Frozen, REELS, VIDEOS, is_id};
use super::state::{self, STATE_FIELDS, State};
use super::{Facebook, errors};
use crate::http::{Answer, Effect, Payload, Request, Upload};
use crate::{Error, Live, Prepared, PreparedMedia, Steps, Why, address as addresses};

/// Nobody says how long an upload session lives; a day is what Facebook's other containers live.
const FORGET_AFTER: Duration = Duration::from_secs(20 * 60 * 60);
/// Between the last byte and Facebook's noticing it.
const ASK_AGAIN: Duration = Duration::from_secs(3);
/// A reel: from three to ninety seconds, 9:16, at least 540 x 960.
const REEL_MS: std::ops::RangeInclusive<u64> = 3_000..=90_000;
const REEL_LEAST: (u32, u32) = (540, 960);
/// How often Facebook may say that it wants another part than the one that was sent.
const CORRECTIONS_MAX: u32 = 3;
/// Facebook's answer to a part that does not begin where it should.
const WRONG_OFFSET: i64 = 1_363_037;

impl Facebook {
    /// The call that makes a film visible, with its bytes in place.
    pub(super) async fn film(
        &self,
        graph: &Graph,
        page: &str,
        film: &PreparedMedia,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Frozen, Error> {
        if is_reel(film) {
            let video = self.reel(graph, page, film, steps).await?;
            return Ok(Frozen::reel(page, &video, prepared));
        }
        let parts = self.parts(graph, page, film, steps).await?;
        Ok(Frozen::video(page, &parts.video, &parts.session, prepared))
    }

    /// The id of a reel whose bytes are all there.
    async fn reel(
        &self,
        graph: &Graph,
        page: &str,
        film: &PreparedMedia,
        steps: &mut dyn Steps,
    ) -> Result<String, Error> {
        let step = format!("reel/{}", film.hash);
        let mut from = 0;
        let kept = match steps.get(&step) {
            Some(kept) => {
                let state = self.kept_state(graph, &kept, &step, steps).await?;
                if state.is_uploaded(film.bytes) {
                    return Ok(kept["id"].as_str().unwrap_or_default().to_owned());
                }
                if kept["done"] == true {
                    return Err(Error::Processing { after: ASK_AGAIN });
                }
                from = state.bytes;
                kept
            }
            None => {
                let answer =
                    graph.post(&[page, REELS], Payload::Json(json!({"upload_phase": "start"}))).await?;
                let (id, url) = (text(&answer, "video_id")?, text(&answer, "upload_url")?);
                let begun = json!({"id": id, "url": url, "done": false});
                self.keep(steps, &step, &begun)?;
                begun
            }
        };
        self.send_rest(graph, &kept, film, from).await.or_else(|error| match error {
            Error::Content(_) => steps.forget(&step).and(Err(error)),
            other => Err(other),
        })?;
        let mut done = kept;
        done["done"] = json!(true);
        self.keep(steps, &step, &done)?;
        let state = self.kept_state(graph, &done, &step, steps).await?;
        if !state.is_uploaded(film.bytes) {
            return Err(Error::Processing { after: ASK_AGAIN });
        }
        Ok(done["id"].as_str().unwrap_or_default().to_owned())
    }

    /// Sends a reel's bytes from `from` on.
    async fn send_rest(
        &self,
        graph: &Graph,
        kept: &Value,
        film: &PreparedMedia,
        from: u64,
    ) -> Result<(), Error> {
        let url = upload_address(kept["url"].as_str().unwrap_or_default(), &graph.server)?;
        let rest = Upload { mime: "application/octet-stream", ..Upload::of(film).part(from, film.bytes) };
        let request = Request::post(url, Payload::File(rest))
            .secret_header("authorization", &format!("OAuth {}", graph.token))
            .hiding(&graph.token)
            .header("offset", &from.to_string())
            .header("file_size", &film.bytes.to_string());
        let answer = self.client.send(request).await?;
        if answer.success().is_some_and(|said| said["success"] == true) {
            return Ok(());
        }
        let told = answer.json.as_ref().map(|body| &body["debug_info"]).filter(|told| told.is_object());
        let kind = told.and_then(|told| told["type"].as_str()).unwrap_or_default();
        let again = told.is_some_and(|told| told["retriable"] == true);
        match kind {
            _ if again => Err(Error::Transient(answer.words())),
            // The next try asks where Facebook wants to go on.
            "OffsetInvalidError" | "PartialRequestError" => Err(Error::Transient(answer.words())),
            "ProcessingFailedError" => Err(Error::Content(answer.words())),
            _ => Err(errors::refusal(&answer, Effect::Repeatable)),
        }
    }

    /// How far a film has come that was begun before. One that Facebook has forgotten or refuses is begun anew
    /// the next time.
    async fn kept_state(
        &self,
        graph: &Graph,
        kept: &Value,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<State, Error> {
        let id = kept["id"].as_str().unwrap_or_default();
        let found = match graph.get(&[id], &[("fields", "status")]).await {
            Ok(answer) => answer.success().cloned().unwrap_or_default(),
            Err(Error::Content(_) | Error::Permission(_)) => {
                steps.forget(step)?;
                return Err(Error::Expired(step.to_owned()));
            }
            Err(other) => return Err(other),
        };
        let state = State::of(&found);
        if let Some(wrong) = &state.wrong {
            steps.forget(step)?;
            return Err(Error::Content(Why::video_refused(Some(wrong.as_str()))));
        }
        if matches!(state.video.as_str(), "error" | "expired" | "upload_failed") {
            steps.forget(step)?;
            return Err(Error::Expired(step.to_owned()));
        }
        Ok(state)
    }

    /// A session in which all parts of a film are there.
    async fn parts(
        &self,
        graph: &Graph,
        page: &str,
        film: &PreparedMedia,
        steps: &mut dyn Steps,
    ) -> Result<Parts, Error> {
        let step = format!("film/{}", film.hash);
        let known = steps.get(&step).and_then(|kept| Parts::read(&kept));
        let mut is_kept = known.is_some();
        if let Some(whole) = known.as_ref().filter(|parts| parts.from == parts.to) {
            // A film that was given and taken back is gone, and its session is spent.
            self.kept_state(graph, &json!({"id": whole.video}), &step, steps).await?;
        }
        let mut parts = match known {
            Some(parts) => parts,
            None => {
                let body = json!({"upload_phase": "start", "file_size": film.bytes});
                let answer = graph.post(&[page, VIDEOS], Payload::Json(body)).await?;
                let parts = answer.success().and_then(Parts::begun);
                let parts = parts.ok_or_else(|| Error::Portal("the answer has no upload session".into()))?;
                self.keep(steps, &step, &parts.to_value())?;
                parts
            }
        };
        let mut corrections = 0;
        while parts.from < parts.to {
            let next = match self.send_part(graph, page, film, &parts).await {
                // A session that was begun long ago may be gone; Facebook has no word of its own for that.
                Err(Error::Content(_) | Error::Permission(_)) if is_kept => {
                    steps.forget(&step)?;
                    return Err(Error::Expired(step));
                }
                sent => sent?,
            };
            if next.corrected {
                corrections += 1;
            }
            if (next.from <= parts.from && !next.corrected) || corrections > CORRECTIONS_MAX {
                return Err(Error::Transient("Facebook asks for the same part of the film again".into()));
            }
            (parts.from, parts.to, is_kept) = (next.from, next.to, false);
            self.keep(steps, &step, &parts.to_value())?;
        }
        if parts.from != film.bytes {
            steps.forget(&step)?;
            return Err(Error::Expired(step));
        }
        Ok(parts)
    }

    /// Sends the part that Facebook asks for, and hears which one is next.
    async fn send_part(
        &self,
        graph: &Graph,
        page: &str,
        film: &PreparedMedia,
        parts: &Parts,
    ) -> Result<NextPart, Error> {
        let texts = vec![
            ("upload_phase", "transfer".to_owned()),
            ("upload_session_id", parts.session.clone()),
            ("start_offset", parts.from.to_string()),
        ];
        let part = Upload::of(film).part(parts.from, parts.to - parts.from);
        let payload = Payload::Form(Some(("video_file_chunk", part)), texts);
        let url = graph.at(&[page, VIDEOS], &[])?;
        let answer = graph.ask(Request::post(url, payload)).await?;
        if let Some(wanted) = correction(&answer) {
            return Ok(wanted);
        }
        if !super::graph::is_success(&answer) {
            return Err(errors::refusal(&answer, Effect::Repeatable));
        }
        let next = answer.success().and_then(|said| NextPart::of(said, false));
        next.ok_or_else(|| Error::Portal("the answer does not say which part is next".into()))
    }

    fn keep(&self, steps: &mut dyn Steps, step: &str, value: &Value) -> Result<(), Error> {
        steps.put(step, value.clone(), Some(self.client.now().plus(FORGET_AFTER)))
    }

    /// A film whose last call was accepted. That it cannot be looked at yet is no doubt about the call.
    pub(super) async fn film_is_out(&self, graph: &Graph, video: &str) -> Result<Live, Error> {
        let looked = graph.get(&[video], &[("fields", STATE_FIELDS)]).await;
        let found = looked.ok().and_then(|answer| answer.success().cloned()).unwrap_or_default();
        match State::of(&found).wrong {
            Some(wrong) => Err(Error::Content(Why::video_refused(Some(wrong.as_str())))),
            None => Ok(state::live(video, &found)),
        }
    }
}

/// An upload session: the film, and the part that Facebook asks for.
struct Parts {
    video: String,
    session: String,
    from: u64,
    to: u64,
}

impl Parts {
    fn begun(said: &Value) -> Option<Self> {
        let NextPart { from, to, .. } = NextPart::of(said, false)?;
        let (video, session) = (word(&said["video_id"])?, word(&said["upload_session_id"])?);
        is_id(&video).then_some(Self { video, session, from, to })
    }

    fn read(kept: &Value) -> Option<Self> {
        let text = |name: &str| kept[name].as_str().map(str::to_owned);
        let (video, session) = (text("video")?, text("session")?);
        Some(Self { video, session, from: kept["from"].as_u64()?, to: kept["to"].as_u64()? })
    }

    fn to_value(&self) -> Value {
        json!({"video": self.video, "session": self.session, "from": self.from, "to": self.to})
    }
}

/// The part that comes next; none when it is empty.
struct NextPart {
    from: u64,
    to: u64,
    corrected: bool,
}

impl NextPart {
    fn of(said: &Value, corrected: bool) -> Option<Self> {
        Some(Self { from: number(&said["start_offset"])?, to: number(&said["end_offset"])?, corrected })
    }
}

/// Where Facebook wants to go on, when it did not want the part that was sent.
fn correction(answer: &Answer) -> Option<NextPart> {
    let error = &answer.json.as_ref()?["error"];
    if error["error_subcode"].as_i64() != Some(WRONG_OFFSET) {
        return None;
    }
    match &error["error_data"] {
        Value::String(text) => NextPart::of(&serde_json::from_str(text).ok()?, true),
        data => NextPart::of(data, true),
    }
}

fn is_reel(film: &PreparedMedia) -> bool {
    let (width, height) = (u64::from(film.width), u64::from(film.height));
    // Within one part in a hundred of 9:16: scaled sides are whole and even.
    let is_upright = (width * 16).abs_diff(height * 9) * 100 <= height * 9;
    is_upright
        && film.width >= REEL_LEAST.0
        && film.height >= REEL_LEAST.1
        && film.duration_ms.is_some_and(|ms| REEL_MS.contains(&ms))
}

/// The address that Facebook names for the bytes: the token goes there, so it must be Facebook's own.
fn upload_address(named: &str, server: &str) -> Result<Url, Error> {
    let strange = || Error::Portal("the address for the film is not Facebook's".into());
    let (url, server) =
        (Url::parse(named).map_err(|_| strange())?, Url::parse(server).map_err(|_| strange())?);
    let host = url.host_str().unwrap_or_default();
    let is_facebook = url.scheme() == "https" && (host == "facebook.com" || host.ends_with(".facebook.com"));
    let is_here = addresses::is_loopback(&url) && addresses::is_loopback(&server);
    if is_facebook || is_here || url.origin() == server.origin() { Ok(url) } else { Err(strange()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_goes_to_facebook_alone() {
        let graph = "https://graph.facebook.com";
        let may = |named: &str, server: &str| upload_address(named, server).is_ok();
        assert!(may("https://rupload.facebook.com/video-upload/v26.0/7", graph));
        assert!(may("http://127.0.0.1:4000/x", "http://127.0.0.1:3000"));
        assert!(may("https://graph.example/x", "https://graph.example"));
        for bad in [
            "",
            "http://rupload.facebook.com/x",
            "https://facebook.com.example/x",
            "https://notfacebook.com/x",
            "https://example/facebook.com",
            "http://127.0.0.1:4000/x",
            "https://graph.facebook.com@example.com/x",
        ] {
            assert!(!may(bad, graph), "{bad}");
        }
    }

    #[test]
    fn a_reel_is_upright_and_short() {
        let folder = tempfile::tempdir().unwrap();
        let reel = |width, height, ms| {
            is_reel(&PreparedMedia { width, height, duration_ms: Some(ms), ..crate::stub::film(&folder) })
        };
        assert!(reel(1080, 1920, 3_000) && reel(540, 960, 90_000) && reel(1078, 1920, 10_000));
        assert!(!reel(1080, 1920, 2_999) && !reel(1080, 1920, 90_001) && !reel(1920, 1080, 10_000));
        assert!(!reel(538, 956, 10_000) && !reel(1080, 1350, 10_000) && !reel(1080, 1080, 10_000));
    }
}
