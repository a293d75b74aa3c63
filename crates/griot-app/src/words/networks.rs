//! What networks say.

use griot_networks::Error;

use super::{Words, words as said_of};
use crate::Code;

pub(super) fn words(error: &Error) -> Words {
    match error {
        Error::Offline(_) => said_of(
            Code::Offline,
            "Le serveur ne répond pas\u{a0}: pas de réseau, ou une adresse qui n\u{2019}existe pas.",
            "The server does not answer: no network, or an address that does not exist.",
            (
                "Vérifiez la connexion et l\u{2019}adresse, puis recommencez.",
                "Check the connection and the address, then do it again.",
            ),
        ),
        Error::Portal(_) => said_of(
            Code::NotTheNetwork,
            "Une page qui n\u{2019}est pas celle du réseau a répondu\u{a0}: une page de connexion Wi-Fi, ou une mauvaise adresse.",
            "A page that is not the network\u{2019}s answered: a Wi-Fi login page, or a wrong address.",
            (
                "Ouvrez un navigateur pour passer la page de connexion, ou corrigez l\u{2019}adresse du serveur.",
                "Open a browser to pass the login page, or correct the server\u{2019}s address.",
            ),
        ),
        Error::Auth(_) => said_of(
            Code::Auth,
            "Le réseau refuse cette identité\u{a0}: l\u{2019}identifiant ou le mot de passe n\u{2019}est pas le bon, ou il a été révoqué.",
            "The network refuses this identity: the name or the password is wrong, or it was revoked.",
            (
                "Faites un nouveau mot de passe d\u{2019}application et recommencez.",
                "Make a new app password and do it again.",
            ),
        ),
        _ => refusal(error),
    }
}

/// The network answered, and said no or not now.
fn refusal(error: &Error) -> Words {
    match error {
        Error::Permission(_) => said_of(
            Code::Network,
            "Le réseau n\u{2019}autorise pas cela à ce compte.",
            "The network does not let this account do that.",
            ("Vérifiez les droits du mot de passe ou du jeton.", "Check what the password or token may do."),
        ),
        Error::Content(what) => {
            said_with(what, "Le réseau refuse ce contenu", "The network refuses this content")
        }
        Error::Billing(_) => said_of(
            Code::Network,
            "Ce compte n\u{2019}a plus de crédit chez ce réseau.",
            "This account has no credit left with this network.",
            ("Rechargez-le chez le réseau.", "Top it up with the network."),
        ),
        Error::RateLimited { .. } => said_of(
            Code::Network,
            "Le réseau demande une pause\u{a0}: trop de demandes.",
            "The network asks for a pause: too many requests.",
            ("Recommencez dans quelques minutes.", "Do it again in some minutes."),
        ),
        Error::TooSoon { .. } => said_of(
            Code::Network,
            "Le réseau veut un moment entre deux envois de ce genre.",
            "The network wants a moment between two of this kind.",
            ("Griot réessaie de lui-même.", "Griot tries again by itself."),
        ),
        Error::Environment(what) => Words {
            code: Code::Environment,
            message: (
                format!("Cet ordinateur n\u{2019}a pas pu\u{a0}: {what}."),
                format!("This computer could not: {what}."),
            ),
            hint: ("", ""),
        },
        Error::Transient(what) | Error::Uncertain(what) | Error::Failed(what) | Error::Expired(what) => {
            said_with(
                what,
                "Le réseau n\u{2019}a pas répondu correctement",
                "The network did not answer properly",
            )
        }
        _ => said_of(
            Code::Network,
            "Le réseau travaille encore.",
            "The network is still at work.",
            ("Recommencez dans un instant.", "Do it again in a moment."),
        ),
    }
}

fn said_with(what: &str, fr: &str, en: &str) -> Words {
    Words {
        code: Code::Network,
        message: (format!("{fr}\u{a0}: {what}."), format!("{en}: {what}.")),
        hint: ("", ""),
    }
}

/// What the network itself said, for people who want to know.
pub(super) fn said(error: &Error) -> String {
    error.to_string()
}
