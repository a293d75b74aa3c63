//! Asking a server on this machine: one request, one answer, plain HTTP/1.0 so that nothing is chunked.
//! Loopback only; everything else is for griot-networks.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use crate::fault::{Fault, WhileDoing};
use crate::json::{self, Value};

/// A server on this machine answers in milliseconds; a video through the PDS in a few seconds.
const PATIENCE: Duration = Duration::from_secs(60);

/// GET a JSON document from `http://127.0.0.1:PORT/...`.
pub(crate) fn get(url: &str) -> Result<Value, Fault> {
    ask("GET", url, None, "")
}

/// POST a JSON document, with a session's token where the call needs one.
pub(crate) fn post(url: &str, token: Option<&str>, body: &str) -> Result<Value, Fault> {
    ask("POST", url, token, body)
}

fn ask(method: &str, url: &str, token: Option<&str>, body: &str) -> Result<Value, Fault> {
    let (host, path) = split(url).ok_or_else(|| Fault::Usage(format!("{url} is not on this machine")))?;
    let asking = || format!("{method} {url}");
    let mut stream = TcpStream::connect(host).while_doing(asking)?;
    stream.set_read_timeout(Some(PATIENCE)).while_doing(asking)?;
    let bearer = token.map_or_else(String::new, |token| format!("Authorization: Bearer {token}\r\n"));
    let content = if method == "GET" {
        String::new()
    } else {
        format!("Content-Type: application/json\r\nContent-Length: {}\r\n", body.len())
    };
    let request = format!(
        "{method} {path} HTTP/1.0\r\nHost: {host}\r\nAccept: application/json\r\n{bearer}{content}\
         Connection: close\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).while_doing(asking)?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).while_doing(asking)?;
    read_answer(&String::from_utf8_lossy(&answer))
        .map_err(|says| Fault::Unsound(format!("{method} {url}: {}", says.0)))
}

fn split(url: &str) -> Option<(&str, &str)> {
    let rest = url.strip_prefix("http://")?;
    let (host, path) = rest.split_at(rest.find('/')?);
    (host.starts_with("127.0.0.1:") || host.starts_with("localhost:")).then_some((host, path))
}

/// What an answer said instead of a JSON document with success.
#[derive(Debug, PartialEq, Eq)]
struct Refusal(String);

fn read_answer(answer: &str) -> Result<Value, Refusal> {
    let (head, body) = answer.split_once("\r\n\r\n").ok_or_else(|| Refusal("no answer".to_owned()))?;
    let status = head.split(' ').nth(1).unwrap_or_default();
    if !status.starts_with('2') {
        return Err(Refusal(format!("{status} {body}")));
    }
    json::parse(body).map_err(|_| Refusal(format!("not JSON: {body}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_success_with_json_is_an_answer() {
        let body = |text: &str| {
            read_answer(text).map(|value| value.get("uri").and_then(Value::text).map(str::to_owned))
        };
        assert_eq!(
            body("HTTP/1.1 200 OK\r\nA: b\r\n\r\n{\"uri\":\"at://x\"}"),
            Ok(Some("at://x".to_owned()))
        );
        assert_eq!(
            body("HTTP/1.1 400 Bad\r\n\r\n{\"error\":1}"),
            Err(Refusal("400 {\"error\":1}".to_owned()))
        );
        assert_eq!(body("HTTP/1.1 200 OK\r\n\r\n<html>"), Err(Refusal("not JSON: <html>".to_owned())));
        assert_eq!(body(""), Err(Refusal("no answer".to_owned())));
    }

    #[test]
    fn nothing_beyond_this_machine_is_asked() {
        assert_eq!(split("http://127.0.0.1:80/x?y"), Some(("127.0.0.1:80", "/x?y")));
        assert_eq!(split("https://127.0.0.1:80/x"), None);
        assert_eq!(split("http://bsky.social/x"), None);
        assert_eq!(split("http://127.0.0.1.example:80/x"), None);
    }
}
