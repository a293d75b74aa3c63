//! Links, mentions and tags of a text as Bluesky wants them said: by bytes.
//!
//! The server links nothing by itself, so what is not found here is plain text for every reader. What is found is
//! what the network's own client finds, and what people mean beside that: an address with a hyphen, in brackets or
//! quotation marks, before an apostrophe; a name between quotation marks. Deliberately absent: whether a handle exists; the network is asked.

use std::sync::OnceLock;

use regex::Regex;
use unicode_normalization::char::is_combining_mark;

use super::tld;

/// The most UTF-16 units of a tag.
const MAX_TAG: usize = 64;

/// What a part of a text is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kind {
    /// A link, with its whole address.
    Link(String),
    /// Somebody, by handle.
    Mention(String),
    /// A tag without its sign; a share's symbol keeps its `$`.
    Tag(String),
}

/// A part of a text that is more than text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Facet {
    /// Where it starts, in UTF-8 bytes.
    pub start: usize,
    /// Where it ends, in UTF-8 bytes, exclusive.
    pub end: usize,
    /// What it is.
    pub kind: Kind,
}

/// The facets of `text`, in order.
#[must_use]
pub fn facets(text: &str) -> Vec<Facet> {
    let mut found: Vec<Facet> =
        mentions(text).chain(links(text)).chain(tags(text)).chain(symbols(text)).collect();
    found.sort_by_key(|facet| (facet.start, facet.end));
    found
}

/// What the client takes for a space, as a part of a class.
const SPACE: &str = r"[\s&&[^\x{85}]]\x{FEFF}";
/// Invisible characters that end a tag.
const INVISIBLE: &str = r"\x{AD}\x{2060}\x{200A}\x{200B}\x{200C}\x{200D}\x{20E2}";

fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("BUG: the pattern is fixed and every test compiles it")
}

/// What may stand before a mention or an address: the beginning, a blank, or punctuation that belongs to no address of
/// its own (an e-mail address, a path, a longer name).
const BEFORE: &str = r"^|[^\p{L}\p{M}\p{N}_@./:\-#$&+=~%\\]";

fn mentions(text: &str) -> impl Iterator<Item = Facet> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern =
        PATTERN.get_or_init(|| compile(&format!(r"(?:{BEFORE})(@(?P<handle>[a-zA-Z0-9.\-]+))(?-u:\b)")));
    pattern.captures_iter(text).filter_map(|parts| {
        let (whole, handle) = (parts.get(1)?, parts.name("handle")?.as_str());
        let known = has_top_level(handle) || handle.ends_with(".test");
        known.then(|| Facet {
            start: whole.start(),
            end: whole.end(),
            kind: Kind::Mention(handle.to_owned()),
        })
    })
}

fn links(text: &str) -> impl Iterator<Item = Facet> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern = PATTERN.get_or_init(|| {
        let scheme = format!(r"(?P<full>[hH][tT][tT][pP][sS]?://[^{SPACE}]+)");
        let label = r"[a-zA-Z0-9](?:[a-zA-Z0-9\-]*[a-zA-Z0-9])?";
        let bare = format!(r"(?P<bare>(?P<host>{label}(?:\.{label})+)[^{SPACE}]*)");
        compile(&format!(r"(?:{BEFORE})(?:{scheme}|{bare})"))
    });
    pattern.captures_iter(text).filter_map(|parts| {
        if let Some(full) = parts.name("full") {
            let host = full.as_str().find("://").map_or(0, |at| at + 3);
            let address = address(full.as_str(), host)?;
            return Some(Facet {
                start: full.start(),
                end: full.start() + address.len(),
                kind: Kind::Link(address.to_owned()),
            });
        }
        let (bare, host) = (parts.name("bare")?, parts.name("host")?.as_str());
        // `3.5` is a number and `1.fr` a slip.
        let is_name = host.split('.').rev().nth(1)?.contains(|c: char| c.is_ascii_alphabetic());
        let address = address(bare.as_str(), 0)?;
        (is_name && has_top_level(host)).then(|| Facet {
            start: bare.start(),
            end: bare.start() + address.len(),
            kind: Kind::Link(format!("https://{address}")),
        })
    })
}

