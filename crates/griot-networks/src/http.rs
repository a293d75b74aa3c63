//! The one place that speaks HTTP.
//!
//! Everything here holds for every network: https (http on this machine alone), no cookies, no redirects, no
//! proxy taken from the environment, limits on time and size, a login page recognised, and no secret in an
//! error or in the log. Deliberately absent: retries (the outbox's) and what an answer means to one network.

mod answer;
mod meter;
mod pointers;
mod request;
mod when;

use std::fmt;
use std::io::SeekFrom;
use std::sync::Arc;
use std::time::Duration;

use griot_domain::line::{MEASURED_FROM_BYTES, Sample};
use griot_domain::{Clock, Faults, Random, Timestamp};
use reqwest::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderValue, LOCATION};
use reqwest::multipart::{Form, Part};
use reqwest::{Body, Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio_util::io::ReaderStream;

pub(crate) use answer::Answer;
pub use meter::Meter;
use request::Header;
pub(crate) use request::{Effect, Payload, Request, Upload};

use crate::{Error, Why, address};

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For an answer without a large body on either side.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(30);
/// The thinnest line that an upload is made for.
const UPLOAD_BYTES_PER_SECOND: u64 = griot_domain::line::ASSUMED_BYTES_PER_SECOND;
const UPLOAD_TIMEOUT_MAX: Duration = Duration::from_secs(6 * 60 * 60);
/// No answer that is asked for is longer.
const ANSWER_MAX: usize = 2 << 20;
/// Servers close idle connections, and a visible call on a dying one is a call with a lost answer.
const IDLE_MAX: Duration = Duration::from_secs(15);

/// The named failure points of this crate.
pub const FAILURE_POINTS: &[&str] = &[STEP_SENDING, STEP_ANSWERED, VISIBLE_SENDING, VISIBLE_ANSWERED];
const STEP_SENDING: &str = "networks.step.sending";
const STEP_ANSWERED: &str = "networks.step.answered";
const VISIBLE_SENDING: &str = "networks.visible.sending";
const VISIBLE_ANSWERED: &str = "networks.visible.answered";

/// The way out. Cheap to clone.
#[derive(Clone)]
pub struct Client(Arc<Inner>);

struct Inner {
    /// An [`Error::Environment`] when this machine cannot speak TLS: the rest of the studio works without.
    http: Result<reqwest::Client, Error>,
    /// Whether this machine can recognise anybody over https.
    roots: bool,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    faults: Faults,
    meter: Meter,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Client")
    }
}

