//! Marks inside lines. Which signs can be marks says `edges`, which of them belong together pulldown-cmark; the text
//! itself is never written anew, only the marks in it are exchanged, so that all else comes out as it went in.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

use super::edges::{Reading, Role};
use super::literal::{self, Place, Placed};
use super::signs::is_marked;
use super::{Markup, Writing, address, ends_code};

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
    /// What the words between become; no signs where the place has none for them. `inner` is what the mark is about.
    Mark { style: Style, signs: (&'static str, &'static str), inner: Range<usize> },
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
    reading: &'a Reading,
    open: Vec<Open>,
    edits: Vec<(Range<usize>, String)>,
    /// Where signs are no signs of the text: marks that were read, code, addresses.
    read: Vec<Range<usize>>,
    /// The signs that were put for marks.
    placed: Vec<Placed>,
    /// Whether marks were closed at the end of a line and go on in the next.
    reopen: bool,
}

/// Writes `text` to `out` in the notation of the place.
pub(super) fn write(text: &str, writing: Writing, out: &mut String) {
    let markup = writing.markup;
    // Markdown reads more than marks at the beginning of lines.
    let plain = markup != Markup::Markdown && !text.contains(['*', '_', '~', '`', '[', '<', '\\', '&', '|']);
    let addresses = if plain { Vec::new() } else { address::whole(text) };
    let within = address::within(text, &addresses);
    let Some(reading) = Some(text).filter(|_| !plain).and_then(|text| Reading::of(text, &within)) else {
        out.push_str(text);
        return;
    };
    let mut exchange = Exchange {
        text,
        markup,
        reading: &reading,
        open: Vec::new(),
        edits: Vec::new(),
        read: addresses,
        placed: Vec::new(),
        reopen: false,
    };
    for (event, range) in Parser::new_ext(&reading.masked, Options::ENABLE_STRIKETHROUGH).into_offset_iter() {
        exchange.take(&event, range);
    }
    let Exchange { mut edits, read, placed, .. } = exchange;
    let place = Place::new(text, &reading, read, placed);
    edits.extend(match markup {
        Markup::Markdown => literal::for_markdown(&place, writing.guard),
        Markup::Whatsapp => literal::for_whatsapp(&place),
        Markup::Telegram => literal::for_telegram(&place),
        Markup::Plain | Markup::Bbcode => literal::without_escapes(&place),
    });
    apply(text, edits, out);
}

/// What readers of Markdown see of `text`, see [`letters`].
pub(super) fn seen_in_markdown(text: &str) -> String {
    let words = |event: Event<'_>| match event {
        Event::Text(words) | Event::Code(words) => Some(letters(&words)),
        _ => None,
    };
    Parser::new_ext(text, Options::ENABLE_STRIKETHROUGH).filter_map(words).collect()
}

/// `text` without blanks, and without what begins lines of quotes and lists and stands around links.
pub(super) fn letters(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && !"->#[]()<!".contains(*c)).collect()
}

