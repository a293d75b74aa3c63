//! The first look at a file: how large it is and which container it holds. Nothing is decoded here.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

use griot_domain::asset::{Format, MediaKind};

use crate::sniff::{HEAD, is_raw, looks_like, sniff};
use crate::{Error, Limits, OverLimit, Unsupported};

/// An open file whose container is known.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) file: File,
    pub(crate) bytes: u64,
    pub(crate) format: Format,
}

/// Opens a file, recognises it by its first bytes and holds its size against the limits.
pub(crate) fn open(path: &Path, limits: &Limits) -> Result<Source, Error> {
    let mut file = File::open(path)?;
    let facts = file.metadata()?;
    if facts.is_dir() {
        return Err(std::io::Error::from(std::io::ErrorKind::IsADirectory).into());
    }
    let bytes = facts.len();
    let mut head = Vec::with_capacity(HEAD);
    file.by_ref().take(HEAD as u64).read_to_end(&mut head)?;
    if head.is_empty() {
        return Err(Error::Empty);
    }
    if is_raw(&head) {
        return Err(Error::Unsupported(Unsupported::Raw));
    }
    let format = sniff(&head).ok_or_else(|| Error::NotMedia { found: looks_like(&head) })?;
    let most = match format.kind() {
        MediaKind::Image => limits.max_picture_bytes,
        MediaKind::Video => limits.max_film_bytes,
    };
    if bytes > most {
        return Err(Error::OverLimit(OverLimit::File { bytes, most }));
    }
    file.seek(SeekFrom::Start(0))?;
    Ok(Source { file, bytes, format })
}

impl Source {
    /// The whole file. Only for pictures, whose size is limited.
    pub(crate) fn read_whole(mut self) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(usize::try_from(self.bytes).unwrap_or(0));
        // A file that grows while it is read stays within what was allowed.
        self.file.by_ref().take(self.bytes).read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}
