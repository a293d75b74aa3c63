//! Bodies: read with an end in sight, written piece by piece.

use std::io::{self, SeekFrom};
use std::time::Duration;

use bytes::Bytes;
use griot_app::AppError;
use griot_domain::Lang;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, EXPECT};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::channel::Channel;
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

use crate::door::{Answer, Body, PIECE};
use crate::words::Refusal;

/// What goes back.
pub(crate) type Reply = Response<UnsyncBoxBody<Bytes, io::Error>>;

/// A body that has not arrived whole within this time will not: it comes from this machine.
pub(crate) const ARRIVES: Duration = Duration::from_secs(60);
/// Files go out in pieces of this size.
const STEP: usize = 128 << 10;

/// A reply that is all there.
pub(crate) fn bytes(status: StatusCode, kind: &'static str, bytes: Vec<u8>) -> Reply {
    let mut reply = Response::new(Full::new(Bytes::from(bytes)).map_err(io::Error::other).boxed_unsync());
    *reply.status_mut() = status;
    reply.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    reply
}

/// A reply in JSON, which nobody keeps.
pub(crate) fn json(status: StatusCode, value: &impl serde::Serialize) -> Reply {
    let text = serde_json::to_vec(value).expect("BUG: an answer is plain data and always serialises");
    let mut reply = bytes(status, "application/json", text);
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// A refusal: a sentence on a page of its own where a person opened the address, JSON for everything else.
pub(crate) fn refusal(status: StatusCode, error: &AppError, headers: &HeaderMap) -> Reply {
    let accepts =
        headers.get(http::header::ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    if !accepts.contains("text/html") {
        return json(status, error);
    }
    let text = format!("{}\n{}\n", error.message, error.hint);
    let mut reply = bytes(status, "text/plain; charset=utf-8", text.into_bytes());
    reply.headers_mut().insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    reply
}

/// All of a body of at most `most` bytes.
pub(crate) async fn read(headers: &HeaderMap, mut body: Incoming, most: usize) -> Result<Vec<u8>, Refusal> {
    if length(headers).is_some_and(|said| said > most as u64) {
        spill(headers, body);
        return Err(Refusal::TooLong);
    }
    let reading = async {
        let mut all = Vec::new();
        while let Some(piece) = next(&mut body).await? {
            if all.len() + piece.len() > most {
                return Err(Refusal::TooLong);
            }
            all.extend_from_slice(&piece);
        }
        Ok(all)
    };
    tokio::time::timeout(ARRIVES, reading).await.unwrap_or(Err(Refusal::Broken))
}

/// The next piece of a body; nothing at its end.
pub(crate) async fn next(body: &mut Incoming) -> Result<Option<Bytes>, Refusal> {
    loop {
        match body.frame().await {
            None => return Ok(None),
            Some(Ok(frame)) => {
                if let Ok(piece) = frame.into_data() {
                    return Ok(Some(piece));
                }
            }
            Some(Err(_)) => return Err(Refusal::Broken),
        }
    }
}

/// The size that a request states of its body.
pub(crate) fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Lets a refused body of an ordinary size run out: a browser that is still sending when the connection closes would
/// not read why.
pub(crate) fn spill(headers: &HeaderMap, mut body: Incoming) {
    let waits = headers.contains_key(EXPECT);
    if waits || length(headers).is_some_and(|said| said > PIECE) {
        return;
    }
    tokio::spawn(tokio::time::timeout(Duration::from_secs(10), async move {
        let mut left = PIECE;
        while let Ok(Some(piece)) = next(&mut body).await {
            left = left.saturating_sub(piece.len() as u64);
            if left == 0 {
                return;
            }
        }
    }));
}

/// What the door answered, with its file on the way. `read` is called with every piece that goes out.
pub(crate) async fn of_answer(
    answer: Answer,
    lang: Lang,
    bodiless: bool,
    read: impl Fn() + Send + 'static,
) -> Reply {
    let body = match answer.body {
        _ if bodiless => Full::default().map_err(io::Error::other).boxed_unsync(),
        Body::Bytes(bytes) => Full::new(Bytes::from(bytes)).map_err(io::Error::other).boxed_unsync(),
        Body::File { path, start, len } => match open(&path, start).await {
            Ok(file) => flowing(file, len, read),
            Err(error) => {
                // It was there when the door looked.
                tracing::debug!(%error, "a file went away");
                let (status, error) = Refusal::NotFound.say(lang);
                return json(status, &error);
            }
        },
    };
    let mut reply = Response::new(body);
    *reply.status_mut() = answer.status;
    for (name, value) in answer.headers {
        if let Ok(value) = HeaderValue::from_str(&value) {
            reply.headers_mut().insert(name, value);
        }
    }
    reply
}

async fn open(path: &std::path::Path, start: u64) -> io::Result<tokio::fs::File> {
    let mut file = tokio::fs::File::open(path).await?;
    file.seek(SeekFrom::Start(start)).await?;
    Ok(file)
}

/// A file as a body that is read as fast as it is taken.
fn flowing(
    file: tokio::fs::File,
    len: u64,
    read: impl Fn() + Send + 'static,
) -> UnsyncBoxBody<Bytes, io::Error> {
    let (mut sender, body) = Channel::<Bytes, io::Error>::new(2);
    tokio::spawn(async move {
        let mut file = file.take(len);
        let mut left = len;
        while left > 0 {
            let mut piece = Vec::with_capacity(STEP);
            match (&mut file).take(STEP as u64).read_to_end(&mut piece).await {
                Ok(0) => return sender.abort(io::ErrorKind::UnexpectedEof.into()),
                Ok(n) => left -= n as u64,
                Err(error) => return sender.abort(error),
            }
            read();
            // A reader that went away is no error.
            if sender.send_data(piece.into()).await.is_err() {
                return;
            }
        }
    });
    body.boxed_unsync()
}
