//! Every form by which an account is connected takes what people paste: tests only.

use std::collections::BTreeMap;

use griot_domain::NetworkId;
use griot_domain::rules::Rules;

use crate::stub::{Seen, Stub, client, json};
use crate::{ConnectInput, Secrets, all};

/// What is pasted along with a value.
const ALONG: [(&str, &str); 6] = [
    ("\u{202A}", "\u{202C}"),
    ("\u{200B}\u{FEFF}", "\u{200B}\n"),
    ("\u{A0} ", "\u{202F}\u{A0}"),
    ("\"", "\""),
    ("\u{ab}\u{a0}", "\u{a0}\u{bb}"),
    ("\u{2066}\u{201c}", "\u{201d}\u{2069}"),
];

/// A value that each field's network takes.
fn value(network: NetworkId, field: &str) -> &'static str {
    match (network, field) {
        (NetworkId::Bluesky, "handle") => "alice.bsky.social",
        (NetworkId::Bluesky, "password") => "abcd-efgh-ijkl-mnop",
        (NetworkId::Telegram, "token") => "123456789:AAF0123456789abcdefghijklmnopqrstuv",
        (NetworkId::Telegram, "channel") => "marche_ml",
        (NetworkId::Telegram, "desk") => "123456789",
        (NetworkId::Wordpress, "password") => "AbCd eFgH 1234 5678",
        (NetworkId::Facebook, "token") => "EAAs3crettoken",
        (NetworkId::Facebook, "version") => "v25.0",
        (NetworkId::Facebook, "page") => "Marché de Médine",
        (NetworkId::X, "access_token") => "123456789-AbCdEfGhIjKlMnOpQrStUvWxYz",
        (_, "handle") => "alice",
        _ => "0123456789abcdef",
    }
}

/// All that the server was sent.
fn sent(seen: &[Seen]) -> String {
    let one =
        |seen: &Seen| format!("{}\n{}\n{}\n", seen.line, seen.head, String::from_utf8_lossy(&seen.body));
    // What X signs changes with the time and the chance of each request.
    let same = |all: String| all.split("oauth_signature=").next().unwrap_or_default().to_owned();
    seen.iter().map(one).map(same).collect()
}

/// What a network sends to its server when its form is filled in so.
async fn connected(network: NetworkId, write: impl Fn(&str, bool) -> String) -> String {
    let refused = json(401, "{\"error\":\"no\",\"message\":\"no\",\"ok\":false}");
    let stub = Stub::start(vec![refused.clone(), refused.clone(), refused]);
    let mut fields = BTreeMap::new();
    for field in Rules::of(network).connect.iter().filter(|field| field.name != "server") {
        fields.insert(field.name.clone(), write(value(network, &field.name), field.secret));
    }
    let input = ConnectInput {
        server: Some(write(&stub.url, false)),
        handle: fields.get("handle").cloned(),
        fields: Secrets(fields),
    };
    let got = all(&client()).get(network).unwrap().connect(&input).await;
    assert!(got.is_err());
    let port = stub.url.rsplit(':').next().unwrap().to_owned();
    let sent = sent(&stub.seen()).replace(&port, "PORT");
    assert!(!sent.is_empty(), "{network}: nothing was asked: {:?}", got.err());
    let nonce = regex::Regex::new("oauth_nonce=\"[^\"]*\"").unwrap();
    nonce.replace_all(&sent, "").into_owned()
}

#[tokio::test]
async fn every_form_takes_what_is_pasted_into_it_as_if_it_had_been_typed() {
    for network in NetworkId::ALL.iter().filter(|n| !Rules::of(**n).connect.is_empty()) {
        let typed = connected(*network, |value, _| value.to_owned()).await;
        for (before, behind) in ALONG {
            let pasted = connected(*network, |value, _| format!("{before}{value}{behind}")).await;
            assert_eq!(pasted, typed, "{network}: {before:?} {behind:?}");
        }
        let named = |value: &str, secret| format!("{}{value}", if secret { "Bearer " } else { "" });
        assert_eq!(connected(*network, named).await, typed, "{network}: Bearer");
    }
}
