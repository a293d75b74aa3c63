//! What X means by an answer that is no success: one status stands for several things, the problem's type and words
//! tell them apart.

use reqwest::StatusCode;
use serde_json::Value;

use crate::Error;
use crate::http::Answer;

/// The network says so when the same text is live already (code 187 of old).
const DUPLICATE: &str = "duplicate content";
/// Refusals with 403 that are about the post and not about who sends it.
const ABOUT_CONTENT: &[&str] =
    &["too long", "a bit shorter", "longer than", "cashtag", "media category", "invalid media"];
/// Types of problems, and titles, that mean an empty account.
const UNPAID: &[&str] =
    &["usage-capped", "credits", "creditsdepleted", "spendcapreached", "usagecapexceeded"];

/// What a refusal means, of any call.
pub(super) fn of(answer: &Answer) -> Error {
    let Some(body) = answer.json.as_ref() else {
        return if answer.busy_in_doubt() { answer.passing(answer.words()) } else { answer.refusal() };
    };
    let (kind, words) = (kind(body), words(body));
    let title = body["title"].as_str().unwrap_or_default().to_ascii_lowercase();
    // Comes with 402, 403 or 429; waiting does not help.
    if !answer.status.is_server_error() && UNPAID.iter().any(|name| kind == *name || title == *name) {
        return Error::Billing(answer.words());
    }
    match kind.as_str() {
        "unsupported-authentication" => return Error::Auth(answer.words()),
        "not-authorized-for-resource" | "client-forbidden" | "oauth1-permissions"
            if !answer.status.is_server_error() =>
        {
            return Error::Permission(answer.words());
        }
        _ => {}
    }
    if answer.status == StatusCode::FORBIDDEN {
        if words.contains(DUPLICATE) {
            return answer.passing(answer.words());
        }
        if ABOUT_CONTENT.iter().any(|some| words.contains(some)) {
            return Error::Content(answer.words());
        }
    }
    answer.refusal()
}

/// What a refusal of the visible call means. A post that is there already may be this one, sent before: that is a
/// doubt, and the outbox asks the account's own list at once, with what was written down when it was armed.
pub(super) fn of_post(answer: &Answer, body: &Value) -> Error {
    let refused = answer.status == StatusCode::BAD_REQUEST && body["media"].is_object();
    if refused && answer.json.as_ref().is_some_and(|said| words(said).contains("media id")) {
        // The network does not say which one it has forgotten.
        return Error::Expired("media".into());
    }
    of(answer)
}

/// The last part of a problem's type, which is an address: at the top, or of the first of several errors.
pub(super) fn kind(body: &Value) -> String {
    let stated = [&body["type"], &body["errors"][0]["type"]].into_iter().find_map(Value::as_str);
    let last = stated.unwrap_or_default().rsplit('/').next();
    last.unwrap_or_default().to_ascii_lowercase()
}

/// All that it says, in small letters.
fn words(body: &Value) -> String {
    let errors = body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let said = std::iter::once(body).chain(errors).flat_map(|part| {
        ["title", "detail", "message", "reason"].into_iter().filter_map(|name| part[name].as_str())
    });
    said.collect::<Vec<_>>().join("\n").to_lowercase()
}

#[cfg(test)]
mod tests {
    use reqwest::Url;
    use serde_json::json;

    use super::*;
    use crate::http::{Payload, Request};
    use crate::stub::{Stub, client, json as reply};

    async fn check(status: u16, problem: Value, step: &str, visible: &str) {
        for (expected, is_visible) in [(step, false), (visible, true)] {
            let stub = Stub::start(vec![reply(status, &problem.to_string())]);
            let request = Request::post(Url::parse(&stub.url).unwrap(), Payload::Nothing);
            let request = if is_visible { request.visible() } else { request };
            let got = format!("{:?}", of(&client().send(request).await.unwrap()));
            assert!(got.starts_with(expected), "{status} {problem}\nexpected {expected}\ngot {got}");
        }
    }

    fn problem(kind: &str, title: &str, detail: &str) -> Value {
        json!({"type": format!("https://api.twitter.com/2/problems/{kind}"), "title": title, "detail": detail})
    }

    #[tokio::test]
    async fn every_problem_of_x_has_its_class() {
        let bare = |detail: &str| json!({"type": "about:blank", "title": "Forbidden", "detail": detail, "status": 403});
        check(400, problem("invalid-request", "Invalid Request", "One or more"), "Content", "Content").await;
        check(401, json!({"title": "Unauthorized", "type": "about:blank"}), "Auth", "Auth").await;
        check(401, json!({"errors": [{"code": 89, "message": "expired"}]}), "Auth", "Auth").await;
        let unsupported = problem("unsupported-authentication", "Unsupported Authentication", "OAuth 2.0");
        check(403, unsupported, "Auth", "Auth").await;
        let no_credits = problem("credits", "CreditsDepleted", "does not have any credits");
        check(402, no_credits.clone(), "Billing", "Billing").await;
        check(403, no_credits, "Billing", "Billing").await;
        check(402, json!({"detail": "pay"}), "Billing", "Billing").await;
        check(429, problem("usage-capped", "UsageCapExceeded", "Usage cap"), "Billing", "Billing").await;
        check(403, json!({"title": "SpendCapReached"}), "Billing", "Billing").await;
        check(403, problem("client-forbidden", "Client Forbidden", "enroll"), "Permission", "Permission")
            .await;
        check(403, problem("oauth1-permissions", "Forbidden", "not configured"), "Permission", "Permission")
            .await;
        check(403, bare("You are not permitted to perform this action."), "Permission", "Permission").await;
        let duplicate = bare("You are not allowed to create a Tweet with duplicate content.");
        check(403, duplicate, "Transient", "Uncertain").await;
        check(403, bare("Your Tweet text is too long."), "Content", "Content").await;
        check(403, bare("Videos longer than 2 minutes are not allowed."), "Content", "Content").await;
        check(403, bare("Only one cashtag."), "Content", "Content").await;
        check(404, problem("resource-not-found", "Not Found Error", "none"), "Content", "Content").await;
        check(413, json!({}), "Content", "Content").await;
        check(429, json!({"title": "Too Many Requests"}), "RateLimited", "RateLimited").await;
        check(500, problem("internal-error", "Internal", "x"), "Transient", "Failed").await;
        check(503, problem("credits", "CreditsDepleted", "x"), "Transient", "Uncertain").await;
        check(503, json!({"title": "Service Unavailable"}), "Transient", "Uncertain").await;
    }
}