fn apply(text: &str, mut edits: Vec<(Range<usize>, String)>, out: &mut String) {
    edits.sort_by_key(|(range, _)| range.start);
    let mut at = 0;
    for (range, instead) in edits {
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
                let words = self.words(words, &range);
                if let Some(Open::Picture { words: all, .. }) = self.picture() {
                    all.push_str(&words);
                }
            }
            Event::Code(words) => {
                self.go_on(range.start);
                let words = self.words(words, &range);
                if let Some(Open::Picture { words: all, .. }) = self.picture() {
                    all.push_str(&words);
                }
                self.code(range.clone());
            }
            Event::SoftBreak | Event::HardBreak => self.pause(range.start),
            Event::Start(tag) => {
                self.start(tag, range);
                return;
            }
            Event::End(end) => self.end(*end),
            _ => {}
        }
        self.ends_at(range.end);
    }

    /// Words as they were written; as they were read where something was taken away or put together.
    fn words(&self, read: &str, range: &Range<usize>) -> String {
        let written = &self.text[range.clone()];
        if written.len() == read.len() { written.to_owned() } else { self.reading.shown(read) }
    }

    /// Remembers how far the words go.
    fn ends_at(&mut self, end: usize) {
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
            self.placed.extend(Placed::each(&closing, at, false));
            self.edit(at..at, closing);
            self.reopen = true;
        }
    }

    fn go_on(&mut self, at: usize) {
        if self.reopen {
            let opening: String = self.signs().map(|(open, _)| open).collect();
            self.placed.extend(Placed::each(&opening, at, true));
            self.edit(at..at, opening);
            self.reopen = false;
        }
    }

    fn code(&mut self, range: Range<usize>) {
        let whole = &self.text[range.clone()];
        let ticks = whole.len() - whole.trim_start_matches('`').len();
        let Some(inside) = whole.get(ticks..whole.len().saturating_sub(ticks)) else { return };
        if !self.is_mark(range.start, range.end - ticks) {
            return;
        }
        self.read.push(range.clone());
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
                let address = address::safe(&self.reading.shown(dest_url));
                address.map(|address| Open::Link { address, range, words_end: begins + 1 })
            }
            Tag::Link { link_type: LinkType::Autolink, dest_url, .. } => {
                self.go_on(begins);
                self.read.push(range.clone());
                if address::safe(dest_url).is_some() && self.markup != Markup::Markdown {
                    self.edit(begins..begins + 1, "");
                    self.edit(range.end - 1..range.end, "");
                }
                None
            }
            Tag::Image { link_type: LinkType::Inline, dest_url, .. } => {
                self.go_on(begins);
                let address = address::safe(&self.reading.shown(dest_url));
                address.map(|address| Open::Picture { address, range, words: String::new() })
            }
            Tag::Image { .. } | Tag::Link { .. } => None,
            // No place reads marks in there, and Markdown no backslashes either.
            Tag::CodeBlock(_) | Tag::HtmlBlock => {
                self.read.push(range);
                return;
            }
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
        let (start, end) = (range.start, range.end - width);
        let inner = start + width..end;
        if !self.is_mark(start, end) || !self.is_whole(&range) || !is_marked(&self.text[inner.clone()], width)
        {
            return None;
        }
        let style = self.style(tag, whole);
        let signs = self.signs_of(style, &range);
        self.read.extend([start..inner.start, end..range.end]);
        if self.markup != Markup::Markdown {
            self.placed.extend(Placed::each(signs.0, start, true).chain(Placed::each(signs.1, end, false)));
            self.edit(start..inner.start, signs.0);
            self.edit(end..range.end, signs.1);
        }
        Some(Open::Mark { style, signs, inner })
    }

    /// Whether a person would see a mark that begins and ends with the signs at these places.
    fn is_mark(&self, start: usize, end: usize) -> bool {
        let role = |at: usize| self.reading.run_at(at).map(|run| run.role);
        matches!(role(start), Some(Role::Mark { opens: true, .. }))
            && matches!(role(end), Some(Role::Mark { closes: true, .. }))
    }

    /// Whether none of the same signs is left over beside a mark, but those of a mark right around it.
    fn is_whole(&self, range: &Range<usize>) -> bool {
        let bytes = self.text.as_bytes();
        let sign = bytes.get(range.start);
        let around = match self.open.last() {
            Some(Open::Mark { inner, .. }) => (Some(inner.start), Some(inner.end)),
            _ => (None, None),
        };
        let before = range.start.checked_sub(1).and_then(|at| bytes.get(at));
        let alone = before != sign || around.0 == Some(range.start);
        alone && (bytes.get(range.end) != sign || around.1 == Some(range.end))
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
            // What Telegram and WhatsApp cannot underline is still to be noticed.
            (Markup::Telegram, Style::Bold | Style::Underline) => ("**", "**"),
            (Markup::Telegram, Style::Italic) => ("__", "__"),
            (Markup::Telegram, Style::Strike) => ("~~", "~~"),
            (Markup::Bbcode, Style::Bold) => ("[b]", "[/b]"),
            (Markup::Bbcode, Style::Italic) => ("[i]", "[/i]"),
            (Markup::Bbcode, Style::Underline) => ("[u]", "[/u]"),
            (Markup::Bbcode, Style::Strike) => ("[s]", "[/s]"),
            (Markup::Whatsapp, Style::Bold | Style::Underline) => ("*", "*"),
            (Markup::Whatsapp, Style::Italic) => ("_", "_"),
            (Markup::Whatsapp, Style::Strike) => ("~", "~"),
        };
        if !matches!(self.markup, Markup::Whatsapp | Markup::Telegram) {
            return signs;
        }
        // In the middle of a word these show the signs themselves; twice the same sign too.
        let before = self.text[..range.start].chars().next_back();
        let after = self.text[range.end..].chars().next();
        let inside = [before, after].iter().flatten().any(|c| c.is_alphanumeric());
        if inside || self.signs().any(|other| other == signs) { ("", "") } else { signs }
    }

    fn end(&mut self, end: TagEnd) {
        if !matches!(
            end,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        ) {
            return;
        }
        match self.open.pop() {
            Some(Open::Link { address, range, words_end }) => self.link(&address, range, words_end),
            Some(Open::Picture { range, .. }) if self.markup == Markup::Markdown => self.read.push(range),
            Some(Open::Picture { address, range, words }) => {
                self.read.push(range.clone());
                let instead = match self.markup {
                    Markup::Bbcode => format!("[img]{address}[/img]"),
                    _ if words.trim().is_empty() => address,
                    markup => beside(words.trim(), &address, markup),
                };
                self.edit(range, instead);
            }
            _ => {}
        }
    }

    fn link(&mut self, address: &str, range: Range<usize>, words_end: usize) {
        let Some(words) = self.text.get(range.start + 1..words_end) else { return };
        let rest = &self.text[words_end..range.end];
        if !rest.trim_start().starts_with("](") {
            return;
        }
        self.read.push(words_end..range.end);
        if self.markup == Markup::Markdown {
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
