//! What goes wrong inside the studio, before it is put into words.
//!
//! Handlers return this; `dispatch` says it once, in the person's language (see `words`).

use std::io;
use std::path::{Path, PathBuf};

use griot_domain::NetworkId;
use griot_domain::network::UnknownNetwork;
use griot_domain::time::TimeError;
use serde_json::Value;

use crate::error::{AppError, Code};

/// A sentence in both languages.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) code: Code,
    pub(crate) message: (String, String),
    pub(crate) hint: (String, String),
    pub(crate) detail: Value,
}

/// Why something could not be done.
#[derive(Debug)]
pub(crate) enum Failure {
    /// A sentence of the studio itself.
    Said(Box<Said>),
    /// The database.
    Store(griot_store::Error),
    /// A picture or a film.
    Media(griot_media::Error),
    /// A picture or a film of which it is known which one it is.
    File(PathBuf, griot_media::Error),
    /// A network.
    Network(griot_networks::Error),
    /// A network of which it is known which one it is.
    Of(NetworkId, griot_networks::Error),
    /// A wall time.
    Time(TimeError),
    /// A network's name.
    UnknownNetwork(UnknownNetwork),
    /// A file, and what the system said.
    Io(PathBuf, io::Error),
    /// The delivery changed while the worker was at it: look again. Never leaves the outbox.
    Overtaken,
    /// Already put into words.
    App(Box<AppError>),
}

impl Failure {
    /// A sentence in French and English, and what to do in French and English.
    pub(crate) fn say(code: Code, fr: impl Into<String>, en: impl Into<String>, hint: (&str, &str)) -> Self {
        Self::Said(Box::new(Said {
            code,
            message: (fr.into(), en.into()),
            hint: (hint.0.to_owned(), hint.1.to_owned()),
            detail: Value::Null,
        }))
    }

    /// Whether a file is to blame, and not the machine, the person or Griot.
    pub(crate) fn blames_the_file(&self) -> bool {
        use griot_media::Error::{Damaged, Empty, FfmpegFailed, NotMedia, OverLimit, Subtitles, Unsupported};
        let (Self::Media(error) | Self::File(_, error)) = self else { return false };
        matches!(
            error,
            Damaged(..)
                | Empty
                | FfmpegFailed(..)
                | NotMedia { .. }
                | OverLimit(..)
                | Subtitles(..)
                | Unsupported(..)
        )
    }

    /// The same, said of the file at `path`: what the disk says of it, and what is wrong with it.
    pub(crate) fn about(self, path: &Path) -> Self {
        let blames = self.blames_the_file();
        match self {
            Self::Media(griot_media::Error::Io(error)) => Self::Io(path.to_owned(), error),
            Self::Media(error) if blames => Self::File(path.to_owned(), error),
            other => other,
        }
    }

    /// The same, with the path of the file that the disk complains of; the rest is shown beside the file already.
    pub(crate) fn located(self, path: &Path) -> Self {
        match self {
            Self::Media(griot_media::Error::Io(error)) => Self::Io(path.to_owned(), error),
            other => other,
        }
    }

    /// The same with facts for the host.
    pub(crate) fn with(mut self, detail: Value) -> Self {
        if let Self::Said(said) = &mut self {
            said.detail = detail;
        }
        self
    }

    /// Ties a system's error to the file it is about.
    pub(crate) fn io(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::Io(path.to_owned(), error)
    }

    /// What was named is not there.
    pub(crate) fn not_found(what: (&str, &str), name: &str) -> Self {
        Self::say(
            Code::NotFound,
            format!("{} introuvable\u{a0}: {name}.", what.0),
            format!("There is no {} {name}.", what.1),
            ("", ""),
        )
    }
}

macro_rules! from {
    ($($error:ty => $variant:ident),+ $(,)?) => {$(
        impl From<$error> for Failure {
            fn from(error: $error) -> Self {
                Self::$variant(error)
            }
        }
    )+};
}

from! {
    griot_store::Error => Store,
    griot_media::Error => Media,
    griot_networks::Error => Network,
    TimeError => Time,
    UnknownNetwork => UnknownNetwork,
}

impl From<AppError> for Failure {
    fn from(error: AppError) -> Self {
        Self::App(Box::new(error))
    }
}
