//! Agreeing in the browser, for the person's own app (OAuth 2.0 with PKCE).
//!
//! X sends the browser back to an address that the person registered, letter by letter, and to no other. Deliberately
//! absent: an app of Griot's own, which would pay for everybody's posts.

use async_trait::async_trait;
use griot_domain::text::pasted;

use super::tokens::{App, CLIENT_ID, CLIENT_SECRET, CODE, VERIFIER};
use super::{X, api, server_of};
use crate::pkce::Pkce;
use crate::{Begun, Browser, ConnectInput, Error, Secrets};

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
        let app = App::of(&begun.kept).ok_or_else(|| Error::Auth("no client_id is kept".into()))?;
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
                return Err(Error::Permission(format!("the app was not given {}", missing.join(", "))));
            }
        }
        Ok(tokens.secrets())
    }
}

/// The app as the person typed it.
fn app(fields: &Secrets) -> Result<App, Error> {
    let typed = |name: &str| {
        let text = pasted::secret(fields.get(name).unwrap_or_default());
        if text.bytes().all(|byte| byte.is_ascii_graphic()) {
            Ok(Some(text).filter(|text| !text.is_empty()))
        } else {
            Err(Error::Auth(format!("{name} holds a sign that none of X has: paste it alone")))
        }
    };
    let id = typed(CLIENT_ID)?.ok_or_else(|| Error::Auth("the client_id of the app is needed".into()))?;
    Ok(App { id, secret: typed(CLIENT_SECRET)? })
}
