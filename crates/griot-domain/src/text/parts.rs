//! What a network's readers will see as links, hashtags and names in a text.
//!
//! About, for previews and for cutting a text where it may be cut. What is sent to a network is said by that network's
//! own rules (Bluesky: `links`). Deliberately absent: whether an address or a person exists.

use super::links::{self, Kind as FacetKind};
use super::mastodon;
use super::x::{self, Tails};
use crate::network::NetworkId;

/// What a part of a text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// An address.
    Link,
    /// A hashtag.
    Hashtag,
    /// Somebody's name.
    Mention,
}

/// A part of a text that is more than words. Offsets are bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Part {
    /// Where it starts.
    pub start: usize,
    /// Where it ends, exclusive.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// The parts of `text` on `network`, in order; none overlaps another.
#[must_use]
pub fn parts(text: &str, network: NetworkId) -> Vec<Part> {
    let mut found = match network {
        NetworkId::Bluesky => of_bluesky(text),
        NetworkId::Mastodon => of_mastodon(text),
        _ => of_x(text),
    };
    found.retain(|part| shows(network, part.kind));
    found.sort_by_key(|part| (part.start, part.end));
    let mut end = 0;
    found.retain(|part| {
        let free = part.start >= end;
        if free {
            end = part.end;
        }
        free
    });
    found
}

/// Whether the network makes something of such a part. Captions of Instagram and TikTok hold no links, and what
/// stands on a page of one's own is no hashtag.
fn shows(network: NetworkId, kind: Kind) -> bool {
    use NetworkId::{Discourse, Instagram, Phpbb, Tiktok, Whatsapp, Wordpress};
    match kind {
        Kind::Link => !matches!(network, Instagram | Tiktok),
        Kind::Hashtag => !matches!(network, Whatsapp | Phpbb | Wordpress | Discourse),
        Kind::Mention => !matches!(network, Whatsapp | Phpbb | Wordpress),
    }
}

fn of_bluesky(text: &str) -> Vec<Part> {
    let kind = |facet: &FacetKind| match facet {
        FacetKind::Link(_) => Kind::Link,
        FacetKind::Mention(_) => Kind::Mention,
        FacetKind::Tag(_) => Kind::Hashtag,
    };
    let part = |f: links::Facet| Part { start: f.start, end: f.end, kind: kind(&f.kind) };
    links::facets(text).into_iter().map(part).collect()
}

fn of_mastodon(text: &str) -> Vec<Part> {
    let names = mastodon::mentions(text);
    let names = names.iter().map(|m| Part { start: m.start, end: m.end, kind: Kind::Mention });
    addresses(text, Tails::Mastodon).chain(names).chain(hashtags(text)).collect()
}

fn of_x(text: &str) -> Vec<Part> {
    let names = x::mentions(text);
    let names = names.iter().map(|m| Part { start: m.start, end: m.end, kind: Kind::Mention });
    addresses(text, Tails::X).chain(names).chain(hashtags(text)).collect()
}

fn addresses(text: &str, tails: Tails) -> impl Iterator<Item = Part> {
    x::urls(text, tails).into_iter().map(|link| Part { start: link.start, end: link.end, kind: Kind::Link })
}

fn hashtags(text: &str) -> Vec<Part> {
    let tags = x::hashtags(text);
    tags.iter().map(|tag| Part { start: tag.start, end: tag.end, kind: Kind::Hashtag }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(network: NetworkId, text: &str, expected: &[(&str, Kind)]) {
        let found = parts(text, network);
        let found: Vec<_> = found.iter().map(|p| (&text[p.start..p.end], p.kind)).collect();
        assert_eq!(found, expected, "{network}");
    }

    #[test]
    fn each_network_reads_its_own_parts() {
        use Kind::{Hashtag, Link, Mention};
        let text = "Lisez https://exemple.com/a#b avec @ami.bsky.social et @ami@exemple.social #Ségou";
        check(
            NetworkId::Bluesky,
            text,
            &[("https://exemple.com/a#b", Link), ("@ami.bsky.social", Mention), ("#Ségou", Hashtag)],
        );
        check(
            NetworkId::Mastodon,
            text,
            &[
                ("https://exemple.com/a#b", Link),
                ("@ami.bsky.social", Mention),
                ("@ami@exemple.social", Mention),
                ("#Ségou", Hashtag),
            ],
        );
        check(NetworkId::Whatsapp, text, &[("https://exemple.com/a#b", Link)]);
        check(NetworkId::Instagram, "exemple.com #Ségou @ami", &[("#Ségou", Hashtag), ("@ami", Mention)]);
        check(NetworkId::X, "exemple.com/#ancre", &[("exemple.com/#ancre", Link)]);
    }
}
