//! Bytes and files: limits, credits, thumbnails, many photos.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use image::Rgb;

use super::*;
use crate::picture::Credit;

/// A picture with as much detail as asked for, 0..=1: waves, and a noise that is the same every time.
fn scene(detail: f64, seed: u32) -> DynamicImage {
    let mut state = seed;
    let mut noise = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(state >> 16) / 65_536.0 - 0.5
    };
    DynamicImage::ImageRgb8(RgbImage::from_fn(640, 480, |x, y| {
        let (x, y) = (f64::from(x), f64::from(y));
        let wave = (x / 40.0).sin() * (y / 55.0).cos() * 70.0;
        let fine = ((x * x + y * y) / 3000.0).sin() * 60.0 * detail;
        let grain = noise() * 90.0 * detail;
        let value = |base: f64, part: f64| (base + wave * part + fine + grain).clamp(0.0, 255.0) as u8;
        Rgb([value(130.0, 1.0), value(120.0, 0.7), value(110.0, -0.8)])
    }))
}

#[test]
fn a_byte_limit_is_filled_by_few_encodes() {
    let scratch = tempfile::tempdir().unwrap();
    let (mut fills, mut all_tries) = (Vec::new(), Vec::new());
    for (n, detail) in [0.05, 0.15, 0.3, 0.5, 0.75, 1.0].into_iter().enumerate() {
        let path = scratch.path().join(format!("{n}.png"));
        scene(detail, n as u32 + 1).save(&path).unwrap();
        let format = if n % 3 == 2 { ImageFormat::Webp } else { ImageFormat::Jpeg };
        let free = ImageRecipe { quality: 89, ..recipe(Fit::Inside, 640, 640, format) };
        let full = render(&path, std::slice::from_ref(&free), &Limits::default(), &()).unwrap();
        let low = ImageRecipe { quality: 60, ..free.clone() };
        let least = render(&path, &[low], &Limits::default(), &()).unwrap();
        let (most, least) = (full[0].bytes.len() as f64, least[0].bytes.len() as f64);
        for share in [0.15, 0.4, 0.6, 0.85] {
            let limit = (least + (most - least) * share) as u64;
            let recipe = ImageRecipe { max_bytes: Some(limit), ..free.clone() };
            let tries = Tries::default();
            let made = render(&path, &[recipe], &Limits::default(), &tries).unwrap().pop().unwrap();
            let size = made.bytes.len() as u64;
            assert!(
                size <= limit && !made.shrunk && !made.below_floor,
                "{format:?} {detail}: {size} of {limit}"
            );
            fills.push(size as f64 / limit as f64);
            // The end of the work before it is told at the same share.
            all_tries.push(tries.0.into_inner() - 1);
        }
    }
    let mean = fills.iter().sum::<f64>() / fills.len() as f64;
    let least = fills.iter().copied().fold(1.0, f64::min);
    let most = fills.iter().copied().fold(0.0, f64::max);
    let (sum, worst) = (all_tries.iter().sum::<u32>(), all_tries.iter().max().unwrap());
    let encodes = f64::from(sum) / 24.0;
    println!(
        "24 cases: filled {mean:.3} (mean) {least:.3} (least) {most:.3} (most); {encodes:.2} encodes, {worst} at most"
    );
    assert!(least >= 0.93, "a limit was filled to {least} only: {fills:?}");
    assert!(encodes <= 3.2 && *worst <= 5, "{all_tries:?}");
}

/// Counts the encodes of one rendition: each is announced at the same share of the whole.
#[derive(Default)]
struct Tries(AtomicU32);

impl Progress for Tries {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        // 0.4 for the picture, then 0.3 of the rest before the first encode.
        let encode = 0.4 + 0.6 * 0.3;
        if (done - encode).abs() < 1e-4 {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    }
}

#[test]
fn a_picture_that_had_to_get_smaller_says_so_and_fills_its_limit() {
    let free = recipe(Fit::Inside, 800, 800, ImageFormat::Jpeg);
    let least = one_of("detail.jpg", ImageRecipe { quality: 60, ..free.clone() }).0.bytes.len() as u64;
    let limit = least / 3;
    let (made, _) = one_of("detail.jpg", ImageRecipe { max_bytes: Some(limit), ..free.clone() });
    assert!(made.shrunk && !made.below_floor && made.width < 800);
    assert!(made.bytes.len() as u64 <= limit && made.bytes.len() as f64 >= limit as f64 * 0.8);
    let (low, _) = one_of("detail.jpg", ImageRecipe { quality: 30, ..free });
    assert!(low.below_floor && !low.shrunk);
}

