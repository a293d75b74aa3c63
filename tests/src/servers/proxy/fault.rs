//! What goes wrong, with which requests, how often.

/// Something that goes wrong with a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// The server gets the request and answers in full; the connection closes without a byte of the answer.
    DropAnswer,
    /// The connection closes after so many bytes of the request's body reached the server.
    CutAfter(usize),
    /// The request goes on without this header.
    StripHeader(String),
    /// This answer, in the server's place.
    Status {
        /// The status.
        code: u16,
        /// The body, as it is.
        body: String,
        /// More headers. Without a `content-type`, it is `application/json`.
        headers: Vec<(String, String)>,
    },
    /// A login page with status 200, in the server's place.
    Html,
    /// The connection closes at once; the server hears nothing.
    Refuse,
    /// The answer stops in the middle of its body.
    Truncate,
}

impl Fault {
    /// A JSON answer in the server's place.
    #[must_use]
    pub fn status(code: u16, body: &str) -> Self {
        Self::Status { code, body: body.to_owned(), headers: Vec::new() }
    }

    /// The same with one more header.
    #[must_use]
    pub fn status_with(code: u16, body: &str, header: (&str, &str)) -> Self {
        let headers = vec![(header.0.to_owned(), header.1.to_owned())];
        Self::Status { code, body: body.to_owned(), headers }
    }

    pub(super) fn stripped(&self) -> Option<&str> {
        if let Self::StripHeader(name) = self { Some(name) } else { None }
    }

    pub(super) fn cut(&self) -> Option<usize> {
        if let Self::CutAfter(bytes) = self { Some(*bytes) } else { None }
    }

    /// The answer in the server's place, when this fault is one.
    pub(super) fn page(&self) -> Option<Vec<u8>> {
        const LOGIN: &str =
            "<!DOCTYPE html><html><head><title>Wi-Fi</title></head><body>Sign in</body></html>";
        let (code, body, headers) = match self {
            Self::Status { code, body, headers } => (*code, body.as_str(), headers.clone()),
            Self::Html => {
                (200, LOGIN, vec![("content-type".to_owned(), "text/html; charset=utf-8".to_owned())])
            }
            _ => return None,
        };
        let mut head =
            format!("HTTP/1.1 {code} Answer\r\ncontent-length: {}\r\nconnection: close\r\n", body.len());
        if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            head.push_str("content-type: application/json\r\n");
        }
        for (name, value) in &headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        Some(format!("{head}\r\n{body}").into_bytes())
    }
}

/// Which requests a fault happens to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rule {
    /// Nothing means any.
    pub method: Option<String>,
    /// The path begins so.
    pub path: String,
    /// The first so many requests that fit pass untouched.
    pub skip: usize,
    /// How often it happens; nothing means always.
    pub times: Option<usize>,
    /// What happens.
    pub fault: Fault,
}

impl Rule {
    /// Happens to every request with this method whose path begins so. An empty method means any.
    #[must_use]
    pub fn always(method: &str, path: &str, fault: Fault) -> Self {
        let method = (!method.is_empty()).then(|| method.to_owned());
        Self { method, path: path.to_owned(), skip: 0, times: None, fault }
    }

    /// Happens once.
    #[must_use]
    pub fn once(method: &str, path: &str, fault: Fault) -> Self {
        Self { times: Some(1), ..Self::always(method, path, fault) }
    }
}

/// All that goes wrong. Every rule that fits a request happens to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Faults(pub Vec<Rule>);

impl Faults {
    /// Nothing goes wrong.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    pub(super) fn push(&mut self, rule: Rule) {
        self.0.push(rule);
    }

    /// What happens to a request now; counts it.
    pub(super) fn matching(&mut self, method: &str, path: &str) -> Vec<Fault> {
        let mut found = Vec::new();
        for rule in &mut self.0 {
            let fits = rule.method.as_deref().is_none_or(|m| m == method) && path.starts_with(&rule.path);
            if !fits || rule.times == Some(0) {
                continue;
            }
            if rule.skip > 0 {
                rule.skip -= 1;
                continue;
            }
            if let Some(times) = &mut rule.times {
                *times -= 1;
            }
            found.push(rule.fault.clone());
        }
        found
    }
}

impl From<Rule> for Faults {
    fn from(rule: Rule) -> Self {
        Self(vec![rule])
    }
}
