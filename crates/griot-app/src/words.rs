//! Every failure in plain words, French first: what happened, and what to do. No code, no apology, no exclamation.
//!
//! One function per source of failures; a new kind of failure does not compile before it has words.

use std::io;
use std::path::Path;

use griot_domain::Lang;
use griot_domain::time::TimeError;
use serde_json::json;

use crate::error::{AppError, Code};
use crate::failure::{Failure, Said};

mod help;
mod media;
mod networks;
mod store;

pub(crate) use help::of as help;
pub(crate) use media::{size, subtitles};

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

/// Puts a failure into the person's language. Bugs are logged with all that is known; a person gets a plain sentence.
pub(crate) fn say(failure: Failure, lang: Lang) -> AppError {
    match failure {
        Failure::App(error) => *error,
        Failure::Said(said) => from_said(*said, lang),
        Failure::Store(error) => from_words(store::words(&error), lang),
        Failure::Media(error) => from_words(media::words(&error), lang).with(media::detail(&error)),
        Failure::Network(error) => {
            from_words(networks::words(&error), lang).with(json!({ "said": networks::said(&error) }))
        }
        Failure::Time(error) => from_words(time(&error), lang).with(time_detail(&error)),
        Failure::UnknownNetwork(error) => from_words(unknown_network(&error.0), lang),
        Failure::Io(path, error) => from_words(file(&path, &error), lang),
        Failure::Overtaken => from_words(
            words(
                Code::NotNow,
                "Cette publication vient de changer ailleurs.",
                "This post has just changed elsewhere.",
                ("Regardez-la de nouveau.", "Look at it again."),
            ),
            lang,
        ),
    }
}

/// A failure in few English words, for logs and for what is kept of an attempt.
pub(crate) fn plain(failure: &Failure) -> String {
    match failure {
        Failure::Said(said) => said.message.1.clone(),
        Failure::Store(error) => error.to_string(),
        Failure::Media(error) => error.to_string(),
        Failure::Network(error) => error.to_string(),
        Failure::Time(error) => error.to_string(),
        Failure::UnknownNetwork(error) => error.to_string(),
        Failure::Io(path, error) => format!("{}: {error}", path.display()),
        Failure::Overtaken => "changed in between".to_owned(),
        Failure::App(error) => error.message.clone(),
    }
}

fn from_said(said: Said, lang: Lang) -> AppError {
    AppError {
        code: said.code,
        message: lang.pick(said.message.0, said.message.1),
        hint: lang.pick(said.hint.0, said.hint.1),
        detail: said.detail,
    }
}

fn from_words(words: Words, lang: Lang) -> AppError {
    AppError::new(
        words.code,
        lang.pick(words.message.0, words.message.1),
        lang.pick(words.hint.0, words.hint.1),
    )
}

/// A request that is not what the command takes.
pub(crate) fn bad_request(error: &serde_json::Error) -> Failure {
    Failure::say(
        Code::BadRequest,
        format!("La demande n\u{2019}est pas celle que cette commande attend\u{a0}: {error}."),
        format!("This is not what the command takes: {error}."),
        ("", ""),
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
        "Le disque est plein. Rien n\u{2019}est perdu\u{a0}: ce qui était là est intact.",
        "The disk is full. Nothing is lost: what was there is intact.",
        ("Libérez de la place, puis recommencez.", "Make room, then do it again."),
    )
}
