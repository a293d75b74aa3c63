//! The stubs, the gate and the specifications, by raw requests: what a network's client would see.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod discourse;
mod facebook;
mod fediverse;
mod gate;
mod manners;
mod rendering;
mod spec;
mod telegram;
mod x;

use griot_stubs::Auditor;
use griot_stubs::http::{Answer, Request, ask};

/// A film of some bytes, which are no text.
const FILM: &[u8] = b"\x00\x00\x00\x18ftypmp42\xff\xfe not really a film \x00\r\n--";
const PICTURE: &[u8] = b"\xff\xd8\xff\xe0 not really a picture \r\n\r\n\xff\xd9";

/// What a network answers.
fn send(network: &dyn Auditor, request: &Request) -> Answer {
    ask(&network.url(), request).unwrap()
}

/// BLAKE3, as hexadecimal digits.
fn hash(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Whether the network has nothing to complain about, so far.
fn assert_clean(network: &dyn Auditor) {
    assert_eq!(network.violations(), Vec::<String>::new());
}
