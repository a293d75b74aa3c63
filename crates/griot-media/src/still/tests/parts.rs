//! HEIC and AVIF in parts, and HEIC whose container is odd or silent.

use std::fs;

use image::{DynamicImage, RgbaImage};

use super::*;
use crate::picture::heif::Heif;

fn boxed(name: &[u8], body: &[u8]) -> Vec<u8> {
    [&((body.len() + 8) as u32).to_be_bytes()[..], name, body].concat()
}

/// The body of the first box of this name, and of what kind its item's data are.
fn found(file: &[u8], name: &[u8]) -> Vec<u8> {
    let at = file.windows(4).position(|part| part == name).unwrap();
    let len = u32::from_be_bytes(file[at - 4..at].try_into().unwrap()) as usize;
    file[at + 4..at - 4 + len].to_vec()
}

/// A file whose main picture is a grid of the same part many times, with opacity for each part where `clear` gives it.
fn grid(
    kind: [u8; 4],
    (part, settings): (&[u8], (&[u8], Vec<u8>)),
    (columns, rows): (u16, u16),
    size: (u32, u32),
    clear: Option<(&[u8], Vec<u8>)>,
) -> Vec<u8> {
    let count = columns * rows;
    let entry = |id: u16, kind: &[u8]| {
        boxed(b"infe", &[&[2, 0, 0, 0], &id.to_be_bytes()[..], &[0, 0], kind, &[0]].concat())
    };
    let coded = 2..2 + count;
    let opaque = if clear.is_some() { 2 + count..2 + 2 * count } else { 0..0 };
    let mut infos = entry(1, b"grid");
    coded.clone().chain(opaque.clone()).for_each(|id| infos.extend(entry(id, &kind)));
    let all = 1 + count + opaque.len() as u16;
    let list = boxed(b"iinf", &[&[0; 4], &all.to_be_bytes()[..], &infos].concat());
    let ispe =
        |(w, h): (u32, u32)| boxed(b"ispe", &[&[0; 4], &w.to_be_bytes()[..], &h.to_be_bytes()].concat());
    let alpha = boxed(b"auxC", b"\0\0\0\0urn:mpeg:mpegB:cicp:systems:auxiliary:alpha\0");
    let mut properties = [ispe(size), ispe((128, 128)), boxed(settings.0, &settings.1), alpha].concat();
    properties.extend(clear.as_ref().map_or(Vec::new(), |(_, body)| boxed(settings.0, body)));
    let owner = |id: u16, own: &[u8]| [&id.to_be_bytes()[..], &[own.len() as u8], own].concat();
    let mut owners = owner(1, &[1]);
    coded.clone().for_each(|id| owners.extend(owner(id, &[2, 0x83])));
    opaque.clone().for_each(|id| owners.extend(owner(id, &[2, 0x85, 4])));
    let owners = boxed(b"ipma", &[&[0; 4], &u32::from(all).to_be_bytes()[..], &owners].concat());
    let properties = boxed(b"iprp", &[boxed(b"ipco", &properties), owners].concat());
    let ids: Vec<u8> = coded.clone().flat_map(u16::to_be_bytes).collect();
    let mut links = boxed(b"dimg", &[&[0, 1][..], &count.to_be_bytes(), &ids].concat());
    for (of, id) in coded.clone().zip(opaque.clone()) {
        links.extend(boxed(b"auxl", &[&id.to_be_bytes()[..], &[0, 1], &of.to_be_bytes()].concat()));
    }
    let links = boxed(b"iref", &[&[0; 4], &links[..]].concat());
    let wide = [&[0, 1, rows as u8 - 1, columns as u8 - 1][..], &size.0.to_be_bytes(), &size.1.to_be_bytes()]
        .concat();
    let plane = clear.as_ref().map_or(&[][..], |(data, _)| data);
    let start =
        boxed(b"ftyp", &[if kind == *b"av01" { &b"avif"[..] } else { b"heic" }, &[0; 4], b"mif1"].concat());
    let places = |at: usize| {
        let one = |id: u16, at: usize, len: usize| {
            let (at, len) = ((at as u32).to_be_bytes(), (len as u32).to_be_bytes());
            [&id.to_be_bytes()[..], &[0, 0, 0, 1], &at, &len].concat()
        };
        let mut body = one(1, at, wide.len());
        coded.clone().for_each(|id| body.extend(one(id, at + wide.len(), part.len())));
        opaque.clone().for_each(|id| body.extend(one(id, at + wide.len() + part.len(), plane.len())));
        boxed(b"iloc", &[&[0, 0, 0, 0, 0x44, 0], &all.to_be_bytes()[..], &body].concat())
    };
    let meta = |at| {
        let primary = boxed(b"pitm", &[0, 0, 0, 0, 0, 1]);
        let handler = boxed(b"hdlr", &[&[0; 8], &b"pict"[..], &[0; 13]].concat());
        boxed(b"meta", &[&[0; 4], &handler[..], &primary, &list, &properties, &links, &places(at)].concat())
    };
    let at = start.len() + meta(0).len() + 8;
    [start, meta(at), boxed(b"mdat", &[&wide[..], part, plane].concat())].concat()
}

