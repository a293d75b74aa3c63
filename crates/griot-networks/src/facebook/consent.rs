//! Agreeing in the browser, for the person's own app.
//!
//! Facebook sends the browser back only to pages that an app has a server for, and to one of its own for programs
//! without one: the person copies that page's address. The code in it becomes the person's token, which becomes one
//! that lasts, by which the Pages' own are found; a Page's token from one that lasts has no end of its own.
//! Deliberately absent: an app of Griot's own, whose secret everybody could read.

use async_trait::async_trait;
use griot_domain::text::pasted;
use reqwest::Url;

use super::graph::{Graph, OTHER_VERSION, SERVER, TOKEN, VERSION};
use super::{Facebook, errors, login};
use crate::http::{Answer, Effect, Payload, Request};
use crate::{Begun, Browser, ConnectInput, Error, Identity, Secrets, Why, pkce};

/// Publishing, first comments, reading back, and Pages that belong to a business portfolio (networks.md 3).
const SCOPES: &str =
    "pages_show_list,pages_read_engagement,pages_manage_posts,pages_manage_engagement,business_management";
/// People agree on another host than programs speak with.
const PAGES: &str = "https://www.facebook.com";
const REDIRECT: &str = "redirect_uri";
/// What the fields, and the vault, call the person's app.
const APP_ID: &str = "app_id";
const APP_SECRET: &str = "app_secret";

/// The person's own app.
pub(super) struct App {
    id: String,
    secret: String,
}

impl App {
    /// The app among an account's secrets; nothing where a token was pasted.
    pub(super) fn of(secrets: &Secrets) -> Option<Self> {
        let one = |name: &str| secrets.get(name).map(str::to_owned);
        Some(Self { id: one(APP_ID)?, secret: one(APP_SECRET)? })
    }

    /// The app as a person typed it.
    fn typed(fields: &Secrets) -> Result<Self, Error> {
        let typed = |name: &str| fields.get(name).unwrap_or_default();
        let (id, secret) = (pasted::id(typed(APP_ID)), pasted::secret(typed(APP_SECRET)));
        if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(Error::Auth(
                Why::ours(
                    "L\u{2019}identifiant de l\u{2019}application est un nombre\u{a0}: copiez-le seul.",
                    "The App ID is a number: copy it alone.",
                )
                .logged("the app_id is a number: copy it alone"),
            ));
        }
        if secret.is_empty() || !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Err(Error::Auth(Why::ours(
                "La clé secrète de l\u{2019}application n\u{2019}a que des lettres et des chiffres\u{a0}: copiez-la seule.",
                "The App secret has only letters and digits: copy it alone.",
            ).logged("the app_secret has only letters and digits: copy it alone")));
        }
        Ok(Self { id, secret })
    }

    pub(super) fn keep(self, kept: &mut Secrets) {
        kept.0.insert(APP_ID.into(), self.id);
        kept.0.insert(APP_SECRET.into(), self.secret);
    }

    /// The app's own token: it sees what tokens of the app are good for.
    pub(super) fn token(&self) -> String {
        format!("{}|{}", self.id, self.secret)
    }
}

#[async_trait]
impl Browser for Facebook {
    async fn begin(&self, input: &ConnectInput, redirect: &str) -> Result<Begun, Error> {
        let server = login::server_of(input)?;
        let app = App::typed(&input.fields)?;
        let other = login::version_of(&input.fields)?;
        let state = pkce::state(&self.client);
        let host = if server == SERVER { PAGES } else { server.as_str() };
        let bad = |_| Error::Environment(Why::no_server(host));
        let mut page = Url::parse(host).map_err(bad)?;
        page.set_path(&format!("{}/dialog/oauth", other.as_deref().unwrap_or(VERSION)));
        page.query_pairs_mut()
            .append_pair("client_id", &app.id)
            .append_pair(REDIRECT, redirect)
            .append_pair("state", &state)
            .append_pair("response_type", "code")
            .append_pair("scope", SCOPES);
        let mut kept = Secrets::default();
        app.keep(&mut kept);
        kept.0.insert(REDIRECT.into(), redirect.to_owned());
        kept.0.extend(other.map(|version| (OTHER_VERSION.to_owned(), version)));
        Ok(Begun { server, page: page.into(), state, kept })
    }

