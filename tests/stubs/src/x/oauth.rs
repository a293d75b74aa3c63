//! The signature of every request (OAuth 1.0a, RFC 5849), made again from what came in.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::{ACCESS_SECRET, API_KEY, API_SECRET, problem};
use crate::http::{Answer, Request};
use crate::stub::Desk;

/// How far the client's clock may be from X's.
const CLOCKS_APART_S: i64 = 300;

/// Whether the request is signed with the good keys.
pub(super) fn check(desk: &Desk, request: &Request) -> Result<(), Answer> {
    let unauthorized = || problem(401, "Unauthorized", "Unauthorized", "");
    let stated = request.header("authorization").unwrap_or_default();
    if stated.starts_with("Bearer ") {
        let detail = "Authenticating with OAuth 2.0 Application-Only is forbidden for this endpoint.";
        return Err(problem(403, "Unsupported Authentication", detail, "unsupported-authentication"));
    }
    let proof = stated.strip_prefix("OAuth ").ok_or_else(unauthorized)?;
    let pairs = proof.split(',').filter_map(|pair| pair.trim().split_once('='));
    let proof: BTreeMap<String, String> =
        pairs.map(|(name, value)| (name.to_owned(), decoded(value.trim_matches('"')))).collect();
    let said = |name: &str| proof.get(name).map(String::as_str).unwrap_or_default();
    let seconds = said("oauth_timestamp").parse::<i64>().unwrap_or(0);
    let is_late = (seconds - desk.now() / 1000).abs() > CLOCKS_APART_S;
    let is_known = said("oauth_consumer_key") == API_KEY
        && desk.is_good(Some(said("oauth_token")))
        && said("oauth_signature_method") == "HMAC-SHA1"
        && !said("oauth_nonce").is_empty();
    if is_late || !is_known || said("oauth_signature") != signature(request, &proof) {
        return Err(unauthorized());
    }
    Ok(())
}

fn signature(request: &Request, proof: &BTreeMap<String, String>) -> String {
    let signed = proof.iter().filter(|(name, _)| *name != "oauth_signature");
    let mut pairs: Vec<(String, String)> =
        signed.map(|(name, value)| (encoded(name), encoded(value))).collect();
    pairs.extend(request.query().iter().map(|(name, value)| (encoded(name), encoded(value))));
    if request.content_type() == "application/x-www-form-urlencoded" {
        let texts = request.form().unwrap_or_default().texts;
        pairs.extend(texts.iter().map(|(name, value)| (encoded(name), encoded(value))));
    }
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let address = format!("{}{}", request.origin(), request.path());
    let base = format!("{}&{}&{}", request.method, encoded(&address), encoded(&pairs.join("&")));
    let key = format!("{}&{}", encoded(API_SECRET), encoded(ACCESS_SECRET));
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("BUG: HMAC takes keys of every length");
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// The header that signs a request for these keys, for tests without a client.
#[must_use]
pub fn sign(request: &Request, token: &str, seconds: i64, nonce: &str) -> String {
    let mut proof: BTreeMap<String, String> = BTreeMap::new();
    for (name, value) in [
        ("oauth_consumer_key", API_KEY),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", &seconds.to_string()),
        ("oauth_token", token),
        ("oauth_version", "1.0"),
    ] {
        proof.insert(name.to_owned(), value.to_owned());
    }
    let signature = signature(request, &proof);
    proof.insert("oauth_signature".to_owned(), signature);
    let quoted: Vec<_> = proof.iter().map(|(name, value)| format!("{name}=\"{}\"", encoded(value))).collect();
    format!("OAuth {}", quoted.join(", "))
}

fn decoded(text: &str) -> String {
    let probe = Request { target: format!("/?a={}", text.replace('+', "%2B")), ..Request::default() };
    probe.asked("a").unwrap_or_default()
}

/// Every byte but the unreserved ones of RFC 3986 as `%XX`.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_examples_of_encoding() {
        assert_eq!(encoded("Ladies + Gentlemen"), "Ladies%20%2B%20Gentlemen");
        assert_eq!(encoded("Dogs, Cats & Mice ☃"), "Dogs%2C%20Cats%20%26%20Mice%20%E2%98%83");
        assert_eq!(decoded("a%2Bb+c%20d"), "a+b+c d");
    }
}
