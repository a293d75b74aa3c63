//! The sequence header of MPEG-1 and MPEG-2 (ISO/IEC 11172-2 and 13818-2, 6.2.2).

use super::Coded;

/// Frames a second by their number.
const RATES: [f64; 9] =
    [0.0, 24_000.0 / 1001.0, 24.0, 25.0, 30_000.0 / 1001.0, 30.0, 50.0, 60_000.0 / 1001.0, 60.0];

/// The first sequence header of a stream, and whether it is of MPEG-2.
pub(crate) fn of_stream(bytes: &[u8]) -> Option<(Coded, bool)> {
    let mut units = super::units(bytes).skip_while(|unit| unit.first() != Some(&0xB3));
    let head = units.next()?.get(1..)?;
    let side =
        |a: u8, b: u8, c: u8| (u32::from(a) << 4 | u32::from(b) >> 4, u32::from(b & 15) << 8 | u32::from(c));
    let size = side(*head.first()?, *head.get(1)?, *head.get(2)?);
    let (shape, rate) = (head.get(3)? >> 4, head.get(3)? & 15);
    // The extension comes next; without one it is MPEG-1.
    let extension =
        units.next().filter(|unit| unit.first() == Some(&0xB5) && unit.get(1).is_some_and(|n| n >> 4 == 1));
    let mut coded = Coded::of(size);
    coded.fps = RATES
        .get(usize::from(rate))
        .copied()
        .filter(|rate| *rate > 0.0)
        .map(|rate| (rate * 1000.0).round() / 1000.0);
    if let Some(extension) = extension {
        // profile and level, then whether every frame is whole.
        coded.fields = extension.get(2)? & 8 == 0;
        let shown = match shape {
            2 => (4, 3),
            3 => (16, 9),
            4 => (221, 100),
            _ => (u64::from(size.0), u64::from(size.1)),
        };
        coded.pixel = (shown.0 * u64::from(size.1), shown.1 * u64::from(size.0));
    }
    Some((coded, extension.is_some()))
}
