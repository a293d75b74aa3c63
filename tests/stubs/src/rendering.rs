//! What servers of the fediverse make of a text: HTML, each in its own way.
//!
//! The ways of one server, for accounts whose posts are plain and for those whose posts are Markdown, are held against
//! what it was seen to do; the others are told by their documentation. Deliberately absent: cleaning of hostile HTML
//! beyond the tags that people write, tables, footnotes.

mod inline;
mod markdown;

use inline::Words;

/// A way to show a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rendering {
    /// Mastodon's own: paragraphs, shortened links, every sign escaped.
    #[default]
    Mastodon,
    /// Plain text in which backslashes protect and entities are signs.
    Plain,
    /// Markdown.
    Markdown,
    /// Markdown with curled quotes, dashes, dots and pictures in place of `:smile:`.
    Typographic,
}

impl Rendering {
    /// Every way.
    pub const ALL: &'static [Self] = &[Self::Mastodon, Self::Plain, Self::Markdown, Self::Typographic];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Mastodon => "as-mastodon",
            Self::Plain => "as-plain",
            Self::Markdown => "as-markdown",
            Self::Typographic => "as-typographic",
        }
    }

    /// The text as HTML. `origin` is where the server's own pages are, `http://host:port`; `names` are the people whom it
    /// knows.
    #[must_use]
    pub fn html(self, text: &str, origin: &str, names: &[&str]) -> String {
        let words = Words { rendering: self, origin, names };
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        match self {
            Self::Mastodon => mastodon(&words, &text),
            Self::Plain => plain(&words, &text),
            Self::Markdown | Self::Typographic => markdown::html(&words, &text),
        }
    }
}

/// Empty lines part paragraphs; one line goes on behind a `<br />`.
fn mastodon(words: &Words<'_>, text: &str) -> String {
    let paragraphs = text.trim().split("\n\n").map(|one| one.trim_matches('\n'));
    let each = paragraphs.filter(|one| !one.is_empty()).map(|one| {
        let lines: Vec<String> = one.split('\n').map(|line| words.html(line)).collect();
        format!("<p>{}</p>", lines.join("<br />"))
    });
    each.collect()
}

/// One paragraph, however many lines.
fn plain(words: &Words<'_>, text: &str) -> String {
    if text.trim().is_empty() {
        return String::new();
    }
    let blank = |c| c == ' ' || c == '\t';
    let lines = text.trim_matches(|c| blank(c) || c == '\n').split('\n');
    let lines: Vec<String> = lines.map(|line| words.html(line.trim_matches(blank))).collect();
    format!("<p>{}</p>", lines.join("<br>"))
}

/// A text within HTML as a server that saves bytes writes it: what cannot be mistaken stays as it is.
fn escaped(text: &str, rendering: Rendering) -> String {
    let mut out = String::new();
    let mut signs = text.chars().peekable();
    while let Some(c) = signs.next() {
        let may_be_entity = signs.peek().is_some_and(|next| next.is_ascii_alphanumeric() || *next == '#');
        match (rendering, c) {
            (_, '<') => out.push_str("&lt;"),
            (Rendering::Mastodon, '&') => out.push_str("&amp;"),
            (Rendering::Mastodon, '>') => out.push_str("&gt;"),
            (Rendering::Mastodon, '"') => out.push_str("&quot;"),
            (Rendering::Mastodon, '\'') => out.push_str("&#39;"),
            (_, '&') if may_be_entity => out.push_str("&amp;"),
            _ => out.push(c),
        }
    }
    out
}

/// An address within an attribute.
fn attribute(address: &str) -> String {
    address.replace('&', "&amp;").replace('"', "&#34;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(way: Rendering, text: &str, html: &str) {
        assert_eq!(way.html(text, "http://a.example", &["awa"]), html, "{text:?} {way:?}");
    }

    #[test]
    fn marks_entities_and_backslashes_are_read_where_the_account_is_plain_and_where_it_is_not() {
        for (text, plain, marked) in [
            (r"D:\_photos", "D:_photos", "D:_photos"),
            ("Riz &eacute;tuv&eacute; &amp; mil", "Riz étuvé & mil", "Riz étuvé & mil"),
            ("100 < 200 & 3 > 2", "100 &lt; 200 & 3 > 2", "100 &lt; 200 & 3 > 2"),
            ("_ici_", "_ici_", "<em>ici</em>"),
            ("R&D", "R&amp;D", "R&amp;D"),
            (
                "@awa, @moussa",
                "<span class=\"h-card\"><a href=\"http://a.example/@awa\" class=\"u-url mention\" rel=\"nofollow noreferrer noopener\" target=\"_blank\">@<span>awa</span></a></span>, @moussa",
                "<span class=\"h-card\"><a href=\"http://a.example/@awa\" class=\"u-url mention\" rel=\"nofollow noreferrer noopener\" target=\"_blank\">@<span>awa</span></a></span>, @moussa",
            ),
        ] {
            check(Rendering::Plain, text, &format!("<p>{plain}</p>"));
            check(Rendering::Markdown, text, &format!("<p>{marked}</p>"));
        }
        check(
            Rendering::Markdown,
            "un\n\n- a\n- b\n\n---\n\n> c",
            "<p>un</p><ul><li>a</li><li>b</li></ul><hr><blockquote><p>c</p></blockquote>",
        );
        check(Rendering::Markdown, "Un <script>x</script> <i>y</i>", "<p>Un x <i>y</i></p>");
        check(Rendering::Plain, " deux \n lignes ", "<p>deux<br>lignes</p>");
    }

    #[test]
    fn mastodon_escapes_every_sign_and_shortens_addresses() {
        check(
            Rendering::Mastodon,
            "L'été \"ici\"\n& là\n\n#Riz",
            "<p>L&#39;été &quot;ici&quot;<br />&amp; là</p><p><a href=\"http://a.example/tags/riz\" class=\"mention hashtag\" rel=\"tag\">#<span>Riz</span></a></p>",
        );
        check(
            Rendering::Mastodon,
            "Voir https://www.exemple.org/un/chemin/assez/long/pour/cela.",
            "<p>Voir <a href=\"https://www.exemple.org/un/chemin/assez/long/pour/cela\" target=\"_blank\" rel=\"nofollow noopener\"><span class=\"invisible\">https://www.</span><span class=\"ellipsis\">exemple.org/un/chemin/assez/lo</span><span class=\"invisible\">ng/pour/cela</span></a>.</p>",
        );
    }

    #[test]
    fn a_typographic_server_curls_quotes_and_draws_what_codes_name() {
        check(
            Rendering::Typographic,
            "Il dit \"oui\" -- enfin... :smile:",
            "<p>Il dit “oui” – enfin… 😄</p>",
        );
    }
}
