//! Every request that changes something, held against the official kit's parameters (`edges.json`).

use serde_json::Value;

use crate::stub::Seen;

/// What does not fit; nothing when all does.
pub(super) fn complaints(seen: &Seen) -> Vec<String> {
    let spec: Value = serde_json::from_str(include_str!("../edges.json")).unwrap();
    let path = seen.line.strip_prefix("POST /").unwrap_or_default();
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let [version, _, edge] = path.split('/').collect::<Vec<_>>()[..] else {
        return vec![format!("{} is no call of an edge", seen.line)];
    };
    let mut found = Vec::new();
    if spec["version"] != version {
        found.push(format!("the parameters are those of another version than {version}"));
    }
    let only_fields = query.starts_with("fields=") && !query.contains('&');
    if !query.is_empty() && !only_fields {
        found.push(format!("the address holds more than fields: {query}"));
    }
    let node = if edge == "comments" { "post" } else { "page" };
    let Some(known) = spec["edges"][format!("{node}/{edge}")].as_object() else {
        return vec![format!("no edge {node}/{edge}")];
    };
    for (name, value) in sent(seen) {
        match known.get(&name).and_then(Value::as_str) {
            Some(kind) if fits(kind, &value) => {}
            Some(kind) => found.push(format!("{edge}: {name} is no {kind}")),
            None => found.push(format!("{edge}: no parameter is called {name}")),
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

fn sent(seen: &Seen) -> Vec<(String, Sent)> {
    if seen.head.contains("content-type: application/json") {
        let body: Value = serde_json::from_slice(&seen.body).unwrap();
        return body.as_object().unwrap().clone().into_iter().map(|(n, v)| (n, Sent::Json(v))).collect();
    }
    let boundary = seen.head.split("boundary=").nth(1).unwrap().split_whitespace().next().unwrap();
    // The head was written down in lower case, and so are boundaries; the body is text in these tests.
    let body = String::from_utf8(seen.body.clone()).unwrap();
    let parts = body.split(&format!("--{boundary}")).map(str::to_owned).collect::<Vec<_>>();
    let named = parts.iter().filter_map(|part| {
        let (head, value) = part.split_once("\r\n\r\n")?;
        let name = head.split(" name=\"").nth(1)?.split('"').next()?.to_owned();
        let is_file = head.contains("filename=");
        let value = value.trim_end_matches("\r\n").to_owned();
        Some((name, if is_file { Sent::File } else { Sent::Text(value) }))
    });
    named.collect()
}

fn fits(kind: &str, sent: &Sent) -> bool {
    match (kind, sent) {
        ("file", Sent::File) => true,
        ("string", Sent::Text(_)) => true,
        ("bool", Sent::Text(text)) => matches!(text.as_str(), "true" | "false"),
        ("unsigned int", Sent::Text(text)) => text.parse::<u64>().is_ok(),
        (kind, Sent::Text(text)) if kind.starts_with("enum ") => listed(kind, text),
        ("string", Sent::Json(value)) => value.is_string(),
        ("bool", Sent::Json(value)) => value.is_boolean(),
        ("unsigned int", Sent::Json(value)) => value.is_u64(),
        ("datetime", Sent::Json(value)) => value.is_u64() || value.is_string(),
        ("Object", Sent::Json(value)) => value.is_object(),
        ("list<Object>", Sent::Json(value)) => {
            value.as_array().is_some_and(|list| list.iter().all(Value::is_object))
        }
        (kind, Sent::Json(value)) if kind.starts_with("enum ") => {
            value.as_str().is_some_and(|text| listed(kind, text))
        }
        _ => false,
    }
}

fn listed(kind: &str, text: &str) -> bool {
    kind.split(' ').skip(1).any(|known| known == text)
}

/// The same request with one parameter more wrongly named or wrongly typed each time.
pub(super) fn spoilt(seen: &Seen) -> Vec<Seen> {
    let Ok(Value::Object(body)) = serde_json::from_slice::<Value>(&seen.body) else {
        let text = String::from_utf8(seen.body.clone()).unwrap();
        return vec![Seen { body: text.replace(" name=\"", " name=\"x").into_bytes(), ..seen.clone() }];
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
    let bytes = |body| serde_json::to_vec(&Value::Object(body)).unwrap();
    all.into_iter().map(|body| Seen { body: bytes(body), ..seen.clone() }).collect()
}
