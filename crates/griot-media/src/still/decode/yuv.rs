//! Luma and chroma, as AV1 stores them, to red, green and blue in 16 bits.

use image::{ImageBuffer, Luma, Rgb};
use re_rav1d::{Picture, PixelLayout, PlanarImageComponent as Component};

use crate::picture::Numbers;
use crate::{Error, Unsupported};

/// The planes of a decoded picture, without the decoder's padding.
#[derive(Debug)]
pub(super) struct Planes {
    width: usize,
    height: usize,
    /// Bits of a sample: 8, 10 or 12.
    depth: u32,
    y: Vec<u16>,
    /// Blue and red difference; nothing in a grey picture.
    chroma: Option<[Vec<u16>; 2]>,
    /// Whether chroma has half the columns, and half the rows.
    halved: (bool, bool),
    full: bool,
    pub(super) primaries: u16,
    pub(super) transfer: u16,
    matrix: u16,
}

impl Planes {
    /// Copies the planes of a picture.
    pub(super) fn read(picture: &Picture) -> Result<Self, Error> {
        let (width, height) = (picture.width() as usize, picture.height() as usize);
        let depth = u32::try_from(picture.bit_depth()).unwrap_or(8);
        let layout = picture.pixel_layout();
        let halved = match layout {
            PixelLayout::I420 => (true, true),
            PixelLayout::I422 => (true, false),
            PixelLayout::I400 | PixelLayout::I444 => (false, false),
        };
        let plane = |component, width: usize, height: usize| {
            let bytes = picture.plane(component);
            let stride = picture.stride(component) as usize;
            samples(&bytes, stride, width, height, depth > 8)
                .ok_or_else(|| Error::Bug("the AV1 decoder returned too few samples".into()))
        };
        let (cw, ch) = (half(width, halved.0), half(height, halved.1));
        let chroma = match layout {
            PixelLayout::I400 => None,
            _ => Some([plane(Component::U, cw, ch)?, plane(Component::V, cw, ch)?]),
        };
        Ok(Self {
            width,
            height,
            depth,
            y: plane(Component::Y, width, height)?,
            chroma,
            halved,
            full: picture.color_range() == re_rav1d::pixel::YUVRange::Full,
            primaries: picture.color_primaries() as u16,
            transfer: picture.transfer_characteristic() as u16,
            matrix: picture.matrix_coefficients() as u16,
        })
    }
}

fn half(side: usize, halved: bool) -> usize {
    if halved { side.div_ceil(2) } else { side }
}

/// The rows of a plane, without what lies between them.
fn samples(bytes: &[u8], stride: usize, width: usize, height: usize, wide: bool) -> Option<Vec<u16>> {
    let mut out = Vec::with_capacity(width * height);
    for row in 0..height {
        let row = bytes.get(row * stride..)?;
        if wide {
            let row = row.get(..width * 2)?;
            out.extend(row.as_chunks::<2>().0.iter().map(|pair| u16::from_ne_bytes(*pair)));
        } else {
            out.extend(row.get(..width)?.iter().map(|v| u16::from(*v)));
        }
    }
    Some(out)
}

/// Shares of red and blue in the luma of a matrix.
fn weights(matrix: u16) -> (f32, f32) {
    match matrix {
        1 => (0.2126, 0.0722),
        4 => (0.30, 0.11),
        7 => (0.212, 0.087),
        9 => (0.2627, 0.0593),
        // BT.601, which is also what readers take where nothing is said.
        _ => (0.299, 0.114),
    }
}

/// Where a range of samples starts and how much a whole step is.
struct Range {
    black: f32,
    light: f32,
    middle: f32,
    chroma: f32,
}

impl Range {
    fn new(depth: u32, full: bool) -> Self {
        let unit = (1u32 << (depth - 8)) as f32;
        let most = ((1u32 << depth) - 1) as f32;
        let middle = 128.0 * unit;
        if full {
            Self { black: 0.0, light: most, middle, chroma: most }
        } else {
            Self { black: 16.0 * unit, light: 219.0 * unit, middle, chroma: 224.0 * unit }
        }
    }
}

