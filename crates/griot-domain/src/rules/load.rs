//! Reading the rules' files, and turning their presets into recipes.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use super::{Field, FieldKind, LiveLimits, Preset, Rules};
use crate::asset::{Focus, MediaKind};
use crate::network::NetworkId;
use crate::recipe::{Fit, ImageFormat, ImageRecipe, Recipe, VideoRecipe};

/// The longest side of a picture that every format can be written with (WebP's).
const LONGEST: u32 = 16_383;

/// What is wrong with a rules file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RulesError {
    /// It is not TOML, or not the TOML of rules; the text says where.
    #[error("the rules cannot be read: {0}")]
    Unreadable(String),
    /// It contradicts itself.
    #[error("the rules of {network} contradict themselves: {what}")]
    Inconsistent {
        /// Whose rules.
        network: NetworkId,
        /// What does not fit.
        what: String,
    },
}

macro_rules! files {
    ($($network:ident = $name:literal),+ $(,)?) => {
        fn file(network: NetworkId) -> &'static str {
            match network {
                $(NetworkId::$network => {
                    include_str!(concat!("../../../../assets/networks/", $name, ".toml"))
                })+
            }
        }
    };
}

files! {
    Bluesky = "bluesky", Mastodon = "mastodon", Facebook = "facebook", Instagram = "instagram", X = "x",
    Telegram = "telegram", Wordpress = "wordpress", Discourse = "discourse", Whatsapp = "whatsapp",
    Phpbb = "phpbb", Linkedin = "linkedin", Tiktok = "tiktok", Youtube = "youtube", Threads = "threads",
}

