//! Pictures for the networks: upright, sRGB, without metadata, in the frame and under the byte limit.
//!
//! One decode serves all recipes, at no more pixels than they need. The steps are separate rooms: `decode`, `colour`
//! (on whatever size was decoded), `view` (turn, mirror, straighten and crop as geometry), `frame` (cuts in stored
//! orientation and turns only the small result), `adjust`, `overlay`, `encode`. Renditions of one picture are made side
//! by side; `batch` does the same with pictures. No metadata is copied because none is ever read into the pixels; only
//! copyright and credit are written anew where a recipe keeps them.

mod adjust;
mod animation;
mod batch;
mod colour;
mod decode;
mod encode;
mod focus;
mod frame;
mod overlay;
mod proof;
mod straighten;
#[cfg(test)]
pub(crate) mod tests;
mod view;

use std::fs::File;
use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use griot_domain::AssetId;
use griot_domain::asset::{Focus, Format, MediaKind};
use griot_domain::edit::{Adjust, Crop, MOST_OVERLAYS, MOST_STRAIGHTENED, Overlay};
use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use image::DynamicImage;
use image::metadata::Orientation;
use rayon::prelude::*;

pub use self::batch::{Made, Photo, render_many};
use crate::picture::{Credit, Header};
use crate::progress::{Part, Sides};
use crate::{Error, Limits, Progress, Unsupported, picture, source};

/// A finished picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The file.
    pub bytes: Vec<u8>,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// What it is.
    pub format: Format,
    /// The quality it was written with; nothing for PNG and GIF.
    pub quality: Option<u8>,
    /// Whether it has fewer pixels than its frame asks for, because of the byte limit.
    pub shrunk: bool,
    /// Whether it was written with less quality than is otherwise acceptable, as its recipe said.
    pub below_floor: bool,
}

/// What a rendition needs besides the picture and its recipe.
#[derive(Clone, Copy)]
pub struct Surroundings<'a> {
    /// How much a file may ask for.
    pub limits: &'a Limits,
    /// Where the original of an asset is that lies upon others.
    pub logos: &'a (dyn Fn(AssetId) -> Option<PathBuf> + Sync),
}

impl<'a> From<&'a Limits> for Surroundings<'a> {
    /// No logos.
    fn from(limits: &'a Limits) -> Self {
        Self { limits, logos: &|_| None }
    }
}

/// A decoded picture: sRGB, 8 bits, with or without alpha, still turned as it was stored.
#[derive(Debug)]
pub(crate) struct Master {
    pub(crate) pixels: DynamicImage,
    pub(crate) orientation: Orientation,
    /// The stored size in the file's own pixels.
    pub(crate) size: (u32, u32),
    /// Decoded pixels for each pixel of the file, along a side.
    pub(crate) scale: f64,
}

impl Master {
    /// A picture of the stored `size` that was decoded to `pixels`.
    pub(crate) fn new(pixels: DynamicImage, size: (u32, u32), orientation: Orientation) -> Self {
        let (w, h) = (pixels.width(), pixels.height());
        // A JPEG is reduced by eighths and rounded up: the last column may show less than a whole pixel.
        let eighth = |n: &u32| ((size.0 * n).div_ceil(8), (size.1 * n).div_ceil(8)) == (w, h);
        let scale = match [8, 6, 5, 4, 2, 1].iter().find(|n| eighth(n)) {
            Some(n) => f64::from(*n) / 8.0,
            None => f64::from(w) / f64::from(size.0.max(1)),
        };
        Self { pixels, orientation, size, scale }
    }
}

/// Quality of a thumbnail: it is looked at, not published.
const THUMBNAIL_QUALITY: u8 = 80;
/// An embedded thumbnail whose shape differs from the picture's by more than this shows something else.
const SAME_SHAPE: f64 = 0.02;
/// Bytes of a JPEG's start in which its EXIF block is looked for before all of it is read.
const START: u64 = 192 << 10;

/// Makes all renditions of one picture, in the order of the recipes. An animation stays one as GIF, and gives its first
/// frame to every other format.
///
/// # Errors
/// The file is not a picture, damaged, over a limit or of an unread kind; a recipe is impossible, asks for a frame of
/// nothing, for a logo that is not there or for fewer bytes than any acceptable quality gives; or the work was
/// cancelled.
pub fn render<'a>(
    source: &Path,
    recipes: &[ImageRecipe],
    around: impl Into<Surroundings<'a>>,
    progress: &dyn Progress,
) -> Result<Vec<Rendered>, Error> {
    let around = around.into();
    sound(recipes, around.limits)?;
    progress.report(0.0)?;
    let subject = load(source, recipes, around.limits)?;
    made(&subject, recipes, &around, &Part::new(progress, 0.4, 1.0))
}

