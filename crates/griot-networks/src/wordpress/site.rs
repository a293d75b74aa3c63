//! Where a site's interface is, and how every call reaches it with the person's name and password.
//!
//! A site may live in a folder of its host, and a site with plain addresses has its interface behind a parameter
//! instead of a path. Deliberately absent: following a site to another host with the password in hand.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use griot_domain::text::pasted;
use reqwest::{StatusCode, Url};
use serde_json::Value;

use super::WordPress;
use super::refusal::refusal;
use crate::http::{Answer, Payload, Request};
use crate::{Error, Session, Why, address};

/// What the vault calls the user's name.
pub(super) const USER: &str = "user";
/// What the vault and the declared fields call the application password.
pub(super) const PASSWORD: &str = "password";
/// What the vault calls the address of the interface. It is no secret: an account's server is an origin, and has
/// no place for a folder.
pub(super) const ROOT: &str = "root";

/// The parameter that stands for the path where addresses are plain.
const ROUTE: &str = "rest_route";
/// The relation by which every page of a site names its interface.
const RELATION: &str = "https://api.w.org/";
/// How often a site may send its visitors on (to www, to a folder).
const HOPS_MAX: usize = 3;
/// Parts of WordPress's own that people copy along with the address.
const OWN_PAGES: &[&str] = &["wp-admin", "wp-content", "wp-includes", "wp-json"];

/// The address of a site's interface: `https://site/wp-json/` or `https://site/?rest_route=/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Root(Url);

impl Root {
    /// An address of an interface.
    pub(super) fn new(mut url: Url) -> Self {
        url.set_fragment(None);
        let plain = url.query_pairs().any(|(name, _)| name == ROUTE);
        if !plain {
            url.set_query(None);
            if !url.path().ends_with('/') {
                url.set_path(&format!("{}/", url.path()));
            }
        }
        Self(url)
    }

    /// `https://host[:port]`
    pub(super) fn server(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    /// The host's name and the folder of the site on it: `host` or `host/folder`.
    pub(super) fn place(&self) -> String {
        let host = self.0.host_str().unwrap_or_default();
        format!("{host}{}", self.folder())
    }

    /// The folder, `/folder`, or nothing for the host's own site.
    pub(super) fn folder(&self) -> &str {
        let path = self.0.path().trim_end_matches('/');
        let path = path.strip_suffix("/wp-json").unwrap_or(path);
        path.strip_suffix("/index.php").unwrap_or(path).trim_end_matches('/')
    }

    /// The address of a route, with its parameters.
    pub(super) fn route(&self, route: &str, query: &[(&str, &str)]) -> Url {
        let mut url = self.0.clone();
        if url.query().is_some() {
            url.query_pairs_mut().clear().append_pair(ROUTE, route);
        } else {
            url.set_path(&format!("{}{}", self.0.path(), route.trim_start_matches('/')));
        }
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        url
    }

    pub(super) fn as_str(&self) -> &str {
        self.0.as_str()
    }
}

/// A site's interface and who enters it.
pub(super) struct Door {
    pub(super) root: Root,
    pub(super) user: String,
    pub(super) password: String,
}

impl Door {
    /// The account's.
    pub(super) async fn of(session: &Session) -> Result<Self, Error> {
        let secrets = session.vault.load().await?;
        let (Some(user), Some(password)) = (secrets.get(USER), secrets.get(PASSWORD)) else {
            return Err(Error::Auth(Why::not_kept("no application password is kept")));
        };
        let server = &session.account.server;
        let bad = || Error::Environment(Why::no_server(server));
        let default = || Url::parse(server).map(|site| below(&site, "wp-json/")).map_err(|_| bad());
        let root = match secrets.get(ROOT) {
            Some(kept) => Url::parse(kept).map_err(|_| bad())?,
            None => default()?,
        };
        let root = Root::new(root);
        // The password goes to the account's server and nowhere else.
        if root.server() != *server {
            return Err(bad());
        }
        Ok(Self { root, user: user.to_owned(), password: password.to_owned() })
    }

    pub(super) fn get(&self, route: &str, query: &[(&str, &str)]) -> Request {
        self.sign(Request::get(self.root.route(route, query)))
    }

    pub(super) fn post(&self, route: &str, query: &[(&str, &str)], payload: Payload) -> Request {
        self.sign(Request::post(self.root.route(route, query), payload))
    }

    pub(super) fn delete(&self, route: &str, query: &[(&str, &str)]) -> Request {
        self.sign(Request::delete(self.root.route(route, query)))
    }

    fn sign(&self, request: Request) -> Request {
        let pair = STANDARD.encode(format!("{}:{}", self.user, self.password));
        let bare: String = self.password.split_whitespace().collect();
        let request = request.secret_header("authorization", &format!("Basic {pair}"));
        request.hiding(&pair).hiding(&self.password).hiding(&bare)
    }
}

impl WordPress {
    /// The interface of the site that a person typed. Nobody says who they are before it is found.
    pub(super) async fn find(&self, typed: &str) -> Result<Root, Error> {
        let mut site = site_of(typed)?;
        for _ in 0..HOPS_MAX {
            let mut plain = site.clone();
            plain.query_pairs_mut().append_pair(ROUTE, "/");
            for root in [below(&site, "wp-json/"), plain].map(Root::new) {
                if self.is_interface(&root).await? {
                    return Ok(root);
                }
            }
            let page = self.client.pointers(site.clone()).await?;
            if let Some(named) = page.link(RELATION).filter(|named| is_same_site(&site, named)) {
                let root = Root::new(named);
                if self.is_interface(&root).await? {
                    return Ok(root);
                }
            }
            match page.location {
                Some(next) if is_same_site(&site, &next) => site = folder_of(&next),
                Some(next) => {
                    let there = next.origin().ascii_serialization();
                    return Err(Error::Portal(format!("the site sends its visitors to {there}").into()));
                }
                None => break,
            }
        }
        Err(Error::Portal("WordPress does not answer at this address".into()))
    }

