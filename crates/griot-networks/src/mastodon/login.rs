//! A login in the browser: an application registered with the server, a page where the person agrees, a code,
//! a token (OAuth 2 with PKCE). Deliberately absent: opening the page (the hosts do) and listening for the code
//! (`loopback` does).

use async_trait::async_trait;
use griot_domain::text::pasted;
use reqwest::Url;
use serde_json::json;

use super::{Mastodon, api};
use crate::http::{Payload, Request};
use crate::pkce::Pkce;
use crate::{Begun, Browser, ConnectInput, Error, Secrets, address};

/// The redirect address of a program that cannot listen: the page shows the code for the person to copy.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// What Griot does: read who the account is and its own posts, write posts and media.
const SCOPES: &str = "read:accounts read:statuses write:statuses write:media";

/// An application as one server knows it.
#[derive(Clone, PartialEq, Eq)]
pub struct App {
    /// The server, `https://host[:port]`.
    pub server: String,
    /// Where the code is sent.
    pub redirect_uri: String,
    /// The application's name for the server.
    pub client_id: String,
    /// The application's secret; each registration has its own.
    pub client_secret: String,
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").field("server", &self.server).finish_non_exhaustive()
    }
}

/// A login that has begun: what has to come back, and what proves that it was us who began it.
#[derive(Clone, PartialEq, Eq)]
pub struct Login {
    /// The page that the person opens.
    pub page: String,
    /// Comes back with the code; anything else is somebody else's answer.
    pub state: String,
    verifier: String,
}

impl std::fmt::Debug for Login {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Login")
    }
}

impl Mastodon {
    /// Registers Griot with a server, for one redirect address ([`OUT_OF_BAND`] to show the code).
    ///
    /// # Errors
    /// As for every repeatable call; [`Error::Auth`] for an address that cannot be used.
    pub async fn register_app(&self, server: &str, redirect_uri: &str) -> Result<App, Error> {
        let server = address::normalise(server).map_err(|e| Error::Auth(e.into()))?;
        let url = api::path(&server, "/api/v1/apps", &[])?;
        let body = json!({"client_name": "Griot", "redirect_uris": redirect_uri, "scopes": SCOPES});
        let answer = self.client.send(Request::post(url, Payload::Json(body))).await?;
        if answer.success().is_none() {
            return Err(answer.refusal());
        }
        let (id, secret) = (api::text(&answer, "client_id")?, api::text(&answer, "client_secret")?);
        let (client_id, client_secret) = (id.to_owned(), secret.to_owned());
        Ok(App { redirect_uri: redirect_uri.to_owned(), client_id, client_secret, server })
    }

    /// The page where the person agrees.
    ///
    /// # Errors
    /// [`Error::Environment`] when the server's address is none.
    pub fn authorize_url(&self, app: &App) -> Result<Login, Error> {
        let pkce = Pkce::new(&self.client);
        let challenge = pkce.challenge();
        let query = [
            ("response_type", "code"),
            ("client_id", app.client_id.as_str()),
            ("redirect_uri", app.redirect_uri.as_str()),
            ("scope", SCOPES),
            ("state", pkce.state.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let page: Url = api::path(&app.server, "/oauth/authorize", &query)?;
        Ok(Login { page: page.into(), state: pkce.state, verifier: pkce.verifier })
    }

    /// The secrets for the code that came back; give them to `connect` as the fields.
    ///
    /// # Errors
    /// [`Error::Auth`] when the server refuses the code; otherwise as for every repeatable call.
    pub async fn exchange_code(&self, app: &App, login: &Login, code: &str) -> Result<Secrets, Error> {
        let url = api::path(&app.server, "/oauth/token", &[])?;
        let code = pasted::secret(code);
        let body = json!({
            "grant_type": "authorization_code",
            "code": code,
            "client_id": app.client_id,
            "client_secret": app.client_secret,
            "redirect_uri": app.redirect_uri,
            "scope": SCOPES,
            "code_verifier": login.verifier,
        });
        let request = Request::post(url, Payload::Json(body)).hiding(&code).hiding(&app.client_secret);
        let answer = self.client.send(request).await?;
        if answer.success().is_none() {
            // A code that is wrong or too old is "invalid_grant", with status 400.
            return Err(if answer.status == 400 { Error::Auth(answer.words()) } else { answer.refusal() });
        }
        let mut secrets = Secrets::default();
        secrets.0.insert(api::TOKEN.into(), api::text(&answer, "access_token")?.to_owned());
        Ok(secrets)
    }
}

/// Names in [`Begun::kept`].
const CLIENT_ID: &str = "client_id";
const CLIENT_SECRET: &str = "client_secret";
const REDIRECT: &str = "redirect_uri";
const VERIFIER: &str = "code_verifier";

#[async_trait]
impl Browser for Mastodon {
    async fn begin(&self, input: &ConnectInput, redirect: &str) -> Result<Begun, Error> {
        let app = self.register_app(input.server.as_deref().unwrap_or_default(), redirect).await?;
        let login = self.authorize_url(&app)?;
        let kept = [
            (CLIENT_ID, app.client_id),
            (CLIENT_SECRET, app.client_secret),
            (REDIRECT, app.redirect_uri),
            (VERIFIER, login.verifier),
        ];
        let kept = Secrets(kept.into_iter().map(|(name, value)| (name.to_owned(), value)).collect());
        Ok(Begun { server: app.server, page: login.page, state: login.state, kept })
    }

    async fn finish(&self, begun: &Begun, code: &str) -> Result<Secrets, Error> {
        let kept = |name: &str| begun.kept.get(name).unwrap_or_default().to_owned();
        let app = App {
            server: begun.server.clone(),
            redirect_uri: kept(REDIRECT),
            client_id: kept(CLIENT_ID),
            client_secret: kept(CLIENT_SECRET),
        };
        let login = Login { page: begun.page.clone(), state: begun.state.clone(), verifier: kept(VERIFIER) };
        self.exchange_code(&app, &login, code).await
    }
}