impl Client {
    /// A way out that says it is `Griot/<version>`.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, random: Arc<dyn Random>, faults: Faults, version: &str) -> Self {
        // Once per process; a second studio in the same process finds the first one's.
        rustls::crypto::ring::default_provider().install_default().ok();
        let build = || {
            reqwest::Client::builder()
                .user_agent(format!("Griot/{version}"))
                .redirect(reqwest::redirect::Policy::none())
                .retry(reqwest::retry::never())
                .referer(false)
                .no_proxy()
                .connect_timeout(CONNECT_TIMEOUT)
                .pool_idle_timeout(IDLE_MAX)
        };
        let (http, roots) = match build().build() {
            Ok(http) => (Ok(http), true),
            // A machine without root certificates still reaches servers of its own.
            Err(_) => (build().tls_certs_only([]).build().map_err(|e| Error::Environment(no_way(&e))), false),
        };
        Self(Arc::new(Inner { http, roots, clock, random, faults, meter: Meter::default() }))
    }

    /// How fast bodies go up through this way out.
    #[must_use]
    pub fn meter(&self) -> Meter {
        self.0.meter.clone()
    }

    /// The instant it is on this machine.
    pub(crate) fn now(&self) -> Timestamp {
        self.0.clock.now()
    }

    /// So many unpredictable bytes.
    pub(crate) fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.0.random.fill(&mut bytes);
        bytes
    }

    /// Sends a request and reads its whole answer. An answer with a status of success is JSON; any other
    /// comes back as it is, for the network to judge.
    pub(crate) async fn send(&self, request: Request) -> Result<Answer, Error> {
        self.permit(&request.url)?;
        let (effect, url, method) = (request.effect, request.url.clone(), request.method.clone());
        let located = request.located && effect == Effect::Repeatable && method == Method::GET;
        let (sending, answered) = match effect {
            Effect::Repeatable => (STEP_SENDING, STEP_ANSWERED),
            Effect::Visible => (VISIBLE_SENDING, VISIBLE_ANSWERED),
        };
        let or_nothing = request.or_nothing && effect == Effect::Repeatable;
        let hidden: Vec<String> = request.hidden.iter().chain(&request.bearer).cloned().collect();
        let weight = request.weight();
        let ready = self.prepare(request).await?;
        self.0.faults.at(sending).map_err(|e| Error::Offline(e.to_string().into()))?;
        let begun = self.now();
        let response = ready.send().await.map_err(|e| lost(e, effect))?;
        let took = self.now().millis_since(begun);
        let (status, headers) = (response.status(), response.headers().clone());
        // Some networks want the secret in the address.
        let path = without(url.path(), &hidden);
        tracing::debug!(%method, host = url.host_str(), path, status = status.as_u16(), "answered");
        let body = read(response, effect).await?;
        self.0.faults.at(answered).map_err(|e| unread(effect, e.to_string()))?;
        let mut json = if is_other(&headers) { None } else { serde_json::from_slice::<Value>(&body).ok() };
        json = json.filter(|v| v.is_object() || v.is_array());
        if or_nothing && body.is_empty() && status == StatusCode::NO_CONTENT {
            json = Some(Value::Array(Vec::new()));
        }
        let moved = located && status.is_redirection();
        let location = if moved { elsewhere(&url, &headers) } else { None };
        let astray = status.is_redirection() && location.is_none();
        if astray || (status.is_success() && json.is_none()) {
            return Err(stranger(effect, status.as_u16(), &headers, &body));
        }
        if status.is_success() {
            self.measure(weight, took);
        }
        let (date, listens_again) = (when::server_date(&headers), when::listens_again(&headers, self.now()));
        Ok(Answer { status, json, location, date, effect, listens_again, now: self.now(), hidden })
    }

    /// Notes how long a body of `weight` bytes took. Where the clock says that it took no time, or more than it had,
    /// the clock was set meanwhile.
    fn measure(&self, weight: u64, took: i64) {
        let most = time_for(weight);
        let millis = u64::try_from(took).unwrap_or(0);
        if weight >= MEASURED_FROM_BYTES && millis > 0 && Duration::from_millis(millis) <= most {
            self.0.meter.note(Sample { bytes: weight, millis });
        }
    }

    fn permit(&self, url: &Url) -> Result<(), Error> {
        if !address::is_permitted(url) {
            let origin = url.origin().ascii_serialization();
            return Err(Error::Environment(address::AddressError::NotEncrypted(origin).into()));
        }
        if url.scheme() == "https" && !self.0.roots {
            return Err(Error::Environment(Why::ours(
                "Cet ordinateur n\u{2019}a pas de certificats racine\u{a0}: aucune liaison chiffrée n\u{2019}est possible. Sous Debian, installez ca-certificates.",
                "This computer has no root certificates: no encrypted connection can be made. On Debian, install ca-certificates.",
            )));
        }
        Ok(())
    }

    async fn prepare(&self, request: Request) -> Result<RequestBuilder, Error> {
        let time = time_for(request.weight());
        let http = self.0.http.as_ref().map_err(Clone::clone)?;
        let mut builder = http.request(request.method, request.url);
        builder = builder.timeout(time).header(ACCEPT, "application/json");
        if let Some(token) = &request.bearer {
            builder = builder.bearer_auth(token);
        }
        for Header { name, value, secret } in &request.headers {
            let bad = |_| {
                Error::Auth(Why::ours(
                    "Ce qui a été donné contient des signes qu\u{2019}aucun serveur ne prend\u{a0}: copiez-le seul.",
                    "What was given holds signs that no server takes: copy it alone.",
                ))
            };
            let mut value = HeaderValue::try_from(value).map_err(bad)?;
            value.set_sensitive(*secret);
            builder = builder.header(*name, value);
        }
        Ok(match request.payload {
            Payload::Nothing => builder,
            Payload::Json(body) => builder.json(&body),
            Payload::Encoded(texts) => {
                builder.header(CONTENT_TYPE, "application/x-www-form-urlencoded").body(encoded(&texts))
            }
            Payload::File(upload) => builder
                .header(CONTENT_TYPE, upload.mime)
                .header(CONTENT_LENGTH, upload.bytes)
                .body(open(&upload).await?),
            Payload::Form(file, texts) => {
                let mut form =
                    texts.into_iter().fold(Form::new(), |form, (name, text)| form.text(name, text));
                if let Some((name, upload)) = file {
                    form = form.part(name, part(upload).await?);
                }
                builder.multipart(form)
            }
            Payload::Parts { texts, files } => {
                let mut form =
                    texts.into_iter().fold(Form::new(), |form, (name, text)| form.text(name, text));
                for (name, upload) in files {
                    form = form.part(name, part(upload).await?);
                }
                builder.multipart(form)
            }
        })
    }
}

/// The longest that sending so many bytes and hearing the answer may take.
fn time_for(weight: u64) -> Duration {
    ANSWER_TIMEOUT + Duration::from_secs(weight / UPLOAD_BYTES_PER_SECOND).min(UPLOAD_TIMEOUT_MAX)
}

