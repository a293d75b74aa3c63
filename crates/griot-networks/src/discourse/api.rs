//! What all calls to a forum share: addresses, the key and the name, and what a refusal means.

use griot_domain::text::pasted;
use reqwest::Url;
use serde_json::Value;

use super::Discourse;
use crate::http::{Answer, Request};
use crate::{Error, Session, Why};

/// What the declared fields and the vault call the key.
pub(super) const KEY: &str = "key";

/// Who asks.
pub(super) struct Keys {
    pub(super) key: String,
    pub(super) name: String,
}

/// The address of a path on a forum, with its parameters.
pub(super) fn path(server: &str, path: &str, query: &[(&str, &str)]) -> Result<Url, Error> {
    let bad = |_| Error::Environment(Why::no_server(server));
    let mut url = Url::parse(server).map_err(bad)?;
    url.set_path(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// A key as it was pasted, without what came along.
pub(super) fn cleaned(given: &str) -> Result<String, Error> {
    let auth = |fr: &str, en: &str| Err(Error::Auth(Why::ours(fr, en)));
    let key = pasted::secret(given);
    if key.is_empty() {
        return auth("Il faut une clé d\u{2019}API.", "An API key is needed.");
    }
    if key.contains(char::is_whitespace) {
        return auth(
            "La clé d\u{2019}API est coupée par des espaces ou des lignes\u{a0}: copiez-la seule.",
            "The API key is broken by spaces or lines: copy it alone.",
        );
    }
    if key.contains(':') || key.starts_with("EAA") || key.starts_with("ey") {
        return auth(
            "C\u{2019}est le jeton d\u{2019}un autre réseau\u{a0}: la clé d\u{2019}API d\u{2019}un forum n\u{2019}a que des chiffres et les lettres a à f.",
            "This is the token of another network: a forum\u{2019}s API key is made of the signs 0 to 9 and a to f.",
        );
    }
    if !key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_')) {
        return auth(
            "La clé d\u{2019}API contient des signes qu\u{2019}aucun forum ne donne\u{a0}: copiez-la seule.",
            "The API key holds signs that no forum gives out: copy it alone.",
        );
    }
    Ok(key)
}

/// The user name within what a person typed or an account's handle: `@name@host` and `name` alike.
pub(super) fn name(handle: &str) -> Result<String, Error> {
    let bare = pasted::handle(handle);
    let name = bare.split('@').next().unwrap_or_default();
    if name.is_empty() {
        return Err(Error::Auth(Why::ours(
            "Il faut le nom du compte sur le forum.",
            "The user name on the forum is needed.",
        )));
    }
    if name.contains(|c: char| c.is_whitespace() || c.is_control() || "/\\?#%:".contains(c)) {
        return Err(Error::Auth(Why::ours(
            "Ce n\u{2019}est pas un nom de compte sur un forum.",
            "This is not a user name on a forum.",
        )));
    }
    Ok(name.to_owned())
}

/// The account's key and name.
pub(super) async fn keys(session: &Session) -> Result<Keys, Error> {
    let secrets = session.vault.load().await?;
    let key = secrets.get(KEY).ok_or_else(|| Error::Auth(Why::not_kept("no API key is kept")))?;
    Ok(Keys { key: key.to_owned(), name: name(&session.account.handle)? })
}

/// Whether a repeatable question was answered with "not for you" or "no such thing", in the forum's own language.
pub(super) fn is_closed(answer: &Answer) -> bool {
    matches!(answer.status.as_u16(), 403 | 404) && is_own(answer)
}

/// Whether it is Discourse that refuses.
fn is_own(answer: &Answer) -> bool {
    answer.json.as_ref().is_some_and(|body| body["errors"].is_array() || body["error_type"].is_string())
}

/// What an answer that is no success means.
pub(super) fn refusal(answer: &Answer) -> Error {
    let kind = answer.text("error_type").unwrap_or_default();
    let wait = || answer.json.as_ref().and_then(|body| body["extras"]["wait_seconds"].as_f64());
    match (answer.status.as_u16(), kind) {
        (429, _) => answer.too_many(wait()),
        (403, "not_logged_in") => Error::Auth(answer.words()),
        // A wrong key and a forbidden act have the same type: the words tell them apart in English alone.
        (403, "invalid_access") if answer.words().contains("API username or key") => {
            Error::Auth(answer.words())
        }
        _ => answer.refusal(),
    }
}

impl Discourse {
    /// Sends a request with the account's key.
    pub(super) async fn call(&self, session: &Session, request: Request) -> Result<Answer, Error> {
        let keys = keys(session).await?;
        self.call_as(&keys, request).await
    }

    pub(super) async fn call_as(&self, keys: &Keys, request: Request) -> Result<Answer, Error> {
        let signed = request.secret_header("Api-Key", &keys.key).header("Api-Username", &keys.name);
        self.client.send(signed).await
    }

    /// What a refusal means, where the account's own key may be the reason.
    pub(super) async fn refused(&self, session: &Session, answer: &Answer) -> Error {
        let error = refusal(answer);
        if !matches!(error, Error::Permission(_)) {
            return error;
        }
        let Ok(keys) = keys(session).await else { return error };
        match self.whose(&session.account.server, &keys).await {
            Err(Error::Auth(_)) => Error::Auth(answer.words()),
            _ => error,
        }
    }

    /// The id and the name of the key's owner. A key that is limited to some acts may not ask for the session; a
    /// wrong one may ask for nothing.
    pub(super) async fn whose(&self, server: &str, keys: &Keys) -> Result<(u64, String), Error> {
        let own_page = format!("/u/{}.json", keys.name);
        let mut last = None;
        for (page, under) in [("/session/current.json", "current_user"), (own_page.as_str(), "user")] {
            let answer = self.call_as(keys, Request::get(path(server, page, &[])?)).await?;
            if let Some(body) = answer.success() {
                return owner(&body[under], &keys.name);
            }
            let status = answer.status.as_u16();
            if !matches!(status, 403 | 404) || (status == 403 && !is_own(&answer)) {
                return Err(refusal(&answer));
            }
            last = Some(answer);
        }
        let answer = last.expect("BUG: two pages were asked for");
        Err(match answer.status.as_u16() {
            404 if !is_own(&answer) => Error::Permission(
                Why::ours(
                    "À cette adresse, il n\u{2019}y a pas de forum Discourse.",
                    "At this address there is no Discourse forum.",
                )
                .logged("the server is not a forum that runs Discourse"),
            ),
            _ => Error::Auth(answer.words()),
        })
    }
}

fn owner(found: &Value, name: &str) -> Result<(u64, String), Error> {
    let nobody = || Error::Portal("the answer names nobody".into());
    let id = found["id"].as_u64().ok_or_else(nobody)?;
    let owner = found["username"].as_str().filter(|owner| !owner.is_empty()).ok_or_else(nobody)?;
    if owner.to_lowercase() != name.to_lowercase() {
        return Err(Error::Auth(
            Why::ours(
                format!("Cette clé est celle de {owner}, et non de {name}."),
                format!("This key belongs to {owner}, not to {name}."),
            )
            .logged(format!("the key belongs to {owner}, not to {name}")),
        ));
    }
    Ok((id, owner.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_key_is_cleaned_or_refused() {
        let key = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
        for good in [key.to_owned(), format!(" {key}\n"), format!("Bearer {key}"), format!("api-key: {key} ")]
        {
            assert_eq!(cleaned(&good).unwrap(), key);
        }
        for bad in ["", "  ", "Api-Key:", "abc def", "abc\ndef", "123456:AAbot", "EAAGm0PX4", "abcé", "a=b"]
        {
            match cleaned(bad) {
                Err(Error::Auth(words)) => {
                    assert!(bad.trim().is_empty() || !words.contains(bad.trim()), "{words}")
                }
                other => panic!("{bad}: {other:?}"),
            }
        }
    }

    #[test]
    fn a_name_is_found_in_what_people_type() {
        for typed in ["awa", " @awa ", "awa@forum.example", "@awa@forum.example"] {
            assert_eq!(name(typed).unwrap(), "awa", "{typed}");
        }
        for typed in ["", "@", "a wa", "../admin", "a?b", "https://forum.example/u/awa"] {
            assert!(matches!(name(typed), Err(Error::Auth(_))), "{typed}");
        }
    }
}
