//! What comes back from a page on which a person agrees: a code, or that they refused, and whether it answers the
//! question that was asked.
//!
//! It arrives at the [`Loopback`](crate::Loopback), or the person copies the address of the page on which they ended.
//! Deliberately absent: what a code is good for (the network's).

use griot_domain::text::pasted;
use reqwest::Url;

/// No page of a network has a longer address.
const LONGEST: usize = 16 * 1024;
/// So much of a network's own words is repeated.
const WORDS_MAX: usize = 200;

/// What came back.
#[derive(Clone, PartialEq, Eq)]
pub enum Returned {
    /// The person agreed: the code.
    Code(String),
    /// The person refused.
    Refused,
}

impl std::fmt::Debug for Returned {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Code(_) => "Code",
            Self::Refused => "Refused",
        })
    }
}

/// Why an address that a person copied is not the answer. Holds nothing of it but what the network said in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Astray {
    /// It is no address.
    NotAnAddress,
    /// It is the address of another page.
    Elsewhere,
    /// It answers another sign-in: an older one, or somebody else's.
    Foreign,
    /// It is the page, and holds no code.
    Nothing,
    /// The network shows an error there, in its own words.
    Trouble(String),
}

/// Reads the address of the page on which a person ended. `redirect` is that page, `state` what the question carried.
///
/// # Errors
/// [`Astray`] when it is not the answer to this question.
pub fn copied(address: &str, redirect: &str, state: &str) -> Result<Returned, Astray> {
    let address = pasted::address(address);
    if address.len() > LONGEST || address.contains(char::is_whitespace) {
        return Err(Astray::NotAnAddress);
    }
    let given = Url::parse(&address).map_err(|_| Astray::NotAnAddress)?;
    let expected = Url::parse(redirect).map_err(|_| Astray::Elsewhere)?;
    let is_plain = given.username().is_empty() && given.password().is_none();
    if !is_plain || given.origin() != expected.origin() || given.path() != expected.path() {
        return Err(Astray::Elsewhere);
    }
    let trouble = one(&given, "error").or_else(|| one(&given, "error_code"));
    let is_named = given.query_pairs().any(|(name, _)| name == "state");
    let is_ours = one(&given, "state").is_some_and(|said| same(said.as_bytes(), state.as_bytes()));
    let code = one(&given, "code");
    // An error does not always repeat the question; what it says does no harm.
    if !is_ours && (is_named || code.is_some()) {
        return Err(Astray::Foreign);
    }
    match (code, trouble) {
        (Some(code), None) => Ok(Returned::Code(code)),
        (None, Some(error)) if error == "access_denied" => Ok(Returned::Refused),
        (None, Some(error)) => {
            let said = ["error_description", "error_message"].into_iter().find_map(|name| one(&given, name));
            Err(Astray::Trouble(short(&said.unwrap_or(error))))
        }
        _ => Err(Astray::Nothing),
    }
}

/// What the address that a network sent a browser to says; nothing when it is not the answer to `state`.
pub(crate) fn heard(url: &Url, state: &str) -> Option<Returned> {
    if !one(url, "state").is_some_and(|given| same(given.as_bytes(), state.as_bytes())) {
        return None;
    }
    match (one(url, "code"), one(url, "error")) {
        (Some(code), None) => Some(Returned::Code(code)),
        (None, Some(_)) => Some(Returned::Refused),
        _ => None,
    }
}

/// The one value called `name`; nothing when it is empty, or there are several.
fn one(url: &Url, name: &str) -> Option<String> {
    let mut found = url.query_pairs().filter(|(n, _)| n == name).map(|(_, v)| v.into_owned());
    found.next().filter(|value| !value.is_empty() && found.next().is_none())
}

/// Compares without telling by its time how much was right.
fn same(given: &[u8], expected: &[u8]) -> bool {
    given.len() == expected.len() && given.iter().zip(expected).fold(0, |all, (a, b)| all | (a ^ b)) == 0
}

/// A network's words on one line, and not too many of them.
fn short(words: &str) -> String {
    let parts = words.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty());
    parts.collect::<Vec<_>>().join(" ").chars().take(WORDS_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "https://www.facebook.com/connect/login_success.html";

    #[test]
    fn an_address_that_is_not_the_answer_is_told_apart() {
        let told = |address: &str| copied(address, PAGE, "s3cret-state").unwrap_err();
        let long = "x".repeat(20_000);
        for bad in ["", "  ", "AQC7code", "le code est AQC7", &long, "http://", "https://exa mple.com"] {
            assert_eq!(told(bad), Astray::NotAnAddress, "{bad}");
        }
        for bad in [
            "https://facebook.com.example/connect/login_success.html?code=c&state=s3cret-state",
            "https://www.facebook.com:4443/connect/login_success.html?code=c&state=s3cret-state",
            "http://www.facebook.com/connect/login_success.html?code=c&state=s3cret-state",
            "https://www.facebook.com@example.com/connect/login_success.html?code=c&state=s3cret-state",
            "https://me:pw@www.facebook.com/connect/login_success.html?code=c&state=s3cret-state",
            "https://www.facebook.com/v26.0/dialog/oauth?client_id=1&state=s3cret-state",
            "https://www.facebook.com/connect/login_success.html/x?code=c&state=s3cret-state",
            "file:///connect/login_success.html?code=c&state=s3cret-state",
        ] {
            assert_eq!(told(bad), Astray::Elsewhere, "{bad}");
        }
        for (query, expected) in [
            ("?code=c&state=another", Astray::Foreign),
            ("?code=c&state=s3cret-statE", Astray::Foreign),
            ("?code=c&state=s3cret-state2", Astray::Foreign),
            ("?code=c", Astray::Foreign),
            ("?code=c&state=x&state=s3cret-state", Astray::Foreign),
            ("?error=access_denied&state=another", Astray::Foreign),
            ("", Astray::Nothing),
            ("#_=_", Astray::Nothing),
            ("?state=s3cret-state", Astray::Nothing),
            ("?code=&state=s3cret-state", Astray::Nothing),
            ("?code=a&code=b&state=s3cret-state", Astray::Nothing),
            ("#access_token=t&state=s3cret-state", Astray::Nothing),
            ("?code=c&error=x&state=s3cret-state", Astray::Nothing),
            (
                "?error_code=100&error_message=Invalid%20Scopes%3A%0A%20x&state=s3cret-state",
                Astray::Trouble("Invalid Scopes: x".into()),
            ),
            ("?error=server_error", Astray::Trouble("server_error".into())),
        ] {
            assert_eq!(told(&format!("{PAGE}{query}")), expected, "{query}");
        }
        let long = format!("{PAGE}?error=e&error_description={}", "x".repeat(9_000));
        assert_eq!(told(&long), Astray::Trouble("x".repeat(WORDS_MAX)));
    }

    #[test]
    fn the_answer_is_read_however_it_was_copied() {
        let answer = format!("{PAGE}?code=a%2Bb&state=s3cret-state#_=_");
        let ways =
            [answer.clone(), format!("  {answer}\r\n"), format!("<{answer}>"), format!("\"{answer}\"")];
        for way in ways {
            assert_eq!(copied(&way, PAGE, "s3cret-state"), Ok(Returned::Code("a+b".into())), "{way}");
        }
        let refused = format!("{PAGE}?error=access_denied&error_reason=user_denied&state=s3cret-state");
        assert_eq!(copied(&refused, PAGE, "s3cret-state"), Ok(Returned::Refused));
        assert!(!format!("{:?}", Returned::Code("s3cret".into())).contains("s3cret"));
    }
}
