//! The parameters of Facebook's edges, as the official kit names and types them (`edges.json`).

use std::sync::LazyLock;

use serde_json::Value;

use crate::http::Request;

static EDGES: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!("edges.json")).expect("BUG: edges.json is JSON, and tests read it")
});

/// What is wrong with a request that changes something: `POST /v26.0/{node}/{edge}`, or `POST /v26.0/{post}`; and
/// of one that asks for a token, or for a batch of calls.
#[must_use]
pub fn check(request: &Request) -> Vec<String> {
    let parts = request.parts();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let (version, known) = match parts[..] {
        [version, "oauth", "access_token"] => (version, "app".to_owned()),
        [version] => (version, "batch".to_owned()),
        [version, _, "comments"] => (version, "post/comments".to_owned()),
        [version, _, edge] => (version, format!("page/{edge}")),
        // A post's number is two joined, a film's is one.
        [version, node] if !node.contains('_') => (version, "video".to_owned()),
        [version, _] => (version, "post".to_owned()),
        _ => return vec![format!("{} is no call of an edge", request.target)],
    };
    let mut found = Vec::new();
    if EDGES["version"] != version {
        found.push(format!("the parameters are those of another version than {version}"));
    }
    for (name, _) in request.query().into_iter().filter(|(name, _)| name != "fields") {
        found.push(format!("the address holds more than fields: {name}"));
    }
    let Some(takes) = EDGES["edges"][&known].as_object() else {
        return vec![format!("no edge {known}")];
    };
    let Some(sent) = sent(request) else {
        return vec![format!("{known}: the body is neither a form nor an object of JSON")];
    };
    if known == "batch" && !sent.iter().any(|(name, _)| *name == known) {
        found.push("batch: there is no call in it".to_owned());
    }
    for (name, value) in sent {
        match takes.get(&name).and_then(Value::as_str) {
            Some(kind) if fits(kind, &value) => {}
            Some(kind) => found.push(format!("{known}: {name} is no {kind}")),
            None => found.push(format!("{known}: no parameter is called {name}")),
        }
    }
    found
}

enum Sent {
    Json(Value),
    /// A part of a form: everything is text there.
    Text(String),
    File,
}

fn sent(request: &Request) -> Option<Vec<(String, Sent)>> {
    if request.body.is_empty() {
        return Some(Vec::new());
    }
    if let Some(form) = request.form() {
        let texts = form.texts.into_iter().map(|(name, text)| (name, Sent::Text(text)));
        let files = form.files.into_iter().map(|file| (file.name, Sent::File));
        return Some(texts.chain(files).collect());
    }
    match request.json()? {
        Value::Object(body) => {
            Some(body.into_iter().map(|(name, value)| (name, Sent::Json(value))).collect())
        }
        _ => None,
    }
}

fn fits(kind: &str, sent: &Sent) -> bool {
    match (kind, sent) {
        ("file", Sent::File) | ("string" | "datetime", Sent::Text(_)) => true,
        ("bool", Sent::Text(text)) => matches!(text.as_str(), "true" | "false"),
        ("unsigned int", Sent::Text(text)) => text.parse::<u64>().is_ok(),
        ("Object", Sent::Text(text)) => {
            serde_json::from_str::<Value>(text).is_ok_and(|value| value.is_object())
        }
        ("list<Object>", Sent::Text(text)) => serde_json::from_str::<Value>(text)
            .is_ok_and(|value| value.as_array().is_some_and(|list| list.iter().all(Value::is_object))),
        ("string", Sent::Json(value)) => value.is_string(),
        ("bool", Sent::Json(value)) => value.is_boolean(),
        ("unsigned int", Sent::Json(value)) => value.is_u64(),
        ("datetime", Sent::Json(value)) => value.is_u64() || value.is_string(),
        ("Object", Sent::Json(value)) => value.is_object(),
        ("list<Object>", Sent::Json(value)) => {
            value.as_array().is_some_and(|list| list.iter().all(Value::is_object))
        }
        (kind, Sent::Text(text)) if kind.starts_with("enum ") => listed(kind, text),
        (kind, Sent::Json(Value::String(text))) if kind.starts_with("enum ") => listed(kind, text),
        _ => false,
    }
}

fn listed(kind: &str, text: &str) -> bool {
    kind.split(' ').skip(1).any(|known| known == text)
}

/// The same request with one parameter more wrongly named or wrongly typed each time: each is one that [`check`]
/// must find something wrong with.
#[must_use]
pub fn spoilt(request: &Request) -> Vec<Request> {
    let with = |body: Vec<u8>| Request { body, ..request.clone() };
    let Some(Value::Object(body)) = request.json() else {
        let text = String::from_utf8_lossy(&request.body).replace(" name=\"", " name=\"x");
        return vec![with(text.into_bytes())];
    };
    let mut all = Vec::new();
    for (name, value) in &body {
        let mut renamed = body.clone();
        renamed.remove(name);
        renamed.insert(format!("{name}s"), value.clone());
        let mut retyped = body.clone();
        retyped.insert(name.clone(), serde_json::json!([[1.5]]));
        all.extend([renamed, retyped]);
    }
    all.into_iter().map(|body| with(Value::Object(body).to_string().into_bytes())).collect()
}
