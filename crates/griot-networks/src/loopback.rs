//! Hears the one answer of a sign-in in the browser, on this machine alone.
//!
//! A door on 127.0.0.1 that knows one address, one secret state and one code, and closes after it. Deliberately
//! absent: everything else an HTTP server can do.

use std::time::Duration;

use griot_domain::Lang;
use reqwest::Url;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::returned::{self, Returned};
use crate::{Error, Why};

/// The only address that is answered.
const PATH: &str = "/oauth/callback";
/// A longer head than this is not a browser that comes back from a page.
const LONGEST_HEAD: usize = 16 * 1024;
/// So many may knock at once; a browser makes two or three connections.
const AT_ONCE: usize = 8;

/// A browser sends its request at once.
const PATIENCE: Duration = Duration::from_secs(5);

/// The door.
#[derive(Debug)]
pub struct Loopback {
    listener: TcpListener,
    host: String,
}

/// What a request is.
#[derive(Debug, PartialEq, Eq)]
enum Heard {
    /// The answer that is waited for.
    Answer(Returned),
    /// Somebody else's, or nonsense.
    Bad,
    /// Another address.
    Elsewhere,
}

impl Loopback {
    /// Opens the door at a port that the system chooses.
    ///
    /// # Errors
    /// [`Error::Environment`] when the system gives no port.
    pub async fn bind() -> Result<Self, Error> {
        Self::bind_one_of(&[0]).await
    }

    /// Opens the door at the first of these ports that nobody uses: some networks send the browser back only to an
    /// address that was registered with them.
    ///
    /// # Errors
    /// [`Error::Environment`] when none of them is free.
    pub async fn bind_one_of(ports: &[u16]) -> Result<Self, Error> {
        let none = |error: std::io::Error| {
            Error::Environment(
                Why::ours(
                    "Cet ordinateur n\u{2019}a pas laissé Griot écouter la réponse du navigateur.",
                    "This computer did not let Griot listen for the browser\u{2019}s answer.",
                )
                .logged(format!("no loopback address: {error}")),
            )
        };
        let mut last = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
        for port in ports {
            match TcpListener::bind(("127.0.0.1", *port)).await {
                Ok(listener) => {
                    let host = listener.local_addr().map_err(none)?.to_string();
                    return Ok(Self { listener, host });
                }
                Err(error) => last = error,
            }
        }
        Err(none(last))
    }

    /// The address to which a door at this port has the browser sent back.
    #[must_use]
    pub fn redirect_at(port: u16) -> String {
        format!("http://127.0.0.1:{port}{PATH}")
    }

    /// The address to which the network sends the browser back.
    #[must_use]
    pub fn redirect(&self) -> String {
        format!("http://{}{PATH}", self.host)
    }

    /// Waits until the answer with this state comes. Everything else is refused and changes nothing.
    pub async fn answer(&self, state: &str, lang: Lang) -> Returned {
        // A connection that sends nothing keeps nobody waiting: the others are heard beside it.
        let mut knocking = JoinSet::new();
        loop {
            tokio::select! {
                knock = self.listener.accept() => {
                    // A connection that failed before it was taken is the browser's to repeat.
                    let Ok((stream, _)) = knock else { continue };
                    if knocking.len() < AT_ONCE {
                        let (host, state) = (self.host.clone(), state.to_owned());
                        knocking.spawn(async move { hear(stream, &host, &state, lang).await });
                    }
                }
                Some(heard) = knocking.join_next(), if !knocking.is_empty() => {
                    if let Ok(Some(returned)) = heard {
                        return returned;
                    }
                }
            }
        }
    }
}

/// One connection, one request, one answer.
async fn hear(mut stream: TcpStream, host: &str, state: &str, lang: Lang) -> Option<Returned> {
    let heard = match tokio::time::timeout(PATIENCE, head(&mut stream)).await {
        Ok(Some(head)) => understand(&head, host, state),
        Ok(None) | Err(_) => Heard::Bad,
    };
    let answer = page(&heard, lang);
    // The browser may have gone: what it said counts all the same.
    if stream.write_all(answer.as_bytes()).await.is_ok() {
        let _ = stream.shutdown().await;
    }
    match heard {
        Heard::Answer(returned) => Some(returned),
        Heard::Bad | Heard::Elsewhere => None,
    }
}

/// The request up to the empty line.
async fn head(stream: &mut TcpStream) -> Option<String> {
    let mut bytes = Vec::new();
    let mut piece = [0; 2048];
    while !bytes.windows(4).any(|w| w == b"\r\n\r\n") {
        let n = stream.read(&mut piece).await.ok().filter(|n| *n > 0)?;
        bytes.extend_from_slice(&piece[..n]);
        if bytes.len() > LONGEST_HEAD {
            return None;
        }
    }
    String::from_utf8(bytes).ok()
}

