//! HTML as a server shows a post, back to its words, for comparing only.
//!
//! Deliberately absent: rendering, and anything that would be shown to a person.

/// Elements that begin a new line.
const BLOCKS: &[&str] = &[
    "br",
    "p",
    "div",
    "li",
    "ul",
    "ol",
    "blockquote",
    "pre",
    "hr",
    "tr",
    "td",
    "th",
    "figure",
    "dt",
    "dd",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
];
/// Elements whose words may be of the renderer's own making.
const SOFT: &[&str] = &[
    "a",
    "sup",
    "sub",
    "figcaption",
    "button",
    "script",
    "style",
    "title",
    "svg",
    "math",
    "summary",
    "small",
];

/// Words of HTML that stand together.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) text: String,
    /// Whether the renderer may have written them.
    pub(super) is_soft: bool,
}

/// HTML as plain text.
pub(crate) fn to_text(html: &str) -> String {
    pieces(html).into_iter().map(|piece| piece.text).collect()
}

/// The words of HTML, in order.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut within: Vec<String> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        pieces.push(Piece { text: decoded(&rest[..at]), is_soft: !within.is_empty() });
        let tag = &rest[at..];
        let closes = if tag.starts_with("<!--") { "-->" } else { ">" };
        let end = tag.find(closes).map_or(tag.len(), |end| end + closes.len());
        let name = tag[..end].trim_start_matches(['<', '/']).to_ascii_lowercase();
        if BLOCKS.iter().any(|block| is_tag(&name, block)) {
            pieces.push(Piece { text: "\n".to_owned(), is_soft: true });
        }
        if let Some(soft) = SOFT.iter().find(|soft| is_tag(&name, soft)) {
            let last = within.iter().rposition(|open| open == soft);
            match (tag.starts_with("</"), last) {
                (true, Some(last)) => within.truncate(last),
                (true, None) => {}
                (false, _) => within.push((*soft).to_owned()),
            }
        }
        rest = &tag[end..];
    }
    pieces.push(Piece { text: decoded(rest), is_soft: !within.is_empty() });
    pieces
}

fn is_tag(found: &str, wanted: &str) -> bool {
    found.strip_prefix(wanted).is_some_and(|after| {
        after.starts_with(['>', '/']) || after.starts_with(char::is_whitespace) || after.is_empty()
    })
}

/// A text without its entities; those that nobody here knows stay.
pub(super) fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    unescape(text, &mut plain);
    plain
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

/// A word with `@user@host` as `@user`.
pub(super) fn without_host(word: &str) -> String {
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
