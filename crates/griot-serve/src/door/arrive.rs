//! Files that come in: `PUT /import?name=N&size=TOTAL`, and for what follows a first piece `&upload=ID&at=OFFSET`.
//!
//! And `PUT /save?name=N`: a place that a command may write to, for a host without dialogs; the page takes the file away
//! from `/saved/HANDLE`.
//!
//! Each piece is answered with how much has arrived, the last one with the file's handle. What is too large is refused
//! by its announced size, before a byte is read, and by its real one as soon as it shows.

use std::sync::Arc;

use griot_app::{AppError, Code, Studio, UploadId};
use http::StatusCode;
use serde_json::json;

use super::{Answer, Door, PIECE, decoded, failed, json as in_json};
use crate::words::Refusal;

/// A piece on its way in.
pub struct Arriving {
    studio: Arc<Studio>,
    upload: UploadId,
    size: u64,
    at: u64,
    /// How much of this piece is still allowed.
    left: u64,
    /// Whether nobody knows of this upload yet.
    first: bool,
    ended: bool,
}

impl Door {
    /// A piece that begins to come in; `announced` is the size that it says of itself.
    ///
    /// # Errors
    /// The answer that refuses it.
    pub fn arrive(&self, query: &str, announced: Option<u64>) -> Result<Arriving, Answer> {
        let query = Query::of(query).ok_or_else(|| self.refuse(Refusal::BadRequest))?;
        let size = query.size.ok_or_else(|| self.refuse(Refusal::NoLength))?;
        let first = query.upload.is_none();
        let (upload, at) = match query.upload {
            Some(upload) => (UploadId(upload), query.at),
            None => {
                let begun = self.studio.upload_begin(&query.name, size);
                (begun.map_err(|error| failed(&error))?, 0)
            }
        };
        let studio = Arc::clone(&self.studio);
        let arriving = Arriving { studio, upload, size, at, left: PIECE, first, ended: false };
        if announced.is_some_and(|bytes| bytes > PIECE) {
            return Err(self.refuse(Refusal::PieceTooLong));
        }
        Ok(arriving)
    }

    /// A place to write to, under the name that `query` gives it.
    #[must_use]
    pub fn save(&self, query: &str) -> Answer {
        let Some(query) = Query::of(query) else { return self.refuse(Refusal::BadRequest) };
        match self.studio.save_target(&query.name) {
            Ok(file) => in_json(StatusCode::OK, &json!({ "file": file })),
            Err(error) => failed(&error),
        }
    }

    /// A piece that is all there.
    #[must_use]
    pub fn put(&self, query: &str, piece: &[u8]) -> Answer {
        let mut arriving = match self.arrive(query, Some(piece.len() as u64)) {
            Ok(arriving) => arriving,
            Err(answer) => return answer,
        };
        match arriving.write(piece) {
            Ok(()) => arriving.end(),
            Err(answer) => answer,
        }
    }
}

impl Arriving {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// The answer that refuses them; nothing more is taken then.
    pub fn write(&mut self, mut bytes: &[u8]) -> Result<(), Answer> {
        self.left = self.left.checked_sub(bytes.len() as u64).ok_or_else(|| {
            let (status, error) = Refusal::PieceTooLong.say(self.studio.lang());
            in_json(status, &error)
        })?;
        if !bytes.is_empty() {
            let written = self.studio.upload_write(&self.upload, self.at, &mut bytes);
            self.at = written.map_err(|error| refused(&error))?;
        }
        Ok(())
    }

    /// The piece is over.
    #[must_use]
    pub fn end(mut self) -> Answer {
        if self.at < self.size {
            self.ended = true;
            return in_json(StatusCode::OK, &json!({ "upload": self.upload.0, "received": self.at }));
        }
        match self.studio.upload_end(&self.upload) {
            Ok(file) => {
                self.ended = true;
                in_json(StatusCode::OK, &json!({ "file": file }))
            }
            Err(error) => refused(&error),
        }
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        // A first piece that broke off was never answered: nobody can go on with it.
        if self.first && !self.ended {
            self.studio.upload_abandon(&self.upload);
        }
    }
}

/// What does not follow on is a conflict; the error says where to go on.
fn refused(error: &AppError) -> Answer {
    let mut answer = failed(error);
    if error.code == Code::BadRequest && error.detail["there"].is_u64() {
        answer.status = StatusCode::CONFLICT;
    }
    answer
}

/// What the address says of the piece.
#[derive(Debug, Default, PartialEq, Eq)]
struct Query {
    name: String,
    size: Option<u64>,
    upload: Option<String>,
    at: u64,
}

impl Query {
    /// Nothing when a part is none of these, or is no number where one belongs.
    fn of(query: &str) -> Option<Self> {
        let mut found = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let value = decoded(&value.replace('+', " "))?;
            match name {
                "name" => found.name = value,
                "size" => found.size = Some(value.parse().ok()?),
                "upload" => found.upload = Some(value),
                "at" => found.at = value.parse().ok()?,
                _ => return None,
            }
        }
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_comes() {
        let query = Query::of("name=F%C3%AAte+%2B.jpg&size=12&upload=u-1&at=4").unwrap();
        let upload = Some("u-1".to_owned());
        assert_eq!(query, Query { name: "Fête +.jpg".to_owned(), size: Some(12), upload, at: 4 });
        assert_eq!(Query::of("").unwrap(), Query::default());
        for query in
            ["size=-1", "size=1e9", "size=99999999999999999999999", "at=x", "name=%", "name=%ff", "path=x"]
        {
            assert_eq!(Query::of(query), None, "{query}");
        }
    }
}
