//! Every failure in plain words, French first: what happened, and what to do. No code, no apology, no exclamation.
//!
//! One function per source of failures; a new kind of failure does not compile before it has words.

use std::io;
use std::path::Path;

use griot_domain::time::TimeError;
use griot_domain::{Lang, NetworkId, Sentence};
use serde_json::json;

use crate::error::{AppError, Code};
use crate::failure::{Failure, Said};

mod counts;
mod help;
mod media;
mod networks;
mod store;

pub(crate) use counts::span;
pub(crate) use help::of as help;
pub(crate) use media::{size, stood_still, subtitles};

/// A sentence and a hint, each in French and English.
pub(crate) struct Words {
    pub(crate) code: Code,
    pub(crate) message: (String, String),
    pub(crate) hint: (&'static str, &'static str),
}

/// Words without a variable part.
pub(crate) fn words(code: Code, fr: &str, en: &str, hint: (&'static str, &'static str)) -> Words {
    Words { code, message: (fr.to_owned(), en.to_owned()), hint }
}

/// A failure in words, in both languages: for what is kept and read later.
pub(crate) struct Spoken {
    pub(crate) code: Code,
    pub(crate) message: Sentence,
    pub(crate) hint: Sentence,
    pub(crate) detail: serde_json::Value,
}

impl Spoken {
    /// What happened, and what to do.
    pub(crate) fn whole(&self) -> Sentence {
        self.message.and(&self.hint)
    }

    fn with(self, detail: serde_json::Value) -> Self {
        Self { detail, ..self }
    }
}

impl From<Words> for Spoken {
    fn from(words: Words) -> Self {
        Self {
            code: words.code,
            message: words.message.into(),
            hint: words.hint.into(),
            detail: serde_json::Value::Null,
        }
    }
}

/// Puts a failure into the person's language. Bugs are logged with all that is known; a person gets a plain sentence.
pub(crate) fn say(failure: Failure, lang: Lang) -> AppError {
    let Spoken { code, message, hint, detail } = spoken(failure);
    AppError::new(code, message.pick(lang), hint.pick(lang)).with(detail)
}

/// Puts a failure into words.
pub(crate) fn spoken(failure: Failure) -> Spoken {
    match failure {
        Failure::App(error) => Spoken {
            code: error.code,
            message: Sentence::same(error.message),
            hint: Sentence::same(error.hint),
            detail: error.detail,
        },
        Failure::Said(said) => {
            let Said { code, message, hint, detail } = *said;
            Spoken { code, message: message.into(), hint: hint.into(), detail }
        }
        Failure::Store(error) => store::words(&error).into(),
        Failure::Media(error) => Spoken::from(media::words(&error)).with(media::detail(&error)),
        Failure::File(path, error) => of_file(&path, &error),
        Failure::Network(error) => of_network(&error, None),
        Failure::Of(network, error) => of_network(&error, Some(network)),
        Failure::Time(error) => Spoken::from(time(&error)).with(time_detail(&error)),
        Failure::UnknownNetwork(error) => unknown_network(&error.0).into(),
        Failure::Io(path, error) => file(&path, &error).into(),
        Failure::Overtaken => words(
            Code::NotNow,
            "Cette publication vient de changer ailleurs.",
            "This post has just changed elsewhere.",
            ("Regardez-la de nouveau.", "Look at it again."),
        )
        .into(),
    }
}

/// Which file it is stands before what is wrong with it.
fn of_file(path: &Path, error: &griot_media::Error) -> Spoken {
    let name = crate::handles::file_name(path);
    let Words { code, message: (fr, en), hint } = media::words(error);
    let message = (format!("{name}\u{a0}: {fr}"), format!("{name}: {en}"));
    Spoken::from(Words { code, message, hint }).with(media::detail(error))
}

fn of_network(error: &griot_networks::Error, network: Option<NetworkId>) -> Spoken {
    Spoken::from(networks::words(error, network)).with(json!({ "said": networks::said(error) }))
}

