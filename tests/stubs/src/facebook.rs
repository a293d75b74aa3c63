//! Facebook's Graph for one Page: tokens of the Page and of the person behind it, the page on which the person agrees,
//! posts, photos, films and reels, first comments, dates.
//!
//! A date is kept by the stub's own clock. Deliberately absent: stories, insights, posts of a second Page, limits by the
//! hour.

mod consent;
mod edges;
mod film;
mod nodes;
mod shown;

use serde_json::{Value, json};

use crate::http::{Answer, Request};
use crate::spec;
use crate::stub::{Api, Desk, Held, HeldMedia, Planned, Stub, Upload};
use consent::Consents;
use film::Film;

pub use consent::{APP_ID, APP_SECRET, OTHER_NAME, OTHER_PAGE};

/// The Page's own token that is good at the start.
pub const TOKEN: &str = "EAAStubPageToken";
/// The token of the person whose Page it is. It is exchanged for the Page's, and good as long as that one is.
pub const USER_TOKEN: &str = "EAAStubUserToken";
/// The Page's number.
pub const PAGE: &str = "104104104104104";
/// Its name.
pub const NAME: &str = "Café Bamako";

const VERSIONS: &[&str] = &["v23.0", "v24.0", "v25.0", "v26.0"];

/// A post, a comment, or one that waits for its date.
#[derive(Debug)]
struct Post {
    held: Held,
    is_comment: bool,
    /// The film that it shows, which is public when Facebook has made it.
    film: Option<String>,
    /// Whether it has a date that has not come.
    waits: bool,
}

/// What the Graph keeps.
#[derive(Debug, Default)]
pub struct State {
    posts: Vec<Post>,
    photos: Vec<(String, Upload)>,
    films: Vec<Film>,
    /// The most bytes of one part of a film.
    part: usize,
    asks: usize,
    consents: Consents,
}

/// Facebook on loopback.
pub type Facebook = Stub<State>;

impl Facebook {
    /// A Page without posts, with the tokens of this module.
    #[must_use]
    pub fn start() -> Self {
        Self::serve(State { part: 1 << 20, asks: 2, ..State::default() }, TOKEN)
    }

    /// Films go up in parts of so many bytes.
    pub fn part(&self, bytes: usize) {
        self.within(|state| state.part = bytes.max(1));
    }

    /// The person has a second Page.
    pub fn second_page(&self) {
        self.within(|state| state.consents.has_two = true);
    }

    /// The Page's token ends then, in seconds; 0 is never.
    pub fn ends(&self, token: i64, data_access: i64) {
        self.within(|state| state.consents.ends = (token, data_access));
    }

    /// Facebook forgets photos that no post names.
    pub fn forget_photos(&self) {
        self.within(|state| {
            let named: Vec<String> =
                state.posts.iter().flat_map(|post| &post.held.media).map(|m| m.id.clone()).collect();
            state.photos.retain(|(id, _)| named.contains(id));
        });
    }
}

/// An error of the Graph. Nearly all come with status 400.
fn error(message: &str, code: i64, subcode: i64) -> Answer {
    let mut body = json!({"message": message, "type": "OAuthException", "code": code, "fbtrace_id": "AStub"});
    if subcode != 0 {
        body["error_subcode"] = json!(subcode);
    }
    Answer::json(400, json!({ "error": body }))
}

fn bad(message: &str) -> Answer {
    error(&format!("(#100) {message}"), 100, 0)
}

fn unknown(id: &str) -> Answer {
    let words = format!(
        "Unsupported request. Object with ID '{id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation."
    );
    error(&words, 100, 33)
}

impl Api for State {
    fn answer(&mut self, desk: &mut Desk, request: &Request) -> Answer {
        if request.query().iter().any(|(name, _)| name == "access_token") {
            desk.note(request, ["a token in the address".to_owned()]);
        }
        if let Some(answer) = self.consents.answer(desk, request) {
            return answer;
        }
        let header = request.header("authorization").unwrap_or_default();
        let Some(token) = header.strip_prefix("OAuth ").or_else(|| request.bearer()) else {
            return error("An access token is required to request this resource.", 104, 0);
        };
        let is_user = token == USER_TOKEN && desk.token().is_some();
        if !is_user && !desk.is_good(Some(token)) {
            return error("Error validating access token: the session is invalid.", 190, 467);
        }
        let parts = request.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        if let ("POST", ["video-upload", version, id]) = (request.method.as_str(), &parts[..]) {
            return if VERSIONS.contains(version) { self.reel_bytes(request, id) } else { unknown(id) };
        }
        let Some((version, rest)) = parts.split_first().filter(|(version, _)| VERSIONS.contains(version))
        else {
            return error("Unknown path components", 2500, 0);
        };
        if request.method == "POST" {
            desk.note(request, spec::facebook::check(request));
        }
        match (request.method.as_str(), rest) {
            ("GET", ["me", ..]) => me(desk, request, &rest[1..], is_user, self.consents.has_two),
            _ if is_user => error("(#200) A Page access token is required.", 200, 0),
            ("GET", [PAGE, "published_posts"]) => self.published(desk, request),
            ("GET", [PAGE, "scheduled_posts"]) => self.waiting(desk, request),
            ("GET", [id, "comments"]) => self.comments(desk, request, id),
            ("GET", [id]) => self.node(desk, request, id),
            ("POST", [PAGE, "feed"]) => self.feed(desk, request),
            ("POST", [PAGE, "photos"]) => self.photo(desk, request),
            ("POST", [PAGE, "videos"]) => self.video(desk, request),
            ("POST", [PAGE, "video_reels"]) => self.reel(desk, request, version),
            ("POST", [id, "comments"]) => self.comment(desk, request, id),
            ("POST", [id]) => self.change(desk, request, id),
            ("DELETE", [id]) => self.delete(id),
            _ => error("Unknown path components", 2500, 0),
        }
    }

