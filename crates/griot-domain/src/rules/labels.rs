//! What people call the declared fields and their choices, in French and English.
//!
//! One table for all networks, because the same field has the same name on most; where a network means something
//! else by a word, its own line stands first.

use crate::lang::Lang;
use crate::network::NetworkId;

use super::{Field, Rules};

/// A name in French and English.
type Said = (&'static str, &'static str);

const FIELDS: &[(&str, Said)] = &[
    ("categories", ("Catégories", "Categories")),
    ("category", ("Catégorie", "Category")),
    ("collaborators", ("Collaborateurs", "Collaborators")),
    ("disable_comment", ("Sans commentaires", "No comments")),
    ("disable_duet", ("Sans duos", "No duets")),
    ("disable_stitch", ("Sans collages", "No stitches")),
    ("excerpt", ("Extrait", "Excerpt")),
    ("first_comment", ("Premier commentaire", "First comment")),
    ("forum", ("Forum", "Forum")),
    ("language", ("Langue", "Language")),
    ("link", ("Lien", "Link")),
    ("link_preview", ("Aperçu du lien", "Link preview")),
    ("made_for_kids", ("Destinée aux enfants", "Made for children")),
    ("privacy", ("Qui peut la voir", "Who can see it")),
    ("reply_control", ("Qui peut répondre", "Who can reply")),
    ("reply_settings", ("Qui peut répondre", "Who can reply")),
    ("sensitive", ("Médias sensibles", "Sensitive media")),
    ("share_to_feed", ("Montrer aussi dans le fil", "Show in the feed too")),
    ("silent", ("Sans notification", "Without a notification")),
    ("slug", ("Fin de l’adresse", "End of the address")),
    ("spoiler", ("Avertissement", "Content warning")),
    ("status", ("État", "Status")),
    ("sticky", ("Épingler en tête", "Pin to the top")),
    ("synthetic_media", ("Images faites par une IA", "Media made by AI")),
    ("tags", ("Étiquettes", "Tags")),
    ("title", ("Titre", "Title")),
    ("topic", ("Répondre dans le sujet", "Answer in the topic")),
    ("topic_tag", ("Sujet", "Topic")),
    ("visibility", ("Qui peut la voir", "Who can see it")),
];

/// Choices by field and value; the network is named where it means something of its own.
const CHOICES: &[(Option<NetworkId>, &str, &str, Said)] = &[
    (
        Some(NetworkId::Mastodon),
        "visibility",
        "unlisted",
        ("Publique, hors des fils", "Public, out of the feeds"),
    ),
    (Some(NetworkId::Mastodon), "visibility", "private", ("Abonnés", "Followers")),
    (None, "visibility", "public", ("Publique", "Public")),
    (None, "visibility", "unlisted", ("Avec le lien seulement", "With the link only")),
    (None, "visibility", "private", ("Privée", "Private")),
    (None, "visibility", "direct", ("Personnes mentionnées", "Mentioned people")),
    (None, "visibility", "connections", ("Relations", "Connections")),
    (None, "privacy", "public", ("Tout le monde", "Everyone")),
    (None, "privacy", "friends", ("Amis", "Friends")),
    (None, "privacy", "followers", ("Abonnés", "Followers")),
    (None, "privacy", "private", ("Moi seulement", "Only me")),
    (None, "reply_control", "everyone", ("Tout le monde", "Everyone")),
    (None, "reply_control", "accounts_you_follow", ("Comptes que vous suivez", "Accounts that you follow")),
    (None, "reply_control", "mentioned_only", ("Personnes mentionnées", "Mentioned people")),
    (
        None,
        "reply_control",
        "parent_post_author_only",
        ("Auteur du message d’avant", "Author of the post before"),
    ),
    (None, "reply_control", "followers_only", ("Abonnés", "Followers")),
    (None, "reply_settings", "following", ("Comptes que vous suivez", "Accounts that you follow")),
    (None, "reply_settings", "mentionedUsers", ("Personnes mentionnées", "Mentioned people")),
    (None, "reply_settings", "subscribers", ("Abonnés payants", "Subscribers")),
    (None, "reply_settings", "verified", ("Comptes vérifiés", "Verified accounts")),
    (None, "status", "publish", ("Publié", "Published")),
    (None, "status", "draft", ("Brouillon", "Draft")),
    (None, "status", "pending", ("En attente de relecture", "Waiting for review")),
    (None, "status", "private", ("Privé", "Private")),
];

impl Rules {
    /// What people call `field`; its own name where the table has none.
    #[must_use]
    pub fn field_label(&self, field: &Field, lang: Lang) -> String {
        let said = FIELDS.iter().find(|(name, _)| *name == field.name);
        said.map_or_else(|| field.name.clone(), |(_, (fr, en))| lang.pick(*fr, *en).to_owned())
    }

    /// What people call the value `choice` of `field`; the value itself where the table has none.
    #[must_use]
    pub fn choice_label(&self, field: &Field, choice: &str, lang: Lang) -> String {
        let said = CHOICES.iter().find(|(network, name, value, _)| {
            network.is_none_or(|n| n == self.network) && *name == field.name && *value == choice
        });
        said.map_or_else(|| choice.to_owned(), |(.., (fr, en))| lang.pick(*fr, *en).to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_declared_field_and_choice_has_a_name_in_both_languages() {
        for network in NetworkId::ALL {
            let rules = Rules::of(*network);
            for field in &rules.fields {
                let named = FIELDS.iter().any(|(name, (fr, en))| {
                    *name == field.name && !fr.trim().is_empty() && !en.trim().is_empty()
                });
                assert!(named, "{network}: {}", field.name);
                for choice in &field.choices {
                    let named = CHOICES.iter().any(|(of, name, value, (fr, en))| {
                        of.is_none_or(|of| of == *network)
                            && (*name, *value) == (field.name.as_str(), choice.as_str())
                            && !fr.trim().is_empty()
                            && !en.trim().is_empty()
                    });
                    assert!(named, "{network}: {} {choice}", field.name);
                }
            }
        }
        let rules = Rules::of(NetworkId::Mastodon);
        let visibility = rules.field("visibility").expect("Mastodon has it");
        assert_eq!(rules.choice_label(visibility, "private", Lang::Fr), "Abonnés");
    }
}
