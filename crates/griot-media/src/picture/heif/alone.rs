//! One coded picture of a HEIC as a file of its own. A decoder of whole files then decodes a large picture part by part,
//! and sees nothing of what is odd about the file around it.

use super::Heif;
use crate::{Error, Limits};

/// A box of a name and a body.
fn boxed(name: [u8; 4], body: &[&[u8]]) -> Vec<u8> {
    let len = 8 + body.iter().map(|part| part.len()).sum::<usize>();
    let mut out = Vec::with_capacity(len);
    out.extend(u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes());
    out.extend(name);
    body.iter().for_each(|part| out.extend_from_slice(part));
    out
}

impl Heif<'_> {
    /// The file of the coded picture `id`, without turns, cuts, colours and opacity: those are the whole's.
    ///
    /// # Errors
    /// Damaged: its data or the parameters of its decoder are missing.
    pub(crate) fn alone(&self, id: u32, limits: &Limits) -> Result<Vec<u8>, Error> {
        let missing = || Error::Damaged("a part of the picture says nothing of its coding".into());
        let parameters = self.property(id, b"hvcC").ok_or_else(missing)?;
        let size = self.property(id, b"ispe").ok_or_else(missing)?;
        let data = self.data(id, limits)?;
        let start = boxed(*b"ftyp", &[b"heic\0\0\0\0mif1heic"]);
        let handler = boxed(*b"hdlr", &[&[0; 8], b"pict", &[0; 13]]);
        let primary = boxed(*b"pitm", &[&[0, 0, 0, 0, 0, 1]]);
        let entry = boxed(*b"infe", &[&[2, 0, 0, 0, 0, 1, 0, 0], b"hvc1\0"]);
        let list = boxed(*b"iinf", &[&[0, 0, 0, 0, 0, 1], &entry]);
        let properties = boxed(*b"ipco", &[&boxed(*b"hvcC", &[parameters]), &boxed(*b"ispe", &[size])]);
        let owners = boxed(*b"ipma", &[&[0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 0x81, 2]]);
        let properties = boxed(*b"iprp", &[&properties, &owners]);
        let place = |at: u32| {
            let len = u32::try_from(data.len()).unwrap_or(u32::MAX).to_be_bytes();
            boxed(*b"iloc", &[&[0, 0, 0, 0, 0x44, 0, 0, 1, 0, 1, 0, 0, 0, 1], &at.to_be_bytes(), &len])
        };
        let meta = |at| boxed(*b"meta", &[&[0; 4], &handler, &primary, &list, &properties, &place(at)]);
        let at = u32::try_from(start.len() + meta(0).len() + 8).map_err(|_| missing())?;
        let mut file = start;
        file.extend(meta(at));
        file.extend(boxed(*b"mdat", &[&data]));
        Ok(file)
    }
}
