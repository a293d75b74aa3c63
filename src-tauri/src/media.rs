//! `media://`: what goes out to the page and comes in from it, in bytes, through the same door as `griot serve`.
//!
//! Only the window's own page is answered. Deliberately absent: a path of a file, and films on Linux, whose player
//! takes no address but http (`desktop` gives it one).

use std::sync::Arc;

use griot_app::Studio;
use griot_serve::Door;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderValue, ORIGIN,
};
use http::{HeaderMap, HeaderName, Method, Request, Response, StatusCode};
use tauri::{Manager, UriSchemeContext, UriSchemeResponder, Wry};

/// The page, as its browser calls it.
pub(crate) const PAGE: &str = if cfg!(windows) { "http://tauri.localhost" } else { "tauri://localhost" };

/// The longest part of a file that one answer holds in memory.
const LONGEST: u64 = 4 << 20;

/// What the page may ask with, and may see of an answer.
const CROSSING: &[(HeaderName, &str)] = &[
    (ACCESS_CONTROL_ALLOW_ORIGIN, PAGE),
    (ACCESS_CONTROL_ALLOW_METHODS, "GET, HEAD, PUT"),
    (ACCESS_CONTROL_ALLOW_HEADERS, "content-type, if-none-match, if-range, range"),
    (ACCESS_CONTROL_EXPOSE_HEADERS, "accept-ranges, content-length, content-range, etag"),
    (ACCESS_CONTROL_MAX_AGE, "600"),
];

/// The door for this window.
pub(crate) fn door(studio: &Arc<Studio>) -> Arc<Door> {
    Arc::new(Door::in_pieces_of(Arc::clone(studio), LONGEST))
}

/// Answers one request of the page, on a thread that may block.
pub(crate) fn answer(
    context: UriSchemeContext<'_, Wry>,
    request: Request<Vec<u8>>,
    responder: UriSchemeResponder,
) {
    let door = Arc::clone(&context.app_handle().state::<Arc<Door>>());
    tauri::async_runtime::spawn_blocking(move || responder.respond(reply(&door, &request)));
}

fn reply(door: &Door, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
    let uri = request.uri();
    let mut reply = match *request.method() {
        _ if !is_from_page(request) => empty(StatusCode::FORBIDDEN),
        Method::OPTIONS => empty(StatusCode::NO_CONTENT),
        Method::GET => door.get(uri.path(), request.headers()).whole(),
        Method::HEAD => door.get(uri.path(), request.headers()).whole().map(|_| Vec::new()),
        Method::PUT if uri.path() == "/import" => {
            door.put(uri.query().unwrap_or_default(), request.body()).whole()
        }
        _ => empty(StatusCode::METHOD_NOT_ALLOWED),
    };
    let crossing = CROSSING.iter().map(|(name, value)| (name.clone(), HeaderValue::from_static(value)));
    reply.headers_mut().extend(crossing.collect::<HeaderMap>());
    reply
}

/// A picture in the page names no origin; what writes has to.
fn is_from_page(request: &Request<Vec<u8>>) -> bool {
    match request.headers().get(ORIGIN) {
        Some(origin) => origin == PAGE,
        None => request.method() != Method::PUT,
    }
}

fn empty(status: StatusCode) -> Response<Vec<u8>> {
    let mut reply = Response::new(Vec::new());
    *reply.status_mut() = status;
    reply
}
