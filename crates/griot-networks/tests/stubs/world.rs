//! A connector, the network that it speaks with, and the gate between them.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use griot_domain::delivery::Armed;
use griot_domain::{
    Account, AccountId, AccountState, Clock, DeliveryId, Faults, Format, MediaKind, NetworkId, Random,
    Timestamp,
};
use griot_networks::{
    Client, ConnectInput, Discourse, Error, Facebook, Live, Mastodon, Network, Prepared, PreparedMedia,
    Probe, Question, Secrets, Session, Steps, Telegram, Vault, X,
};
use griot_stubs::gate::Gate;
use griot_stubs::{Auditor, Held, discourse, facebook, fediverse, telegram, x};
use serde_json::Value;

/// 2026-11-22T20:00:00Z
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_795_377_600_000);

struct Fixed;

impl Clock for Fixed {
    fn now(&self) -> Timestamp {
        NOW
    }
}

impl Random for Fixed {
    fn fill(&self, bytes: &mut [u8]) {
        static NEXT: AtomicU8 = AtomicU8::new(1);
        bytes.fill_with(|| NEXT.fetch_add(1, Ordering::Relaxed));
    }
}

pub(crate) fn client() -> Client {
    Client::new(Arc::new(Fixed), Arc::new(Fixed), Faults::none(), "0.0.0")
}

struct Memory(Mutex<Secrets>);

#[async_trait]
impl Vault for Memory {
    async fn load(&self) -> Result<Secrets, Error> {
        Ok(self.0.lock().unwrap().clone())
    }

    async fn store(&self, secrets: &Secrets) -> Result<(), Error> {
        *self.0.lock().unwrap() = secrets.clone();
        Ok(())
    }

    async fn lock(&self) -> Result<Box<dyn Send>, Error> {
        Ok(Box::new(()))
    }
}

#[derive(Default)]
pub(crate) struct Kept(BTreeMap<String, Value>);

impl Steps for Kept {
    fn get(&self, name: &str) -> Option<Value> {
        self.0.get(name).cloned()
    }

    fn put(&mut self, name: &str, value: Value, _expires: Option<Timestamp>) -> Result<(), Error> {
        self.0.insert(name.to_owned(), value);
        Ok(())
    }

    fn forget(&mut self, name: &str) -> Result<(), Error> {
        self.0.remove(name);
        Ok(())
    }
}

/// A connector, the network that it speaks with, and the gate between them.
pub(crate) struct World {
    pub(crate) network: Box<dyn Network>,
    pub(crate) stub: Box<dyn Auditor>,
    pub(crate) gate: Gate,
    pub(crate) input: ConnectInput,
    /// Fields that every post of this network needs.
    pub(crate) fields: Vec<(&'static str, &'static str)>,
    /// The visible call, as the gate sees it.
    pub(crate) visible: (&'static str, &'static str),
    /// Whether the network keeps an alt text for pictures, and for films.
    pub(crate) alts: (bool, bool),
    pub(crate) folder: tempfile::TempDir,
    pub(crate) count: u8,
}

pub(crate) fn world(
    network: impl Network + 'static,
    stub: impl Auditor + 'static,
    handle: Option<&str>,
    given: &[(&str, &str)],
    visible: (&'static str, &'static str),
    alts: (bool, bool),
) -> World {
    stub.set_now(NOW.millis());
    let gate = Gate::start(&stub.url());
    let fields = given.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    let input =
        ConnectInput { server: Some(gate.url()), handle: handle.map(str::to_owned), fields: Secrets(fields) };
    let folder = tempfile::tempdir().unwrap();
    let (network, stub) = (Box::new(network), Box::new(stub));
    World { network, stub, gate, input, fields: Vec::new(), visible, alts, folder, count: 0 }
}

pub(crate) fn on_facebook(token: &str) -> World {
    let stub = griot_stubs::Facebook::start();
    stub.part(10);
    world(Facebook::new(client()), stub, None, &[("token", token)], ("POST", "/feed"), (true, false))
}

