//! The official list of Telegram's methods and types.

use std::sync::Arc;

use regex::Regex;
use serde_json::{Map, Value, json};

use super::{TELEGRAM, read};
use crate::http::{Form, Request};

/// The list.
#[derive(Debug, Clone)]
pub struct Spec(Arc<Value>);

impl Spec {
    /// The list; nothing, and a word about it, where there is none.
    #[must_use]
    pub fn found() -> Option<Self> {
        read(TELEGRAM).map(Self)
    }

    /// Whether a parameter is a text and nothing else (a file may be named by a text, too).
    fn is_text(&self, method: &str, name: &str) -> bool {
        let fields = fields(&self.0["methods"][method]);
        let types = fields.iter().find(|f| f["name"] == name).map(types).unwrap_or_default();
        !types.is_empty() && types.iter().all(|of| matches!(*of, "String" | "InputFile"))
    }

    /// What is wrong with a call as it came in.
    #[must_use]
    pub fn check(&self, method: &str, request: &Request) -> Vec<String> {
        if request.body.is_empty() {
            return self.faults(method, &Map::new());
        }
        if let Some(form) = request.form() {
            let (given, mut wrong) = self.parameters(method, &form);
            wrong.extend(self.faults(method, &given));
            return wrong;
        }
        match request.json() {
            Some(Value::Object(given)) => self.faults(method, &given),
            _ => vec![format!("{method}: neither a form nor an object of JSON")],
        }
    }

    /// The parameters of a form as JSON: files as `{"file": name}`, or in place where something is attached to them.
    fn parameters(&self, method: &str, form: &Form) -> (Map<String, Value>, Vec<String>) {
        let mut attached: Vec<String> = Vec::new();
        let mut given = Map::new();
        for (name, text) in &form.texts {
            let named = text.split("attach://").skip(1);
            attached.extend(named.map(|rest| rest.split('"').next().unwrap_or_default().to_owned()));
            let value = if self.is_text(method, name) { None } else { serde_json::from_str(text).ok() };
            given.insert(name.clone(), value.unwrap_or_else(|| Value::String(text.clone())));
        }
        for file in &form.files {
            match attached.iter().position(|wanted| *wanted == file.name) {
                Some(at) => drop(attached.swap_remove(at)),
                None => drop(given.insert(file.name.clone(), json!({"file": file.name}))),
            }
        }
        let wrong = attached.into_iter().map(|name| format!("{method}: nothing is attached as {name}"));
        (given, wrong.collect())
    }

    /// What is wrong with the parameters of a call.
    #[must_use]
    pub fn faults(&self, method: &str, given: &Map<String, Value>) -> Vec<String> {
        let known = &self.0["methods"][method];
        if known.is_null() {
            return vec![format!("no method is called {method}")];
        }
        self.in_object(method, fields(known), given)
    }

    fn in_object(&self, at: &str, fields: &[Value], given: &Map<String, Value>) -> Vec<String> {
        let named = |name: &str| fields.iter().find(|field| field["name"] == name);
        let missing = fields.iter().filter(|f| f["required"] == true);
        let missing = missing.filter_map(|f| f["name"].as_str()).filter(|name| !given.contains_key(*name));
        let mut faults: Vec<_> = missing.map(|name| format!("{at}.{name} is missing")).collect();
        for (name, value) in given {
            let place = format!("{at}.{name}");
            match named(name) {
                None => faults.push(format!("{place} is unknown")),
                Some(field) => faults.extend(self.in_field(&place, field, value)),
            }
        }
        faults
    }

    fn in_field(&self, at: &str, field: &Value, value: &Value) -> Vec<String> {
        let mut faults = self.in_value(at, &types(field), value);
        let said = field["description"].as_str().unwrap_or_default();
        let most = |unit: &str| {
            let found = Regex::new(&format!(r"(\d+)-(\d+) {unit}")).ok()?.captures(said)?;
            Some((found[1].parse::<usize>().ok()?, found[2].parse::<usize>().ok()?))
        };
        let counted = [
            (most("characters"), value.as_str().map(|text| text.encode_utf16().count())),
            (most("items"), value.as_array().map(Vec::len)),
        ];
        for (bounds, count) in counted {
            if let (Some((least, most)), Some(count)) = (bounds, count)
                && !(least..=most).contains(&count)
            {
                faults.push(format!("{at} has {count}, not {least} to {most}"));
            }
        }
        let constant = Regex::new(r"must be (\w+)$").ok().and_then(|rule| rule.captures(said));
        let constant = constant.map(|found| found[1].to_owned());
        if let Some(word) = constant.filter(|word| value.is_string() && value != word.as_str()) {
            faults.push(format!("{at} is not {word}"));
        }
        faults
    }