    async fn finish(&self, begun: &Begun, code: &str) -> Result<Secrets, Error> {
        let app = App::of(&begun.kept).ok_or_else(|| Error::Auth(Why::not_kept("no app_id is kept")))?;
        let redirect = begun.kept.get(REDIRECT).unwrap_or_default();
        let asked = vec![(REDIRECT, redirect.to_owned()), ("code", pasted::secret(code))];
        let short = self.token_for(begun, &app, asked).await?;
        let asked = vec![("grant_type", "fb_exchange_token".to_owned()), ("fb_exchange_token", short)];
        let lasting = self.token_for(begun, &app, asked).await?;
        let mut secrets = Secrets::default();
        secrets.0.insert(TOKEN.into(), lasting);
        app.keep(&mut secrets);
        let other = begun.kept.get(OTHER_VERSION);
        secrets.0.extend(other.map(|version| (OTHER_VERSION.to_owned(), version.to_owned())));
        Ok(secrets)
    }

    async fn identities(&self, begun: &Begun, secrets: &Secrets) -> Result<Vec<Identity>, Error> {
        let token =
            secrets.get(TOKEN).ok_or_else(|| Error::Auth(Why::not_kept("no access token is there")))?;
        self.pages_of(&self.graph(begun, token)).await
    }
}

impl Facebook {
    fn graph(&self, begun: &Begun, token: &str) -> Graph {
        let version = begun.kept.get(OTHER_VERSION).unwrap_or(VERSION);
        Graph {
            client: self.client.clone(),
            server: begun.server.clone(),
            version: version.to_owned(),
            token: token.to_owned(),
        }
    }

    /// A token for a code, or for another token. The app proves itself in the body: addresses end up in logs.
    async fn token_for(
        &self,
        begun: &Begun,
        app: &App,
        mut asked: Vec<(&'static str, String)>,
    ) -> Result<String, Error> {
        asked.push(("client_id", app.id.clone()));
        asked.push(("client_secret", app.secret.clone()));
        let hidden: Vec<String> = asked
            .iter()
            .filter(|(name, _)| ["code", "fb_exchange_token", "client_secret"].contains(name))
            .map(|(_, value)| value.clone())
            .collect();
        let url = self.graph(begun, "").at(&["oauth", "access_token"], &[])?;
        let request = Request::post(url, Payload::Encoded(asked));
        let request = hidden.iter().fold(request, |request, secret| request.hiding(secret));
        let answer = self.client.send(request).await?;
        if !super::graph::is_success(&answer) {
            return Err(refused(&answer));
        }
        super::graph::text(&answer, "access_token")
    }
}

/// What the refusal of a token means: the app is not that app, or the code is spent. Whatever else it is goes away by
/// itself; in no case does it concern a post.
fn refused(answer: &Answer) -> Error {
    let error = answer.json.as_ref().map(|body| &body["error"]);
    let said = error.and_then(|error| error["message"].as_str()).unwrap_or_default().to_ascii_lowercase();
    if said.contains("client secret") || said.contains("validating application") || said.contains("client_id")
    {
        return Error::Auth(
            answer
                .words()
                .means(
                    "L\u{2019}identifiant et la clé secrète ne sont pas ceux d\u{2019}une même application.",
                    "The App ID and the App secret are not one app\u{2019}s.",
                )
                .noting("(app_id, app_secret)"),
        );
    }
    match errors::refusal(answer, Effect::Repeatable) {
        Error::Content(words) | Error::Permission(words) => Error::Auth(words),
        other => other,
    }
}
