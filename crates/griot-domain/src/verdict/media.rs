//! Problems of pictures and films.

use super::wording::{Desk, plural, say, unit};
use super::{Draft, DraftMedia};
use crate::asset::MediaKind;
use crate::lang::Lang;
use crate::recipe::Fit;
use crate::rules::{Preset, Rules};
use crate::text::{self, Counting};

/// Below this many bits a second a film looks poor at any size people watch.
const POOR_BITS: u64 = 300_000;

/// A picture is long from this many times its short side on.
const LONG: u64 = 4;
/// Letters of a screenshot whose short side has fewer pixels are hardly read.
const LEGIBLE: u64 = 450;
/// A frame that keeps less than a fifth of a picture cuts most of it away.
const KEPT: u64 = 5;

pub(super) fn judge(draft: &Draft, rules: &Rules, desk: &mut Desk) {
    counts(draft, rules, desk);
    moving_beside_others(draft, rules, desk);
    fields_beside(draft, rules, desk);
    for (place, media) in draft.media.iter().enumerate() {
        desk.medium = Some(place);
        match media.facts.kind {
            MediaKind::Image => picture(media, rules, desk),
            MediaKind::Video => film(media, rules, desk),
        }
        alt(media, rules, desk);
    }
    desk.medium = None;
}

fn counts(draft: &Draft, rules: &Rules, desk: &mut Desk) {
    let (pictures, films) =
        (draft.count_of(MediaKind::Image) as u64, draft.count_of(MediaKind::Video) as u64);
    too_many(
        pictures,
        rules.images.max_count,
        ("image", "d’image", "picture"),
        ("images_not_accepted", "too_many_images"),
        desk,
    );
    too_many(
        films,
        rules.videos.max_count,
        ("vidéo", "de vidéo", "film"),
        ("videos_not_accepted", "too_many_videos"),
        desk,
    );
    let both = pictures > 0 && films > 0;
    if both && !rules.mixed_media && rules.images.max_count > 0 && rules.videos.max_count > 0 {
        let name = desk.name();
        let film = |media: &&DraftMedia| media.facts.kind == MediaKind::Video;
        // A moving picture is no film in the eyes of the person who chose it.
        if let Some(moving) = draft.media.iter().find(film).filter(|media| media.facts.moves()) {
            let file = &moving.name;
            return desk.error(
                "mixed_media",
                say(
                    format!("« {file} » est animée et part en vidéo sur {name}, qui ne mêle pas images et vidéos."),
                    format!("“{file}” moves and goes out as a film on {name}, which does not mix pictures and films."),
                ),
                say(
                    "Publiez-la à part, ou retirez les autres images.",
                    "Publish it apart, or take the other pictures out.",
                ),
            );
        }
        desk.error(
            "mixed_media",
            say(
                format!("{name} ne mêle pas images et vidéos dans une même publication."),
                format!("{name} does not mix pictures and films in one post."),
            ),
            say(
                "Gardez les images ou la vidéo, et publiez le reste à part.",
                "Keep the pictures or the film, and publish the rest apart.",
            ),
        );
    } else if let Some(max) = rules.max_media.filter(|max| both && pictures + films > u64::from(*max)) {
        too_many(
            pictures + films,
            max,
            ("média", "de média", "attachment"),
            ("too_many_media", "too_many_media"),
            desk,
        );
    }
}

/// A field that only a post without media has.
fn fields_beside(draft: &Draft, rules: &Rules, desk: &mut Desk) {
    let filled = |name: &str| draft.fields.get(name).is_some_and(|value| !value.trim().is_empty());
    let alone = rules.fields.iter().find(|field| field.without_media && filled(&field.name));
    let Some(field) = alone.filter(|_| !draft.media.is_empty()) else { return };
    let (fr, en) = (rules.field_label(field, Lang::Fr), rules.field_label(field, Lang::En));
    let name = desk.name();
    desk.field = Some(field.name.clone());
    desk.error(
        "field_beside_media",
        say(
            format!("Sur {name}, « {fr} » ne va pas avec des images ou une vidéo."),
            format!("On {name}, “{en}” does not go with pictures or a film."),
        ),
        say(
            "Écrivez l’adresse dans le texte, ou retirez les médias.",
            "Write the address into the text, or take the media out.",
        ),
    );
    desk.field = None;
}

/// A moving picture beside other media, where it has to stand alone.
fn moving_beside_others(draft: &Draft, rules: &Rules, desk: &mut Desk) {
    let alone = rules.animations.as_ref().is_some_and(|most| most.alone);
    let moves = |media: &DraftMedia| media.facts.moves() && media.facts.kind == MediaKind::Image;
    if !alone || draft.media.len() < 2 {
        return;
    }
    if let Some(place) = draft.media.iter().position(moves) {
        let (file, name) = (&draft.media[place].name, desk.name());
        desk.medium = Some(place);
        desk.error(
            "animation_not_alone",
            say(
                format!("« {file} » est animée ; {name} ne la prend que seule."),
                format!("“{file}” moves; {name} takes it alone only."),
            ),
            say("Publiez-la à part, ou retirez-la.", "Publish it apart, or take it out."),
        );
        desk.medium = None;
    }
}

