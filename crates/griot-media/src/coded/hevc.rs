//! The size in the sequence parameter set of HEVC (ITU-T H.265, 7.3.2.2).

use super::Coded;
use super::bits::Bits;

/// The first parameter set of a stream between start codes.
pub(crate) fn of_stream(bytes: &[u8]) -> Option<Coded> {
    super::units(bytes).filter(|unit| unit.first().is_some_and(|head| head >> 1 & 63 == 33)).find_map(parse)
}

fn parse(unit: &[u8]) -> Option<Coded> {
    let mut bits = Bits::new(unit.get(2..)?);
    bits.skip(4);
    let layers = bits.number(3)?;
    bits.skip(1);
    profile(&mut bits, layers)?;
    bits.golomb()?;
    let chroma = bits.golomb()?;
    if chroma == 3 {
        bits.skip(1);
    }
    let (mut width, mut height) = (u64::from(bits.golomb()?), u64::from(bits.golomb()?));
    if bits.flag()? {
        let (x, y) = (if matches!(chroma, 1 | 2) { 2 } else { 1 }, if chroma == 1 { 2 } else { 1 });
        let mut cut = || bits.golomb().map(u64::from);
        let (left, right, top, bottom) = (cut()?, cut()?, cut()?, cut()?);
        width = width.checked_sub((left + right) * x)?;
        height = height.checked_sub((top + bottom) * y)?;
    }
    let depth = bits.golomb()?.max(bits.golomb()?).saturating_add(8);
    let size = (u32::try_from(width).ok()?, u32::try_from(height).ok()?);
    Some(Coded { depth, quartered: chroma <= 1, ..Coded::of(size) })
}

/// Profile, tier and level, of the whole and of its layers.
fn profile(bits: &mut Bits, layers: u32) -> Option<()> {
    bits.skip(88 + 8);
    let mut parts = Vec::new();
    for _ in 0..layers {
        parts.push((bits.flag()?, bits.flag()?));
    }
    if layers > 0 {
        bits.skip(2 * (8 - layers as usize));
    }
    for (profile, level) in parts {
        bits.skip(if profile { 88 } else { 0 } + if level { 8 } else { 0 });
    }
    Some(())
}
