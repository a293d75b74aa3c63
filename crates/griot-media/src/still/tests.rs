//! Tests of the picture renderer, on the project's own files.

mod edits;
mod files;
mod odd;
mod pages;
mod parts;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use griot_domain::asset::Focus;
use image::RgbImage;

use super::frame::{contain, cover};
use super::view::{Rect, stored};
use super::*;
use crate::{Cancelled, probe};

pub(crate) fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/media").join(name)
}

fn recipe(fit: Fit, width: u32, height: u32, format: ImageFormat) -> ImageRecipe {
    ImageRecipe::new(fit, (width, height), format, 90)
}

fn one_of(name: &str, recipe: ImageRecipe) -> (Rendered, RgbImage) {
    let mut made =
        render(&fixture(name), &[recipe], &Limits::default(), &()).unwrap_or_else(|e| panic!("{name}: {e}"));
    let made = made.pop().unwrap();
    // The encoders' output is read with the decoder that this crate uses for JPEG, else the image crate.
    let pixels = if made.format == Format::Jpeg {
        let mut decoder = jpeg_decoder::Decoder::new(made.bytes.as_slice());
        let data = decoder.decode().unwrap();
        RgbImage::from_raw(made.width, made.height, data).unwrap()
    } else {
        image::load_from_memory(&made.bytes).unwrap().into_rgb8()
    };
    assert_eq!(pixels.dimensions(), (made.width, made.height));
    (made, pixels)
}

#[track_caller]
fn near(pixel: &image::Rgb<u8>, wanted: [u8; 3], tolerance: u8) {
    let off = pixel.0.iter().zip(wanted).map(|(a, b)| a.abs_diff(b)).max().unwrap();
    assert!(off <= tolerance, "{pixel:?} is not {wanted:?}");
}

/// The corners of the turned fixtures, upright: red, green, blue, white.
#[track_caller]
fn upright(pixels: &RgbImage) {
    let (w, h) = pixels.dimensions();
    near(pixels.get_pixel(w / 8, h / 8), [220, 30, 30], 12);
    near(pixels.get_pixel(w - w / 8, h / 8), [30, 180, 60], 12);
    near(pixels.get_pixel(w / 8, h - h / 8), [40, 60, 200], 12);
    near(pixels.get_pixel(w - w / 8, h - h / 8), [240, 240, 240], 12);
}

#[test]
fn every_orientation_comes_out_upright_in_every_fit_and_container() {
    let jpegs = (1..=8).map(|n| format!("orientation-{n}.jpg"));
    for name in jpegs.chain(["orientation-6.png".into(), "orientation-6.webp".into()]) {
        let facts = probe::probe(&fixture(&name), &Limits::default()).unwrap();
        assert_eq!((facts.width, facts.height), (96, 64), "{name}");
        let (made, pixels) = one_of(&name, recipe(Fit::Inside, 1000, 1000, ImageFormat::Png));
        assert_eq!((made.width, made.height), (96, 64), "{name}: never enlarged");
        upright(&pixels);
        let (_, pixels) = one_of(&name, recipe(Fit::Cover, 48, 48, ImageFormat::Jpeg));
        upright(&pixels);
        let (_, pixels) = one_of(&name, recipe(Fit::Blur, 96, 128, ImageFormat::Png));
        upright(&image::imageops::crop_imm(&pixels, 0, 32, 96, 64).to_image());
    }
}

#[test]
fn a_part_of_the_upright_picture_is_found_again_in_the_stored_one() {
    let (w, h) = (7u32, 5u32);
    let picture = RgbImage::from_fn(w, h, |x, y| image::Rgb([x as u8, y as u8, 0]));
    let part = Rect { x: 1.0, y: 2.0, w: 3.0, h: 2.0 };
    for orientation in (1..=8).filter_map(Orientation::from_exif) {
        let mut upright = DynamicImage::ImageRgb8(picture.clone());
        upright.apply_orientation(orientation);
        let wanted = upright.crop_imm(1, 2, 3, 2);
        let Rect { x, y, w: pw, h: ph } = stored(part, orientation, (f64::from(w), f64::from(h)));
        let mut found =
            DynamicImage::ImageRgb8(picture.clone()).crop_imm(x as u32, y as u32, pw as u32, ph as u32);
        found.apply_orientation(orientation);
        assert_eq!(found, wanted, "{orientation:?}");
    }
}

