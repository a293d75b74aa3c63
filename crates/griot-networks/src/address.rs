//! A server's address as a person types it, and which addresses anything is sent to.
//!
//! Deliberately absent: finding a server from a handle, and any request.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use griot_domain::text::pasted;
use reqwest::Url;

/// What is wrong with an address that a person typed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// There is nothing.
    #[error("there is no address")]
    Empty,
    /// It is not the address of a server.
    #[error("\"{0}\" is not the address of a server, like mastodon.example")]
    NotAnAddress(String),
    /// It holds a name or a password, which never belong into an address.
    #[error("the address must not hold a name or a password; write the server alone, like mastodon.example")]
    HoldsIdentity,
    /// What is sent there could be read on the way.
    #[error("{0} is not encrypted: only https is used (http on this machine alone)")]
    NotEncrypted(String),
}

/// The address of a server, `https://host[:port]`, from what a person typed: the scheme may be missing, and a
/// path is dropped. Host names in other scripts come back as the network writes them (punycode).
///
/// # Errors
/// [`AddressError`] when it is no address, holds an identity, or would not be encrypted.
pub fn normalise(typed: &str) -> Result<String, AddressError> {
    let text = pasted::address(typed);
    let text = text.as_str();
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let bad = || AddressError::NotAnAddress(text.chars().take(100).collect());
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&full).map_err(|_| bad())?;
    // First: the other messages repeat what was typed.
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::HoldsIdentity);
    }
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none_or(str::is_empty) {
        return Err(bad());
    }
    if !is_permitted(&url) {
        return Err(AddressError::NotEncrypted(url.origin().ascii_serialization()));
    }
    Ok(url.origin().ascii_serialization())
}

/// Whether anything may be sent there: https, or http on this machine alone.
pub(crate) fn is_permitted(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

/// Whether the host is this machine.
pub(crate) fn is_loopback(url: &Url) -> bool {
    let Some(host) = url.host_str() else { return false };
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(IpAddr::V4(ip)) => Ipv4Addr::is_loopback(&ip),
        Ok(IpAddr::V6(ip)) => Ipv6Addr::is_loopback(&ip),
        Err(_) => bare == "localhost",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(typed: &str, expected: &str) {
        let got = normalise(typed).unwrap_or_else(|error| format!("! {error}"));
        assert_eq!(got, expected, "{typed}");
    }

    #[test]
    fn what_people_type_becomes_an_address_or_a_sentence() {
        check("", "! there is no address");
        check("   ", "! there is no address");
        check("not an address", "! \"not an address\" is not the address of a server, like mastodon.example");
        check(
            "ftp://mastodon.example",
            "! \"ftp://mastodon.example\" is not the address of a server, like mastodon.example",
        );
        check("https://", "! \"https://\" is not the address of a server, like mastodon.example");
        check(
            "file:///etc/passwd",
            "! \"file:///etc/passwd\" is not the address of a server, like mastodon.example",
        );
        let identity =
            "! the address must not hold a name or a password; write the server alone, like mastodon.example";
        check("https://alice:secret@mastodon.example", identity);
        check("alice@mastodon.example", identity);
        check("@alice@mastodon.example", identity);
        check(
            "http://mastodon.example/about",
            "! http://mastodon.example is not encrypted: only https is used (http on this machine alone)",
        );
        check(
            "http://127.0.0.1.example",
            "! http://127.0.0.1.example is not encrypted: only https is used (http on this machine alone)",
        );
        check("mastodon.example", "https://mastodon.example");
        check(" Mastodon.Example/@alice?x=1#y ", "https://mastodon.example");
        check("https://mastodon.example:443/", "https://mastodon.example");
        check("mastodon.example:8443", "https://mastodon.example:8443");
        check("http://localhost:3000/api", "http://localhost:3000");
        check("http://127.0.0.1:3000", "http://127.0.0.1:3000");
        check("http://[::1]:3000", "http://[::1]:3000");
        check("https://bücher.example", "https://xn--bcher-kva.example");
    }
}
