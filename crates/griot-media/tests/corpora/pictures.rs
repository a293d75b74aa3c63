//! Pictures of the corpora: each renders or is refused with a reason, upright, in the right colours, without metadata.

use std::path::Path;

use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use griot_media::{Error, Limits, probe, still};
use image::RgbImage;

use crate::{corpora, entries};

fn recipe(fit: Fit, width: u32, height: u32, format: ImageFormat) -> ImageRecipe {
    ImageRecipe::new(fit, (width, height), format, 90)
}

/// The upright picture as exact pixels.
fn pixels(path: &Path) -> RgbImage {
    let whole = recipe(Fit::Inside, 4000, 4000, ImageFormat::Png);
    let made = still::render(path, &[whole], &Limits::default(), &()).expect("the picture renders");
    image::load_from_memory(&made[0].bytes).expect("a PNG").into_rgb8()
}

fn difference(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn every_picture_renders_without_metadata_or_is_refused_with_a_reason() {
    let Some(folder) = corpora() else { return };
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let (mut made, mut refused, mut wrong) = (0, Vec::new(), Vec::new());
    let under =
        ["images/jpeg/", "images/png/", "images/webp/", "images/gif/", "images/huge/", "derived/bombs/"];
    let more = ["derived/colour/", "derived/coding/", "derived/wrong-type/", "derived/names/"];
    for entry in entries(&folder, &[&under[..], &more[..]].concat()) {
        let recipes = [
            recipe(Fit::Cover, 108, 135, ImageFormat::Jpeg),
            recipe(Fit::Inside, 300, 300, ImageFormat::Webp),
            recipe(Fit::Blur, 90, 160, ImageFormat::Png),
        ];
        let probed = probe::probe(&entry.path, &Limits::default());
        match still::render(&entry.path, &recipes, &Limits::default(), &()) {
            Ok(renditions) => {
                made += 1;
                if entry.expected.starts_with("must-fail") || entry.expected.contains("refuse by") {
                    wrong.push(format!("{}: rendered, though {}", entry.name, entry.expected));
                }
                if let Err(e) = probed {
                    wrong.push(format!("{}: rendered, but not probed: {e}", entry.name));
                }
                for (rendition, recipe) in renditions.iter().zip(&recipes) {
                    let file = scratch.path().join("rendition");
                    std::fs::write(&file, &rendition.bytes).expect("the scratch folder takes a file");
                    let facts = probe::probe(&file, &Limits::default()).expect("a rendition is a picture");
                    assert_eq!(facts.metadata, Vec::<String>::new(), "{}", entry.name);
                    assert_eq!((facts.width, facts.height), (rendition.width, rendition.height));
                    if recipe.fit != Fit::Inside {
                        assert_eq!((facts.width, facts.height), (recipe.width, recipe.height));
                    }
                }
            }
            Err(Error::Bug(said)) => wrong.push(format!("{}: bug: {said}", entry.name)),
            Err(e) => refused.push(format!("{}: {e} | {} | {}", entry.name, entry.expected, entry.facts)),
        }
    }
    println!("{made} rendered, {} refused:\n{}", refused.len(), refused.join("\n"));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn turned_pictures_equal_the_upright_one() {
    let Some(folder) = corpora() else { return };
    let landscape = pixels(&folder.join("images/jpeg/orientation/Landscape_1.jpg"));
    for n in [0, 2, 3, 4, 5, 6, 7, 8] {
        let turned = pixels(&folder.join(format!("images/jpeg/orientation/Landscape_{n}.jpg")));
        assert_eq!(turned.dimensions(), (1800, 1200));
        // The pictures spell their own number, so they differ there and nowhere else.
        let off = difference(&landscape, &turned);
        assert!(off < 8.0, "Landscape_{n}: {off}");
    }
    let hopper = pixels(&folder.join("images/jpeg/orientation-small/hopper.jpg"));
    for n in 2..=8 {
        let names = [
            format!("images/jpeg/orientation-small/hopper_orientation_{n}.jpg"),
            format!("images/webp/hopper_orientation_{n}.webp"),
        ];
        for name in names {
            let off = difference(&hopper, &pixels(&folder.join(&name)));
            assert!(off < 6.0, "{name}: {off}");
        }
    }
}

#[test]
fn wide_colours_equal_their_reference() {
    let Some(folder) = corpora() else { return };
    let mut checked = 0;
    for entry in entries(&folder, &["derived/colour/"]) {
        let Some((stem, _)) = entry.name.rsplit_once('/').and_then(|(_, name)| name.split_once('-')) else {
            continue;
        };
        let reference = folder.join(format!("derived/colour/{stem}-reference-srgb.png"));
        let supported = [".png", ".jpg", ".webp"].iter().any(|end| entry.name.ends_with(end));
        if !reference.is_file() || !supported || entry.path == reference {
            continue;
        }
        let off = difference(&pixels(&reference), &pixels(&entry.path));
        println!("{}: {off:.3}", entry.name);
        assert!(off <= 1.0, "{}: {off}", entry.name);
        checked += 1;
    }
    assert!(checked >= 4, "only {checked} files were checked");
}

#[test]
fn press_colours_are_no_negative() {
    let Some(folder) = corpora() else { return };
    let cmyk = folder.join("images/jpeg/cmyk");
    let profiled = pixels(&cmyk.join("Channel_digital_image_CMYK_color.jpg"));
    let plain = pixels(&cmyk.join("Channel_digital_image_CMYK_color_no_profile.jpg"));
    let off = difference(&profiled, &plain);
    assert!(off < 40.0, "with and without its profile the picture differs by {off}");
    // Red letters on black, and a dark ground: as negatives they would be light.
    for name in ["pil_sample_cmyk.jpg", "ycck-2112.jpg"] {
        let picture = pixels(&cmyk.join(name));
        let mean = picture.iter().map(|v| f64::from(*v)).sum::<f64>() / picture.len() as f64;
        assert!(mean < 60.0, "{name}: {mean}");
    }
}
