//! The networks' own specifications (OpenAPI 3), read by this crate's tests: a body that the network does not describe
//! is a mistake of ours.
//!
//! The files lie beside the repository, or where `GRIOT_SHARED` says; without them the tests say so and pass.
//! Deliberately absent: what is answered, and what an address carries.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::stub::Seen;

fn file(name: &str) -> PathBuf {
    let shared = std::env::var_os("GRIOT_SHARED")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared"), PathBuf::from);
    shared.join("specs").join(name)
}

/// Whether the specification is there; says so when it is not.
pub(crate) fn is_here(spec_file: &str) -> bool {
    let found = file(spec_file).is_file();
    if !found {
        println!("{spec_file} absent: skipped");
    }
    found
}

/// What is wrong with `body` for the operation at `method` and `path`, which is the one that was called or the one of
/// the specification. A form is an object of texts.
pub(crate) fn check(
    spec_file: &str,
    method: &str,
    path: &str,
    content_type: &str,
    body: &Value,
) -> Result<(), Vec<String>> {
    let one = |words: String| vec![format!("{method} {path}: {words}")];
    let bytes = std::fs::read(file(spec_file)).map_err(|e| one(e.to_string()))?;
    let spec: Value = serde_json::from_slice(&bytes).map_err(|e| one(e.to_string()))?;
    let operation = operation(&spec, method, path).ok_or_else(|| one("no such operation".into()))?;
    let content = &followed(&spec, &operation["requestBody"])["content"];
    let schema = match content.as_object() {
        None if body.is_null() => return Ok(()),
        None => return Err(one("takes no body".into())),
        Some(kinds) => kinds.get(content_type).map(|kind| &kind["schema"]),
    };
    let schema = schema.ok_or_else(|| one(format!("takes no {content_type}")))?;
    let is_form = content_type != "application/json";
    let read = if is_form { from_texts(followed(&spec, schema), body) } else { body.clone() };
    let mut root = plain(schema.clone());
    if let (Some(root), Some(parts)) = (root.as_object_mut(), spec.get("components")) {
        root.insert("components".into(), plain(parts.clone()));
    }
    let validator = jsonschema::validator_for(&root).map_err(|e| one(e.to_string()))?;
    let wrong: Vec<String> =
        validator.iter_errors(&read).map(|e| format!("{method} {path}{}: {e}", e.instance_path())).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The same of a request as it came in at the stub.
pub(crate) fn check_seen(spec_file: &str, seen: &Seen) -> Result<(), Vec<String>> {
    let (method, address) = seen.line.split_once(' ').unwrap_or_default();
    let path = address.split_once('?').map_or(address, |(path, _)| path);
    let stated = seen.head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    let kind = stated.split(';').next().unwrap_or_default().trim();
    let body = match kind {
        "multipart/form-data" => form(&seen.body),
        _ => serde_json::from_slice(&seen.body).unwrap_or_default(),
    };
    check(spec_file, method, path, kind, &body)
}

/// A form in parts as an object of texts; a file's bytes count as its text.
pub(crate) fn form(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let boundary = text.lines().next().unwrap_or("\0");
    let part = |part: &str| {
        let (head, content) = part.split_once("\r\n\r\n")?;
        let (_, name) = head.split_once(" name=\"")?;
        let content = content.strip_suffix("\r\n").unwrap_or(content);
        Some((name.split('"').next()?.to_owned(), json!(content)))
    };
    Value::Object(text.split(boundary).filter_map(part).collect())
}

/// A path without parameters before one with them.
fn operation<'a>(spec: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let is_it = |pattern: &str| {
        let (wanted, given): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
        wanted.len() == given.len()
            && wanted.iter().zip(given).all(|(wanted, given)| match wanted.split_once('{') {
                Some((start, rest)) => {
                    let end = rest.split_once('}').map_or("", |(_, end)| end);
                    given.starts_with(start) && given.ends_with(end)
                }
                None => *wanted == given,
            })
    };
    let paths = spec["paths"].as_object()?;
    let found = paths.get(path).or_else(|| Some(paths.iter().find(|(pattern, _)| is_it(pattern))?.1))?;
    found.get(method.to_lowercase())
}

/// What a reference within the specification points to.
fn followed<'a>(spec: &'a Value, part: &'a Value) -> &'a Value {
    let aim = part["$ref"].as_str().and_then(|aim| aim.strip_prefix('#'));
    aim.and_then(|aim| spec.pointer(aim)).unwrap_or(part)
}

/// Texts of a form as the numbers and truths that the schema wants.
fn from_texts(schema: &Value, form: &Value) -> Value {
    let Some(texts) = form.as_object() else { return form.clone() };
    let read = |(name, value): (&String, &Value)| {
        let kind = schema["properties"][name]["type"].as_str().unwrap_or_default();
        let other = matches!(kind, "integer" | "number" | "boolean");
        let parsed = value.as_str().filter(|_| other).and_then(|text| serde_json::from_str(text).ok());
        (name.clone(), parsed.unwrap_or_else(|| value.clone()))
    };
    Value::Object(texts.iter().map(read).collect())
}

/// OpenAPI 3.0 as JSON Schema says it: what may be null, and bounds that are not reached. 3.1 says it so already.
fn plain(schema: Value) -> Value {
    match schema {
        Value::Array(all) => all.into_iter().map(plain).collect(),
        Value::Object(parts) => {
            let mut parts: Map<String, Value> =
                parts.into_iter().map(|(name, part)| (name, plain(part))).collect();
            for (bound, open) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
                let is_open = parts.get(open).and_then(Value::as_bool);
                if is_open.is_some() {
                    parts.remove(open);
                }
                if let Some(limit) = is_open.filter(|open| *open).and_then(|_| parts.remove(bound)) {
                    parts.insert(open.into(), limit);
                }
            }
            match parts.remove("nullable") {
                Some(Value::Bool(true)) => json!({ "anyOf": [parts, { "type": "null" }] }),
                // A property that is called so.
                Some(other) if !other.is_boolean() => {
                    parts.insert("nullable".into(), other);
                    Value::Object(parts)
                }
                _ => Value::Object(parts),
            }
        }
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn takes(schema: Value, value: Value) -> bool {
        jsonschema::validator_for(&plain(schema)).unwrap().is_valid(&value)
    }

    #[test]
    fn the_older_words_of_openapi_are_understood() {
        let nullable = json!({"type": "object", "properties": {"a": {"type": "integer", "nullable": true}}});
        assert!(takes(nullable.clone(), json!({"a": null})) && !takes(nullable, json!({"a": "1"})));
        let above = json!({"type": "integer", "minimum": 3, "exclusiveMinimum": true});
        assert!(!takes(above.clone(), json!(3)) && takes(above, json!(4)));
    }

    #[test]
    fn an_operation_is_found_by_the_path_that_was_called() {
        let spec = json!({"paths": {"/t/{id}.json": {"get": 1}, "/t/all.json": {"get": 2}, "/u/{name}": {"get": 3}}});
        let found = |path: &str| operation(&spec, "GET", path).and_then(Value::as_u64);
        assert_eq!(found("/t/12.json"), Some(1));
        assert_eq!(found("/t/all.json"), Some(2));
        assert_eq!(found("/u/awa"), Some(3));
        assert_eq!(found("/t/12.html"), None);
    }
}
