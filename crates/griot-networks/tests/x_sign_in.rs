//! X by agreeing in the browser: from the page to a live post, and tokens that are refreshed when a call needs it, by
//! one program at a time, without ever losing an account to a bad line.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use griot_domain::{
    Account, AccountId, AccountState, Clock, DeliveryId, Faults, Lang, NetworkId, Random, Timestamp,
};
use griot_networks::{
    Client, ConnectInput, Error, Live, Loopback, Network, Prepared, Returned, Secrets, Session, Steps, Vault,
    X,
};
use griot_stubs::gate::{Fault, Gate, Page};
use griot_stubs::http::{Answer, Request, ask};
use griot_stubs::{Auditor, x};
use serde_json::Value;

/// 2026-11-22T20:00:00Z
const START: i64 = 1_795_377_600_000;
const TWO_HOURS: i64 = 2 * 60 * 60 * 1000;

struct Watch(AtomicI64);

impl Clock for Watch {
    fn now(&self) -> Timestamp {
        Timestamp::from_millis(self.0.load(Ordering::Relaxed))
    }
}

struct Dice;

impl Random for Dice {
    fn fill(&self, bytes: &mut [u8]) {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        bytes.fill_with(|| NEXT.fetch_add(1, Ordering::Relaxed));
    }
}

/// Secrets on a disk that can be full, which two programs share.
#[derive(Default)]
struct Disk {
    kept: Mutex<Secrets>,
    is_full: AtomicBool,
    alone: Arc<tokio::sync::Mutex<()>>,
}

impl Disk {
    fn one(&self, name: &str) -> String {
        self.kept.lock().unwrap().get(name).unwrap_or_default().to_owned()
    }
}

#[async_trait]
impl Vault for Disk {
    async fn load(&self) -> Result<Secrets, Error> {
        Ok(self.kept.lock().unwrap().clone())
    }

    async fn store(&self, secrets: &Secrets) -> Result<(), Error> {
        if self.is_full.load(Ordering::Relaxed) {
            return Err(Error::Environment("the disk is full".into()));
        }
        *self.kept.lock().unwrap() = secrets.clone();
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn Send>, Error> {
        Ok(Box::new(Arc::clone(&self.alone).lock_owned().await))
    }
}

#[derive(Default)]
struct Kept(BTreeMap<String, Value>);

impl Steps for Kept {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }

    fn put(&mut self, name: &str, value: Value, _: Option<Timestamp>) -> Result<(), Error> {
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        self.0.remove(name);
        Ok(())
    }
}

/// X, the line to it, a machine with a clock and a disk.
struct World {
    x: X,
    stub: griot_stubs::X,
    gate: Gate,
    watch: Arc<Watch>,
    disk: Arc<Disk>,
    posts: AtomicU8,
}

impl World {
    fn new() -> Self {
        let stub = griot_stubs::X::start();
        stub.set_now(START);
        let gate = Gate::start(&stub.url());
        let watch = Arc::new(Watch(AtomicI64::new(START)));
        let client =
            Client::new(Arc::clone(&watch) as Arc<dyn Clock>, Arc::new(Dice), Faults::none(), "0.0.0");
        Self { x: X::new(client), stub, gate, watch, disk: Arc::default(), posts: AtomicU8::new(0) }
    }

    fn pass(&self, millis: i64) {
        self.watch.0.fetch_add(millis, Ordering::Relaxed);
        self.stub.set_now(self.watch.now().millis());
    }

    fn input(&self, fields: &[(&str, &str)]) -> ConnectInput {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        ConnectInput { server: Some(self.gate.url()), handle: None, fields: Secrets(fields) }
    }

    /// The person's browser: opens the page and goes where it is sent.
    fn agree(&self, page: &str, more: &str) -> String {
        let target = page.strip_prefix(&self.gate.url()).unwrap();
        let answer = ask(&self.gate.url(), &Request::new("GET", &format!("{target}{more}"))).unwrap();
        let back = answer.headers.iter().find(|(name, _)| name == "location").map(|(_, value)| value.clone());
        back.unwrap_or_else(|| panic!("{answer:?}"))
    }

