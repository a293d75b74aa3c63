//! What a person changes in a picture or film for one post. Data alone: the original is never touched, and whoever
//! takes the change back has the original again.
//!
//! Shares of a side are whole ten-thousandths and angles whole hundredths of a degree, so that the same change has the
//! same text on every machine. A picture is changed in this order: upright as its file says, turned, mirrored,
//! straightened, cut, brought into the frame, adjusted, written upon.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::Focus;
use crate::id::AssetId;
use crate::network::NetworkId;
use crate::recipe::Fit;

/// The whole of a side, in the unit of [`Crop`].
pub const WHOLE: u16 = 10_000;
/// The furthest that a picture is straightened, in hundredths of a degree: more is a quarter turn.
pub const MOST_STRAIGHTENED: i16 = 4_500;
/// The most layers on one picture.
pub const MOST_OVERLAYS: usize = 8;
/// The longest text laid over a picture, in characters.
pub const LONGEST_OVERLAY: usize = 500;

/// The part of a picture that is kept, in ten-thousandths of the width and height it has once it stands upright, turned
/// and straightened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Crop {
    /// From the left edge.
    pub left: u16,
    /// From the top edge.
    pub top: u16,
    /// Width.
    pub width: u16,
    /// Height.
    pub height: u16,
}

impl Crop {
    /// Whether it holds something and lies within the picture.
    #[must_use]
    pub fn is_sound(self) -> bool {
        let inside =
            |from: u16, length: u16| length > 0 && from.checked_add(length).is_some_and(|end| end <= WHOLE);
        inside(self.left, self.width) && inside(self.top, self.height)
    }
}

/// Light and colour, each -100..=100; zero changes nothing.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
pub struct Adjust {
    /// Darker or lighter.
    pub brightness: i8,
    /// Flatter or harder.
    pub contrast: i8,
    /// Greyer or more colourful; -100 is black and white.
    pub saturation: i8,
    /// Bluer or more golden.
    pub warmth: i8,
}

/// Where something is laid on a picture, within a margin of a twentieth of the short side.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names are the places")]
pub enum Place {
    TopLeft,
    Top,
    TopRight,
    Left,
    Centre,
    Right,
    BottomLeft,
    #[default]
    Bottom,
    BottomRight,
}

/// The colour of a text on a picture.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Tone {
    /// White letters; on a dark plate when there is one.
    #[default]
    Light,
    /// Nearly black letters; on a light plate when there is one.
    Dark,
}

/// Something laid on a picture.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(tag = "kind", rename_all = "lowercase")]
pub enum Overlay {
    /// Words. Lines break at line ends and where the width is full.
    Text {
        /// What is said.
        text: String,
        /// Where.
        place: Place,
        /// Height of a line, in percent of the frame's short side, 2..=30.
        size: u8,
        /// The colour.
        tone: Tone,
        /// Whether a plate lies under the words, so that they are read on every picture.
        plate: bool,
    },
    /// A picture of the library, such as a logo.
    Logo {
        /// The picture. An asset's bytes never change, so its id says which.
        asset: AssetId,
        /// Where.
        place: Place,
        /// Its width, in percent of the frame's width, 2..=100.
        size: u8,
        /// How much of it is seen, in percent, 1..=100.
        opacity: u8,
    },
}

impl Overlay {
    /// Whether its numbers are in their ranges and it shows something.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        match self {
            Self::Text { text, size, .. } => {
                !text.trim().is_empty() && text.chars().count() <= LONGEST_OVERLAY && (2..=30).contains(size)
            }
            Self::Logo { size, opacity, .. } => (2..=100).contains(size) && (1..=100).contains(opacity),
        }
    }
}

/// How one network's frame meets a picture or film. What is absent is the network's own rule.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
pub struct Framing {
    /// One of the network's presets, by its name without the network: `portrait`.
    pub preset: Option<String>,
    /// How the frame is met.
    pub fit: Option<Fit>,
    /// The point that is kept here.
    pub focus: Option<Focus>,
    /// The part that is kept here.
    pub crop: Option<Crop>,
}

