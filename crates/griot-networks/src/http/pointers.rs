//! Where a page points in its head alone: for finding a site's interface from its front page.
//!
//! Nobody says who they are on this way, no body is read, and where a page sends its visitors is told, not
//! followed: whoever asks judges whether it is still the same site.

use reqwest::header::{HeaderMap, LINK, LOCATION};
use reqwest::{StatusCode, Url};

use super::request::Effect;
use super::{ANSWER_TIMEOUT, Client, STEP_ANSWERED, STEP_SENDING, lost, when};
use crate::Error;

/// What a page's head says.
#[derive(Debug, Clone)]
pub(crate) struct Pointers {
    /// Where the page sends its visitors.
    pub(crate) location: Option<Url>,
    links: Vec<(String, String)>,
    url: Url,
}

impl Pointers {
    /// The address that the page gives for `relation`.
    pub(crate) fn link(&self, relation: &str) -> Option<Url> {
        let named = |parameters: &str| {
            parameters.split(';').filter_map(|parameter| parameter.trim().strip_prefix("rel=")).any(|names| {
                names.trim_end_matches([',', ' ']).trim_matches('"').split(' ').any(|name| name == relation)
            })
        };
        let found = self.links.iter().find(|(_, parameters)| named(parameters));
        found.and_then(|(address, _)| self.url.join(address).ok())
    }
}

impl Client {
    /// Asks for the head of a page.
    pub(crate) async fn pointers(&self, url: Url) -> Result<Pointers, Error> {
        self.permit(&url)?;
        let http = self.0.http.as_ref().map_err(Clone::clone)?;
        self.0.faults.at(STEP_SENDING).map_err(|e| Error::Offline(e.to_string().into()))?;
        let asked = http.head(url.clone()).timeout(ANSWER_TIMEOUT).send().await;
        let answer = asked.map_err(|e| lost(e, Effect::Repeatable))?;
        self.0.faults.at(STEP_ANSWERED).map_err(|e| Error::Transient(e.to_string().into()))?;
        let (status, headers) = (answer.status(), answer.headers());
        if status == StatusCode::TOO_MANY_REQUESTS {
            return Err(Error::RateLimited { until: when::listens_again(headers, self.now()) });
        }
        let location = headers.get(LOCATION).and_then(|value| url.join(value.to_str().ok()?).ok());
        let links = links(headers);
        Ok(Pointers { location: location.filter(|_| status.is_redirection()), links, url })
    }
}

/// The addresses of all `Link` headers, each with its parameters (RFC 8288).
fn links(headers: &HeaderMap) -> Vec<(String, String)> {
    let values = headers.get_all(LINK).into_iter().filter_map(|value| value.to_str().ok());
    // An address cannot hold a bracket, so that brackets divide the list.
    let parts = values.flat_map(|value| value.split('<').skip(1)).filter_map(|part| part.split_once('>'));
    parts.map(|(address, parameters)| (address.trim().to_owned(), parameters.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stub::{Stub, client, reply};

    async fn ask(headers: &str, status: u16) -> Pointers {
        let stub = Stub::start(vec![reply(status, headers, "")]);
        let said = client().pointers(Url::parse(&stub.url).unwrap()).await.unwrap();
        assert_eq!(stub.lines(), ["HEAD /"]);
        said
    }

    #[tokio::test]
    async fn a_page_says_where_it_points_or_nothing() {
        let rel = "https://api.w.org/";
        for (headers, found) in [
            ("", None),
            ("link: rubbish\r\n", None),
            ("link: <https://blog.example/other>; rel=\"shortlink\"\r\n", None),
            ("link: <https://blog.example/x>; title=\"https://api.w.org/\"\r\n", None),
            (
                "link: <https://blog.example/wp-json/>; rel=\"https://api.w.org/\"\r\n",
                Some("https://blog.example/wp-json/"),
            ),
            (
                "link: <https://blog.example/a,b>; rel=shortlink, <https://blog.example/?rest_route=/>; rel=\"https://api.w.org/\"\r\n",
                Some("https://blog.example/?rest_route=/"),
            ),
            (
                "link: <https://blog.example/wp-json/>; rel=\"https://api.w.org/\", <https://blog.example/b>; rel=x\r\n",
                Some("https://blog.example/wp-json/"),
            ),
        ] {
            let said = ask(headers, 200).await;
            assert_eq!(said.link(rel).map(String::from).as_deref(), found, "{headers}");
            assert_eq!(said.location, None);
        }
        let elsewhere = ask("location: https://www.blog.example/\r\n", 301).await;
        assert_eq!(elsewhere.location.unwrap().as_str(), "https://www.blog.example/");
    }
}
