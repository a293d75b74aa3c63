//! A request as the networks write it: repeatable, and without a header that they did not ask for.

use std::path::{Path, PathBuf};

use reqwest::{Method, Url};
use serde_json::Value;

use crate::PreparedMedia;

/// What a lost answer means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    /// It can be asked again: nobody sees anything.
    Repeatable,
    /// The post may be live.
    Visible,
}

/// A file on its way up.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) path: PathBuf,
    pub(crate) bytes: u64,
    pub(crate) mime: &'static str,
    pub(crate) name: String,
}

impl Upload {
    /// A rendition. Its name tells nothing of the person's own file.
    pub(crate) fn of(media: &PreparedMedia) -> Self {
        let short = media.hash.get(..16).unwrap_or(&media.hash);
        Self {
            path: Path::to_path_buf(&media.path),
            bytes: media.bytes,
            mime: media.format.mime(),
            name: format!("{short}.{}", media.format.extension()),
        }
    }
}

/// A body.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    Nothing,
    Json(Value),
    File(Upload),
    /// A file called `file`, and texts.
    Form(Upload, Vec<(&'static str, String)>),
}

/// A request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) effect: Effect,
    pub(crate) bearer: Option<String>,
    pub(crate) header: Option<(&'static str, String)>,
    pub(crate) payload: Payload,
    /// What must not be repeated in any message, should the answer hold it.
    pub(crate) hidden: Vec<String>,
}

impl Request {
    fn new(method: Method, url: Url, payload: Payload) -> Self {
        let effect = Effect::Repeatable;
        Self { method, url, effect, bearer: None, header: None, payload, hidden: Vec::new() }
    }

    pub(crate) fn get(url: Url) -> Self {
        Self::new(Method::GET, url, Payload::Nothing)
    }

    pub(crate) fn post(url: Url, payload: Payload) -> Self {
        Self::new(Method::POST, url, payload)
    }

    /// This request makes the post visible.
    pub(crate) fn visible(mut self) -> Self {
        self.effect = Effect::Visible;
        self
    }

    pub(crate) fn bearer(mut self, token: &str) -> Self {
        self.bearer = Some(token.to_owned());
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.header = Some((name, value.to_owned()));
        self
    }

    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.hidden.push(secret.to_owned());
        self
    }

    /// Bytes of the body that take time on a thin line.
    pub(crate) fn weight(&self) -> u64 {
        match &self.payload {
            Payload::File(upload) | Payload::Form(upload, _) => upload.bytes,
            Payload::Json(_) | Payload::Nothing => 0,
        }
    }
}
