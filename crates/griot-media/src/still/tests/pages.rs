//! TIFF of the kinds that scanners, printers and cameras write, each against what was drawn into it.

use std::fs;

use super::*;
use crate::Unsupported;

/// A TIFF in the making: entries of the directory, each with its numbers.
struct Tiff {
    wide: bool,
    entries: Vec<(u16, u16, Vec<u32>)>,
}

impl Tiff {
    fn new(size: (u32, u32), bits: &[u32], kind: u32) -> Self {
        let channels = bits.len() as u32;
        let entries = vec![
            (256, 4, vec![size.0]),
            (257, 4, vec![size.1]),
            (258, 3, bits.to_vec()),
            (259, 3, vec![1]),
            (262, 3, vec![kind]),
            (277, 3, vec![channels]),
        ];
        Self { wide: false, entries }
    }

    fn and(mut self, tag: u16, kind: u16, values: &[u32]) -> Self {
        self.entries.retain(|entry| entry.0 != tag);
        self.entries.push((tag, kind, values.to_vec()));
        self
    }

    /// The file with these strips or tiles.
    fn file(mut self, parts: &[Vec<u8>], tiled: bool) -> Vec<u8> {
        let mut out = if self.wide { b"II+\0\x08\0\0\0".to_vec() } else { b"II*\0".to_vec() };
        let head = if self.wide { 16 } else { 8 };
        let mut at = head;
        let mut places = Vec::new();
        for part in parts {
            places.push(at);
            at += part.len() as u32;
        }
        let lengths = parts.iter().map(|part| part.len() as u32).collect();
        let (place, length) = if tiled { (324, 325) } else { (273, 279) };
        self.entries.push((place, 4, places));
        self.entries.push((length, 4, lengths));
        self.entries.sort_by_key(|entry| entry.0);
        out.extend(self.number(at));
        parts.iter().for_each(|part| out.extend(part));
        self.directory(&mut out, at);
        out
    }

    fn number(&self, n: u32) -> Vec<u8> {
        if self.wide { u64::from(n).to_le_bytes().to_vec() } else { n.to_le_bytes().to_vec() }
    }

    fn directory(&self, out: &mut Vec<u8>, at: u32) {
        let (room, step) = if self.wide { (8, 20) } else { (4, 12) };
        let count = self.entries.len() as u32;
        let mut far = at + if self.wide { 8 } else { 2 } + count * step + room;
        let mut values = Vec::new();
        out.extend(if self.wide {
            u64::from(count).to_le_bytes().to_vec()
        } else {
            (count as u16).to_le_bytes().to_vec()
        });
        for (tag, kind, numbers) in &self.entries {
            let bytes: Vec<u8> = match kind {
                1 => numbers.iter().map(|n| *n as u8).collect(),
                3 => numbers.iter().flat_map(|n| (*n as u16).to_le_bytes()).collect(),
                _ => numbers.iter().flat_map(|n| n.to_le_bytes()).collect(),
            };
            out.extend(tag.to_le_bytes());
            out.extend(kind.to_le_bytes());
            out.extend(self.number(numbers.len() as u32));
            if bytes.len() > room as usize {
                out.extend(self.number(far));
                far += bytes.len() as u32;
                values.extend(bytes);
            } else {
                out.extend(&bytes);
                out.extend(vec![0; room as usize - bytes.len()]);
            }
        }
        out.extend(self.number(0));
        out.extend(values);
    }
}

/// What is drawn: a field of one colour and another one beside it.
const LEFT: [u8; 3] = [200, 60, 30];
const RIGHT: [u8; 3] = [20, 90, 180];
const SIZE: (u32, u32) = (40, 20);

fn drawn(x: u32) -> [u8; 3] {
    if x < SIZE.0 / 2 { LEFT } else { RIGHT }
}

fn rows(pixel: impl Fn(u32) -> Vec<u8>) -> Vec<u8> {
    (0..SIZE.1).flat_map(|_| (0..SIZE.0).flat_map(&pixel)).collect()
}

