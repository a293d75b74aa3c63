//! What a person changes in a picture, seen in the finished one.

use griot_domain::NetworkId;
use griot_domain::edit::{Edit, Framing, Place, Tone};
use griot_domain::recipe::{Recipe, Retouch};
use image::{Rgb, RgbaImage};

use super::*;

/// A picture in a scratch folder.
fn saved(name: &str, picture: &DynamicImage) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join(name);
    picture.save_with_format(&path, image::ImageFormat::Png).unwrap();
    (scratch, path)
}

fn pixels_of(path: &Path, recipe: ImageRecipe) -> RgbImage {
    let made = render(path, &[recipe], &Limits::default(), &()).unwrap().pop().unwrap();
    image::load_from_memory(&made.bytes).unwrap().into_rgb8()
}

fn retouched(retouch: Retouch) -> ImageRecipe {
    ImageRecipe { retouch, ..recipe(Fit::Inside, 2000, 2000, ImageFormat::Png) }
}

/// The colours of the corners: top left, top right, bottom left, bottom right.
#[track_caller]
fn corners(pixels: &RgbImage, wanted: [[u8; 3]; 4]) {
    let (w, h) = pixels.dimensions();
    let (right, bottom) = (w - w / 8, h - h / 8);
    let at = [(w / 8, h / 8), (right, h / 8), (w / 8, bottom), (right, bottom)];
    for ((x, y), wanted) in at.into_iter().zip(wanted) {
        near(pixels.get_pixel(x, y), wanted, 14);
    }
}

const RED: [u8; 3] = [220, 30, 30];
const GREEN: [u8; 3] = [30, 180, 60];
const BLUE: [u8; 3] = [40, 60, 200];
const WHITE: [u8; 3] = [240, 240, 240];

#[test]
fn a_picture_is_turned_and_then_mirrored_however_it_was_stored() {
    for name in ["orientation-1.jpg", "orientation-6.jpg", "orientation-7.jpg", "orientation-6.png"] {
        let with = |turn: u8, flip: bool| {
            pixels_of(&fixture(name), retouched(Retouch { turn, flip, ..Retouch::default() }))
        };
        assert_eq!(with(1, false).dimensions(), (64, 96), "{name}");
        corners(&with(1, false), [BLUE, RED, WHITE, GREEN]);
        corners(&with(2, false), [WHITE, BLUE, GREEN, RED]);
        corners(&with(3, false), [GREEN, WHITE, RED, BLUE]);
        corners(&with(0, true), [GREEN, RED, WHITE, BLUE]);
        corners(&with(1, true), [RED, BLUE, GREEN, WHITE]);
    }
}

#[test]
fn a_crop_is_of_what_the_person_saw() {
    let crop = |left, top| Some(griot_domain::edit::Crop { left, top, width: 4000, height: 4000 });
    for name in ["orientation-1.jpg", "orientation-6.jpg"] {
        for (left, top, wanted) in [(0, 0, RED), (6000, 0, GREEN), (0, 6000, BLUE), (6000, 6000, WHITE)] {
            let recipe = ImageRecipe { crop: crop(left, top), ..retouched(Retouch::default()) };
            let pixels = pixels_of(&fixture(name), recipe);
            assert_eq!(pixels.dimensions(), (38, 26), "{name}");
            near(pixels.get_pixel(19, 13), wanted, 14);
        }
    }
}

/// A dark and a light half, whose border falls to the right by some degrees.
fn slanted(degrees: f64) -> DynamicImage {
    let slope = degrees.to_radians().tan();
    DynamicImage::ImageRgb8(RgbImage::from_fn(900, 600, |x, y| {
        let border = 300.0 + (f64::from(x) - 450.0) * slope;
        Rgb(if f64::from(y) < border { [230, 230, 230] } else { [20, 40, 60] })
    }))
}

#[test]
fn a_slanted_horizon_is_level_once_it_is_straightened() {
    for degrees in [7.0, -12.5] {
        let (_scratch, path) = saved("slanted.png", &slanted(degrees));
        let straighten = -(degrees * 100.0) as i16;
        // As large as it is, and much smaller: both ways of sampling.
        for frame in [2000, 200] {
            let mut recipe = retouched(Retouch { straighten, ..Retouch::default() });
            (recipe.width, recipe.height) = (frame, frame);
            let pixels = pixels_of(&path, recipe);
            let (w, h) = pixels.dimensions();
            if frame == 2000 {
                let edit = Edit { straighten, ..Edit::default() };
                assert_eq!((w, h), edit.size((900, 600), NetworkId::X));
            }
            for x in [1, w / 3, w / 2, w - 2] {
                near(pixels.get_pixel(x, h / 2 - h / 20), [230, 230, 230], 6);
                near(pixels.get_pixel(x, h / 2 + h / 20), [20, 40, 60], 6);
                near(pixels.get_pixel(x, 1), [230, 230, 230], 3);
                near(pixels.get_pixel(x, h - 2), [20, 40, 60], 3);
            }
        }
    }
}