/// `words`: one of them in French, none of them in French, one in English. `codes`: when the network takes none at all, and when there are more than it takes.
fn too_many(found: u64, max: u32, words: (&str, &str, &str), codes: (&str, &str), desk: &mut Desk) {
    let most = u64::from(max);
    if found <= most {
        return;
    }
    let (name, (fr, none_fr, en), more) = (desk.name(), words, found - most);
    if most == 0 {
        desk.error(
            codes.0,
            say(
                format!("Sur {name}, une publication ne porte pas {none_fr}."),
                format!("A post on {name} carries no {en}."),
            ),
            say(
                format!("Retirez ce qui est de trop ({found})."),
                format!("Take out what is too much ({found})."),
            ),
        );
        return;
    }
    desk.error(
        codes.1,
        say(
            format!("{name} accepte {most} {fr}{} au plus ; il y en a {found}.", plural(most)),
            format!("{name} takes {most} {en}{} at most; there are {found}.", plural(most)),
        ),
        say(format!("Retirez-en {more}."), format!("Take out {more}.")),
    );
}

/// Whether the preset keeps the original's shape, so that the network sees it.
fn keeps_shape(preset: &Preset) -> bool {
    preset.fit == Fit::Inside
}

/// Whether the shape is refused.
fn ratio(media: &DraftMedia, (min, max): (Option<f64>, Option<f64>), code: &str, desk: &mut Desk) -> bool {
    let ratio = f64::from(media.facts.width) / f64::from(media.facts.height.max(1));
    let (name, file) = (desk.name(), &media.name);
    let (fr, en) = if min.is_some_and(|min| ratio < min) {
        ("étroite", "narrow")
    } else if max.is_some_and(|max| ratio > max) {
        ("large", "wide")
    } else {
        return false;
    };
    desk.error(
        code,
        say(format!("« {file} » est trop {fr} pour {name}."), format!("“{file}” is too {en} for {name}.")),
        say("Recadrez, ou choisissez un autre format de sortie.", "Crop it, or choose another output."),
    );
    true
}

fn picture(media: &DraftMedia, rules: &Rules, desk: &mut Desk) {
    let (facts, file, name) = (&media.facts, &media.name, desk.name());
    if rules.images.max_count == 0 {
        return;
    }
    let preset = rules.default_preset(MediaKind::Image);
    let refused = keeps_shape(preset)
        && ratio(media, (rules.images.min_ratio, rules.images.max_ratio), "image_ratio", desk);
    if !refused {
        thin(media, preset, rules, desk);
    }
    let smallest = rules.images.min_width.filter(|min| keeps_shape(preset) && facts.width < *min);
    if let Some(min) = smallest {
        let (min, width) = (desk.number(min), desk.number(facts.width));
        desk.error(
            "image_too_small",
            say(
                format!("« {file} » fait {width} pixels de large ; {name} en demande {min}."),
                format!("“{file}” is {width} pixels wide; {name} asks for {min}."),
            ),
            say("Prenez une image plus grande.", "Take a larger picture."),
        );
    } else if !keeps_shape(preset) && (facts.width * 2 < preset.width || facts.height * 2 < preset.height) {
        let (width, height) = (desk.number(facts.width), desk.number(facts.height));
        desk.warn(
            "image_small",
            say(
                format!("« {file} » ({width} × {height}) sera agrandie et paraîtra floue sur {name}."),
                format!("“{file}” ({width} × {height}) will be enlarged and look soft on {name}."),
            ),
            say(
                "Prenez une image plus grande si vous en avez une.",
                "Take a larger picture if you have one.",
            ),
        );
    }
    if facts.animated && (rules.animations.is_none() || !facts.moves()) {
        desk.warn(
            "animation_lost",
            say(
                format!("« {file} » est animée ; elle sera envoyée fixe."),
                format!("“{file}” moves; it will be sent still."),
            ),
            say(
                "Pour garder le mouvement, retirez les retouches ou envoyez une vidéo.",
                "To keep the movement, take the changes back or send a film.",
            ),
        );
    }
}

/// How much of a picture stays, in hundredths, when it fills the preset's frame.
fn share(preset: &Preset, (width, height): (u64, u64)) -> u64 {
    let (w, h) = (u64::from(preset.width), u64::from(preset.height));
    let (wide, high) = (width * h, height * w);
    wide.min(high) * 100 / wide.max(high).max(1)
}

