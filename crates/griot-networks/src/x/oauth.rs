//! The four keys of a person's own developer app, and the signature that they make (OAuth 1.0a, RFC 5849).
//!
//! Two of the keys never leave this machine: they sign the method, the address, its parameters and a form as in an
//! address. Bodies are not signed. Deliberately absent: getting keys (the person
//! makes them on the network's own page).

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use griot_domain::text::pasted;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use crate::http::Request;
use crate::{Error, Secrets, Why};

/// What the declared fields and the vault call the keys.
const API_KEY: &str = "api_key";
const API_SECRET: &str = "api_secret";
const ACCESS_TOKEN: &str = "access_token";
const ACCESS_SECRET: &str = "access_secret";

/// The four keys.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Keys {
    pub(super) api_key: String,
    pub(super) api_secret: String,
    pub(super) access_token: String,
    pub(super) access_secret: String,
}

impl Keys {
    /// The keys as a person pasted them.
    pub(super) fn pasted(fields: &Secrets) -> Result<Self, Error> {
        let keys = Self {
            api_key: key_of(fields, API_KEY)?,
            api_secret: key_of(fields, API_SECRET)?,
            access_token: key_of(fields, ACCESS_TOKEN)?,
            access_secret: key_of(fields, ACCESS_SECRET)?,
        };
        // It begins with the number of the account; the tokens of other networks, and X's own bearer tokens, do not.
        let number = keys.access_token.split_once('-').map(|(number, _)| number);
        if !number.is_some_and(super::api::is_id) {
            return Err(Error::Auth(Why::ours(
                "Ce n\u{2019}est pas un jeton d\u{2019}accès de X\u{a0}: il commence par le numéro du compte et un tiret.",
                "This is no access token of X: it begins with the number of the account and a dash.",
            )));
        }
        Ok(keys)
    }

    /// The keys among an account's secrets.
    pub(super) fn kept(secrets: &Secrets) -> Result<Self, Error> {
        let one = |name: &str| {
            let kept = secrets.get(name).map(str::to_owned);
            kept.ok_or_else(|| Error::Auth(Why::not_kept(&format!("no {name} is kept"))))
        };
        Ok(Self {
            api_key: one(API_KEY)?,
            api_secret: one(API_SECRET)?,
            access_token: one(ACCESS_TOKEN)?,
            access_secret: one(ACCESS_SECRET)?,
        })
    }

    /// What to keep of them.
    pub(super) fn secrets(&self) -> Secrets {
        Secrets(self.all().into_iter().map(|(name, key)| (name.to_owned(), key.to_owned())).collect())
    }

    /// Each with its name.
    pub(super) fn all(&self) -> [(&'static str, &str); 4] {
        [
            (API_KEY, &self.api_key),
            (API_SECRET, &self.api_secret),
            (ACCESS_TOKEN, &self.access_token),
            (ACCESS_SECRET, &self.access_secret),
        ]
    }
}

/// What people call a key, in French and in English.
fn called(name: &str) -> (&'static str, &'static str) {
    match name {
        API_KEY => ("La clé d\u{2019}API", "The API key"),
        API_SECRET => ("Le secret de la clé d\u{2019}API", "The API key secret"),
        ACCESS_TOKEN => ("Le jeton d\u{2019}accès", "The access token"),
        _ => ("Le secret du jeton d\u{2019}accès", "The access token secret"),
    }
}

fn missing(name: &str) -> Why {
    let (fr, en) = called(name);
    Why::ours(
        format!("{fr} manque\u{a0}: X demande les quatre clés."),
        format!("{en} is missing: X asks for all four keys."),
    )
    .logged(format!("{name} is missing: X asks for all four keys"))
}

fn many_lines(name: &str) -> Why {
    let (fr, en) = called(name);
    Why::ours(
        format!("{fr} fait plus d\u{2019}une ligne\u{a0}: collez une seule clé par champ."),
        format!("{en} is more than one line: paste one key into each field."),
    )
    .logged(format!("{name} is more than one line: paste one key into each field"))
}

fn odd_sign(name: &str) -> Why {
    let (fr, en) = called(name);
    Why::ours(
        format!("{fr} contient un signe qu\u{2019}aucune clé de X ne contient\u{a0}: collez-la seule."),
        format!("{en} holds a sign that no key of X has: paste it alone."),
    )
    .logged(format!("{name} holds a sign that no key of X has"))
}

/// One of the keys, without what comes along when a person copies it.
fn key_of(fields: &Secrets, name: &str) -> Result<String, Error> {
    let text = pasted::secret(fields.get(name).unwrap_or_default());
    if text.is_empty() {
        return Err(Error::Auth(missing(name)));
    }
    if text.contains(['\n', '\r']) {
        return Err(Error::Auth(many_lines(name)));
    }
    if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::Auth(odd_sign(name)));
    }
    Ok(text)
}

/// The value of the header that proves who asks.
pub(super) fn authorization(keys: &Keys, request: &Request, nonce: &str, seconds: i64) -> String {
    let seconds = seconds.to_string();
    let mut proof = vec![
        ("oauth_consumer_key", keys.api_key.as_str()),
        ("oauth_nonce", nonce),
        ("oauth_signature_method", "HMAC-SHA1"),
        ("oauth_timestamp", seconds.as_str()),
        ("oauth_token", keys.access_token.as_str()),
        ("oauth_version", "1.0"),
    ];
    let signature = signature(keys, &base(request, &proof));
    proof.insert(2, ("oauth_signature", &signature));
    let quoted: Vec<_> = proof.iter().map(|(name, value)| format!("{name}=\"{}\"", encoded(value))).collect();
    format!("OAuth {}", quoted.join(", "))
}

