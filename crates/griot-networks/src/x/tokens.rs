//! The tokens of a person who agreed in the browser (OAuth 2.0): one for the calls, good for two hours, and one that
//! gets both anew and is spent by that.
//!
//! The new pair is on disk before either is used: a refresh token that was spent and not replaced is an account that
//! has to be connected again. Deliberately absent: refreshing ahead of need.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use griot_domain::Timestamp;
use serde_json::Value;

use super::{X, api, refusal};
use crate::http::{Answer, Payload, Request};
use crate::{Error, Secrets, Session, Why};

/// What the vault calls them, and the person's own app.
pub(super) const CLIENT_ID: &str = "client_id";
pub(super) const CLIENT_SECRET: &str = "client_secret";
/// What the exchange of a code is asked with.
pub(super) const CODE: &str = "code";
pub(super) const VERIFIER: &str = "code_verifier";

const BEARER: &str = "bearer";
const REFRESH: &str = "refresh_token";
/// Until when the first is good, in milliseconds by this machine's clock.
const GOOD_UNTIL: &str = "bearer_until";

/// A token that ends within this is taken for ended: a film takes its time to go up.
const MARGIN: Duration = Duration::from_secs(60);
/// What is believed of a lifetime that X does not state, and the most that is believed of one that it does.
const USUAL_LIFE: Duration = Duration::from_secs(2 * 60 * 60);
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 60 * 60);

/// The person's own app, as it proves itself when it asks for tokens.
#[derive(Clone)]
pub(super) struct App {
    pub(super) id: String,
    /// Only an app that keeps its secret on a server has one.
    pub(super) secret: Option<String>,
}

impl App {
    pub(super) fn of(secrets: &Secrets) -> Option<Self> {
        let id = secrets.get(CLIENT_ID)?.to_owned();
        Some(Self { id, secret: secrets.get(CLIENT_SECRET).map(str::to_owned) })
    }

    fn keep(&self, kept: &mut Secrets) {
        kept.0.insert(CLIENT_ID.into(), self.id.clone());
        if let Some(secret) = &self.secret {
            kept.0.insert(CLIENT_SECRET.into(), secret.clone());
        }
    }
}

/// An account's tokens.
#[derive(Clone)]
pub(super) struct Tokens {
    pub(super) bearer: String,
    app: App,
    refresh: String,
    good_until: Option<Timestamp>,
}

impl Tokens {
    /// The tokens among an account's secrets; nothing where it was connected with four keys.
    pub(super) fn of(secrets: &Secrets) -> Option<Self> {
        Some(Self {
            bearer: secrets.get(BEARER)?.to_owned(),
            app: App::of(secrets)?,
            refresh: secrets.get(REFRESH)?.to_owned(),
            good_until: secrets.get(GOOD_UNTIL).and_then(|at| at.parse().ok()).map(Timestamp::from_millis),
        })
    }

    /// What to keep of them.
    pub(super) fn secrets(&self) -> Secrets {
        let mut kept = Secrets::default();
        self.app.keep(&mut kept);
        kept.0.insert(BEARER.into(), self.bearer.clone());
        kept.0.insert(REFRESH.into(), self.refresh.clone());
        if let Some(at) = self.good_until {
            kept.0.insert(GOOD_UNTIL.into(), at.millis().to_string());
        }
        kept
    }

    fn has_ended(&self, now: Timestamp) -> bool {
        self.good_until.is_some_and(|until| until.after(now) <= MARGIN)
    }

    /// The tokens of an answer. One without the second would be good for two hours and then for nothing.
    fn granted(app: App, answer: &Answer, before: Option<&str>, now: Timestamp) -> Result<Self, Error> {
        let said = |name: &str| answer.text(name).filter(|text| !text.is_empty());
        let bearer =
            said("access_token").ok_or_else(|| Error::Portal("the answer has no access_token".into()))?;
        let refresh = said(REFRESH).or(before).ok_or_else(|| {
            Error::Permission(Why::ours(
                "X n\u{2019}a pas permis à l\u{2019}application de rester connectée\u{a0}: acceptez ce droit sur la page de X.",
                "X did not let the app stay signed in: agree to that right on the page of X.",
            ).logged("X gave no refresh token: the app may not stay signed in (offline.access)"),)
        })?;
        let stated = answer.json.as_ref().and_then(|body| body["expires_in"].as_u64());
        let life = stated.map_or(USUAL_LIFE, Duration::from_secs).min(LONGEST_LIFE);
        Ok(Self { bearer: bearer.into(), app, refresh: refresh.into(), good_until: Some(now.plus(life)) })
    }
}