fn read(file: &[u8]) -> Result<RgbImage, Error> {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("page.tif");
    fs::write(&path, file).unwrap();
    let frame = recipe(Fit::Inside, 4000, 4000, ImageFormat::Png);
    let made = render(&path, &[frame], &Limits::default(), &())?;
    Ok(image::load_from_memory(&made[0].bytes).unwrap().into_rgb8())
}

#[track_caller]
fn shows(what: &str, file: &[u8], left: [u8; 3], right: [u8; 3], tolerance: u8) {
    let seen = read(file).unwrap_or_else(|e| panic!("{what}: {e}"));
    assert_eq!(seen.dimensions(), SIZE, "{what}");
    for (x, wanted) in [(4, left), (14, left), (26, right), (39, right)] {
        for y in [0, 9, 19] {
            near(seen.get_pixel(x, y), wanted, tolerance);
        }
    }
}

/// Light to luma and chroma, by BT.601 and its whole range.
fn luma([r, g, b]: [u8; 3]) -> [u8; 3] {
    let [r, g, b] = [r, g, b].map(f64::from);
    let y = 0.299 * r + 0.587 * g + 0.114 * b;
    [y, (b - y) / 1.772 + 128.0, (r - y) / 1.402 + 128.0].map(|v| v.round().clamp(0.0, 255.0) as u8)
}

#[test]
fn strips_and_tiles_in_one_plane_or_several_plain_or_big_show_what_was_drawn() {
    let rgb = || Tiff::new(SIZE, &[8, 8, 8], 2);
    let whole = rows(|x| drawn(x).to_vec());
    shows("one strip", &rgb().file(std::slice::from_ref(&whole), false), LEFT, RIGHT, 0);
    let strips: Vec<Vec<u8>> = whole.chunks(3 * 40 * 7).map(<[u8]>::to_vec).collect();
    shows("three strips", &rgb().and(278, 3, &[7]).file(&strips, false), LEFT, RIGHT, 0);
    let big = Tiff { wide: true, ..rgb() };
    shows("BigTIFF", &big.and(278, 3, &[7]).file(&strips, false), LEFT, RIGHT, 0);
    let planes: Vec<Vec<u8>> = (0..3).map(|n| rows(|x| vec![drawn(x)[n]])).collect();
    shows("planes", &rgb().and(284, 3, &[2]).file(&planes, false), LEFT, RIGHT, 0);
    // Tiles of 16 x 16: three across and two down, of which the last ones stick out.
    let tile = |left: u32, n: Option<usize>| -> Vec<u8> {
        let one = |x: u32| n.map_or(drawn(left + x).to_vec(), |n| vec![drawn(left + x)[n]]);
        (0..16).flat_map(|_| (0..16).flat_map(one)).collect()
    };
    let tiles = |n: Option<usize>| (0..6).map(move |at| tile(at % 3 * 16, n));
    let tiled = || rgb().and(322, 3, &[16]).and(323, 3, &[16]);
    shows("tiles", &tiled().file(&tiles(None).collect::<Vec<_>>(), true), LEFT, RIGHT, 0);
    let apart: Vec<Vec<u8>> = (0..3).flat_map(|n| tiles(Some(n))).collect();
    shows("tiles in planes", &tiled().and(284, 3, &[2]).file(&apart, true), LEFT, RIGHT, 0);
    let deep = rows(|x| drawn(x).iter().flat_map(|v| (u16::from(*v) * 257).to_le_bytes()).collect());
    shows("16 bits", &Tiff::new(SIZE, &[16; 3], 2).file(&[deep], false), LEFT, RIGHT, 0);
}

