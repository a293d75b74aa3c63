//! Request bodies against OpenAPI, 3.0 and 3.1.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, LazyLock, Mutex};

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use super::read;
use crate::http::{Request, held};

const JSON: &str = "application/json";

/// One file.
#[derive(Debug, Clone)]
pub struct OpenApi {
    file: String,
    spec: Arc<Value>,
}

/// Whether a body is one that the operation of a file takes; else what is wrong with it.
///
/// # Errors
/// What is wrong. Nothing is, where the file is not on this machine.
pub fn check(
    file: &str,
    method: &str,
    path: &str,
    content_type: &str,
    body: &Value,
) -> Result<(), Vec<String>> {
    let Some(spec) = OpenApi::found(file) else { return Ok(()) };
    let wrong = spec.faults(method, path, content_type, body);
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// The same for a request as it came in.
///
/// # Errors
/// What is wrong. Nothing is, where the file is not on this machine.
pub fn check_request(file: &str, request: &Request) -> Result<(), Vec<String>> {
    let (content_type, body) = request.sent();
    check(file, &request.method, request.path(), &content_type, &body)
}

type Checks = (Validator, BTreeSet<String>);

impl OpenApi {
    /// The file; nothing where it is not on this machine.
    #[must_use]
    pub fn found(file: &str) -> Option<Self> {
        Some(Self { file: file.to_owned(), spec: read(file)? })
    }

    /// What is wrong with a body. A form is an object of its texts. `path` may be the one that was called or the one
    /// of the specification.
    #[must_use]
    pub fn faults(&self, method: &str, path: &str, content_type: &str, body: &Value) -> Vec<String> {
        let Some(operation) = operation(&self.spec, method, path) else {
            return vec![format!("{} has no {method} {path}", self.file)];
        };
        let Some(takes) = operation.get("requestBody") else {
            let none = body.is_null();
            return if none { Vec::new() } else { vec![format!("{method} {path} takes no body")] };
        };
        // What is removed may come with reasons, and comes without.
        if method == "DELETE" && body.is_null() {
            return Vec::new();
        }
        let kinds = resolved(&self.spec, takes)["content"].as_object();
        let schema = kinds
            .and_then(|kinds| kinds.iter().find(|(kind, _)| kind.split(';').next() == Some(content_type)))
            .map(|(_, media)| &media["schema"]);
        let Some(schema) = schema else { return vec![format!("{method} {path} takes no {content_type:?}")] };
        let body = if content_type == JSON { body.clone() } else { typed(&self.spec, schema, body) };
        let checks = match self.checks(schema) {
            Ok(checks) => checks,
            Err(wrong) => return wrong,
        };
        let (validator, known) = checks.as_ref();
        let mut wrong: Vec<_> =
            validator.iter_errors(&body).map(|e| format!("{}: {e}", e.instance_path())).collect();
        // Few specifications say that nothing else may be there; but what they do not name, nobody reads.
        let given = body.as_object().into_iter().flat_map(Map::keys);
        let unknown = given.filter(|name| !known.is_empty() && !known.contains(*name));
        wrong.extend(unknown.map(|name| format!("{method} {path} knows no {name}")));
        wrong
    }

    /// What a schema asks for, made once: the whole specification goes along, as references point into it.
    fn checks(&self, schema: &Value) -> Result<Arc<Checks>, Vec<String>> {
        static MADE: LazyLock<Mutex<BTreeMap<String, Arc<Checks>>>> = LazyLock::new(Mutex::default);
        let name = format!("{} {schema}", self.file);
        if let Some(made) = held(&MADE).get(&name) {
            return Ok(Arc::clone(made));
        }
        let mut known: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        self.members(schema, &mut known);
        let one = |(name, all): (&String, &Vec<Value>)| (name.clone(), json!({ "anyOf": all }));
        let members: Map<String, Value> = known.iter().map(one).collect();
        // Where a body may be of several kinds, a member that only one of them types is held to that one as well.
        let mut whole = json!({"allOf": [translated(schema), {"properties": members}]});
        whole["components"] = translated(&self.spec["components"]);
        let validator = jsonschema::validator_for(&whole).map_err(|e| vec![format!("{}: {e}", self.file)])?;
        let made = Arc::new((validator, known.into_keys().collect()));
        held(&MADE).insert(name, Arc::clone(&made));
        Ok(made)
    }

    /// All members that a body of this schema may have, with every schema of each.
    fn members(&self, schema: &Value, into: &mut BTreeMap<String, Vec<Value>>) {
        let schema = resolved(&self.spec, schema);
        for (name, of) in schema["properties"].as_object().into_iter().flatten() {
            into.entry(name.clone()).or_default().push(translated(of));
        }
        for of in ["allOf", "anyOf", "oneOf"] {
            for part in schema[of].as_array().into_iter().flatten() {
                self.members(part, into);
            }
        }
    }
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
    // A status with text and pictures is both of two kinds that are told apart by one of them alone.
    if let Some(kinds) = out.remove("oneOf") {
        out.insert("anyOf".to_owned(), kinds);
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
    fn an_operation_is_found_by_the_path_that_was_called() {
        let spec = json!({"paths": {"/t/{id}.json": {"get": 1}, "/t/all.json": {"get": 2}, "/u/{name}": {"get": 3}}});
        let found = |path: &str| operation(&spec, "GET", path).and_then(Value::as_u64);
        assert_eq!(found("/t/12.json"), Some(1));
        assert_eq!(found("/t/all.json"), Some(2));
        assert_eq!(found("/u/awa"), Some(3));
        assert_eq!(found("/t/12.html"), None);
    }
}
