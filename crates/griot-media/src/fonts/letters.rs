//! Which letters a font has, by its own table (OpenType `cmap`, formats 4 and 12). Only fonts that come with Griot are read.

/// The letters of one font, as runs from and to.
pub(super) struct Letters(Vec<(u32, u32)>);

impl Letters {
    /// Reads a font; none where it has no table that is known.
    pub(super) fn of(font: &[u8]) -> Self {
        let mut runs = table(font).map(|cmap| best(cmap).unwrap_or_default()).unwrap_or_default();
        runs.sort_unstable();
        Self(runs)
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn has(&self, letter: char) -> bool {
        let letter = u32::from(letter);
        let after = self.0.partition_point(|(from, _)| *from <= letter);
        after.checked_sub(1).is_some_and(|run| self.0[run].1 >= letter)
    }
}

fn number(bytes: &[u8], at: usize, len: usize) -> Option<usize> {
    Some(bytes.get(at..at + len)?.iter().fold(0, |number, byte| number << 8 | usize::from(*byte)))
}

fn table(font: &[u8]) -> Option<&[u8]> {
    let row = (0..number(font, 4, 2)?)
        .map(|n| 12 + n * 16)
        .find(|row| font.get(*row..*row + 4) == Some(b"cmap"))?;
    let (at, len) = (number(font, row + 8, 4)?, number(font, row + 12, 4)?);
    font.get(at..at + len)
}

/// The runs of the fullest list of letters in Unicode.
fn best(cmap: &[u8]) -> Option<Vec<(u32, u32)>> {
    let lists = (0..number(cmap, 2, 2)?).filter_map(|n| {
        let list = cmap.get(number(cmap, 4 + n * 8 + 4, 4)?..)?;
        match number(list, 0, 2)? {
            4 => short(list),
            12 => long(list),
            _ => None,
        }
    });
    lists.max_by_key(|runs| runs.iter().map(|(from, to)| u64::from(to - from)).sum::<u64>())
}

fn long(list: &[u8]) -> Option<Vec<(u32, u32)>> {
    (0..number(list, 12, 4)?)
        .map(|n| {
            let letter = |at| u32::try_from(number(list, 16 + n * 12 + at, 4)?).ok();
            Some((letter(0)?, letter(4)?))
        })
        .collect()
}

/// Runs whose letters may each be left out.
fn short(list: &[u8]) -> Option<Vec<(u32, u32)>> {
    let twice = number(list, 6, 2)?;
    let mut runs = Vec::new();
    for n in 0..twice / 2 {
        let (to, from) = (number(list, 14 + n * 2, 2)?, number(list, 16 + twice + n * 2, 2)?);
        let step = number(list, 16 + twice * 2 + n * 2, 2)?;
        let place = 16 + twice * 3 + n * 2;
        let offset = number(list, place, 2)?;
        for letter in from..=to.min(0xFFFE) {
            let drawn = if offset == 0 {
                (letter + step) & 0xFFFF
            } else {
                number(list, place + offset + (letter - from) * 2, 2).unwrap_or(0)
            };
            if drawn != 0 {
                let letter = u32::try_from(letter).ok()?;
                runs.push((letter, letter));
            }
        }
    }
    Some(runs)
}
