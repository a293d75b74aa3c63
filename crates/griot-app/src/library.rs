//! The library: originals come in, are stored by their hash and are never changed.

pub(crate) mod files;
pub(crate) mod import;
mod litter;
pub(crate) mod originals;
pub(crate) mod refine;
pub(crate) mod removal;
pub(crate) mod samples;
mod telling;

/// What Griot takes, before anything large is allocated.
pub(crate) fn limits() -> griot_media::Limits {
    griot_media::Limits::default()
}