#[test]
fn a_crop_keeps_the_focal_point_and_never_leaves_the_picture() {
    let at = |x, y| cover((400, 200), (100, 100), Focus { x, y });
    assert_eq!(at(0.5, 0.5), Rect { x: 100.0, y: 0.0, w: 200.0, h: 200.0 });
    assert_eq!(at(0.0, 1.0).x, 0.0);
    assert_eq!(at(1.0, 0.0).x, 200.0);
    assert_eq!(at(0.75, 0.5).x, 200.0);
    assert_eq!(contain((4000, 10), (100, 100), 1.0), (100, 1), "a side is never nothing");
    assert_eq!(contain((40, 10), (100, 100), 1.0), (40, 10));
}

#[test]
fn pictures_in_wide_spaces_come_out_as_the_same_srgb_colour() {
    for (name, tolerance) in [("display-p3.png", 2), ("adobe-rgb.png", 2), ("prophoto.png", 4)] {
        let (_, pixels) = one_of(name, recipe(Fit::Inside, 32, 32, ImageFormat::Png));
        near(pixels.get_pixel(16, 16), [200, 80, 40], tolerance);
    }
    let (_, pixels) = one_of("absurd-profile.png", recipe(Fit::Inside, 32, 32, ImageFormat::Png));
    near(pixels.get_pixel(16, 16), [200, 80, 40], 0);
}

#[test]
fn transparent_parts_are_white_in_jpeg_and_stay_transparent_where_they_can() {
    let (_, pixels) = one_of("alpha.png", recipe(Fit::Inside, 40, 40, ImageFormat::Jpeg));
    near(pixels.get_pixel(5, 20), [255, 255, 255], 6);
    near(pixels.get_pixel(34, 20), [10, 90, 200], 8);
    for format in [ImageFormat::Png, ImageFormat::Webp] {
        let (made, _) = one_of("alpha.png", recipe(Fit::Inside, 40, 40, format));
        let rgba = image::load_from_memory(&made.bytes).unwrap().into_rgba8();
        assert_eq!((rgba.get_pixel(5, 20)[3], rgba.get_pixel(34, 20)[3]), (0, 255));
    }
}

#[test]
fn an_animation_gives_its_first_frame() {
    let (_, pixels) = one_of("animated.gif", recipe(Fit::Inside, 24, 24, ImageFormat::Png));
    near(pixels.get_pixel(3, 3), [200, 90, 30], 8);
}

#[test]
fn a_jpeg_with_optimised_huffman_tables_is_read_as_it_is() {
    let (_, optimised) = one_of("optimised-huffman.jpg", recipe(Fit::Inside, 256, 256, ImageFormat::Png));
    let (_, plain) = one_of("detail.jpg", recipe(Fit::Inside, 256, 256, ImageFormat::Png));
    let mean = |image: &RgbImage| image.iter().map(|v| f64::from(*v)).sum::<f64>() / image.len() as f64;
    assert!((mean(&optimised) - mean(&plain)).abs() < 3.0, "{} {}", mean(&optimised), mean(&plain));
}