/// A small upright JPEG of a picture; `long_side` in pixels, never enlarged.
///
/// # Errors
/// As [`render`].
pub fn thumbnail(source: &Path, long_side: u32, limits: &Limits) -> Result<Rendered, Error> {
    let recipe = ImageRecipe::new(Fit::Inside, (long_side, long_side), ImageFormat::Jpeg, THUMBNAIL_QUALITY);
    let mut made = render(source, &[recipe], limits, &())?;
    made.pop().ok_or_else(|| Error::Bug("one recipe made no picture".into()))
}

/// The small picture that a camera put into the file, upright and as a JPEG without metadata: there long before the
/// large one is decoded. Nothing where there is none, or where it has another shape than the picture.
///
/// # Errors
/// The file is not a picture, damaged or over a limit. A damaged small picture counts as none.
pub fn embedded_thumbnail(source: &Path, limits: &Limits) -> Result<Option<Rendered>, Error> {
    let found = source::open(source, limits)?;
    let format = found.format;
    if format.kind() == MediaKind::Video {
        return Err(Error::Unsupported(Unsupported::FilmForPicture));
    }
    let whole = |limits| -> Result<Header, Error> {
        let bytes = source::open(source, limits)?.read_whole()?;
        guarded(|| picture::header(&bytes, format, limits))
    };
    let header = if format == Format::Jpeg && found.bytes > START {
        let mut start = Vec::new();
        File::open(source)?.take(START).read_to_end(&mut start)?;
        guarded(|| picture::header(&start, format, limits)).or_else(|_| whole(limits))?
    } else {
        whole(limits)?
    };
    let Some(small) = &header.thumbnail else { return Ok(None) };
    let shown = guarded(|| {
        let own = picture::header(small, Format::Jpeg, limits)?;
        let shape = |w: u32, h: u32| f64::from(w) / f64::from(h);
        let off = shape(own.width, own.height) / shape(header.width, header.height) - 1.0;
        if off.abs() > SAME_SHAPE {
            return Ok(None);
        }
        let mut pixels = decode::decode(small, Format::Jpeg, &own, 1.0, limits)?.pixels;
        // It is turned as the picture is; what it says of itself is a copy at best.
        pixels.apply_orientation(header.orientation);
        encode::jpeg(&pixels, THUMBNAIL_QUALITY).map(Some)
    });
    Ok(shown.unwrap_or(None))
}

/// A thumbnail as [`thumbnail`] makes it, and the point of the picture that its content suggests to keep (nothing where
/// no place stands out), by one decode.
///
/// # Errors
/// As [`thumbnail`].
pub fn first_look(
    source: &Path,
    long_side: u32,
    limits: &Limits,
) -> Result<(Rendered, Option<Focus>), Error> {
    let frame = |side| ImageRecipe::new(Fit::Inside, (side, side), ImageFormat::Jpeg, THUMBNAIL_QUALITY);
    let recipes = [frame(long_side), frame(focus::SIDE)];
    let subject = load(source, &recipes, limits)?;
    let [thumbnail, seen] = recipes;
    guarded(|| {
        let small = one(&subject, &thumbnail, &limits.into(), &())?;
        let point = focus::suggest(&frame::flatten(&frame::fit(&subject.master, &seen)?));
        Ok((small, point))
    })
}

/// Refuses recipes that nothing can be made by.
fn sound(recipes: &[ImageRecipe], limits: &Limits) -> Result<(), Error> {
    for recipe in recipes {
        limits.size(recipe.width, recipe.height)?;
        let Adjust { brightness, contrast, saturation, warmth } = recipe.retouch.adjust;
        let within = |value: i8| (-100..=100).contains(&value);
        let overlays = &recipe.retouch.overlays;
        let straighten = recipe.retouch.straighten.unsigned_abs();
        let focus = recipe.focus;
        for (part, sound) in [
            ("crop", recipe.crop.is_none_or(Crop::is_sound)),
            ("focus", Focus::new(focus.x, focus.y).is_some()),
            ("turn", recipe.retouch.turn < 4),
            ("straighten", straighten <= MOST_STRAIGHTENED.unsigned_abs()),
            ("adjust", [brightness, contrast, saturation, warmth].into_iter().all(within)),
            ("overlays", overlays.len() <= MOST_OVERLAYS && overlays.iter().all(Overlay::is_sound)),
        ] {
            if !sound {
                return Err(Error::Recipe(part));
            }
        }
    }
    Ok(())
}

