//! The page itself: the built files of `ui/`, with what keeps strangers out of it.
//!
//! A program that people get carries them inside; a debug build reads them from `ui/dist`, so that a change of the page
//! needs no compiler. Deliberately absent: building them (`cargo xtask run` does), compression, directories.

use std::borrow::Cow;

use griot_domain::Lang;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, StatusCode};

use super::body::{self, Reply};
use crate::door::parts;
use crate::words::Refusal;

/// What the page may load: its own files, pictures that it made itself, and nothing from any network. Styles of single
/// elements are set by scripts while they place menus and drag things; no stylesheet may stand in the page.
const POLICY: &str = "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; \
    img-src 'self' blob: data:; media-src 'self' blob: data:; font-src 'self'; connect-src 'self'; \
    frame-src 'none'; object-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/// What the page may ask the browser for.
const PERMISSIONS: &str = "camera=(), geolocation=(), microphone=(), payment=(), usb=(), serial=(), hid=(), \
    display-capture=(), clipboard-read=(self), clipboard-write=(self), fullscreen=(self)";

/// The files of the page, by their path without the first slash.
#[derive(Debug, Clone, Copy)]
pub struct Pages {
    find: fn(&str) -> Option<Cow<'static, [u8]>>,
}

impl Pages {
    /// Those that were built.
    #[must_use]
    pub const fn built() -> Self {
        Self { find: built }
    }

    /// Those that `find` finds.
    #[must_use]
    pub const fn from(find: fn(&str) -> Option<Cow<'static, [u8]>>) -> Self {
        Self { find }
    }

    /// The file under `path`; the page itself for a path that the page knows what to do with.
    pub(super) fn get(self, method: &Method, path: &str, lang: Lang) -> Result<Reply, Refusal> {
        if method != Method::GET && method != Method::HEAD {
            return Err(Refusal::Method);
        }
        let name = if path == "/" { String::new() } else { parts(path).ok_or(Refusal::NotFound)?.join("/") };
        let file =
            if name.is_empty() { None } else { (self.find)(&name).map(|bytes| (name.as_str(), bytes)) };
        let is_file = name.rsplit('/').next().is_some_and(|last| last.contains('.'));
        let (name, bytes) = match file {
            Some(found) => found,
            None if is_file => return Err(Refusal::NotFound),
            None => match (self.find)("index.html") {
                Some(page) => ("index.html", page),
                None => return Ok(not_built(lang)),
            },
        };
        let mut reply = body::bytes(StatusCode::OK, kind(name), bytes.into_owned());
        // Names below assets/ hold a hash of what is in the file.
        let caching = match name {
            name if name.ends_with(".html") => "no-store",
            name if name.starts_with("assets/") => "private, max-age=31536000, immutable",
            _ => "no-cache",
        };
        reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static(caching));
        guard(&mut reply);
        Ok(reply)
    }
}

#[cfg(debug_assertions)]
fn built(name: &str) -> Option<Cow<'static, [u8]>> {
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../ui/dist"));
    std::fs::read(folder.join(name)).ok().map(Cow::Owned)
}

#[cfg(not(debug_assertions))]
fn built(name: &str) -> Option<Cow<'static, [u8]>> {
    #[derive(rust_embed::RustEmbed)]
    #[folder = "../../ui/dist"]
    #[allow_missing = true]
    struct Built;
    Built::get(name).map(|file| file.data)
}

fn not_built(lang: Lang) -> Reply {
    let text = lang.pick(
        "La page de Griot n’est pas construite. Construisez-la\u{a0}: cargo xtask run.\n",
        "The page of Griot is not built. Build it: cargo xtask run.\n",
    );
    let mut reply = body::bytes(StatusCode::OK, "text/plain; charset=utf-8", text.into());
    guard(&mut reply);
    reply
}

fn guard(reply: &mut Reply) {
    let headers = reply.headers_mut();
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    let name = HeaderName::from_static("permissions-policy");
    headers.insert(name, HeaderValue::from_static(PERMISSIONS));
    debug_assert!(headers.contains_key(CONTENT_TYPE), "BUG: a page without a type");
}

/// The media type of a file of the page, by its ending: these are our own files.
fn kind(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" | "webmanifest" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "woff" => "font/woff",
        "ttf" => "font/ttf",
        "mp4" => "video/mp4",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
