//! X, as its API v2 is documented: keys of OAuth 1.0a, tokens of OAuth 2.0, media whole and in parts, posts, the
//! account's own list.
//!
//! Deliberately absent: prices, limits by the hour, everybody but the account itself.

mod consent;
mod media;
mod oauth;
mod text;

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::spec;
use crate::stub::{Api, Desk, Held, Stub};
use crate::time;
use consent::Consents;
pub use consent::{CLIENT_ID, CLIENT_SECRET};
use media::Medium;
pub use oauth::sign;

/// The account's number.
pub const USER: &str = "2244994945";
/// Its name.
pub const USERNAME: &str = "griot_studio";
/// The keys that are good at the start.
pub const API_KEY: &str = "stub-api-key";
/// The secret half of the first.
pub const API_SECRET: &str = "stub-api-secret";
/// The account's token: it begins with its number.
pub const ACCESS_TOKEN: &str = "2244994945-StubAccessToken";
/// The secret half of the second.
pub const ACCESS_SECRET: &str = "stub-access-secret";

/// The posts among which a second one with the same text is refused.
const RECENT: usize = 20;
const FIELDS: &[&str] = &["attachments", "created_at", "entities", "note_tweet", "text", "id"];
const QUERY: &[&str] =
    &["max_results", "exclude", "tweet.fields", "since_id", "until_id", "pagination_token", "expansions"];

/// What X keeps.
#[derive(Debug, Default)]
pub struct State {
    posts: Vec<Held>,
    media: Vec<(String, Medium)>,
    subscription: Option<String>,
    consents: Consents,
    /// How often the state of a film is asked for before it is ready.
    asks: usize,
}

/// X on loopback.
pub type X = Stub<State>;

impl X {
    /// An account without a subscription, with the keys of this module.
    #[must_use]
    pub fn start() -> Self {
        Self::serve(State { asks: 2, ..State::default() }, ACCESS_TOKEN)
    }

    /// The account has this subscription (`Premium`), and may write longer texts.
    pub fn subscribe(&self, kind: &str) {
        self.within(|state| state.subscription = Some(kind.to_owned()));
    }

    /// The app is one that keeps a secret ([`CLIENT_SECRET`]).
    pub fn confide(&self) {
        self.within(|state| state.consents.is_confidential = true);
    }

    /// The access token that is good ends now; the refresh token stays good.
    pub fn end_access(&self) {
        self.within(|state| state.consents.end_access());
    }

    /// The person withdraws what they agreed to in the browser.
    pub fn withdraw(&self) {
        self.within(|state| state.consents.withdraw());
    }

    /// How often tokens were refreshed.
    #[must_use]
    pub fn rotations(&self) -> usize {
        self.within(|state| state.consents.rotations)
    }

    /// X forgets every medium that no post names.
    pub fn forget_media(&self) {
        self.within(|state| state.media.clear());
    }
}

/// A problem as X describes it.
fn problem(status: u16, title: &str, detail: &str, kind: &str) -> Answer {
    let kind = match kind {
        "" => "about:blank".to_owned(),
        kind => format!("https://api.x.com/2/problems/{kind}"),
    };
    Answer::json(status, json!({"title": title, "detail": detail, "type": kind, "status": status}))
}

/// A refusal of parameters.
fn invalid(message: &str) -> Answer {
    let body = json!({
        "errors": [{"message": message}], "title": "Invalid Request", "status": 400,
        "detail": "One or more parameters to your request was invalid.",
        "type": "https://api.x.com/2/problems/invalid-request",
    });
    Answer::json(400, body)
}

fn forbidden(detail: &str) -> Answer {
    problem(403, "Forbidden", detail, "")
}

impl Api for State {
    fn answer(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        if request.query().iter().any(|(name, _)| name.contains("token") && name != "pagination_token") {
            desk.note(request, ["a token in the address".to_owned()]);
        }
        match (request.method.as_str(), request.path()) {
            ("GET", "/i/oauth2/authorize") => return self.consents.page(desk, request),
            ("POST", "/2/oauth2/token") => return self.consents.tokens(desk, request),
            _ => {}
        }
        let refused = match request.bearer() {
            Some(token) if self.consents.is_good(desk, token) => Ok(()),
            Some(token) if Consents::is_ours(token) => Err(problem(401, "Unauthorized", "Unauthorized", "")),
            _ => oauth::check(desk, request),
        };
        if let Err(refused) = refused {
            return refused;
        }
        if request.method != "GET"
            && let Err(wrong) = spec::check_request(spec::X, request)
        {
            desk.note(request, wrong.clone());
            return invalid(&wrong.join("; "));
        }
        let parts = request.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        match (request.method.as_str(), &parts[..]) {
            ("GET", ["2", "users", "me"]) => self.me(),
            ("GET", ["2", "users", id, "tweets"]) => self.list(desk, request, id),
            ("POST", ["2", "tweets"]) => self.post(desk, request),
            ("GET", ["2", "tweets", id]) => self.one(id),
            ("DELETE", ["2", "tweets", id]) => self.delete(id),
            (_, ["2", "media", ..]) => self.media(desk, request, &parts[2..]),
            _ => problem(404, "Not Found", "Not Found", ""),
        }
    }

    fn posts(&self) -> Vec<Held> {
        self.posts.clone()
    }
}

impl State {
    fn me(&self) -> Answer {
        let kind = self.subscription.as_deref().unwrap_or("None");
        let me = json!({"id": USER, "name": "Griot", "username": USERNAME, "subscription_type": kind});
        Answer::json(200, json!({ "data": me }))
    }

