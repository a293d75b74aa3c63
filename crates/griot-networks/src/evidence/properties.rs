//! Whatever a person writes and whatever a server makes of it: our own post is never taken for another, and another is
//! not taken for ours.
//!
//! The Markdown is rendered by a library that knows nothing of how it is read here; the rest are the manners of servers
//! that were recorded, in every combination.

use proptest::prelude::*;
use pulldown_cmark::{Options, Parser, html as markdown};
use regex::{Captures, Regex};
use unicode_normalization::UnicodeNormalization;

use super::*;

/// Pieces of texts that servers take for something else.
const TROUBLE: &[&str] = &[
    "¯\\_(ツ)_/¯",
    "C:\\_new\\*.txt",
    "a\\_b \\*c",
    "&amp;",
    "&copy;",
    "&eacute;",
    "&#65;",
    "&#x1f600;",
    "&copy 2026",
    "R&D",
    "a < b & c > d",
    "<b>bold</b>",
    "<script>x</script>",
    "<!-- not -->",
    "<3",
    "I <3 you",
    "_x_",
    "**y**",
    "~~z~~",
    "`q`",
    "2*3*4 = 24",
    "snake_case_name",
    "- one",
    "1. un",
    "2) deux",
    "> cité",
    "# Titre",
    "\n\n---\n\n",
    "```\ncode\n```",
    "```rust",
    "[ici](https://a.example \"titre\")",
    "![alt](https://a.example/i.png)",
    "[x]: https://a.example",
    "[x]",
    "[^1]",
    "[^1]: note",
    "<https://a.example/x>",
    "https://www.a.example/a/rather/long/path?x=1&y=2",
    "a.example",
    "awa@a.example",
    "@awa",
    "@awa@a.example",
    "#Étiquette",
    "#tag-with",
    "\"cité\"",
    "« cité »",
    "l'été",
    "--",
    "...",
    "9x9",
    "(c)",
    "(tm)",
    ":smile:",
    ":100:",
    "☀️",
    "👩🏾‍🌾",
    "1️⃣",
    "ℹ️",
    ":-D",
    "8)",
    "ﬁ",
    "①",
    "½",
    "ߒߞߏ",
    "العربية",
    "हिन्दी",
    "e\u{301}",
    "é",
    "\u{ad}",
    "\u{200b}",
    "\u{2028}",
    "\u{a0}:",
    "\t",
    "  ",
    "\r\n",
    "\n",
    "\n\n",
    "| a | b |\n|---|---|\n| c | d | e |",
    "[b]fort[/b]",
    "$x$",
    "{#id}",
    "\\",
    "*",
    "_",
    "|",
    "=",
    "~",
    "(",
    ")",
    "[",
    "]",
    "<",
    ">",
    "&",
    ";",
    "©",
    "™",
];

fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => proptest::sample::select(TROUBLE).prop_map(str::to_owned),
        3 => "[a-zA-Zà-ÿ0-9]{1,8}".prop_map(String::from),
        1 => "\\PC{0,5}".prop_map(String::from),
        1 => proptest::collection::vec(any::<char>(), 0..4).prop_map(|all| all.into_iter().collect()),
    ];
    let joint = proptest::sample::select(&["", " ", " ", "\n"][..]);
    proptest::collection::vec((piece, joint), 0..10)
        .prop_map(|all| all.into_iter().flat_map(|(piece, joint)| [piece, joint.to_owned()]).collect())
}

/// One way in which a server makes HTML of a text.
#[derive(Debug, Clone, Copy)]
enum Base {
    Escaped,
    /// Entities and escapes are read although nobody asked for Markdown (recorded of a plain account).
    ReadsEscapes,
    Markdown(u32),
    /// What looks like a tag is dropped.
    StripsTags,
    Bbcode,
}

