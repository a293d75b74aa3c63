//! A test's own eyes on a server: one request, one answer, as bytes.

use std::io::{Error, ErrorKind, Result, Write};
use std::net::TcpStream;

use super::{Answer, Body, Head, Request};

/// Sends a request to `http://host:port` and reads the whole answer.
///
/// # Errors
/// When nobody listens there, or the answer does not come or is not whole.
pub fn ask(server: &str, request: &Request) -> Result<Answer> {
    let host = server.strip_prefix("http://").ok_or_else(|| Error::from(ErrorKind::InvalidInput))?;
    let mut head =
        Head { first: format!("{} {} HTTP/1.1", request.method, request.target), headers: Vec::new() };
    head.set("host", host);
    head.headers.extend(request.headers.clone());
    head.set("content-length", &request.body.len().to_string());
    head.set("connection", "close");
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(&head.bytes())?;
    // A server may have answered and closed before it has read everything.
    let sent = stream.write_all(&request.body);
    let (head, early) = Head::read(&mut stream).or_else(|lost| sent.and(Err(lost)))?;
    let status = head.status().ok_or_else(|| Error::from(ErrorKind::InvalidData))?;
    let (body, is_whole) = Body::of_answer(&head, early).read(&mut stream);
    if !is_whole {
        return Err(Error::from(ErrorKind::UnexpectedEof));
    }
    Ok(Answer { status, headers: head.headers, body })
}

impl Request {
    /// A request without a body.
    #[must_use]
    pub fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), ..Self::default() }
    }

    /// One header more.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// With JSON.
    #[must_use]
    pub fn with_json(mut self, body: &serde_json::Value) -> Self {
        self.body = body.to_string().into_bytes();
        self.with("content-type", "application/json")
    }

    /// With a form in parts: texts, and files as `(name, file name, type, bytes)`.
    #[must_use]
    pub fn with_form(mut self, texts: &[(&str, &str)], files: &[(&str, &str, &str, &[u8])]) -> Self {
        let start = "--StubBoundary\r\nContent-Disposition: form-data; name=";
        let mut body = Vec::new();
        for (name, text) in texts {
            body.extend(format!("{start}\"{name}\"\r\n\r\n{text}\r\n").bytes());
        }
        for (name, filename, mime, bytes) in files {
            body.extend(
                format!("{start}\"{name}\"; filename=\"{filename}\"\r\nContent-Type: {mime}\r\n\r\n").bytes(),
            );
            body.extend(*bytes);
            body.extend(b"\r\n");
        }
        body.extend(b"--StubBoundary--\r\n");
        self.body = body;
        self.with("content-type", "multipart/form-data; boundary=StubBoundary")
    }
}
