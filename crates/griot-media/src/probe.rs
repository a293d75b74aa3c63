//! What a file is, read from its bytes: pictures from their header, films from the heads of their parts. No pixel is decoded, no
//! process is started, and the file's name says nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use griot_domain::asset::{Facts, MediaKind};

use crate::reel::Light;
use crate::turn::Turn;
use crate::{Error, Limits, picture, reel, source};

/// Reads the facts of a picture or film.
///
/// `width` and `height` are what a person sees: turned upright, and with square pixels. A film's length comes from its
/// packets. `metadata` of a film also names what must be undone before it can go out as it is: `rotation`,
/// `pixel aspect`, `variable rate`, `further tracks`, `fragments`, `edits`.
///
/// # Errors
/// Nothing that Griot knows, empty, damaged, over a limit, unsupported, or not readable.
pub fn probe(path: &Path, limits: &Limits) -> Result<Facts, Error> {
    let source = source::open(path, limits)?;
    // Parsers of others run below, on hostile bytes.
    catch_unwind(AssertUnwindSafe(|| match source.format.kind() {
        MediaKind::Image => still(source, limits),
        MediaKind::Video => film(source, limits),
    }))
    .unwrap_or_else(|_| Err(Error::Bug("a parser panicked while probing".into())))
}

fn still(source: source::Source, limits: &Limits) -> Result<Facts, Error> {
    let (bytes, format) = (source.bytes, source.format);
    let header = picture::header(&source.read_whole()?, format, limits)?;
    let (width, height) = header.upright();
    Ok(Facts {
        kind: MediaKind::Image,
        format,
        width,
        height,
        bytes,
        animated: header.animated,
        alpha: header.alpha,
        duration_ms: None,
        video_codec: None,
        audio_codec: None,
        fps: None,
        metadata: header.metadata.into_vec(),
    })
}

fn film(mut source: source::Source, limits: &Limits) -> Result<Facts, Error> {
    Ok(reel::read(&mut source, limits)?.facts(&source))
}

/// The facts of a file and, when it is a film, what only the renderer needs.
pub(crate) fn film_at(path: &Path, limits: &Limits) -> Result<(Facts, Turn, Option<Light>), Error> {
    let mut source = source::open(path, limits)?;
    if source.format.kind() == MediaKind::Image {
        return Ok((probe(path, limits)?, Turn::NONE, None));
    }
    catch_unwind(AssertUnwindSafe(|| {
        let reel = reel::read(&mut source, limits)?;
        let (turn, light) = (reel.turn, reel.light);
        Ok((reel.facts(&source), turn, light))
    }))
    .unwrap_or_else(|_| Err(Error::Bug("a parser panicked while probing".into())))
}