    /// From the form to what is kept.
    async fn signed_in(&self, fields: &[(&str, &str)]) -> Result<Session, Error> {
        let browser = self.x.browser().unwrap();
        let door = Loopback::bind().await?;
        let begun = browser.begin(&self.input(fields), &door.redirect()).await?;
        let (page, state) = (begun.page.clone(), begun.state.clone());
        let heard = tokio::spawn(async move { door.answer(&state, Lang::En).await });
        visit(&self.agree(&page, ""));
        let Returned::Code(code) = heard.await.unwrap() else { panic!("nobody agreed") };
        let fields = browser.finish(&begun, &code).await?;
        let input = ConnectInput { server: Some(begun.server), handle: None, fields };
        let found = self.x.connect(&input).await?;
        *self.disk.kept.lock().unwrap() = found.secrets;
        let account = Account {
            id: AccountId::new(self.watch.now(), [1; 10]),
            network: NetworkId::X,
            server: found.server,
            handle: found.handle,
            remote_id: found.remote_id,
            name: "Awa".into(),
            state: AccountState::Connected,
            limits: found.limits,
            added_at: self.watch.now(),
            ends_at: None,
        };
        Ok(Session { account, vault: Arc::clone(&self.disk) as Arc<dyn Vault> })
    }

    async fn publish(&self, session: &Session, text: &str) -> Result<Live, Error> {
        let post = Prepared {
            delivery: DeliveryId::new(self.watch.now(), [self.posts.fetch_add(1, Ordering::Relaxed); 10]),
            created_at: self.watch.now(),
            text: text.to_owned(),
            fields: BTreeMap::new(),
            media: Vec::new(),
            reply_to: None,
            date: None,
        };
        let staged = self.x.stage(session, &post, &mut Kept::default()).await?;
        self.x.commit(session, &staged.body, &staged.key).await
    }

    /// How often tokens were asked for, at the gate.
    fn asked_for_tokens(&self) -> usize {
        self.gate.passed().iter().filter(|passed| passed.target.starts_with("/2/oauth2/token")).count()
    }
}

/// One visit of the browser at the door.
fn visit(address: &str) -> u16 {
    let (host, target) = address.strip_prefix("http://").unwrap().split_once('/').unwrap();
    ask(&format!("http://{host}"), &Request::new("GET", &format!("/{target}"))).unwrap().status
}

const PUBLIC: &[(&str, &str)] = &[("client_id", x::CLIENT_ID)];

