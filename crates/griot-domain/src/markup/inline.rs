//! Marks inside lines. Where they stand is found by pulldown-cmark; the text itself is never written anew, only the
//! marks in it are exchanged, so that all else comes out as it went in.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::{Markup, address, ends_code};

/// What a mark does to words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Style {
    Bold,
    Italic,
    Underline,
    Strike,
}

/// A mark, a link or a picture that has begun.
enum Open {
    /// What the words between become; no signs where the place has none for them.
    Mark { style: Style, signs: (&'static str, &'static str) },
    /// A link: its safe address, where it begins and where its words end as far as is known.
    Link { address: String, range: Range<usize>, words_end: usize },
    /// A picture: its safe address, where it stands, and its words.
    Picture { address: String, range: Range<usize>, words: String },
    /// What stays as it was typed.
    Typed,
}

struct Exchange<'a> {
    text: &'a str,
    markup: Markup,
    protected: Vec<Range<usize>>,
    open: Vec<Open>,
    edits: Vec<(Range<usize>, String)>,
    /// Where the last thing found ends.
    last: usize,
    /// Whether marks were closed at the end of a line and go on in the next.
    reopen: bool,
}

/// Writes `text` to `out` in the notation of the place.
pub(super) fn write(text: &str, markup: Markup, out: &mut String) {
    if !text.contains(['*', '_', '~', '`', '[', '<', '\\']) {
        out.push_str(text);
        return;
    }
    let mut exchange = Exchange {
        text,
        markup,
        protected: address::protected(text),
        open: Vec::new(),
        edits: Vec::new(),
        last: 0,
        reopen: false,
    };
    for (event, range) in Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).into_offset_iter() {
        exchange.take(&event, range);
    }
    exchange.edits.sort_by_key(|(range, _)| range.start);
    let mut at = 0;
    for (range, instead) in exchange.edits {
        // What lies inside a picture's words goes with it.
        if range.start < at {
            continue;
        }
        out.push_str(&text[at..range.start]);
        out.push_str(&instead);
        at = range.end;
    }
    out.push_str(&text[at..]);
}

