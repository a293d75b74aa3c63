//! Pictures and films for the tests, made here: no corpus is needed.

use std::io::Cursor;
use std::path::Path;
use std::process::{Command, Stdio};

use image::{ImageFormat, Rgb, RgbImage};

fn picture(width: u32, height: u32) -> RgbImage {
    let shade = |n: u32, of: u32| u8::try_from(n * 255 / of.max(1)).unwrap_or(u8::MAX);
    RgbImage::from_fn(width, height, |x, y| Rgb([shade(x, width), shade(y, height), 90]))
}

/// A JPEG of that size in pixels, without metadata.
#[must_use]
pub fn jpeg(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let side = |n: u32| u16::try_from(n).expect("a small picture");
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    let written = encoder.encode(
        picture(width, height).as_raw(),
        side(width),
        side(height),
        jpeg_encoder::ColorType::Rgb,
    );
    written.expect("BUG: a picture in memory can be written");
    bytes
}

/// A PNG of that size in pixels, without metadata.
#[must_use]
pub fn png(width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture(width, height)
        .write_to(&mut bytes, ImageFormat::Png)
        .expect("BUG: a picture in memory can be written");
    bytes.into_inner()
}

/// A JPEG stored with that size whose EXIF says that it has to be turned (1 to 8).
#[must_use]
pub fn turned(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let mut exif = b"\xff\xe1\x00\x22Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0, 0]);
    let plain = jpeg(width, height);
    [&plain[..2], &exif, &plain[2..]].concat()
}

/// An MP4 of one second with sound (H.264, AAC), written to `path`.
///
/// # Panics
/// When ffmpeg is missing or fails.
pub fn film(path: &Path, width: u32, height: u32) {
    let pictures = format!("testsrc=size={width}x{height}:rate=25:duration=1");
    let made = Command::new("ffmpeg")
        .args(["-v", "error", "-y", "-f", "lavfi", "-i", &pictures, "-f", "lavfi", "-i", "sine=duration=1"])
        .args(["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", "-f", "mp4"])
        .arg(path)
        .stdin(Stdio::null())
        .status()
        .expect("ffmpeg is installed for the tests");
    assert!(made.success(), "ffmpeg could not make a film");
}