#[tokio::test(flavor = "multi_thread")]
async fn agreeing_on_the_page_ends_in_a_live_post() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    assert_eq!(session.account.handle, format!("@{}", x::USERNAME));
    assert_eq!(session.account.remote_id, x::USER);
    world.publish(&session, "Bonjour").await.unwrap();
    assert_eq!(world.stub.posts()[0].text, "Bonjour");
    assert_eq!(world.stub.violations(), Vec::<String>::new());
    assert_eq!(world.asked_for_tokens(), 1, "for the code, and never again while the token is good");
    let shown = format!("{session:?}", session = world.disk.kept.lock().unwrap());
    assert!(shown.contains("refresh_token") && !shown.contains("stub-refresh"), "{shown}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_keeps_a_secret_proves_itself_with_it() {
    let world = World::new();
    world.stub.confide();
    let fields = [("client_id", x::CLIENT_ID), ("client_secret", x::CLIENT_SECRET)];
    let session = world.signed_in(&fields).await.unwrap();
    world.pass(TWO_HOURS);
    world.publish(&session, "Bonjour").await.unwrap();
    assert_eq!(world.stub.rotations(), 1);
    let refused = World { stub: world.stub, ..World::new() };
    let Err(error) = refused.x.browser().unwrap().begin(&refused.input(&[]), "http://127.0.0.1:1/").await
    else {
        panic!("a page without an app")
    };
    assert!(matches!(error, Error::Auth(_)), "{error:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_state_is_nobodys_answer_and_a_refusal_is_one() {
    let world = World::new();
    let door = Loopback::bind().await.unwrap();
    let begun = world.x.browser().unwrap().begin(&world.input(PUBLIC), &door.redirect()).await.unwrap();
    assert!(begun.page.contains("scope=tweet.read%20tweet.write"), "{}", begun.page);
    let state = begun.state.clone();
    let heard = tokio::spawn(async move { door.answer(&state, Lang::En).await });
    let agreed = world.agree(&begun.page, "");
    assert_eq!(visit(&agreed.replace(&begun.state, "somebody-elses")), 400);
    assert_eq!(visit(&agreed.replace("state=", "stat=")), 400);
    assert_eq!(visit(&world.agree(&begun.page, "&agree=no")), 200);
    assert_eq!(heard.await.unwrap(), Returned::Refused);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_good_once_for_thirty_seconds_and_with_its_proof_alone() {
    let world = World::new();
    let browser = world.x.browser().unwrap();
    let redirect = "http://127.0.0.1:1/oauth/callback";
    let begun = browser.begin(&world.input(PUBLIC), redirect).await.unwrap();
    let code = |back: String| back.split("code=").nth(1).unwrap().to_owned();
    let other = browser.begin(&world.input(PUBLIC), redirect).await.unwrap();
    let first = code(world.agree(&begun.page, ""));
    let told = |error: Result<Secrets, Error>| match error {
        Err(Error::Auth(words)) => assert!(!words.contains("stub-code"), "{words}"),
        other => panic!("{other:?}"),
    };
    told(browser.finish(&other, &first).await);
    let late = code(world.agree(&begun.page, ""));
    world.pass(31_000);
    told(browser.finish(&begun, &late).await);
    let good = code(world.agree(&begun.page, ""));
    browser.finish(&begun, &good).await.unwrap();
    told(browser.finish(&begun, &good).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_has_ended_is_replaced_on_the_disk_and_the_spent_one_is_worth_nothing() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    let (bearer, refresh) = (world.disk.one("bearer"), world.disk.one("refresh_token"));
    let spent = world.disk.kept.lock().unwrap().clone();
    world.pass(TWO_HOURS);
    assert_eq!(world.stub.rotations(), 0, "time alone asks for nothing");
    world.publish(&session, "Bonjour").await.unwrap();
    assert_eq!(world.stub.rotations(), 1);
    assert!(bearer != world.disk.one("bearer") && refresh != world.disk.one("refresh_token"));
    world.publish(&session, "Bonsoir").await.unwrap();
    assert_eq!(world.stub.rotations(), 1);
    // A backup of the secrets that was put back.
    *world.disk.kept.lock().unwrap() = spent;
    let error = world.publish(&session, "Bonne nuit").await.unwrap_err();
    assert!(matches!(error, Error::Auth(_)), "{error:?}");
    assert!(!format!("{error:?} {error}").contains(&refresh), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_x_ended_early_is_replaced_in_the_middle_of_the_visible_call() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    let post = world.publish(&session, "Un").await.unwrap();
    world.stub.end_access();
    let url = serde_json::json!({"text": "Deux"});
    let live = world.x.commit(&session, &url, "key").await.unwrap();
    assert_ne!(live.id, post.id);
    assert_eq!((world.stub.posts().len(), world.stub.rotations()), (2, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_line_while_refreshing_keeps_the_account() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    let before = world.disk.kept.lock().unwrap().clone();
    world.pass(TWO_HOURS);
    for fault in [
        Fault::CloseUnread,
        Fault::Answer(Page::Portal),
        Fault::Answer(Page::Broken),
        Fault::CloseAfter(10),
        Fault::Refuse,
    ] {
        let name = fault.name();
        world.gate.at("POST", "/2/oauth2/token", [fault]);
        let error = world.publish(&session, "Bonjour").await.unwrap_err();
        let kept = matches!(error, Error::Offline(_) | Error::Portal(_) | Error::Transient(_));
        assert!(kept, "{name}: {error:?}");
        assert!(*world.disk.kept.lock().unwrap() == before, "{name}");
        assert!(!error.to_string().contains(before.get("refresh_token").unwrap()), "{error}");
    }
    world.gate.online();
    world.publish(&session, "Bonjour").await.unwrap();
    assert_eq!((world.stub.posts().len(), world.stub.rotations()), (1, 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_programs_that_need_a_token_at_once_ask_for_one() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    world.pass(TWO_HOURS);
    let other = session.clone();
    let (one, two) = tokio::join!(world.publish(&session, "Un"), world.publish(&other, "Deux"));
    one.unwrap();
    two.unwrap();
    assert_eq!(world.stub.rotations(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_are_kept_before_they_are_used() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    world.pass(TWO_HOURS);
    world.disk.is_full.store(true, Ordering::Relaxed);
    let before = world.stub.requests().len();
    let error = world.publish(&session, "Bonjour").await.unwrap_err();
    assert!(matches!(error, Error::Environment(_)), "{error:?}");
    assert_eq!(world.stub.requests().len(), before + 1, "the new token was used for nothing");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_was_withdrawn_asks_for_the_person() {
    let world = World::new();
    let session = world.signed_in(PUBLIC).await.unwrap();
    world.stub.withdraw();
    let error = world.x.check(&session).await.unwrap_err();
    assert!(matches!(error, Error::Auth(_)), "{error:?}");
    for (kind, words, expected) in [
        ("invalid_grant", "spent", "Auth"),
        ("unauthorized_client", "no such app", "Permission"),
        ("temporarily_unavailable", "later", "Transient"),
    ] {
        let body = serde_json::json!({"error": kind, "error_description": words});
        world.gate.at("POST", "/2/oauth2/token", [Fault::Answer(Page::Other(Answer::json(400, body)))]);
        let error = format!("{:?}", world.x.check(&session).await.unwrap_err());
        assert!(error.starts_with(expected), "{kind}: {error}");
    }
}
