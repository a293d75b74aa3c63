//! A text in its blocks, line by line: what a line is shows at its own beginning.
//!
//! Unlike in Markdown no line belongs to the quote or the list before it unless it says so, because people who type on
//! phones put no empty line between a list and what follows. The blocks in their order are the whole text.

/// A run of lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Block<'a> {
    /// Words.
    Words(&'a str),
    /// Lines between two fences.
    Code {
        /// With the fences.
        whole: &'a str,
        /// Without.
        code: &'a str,
    },
    /// Lines after `> `.
    Quote(Vec<Line<'a>>),
    /// Lines after `- ` or `1. `.
    List(Vec<Item<'a>>),
}

/// A line with what stands before its text.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) prefix: &'a str,
    pub(super) text: &'a str,
}

/// What stands before the items of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Bullets,
    Numbers,
}

/// An item of a list, perhaps of several lines.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Item<'a> {
    /// How many lists inside the list end before it.
    pub(super) closes: usize,
    /// The list that begins with it.
    pub(super) opens: Option<Kind>,
    pub(super) prefix: &'a str,
    pub(super) text: &'a str,
}

/// A list that is open.
struct Level {
    indent: usize,
    kind: Kind,
    last: u32,
}

/// The first line of an item.
struct Marker {
    indent: usize,
    kind: Kind,
    number: u32,
    /// Bytes before the text.
    width: usize,
}

/// The blocks of `text`.
pub(super) fn of(text: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut at, mut words) = (0, 0);
    // Found once: looking again from each fence would take the square of a long text's time.
    let last_fence = last_fence(text);
    while at < text.len() {
        let rest = &text[at..];
        let may_close = last_fence.is_some_and(|last| last > at);
        let code = if may_close { fence(rest) } else { None };
        let found = code.or_else(|| quote(rest)).or_else(|| list(rest));
        let Some((block, length)) = found else {
            at += line(rest).len();
            continue;
        };
        if words < at {
            blocks.push(Block::Words(&text[words..at]));
        }
        blocks.push(block);
        at += length;
        words = at;
    }
    if words < text.len() {
        blocks.push(Block::Words(&text[words..]));
    }
    blocks
}

/// The first line of `text` with its end.
fn line(text: &str) -> &str {
    text.find('\n').map_or(text, |end| &text[..=end])
}

/// Where the last line begins that can close a fence.
fn last_fence(text: &str) -> Option<usize> {
    let mut at = 0;
    let mut last = None;
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "```" {
            last = Some(at);
        }
        at += line.len();
    }
    last
}

fn fence(text: &str) -> Option<(Block<'_>, usize)> {
    let first = line(text);
    let info = first.strip_prefix("```")?;
    if info.contains('`') {
        return None;
    }
    let mut at = first.len();
    while at < text.len() {
        let next = line(&text[at..]);
        if next.trim_end() == "```" {
            let length = at + next.len();
            return Some((Block::Code { whole: &text[..length], code: &text[first.len()..at] }, length));
        }
        at += next.len();
    }
    None
}

fn quote(text: &str) -> Option<(Block<'_>, usize)> {
    let (mut lines, mut at) = (Vec::new(), 0);
    while at < text.len() {
        let next = line(&text[at..]);
        let width = match next.strip_prefix('>') {
            Some(after) if after.starts_with(' ') => 2,
            // An empty line of a quote, not somebody's arrow.
            Some(after) if after.trim().is_empty() && !lines.is_empty() => 1,
            _ => break,
        };
        lines.push(Line { prefix: &next[..width], text: &next[width..] });
        at += next.len();
    }
    (!lines.is_empty()).then_some((Block::Quote(lines), at))
}

fn list(text: &str) -> Option<(Block<'_>, usize)> {
    let mut levels: Vec<Level> = Vec::new();
    // Where each item begins, what it closes and opens, and how wide its marker is.
    let mut found: Vec<(usize, usize, Option<Kind>, usize)> = Vec::new();
    let (mut at, mut end, mut gap) = (0, 0, false);
    while at < text.len() {
        let next = line(&text[at..]);
        if let Some(marker) = marker(next) {
            let Some((closes, opens)) = place(&mut levels, &marker) else { break };
            found.push((at, closes, opens, marker.width));
            (end, gap) = (at + next.len(), false);
        } else if next.trim().is_empty() {
            gap = true;
        } else if next.starts_with("  ") && !gap && !found.is_empty() {
            end = at + next.len();
        } else {
            break;
        }
        if found.is_empty() {
            break;
        }
        at += next.len();
    }
    let starts: Vec<usize> = found.iter().skip(1).map(|item| item.0).chain([end]).collect();
    let item = |(&(start, closes, opens, width), &until): (&(usize, usize, Option<Kind>, usize), &usize)| {
        Item { closes, opens, prefix: &text[start..start + width], text: &text[start + width..until] }
    };
    let items: Vec<Item<'_>> = found.iter().zip(&starts).map(item).collect();
    (!items.is_empty()).then_some((Block::List(items), end))
}

/// Where an item belongs: how many lists end before it and which one begins; nothing where it is of another list.
fn place(levels: &mut Vec<Level>, marker: &Marker) -> Option<(usize, Option<Kind>)> {
    let open = levels.len();
    let deeper = levels.last().is_none_or(|level| marker.indent >= level.indent + 2);
    if deeper {
        // A list that begins elsewhere would be numbered anew by the place.
        let begins = marker.kind == Kind::Bullets || marker.number == 1;
        if !begins || (open == 0 && marker.indent > 3) {
            return None;
        }
        levels.push(Level { indent: marker.indent, kind: marker.kind, last: 1 });
        return Some((0, Some(marker.kind)));
    }
    let keep = levels.iter().rposition(|level| level.indent <= marker.indent).map_or(1, |level| level + 1);
    let level = &mut levels[keep - 1];
    let follows = marker.kind == Kind::Bullets || marker.number == level.last.saturating_add(1);
    if level.kind != marker.kind || !follows {
        return None;
    }
    level.last = marker.number;
    levels.truncate(keep);
    Some((open - keep, None))
}

fn marker(line: &str) -> Option<Marker> {
    let bare = line.trim_start_matches(' ');
    let indent = line.len() - bare.len();
    let digits = bare.len() - bare.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (kind, number, sign) = match bare.as_bytes().first()? {
        b'-' | b'*' => (Kind::Bullets, 0, 1),
        _ if (1..=3).contains(&digits) && bare[digits..].starts_with('.') => {
            (Kind::Numbers, bare[..digits].parse().ok()?, digits + 1)
        }
        _ => return None,
    };
    let after = &bare[sign..];
    let text = after.trim_start_matches([' ', '\t']);
    let spaces = after.len() - text.len();
    // `* * *` and `- - -` are lines across the page.
    let rule = kind == Kind::Bullets && bare.chars().all(|c| c.is_whitespace() || bare.starts_with(c));
    (spaces > 0 && !text.trim().is_empty() && !rule).then_some(Marker {
        indent,
        kind,
        number,
        width: indent + sign + spaces,
    })
}
