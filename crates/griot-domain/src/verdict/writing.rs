//! Problems of the text.

use std::collections::BTreeSet;

use super::Draft;
use super::wording::{Desk, plural, say, unit};
use crate::rules::{Rules, TextRules, Unit};
use crate::text::x::{self, Tails};
use crate::text::{Count, normalise};

pub(super) fn judge(draft: &Draft, rules: &Rules, count: &Count, desk: &mut Desk) {
    presence(draft, rules, desk);
    length(draft, &rules.text, count, desk);
    characters(&draft.text, &rules.text, desk);
    marks(&draft.text, &rules.text, desk);
}

fn presence(draft: &Draft, rules: &Rules, desk: &mut Desk) {
    if !draft.media.is_empty() {
        return;
    }
    let name = desk.name();
    if !rules.text.without_media {
        let films_only = rules.images.max_count == 0;
        let fix = if films_only {
            say("Ajoutez une vidéo.", "Add a film.")
        } else {
            say("Ajoutez une image ou une vidéo.", "Add a picture or a film.")
        };
        desk.error(
            "media_missing",
            say(
                format!("{name} ne publie pas de texte seul."),
                format!("{name} does not publish text alone."),
            ),
            fix,
        );
    } else if draft.text.trim().is_empty() {
        desk.error(
            "empty",
            say(
                "Il n’y a rien à publier : ni texte, ni média.",
                "There is nothing to publish: no text and no media.",
            ),
            say("Écrivez un texte ou ajoutez une image.", "Write a text or add a picture."),
        );
    }
}

fn length(draft: &Draft, rules: &TextRules, count: &Count, desk: &mut Desk) {
    let name = desk.name();
    if let (Some(max), 1..) = (count.max, count.over) {
        let (over, most) = (desk.number(count.over), desk.number(max));
        let (fr, en) = unit(count.unit, count.over.into());
        let because_of_media = !draft.media.is_empty() && rules.max_with_media.is_some();
        let (with_fr, with_en) = if because_of_media { (" avec un média", " with media") } else { ("", "") };
        desk.error(
            "text_too_long",
            say(
                format!("Le texte dépasse de {over} {fr} ce que {name} accepte{with_fr} ({most})."),
                format!("The text is {over} {en} over what {name} takes{with_en} ({most})."),
            ),
            say(
                format!("Raccourcissez le texte, ou écrivez une variante plus courte pour {name}."),
                format!("Shorten the text, or write a shorter variant for {name}."),
            ),
        );
    }
    if let Some(min) =
        rules.min.filter(|min| count.used < *min && !(count.used == 0 && draft.media.is_empty()))
    {
        let (used, least) = (desk.number(count.used), desk.number(min));
        desk.error(
            "text_too_short",
            say(
                format!("{name} demande au moins {least} caractères ; le texte en a {used}."),
                format!("{name} asks for at least {least} characters; the text has {used}."),
            ),
            say("Écrivez un peu plus.", "Write a little more."),
        );
    }
    if let Some(fold) = rules.fold.filter(|fold| count.used > *fold && count.over == 0) {
        let fold = desk.number(fold);
        desk.warn(
            "text_folded",
            say(
                format!("{name} replie le texte après environ {fold} caractères, derrière « Voir plus »."),
                format!("{name} folds the text after about {fold} characters, behind “See more”."),
            ),
            say("Mettez l’essentiel au début.", "Put what matters first."),
        );
    }
}

fn characters(text: &str, rules: &TextRules, desk: &mut Desk) {
    let name = desk.name();
    let Some(found) = text.chars().find(|c| is_forbidden(*c, rules)) else { return };
    let (fr, en) = if x::is_forbidden(found) {
        (
            format!("un caractère invisible (U+{:04X})", u32::from(found)),
            format!("an invisible character (U+{:04X})", u32::from(found)),
        )
    } else {
        (format!("le signe « {found} »"), format!("the sign “{found}”"))
    };
    desk.error(
        "forbidden_character",
        say(format!("{name} refuse {fr} dans le texte."), format!("{name} refuses {en} in the text.")),
        say("Retirez-le du texte.", "Take it out of the text."),
    );
}

/// Whether the network refuses every text with this character.
pub(super) fn is_forbidden(c: char, rules: &TextRules) -> bool {
    rules.forbidden.contains(c) || (rules.unit == Unit::XWeighted && x::is_forbidden(c))
}

fn marks(text: &str, rules: &TextRules, desk: &mut Desk) {
    // Most networks do not count them, and looking for them is what takes longest in a long text.
    if rules.max_links.is_none() && rules.max_hashtags.is_none() && rules.max_mentions.is_none() {
        return;
    }
    let text = normalise(text);
    let text = text.as_str();
    let links = x::urls(text, Tails::X);
    let in_link = |start: usize| {
        let next = links.partition_point(|link| link.end <= start);
        links.get(next).is_some_and(|link| link.start <= start)
    };
    let distinct: BTreeSet<&str> = links.iter().map(|link| &text[link.start..link.end]).collect();
    let mentions = x::mentions(text).iter().filter(|mention| !in_link(mention.start)).count();
    let hashtags = x::hashtags_beside(text, &links).len();
    let all = [
        ("too_many_links", distinct.len(), rules.max_links, "lien", "link"),
        ("too_many_hashtags", hashtags, rules.max_hashtags, "hashtag", "hashtag"),
        ("too_many_mentions", mentions, rules.max_mentions, "mention", "mention"),
    ];
    for (code, found, max, fr, en) in all {
        let Some(max) = max else { continue };
        let (found, most) = (found as u64, u64::from(max));
        if found <= most {
            continue;
        }
        let (name, s, t, too_many) = (desk.name(), plural(most), plural(found), found - most);
        desk.error(
            code,
            say(
                format!("{name} accepte {most} {fr}{s} au plus ; le texte en compte {found}."),
                format!("{name} takes {most} {en}{s} at most; the text has {found} {en}{t}."),
            ),
            say(
                format!("Retirez {too_many} {fr}{}.", plural(too_many)),
                format!("Take out {too_many} {en}{}.", plural(too_many)),
            ),
        );
    }
}
