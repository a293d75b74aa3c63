//! A person's text, with the light marks that people type in chats, as the place wants it written.
//!
//! The marks are the same everywhere in Griot (docs/decisions/0011-one-way-to-mark-a-text.md): `**bold**`, `_italic_`,
//! `__underlined__`, `~~struck~~`, `` `code` ``, `[words](https://…)`, `![words](https://…)`, lines after `> `, `- ` and
//! `1. `. What bears no mark is copied byte for byte. Deliberately absent: headings, tables, colours, HTML; whatever
//! else a person typed, BBCode among it, stays what they typed.

use serde::{Deserialize, Serialize};

mod address;
mod blocks;
mod edges;
mod inline;
mod literal;
mod signs;

/// How a text is written in a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "snake_case")]
pub enum Markup {
    /// No marks at all.
    Plain,
    /// The marks of WhatsApp.
    Whatsapp,
    /// The doubled marks that Telegram reads where a person types.
    Telegram,
    /// The square brackets of forums.
    Bbcode,
    /// As it was typed: the place reads the same marks. What it would read and a person did not mean gets a backslash.
    Markdown,
}

/// How a text is written.
#[derive(Debug, Clone, Copy)]
struct Writing {
    markup: Markup,
    /// Whether signs that are no marks have to be kept from becoming some.
    guard: bool,
}

/// Quotes inside quotes beyond this stay as they were typed.
const DEPTH: usize = 8;

/// `text` in the notation of the place: a reader there sees all of it but the marks that a person would see as marks.
#[must_use]
pub fn written(text: &str, markup: Markup) -> String {
    let write_as = |guard| {
        let mut out = String::with_capacity(text.len() + text.len() / 8);
        write(text, Writing { markup, guard }, 0, &mut out);
        out
    };
    let out = write_as(false);
    // Signs that Markdown takes for marks by its own rules, and a person by none, change what is read.
    let is_eaten = || inline::seen_in_markdown(&out) != inline::letters(&written(text, Markup::Plain));
    if markup == Markup::Markdown && is_eaten() { write_as(true) } else { out }
}

fn write(text: &str, writing: Writing, depth: usize, out: &mut String) {
    let markup = writing.markup;
    for block in blocks::of(text) {
        match block {
            blocks::Block::Words(words) => inline::write(words, writing, out),
            blocks::Block::Code { whole, code } => fenced(whole, code, markup, out),
            blocks::Block::Quote(lines) if markup == Markup::Bbcode && depth < DEPTH => {
                quote(&lines, depth, out);
            }
            blocks::Block::Quote(lines) => {
                for line in lines {
                    out.push_str(line.prefix);
                    inline::write(line.text, writing, out);
                }
            }
            blocks::Block::List(items) if markup == Markup::Bbcode => list(&items, out),
            blocks::Block::List(items) => {
                for item in items {
                    out.push_str(item.prefix);
                    inline::write(item.text, writing, out);
                }
            }
        }
    }
}

/// How a forum's text is written.
const FORUM: Writing = Writing { markup: Markup::Bbcode, guard: false };

fn fenced(whole: &str, code: &str, markup: Markup, out: &mut String) {
    match markup {
        Markup::Bbcode if !ends_code(code) => {
            out.push_str("[code]");
            out.push_str(code.strip_suffix('\n').unwrap_or(code));
            out.push_str("[/code]");
            out.push_str(ending(whole));
        }
        // Its two lines of fences say nothing to a reader.
        Markup::Plain => out.push_str(code),
        _ => out.push_str(whole),
    }
}

/// Whether a forum would take the end of the code for an earlier one.
fn ends_code(code: &str) -> bool {
    code.to_ascii_lowercase().contains("[/code]")
}

fn quote(lines: &[blocks::Line<'_>], depth: usize, out: &mut String) {
    let inner: String = lines.iter().map(|line| line.text).collect();
    let end = ending(&inner);
    out.push_str("[quote]");
    write(&inner[..inner.len() - end.len()], FORUM, depth + 1, out);
    out.push_str("[/quote]");
    out.push_str(end);
}

fn list(items: &[blocks::Item<'_>], out: &mut String) {
    let mut open = 0_usize;
    for item in items {
        out.push_str(&"[/list]\n".repeat(item.closes));
        open -= item.closes;
        if let Some(kind) = item.opens {
            out.push_str(match kind {
                blocks::Kind::Bullets => "[list]\n",
                blocks::Kind::Numbers => "[list=1]\n",
            });
            open += 1;
        }
        out.push_str("[*]");
        inline::write(item.text, FORUM, out);
    }
    // The last line of the text has no end of its own.
    if !out.ends_with('\n') {
        out.push('\n');
        out.push_str(&vec!["[/list]"; open].join("\n"));
    } else {
        out.push_str(&"[/list]\n".repeat(open));
    }
}

/// The end of the last line of `text`, if it has one.
fn ending(text: &str) -> &str {
    let bare = text.strip_suffix('\n').map_or(text, |bare| bare.strip_suffix('\r').unwrap_or(bare));
    &text[bare.len()..]
}

#[cfg(test)]
mod tests;
