//! A text's weight, and what X shows of it: three letters escaped, short addresses in place of links and media.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::{Value, json};

use crate::stub::Held;

static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"https?://[^\s]+[^\s.,;:!?)»”’]").expect("BUG: the pattern is fixed"));
static CASHTAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|\s)\$[A-Za-z]{1,6}\b").expect("BUG: the pattern is fixed"));

/// The weight, rounded in the client's favour: a sequence of emoji is one, and links without a scheme are words.
pub(super) fn weight(text: &str) -> usize {
    let links = LINK.find_iter(text).count();
    let rest = LINK.replace_all(text, "");
    let mut weight = links * 23;
    let mut joined = false;
    for c in rest.chars() {
        let is_joiner = c == '\u{200d}';
        let is_mark = matches!(c, '\u{fe0f}' | '\u{20e3}' | '\u{1f3fb}'..='\u{1f3ff}');
        if !joined && !is_joiner && !is_mark {
            weight += match c {
                // Two of them make a flag.
                '\u{1f1e6}'..='\u{1f1ff}' => 1,
                '\0'..='\u{10ff}' | '\u{2000}'..='\u{200d}' | '\u{2010}'..='\u{201f}' => 1,
                '\u{2032}'..='\u{2037}' => 1,
                _ => 2,
            };
        }
        joined = is_joiner;
    }
    weight
}

/// How many cashtags are in it.
pub(super) fn cashtags(text: &str) -> usize {
    CASHTAG.find_iter(text).count()
}

/// What X shows, and where its short addresses lead.
pub(super) fn shown(post: &Held) -> (String, Vec<Value>) {
    let mut urls = Vec::new();
    let mut text = String::new();
    let mut from = 0;
    for (number, link) in LINK.find_iter(&post.text).enumerate() {
        text.push_str(&escaped(&post.text[from..link.start()]));
        let short = format!("https://t.co/{}x{number}", &post.id[post.id.len() - 6..]);
        urls.push(json!({"url": short, "expanded_url": link.as_str(), "display_url": link.as_str()}));
        text.push_str(&short);
        from = link.end();
    }
    text.push_str(&escaped(&post.text[from..]));
    if let Some(first) = post.media.first() {
        let short = format!("https://t.co/{}m", &post.id[post.id.len() - 6..]);
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&short);
        // One address stands for all of them.
        for medium in &post.media {
            let page = format!("https://x.com/{}/status/{}/photo/1", super::USERNAME, post.id);
            urls.push(
                json!({"url": short, "expanded_url": page, "display_url": format!("pic.x.com/{}", first.id),
                "media_key": format!("3_{}", medium.id)}),
            );
        }
    }
    (text, urls)
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_weights() {
        for (text, expected) in [
            ("Hi http://test.co", 26),
            ("H🐱☺👨‍👩‍👧‍👦", 7),
            ("😷👾😡🔥💩", 10),
            ("🙋🏽👨‍🎤", 4),
            ("Hello, world! 👋", 16),
            ("été", 3),
        ] {
            assert_eq!(weight(text), expected, "{text}");
        }
        assert_eq!(weight(&"故".repeat(160)), 320);
        assert_eq!((cashtags("$AB et $CD"), cashtags("5$ et a$b")), (2, 0));
    }
}
