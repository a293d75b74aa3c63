//! What a file is, read from its bytes: pictures from their header, films from their boxes. No pixel is decoded, no
//! process is started, and the file's name says nothing.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use griot_domain::asset::{Facts, MediaKind};

use crate::{Error, Limits, mp4, picture, source};

/// Reads the facts of a picture or film.
///
/// `width` and `height` are what a person sees: turned upright, and with square pixels. A film's length comes from its
/// packets. `metadata` of a film also names what must be undone before it can go out as it is: `rotation`,
/// `pixel aspect`, `further tracks`, `fragments`, `edits`.
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
    let movie = mp4::read(&mut source, limits)?;
    Ok(facts_of(&source, movie))
}

/// The facts of a film whose boxes are read.
fn facts_of(source: &source::Source, movie: mp4::Movie) -> Facts {
    let picture = movie.picture();
    let mut facts = Facts {
        kind: MediaKind::Video,
        format: source.format,
        width: picture.map_or(0, |track| track.width),
        height: picture.map_or(0, |track| track.height),
        bytes: source.bytes,
        animated: false,
        alpha: false,
        duration_ms: Some(movie.duration_ms()),
        video_codec: picture.map(|track| track.codec.clone()),
        audio_codec: movie.sound().map(|track| track.codec.clone()),
        fps: picture.and_then(mp4::Track::rate),
        metadata: Vec::new(),
    };
    let edits = movie.tracks.iter().any(|track| track.edits > 1);
    let fragmented = movie.fragmented;
    let mut kinds = movie.metadata;
    if fragmented {
        kinds.add("fragments");
    }
    if edits {
        kinds.add("edits");
    }
    facts.metadata = kinds.into_vec();
    facts
}
