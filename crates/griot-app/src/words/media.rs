//! What pictures and films say. A decoder's own words never stand in a sentence: they are in the log, and in the detail.

use griot_domain::Lang;
use griot_media::{Error, Lack, OverLimit, Unsupported};
use serde_json::{Value, json};

use super::{Words, words as said};
use crate::Code;

mod amounts;
mod formats;
mod over_limit;
pub(crate) mod subtitles;
mod unsupported;

pub(crate) use amounts::size;

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::Io(error) => super::unnamed_file(error),
        Error::Cancelled => cancelled(),
        Error::Ffmpeg { .. } | Error::FfmpegLacks(_) | Error::FfmpegFailed(_) | Error::Bug(_) => {
            of_the_machine(error)
        }
        _ => of_the_file(error),
    }
}

/// A moving picture of which only the first was kept.
pub(crate) fn stood_still(name: &str, lang: Lang) -> String {
    lang.pick(
        format!("«\u{a0}{name}\u{a0}» bouge\u{a0}: ce qui n\u{2019}est pas un GIF n\u{2019}en garde que la première image."),
        format!("\u{201c}{name}\u{201d} moves: what is not a GIF keeps its first picture only."),
    )
}

/// What a decoder of others said of the file, for people who want to know.
pub(super) fn detail(error: &Error) -> Value {
    match error {
        Error::Unsupported(Unsupported::Decoder(said)) | Error::OverLimit(OverLimit::Decoder(said)) => {
            json!({ "said": said })
        }
        _ => Value::Null,
    }
}

/// The file is not what it should be.
fn of_the_file(error: &Error) -> Words {
    match error {
        Error::NotMedia { .. } => said(
            Code::NotMedia,
            "Ce fichier n\u{2019}est ni une image ni une vidéo que Griot connaît, quel que soit son nom.",
            "This file is neither a picture nor a film that Griot knows, whatever its name.",
            formats::TAKEN,
        ),
        Error::Subtitles(fault) => subtitles::fault(*fault, None),
        Error::Empty => said(
            Code::MediaDamaged,
            "Ce fichier est vide.",
            "This file is empty.",
            ("Copiez-le de nouveau depuis l\u{2019}appareil.", "Copy it again from the camera or phone."),
        ),
        Error::Damaged(why) => {
            tracing::info!(why, "a damaged file");
            said(
                Code::MediaDamaged,
                "Ce fichier est abîmé ou incomplet\u{a0}: il ne peut pas être lu jusqu\u{2019}au bout.",
                "This file is damaged or incomplete: it cannot be read to its end.",
                ("Copiez-le de nouveau depuis l\u{2019}appareil.", "Copy it again from the camera or phone."),
            )
        }
        Error::OverLimit(what) => over_limit::words(what),
        Error::Unsupported(why) => unsupported::words(why),
        _ => said(
            Code::MediaUnsupported,
            "Griot ne peut pas utiliser ce fichier.",
            "Griot cannot use this file.",
            ("", ""),
        ),
    }
}

/// The machine, or Griot itself.
fn of_the_machine(error: &Error) -> Words {
    match error {
        Error::Ffmpeg { .. } => said(
            Code::FfmpegMissing,
            "Cette vidéo doit être adaptée, et ffmpeg n\u{2019}est pas installé sur cet ordinateur.",
            "This film must be adapted, and ffmpeg is not installed on this computer.",
            (
                "Installez ffmpeg (Debian\u{a0}: apt install ffmpeg\u{a0}; Windows\u{a0}: winget install ffmpeg\u{a0}; macOS\u{a0}: brew install ffmpeg), puis recommencez.",
                "Install ffmpeg (Debian: apt install ffmpeg; Windows: winget install ffmpeg; macOS: brew install ffmpeg), then do it again.",
            ),
        ),
        Error::FfmpegLacks(lack) => lacks(*lack),
        Error::FfmpegFailed(why) => {
            tracing::warn!(why, "ffmpeg gave up");
            said(
                Code::MediaDamaged,
                "ffmpeg n\u{2019}a pas pu convertir cette vidéo.",
                "ffmpeg could not convert this film.",
                (
                    "Vérifiez qu\u{2019}elle se lit ailleurs, ou exportez-la de nouveau.",
                    "Make sure that it plays elsewhere, or export it again.",
                ),
            )
        }
        _ => {
            tracing::error!(%error, "a defect in media");
            said(
                Code::Bug,
                "Griot a rencontré un défaut en lisant ce fichier. Le reste est intact.",
                "Griot met a defect in reading this file. The rest is intact.",
                ("Copiez le rapport et envoyez-le-nous.", "Copy the report and send it to us."),
            )
        }
    }
}

/// An ffmpeg without something.
fn lacks(lack: Lack) -> Words {
    let (fr, en) = match lack {
        Lack::Encoder => (
            "un encodeur H.264 qui fonctionne sur cet ordinateur",
            "an encoder of H.264 that works on this computer",
        ),
        Lack::Transparency => (
            "libvpx, qui voit ce qui est transparent dans une vidéo WebM",
            "libvpx, which sees what is transparent in a WebM video",
        ),
        Lack::Subtitles => {
            ("libass, qui incruste les sous-titres", "libass, with which subtitles are burnt in")
        }
    };
    said(
        Code::FfmpegMissing,
        &format!("Le ffmpeg de cet ordinateur ne suffit pas pour cette vidéo\u{a0}: il lui manque {fr}."),
        &format!("The ffmpeg of this computer does not suffice for this film: it lacks {en}."),
        (
            "Installez une version complète de ffmpeg, ou indiquez son chemin dans le réglage ffmpeg.path.",
            "Install a complete ffmpeg, or name its path in the setting ffmpeg.path.",
        ),
    )
}

/// The person stopped it.
pub(super) fn cancelled() -> Words {
    said(Code::Cancelled, "Arrêté.", "Stopped.", ("", ""))
}

#[cfg(test)]
mod tests;