    /// Whether a site's interface answers there, also one that is closed to strangers.
    async fn is_interface(&self, root: &Root) -> Result<bool, Error> {
        let answer = match self.client.send(Request::get(root.route("/", &[("_fields", "namespaces")]))).await
        {
            Ok(answer) => answer,
            // A page instead of an answer: perhaps the interface is elsewhere.
            Err(Error::Portal(_)) => return Ok(false),
            Err(other) => return Err(other),
        };
        if let Some(said) = answer.success() {
            let spaces = said["namespaces"].as_array().map(Vec::as_slice).unwrap_or_default();
            return Ok(spaces.iter().any(|space| space == "wp/v2"));
        }
        match refusal(&answer) {
            limited @ Error::RateLimited { .. } => Err(limited),
            passing @ Error::Transient(_) => Err(passing),
            _ => Ok(is_closed(&answer)),
        }
    }
}

/// WordPress says that strangers may not enter.
fn is_closed(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN)
        && answer.text("code").is_some_and(|code| code.starts_with("rest_"))
}

/// The site that a person typed, with its folder.
fn site_of(typed: &str) -> Result<Url, Error> {
    let bad = |error: address::AddressError| Error::Auth(error.into());
    let origin = address::normalise(typed).map_err(bad)?;
    let typed = pasted::address(typed);
    let full = if typed.contains("://") { typed.clone() } else { format!("https://{typed}") };
    let path = Url::parse(&full).map(|url| url.path().to_owned()).unwrap_or_default();
    let not = |_| bad(address::AddressError::NotAnAddress(origin.clone()));
    let mut site = Url::parse(&origin).map_err(not)?;
    site.set_path(&path);
    Ok(folder_of(&site))
}

/// The address of a page without what belongs to WordPress itself.
fn folder_of(page: &Url) -> Url {
    let own = |part: &&str| !OWN_PAGES.contains(part) && !part.ends_with(".php");
    let parts: Vec<&str> = page.path().split('/').filter(|part| !part.is_empty()).take_while(own).collect();
    let mut site = page.clone();
    site.set_path(&parts.iter().map(|part| format!("/{part}")).collect::<String>());
    site.set_query(None);
    site.set_fragment(None);
    below(&site, "")
}

fn below(site: &Url, path: &str) -> Url {
    let mut url = site.clone();
    url.set_path(&format!("{}/{path}", site.path().trim_end_matches('/')));
    url
}

/// Whether two addresses are on one site: the same host, with `www.` or without.
fn is_same_site(one: &Url, other: &Url) -> bool {
    let key = |url: &Url| {
        let host = url.host_str().unwrap_or_default().to_owned();
        let bare = host.strip_prefix("www.").map(str::to_owned).unwrap_or(host);
        (url.scheme().to_owned(), bare, url.port_or_known_default())
    };
    key(one) == key(other) && other.username().is_empty() && other.password().is_none()
}

/// The number in an answer; its absence means that something else answered.
pub(super) fn number(said: &Value) -> Result<u64, Error> {
    said["id"].as_u64().filter(|id| *id > 0).ok_or_else(|| Error::Portal("the answer has no id".into()))
}

/// The list in an answer.
pub(super) fn list(answer: &Answer) -> Result<&Vec<Value>, Error> {
    let said = answer.success().ok_or_else(|| refusal(answer))?;
    said.as_array().ok_or_else(|| Error::Portal("the answer is no list".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_copy_from_the_address_bar_becomes_the_site() {
        for (typed, site) in [
            ("blog.example", "https://blog.example/"),
            (" https://Blog.example/journal/ ", "https://blog.example/journal/"),
            ("https://blog.example/journal/wp-admin/profile.php?x=1#y", "https://blog.example/journal/"),
            ("blog.example/wp-login.php", "https://blog.example/"),
            ("blog.example/wp-json/wp/v2/", "https://blog.example/"),
            ("http://127.0.0.1:3920/index.php", "http://127.0.0.1:3920/"),
        ] {
            assert_eq!(site_of(typed).unwrap().as_str(), site, "{typed}");
        }
        for typed in ["", "http://blog.example", "https://awa:s3cret@blog.example", "not an address"] {
            let error = site_of(typed).unwrap_err();
            assert!(matches!(error, Error::Auth(_)) && !error.to_string().contains("s3cret"), "{error}");
        }
    }

    #[test]
    fn both_forms_of_the_interface_have_routes_and_a_folder() {
        let check = |root: &str, folder: &str, routed: &str| {
            let root = Root::new(Url::parse(root).unwrap());
            assert_eq!(root.folder(), folder, "{}", root.as_str());
            assert_eq!(root.route("/wp/v2/posts", &[("slug", "a b")]).as_str(), routed);
        };
        check("https://b.example/wp-json", "", "https://b.example/wp-json/wp/v2/posts?slug=a+b");
        check("https://b.example/a/wp-json/", "/a", "https://b.example/a/wp-json/wp/v2/posts?slug=a+b");
        check(
            "https://b.example/a/?rest_route=/",
            "/a",
            "https://b.example/a/?rest_route=%2Fwp%2Fv2%2Fposts&slug=a+b",
        );
        check(
            "https://b.example/index.php?rest_route=/",
            "",
            "https://b.example/index.php?rest_route=%2Fwp%2Fv2%2Fposts&slug=a+b",
        );
    }
}
