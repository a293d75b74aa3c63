//! What every request must show before anything is done for it: that it means this server, and which page asks.
//!
//! A page of another site reaches a loopback address like any other. What keeps it out: the exact host with its port
//! (a name that was pointed here does not match), the origin on everything that changes something, and what browsers
//! say of the page that asks. There are no CORS headers, so nothing that is answered can be read elsewhere.

use http::header::{HOST, ORIGIN};
use http::request::Parts;
use http::{HeaderMap, HeaderName, Method};

use crate::words::Refusal;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// The address that requests must name.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    /// `127.0.0.1:8000`.
    host: String,
    /// `http://127.0.0.1:8000`.
    origin: String,
}

impl Address {
    pub(crate) fn new(port: u16) -> Self {
        let host = format!("127.0.0.1:{port}");
        Self { origin: format!("http://{host}"), host }
    }

    /// `http://127.0.0.1:8000`.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether the request means this server.
    pub(crate) fn is_meant(&self, head: &Parts) -> Result<(), Refusal> {
        let named = head.uri.authority().is_none_or(|authority| authority.as_str() == self.host);
        if named && only(&head.headers, &HOST) == Some(&self.host) { Ok(()) } else { Err(Refusal::WrongHost) }
    }

    /// Whether the page that asks may.
    pub(crate) fn is_ours(&self, head: &Parts) -> Result<(), Refusal> {
        let sites: Vec<_> = head.headers.get_all(FETCH_SITE).iter().collect();
        // Another port of this machine is "same-site": it is another program's all the same.
        if !sites.iter().all(|site| *site == "same-origin" || *site == "none") {
            return Err(Refusal::Foreign);
        }
        let reads = head.method == Method::GET || head.method == Method::HEAD;
        match head.headers.contains_key(ORIGIN) {
            true if only(&head.headers, &ORIGIN) == Some(&self.origin) => Ok(()),
            true => Err(Refusal::Foreign),
            false if reads => Ok(()),
            false => Err(Refusal::NoOrigin),
        }
    }
}

/// The value of a header that is there exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}

/// The value of the cookie called `name`; nothing when there are several.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let lines = headers.get_all(http::header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    let pairs = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let mut values = pairs.filter(|(of, _)| *of == name).map(|(_, value)| value);
    let first = values.next()?;
    values.next().is_none().then_some(first)
}

#[cfg(test)]
mod tests {
    use http::Request;

    use super::*;

    fn head(method: &str, uri: &str, headers: &[(&str, &str)]) -> Parts {
        let request = Request::builder().method(method).uri(uri);
        let request = headers.iter().fold(request, |request, (name, value)| request.header(*name, *value));
        request.body(()).unwrap().into_parts().0
    }

    #[test]
    fn only_the_exact_address_is_meant() {
        let address = Address::new(8000);
        let meant = |uri: &str, hosts: &[&str]| {
            let headers: Vec<_> = hosts.iter().map(|host| ("host", *host)).collect();
            address.is_meant(&head("GET", uri, &headers)).is_ok()
        };
        assert!(meant("/", &["127.0.0.1:8000"]));
        assert!(meant("http://127.0.0.1:8000/", &["127.0.0.1:8000"]));
        for host in
            ["127.0.0.1", "localhost:8000", "127.0.0.1:8001", "evil.example:8000", "127.0.0.1:8000.", ""]
        {
            assert!(!meant("/", &[host]), "{host}");
        }
        assert!(!meant("/", &[]));
        assert!(!meant("/", &["127.0.0.1:8000", "evil.example"]));
        assert!(!meant("http://evil.example/", &["127.0.0.1:8000"]));
    }

    #[test]
    fn a_page_of_another_origin_may_nothing() {
        let address = Address::new(8000);
        let may = |method: &str, headers: &[(&str, &str)]| address.is_ours(&head(method, "/", headers));
        let own = ("origin", "http://127.0.0.1:8000");
        assert_eq!(may("GET", &[]), Ok(()));
        assert_eq!(may("GET", &[own, ("sec-fetch-site", "same-origin")]), Ok(()));
        assert_eq!(may("GET", &[("sec-fetch-site", "none")]), Ok(()));
        assert_eq!(may("POST", &[own]), Ok(()));
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
            assert_eq!(may(method, &[]), Err(Refusal::NoOrigin), "{method}");
        }
        for origin in
            ["null", "http://127.0.0.1", "http://127.0.0.1:8001", "https://127.0.0.1:8000", "http://a.b"]
        {
            for method in ["GET", "HEAD", "POST", "PUT"] {
                assert_eq!(may(method, &[("origin", origin)]), Err(Refusal::Foreign), "{method} {origin}");
            }
        }
        for site in ["cross-site", "same-site", "anything"] {
            assert_eq!(may("GET", &[("sec-fetch-site", site)]), Err(Refusal::Foreign), "{site}");
        }
        assert_eq!(may("POST", &[own, ("origin", "http://a.b")]), Err(Refusal::Foreign));
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        let headers =
            head("GET", "/", &[("cookie", "a=1; griot-1=x; griot-12=y"), ("cookie", "b=2")]).headers;
        assert_eq!(cookie(&headers, "griot-1"), Some("x"));
        assert_eq!(cookie(&headers, "griot-2"), None);
        let twice = head("GET", "/", &[("cookie", "griot-1=x; griot-1=y")]).headers;
        assert_eq!(cookie(&twice, "griot-1"), None);
    }
}