fn heic(columns: u16, rows: u16, size: (u32, u32)) -> Vec<u8> {
    let one = fs::read(fixture("unlabelled.heic")).unwrap();
    let heif = Heif::read(&one).unwrap();
    let data = heif.data(heif.primary(), &Limits::default()).unwrap();
    grid(*b"hvc1", (&data, (b"hvcC", found(&one, b"hvcC"))), (columns, rows), size, None)
}

fn read(file: &[u8], side: u32) -> Result<RgbaImage, Error> {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("parts");
    fs::write(&path, file).unwrap();
    let frame = recipe(Fit::Inside, side, side, ImageFormat::Png);
    let made = render(&path, &[frame], &Limits::default(), &())?;
    Ok(image::load_from_memory(&made[0].bytes).unwrap().into_rgba8())
}

/// The square and a corner of the drawing whose part begins at `x` and `y`.
#[track_caller]
fn as_drawn(seen: &RgbaImage, x: u32, y: u32) {
    let rgb = DynamicImage::ImageRgba8(seen.clone()).into_rgb8();
    near(rgb.get_pixel(x + 64, y + 64), [230, 30, 40], 6);
    near(rgb.get_pixel(x + 4, y + 4), [8, 9, 251], 6);
    near(rgb.get_pixel(x + 120, y + 4), [241, 8, 133], 6);
}

#[test]
fn a_heic_without_a_word_about_its_colours_has_those_that_were_drawn() {
    as_drawn(&read(&fs::read(fixture("unlabelled.heic")).unwrap(), 500).unwrap(), 0, 0);
}

#[test]
fn a_property_of_the_number_nothing_is_passed_over() {
    let file = fs::read(fixture("unlabelled.heic")).unwrap();
    let at = file.windows(4).position(|part| part == b"ipma").unwrap();
    // Version, count, item, how many properties, then their numbers: the colours' one is put out.
    let first = at + 4 + 4 + 4 + 2 + 1;
    let mut odd = file.clone();
    for place in first..first + 3 {
        let free = file[place] & 0x7F == 2;
        odd[place] = if free { 0 } else { file[place] };
    }
    assert_ne!(odd, file);
    as_drawn(&read(&odd, 500).unwrap(), 0, 0);
}

#[test]
fn a_grid_is_put_together_part_by_part_however_large() {
    let small = read(&heic(3, 2, (300, 200)), 500).unwrap();
    assert_eq!(small.dimensions(), (300, 200));
    as_drawn(&small, 0, 0);
    as_drawn(&small, 128, 0);
    // 48 megapixels, as phones make them, within the memory of one picture.
    let large = read(&heic(63, 48, (8064, 6048)), 252).unwrap();
    assert_eq!(large.dimensions(), (252, 189));
    let narrow = Limits { max_alloc: 100 << 20, ..Limits::default() };
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("large.heic");
    fs::write(&path, heic(63, 48, (8064, 6048))).unwrap();
    let frame = recipe(Fit::Inside, 252, 252, ImageFormat::Png);
    assert!(matches!(render(&path, &[frame], &narrow, &()), Err(Error::OverLimit(_))));
}

#[test]
fn parts_that_do_not_fill_their_grid_are_no_picture() {
    for size in [(600, 200), (300, 400)] {
        let refused = read(&heic(3, 2, size), 500).map(|_| ());
        assert!(matches!(refused, Err(Error::Damaged(_))), "{size:?}: {refused:?}");
    }
}

#[test]
fn an_avif_grid_is_as_clear_as_each_of_its_parts() {
    let one = fs::read(fixture("clear-half.avif")).unwrap();
    let (heif, limits) = (Heif::read(&one).unwrap(), Limits::default());
    let (alpha, _) = heif.alpha(heif.primary()).unwrap();
    let (colour, plane) = (heif.data(heif.primary(), &limits).unwrap(), heif.data(alpha, &limits).unwrap());
    let settings = found(&one, b"av1C");
    let file =
        grid(*b"av01", (&colour, (b"av1C", settings.clone())), (2, 2), (256, 256), Some((&plane, settings)));
    let seen = read(&file, 500).unwrap();
    assert_eq!(seen.dimensions(), (256, 256));
    for (x, y) in [(0, 0), (128, 0), (0, 128), (128, 128)] {
        assert_eq!(seen.get_pixel(x + 20, y + 20)[3], 0, "{x} {y}");
        assert_eq!(seen.get_pixel(x + 100, y + 100)[3], 255, "{x} {y}");
    }
}
