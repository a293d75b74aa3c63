//! A status as a server shows it, back to the text that a person wrote, for comparing only.
//!
//! Deliberately absent: rendering, and anything that would be shown to a person.

use unicode_normalization::UnicodeNormalization;

/// A status's HTML as plain text.
pub(crate) fn to_text(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        unescape(&rest[..at], &mut text);
        let tag = &rest[at..];
        let end = tag.find('>').map_or(tag.len(), |end| end + 1);
        let name = tag[..end].trim_start_matches(['<', '/']).to_ascii_lowercase();
        if ["br", "p", "div", "li", "blockquote", "h1", "h2", "h3"].iter().any(|block| is_tag(&name, block)) {
            text.push('\n');
        }
        rest = &tag[end..];
    }
    unescape(rest, &mut text);
    text
}

fn is_tag(found: &str, wanted: &str) -> bool {
    found.strip_prefix(wanted).is_some_and(|after| after.starts_with(['>', ' ', '/']) || after.is_empty())
}

fn unescape(escaped: &str, into: &mut String) {
    let mut rest = escaped;
    while let Some(at) = rest.find('&') {
        into.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.find(';').and_then(|end| entity(&rest[1..end]).map(|c| (c, end + 1))) {
            Some((c, after)) => {
                into.push(c);
                rest = &rest[after..];
            }
            None => {
                into.push('&');
                rest = &rest[1..];
            }
        }
    }
    into.push_str(rest);
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            char::from_u32(code.ok()?)
        }
    }
}

/// Two texts are the same post's when their forms are equal: NFC, runs of white space as one space, `@user@host` as
/// `@user` (servers show it so), and no emphasis marks (some servers turn them into markup).
pub(super) fn comparable(text: &str) -> String {
    let composed: String = text.nfc().filter(|c| !matches!(c, '*' | '`' | '~' | '\u{200b}')).collect();
    composed.split_whitespace().map(without_host).collect::<Vec<_>>().join(" ")
}

fn without_host(word: &str) -> String {
    let mut out = String::new();
    let mut rest = word;
    while let Some(at) = rest.find('@') {
        let before_is_name = rest[..at].ends_with(|c: char| c.is_alphanumeric());
        let name = rest[at + 1..].len() - rest[at + 1..].trim_start_matches(is_name).len();
        out.push_str(&rest[..=at + name]);
        rest = &rest[at + 1 + name..];
        let host = rest.strip_prefix('@').filter(|_| name > 0 && !before_is_name);
        if let Some(host) = host {
            let after = host.trim_start_matches(is_name);
            // A full stop or a hyphen at the end belongs to the sentence.
            let host_end = host[..host.len() - after.len()].trim_end_matches(['.', '-']).len();
            rest = &host[host_end..];
        }
    }
    out + rest
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '.' | '-' | ':')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, shown: &str) {
        assert_eq!(comparable(&to_text(shown)), comparable(written), "{shown}");
    }

    #[test]
    fn what_a_server_shows_is_what_was_written() {
        check("", "<p></p>");
        check("Deux lignes\net plus\n\nEncore", "<p>Deux lignes<br />et plus</p><p>Encore</p>");
        check("a < b & c > \"d\"", "<p>a &lt; b &amp; c &gt; &quot;d&quot;</p>");
        check("l'été", "<p>l&#39;e\u{301}te\u{301}</p>");
        check("tout va&bien; et &nothing", "<p>tout va&amp;bien; et &nothing</p>");
        check(
            "Lire https://www.example.com/a/very/long/path ici",
            "<p>Lire <a href=\"https://www.example.com/a/very/long/path\" rel=\"nofollow\"><span class=\"invisible\">https://www.</span><span class=\"ellipsis\">example.com/a/very</span><span class=\"invisible\">/long/path</span></a> ici</p>",
        );
        check(
            "Bravo @awa@mastodon.example, @moussa!",
            "<p>Bravo <span class=\"h-card\"><a href=\"https://mastodon.example/@awa\">@<span>awa</span></a></span>, <a>@<span>moussa</span></a>!</p>",
        );
        check("Merci @awa@mastodon.example.", "<p>Merci <a>@awa</a>.</p>");
        check("écrire à awa@example.com", "<p>écrire à awa@example.com</p>");
        check("#Bamako", "<p><a href=\"/tags/bamako\">#<span>Bamako</span></a></p>");
        check("un **mot** fort", "<p>un <strong>mot</strong> fort</p>");
        check("fin", "<p>fin</p");
    }

    #[test]
    fn other_texts_are_other_posts() {
        let key = |text| comparable(text);
        assert_ne!(key("Partie 1/2"), key("Partie 2/2"));
        assert_ne!(key("@awa@a.example oui"), key("@moussa@a.example oui"));
        assert_ne!(key("oui"), key("non"));
    }
}
