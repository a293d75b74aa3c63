use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use super::{Fault, Faults, Proxy, Rule};

/// A server that answers everything with how many bytes of body it got.
fn echo() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let Ok((head, early)) = super::wire::Head::read(&mut stream) else { continue };
            let mut body = super::wire::Body::of(&head, early);
            let Ok(n) = body.copy(&mut stream, &mut std::io::sink(), usize::MAX) else { continue };
            let key = head.get("idempotency-key").unwrap_or("none");
            let said = format!("{n} {key}");
            write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{said}", said.len()).unwrap();
        }
    });
    url
}

fn ask(proxy: &Proxy, body: &str) -> String {
    let address = proxy.url().trim_start_matches("http://").to_owned();
    let Ok(mut stream) = TcpStream::connect(&address) else { return "refused".to_owned() };
    write!(
        stream,
        "POST /x/y HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer hidden\r\nidempotency-key: k\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    )
    .unwrap();
    let mut answer = Vec::new();
    // A reset is an answer too: none.
    stream.read_to_end(&mut answer).ok();
    String::from_utf8(answer).unwrap().rsplit("\r\n").next().unwrap().to_owned()
}

#[test]
fn each_fault_is_what_it_says() {
    let proxy = Proxy::start(&echo(), Faults::none());
    assert_eq!(ask(&proxy, "12345"), "5 k");
    for (fault, expected) in [
        (Fault::DropAnswer, ""),
        (Fault::CutAfter(2), ""),
        (Fault::StripHeader("Idempotency-Key".into()), "5 none"),
        (Fault::status(503, "busy"), "busy"),
        (Fault::Refuse, ""),
        (Fault::Truncate, "5"),
    ] {
        proxy.set(Rule::once("POST", "/x", fault.clone()).into());
        assert_eq!(ask(&proxy, "12345"), expected, "{fault:?}");
        assert_eq!(ask(&proxy, "12345"), "5 k", "once, then no more: {fault:?}");
    }
    proxy.set(Rule { skip: 1, ..Rule::once("", "/x", Fault::Html) }.into());
    assert_eq!(ask(&proxy, ""), "0 k");
    assert!(ask(&proxy, "").contains("Sign in"));
    assert_eq!(proxy.count("POST", "/x/y"), 15);
    let first = &proxy.requests()[0];
    assert_eq!((first.body, first.status, first.header("authorization")), (5, Some(200), Some("")));
}

#[test]
fn offline_refuses_and_online_listens_again() {
    let proxy = Proxy::start(&echo(), Faults::none());
    proxy.offline();
    assert_eq!(ask(&proxy, "1"), "refused");
    proxy.online();
    assert_eq!(ask(&proxy, "1"), "1 k");
}
