//! Draws Griot's mark, a voice that carries, as the icons of `assets/icons`: PNG, and the containers of Windows and
//! macOS around such PNGs. `cargo run -p griot-media --example icons` writes them anew; the same build writes the
//! same bytes. Deliberately absent: a picture file to draw from. The mark is a few shapes, and these are they.

use std::error::Error;
use std::io::Cursor;
use std::path::Path;

use image::{ImageFormat, Rgba, RgbaImage};

/// The field on which the mark is drawn, in both directions.
const FIELD: f32 = 26.0;
/// Deep indigo, ochre and paper.
const COLOURS: [[f32; 3]; 3] = [[52.0, 64.0, 143.0], [243.0, 194.0, 122.0], [255.0, 255.0, 255.0]];
/// Samples in each direction of a pixel.
const FINE: u32 = 6;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/icons");
    std::fs::create_dir_all(&folder)?;
    for size in [32, 128, 256] {
        std::fs::write(folder.join(format!("{size}.png")), png(size)?)?;
    }
    std::fs::write(folder.join("icon.ico"), ico(&[16, 32, 48, 256])?)?;
    let apple = [(*b"ic11", 32), (*b"ic07", 128), (*b"ic08", 256), (*b"ic09", 512)];
    std::fs::write(folder.join("icon.icns"), icns(&apple)?)?;
    Ok(())
}

/// Which colour covers this point of the field; nothing outside the mark.
fn colour(x: f32, y: f32) -> Option<[f32; 3]> {
    if (x - 20.5).hypot(y - 13.0) <= 1.6 {
        return Some(COLOURS[2]);
    }
    // Three waves: each two strokes that meet in a point.
    for left in [5.0, 9.0, 13.0] {
        if to_line((x, y), (left, 9.0), (left + 4.0, 13.0)).min(to_line(
            (x, y),
            (left + 4.0, 13.0),
            (left, 17.0),
        )) <= 0.9
        {
            return Some(COLOURS[1]);
        }
    }
    // A square with round corners.
    let (radius, half) = (7.0, FIELD / 2.0);
    let beyond = |at: f32| ((at - half).abs() - (half - radius)).max(0.0);
    (beyond(x).hypot(beyond(y)) <= radius).then_some(COLOURS[0])
}

/// How far a point is from the line between two others.
fn to_line((x, y): (f32, f32), (ax, ay): (f32, f32), (bx, by): (f32, f32)) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let along = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
    (x - ax - along * dx).hypot(y - ay - along * dy)
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "sizes of icons and shares of a pixel are small"
)]
fn png(size: u32) -> Result<Vec<u8>, image::ImageError> {
    let step = FIELD / (size * FINE) as f32;
    let picture = RgbaImage::from_fn(size, size, |px, py| {
        let (mut sum, mut covered) = ([0.0; 3], 0.0_f32);
        for sample in 0..FINE * FINE {
            let x = ((px * FINE + sample % FINE) as f32 + 0.5) * step;
            let y = ((py * FINE + sample / FINE) as f32 + 0.5) * step;
            if let Some(colour) = colour(x, y) {
                covered += 1.0;
                for (sum, part) in sum.iter_mut().zip(colour) {
                    *sum += part;
                }
            }
        }
        let part = |sum: f32| (sum / covered.max(1.0)).round() as u8;
        Rgba([
            part(sum[0]),
            part(sum[1]),
            part(sum[2]),
            (covered * 255.0 / (FINE * FINE) as f32).round() as u8,
        ])
    });
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png)?;
    Ok(bytes.into_inner())
}

/// The container of Windows: a table of places, then the pictures.
fn ico(sizes: &[u32]) -> Result<Vec<u8>, Box<dyn Error>> {
    let count = u16::try_from(sizes.len())?;
    let (mut table, mut pictures) = ([0, 1, count].map(u16::to_le_bytes).concat(), Vec::new());
    for size in sizes {
        let picture = png(*size)?;
        // 256 is written as 0.
        let side = u8::try_from(*size).unwrap_or(0);
        table.extend([side, side, 0, 0, 1, 0, 32, 0]);
        table.extend(u32::try_from(picture.len())?.to_le_bytes());
        table.extend(u32::try_from(6 + 16 * sizes.len() + pictures.len())?.to_le_bytes());
        pictures.extend(picture);
    }
    table.extend(pictures);
    Ok(table)
}

/// The container of macOS: a kind, a length and a picture, one after the other.
fn icns(kinds: &[([u8; 4], u32)]) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut inside = Vec::new();
    for (kind, size) in kinds {
        let picture = png(*size)?;
        inside.extend(kind);
        inside.extend(u32::try_from(picture.len() + 8)?.to_be_bytes());
        inside.extend(picture);
    }
    let mut bytes = b"icns".to_vec();
    bytes.extend(u32::try_from(inside.len() + 8)?.to_be_bytes());
    bytes.extend(inside);
    Ok(bytes)
}