impl Rules {
    /// The rules of `network`, as they are compiled in.
    #[must_use]
    pub fn of(network: NetworkId) -> &'static Self {
        static ALL: OnceLock<Vec<Rules>> = OnceLock::new();
        let all = ALL.get_or_init(|| {
            let parsed = NetworkId::ALL.iter().map(|network| {
                Self::parse(file(*network)).expect("BUG: every compiled-in rules file is parsed by a test")
            });
            parsed.collect()
        });
        all.iter()
            .find(|rules| rules.network == network)
            .expect("BUG: a test proves that every network has rules")
    }

    /// Reads rules from TOML.
    ///
    /// # Errors
    /// [`RulesError::Unreadable`] when the text is not the TOML of rules, [`RulesError::Inconsistent`] when a
    /// preset is missing, named twice or impossible, or a field or a limit contradicts itself.
    pub fn parse(text: &str) -> Result<Self, RulesError> {
        let rules: Self = toml::from_str(text).map_err(|e| RulesError::Unreadable(e.to_string()))?;
        match rules.contradiction() {
            Some(what) => Err(RulesError::Inconsistent { network: rules.network, what }),
            None => Ok(rules),
        }
    }

    /// The preset called `name` within this network.
    #[must_use]
    pub fn preset(&self, name: &str) -> Option<&Preset> {
        self.presets.iter().find(|preset| preset.name == name)
    }

    /// The preset that is used for `kind` when a person chose none.
    #[must_use]
    pub fn default_preset(&self, kind: MediaKind) -> &Preset {
        let id = match kind {
            MediaKind::Image => &self.images.default_preset,
            MediaKind::Video => &self.videos.default_preset,
        };
        let name = id.rsplit('/').next().unwrap_or(id);
        self.preset(name).expect("BUG: parsing refuses rules without their default presets")
    }

    /// The field called `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|field| field.name == name)
    }

    fn contradiction(&self) -> Option<String> {
        self.wrong_preset()
            .or_else(|| self.fields.iter().find_map(wrong_field))
            .or_else(|| self.wrong_excuse())
            .or_else(|| self.wrong_limit())
    }

    fn wrong_excuse(&self) -> Option<String> {
        let excuses = self.fields.iter().filter_map(|field| Some((&field.name, field.unless.as_ref()?)));
        let mut unknown = excuses.filter(|(name, other)| name == other || self.field(other).is_none());
        unknown.next().map(|(name, other)| format!("field {name} is excused by {other}, which is none"))
    }

    fn wrong_preset(&self) -> Option<String> {
        let mut names = BTreeSet::new();
        for preset in &self.presets {
            let name = &preset.name;
            let picture = preset.kind == MediaKind::Image;
            if !names.insert(name.as_str()) {
                return Some(format!("two presets are called {name}"));
            }
            if preset.width == 0 || preset.height == 0 || preset.max_bytes == Some(0) {
                return Some(format!("preset {name} is empty"));
            }
            if picture && preset.image_format().is_none_or(|format| !self.images.formats.contains(&format)) {
                return Some(format!(
                    "preset {name} is written as {}, which the network does not take",
                    preset.format
                ));
            }
            if picture && !preset.quality.is_some_and(|quality| (1..=100).contains(&quality)) {
                return Some(format!("preset {name} has no quality from 1 to 100"));
            }
            if preset
                .min_fps
                .is_some_and(|min| picture || min < 1.0 || self.videos.max_fps.is_some_and(|max| max < min))
            {
                return Some(format!("preset {name} asks for an impossible rate"));
            }
            if !picture && preset.format != "mp4" {
                return Some(format!("preset {name} is a film and must be mp4"));
            }
        }
        let wanted = [
            (MediaKind::Image, &self.images.default_preset),
            (MediaKind::Video, &self.videos.default_preset),
        ];
        wanted.into_iter().find_map(|(kind, id)| {
            let name = id.strip_prefix(self.network.as_str()).and_then(|rest| rest.strip_prefix('/'));
            let known = name.and_then(|name| self.preset(name)).is_some_and(|preset| preset.kind == kind);
            (!known).then(|| format!("{id} is no preset for {}", kind.as_str()))
        })
    }

    fn wrong_limit(&self) -> Option<String> {
        let ratios =
            [(self.images.min_ratio, self.images.max_ratio), (self.videos.min_ratio, self.videos.max_ratio)];
        let crossed =
            ratios.iter().any(|(min, max)| matches!((min, max), (Some(min), Some(max)) if min > max));
        let short = matches!((self.videos.min_ms, self.videos.max_ms), (Some(min), Some(max)) if min > max);
        let dated = chrono::NaiveDate::parse_from_str(&self.checked_on, "%Y-%m-%d").is_err();
        [(crossed, "a ratio"), (short, "the length of films"), (dated, "checked_on")]
            .into_iter()
            .find_map(|(wrong, what)| wrong.then(|| format!("{what} is impossible")))
    }
}

fn wrong_field(field: &Field) -> Option<String> {
    let choice = field.kind == FieldKind::Choice;
    let default = field.default.as_deref();
    let known = default.is_none_or(|value| match field.kind {
        FieldKind::Choice => field.choices.iter().any(|choice| choice == value),
        FieldKind::Flag => matches!(value, "true" | "false"),
        _ => true,
    });
    let crossed = matches!((field.min, field.max), (Some(min), Some(max)) if min > max);
    let name = &field.name;
    if choice == field.choices.is_empty() {
        return Some(format!("field {name} and its choices do not fit"));
    }
    (!known || crossed).then(|| format!("field {name} has an impossible default or length"))
}

/// The preset with the id `network/name`, and the rules it belongs to.
#[must_use]
pub fn preset(id: &str) -> Option<(&'static Rules, &'static Preset)> {
    let (network, name) = id.split_once('/')?;
    let rules = Rules::of(network.parse().ok()?);
    rules.preset(name).map(|preset| (rules, preset))
}

