//! How much sooner a photograph is seen by the small picture of its camera than by a decode: `first PHOTO.jpg COPY.jpg`
//! prints the microseconds of the one and of the other, medians of several turns, side by side.
//!
//! The photograph gets a small picture of 160 pixels, as cameras write it, in a copy. Both ways are the product's own,
//! from the file to a JPEG that can be shown. Deliberately absent: anything that Griot does not do for a person.

use std::error::Error;
use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use exif::experimental::Writer;
use exif::{Field, In, Tag, Value};
use griot_media::{Limits, still};

/// What goes wrong is for a developer to read.
type Done<T> = Result<T, Box<dyn Error>>;

/// Pixels of the long side of what cameras put in.
const CAMERA: u32 = 160;
/// Pixels of the long side of a library tile.
const TILE: u32 = 320;
/// How often each way is gone; an odd number has a middle.
const TURNS: usize = 21;

fn main() -> Done<()> {
    let mut words = std::env::args().skip(1);
    let (photo, copy) = words.next().zip(words.next()).ok_or("first PHOTO.jpg COPY.jpg")?;
    let (copy, limits) = (Path::new(&copy), Limits::default());
    let bytes = std::fs::read(photo)?;
    // Upright by its own word, so that the small picture has the shape of the large one.
    std::fs::write(copy, with_tags(&bytes, None)?)?;
    let small = still::thumbnail(copy, CAMERA, &limits)?;
    std::fs::write(copy, with_tags(&bytes, Some(&small.bytes))?)?;

    let (mut early, mut decoded) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        let began = Instant::now();
        still::embedded_thumbnail(copy, &limits)?.ok_or("the small picture is not found")?;
        early.push(began.elapsed());
        let began = Instant::now();
        still::first_look(copy, TILE, &limits)?;
        decoded.push(began.elapsed());
    }
    writeln!(std::io::stdout(), "{} {}", median(early), median(decoded))?;
    Ok(())
}

/// The photograph with an EXIF block of ours before its own.
fn with_tags(photo: &[u8], small: Option<&[u8]>) -> Done<Vec<u8>> {
    let upright = Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![1]) };
    let mut writer = Writer::new();
    writer.push_field(&upright);
    if let Some(small) = small {
        writer.set_jpeg(small, In::THUMBNAIL);
    }
    let mut tags = Cursor::new(Vec::new());
    writer.write(&mut tags, true)?;
    let block = [b"Exif\0\0".as_slice(), &tags.into_inner()].concat();
    let start = photo.strip_prefix(&[0xff, 0xd8]).ok_or("not a JPEG")?;
    let length = u16::try_from(block.len() + 2)?.to_be_bytes();
    Ok([&[0xff, 0xd8, 0xff, 0xe1], length.as_slice(), &block, start].concat())
}

fn median(mut times: Vec<Duration>) -> u128 {
    times.sort_unstable();
    times[times.len() / 2].as_micros()
}
