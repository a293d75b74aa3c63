//! Limits that a server states itself, laid over the rules.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::{ByHand, Publishing, Rules};
use crate::recipe::ImageFormat;

/// Limits that a server stated itself. They win over the rules.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct LiveLimits {
    /// The most text, in the network's unit.
    pub text_max: Option<u32>,
    /// The most attachments.
    pub media_max: Option<u32>,
    /// What a link counts.
    pub url_length: Option<u32>,
    /// The most alt text.
    pub alt_max: Option<u32>,
    /// The most bytes of a picture.
    #[ts(type = "number | null")]
    pub image_bytes: Option<u64>,
    /// The most pixels of a picture.
    #[ts(type = "number | null")]
    pub image_pixels: Option<u64>,
    /// The most bytes of a film.
    #[ts(type = "number | null")]
    pub video_bytes: Option<u64>,
    /// The most pixels of a film's frame.
    #[ts(type = "number | null")]
    pub video_pixels: Option<u64>,
    /// The most frames a second of a film.
    pub video_fps: Option<u32>,
    /// Media types the server takes; empty when it did not say.
    pub mime_types: Vec<String>,
    /// Types that a text may be said to have (`text/plain`, `text/markdown`); empty where the server takes none.
    pub text_types: Vec<String>,
}

impl Rules {
    /// These rules as they hold for a post: with what a server stated, and where a person publishes by hand, with what
    /// the place's own page or app takes.
    #[must_use]
    pub fn in_force(&self, live: Option<&LiveLimits>) -> Cow<'_, Self> {
        let rules = live.map_or(Cow::Borrowed(self), |live| Cow::Owned(self.with_live(live)));
        let hand = &self.by_hand;
        if self.publishing != Publishing::Assisted || !hand.has_limits() {
            return rules;
        }
        let mut rules = rules.into_owned();
        rules.images.max_count = hand.max_images.unwrap_or(rules.images.max_count);
        rules.videos.max_count = hand.max_videos.unwrap_or(rules.videos.max_count);
        rules.max_media = hand.max_media.or(rules.max_media);
        Cow::Owned(rules)
    }

    /// These rules with what a server stated laid over them.
    #[must_use]
    pub fn with_live(&self, live: &LiveLimits) -> Self {
        let mut rules = self.clone();
        rules.text.max = live.text_max.or(rules.text.max);
        if let Some(most) = live.media_max {
            rules.max_media = Some(most);
            // A server that allows more than is usual allows more pictures, not more films.
            rules.images.max_count = most;
            rules.videos.max_count = rules.videos.max_count.min(most);
        }
        rules.images.max_bytes = live.image_bytes.or(rules.images.max_bytes);
        rules.images.max_pixels = live.image_pixels.or(rules.images.max_pixels);
        rules.images.alt_max = live.alt_max.or(rules.images.alt_max);
        rules.videos.max_bytes = live.video_bytes.or(rules.videos.max_bytes);
        rules.videos.max_fps = live.video_fps.map(f64::from).or(rules.videos.max_fps);
        if !live.mime_types.is_empty() {
            rules.images.formats.retain(|format| live.takes(*format));
            rules.animations = rules.animations.filter(|_| live.takes(ImageFormat::Gif));
        }
        rules
    }
}

impl ByHand {
    fn has_limits(&self) -> bool {
        self.max_images.is_some() || self.max_videos.is_some() || self.max_media.is_some()
    }
}

impl LiveLimits {
    fn takes(&self, format: ImageFormat) -> bool {
        self.mime_types.iter().any(|mime| mime == format.container().mime())
    }
}
