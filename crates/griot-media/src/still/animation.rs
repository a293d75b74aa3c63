//! Moving pictures: every frame of a GIF, an animated PNG or an animated WebP, brought into the frame of a recipe and
//! written as GIF with the original's timing and number of rounds. What one frame leaves on the canvas for the next is
//! settled by the decoders: here every frame is whole.

use std::io::Cursor;
use std::time::Duration;

use griot_domain::asset::Format;
use griot_domain::recipe::ImageRecipe;
use image::codecs::{gif::GifDecoder, png::PngDecoder, webp::WebPDecoder};
use image::metadata::LoopCount;
use image::{AnimationDecoder, DynamicImage, Frames, RgbaImage};

use super::{Master, Rendered, Surroundings, colour, encode};
use crate::picture::{self, Header};
use crate::progress::Part;
use crate::{Error, Progress, Unsupported};

/// An animation in its frame, ready to be written.
pub(super) struct Animation {
    pub(super) frames: Vec<(RgbaImage, Duration)>,
    /// Rounds; nothing for ever.
    pub(super) rounds: Option<u16>,
}

/// Makes the moving rendition of a picture's bytes.
pub(super) fn render(
    bytes: &[u8],
    format: Format,
    recipe: &ImageRecipe,
    around: &Surroundings<'_>,
    progress: &dyn Progress,
) -> Result<Rendered, Error> {
    let header = picture::header(bytes, format, around.limits)?;
    let animation = read(bytes, format, &header, recipe, around, &Part::new(progress, 0.0, 0.6))?;
    encode::gif::write(animation, recipe, &Part::new(progress, 0.6, 1.0))
}

/// Whether a file is a moving picture that can be kept moving.
pub(super) fn moves(format: Format, header: &Header) -> bool {
    matches!(format, Format::Gif | Format::Png | Format::Webp) && header.animated
}

fn read(
    bytes: &[u8],
    format: Format,
    header: &Header,
    recipe: &ImageRecipe,
    around: &Surroundings<'_>,
    progress: &dyn Progress,
) -> Result<Animation, Error> {
    let canvas = u64::from(header.width) * u64::from(header.height);
    // Two canvases and the decoder's own.
    around.limits.alloc(canvas * 4 * 4)?;
    let essential;
    let (frames, rounds) = match format {
        Format::Gif => {
            let decoder = GifDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            // What a GIF does not say is once.
            let rounds = picture::gif_rounds(bytes);
            (decoder.into_frames(), rounds)
        }
        Format::Png => {
            essential = picture::moving(bytes);
            let decoder =
                PngDecoder::with_limits(Cursor::new(&essential), super::decode::image_limits(around.limits));
            let decoder = decoder.and_then(PngDecoder::apng).map_err(refused)?;
            let rounds = rounds(decoder.loop_count());
            (decoder.into_frames(), rounds)
        }
        Format::Webp => {
            let decoder = WebPDecoder::new(Cursor::new(bytes)).map_err(refused)?;
            let rounds = rounds(decoder.loop_count());
            (decoder.into_frames(), rounds)
        }
        other => return Err(Error::Unsupported(Unsupported::Animation(other))),
    };
    let frames = framed(frames, header, recipe, around, progress)?;
    Ok(Animation { frames, rounds })
}

fn rounds(count: LoopCount) -> Option<u16> {
    match count {
        LoopCount::Infinite => None,
        LoopCount::Finite(rounds) => Some(u16::try_from(rounds.get()).unwrap_or(u16::MAX)),
    }
}

/// Every frame in the recipe's frame. Only the small ones are kept.
fn framed(
    frames: Frames<'_>,
    header: &Header,
    recipe: &ImageRecipe,
    around: &Surroundings<'_>,
    progress: &dyn Progress,
) -> Result<Vec<(RgbaImage, Duration)>, Error> {
    let (mut decoded, mut kept) = (0u64, 0u64);
    let mut made: Vec<(RgbaImage, Duration)> = Vec::new();
    for found in frames {
        let found = match found {
            Ok(found) => found,
            // A film strip that breaks off keeps what was whole.
            Err(_) if !made.is_empty() => break,
            Err(e) => return Err(refused(e)),
        };
        let (over, under) = found.delay().numer_denom_ms();
        let delay = Duration::from_micros(u64::from(over) * 1000 / u64::from(under.max(1)));
        let pixels = colour::to_srgb(DynamicImage::ImageRgba8(found.into_buffer()), header.icc.as_deref());
        decoded += u64::from(pixels.width()) * u64::from(pixels.height());
        let master = Master::new(pixels, (header.width, header.height), header.orientation);
        let small = super::finished(&master, recipe, around)?.into_rgba8();
        kept += small.as_raw().len() as u64;
        around.limits.frames(made.len() as u64 + 1, decoded)?;
        // The finished frames, and what is written of them.
        around.limits.alloc(kept * 2)?;
        // How far along nobody can know: the file does not say how many there are.
        progress.report(1.0 - 1.0 / (1.0 + made.len() as f32 / 16.0))?;
        made.push((small, delay));
    }
    if made.is_empty() {
        return Err(Error::Damaged("the animation has no frame".into()));
    }
    Ok(made)
}

fn refused(error: image::ImageError) -> Error {
    super::decode::refused(error)
}
