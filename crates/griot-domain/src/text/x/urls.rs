//! Links in a text, with and without `http`.
//!
//! A link is: a character that may stand before it, an optional scheme, labels and dots that end in a
//! top-level domain, an optional port, path and query. The host is read by hand in one pass, because which of
//! several dots ends it depends on what follows; port, path and query are one regular expression.

use std::ops::Range;
use std::sync::OnceLock;

use regex::Regex;

use super::{ACCENTS, is_accented, is_directional, is_forbidden, is_space};
use crate::text::tld;

/// The longest link, with the scheme that is put before one that has none.
const MAX_LINK: usize = 4096;
/// The longest label of a host, in ASCII.
const MAX_LABEL: usize = 63;
/// The longest name within t.co.
const MAX_SHORT_NAME: usize = 40;
/// The scheme of links that are written without one.
const DEFAULT_SCHEME: &str = "https://";

/// A link in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// Where it starts, in bytes.
    pub start: usize,
    /// Where it ends, in bytes, exclusive.
    pub end: usize,
    /// Whether it is written with `http://` or `https://`.
    pub scheme: bool,
}

/// Which characters may stand in a path and a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tails {
    /// X: Latin and Cyrillic letters.
    X,
    /// Mastodon: letters of every script. Only links with a scheme are links there.
    Mastodon,
}

/// The links of `text`, in order.
#[must_use]
pub fn urls(text: &str, tails: Tails) -> Vec<Link> {
    let mut found = Vec::new();
    if !text.contains('.') {
        return found;
    }
    let mut hosts = Hosts { text, run: None };
    let mut at = 0;
    while at <= text.len() {
        // X tries a character as the one before a link first and as a part of the host second, also at the very
        // start of a text, where nothing need stand before a link.
        let before = text[at..].chars().next();
        let width = before.map_or(1, char::len_utf8);
        let after = before
            .filter(|c| may_precede(*c))
            .and_then(|c| candidate(&mut hosts, at + width, Some(c), tails));
        let hit = after.or_else(|| if at == 0 { candidate(&mut hosts, 0, None, tails) } else { None });
        match hit {
            Some(hit) => {
                hit.keep(text, tails, &mut found);
                at = hit.end;
            }
            None => at += width,
        }
    }
    found
}

fn may_precede(c: char) -> bool {
    !c.is_ascii_alphanumeric() && !matches!(c, '@' | '＠' | '$' | '#' | '＃') && !is_forbidden(c)
}

/// What may be a link.
struct Candidate {
    start: usize,
    end: usize,
    scheme: bool,
    host: Range<usize>,
    has_path: bool,
    before: Option<char>,
}

fn candidate(hosts: &mut Hosts<'_>, start: usize, before: Option<char>, tails: Tails) -> Option<Candidate> {
    let scheme = scheme_length(hosts.text.get(start..)?);
    let host_start = start + scheme;
    let host_end = hosts.end_of(host_start)?;
    let tail = tail(tails).captures(&hosts.text[host_end..])?;
    Some(Candidate {
        start,
        end: host_end + tail.get(0)?.end(),
        scheme: scheme > 0,
        host: host_start..host_end,
        has_path: tail.name("path").is_some(),
        before,
    })
}

fn scheme_length(text: &str) -> usize {
    let starts =
        |scheme: &str| text.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme));
    ["https://", "http://"].into_iter().find(|s| starts(s)).map_or(0, str::len)
}

impl Candidate {
    /// Adds what is a link of this candidate to `found`.
    fn keep(&self, text: &str, tails: Tails, found: &mut Vec<Link>) {
        if !host_is_possible(&text[self.host.clone()]) || self.length(text) > MAX_LINK {
            return;
        }
        if self.scheme {
            let end = match tails {
                Tails::X => short_link_end(&text[self.start..self.end]),
                Tails::Mastodon => Some(self.end - self.start),
            };
            found.extend(end.map(|end| Link { start: self.start, end: self.start + end, scheme: true }));
        } else if tails == Tails::X && !self.before.is_some_and(|c| matches!(c, '-' | '_' | '.' | '/')) {
            self.keep_bare(text, found);
        }
    }