/// Makes the renditions side by side. What takes longest is begun first; the answer is in the recipes' order.
fn made(
    subject: &Subject,
    recipes: &[ImageRecipe],
    around: &Surroundings<'_>,
    progress: &dyn Progress,
) -> Result<Vec<Rendered>, Error> {
    progress.report(0.0)?;
    let sides = Sides::new(progress, recipes.len());
    let mut order: Vec<usize> = (0..recipes.len()).collect();
    order.sort_by_key(|n| std::cmp::Reverse(effort(&recipes[*n])));
    let one = |n: usize| {
        let part = sides.side(n);
        let made = guarded(|| one(subject, &recipes[n], around, &part));
        (n, made.and_then(|made| Ok(part.report(1.0).map(|()| made)?)))
    };
    let mut results: Vec<_> = order.into_par_iter().with_max_len(1).map(one).collect();
    results.sort_by_key(|(n, _)| *n);
    // Whoever cancelled hears of that, not of what it broke.
    if results.iter().any(|(_, made)| matches!(made, Err(Error::Cancelled))) {
        return Err(Error::Cancelled);
    }
    results.into_iter().map(|(_, made)| made).collect()
}

/// About how long a rendition takes: its pixels, by what its format costs.
fn effort(recipe: &ImageRecipe) -> u64 {
    let weight = match recipe.format {
        ImageFormat::Jpeg => 1,
        ImageFormat::Webp | ImageFormat::Png | ImageFormat::Gif => 6,
    };
    u64::from(recipe.width) * u64::from(recipe.height) * weight
}

fn one(
    subject: &Subject,
    recipe: &ImageRecipe,
    around: &Surroundings<'_>,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    progress.report(0.0)?;
    if let (Some((bytes, format)), ImageFormat::Gif) = (&subject.moving, recipe.format) {
        let made = animation::render(bytes, *format, recipe, around, progress)?;
        proof::check(&made, false, around.limits)?;
        return Ok(made);
    }
    let framed = finished(&subject.master, recipe, around)?;
    progress.report(0.3)?;
    let shows = proof::shows(&framed);
    let made = encode::encode(framed, recipe, &subject.credit, &Part::new(progress, 0.3, 1.0))?;
    proof::check(&made, shows, around.limits)?;
    Ok(made)
}

/// The picture in its frame, with all that a person changed.
fn finished(master: &Master, recipe: &ImageRecipe, around: &Surroundings<'_>) -> Result<DynamicImage, Error> {
    let mut framed = frame::fit(master, recipe)?;
    adjust::apply(&mut framed, recipe.retouch.adjust);
    overlay::lay(&mut framed, &recipe.retouch.overlays, around)?;
    Ok(framed)
}

/// A picture that is read and within the limits, but not decoded.
struct Opened {
    bytes: Vec<u8>,
    format: Format,
    header: Header,
    need: f64,
    /// Whether it moves and a rendition keeps it moving.
    moves: bool,
}

/// A decoded picture, and what else its renditions are made from.
struct Subject {
    master: Master,
    credit: Credit,
    /// The file of a picture that stays a moving one.
    moving: Option<(Vec<u8>, Format)>,
}

impl Opened {
    fn new(path: &Path, recipes: &[ImageRecipe], limits: &Limits) -> Result<Self, Error> {
        let source = source::open(path, limits)?;
        let format = source.format;
        if format.kind() == MediaKind::Video {
            return Err(Error::Unsupported(Unsupported::FilmForPicture));
        }
        let bytes = source.read_whole()?;
        let header = guarded(|| picture::header(&bytes, format, limits))?;
        let need = view::need((header.width, header.height), header.orientation, recipes);
        let moves = animation::moves(format, &header)
            && recipes.iter().any(|recipe| recipe.format == ImageFormat::Gif);
        Ok(Self { bytes, format, header, need, moves })
    }

    /// About how many pixels it takes in memory once decoded.
    fn pixels(&self) -> u64 {
        let whole = u64::from(self.header.width) * u64::from(self.header.height);
        if self.format != Format::Jpeg || self.header.progressive {
            return whole;
        }
        let eighths = u64::from(decode::eighths(self.need));
        whole * eighths * eighths / 64
    }

    /// Decodes it; the file's bytes are let go where it does not stay a moving picture.
    fn decode(self, limits: &Limits) -> Result<Subject, Error> {
        let Self { bytes, format, header, need, moves } = self;
        let master = guarded(|| decode::decode(&bytes, format, &header, need, limits))?;
        Ok(Subject { master, credit: header.credit, moving: moves.then_some((bytes, format)) })
    }
}

/// Reads, checks and decodes a picture.
fn load(path: &Path, recipes: &[ImageRecipe], limits: &Limits) -> Result<Subject, Error> {
    Opened::new(path, recipes, limits)?.decode(limits)
}

/// Runs a decoder, encoder or colour transform of others: a panic of theirs must not take the studio down.
fn guarded<T>(work: impl FnOnce() -> Result<T, Error>) -> Result<T, Error> {
    catch_unwind(AssertUnwindSafe(work)).unwrap_or_else(|panic| {
        let said = panic
            .downcast_ref::<&str>()
            .map(ToString::to_string)
            .or_else(|| panic.downcast_ref::<String>().cloned())
            .unwrap_or_default();
        Err(Error::Bug(format!("a codec panicked: {said}")))
    })
}
