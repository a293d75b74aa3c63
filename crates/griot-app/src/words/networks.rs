//! What networks say.
//!
//! Our own sentence where the connector has one, else what happened in general; a server\u{2019}s words stand between quotes and
//! never for ours. Deliberately absent: words that were written for the log.

use griot_domain::{NetworkId, Sentence};
use griot_networks::{Error, Why};

use super::{Words, words as said_of};
use crate::Code;

/// What went wrong with `network`, as far as it is known which one it was.
pub(super) fn words(error: &Error, network: Option<NetworkId>) -> Words {
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
        Error::Auth(why) => {
            let (fr, en) = secret(network);
            Words {
                code: Code::Auth,
                message: ours(
                    why,
                    network,
                    &format!("refuse cette identité\u{a0}: {fr}"),
                    &format!("refuses this identity: {en}"),
                ),
                hint: (
                    "Copiez-le de nouveau, ou faites-en un nouveau, puis recommencez.",
                    "Copy it again, or make a new one, then do it again.",
                ),
            }
        }
        _ => refusal(error, network),
    }
}

/// What each network takes as proof of who somebody is, and what is wrong with it.
fn secret(network: Option<NetworkId>) -> (&'static str, &'static str) {
    match network {
        Some(NetworkId::Bluesky) => (
            "l\u{2019}identifiant ou le mot de passe d\u{2019}application n\u{2019}est pas le bon, ou il a été révoqué.",
            "the handle or the app password is wrong, or it was revoked.",
        ),
        Some(NetworkId::Mastodon) => (
            "le jeton d\u{2019}accès n\u{2019}est pas celui de ce serveur, ou il a été révoqué.",
            "the access token is not one of this server, or it was revoked.",
        ),
        Some(NetworkId::Facebook) => (
            "le jeton n\u{2019}est pas le bon, a expiré ou a été révoqué.",
            "the token is wrong, has expired or was revoked.",
        ),
        Some(NetworkId::X) => (
            "une des clés n\u{2019}est pas la bonne, ou elle a été révoquée.",
            "one of the keys is wrong, or it was revoked.",
        ),
        Some(NetworkId::Telegram) => (
            "le jeton du robot n\u{2019}est pas le bon, ou il a été révoqué.",
            "the bot\u{2019}s token is wrong, or it was revoked.",
        ),
        Some(NetworkId::Wordpress) => (
            "le nom d\u{2019}utilisateur ou le mot de passe d\u{2019}application n\u{2019}est pas le bon, ou il a été révoqué.",
            "the user name or the application password is wrong, or it was revoked.",
        ),
        Some(NetworkId::Discourse) => (
            "la clé d\u{2019}API ou le nom du compte n\u{2019}est pas le bon, ou la clé a été révoquée.",
            "the API key or the user name is wrong, or the key was revoked.",
        ),
        _ => (
            "ce qui a été donné pour se connecter n\u{2019}est pas le bon, ou a été révoqué.",
            "what was given to connect is wrong, or was revoked.",
        ),
    }
}

/// The network answered, and said no or not now.
fn refusal(error: &Error, network: Option<NetworkId>) -> Words {
    let of_network = |why: &Why, fr: &str, en: &str, hint| Words {
        code: Code::Network,
        message: with(why, network, fr, en),
        hint,
    };
    match error {
        Error::Permission(why) => of_network(
            why,
            "n\u{2019}autorise pas cela à ce compte.",
            "does not let this account do that.",
            (
                "Vérifiez les droits de ce compte chez le réseau.",
                "Check this account\u{2019}s rights with the network.",
            ),
        ),
        Error::Content(why) => of_network(
            why,
            "refuse ce contenu.",
            "refuses this content.",
            ("Corrigez-le, puis réessayez.", "Correct it, then try again."),
        ),
        Error::Billing(why) => of_network(
            why,
            "n\u{2019}a plus de crédit pour ce compte.",
            "has no credit left for this account.",
            ("Rechargez-le chez le réseau.", "Top it up with the network."),
        ),
        Error::RateLimited { .. } => too_many(network),
        Error::TooSoon { .. } => too_soon(network),
        Error::Environment(why) => of_this_computer(why),
        Error::Transient(_) | Error::Uncertain(_) | Error::Failed(_) | Error::Expired(_) => {
            let (fr, en) = name(network);
            Words {
                code: Code::Network,
                message: (
                    format!(
                        "{fr} n\u{2019}a pas répondu comme il faut\u{a0}: un incident chez lui ou sur la ligne."
                    ),
                    format!("{en} did not answer properly: a fault there or on the line."),
                ),
                hint: ("Recommencez dans quelques minutes.", "Do it again in some minutes."),
            }
        }
        _ => said_of(
            Code::Network,
            "Le réseau travaille encore.",
            "The network is still at work.",
            ("Recommencez dans un instant.", "Do it again in a moment."),
        ),
    }
}

/// The network wants a pause between two of a kind.
fn too_soon(network: Option<NetworkId>) -> Words {
    let (fr, en) = name(network);
    Words {
        code: Code::Network,
        message: (
            format!("{fr} veut un moment entre deux envois de ce genre."),
            format!("{en} wants a moment between two of this kind."),
        ),
        hint: ("Griot réessaie de lui-même.", "Griot tries again by itself."),
    }
}