#[test]
fn straightening_goes_with_a_turn_a_mirror_and_transparency() {
    let mut picture = slanted(10.0).into_rgba8();
    picture.pixels_mut().filter(|pixel| pixel[0] < 100).for_each(|pixel| pixel[3] = 0);
    let (_scratch, path) = saved("slanted.png", &DynamicImage::ImageRgba8(picture));
    // Upside down and mirrored, the border rises where it fell: it takes the opposite turn.
    let retouch = Retouch { turn: 2, flip: true, straighten: 1000, ..Retouch::default() };
    let recipe = retouched(retouch);
    let made = render(&path, &[recipe], &Limits::default(), &()).unwrap().pop().unwrap();
    let pixels = image::load_from_memory(&made.bytes).unwrap().into_rgba8();
    let (w, h) = pixels.dimensions();
    for x in [2, w / 2, w - 3] {
        assert_eq!(pixels.get_pixel(x, h / 2 - h / 15)[3], 0);
        assert_eq!(pixels.get_pixel(x, h / 2 + h / 15).0, [230, 230, 230, 255]);
    }
}

#[test]
fn the_focal_point_follows_the_picture_through_every_change() {
    let picture = DynamicImage::ImageRgb8(RgbImage::from_fn(600, 200, |x, y| {
        let there = (60..100).contains(&x) && (60..100).contains(&y);
        Rgb(if there { [200, 20, 20] } else { [90, 90, 90] })
    }));
    let (_scratch, path) = saved("spot.png", &picture);
    let focus = Focus { x: 80.0 / 600.0, y: 80.0 / 200.0 };
    let red = |pixels: &RgbImage| pixels.pixels().filter(|p| p[0] > 150 && p[1] < 80).count();
    for (turn, flip, straighten) in
        [(0, false, 0), (0, true, 0), (1, false, 0), (3, true, 0), (0, false, 500)]
    {
        let recipe = ImageRecipe {
            focus,
            retouch: Retouch { turn, flip, straighten, ..Retouch::default() },
            ..recipe(Fit::Cover, 100, 100, ImageFormat::Png)
        };
        let seen = red(&pixels_of(&path, recipe));
        assert!(
            seen > 250,
            "turn {turn}, flip {flip}, straighten {straighten}: {seen} pixels of it are left"
        );
    }
}

#[test]
fn black_and_white_has_no_colour_left() {
    let adjust = Adjust { saturation: -100, warmth: 30, ..Adjust::default() };
    let pixels =
        pixels_of(&fixture("orientation-1.jpg"), retouched(Retouch { adjust, ..Retouch::default() }));
    assert!(pixels.pixels().all(|p| p[0] == p[1] && p[1] == p[2]));
}

fn words(text: &str, place: Place, plate: bool) -> Overlay {
    Overlay::Text { text: text.into(), place, size: 12, tone: Tone::Light, plate }
}

/// A grey picture with something on it, and where it differs from grey: left, top, right, bottom.
fn laid(overlay: Overlay, logos: &(dyn Fn(AssetId) -> Option<PathBuf> + Sync)) -> (RgbImage, [u32; 4]) {
    let grey = DynamicImage::ImageRgb8(RgbImage::from_pixel(400, 300, Rgb([100, 100, 100])));
    let (_scratch, path) = saved("grey.png", &grey);
    let limits = Limits::default();
    let recipe = retouched(Retouch { overlays: vec![overlay], ..Retouch::default() });
    let made = render(&path, &[recipe], Surroundings { limits: &limits, logos }, &()).unwrap().pop().unwrap();
    let pixels = image::load_from_memory(&made.bytes).unwrap().into_rgb8();
    let mut found = [u32::MAX, u32::MAX, 0, 0];
    for (x, y, _) in pixels.enumerate_pixels().filter(|(_, _, p)| p.0 != [100, 100, 100]) {
        found = [found[0].min(x), found[1].min(y), found[2].max(x), found[3].max(y)];
    }
    (pixels, found)
}

