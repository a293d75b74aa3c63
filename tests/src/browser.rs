//! A browser without a window, down to its bytes: it can also say what no browser says (another host, a path with
//! `..`, a size that is a lie), which is what tests of a server need.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use serde_json::Value;

/// No answer takes longer on the slowest machine; one that does hangs.
const LONGEST: Duration = Duration::from_secs(60);

/// A browser at one server.
#[derive(Debug, Clone)]
pub struct Browser {
    port: u16,
    cookie: Option<String>,
}

/// One request that is being put together.
#[derive(Debug, Clone)]
pub struct Request {
    port: u16,
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: u16,
    /// The lines before the body, names in small letters.
    pub headers: Vec<(String, String)>,
    /// What follows them.
    pub body: Vec<u8>,
}

impl Browser {
    /// A browser that has not opened the address yet.
    #[must_use]
    pub fn at(port: u16) -> Self {
        Self { port, cookie: None }
    }

    /// A browser in which the printed address was opened.
    ///
    /// # Panics
    /// When the server refuses it.
    #[must_use]
    pub fn open(url: &str) -> Self {
        let (origin, token) = url.split_once("/#token=").unwrap_or_else(|| panic!("{url} is no address"));
        let port =
            origin.rsplit(':').next().and_then(|port| port.parse().ok()).expect("an address with a port");
        let mut browser = Self::at(port);
        let answer = browser.exchange(token);
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").expect("a cookie");
        browser.cookie = Some(cookie.split(';').next().unwrap_or_default().to_owned());
        browser
    }

    /// What the page does with the token behind `#`.
    #[must_use]
    pub fn exchange(&self, token: &str) -> Answer {
        self.post("/session", serde_json::json!({ "token": token }).to_string()).send()
    }

    /// The cookie, `name=value`.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn cookie(&self) -> &str {
        self.cookie.as_deref().expect("a browser with a session")
    }

    /// The same browser at another server; it takes its cookies along.
    #[must_use]
    pub fn with_port(&self, port: u16) -> Self {
        Self { port, cookie: self.cookie.clone() }
    }

    /// A request of the page.
    #[must_use]
    pub fn ask(&self, method: &str, path: &str) -> Request {
        let mut headers = vec![("Host".to_owned(), format!("127.0.0.1:{}", self.port))];
        headers.extend(self.cookie.iter().map(|cookie| ("Cookie".to_owned(), cookie.clone())));
        Request { port: self.port, line: format!("{method} {path} HTTP/1.1"), headers, body: Vec::new() }
    }

    /// Reads something.
    #[must_use]
    pub fn get(&self, path: &str) -> Answer {
        self.ask("GET", path).send()
    }

    /// A request that changes something, with the origin that the page has.
    #[must_use]
    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Request {
        self.ask("POST", path).origin().body(body)
    }

    /// Brings a piece of a file.
    #[must_use]
    pub fn put(&self, path: &str, body: impl Into<Vec<u8>>) -> Answer {
        self.ask("PUT", path).origin().body(body).send()
    }

    /// A command of the studio.
    #[must_use]
    pub fn rpc(&self, name: &str, request: &Value) -> Answer {
        self.post(&format!("/rpc/{name}"), request.to_string())
            .header("Content-Type", "application/json")
            .send()
    }

    /// What happens in the studio, line by line, after the server has said hello.
    ///
    /// # Panics
    /// When the server says none.
    #[must_use]
    pub fn events(&self) -> Events {
        let mut lines = BufReader::new(self.ask("GET", "/events").sent());
        let mut line = String::new();
        while line != "\r\n" {
            line.clear();
            lines.read_line(&mut line).expect("an answer");
        }
        let mut events = Events { lines };
        events.until("event: hello");
        events
    }
}

