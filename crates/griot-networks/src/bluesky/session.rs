//! Who we are for Bluesky: an app password once, then a pair of tokens that rotate.
//!
//! The app password is kept beside the tokens: a refresh token dies after two months of silence or when the
//! answer that replaced it was lost, and a person should not have to type anything because of that.

use griot_domain::text::pasted;
use reqwest::StatusCode;
use serde_json::{Value, json};

use super::{Bluesky, xrpc};
use crate::http::{Answer, Payload, Request};
use crate::{ConnectInput, Connected, Ends, Error, Secrets, Session, Why, address};

/// The entrance for everybody who runs no server of their own.
const DEFAULT_SERVER: &str = "https://bsky.social";

const ACCESS: &str = "accessJwt";
const REFRESH: &str = "refreshJwt";
const PASSWORD: &str = "password";
/// The account's own server behind the entrance: the audience of tokens for the video service.
pub(super) const HOME: &str = "pds";

/// The handle that was pasted, alone or as the address of its page.
fn handle_of(given: &str) -> String {
    let handle = pasted::handle(given);
    let page =
        handle.split_once("/profile/").map(|(_, rest)| rest.split(['/', '?', '#']).next().unwrap_or(rest));
    page.map(pasted::handle).unwrap_or(handle)
}

/// An app password without what was pasted along; a password that a person chose can hold any sign.
fn password_of(given: &str) -> String {
    let password = pasted::secret(given);
    let groups: Vec<&str> = password.split('-').collect();
    let is_group = |group: &&str| group.len() == 4 && group.bytes().all(|b| b.is_ascii_alphanumeric());
    if groups.len() == 4 && groups.iter().all(is_group) { password } else { pasted::password(given) }
}

impl Bluesky {
    /// Tries a handle and an app password.
    pub(super) async fn open(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let typed = input.server.as_deref().map(pasted::address).filter(|server| !server.is_empty());
        let server = address::normalise(typed.as_deref().unwrap_or(DEFAULT_SERVER))
            .map_err(|e| Error::Auth(e.into()))?;
        let handle = input.handle.as_deref().or_else(|| input.fields.get("handle")).unwrap_or_default();
        let handle = handle_of(handle);
        let (false, Some(password)) = (handle.is_empty(), input.fields.get(PASSWORD)) else {
            return Err(Error::Auth(Why::ours(
                "Il faut un identifiant et un mot de passe d\u{2019}application.",
                "A handle and an app password are needed.",
            )));
        };
        let opened = self.create_session(&server, &handle, &password_of(password)).await?;
        Ok(Connected {
            server,
            handle: text(&opened.body, "handle")?.to_owned(),
            remote_id: text(&opened.body, "did")?.to_owned(),
            secrets: opened.secrets,
            limits: None,
            ends: Ends::NotTold,
        })
    }

