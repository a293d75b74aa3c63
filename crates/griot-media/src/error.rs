//! The one error of this crate, sorted by who can do something about it. It deliberately holds no sentence for a
//! person: the hosts turn a kind into words.

use std::io;

use griot_domain::AssetId;

use crate::progress::Cancelled;

mod reasons;

pub use reasons::{Excess, Lack, OverLimit, Unsupported};

/// Why a file was not probed or a rendition not made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    // The file is not what it should be.
    /// The bytes are no container that Griot knows, whatever the file is called. `found` names what they look like
    /// where that is plain (`text`, `playlist`, `pdf`, ...).
    #[error("not a picture or film that Griot knows (looks like {found})")]
    NotMedia {
        /// What the first bytes look like.
        found: &'static str,
    },
    /// The file has no bytes.
    #[error("the file is empty")]
    Empty,
    /// The container is known, but its contents are cut off or contradict each other.
    #[error("damaged: {0}")]
    Damaged(String),
    /// The file of subtitles holds none; the video is not to blame.
    #[error("no subtitles: {0}")]
    Subtitles(crate::film::Fault),
    // The file is sound, and too much.
    /// More pixels, bytes, frames or minutes than allowed, or a byte limit that no quality reaches.
    #[error("over a limit: {0}")]
    OverLimit(OverLimit),
    /// Sound, but of a kind that is not read or written here.
    #[error("unsupported: {0}")]
    Unsupported(Unsupported),
    // What the person asked for.
    /// A recipe whose numbers are impossible; which part of it.
    #[error("impossible recipe: {0}")]
    Recipe(&'static str),
    /// A picture that is to be laid upon another is not there.
    #[error("the picture to lay upon it is missing: {0}")]
    NoLogo(AssetId),
    // The machine.
    /// The disk said no.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A film must be converted, and no ffmpeg was found.
    #[error("ffmpeg is missing: {missing}")]
    Ffmpeg {
        /// What was looked for, and where.
        missing: String,
    },
    /// ffmpeg is there, but was built without something that this film needs.
    #[error("ffmpeg lacks {0}")]
    FfmpegLacks(Lack),
    /// ffmpeg ran and gave up; the last lines that it said.
    #[error("ffmpeg failed: {0}")]
    FfmpegFailed(String),
    // The person.
    /// Somebody asked to stop; nothing half-made is left.
    #[error("cancelled")]
    Cancelled,
    // Us.
    /// A decoder panicked, or a promise of this crate does not hold.
    #[error("bug: {0}")]
    Bug(String),
}

impl From<Cancelled> for Error {
    fn from(_: Cancelled) -> Self {
        Self::Cancelled
    }
}