    /// The faults by the type that fits best.
    fn in_value(&self, at: &str, types: &[&str], value: &Value) -> Vec<String> {
        if let Value::Array(items) = value {
            let of: Vec<_> = types.iter().filter_map(|t| t.strip_prefix("Array of ")).collect();
            if !of.is_empty() {
                let each = |(n, item)| self.in_value(&format!("{at}[{n}]"), &of, item);
                return items.iter().enumerate().flat_map(each).collect();
            }
        }
        let all = types.iter().map(|of| self.in_type(at, of, value));
        all.min_by_key(Vec::len).unwrap_or_else(|| vec![format!("{at} has no type")])
    }

    fn in_type(&self, at: &str, of: &str, value: &Value) -> Vec<String> {
        let fits = match of {
            "Integer" => value.is_i64() || value.is_u64(),
            "Float" => value.is_number(),
            "String" => value.is_string(),
            "Boolean" => value.is_boolean(),
            "InputFile" => value["file"].is_string(),
            _ => {
                let known = &self.0["types"][of];
                if let Some(kinds) = known["subtypes"].as_array() {
                    let kinds: Vec<_> = kinds.iter().filter_map(Value::as_str).collect();
                    return self.in_value(at, &kinds, value);
                }
                return match value.as_object() {
                    Some(given) if known.is_object() => self.in_object(at, fields(known), given),
                    _ => vec![format!("{at} is no {of}")],
                };
            }
        };
        if fits { Vec::new() } else { vec![format!("{at} is no {of}")] }
    }
}

fn fields(known: &Value) -> &[Value] {
    known["fields"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn types(field: &Value) -> Vec<&str> {
    field["types"].as_array().map(|all| all.iter().filter_map(Value::as_str).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_refuses_a_spoilt_request() {
        let Some(spec) = Spec::found() else { return };
        let faults = |method: &str, given: Value| spec.faults(method, given.as_object().unwrap());
        let photo = || json!({"type": "photo", "media": "id"});
        let text = |more: Value| {
            let mut given = json!({"chat_id": -1001, "text": "x"});
            given.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
            given
        };
        for (method, good) in [
            ("sendMessage", text(json!({}))),
            (
                "sendMessage",
                text(
                    json!({"link_preview_options": {"is_disabled": true}, "reply_parameters": {"message_id": 1}}),
                ),
            ),
            ("sendPhoto", json!({"chat_id": "@marche_ml", "photo": {"file": "photo"}})),
            (
                "sendMediaGroup",
                json!({"chat_id": -1001, "media": [photo(), {"type": "video", "media": "id", "width": 1}]}),
            ),
        ] {
            assert_eq!(faults(method, good), Vec::<String>::new(), "{method}");
        }
        for (method, bad) in [
            ("sendMassage", text(json!({}))),
            ("sendMessage", json!({"chat_id": -1001})),
            ("sendMessage", text(json!({"txet": "x"}))),
            ("sendMessage", text(json!({"text": ""}))),
            ("sendMessage", text(json!({"text": "x".repeat(4097)}))),
            ("sendMessage", text(json!({"chat_id": 1.5}))),
            ("sendMessage", text(json!({"disable_notification": "true"}))),
            ("sendMessage", text(json!({"reply_parameters": {"message_id": "1"}}))),
            ("sendMessage", text(json!({"link_preview_options": {"disabled": true}}))),
            ("sendPhoto", json!({"chat_id": -1001, "photo": "id", "caption": "x".repeat(1025)})),
            ("sendPhoto", json!({"chat_id": -1001, "photo": 7})),
            ("sendMediaGroup", json!({"chat_id": -1001, "media": [{"type": "video", "width": 1}, photo()]})),
            ("sendMediaGroup", json!({"chat_id": -1001, "media": [{"type": "gif", "media": "id"}, photo()]})),
        ] {
            assert!(!faults(method, bad.clone()).is_empty(), "{method}: {bad}");
        }
    }
}