pub(crate) fn on_x() -> World {
    let keys = [
        ("api_key", x::API_KEY),
        ("api_secret", x::API_SECRET),
        ("access_token", x::ACCESS_TOKEN),
        ("access_secret", x::ACCESS_SECRET),
    ];
    world(X::new(client()), griot_stubs::X::start(), None, &keys, ("POST", "/2/tweets"), (true, false))
}

pub(crate) fn on_telegram(desk: bool) -> World {
    let (stub, name) = (griot_stubs::Telegram::start(), format!("@{}", telegram::USERNAME));
    let number = telegram::DESK.to_string();
    let mut given = vec![("token", telegram::TOKEN), ("channel", name.as_str())];
    given.extend(desk.then_some(("desk", number.as_str())));
    world(Telegram::new(client()), stub, None, &given, ("POST", "/sendMessage"), (false, false))
}

pub(crate) fn on_discourse() -> World {
    let stub = griot_stubs::Discourse::start();
    let given = [("key", discourse::KEY)];
    let visible = ("POST", "/posts.json");
    let world =
        world(Discourse::new(client()), stub, Some(discourse::USERNAME), &given, visible, (true, true));
    World { fields: vec![("category", "Vie locale"), ("tags", "bamako")], ..world }
}

pub(crate) fn on_fediverse() -> World {
    let stub = griot_stubs::Fediverse::start();
    let given = [("token", fediverse::TOKEN)];
    world(Mastodon::new(client()), stub, None, &given, ("POST", "/api/v1/statuses"), (true, true))
}

pub(crate) fn all() -> Vec<World> {
    vec![
        on_facebook(facebook::TOKEN),
        on_facebook(facebook::USER_TOKEN),
        on_x(),
        on_telegram(true),
        on_telegram(false),
        on_discourse(),
        on_fediverse(),
    ]
}

pub(crate) fn medium(folder: &Path, format: Format, words: &str, alt: &str) -> PreparedMedia {
    let hash = blake3::hash(words.as_bytes()).to_hex().to_string();
    let path = folder.join(format!("{}.{}", &hash[..8], format.extension()));
    // No text: a byte that UTF-8 does not have, and the end of a line within.
    let bytes = [b"\xff\xd8\r\n\r\n--\x00".as_slice(), words.as_bytes()].concat();
    std::fs::write(&path, &bytes).unwrap();
    PreparedMedia {
        path,
        hash: blake3::hash(&bytes).to_hex().to_string(),
        format,
        width: 1280,
        height: 720,
        bytes: bytes.len() as u64,
        duration_ms: (format.kind() == MediaKind::Video).then_some(5_000),
        alt: alt.into(),
        focus: None,
    }
}

impl World {
    pub(crate) async fn connect(&self) -> Session {
        let found = self.network.connect(&self.input).await.unwrap();
        let account = Account {
            id: AccountId::new(NOW, [1; 10]),
            network: self.network.id(),
            server: found.server,
            handle: found.handle,
            remote_id: found.remote_id,
            name: "Awa".into(),
            state: AccountState::Connected,
            limits: found.limits,
            added_at: NOW,
            ends_at: None,
        };
        let session = Session { account, vault: Arc::new(Memory(Mutex::new(found.secrets))) };
        self.network.check(&session).await.unwrap();
        session
    }

    pub(crate) fn picture(&self, words: &str, alt: &str) -> PreparedMedia {
        medium(self.folder.path(), Format::Jpeg, words, alt)
    }

    pub(crate) fn film(&self, words: &str) -> PreparedMedia {
        medium(self.folder.path(), Format::Mp4, words, "Une danse")
    }

    pub(crate) fn prepared(&mut self, text: &str, media: Vec<PreparedMedia>) -> Prepared {
        self.count += 1;
        let mut fields: BTreeMap<String, String> =
            self.fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.insert("title".into(), format!("Une question sur le marché ({})", self.count));
        Prepared {
            delivery: DeliveryId::new(NOW, [self.count; 10]),
            created_at: NOW,
            text: text.to_owned(),
            fields,
            media,
            reply_to: None,
            date: None,
        }
    }