fn base() -> impl Strategy<Value = Base> {
    prop_oneof![
        Just(Base::Escaped),
        Just(Base::ReadsEscapes),
        any::<u32>().prop_map(Base::Markdown),
        Just(Base::StripsTags),
        Just(Base::Bbcode),
    ]
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn lines(html: &str) -> String {
    format!("<p>{}</p>", html.replace("\r\n", "\n").replace('\n', "<br />"))
}

fn replaced(text: &str, pattern: &str, with: impl Fn(&Captures<'_>) -> String) -> String {
    Regex::new(pattern).unwrap().replace_all(text, |found: &Captures<'_>| with(found)).into_owned()
}

fn made(base: Base, text: &str) -> String {
    match base {
        Base::Escaped => lines(&escaped(text)),
        Base::ReadsEscapes => {
            let read = html::decoded(text).replace("&copy;", "©").replace("&eacute;", "é");
            lines(&escaped(&replaced(&read, r"\\([!-/:-@\[-`{-~])", |found| found[1].to_owned())))
        }
        Base::Markdown(chance) => {
            let options = Options::from_bits_truncate(chance)
                - Options::ENABLE_YAML_STYLE_METADATA_BLOCKS
                - Options::ENABLE_PLUSES_DELIMITED_METADATA_BLOCKS;
            let mut html = String::new();
            markdown::push_html(&mut html, Parser::new_ext(text, options));
            html
        }
        Base::StripsTags => lines(&escaped(&replaced(text, r"<[^\s>][^>]*(?:>|$)", |_| String::new()))),
        Base::Bbcode => lines(&replaced(&escaped(text), r"\[(/?)([a-z]+)\]", |found| {
            format!("<{}{}>", &found[1], &found[2])
        })),
    }
}

/// What else a server does, each or not: to the words between the tags, or to the whole.
const MANNERS: u32 = 12;

/// Links, mentions and tags, as servers make them.
fn linked(mut html: String, does: impl Fn(u32) -> bool) -> String {
    let link = r"https?://[^\s<]+|\b[a-z]+\.example[^\s<]*";
    if does(0) {
        html =
            words(&html, |text| replaced(text, link, |found| format!("<a href=\"{0}\">{0}</a>", &found[0])));
    } else if does(1) {
        html = words(&html, |text| {
            replaced(text, link, |found| {
                let short: String = found[0].trim_start_matches("https://").chars().take(9).collect();
                format!("<a href=\"https://t.example/1\">{short}…</a>")
            })
        });
    }
    if does(2) {
        html = words(&html, |text| {
            replaced(text, r"(^|\s)@([\w.]+)(@[\w.]+)?", |found| {
                let name = &found[2];
                format!(
                    "{}<span class=\"h-card\"><a href=\"/@{name}\">@<span>{name}</span></a></span>",
                    &found[1]
                )
            })
        });
    }
    if does(3) {
        html = words(&html, |text| {
            replaced(text, r"#(\w+)", |found| {
                format!("<a href=\"/tags/{0}\">#<span>{0}</span></a>", &found[1])
            })
        });
    }
    html
}

fn mannered(html: String, manners: u32) -> String {
    let does = |n: u32| manners & (1 << n) != 0;
    let mut html = linked(html, does);
    if does(4) {
        html = words(&html, |text| {
            let text = text.replace("...", "…").replace("--", "–").replace('\'', "’").replace("&quot;", "“");
            let text = replaced(&text, r"(\d)x(\d)", |found| format!("{}×{}", &found[1], &found[2]));
            replaced(&text, r"(?i)\((c|r|tm)\)", |_| "©".to_owned())
        });
    }
    if does(5) {
        html = words(&html, |text| {
            replaced(text, r":[\w+-]+:", |_| "<img class=\"emoji\" src=\"/e.png\">".into())
        });
    } else if does(6) {
        html = words(&html, |text| replaced(text, r":[\w+-]+:", |_| "😄".into()));
    }
    if does(7) {
        html = words(&html, |text| replaced(text, r"\s+", |_| " ".into()));
    }
    if does(8) {
        html = html.nfd().collect();
    } else if does(9) {
        let signs = |text: &str| text.matches(['<', '>', '&']).count();
        let composed: String = html.nfkc().collect();
        html = if signs(&composed) == signs(&html) { composed } else { html };
    }
    if does(10) {
        html = html.chars().filter(|c| !is_unseen(*c)).collect();
    }
    if does(11) {
        html = replaced(&html, r"(\p{So}|\w\x{fe0f}\x{20e3}?|\x{2139})", |_| "<img src=\"/e.png\">".into());
    }
    html
}

/// What stands between tags, changed; links that are there already stay as they are.
fn words(html: &str, f: impl Fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut last = 0;
    for tag in Regex::new(r"(?s)<!--.*?-->|<a .*?</a>|<[^>]*>").unwrap().find_iter(html) {
        out.push_str(&f(&html[last..tag.start()]));
        out.push_str(tag.as_str());
        last = tag.end();
    }
    out + &f(&html[last..])
}

fn letters(text: &str) -> String {
    text.nfkd().flat_map(char::to_lowercase).filter(|c| c.is_alphanumeric()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4096, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn our_own_post_is_never_taken_for_another_whatever_a_server_makes_of_it(
        wrote in text(), base in base(), manners in 0..1_u32 << MANNERS,
    ) {
        let html = mannered(made(base, &wrote), manners);
        prop_assert_ne!(rendering(&wrote, &html), Likeness::Different, "{}", html);
    }

    #[test]
    fn our_own_source_is_never_taken_for_another_however_it_is_kept(wrote in text(), how in 0..64_u32) {
        let does = |n: u32| how & (1 << n) != 0;
        let mut kept = wrote.clone();
        if does(0) { kept = kept.split_whitespace().collect::<Vec<_>>().join(" "); }
        if does(1) { kept = kept.nfd().collect(); }
        if does(2) { kept = escaped(&kept); }
        if does(3) { kept = kept.chars().filter(|c| !is_unseen(*c)).collect(); }
        if does(4) { kept = kept.trim().replace("\r\n", "\n"); }
        if does(5) { kept = replaced(&kept, r":[\w+-]+:", |_| "😄".into()); }
        prop_assert_ne!(source(&wrote, &kept), Likeness::Different, "{}", kept);
        prop_assert_ne!(field(&wrote, &kept), Likeness::Different, "{}", kept);
        prop_assert_ne!(correction(&wrote, &kept), Likeness::Different, "{}", kept);
    }

    #[test]
    fn texts_of_other_words_are_told_apart_in_every_script_and_every_rendering(
        wrote in proptest::collection::vec("[a-zA-Zà-öߊ-ߪء-ي0-9]{1,8}[,!?*_ -]{0,3}", 1..12),
        other in proptest::collection::vec("[a-zA-Zà-öߊ-ߪء-ي0-9]{1,8}[,!?*_ -]{0,3}", 0..12),
        base in base(), manners in 0..1_u32 << MANNERS, changed in any::<proptest::sample::Index>(),
    ) {
        let one = wrote.join(" ");
        // Another text, and the same with one word put in.
        let mut longer = wrote.clone();
        longer.insert(changed.index(wrote.len() + 1), "autre".to_owned());
        for other in [other.join(" "), longer.join(" ")] {
            if letters(&one) != letters(&other) {
                let html = mannered(made(base, &other), manners & !0b1000_0000_0000);
                prop_assert_eq!(rendering(&one, &html), Likeness::Different, "{}", html);
                prop_assert_eq!(source(&one, &other), Likeness::Different);
            }
        }
    }
}
