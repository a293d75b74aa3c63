//! Addresses and requests that all of Mastodon's calls share.

use reqwest::Url;

use crate::http::{Answer, Request};
use crate::{Error, Session, Why};

/// What the declared fields and the vault call the token.
pub(super) const TOKEN: &str = "token";

/// The address of a path on a server, with its parameters.
pub(super) fn path(server: &str, path: &str, query: &[(&str, &str)]) -> Result<Url, Error> {
    let bad = |_| Error::Environment(Why::no_server(server));
    let mut url = Url::parse(server).map_err(bad)?;
    url.set_path(path);
    if !query.is_empty() {
        url.query_pairs_mut().extend_pairs(query);
    }
    Ok(url)
}

/// The account's token.
pub(super) async fn token(session: &Session) -> Result<String, Error> {
    let secrets = session.vault.load().await?;
    secrets.get(TOKEN).map(str::to_owned).ok_or_else(|| Error::Auth(Why::not_kept("no access token is kept")))
}

/// The text called `name` in an answer; its absence means that something else answered.
pub(super) fn text<'a>(answer: &'a Answer, name: &str) -> Result<&'a str, Error> {
    answer.text(name).ok_or_else(|| Error::Portal(format!("the answer has no {name}").into()))
}

impl super::Mastodon {
    /// Sends a request with the account's token.
    pub(super) async fn call(&self, session: &Session, request: Request) -> Result<Answer, Error> {
        let token = token(session).await?;
        self.client.send(request.bearer(&token)).await
    }
}
