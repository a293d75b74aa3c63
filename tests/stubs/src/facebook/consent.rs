//! Agreeing in the browser for an app of the person's own: the dialog, codes for one exchange, the person's token for an
//! hour or two and the one that lasts, and what a token is good for.
//!
//! Deliberately absent: the person. Who opens the dialog agrees; who adds `agree=no` to its address refuses.

use serde_json::{Value, json};

use super::{PAGE, TOKEN, USER_TOKEN, VERSIONS, error};
use crate::http::{Answer, Request};
use crate::spec;
use crate::stub::Desk;

/// The person's app.
pub const APP_ID: &str = "4711471147114711";
/// Its secret.
pub const APP_SECRET: &str = "0123456789abcdef0123456789abcdef";
/// The number of the person's second Page ([`Facebook::second_page`](crate::Facebook::second_page)).
pub const OTHER_PAGE: &str = "105105105105105";
/// Its name.
pub const OTHER_NAME: &str = "Sahel Énergie";

/// Where programs without a server have people sent.
const REDIRECT: &str = "https://www.facebook.com/connect/login_success.html";
const SCOPES: [&str; 6] = [
    "pages_show_list",
    "pages_read_engagement",
    "pages_manage_posts",
    "pages_manage_engagement",
    "pages_read_user_content",
    "business_management",
];
/// A code is good for ten minutes.
const CODE_MS: i64 = 600_000;

/// What Facebook knows of consents.
#[derive(Debug, Default)]
pub(super) struct Consents {
    /// Codes and until when they are good.
    codes: Vec<(String, i64)>,
    /// Tokens for an hour or two.
    short: Vec<String>,
    pub(super) has_two: bool,
    /// When the Page's token ends, and when what it may read does, in seconds; 0 is never.
    pub(super) ends: (i64, i64),
}

impl Consents {
    /// Answers what has to do with agreeing; nothing for every other call.
    pub(super) fn answer(&mut self, desk: &mut Desk, request: &Request) -> Option<Answer> {
        let parts = request.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        let (version, rest) = parts.split_first()?;
        if !VERSIONS.contains(version) {
            return None;
        }
        let posted = request.method == "POST";
        match rest {
            ["dialog", "oauth"] if !posted => Some(self.dialog(desk, request)),
            ["oauth", "access_token"] => {
                if !posted || !request.query().is_empty() {
                    desk.note(request, ["a secret in the address".to_owned()]);
                }
                desk.note(request, spec::facebook::check(request));
                Some(self.token(desk, request))
            }
            [] if posted => {
                desk.note(request, spec::facebook::check(request));
                Some(self.batch(desk, request))
            }
            ["debug_token"] => {
                desk.note(request, ["a token in the address".to_owned()]);
                None
            }
            _ => None,
        }
    }

    /// The page on which the person agrees: sends the browser on.
    fn dialog(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let said = |name: &str| request.asked(name).unwrap_or_default();
        let scopes = said("scope");
        let strange = scopes.split(',').find(|scope| !SCOPES.contains(scope));
        let bad = said("client_id") != APP_ID
            || said("redirect_uri") != REDIRECT
            || said("response_type") != "code"
            || said("state").len() < 16;
        if bad {
            desk.note(request, ["a page that Facebook does not show".to_owned()]);
            return Answer::new(400, "text/html", "<p>URL Blocked</p>");
        }
        let state = said("state");
        let query = if let Some(strange) = strange {
            format!("error_code=100&error_message=Invalid+Scopes%3A+{strange}&state={state}")
        } else if said("agree") == "no" {
            format!(
                "error=access_denied&error_code=200&error_description=Permissions+error&error_reason=user_denied&state={state}"
            )
        } else {
            let code = format!("AQStubCode{}", desk.number());
            self.codes.push((code.clone(), desk.now() + CODE_MS));
            format!("code={code}&state={state}")
        };
        Answer::new(302, "text/html", "").with("location", &format!("{REDIRECT}?{query}#_=_"))
    }

    /// A token for a code, or one that lasts for one that does not.
    fn token(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let form = request.form().unwrap_or_default();
        let said = |name: &str| form.text(name).unwrap_or_default().to_owned();
        if said("client_id") != APP_ID {
            return error(
                "Error validating application. Cannot get application info due to a system error.",
                101,
                0,
            );
        }
        if said("client_secret") != APP_SECRET {
            return error("Error validating client secret.", 1, 0);
        }
        if said("grant_type") == "fb_exchange_token" {
            let given = said("fb_exchange_token");
            let Some(at) = self.short.iter().position(|known| *known == given) else {
                return error("Error validating access token.", 190, 467);
            };
            self.short.remove(at);
            let body = json!({"access_token": USER_TOKEN, "token_type": "bearer", "expires_in": 5_184_000});
            return Answer::json(200, body);
        }
        if said("redirect_uri") != REDIRECT {
            return error(
                "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
                100,
                36_008,
            );
        }
        let given = said("code");
        let Some(at) = self.codes.iter().position(|(known, _)| *known == given) else {
            return error("This authorization code has been used.", 100, 36_009);
        };
        if self.codes.remove(at).1 < desk.now() {
            return error("This authorization code has expired.", 100, 36_007);
        }
        let short = format!("EAAStubShortToken{}", desk.number());
        self.short.push(short.clone());
        Answer::json(200, json!({"access_token": short, "token_type": "bearer", "expires_in": 5_400}))
    }

    /// Several calls in one; what tokens are good for is the only one that is known.
    fn batch(&self, desk: &Desk, request: &Request) -> Answer {
        let form = request.form().unwrap_or_default();
        let calls: Value =
            form.text("batch").and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let asker = request.bearer().unwrap_or_default();
        let is_app = asker == format!("{APP_ID}|{APP_SECRET}");
        if !is_app && asker != USER_TOKEN && !desk.is_good(Some(asker)) {
            return error("Invalid OAuth access token.", 190, 0);
        }
        let answers: Vec<Value> = calls
            .as_array()
            .into_iter()
            .flatten()
            .map(|call| {
                let place = call["relative_url"].as_str().unwrap_or_default();
                let token =
                    place.strip_prefix("debug_token?input_token=").filter(|_| call["method"] == "GET");
                let answer = token.map_or_else(
                    || error("Unknown path components", 2500, 0),
                    |token| self.told(desk, token),
                );
                json!({"code": answer.status, "body": answer.value().to_string()})
            })
            .collect();
        Answer::json(200, json!(answers))
    }

    fn told(&self, desk: &Desk, token: &str) -> Answer {
        let is_page = token == TOKEN && desk.is_good(Some(token));
        let (ends, data_access) = self.ends;
        let scopes = &SCOPES[..4];
        let mut told = json!({"app_id": APP_ID, "type": "PAGE", "is_valid": is_page, "profile_id": PAGE, "scopes": scopes});
        if is_page {
            (told["expires_at"], told["data_access_expires_at"]) = (json!(ends), json!(data_access));
        }
        Answer::json(200, json!({ "data": told }))
    }
}
