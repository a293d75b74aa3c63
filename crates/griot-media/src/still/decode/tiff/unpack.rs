//! Strips and tiles unpacked: LZW, deflate, PackBits, fax, the differences that make packing better, and chroma that
//! several pixels share.

use std::io::Read;

use flate2::read::ZlibDecoder;
use weezl::BitOrder;

use super::page::Page;
use crate::{Error, Unsupported};

/// The rows of a piece, unpacked; never more than they are.
pub(super) fn rows(page: &Page<'_>, data: &[u8], width: usize, height: usize) -> Result<Vec<u8>, Error> {
    let shared = page.kind == 6 && page.shared != (1, 1);
    let (h, v) = page.shared;
    let line = page.row_bytes(width);
    let wanted = if shared { width.div_ceil(h) * height.div_ceil(v) * (h * v + 2) } else { line * height };
    let mut raw = bytes(page, data, wanted, (width, height))?;
    if raw.len() < wanted {
        return Err(Error::Damaged("a part of the TIFF holds too few bytes".into()));
    }
    if shared {
        return Ok(spread(&raw, (width, height), (h, v)));
    }
    match (page.predictor, page.bits) {
        (1, _) => {}
        (2, 8) => raw.chunks_exact_mut(line).for_each(|row| add(row, page.beside())),
        (2, 16) => raw.chunks_exact_mut(line).for_each(|row| add_pairs(row, page)),
        (3, 32) => raw.chunks_exact_mut(line).for_each(|row| add_fractions(row, page)),
        _ => return Err(Error::Unsupported(Unsupported::TiffCompression(page.compression))),
    }
    Ok(raw)
}

fn bytes(page: &Page<'_>, data: &[u8], wanted: usize, size: (usize, usize)) -> Result<Vec<u8>, Error> {
    // Bits in the other order are turned before all else; a fax turns them as it reads.
    let turned: Vec<u8>;
    let data = if page.reversed && !matches!(page.compression, 3 | 4) {
        turned = data.iter().map(|byte| byte.reverse_bits()).collect();
        turned.as_slice()
    } else {
        data
    };
    match page.compression {
        1 => Ok(data[..wanted.min(data.len())].to_vec()),
        5 => lzw(data, wanted),
        8 | 32_946 => {
            let mut raw = Vec::new();
            // What is cut off is found missing by its length.
            let _ = ZlibDecoder::new(data).take(wanted as u64).read_to_end(&mut raw);
            Ok(raw)
        }
        32_773 => Ok(packed_bits(data, wanted)),
        3 | 4 if page.bits == 1 && page.beside() == 1 => fax(page, data, size),
        other => Err(Error::Unsupported(Unsupported::TiffCompression(other))),
    }
}

fn lzw(data: &[u8], wanted: usize) -> Result<Vec<u8>, Error> {
    let mut decoder = weezl::decode::Decoder::with_tiff_size_switch(BitOrder::Msb, 8);
    let mut raw = vec![0; wanted];
    let (mut from, mut to) = (0, 0);
    while to < wanted {
        let step = decoder.decode_bytes(&data[from..], &mut raw[to..]);
        from += step.consumed_in;
        to += step.consumed_out;
        match step.status {
            Ok(weezl::LzwStatus::Ok) if step.consumed_in + step.consumed_out > 0 => {}
            Ok(_) => break,
            Err(e) => return Err(Error::Damaged(format!("LZW: {e}"))),
        }
    }
    raw.truncate(to);
    Ok(raw)
}

fn packed_bits(mut data: &[u8], wanted: usize) -> Vec<u8> {
    let mut raw = Vec::with_capacity(wanted);
    while let [count, rest @ ..] = data
        && raw.len() < wanted
    {
        let count = *count as i8;
        data = rest;
        match count {
            -128 => {}
            0.. => {
                let len = (count as usize + 1).min(data.len());
                raw.extend_from_slice(&data[..len]);
                data = &data[len..];
            }
            _ => {
                let [byte, rest @ ..] = data else { break };
                raw.extend(std::iter::repeat_n(*byte, (1 - isize::from(count)).unsigned_abs()));
                data = rest;
            }
        }
    }
    raw.truncate(wanted);
    raw
}