impl Exchange<'_> {
    fn take(&mut self, event: &Event<'_>, range: Range<usize>) {
        match event {
            Event::Text(words) => {
                self.go_on(range.start);
                self.unescape(range.start);
                if let Some(Open::Picture { words: all, .. }) = self.picture() {
                    all.push_str(words);
                }
            }
            Event::Code(words) => {
                self.go_on(range.start);
                if let Some(Open::Picture { words: all, .. }) = self.picture() {
                    all.push_str(words);
                }
                self.code(range.clone());
            }
            Event::SoftBreak | Event::HardBreak => self.pause(range.start),
            Event::Start(tag) => {
                self.start(tag, range);
                return;
            }
            Event::End(end) => self.end(*end, range.clone()),
            _ => {}
        }
        self.ends_at(range.end);
    }

    /// Remembers how far the words go.
    fn ends_at(&mut self, end: usize) {
        self.last = self.last.max(end);
        for open in &mut self.open {
            if let Open::Link { words_end, .. } = open {
                *words_end = (*words_end).max(end);
            }
        }
    }

    fn picture(&mut self) -> Option<&mut Open> {
        self.open.iter_mut().rev().find(|open| matches!(open, Open::Picture { .. }))
    }

    fn edit(&mut self, range: Range<usize>, instead: impl Into<String>) {
        self.edits.push((range, instead.into()));
    }

    fn signs(&self) -> impl DoubleEndedIterator<Item = (&'static str, &'static str)> + '_ {
        self.open.iter().filter_map(|open| match open {
            Open::Mark { signs, .. } => Some(*signs),
            _ => None,
        })
    }

    /// WhatsApp's marks end with the line.
    fn pause(&mut self, at: usize) {
        if self.markup != Markup::Whatsapp {
            return;
        }
        let closing: String = self.signs().rev().map(|(_, close)| close).collect();
        if !closing.is_empty() && !self.reopen {
            self.edit(at..at, closing);
            self.reopen = true;
        }
    }

    fn go_on(&mut self, at: usize) {
        if self.reopen {
            let opening: String = self.signs().map(|(open, _)| open).collect();
            self.edit(at..at, opening);
            self.reopen = false;
        }
    }

    /// Takes the backslash away that kept a sign from being a mark.
    fn unescape(&mut self, at: usize) {
        let Some(slash) = at.checked_sub(1).filter(|slash| *slash >= self.last) else { return };
        let (before, after) = (&self.text[..at], &self.text[at..]);
        let begins = slash == 0 || self.text[..slash].ends_with('\n');
        let mark = after.starts_with(['*', '_', '~', '`', '[', ']']);
        if before.ends_with('\\')
            && (mark || (begins && after.starts_with(['-', '>'])))
            && !self.guards(slash)
        {
            self.edit(slash..at, "");
        }
    }

    fn guards(&self, at: usize) -> bool {
        self.protected.iter().any(|range| range.contains(&at))
    }

    fn code(&mut self, range: Range<usize>) {
        let whole = &self.text[range.clone()];
        let ticks = whole.len() - whole.trim_start_matches('`').len();
        let Some(inside) = whole.get(ticks..whole.len().saturating_sub(ticks)) else { return };
        let (before, after) = match self.markup {
            Markup::Bbcode if !ends_code(inside) => ("[code]", "[/code]"),
            Markup::Plain => ("", ""),
            _ => return,
        };
        self.edit(range.start..range.start + ticks, before);
        self.edit(range.end - ticks..range.end, after);
    }

    fn start(&mut self, tag: &Tag<'_>, range: Range<usize>) {
        let begins = range.start;
        let open = match tag {
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough => {
                self.go_on(begins);
                self.mark(tag, range)
            }
            Tag::Link { link_type: LinkType::Inline, dest_url, .. } => {
                self.go_on(begins);
                self.last = self.last.max(begins + 1);
                address::safe(dest_url).map(|address| Open::Link { address, range, words_end: begins + 1 })
            }
            Tag::Link { link_type: LinkType::Autolink, dest_url, .. } => {
                self.go_on(begins);
                if address::safe(dest_url).is_some() {
                    self.edit(begins..begins + 1, "");
                    self.edit(range.end - 1..range.end, "");
                }
                None
            }
            Tag::Image { link_type: LinkType::Inline, dest_url, .. } => {
                self.go_on(begins);
                self.last = self.last.max(begins + 2);
                address::safe(dest_url).map(|address| Open::Picture { address, range, words: String::new() })
            }
            Tag::Image { .. } | Tag::Link { .. } => None,
            _ => return,
        };
        self.open.push(open.unwrap_or(Open::Typed));
    }

    /// Exchanges the two ends of a mark.
    fn mark(&mut self, tag: &Tag<'_>, range: Range<usize>) -> Option<Open> {
        let whole = &self.text[range.clone()];
        let width = match tag {
            Tag::Emphasis => 1,
            Tag::Strikethrough if !whole.starts_with("~~") => 1,
            _ => 2,
        };
        self.last = self.last.max(range.start + width);
        if self.guards(range.start) || self.guards(range.end - width) {
            return None;
        }
        let style = self.style(tag, whole);
        let signs = self.signs_of(style, &range);
        self.edit(range.start..range.start + width, signs.0);
        self.edit(range.end - width..range.end, signs.1);
        Some(Open::Mark { style, signs })
    }

    /// One star is how chats write bold, and Markdown italic: inside bold, or around it, it can only be italic.
    fn style(&self, tag: &Tag<'_>, whole: &str) -> Style {
        let low_line = whole.starts_with('_');
        match tag {
            Tag::Strikethrough => Style::Strike,
            Tag::Strong if low_line => Style::Underline,
            Tag::Strong => Style::Bold,
            _ if low_line || whole.starts_with("***") || self.has(Style::Bold) => Style::Italic,
            _ => Style::Bold,
        }
    }

    fn has(&self, style: Style) -> bool {
        self.open.iter().any(|open| matches!(open, Open::Mark { style: other, .. } if *other == style))
    }

    fn signs_of(&self, style: Style, range: &Range<usize>) -> (&'static str, &'static str) {
        let signs = match (self.markup, style) {
            (Markup::Plain | Markup::Markdown, _) => ("", ""),
            (Markup::Bbcode, Style::Bold) => ("[b]", "[/b]"),
            (Markup::Bbcode, Style::Italic) => ("[i]", "[/i]"),
            (Markup::Bbcode, Style::Underline) => ("[u]", "[/u]"),
            (Markup::Bbcode, Style::Strike) => ("[s]", "[/s]"),
            // What WhatsApp cannot underline is still to be noticed.
            (Markup::Whatsapp, Style::Bold | Style::Underline) => ("*", "*"),
            (Markup::Whatsapp, Style::Italic) => ("_", "_"),
            (Markup::Whatsapp, Style::Strike) => ("~", "~"),
        };
        if self.markup != Markup::Whatsapp {
            return signs;
        }
        // In the middle of a word WhatsApp shows the signs themselves; twice the same sign too.
        let before = self.text[..range.start].chars().next_back();
        let after = self.text[range.end..].chars().next();
        let inside = [before, after].iter().flatten().any(|c| c.is_alphanumeric());
        if inside || self.signs().any(|other| other == signs) { ("", "") } else { signs }
    }

    fn end(&mut self, end: TagEnd, range: Range<usize>) {
        if !matches!(
            end,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        ) {
            return;
        }
        match self.open.pop() {
            Some(Open::Link { address, range, words_end }) => self.link(&address, range, words_end),
            Some(Open::Picture { address, range, words }) => {
                let instead = match self.markup {
                    Markup::Bbcode => format!("[img]{address}[/img]"),
                    _ if words.trim().is_empty() => address,
                    markup => beside(words.trim(), &address, markup),
                };
                self.edit(range, instead);
            }
            _ => {}
        }
        self.last = self.last.max(range.end);
    }

    fn link(&mut self, address: &str, range: Range<usize>, words_end: usize) {
        let Some(words) = self.text.get(range.start + 1..words_end) else { return };
        let rest = &self.text[words_end..range.end];
        if !rest.trim_start().starts_with("](") {
            return;
        }
        if words.trim().is_empty() || words == address {
            self.edit(range, address);
            return;
        }
        let (before, after) = match self.markup {
            Markup::Bbcode => (format!("[url={address}]"), "[/url]".to_owned()),
            markup => (String::new(), beside("", address, markup)),
        };
        self.edit(range.start..range.start + 1, before);
        self.edit(words_end..range.end, after);
    }
}

/// Words with their address after them.
fn beside(words: &str, address: &str, markup: Markup) -> String {
    match markup {
        // A bracket behind it would become part of the link there.
        Markup::Whatsapp => format!("{words} {address}"),
        _ => format!("{words} ({address})"),
    }
}