impl Preset {
    /// How a file is made for this preset of `rules`: the preset's own limit of bytes and the network's, or the
    /// server's where it stated one, whichever is smaller.
    #[must_use]
    pub fn recipe(&self, rules: &Rules, live: Option<&LiveLimits>, focus: Focus) -> Recipe {
        let laid_over = live.map(|live| rules.with_live(live));
        let rules = laid_over.as_ref().unwrap_or(rules);
        let (network, pixels) = match self.kind {
            MediaKind::Image => (rules.images.max_bytes, rules.images.max_pixels),
            MediaKind::Video => (rules.videos.max_bytes, live.and_then(|live| live.video_pixels)),
        };
        let max_bytes = [self.max_bytes, network].into_iter().flatten().min();
        let (width, height) = within(self.width, self.height, pixels);
        match self.kind {
            MediaKind::Image => Recipe::Image(ImageRecipe {
                max_bytes,
                focus,
                ..ImageRecipe::new(
                    self.fit,
                    (width, height),
                    self.written_as(rules),
                    self.quality.unwrap_or(100),
                )
            }),
            MediaKind::Video => Recipe::Video(VideoRecipe {
                max_bytes,
                max_fps: rules.videos.max_fps,
                min_fps: self.min_fps,
                focus,
                ..VideoRecipe::new(self.fit, (width, height))
            }),
        }
    }

    /// The same recipe for a picture that has `size` once a person's changes are made: where the network counts pixels
    /// and not sides, a whole picture fills them. `rules` are those with what the server stated laid over them.
    #[must_use]
    pub fn filled(&self, recipe: Recipe, rules: &Rules, (width, height): (u32, u32)) -> Recipe {
        match (self.area, recipe) {
            (Some(area), Recipe::Image(image))
                if image.fit == Fit::Inside && image.format != ImageFormat::Gif =>
            {
                let area = rules.images.max_pixels.map_or(area, |most| most.min(area));
                let (width, height) = within(width.max(1), height.max(1), Some(area));
                let longest = f64::from(width.max(height));
                let share = (f64::from(LONGEST) / longest).min(1.0);
                let side = |side: u32| ((f64::from(side) * share) as u32).max(1);
                Recipe::Image(ImageRecipe { width: side(width), height: side(height), ..image })
            }
            (_, recipe) => recipe,
        }
    }

    /// Pixels along the short side of a whole picture of `size` once it is within this frame.
    #[must_use]
    pub fn short_side_of(&self, rules: &Rules, (width, height): (u32, u32)) -> u64 {
        let usual = self.recipe(rules, None, Focus::CENTRE);
        let Recipe::Image(image) = self.filled(usual, rules, (width, height)) else { return 0 };
        let (w, h) = (u64::from(width.max(1)), u64::from(height.max(1)));
        let (fw, fh) = (u64::from(image.width), u64::from(image.height));
        // Within the frame by its tighter side, and never enlarged.
        let (w, h) = if w <= fw && h <= fh {
            (w, h)
        } else if w * fh > h * fw {
            (fw, (h * fw / w).max(1))
        } else {
            ((w * fh / h).max(1), fh)
        };
        w.min(h)
    }

    /// The preset's format where the server takes it, else the first that it takes.
    fn written_as(&self, rules: &Rules) -> ImageFormat {
        let wanted = self.image_format().unwrap_or(ImageFormat::Jpeg);
        if rules.images.formats.contains(&wanted) {
            wanted
        } else {
            *rules.images.formats.first().unwrap_or(&wanted)
        }
    }

    fn image_format(&self) -> Option<ImageFormat> {
        match self.format.as_str() {
            "jpeg" => Some(ImageFormat::Jpeg),
            "webp" => Some(ImageFormat::Webp),
            "png" => Some(ImageFormat::Png),
            "gif" => Some(ImageFormat::Gif),
            _ => None,
        }
    }
}

/// The frame, made smaller in both directions until it holds no more than `pixels`. Sides stay even, as films
/// need them.
fn within(width: u32, height: u32, pixels: Option<u64>) -> (u32, u32) {
    let area = u64::from(width) * u64::from(height);
    let Some(most) = pixels.filter(|most| *most < area) else { return (width, height) };
    // Scaled in integers, so that every machine makes the same recipe.
    let scaled = |side: u32| {
        let squared = u128::from(side) * u128::from(side) * u128::from(most) / u128::from(area);
        u32::try_from(squared.isqrt()).unwrap_or(side).max(2) & !1
    };
    (scaled(width), scaled(height))
}

#[cfg(test)]
mod tests;
