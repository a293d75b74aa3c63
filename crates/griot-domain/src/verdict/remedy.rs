//! What one press can do about a problem: changes of one network's variant whose result can be foreseen.
//!
//! A remedy never changes what other networks get, and never writes words that the person did not write. Where only
//! the person can decide there is none.

use std::collections::BTreeSet;

use super::fields::FIRST_COMMENT;
use super::wording::plural;
use super::{Draft, Problem, writing};
use crate::asset::MediaKind;
use crate::lang::Lang;
use crate::rules::{Field, FieldKind, LiveLimits, Publishing, Rules};
use crate::text::parts::{self, Part, parts};
use crate::text::shorten::{can_shorten, shorten};
use crate::text::{self, Counting};

/// Something that one press can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remedy {
    /// Its name, the same as long as the draft is.
    pub id: String,
    /// What the button says.
    pub label: String,
    change: Change,
}

/// What a remedy does, before it is worked out: looking at what could be done costs little.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Change {
    Keep(Vec<usize>),
    ShortenText,
    CleanText,
    /// So many signs of that kind stay signs; the words after the others stay words.
    Unmark(parts::Kind, usize),
    LibraryAlt(usize),
    ShortenAlt(usize),
    Field(String, Mend),
}

/// What is done to a declared field.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Mend {
    TakeOut,
    Clean,
    OneLine,
    Shorten,
    FirstLine,
}

/// What changes in one network's variant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Patch {
    /// Its text.
    Text(String),
    /// Only these media stay, by their places.
    Keep(Vec<usize>),
    /// The alt text of the medium at this place.
    Alt(usize, String),
    /// A declared field; nothing takes it out.
    Field(String, Option<String>),
}

/// What can be done about `problem`, the likeliest first.
#[must_use]
pub fn remedies(
    problem: &Problem,
    draft: &Draft,
    rules: &Rules,
    live: Option<&LiveLimits>,
    lang: Lang,
) -> Vec<Remedy> {
    let in_force = rules.in_force(live);
    let desk = Bench { draft, rules: &in_force, live, lang };
    match problem.code.as_str() {
        "mixed_media"
        | "images_not_accepted"
        | "videos_not_accepted"
        | "too_many_images"
        | "too_many_videos"
        | "too_many_media" => desk.for_media(&problem.code),
        "text_too_long" | "too_many_hashtags" | "too_many_mentions" => desk.for_text(&problem.code),
        "forbidden_character" if problem.field.is_none() => desk.for_text(&problem.code),
        "alt_missing" | "alt_too_long" => {
            problem.medium.map(|place| desk.for_alt(&problem.code, place)).unwrap_or_default()
        }
        _ => problem.field.as_deref().map(|field| desk.for_field(&problem.code, field)).unwrap_or_default(),
    }
}

/// One draft under one network's rules, live limits laid over them.
struct Bench<'a> {
    draft: &'a Draft,
    rules: &'a Rules,
    live: Option<&'a LiveLimits>,
    lang: Lang,
}