/// The network will listen again, later.
fn too_many(network: Option<NetworkId>) -> Words {
    let (fr, en) = name(network);
    Words {
        code: Code::Network,
        message: (
            format!("{fr} demande une pause\u{a0}: trop de demandes."),
            format!("{en} asks for a pause: too many requests."),
        ),
        hint: ("Recommencez dans quelques minutes.", "Do it again in some minutes."),
    }
}

/// This machine could not, and the connector says what.
fn of_this_computer(why: &Why) -> Words {
    Words {
        code: Code::Environment,
        message: why.sentence().map_or_else(
            || {
                (
                    "Cet ordinateur n\u{2019}a pas pu faire ce qu\u{2019}il fallait.".to_owned(),
                    "This computer could not do what was needed.".to_owned(),
                )
            },
            both,
        ),
        hint: ("", ""),
    }
}

/// Our own sentence, or `fr` and `en` said of the network.
fn ours(why: &Why, network: Option<NetworkId>, fr: &str, en: &str) -> (String, String) {
    let (its_fr, its_en) = name(network);
    why.sentence().map_or_else(|| (format!("{its_fr} {fr}"), format!("{its_en} {en}")), both)
}

/// The same, and then what the server said, as its words.
fn with(why: &Why, network: Option<NetworkId>, fr: &str, en: &str) -> (String, String) {
    let (mut fr, mut en) = ours(why, network, fr, en);
    if let Some(said) = why.quote() {
        let said = said.trim_end_matches('.');
        fr = format!("{fr} Sa réponse\u{a0}: «\u{a0}{said}\u{a0}».");
        en = format!("{en} Its answer: \u{201c}{said}\u{201d}.");
    }
    (fr, en)
}

fn both(sentence: &Sentence) -> (String, String) {
    use griot_domain::Lang::{En, Fr};
    (sentence.pick(Fr).to_owned(), sentence.pick(En).to_owned())
}

/// The network at the beginning of a sentence.
fn name(network: Option<NetworkId>) -> (&'static str, &'static str) {
    network.map_or(("Le réseau", "The network"), |network| (network.display_name(), network.display_name()))
}

/// What was said, as the log has it.
pub(super) fn said(error: &Error) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests {
    use griot_domain::Timestamp;

    use super::*;

    fn all(why: &Why) -> Vec<Error> {
        vec![
            Error::Offline(why.clone()),
            Error::Portal(why.clone()),
            Error::Content(why.clone()),
            Error::Auth(why.clone()),
            Error::Permission(why.clone()),
            Error::Billing(why.clone()),
            Error::RateLimited { until: Some(Timestamp::from_millis(0)) },
            Error::Transient(why.clone()),
            Error::Processing { after: std::time::Duration::from_secs(1) },
            Error::Expired("blob".into()),
            Error::Uncertain(why.clone()),
            Error::Environment(why.clone()),
        ]
    }

    #[test]
    fn every_error_of_every_network_is_a_whole_sentence_in_each_language() {
        let whys = [
            Why::from("some words for the log"),
            Why::ours("Il faut un jeton.", "A token is needed."),
            Why::from("{\"error\":\"Record not found\"}"),
        ];
        let networks = NetworkId::ALL.iter().copied().map(Some).chain([None]);
        for network in networks {
            for error in whys.iter().flat_map(all) {
                let said = words(&error, network);
                let (fr, en) = &said.message;
                assert!(fr != en && fr.ends_with('.') && en.ends_with('.'), "{error:?}: {fr} / {en}");
                for text in [fr.as_str(), en, said.hint.0, said.hint.1] {
                    assert!(
                        !text.contains(['{', '_']) && !text.contains("Record not found"),
                        "{error:?}: {text}"
                    );
                }
            }
        }
    }

    #[test]
    fn what_the_server_said_stands_between_quotes_and_what_is_for_the_log_nowhere() {
        let said = |error: &Error| words(error, Some(NetworkId::Mastodon)).message;
        let (fr, en) = said(&Error::Content("Text is too long.".into()));
        assert_eq!(fr, "Mastodon refuse ce contenu. Sa réponse\u{a0}: «\u{a0}Text is too long\u{a0}».");
        assert_eq!(en, "Mastodon refuses this content. Its answer: \u{201c}Text is too long\u{201d}.");
        for error in all(&Why::from("for the log"))
            .into_iter()
            .filter(|error| !matches!(error, Error::Content(_) | Error::Permission(_) | Error::Billing(_)))
        {
            let (fr, en) = said(&error);
            assert!(!fr.contains("for the log") && !en.contains("for the log"), "{error:?}");
        }
    }

    #[test]
    fn a_wrong_token_is_spoken_of_as_a_token() {
        for (network, fr, en) in [
            (NetworkId::Mastodon, "jeton", "token"),
            (NetworkId::Telegram, "jeton", "token"),
            (NetworkId::Bluesky, "mot de passe d\u{2019}application", "app password"),
            (NetworkId::Discourse, "clé d\u{2019}API", "API key"),
        ] {
            let (said_fr, said_en) = words(&Error::Auth("401".into()), Some(network)).message;
            assert!(said_fr.contains(fr) && said_en.contains(en), "{network}: {said_fr} / {said_en}");
        }
    }
}