fn understand(head: &str, host: &str, state: &str) -> Heard {
    let mut lines = head.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (Some("GET"), Some(target), Some("HTTP/1.1"), None) =
        (words.next(), words.next(), words.next(), words.next())
    else {
        return Heard::Bad;
    };
    // A page of somebody else that found the port has another name for it (DNS rebinding).
    let mut hosts = lines.filter_map(|l| l.split_once(':')).filter(|(n, _)| n.eq_ignore_ascii_case("host"));
    if hosts.next().map(|(_, value)| value.trim()) != Some(host) || hosts.next().is_some() {
        return Heard::Bad;
    }
    let Ok(url) = Url::parse(&format!("http://{host}{target}")) else { return Heard::Bad };
    if !target.starts_with('/') || url.path() != PATH {
        return Heard::Elsewhere;
    }
    returned::heard(&url, state).map_or(Heard::Bad, Heard::Answer)
}

fn page(heard: &Heard, lang: Lang) -> String {
    let (status, text) = match heard {
        Heard::Answer(Returned::Code(_)) => (
            "200 OK",
            lang.pick(
                "Griot a reçu votre accord. Vous pouvez fermer cette page.",
                "Griot has received your consent. You can close this page.",
            ),
        ),
        Heard::Answer(Returned::Refused) => (
            "200 OK",
            lang.pick(
                "Rien n\u{2019}a été connecté. Vous pouvez fermer cette page.",
                "Nothing was connected. You can close this page.",
            ),
        ),
        Heard::Bad => (
            "400 Bad Request",
            lang.pick("Cette réponse n\u{2019}est pas attendue.", "This answer is not expected."),
        ),
        Heard::Elsewhere => {
            ("404 Not Found", lang.pick("Il n\u{2019}y a rien ici.", "There is nothing here."))
        }
    };
    let body = format!(
        "<!doctype html><html lang=\"{lang}\"><meta charset=\"utf-8\"><title>Griot</title><p>{text}</p></html>\n"
    );
    format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: {}\r\n\
         Content-Security-Policy: default-src 'none'\r\nReferrer-Policy: no-referrer\r\n\
         X-Content-Type-Options: nosniff\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOST: &str = "127.0.0.1:4711";

    fn heard(request: &str) -> Heard {
        understand(&format!("{request}\r\n\r\n"), HOST, "s3cret")
    }

    #[test]
    fn only_the_expected_answer_counts() {
        let get = |target: &str| heard(&format!("GET {target} HTTP/1.1\r\nHost: {HOST}"));
        assert_eq!(
            get("/oauth/callback?code=a%2Bb&state=s3cret"),
            Heard::Answer(Returned::Code("a+b".into()))
        );
        assert_eq!(get("/oauth/callback?error=access_denied&state=s3cret"), Heard::Answer(Returned::Refused));
        for bad in [
            "/oauth/callback?code=a&state=s3cres",
            "/oauth/callback?code=a&state=s3cret2",
            "/oauth/callback?code=a",
            "/oauth/callback?code=&state=s3cret",
            "/oauth/callback?code=a&code=b&state=s3cret",
            "/oauth/callback?code=a&state=x&state=s3cret",
            "/oauth/callback?code=a&error=b&state=s3cret",
            "/oauth/callback?state=s3cret",
        ] {
            assert_eq!(get(bad), Heard::Bad, "{bad}");
        }
        for elsewhere in ["/", "/favicon.ico", "/oauth/callback/x?code=a&state=s3cret"] {
            assert_eq!(get(elsewhere), Heard::Elsewhere, "{elsewhere}");
        }
        for request in [
            "POST /oauth/callback?code=a&state=s3cret HTTP/1.1\r\nHost: 127.0.0.1:4711",
            "GET /oauth/callback?code=a&state=s3cret HTTP/1.1\r\nHost: evil.example:4711",
            "GET /oauth/callback?code=a&state=s3cret HTTP/1.1\r\nHost: 127.0.0.1:4711\r\nHost: evil.example",
            "GET /oauth/callback?code=a&state=s3cret HTTP/1.1",
            "GET http://127.0.0.1:4711/oauth/callback?code=a&state=s3cret HTTP/0.9\r\nHost: 127.0.0.1:4711",
            "",
        ] {
            assert_eq!(heard(request), Heard::Bad, "{request}");
        }
    }
}
