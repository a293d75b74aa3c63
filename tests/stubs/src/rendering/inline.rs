//! What stands within a line: addresses, people, tags, and signs that are written in other words.

use std::fmt::Write;
use std::sync::LazyLock;

use regex::Regex;

use super::{Rendering, attribute, escaped};

/// What one of these servers says of every link.
const REL: &str = "rel=\"nofollow noreferrer noopener\" target=\"_blank\"";
/// So many letters of an address are shown.
const SHOWN: usize = 30;

static ADDRESS: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^https?://[^\s<>]+[^\s<>.,;:!?'\x22)\]»”’*_~]").expect("BUG: the pattern is fixed")
});
static NAME: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^@([\w.-]*\w)(@[\w.-]*\w)?").expect("BUG: the pattern is fixed"));
static TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^#(\w*\p{L}\w*)").expect("BUG: the pattern is fixed"));
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(\w{2,8}));").expect("BUG: the pattern is fixed")
});

/// Names of signs that people type, or that come along with what they paste.
const SIGNS: &[(&str, &str)] = &[
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("copy", "©"),
    ("reg", "®"),
    ("euro", "€"),
    ("hellip", "…"),
    ("mdash", "—"),
    ("ndash", "–"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("agrave", "à"),
    ("ccedil", "ç"),
    ("rsquo", "’"),
];

/// What a server knows when it reads a line.
pub(super) struct Words<'a> {
    pub(super) rendering: Rendering,
    pub(super) origin: &'a str,
    pub(super) names: &'a [&'a str],
}

impl Words<'_> {
    /// A line, as it was written, as HTML.
    pub(super) fn html(&self, line: &str) -> String {
        let (mut out, mut text) = (String::new(), String::new());
        let (mut rest, mut before) = (line, None);
        while let Some(c) = rest.chars().next() {
            if let Some((html, length)) = self.linked(rest, before) {
                self.flush(&mut text, &mut out);
                out.push_str(&html);
                before = rest[..length].chars().next_back();
                rest = &rest[length..];
                continue;
            }
            let (sign, length) = self.sign(rest, c);
            text.push_str(&sign);
            before = rest[..length].chars().next_back();
            rest = &rest[length..];
        }
        self.flush(&mut text, &mut out);
        out
    }

    /// Writes what was read so far; blanks in a row are one.
    fn flush(&self, text: &mut String, out: &mut String) {
        if self.rendering != Rendering::Mastodon {
            let mut one = String::new();
            for c in text.chars().map(|c| if c == '\t' { ' ' } else { c }) {
                if c != ' ' || !one.ends_with(' ') {
                    one.push(c);
                }
            }
            *text = one;
        }
        out.push_str(&escaped(text, self.rendering));
        text.clear();
    }

    /// The next sign, and how many bytes it was written in.
    fn sign(&self, rest: &str, c: char) -> (String, usize) {
        if self.rendering == Rendering::Plain {
            let protected = rest[c.len_utf8()..].chars().next().filter(char::is_ascii_punctuation);
            if let ('\\', Some(protected)) = (c, protected) {
                return (protected.to_string(), 2);
            }
            if let Some(found) = entity(rest).filter(|_| c == '&') {
                return found;
            }
        }
        if let (Rendering::Typographic, Some(_)) = (self.rendering, rest.strip_prefix(":smile:")) {
            return ("😄".to_owned(), ":smile:".len());
        }
        (c.to_string(), c.len_utf8())
    }

    /// What begins here and is a link, and how many bytes it was written in. `before` is the letter before it.
    fn linked(&self, rest: &str, before: Option<char>) -> Option<(String, usize)> {
        let is_free = before.is_none_or(|c| c.is_whitespace() || matches!(c, '*' | '_' | '~' | '('));
        let is_apart = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '/' | '&'));
        if let Some(found) = ADDRESS.find(rest).filter(|_| is_free) {
            return Some((self.address(found.as_str()), found.len()));
        }
        if let Some(found) = NAME.captures(rest).filter(|_| is_apart) {
            let (name, host) = (&found[1], found.get(2));
            let is_known = host.is_none() && self.names.contains(&name);
            return is_known.then(|| (self.person(name), name.len() + 1));
        }
        let found = TAG.captures(rest).filter(|_| is_apart)?;
        Some((self.tag(&found[1]), found[0].len()))
    }

    fn is_mastodon(&self) -> bool {
        self.rendering == Rendering::Mastodon
    }

    fn address(&self, address: &str) -> String {
        let href = attribute(address);
        if !self.is_mastodon() {
            return format!("<a href=\"{href}\" {REL}>{}</a>", escaped(address, self.rendering));
        }
        let schemes = ["https://www.", "http://www.", "https://", "http://"];
        let scheme = schemes.into_iter().find(|scheme| address.starts_with(scheme)).unwrap_or_default();
        let rest = &address[scheme.len()..];
        let end = rest.char_indices().nth(SHOWN).map_or(rest.len(), |(at, _)| at);
        let class = if end < rest.len() { "ellipsis" } else { "" };
        let (shown, hidden) = (escaped(&rest[..end], self.rendering), escaped(&rest[end..], self.rendering));
        format!(
            "<a href=\"{href}\" target=\"_blank\" rel=\"nofollow noopener\"><span class=\"invisible\">{scheme}</span>\
             <span class=\"{class}\">{shown}</span><span class=\"invisible\">{hidden}</span></a>"
        )
    }

    fn person(&self, name: &str) -> String {
        let origin = self.origin;
        let rel = if self.is_mastodon() { String::new() } else { format!(" {REL}") };
        format!(
            "<span class=\"h-card\"><a href=\"{origin}/@{name}\" class=\"u-url mention\"{rel}>@<span>{name}</span></a></span>"
        )
    }

    fn tag(&self, tag: &str) -> String {
        let mut path = String::new();
        for byte in tag.to_lowercase().bytes() {
            if byte.is_ascii_alphanumeric() || byte == b'_' {
                path.push(char::from(byte));
            } else {
                // Writing to a string succeeds.
                write!(path, "%{byte:02X}").ok();
            }
        }
        let rel = if self.is_mastodon() {
            "rel=\"tag\""
        } else {
            "rel=\"tag nofollow noreferrer noopener\" target=\"_blank\""
        };
        format!(
            "<a href=\"{}/tags/{path}\" class=\"mention hashtag\" {rel}>#<span>{tag}</span></a>",
            self.origin
        )
    }
}

/// The sign that an entity at the beginning stands for, and how long it is written.
fn entity(rest: &str) -> Option<(String, usize)> {
    let found = ENTITY.captures(rest)?;
    let number = match (found.get(1), found.get(2)) {
        (Some(number), _) => number.as_str().parse().ok(),
        (_, Some(hex)) => u32::from_str_radix(hex.as_str(), 16).ok(),
        _ => None,
    };
    let by_name = found.get(3).and_then(|name| SIGNS.iter().find(|(known, _)| *known == name.as_str()));
    let sign = number.and_then(char::from_u32).map(String::from);
    let sign = sign.or_else(|| by_name.map(|(_, sign)| (*sign).to_owned()))?;
    Some((sign, found[0].len()))
}
