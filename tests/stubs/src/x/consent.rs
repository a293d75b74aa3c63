//! Agreeing in the browser (OAuth 2.0 with PKCE): a page that agrees at once, codes for one exchange, access tokens of
//! two hours, and refresh tokens that are spent by being used.
//!
//! Deliberately absent: the person. Who opens the page agrees; who adds `agree=no` to its address refuses.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::http::{Answer, Request};
use crate::stub::Desk;

/// The app that is known at the start; it keeps no secret.
pub const CLIENT_ID: &str = "StubClientIdOfAnApp";
/// The secret of the app once it is one that keeps it ([`X::confide`](crate::X::confide)).
pub const CLIENT_SECRET: &str = "stub-client-secret";

const SCOPES: [&str; 5] = ["tweet.read", "tweet.write", "users.read", "media.write", "offline.access"];
/// A code is good for thirty seconds, an access token for two hours.
const CODE_MS: i64 = 30_000;
const TOKEN_MS: i64 = 7_200_000;

#[derive(Debug)]
struct Code {
    code: String,
    challenge: String,
    redirect: String,
    until: i64,
}

/// What X knows of consents.
#[derive(Debug, Default)]
pub(super) struct Consents {
    codes: Vec<Code>,
    /// The access token that is good, and until when.
    access: Option<(String, i64)>,
    /// The refresh token that is good.
    refresh: Option<String>,
    /// How often tokens were refreshed.
    pub(super) rotations: usize,
    /// Whether the app keeps a secret.
    pub(super) is_confidential: bool,
}

fn refused(error: &str, words: &str) -> Answer {
    Answer::json(400, json!({"error": error, "error_description": words}))
}

impl Consents {
    /// Whether this access token is good now.
    pub(super) fn is_good(&self, desk: &Desk, token: &str) -> bool {
        self.access.as_ref().is_some_and(|(known, until)| known == token && desk.now() < *until)
    }

    /// Whether tokens look like this.
    pub(super) fn is_ours(token: &str) -> bool {
        token.starts_with("stub-access-")
    }

    /// Nothing that was granted is good any more.
    pub(super) fn withdraw(&mut self) {
        (self.access, self.refresh) = (None, None);
    }

    /// The access token that is good ends now.
    pub(super) fn end_access(&mut self) {
        self.access = None;
    }

    /// The page: sends the browser back.
    pub(super) fn page(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let said = |name: &str| request.asked(name).unwrap_or_default();
        let wanted: Vec<String> = said("scope").split(' ').map(str::to_owned).collect();
        let bad = said("response_type") != "code"
            || said("client_id") != CLIENT_ID
            || said("code_challenge_method") != "S256"
            || said("code_challenge").len() != 43
            || said("state").is_empty()
            || wanted.iter().any(|scope| !SCOPES.contains(&scope.as_str()));
        let redirect = said("redirect_uri");
        if bad || !redirect.starts_with("http://127.0.0.1:") {
            desk.note(request, ["a page that X does not show".to_owned()]);
            return refused(
                "invalid_request",
                "Something went wrong. You weren\u{2019}t able to give access.",
            );
        }
        let code = format!("stub-code-{}", desk.number());
        let answer =
            if said("agree") == "no" { "error=access_denied".to_owned() } else { format!("code={code}") };
        let back = format!("{redirect}?state={}&{answer}", said("state"));
        self.codes.push(Code {
            code,
            challenge: said("code_challenge"),
            redirect,
            until: desk.now() + CODE_MS,
        });
        Answer::new(302, "text/html", "").with("location", &back)
    }

    /// Tokens for a code, or for a refresh token.
    pub(super) fn tokens(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let texts = request.form().unwrap_or_default().texts;
        let said = |name: &str| {
            texts.iter().find(|(known, _)| known == name).map(|(_, v)| v.clone()).unwrap_or_default()
        };
        if request.content_type() != "application/x-www-form-urlencoded" {
            desk.note(request, ["tokens are asked for with a form".to_owned()]);
        }
        let basic = format!("Basic {}", STANDARD.encode(format!("{CLIENT_ID}:{CLIENT_SECRET}")));
        let proved = if self.is_confidential {
            request.header("authorization") == Some(basic.as_str())
        } else {
            said("client_id") == CLIENT_ID
        };
        if !proved {
            let body = json!({"error": "unauthorized_client", "error_description": "Missing valid authorization header"});
            return Answer::json(401, body);
        }
        match said("grant_type").as_str() {
            "authorization_code" => {
                let Some(at) = self.codes.iter().position(|known| known.code == said("code")) else {
                    return refused(
                        "invalid_request",
                        "Value passed for the authorization code was invalid.",
                    );
                };
                let code = self.codes.remove(at);
                let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(said("code_verifier").as_bytes()));
                if code.until < desk.now() || code.redirect != said("redirect_uri") || code.challenge != proof
                {
                    return refused(
                        "invalid_request",
                        "Value passed for the authorization code was invalid.",
                    );
                }
                self.granted(desk)
            }
            "refresh_token" if self.refresh.is_some() && self.refresh == Some(said("refresh_token")) => {
                self.rotations += 1;
                self.granted(desk)
            }
            "refresh_token" => refused("invalid_request", "Value passed for the token was invalid."),
            _ => refused("unsupported_grant_type", "Not supported."),
        }
    }

    fn granted(&mut self, desk: &mut Desk) -> Answer {
        let number = desk.number();
        let (access, refresh) = (format!("stub-access-{number}"), format!("stub-refresh-{number}"));
        self.access = Some((access.clone(), desk.now() + TOKEN_MS));
        self.refresh = Some(refresh.clone());
        let body = json!({"token_type": "bearer", "expires_in": TOKEN_MS / 1000, "access_token": access,
            "scope": SCOPES.join(" "), "refresh_token": refresh});
        Answer::json(200, body)
    }
}
