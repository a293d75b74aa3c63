//! Whether the scans of a JPEG hold all blocks that its frame declares. No decoder says it: libjpeg-turbo keeps only its
//! first complaint, which may be a harmless one, and jpeg-decoder goes on with zeros where the data have ended.
//!
//! The codes are read and nothing is made of them. The finer steps of a progressive picture are passed over: without
//! them it is less sharp, and whole.

use crate::Error;

/// Of two hundred blocks one may be missing: nobody sees it, and cameras have been known to drop the last.
const MISSING: u64 = 200;
/// Longest code in bits.
const LONGEST: u32 = 16;

/// Refuses a picture of which a part is missing. `stream` is a cleaned one.
pub(super) fn whole(stream: &[u8]) -> Result<(), Error> {
    match Walk::default().stream(stream) {
        Some((missing, all)) if missing <= (all / MISSING).max(1) => Ok(()),
        Some((missing, all)) => Err(Error::Damaged(format!("{missing} of {all} blocks are missing"))),
        None => Err(Error::Damaged("a scan of the JPEG cannot be read".into())),
    }
}

/// Codes by their first sixteen bits: length and value.
type Codes = Vec<(u8, u8)>;

/// What the segments said so far.
#[derive(Default)]
struct Walk {
    size: (u32, u32),
    progressive: bool,
    /// Number, and blocks of it in each unit, across and down.
    channels: Vec<(u8, u32, u32)>,
    dc: [Codes; 4],
    ac: [Codes; 4],
    interval: u32,
}

/// One scan.
struct Scan {
    /// Blocks of a unit, each with the numbers of its two tables.
    blocks: Vec<(usize, usize)>,
    units: u64,
    from: u8,
    to: u8,
    refines: bool,
}

impl Walk {
    /// Missing blocks of the worst scan, and all of it.
    fn stream(mut self, stream: &[u8]) -> Option<(u64, u64)> {
        let (mut at, mut worst) = (2, (0, 1));
        loop {
            let marker = *stream.get(at + 1)?;
            if marker == 0xD9 {
                return Some(worst);
            }
            let len = usize::from(u16::from_be_bytes(*stream.get(at + 2..)?.first_chunk()?));
            let segment = stream.get(at + 4..at + 2 + len)?;
            at += 2 + len;
            match marker {
                0xC0..=0xC2 => self.frame(marker, segment)?,
                0xC4 => self.tables(segment)?,
                0xDD => self.interval = u32::from(u16::from_be_bytes(*segment.first_chunk()?)),
                0xDA => {
                    let mut bits = Bits { data: stream.get(at..)?, at: 0, held: 0, count: 0 };
                    let scan = self.scan(segment)?;
                    if !scan.refines {
                        let missing = self.missing(&scan, &mut bits);
                        if missing * worst.1 > worst.0 * scan.units {
                            worst = (missing, scan.units);
                        }
                    }
                    at += bits.end();
                }
                _ => {}
            }
        }
    }

    fn frame(&mut self, marker: u8, segment: &[u8]) -> Option<()> {
        let side = |at: usize| Some(u32::from(u16::from_be_bytes(*segment.get(at..)?.first_chunk()?)));
        self.size = (side(3)?, side(1)?);
        self.progressive = marker == 0xC2;
        let channels = segment.get(6..)?.chunks_exact(3);
        self.channels = channels.map(|c| (c[0], u32::from(c[1] >> 4), u32::from(c[1] & 15))).collect();
        self.channels.iter().all(|(_, h, v)| (1..=4).contains(h) && (1..=4).contains(v)).then_some(())
    }

    fn tables(&mut self, mut segment: &[u8]) -> Option<()> {
        while let [kind, rest @ ..] = segment {
            let lengths = rest.get(..16)?;
            let count: usize = lengths.iter().map(|n| usize::from(*n)).sum();
            let values = rest.get(16..16 + count)?;
            let into = if kind >> 4 == 0 { &mut self.dc } else { &mut self.ac };
            *into.get_mut(usize::from(kind & 15))? = codes(lengths, values)?;
            segment = &rest[16 + count..];
        }
        Some(())
    }

    fn scan(&self, segment: &[u8]) -> Option<Scan> {
        let count = usize::from(*segment.first()?);
        let [from, to, steps] = *segment.get(1 + 2 * count..)?.first_chunk()?;
        let (wide, high) = self.channels.iter().fold((1, 1), |(w, h), (_, ch, cv)| (w.max(*ch), h.max(*cv)));
        let across = |side: u32, share: u32, most: u32| u64::from((side * share).div_ceil(most).div_ceil(8));
        let (mut blocks, mut units) = (Vec::new(), 0);
        for chosen in segment.get(1..1 + 2 * count)?.chunks_exact(2) {
            let (_, h, v) = self.channels.iter().find(|channel| channel.0 == chosen[0])?;
            let tables = (usize::from(chosen[1] >> 4), usize::from(chosen[1] & 15));
            // A scan of one channel knows no units of several blocks.
            let (repeat, size) = if count == 1 {
                (1, across(self.size.0, *h, wide) * across(self.size.1, *v, high))
            } else {
                (h * v, across(self.size.0, 1, wide) * across(self.size.1, 1, high))
            };
            blocks.extend(std::iter::repeat_n(tables, repeat as usize));
            units = size;
        }
        let (from, to) = if self.progressive { (from, to) } else { (0, 63) };
        let refines = self.progressive && steps >> 4 != 0;
        let known = blocks.iter().all(|(dc, ac)| *dc < 4 && *ac < 4);
        (known && units > 0 && from <= to && to < 64).then_some(Scan { blocks, units, from, to, refines })
    }