/// Texts as in an address.
fn encoded(texts: &[(&'static str, String)]) -> String {
    let mut place = Url::parse("https://form.invalid").expect("BUG: the address is a constant");
    place.query_pairs_mut().extend_pairs(texts);
    place.query().unwrap_or_default().to_owned()
}

/// A file as a part of a form.
async fn part(upload: Upload) -> Result<Part, Error> {
    let part = Part::stream_with_length(open(&upload).await?, upload.bytes).file_name(upload.name);
    Ok(part.mime_str(upload.mime).expect("BUG: the media types are the domain's own"))
}

/// The file, streamed; it must still be the one that was measured, or the promised length is wrong.
async fn open(upload: &Upload) -> Result<Body, Error> {
    let here = |error: std::io::Error| {
        let (name, plain) = (upload.path.display(), format!("{}: {error}", upload.path.display()));
        Error::Environment(
            Why::ours(
                format!("Cet ordinateur n\u{2019}a pas pu lire {name}."),
                format!("This computer could not read {name}."),
            )
            .logged(plain),
        )
    };
    let mut file = tokio::fs::File::open(&upload.path).await.map_err(here)?;
    let bytes = file.metadata().await.map_err(here)?.len();
    if bytes != upload.total {
        let (name, total) = (upload.path.display(), upload.total);
        let plain = format!("{name} has {bytes} bytes instead of {total}");
        let why = Why::ours(
            format!("Le fichier {name} a changé pendant l\u{2019}envoi."),
            format!("The file {name} has changed while it was sent."),
        );
        return Err(Error::Environment(why.logged(plain)));
    }
    if upload.from > 0 {
        file.seek(SeekFrom::Start(upload.from)).await.map_err(here)?;
    }
    Ok(Body::wrap_stream(ReaderStream::new(file.take(upload.bytes))))
}

/// A text without the secrets in it.
fn without(text: &str, hidden: &[String]) -> String {
    let told = hidden.iter().filter(|secret| !secret.is_empty());
    told.fold(text.to_owned(), |text, secret| text.replace(secret.as_str(), "…"))
}

async fn read(mut response: Response, effect: Effect) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|e| lost(e, effect))? {
        if body.len() + chunk.len() > ANSWER_MAX {
            return Err(unread(effect, format!("an answer of more than {ANSWER_MAX} bytes")));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// No connection, no request: that much is certain. Everything later leaves a visible call in doubt.
fn lost(error: reqwest::Error, effect: Effect) -> Error {
    if error.is_connect() {
        return Error::Offline(reason(&error).into());
    }
    unread(effect, reason(&error))
}

fn unread(effect: Effect, words: impl Into<Why>) -> Error {
    let words = words.into();
    match effect {
        Effect::Repeatable => Error::Transient(words),
        Effect::Visible => Error::Uncertain(words),
    }
}

/// Whether an answer says that it is something that no network's JSON is ever said to be, whatever its bytes are.
fn is_other(headers: &HeaderMap) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let kind = kind.trim_start().to_ascii_lowercase();
    ["image/", "video/", "audio/", "font/", "text/html", "text/css"]
        .iter()
        .any(|other| kind.starts_with(other))
}

/// An answer that the network cannot have given.
fn stranger(effect: Effect, status: u16, headers: &HeaderMap, body: &[u8]) -> Error {
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let is_page = kind.contains("html") || body.trim_ascii_start().starts_with(b"<");
    let words = match status {
        300..=399 => format!("a redirection elsewhere ({status})"),
        _ if is_page => format!("a web page ({status})"),
        _ => format!("an answer that cannot be read ({status})"),
    };
    let words = Why::from(words);
    match effect {
        Effect::Visible => Error::Uncertain(words),
        Effect::Repeatable if is_page || status >= 300 => Error::Portal(words),
        Effect::Repeatable => Error::Transient(words),
    }
}

/// The place on the same server that a redirection names; nothing where it leads elsewhere. A server behind a front
/// door that ends TLS believes that it speaks http: the place is taken by https all the same, as it was asked.
fn elsewhere(asked: &Url, headers: &HeaderMap) -> Option<Url> {
    let named = asked.join(headers.get(LOCATION)?.to_str().ok()?).ok()?;
    let front_door = asked.scheme() == "https" && asked.port().is_none() && named.scheme() == "http";
    let same = named.origin() == asked.origin() || (front_door && named.port().is_none());
    let is_here = same && named.host_str() == asked.host_str();
    let is_plain = named.username().is_empty() && named.password().is_none();
    let mut place = asked.clone();
    place.set_path(named.path());
    place.set_query(named.query());
    (is_here && is_plain).then_some(place)
}

/// No connection of any kind can be made from this machine.
fn no_way(error: &reqwest::Error) -> Why {
    Why::ours(
        "Cet ordinateur ne peut ouvrir aucune liaison chiffrée.",
        "This computer can open no encrypted connection.",
    )
    .logged(reason(error))
}

/// An error with its causes and without the address, which may hold more than it should.
fn reason(error: &reqwest::Error) -> String {
    let mut words =
        if error.is_timeout() { "no answer in time".to_owned() } else { "the connection failed".to_owned() };
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        words = format!("{words}: {inner}");
        cause = inner.source();
    }
    words
}

#[cfg(test)]
mod tests;
