//! When a token ends, as Facebook tells it of its tokens (`debug_token`).
//!
//! The token that is asked about would stand in the address: it goes as one call of a batch instead, which has its
//! calls in the body. Deliberately absent: refusing anything for want of this answer.

use griot_domain::Timestamp;
use serde_json::{Value, json};

use super::consent::App;
use super::graph::{Graph, number};
use crate::Ends;
use crate::http::{Answer, Payload, Request};

impl Graph {
    /// Until when the token of this graph is good. The app that it was given to may ask; without it, the token asks
    /// about itself, which Facebook does not always answer.
    pub(super) async fn ends(&self, app: Option<&App>) -> Ends {
        let (Ok(url), Ok(place)) = (self.at(&[], &[]), self.at(&[], &[("input_token", &self.token)])) else {
            return Ends::NotTold;
        };
        let place = format!("debug_token?{}", place.query().unwrap_or_default());
        let call = json!([{"method": "GET", "relative_url": place}]);
        let asked = vec![("batch", call.to_string()), ("include_headers", "false".to_owned())];
        let request = Request::post(url, Payload::Encoded(asked)).hiding(&self.token);
        let asking = Self { token: app.map_or_else(|| self.token.clone(), App::token), ..self.clone() };
        let answer = asking.ask(request).await;
        answer.ok().as_ref().and_then(told).map_or(Ends::NotTold, |told| ends(&told))
    }
}

/// What the one call of the batch answered.
fn told(answer: &Answer) -> Option<Value> {
    let first = answer.success()?.as_array()?.first()?;
    let body = first["body"].as_str().filter(|_| first["code"] == 200)?;
    let body: Value = serde_json::from_str(body).ok()?;
    Some(body["data"].clone()).filter(Value::is_object)
}

/// The token ends, or what it may read does, whichever is first; 0 stands for never.
fn ends(told: &Value) -> Ends {
    let at = |name: &str| number(&told[name]);
    let known = [at("expires_at"), at("data_access_expires_at")];
    let first = known.into_iter().flatten().filter(|seconds| *seconds > 0).min();
    match first.and_then(|seconds| i64::try_from(seconds).ok()?.checked_mul(1000)) {
        Some(millis) => Ends::At(Timestamp::from_millis(millis)),
        None if at("expires_at") == Some(0) => Ends::Never,
        None => Ends::NotTold,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_end_counts_and_silence_is_no_promise() {
        let at = |seconds: i64| Ends::At(Timestamp::from_millis(seconds * 1000));
        for (found, expected) in [
            (json!({}), Ends::NotTold),
            (json!({"is_valid": true}), Ends::NotTold),
            (json!({"expires_at": "soon"}), Ends::NotTold),
            (json!({"expires_at": -1}), Ends::NotTold),
            (json!({"expires_at": u64::MAX}), Ends::NotTold),
            (json!({"data_access_expires_at": 0}), Ends::NotTold),
            (json!({"expires_at": 0}), Ends::Never),
            (json!({"expires_at": 0, "data_access_expires_at": 0}), Ends::Never),
            (json!({"expires_at": 0, "data_access_expires_at": 1_803_153_600}), at(1_803_153_600)),
            (
                json!({"expires_at": 1_795_381_200, "data_access_expires_at": 1_803_153_600}),
                at(1_795_381_200),
            ),
            (json!({"expires_at": "1795381200"}), at(1_795_381_200)),
        ] {
            assert_eq!(ends(&found), expected, "{found}");
        }
    }
}
