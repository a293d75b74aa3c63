//! The uses that a person names for renditions: a preset, or a size written in full.

use griot_domain::rules::preset;
use griot_domain::{Edit, Fit, Focus, ImageFormat, ImageRecipe, MediaKind, NetworkId, Recipe, VideoRecipe};

use crate::Code;
use crate::failure::Failure;

/// A use that a person named, and its recipe.
pub(super) struct Use {
    pub(super) name: String,
    pub(super) recipe: Recipe,
    /// What a person changed.
    pub(super) edit: Edit,
}

impl Use {
    /// Whether what moves keeps moving in it.
    pub(super) fn keeps_moving(&self) -> bool {
        matches!(&self.recipe, Recipe::Image(image) if image.format == ImageFormat::Gif)
    }
}

/// The recipes behind what a person named.
pub(super) fn uses(
    names: &[String],
    focus: Focus,
    max_bytes: Option<u64>,
    (kind, edit): (MediaKind, Option<&Edit>),
) -> Result<Vec<Use>, Failure> {
    edit.map_or(Ok(()), crate::commands::media::sound)?;
    if names.is_empty() {
        return Err(bad_use(""));
    }
    let mut uses = Vec::with_capacity(names.len());
    for name in names {
        let nothing = Edit::default();
        let edit = edit.unwrap_or(&nothing);
        let mut recipe = match preset(name) {
            Some((rules, preset)) => preset.recipe(rules, None, focus).edited(edit, rules.network),
            None => {
                // No network's frame: what differs by network is nobody's here.
                let edit = Edit { frames: [].into(), ..edit.clone() };
                own(name, focus).ok_or_else(|| bad_use(name))?.edited(&edit, NetworkId::ALL[0])
            }
        };
        match (&mut recipe, kind) {
            (Recipe::Image(image), MediaKind::Image) => image.max_bytes = least(image.max_bytes, max_bytes),
            (Recipe::Video(video), MediaKind::Video) => video.max_bytes = least(video.max_bytes, max_bytes),
            _ => return Err(bad_use(name)),
        }
        uses.push(Use { name: name.clone(), recipe, edit: edit.clone() });
    }
    Ok(uses)
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    a.into_iter().chain(b).min()
}

/// `FIT:WxH:FORMAT[:QUALITY]`.
fn own(text: &str, focus: Focus) -> Option<Recipe> {
    let mut parts = text.split(':');
    let fit = match parts.next()? {
        "cover" => Fit::Cover,
        "inside" => Fit::Inside,
        "blur" => Fit::Blur,
        _ => return None,
    };
    let (width, height) = parts.next()?.split_once('x')?;
    let (width, height) = (width.parse().ok()?, height.parse().ok()?);
    let format = parts.next()?;
    let quality = parts.next().map(str::parse::<u8>);
    let sizes = 1..=16_384_u32;
    if parts.next().is_some() || !sizes.contains(&width) || !sizes.contains(&height) {
        return None;
    }
    if format == "mp4" {
        return quality
            .is_none()
            .then(|| Recipe::Video(VideoRecipe { focus, ..VideoRecipe::new(fit, (width, height)) }));
    }
    let format = match format {
        "jpeg" => ImageFormat::Jpeg,
        "webp" => ImageFormat::Webp,
        "png" => ImageFormat::Png,
        "gif" => ImageFormat::Gif,
        _ => return None,
    };
    let quality = quality.transpose().ok()?.unwrap_or(85);
    (1..=100).contains(&quality).then(|| {
        Recipe::Image(ImageRecipe { focus, ..ImageRecipe::new(fit, (width, height), format, quality) })
    })
}

pub(super) fn bad_use(name: &str) -> Failure {
    Failure::say(
        Code::BadRequest,
        format!("«\u{a0}{name}\u{a0}» n\u{2019}est ni un format prédéfini ni une taille."),
        format!("\u{201c}{name}\u{201d} is neither a preset nor a size."),
        (
            "La liste\u{a0}: griot presets. Ou par exemple cover:1080x1350:jpeg:85, inside:1280x1280:mp4.",
            "The list: griot presets. Or, for example, cover:1080x1350:jpeg:85, inside:1280x1280:mp4.",
        ),
    )
}
