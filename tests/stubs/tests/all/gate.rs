//! Each fault of the gate, seen from the client's side and from the server's.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::sync::{Arc, Mutex};
use std::thread;

use griot_stubs::Gate;
use griot_stubs::gate::{Fault, Latch, Page, Wait};
use griot_stubs::http::{Answer, Request, Serve, Server, ask};
use serde_json::json;

/// Answers every request with its own body, and remembers them.
#[derive(Default)]
struct Echo {
    whole: Mutex<Vec<Request>>,
    broken: Mutex<Vec<Request>>,
}

impl Serve for Echo {
    fn answer(&self, request: &Request) -> Answer {
        self.whole.lock().unwrap().push(request.clone());
        let own = format!("http://{}", request.header("host").unwrap());
        let body =
            json!({"echo": String::from_utf8_lossy(&request.body), "upload_url": format!("{own}/up/1")});
        Answer::json(200, body)
            .with("location", &format!("{own}/t/1"))
            .with("link", &format!("<{own}/next>; rel=\"next\""))
    }

    fn broken(&self, request: &Request) {
        self.broken.lock().unwrap().push(request.clone());
    }
}

struct World {
    echo: Arc<Echo>,
    gate: Gate,
    _server: Server,
}

fn world() -> World {
    let echo = Arc::new(Echo::default());
    let server = Server::start(Arc::clone(&echo) as Arc<dyn Serve>);
    let gate = Gate::start(&server.url());
    World { echo, gate, _server: server }
}

fn post(body: &str) -> Request {
    let mut request = Request::new("POST", "/posts?x=1").with("content-type", "text/plain");
    request.body = body.as_bytes().to_vec();
    request
}

impl World {
    fn send(&self, body: &str) -> std::io::Result<Answer> {
        ask(&self.gate.url(), &post(body))
    }

    fn served(&self) -> usize {
        self.echo.whole.lock().unwrap().len()
    }
}

/// What the client saw: the status, or the kind of the failure.
fn saw(result: &std::io::Result<Answer>) -> String {
    match result {
        Ok(answer) => answer.status.to_string(),
        Err(error) => format!("{:?}", error.kind()),
    }
}

#[test]
fn what_passes_comes_whole_and_leads_back_through_the_gate() {
    let world = world();
    let answer = world.send("bonjour").unwrap();
    assert_eq!(answer.value()["echo"], "bonjour");
    let gate = world.gate.url();
    assert_eq!(answer.value()["upload_url"], format!("{gate}/up/1"));
    let header = |name: &str| answer.headers.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap();
    assert_eq!(header("location"), format!("{gate}/t/1"));
    assert_eq!(header("link"), format!("<{gate}/next>; rel=\"next\""));
    let seen = world.echo.whole.lock().unwrap()[0].clone();
    assert_eq!((seen.target.as_str(), seen.origin()), ("/posts?x=1", gate));
    let passed = world.gate.passed();
    assert_eq!((passed[0].fault, passed[0].body, passed[0].status), ("pass", 7, Some(200)));
}

#[test]
fn an_alias_of_the_server_leads_back_as_well() {
    let world = world();
    world.gate.alias("https://mastodon.example/");
    let answer = world.send("https://mastodon.example/@awa").unwrap();
    assert_eq!(answer.value()["echo"], format!("{}/@awa", world.gate.url()));
}

#[test]
fn nothing_reaches_the_server_when_the_line_is_cut_before() {
    let world = world();
    world.gate.next([Fault::CloseUnread, Fault::CloseAfter(3), Fault::Refuse]);
    let unread = world.send(&"x".repeat(100_000));
    assert!(matches!(saw(&unread).as_str(), "ConnectionReset" | "BrokenPipe" | "InvalidData"), "{unread:?}");
    let after = world.send("bonjour");
    assert!(after.is_err(), "{after:?}");
    assert_eq!(world.echo.broken.lock().unwrap()[0].body, b"bon");
    assert!(world.send("bonjour").is_err());
    assert_eq!(saw(&world.send("bonjour")), "ConnectionRefused");
    world.gate.online();
    assert_eq!((saw(&world.send("bonjour")).as_str(), world.served()), ("200", 1));
    world.gate.offline();
    assert_eq!(saw(&world.send("bonjour")), "ConnectionRefused");
    let counts = world.gate.counts();
    for name in ["close-unread", "close-after", "refuse", "pass"] {
        assert_eq!(counts[name], 1, "{name}");
    }
}