/// The picture in colour. The file's numbers win over those of its stream.
pub(super) fn to_rgb(
    planes: &Planes,
    said: Option<Numbers>,
) -> Result<ImageBuffer<Rgb<u16>, Vec<u16>>, Error> {
    let (matrix, full) = said.map_or((planes.matrix, planes.full), |n| (n.matrix, n.full));
    if !matches!(matrix, 0..=2 | 4..=9) || (matrix == 0 && planes.halved.0) {
        return Err(Error::Unsupported(Unsupported::Matrix(matrix)));
    }
    let range = Range::new(planes.depth, full);
    let whole = |v: f32| (v.clamp(0.0, 1.0) * 65_535.0).round() as u16;
    let (kr, kb) = weights(matrix);
    let kg = 1.0 - kr - kb;
    let mut out = ImageBuffer::new(planes.width as u32, planes.height as u32);
    let mut line = [vec![0.0; planes.width], vec![0.0; planes.width]];
    for (row, pixels) in out.rows_mut().enumerate() {
        if let Some(chroma) = &planes.chroma {
            for (plane, line) in chroma.iter().zip(&mut line) {
                spread(planes, plane, row, line);
            }
        }
        let lumas = &planes.y[row * planes.width..(row + 1) * planes.width];
        for (column, (pixel, luma)) in pixels.zip(lumas).enumerate() {
            let y = (f32::from(*luma) - range.black) / range.light;
            if planes.chroma.is_none() {
                *pixel = Rgb([whole(y); 3]);
                continue;
            }
            let (u, v) = (line[0][column], line[1][column]);
            if matrix == 0 {
                let plain = |v: f32| whole((v - range.black) / range.light);
                *pixel = Rgb([plain(v), whole(y), plain(u)]);
                continue;
            }
            let (cb, cr) = ((u - range.middle) / range.chroma, (v - range.middle) / range.chroma);
            *pixel = Rgb(if matrix == 8 {
                [whole(y - cb + cr), whole(y + cb), whole(y - cb - cr)]
            } else {
                let (r, b) = (y + 2.0 * (1.0 - kr) * cr, y + 2.0 * (1.0 - kb) * cb);
                [whole(r), whole((y - kr * r - kb * b) / kg), whole(b)]
            });
        }
    }
    Ok(out)
}

/// One row of chroma at the luma's resolution, by weighing the nearest samples; sites lie in the middle of their
/// luma samples.
fn spread(planes: &Planes, plane: &[u16], row: usize, line: &mut [f32]) {
    let (cw, ch) = (half(planes.width, planes.halved.0), half(planes.height, planes.halved.1));
    let pair = |at: usize, most: usize, halved: bool| {
        if !halved {
            return (at, at);
        }
        let near = (at / 2).min(most - 1);
        let far = if at.is_multiple_of(2) { near.saturating_sub(1) } else { (near + 1).min(most - 1) };
        (near, far)
    };
    let (near, far) = pair(row, ch, planes.halved.1);
    let (near, far) = (&plane[near * cw..(near + 1) * cw], &plane[far * cw..(far + 1) * cw]);
    let mixed = |column: usize| 0.75 * f32::from(near[column]) + 0.25 * f32::from(far[column]);
    for (column, out) in line.iter_mut().enumerate() {
        let (left, right) = pair(column, cw, planes.halved.0);
        *out = 0.75 * mixed(left) + 0.25 * mixed(right);
    }
}

/// The picture as opacity.
pub(super) fn to_alpha(planes: &Planes) -> ImageBuffer<Luma<u16>, Vec<u16>> {
    let range = Range::new(planes.depth, planes.full);
    let whole =
        |v: u16| (((f32::from(v) - range.black) / range.light).clamp(0.0, 1.0) * 65_535.0).round() as u16;
    let mut out = ImageBuffer::new(planes.width as u32, planes.height as u32);
    for (pixel, luma) in out.pixels_mut().zip(&planes.y) {
        *pixel = Luma([whole(*luma)]);
    }
    out
}
