//! The networks' own specifications (OpenAPI), for this crate's tests: every body that is sent must be one that the
//! network says it takes.
//!
//! The files are not a part of the repository; where they are absent the tests say so and pass. Deliberately absent:
//! answers, parameters of addresses, and everything that the networks do not describe.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use crate::stub::Seen;

const JSON: &str = "application/json";

/// Whether a specification is on this machine; says so when it is not.
pub(crate) fn is_here(file: &str) -> bool {
    let is_here = place(file).is_file();
    if !is_here {
        eprintln!("{file} absent: skipped");
    }
    is_here
}

fn place(file: &str) -> PathBuf {
    let beside = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared");
    std::env::var_os("GRIOT_SHARED").map_or_else(beside, PathBuf::from).join("specs").join(file)
}

/// Looks whether a body is one that the operation takes; else says what is wrong with it. A form is an object of its
/// texts. `path` may be the one that was called or the one of the specification.
pub(crate) fn check(
    file: &str,
    method: &str,
    path: &str,
    content_type: &str,
    body: &Value,
) -> Result<(), Vec<String>> {
    let text = fs::read_to_string(place(file)).map_err(|e| vec![format!("{file}: {e}")])?;
    let spec: Value = serde_json::from_str(&text).map_err(|e| vec![format!("{file}: {e}")])?;
    let unknown = || vec![format!("{file} has no {method} {path}")];
    let operation = operation(&spec, method, path).ok_or_else(unknown)?;
    let Some(takes) = operation.get("requestBody") else {
        let none = body.is_null();
        return if none { Ok(()) } else { Err(vec![format!("{method} {path} takes no body")]) };
    };
    let schema = resolved(&spec, takes)["content"]
        .as_object()
        .and_then(|kinds| kinds.iter().find(|(kind, _)| kind.split(';').next() == Some(content_type)))
        .map(|(_, media)| &media["schema"])
        .ok_or_else(|| vec![format!("{method} {path} takes no {content_type}")])?;
    let body = if content_type == JSON { body.clone() } else { typed(&spec, schema, body) };
    let mut whole = translated(schema);
    // References point into the specification, so it goes along.
    whole["components"] = translated(&spec["components"]);
    let validator = jsonschema::validator_for(&whole).map_err(|e| vec![format!("{file}: {e}")])?;
    let wrong: Vec<_> = validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The same for a request as the stub saw it.
pub(crate) fn check_seen(file: &str, seen: &Seen) -> Result<(), Vec<String>> {
    let (method, address) = seen.line.split_once(' ').unwrap_or_default();
    let path = address.split('?').next().unwrap_or_default();
    let (content_type, body) = sent(seen);
    check(file, method, path, &content_type, &body)
}

/// What was sent: JSON as it is, a form as an object of its texts.
pub(crate) fn sent(seen: &Seen) -> (String, Value) {
    let stated = seen.head.lines().find_map(|line| line.strip_prefix("content-type: ")).unwrap_or_default();
    let content_type = stated.split(';').next().unwrap_or_default().trim().to_owned();
    let body = match content_type.as_str() {
        _ if seen.body.is_empty() => Value::Null,
        JSON => serde_json::from_slice(&seen.body).unwrap_or(Value::Null),
        "multipart/form-data" => parts(&seen.body),
        "application/x-www-form-urlencoded" => {
            let pairs = reqwest::Url::parse(&format!("x:?{}", String::from_utf8_lossy(&seen.body)));
            let pairs = pairs.expect("a form makes an address");
            let fields = pairs.query_pairs().map(|(name, text)| (name.into_owned(), json!(text)));
            Value::Object(fields.collect())
        }
        _ => Value::Null,
    };
    (content_type, body)
}

/// A form in parts. Its boundary is its first line.
fn parts(body: &[u8]) -> Value {
    let text = String::from_utf8_lossy(body);
    let boundary = text.lines().next().unwrap_or_default().to_owned();
    let mut fields = Map::new();
    for part in text.split(&boundary) {
        let Some((head, content)) = part.split_once("\r\n\r\n") else { continue };
        let name = head.split("name=\"").nth(1).and_then(|rest| rest.split('"').next());
        let content = content.strip_suffix("\r\n").unwrap_or(content);
        fields.insert(name.unwrap_or_default().to_owned(), json!(content));
    }
    Value::Object(fields)
}

/// The operation that is called there: one without parameters in its path before one with.
fn operation<'a>(spec: &'a Value, method: &str, path: &str) -> Option<&'a Value> {
    let paths = spec["paths"].as_object()?;
    let part = |wanted: &str, given: &str| match wanted.split_once('{') {
        Some((start, rest)) => {
            let end = rest.split_once('}').map_or("", |(_, end)| end);
            given.starts_with(start) && given.ends_with(end)
        }
        None => wanted == given,
    };
    let fits = |template: &str| {
        let (ours, theirs) = (path.split('/'), template.split('/'));
        ours.clone().count() == theirs.clone().count()
            && ours.zip(theirs).all(|(our, their)| part(their, our))
    };
    let found =
        paths.get(path).or_else(|| paths.iter().find(|(path, _)| fits(path)).map(|(_, item)| item))?;
    found.get(method.to_ascii_lowercase())
}