/// The text that is signed.
fn base(request: &Request, proof: &[(&str, &str)]) -> String {
    let mut pairs: Vec<(String, String)> =
        proof.iter().map(|(name, value)| (encoded(name), encoded(value))).collect();
    pairs.extend(request.url.query_pairs().map(|(name, value)| (encoded(&name), encoded(&value))));
    pairs.sort();
    let pairs: Vec<_> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    let mut address = request.url.clone();
    address.set_query(None);
    address.set_fragment(None);
    format!("{}&{}&{}", request.method, encoded(address.as_str()), encoded(&pairs.join("&")))
}

fn signature(keys: &Keys, base: &str) -> String {
    let key = format!("{}&{}", encoded(&keys.api_secret), encoded(&keys.access_secret));
    let mut mac = Hmac::<Sha1>::new_from_slice(key.as_bytes()).expect("BUG: HMAC takes keys of every length");
    mac.update(base.as_bytes());
    STANDARD.encode(mac.finalize().into_bytes())
}

/// Every byte but the unreserved ones of RFC 3986 as `%XX`.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for half in [byte >> 4, byte & 15] {
                let digit = char::from_digit(u32::from(half), 16).expect("BUG: half a byte is one digit");
                out.push(digit.to_ascii_uppercase());
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use reqwest::Url;

    use super::*;
    use crate::http::Payload;

    /// The keys of the example that the network has published for ten years.
    fn published() -> Keys {
        Keys {
            api_key: "xvz1evFS4wEEPTGEFPHBog".into(),
            api_secret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw".into(),
            access_token: "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb".into(),
            access_secret: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE".into(),
        }
    }

    const NONCE: &str = "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg";

    fn check(address: &str, expected: &str) {
        let request = Request::post(Url::parse(address).unwrap(), Payload::Nothing);
        let header = authorization(&published(), &request, NONCE, 1_318_622_958);
        assert!(header.contains(&format!("oauth_signature=\"{expected}\"")), "{address}\n{header}");
        assert!(header.starts_with("OAuth oauth_consumer_key=\"xvz1evFS4wEEPTGEFPHBog\", oauth_nonce="));
        assert!(!header.contains("kAcSOqF21") && !header.contains("Lsww"), "the secrets stay here");
    }

    #[test]
    fn signatures_are_those_of_the_published_examples() {
        // The examples send the status as a form, which is signed exactly as a part of the address is.
        let status = "status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21";
        let query = format!("statuses/update.json?include_entities=true&{status}");
        check(&format!("https://api.twitter.com/1/{query}"), "tnnArxj06cWHq44gCs1OSKk%2FjLY%3D");
        check(&format!("https://api.twitter.com/1.1/{query}"), "hCtSmYh%2BiHYCEqBWrE7C7hYmtUk%3D");
        check(&format!("https://api.x.com/1.1/{query}"), "Ls93hJiZbQ3akF3HF3x1Bz8%2FzU4%3D");
    }

    #[test]
    fn a_body_is_not_signed() {
        let url = Url::parse("https://api.x.com/2/tweets").unwrap();
        let with = |payload| authorization(&published(), &Request::post(url.clone(), payload), NONCE, 1);
        let bare = with(Payload::Nothing);
        assert_eq!(with(Payload::Json(serde_json::json!({"text": "x"}))), bare);
        assert_eq!(with(Payload::Form(None, vec![("segment_index", "0".into())])), bare);
    }

    #[test]
    fn letters_are_encoded_as_the_signature_wants_them() {
        for (text, expected) in [
            ("", ""),
            ("Ladies + Gentlemen", "Ladies%20%2B%20Gentlemen"),
            ("An encoded string!", "An%20encoded%20string%21"),
            ("Dogs, Cats & Mice", "Dogs%2C%20Cats%20%26%20Mice"),
            ("☃", "%E2%98%83"),
            ("a-b.c_d~e*", "a-b.c_d~e%2A"),
        ] {
            assert_eq!(encoded(text), expected);
        }
    }

    #[test]
    fn parameters_are_sorted_by_their_encoded_form() {
        let url = Url::parse("https://x.example/a?b5=%3D%253D&a3=a&c%40=&a2=r%20b&c2=&a3=2+q#part").unwrap();
        let text = base(&Request::get(url), &[]);
        let expected = "GET&https%3A%2F%2Fx.example%2Fa&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D";
        assert_eq!(text, expected);
    }

    #[test]
    fn keys_are_pasted_with_care() {
        let typed = |name: &str, value: &str| {
            let mut secrets = published().secrets();
            secrets.0.insert(name.to_owned(), value.to_owned());
            Keys::pasted(&secrets).map_err(|error| error.to_string())
        };
        for (name, value, expected) in [
            ("api_key", "  ", "api_key is missing"),
            ("api_secret", "one\ntwo", "more than one line"),
            ("api_secret", "one\u{a0}two", "no key of X has"),
            ("api_secret", "one two", "no key of X has"),
            ("access_token", "AAAAAAAAAAAAAAAAAAAAAMLheAAAAAAA0%2BuSeid", "no access token of X"),
            ("access_token", "123456:AAF-telegram-bot", "no access token of X"),
        ] {
            let error = typed(name, value).err().unwrap();
            assert!(error.contains(expected), "{name}: {error}");
            assert!(!error.contains(value.trim()) || value.trim().is_empty(), "{error}");
        }
        let keys = typed("api_key", " Bearer xvz1evFS4wEEPTGEFPHBog\n").unwrap();
        assert!(keys == published());
        assert!(Keys::pasted(&Secrets::default()).is_err());
    }
}