impl Request {
    /// Another line before the body.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without such a line.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(of, _)| !of.eq_ignore_ascii_case(name));
        self
    }

    /// As a page of this server asks.
    #[must_use]
    pub fn origin(self) -> Self {
        let origin = format!("http://127.0.0.1:{}", self.port);
        self.header("Origin", &origin)
    }

    /// With this after the lines.
    #[must_use]
    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        let length = self.body.len().to_string();
        self.header("Content-Length", &length)
    }

    /// Sends it and reads the whole answer.
    #[must_use]
    pub fn send(self) -> Answer {
        let head = self.line.starts_with("HEAD ");
        read(self.header("Connection", "close").sent(), head)
    }

    /// Sends the lines, then `pieces` in chunks until the server does not take more; gives the answer, if one came, and
    /// how many bytes the server took.
    #[must_use]
    pub fn send_chunks(self, pieces: impl Iterator<Item = Vec<u8>>) -> (Option<Answer>, u64) {
        let mut stream = self.header("Transfer-Encoding", "chunked").header("Connection", "close").sent();
        let mut taken = 0;
        for piece in pieces {
            let mut chunk = format!("{:x}\r\n", piece.len()).into_bytes();
            chunk.extend_from_slice(&piece);
            chunk.extend_from_slice(b"\r\n");
            if stream.write_all(&chunk).is_err() {
                break;
            }
            taken += piece.len() as u64;
        }
        let _ = stream.write_all(b"0\r\n\r\n");
        let mut all = Vec::new();
        // A server that closes with bytes unread may take the answer back with it.
        let _ = stream.read_to_end(&mut all);
        (parse(&all, false), taken)
    }

    /// Sends it; the answer is still to be read.
    ///
    /// # Panics
    /// When nobody listens there.
    #[must_use]
    pub fn sent(self) -> TcpStream {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a server");
        stream.set_read_timeout(Some(LONGEST)).expect("a socket");
        stream.set_write_timeout(Some(LONGEST)).expect("a socket");
        let mut head = format!("{}\r\n", self.line);
        for (name, value) in &self.headers {
            write!(head, "{name}: {value}\r\n").expect("text");
        }
        head.push_str("\r\n");
        let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&self.body));
        stream
    }
}

fn read(mut stream: TcpStream, head: bool) -> Answer {
    let mut all = Vec::new();
    let ended = stream.read_to_end(&mut all);
    parse(&all, head).unwrap_or_else(|| panic!("no answer: {ended:?}\n{}", String::from_utf8_lossy(&all)))
}

fn parse(all: &[u8], head: bool) -> Option<Answer> {
    let end = all.windows(4).position(|four| four == b"\r\n\r\n")?;
    let lines = String::from_utf8_lossy(&all[..end]).into_owned();
    let mut lines = lines.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let answer = Answer { status, headers, body: all[end + 4..].to_vec() };
    if let Some(length) = answer.header("content-length").filter(|_| !head && status != 304) {
        assert_eq!(length, answer.body.len().to_string(), "the body is as long as it says");
    }
    Some(answer)
}

impl Answer {
    /// The value of a line before the body.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(of, _)| of == name).map(|(_, value)| value.as_str())
    }

    /// The body as text.
    #[must_use]
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Panics
    /// When it is none.
    #[must_use]
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|e| panic!("{} {}: {e}", self.status, self.text()))
    }

    /// The body as JSON of an answer that says yes.
    ///
    /// # Panics
    /// When it says no.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// Sees that this is a refusal with that status and code, and a sentence to a person; gives the sentence.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn refuses(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status, status, "{}", self.text());
        let error = self.json();
        assert_eq!(error["code"], code, "{error}");
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.ends_with('.') && message.contains(' '), "a sentence: {error}");
        message.to_owned()
    }
}

/// What a server tells, line by line.
#[derive(Debug)]
pub struct Events {
    lines: BufReader<TcpStream>,
}

impl Events {
    /// Reads until a line that contains `text`; gives that line.
    ///
    /// # Panics
    /// When the server ends before, or is silent for too long.
    pub fn until(&mut self, text: &str) -> String {
        let mut seen = String::new();
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line);
            assert!(read.as_ref().is_ok_and(|n| *n > 0), "waited for {text:?}: {read:?} after {seen}");
            if line.contains(text) {
                return line;
            }
            seen.push_str(&line);
        }
    }

    /// Whether the server ends the stream in good order.
    pub fn end(&mut self) -> bool {
        let mut rest = Vec::new();
        self.lines.read_to_end(&mut rest).is_ok()
    }
}
