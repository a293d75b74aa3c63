//! Whose token it is: a Page's own, or a person's (or a system user's) that sees Pages. What is kept is the
//! Page's own token. Deliberately absent: exchanging tokens, which is the sign-in's (`consent`).

use griot_domain::text::pasted;
use serde_json::Value;

use super::Facebook;
use super::consent::App;
use super::graph::{Graph, OTHER_VERSION, SERVER, TOKEN, VERSION, text, word};
use crate::http::{Answer, Effect, Request};
use crate::{ConnectInput, Connected, Error, Identity, Secrets, Session, Why, address};

/// What publishing on a Page needs, and reading back what was published.
const NEEDED: &[&str] = &["pages_show_list", "pages_read_engagement", "pages_manage_posts"];
/// Pages that a token sees are read a hundred at a time.
const AT_ONCE: &str = "100";
const LISTS_MAX: usize = 5;
/// The most names that a sentence holds.
const NAMES_MAX: usize = 20;

/// A Page that a token sees.
struct Page {
    id: String,
    name: String,
    username: Option<String>,
    token: Option<String>,
}

impl Page {
    fn of(found: &Value) -> Option<Self> {
        Some(Self {
            id: word(&found["id"])?,
            name: word(&found["name"])?,
            username: word(&found["username"]),
            token: word(&found["access_token"]),
        })
    }

    fn answers_to(&self, wanted: &str) -> bool {
        let wanted = wanted.trim_start_matches('@').to_lowercase();
        let names = [Some(&self.id), Some(&self.name), self.username.as_ref()];
        names.into_iter().flatten().any(|name| name.trim().to_lowercase() == wanted)
    }
}

impl Facebook {
    /// Tries what a person gave, and finds the Page.
    pub(super) async fn open(&self, input: &ConnectInput) -> Result<Connected, Error> {
        let server = server_of(input)?;
        let token = token(input.fields.get(TOKEN).unwrap_or_default())?;
        let other = version_of(&input.fields)?;
        let wanted = [input.fields.get("page"), input.handle.as_deref()].into_iter().flatten();
        let wanted = wanted.map(pasted::words).find(|name| !name.is_empty());
        let wanted = wanted.as_deref();
        let version = other.as_deref().unwrap_or(VERSION).to_owned();
        let graph = Graph { client: self.client.clone(), server, version, token };
        let page = match itself(&graph).await? {
            Some(page) if wanted.is_none_or(|name| page.answers_to(name)) => page,
            Some(page) => {
                let wanted = wanted.unwrap_or_default();
                let words = Why::ours(
                    format!("C\u{2019}est le jeton de la Page {}, et non de {wanted}.", page.name),
                    format!("This is the token of the Page {}, not of {wanted}.", page.name),
                );
                return Err(Error::Permission(words));
            }
            None => {
                may_publish(&graph).await?;
                chosen(pages(&graph).await?, wanted)?
            }
        };
        let token = page.token.ok_or_else(|| {
            Error::Permission(
                Why::ours(
                    format!("Ce jeton n\u{2019}a pas le droit de publier sur la Page {}.", page.name),
                    format!("This token may not publish on the Page {}.", page.name),
                )
                .logged(format!("the token may not publish on the Page {}", page.name)),
            )
        })?;
        // What is kept of a person who agreed is the Page's token and their app, which tells when that token ends; their
        // own token is not.
        let app = App::of(&input.fields);
        let graph = Graph { token: token.clone(), ..graph };
        let ends = graph.ends(app.as_ref()).await;
        let mut secrets = Secrets::default();
        secrets.0.insert(TOKEN.into(), token);
        if let Some(app) = app {
            app.keep(&mut secrets);
        }
        if let Some(version) = other {
            secrets.0.insert(OTHER_VERSION.into(), version);
        }
        let (server, handle, remote_id) = (graph.server, page.name, page.id);
        Ok(Connected { server, handle, remote_id, secrets, limits: None, ends })
    }

    /// The Pages on which the person behind a token may publish.
    pub(super) async fn pages_of(&self, graph: &Graph) -> Result<Vec<Identity>, Error> {
        may_publish(graph).await?;
        let pages = pages(graph).await?.into_iter().filter(|page| page.token.is_some());
        Ok(pages.map(|page| Identity { id: page.id, name: page.name }).collect())
    }

    /// Tries the kept token.
    pub(super) async fn look_again(&self, session: &Session) -> Result<Connected, Error> {
        let graph = Graph::of(&self.client, session).await?;
        let answer = graph.get(&["me"], &[("fields", "id,name")]).await?;
        let (id, name) = (text(&answer, "id")?, text(&answer, "name")?);
        if id != session.account.remote_id {
            return Err(Error::Auth(Why::of_another_account("the kept token belongs to another Page")));
        }
        let secrets = session.vault.load().await?;
        Ok(Connected {
            server: session.account.server.clone(),
            handle: name,
            remote_id: id,
            ends: graph.ends(App::of(&secrets).as_ref()).await,
            secrets,
            limits: None,
        })
    }
}