#[test]
fn the_server_has_done_it_when_the_answer_is_lost_cut_or_truncated() {
    let world = world();
    world.gate.next([Fault::LoseAnswer, Fault::CutAnswer(5), Fault::TruncateAnswer(5)]);
    assert!(world.send("a").is_err());
    assert_eq!(saw(&world.send("b")), "UnexpectedEof");
    let short = world.send("c").unwrap();
    assert_eq!((short.status, short.body.as_slice()), (200, &b"{\"ech"[..]));
    assert_eq!(world.served(), 3);
    let passed = world.gate.passed();
    assert!(passed.iter().all(|one| one.status == Some(200)), "{passed:?}");
}

#[test]
fn an_answer_waits_until_the_test_lets_it_go() {
    let world = world();
    let latch = Latch::new();
    world.gate.next([Fault::Hold(latch.clone())]);
    let url = world.gate.url();
    let client = thread::spawn(move || ask(&url, &post("a")));
    assert!(latch.reached(1));
    assert_eq!(world.served(), 1, "the server has done it already");
    assert!(!client.is_finished());
    latch.release();
    assert_eq!(client.join().unwrap().unwrap().status, 200);
}

#[test]
fn a_client_that_waits_in_vain_ends_it_itself() {
    for (fault, served) in [(Fault::Hang, 0), (Fault::HangAfter, 1)] {
        let world = world();
        world.gate.next([fault]);
        let mut stream = TcpStream::connect(world.gate.url().trim_start_matches("http://")).unwrap();
        stream.set_read_timeout(Some(std::time::Duration::from_millis(200))).unwrap();
        stream.write_all(b"POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\n\r\na").unwrap();
        let waited = stream.read(&mut [0; 10]).unwrap_err().kind();
        assert!(matches!(waited, ErrorKind::WouldBlock | ErrorKind::TimedOut), "{waited:?}");
        assert_eq!(world.served(), served);
        drop(stream);
    }
}

#[test]
fn a_gate_that_is_dropped_ends_what_hangs_in_it() {
    let world = world();
    world.gate.next([Fault::Hang]);
    let mut stream = TcpStream::connect(world.gate.url().trim_start_matches("http://")).unwrap();
    stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    while world.gate.counts().is_empty() {
        thread::yield_now();
    }
    drop(world);
    assert!(!matches!(stream.read(&mut [0; 10]), Ok(1..)));
}

