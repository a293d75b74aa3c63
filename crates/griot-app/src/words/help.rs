//! What to press on each network's side when it refuses: the identity, the right, the money.
//!
//! What happened is said for all networks alike; where to put it right is not. Deliberately absent: what a network says of a
//! content that it refuses, which is repeated as it said it.

use griot_domain::NetworkId;
use griot_networks::Error;

/// A sentence in French and in English.
type Pair = (&'static str, &'static str);

/// What to do about a refusal by `network`; nothing where it has no words of its own for it.
pub(crate) fn of(network: NetworkId, error: &Error) -> Option<Pair> {
    match error {
        Error::Auth(_) => identity(network),
        Error::Permission(_) => right(network),
        Error::Billing(_) => money(network),
        Error::Transient(_) | Error::Uncertain(_) | Error::Expired(_) => {
            Some(("Griot réessaie de lui-même.", "Griot tries again by itself."))
        }
        _ => None,
    }
}

fn identity(network: NetworkId) -> Option<Pair> {
    Some(match network {
        NetworkId::Bluesky => (
            "Sur bsky.app, Paramètres, Confidentialité et sécurité, faites un nouveau mot de passe d\u{2019}application, puis reconnectez le compte.",
            "On bsky.app, Settings, Privacy and security, make a new app password, then connect the account again.",
        ),
        NetworkId::Mastodon => (
            "L\u{2019}accès de Griot y a peut-être été révoqué\u{a0}: reconnectez le compte, et acceptez sur la page du serveur.",
            "Griot\u{2019}s access was perhaps revoked there: connect the account again, and agree on the server\u{2019}s page.",
        ),
        NetworkId::Facebook => (
            "Un jeton de Page meurt quand son mot de passe change ou quand un rôle est retiré\u{a0}: sur business.facebook.com, Utilisateurs système, générez-en un nouveau, puis reconnectez le compte.",
            "A Page\u{2019}s token dies when its password changes or a role is taken away: on business.facebook.com, System users, generate a new one, then connect the account again.",
        ),
        NetworkId::X => (
            "Reconnectez le compte. Si X refuse encore, regardez sur console.x.com si l\u{2019}application et ses clés existent toujours.",
            "Connect the account again. If X still refuses, see on console.x.com whether the app and its keys are still there.",
        ),
        NetworkId::Telegram => (
            "Dans Telegram, envoyez /token à @BotFather pour votre robot, puis reconnectez le compte avec le nouveau jeton.",
            "In Telegram, send /token to @BotFather for your bot, then connect the account again with the new token.",
        ),
        NetworkId::Wordpress => (
            "Dans l\u{2019}administration du site, Comptes, Profil, faites un nouveau mot de passe d\u{2019}application, puis reconnectez le compte.",
            "In the site\u{2019}s administration, Users, Profile, make a new application password, then connect the account again.",
        ),
        NetworkId::Discourse => (
            "Demandez une nouvelle clé d\u{2019}API à qui administre le forum, puis reconnectez le compte.",
            "Ask who runs the forum for a new API key, then connect the account again.",
        ),
        _ => return None,
    })
}

fn right(network: NetworkId) -> Option<Pair> {
    Some(match network {
        NetworkId::Bluesky => (
            "Reconnectez le compte avec un mot de passe d\u{2019}application\u{a0}; ce compte est peut-être suspendu.",
            "Connect the account again with an app password; the account is perhaps suspended.",
        ),
        NetworkId::Mastodon => (
            "Reconnectez le compte et laissez-lui le droit d\u{2019}écrire\u{a0}; un serveur peut aussi l\u{2019}avoir limité.",
            "Connect the account again and leave it the right to write; a server may also have limited it.",
        ),
        NetworkId::Facebook => (
            "Sur business.facebook.com, donnez à l\u{2019}utilisateur système la Page, avec le droit d\u{2019}y publier, et au jeton pages_manage_posts et pages_read_engagement. Puis réessayez.",
            "On business.facebook.com, give the system user the Page with the right to post, and the token pages_manage_posts and pages_read_engagement. Then try again.",
        ),
        NetworkId::X => (
            "Sur console.x.com, User authentication settings, choisissez Read and write, puis reconnectez le compte\u{a0}: un ancien jeton garde ses anciens droits.",
            "On console.x.com, User authentication settings, choose Read and write, then connect the account again: an old token keeps its old rights.",
        ),
        NetworkId::Telegram => (
            "Dans le canal, Gérer, Administrateurs, donnez au robot le droit de publier, puis réessayez.",
            "In the channel, Manage, Administrators, give the bot the right to post, then try again.",
        ),
        NetworkId::Wordpress => (
            "Ce compte doit être au moins Auteur sur le site\u{a0}; une extension de sécurité peut aussi fermer l\u{2019}accès. Puis réessayez.",
            "This user has to be an Author at least on the site; a security plugin can also shut the way. Then try again.",
        ),
        NetworkId::Discourse => (
            "La clé a besoin des sujets, des messages et de l\u{2019}envoi de fichiers, et le compte du droit d\u{2019}écrire dans cette catégorie. Puis réessayez.",
            "The key needs topics, posts and uploads, and the account the right to write in that category. Then try again.",
        ),
        _ => return None,
    })
}

fn money(network: NetworkId) -> Option<Pair> {
    match network {
        NetworkId::X => Some((
            "Achetez des crédits sur console.x.com, puis réessayez.",
            "Buy credits on console.x.com, then try again.",
        )),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use griot_domain::rules::{Publishing, Rules};

    use super::*;

    /// Every network that Griot publishes on by itself says where to put it right, in both languages.
    #[test]
    fn each_network_says_what_to_press_on_its_side() {
        let refusals = [Error::Auth("x".into()), Error::Permission("x".into())];
        for network in NetworkId::ALL {
            let by_itself = Rules::of(*network).publishing == Publishing::Api;
            for error in &refusals {
                let said = of(*network, error);
                assert_eq!(said.is_some(), by_itself, "{network}: {error:?}");
                let Some((fr, en)) = said else { continue };
                assert!(fr.ends_with('.') && en.ends_with('.') && fr != en, "{network}: {fr} / {en}");
            }
            let takes_money = Rules::of(*network).cost.is_some();
            assert_eq!(of(*network, &Error::Billing("x".into())).is_some(), takes_money, "{network}");
        }
    }
}