/// A picture so long that hardly anything of it can be made out once the network's frame has seen it.
fn thin(media: &DraftMedia, preset: &Preset, rules: &Rules, desk: &mut Desk) {
    let (file, name) = (&media.name, desk.name());
    let (width, height) = (u64::from(media.facts.width.max(1)), u64::from(media.facts.height.max(1)));
    let (short, long) = (width.min(height), width.max(height));
    let tall = height > width;
    let left = preset.short_side_of(rules, (media.facts.width, media.facts.height));
    let fix = say(
        "Découpez-la en plusieurs images, ou recadrez-la sur ce qui compte.",
        "Cut it into several pictures, or crop it to what matters.",
    );
    if keeps_shape(preset) && long > short * LONG && left < LEGIBLE && short >= left * 2 {
        let left = desk.number(left);
        let (fr, en) = if tall { ("haute", "tall") } else { ("large", "wide") };
        let (fr_side, en_side) = if tall { ("large", "wide") } else { ("haut", "high") };
        desk.warn(
            "image_thin",
            say(
                format!("« {file} » est très {fr} : sur {name}, elle n’aura que {left} pixels de {fr_side}."),
                format!("“{file}” is very {en}: on {name} it will be only {left} pixels {en_side}."),
            ),
            fix,
        );
    } else if preset.fit == Fit::Cover && share(preset, (width, height)) * KEPT < 100 {
        let left = share(preset, (width, height)).max(1);
        desk.warn(
            "image_mostly_cut",
            say(
                format!("Le cadre chez {name} ne garde que {left} % de « {file} »."),
                format!("The frame of {name} keeps only {left} % of “{file}”."),
            ),
            fix,
        );
    }
}

fn film(media: &DraftMedia, rules: &Rules, desk: &mut Desk) {
    let (file, name, limits) = (&media.name, desk.name(), &rules.videos);
    if limits.max_count == 0 {
        return;
    }
    if keeps_shape(rules.default_preset(MediaKind::Video)) {
        ratio(media, (limits.min_ratio, limits.max_ratio), "video_ratio", desk);
    }
    let Some(length) = media.facts.duration_ms else { return };
    let lasts = desk.duration(length);
    if let Some(max) = limits.max_ms.filter(|max| length > *max) {
        let max = desk.duration(max);
        desk.error(
            "video_too_long",
            say(
                format!("« {file} » dure {lasts} ; {name} accepte {max} au plus."),
                format!("“{file}” lasts {lasts}; {name} takes {max} at most."),
            ),
            say("Coupez la vidéo, ou n’en gardez qu’un extrait.", "Cut the film, or keep a part of it."),
        );
    } else if let Some(min) = limits.min_ms.filter(|min| length < *min) {
        let min = desk.duration(min);
        desk.error(
            "video_too_short",
            say(
                format!("« {file} » dure {lasts} ; {name} demande au moins {min}."),
                format!("“{file}” lasts {lasts}; {name} asks for at least {min}."),
            ),
            say("Prenez une vidéo plus longue.", "Take a longer film."),
        );
    } else if let Some(max) =
        limits.max_bytes.filter(|max| max.saturating_mul(8000) / length.max(1) < POOR_BITS)
    {
        let megabytes = desk.number(max / 1_000_000);
        desk.warn(
            "video_poor",
            say(
                format!("« {file} » dure {lasts} et doit tenir en {megabytes} Mo : l’image sera pauvre."),
                format!("“{file}” lasts {lasts} and must fit {megabytes} MB: the picture will be poor."),
            ),
            say("N’en gardez qu’un extrait.", "Keep a part of it."),
        );
    }
}

fn alt(media: &DraftMedia, rules: &Rules, desk: &mut Desk) {
    let takes = match media.facts.kind {
        MediaKind::Image => rules.images.alt && rules.images.max_count > 0,
        MediaKind::Video => rules.videos.alt && rules.videos.max_count > 0,
    };
    if !takes {
        return;
    }
    let (file, name) = (&media.name, desk.name());
    let counted_in = rules.images.alt_unit;
    let used = text::length(&media.alt, counted_in, &Counting::default());
    if media.alt.trim().is_empty() {
        desk.warn(
            "alt_missing",
            say(format!("« {file} » n’a pas de texte alternatif."), format!("“{file}” has no alt text.")),
            say(
                "Décrivez l’image pour les personnes qui ne la voient pas.",
                "Describe the picture for people who do not see it.",
            ),
        );
    } else if let Some(max) = rules.images.alt_max.filter(|max| used > *max) {
        let (over, most) = (desk.number(used - max), desk.number(max));
        let (fr, en) = unit(counted_in, (used - max).into());
        desk.error(
            "alt_too_long",
            say(
                format!(
                    "Le texte alternatif de « {file} » dépasse de {over} {fr} ce que {name} accepte ({most})."
                ),
                format!("The alt text of “{file}” is {over} {en} over what {name} takes ({most})."),
            ),
            say("Raccourcissez le texte alternatif.", "Shorten the alt text."),
        );
    }
}