#[test]
fn the_gate_answers_in_the_servers_place() {
    let header = |answer: &Answer, name: &str| {
        let found = answer.headers.iter().find(|(n, _)| n == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    };
    let world = world();
    for (page, status, check) in [
        (Page::TooMany(Wait::Seconds(7)), 429, "retry-after"),
        (Page::TooMany(Wait::Date(7)), 429, "retry-after"),
        (Page::TooMany(Wait::Epoch(7)), 429, "x-rate-limit-reset"),
        (Page::TooMany(Wait::Iso(7)), 429, "x-ratelimit-reset"),
        (Page::TooMany(Wait::Parameters(7)), 429, ""),
        (Page::TooMany(Wait::Unsaid), 429, ""),
        (Page::TooMany(Wait::Year), 429, "retry-after"),
        (Page::Unavailable, 503, "content-type"),
        (Page::Broken, 500, "content-type"),
        (Page::BadGateway, 502, "content-type"),
        (Page::Portal, 200, "content-type"),
        (Page::ToLogin, 302, "location"),
        (Page::Empty, 200, ""),
        (Page::BadText, 200, "content-type"),
        (Page::Deep, 200, "content-type"),
        (Page::WrongType, 200, "content-type"),
        (Page::Unauthorized, 401, "content-type"),
    ] {
        world.gate.next([Fault::Answer(page.clone())]);
        let answer = world.send("x").unwrap();
        assert_eq!(answer.status, status, "{page:?}");
        assert!(check.is_empty() || !header(&answer, check).is_empty(), "{page:?}: {:?}", answer.headers);
        match page {
            Page::TooMany(Wait::Seconds(_)) => assert_eq!(header(&answer, "retry-after"), "7"),
            Page::TooMany(Wait::Date(_)) => assert!(header(&answer, "retry-after").ends_with(" GMT")),
            Page::TooMany(Wait::Epoch(_)) => {
                assert!(header(&answer, check).parse::<u64>().unwrap() > 1_700_000_000)
            }
            Page::TooMany(Wait::Iso(_)) => assert!(header(&answer, check).ends_with('Z')),
            Page::TooMany(Wait::Year) => assert_eq!(header(&answer, check), "31536000"),
            Page::TooMany(Wait::Parameters(_)) => assert_eq!(answer.value()["parameters"]["retry_after"], 7),
            Page::Portal | Page::Unavailable | Page::BadGateway => {
                assert!(header(&answer, "content-type").contains("html") && answer.body.starts_with(b"<"));
            }
            Page::Empty => assert!(answer.body.is_empty()),
            Page::BadText => assert!(std::str::from_utf8(&answer.body).is_err()),
            Page::Deep => assert_eq!(answer.body.len(), 200_000),
            Page::WrongType => assert_eq!(header(&answer, "content-type"), "image/png"),
            _ => {}
        }
    }
    assert_eq!(world.served(), 0, "the server was never asked");
    world.gate.next([Fault::Instead(Page::BadGateway)]);
    assert_eq!((world.send("x").unwrap().status, world.served()), (502, 1));
}

#[test]
fn more_is_said_than_anybody_reads() {
    for page in [Page::Large, Page::Endless] {
        let world = world();
        world.gate.next([Fault::Answer(page.clone())]);
        let mut stream = TcpStream::connect(world.gate.url().trim_start_matches("http://")).unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
        let mut seen = 0;
        let mut chunk = vec![0; 1 << 20];
        while seen < 8 << 20 {
            seen += match stream.read(&mut chunk).unwrap() {
                0 => panic!("{page:?} ended after {seen}"),
                n => n,
            };
        }
    }
}

#[test]
fn a_plan_knows_what_came_before() {
    let world = world();
    world.gate.plan(|asked| match (asked.method.as_str(), asked.same_before) {
        ("POST", 1) => Fault::Answer(Page::Broken),
        _ => Fault::Pass,
    });
    let got: Vec<_> = (0..3).map(|_| saw(&world.send("x"))).collect();
    assert_eq!(got, ["200", "500", "200"]);
    world.gate.at("GET", "/me", [Fault::Answer(Page::Unauthorized)]);
    let me = || ask(&world.gate.url(), &Request::new("GET", "/me?a=b")).unwrap().status;
    assert_eq!((saw(&world.send("x")).as_str(), me(), me()), ("200", 401, 200));
    world.gate.clear();
    assert_eq!(me(), 200);
}

#[test]
fn a_body_in_chunks_goes_on_whole() {
    let world = world();
    let mut stream = TcpStream::connect(world.gate.url().trim_start_matches("http://")).unwrap();
    let head = b"POST /x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head).unwrap();
    stream.write_all(b"3\r\nbon\r\n4\r\njour\r\n0\r\n\r\n").unwrap();
    stream.read_to_end(&mut Vec::new()).unwrap();
    assert_eq!(world.echo.whole.lock().unwrap()[0].body, b"bonjour");
}

#[test]
fn what_is_deferred_reaches_the_server_when_the_test_says_so_and_not_before() {
    let world = world();
    for (n, is_behind) in [(1, false), (2, true)] {
        let latch = Latch::new();
        let fault = match is_behind {
            true => Fault::DeferBehind(Page::GatewayTimeout, latch.clone()),
            false => Fault::Defer(latch.clone()),
        };
        world.gate.next([fault]);
        let heard = world.send("plus tard");
        assert_eq!(heard.ok().map(|answer| answer.status), is_behind.then_some(504));
        assert!(latch.reached(1) && latch.holds());
        assert_eq!((world.served(), world.gate.open()), (n - 1, 1));
        latch.release();
        while world.gate.open() > 0 {
            thread::yield_now();
        }
        assert_eq!((world.served(), latch.holds()), (n, false));
    }
}