#[test]
fn every_way_to_write_a_colour_shows_the_same_colour() {
    let grey = |x: u32| if x < 20 { 0u8 } else { 255 };
    for (bits, most) in [(1u32, 1u8), (2, 3), (4, 15), (8, 255)] {
        let line: Vec<u8> = (0..SIZE.0)
            .collect::<Vec<_>>()
            .chunks((8 / bits) as usize)
            .map(|part| part.iter().fold(0u16, |sum, x| sum << bits | u16::from(grey(*x) & most)) as u8)
            .collect();
        let all: Vec<u8> = (0..SIZE.1).flat_map(|_| line.clone()).collect();
        shows(
            &format!("grey of {bits} bits"),
            &Tiff::new(SIZE, &[bits], 1).file(std::slice::from_ref(&all), false),
            [0; 3],
            [255; 3],
            0,
        );
        shows(
            &format!("white is 0, {bits} bits"),
            &Tiff::new(SIZE, &[bits], 0).file(&[all], false),
            [255; 3],
            [0; 3],
            0,
        );
    }
    let palette: Vec<u32> = (0..3)
        .flat_map(|n| (0..256).map(move |at| u32::from(if at == 0 { LEFT[n] } else { RIGHT[n] }) * 257))
        .collect();
    let numbers = Tiff::new(SIZE, &[8], 3).and(320, 3, &palette);
    shows("a palette", &numbers.file(&[rows(|x| vec![u8::from(x >= 20)])], false), LEFT, RIGHT, 0);
    let inks = |x: u32| drawn(x).map(|v| 255 - v).into_iter().chain([0]).collect();
    shows("inks", &Tiff::new(SIZE, &[8; 4], 5).file(&[rows(inks)], false), LEFT, RIGHT, 1);
    let plain = Tiff::new(SIZE, &[8; 3], 6).and(530, 3, &[1, 1]);
    shows("luma", &plain.file(&[rows(|x| luma(drawn(x)).to_vec())], false), LEFT, RIGHT, 3);
    // Four pixels with their lumas, then what they share.
    let unit = |x: u32| {
        let [y, cb, cr] = luma(drawn(x * 2));
        vec![y, y, y, y, cb, cr]
    };
    let shared: Vec<u8> = (0..10).flat_map(|_| (0..20).flat_map(unit)).collect();
    shows(
        "shared chroma",
        &Tiff::new(SIZE, &[8; 3], 6).and(530, 3, &[2, 2]).file(&[shared], false),
        LEFT,
        RIGHT,
        3,
    );
    // Red of sRGB is 54, 81, 70 in Lab, and blue 30, 68, -112, under the light of print.
    let lab = |signed: bool| {
        rows(move |x| {
            let (l, a, b) = if x < 20 { (54.3, 80.8, 69.9) } else { (29.6, 68.3, -112.0) };
            let opponent = |v: f64| if signed { (v.round() as i8) as u8 } else { (v.round() + 128.0) as u8 };
            vec![(l * 2.55f64).round() as u8, opponent(a), opponent(b)]
        })
    };
    shows("Lab", &Tiff::new(SIZE, &[8; 3], 8).file(&[lab(true)], false), [255, 0, 0], [0, 0, 255], 6);
    shows("ICC Lab", &Tiff::new(SIZE, &[8; 3], 9).file(&[lab(false)], false), [255, 0, 0], [0, 0, 255], 6);
}