    /// Everything before the visible call, however often the network wants to be asked.
    pub(crate) async fn stage(&self, session: &Session, post: &Prepared) -> Armed {
        let mut steps = Kept::default();
        for _ in 0..10 {
            match self.network.stage(session, post, &mut steps).await {
                Ok(staged) => {
                    return Armed {
                        at: NOW,
                        server_date: staged.server_date,
                        newest_own: staged.newest_own,
                        key: staged.key,
                        fingerprint: String::new(),
                        body: staged.body,
                        maybe_sent: true,
                        sent_at: Some(NOW),
                        given_up_at: None,
                        answered: false,
                        unanswered_since: None,
                        absent_at: None,
                        resends: 0,
                    };
                }
                Err(Error::Processing { .. }) => {}
                Err(error) => panic!("{:?}: {error:?}", self.network.id()),
            }
        }
        panic!("{:?} never makes it ready", self.network.id());
    }

    /// Whether it is live, however often the network wants to be asked.
    pub(crate) async fn probe(&self, session: &Session, post: &Prepared, armed: &Armed) -> Probe {
        let (prepared, armed) = (post.clone(), Some(armed.clone()));
        let question = Question { prepared, armed, since: NOW, taken: Vec::new(), dated: false, kept: None };
        for _ in 0..10 {
            match self.network.probe(session, &question).await {
                Ok(probe) => return probe,
                Err(Error::Processing { .. }) => {}
                Err(error) => panic!("{:?}: {error:?}", self.network.id()),
            }
        }
        panic!("{:?} never tells", self.network.id());
    }

    pub(crate) fn held(&self, live: &Live) -> Held {
        let posts = self.stub.posts();
        let is_it = |post: &&Held| post.id == live.id || post.media.iter().any(|medium| medium.id == live.id);
        posts.iter().rev().find(is_it).unwrap_or_else(|| panic!("{live:?} is not in {posts:#?}")).clone()
    }

    /// What the network holds is what was prepared.
    pub(crate) fn assert_same(&self, post: &Prepared, live: &Live) {
        let (held, name) = (self.held(live), self.network.id());
        assert_eq!(held.text, post.text, "{name:?}");
        let hashes: Vec<_> = held.media.iter().map(|medium| medium.hash.as_str()).collect();
        let ours: Vec<_> = post.media.iter().map(|medium| medium.hash.as_str()).collect();
        assert_eq!(hashes, ours, "{name:?}");
        for (theirs, ours) in held.media.iter().zip(&post.media) {
            let is_film = ours.format.kind() == MediaKind::Video;
            let keeps = if is_film { self.alts.1 } else { self.alts.0 };
            let wanted = (keeps && !ours.alt.is_empty()).then_some(ours.alt.as_str());
            assert_eq!(theirs.alt.as_deref(), wanted, "{name:?}");
        }
    }

    /// From nothing to a live post that the network shows.
    pub(crate) async fn publish(&self, session: &Session, post: &Prepared) -> Live {
        let armed = self.stage(session, post).await;
        let (before, name) = (self.stub.posts().len(), self.network.id());
        let live = match self.network.commit(session, &armed.body, &armed.key).await {
            Ok(live) => live,
            Err(error) => panic!("{name:?}: {error:?}"),
        };
        assert_eq!(self.stub.posts().len(), before + 1, "{name:?}");
        self.assert_same(post, &live);
        match self.probe(session, post, &armed).await {
            Probe::Live(found) => assert_eq!(found.id, live.id, "{name:?}"),
            Probe::CannotTell(_) if name == NetworkId::Telegram => {}
            other => panic!("{name:?}: {other:?}"),
        }
        live
    }

    pub(crate) fn assert_clean(&self) {
        assert_eq!(self.stub.violations(), Vec::<String>::new(), "{:?}", self.network.id());
    }
}