/// A failure in few English words, for logs and for what is kept of an attempt.
pub(crate) fn plain(failure: &Failure) -> String {
    match failure {
        Failure::Said(said) => said.message.1.clone(),
        Failure::Store(error) => error.to_string(),
        Failure::Media(error) => error.to_string(),
        Failure::File(path, error) => format!("{}: {error}", path.display()),
        Failure::Network(error) | Failure::Of(_, error) => error.to_string(),
        Failure::Time(error) => error.to_string(),
        Failure::UnknownNetwork(error) => error.to_string(),
        Failure::Io(path, error) => format!("{}: {error}", path.display()),
        Failure::Overtaken => "changed in between".to_owned(),
        Failure::App(error) => error.message.clone(),
    }
}

/// A request that is not what the command takes. Who writes one by hand finds the reader\u{2019}s own words in the detail.
pub(crate) fn bad_request(error: &serde_json::Error) -> Failure {
    let said = error.to_string();
    let (fr, en) = request(&said);
    Failure::say(Code::BadRequest, fr, en, ("", "")).with(json!({ "said": said }))
}

/// What a reader of requests met. It has no types for its complaints, so its own few beginnings tell them apart.
fn request(said: &str) -> (String, String) {
    let named = |before: &str| said.strip_prefix(before)?.split('`').next();
    if let Some(id) = said
        .split("\" is not an id")
        .next()
        .and_then(|id| id.strip_prefix('"'))
        .filter(|id| id.len() + 2 < said.len())
    {
        return (
            format!(
                "«\u{a0}{id}\u{a0}» n\u{2019}est pas un identifiant de Griot\u{a0}: copiez-le en entier, comme une liste le montre."
            ),
            format!("\u{201c}{id}\u{201d} is not an id of Griot: copy it whole, as a list shows it."),
        );
    }
    if let Some(name) = named("missing field `") {
        return (
            format!("Il manque «\u{a0}{name}\u{a0}» à la demande."),
            format!("The request lacks \u{201c}{name}\u{201d}."),
        );
    }
    if let Some(name) = named("unknown field `") {
        return (
            format!("La demande contient «\u{a0}{name}\u{a0}», que cette commande ne connaît pas."),
            format!("The request holds \u{201c}{name}\u{201d}, which this command does not know."),
        );
    }
    (
        "La demande n\u{2019}est pas celle que cette commande attend.".to_owned(),
        "This is not what the command takes.".to_owned(),
    )
}

/// There is no workspace.
pub(crate) fn no_workspace(dir: &Path) -> Failure {
    Failure::say(
        Code::NoWorkspace,
        format!("Il n\u{2019}y a pas d\u{2019}espace de travail dans {}.", dir.display()),
        format!("There is no workspace in {}.", dir.display()),
        ("Créez-le\u{a0}: griot init.", "Make one: griot init."),
    )
}

/// A panic in a command: a defect, with a report to copy.
pub(crate) fn bug(command: &str, panic: &(dyn std::any::Any + Send), lang: Lang) -> AppError {
    let said = panic
        .downcast_ref::<String>()
        .map(String::as_str)
        .or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("no message");
    tracing::error!(command, said, "a command panicked");
    AppError::new(
        Code::Bug,
        lang.pick(
            "Griot a rencontré un défaut\u{a0}: cette action n\u{2019}a pas été faite. Le reste est intact.",
            "Griot met a defect: this action was not done. The rest is intact.",
        ),
        lang.pick("Copiez le rapport et envoyez-le-nous.", "Copy the report and send it to us."),
    )
    .with(json!({ "command": command, "version": env!("CARGO_PKG_VERSION"), "said": said }))
}

fn unknown_network(name: &str) -> Words {
    let all = griot_domain::NetworkId::ALL.iter().map(|n| n.as_str()).collect::<Vec<_>>().join(", ");
    Words {
        code: Code::UnknownNetwork,
        message: (
            format!("Aucun réseau ne s\u{2019}appelle «\u{a0}{name}\u{a0}». Les réseaux\u{a0}: {all}."),
            format!("No network is called \u{201c}{name}\u{201d}. The networks: {all}."),
        ),
        hint: ("", ""),
    }
}