    fn broken(&mut self, desk: &mut Desk, request: &Request) {
        let token = request.header("authorization").and_then(|header| header.strip_prefix("OAuth "));
        let parts = request.parts();
        if let [place, _, id] = parts.as_slice()
            && place == "video-upload"
            && desk.is_good(token)
        {
            // What came is kept: the client asks how much it was, and goes on from there.
            self.reel_bytes(request, id);
        }
    }

    fn posts(&self) -> Vec<Held> {
        self.posts.iter().filter(|post| !post.waits).map(|post| post.held.clone()).collect()
    }

    fn scheduled(&self) -> Vec<Planned> {
        let waiting = self.posts.iter().filter(|post| post.waits);
        waiting.map(|post| Planned { post: post.held.clone() }).collect()
    }

    fn tick(&mut self, desk: &mut Desk) {
        let now = desk.now();
        let due = |post: &&mut Post| post.waits && post.held.at <= now;
        for post in self.posts.iter_mut().filter(due) {
            post.waits = false;
            // It is in another list from now on.
            desk.made(&post.held.id, post.held.at);
            let film = post.film.clone();
            for film in self.films.iter_mut().filter(|known| Some(&known.id) == film.as_ref()) {
                film.is_public = true;
            }
        }
    }
}

/// Whose token it is, what it may do, and the Pages that it sees.
fn me(desk: &Desk, request: &Request, rest: &[&str], is_user: bool, has_two: bool) -> Answer {
    let fields = request.asked("fields").unwrap_or_default();
    match (rest, is_user) {
        ([], true) if fields.contains("category") => {
            bad("Tried accessing nonexisting field (category) on node type (User)")
        }
        ([], true) => Answer::json(200, json!({"id": "77", "name": "Awa"})),
        ([], false) => {
            let all = json!({"id": PAGE, "name": NAME, "category": "Café", "link": format!("https://www.facebook.com/{PAGE}")});
            let wanted = |name: &String| name == "id" || fields.split(',').any(|field| field == name);
            let kept = all.as_object().into_iter().flatten().filter(|(name, _)| wanted(name));
            Answer::json(200, Value::Object(kept.map(|(name, v)| (name.clone(), v.clone())).collect()))
        }
        (["permissions"], true) => {
            let names =
                ["pages_show_list", "pages_read_engagement", "pages_manage_posts", "pages_manage_engagement"];
            let told = names.map(|name| json!({"permission": name, "status": "granted"}));
            Answer::json(200, json!({ "data": told }))
        }
        (["accounts"], true) => {
            let page =
                json!({"id": PAGE, "name": NAME, "username": "cafebamako", "access_token": desk.token()});
            let other =
                json!({"id": OTHER_PAGE, "name": OTHER_NAME, "access_token": "EAAStubOtherPageToken"});
            let pages = if has_two { vec![page, other] } else { vec![page] };
            Answer::json(200, json!({"data": pages, "paging": {"cursors": {"before": "a", "after": "b"}}}))
        }
        _ => bad("Tried accessing nonexisting field on node type (Page)"),
    }
}

/// A request's parameters: JSON, or a form whose texts are what they mean.
fn parameters(request: &Request) -> Value {
    let Some(form) = request.form() else { return request.json().unwrap_or_default() };
    let meaning = |text: String| match text.as_str() {
        "true" => json!(true),
        "false" => json!(false),
        _ => json!(text),
    };
    Value::Object(form.texts.into_iter().map(|(name, text)| (name, meaning(text))).collect())
}

/// A number, also where it is written as a text.
fn number(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// An unpublished medium's own number and bytes.
fn medium(id: &str, upload: &Upload) -> HeldMedia {
    upload.held(id)
}
