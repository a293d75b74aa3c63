//! An article's content as WordPress's own editor writes it: blocks between comments, so that a person can go on
//! with it there.
//!
//! Everything a person wrote is text: no markup and no shortcode comes into being from it. Deliberately absent:
//! headings, lists, quotes, layout.

use griot_domain::text::parts::{Kind, parts};
use griot_domain::{MediaKind, NetworkId};
use unicode_normalization::UnicodeNormalization;

use super::media::Placed;

/// The content: the text's paragraphs, then the media in their order, pictures beside each other as a gallery.
pub(super) fn content(text: &str, media: &[Placed]) -> String {
    let mut blocks: Vec<String> = paragraphs(text).iter().map(|lines| paragraph(lines)).collect();
    for run in media.chunk_by(|one, next| one.kind == MediaKind::Image && next.kind == MediaKind::Image) {
        blocks.push(match run {
            [one] if one.kind == MediaKind::Video => film(one),
            [one] => picture(one),
            many => gallery(many),
        });
    }
    blocks.join("\n\n")
}

/// A text as HTML that shows exactly it.
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            // Shortcodes are found in the finished HTML. Three digits are what a site would make of it anyway: what it
            // changed, it would not know as the same again.
            '[' => out.push_str("&#091;"),
            ']' => out.push_str("&#093;"),
            c => out.push(c),
        }
    }
    out
}

/// A text on one line, in the form that is compared and sent.
pub(super) fn line(text: &str) -> String {
    let composed: String = text.nfc().collect();
    composed.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The lines of each paragraph; empty lines divide them.
fn paragraphs(text: &str) -> Vec<Vec<String>> {
    let text: String = text.nfc().collect();
    let lines: Vec<String> = text.lines().map(|line| line.trim_end().to_owned()).collect();
    let groups = lines.split(|line| line.is_empty()).filter(|group| !group.is_empty());
    groups.map(<[String]>::to_vec).collect()
}

fn paragraph(lines: &[String]) -> String {
    let inner = match lines {
        // An address alone is what the site makes a card or a player of.
        [alone] if is_address(alone) => escaped(alone),
        lines => lines.iter().map(|line| linked(line)).collect::<Vec<_>>().join("<br>"),
    };
    format!("<!-- wp:paragraph -->\n<p>{inner}</p>\n<!-- /wp:paragraph -->")
}

fn is_address(line: &str) -> bool {
    let found = parts(line, NetworkId::Wordpress);
    matches!(found.as_slice(), [one] if one.kind == Kind::Link && one.start == 0 && one.end == line.len())
        && has_scheme(line)
}

fn has_scheme(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://")
}

/// A line as HTML. WordPress does not link addresses in articles by itself.
fn linked(line: &str) -> String {
    let mut out = String::new();
    let mut at = 0;
    for part in parts(line, NetworkId::Wordpress).iter().filter(|part| part.kind == Kind::Link) {
        let shown = &line[part.start..part.end];
        let address = if has_scheme(shown) { shown.to_owned() } else { format!("https://{shown}") };
        out.push_str(&escaped(&line[at..part.start]));
        out.push_str(&format!("<a href=\"{}\">{}</a>", escaped(&address), escaped(shown)));
        at = part.end;
    }
    out + &escaped(&line[at..])
}

fn picture(placed: &Placed) -> String {
    let (id, url, alt) = (placed.id, escaped(&placed.url), escaped(&line(&placed.alt)));
    format!(
        "<!-- wp:image {{\"id\":{id},\"sizeSlug\":\"full\",\"linkDestination\":\"none\"}} -->\n\
         <figure class=\"wp-block-image size-full\"><img src=\"{url}\" alt=\"{alt}\" class=\"wp-image-{id}\"/></figure>\n\
         <!-- /wp:image -->"
    )
}

fn gallery(placed: &[Placed]) -> String {
    let pictures: Vec<String> = placed.iter().map(picture).collect();
    format!(
        "<!-- wp:gallery {{\"linkTo\":\"none\"}} -->\n\
         <figure class=\"wp-block-gallery has-nested-images columns-default is-cropped\">{}</figure>\n\
         <!-- /wp:gallery -->",
        pictures.join("\n\n")
    )
}

fn film(placed: &Placed) -> String {
    let (id, url) = (placed.id, escaped(&placed.url));
    format!(
        "<!-- wp:video {{\"id\":{id}}} -->\n\
         <figure class=\"wp-block-video\"><video controls src=\"{url}\"></video></figure>\n\
         <!-- /wp:video -->"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paragraph_of(inner: &str) -> String {
        format!("<!-- wp:paragraph -->\n<p>{inner}</p>\n<!-- /wp:paragraph -->")
    }

    fn check(text: &str, inner: &[&str]) {
        let expected: Vec<_> = inner.iter().map(|inner| paragraph_of(inner)).collect();
        assert_eq!(content(text, &[]), expected.join("\n\n"), "{text}");
    }

    #[test]
    fn what_a_person_wrote_is_shown_and_never_run() {
        check("", &[]);
        check(" \n\n ", &[]);
        check(
            "<script>alert(\"x\")</script> & co",
            &["&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; co"],
        );
        check("<!-- /wp:paragraph --> [gallery]", &["&lt;!-- /wp:paragraph --&gt; &#091;gallery&#093;"]);
        check("Un\r\ndeux\r\n\r\n\r\ntrois", &["Un<br>deux", "trois"]);
        check("e\u{301}te\u{301}", &["été"]);
        check("https://videos.example.com/w?v=1&t=2", &["https://videos.example.com/w?v=1&amp;t=2"]);
        check(
            "Lire https://example.com/a?b=1&c=2 ici, et example.com/d.",
            &[
                "Lire <a href=\"https://example.com/a?b=1&amp;c=2\">https://example.com/a?b=1&amp;c=2</a> ici, et <a href=\"https://example.com/d\">example.com/d</a>.",
            ],
        );
    }

    #[test]
    fn pictures_beside_each_other_are_a_gallery() {
        let placed = |id, kind, alt: &str| Placed {
            id,
            url: format!("https://b.example/{id}"),
            alt: alt.into(),
            kind,
        };
        let media = [
            placed(1, MediaKind::Image, "Un \"marché\"\n<bleu>"),
            placed(2, MediaKind::Video, ""),
            placed(3, MediaKind::Image, "a"),
            placed(4, MediaKind::Image, "b"),
        ];
        let made = content("", &media);
        assert!(made.contains("alt=\"Un &quot;marché&quot; &lt;bleu&gt;\" class=\"wp-image-1\"/>"), "{made}");
        assert!(made.contains("<!-- wp:video {\"id\":2} -->"), "{made}");
        let (single, rest) = made.split_once("wp:video").unwrap();
        assert!(!single.contains("wp:gallery") && rest.matches("<!-- wp:gallery").count() == 1, "{made}");
        assert!(rest.contains("wp-image-3") && rest.contains("wp-image-4"), "{made}");
    }

    proptest::proptest! {
        #[test]
        fn every_text_is_shown_as_it_was_written(
            text in r"(\PC|[*_~`\\<>&;#\[\]/!-]|&amp;|&copy;|<b>|<!--|\[gallery\]|ߒߞߏ|مرحبا|👩🏿‍🌾){0,40}"
        ) {
            proptest::prop_assert_eq!(crate::evidence::to_text(&escaped(&text)), text);
        }
    }
}