#[test]
fn what_is_packed_is_unpacked_and_what_cannot_be_is_named() {
    let whole = rows(|x| drawn(x).to_vec());
    let rgb = || Tiff::new(SIZE, &[8; 3], 2);
    let mut zipped = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::default());
    std::io::Write::write_all(&mut zipped, &whole).unwrap();
    shows("deflate", &rgb().and(259, 3, &[8]).file(&[zipped.finish().unwrap()], false), LEFT, RIGHT, 0);
    let mut lzw = weezl::encode::Encoder::with_tiff_size_switch(weezl::BitOrder::Msb, 8);
    shows("LZW", &rgb().and(259, 3, &[5]).file(&[lzw.encode(&whole).unwrap()], false), LEFT, RIGHT, 0);
    let bits: Vec<u8> =
        whole.chunks(100).flat_map(|part| [&[part.len() as u8 - 1][..], part].concat()).collect();
    shows("PackBits", &rgb().and(259, 3, &[32_773]).file(&[bits], false), LEFT, RIGHT, 0);
    // A run of the same byte, and a count that says nothing.
    let run = [vec![0x80], [129u8, 77].repeat(6), vec![225, 77]].concat();
    let same = Tiff::new((40, 20), &[8], 1).and(259, 3, &[32_773]).file(&[run], false);
    near(read(&same).unwrap().get_pixel(39, 19), [77; 3], 0);
    let mut steps = whole.clone();
    for row in steps.chunks_exact_mut(120) {
        (3..120).rev().for_each(|n| row[n] = row[n].wrapping_sub(row[n - 3]));
    }
    shows("differences", &rgb().and(317, 3, &[2]).file(&[steps], false), LEFT, RIGHT, 0);
    // Tiles as JPEG, in luma and chroma, and the same in red, green and blue.
    let picture = RgbImage::from_fn(16, 16, |_, _| image::Rgb(LEFT));
    let jpeg = encode::jpeg(&picture.into(), 95).unwrap().bytes;
    let tiled = Tiff::new((16, 16), &[8; 3], 6).and(259, 3, &[7]).and(322, 3, &[16]).and(323, 3, &[16]);
    near(read(&tiled.file(std::slice::from_ref(&jpeg), true)).unwrap().get_pixel(8, 8), LEFT, 4);
    let strip = Tiff::new((16, 16), &[8; 3], 6).and(259, 3, &[7]);
    near(read(&strip.file(&[jpeg], false)).unwrap().get_pixel(8, 8), LEFT, 4);
    for unread in [6, 50_000] {
        let refused =
            read(&rgb().and(259, 3, &[unread]).file(std::slice::from_ref(&whole), false)).map(|_| ());
        let named = Unsupported::TiffCompression(unread as u16);
        assert!(matches!(&refused, Err(Error::Unsupported(why)) if *why == named), "{refused:?}");
    }
    for (kind, bits) in [(10, 8), (2, 12), (4, 1)] {
        let refused =
            read(&Tiff::new(SIZE, &[bits; 3], kind).file(std::slice::from_ref(&whole), false)).map(|_| ());
        assert!(matches!(refused, Err(Error::Unsupported(Unsupported::TiffSamples { .. }))), "{refused:?}");
    }
    let short = rgb().file(&[whole[..whole.len() - 200].to_vec()], false);
    assert!(matches!(read(&short).map(|_| ()), Err(Error::Damaged(_))));
}

/// A camera's file: a thumbnail, the sensor's light, and perhaps a finished picture.
fn raw(finished: Option<(u32, u32)>) -> Vec<u8> {
    let small: Vec<u8> = (0..64 * 43).flat_map(|n| [n as u8, 90, 30]).collect();
    let light = vec![0x5A; 400 * 300 * 2];
    let jpeg = finished.map_or(Vec::new(), |(w, h)| {
        encode::jpeg(&RgbImage::from_pixel(w, h, image::Rgb(LEFT)).into(), 90).unwrap().bytes
    });
    let thumbnail = Tiff::new((64, 43), &[8; 3], 2).and(254, 4, &[1]).and(330, 4, &[0]);
    let mut file = thumbnail.file(&[small], false);
    let at = file.len() as u32;
    file.extend(&light);
    file.extend(&jpeg);
    let sensor = Tiff::new((400, 300), &[16], 32_803).and(273, 4, &[at]).and(279, 4, &[light.len() as u32]);
    let within = file.len() as u32;
    let mut sensor = sensor;
    sensor.entries.sort_by_key(|entry| entry.0);
    sensor.directory(&mut file, within);
    // The place of the directory within stands in the entry itself.
    let entry = file.windows(8).position(|part| part == [0x4A, 1, 4, 0, 1, 0, 0, 0]).unwrap();
    file[entry + 8..entry + 12].copy_from_slice(&within.to_le_bytes());
    file
}

