//! Where a person goes to publish by hand, and in which order the place's form asks for what.

use std::collections::BTreeMap;

use super::{ByHand, Field, Rules};

impl ByHand {
    /// The page to open for an account on `server` and a post with `fields`. An account whose address is a page of its
    /// own (a group, a channel) is opened there. Nothing when the page is on the account's own site and the site is not
    /// known.
    #[must_use]
    pub fn address(&self, server: &str, fields: &BTreeMap<String, String>) -> Option<String> {
        let server = server.trim().trim_end_matches('/');
        if !self.page.contains("{server}") {
            return Some(if is_page(server) { server.to_owned() } else { self.page.clone() });
        }
        if server.is_empty() {
            return None;
        }
        if !self.page.contains("{forum}") {
            return Some(self.page.replace("{server}", server));
        }
        // Without its number there is no form to open, only the list of forums.
        Some(match fields.get("forum").and_then(|forum| number(forum)) {
            Some(forum) => self.page.replace("{server}", server).replace("{forum}", forum),
            None => format!("{server}/"),
        })
    }
}

/// Whether `address` leads further than to the front of a site.
fn is_page(address: &str) -> bool {
    let bare = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    bare.and_then(|bare| bare.split_once('/'))
        .is_some_and(|(host, path)| !host.is_empty() && !path.is_empty())
}

/// The number of a forum, where `forum` is one or is the address of the forum's page (`viewforum.php?f=3`).
fn number(forum: &str) -> Option<&str> {
    let forum = forum.trim();
    let query = forum.split_once('?').map(|(_, query)| query.split('#').next().unwrap_or(query));
    let named = query.and_then(|query| query.split('&').find_map(|pair| pair.strip_prefix("f=")));
    named.or(Some(forum)).filter(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
}

impl Rules {
    /// The declared fields in the order of the place's own form: those before the text, and those after it.
    #[must_use]
    pub fn form(&self) -> (Vec<&Field>, Vec<&Field>) {
        let before = &self.by_hand.before;
        let first = before.iter().filter_map(|name| self.field(name)).collect();
        (first, self.fields.iter().filter(|field| !before.contains(&field.name)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::NetworkId;

    fn page(network: NetworkId, server: &str, forum: &str) -> Option<String> {
        let fields = BTreeMap::from([("forum".to_owned(), forum.to_owned())]);
        Rules::of(network).by_hand.address(server, &fields)
    }

    #[test]
    fn a_page_on_the_own_site_needs_the_site() {
        let own = "https://forum.example/phpbb/";
        let form = Some("https://forum.example/phpbb/posting.php?mode=post&f=12".to_owned());
        for forum in ["12", " 12 ", "https://forum.example/viewforum.php?sid=a&f=12#top"] {
            assert_eq!(page(NetworkId::Phpbb, own, forum), form);
        }
        for forum in ["", "Annonces", "https://forum.example/viewforum.php?f=", "12&mode=delete"] {
            assert_eq!(page(NetworkId::Phpbb, own, forum).as_deref(), Some("https://forum.example/phpbb/"));
        }
        assert_eq!(page(NetworkId::Phpbb, "", "12"), None);
        assert_eq!(page(NetworkId::X, "", "").as_deref(), Some("https://x.com/compose/post"));
    }

    #[test]
    fn a_group_has_a_page_of_its_own() {
        let group = "https://www.facebook.com/groups/marche";
        assert_eq!(page(NetworkId::Facebook, group, "").as_deref(), Some(group));
        for front in ["", "https://www.facebook.com/", "groups/marche", "https://"] {
            assert_eq!(page(NetworkId::Facebook, front, "").as_deref(), Some("https://www.facebook.com/"));
        }
    }

    #[test]
    fn the_form_names_declared_fields_once_each() {
        for network in NetworkId::ALL {
            let rules = Rules::of(*network);
            let (before, after) = rules.form();
            assert_eq!(before.len(), rules.by_hand.before.len(), "{network}");
            assert_eq!(before.len() + after.len(), rules.fields.len(), "{network}");
        }
        let (before, _) = Rules::of(NetworkId::Phpbb).form();
        assert_eq!(before.iter().map(|field| field.name.as_str()).collect::<Vec<_>>(), ["forum", "title"]);
    }
}
