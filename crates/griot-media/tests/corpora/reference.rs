//! Every picture beside what a reference decoder shows of it (Pillow with LittleCMS and libheif): the mean colours of a
//! field of four by four, on white where the picture is transparent. Black, half and wrongly coloured pictures differ.

use std::fs;
use std::path::Path;

use griot_domain::recipe::{Fit, ImageFormat, ImageRecipe};
use griot_media::{Error, Limits, still};
use image::RgbImage;

use crate::corpora;

/// The fields: path below the corpora (or `cases/`), size, and the colours as hexadecimal numbers, row by row.
const REFERENCE: &str = include_str!("../../../../tests/fixtures/reference/pictures.tsv");
/// Fields across and down.
const FIELDS: u32 = 4;
/// The most mean difference, in steps of 255, and the most of one field.
const MOST: f64 = 3.0;

/// Files that differ, and why that is right.
const LISTED: [(&str, &str); 6] = [
    ("images/avif/colors_hdr_p3.avif", "light above white is rolled off here, and cut off there"),
    (
        "images/gif/border_touching_layers.gif",
        "what the first frame leaves out is transparent here, and black there",
    ),
    (
        "images/gif/issue_1455_undersized.gif",
        "what the first frame leaves out is transparent here, and black there",
    ),
    ("images/gif/issue_1455_oversized.gif", "the header's canvas counts here"),
    ("images/gif/oob.gif", "the header's canvas counts here"),
    ("images/heic/RGB_10__29x100.heif", "chroma between two pixels is mixed here, and repeated there"),
];

/// The picture on white, at its own size, as nearly as a JPEG of the best quality says it.
fn seen(path: &Path) -> Result<RgbImage, Error> {
    let whole = ImageRecipe::new(Fit::Inside, (10_900, 10_900), ImageFormat::Jpeg, 100);
    let made = still::render(path, &[whole], &Limits::default(), &())?;
    let mut decoder = jpeg_decoder::Decoder::new(made[0].bytes.as_slice());
    let pixels = decoder.decode().expect("a JPEG");
    Ok(RgbImage::from_raw(made[0].width, made[0].height, pixels).expect("three channels"))
}

/// Mean colours of the fields.
fn fields(picture: &RgbImage) -> Vec<f64> {
    let (w, h) = picture.dimensions();
    let mut means = Vec::new();
    for (row, column) in (0..FIELDS).flat_map(|row| (0..FIELDS).map(move |column| (row, column))) {
        let part = |n: u32, side: u32| {
            let from = side * n / FIELDS;
            (from.min(side - 1), (side * (n + 1) / FIELDS).max(from + 1))
        };
        let ((x0, x1), (y0, y1)) = (part(column, w), part(row, h));
        let mut sum = [0u64; 3];
        for pixel in
            (y0..y1).flat_map(|y| (x0..x1).map(move |x| (x, y))).map(|(x, y)| picture.get_pixel(x, y))
        {
            (0..3).for_each(|n| sum[n] += u64::from(pixel[n]));
        }
        let count = f64::from((x1 - x0) * (y1 - y0));
        means.extend(sum.map(|sum| sum as f64 / count));
    }
    means
}

/// Where a folder is named by `GRIOT_RENDERED`, the pictures are left there for a closer look.
fn keep(name: &str, picture: &RgbImage) {
    if let Some(folder) = std::env::var_os("GRIOT_RENDERED") {
        let file = Path::new(&folder).join(format!("{}.png", name.replace('/', "__")));
        picture.save(file).expect("the folder takes a file");
    }
}

#[test]
fn every_picture_shows_what_a_reference_decoder_shows() {
    let Some(folder) = corpora() else { return };
    let (mut same, mut refused, mut wrong, mut worst) = (0, Vec::new(), Vec::new(), Vec::new());
    for line in REFERENCE.lines() {
        let columns: Vec<&str> = line.split('\t').collect();
        let [name, size, colours] = columns[..] else { panic!("{line}") };
        let path = match name.strip_prefix("cases/") {
            Some(case) => folder.join("../cases").join(case),
            None => folder.join(name),
        };
        if fs::metadata(&path).is_err() {
            continue;
        }
        let picture = match seen(&path) {
            Ok(picture) => picture,
            Err(Error::Bug(said)) => {
                wrong.push(format!("{name}: bug: {said}"));
                continue;
            }
            Err(e) => {
                refused.push(format!("{name}: {e}"));
                continue;
            }
        };
        keep(name, &picture);
        let wanted: Vec<f64> = colours
            .as_bytes()
            .chunks(2)
            .map(|two| {
                u8::from_str_radix(std::str::from_utf8(two).expect("letters"), 16).expect("a number").into()
            })
            .collect();
        let off: Vec<f64> = fields(&picture).iter().zip(&wanted).map(|(a, b)| (a - b).abs()).collect();
        let mean = off.iter().sum::<f64>() / off.len() as f64;
        let listed = LISTED.iter().any(|(known, _)| *known == name);
        let (w, h) = picture.dimensions();
        let right = mean <= MOST && size == format!("{w}x{h}");
        worst.push((mean, name));
        match (right, listed) {
            (true, false) => same += 1,
            (false, true) => {}
            (true, true) => wrong.push(format!("{name}: listed, but the same")),
            (false, false) => wrong.push(format!("{name}: {w}x{h} for {size}, off by {mean:.2}")),
        }
    }
    worst.sort_by(|a, b| b.0.total_cmp(&a.0));
    println!("{same} the same, {} refused:\n{}", refused.len(), refused.join("\n"));
    println!("the worst: {:?}", &worst[..worst.len().min(12)]);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(same > 250, "only {same} were compared");
}