impl X {
    /// A token that is good, as far as this machine knows.
    pub(super) async fn good(&self, session: &Session, tokens: &Tokens) -> Result<String, Error> {
        if tokens.has_ended(self.client.now()) {
            return self.renewed(session, &tokens.bearer).await;
        }
        Ok(tokens.bearer.clone())
    }

    /// A token in place of `stale`. What has begun is ended though nobody waits for it any more: X has spent the old
    /// refresh token by then.
    pub(super) async fn renewed(&self, session: &Session, stale: &str) -> Result<String, Error> {
        let (x, session, stale) = (self.clone(), session.clone(), stale.to_owned());
        let renewing = tokio::spawn(async move { x.rotate(&session, &stale).await });
        renewing.await.unwrap_or_else(|_| {
            Err(Error::Environment(
                Why::ours(
                    "Griot s\u{2019}est arrêté pendant le renouvellement de la connexion.",
                    "Griot stopped while the sign-in was renewed.",
                )
                .logged("the work was stopped"),
            ))
        })
    }

    /// Alone among all programs that use this account; one that was faster has left its tokens in the vault.
    async fn rotate(&self, session: &Session, stale: &str) -> Result<String, Error> {
        let _alone = session.vault.lock().await?;
        let kept = session.vault.load().await?;
        let tokens =
            Tokens::of(&kept).ok_or_else(|| Error::Auth(Why::not_kept("no refresh_token is kept")))?;
        if tokens.bearer != stale {
            return Ok(tokens.bearer);
        }
        let asked = vec![("grant_type", "refresh_token".to_owned()), (REFRESH, tokens.refresh.clone())];
        let now = self.client.now();
        let answer = self.ask_for_tokens(&session.account.server, &tokens.app, asked).await?;
        if answer.success().is_none() {
            return Err(refused(&answer));
        }
        let fresh = Tokens::granted(tokens.app, &answer, Some(&tokens.refresh), now)?;
        session.vault.store(&fresh.secrets()).await?;
        Ok(fresh.bearer)
    }

    /// The first tokens, for a code.
    pub(super) async fn exchanged(
        &self,
        server: &str,
        app: App,
        asked: Vec<(&'static str, String)>,
    ) -> Result<(Tokens, Answer), Error> {
        let now = self.client.now();
        let answer = self.ask_for_tokens(server, &app, asked).await?;
        if answer.success().is_none() {
            // A code is good for thirty seconds and for one exchange: the person begins again.
            return Err(match refused(&answer) {
                Error::Transient(words) if answer.status.is_client_error() => Error::Auth(words),
                other => other,
            });
        }
        Ok((Tokens::granted(app, &answer, None, now)?, answer))
    }

    async fn ask_for_tokens(
        &self,
        server: &str,
        app: &App,
        mut asked: Vec<(&'static str, String)>,
    ) -> Result<Answer, Error> {
        asked.push((CLIENT_ID, app.id.clone()));
        let url = api::path(server, "/2/oauth2/token", &[])?;
        let secret = |name: &str| [REFRESH, CODE, VERIFIER].contains(&name);
        let hidden: Vec<String> =
            asked.iter().filter(|(name, _)| secret(name)).map(|(_, value)| value.clone()).collect();
        let mut request = Request::post(url, Payload::Encoded(asked));
        request = hidden.iter().fold(request, |request, value| request.hiding(value));
        if let Some(secret) = &app.secret {
            let proof = format!("Basic {}", STANDARD.encode(format!("{}:{secret}", app.id)));
            request = request.secret_header("authorization", &proof).hiding(secret);
        }
        self.client.send(request).await
    }
}

/// What the refusal of tokens means. Only a refresh token that is known to be spent means that the person has to
/// agree again; whatever else goes wrong here may go right the next time.
fn refused(answer: &Answer) -> Error {
    let words = answer.words();
    let said = answer.json.as_ref().unwrap_or(&Value::Null);
    let why = said["error_description"].as_str().unwrap_or_default().to_ascii_lowercase();
    match said["error"].as_str() {
        Some("invalid_grant") => Error::Auth(words),
        // X's own words for a token that was spent or revoked.
        Some("invalid_request") if why.contains("token was invalid") => Error::Auth(words),
        Some("invalid_client" | "unauthorized_client") => Error::Permission(words),
        _ => match refusal::of(answer) {
            Error::Auth(words) | Error::Content(words) => Error::Transient(words),
            other => other,
        },
    }
}
