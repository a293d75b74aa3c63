//! What a site's refusals mean: WordPress's codes, and the guards that stand before many sites.
//!
//! Deliberately absent: a number that a site no longer knows, which means something else to each step.

use std::time::Duration;

use reqwest::StatusCode;

use crate::Error;
use crate::evidence;
use crate::http::Answer;

/// Parts of the words for "type" in the languages that sites answer in; the code alone does not tell what was wrong
/// with a file.
const TYPE: &[&str] = &["type", "tipo", "typ", "тип", "tür", "種類", "类型"];
/// The time between two comments of one person that WordPress asks for (`check_comment_flood`, 15 seconds), and a second
/// for clocks that count whole ones.
const FLOOD: Duration = Duration::from_secs(16);
const SIZE: &[&str] = &["max_filesize", "max_file_size", "too large", "trop volumineu", "trop lourd"];

/// What an answer of a site's that is no success means.
pub(super) fn refusal(answer: &Answer) -> Error {
    let words = || plain(&answer.words());
    if let Some(why) = overfull(answer) {
        return Error::Content(format!("{}: {why}", words()));
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
        ("rest_upload_no_data", _) => {
            Error::Content(format!("{}: the file is probably larger than the site takes", words()))
        }
        ("rest_upload_sideload_error" | "rest_upload_unknown_error", 500) => unkept(words()),
        // "You are posting comments too quickly": a comment within a quarter of a minute of the one before.
        ("comment_flood", _) => Error::TooSoon { after: FLOOD },
        (_, status) => general(answer, status),
    }
}

/// The site does not know who asks.
fn stranger(words: String) -> Error {
    Error::Auth(format!(
        "{words}: the site takes us for a stranger; the user name or the application password is not right, or its web \
         server keeps them from WordPress"
    ))
}

/// A parameter that the site does not take: for what it says, or from whom.
fn unfit(answer: &Answer, words: String) -> Error {
    let details = answer.json.as_ref().and_then(|said| said["data"]["details"].as_object());
    let statuses = details.into_iter().flat_map(|all| all.values()).map(|why| why["data"]["status"].as_u64());
    match statuses.flatten().find(|status| matches!(status, 401 | 403)) {
        Some(401) => stranger(words),
        Some(_) => Error::Permission(words),
        None => Error::Content(words),
    }
}

/// Which part of an article the site's database could not hold.
fn overfull(answer: &Answer) -> Option<&'static str> {
    const CODES: &[&str] = &["db_insert_error", "db_update_error"];
    const PARTS: &[(&str, &str)] = &[
        ("post_title", "the title is too long, or holds what the site cannot keep"),
        ("post_excerpt", "the excerpt is too long, or holds what the site cannot keep"),
        ("post_content", "the text is too long, or holds what the site cannot keep"),
    ];
    answer.text("code").filter(|code| CODES.contains(code))?;
    let said = answer.json.as_ref()?["additional_data"].to_string();
    PARTS.iter().find(|(column, _)| said.contains(column)).map(|(_, why)| *why)
}

/// A file that the site could not take. Sending it again would cost its bytes again, so a person decides.
fn unkept(words: String) -> Error {
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
            Error::Auth(format!("the web server before the site asks for a password of its own ({status})"))
        }
        Error::Portal(_) if matches!(status, 403 | 406) => {
            Error::Permission(format!("a guard before the site refuses its interface ({status})"))
        }
        Error::Content(said) => Error::Content(plain(&said)),
        Error::Auth(said) => Error::Auth(plain(&said)),
        Error::Permission(said) => Error::Permission(plain(&said)),
        Error::Transient(said) => Error::Transient(plain(&said)),
        Error::Uncertain(said) => Error::Uncertain(plain(&said)),
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
