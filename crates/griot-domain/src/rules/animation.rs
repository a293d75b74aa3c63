//! What becomes of a moving picture: it keeps moving as a GIF where the network takes one, else as a film, else its first
//! frame goes out.

use serde::{Deserialize, Serialize};

use super::{Rules, Sure};
use crate::asset::{Facts, MediaKind};
use crate::edit::{Adjust, Edit};
use crate::recipe::{Fit, ImageFormat, ImageRecipe, Recipe};

/// Limits of a moving picture (GIF), where a network takes one and shows it moving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AnimationRules {
    /// The most width in pixels.
    pub width: u32,
    /// The most height in pixels.
    pub height: u32,
    /// The most bytes.
    #[ts(type = "number")]
    pub max_bytes: u64,
    /// Whether it stands in a post alone, without other media.
    #[serde(default)]
    pub alone: bool,
    /// How sure.
    pub sure: Sure,
}

impl Rules {
    /// As what a file goes out, by these rules with what the server states laid over them. A moving picture is a film where the network takes no GIF; with what can only be
    /// changed in a picture it stays one.
    #[must_use]
    pub fn goes_as(&self, facts: &Facts, edit: &Edit) -> MediaKind {
        let drawn = edit.straighten != 0 || edit.adjust != Adjust::default() || !edit.overlays.is_empty();
        let film = facts.moves() && !drawn && self.videos.max_count > 0 && self.animations.is_none();
        if film { MediaKind::Video } else { facts.kind }
    }

    /// What these rules see of a medium once a person's changes are made: its kind, size, length and sound.
    #[must_use]
    pub fn sees(&self, facts: &Facts, edit: &Edit) -> Facts {
        let (width, height) = edit.size((facts.width, facts.height), self.network);
        Facts {
            kind: self.goes_as(facts, edit),
            width,
            height,
            duration_ms: edit
                .trim
                .map_or(facts.duration_ms, |trim| Some(trim.to_ms.saturating_sub(trim.from_ms))),
            audio_codec: facts.audio_codec.clone().filter(|_| !edit.mute),
            ..facts.clone()
        }
    }

    /// The same recipe, by which a moving picture keeps moving where the network takes that.
    #[must_use]
    pub fn moving(&self, facts: &Facts, recipe: Recipe) -> Recipe {
        match (&self.animations, recipe) {
            (Some(most), Recipe::Image(image)) if facts.moves() => Recipe::Image(gif(most, image)),
            (_, recipe) => recipe,
        }
    }
}

fn gif(most: &AnimationRules, image: ImageRecipe) -> ImageRecipe {
    let (w, h) = (u64::from(image.width), u64::from(image.height));
    let (mw, mh) = (u64::from(most.width), u64::from(most.height));
    let side = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).max(1);
    let (width, height) = if image.fit == Fit::Inside {
        // The frame only bounds it: its shape is the picture's own.
        (side(w.min(mw)), side(h.min(mh)))
    } else if w <= mw && h <= mh {
        (image.width, image.height)
    } else if w * mh >= h * mw {
        (side(mw), side(h * mw / w))
    } else {
        (side(w * mh / h), side(mh))
    };
    ImageRecipe { width, height, format: ImageFormat::Gif, max_bytes: Some(most.max_bytes), ..image }
}

#[cfg(test)]
mod tests {
    use crate::asset::Format;
    use crate::network::NetworkId;
    use crate::rules::LiveLimits;

    use super::*;

    fn moving() -> Facts {
        Facts {
            kind: MediaKind::Image,
            format: Format::Gif,
            width: 640,
            height: 480,
            bytes: 1,
            animated: true,
            alpha: false,
            duration_ms: None,
            video_codec: None,
            audio_codec: None,
            fps: None,
            metadata: Vec::new(),
        }
    }

    #[test]
    fn a_moving_picture_keeps_moving_in_the_way_that_the_network_takes() {
        let goes = |network: NetworkId, edit: &Edit| Rules::of(network).goes_as(&moving(), edit);
        let plain = Edit::default();
        assert_eq!(goes(NetworkId::Mastodon, &plain), MediaKind::Image);
        assert_eq!(goes(NetworkId::Bluesky, &plain), MediaKind::Video);
        assert_eq!(goes(NetworkId::Instagram, &plain), MediaKind::Video);
        let straightened = Edit { straighten: 100, ..plain };
        assert_eq!(goes(NetworkId::Bluesky, &straightened), MediaKind::Image);
    }

    #[test]
    fn a_server_that_takes_no_gif_gets_a_film() {
        let live = LiveLimits { mime_types: vec!["image/jpeg".into()], ..LiveLimits::default() };
        let rules = Rules::of(NetworkId::Mastodon).with_live(&live);
        assert_eq!(rules.goes_as(&moving(), &Edit::default()), MediaKind::Video);
    }

    #[test]
    fn an_animation_whose_frames_are_not_read_goes_out_as_its_first_picture_everywhere() {
        let facts = Facts { format: Format::Avif, ..moving() };
        for network in NetworkId::ALL {
            let rules = Rules::of(*network);
            assert_eq!(rules.goes_as(&facts, &Edit::default()), MediaKind::Image, "{network}");
            let usual = rules.default_preset(MediaKind::Image).recipe(rules, None, crate::Focus::CENTRE);
            assert_eq!(rules.moving(&facts, usual.clone()), usual, "{network}");
        }
    }

    #[test]
    fn the_frame_shrinks_to_what_a_gif_may_be_and_keeps_its_shape() {
        let most =
            AnimationRules { width: 1280, height: 1080, max_bytes: 9, alone: false, sure: Sure::Official };
        let of = |fit, size| {
            let made = gif(&most, ImageRecipe::new(fit, size, ImageFormat::Jpeg, 85));
            assert_eq!((made.format, made.max_bytes), (ImageFormat::Gif, Some(9)));
            (made.width, made.height)
        };
        assert_eq!(of(Fit::Inside, (2048, 2048)), (1280, 1080));
        assert_eq!(of(Fit::Cover, (1600, 900)), (1280, 720));
        assert_eq!(of(Fit::Cover, (1080, 1350)), (864, 1080));
        assert_eq!(of(Fit::Blur, (640, 640)), (640, 640));
    }
}