/// The part of a film that is kept, in milliseconds from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Trim {
    /// Its start.
    #[ts(type = "number")]
    pub from_ms: u64,
    /// Its end; later than the start.
    #[ts(type = "number")]
    pub to_ms: u64,
}

/// Subtitles that were taken into the workspace.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct Subtitles {
    /// BLAKE3 of the file, 64 hexadecimal digits.
    pub hash: String,
    /// The name the file had.
    pub name: String,
}

/// All that a person changed in one picture or film of one post. What is zero or absent leaves it as it is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default, deny_unknown_fields)]
pub struct Edit {
    /// Quarter turns clockwise, 0..=3.
    pub turn: u8,
    /// Mirrored left to right, after the turn.
    pub flip: bool,
    /// Turned clockwise by hundredths of a degree, -4500..=4500; the corners that stay empty are cut away. Pictures
    /// only.
    pub straighten: i16,
    /// Light and colour. Pictures only.
    pub adjust: Adjust,
    /// What is laid upon it, the first one lowest. Pictures only.
    pub overlays: Vec<Overlay>,
    /// What differs by network.
    #[ts(as = "BTreeMap<String, Framing>")]
    pub frames: BTreeMap<NetworkId, Framing>,
    /// The part that is kept. Films only.
    pub trim: Option<Trim>,
    /// The moment of the cover, in milliseconds from the original's start. Films only.
    #[ts(type = "number | null")]
    pub cover_ms: Option<u64>,
    /// Words burnt in. Films only.
    pub subtitles: Option<Subtitles>,
    /// No sound. Films only.
    pub mute: bool,
    /// The sound is brought to -14 LUFS, at which the networks play. Films only.
    pub level: bool,
    /// No larger than this many megabytes (of 1,000,000 bytes), whatever the network takes. Films only.
    pub max_megabytes: Option<u32>,
}

impl Edit {
    /// Whether nothing was changed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// What differs for `network`.
    #[must_use]
    pub fn framing(&self, network: NetworkId) -> Option<&Framing> {
        self.frames.get(&network)
    }

    /// The size of a picture or film of `(width, height)` pixels once it is turned, straightened and cut for `network`,
    /// before that network's frame sees it.
    #[must_use]
    pub fn size(&self, (width, height): (u32, u32), network: NetworkId) -> (u32, u32) {
        let (w, h) = if self.turn % 2 == 1 { (height, width) } else { (width, height) };
        let (w, h) = (f64::from(w), f64::from(h));
        let kept = upright_part((w, h), self.straighten);
        let crop = self.framing(network).and_then(|framing| framing.crop).filter(|crop| crop.is_sound());
        let (cw, ch) = crop.map_or((WHOLE, WHOLE), |crop| (crop.width, crop.height));
        let side = |side: f64, share: u16| {
            let pixels = (side * kept * f64::from(share) / f64::from(WHOLE)).round();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a side of a picture"
            )]
            {
                pixels.max(1.0) as u32
            }
        };
        (side(w, cw), side(h, ch))
    }

    /// The name of the first part whose numbers are impossible.
    #[must_use]
    pub fn unsound(&self) -> Option<&'static str> {
        let Adjust { brightness, contrast, saturation, warmth } = self.adjust;
        let within = |value: i8| (-100..=100).contains(&value);
        let framed = |framing: &Framing| {
            framing.crop.is_none_or(Crop::is_sound)
                && framing.focus.is_none_or(|focus| Focus::new(focus.x, focus.y).is_some())
        };
        let hash = |hash: &str| {
            hash.len() == 64 && hash.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
        };
        [
            ("turn", self.turn < 4),
            ("straighten", self.straighten.unsigned_abs() <= MOST_STRAIGHTENED.unsigned_abs()),
            ("adjust", [brightness, contrast, saturation, warmth].into_iter().all(within)),
            ("overlays", self.overlays.len() <= MOST_OVERLAYS && self.overlays.iter().all(Overlay::is_sound)),
            ("frames", self.frames.values().all(framed)),
            ("trim", self.trim.is_none_or(|trim| trim.from_ms < trim.to_ms)),
            ("subtitles", self.subtitles.as_ref().is_none_or(|subtitles| hash(&subtitles.hash))),
            ("max_megabytes", self.max_megabytes != Some(0)),
        ]
        .into_iter()
        .find_map(|(name, sound)| (!sound).then_some(name))
    }
}