    fn post(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        let body = request.json().unwrap_or_default();
        let text = desk.manners().kept(body["text"].as_str().unwrap_or_default());
        let text = text.as_str();
        let ids: Vec<&str> = strings(&body["media"]["media_ids"]);
        if text.trim().is_empty() && ids.is_empty() {
            return invalid("The `text` field is required when no media is attached.");
        }
        let most = if self.subscription.is_some() { 25_000 } else { 280 };
        if text::weight(text) > most {
            return forbidden("Your Tweet text is too long. For more info, see /rules.");
        }
        if text::cashtags(text) > 1 {
            return forbidden("You can only use one cashtag per post.");
        }
        let media = match self.named(&ids) {
            Ok(media) => media,
            Err(refused) => return refused,
        };
        let parent = body["reply"]["in_reply_to_tweet_id"].as_str();
        if parent.is_some_and(|id| !self.posts.iter().any(|post| post.id == id)) {
            return forbidden("You attempted to reply to a Tweet that is deleted or not visible to you.");
        }
        let hashes = |post: &Held| post.media.iter().map(|medium| medium.hash.clone()).collect::<Vec<_>>();
        let held = Held {
            id: (1_990_000_000_000_000_000 + desk.number()).to_string(),
            text: text.to_owned(),
            media,
            parent: parent.map(str::to_owned),
            at: desk.now(),
            key: None,
            sent: body.clone(),
        };
        let recent = self.posts.iter().rev().take(RECENT);
        if recent.into_iter().any(|post| post.text == text && hashes(post) == hashes(&held)) {
            return forbidden("You are not allowed to create a Tweet with duplicate content.");
        }
        let said = json!({"id": held.id, "text": text::shown(&held).0, "edit_history_tweet_ids": [held.id]});
        desk.made(&held.id, held.at);
        self.posts.push(held);
        Answer::json(201, json!({ "data": said }))
    }

    fn one(&self, id: &str) -> Answer {
        match self.posts.iter().find(|post| post.id == id) {
            Some(post) => Answer::json(200, json!({ "data": shown(post) })),
            None => Answer::json(
                200,
                json!({"errors": [{"title": "Not Found Error", "detail": "Could not find tweet.",
                    "type": "https://api.x.com/2/problems/resource-not-found"}]}),
            ),
        }
    }

    fn delete(&mut self, id: &str) -> Answer {
        let before = self.posts.len();
        self.posts.retain(|post| post.id != id);
        Answer::json(200, json!({"data": {"deleted": self.posts.len() < before}}))
    }

    fn list(&self, desk: &Desk, request: &Request, id: &str) -> Answer {
        let query = request.query();
        if let Some((name, _)) = query.iter().find(|(name, _)| !QUERY.contains(&name.as_str())) {
            return invalid(&format!("The query parameter [{name}] is not one of [{}]", QUERY.join(",")));
        }
        let fields = request.asked("tweet.fields").unwrap_or_default();
        let fields: Vec<&str> = fields.split(',').filter(|field| !field.is_empty()).collect();
        if let Some(field) = fields.iter().find(|field| !FIELDS.contains(field)) {
            return invalid(&format!("The `tweet.fields` query parameter value [{field}] is not valid"));
        }
        let at_once = request.asked("max_results").map_or(Ok(10), |most| most.parse());
        let Some(at_once) = at_once.ok().filter(|most| (5..=100).contains(most)) else {
            return invalid("The `max_results` query parameter value is not between 5 and 100");
        };
        if id != USER {
            let detail = format!("Could not find user with id: [{id}].");
            let error = json!({"title": "Not Found Error", "detail": detail,
                "type": "https://api.x.com/2/problems/resource-not-found"});
            return Answer::json(200, json!({ "errors": [error] }));
        }
        let since = request.asked("since_id").unwrap_or_default();
        let before = request.asked("pagination_token");
        let listed = self.posts.iter().rev().filter(|post| desk.is_listed(&post.id));
        let wanted = listed.filter(|post| post.id > since);
        let mut rest = wanted.filter(|post| before.as_ref().is_none_or(|before| post.id < *before));
        let page: Vec<&Held> = rest.by_ref().take(at_once).collect();
        let mut meta = json!({"result_count": page.len()});
        if let (Some(first), Some(last)) = (page.first(), page.last()) {
            (meta["newest_id"], meta["oldest_id"]) = (json!(first.id), json!(last.id));
            if rest.next().is_some() {
                meta["next_token"] = json!(last.id);
            }
        }
        if page.is_empty() {
            return Answer::json(200, json!({ "meta": meta }));
        }
        let default = ["id", "text", "edit_history_tweet_ids"];
        let mut all: Vec<Value> = page.iter().map(|post| shown(post)).collect();
        for one in all.iter_mut().filter_map(Value::as_object_mut) {
            one.retain(|name, _| default.contains(&name.as_str()) || fields.contains(&name.as_str()));
        }
        Answer::json(200, json!({"data": all, "meta": meta}))
    }
}

/// A post with every field that X has of it.
fn shown(post: &Held) -> Value {
    let (text, urls) = text::shown(post);
    let mut one = json!({
        "id": post.id, "text": text, "edit_history_tweet_ids": [post.id], "created_at": time::iso(post.at),
    });
    if !urls.is_empty() {
        one["entities"] = json!({ "urls": urls });
    }
    if !post.media.is_empty() {
        let keys: Vec<_> = post.media.iter().map(|medium| format!("3_{}", medium.id)).collect();
        one["attachments"] = json!({ "media_keys": keys });
    }
    if text::weight(&post.text) > 280 {
        one["note_tweet"] = json!({ "text": post.text });
    }
    one
}

fn strings(value: &Value) -> Vec<&str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}