fn resolved<'a>(spec: &'a Value, value: &'a Value) -> &'a Value {
    let target = value["$ref"].as_str().and_then(|r| spec.pointer(r.trim_start_matches('#')));
    target.unwrap_or(value)
}

/// The texts of a form as what the schema says they are.
fn typed(spec: &Value, schema: &Value, form: &Value) -> Value {
    let properties = &resolved(spec, schema)["properties"];
    let Some(fields) = form.as_object() else { return form.clone() };
    let one = |name: &String, value: &Value| {
        let kind = resolved(spec, &properties[name])["type"].as_str().unwrap_or_default();
        let read = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let fits = |read: &Value| match kind {
            "integer" | "number" => read.is_number(),
            "boolean" => read.is_boolean(),
            _ => false,
        };
        read.filter(fits).unwrap_or_else(|| value.clone())
    };
    Value::Object(fields.iter().map(|(name, value)| (name.clone(), one(name, value))).collect())
}

/// OpenAPI 3.0 in the words of JSON Schema: what may be nothing, and limits that are not reached. In 3.1 they are
/// the same already.
fn translated(schema: &Value) -> Value {
    let Value::Object(object) = schema else {
        return match schema {
            Value::Array(all) => Value::Array(all.iter().map(translated).collect()),
            other => other.clone(),
        };
    };
    let mut out: Map<String, Value> =
        object.iter().map(|(name, value)| (name.clone(), translated(value))).collect();
    for (bound, exclusive) in [("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")] {
        match out.get(exclusive) {
            Some(Value::Bool(true)) => {
                let value = out.remove(bound).unwrap_or(Value::Null);
                out.insert(exclusive.to_owned(), value);
            }
            Some(Value::Bool(false)) => drop(out.remove(exclusive)),
            _ => {}
        }
    }
    if out.get("nullable") == Some(&Value::Bool(true)) {
        out.remove("nullable");
        return json!({ "anyOf": [out, { "type": "null" }] });
    }
    Value::Object(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_may_be_nothing_is_said_in_the_words_of_json_schema() {
        let of = |schema: Value| jsonschema::validator_for(&translated(&schema)).unwrap();
        let name =
            of(json!({"type": "object", "properties": {"name": {"type": "string", "nullable": true}}}));
        assert!(name.is_valid(&json!({"name": null})) && name.is_valid(&json!({"name": "x"})));
        assert!(!name.is_valid(&json!({"name": 7})));
        let above = of(json!({"type": "integer", "minimum": 1, "exclusiveMinimum": true}));
        assert!(above.is_valid(&json!(2)) && !above.is_valid(&json!(1)));
    }

    #[test]
    fn a_form_in_parts_is_read() {
        let body = b"--b\r\nContent-Disposition: form-data; name=\"segment_index\"\r\n\r\n3\r\n--b\r\nContent-Disposition: form-data; name=\"media\"; filename=\"a.mp4\"\r\nContent-Type: video/mp4\r\n\r\nfilm\r\n--b--\r\n";
        assert_eq!(parts(body), json!({"segment_index": "3", "media": "film"}));
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
