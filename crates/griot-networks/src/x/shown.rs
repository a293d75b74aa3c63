//! A post's text as X shows it, back to what a person wrote, for comparing only.
//!
//! X puts its own short addresses in place of every link and of the media, writes three letters as entities, and cuts
//! long texts. Deliberately absent: anything that would be shown to a person.

use serde_json::Value;

/// All forms in which the text of `found` may have been written: a link may have been shortened by somebody else
/// before X did, so it is tried as it was written and as where it leads.
pub(super) fn forms(found: &Value) -> Vec<String> {
    // Longer texts are whole in a place of their own, whose name depends on the version of the interface.
    let long =
        ["note_tweet", "note_post"].into_iter().map(|name| &found[name]).find(|n| n["text"].is_string());
    let whole = long.unwrap_or(found);
    let shown = unescaped(whole["text"].as_str().unwrap_or_default());
    let mut links = links(whole);
    // The media's own address stands behind the short text, whose list of links is the other one.
    links.extend(self::links(found));
    // A short address may begin with another one.
    links.sort_by_key(|link| std::cmp::Reverse(link["url"].as_str().map_or(0, str::len)));
    let mut forms: Vec<String> = ["expanded_url", "unwound_url"]
        .into_iter()
        .map(|name| links.iter().fold(shown.clone(), |text, link| written(&text, link, name)))
        .collect();
    forms.dedup();
    forms
}

fn links(of: &Value) -> Vec<&Value> {
    let urls = of["entities"]["urls"].as_array().map(Vec::as_slice).unwrap_or_default();
    urls.iter().filter(|link| link["url"].as_str().is_some_and(|short| !short.is_empty())).collect()
}

/// The text with one short address as it was written; without it when it stands for a medium.
fn written(text: &str, link: &Value, name: &str) -> String {
    let Some(short) = link["url"].as_str() else { return text.to_owned() };
    let shown = link["display_url"].as_str().unwrap_or_default();
    let is_medium = link["media_key"].is_string()
        || ["pic.x.com/", "pic.twitter.com/"].iter().any(|p| shown.starts_with(p));
    let long = [&link[name], &link["expanded_url"]].into_iter().find_map(Value::as_str).unwrap_or(short);
    text.replace(short, if is_medium { "" } else { long })
}

/// The three letters that X escapes, each once: what a person wrote as `&amp;` comes back as `&amp;amp;`.
fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::evidence;

    fn check(wrote: &str, found: &Value, is_same: bool) {
        let likeness = evidence::relinked(wrote, &forms(found));
        assert_eq!(likeness == evidence::Likeness::Same, is_same, "{wrote}\n{:?}", forms(found));
    }

    fn link(short: &str, expanded: &str) -> Value {
        json!({"url": short, "expanded_url": expanded, "display_url": expanded})
    }

    #[test]
    fn a_text_is_known_again_behind_what_x_makes_of_it() {
        check("Bonjour", &json!({}), false);
        check("Bonjour", &json!({"text": "Bonsoir"}), false);
        check("Bonjour", &json!({"text": "bonjour"}), false);
        check("e\u{301}té  à\n\nBamako", &json!({"text": "été à\nBamako"}), true);
        check("Riz & mil <3 >2", &json!({"text": "Riz &amp; mil &lt;3 &gt;2"}), true);
        check("le code &amp; en clair", &json!({"text": "le code &amp;amp; en clair"}), true);
        check("le code &amp; en clair", &json!({"text": "le code &amp; en clair"}), false);
    }

    #[test]
    fn links_are_compared_as_they_were_written() {
        let one = |expanded: &str| json!({"text": "Lire https://t.co/abc vite", "entities": {"urls": [link("https://t.co/abc", expanded)]}});
        check("Lire https://exemple.com/Page?a=1&b=2 vite", &one("https://exemple.com/Page?a=1&b=2"), true);
        check("Lire exemple.com vite", &one("http://exemple.com"), true);
        check("Lire https://Exemple.com/ vite", &one("https://exemple.com"), true);
        check("Lire https://exemple.com/page vite", &one("https://exemple.com/Page"), false);
        check("Lire https://t.co/abc vite", &json!({"text": "Lire https://t.co/abc vite"}), true);
        let mut shortened = one("https://bit.ly/x");
        shortened["entities"]["urls"][0]["unwound_url"] = json!("https://exemple.com/long");
        check("Lire https://bit.ly/x vite", &shortened, true);
        check("Lire https://exemple.com/long vite", &shortened, true);
        check("Lire https://autre.com vite", &shortened, false);
        let two = json!({"text": "https://t.co/ab https://t.co/abc", "entities": {"urls": [
            link("https://t.co/ab", "https://a.example"), link("https://t.co/abc", "https://b.example")]}});
        check("https://a.example https://b.example", &two, true);
    }

    #[test]
    fn the_address_of_a_medium_is_not_a_part_of_the_text() {
        let shown = |more: Value| {
            let mut medium = link("https://t.co/pic", "https://x.com/awa/status/7/photo/1");
            medium.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            json!({"text": "Le marché https://t.co/pic", "entities": {"urls": [medium]}})
        };
        check("Le marché", &shown(json!({"media_key": "3_7"})), true);
        check("Le marché", &shown(json!({"display_url": "pic.x.com/abc"})), true);
        check("Le marché", &shown(json!({"display_url": "pic.twitter.com/abc"})), true);
        check("Le marché", &shown(json!({})), false);
    }

    #[test]
    fn a_long_text_is_compared_whole() {
        let long = "é".repeat(400);
        for name in ["note_tweet", "note_post"] {
            let mut found = json!({"text": format!("{}… https://t.co/pic", "é".repeat(270)),
                "entities": {"urls": [{"url": "https://t.co/pic", "media_key": "3_7"}]}});
            check(&long, &found, false);
            found[name] = json!({"text": format!("{long} https://t.co/b"), "entities": {"urls": [link("https://t.co/b", "https://b.example")]}});
            check(&format!("{long} b.example"), &found, true);
        }
    }
}
