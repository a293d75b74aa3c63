//! A file of a post as Telegram names it: laid down before, or on its way with the visible call.

use std::path::Path;

use griot_domain::{Format, MediaKind};
use serde_json::{Value, json};

use crate::http::Upload;
use crate::{Error, PreparedMedia, Why};

/// The steps that keep what was laid down, all together.
pub(super) const STEPS: &str = "media";

/// What Telegram makes of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Photo,
    Video,
    /// A moving picture, without sound.
    Animation,
}

impl Kind {
    const ALL: [Self; 3] = [Self::Photo, Self::Video, Self::Animation];

    /// As what a rendition goes up.
    pub(super) fn of(format: Format) -> Self {
        match (format, format.kind()) {
            (Format::Gif, _) => Self::Animation,
            (_, MediaKind::Image) => Self::Photo,
            (_, MediaKind::Video) => Self::Video,
        }
    }

    /// The word in requests and answers.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Photo => "photo",
            Self::Video => "video",
            Self::Animation => "animation",
        }
    }

    /// The method that sends one of them.
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Photo => "sendPhoto",
            Self::Video => "sendVideo",
            Self::Animation => "sendAnimation",
        }
    }
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Place {
    /// With Telegram, under this name.
    Kept(String),
    /// On this machine: what the frozen request has to know to send it, and how it looks.
    Here { file: Value, looks: Vec<(&'static str, Value)> },
}

/// One file of a post.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Item {
    pub(super) kind: Kind,
    pub(super) place: Place,
}

impl Item {
    /// A rendition that goes up with the visible call. It must be there, or nothing is armed.
    pub(super) async fn here(media: &PreparedMedia) -> Result<Self, Error> {
        let path = media.path.to_str().ok_or_else(|| {
            Error::Environment(Why::ours(
                format!("Le nom du fichier {} n\u{2019}est pas un texte.", media.path.display()),
                format!("The name of the file {} is no text.", media.path.display()),
            ))
        })?;
        let file = json!({"path": path, "hash": media.hash, "format": media.format, "bytes": media.bytes});
        let upload = Upload::of(media);
        if !is_there(&upload).await {
            return Err(Error::Environment(Why::ours(
                format!("{path} n\u{2019}est plus là, ou a changé."),
                format!("{path} is not there any more, or has changed."),
            )));
        }
        let kind = Kind::of(media.format);
        Ok(Self { kind, place: Place::Here { file, looks: looks(kind, media) } })
    }

    /// What a step kept, when it is that.
    pub(super) fn kept(value: &Value) -> Option<Self> {
        let kind = Kind::ALL.into_iter().find(|kind| value["kind"] == kind.word())?;
        let id = value["file_id"].as_str().filter(|id| !id.is_empty())?;
        Some(Self { kind, place: Place::Kept(id.to_owned()) })
    }

    /// The file in a message. Telegram may make something else of it than what it was sent as: a film without sound
    /// comes back as an animation, and is named as one from then on.
    pub(super) fn in_message(message: &Value) -> Option<Value> {
        let photo = message["photo"].as_array().and_then(|sizes| {
            let area =
                |size: &&Value| size["width"].as_u64().unwrap_or(0) * size["height"].as_u64().unwrap_or(0);
            sizes.iter().max_by_key(area)
        });
        let found = photo.map(|size| (Kind::Photo, size)).or_else(|| {
            // An animation is described as a document, too; nothing else has two of these.
            let kinds = [Kind::Animation, Kind::Video];
            kinds.into_iter().map(|kind| (kind, &message[kind.word()])).find(|(_, found)| found.is_object())
        });
        let (kind, file) = found?;
        let id = file["file_id"].as_str().filter(|id| !id.is_empty())?;
        Some(json!({"kind": kind.word(), "file_id": id}))
    }
}

/// What Telegram is told of a moving file, which it does not always find out by itself.
pub(super) fn looks(kind: Kind, media: &PreparedMedia) -> Vec<(&'static str, Value)> {
    if kind == Kind::Photo {
        return Vec::new();
    }
    let mut said = vec![("width", json!(media.width)), ("height", json!(media.height))];
    // Whole seconds; a film of half a second lasts one.
    said.extend(media.duration_ms.map(|ms| ("duration", json!(ms.div_ceil(1000)))));
    if kind == Kind::Video {
        said.push(("supports_streaming", json!(true)));
    }
    said
}

/// A frozen file on its way.
pub(super) fn upload(frozen: &Value) -> Option<Upload> {
    let (path, hash) = (frozen["path"].as_str()?, frozen["hash"].as_str()?);
    let format: Format = serde_json::from_value(frozen["format"].clone()).ok()?;
    let media = PreparedMedia {
        path: Path::new(path).to_path_buf(),
        hash: hash.to_owned(),
        format,
        width: 0,
        height: 0,
        bytes: frozen["bytes"].as_u64()?,
        duration_ms: None,
        alt: String::new(),
        focus: None,
    };
    Some(Upload::of(&media))
}

/// Whether the file is still the one that was measured.
pub(super) async fn is_there(upload: &Upload) -> bool {
    tokio::fs::metadata(&upload.path).await.is_ok_and(|found| found.len() == upload.total)
}