#[test]
fn a_byte_limit_is_kept_and_well_used() {
    let frame = recipe(Fit::Inside, 800, 800, ImageFormat::Jpeg);
    let free = one_of("detail.jpg", frame.clone()).0.bytes.len() as u64;
    for format in [ImageFormat::Jpeg, ImageFormat::Webp] {
        for limit in [free * 3 / 4, free / 2, free / 8, free / 40] {
            let recipe = ImageRecipe { format, max_bytes: Some(limit), ..frame.clone() };
            let (made, _) = one_of("detail.jpg", recipe);
            let size = made.bytes.len() as u64;
            assert!(size <= limit, "{format:?}: {size} of {limit}");
            assert!(made.quality.unwrap() >= encode::FLOOR);
            if made.width == 800 && made.quality.unwrap() < 90 {
                assert!(size as f64 > limit as f64 * 0.85, "{format:?}: only {size} of {limit}");
            }
        }
    }
    let png = ImageRecipe { format: ImageFormat::Png, max_bytes: Some(60_000), ..frame.clone() };
    assert!(one_of("detail.jpg", png).0.bytes.len() <= 60_000);
    let impossible = ImageRecipe { max_bytes: Some(200), ..frame };
    let refused = render(&fixture("detail.jpg"), &[impossible], &Limits::default(), &());
    assert!(matches!(refused, Err(Error::OverLimit(_))), "{refused:?}");
}

#[test]
fn the_same_recipe_gives_the_same_bytes_and_no_metadata() {
    let recipes = [
        recipe(Fit::Cover, 50, 40, ImageFormat::Jpeg),
        recipe(Fit::Blur, 50, 80, ImageFormat::Webp),
        recipe(Fit::Inside, 30, 30, ImageFormat::Png),
    ];
    let make = || render(&fixture("gps.jpg"), &recipes, &Limits::default(), &()).unwrap();
    let made = make();
    assert_eq!(made, make());
    let found = probe::probe(&fixture("gps.jpg"), &Limits::default()).unwrap().metadata;
    for kind in ["exif", "gps", "camera", "serial"] {
        assert!(found.iter().any(|k| k == kind), "{found:?} lacks {kind}");
    }
    for rendered in made {
        let header = picture::header(&rendered.bytes, rendered.format, &Limits::default()).unwrap();
        assert_eq!(header.metadata.into_vec(), Vec::<String>::new());
    }
}

#[test]
fn bad_input_is_refused_with_its_reason() {
    let refusal = |name: &str| {
        let frame = recipe(Fit::Inside, 100, 100, ImageFormat::Jpeg);
        let rendered = render(&fixture(name), &[frame], &Limits::default(), &()).map(|_| ());
        format!("{:?}", rendered.expect_err(name))
    };
    assert_eq!(refusal("empty.jpg"), "Empty");
    assert_eq!(refusal("text.jpg"), r#"NotMedia { found: "text" }"#);
    assert_eq!(refusal("playlist.mp4"), r#"NotMedia { found: "a playlist" }"#);
    assert!(refusal("huge-header.png").starts_with("OverLimit(Pixels { width: 60000, height: 60000,"));
    assert!(refusal("huge-header.jpg").starts_with("OverLimit(Pixels { width: 50000, height: 50000,"));
    assert!(refusal("truncated.jpg").starts_with("Damaged"));
    assert!(refusal("film.mp4").starts_with("Unsupported"));
    assert!(refusal("no-such-file.jpg").starts_with("Io"));
}

/// Stops at the n-th report.
struct StopAt(AtomicU32, u32);

impl Progress for StopAt {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        assert!((0.0..=1.0).contains(&done));
        if self.0.fetch_add(1, Ordering::Relaxed) >= self.1 { Err(Cancelled) } else { Ok(()) }
    }
}

#[test]
fn rendering_stops_when_asked() {
    let recipes = vec![recipe(Fit::Inside, 100, 100, ImageFormat::Jpeg); 3];
    for stop in 0..4 {
        let made =
            render(&fixture("detail.jpg"), &recipes, &Limits::default(), &StopAt(AtomicU32::new(0), stop));
        assert!(matches!(made, Err(Error::Cancelled)));
    }
}

#[test]
fn a_thumbnail_is_small_and_upright() {
    let made = thumbnail(&fixture("orientation-6.jpg"), 48, &Limits::default()).unwrap();
    assert_eq!((made.width, made.height, made.format), (48, 32, Format::Jpeg));
}
