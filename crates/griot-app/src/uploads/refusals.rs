//! Why bytes are not taken, in words. What is refused, and when, is decided one floor up.

use serde_json::json;

use crate::Code;
use crate::failure::Failure;

pub(super) fn too_large(size: u64, most: u64) -> Failure {
    Failure::say(
        Code::MediaTooLarge,
        format!(
            "Ce fichier fait {}\u{a0}Mo\u{a0}; Griot en prend jusqu\u{2019}à {}.",
            size >> 20,
            most >> 20
        ),
        format!("This file is {} MB; Griot takes up to {}.", size >> 20, most >> 20),
        (
            "Réduisez-le dans un autre logiciel, puis importez-le.",
            "Make it smaller in another program, then import it.",
        ),
    )
    .with(json!({ "bytes": size, "most": most }))
}

pub(super) fn too_many(at_once: usize) -> Failure {
    Failure::say(
        Code::NotNow,
        format!("{at_once} fichiers arrivent déjà."),
        format!("{at_once} files are coming in already."),
        (
            "Le suivant partira quand l\u{2019}un d\u{2019}eux sera là.",
            "The next follows when one has arrived.",
        ),
    )
}

pub(super) fn busy() -> Failure {
    Failure::say(
        Code::NotNow,
        "Ce fichier est en train d\u{2019}arriver.",
        "This file is coming in.",
        ("", ""),
    )
}

pub(super) fn unknown() -> Failure {
    Failure::say(
        Code::NotFound,
        "Ce fichier n\u{2019}est pas attendu.",
        "This file is not expected.",
        ("Choisissez-le de nouveau.", "Choose it again."),
    )
}

pub(super) fn out_of_order(there: u64) -> Failure {
    Failure::say(
        Code::BadRequest,
        "La suite de ce fichier manque.",
        "The rest of this file is missing.",
        ("", ""),
    )
    .with(json!({ "there": there }))
}

pub(super) fn more_than_announced(size: u64) -> Failure {
    Failure::say(
        Code::BadRequest,
        format!("Ce fichier est plus long que les {size} octets annoncés\u{a0}: rien n\u{2019}en est gardé."),
        format!("This file is longer than the {size} bytes announced: nothing of it is kept."),
        ("Choisissez-le de nouveau.", "Choose it again."),
    )
}