    /// Without a scheme only hosts in Latin letters are links; several may stand in one run of Japanese.
    fn keep_bare(&self, text: &str, found: &mut Vec<Link>) {
        let host = &text[self.host.clone()];
        let first = found.len();
        let mut at = 0;
        while let Some(range) = latin_host(host, at) {
            at = range.end;
            let (start, end) = (self.host.start + range.start, self.host.start + range.end);
            found.push(Link { start, end, scheme: false });
        }
        if let Some(last) = found[first..].last_mut().filter(|_| self.has_path) {
            last.end = self.end;
        }
    }

    /// Length in characters with the host in ASCII and a scheme.
    fn length(&self, text: &str) -> usize {
        let host = &text[self.host.clone()];
        let grows = ascii_length(host).saturating_sub(host.chars().count());
        let scheme = if self.scheme { 0 } else { DEFAULT_SCHEME.len() };
        text[self.start..self.end].chars().count() + grows + scheme
    }
}

/// Where a link ends: t.co takes letters and figures only, and a query. Nothing when its name is too long.
fn short_link_end(link: &str) -> Option<usize> {
    static SHORT: OnceLock<Regex> = OnceLock::new();
    let short = SHORT.get_or_init(|| {
        compile(&format!(
            r"\A[hH][tT][tT][pP][sS]?://[tT]\.[cC][oO]/([A-Za-z0-9]+)(?:\?{QUERY}*{QUERY_END})?"
        ))
    });
    match short.captures(link) {
        None => Some(link.len()),
        Some(parts) if parts.get(1).is_some_and(|name| name.len() > MAX_SHORT_NAME) => None,
        Some(parts) => parts.get(0).map(|whole| whole.end()),
    }
}

const QUERY: &str = r"[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]";
const QUERY_END: &str = r"[A-Za-z0-9_&=#/\-]";
/// What no path on Mastodon holds.
const NOT_IN_PATH: &str = r"\s<>()?";
/// Beyond ASCII, all that an address may hold (RFC 3987).
const UNIVERSAL: &str = r"\x{A0}-\x{D7FF}\x{F900}-\x{FDCF}\x{FDF0}-\x{FFEF}\x{10000}-\x{EFFFD}";

/// Port, path and query. A path takes up to two levels of balanced brackets and does not end in punctuation.
fn tail(tails: Tails) -> &'static Regex {
    static X: OnceLock<Regex> = OnceLock::new();
    static MASTODON: OnceLock<Regex> = OnceLock::new();
    match tails {
        Tails::X => X.get_or_init(|| {
            let letters = format!(r"A-Za-z\p{{Cyrillic}}0-9{ACCENTS}");
            let path = format!(r"[{letters}!*';:=+,.$/%#\[\]\p{{Pd}}_~&|@]");
            tail_of(&path, &format!(r"[{letters}=_#/+\-]"), QUERY, QUERY_END)
        }),
        Tails::Mastodon => MASTODON.get_or_init(|| {
            let path = format!("[^{NOT_IN_PATH}]");
            let end = format!(r#"[^{NOT_IN_PATH}!*"'「」;:=,.$%\[\]~&|@]|[=_#/+\-]"#);
            let query = format!("[{}{UNIVERSAL}]", &QUERY[1..QUERY.len() - 1]);
            let query_end = format!("[{}{UNIVERSAL}]", &QUERY_END[1..QUERY_END.len() - 1]);
            tail_of(&path, &end, &query, &query_end)
        }),
    }
}

fn tail_of(path: &str, path_end: &str, query: &str, query_end: &str) -> Regex {
    let brackets = format!(r"\((?:{path}+|{path}*\({path}+\){path}*)\)");
    let piece = format!(r"(?:{path}*(?:{brackets}{path}*)*(?:{path_end}|{brackets})|{path}+/)");
    compile(&format!(r"\A(?::[0-9]+)?(?P<path>/{piece}*)?(?:\?{query}*{query_end})?"))
}

fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("BUG: the pattern is fixed and every test compiles it")
}

/// Whether `c` may stand in a label; `-` and `_` may too, but not at its ends.
fn is_label_char(c: char) -> bool {
    !c.is_ascii_punctuation()
        && !c.is_ascii_control()
        && !is_space(c)
        && !is_directional(c)
        && !is_forbidden(c)
}