/// The address that `run` begins with: up to what no host holds, without the punctuation of the sentence around it.
/// `host` is where its host begins. Nothing where no host is left.
fn address(run: &str, host: usize) -> Option<&str> {
    let after = &run[host..];
    let path = after.find(['/', '?', '#']).unwrap_or(after.len());
    let no_host = |c: char| !(c.is_alphanumeric() || is_combining_mark(c) || ".-_:@%[]~".contains(c));
    let run = match after[..path].find(no_host) {
        Some(end) => &run[..host + end],
        None => run,
    };
    let address = trimmed(run);
    (address.len() > host).then_some(address)
}

/// An address without the punctuation of the sentence around it. Brackets that were opened within belong to it.
fn trimmed(run: &str) -> &str {
    let mut address = run;
    while let Some(last) = address.chars().next_back() {
        let opened = match last {
            ')' => Some('('),
            ']' => Some('['),
            '}' => Some('{'),
            _ => None,
        };
        let count = |sign: char| address.matches(sign).count();
        let is_around = match opened {
            Some(opened) => count(last) > count(opened),
            None => ".,;:!?…'’‘\"“”„«»‹›<>`،؛؟۔。，、！？：；።፣፤".contains(last),
        };
        let possessive = address.strip_suffix("'s").or_else(|| address.strip_suffix("’s"));
        address = match possessive {
            Some(bare) => bare,
            None if is_around => &address[..address.len() - last.len_utf8()],
            None => break,
        };
    }
    address
}

fn tags(text: &str) -> impl Iterator<Item = Facet> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    static LETTER: OnceLock<Regex> = OnceLock::new();
    static PUNCTUATION: OnceLock<Regex> = OnceLock::new();
    let pattern =
        PATTERN.get_or_init(|| compile(&format!("(?:^|[{SPACE}(«“„\"‘¡¿])([#＃])([^{SPACE}{INVISIBLE}]*)")));
    // A tag must hold more than figures and punctuation.
    let letter = LETTER.get_or_init(|| compile(r"[^0-9\p{P}]"));
    let punctuation = PUNCTUATION.get_or_init(|| compile(r"\p{P}+\z"));
    pattern.captures_iter(text).filter_map(|parts| {
        let (sign, run) = (parts.get(1)?, parts.get(2)?.as_str());
        if run.starts_with('\u{FE0F}') || !letter.is_match(run) {
            return None;
        }
        let tag = &run[..punctuation.find(run).map_or(run.len(), |end| end.start())];
        let fits = (1..=MAX_TAG).contains(&tag.encode_utf16().count());
        fits.then(|| Facet {
            start: sign.start(),
            end: sign.end() + tag.len(),
            kind: Kind::Tag(tag.to_owned()),
        })
    })
}

fn symbols(text: &str) -> impl Iterator<Item = Facet> {
    static PATTERN: OnceLock<Regex> = OnceLock::new();
    let pattern =
        PATTERN.get_or_init(|| compile(&format!(r"(?:^|[{SPACE}]|\()(\$[A-Za-z][A-Za-z0-9]{{0,4}})")));
    pattern.captures_iter(text).filter_map(|parts| {
        let symbol = parts.get(1)?;
        let next = text[symbol.end()..].chars().next();
        let ends = next.is_none_or(|c| c.is_whitespace() || ".,;:!?)\"'’".contains(c));
        let kind = Kind::Tag(symbol.as_str().to_ascii_uppercase());
        ends.then_some(Facet { start: symbol.start(), end: symbol.end(), kind })
    })
}

fn has_top_level(host: &str) -> bool {
    host.rsplit_once('.').is_some_and(|(rest, last)| !rest.is_empty() && tld::is_tld(last))
}

#[cfg(test)]
mod tests;
