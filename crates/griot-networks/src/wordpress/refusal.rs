//! What a site's refusals mean: WordPress's codes, and the guards that stand before many sites.
//!
//! Deliberately absent: a number that a site no longer knows, which means something else to each step.

use std::time::Duration;

use reqwest::StatusCode;

use crate::evidence;
use crate::http::Answer;
use crate::{Error, Why};

/// Parts of the words for "type" in the languages that sites answer in; the code alone does not tell what was wrong
/// with a file.
const TYPE: &[&str] = &["type", "tipo", "typ", "тип", "tür", "種類", "类型"];
/// The time between two comments of one person that WordPress asks for (`check_comment_flood`, 15 seconds), and a second
/// for clocks that count whole ones.
const FLOOD: Duration = Duration::from_secs(16);
const SIZE: &[&str] = &["max_filesize", "max_file_size", "too large", "trop volumineu", "trop lourd"];

/// What an answer of a site's that is no success means.
pub(super) fn refusal(answer: &Answer) -> Error {
    let words = || answer.words().reading(plain);
    if let Some(why) = overfull(answer) {
        return Error::Content(meaning(words(), why));
    }
    match (answer.text("code").unwrap_or_default(), answer.status.as_u16()) {
        ("rest_not_logged_in", _) => stranger(words()),
        (
            "application_passwords_disabled"
            | "application_passwords_disabled_for_user"
            | "incorrect_password"
            | "invalid_email"
            | "invalid_username",
            _,
        ) => Error::Auth(words()),
        // A wrong password is mostly no reason to refuse: the site goes on as with anybody, and refuses what strangers ask.
        (code, 401) if code.starts_with("rest_") => stranger(words()),
        ("rest_invalid_param", 400) => unfit(answer, words()),
        // A user who may not upload is told with 400.
        ("rest_cannot_create", 400) => Error::Permission(words()),
        ("rest_no_route" | "rest_disabled", _) => Error::Permission(words()),
        ("rest_upload_limited_space" | "rest_upload_user_quota_exceeded", _) => Error::Permission(words()),
        // Above the limit of PHP the body arrives empty.
        ("rest_upload_no_data", _) => Error::Content(meaning(
            words(),
            (
                "Le fichier est sans doute plus lourd que ce que le site prend.",
                "The file is probably larger than the site takes.",
            ),
        )),
        ("rest_upload_sideload_error" | "rest_upload_unknown_error", 500) => unkept(words()),
        // "You are posting comments too quickly": a comment within a quarter of a minute of the one before.
        ("comment_flood", _) => Error::TooSoon { after: FLOOD },
        (_, status) => general(answer, status),
    }
}

/// What the site's words come down to; the log has them first.
fn meaning(words: Why, (fr, en): (&str, &str)) -> Why {
    let known = Why::ours(fr, en);
    let plain = format!("{words}: {known}");
    words.means(fr, en).logged(plain)
}

/// The site does not know who asks.
fn stranger(words: Why) -> Error {
    let plain = format!("{words}: the site takes us for a stranger");
    let why = words.means(
        "Le site ne reconnaît pas ce compte\u{a0}: le nom d\u{2019}utilisateur ou le mot de passe d\u{2019}application n\u{2019}est pas le bon, ou son serveur ne les transmet pas à WordPress.",
        "The site takes us for a stranger: the user name or the application password is not right, or its web server keeps them from WordPress.",
    );
    Error::Auth(why.logged(plain))
}

/// A parameter that the site does not take: for what it says, or from whom.
fn unfit(answer: &Answer, words: Why) -> Error {
    let details = answer.json.as_ref().and_then(|said| said["data"]["details"].as_object());
    let statuses = details.into_iter().flat_map(|all| all.values()).map(|why| why["data"]["status"].as_u64());
    match statuses.flatten().find(|status| matches!(status, 401 | 403)) {
        Some(401) => stranger(words),
        Some(_) => Error::Permission(words),
        None => Error::Content(words),
    }
}

/// Which part of an article the site's database could not hold.
fn overfull(answer: &Answer) -> Option<(&'static str, &'static str)> {
    const CODES: &[&str] = &["db_insert_error", "db_update_error"];
    const PARTS: &[(&str, (&str, &str))] = &[
        (
            "post_title",
            (
                "Le titre est trop long, ou contient ce que le site ne peut pas garder.",
                "The title is too long, or holds what the site cannot keep.",
            ),
        ),
        (
            "post_excerpt",
            (
                "L\u{2019}extrait est trop long, ou contient ce que le site ne peut pas garder.",
                "The excerpt is too long, or holds what the site cannot keep.",
            ),
        ),
        (
            "post_content",
            (
                "Le texte est trop long, ou contient ce que le site ne peut pas garder.",
                "The text is too long, or holds what the site cannot keep.",
            ),
        ),
    ];
    answer.text("code").filter(|code| CODES.contains(code))?;
    let said = answer.json.as_ref()?["additional_data"].to_string();
    PARTS.iter().find(|(column, _)| said.contains(column)).map(|(_, why)| *why)
}

/// A file that the site could not take. Sending it again would cost its bytes again, so a person decides.
fn unkept(words: Why) -> Error {
    let said = words.to_lowercase();
    if TYPE.iter().chain(SIZE).any(|sign| said.contains(sign)) {
        return Error::Content(words);
    }
    Error::Permission(words)
}

fn general(answer: &Answer, status: u16) -> Error {
    match answer.refusal() {
        // Over https no stranger can answer: it is a guard of the site's own.
        Error::Portal(_) if status == 401 => {
            let why = Why::ours(
                "Le serveur devant le site demande un mot de passe à lui.",
                "The web server before the site asks for a password of its own.",
            );
            Error::Auth(why.noting(&format!("({status})")))
        }
        Error::Portal(_) if matches!(status, 403 | 406) => {
            let why = Why::ours(
                "Un garde devant le site ferme son interface à Griot\u{a0}: une extension de sécurité, ou l\u{2019}hébergeur.",
                "A guard before the site refuses its interface to Griot: a security plugin, or the host.",
            );
            Error::Permission(why.noting(&format!("({status})")))
        }
        Error::Content(said) => Error::Content(said.reading(plain)),
        Error::Auth(said) => Error::Auth(said.reading(plain)),
        Error::Permission(said) => Error::Permission(said.reading(plain)),
        Error::Transient(said) => Error::Transient(said.reading(plain)),
        Error::Uncertain(said) => Error::Uncertain(said.reading(plain)),
        other => other,
    }
}

/// A site's words are HTML.
fn plain(said: &str) -> String {
    evidence::to_text(said).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the site says that it has it already.
pub(super) fn is_duplicate(answer: &Answer) -> bool {
    answer.status == StatusCode::CONFLICT
}
