//! The sequence parameter set of H.264 (ITU-T H.264, 7.3.2.1 and annex E).

use super::bits::Bits;
use super::{Coded, SHAPES};

/// Profiles that state how their samples lie.
const HIGH: [u32; 13] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/// The parameter set in a configuration record (`avcC`).
pub(crate) fn of_configuration(avcc: &[u8]) -> Option<Coded> {
    let sets = avcc.get(5)? & 31;
    let len = usize::from(u16::from_be_bytes([*avcc.get(6)?, *avcc.get(7)?]));
    (sets > 0).then(|| parse(avcc.get(8..8 + len)?)).flatten()
}

/// The first parameter set of a stream between start codes.
pub(crate) fn of_stream(bytes: &[u8]) -> Option<Coded> {
    super::units(bytes).filter(|unit| unit.first().is_some_and(|head| head & 31 == 7)).find_map(parse)
}

/// One unit of that kind, with its head.
fn parse(unit: &[u8]) -> Option<Coded> {
    let mut bits = Bits::new(unit.get(1..)?);
    let profile = bits.number(8)?;
    bits.skip(16);
    bits.golomb()?;
    let (mut chroma, mut depth) = (1, 8);
    if HIGH.contains(&profile) {
        chroma = bits.golomb()?;
        if chroma == 3 {
            bits.skip(1);
        }
        depth = bits.golomb()?.max(bits.golomb()?).saturating_add(8);
        bits.skip(1);
        if bits.flag()? {
            let lists = if chroma == 3 { 12 } else { 8 };
            (0..lists).try_for_each(|list| scaling(&mut bits, if list < 6 { 16 } else { 64 }))?;
        }
    }
    bits.golomb()?;
    order(&mut bits)?;
    bits.golomb()?;
    bits.skip(1);
    let across = u64::from(bits.golomb()?) + 1;
    let down = u64::from(bits.golomb()?) + 1;
    let whole = bits.flag()?;
    if !whole {
        bits.skip(1);
    }
    bits.skip(1);
    let lines = if whole { 1 } else { 2 };
    let (mut width, mut height) = (across * 16, down * 16 * lines);
    if bits.flag()? {
        // Cut away in units of the colours' samples.
        let (x, y) = (if matches!(chroma, 1 | 2) { 2 } else { 1 }, if chroma == 1 { 2 } else { 1 } * lines);
        let mut cut = || bits.golomb().map(u64::from);
        let (left, right, top, bottom) = (cut()?, cut()?, cut()?, cut()?);
        width = width.checked_sub((left + right) * x)?;
        height = height.checked_sub((top + bottom) * y)?;
    }
    let size = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    let mut coded = Coded { fields: !whole, depth, quartered: chroma <= 1, ..Coded::of(size) };
    if bits.flag()? {
        // A part of it that is cut off leaves the rest as it is usual.
        let _ = usability(&mut bits, &mut coded);
    }
    Some(coded)
}

fn scaling(bits: &mut Bits, count: u32) -> Option<()> {
    if !bits.flag()? {
        return Some(());
    }
    let (mut last, mut next) = (8i32, 8i32);
    for _ in 0..count {
        if next != 0 {
            next = last.wrapping_add(bits.signed()?).rem_euclid(256);
        }
        last = if next == 0 { last } else { next };
    }
    Some(())
}

/// How pictures are put into their order.
fn order(bits: &mut Bits) -> Option<()> {
    match bits.golomb()? {
        0 => {
            bits.golomb()?;
        }
        1 => {
            bits.skip(1);
            bits.signed()?;
            bits.signed()?;
            let count = bits.golomb()?.min(255);
            for _ in 0..count {
                bits.signed()?;
            }
        }
        _ => {}
    }
    Some(())
}

/// What players need besides the samples.
fn usability(bits: &mut Bits, coded: &mut Coded) -> Option<()> {
    if bits.flag()? {
        let shape = bits.number(8)?;
        coded.pixel = if shape == 255 {
            (u64::from(bits.number(16)?), u64::from(bits.number(16)?))
        } else {
            SHAPES.get(shape as usize).copied().unwrap_or((1, 1))
        };
    }
    if bits.flag()? {
        bits.skip(1);
    }
    if bits.flag()? {
        bits.skip(3);
        coded.full = bits.flag()?;
        if bits.flag()? {
            let mut number = || bits.number(8).and_then(|n| u8::try_from(n).ok());
            coded.colours = Some((number()?, number()?, number()?));
        }
    }
    if bits.flag()? {
        bits.golomb()?;
        bits.golomb()?;
    }
    if bits.flag()? {
        let (tick, scale) = (bits.number(32)?, bits.number(32)?);
        // A tick is a field.
        coded.fps = crate::reel::rate(f64::from(scale) / 2.0, f64::from(tick));
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn size_shape_and_colours_are_read_from_a_parameter_set() {
        // High profile, 1920x1088 less eight lines, 25 frames a second, as x264 writes it.
        let unit = [
            0x67, 0x64, 0x00, 0x28, 0xac, 0xd9, 0x40, 0x78, 0x02, 0x27, 0xe5, 0xc0, 0x44, 0x00, 0x00, 0x03,
            0x00, 0x04, 0x00, 0x00, 0x03, 0x00, 0xc8, 0x3c, 0x60, 0xc6, 0x58,
        ];
        let coded = parse(&unit).unwrap();
        assert_eq!((coded.size, coded.fps, coded.fields), ((1920, 1080), Some(25.0), false));
        assert_eq!((coded.depth, coded.quartered, coded.full), (8, true, false));
        for cut in 0..unit.len() {
            // Whatever is missing, it ends.
            let _ = parse(&unit[..cut]);
        }
    }
}