/// How much of a side is left of the largest upright part of the same shape, once a picture of this size was turned by
/// hundredths of a degree: 1 for no turn.
#[must_use]
pub fn upright_part((width, height): (f64, f64), straighten: i16) -> f64 {
    let angle = f64::from(straighten.unsigned_abs().min(MOST_STRAIGHTENED.unsigned_abs())) / 100.0;
    let (sin, cos) = angle.to_radians().sin_cos();
    let across = width / (width * cos + height * sin);
    let down = height / (width * sin + height * cos);
    across.min(down).min(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_changed_is_nothing_and_sound() {
        assert!(Edit::default().is_nothing());
        assert_eq!(Edit::default().unsound(), None);
    }

    #[test]
    fn impossible_numbers_are_named() {
        let refused = |edit: Edit, name: &str| assert_eq!(edit.unsound(), Some(name), "{edit:?}");
        refused(Edit { turn: 4, ..Edit::default() }, "turn");
        refused(Edit { straighten: 4501, ..Edit::default() }, "straighten");
        refused(Edit { straighten: i16::MIN, ..Edit::default() }, "straighten");
        let adjust = Adjust { warmth: -101, ..Adjust::default() };
        refused(Edit { adjust, ..Edit::default() }, "adjust");
        let trim = Some(Trim { from_ms: 5, to_ms: 5 });
        refused(Edit { trim, ..Edit::default() }, "trim");
        let silent =
            Overlay::Text { text: " ".into(), place: Place::Top, size: 5, tone: Tone::Light, plate: true };
        refused(Edit { overlays: vec![silent], ..Edit::default() }, "overlays");
        let crop = Some(Crop { left: 9000, top: 0, width: 1001, height: 10 });
        let frames = [(NetworkId::X, Framing { crop, ..Framing::default() })].into();
        refused(Edit { frames, ..Edit::default() }, "frames");
        let subtitles = Some(Subtitles { hash: "../etc".into(), name: "x".into() });
        refused(Edit { subtitles, ..Edit::default() }, "subtitles");
    }

    #[test]
    fn a_turned_picture_has_its_sides_swapped_and_a_straightened_one_loses_its_corners() {
        let size = |edit: &Edit| edit.size((400, 200), NetworkId::X);
        assert_eq!(size(&Edit::default()), (400, 200));
        assert_eq!(size(&Edit { turn: 3, ..Edit::default() }), (200, 400));
        let (w, h) = size(&Edit { straighten: -1000, ..Edit::default() });
        // The corners of what is left lie within the turned picture: 2:1 at ten degrees keeps 0.75 of each side.
        assert!(w.abs_diff(300) <= 1 && h.abs_diff(150) <= 1, "{w} x {h}");
        let crop = Some(Crop { left: 0, top: 5000, width: 2500, height: 5000 });
        let frames = [(NetworkId::X, Framing { crop, ..Framing::default() })].into();
        assert_eq!(size(&Edit { frames, ..Edit::default() }), (100, 100));
    }

    #[test]
    fn a_change_survives_its_text_and_unknown_parts_are_refused() {
        let edit = Edit { turn: 1, straighten: -250, mute: true, ..Edit::default() };
        let text = serde_json::to_string(&edit).expect("plain data");
        assert_eq!(serde_json::from_str::<Edit>(&text).expect("its own text"), edit);
        assert_eq!(serde_json::from_str::<Edit>("{}").expect("nothing"), Edit::default());
        assert!(serde_json::from_str::<Edit>(r#"{"colour":1}"#).is_err());
    }
}