impl Bench<'_> {
    fn remedy(&self, id: impl Into<String>, label: (String, String), change: Change) -> Vec<Remedy> {
        vec![Remedy { id: id.into(), label: self.lang.pick(label.0, label.1), change }]
    }

    fn places(&self, kind: Option<MediaKind>) -> Vec<usize> {
        let media = self.draft.media.iter().enumerate();
        media.filter(|(_, m)| kind.is_none_or(|kind| m.facts.kind == kind)).map(|(place, _)| place).collect()
    }

    fn for_media(&self, code: &str) -> Vec<Remedy> {
        use MediaKind::{Image, Video};
        let most = |n: u32| usize::try_from(n).unwrap_or(usize::MAX);
        match code {
            "mixed_media" => [self.keep_kind(Image), self.keep_kind(Video)].concat(),
            "images_not_accepted" => self.take_out(Image),
            "videos_not_accepted" => self.take_out(Video),
            "too_many_images" => self.keep_first(Some(Image), most(self.rules.images.max_count)),
            "too_many_videos" => self.keep_first(Some(Video), most(self.rules.videos.max_count)),
            _ => self.rules.max_media.map(|n| self.keep_first(None, most(n))).unwrap_or_default(),
        }
    }

    fn keep_kind(&self, kind: MediaKind) -> Vec<Remedy> {
        let keep = self.places(Some(kind));
        let s = plural(keep.len() as u64);
        let the = if s.is_empty() { "la" } else { "les" };
        let (id, fr, en) = match kind {
            MediaKind::Image => ("keep_pictures", "photo", "picture"),
            MediaKind::Video => ("keep_film", "vidéo", "film"),
        };
        self.remedy(id, (format!("Garder {the} {fr}{s}"), format!("Keep the {en}{s}")), Change::Keep(keep))
    }

    fn take_out(&self, kind: MediaKind) -> Vec<Remedy> {
        let s = plural(self.places(Some(kind)).len() as u64);
        let the = if s.is_empty() { "la" } else { "les" };
        let (id, fr, en, other) = match kind {
            MediaKind::Image => ("take_out_images", "photo", "picture", MediaKind::Video),
            MediaKind::Video => ("take_out_videos", "vidéo", "film", MediaKind::Image),
        };
        let keep = Change::Keep(self.places(Some(other)));
        self.remedy(id, (format!("Retirer {the} {fr}{s}"), format!("Take the {en}{s} out")), keep)
    }

    fn keep_first(&self, kind: Option<MediaKind>, most: usize) -> Vec<Remedy> {
        let kept: Vec<usize> = self.places(kind).into_iter().take(most).collect();
        let others = |place: &usize| kind.is_some_and(|kind| self.draft.media[*place].facts.kind != kind);
        let keep =
            (0..self.draft.media.len()).filter(|place| kept.contains(place) || others(place)).collect();
        let (what, first) = match kind {
            Some(MediaKind::Image) => ("images", "première"),
            Some(MediaKind::Video) => ("videos", "première"),
            None => ("media", "premier"),
        };
        let label = match (most, kind) {
            (1, None) => (format!("Garder le {first}"), "Keep the first".to_owned()),
            (1, Some(_)) => (format!("Garder la {first}"), "Keep the first".to_owned()),
            _ => (format!("Garder les {most} {first}s"), format!("Keep the first {most}")),
        };
        self.remedy(format!("keep_first_{most}_{what}"), label, Change::Keep(keep))
    }

    fn for_text(&self, code: &str) -> Vec<Remedy> {
        let name = self.rules.network.display_name();
        let most = |n: Option<u32>| n.and_then(|n| usize::try_from(n).ok()).unwrap_or(0);
        match code {
            "text_too_long" => {
                let fits = |text: &str| self.text_fits(text);
                if !can_shorten(&self.draft.text, |text| parts(text, self.rules.network), fits) {
                    return Vec::new();
                }
                let label = (format!("Raccourcir pour {name}"), format!("Shorten for {name}"));
                self.remedy("shorten", label, Change::ShortenText)
            }
            "too_many_hashtags" => self.unmark(parts::Kind::Hashtag, most(self.rules.text.max_hashtags)),
            "too_many_mentions" => self.unmark(parts::Kind::Mention, most(self.rules.text.max_mentions)),
            _ => self.remedy("clean_text", clean(), Change::CleanText),
        }
    }

    fn unmark(&self, kind: parts::Kind, most: usize) -> Vec<Remedy> {
        let (id, fr, en) = match kind {
            parts::Kind::Mention => ("mentions", "premières mentions", "mentions"),
            _ => ("hashtags", "premiers hashtags", "hashtags"),
        };
        let label = (format!("Garder les {most} {fr}"), format!("Keep the first {most} {en}"));
        self.remedy(format!("keep_first_{most}_{id}"), label, Change::Unmark(kind, most))
    }

    fn for_alt(&self, code: &str, place: usize) -> Vec<Remedy> {
        let Some(medium) = self.draft.media.get(place) else { return Vec::new() };
        if code == "alt_too_long" {
            let label = ("Raccourcir le texte alternatif".to_owned(), "Shorten the alt text".to_owned());
            return self.remedy(format!("shorten_alt_{place}"), label, Change::ShortenAlt(place));
        }
        if medium.library_alt.trim().is_empty() {
            return Vec::new();
        }
        let label = ("Reprendre celui de la médiathèque".to_owned(), "Take the library’s".to_owned());
        self.remedy(format!("use_library_alt_{place}"), label, Change::LibraryAlt(place))
    }

    fn for_field(&self, code: &str, name: &str) -> Vec<Remedy> {
        let one = |id: &str, fr: &str, en: &str, mend: Mend| {
            let label = (fr.to_owned(), en.to_owned());
            self.remedy(format!("{id}_{name}"), label, Change::Field(name.to_owned(), mend))
        };
        let Some(field) = self.rules.field(name) else {
            return one("clear", "Retirer ce champ", "Take this field out", Mend::TakeOut);
        };
        let lines = matches!(field.kind, FieldKind::Line | FieldKind::Text | FieldKind::List);
        match code {
            "forbidden_character" => {
                self.remedy(format!("clean_{name}"), clean(), Change::Field(name.to_owned(), Mend::Clean))
            }
            "bad_field" if field.kind == FieldKind::Line => {
                one("one_line", "Mettre sur une ligne", "Put it on one line", Mend::OneLine)
            }
            "bad_choice" | "bad_field" if !field.required => {
                one("clear", "Revenir à la valeur habituelle", "Go back to the usual value", Mend::TakeOut)
            }
            "field_too_long" if lines && self.can_shorten_field(field) => {
                one("shorten", "Raccourcir", "Shorten", Mend::Shorten)
            }
            "field_required" if self.first_line(field).is_some() => {
                let en = "Take the first line of the text";
                one("first_line", "Reprendre la première ligne du texte", en, Mend::FirstLine)
            }
            _ => Vec::new(),
        }
    }

    fn text_fits(&self, text: &str) -> bool {
        text::count(text, &self.rules.text, &self.draft.counting(self.live)).over == 0
    }

    fn value(&self, name: &str) -> &str {
        self.draft.fields.get(name).map_or("", String::as_str).trim()
    }

    fn field_fits(&self, field: &Field, value: &str) -> bool {
        if let Some(max) = field.max {
            return text::length(value, field.unit, &Counting::default()) <= max;
        }
        // A first comment is a post of its own and counts as one.
        let a_post = field.name == FIRST_COMMENT && self.rules.publishing == Publishing::Api;
        let alone = Counting { has_media: false, spoiler: "", ..self.draft.counting(self.live) };
        !a_post || text::count(value, &self.rules.text, &alone).over == 0
    }

    fn shorter_field(&self, field: &Field) -> Option<String> {
        let value = self.value(&field.name);
        if field.kind == FieldKind::List {
            let head = beginning(value, usize::try_from(field.max?).ok()?);
            return head.rfind(',').map(|end| head[..end].trim().to_owned()).filter(|kept| !kept.is_empty());
        }
        shorten(value, &parts(value, self.rules.network), |cut| self.field_fits(field, cut))
    }

    /// Told without looking for the best cut.
    fn can_shorten_field(&self, field: &Field) -> bool {
        if field.kind == FieldKind::List {
            return self.shorter_field(field).is_some();
        }
        let network = self.rules.network;
        can_shorten(self.value(&field.name), |text| parts(text, network), |cut| self.field_fits(field, cut))
    }

    fn first_line(&self, field: &Field) -> Option<String> {
        let line = self.draft.text.lines().map(str::trim).find(|line| !line.is_empty())?;
        let line: String = line.chars().filter(|c| !field.forbidden.contains(*c)).collect();
        let line = line.trim();
        let units = u32::try_from(line.encode_utf16().count()).unwrap_or(u32::MAX);
        let good = field.kind == FieldKind::Line
            && !line.is_empty()
            && field.min.is_none_or(|min| units >= min)
            && self.field_fits(field, line);
        good.then(|| line.to_owned())
    }

    fn without_signs(&self, kind: parts::Kind, most: usize) -> String {
        let text = &self.draft.text;
        let all = text::x::hashtags(text).into_iter().map(|tag| (tag.start, parts::Kind::Hashtag));
        let names = text::x::mentions(text).into_iter().map(|name| (name.start, parts::Kind::Mention));
        let links: Vec<Part> =
            parts(text, self.rules.network).into_iter().filter(|p| p.kind == parts::Kind::Link).collect();
        let loose = |at: usize| !links.iter().any(|link| (link.start..link.end).contains(&at));
        let signs: BTreeSet<usize> = all
            .chain(names)
            .filter(|(at, of)| *of == kind && loose(*at))
            .map(|(at, _)| at)
            .skip(most)
            .collect();
        text.char_indices().filter(|(at, _)| !signs.contains(at)).map(|(_, c)| c).collect()
    }

    fn mended(&self, name: &str, mend: &Mend) -> Option<Patch> {
        let value = self.value(name);
        let field = self.rules.field(name);
        let new = match mend {
            Mend::TakeOut => return Some(Patch::Field(name.to_owned(), None)),
            Mend::Clean => {
                value.chars().filter(|c| field.is_none_or(|f| !f.forbidden.contains(*c))).collect()
            }
            Mend::OneLine => value.split_whitespace().collect::<Vec<_>>().join(" "),
            Mend::Shorten => self.shorter_field(field?)?,
            Mend::FirstLine => self.first_line(field?)?,
        };
        Some(Patch::Field(name.to_owned(), Some(new)))
    }
}