fn is_run_char(c: char) -> bool {
    is_label_char(c) || matches!(c, '-' | '_')
}

fn run_end(text: &str, start: usize) -> usize {
    text[start..].find(|c| !is_run_char(c)).map_or(text.len(), |length| start + length)
}

/// Whether `label` neither starts nor ends with `-` or `_`.
fn is_label(label: &str) -> bool {
    label.starts_with(is_label_char) && label.ends_with(is_label_char)
}

/// Length of the top-level domain, also in punycode, that `text` starts with.
fn top_level(text: &str) -> Option<usize> {
    tld::leading(text).or_else(|| {
        let head = text.get(..4).filter(|head| head.eq_ignore_ascii_case("xn--"))?;
        let tail = text[head.len()..].find(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let length = tail.unwrap_or(text.len() - head.len());
        (length > 0).then_some(head.len() + length)
    })
}

/// Finds the ends of hosts. What follows the first dot is the same for every start within one run of letters, so
/// it is worked out once: a page of Chinese without a space stays linear.
struct Hosts<'a> {
    text: &'a str,
    run: Option<Run>,
}

/// A run of letters that a dot ends, and what follows.
struct Run {
    letters: Range<usize>,
    /// End of the host when the run is its last label but the top level.
    near: Option<usize>,
    /// End of the host when more labels follow.
    far: Option<usize>,
}

impl Hosts<'_> {
    /// Where the host ends that starts at `start`.
    fn end_of(&mut self, start: usize) -> Option<usize> {
        if !self.run.as_ref().is_some_and(|run| run.letters.contains(&start)) {
            self.run = Some(Run::at(self.text, start));
        }
        let run = self.run.as_ref()?;
        let label = &self.text[start..run.letters.end];
        if !is_label(label) {
            return None;
        }
        run.far.or(run.near.filter(|_| !label.contains('_')))
    }
}

impl Run {
    fn at(text: &str, start: usize) -> Self {
        let end = run_end(text, start);
        let mut run = Self { letters: start..end, near: None, far: None };
        if !text[end..].starts_with('.') {
            return run;
        }
        let mut at = end + 1;
        run.near = top_level(&text[at..]).map(|length| at + length);
        // Every further label can be the last one; the longest host wins.
        loop {
            let end = run_end(text, at);
            let label = &text[at..end];
            if !is_label(label) || !text[end..].starts_with('.') {
                return run;
            }
            at = end + 1;
            let host = top_level(&text[at..]).filter(|_| !label.contains('_'));
            run.far = host.map(|length| at + length).or(run.far);
        }
    }
}

/// Whether every label fits the domain name system once it is in ASCII.
fn host_is_possible(host: &str) -> bool {
    if host.starts_with("xn--") && latin_host(host, 0).is_none() {
        return false;
    }
    host.split(is_dot)
        .all(|label| ascii_label_length(label).is_some_and(|length| (1..=MAX_LABEL).contains(&length)))
}

fn ascii_length(host: &str) -> usize {
    host.split(is_dot)
        .map(|label| ascii_label_length(label).unwrap_or(0) + 1)
        .sum::<usize>()
        .saturating_sub(1)
}

fn ascii_label_length(label: &str) -> Option<usize> {
    if label.is_ascii() {
        return Some(label.len());
    }
    idna::punycode::encode_str(label).map(|code| "xn--".len() + code.len())
}

/// The dots that the domain name system takes for one.
fn is_dot(c: char) -> bool {
    matches!(c, '.' | '。' | '．' | '｡')
}

/// The first host in Latin letters within `host`, at or after byte `from`.
fn latin_host(host: &str, from: usize) -> Option<Range<usize>> {
    let latin = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_') || is_accented(c);
    let mut at = from;
    loop {
        let start = at + host[at..].find(latin)?;
        let (mut end, mut best) = (start, None);
        loop {
            let label = host[end..].find(|c| !latin(c)).unwrap_or(host.len() - end);
            end += label;
            if label == 0 || !host[end..].starts_with('.') {
                break;
            }
            end += 1;
            best = top_level(&host[end..]).map(|length| end + length).or(best);
        }
        match best {
            Some(end) => return Some(start..end),
            None => at = end,
        }
    }
}
