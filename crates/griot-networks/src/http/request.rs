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

/// A file, or a part of it, on its way up.
#[derive(Debug, Clone)]
pub(crate) struct Upload {
    pub(crate) path: PathBuf,
    /// Bytes of the whole file.
    pub(crate) total: u64,
    /// The first byte that goes up.
    pub(crate) from: u64,
    /// Bytes that go up.
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
            total: media.bytes,
            from: 0,
            bytes: media.bytes,
            mime: media.format.mime(),
            name: format!("{short}.{}", media.format.extension()),
        }
    }

    /// At most `most` bytes of it, from `from` on.
    pub(crate) fn part(self, from: u64, most: u64) -> Self {
        let from = from.min(self.total);
        Self { from, bytes: most.min(self.total - from), ..self }
    }
}

/// A body.
#[derive(Debug, Clone)]
pub(crate) enum Payload {
    Nothing,
    Json(Value),
    /// The bytes of a file and nothing else.
    File(Upload),
    /// A form in parts: texts, and a file under its name in the form.
    Form(Option<(&'static str, Upload)>, Vec<(&'static str, String)>),
    /// A form as in an address.
    Encoded(Vec<(&'static str, String)>),
    /// A form in parts whose names are known when it is sent: texts, and any number of files.
    Parts {
        texts: Vec<(String, String)>,
        files: Vec<(String, Upload)>,
    },
}

impl Payload {
    /// A file called `file`, and texts.
    pub(crate) fn file(upload: Upload, texts: Vec<(&'static str, String)>) -> Self {
        Self::Form(Some(("file", upload)), texts)
    }
}

/// A header that a network asks for.
#[derive(Clone)]
pub(crate) struct Header {
    pub(crate) name: &'static str,
    pub(crate) value: String,
    /// Whether it must not be shown by anything that shows requests.
    pub(crate) secret: bool,
}

/// A request.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) effect: Effect,
    pub(crate) bearer: Option<String>,
    pub(crate) headers: Vec<Header>,
    pub(crate) payload: Payload,
    /// What must not be repeated in any message, should the answer or the address hold it.
    pub(crate) hidden: Vec<String>,
    /// Whether the answer may be a place on the same server instead of what was asked for.
    pub(crate) located: bool,
    /// Whether an answer without a body is a success as well.
    pub(crate) or_nothing: bool,
}

impl Request {
    fn new(method: Method, url: Url, payload: Payload) -> Self {
        Self {
            method,
            url,
            effect: Effect::Repeatable,
            bearer: None,
            headers: Vec::new(),
            payload,
            hidden: Vec::new(),
            located: false,
            or_nothing: false,
        }
    }

    pub(crate) fn get(url: Url) -> Self {
        Self::new(Method::GET, url, Payload::Nothing)
    }

    pub(crate) fn post(url: Url, payload: Payload) -> Self {
        Self::new(Method::POST, url, payload)
    }

    pub(crate) fn put(url: Url, payload: Payload) -> Self {
        Self::new(Method::PUT, url, payload)
    }

    pub(crate) fn delete(url: Url) -> Self {
        Self::new(Method::DELETE, url, Payload::Nothing)
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
        self.headers.push(Header { name, value: value.to_owned(), secret: false });
        self
    }

    /// A header that proves who asks. What it holds is repeated nowhere.
    pub(crate) fn secret_header(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push(Header { name, value: value.to_owned(), secret: true });
        self.hiding(value)
    }

    pub(crate) fn hiding(mut self, secret: &str) -> Self {
        self.hidden.push(secret.to_owned());
        self
    }

    /// The answer may point to another place on the same server ([`Answer::location`](super::Answer)). Nothing is
    /// followed, and it means nothing for a request that is not a repeatable GET.
    pub(crate) fn located(mut self) -> Self {
        self.located = true;
        self
    }

    /// The network may have nothing to say on success, and says so (204): a front door answers with an empty page, too. For
    /// steps alone, as it never proves that a post is live.
    pub(crate) fn or_nothing(mut self) -> Self {
        self.or_nothing = true;
        self
    }

    /// Bytes of the body that take time on a thin line.
    pub(crate) fn weight(&self) -> u64 {
        match &self.payload {
            Payload::File(upload) | Payload::Form(Some((_, upload)), _) => upload.bytes,
            Payload::Parts { files, .. } => files.iter().map(|(_, upload)| upload.bytes).sum(),
            Payload::Form(None, _) | Payload::Encoded(_) | Payload::Json(_) | Payload::Nothing => 0,
        }
    }
}
