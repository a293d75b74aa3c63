//! Problems of the declared fields: title, visibility, language and their like.

use super::Draft;
use super::wording::{Desk, say, unit};
use crate::rules::{Field, FieldKind, Publishing, Rules};
use crate::text::{self, Counting};

/// The declared field whose text follows the post as an answer of its own.
pub(super) const FIRST_COMMENT: &str = "first_comment";

pub(super) fn judge(draft: &Draft, rules: &Rules, counting: &Counting<'_>, desk: &mut Desk) {
    for name in draft.fields.keys().filter(|name| rules.field(name).is_none()) {
        desk.field = Some(name.clone());
        unknown(name, rules, desk);
    }
    for field in &rules.fields {
        desk.field = Some(field.name.clone());
        let value = draft.fields.get(&field.name).map(|value| value.trim()).filter(|value| !value.is_empty());
        match value {
            None if field.required && field.default.is_none() && !is_excused(field, draft) => {
                missing(field, desk);
            }
            None => {}
            Some(value) => {
                shape(field, value, desk);
                length(field, value, desk);
                characters(field, value, desk);
            }
        }
    }
    desk.field = Some(FIRST_COMMENT.to_owned());
    comment(draft, rules, counting, desk);
    desk.field = None;
}

fn unknown(field: &str, rules: &Rules, desk: &mut Desk) {
    let name = desk.name();
    let known: Vec<&str> = rules.fields.iter().map(|field| field.name.as_str()).collect();
    let fix = if known.is_empty() {
        say(format!("Retirez ce champ : {name} n’en a pas."), format!("Take the field out: {name} has none."))
    } else {
        let known = known.join(", ");
        say(format!("Les champs pour {name} : {known}."), format!("The fields of {name}: {known}."))
    };
    desk.error(
        "unknown_field",
        say(format!("{name} n’a pas de champ « {field} »."), format!("{name} has no field “{field}”.")),
        fix,
    );
}

fn is_excused(field: &Field, draft: &Draft) -> bool {
    let other = field.unless.as_ref().and_then(|name| draft.fields.get(name));
    other.is_some_and(|value| !value.trim().is_empty())
}

fn missing(field: &Field, desk: &mut Desk) {
    let (name, (fr, en)) = (desk.name(), label(&field.name));
    desk.error(
        "field_required",
        say(format!("{name} demande {fr}."), format!("{name} asks for {en}.")),
        say(
            format!("Remplissez le champ « {} ».", field.name),
            format!("Fill in the field “{}”.", field.name),
        ),
    );
}

fn shape(field: &Field, value: &str, desk: &mut Desk) {
    let name = &field.name;
    let (good, fix) = match field.kind {
        FieldKind::Choice => {
            let choices = field.choices.join(", ");
            let good = field.choices.iter().any(|choice| choice == value);
            (good, say(format!("Choisissez parmi : {choices}."), format!("Choose one of: {choices}.")))
        }
        FieldKind::Flag => (
            matches!(value, "true" | "false"),
            say("Mettez true (oui) ou false (non).", "Put true (yes) or false (no)."),
        ),
        FieldKind::Language => (
            is_language(value),
            say(
                "Mettez un code de langue, par exemple fr, bm ou pt-BR.",
                "Put a language code, for example fr, bm or pt-BR.",
            ),
        ),
        FieldKind::Url => (
            is_address(value),
            say(
                "Mettez une adresse entière, qui commence par https://.",
                "Put a whole address that starts with https://.",
            ),
        ),
        FieldKind::Line => {
            (!value.contains(['\n', '\r']), say("Mettez tout sur une ligne.", "Put it all on one line."))
        }
        FieldKind::Text | FieldKind::List => return,
    };
    if !good {
        let code = if field.kind == FieldKind::Choice { "bad_choice" } else { "bad_field" };
        desk.error(
            code,
            say(
                format!("Le champ « {name} » ne peut pas être « {value} »."),
                format!("The field “{name}” cannot be “{value}”."),
            ),
            fix,
        );
    }
}

fn length(field: &Field, value: &str, desk: &mut Desk) {
    let used = text::length(value, field.unit, &Counting::default());
    let name = &field.name;
    if let Some(max) = field.max.filter(|max| used > *max) {
        let (over, most) = (desk.number(used - max), desk.number(max));
        let (fr, en) = unit(field.unit, (used - max).into());
        desk.error(
            "field_too_long",
            say(
                format!("Le champ « {name} » dépasse de {over} {fr} la limite ({most})."),
                format!("The field “{name}” is {over} {en} over the limit ({most})."),
            ),
            say("Raccourcissez-le.", "Shorten it."),
        );
    }
    if let Some(min) = field.min.filter(|min| used < *min) {
        let (used, least) = (desk.number(used), desk.number(min));
        desk.error(
            "field_too_short",
            say(
                format!("Le champ « {name} » demande au moins {least} caractères ; il en a {used}."),
                format!("The field “{name}” asks for at least {least} characters; it has {used}."),
            ),
            say("Écrivez un peu plus.", "Write a little more."),
        );
    }
}

fn characters(field: &Field, value: &str, desk: &mut Desk) {
    let Some(found) = value.chars().find(|c| field.forbidden.contains(*c)) else { return };
    let (network, name) = (desk.name(), &field.name);
    desk.error(
        "forbidden_character",
        say(
            format!("{network} refuse le signe « {found} » dans le champ « {name} »."),
            format!("{network} refuses the sign “{found}” in the field “{name}”."),
        ),
        say("Retirez-le.", "Take it out."),
    );
}

/// A first comment is a post of its own and counts as one. Elsewhere than on networks that Griot publishes on, the
/// limit of comments is the field's.
fn comment(draft: &Draft, rules: &Rules, counting: &Counting<'_>, desk: &mut Desk) {
    let Some(comment) = draft.fields.get(FIRST_COMMENT).filter(|_| rules.publishing == Publishing::Api)
    else {
        return;
    };
    let alone = Counting { has_media: false, spoiler: "", ..*counting };
    let count = text::count(comment, &rules.text, &alone);
    let stated = rules.field(FIRST_COMMENT).and_then(|field| field.max);
    if let (Some(max), 1.., None) = (count.max, count.over, stated) {
        let (over, most, name) = (desk.number(count.over), desk.number(max), desk.name());
        let (fr, en) = unit(count.unit, count.over.into());
        desk.error(
            "field_too_long",
            say(
                format!("Le premier commentaire dépasse de {over} {fr} ce que {name} accepte ({most})."),
                format!("The first comment is {over} {en} over what {name} takes ({most})."),
            ),
            say("Raccourcissez-le.", "Shorten it."),
        );
    }
}

/// The shape of a BCP 47 tag: a language of two or three letters, then parts of one to eight letters or figures.
fn is_language(value: &str) -> bool {
    let mut parts = value.split('-');
    let language = parts.next().unwrap_or("");
    (2..=3).contains(&language.len())
        && language.bytes().all(|b| b.is_ascii_alphabetic())
        && parts.all(|part| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

fn is_address(value: &str) -> bool {
    let rest = value.strip_prefix("https://").or_else(|| value.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.starts_with(['/', '.', ':', '?', '#'])
            && !rest.is_empty()
            && !rest.contains(char::is_whitespace)
    })
}

/// A required field as people say it.
fn label(name: &str) -> (String, String) {
    match name {
        "title" => ("un titre".to_owned(), "a title".to_owned()),
        _ => (format!("le champ « {name} »"), format!("the field “{name}”")),
    }
}
