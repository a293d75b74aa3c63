//! Media on their way to X: nobody sees one that no post names. Pictures go up whole, animations and films in parts.

use std::time::Duration;

use griot_domain::{Format, Timestamp};
use reqwest::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::{X, api, refusal};
use crate::http::{Payload, Request, Upload};
use crate::{Error, PreparedMedia, Session, Steps, Why};

/// The network forgets media that no post names after a day.
const FORGET_AFTER: Duration = Duration::from_secs(20 * 60 * 60);
const IMAGES_MAX: usize = 4;

/// How the network takes a medium.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Image,
    Animation,
    Film,
}

impl Kind {
    fn of(format: Format) -> Option<Self> {
        match format {
            Format::Jpeg | Format::Png | Format::Webp => Some(Self::Image),
            Format::Gif => Some(Self::Animation),
            Format::Mp4 | Format::Mov => Some(Self::Film),
            _ => None,
        }
    }

    /// The network's word for it.
    pub(super) fn category(self) -> &'static str {
        match self {
            Self::Image => "tweet_image",
            Self::Animation => "tweet_gif",
            Self::Film => "tweet_video",
        }
    }
}

/// What is kept of a medium between tries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Kept {
    /// The network's number for it.
    pub(super) id: String,
    /// When the network forgets it, with some time to spare.
    pub(super) until: Timestamp,
    /// The next part that goes up.
    pub(super) next: u64,
    /// Whether all parts are up and the network was told so.
    pub(super) whole: bool,
    /// Whether a post can name it.
    pub(super) ready: bool,
    /// The alt text that the network has.
    pub(super) alt: Option<String>,
}

impl Kept {
    /// What was kept under a step's name. An alt text can be replaced, but not taken away.
    pub(super) fn read(steps: &dyn Steps, step: &str, media: &PreparedMedia) -> Option<Self> {
        let kept: Self = serde_json::from_value(steps.get(step)?).ok()?;
        (api::is_id(&kept.id) && (kept.alt.is_none() || !media.alt.is_empty())).then_some(kept)
    }

    /// Keeps it.
    pub(super) fn write(&self, steps: &mut dyn Steps, step: &str) -> Result<(), Error> {
        let value = serde_json::to_value(self).expect("BUG: texts, numbers and times are JSON");
        steps.put(step, value, Some(self.until))
    }
}

impl X {
    /// The numbers of all media, ready to be named; [`Error::Processing`] while the network still works on one.
    pub(super) async fn media_ids(
        &self,
        session: &Session,
        media: &[PreparedMedia],
        steps: &mut dyn Steps,
    ) -> Result<Vec<String>, Error> {
        let kinds = kinds(media)?;
        let mut ids = Vec::new();
        for (index, (medium, kind)) in media.iter().zip(kinds).enumerate() {
            // The same file twice in a post is two media.
            let before = media[..index].iter().filter(|m| m.hash == medium.hash).count();
            let step = if before == 0 {
                format!("media/{}", medium.hash)
            } else {
                format!("media/{}/{before}", medium.hash)
            };
            let mut kept = match kind {
                Kind::Image => self.picture(session, medium, &step, steps).await?,
                Kind::Animation | Kind::Film => self.in_parts(session, medium, kind, &step, steps).await?,
            };
            // Films have no place for an alt text.
            if kind != Kind::Film {
                self.describe(session, medium, &mut kept, &step, steps).await?;
            }
            ids.push(kept.id);
        }
        Ok(ids)
    }

    async fn picture(
        &self,
        session: &Session,
        media: &PreparedMedia,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<Kept, Error> {
        if let Some(kept) = Kept::read(steps, step, media) {
            return Ok(kept);
        }
        let url = api::path(&session.account.server, "/2/media/upload", &[])?;
        let texts = vec![("media_category", Kind::Image.category().to_owned())];
        let payload = Payload::Form(Some(("media", Upload::of(media))), texts);
        let answer = self.call(session, Request::post(url, payload)).await?;
        let mut kept = self.begun(api::data(&answer)?)?;
        (kept.whole, kept.ready) = (true, true);
        kept.write(steps, step)?;
        Ok(kept)
    }

    /// Tells the network the alt text, unless it has it.
    async fn describe(
        &self,
        session: &Session,
        media: &PreparedMedia,
        kept: &mut Kept,
        step: &str,
        steps: &mut dyn Steps,
    ) -> Result<(), Error> {
        if media.alt.is_empty() || kept.alt.as_ref() == Some(&media.alt) {
            return Ok(());
        }
        let url = api::path(&session.account.server, "/2/media/metadata", &[])?;
        let body = json!({"id": kept.id, "metadata": {"alt_text": {"text": media.alt}}});
        let answer = self.call(session, Request::post(url, Payload::Json(body))).await?;
        if answer.status == StatusCode::NOT_FOUND && answer.json.is_some() {
            steps.forget(step)?;
            return Err(Error::Expired(step.to_owned()));
        }
        if answer.success().is_none() {
            return Err(refusal::of(&answer));
        }
        kept.alt = Some(media.alt.clone());
        kept.write(steps, step)
    }

    /// A medium that the network has just given a number.
    pub(super) fn begun(&self, data: &Value) -> Result<Kept, Error> {
        let id = api::id(&data["id"]).ok_or_else(|| Error::Portal("the answer has no number".into()))?;
        let until = self.until(data);
        Ok(Kept { id: id.to_owned(), until, next: 0, whole: false, ready: false, alt: None })
    }

    /// Until when a medium can be counted on.
    pub(super) fn until(&self, data: &Value) -> Timestamp {
        let stated = data["expires_after_secs"].as_u64().map(|seconds| Duration::from_secs(seconds / 6 * 5));
        self.client.now().plus(stated.map_or(FORGET_AFTER, |stated| stated.min(FORGET_AFTER)))
    }
}

/// How each goes up; a refusal where no post can hold them together.
pub(super) fn kinds(media: &[PreparedMedia]) -> Result<Vec<Kind>, Error> {
    let kind = |medium: &PreparedMedia| {
        let refused = || {
            Error::Content(Why::ours(
                format!("X ne prend pas les fichiers {}.", medium.format.extension()),
                format!("X takes no {} files.", medium.format.extension()),
            ))
        };
        Kind::of(medium.format).ok_or_else(refused)
    };
    let kinds = media.iter().map(kind).collect::<Result<Vec<_>, _>>()?;
    let together = kinds.len() <= 1 || kinds.iter().all(|kind| *kind == Kind::Image);
    if !together || kinds.len() > IMAGES_MAX {
        return Err(Error::Content(Why::ours(
            "Une publication porte quatre images, ou une animation, ou une vidéo.",
            "A post holds four pictures, or one animation, or one video.",
        )));
    }
    Ok(kinds)
}