fn time(error: &TimeError) -> Words {
    match error {
        TimeError::NotATime(text) => Words {
            code: Code::BadTime,
            message: (
                format!("«\u{a0}{text}\u{a0}» n\u{2019}est pas une date avec une heure."),
                format!("\u{201c}{text}\u{201d} is not a date with a time."),
            ),
            hint: ("Écrivez-la ainsi\u{a0}: 2026-12-01T09:00.", "Write it like this: 2026-12-01T09:00."),
        },
        TimeError::UnknownZone(name) => Words {
            code: Code::BadZone,
            message: (
                format!("Aucun fuseau horaire ne s\u{2019}appelle «\u{a0}{name}\u{a0}»."),
                format!("No time zone is called \u{201c}{name}\u{201d}."),
            ),
            hint: (
                "Par exemple Africa/Bamako ou Europe/Paris.",
                "For example Africa/Bamako or Europe/Paris.",
            ),
        },
        TimeError::Skipped { local, zone, next } => Words {
            code: Code::TimeSkipped,
            message: (
                format!(
                    "{local} n\u{2019}existe pas à {zone}\u{a0}: ce jour-là les horloges avancent et sautent cette heure. La suivante est {next}."
                ),
                format!(
                    "{local} does not exist in {zone}: clocks go forward over it that day. The next time is {next}."
                ),
            ),
            hint: ("Choisissez une heure avant ou après le saut.", "Choose a time before or after the jump."),
        },
    }
}

fn time_detail(error: &TimeError) -> serde_json::Value {
    match error {
        TimeError::Skipped { next, .. } => json!({ "next": next }),
        _ => serde_json::Value::Null,
    }
}

/// What the system said of a file of which nobody knows which one it was.
fn unnamed_file(error: &io::Error) -> Words {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded) {
        return disk_full();
    }
    tracing::warn!(%error, "a file failed");
    words(
        Code::Environment,
        "Le système n\u{2019}a pas pu lire ou écrire un fichier.",
        "The system could not read or write a file.",
        ("Vérifiez le disque, puis réessayez.", "Check the disk, then try again."),
    )
}

/// What the system said of a file.
fn file(path: &Path, error: &io::Error) -> Words {
    let name = path.display();
    match error.kind() {
        io::ErrorKind::NotFound => Words {
            code: Code::NotFound,
            message: (format!("{name} n\u{2019}existe pas."), format!("{name} does not exist.")),
            hint: ("Vérifiez le nom du fichier.", "Check the name of the file."),
        },
        io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Words {
            code: Code::NoRights,
            message: (
                format!("Griot n\u{2019}a pas le droit de lire ou d\u{2019}écrire {name}."),
                format!("Griot may not read or write {name}."),
            ),
            hint: (
                "Changez les droits de ce dossier, ou choisissez-en un autre.",
                "Change the rights of the folder, or choose another.",
            ),
        },
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => disk_full(),
        io::ErrorKind::IsADirectory => Words {
            code: Code::BadRequest,
            message: (
                format!("{name} est un dossier\u{a0}: il faut un fichier."),
                format!("{name} is a folder: a file is needed."),
            ),
            hint: ("Nommez le fichier lui-même.", "Name the file itself."),
        },
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => Words {
            code: Code::BadRequest,
            message: (format!("{name} n\u{2019}est pas un dossier."), format!("{name} is not a folder.")),
            hint: ("Donnez un autre endroit.", "Name another place."),
        },
        _ => {
            tracing::warn!(path = %name, %error, "a file failed");
            Words {
                code: Code::Environment,
                message: (
                    format!("Le système n\u{2019}a pas pu lire ou écrire {name}."),
                    format!("The system could not read or write {name}."),
                ),
                hint: ("Vérifiez le disque, puis réessayez.", "Check the disk, then try again."),
            }
        }
    }
}

/// No room is left.
pub(crate) fn disk_full() -> Words {
    words(
        Code::DiskFull,
        "Le disque est plein. Cela n\u{2019}a pas été enregistré\u{a0}; rien n\u{2019}est perdu, et tout reste lisible\u{a0}: la file d\u{2019}attente, les publications, les médias.",
        "The disk is full. This was not saved; nothing is lost, and all can still be read: the queue, the posts, the media.",
        ("Libérez de la place sur ce disque, puis recommencez.", "Make room on this disk, then do it again."),
    )
}
