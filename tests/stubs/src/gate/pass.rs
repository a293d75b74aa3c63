//! One request on its way through the gate, and its answer on the way back.

use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::{Shutdown, TcpStream};
use std::sync::Weak;

use super::{Fault, Passed, Shared};
use crate::http::{Body, Head, Listener, find};
use crate::time;

/// Longest head that is looked at.
const HEAD_MAX: usize = 64 << 10;

pub(super) fn request(client: &mut TcpStream, shared: &Shared, port: &Weak<Listener>) -> Result<()> {
    let peeked = peek(client)?;
    let fault = shared.decide(peeked.method(), peeked.target());
    let passed = Passed {
        method: peeked.method().to_owned(),
        target: peeked.target().to_owned(),
        fault: fault.name(),
        body: 0,
        status: None,
    };
    let mut note = Note { shared, passed, done: false };
    if matches!(fault, Fault::Refuse | Fault::CloseUnread) {
        // What was not read makes the system reset the connection, and not only close it.
        if let (Fault::Refuse, Some(port)) = (&fault, port.upgrade()) {
            port.offline();
        }
        note.write();
        return Ok(());
    }
    let result = go(client, &fault, &mut note);
    note.write();
    client.shutdown(Shutdown::Write).ok();
    result
}

/// What became of a request, written down once, before the client can know.
struct Note<'a> {
    shared: &'a Shared,
    passed: Passed,
    done: bool,
}

impl Note<'_> {
    fn write(&mut self) {
        if !std::mem::replace(&mut self.done, true) {
            self.shared.record(self.passed.clone());
        }
    }
}

fn go(client: &mut TcpStream, fault: &Fault, note: &mut Note<'_>) -> Result<()> {
    let shared = note.shared;
    let (mut head, early) = Head::read(client)?;
    let gate = head.get("host").unwrap_or_default().to_owned();
    if head.get("expect").is_some_and(|value| value.eq_ignore_ascii_case("100-continue")) {
        head.remove("expect");
        client.write_all(b"HTTP/1.1 100 Continue\r\n\r\n")?;
    }
    head.set("x-forwarded-host", &gate);
    head.set("host", &shared.upstream);
    head.set("connection", "close");
    if let Fault::CloseAfter(most) = fault {
        return part(client, &head, early, *most, note);
    }
    let (body, is_whole) = Body::of(&head, early).read(client);
    note.passed.body = body.len();
    if !is_whole {
        return Err(Error::from(ErrorKind::UnexpectedEof));
    }
    if matches!(fault, Fault::Hang | Fault::Answer(_)) {
        note.write();
    }
    match fault {
        Fault::Hang => return gone(client),
        Fault::Answer(page) => return page.write(client, time::wall()),
        _ => {}
    }
    if let Fault::DeferBehind(page, _) = fault {
        page.write(client, time::wall())?;
    }
    if let Fault::Defer(latch) | Fault::DeferBehind(_, latch) = fault {
        client.shutdown(Shutdown::Both).ok();
        latch.wait();
    }
    let answer = upstream(shared, &mut head, &body, &gate)?;
    note.passed.status = answer.0.status();
    note.write();
    match fault {
        Fault::LoseAnswer | Fault::Defer(_) | Fault::DeferBehind(..) => Ok(()),
        Fault::HangAfter => gone(client),
        Fault::Instead(page) => page.write(client, time::wall()),
        Fault::CutAnswer(most) => {
            let (head, body) = &answer;
            client.write_all(&head.bytes())?;
            client.write_all(&body[..body.len().min(*most)])
        }
        Fault::TruncateAnswer(most) => {
            let (mut head, mut body) = answer;
            body.truncate(*most);
            head.set("content-length", &body.len().to_string());
            write(client, &head, &body)
        }
        Fault::Hold(latch) => {
            latch.wait();
            write(client, &answer.0, &answer.1)
        }
        _ => write(client, &answer.0, &answer.1),
    }
}

fn write(client: &mut TcpStream, head: &Head, body: &[u8]) -> Result<()> {
    client.write_all(&head.bytes())?;
    client.write_all(body)
}

/// The head of a request that stays unread.
fn peek(client: &TcpStream) -> Result<Head> {
    let mut bytes = vec![0; HEAD_MAX];
    let mut last = 0;
    loop {
        let there = client.peek(&mut bytes)?;
        if let Some(end) = find(&bytes[..there], b"\r\n\r\n") {
            return Ok(Head::parse(&bytes[..end]));
        }
        // A head that does not end: the client has closed, or sends too much.
        if there == 0 || there == HEAD_MAX {
            return Err(Error::from(ErrorKind::UnexpectedEof));
        }
        if there == last {
            std::thread::yield_now();
        }
        last = there;
    }
}

/// Sends the first bytes of a body on, and closes both sides.
fn part(client: &mut TcpStream, head: &Head, early: Vec<u8>, most: usize, note: &mut Note<'_>) -> Result<()> {
    let (mut body, _) = Body::of(head, early).read_most(client, most);
    body.truncate(most);
    note.passed.body = body.len();
    let mut server = TcpStream::connect(&note.shared.upstream)?;
    server.write_all(&head.bytes())?;
    server.write_all(&body)?;
    server.shutdown(Shutdown::Write)?;
    // Until the server has noticed: what the test asks it afterwards is then settled.
    server.read_to_end(&mut Vec::new()).ok();
    note.write();
    client.shutdown(Shutdown::Both)
}

/// The server's answer, with the gate's address in place of its own.
fn upstream(shared: &Shared, head: &mut Head, body: &[u8], gate: &str) -> Result<(Head, Vec<u8>)> {
    let mut server = TcpStream::connect(&shared.upstream)?;
    // The body was read whole, whatever frames it came in; and a packed answer could not be read here.
    head.remove("transfer-encoding");
    head.remove("accept-encoding");
    if !body.is_empty() || head.get("content-length").is_some() {
        head.set("content-length", &body.len().to_string());
    }
    server.write_all(&head.bytes())?;
    server.write_all(body)?;
    let (mut answer, early) = Head::read(&mut server)?;
    let early = if head.method() == "HEAD" {
        (Vec::new(), true)
    } else {
        Body::of_answer(&answer, early).read(&mut server)
    };
    let (mut body, is_whole) = early;
    if !is_whole {
        return Err(Error::from(ErrorKind::UnexpectedEof));
    }
    let origins = shared.origins();
    let ours = format!("http://{gate}");
    for (name, value) in &mut answer.headers {
        if matches!(name.as_str(), "location" | "link" | "content-location") {
            *value = origins.iter().fold(value.clone(), |value, origin| value.replace(origin, &ours));
        }
    }
    if answer.get("content-type").is_some_and(|kind| kind.contains("json"))
        && let Ok(text) = std::str::from_utf8(&body)
    {
        let plain = origins.iter().fold(text.to_owned(), |text, origin| {
            // Some servers write strokes before the slashes of addresses.
            let stroked = |address: &str| address.replace('/', "\\/");
            text.replace(origin, &ours).replace(&stroked(origin), &stroked(&ours))
        });
        body = plain.into_bytes();
    }
    answer.remove("transfer-encoding");
    answer.set("content-length", &body.len().to_string());
    answer.set("connection", "close");
    Ok((answer, body))
}

/// Waits until the client has closed.
fn gone(client: &mut TcpStream) -> Result<()> {
    let mut rest = [0; 1024];
    while client.read(&mut rest)? > 0 {}
    Ok(())
}
