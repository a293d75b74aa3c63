//! Agreeing in the browser, for the person's own app (OAuth 2.0 with PKCE).
//!
//! X sends the browser back to an address that the person registered, letter by letter, and to no other. Deliberately
//! absent: an app of Griot's own, which would pay for everybody's posts.

use async_trait::async_trait;
use griot_domain::text::pasted;

use super::tokens::{App, CLIENT_ID, CLIENT_SECRET, CODE, VERIFIER};
use super::{X, api, server_of};
use crate::pkce::Pkce;
use crate::{Begun, Browser, ConnectInput, Error, Secrets, Why};

/// Reading who the account is and its own posts, writing posts and media, and staying signed in.
const SCOPES: &str = "tweet.read tweet.write users.read media.write offline.access";
/// Without these nothing can be published.
const NEEDED: &[&str] = &["tweet.read", "tweet.write", "users.read", "media.write"];
/// People agree on another host than programs speak with.
const PAGES: &str = "https://x.com";
const AUTHORIZE: &str = "/i/oauth2/authorize";
const REDIRECT: &str = "redirect_uri";

#[async_trait]
impl Browser for X {
    async fn begin(&self, input: &ConnectInput, redirect: &str) -> Result<Begun, Error> {
        let server = server_of(input)?;
        let app = app(&input.fields)?;
        let pkce = Pkce::new(&self.client);
        let challenge = pkce.challenge();
        let query = [
            ("response_type", "code"),
            (CLIENT_ID, app.id.as_str()),
            (REDIRECT, redirect),
            ("scope", SCOPES),
            ("state", pkce.state.as_str()),
            ("code_challenge", challenge.as_str()),
            ("code_challenge_method", "S256"),
        ];
        let host = if server == api::DEFAULT_SERVER { PAGES } else { server.as_str() };
        let page = api::path(host, AUTHORIZE, &query)?;
        let mut kept = Secrets::default();
        for (name, value) in [
            (CLIENT_ID, Some(app.id)),
            (CLIENT_SECRET, app.secret),
            (REDIRECT, Some(redirect.to_owned())),
            (VERIFIER, Some(pkce.verifier)),
        ] {
            kept.0.extend(value.map(|value| (name.to_owned(), value)));
        }
        // A space is written as X's own examples write it; a plus that is meant is %2B by now.
        Ok(Begun { server, page: page.as_str().replace('+', "%20"), state: pkce.state, kept })
    }

    async fn finish(&self, begun: &Begun, code: &str) -> Result<Secrets, Error> {
        let kept = |name: &str| begun.kept.get(name).unwrap_or_default().to_owned();
        let app = App::of(&begun.kept).ok_or_else(|| Error::Auth(Why::not_kept("no client_id is kept")))?;
        let asked = vec![
            ("grant_type", "authorization_code".to_owned()),
            (CODE, pasted::secret(code)),
            (REDIRECT, kept(REDIRECT)),
            (VERIFIER, kept(VERIFIER)),
        ];
        let (tokens, answer) = self.exchanged(&begun.server, app, asked).await?;
        if let Some(granted) = answer.text("scope") {
            let missing: Vec<&str> =
                NEEDED.iter().copied().filter(|name| !granted.split(' ').any(|one| one == *name)).collect();
            if !missing.is_empty() {
                return Err(Error::Permission(Why::ours(
                    "L\u{2019}application n\u{2019}a pas reçu tous les droits\u{a0}: acceptez-les tous sur la page de X.",
                    "The app was not given every right: agree to all of them on the page of X.",
                ).logged(format!("the app was not given {}", missing.join(", ")))));
            }
        }
        Ok(tokens.secrets())
    }
}

/// What was pasted along with a key.
fn odd_sign(name: &str) -> Why {
    let (fr, en) = match name {
        CLIENT_ID => ("L\u{2019}identifiant client", "The Client ID"),
        _ => ("Le secret client", "The Client secret"),
    };
    Why::ours(
        format!("{fr} contient un signe qu\u{2019}aucun de X ne contient\u{a0}: collez-le seul."),
        format!("{en} holds a sign that none of X has: paste it alone."),
    )
    .logged(format!("{name} holds a sign that none of X has"))
}

/// The app as the person typed it.
fn app(fields: &Secrets) -> Result<App, Error> {
    let typed = |name: &str| {
        let text = pasted::secret(fields.get(name).unwrap_or_default());
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Some(text).filter(|text| !text.is_empty()))
        } else {
            Err(Error::Auth(odd_sign(name)))
        }
    };
    let id = typed(CLIENT_ID)?.ok_or_else(|| {
        Error::Auth(
            Why::ours(
                "Il faut l\u{2019}identifiant client de l\u{2019}application.",
                "The Client ID of the app is needed.",
            )
            .logged("the client_id of the app is needed"),
        )
    })?;
    Ok(App { id, secret: typed(CLIENT_SECRET)? })
}