/// Lines of a fax, black as ones. What is damaged ends the page; the lines that were read are kept.
fn fax(page: &Page<'_>, data: &[u8], (width, height): (usize, usize)) -> Result<Vec<u8>, Error> {
    let unread = || Error::Unsupported(Unsupported::TiffCompression(page.compression));
    let across = u16::try_from(width).map_err(|_| unread())?;
    let down = u16::try_from(height).map_err(|_| unread())?;
    let input = data.iter().map(|byte| if page.reversed { byte.reverse_bits() } else { *byte });
    let line = width.div_ceil(8);
    let mut raw = Vec::with_capacity(line * height);
    let mut take = |changes: &[u16]| {
        if raw.len() >= line * height {
            return;
        }
        let mut row = vec![0u8; line];
        for (n, colour) in fax::decoder::pels(changes, across).enumerate() {
            if colour == fax::Color::Black {
                row[n / 8] |= 0x80 >> (n % 8);
            }
        }
        raw.extend_from_slice(&row);
    };
    let read = match page.compression {
        4 => fax::decoder::decode_g4(input, across, Some(down), &mut take),
        // Lines that refer to the one before are a coding of their own.
        _ if page.fax_options & 1 == 1 => return Err(unread()),
        // A line counts only before the sign that begins the next one, and strips end without it.
        _ => fax::decoder::decode_g3(input.chain([0, 1]), &mut take),
    };
    if read.is_none() && raw.is_empty() {
        return Err(Error::Damaged("a fax without a line".into()));
    }
    Ok(raw)
}

/// Pixels that share their chroma, each with its own: three samples a pixel.
fn spread(raw: &[u8], (width, height): (usize, usize), (h, v): (usize, usize)) -> Vec<u8> {
    let mut out = vec![0; width * height * 3];
    let across = width.div_ceil(h);
    for (n, unit) in raw.chunks_exact(h * v + 2).enumerate() {
        let (left, top) = (n % across * h, n / across * v);
        for (at, luma) in unit[..h * v].iter().enumerate() {
            let (x, y) = (left + at % h, top + at / h);
            if x < width && y < height {
                out[(y * width + x) * 3..][..3].copy_from_slice(&[*luma, unit[h * v], unit[h * v + 1]]);
            }
        }
    }
    out
}

fn add(row: &mut [u8], beside: usize) {
    for n in beside..row.len() {
        row[n] = row[n].wrapping_add(row[n - beside]);
    }
}

fn add_pairs(row: &mut [u8], page: &Page<'_>) {
    let get = |row: &[u8], n: usize| {
        let pair = [row[2 * n], row[2 * n + 1]];
        if page.little { u16::from_le_bytes(pair) } else { u16::from_be_bytes(pair) }
    };
    for n in page.beside()..row.len() / 2 {
        let sum = get(row, n).wrapping_add(get(row, n - page.beside()));
        row[2 * n..][..2].copy_from_slice(&if page.little { sum.to_le_bytes() } else { sum.to_be_bytes() });
    }
}

/// Fractions, whose bytes lie apart: all first ones, then all second ones.
fn add_fractions(row: &mut [u8], page: &Page<'_>) {
    add(row, page.beside());
    let count = row.len() / 4;
    let apart = row.to_vec();
    for n in 0..count {
        let four = [apart[n], apart[count + n], apart[2 * count + n], apart[3 * count + n]];
        let value = u32::from_be_bytes(four);
        row[4 * n..][..4].copy_from_slice(&if page.little {
            value.to_le_bytes()
        } else {
            value.to_be_bytes()
        });
    }
}
