//! What the database says.

use griot_store::Error;

use super::{Words, words as said};
use crate::Code;

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::NetworkDrive
        | Error::Busy
        | Error::Full
        | Error::ReadOnly
        | Error::NoRights
        | Error::Io(_) => of_the_machine(error),
        Error::NotAWorkspace(_)
        | Error::AlreadyThere
        | Error::NotABackup(_)
        | Error::TooNew { .. }
        | Error::Damaged(_)
        | Error::Altered(_) => of_the_place(error),
        Error::Missing { what, id } => Words {
            code: Code::NotFound,
            message: (
                format!("{} introuvable\u{a0}: {id}.", noun(what)),
                format!("There is no {what} {id}."),
            ),
            hint: ("", ""),
        },
        Error::Cancelled => super::media::cancelled(),
        Error::Duplicate(_) | Error::Illegal { .. } | Error::Foreign | Error::Sqlite(_) | Error::Bug(_) => {
            defect(error)
        }
    }
}

/// What stands in the workspace's place.
fn of_the_place(error: &Error) -> Words {
    match error {
        Error::NotAWorkspace(dir) => Words {
            code: Code::NoWorkspace,
            message: (
                format!("Il n\u{2019}y a pas d\u{2019}espace de travail dans {}.", dir.display()),
                format!("There is no workspace in {}.", dir.display()),
            ),
            hint: ("Créez-le\u{a0}: griot init.", "Make one: griot init."),
        },
        Error::AlreadyThere => said(
            Code::WorkspaceExists,
            "Il y a déjà quelque chose à cet endroit. Rien n\u{2019}a été changé.",
            "There is something in that place already. Nothing was changed.",
            ("Choisissez un dossier vide ou nouveau.", "Choose an empty or a new folder."),
        ),
        Error::NotABackup(why) => {
            tracing::info!(why, "not a backup");
            said(
                Code::BadRequest,
                "Ce fichier n\u{2019}est pas une sauvegarde de Griot, ou il est abîmé. Rien n\u{2019}a été changé.",
                "This file is not a backup of Griot, or it is damaged. Nothing was changed.",
                ("Prenez une autre sauvegarde.", "Take another backup."),
            )
        }
        Error::TooNew { found, known } => Words {
            code: Code::DatabaseTooNew,
            message: (
                format!(
                    "Cet espace vient d\u{2019}un Griot plus récent (version {found}\u{a0}; celui-ci connaît {known}). Rien n\u{2019}a été changé."
                ),
                format!(
                    "This workspace comes from a newer Griot (version {found}; this one knows {known}). Nothing was changed."
                ),
            ),
            hint: ("Mettez Griot à jour.", "Update Griot."),
        },
        Error::Damaged(why) => damaged(why),
        Error::Altered(what) => Words {
            code: Code::DatabaseDamaged,
            message: (
                format!(
                    "La base de données de cet espace a été changée par un autre programme que Griot ({what})\u{a0}: elle n\u{2019}est pas ouverte, et rien n\u{2019}y a été changé."
                ),
                format!(
                    "This workspace\u{2019}s database was altered by a program other than Griot ({what}): it is not opened, and nothing was changed in it."
                ),
            ),
            hint: (
                "Demandez à qui vous l\u{2019}a donné une sauvegarde (griot backup), ou restaurez la vôtre ailleurs\u{a0}: griot restore FICHIER.",
                "Ask whoever gave it to you for a backup (griot backup), or restore your own elsewhere: griot restore FILE.",
            ),
        },
        _ => defect(error),
    }
}

/// SQLite says in English what it met, which is for the log; the newest copy is for the person.
fn damaged(why: &str) -> Words {
    tracing::error!(why, "the database is damaged");
    let (fr, en) = match why.split_once(griot_store::NEWEST_COPY) {
        Some((_, copy)) => {
            (format!(" La copie la plus récente est {copy}."), format!(" The newest copy is {copy}."))
        }
        None => (String::new(), String::new()),
    };
    Words {
        code: Code::DatabaseDamaged,
        message: (
            format!("La base de données de cet espace est abîmée\u{a0}: rien n\u{2019}y a été changé.{fr}"),
            format!("This workspace\u{2019}s database is damaged: nothing was changed in it.{en}"),
        ),
        hint: (
            "Gardez une copie du dossier, puis mettez la copie du jour (dans copies/) à la place de griot.db, ou restaurez une sauvegarde ailleurs\u{a0}: griot restore FICHIER. Rien ne partira sans votre accord.",
            "Keep a copy of the folder, then put the daily copy (in copies/) in the place of griot.db, or restore a backup elsewhere: griot restore FILE. Nothing leaves without your consent.",
        ),
    }
}

/// The disk, the rights, another program.
fn of_the_machine(error: &Error) -> Words {
    match error {
        Error::NetworkDrive => said(
            Code::BadRequest,
            "Ce dossier est sur un lecteur réseau, où une base de données ouverte peut se perdre.",
            "This folder is on a network drive, where an open database can be lost.",
            ("Choisissez un dossier de cet ordinateur.", "Choose a folder of this computer."),
        ),
        Error::Busy => said(
            Code::NotNow,
            "Un autre programme écrit dans cet espace depuis plus de cinq secondes.",
            "Another program has been writing to this workspace for over five seconds.",
            ("Recommencez dans un instant.", "Do it again in a moment."),
        ),
        Error::Full => super::disk_full(),
        Error::ReadOnly | Error::NoRights => said(
            Code::NoRights,
            "Griot n\u{2019}a pas le droit d\u{2019}écrire dans cet espace.",
            "Griot may not write to this workspace.",
            (
                "Changez les droits de ce dossier, ou choisissez-en un autre.",
                "Change the rights of the folder, or choose another.",
            ),
        ),
        Error::Io(error) => super::file(std::path::Path::new("griot.db"), error),
        _ => defect(error),
    }
}

fn defect(error: &Error) -> Words {
    tracing::error!(%error, "a defect in the store");
    said(
        Code::Bug,
        "Griot a rencontré un défaut\u{a0}: cette action n\u{2019}a pas été faite. Le reste est intact.",
        "Griot met a defect: this action was not done. The rest is intact.",
        ("Copiez le rapport et envoyez-le-nous.", "Copy the report and send it to us."),
    )
}

fn noun(what: &str) -> &'static str {
    match what {
        "post" => "Publication",
        "revision" => "Version",
        "delivery" => "Publication programmée",
        "attempt" => "Tentative",
        "account" => "Compte",
        "asset" => "Média",
        "rendition" => "Rendu",
        _ => "Élément",
    }
}