#[test]
fn a_raw_file_gives_the_cameras_own_picture_and_never_a_thumbnail() {
    let full = read(&raw(Some((396, 298)))).expect("the camera's picture");
    assert_eq!(full.dimensions(), (396, 298));
    near(full.get_pixel(200, 150), LEFT, 4);
    for none in [None, Some((160, 120)), Some((64, 43))] {
        let refused = read(&raw(none)).map(|_| ());
        assert!(matches!(refused, Err(Error::Unsupported(Unsupported::Raw))), "{none:?}: {refused:?}");
    }
    for start in [&b"FUJIFILMCCD-RAW 0201"[..], b"\0\0\0\x18ftypcrx \0\0\0\x01", b"FOVb\0\0\x02\0"] {
        let refused = read(&[start, &[0; 400]].concat()).map(|_| ());
        assert!(matches!(refused, Err(Error::Unsupported(Unsupported::Raw))), "{refused:?}");
    }
}

#[test]
fn the_page_that_is_shown_is_the_first_that_is_no_reduced_copy() {
    let small = Tiff::new((8, 4), &[8], 1).and(254, 4, &[1]).file(&[vec![0; 32]], false);
    let whole = rows(|x| drawn(x).to_vec());
    let mut file = small;
    let at = file.len() as u32;
    file.extend(&whole);
    let page = Tiff::new(SIZE, &[8; 3], 2).and(273, 4, &[at]).and(279, 4, &[whole.len() as u32]);
    let mut page = page;
    page.entries.sort_by_key(|entry| entry.0);
    let second = file.len() as u32;
    page.directory(&mut file, second);
    // The first directory has nine entries, and after them the place of the next one.
    let first = u32::from_le_bytes(file[4..8].try_into().unwrap()) as usize;
    let next = first + 2 + 12 * usize::from(u16::from_le_bytes([file[first], file[first + 1]]));
    file[next..next + 4].copy_from_slice(&second.to_le_bytes());
    shows("the second page", &file, LEFT, RIGHT, 0);
}

/// A line of a fax of group 3: the sign that begins it, then all of it white (64 and 0 pixels across).
fn white_line(bits: &mut String) {
    bits.push_str("000000000001");
    bits.push_str("11011");
    bits.push_str("00110101"); // and of none
}

fn packed(bits: &str) -> Vec<u8> {
    let mut bits = bits.to_owned();
    while !bits.len().is_multiple_of(8) {
        bits.push('0');
    }
    bits.as_bytes().chunks(8).map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | (bit - b'0'))).collect()
}

#[test]
fn a_fax_has_its_last_line_and_no_more_lines_than_its_page() {
    let fax = |lines: usize| {
        let mut bits = String::new();
        (0..lines).for_each(|_| white_line(&mut bits));
        Tiff::new((64, 8), &[1], 0).and(259, 3, &[3]).file(&[packed(&bits)], false)
    };
    for lines in [8, 100_000] {
        let seen = read(&fax(lines)).unwrap_or_else(|e| panic!("{lines}: {e}"));
        assert_eq!(seen.dimensions(), (64, 8));
        assert!(seen.pixels().all(|pixel| pixel.0 == [255; 3]), "{lines}");
    }
}

#[test]
fn bits_in_the_other_order_are_turned_in_every_packing() {
    let rows: Vec<u8> = (0..8).flat_map(|_| [0xf0_u8, 0x00]).collect();
    let turned: Vec<u8> = rows.iter().map(|byte| byte.reverse_bits()).collect();
    let plain = read(&Tiff::new((16, 8), &[1], 1).file(&[rows], false)).unwrap();
    let other = read(&Tiff::new((16, 8), &[1], 1).and(266, 3, &[2]).file(&[turned], false)).unwrap();
    assert_eq!((plain.get_pixel(0, 0).0, plain.get_pixel(15, 7).0), ([255; 3], [0; 3]));
    assert_eq!(plain, other);
}