    /// Asks the server who the tokens belong to; refreshes them on the way when they are old.
    pub(super) async fn whoami(&self, session: &Session) -> Result<Answer, Error> {
        let url = xrpc::method(&session.account.server, "com.atproto.server.getSession", &[])?;
        let answer = self.call(session, Request::get(url)).await?;
        let body = answer.success().ok_or_else(|| refusal(&answer))?;
        if text(body, "did")? != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account("the kept secrets belong to another account")));
        }
        if body["active"] == false {
            let status = body["status"].as_str().unwrap_or("inactive");
            return Err(Error::Permission(
                Why::ours(
                    "Bluesky a fermé ou suspendu ce compte.",
                    "Bluesky has closed or suspended this account.",
                )
                .logged(format!("the account is {status}")),
            ));
        }
        Ok(answer)
    }

    /// Sends a request with the account's token. A token that has expired is refreshed, once.
    pub(super) async fn call(&self, session: &Session, request: Request) -> Result<Answer, Error> {
        let access = session.vault.load().await?.get(ACCESS).map(str::to_owned);
        let access = match access {
            Some(access) => access,
            None => self.renew(session, None).await?,
        };
        let answer = self.client.send(request.clone().bearer(&access)).await?;
        if answer.text("error") != Some("ExpiredToken") {
            return Ok(answer);
        }
        // The request was refused before it did anything, also when it was the visible one.
        let fresh = self.renew(session, Some(&access)).await?;
        self.client.send(request.bearer(&fresh)).await
    }

    /// A token in place of `stale`, alone among all programs that use this account.
    async fn renew(&self, session: &Session, stale: Option<&str>) -> Result<String, Error> {
        let _alone = session.vault.lock().await?;
        let kept = session.vault.load().await?;
        if let Some(rotated) = kept.get(ACCESS).filter(|access| Some(*access) != stale) {
            return Ok(rotated.to_owned());
        }
        let fresh = match kept.get(REFRESH) {
            Some(refresh) => self.refresh(&session.account.server, refresh, &kept).await?,
            None => None,
        };
        let fresh = match fresh {
            Some(fresh) => fresh,
            None => self.reopen(session, &kept).await?,
        };
        session.vault.store(&fresh).await?;
        fresh.get(ACCESS).map(str::to_owned).ok_or_else(|| {
            Error::Auth(
                Why::ours(
                    "Le serveur n\u{2019}a pas ouvert de session à ce compte.",
                    "The server opened no session for this account.",
                )
                .logged("the server gave no token"),
            )
        })
    }

    /// New tokens for the refresh token, or nothing when the server does not know that one any more.
    async fn refresh(&self, server: &str, refresh: &str, kept: &Secrets) -> Result<Option<Secrets>, Error> {
        let url = xrpc::method(server, "com.atproto.server.refreshSession", &[])?;
        let answer = self.client.send(Request::post(url, Payload::Nothing).bearer(refresh)).await?;
        match answer.success() {
            Some(body) => with_tokens(kept.clone(), body).map(Some),
            None if matches!(answer.status, StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED) => Ok(None),
            None => Err(refusal(&answer)),
        }
    }

    /// New tokens for the app password.
    async fn reopen(&self, session: &Session, kept: &Secrets) -> Result<Secrets, Error> {
        let account = &session.account;
        let password =
            kept.get(PASSWORD).ok_or_else(|| Error::Auth(Why::not_kept("no app password is kept")))?;
        let opened = self.create_session(&account.server, &account.remote_id, password).await?;
        if text(&opened.body, "did")? != account.remote_id {
            return Err(Error::Auth(Why::ours(
                "Ce mot de passe d\u{2019}application est celui d\u{2019}un autre compte.",
                "This app password belongs to another account.",
            )));
        }
        Ok(opened.secrets)
    }

    async fn create_session(&self, server: &str, identifier: &str, password: &str) -> Result<Opened, Error> {
        let url = xrpc::method(server, "com.atproto.server.createSession", &[])?;
        let body = json!({"identifier": identifier, "password": password});
        let answer = self.client.send(Request::post(url, Payload::Json(body)).hiding(password)).await?;
        let body = match answer.success() {
            Some(body) => body.clone(),
            // A handle that cannot be one is refused as bad input: it is the identity that is wrong all the same.
            None if answer.status == StatusCode::BAD_REQUEST => return Err(Error::Auth(answer.words())),
            None => return Err(refusal(&answer)),
        };
        let mut kept = Secrets::default();
        kept.0.insert(PASSWORD.into(), password.to_owned());
        if let Some(home) = home_of(&body) {
            kept.0.insert(HOME.into(), home);
        }
        let secrets = with_tokens(kept, &body)?;
        Ok(Opened { body, secrets })
    }
}

/// A session that the server opened.
struct Opened {
    body: Value,
    secrets: Secrets,
}

/// What an answer of Bluesky's that is no success means.
pub(super) fn refusal(answer: &Answer) -> Error {
    match answer.text("error") {
        Some("InvalidToken" | "ExpiredToken" | "AuthMissing" | "AccountNotFound") => {
            Error::Auth(answer.words())
        }
        Some("AccountTakedown" | "AccountDeactivated" | "AccountSuspended") => {
            Error::Permission(answer.words())
        }
        Some("RateLimitExceeded") if answer.status == StatusCode::TOO_MANY_REQUESTS => answer.refusal(),
        _ => answer.refusal(),
    }
}

/// The text called `name` of a success. Its absence means that something else answered.
pub(super) fn text<'a>(body: &'a Value, name: &str) -> Result<&'a str, Error> {
    body[name].as_str().ok_or_else(|| Error::Portal(format!("the answer has no {name}").into()))
}

fn with_tokens(mut kept: Secrets, body: &Value) -> Result<Secrets, Error> {
    for name in [ACCESS, REFRESH] {
        kept.0.insert(name.into(), text(body, name)?.to_owned());
    }
    Ok(kept)
}

/// The server that the account's identity document names.
fn home_of(body: &Value) -> Option<String> {
    let services = body["didDoc"]["service"].as_array()?;
    let own = services.iter().find(|s| s["id"].as_str().is_some_and(|id| id.ends_with("#atproto_pds")))?;
    address::normalise(own["serviceEndpoint"].as_str()?).ok()
}