/// The Graph's own server, or the one that was named.
pub(super) fn server_of(input: &ConnectInput) -> Result<String, Error> {
    let typed = input.server.as_deref().or_else(|| input.fields.get("server"));
    let typed = typed.map(pasted::address).filter(|server| !server.is_empty());
    address::normalise(typed.as_deref().unwrap_or(SERVER)).map_err(|e| Error::Auth(e.into()))
}

/// The version that was asked for, when it is another than this connector's own.
pub(super) fn version_of(fields: &Secrets) -> Result<Option<String>, Error> {
    let other = fields.get(OTHER_VERSION).map(pasted::id).filter(|version| !version.is_empty());
    if let Some(version) = other.as_ref().filter(|version| !is_version(version)) {
        return Err(Error::Auth(Why::ours(
            format!("«\u{a0}{version}\u{a0}» n\u{2019}est pas une version du Graph, comme {VERSION}."),
            format!("\u{201c}{version}\u{201d} is not a version of the Graph, like {VERSION}."),
        )));
    }
    Ok(other)
}

/// A pasted token, without what is pasted along with it.
fn token(given: &str) -> Result<String, Error> {
    let token = pasted::secret(given);
    let digits = token.len() - token.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let wrong = if token.is_empty() {
        ("Il faut un jeton d\u{2019}accès.", "An access token is needed.")
    } else if token.chars().any(|c| c.is_whitespace() || c.is_control()) {
        (
            "Un jeton n\u{2019}a ni espace ni retour à la ligne\u{a0}: collez le jeton seul.",
            "A token has no spaces and no line breaks: paste the token alone.",
        )
    } else if !token.is_ascii() {
        (
            "Un jeton n\u{2019}a que des lettres simples, des chiffres et des signes.",
            "A token has only plain letters, digits and signs.",
        )
    } else if token.starts_with("IG") {
        ("C\u{2019}est un jeton d\u{2019}Instagram.", "This is a token of Instagram.")
    } else if token.starts_with("TH") {
        ("C\u{2019}est un jeton de Threads.", "This is a token of Threads.")
    } else if digits > 0 && token[digits..].starts_with('|') {
        (
            "C\u{2019}est le jeton d\u{2019}une application\u{a0}: il faut celui d\u{2019}une Page ou d\u{2019}une personne.",
            "This is the token of an app: a Page\u{2019}s or a person\u{2019}s is needed.",
        )
    } else if digits > 0 && token[digits..].starts_with(':') {
        ("C\u{2019}est le jeton d\u{2019}un robot de Telegram.", "This is the token of a Telegram bot.")
    } else {
        return Ok(token);
    };
    Err(Error::Auth(Why::ours(wrong.0, wrong.1)))
}

