//! Markdown, as servers read it that let authors write it: every line break is one, and a few tags of HTML stay.

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd, TextMergeStream};

use super::inline::Words;
use super::{Rendering, attribute, escaped};

/// Tags that may stand in a post.
const TAGS: &[&str] = &[
    "b",
    "i",
    "u",
    "s",
    "em",
    "strong",
    "del",
    "code",
    "pre",
    "p",
    "br",
    "hr",
    "ul",
    "ol",
    "li",
    "blockquote",
];

/// A text as HTML.
pub(super) fn html(words: &Words<'_>, text: &str) -> String {
    let mut options = Options::ENABLE_STRIKETHROUGH;
    if words.rendering == Rendering::Typographic {
        options |= Options::ENABLE_SMART_PUNCTUATION;
    }
    let mut page = Page { words, out: String::new(), in_link: 0, in_code: false };
    for event in TextMergeStream::new(Parser::new_ext(text, options)) {
        page.put(event);
    }
    page.out
}

struct Page<'a> {
    words: &'a Words<'a>,
    out: String,
    in_link: usize,
    in_code: bool,
}

impl Page<'_> {
    fn put(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.open(&tag),
            Event::End(tag) => self.close(tag),
            Event::Text(text) if self.in_link > 0 || self.in_code => {
                self.out.push_str(&escaped(&text, self.words.rendering));
            }
            Event::Text(text) => self.out.push_str(&self.words.html(&text)),
            Event::Code(text) => {
                self.out.push_str(&format!("<code>{}</code>", escaped(&text, self.words.rendering)));
            }
            Event::Html(tag) | Event::InlineHtml(tag) => self.raw(&tag),
            Event::SoftBreak | Event::HardBreak => self.out.push_str("<br>"),
            Event::Rule => self.out.push_str("<hr>"),
            _ => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        let html = match tag {
            Tag::Paragraph => "<p>".to_owned(),
            Tag::Heading { level, .. } => format!("<{level}>"),
            Tag::BlockQuote(_) => "<blockquote>".to_owned(),
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                match kind {
                    CodeBlockKind::Fenced(name) if !name.is_empty() => {
                        format!("<pre><code class=\"language-{}\">", attribute(name))
                    }
                    _ => "<pre><code>".to_owned(),
                }
            }
            Tag::List(Some(1)) => "<ol>".to_owned(),
            Tag::List(Some(first)) => format!("<ol start=\"{first}\">"),
            Tag::List(None) => "<ul>".to_owned(),
            Tag::Item => "<li>".to_owned(),
            Tag::Emphasis => "<em>".to_owned(),
            Tag::Strong => "<strong>".to_owned(),
            Tag::Strikethrough => "<del>".to_owned(),
            Tag::Link { dest_url, .. } => {
                self.in_link += 1;
                let href = attribute(dest_url);
                format!("<a href=\"{href}\" rel=\"nofollow noreferrer noopener\" target=\"_blank\">")
            }
            _ => String::new(),
        };
        self.out.push_str(&html);
    }

    fn close(&mut self, tag: TagEnd) {
        let html = match tag {
            TagEnd::Paragraph => "</p>".to_owned(),
            TagEnd::Heading(level) => format!("</{level}>"),
            TagEnd::BlockQuote(_) => "</blockquote>".to_owned(),
            TagEnd::CodeBlock => {
                self.in_code = false;
                "</code></pre>".to_owned()
            }
            TagEnd::List(true) => "</ol>".to_owned(),
            TagEnd::List(false) => "</ul>".to_owned(),
            TagEnd::Item => "</li>".to_owned(),
            TagEnd::Emphasis => "</em>".to_owned(),
            TagEnd::Strong => "</strong>".to_owned(),
            TagEnd::Strikethrough => "</del>".to_owned(),
            TagEnd::Link => {
                self.in_link -= 1;
                "</a>".to_owned()
            }
            _ => String::new(),
        };
        self.out.push_str(&html);
    }

    /// A tag that somebody wrote: as it is when it may stand there, without attributes; else it is taken away.
    fn raw(&mut self, tag: &str) {
        for piece in tag.split_inclusive('>') {
            let Some(at) = piece.find('<') else {
                self.out.push_str(piece.trim_end());
                continue;
            };
            self.out.push_str(&piece[..at]);
            let inner = piece[at + 1..].trim_end_matches(['>', '\n']);
            let (slash, name) = inner.strip_prefix('/').map_or(("", inner), |name| ("/", name));
            let name: String = name.chars().take_while(char::is_ascii_alphanumeric).collect();
            if TAGS.contains(&name.to_ascii_lowercase().as_str()) {
                self.out.push_str(&format!("<{slash}{name}>"));
            }
        }
    }
}
