//! What was sent, read back from the stub, and held against the official list of methods.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::spec::Spec;
use crate::stub::{Seen, Stub};

/// A form in parts.
pub(super) struct Form {
    pub(super) texts: BTreeMap<String, String>,
    pub(super) files: BTreeMap<String, Vec<u8>>,
}

/// The form of a request.
pub(super) fn form(seen: &Seen) -> Form {
    // The head is kept in lower case, and a boundary may have capitals: the body begins with it.
    let end = seen.body.windows(2).position(|w| w == b"\r\n").unwrap();
    let boundary = [b"\r\n", &seen.body[..end]].concat();
    let mut form = Form { texts: BTreeMap::new(), files: BTreeMap::new() };
    let body = [b"\r\n", seen.body.as_slice()].concat();
    for part in split(&body, &boundary).into_iter().filter(|part| part.starts_with(b"\r\n")) {
        let at = part.windows(4).position(|w| w == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(part[..at].to_vec()).unwrap();
        let name = head.split("name=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let bytes = part[at + 4..].to_vec();
        if head.contains("filename=") {
            form.files.insert(name, bytes);
        } else {
            form.texts.insert(name, String::from_utf8(bytes).unwrap());
        }
    }
    form
}

fn split<'a>(mut bytes: &'a [u8], by: &[u8]) -> Vec<&'a [u8]> {
    let mut parts = Vec::new();
    while let Some(at) = bytes.windows(by.len()).position(|w| w == by) {
        parts.push(&bytes[..at]);
        bytes = &bytes[at + by.len()..];
    }
    parts.push(bytes);
    parts
}

/// The parameters of a form as JSON: files as `{"file": name}`, or in place where something is attached to them.
fn parameters(spec: &Spec, method: &str, form: Form) -> Map<String, Value> {
    let mut attached: Vec<String> = Vec::new();
    let mut given = Map::new();
    for (name, text) in form.texts {
        attached.extend(
            text.split("attach://").skip(1).map(|rest| rest.split('"').next().unwrap_or_default().to_owned()),
        );
        let value = if spec.is_text(method, &name) { None } else { serde_json::from_str(&text).ok() };
        given.insert(name, value.unwrap_or(Value::String(text)));
    }
    for name in form.files.into_keys() {
        match attached.iter().position(|wanted| *wanted == name) {
            Some(at) => drop(attached.swap_remove(at)),
            None => drop(given.insert(name.clone(), json!({"file": name}))),
        }
    }
    assert!(attached.is_empty(), "attached to nothing: {attached:?}");
    given
}

/// Every request that came in is one that Telegram documents, and none shows who asks but in its address.
pub(super) fn hold(stub: &Stub) {
    let spec = Spec::found();
    for seen in stub.seen() {
        let method = seen.line.rsplit('/').next().unwrap().to_owned();
        assert_eq!(seen.line, format!("POST /bot{}/{method}", super::TOKEN));
        assert!(!String::from_utf8_lossy(&seen.body).contains("s3cret"), "{method}");
        let Some(spec) = &spec else { continue };
        let given = if seen.head.contains("content-type: multipart/form-data") {
            parameters(spec, &method, form(&seen))
        } else {
            serde_json::from_slice(&seen.body).unwrap()
        };
        let faults = spec.faults(&method, &given);
        assert!(faults.is_empty(), "{method}: {faults:#?}\n{given:#?}");
    }
}
