//! Animations and films in parts: a break costs the part that was on its way, and nothing before it.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::media::{Kept, Kind};
use super::{X, api, refusal};
use crate::http::{Answer, Payload, Request, Upload};
use crate::{Error, PreparedMedia, Session, Steps, Why};

/// The least that goes up at once, and the most parts that the network takes.
const PART_MIN: u64 = 1 << 20;
const PARTS_MAX: u64 = 1000;
/// Where the network does not say when to ask again, and the longest that it is believed.
const ASK_AGAIN: u64 = 5;
const ASK_AGAIN_MAX: u64 = 300;

/// The bytes of each part but the last. It depends on the file alone, so that a later try continues with the same.
fn part_size(total: u64) -> u64 {
    total.div_ceil(PARTS_MAX).max(PART_MIN)
}

impl X {
    /// A medium, once the network has made it; [`Error::Processing`] until then.
    pub(super) async fn in_parts(
        &self,
        session: &Session,
        media: &PreparedMedia,
        kind: Kind,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<Kept, Error> {
        let resumed = Kept::read(steps, step, media);
        let is_resumed = resumed.is_some();
        let mut kept = match resumed {
            Some(kept) => kept,
            None => {
                let kept = self.initialize(session, media, kind).await?;
                kept.write(steps, step)?;
                kept
            }
        };
        let said = self.advance(session, media, &mut kept, step, steps).await;
        match said {
            Ok(()) => Ok(kept),
            // What an earlier try began is no longer known, or no longer wanted: once more from the start. A refusal
            // of what this try began is one of the film.
            Err(Error::Content(_)) if is_resumed && !kept.whole => {
                steps.forget(step)?;
                Err(Error::Expired(step.to_owned()))
            }
            Err(Error::Content(words)) => {
                steps.forget(step)?;
                Err(Error::Content(words))
            }
            Err(error) => Err(error),
        }
    }

    /// From where it is to the end.
    async fn advance(
        &self,
        session: &Session,
        media: &PreparedMedia,
        kept: &mut Kept,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<(), Error> {
        let size = part_size(media.bytes);
        while !kept.whole && kept.next * size < media.bytes {
            self.append(session, media, kept, size).await?;
            kept.next += 1;
            kept.write(steps, step)?;
        }
        if kept.ready {
            return Ok(());
        }
        let answer = if kept.whole {
            self.status(session, &kept.id).await?
        } else {
            let path = format!("/2/media/upload/{}/finalize", kept.id);
            let url = api::path(&session.account.server, &path, &[])?;
            self.call(session, Request::post(url, Payload::Nothing)).await?
        };
        let data = match answer.status {
            StatusCode::NOT_FOUND if kept.whole && answer.json.is_some() => {
                steps.forget(step)?;
                return Err(Error::Expired(step.to_owned()));
            }
            _ => api::data(&answer)?,
        };
        if !kept.whole {
            (kept.whole, kept.until) = (true, self.until(data));
            kept.write(steps, step)?;
        }
        is_made(&data["processing_info"])?;
        kept.ready = true;
        kept.write(steps, step)
    }

    async fn initialize(&self, session: &Session, media: &PreparedMedia, kind: Kind) -> Result<Kept, Error> {
        let url = api::path(&session.account.server, "/2/media/upload/initialize", &[])?;
        let body = json!({
            "media_type": media.format.mime(),
            "total_bytes": media.bytes,
            "media_category": kind.category(),
        });
        let answer = self.call(session, Request::post(url, Payload::Json(body))).await?;
        self.begun(api::data(&answer)?)
    }

    async fn append(
        &self,
        session: &Session,
        media: &PreparedMedia,
        kept: &Kept,
        size: u64,
    ) -> Result<(), Error> {
        let path = format!("/2/media/upload/{}/append", kept.id);
        let url = api::path(&session.account.server, &path, &[])?;
        let part = Upload::of(media).part(kept.next * size, size);
        let texts = vec![("segment_index", kept.next.to_string())];
        let payload = Payload::Form(Some(("media", part)), texts);
        // The interface before this one answered with nothing at all.
        let answer = self.call(session, Request::post(url, payload).or_nothing()).await?;
        if answer.success().is_none() { Err(refusal::of(&answer)) } else { Ok(()) }
    }

    async fn status(&self, session: &Session, id: &str) -> Result<Answer, Error> {
        let query = [("command", "STATUS"), ("media_id", id)];
        let url = api::path(&session.account.server, "/2/media/upload", &query)?;
        self.call(session, Request::get(url)).await
    }
}

/// Whether the network has made it. What needs no making has no such information.
fn is_made(processing: &Value) -> Result<(), Error> {
    match processing["state"].as_str() {
        None | Some("succeeded") => Ok(()),
        Some("failed") => {
            let why = ["message", "detail", "name"].into_iter();
            let why = why.filter_map(|name| processing["error"][name].as_str()).next();
            Err(Error::Content(Why::video_refused(why)))
        }
        Some(_) => {
            let after = processing["check_after_secs"].as_u64().unwrap_or(ASK_AGAIN).clamp(1, ASK_AGAIN_MAX);
            Err(Error::Processing { after: Duration::from_secs(after) })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_fits_into_the_parts_that_are_taken() {
        for (total, size, parts) in [
            (0, 1 << 20, 0),
            (17, 1 << 20, 1),
            (1 << 20, 1 << 20, 1),
            ((1 << 20) + 1, 1 << 20, 2),
            (512_000_000, 1 << 20, 489),
            (1_000 << 20, 1 << 20, 1000),
            ((1_000 << 20) + 1, (1 << 20) + 1, 1000),
            (16 << 30, 17_179_870, 1000),
        ] {
            let got = part_size(total);
            assert_eq!((got, total.div_ceil(got)), (size, parts), "{total}");
        }
    }
}
