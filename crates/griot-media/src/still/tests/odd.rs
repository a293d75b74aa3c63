//! Sound files that are odd around their picture, and files that only look whole.

use std::fs;

use super::*;

/// The fixture as it is, as its segments, and from the first scan on.
fn segments() -> (Vec<Vec<u8>>, Vec<u8>) {
    let bytes = fs::read(fixture("detail.jpg")).unwrap();
    let (mut at, mut parts) = (2, Vec::new());
    while bytes[at + 1] != 0xDA {
        let len = 2 + usize::from(u16::from_be_bytes([bytes[at + 2], bytes[at + 3]]));
        parts.push(bytes[at..at + len].to_vec());
        at += len;
    }
    (parts, bytes[at..].to_vec())
}

/// The fixture with something done to each segment before its scan.
fn with(around: impl Fn(usize, Vec<u8>) -> Vec<u8>) -> Vec<u8> {
    let (parts, scan) = segments();
    let mut file = vec![0xFF, 0xD8];
    for (n, part) in parts.into_iter().enumerate() {
        file.extend(around(n, part));
    }
    file.extend(scan);
    file
}

fn read(file: &[u8], side: u32) -> Result<RgbImage, Error> {
    let scratch = tempfile::tempdir().unwrap();
    let path = scratch.path().join("odd.jpg");
    fs::write(&path, file).unwrap();
    let frame = recipe(Fit::Inside, side, side, ImageFormat::Png);
    let made = render(&path, &[frame], &Limits::default(), &())?;
    Ok(image::load_from_memory(&made[0].bytes).unwrap().into_rgb8())
}

fn off(a: &RgbImage, b: &RgbImage) -> f64 {
    assert_eq!(a.dimensions(), b.dimensions());
    let sum: u64 = a.iter().zip(b.iter()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

#[test]
fn whatever_stands_around_the_picture_of_a_jpeg_it_comes_out_as_without_it() {
    let segment = |marker: u8, body: &[u8]| {
        let mut out = vec![0xFF, marker];
        out.extend(u16::try_from(body.len() + 2).unwrap().to_be_bytes());
        out.extend(body);
        out
    };
    let jfif = segment(0xE0, b"JFIF\0\x02\x05\x07\0\x48\0\x48\0\0");
    let cases: [(&str, Vec<u8>); 9] = [
        ("padding", with(|n, part| if n == 0 { part } else { [vec![0; 7], part].concat() })),
        ("filling", with(|_, part| [vec![0xFF; 9], part].concat())),
        (
            "bytes of chance",
            with(
                |n, part| {
                    if n == 0 { part } else { [b"\x12\x9A\x01\xFF\x00\x77\x30".to_vec(), part].concat() }
                },
            ),
        ),
        ("JFIF version 2", with(|n, part| if n == 0 { jfif.clone() } else { part })),
        (
            "an empty profile",
            with(|n, part| if n == 0 { [part, segment(0xE2, b"ICC_PROFILE\0")].concat() } else { part }),
        ),
        (
            "a profile of which a piece is missing",
            with(
                |n, part| {
                    if n == 0 { [part, segment(0xE2, b"ICC_PROFILE\0\x02\x02abc")].concat() } else { part }
                },
            ),
        ),
        (
            "an unknown word of Adobe's",
            with(
                |n, part| {
                    if n == 0 { [part, segment(0xEE, b"Adobe\0\x64\0\0\0\0\x09")].concat() } else { part }
                },
            ),
        ),
        ("a comment of nothing", with(|_, part| [segment(0xFE, b""), part].concat())),
        ("application data that are none", with(|_, part| [segment(0xE1, b"Exif\0\0"), part].concat())),
    ];
    for side in [640, 80] {
        let plain = read(&fs::read(fixture("detail.jpg")).unwrap(), side).unwrap();
        for (what, file) in &cases {
            let seen = read(file, side).unwrap_or_else(|e| panic!("{what}: {e}"));
            assert!(off(&plain, &seen) < 0.01, "{what} at {side}: {}", off(&plain, &seen));
        }
    }
}

#[test]
fn a_jpeg_that_was_cut_is_refused_whatever_was_put_behind_the_cut() {
    let whole = fs::read(fixture("detail.jpg")).unwrap();
    let (_, scan) = segments();
    let start = whole.len() - scan.len();
    for tenth in 2..=9 {
        let cut = &whole[..start + scan.len() * tenth / 10];
        for end in [&b""[..], b"\xFF\xD9", b"\xFF\xD0\xFF\xD9", &[0; 300], b"\xFF\xD9 a film behind it"] {
            let file = [cut, end].concat();
            // Padding first, so that a decoder's first complaint is a harmless one.
            let first = 4 + usize::from(u16::from_be_bytes([file[4], file[5]]));
            for file in [file.clone(), [&file[..first], &[0; 5], &file[first..]].concat()] {
                let refused = read(&file, 640).map(|_| ());
                assert!(matches!(refused, Err(Error::Damaged(_))), "{tenth}/10, {end:?}: {refused:?}");
            }
        }
    }
    // What is missing is the end mark alone: nothing of the picture is.
    read(&whole[..whole.len() - 2], 640).expect("a whole picture without its end mark");
}

#[test]
fn no_change_of_a_jpeg_leaves_a_part_of_the_picture_unwritten() {
    let whole = fs::read(fixture("optimised-huffman.jpg")).unwrap();
    let limits = Limits::default();
    let mut state = 0x5EED_u32;
    let mut chance = |most: usize| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as usize % most
    };
    let (mut made, mut refused) = (0, 0);
    for _ in 0..400 {
        let mut file = whole.clone();
        for _ in 0..=chance(3) {
            let at = 2 + chance(file.len() - 2);
            match chance(3) {
                0 => file[at] ^= 1 << chance(8),
                1 => drop(file.splice(at..at, std::iter::repeat_n(0, 1 + chance(20)))),
                _ => file.truncate(at.max(200)),
            }
        }
        // The buffers of tests are marked from end to end, and a mark that is left is an error, not a picture.
        let read = catch_unwind(|| {
            let header = picture::header(&file, Format::Jpeg, &limits)?;
            decode::decode(&file, Format::Jpeg, &header, 1.0, &limits).map(|_| ())
        });
        match read.expect("nothing panics") {
            Ok(()) => made += 1,
            Err(Error::Bug(said)) => panic!("{said}"),
            Err(_) => refused += 1,
        }
    }
    assert!(made > 20 && refused > 100, "{made} made, {refused} refused");
}