#[test]
fn words_stand_where_they_were_put_and_within_the_margin() {
    for (place, left, top) in [
        (Place::TopLeft, true, true),
        (Place::BottomRight, false, false),
        (Place::TopRight, false, true),
        (Place::BottomLeft, true, false),
    ] {
        let (_, [x0, y0, x1, y1]) = laid(words("Été à Ségou", place, true), &|_| None);
        // A twentieth of 300 is 15.
        assert!(x0 >= 15 && y0 >= 15 && x1 < 385 && y1 < 285, "{place:?}: {x0} {y0} {x1} {y1}");
        assert!(if left { x0 <= 17 } else { x1 >= 382 }, "{place:?}: {x0} {x1}");
        assert!(if top { y0 <= 17 } else { y1 >= 282 }, "{place:?}: {y0} {y1}");
        assert!(x1 - x0 > 100 && y1 - y0 > 30, "{place:?}: a line of words on its plate");
    }
    let long = "Ani sogoma, an bɛ taa sugu la sini sogoma joona, aw ni baara. ".repeat(4);
    let (_, [x0, y0, x1, y1]) = laid(words(&long, Place::Centre, false), &|_| None);
    assert!(x0 >= 15 && y0 >= 15 && x1 < 385 && y1 < 285, "wrapped and made smaller until it fits");
}

#[test]
fn a_logo_lies_on_the_picture_and_a_missing_one_is_said() {
    let logo = DynamicImage::ImageRgba8(RgbaImage::from_fn(40, 20, |x, _| {
        image::Rgba([250, 10, 10, if x < 20 { 255 } else { 0 }])
    }));
    let (_scratch, path) = saved("logo.png", &logo);
    let asset: AssetId = "0193e7a0-0000-7000-8000-000000000000".parse().unwrap();
    let overlay = |opacity| Overlay::Logo { asset, place: Place::BottomRight, size: 20, opacity };
    let (pixels, found) = laid(overlay(100), &|id| (id == asset).then(|| path.clone()));
    // A fifth of 400 wide, as high as its shape says, and its right half is not seen.
    assert_eq!(found[1..2], [245]);
    assert!(found[0].abs_diff(305) <= 1 && found[2].abs_diff(345) <= 5 && found[3] == 284, "{found:?}");
    near(pixels.get_pixel(320, 265), [250, 10, 10], 2);
    let (pixels, _) = laid(overlay(50), &|_| Some(path.clone()));
    near(pixels.get_pixel(320, 265), [175, 55, 55], 2);
    let recipe = retouched(Retouch { overlays: vec![overlay(100)], ..Retouch::default() });
    let refused = render(&fixture("detail.jpg"), &[recipe], &Limits::default(), &());
    assert!(matches!(refused, Err(Error::NoLogo(id)) if id == asset), "{refused:?}");
}

#[test]
fn an_impossible_recipe_is_refused_by_the_name_of_its_part() {
    let refused = |recipe: ImageRecipe| {
        let made = render(&fixture("detail.jpg"), &[recipe], &Limits::default(), &());
        match made {
            Err(Error::Recipe(part)) => part,
            other => panic!("{other:?}"),
        }
    };
    let with = |retouch: Retouch| refused(retouched(retouch));
    assert_eq!(with(Retouch { turn: 4, ..Retouch::default() }), "turn");
    assert_eq!(with(Retouch { straighten: 4501, ..Retouch::default() }), "straighten");
    assert_eq!(
        with(Retouch { overlays: vec![words(" ", Place::Top, true)], ..Retouch::default() }),
        "overlays"
    );
    let crop = Some(griot_domain::edit::Crop { left: 9000, top: 0, width: 2000, height: 10 });
    assert_eq!(refused(ImageRecipe { crop, ..retouched(Retouch::default()) }), "crop");
    let focus = Focus { x: f64::NAN, y: 0.0 };
    assert_eq!(refused(ImageRecipe { focus, ..retouched(Retouch::default()) }), "focus");
}

#[test]
fn an_edit_that_changes_nothing_gives_the_same_bytes() {
    let plain = recipe(Fit::Cover, 120, 90, ImageFormat::Jpeg);
    let framing = Framing::default();
    let edit = Edit { frames: [(NetworkId::X, framing)].into(), ..Edit::default() };
    let Recipe::Image(edited) = Recipe::Image(plain.clone()).edited(&edit, NetworkId::X) else { panic!() };
    assert_eq!(one_of("detail.jpg", plain).0, one_of("detail.jpg", edited).0);
}
