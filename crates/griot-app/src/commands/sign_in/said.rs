//! What is said of a sign-in that did not lead to an account.

use griot_domain::NetworkId;
use griot_networks::{Astray, Identity};
use serde_json::json;

use crate::Code;
use crate::failure::Failure;

/// The most names that a sentence holds.
const NAMES_MAX: usize = 20;

pub(super) fn busy(ports: &[u16]) -> Failure {
    let all = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    Failure::say(
        Code::Environment,
        format!("D\u{2019}autres programmes occupent les ports {all}, où la réponse doit arriver."),
        format!("Other programs use the ports {all}, where the answer has to arrive."),
        (
            "Fermez l\u{2019}autre fenêtre de connexion, puis recommencez.",
            "Close the other sign-in, then start again.",
        ),
    )
}

pub(super) fn refused(network: NetworkId) -> Failure {
    let name = network.display_name();
    Failure::say(
        Code::Auth,
        format!("L\u{2019}accès a été refusé sur la page de {name}\u{a0}: rien n\u{2019}est connecté."),
        format!("Access was refused on the page of {name}: nothing is connected."),
        ("Recommencez si ce n\u{2019}était pas voulu.", "Start again if that was not intended."),
    )
}

pub(super) fn too_late() -> Failure {
    Failure::say(
        Code::NotNow,
        "Cinq minutes ont passé sans accord\u{a0}: rien n\u{2019}est connecté.",
        "Five minutes have passed without consent: nothing is connected.",
        ("Recommencez quand vous voulez.", "Start again when you like."),
    )
}

/// What a person copied is not the address of the page on which they ended.
pub(super) fn astray(network: NetworkId, page: &str, astray: &Astray) -> Failure {
    let name = network.display_name();
    let (fr, en, hint) = match astray {
        Astray::NotAnAddress => (
            "Ce n\u{2019}est pas une adresse.".to_owned(),
            "This is not an address.".to_owned(),
            (
                "Copiez toute la barre d\u{2019}adresse de la page où vous avez fini, puis collez-la ici.",
                "Copy the whole address bar of the page on which you ended, then paste it here.",
            ),
        ),
        Astray::Elsewhere => (
            format!(
                "C\u{2019}est l\u{2019}adresse d\u{2019}une autre page. Celle qu\u{2019}il faut commence par {page}"
            ),
            format!("This is the address of another page. The one that is needed begins with {page}"),
            (
                "Donnez d\u{2019}abord votre accord, puis copiez l\u{2019}adresse de la page où vous finissez.",
                "Agree first, then copy the address of the page on which you end.",
            ),
        ),
        Astray::Foreign => (
            "Cette adresse répond à une autre demande de connexion.".to_owned(),
            "This address answers another sign-in.".to_owned(),
            (
                "Ouvrez la page d\u{2019}ici, donnez votre accord, puis copiez l\u{2019}adresse où vous finissez.",
                "Open the page from here, agree, then copy the address on which you end.",
            ),
        ),
        Astray::Nothing => (
            "Cette adresse ne contient plus de code.".to_owned(),
            "This address holds no code any more.".to_owned(),
            (
                "Ouvrez la page encore une fois, donnez votre accord, et copiez aussitôt toute l\u{2019}adresse.",
                "Open the page once more, agree, and copy the whole address at once.",
            ),
        ),
        Astray::Trouble(words) => (
            format!("{name} ne laisse pas entrer cette application\u{a0}: «\u{a0}{words}\u{a0}»."),
            format!("{name} does not let this app in: \u{201c}{words}\u{201d}."),
            (
                "Corrigez l\u{2019}application sur le site du réseau, puis ouvrez la page encore une fois.",
                "Correct the app on the network\u{2019}s site, then open the page once more.",
            ),
        ),
    };
    Failure::say(Code::BadRequest, fr, en, hint).with(json!({ "field": "address" }))
}

/// What a person named is none of their identities, or several.
pub(super) fn no_such(choice: &str, identities: &[Identity]) -> Failure {
    let names = identities.iter().take(NAMES_MAX).map(|one| format!("{} ({})", one.name, one.id));
    let names = names.collect::<Vec<_>>().join(", ");
    let hint =
        (format!("Choisissez par le numéro\u{a0}: {names}."), format!("Choose by the number: {names}."));
    Failure::say(
        Code::BadRequest,
        format!("«\u{a0}{choice}\u{a0}» ne désigne pas une seule de vos Pages."),
        format!("\u{201c}{choice}\u{201d} is not exactly one of your Pages."),
        (&hint.0, &hint.1),
    )
    .with(json!({ "field": "choice" }))
}
