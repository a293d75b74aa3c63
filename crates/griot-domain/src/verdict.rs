//! What the rules say of a draft for one network: ok, warnings, errors, each with a fix.
//!
//! What a rendition solves by itself (size, bytes, format, turning, cutting to a preset) is no problem and is not
//! mentioned. Deliberately absent: whether a file can be read (the media crate says so at import).

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::asset::{Facts, MediaKind};
use crate::lang::Lang;
use crate::markup::written;
use crate::rules::{LiveLimits, Publishing, Rules};
use crate::text::{self, Count, Counting};

mod fields;
mod media;
pub mod remedy;
mod wording;
mod writing;

use wording::Desk;

/// How bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ts_rs::TS)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Nothing to say.
    Ok,
    /// It can go, and the person should know.
    Warning,
    /// It cannot go.
    Error,
}

/// One thing the rules say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Problem {
    /// A stable name, `text_too_long`.
    pub code: String,
    /// How bad.
    pub level: Level,
    /// What it is, in plain words of the chosen language.
    pub message: String,
    /// What to do, in plain words.
    pub fix: String,
    /// The picture or film that it is about, by its place in the draft. Not on the wire: places mean nothing there.
    #[serde(skip)]
    #[ts(skip)]
    pub medium: Option<usize>,
    /// The declared field that it is about.
    #[serde(skip)]
    #[ts(skip)]
    pub field: Option<String>,
}

/// All the rules say.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct Verdict {
    /// The count of the text.
    pub text: Count,
    /// The worst level of the problems.
    pub verdict: Level,
    /// What there is to say, worst first.
    pub problems: Vec<Problem>,
}

/// A picture or film of a draft.
#[derive(Debug, Clone, PartialEq)]
pub struct DraftMedia {
    /// The name people know it by.
    pub name: String,
    /// What was read from the original.
    pub facts: Facts,
    /// Alt text in this post.
    pub alt: String,
    /// Alt text that the library keeps for it; empty when there is none.
    pub library_alt: String,
}

/// What one network would get.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    /// The text.
    pub text: String,
    /// Values of the declared fields.
    pub fields: BTreeMap<String, String>,
    /// The media, in order.
    pub media: Vec<DraftMedia>,
}

impl Draft {
    fn count_of(&self, kind: MediaKind) -> usize {
        self.media.iter().filter(|media| media.facts.kind == kind).count()
    }

    /// What counts beside the text.
    fn counting(&self, live: Option<&LiveLimits>) -> Counting<'_> {
        Counting {
            has_media: !self.media.is_empty(),
            spoiler: self.fields.get("spoiler").map_or("", String::as_str),
            link_length: live.and_then(|live| live.url_length).unwrap_or(text::LINK_LENGTH),
        }
    }
}

/// What `rules`, and the limits that the account's server stated, say of `draft`.
#[must_use]
pub fn judge(draft: &Draft, rules: &Rules, live: Option<&LiveLimits>, lang: Lang) -> Verdict {
    let in_force = rules.in_force(live);
    let rules = in_force.as_ref();
    let counting = draft.counting(live);
    // What a person pastes there is what the place counts.
    let pasted =
        (rules.publishing == Publishing::Assisted).then(|| written(&draft.text, rules.by_hand.markup));
    let count = text::count(pasted.as_ref().unwrap_or(&draft.text), &rules.text, &counting);
    let mut desk = Desk::new(rules.network, lang);
    writing::judge(draft, rules, &count, &mut desk);
    fields::judge(draft, rules, &counting, &mut desk);
    media::judge(draft, rules, &mut desk);
    let problems = desk.worst_first();
    let verdict = problems.first().map_or(Level::Ok, |worst| worst.level);
    Verdict { text: count, verdict, problems }
}

#[cfg(test)]
mod shapes;
#[cfg(test)]
mod tests;
