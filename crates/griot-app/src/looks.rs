//! How a picture or film will look on a network with what a person changed: small pictures for the eye, made by the
//! renderer that makes what goes out, so that nobody has to imagine it.
//!
//! A look is named first and made when it is asked for: what scrolls by unseen costs nothing. Deliberately absent:
//! keeping them. They lie beside the frames of films and go with them.

use std::collections::VecDeque;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use griot_domain::{Asset, AssetId, Fit, Format, ImageFormat, ImageRecipe, MediaKind, Recipe, Retouch};
use griot_media::still;

use crate::failure::Failure;
use crate::library::{files, import, limits};
use crate::shown;
use crate::studio::{Studio, Workspace, lock};

/// So many can be asked for; the page names those it shows again.
const REMEMBERED: usize = 512;
/// Quality of a look: it is seen, not published.
const QUALITY: u8 = 85;

/// The looks that can be asked for, the newest last.
#[derive(Default)]
pub(crate) struct Looks(Mutex<VecDeque<(u128, Wanted)>>);

/// What a look shows.
#[derive(Debug, Clone)]
struct Wanted {
    asset: AssetId,
    recipe: ImageRecipe,
    /// The moment of a film.
    at_ms: Option<u64>,
}

impl Looks {
    /// A name for what `recipe` makes of `asset`, `side` pixels long at most.
    pub(crate) fn name(&self, asset: &Asset, recipe: &Recipe, side: u32) -> u128 {
        let wanted = wanted(asset, recipe, side);
        let mut hasher = blake3::Hasher::new();
        hasher.update(asset.hash.as_bytes());
        hasher.update(Recipe::Image(wanted.recipe.clone()).canonical().as_bytes());
        hasher.update(format!("\n{:?} {}", wanted.at_ms, griot_media::RENDERER_VERSION).as_bytes());
        let mut key = [0; 16];
        hasher.finalize_xof().fill(&mut key);
        let key = u128::from_be_bytes(key);
        let mut known = lock(&self.0);
        known.retain(|(other, _)| *other != key);
        known.push_back((key, wanted));
        if known.len() > REMEMBERED {
            known.pop_front();
        }
        key
    }

    fn get(&self, key: u128) -> Option<Wanted> {
        lock(&self.0).iter().find(|(known, _)| *known == key).map(|(_, wanted)| wanted.clone())
    }
}

/// A look's name, as it stands in an address.
pub(crate) fn spelt(key: u128) -> String {
    format!("{key:032x}")
}

fn wanted(asset: &Asset, recipe: &Recipe, side: u32) -> Wanted {
    let small = |fit, size, focus, crop, retouch| ImageRecipe {
        focus,
        crop,
        retouch,
        ..ImageRecipe::new(fit, scaled(size, side), ImageFormat::Jpeg, QUALITY)
    };
    match recipe {
        Recipe::Image(image) => Wanted {
            asset: asset.id,
            recipe: small(
                image.fit,
                (image.width, image.height),
                image.focus,
                image.crop,
                image.retouch.clone(),
            ),
            at_ms: None,
        },
        Recipe::Video(video) => {
            let retouch = Retouch { turn: video.turn, flip: video.flip, ..Retouch::default() };
            Wanted {
                asset: asset.id,
                recipe: small(video.fit, (video.width, video.height), video.focus, video.crop, retouch),
                // A moving picture that goes out as a film shows its first frame.
                at_ms: (asset.facts.kind == MediaKind::Video)
                    .then(|| video.cover_ms.or(video.from_ms).unwrap_or(0)),
            }
        }
    }
}

/// The frame within a square of `side`, in its shape, never enlarged.
fn scaled((width, height): (u32, u32), side: u32) -> (u32, u32) {
    let long = width.max(height).max(1);
    let shorter = |length: u32| {
        let scaled = u64::from(length) * u64::from(side.min(long)) / u64::from(long);
        u32::try_from(scaled).unwrap_or(side).max(1)
    };
    (shorter(width), shorter(height))
}

/// The file of a look that was named; made now when it is not there.
pub(crate) fn file(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    key: u128,
) -> Result<(PathBuf, Asset), Failure> {
    let wanted = studio.looks.get(key).ok_or_else(|| Failure::not_found(("Vue", "look"), &spelt(key)))?;
    let asset = import::asset(workspace, wanted.asset)?;
    let place = files::by_hash(&shown::frames_folder(workspace), &spelt(key), Format::Jpeg.extension());
    if place.exists() {
        return Ok((place, asset));
    }
    let source = match wanted.at_ms {
        Some(at) => shown::frame(studio, workspace, &asset, at)?,
        None => import::there(workspace, &asset)?,
    };
    let _leave = studio.films.leave();
    let made = still::render(&source, std::slice::from_ref(&wanted.recipe), &limits(), &())?;
    let picture = made.into_iter().next().expect("BUG: one recipe gives one rendition");
    if let Some(folder) = place.parent() {
        fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    }
    files::write_whole(&place, &picture.bytes)?;
    Ok((place, asset))
}

/// The size of what goes out: the frame, or for `inside` the part of it that the picture takes.
pub(crate) fn size_within(fit: Fit, (w, h): (u32, u32), (fw, fh): (u32, u32)) -> (u32, u32) {
    if fit != Fit::Inside {
        return (fw, fh);
    }
    let (w, h) = (u64::from(w.max(1)), u64::from(h.max(1)));
    let (fw, fh) = (u64::from(fw), u64::from(fh));
    let side = |length: u64| u32::try_from(length).unwrap_or(u32::MAX).max(1);
    if w <= fw && h <= fh {
        return (side(w), side(h));
    }
    // The side that meets the frame first decides.
    if w * fh >= h * fw {
        (side(fw), side((h * fw + w / 2) / w))
    } else {
        (side((w * fh + h / 2) / h), side(fh))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_keeps_the_shape_of_its_frame() {
        assert_eq!(scaled((1080, 1350), 540), (432, 540));
        assert_eq!(scaled((320, 320), 900), (320, 320));
        assert_eq!(size_within(Fit::Inside, (4000, 3000), (2048, 2048)), (2048, 1536));
        assert_eq!(size_within(Fit::Cover, (4000, 3000), (1080, 1080)), (1080, 1080));
    }
}