#[test]
fn a_reduced_decode_looks_like_the_whole_one() {
    let picture = scene(0.1, 9);
    let (_scratch, path) = in_folder(&encode::jpeg(&picture, 92).unwrap().bytes);
    let sized = |side: u32| {
        let recipe = recipe(Fit::Inside, side, side, ImageFormat::Png);
        render(&path, &[recipe], &Limits::default(), &()).unwrap().pop().unwrap()
    };
    let whole = image::load_from_memory(&sized(5000).bytes).unwrap();
    assert_eq!(whole.width(), 640);
    for side in [40, 79, 80, 81, 155, 160, 300, 333, 395, 450, 520] {
        let made = sized(side);
        let small = image::load_from_memory(&made.bytes).unwrap().into_rgb8();
        let reference = whole.resize_exact(made.width, made.height, image::imageops::FilterType::Lanczos3);
        let sum: u64 =
            small.iter().zip(reference.to_rgb8().iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        let off = sum as f64 / small.len() as f64;
        assert!(off < 2.5, "{side}: {off}");
    }
}

/// A JPEG with an EXIF block that says who made it, where it is, which way is up, and holds a small picture.
fn with_exif(orientation: u8, small: (u32, u32)) -> Vec<u8> {
    let picture =
        RgbImage::from_fn(480, 320, |x, _| Rgb(if x < 240 { [200, 40, 40] } else { [40, 60, 200] }));
    let thumbnail = image::imageops::thumbnail(&picture, small.0, small.1);
    let thumbnail = encode::jpeg(&thumbnail.into(), 80).unwrap().bytes;
    let file = encode::jpeg(&picture.into(), 90).unwrap().bytes;
    let (artist, copyright) = (b"Awa Traor\xc3\xa9\0", b"Studio Mali 2026\0");
    let mut texts = Vec::new();
    let ifd = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
    };
    let at = 8 + 2 + 4 * 12 + 4;
    let second = at + artist.len() as u32 + copyright.len() as u32;
    let picture_at = second + 2 + 2 * 12 + 4;
    let mut block = b"MM\0*\0\0\0\x08\0\x04".to_vec();
    block.extend(ifd(0x010F, 2, 4, *b"Cam\0"));
    block.extend(ifd(0x0112, 3, 1, [0, orientation, 0, 0]));
    block.extend(ifd(0x013B, 2, artist.len() as u32, at.to_be_bytes()));
    block.extend(ifd(0x8298, 2, copyright.len() as u32, (at + artist.len() as u32).to_be_bytes()));
    block.extend(second.to_be_bytes());
    texts.extend_from_slice(artist);
    texts.extend_from_slice(copyright);
    block.extend(texts);
    block.extend([0, 2]);
    block.extend(ifd(0x0201, 4, 1, picture_at.to_be_bytes()));
    block.extend(ifd(0x0202, 4, 1, (thumbnail.len() as u32).to_be_bytes()));
    block.extend([0; 4]);
    block.extend(thumbnail);
    let len = (block.len() as u16 + 8).to_be_bytes();
    [&file[..2], &[0xFF, 0xE1], &len, b"Exif\0\0", &block, &file[2..]].concat()
}

fn in_folder(bytes: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("photo.jpg");
    fs::write(&path, bytes).unwrap();
    (scratch, path)
}

#[test]
fn copyright_and_credit_stay_where_they_are_wanted_and_nothing_else_does() {
    let (_scratch, path) = in_folder(&with_exif(6, (160, 107)));
    for format in [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::Webp] {
        let keep = ImageRecipe { keep_credit: true, ..recipe(Fit::Inside, 200, 200, format) };
        let made = render(&path, &[keep], &Limits::default(), &()).unwrap().pop().unwrap();
        assert_eq!((made.width, made.height), (133, 200), "{format:?}");
        let header = picture::header(&made.bytes, made.format, &Limits::default()).unwrap();
        let credit =
            Credit { artist: Some("Awa Traoré".into()), copyright: Some("Studio Mali 2026".into()) };
        assert_eq!(header.credit, credit, "{format:?}");
        assert_eq!((header.width, header.height), (133, 200), "{format:?}");
        assert_eq!(
            header.orientation,
            Orientation::NoTransforms,
            "it stands upright and does not turn again"
        );
        assert!(header.thumbnail.is_none());
        assert_eq!(header.metadata.into_vec(), ["exif", "author"], "{format:?}");
        if format != ImageFormat::Jpeg {
            let seen = image::load_from_memory(&made.bytes).unwrap();
            assert_eq!((seen.width(), seen.height()), (133, 200), "{format:?} is still read");
        }
        let plain = recipe(Fit::Inside, 200, 200, format);
        let made = render(&path, &[plain], &Limits::default(), &()).unwrap().pop().unwrap();
        let header = picture::header(&made.bytes, made.format, &Limits::default()).unwrap();
        assert_eq!(header.metadata.into_vec(), Vec::<String>::new(), "{format:?}");
    }
    let keep = ImageRecipe { keep_credit: true, ..recipe(Fit::Inside, 200, 200, ImageFormat::Jpeg) };
    let free = render(&path, std::slice::from_ref(&keep), &Limits::default(), &()).unwrap();
    let limit = free[0].bytes.len() as u64 - 40;
    let limited = ImageRecipe { max_bytes: Some(limit), ..keep };
    let made = render(&path, &[limited], &Limits::default(), &()).unwrap();
    assert!(made[0].bytes.len() as u64 <= limit, "the credit counts too");
}