    /// How many units of a scan have no data.
    fn missing(&self, scan: &Scan, bits: &mut Bits<'_>) -> u64 {
        let interval = if self.interval == 0 { scan.units } else { u64::from(self.interval) };
        let (mut done, mut missing) = (0, 0);
        while done < scan.units {
            let wanted = interval.min(scan.units - done);
            let mut run = 0;
            let read = (0..wanted).take_while(|_| self.unit(scan, bits, &mut run).is_some()).count() as u64;
            missing += wanted - read;
            done += wanted;
            if done < scan.units && !bits.restart() {
                return missing + (scan.units - done);
            }
        }
        missing
    }

    fn unit(&self, scan: &Scan, bits: &mut Bits<'_>, run: &mut u32) -> Option<()> {
        for (dc, ac) in &scan.blocks {
            let mut at = scan.from;
            if at == 0 {
                let size = bits.code(&self.dc[*dc])?;
                bits.skip(size.into())?;
                at = 1;
            }
            if *run > 0 {
                *run -= 1;
                continue;
            }
            while at <= scan.to {
                let code = bits.code(&self.ac[*ac])?;
                let (zeros, size) = (code >> 4, code & 15);
                if size == 0 && zeros < 15 {
                    if self.progressive {
                        *run = (1u32 << zeros) - 1 + bits.take(zeros.into())?;
                    }
                    break;
                }
                bits.skip(size.into())?;
                at += zeros + 1;
            }
        }
        Some(())
    }
}

fn codes(lengths: &[u8], values: &[u8]) -> Option<Codes> {
    let mut codes = vec![(0, 0); 1 << LONGEST];
    let (mut next, mut values) = (0usize, values.iter());
    for (len, count) in (1u8..).zip(lengths) {
        let room = 1usize << (LONGEST - u32::from(len));
        for _ in 0..*count {
            codes.get_mut(next..next + room)?.fill((len, *values.next()?));
            next += room;
        }
    }
    Some(codes)
}

/// The bits of a scan, up to its next marker.
struct Bits<'a> {
    data: &'a [u8],
    at: usize,
    held: u64,
    count: u32,
}

impl Bits<'_> {
    fn fill(&mut self) {
        while self.count <= 48 {
            let Some(byte) = self.data.get(self.at) else { return };
            if *byte == 0xFF {
                if self.data.get(self.at + 1) != Some(&0) {
                    return;
                }
                self.at += 1;
            }
            self.at += 1;
            self.held = self.held << 8 | u64::from(*byte);
            self.count += 8;
        }
    }

    /// The next sixteen bits, zeros where the data have ended.
    fn peek(&mut self) -> usize {
        if self.count < LONGEST {
            self.fill();
        }
        let bits = if self.count >= LONGEST {
            self.held >> (self.count - LONGEST)
        } else {
            self.held << (LONGEST - self.count)
        };
        (bits & 0xFFFF) as usize
    }

    fn code(&mut self, codes: &Codes) -> Option<u8> {
        let at = self.peek();
        let (len, value) = *codes.get(at)?;
        (len > 0).then_some(())?;
        self.skip(len.into())?;
        Some(value)
    }

    fn skip(&mut self, count: u32) -> Option<()> {
        self.peek();
        self.count = self.count.checked_sub(count)?;
        Some(())
    }

    fn take(&mut self, count: u32) -> Option<u32> {
        let bits = self.peek();
        self.skip(count)?;
        u32::try_from(bits >> (LONGEST - count)).ok()
    }

    /// Goes behind the next restart; whether there is one.
    fn restart(&mut self) -> bool {
        (self.held, self.count) = (0, 0);
        self.at += until_marker(&self.data[self.at.min(self.data.len())..]);
        let found = matches!(self.data.get(self.at + 1), Some(0xD0..=0xD7));
        self.at += if found { 2 } else { 0 };
        found
    }

    /// Where the scan ends: at the next marker that is no restart.
    fn end(&mut self) -> usize {
        while self.restart() {}
        self.at
    }
}

/// How far the next marker is.
fn until_marker(data: &[u8]) -> usize {
    let mut at = 0;
    while let Some(found) = memchr::memchr(0xFF, &data[at..]) {
        match data.get(at + found + 1) {
            None => break,
            Some(0) => at += found + 2,
            Some(0xFF) => at += found + 1,
            Some(_) => return at + found,
        }
    }
    data.len()
}