impl Remedy {
    /// What changes; nothing when the draft is not the one for which the remedy was found.
    #[must_use]
    pub fn work_out(&self, draft: &Draft, rules: &Rules, live: Option<&LiveLimits>) -> Option<Patch> {
        let in_force = rules.in_force(live);
        let rules = in_force.as_ref();
        let desk = Bench { draft, rules, live, lang: Lang::default() };
        match &self.change {
            Change::Keep(places) => Some(Patch::Keep(places.clone())),
            Change::ShortenText => {
                let parts = parts(&draft.text, rules.network);
                shorten(&draft.text, &parts, |text| desk.text_fits(text)).map(Patch::Text)
            }
            Change::CleanText => {
                let good = draft.text.chars().filter(|c| !writing::is_forbidden(*c, &rules.text));
                Some(Patch::Text(good.collect()))
            }
            Change::Unmark(kind, most) => Some(Patch::Text(desk.without_signs(*kind, *most))),
            Change::LibraryAlt(place) => {
                draft.media.get(*place).map(|medium| Patch::Alt(*place, medium.library_alt.clone()))
            }
            Change::ShortenAlt(place) => {
                let (max, unit) = (rules.images.alt_max?, rules.images.alt_unit);
                let alt = &draft.media.get(*place)?.alt;
                shorten(alt, &[], |cut| text::length(cut, unit, &Counting::default()) <= max)
                    .map(|alt| Patch::Alt(*place, alt))
            }
            Change::Field(name, mend) => desk.mended(name, mend),
        }
    }
}

impl Patch {
    /// The draft with this change.
    #[must_use]
    pub fn on(self, mut draft: Draft) -> Draft {
        match self {
            Self::Text(text) => draft.text = text,
            Self::Keep(places) => {
                draft.media = places.iter().filter_map(|place| draft.media.get(*place).cloned()).collect();
            }
            Self::Alt(place, alt) => {
                if let Some(medium) = draft.media.get_mut(place) {
                    medium.alt = alt;
                }
            }
            Self::Field(name, None) => drop(draft.fields.remove(&name)),
            Self::Field(name, Some(value)) => drop(draft.fields.insert(name, value)),
        }
        draft
    }
}

/// The beginning of a text with at most so many UTF-16 units.
fn beginning(text: &str, most: usize) -> &str {
    let mut units = 0;
    let end = text.char_indices().find(|(_, c)| {
        units += c.len_utf16();
        units > most
    });
    end.map_or(text, |(at, _)| &text[..at])
}

fn clean() -> (String, String) {
    ("Retirer ces signes".to_owned(), "Take these signs out".to_owned())
}

#[cfg(test)]
mod tests;