#[test]
fn the_small_picture_of_the_camera_is_shown_upright_unless_it_shows_something_else() {
    let limits = Limits::default();
    let (_scratch, path) = in_folder(&with_exif(6, (160, 107)));
    let small = embedded_thumbnail(&path, &limits).unwrap().expect("there is one");
    assert_eq!((small.width, small.height, small.format), (107, 160, Format::Jpeg));
    assert!(picture::header(&small.bytes, Format::Jpeg, &limits).unwrap().metadata.into_vec().is_empty());
    let mut decoder = jpeg_decoder::Decoder::new(small.bytes.as_slice());
    let pixels = RgbImage::from_raw(107, 160, decoder.decode().unwrap()).unwrap();
    near(pixels.get_pixel(50, 20), [200, 40, 40], 16);
    near(pixels.get_pixel(50, 140), [40, 60, 200], 16);
    let (_scratch, barred) = in_folder(&with_exif(1, (160, 120)));
    assert_eq!(embedded_thumbnail(&barred, &limits).unwrap(), None, "another shape");
    assert_eq!(embedded_thumbnail(&fixture("detail.jpg"), &limits).unwrap(), None);
    let refused = embedded_thumbnail(&fixture("text.jpg"), &limits);
    assert!(matches!(refused, Err(Error::NotMedia { .. })));
}

#[test]
fn a_suggested_point_is_where_the_thing_is_once_the_photo_stands_upright() {
    let picture = RgbImage::from_fn(1200, 800, |x, y| {
        let (dx, dy) = (f64::from(x) - 300.0, f64::from(y) - 240.0);
        Rgb(if dx.hypot(dy) < 110.0 { [210, 60, 40] } else { [100, 140, (150 + y / 12) as u8] })
    });
    let (_scratch, path) = in_folder(&encode::jpeg(&picture.into(), 90).unwrap().bytes);
    let found = first_look(&path, 320, &Limits::default()).unwrap().1.expect("a red ball");
    assert!((found.x - 0.25).abs() < 0.08 && (found.y - 0.3).abs() < 0.08, "{found:?}");
    assert_eq!(first_look(&path, 320, &Limits::default()).unwrap().1, Some(found));
    assert!(matches!(first_look(&fixture("truncated.jpg"), 320, &Limits::default()), Err(Error::Damaged(_))));
}

#[test]
fn a_bad_file_among_many_costs_only_itself() {
    let names =
        ["detail.jpg", "truncated.jpg", "orientation-6.jpg", "text.jpg", "alpha.png", "no-such-file.jpg"];
    let photos: Vec<Photo> = (0..24)
        .map(|n| Photo {
            source: fixture(names[n % names.len()]),
            recipes: vec![
                recipe(Fit::Cover, 60, 40, ImageFormat::Jpeg),
                recipe(Fit::Inside, 50, 50, ImageFormat::Webp),
            ],
        })
        .collect();
    let heard = Mutex::new(BTreeMap::new());
    let limits = Limits::default();
    let done = |n: usize, made: Result<Made, Error>| {
        let before = heard.lock().unwrap().insert(n, made.map_err(|e| format!("{e:?}")));
        assert!(before.is_none(), "photo {n} was heard of twice");
    };
    render_many(&photos, &limits, &Rising::default(), &done).unwrap();
    let heard = heard.into_inner().unwrap();
    assert_eq!(heard.len(), 24);
    for (n, made) in heard {
        match (names[n % names.len()], made) {
            ("detail.jpg" | "orientation-6.jpg" | "alpha.png", Ok(made)) => {
                let alone = render(&photos[n].source, &photos[n].recipes, &limits, &()).unwrap();
                assert_eq!(made.renditions, alone, "the same as alone, in the recipes' order");
            }
            ("truncated.jpg", Err(e)) => assert!(e.starts_with("Damaged"), "{e}"),
            ("text.jpg", Err(e)) => assert!(e.starts_with("NotMedia"), "{e}"),
            ("no-such-file.jpg", Err(e)) => assert!(e.starts_with("Io"), "{e}"),
            (name, other) => panic!("{name}: {other:?}"),
        }
    }
    for stop in [0, 1, 5, 20] {
        let stopped = render_many(&photos, &limits, &StopAt(AtomicU32::new(0), stop), &|_, _| ());
        assert!(matches!(stopped, Err(Error::Cancelled)), "at {stop}");
    }
    render_many(&[], &limits, &(), &|_, _| ()).unwrap();
}

/// Refuses progress that runs backwards.
#[derive(Default)]
struct Rising(Mutex<f32>);

impl Progress for Rising {
    fn report(&self, done: f32) -> Result<(), Cancelled> {
        let mut before = self.0.lock().unwrap();
        assert!(done >= *before - 1e-6 && done <= 1.0 + 1e-6, "{done} after {before}");
        *before = done;
        Ok(())
    }
}