/// `v26.0`: the letter, one or two digits, a point and a digit.
fn is_version(version: &str) -> bool {
    let Some((major, minor)) = version.strip_prefix('v').and_then(|rest| rest.split_once('.')) else {
        return false;
    };
    let digits = |part: &str, most: usize| {
        (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
    };
    digits(major, 2) && digits(minor, 1)
}

/// The Page, when the token is a Page's own. A person has no category: asking for it is refused.
async fn itself(graph: &Graph) -> Result<Option<Page>, Error> {
    // First what everybody has, so that a refusal of the second question is about its fields alone.
    graph.get(&["me"], &[("fields", "id,name")]).await?;
    let query = [("fields", "id,name,link,category")];
    let answer = graph.ask(Request::get(graph.at(&["me"], &query)?)).await?;
    if code(&answer) == Some(100) {
        return Ok(None);
    }
    if !super::graph::is_success(&answer) {
        return Err(super::errors::refusal(&answer, Effect::Repeatable));
    }
    let found = answer.json.as_ref().filter(|body| word(&body["category"]).is_some());
    Ok(found.and_then(Page::of).map(|page| Page { token: Some(graph.token.clone()), ..page }))
}

fn code(answer: &Answer) -> Option<i64> {
    answer.json.as_ref()?["error"]["code"].as_i64()
}

/// Whether the token may publish on Pages, as far as Facebook tells (a system user's is not always told).
async fn may_publish(graph: &Graph) -> Result<(), Error> {
    let answer = match graph.get(&["me", "permissions"], &[]).await {
        Ok(answer) => answer,
        Err(Error::Content(_) | Error::Permission(_)) => return Ok(()),
        Err(other) => return Err(other),
    };
    let body = answer.success().cloned().unwrap_or_default();
    let Some(told) = body["data"].as_array().filter(|told| !told.is_empty()) else { return Ok(()) };
    let granted = |name: &str| told.iter().any(|p| p["permission"] == name && p["status"] == "granted");
    let missing: Vec<&str> = NEEDED.iter().copied().filter(|name| !granted(name)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(Error::Permission(lacking(&missing)))
}

/// The Pages that the token sees.
async fn pages(graph: &Graph) -> Result<Vec<Page>, Error> {
    let mut seen = Vec::new();
    let mut after: Option<String> = None;
    for _ in 0..LISTS_MAX {
        let mut query = vec![("fields", "id,name,username,access_token"), ("limit", AT_ONCE)];
        query.extend(after.as_deref().map(|cursor| ("after", cursor)));
        let answer = graph.get(&["me", "accounts"], &query).await?;
        let body = answer.success().cloned().unwrap_or_default();
        let Some(list) = body["data"].as_array() else {
            return Err(Error::Portal("the answer is no list of Pages".into()));
        };
        seen.extend(list.iter().filter_map(Page::of));
        after = super::graph::next(&body);
        if after.is_none() {
            break;
        }
    }
    Ok(seen)
}

/// The token has no Page of that name.
fn unseen(wanted: &str, names: &str) -> Why {
    Why::ours(
        format!("Ce jeton ne voit aucune Page «\u{a0}{wanted}\u{a0}»\u{a0}; il voit {names}."),
        format!("This token sees no Page \u{201c}{wanted}\u{201d}; it sees {names}."),
    )
    .logged(format!("the token sees no Page called {wanted}; it sees {names}"))
}

/// The token was made without some rights. Their names are Meta's, as they stand where tokens are made.
fn lacking(missing: &[&str]) -> Why {
    let names = missing.join(", ");
    Why::ours(
        format!("Il manque des droits à ce jeton\u{a0}: refaites-le en cochant {names}."),
        format!("This token lacks rights: make it again and tick {names}."),
    )
    .logged(format!("the token lacks {names}: make it again with these rights"))
}

/// The Page that is meant, or the only one.
fn chosen(mut pages: Vec<Page>, wanted: Option<&str>) -> Result<Page, Error> {
    let names = pages.iter().take(NAMES_MAX).map(|page| format!("{} ({})", page.name, page.id));
    let names = names.collect::<Vec<_>>().join(", ");
    if pages.is_empty() {
        return Err(Error::Permission(Why::ours(
            "Ce jeton ne voit aucune Page\u{a0}: refaites-le en cochant la Page et le droit de voir la liste des Pages.",
            "This token sees no Page: make it again and tick the Page and the right to see the list of Pages.",
        )));
    }
    if let Some(wanted) = wanted {
        pages.retain(|page| page.answers_to(wanted));
    }
    match (pages.len(), wanted) {
        (1, _) => Ok(pages.remove(0)),
        (0, _) => Err(Error::Permission(unseen(wanted.unwrap_or_default(), &names))),
        (_, Some(wanted)) => Err(Error::Permission(
            Why::ours(
                format!(
                    "Plusieurs Pages s\u{2019}appellent {wanted}\u{a0}: donnez le numéro. Ce sont {names}."
                ),
                format!("Several Pages are called {wanted}: give the number. They are {names}."),
            )
            .logged(format!("several Pages are called {wanted}; give the number: {names}")),
        )),
        (_, None) => Err(Error::Permission(
            Why::ours(
                format!("Ce jeton voit plusieurs Pages\u{a0}: dites laquelle. Ce sont {names}."),
                format!("This token sees several Pages: say which. They are {names}."),
            )
            .logged(format!("the token sees several Pages; say which: {names}")),
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pasted_becomes_a_token_or_a_sentence() {
        let check = |pasted: &str, expected: &str| {
            let got = token(pasted).unwrap_or_else(|error| error.to_string());
            assert!(got.contains(expected), "{pasted:?}: {got}");
            assert!(expected.starts_with("EAA") || pasted.len() < 6 || !got.contains(pasted.trim()), "{got}");
        };
        check("", "is needed");
        check(" \n ", "is needed");
        check("Bearer ", "is needed");
        check("EAAabc\nEAAdef", "no line breaks");
        check("EAAabc EAAdef", "no line breaks");
        check("EAAabcé", "plain letters");
        check("IGAAabcdef", "Instagram");
        check("THAAabcdef", "Threads");
        check("1234567|s3cretabc", "of an app");
        check("1234567:AAs3cretabc", "Telegram");
        check("EAAabc", "EAAabc");
        check("  EAAabc\n", "EAAabc");
        check("bearer EAAabc", "EAAabc");
        check("OAuth  EAAabc", "EAAabc");
    }

    #[test]
    fn a_version_has_one_form() {
        for version in ["v26.0", "v9.0", "v99.1"] {
            assert!(is_version(version), "{version}");
        }
        for version in ["26.0", "v26", "v26.", "v.0", "v126.0", "v26.00", "v26.0/..", "v2a.0", "V26.0"] {
            assert!(!is_version(version), "{version}");
        }
    }
}
