//! What a person writes once, and what differs per network.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::edit::Edit;
use crate::id::{AssetId, PostId, RevisionId};
use crate::network::NetworkId;
use crate::text::cleaned;
use crate::time::Timestamp;

/// A picture or film in a post.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Attachment {
    /// What is shown.
    pub asset: AssetId,
    /// Alt text in this post; the asset's own is copied here when the post is written.
    #[serde(default)]
    pub alt: String,
    /// What a person changed in it for this post.
    #[serde(default, skip_serializing_if = "Edit::is_nothing")]
    #[ts(optional, as = "Option<Edit>")]
    pub edit: Edit,
}

impl Attachment {
    /// An asset as it is.
    #[must_use]
    pub fn new(asset: AssetId, alt: impl Into<String>) -> Self {
        Self { asset, alt: alt.into(), edit: Edit::default() }
    }
}

/// What differs for one network. An absent part is the post's own.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Variant {
    /// The text for this network.
    pub text: Option<String>,
    /// The media for this network, in order. An empty list means: none here.
    pub media: Option<Vec<Attachment>>,
    /// Values of fields that the network's rules declare (title, visibility, spoiler, ...).
    pub fields: BTreeMap<String, String>,
}

/// All a person wrote: the base and the variants.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Content {
    /// The text.
    pub text: String,
    /// The media, in order.
    pub media: Vec<Attachment>,
    /// What differs, by network.
    #[ts(as = "BTreeMap<String, Variant>")]
    pub variants: BTreeMap<NetworkId, Variant>,
}

/// What one network gets: base and variant put together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(default)]
pub struct Effective {
    /// The text.
    pub text: String,
    /// The media, in order.
    pub media: Vec<Attachment>,
    /// Values of the declared fields.
    pub fields: BTreeMap<String, String>,
}

impl Content {
    /// What `network` gets: its words without what no keyboard types, see [`cleaned`].
    #[must_use]
    pub fn for_network(&self, network: NetworkId) -> Effective {
        let variant = self.variants.get(&network);
        let text = variant.and_then(|v| v.text.as_ref()).unwrap_or(&self.text);
        let media = variant.and_then(|v| v.media.as_ref()).unwrap_or(&self.media);
        let sent = |words: &str| cleaned(words).into_owned();
        let attachment = |one: &Attachment| Attachment { alt: sent(&one.alt), ..one.clone() };
        let fields = variant.map(|v| &v.fields).into_iter().flatten();
        Effective {
            text: sent(text),
            media: media.iter().map(attachment).collect(),
            fields: fields.map(|(name, value)| (name.clone(), sent(value))).collect(),
        }
    }

    /// Every asset that is named anywhere, each once, in order of first mention.
    #[must_use]
    pub fn assets(&self) -> Vec<AssetId> {
        let mut seen = Vec::new();
        let variants = self.variants.values().filter_map(|v| v.media.as_ref()).flatten();
        for attachment in self.media.iter().chain(variants) {
            if !seen.contains(&attachment.asset) {
                seen.push(attachment.asset);
            }
        }
        seen
    }
}

/// A post; its content is in its revisions.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Post {
    /// The post.
    pub id: PostId,
    /// The revision that is shown and, until a delivery is frozen, sent.
    pub current: RevisionId,
    /// When it was first written.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

/// One saved state of a post. Revisions are never changed and never deleted while a delivery needs them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Revision {
    /// The revision.
    pub id: RevisionId,
    /// Its post.
    pub post: PostId,
    /// 1, 2, 3, ... within the post.
    pub number: u32,
    /// What it says.
    pub content: Content,
    /// When it was saved.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_variant_replaces_only_what_it_names() {
        let mut content = Content { text: "base".into(), ..Content::default() };
        content.variants.insert(
            NetworkId::Mastodon,
            Variant {
                text: Some("toot".into()),
                fields: [("visibility".into(), "unlisted".into())].into(),
                ..Variant::default()
            },
        );
        assert_eq!(content.for_network(NetworkId::Bluesky).text, "base");
        let toot = content.for_network(NetworkId::Mastodon);
        assert_eq!((toot.text.as_str(), toot.fields["visibility"].as_str()), ("toot", "unlisted"));
    }

    #[test]
    fn what_was_pasted_with_other_ends_of_lines_goes_out_with_line_breaks() {
        let mut content = Content { text: "\u{FEFF}un\u{2028}deux".into(), ..Content::default() };
        let toot = Variant {
            text: Some("trois\u{B}quatre".into()),
            fields: [("spoiler".into(), "\u{FEFF}cinq\u{0}".into())].into(),
            ..Variant::default()
        };
        content.variants.insert(NetworkId::Mastodon, toot);
        assert_eq!(content.for_network(NetworkId::Bluesky).text, "un\ndeux");
        let toot = content.for_network(NetworkId::Mastodon);
        assert_eq!((toot.text.as_str(), toot.fields["spoiler"].as_str()), ("trois\nquatre", "cinq"));
    }
}
