//! A finished file, read back before it counts as made: it is what it says it is, of its size, and shows something where
//! its original does.
//!
//! A file of some weight shows something, so that only light ones are decoded again: the check costs photos nothing.

use griot_domain::asset::Format;
use image::DynamicImage;

use super::{Rendered, decode};
use crate::sniff::{HEAD, sniff};
use crate::{Error, Limits, picture};

/// A file with fewer bytes than a fiftieth of its pixels may be one flat colour.
const LIGHT: u64 = 50;
/// Steps between the darkest and the brightest of a picture that shows something, and that no encoder levels.
const CONTRAST: u8 = 24;
/// Steps that an encoder may put into one flat colour.
const FLAT: u8 = 2;

/// Whether a picture shows something, on white where it is transparent.
pub(super) fn shows(image: &DynamicImage) -> bool {
    // A speck that is gone at a fraction of the size is nothing that the check could miss.
    let small = || image.thumbnail_exact((image.width() / 8).max(1), (image.height() / 8).max(1));
    range(image, CONTRAST) > CONTRAST && range(&small(), CONTRAST) > CONTRAST
}

/// Refuses a file that is not what was to be made.
pub(super) fn check(made: &Rendered, shows: bool, limits: &Limits) -> Result<(), Error> {
    let wrong = |what: &str| Err(Error::Bug(format!("a finished picture {what}")));
    if sniff(made.bytes.get(..HEAD).unwrap_or(&made.bytes)) != Some(made.format) {
        return wrong("is not of its format");
    }
    let Ok(header) = picture::header(&made.bytes, made.format, limits) else {
        return wrong("cannot be read");
    };
    if header.upright() != (made.width, made.height) {
        return wrong("has another size");
    }
    let pixels = u64::from(made.width) * u64::from(made.height);
    if !shows || made.bytes.len() as u64 * LIGHT > pixels || made.format == Format::Gif {
        return Ok(());
    }
    let seen = decode::decode(&made.bytes, made.format, &header, 0.25, limits)?;
    if range(&seen.pixels, FLAT) <= FLAT { wrong("is one flat colour") } else { Ok(()) }
}

/// Steps between the least and the most of any colour, as soon as they are more than `enough`.
fn range(image: &DynamicImage, enough: u8) -> u8 {
    let (mut least, mut most) = ([u8::MAX; 3], [0; 3]);
    let mut see = |pixel: [u8; 3]| {
        for n in 0..3 {
            least[n] = least[n].min(pixel[n]);
            most[n] = most[n].max(pixel[n]);
        }
        (0..3).map(|n| most[n] - least[n]).max().unwrap_or(0)
    };
    let on_white = |v: u8, alpha: u8| ((u32::from(v) * u32::from(alpha)) / 255) as u8 + (255 - alpha);
    let mut widest = 0;
    match image {
        DynamicImage::ImageRgb8(rgb) => {
            for pixel in rgb.pixels() {
                widest = see(pixel.0);
                if widest > enough {
                    break;
                }
            }
        }
        other => {
            for pixel in other.to_rgba8().pixels() {
                let [r, g, b, a] = pixel.0;
                widest = see([on_white(r, a), on_white(g, a), on_white(b, a)]);
                if widest > enough {
                    break;
                }
            }
        }
    }
    widest
}

#[cfg(test)]
mod tests {
    use image::{Rgb, RgbImage};

    use super::*;
    use crate::still::encode;

    #[test]
    fn a_finished_picture_that_shows_nothing_of_its_original_is_refused() {
        let limits = Limits::default();
        let scene: DynamicImage = RgbImage::from_fn(600, 400, |x, _| Rgb([(x / 4) as u8, 90, 30])).into();
        let black: DynamicImage = RgbImage::new(600, 400).into();
        let (made, nothing) = (encode::jpeg(&scene, 80).unwrap(), encode::jpeg(&black, 80).unwrap());
        assert!(shows(&scene) && !shows(&black));
        check(&made, true, &limits).unwrap();
        check(&nothing, false, &limits).expect("a black picture may be black");
        let refused = check(&nothing, true, &limits);
        assert!(matches!(refused, Err(Error::Bug(_))), "{refused:?}");
        for wrong in [
            Rendered { width: 599, ..made.clone() },
            Rendered { format: Format::Png, ..made.clone() },
            Rendered { bytes: made.bytes[..100].to_vec(), ..made },
        ] {
            assert!(check(&wrong, true, &limits).is_err(), "{}x{}", wrong.width, wrong.height);
        }
    }
}
