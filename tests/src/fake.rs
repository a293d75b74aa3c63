//! A network made of memory, with everything that can go wrong on a string. It follows the contract of the trait and
//! nothing else: what the real servers do is tested against the real servers.

mod amended;
mod kept;
mod late;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use async_trait::async_trait;
use griot_app::ports::Networks;
use griot_domain::line::Sample;
use griot_domain::rules::LiveLimits;
use griot_domain::{Clock, NetworkId, Timestamp};
use griot_networks::{
    Begun, Browser, ConnectInput, Connected, Editor, Ends, Error, Identity, Keeper, Live, Network, Prepared,
    Probe, Question, Secrets, Session, Staged, Steps,
};
use serde_json::{Value, json};

use crate::clock::TestClock;

/// What the next calls meet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mishap {
    /// The visible call takes effect and its answer is lost.
    AnswerLost,
    /// The visible call is lost on its way.
    CallLost,
    /// The answer to the visible call is lost, and the server takes the call up so much later.
    Late(Duration),
    /// The visible call is refused like this.
    Refuse(Error),
}

#[derive(Default)]
struct State {
    posts: Vec<Value>,
    keys: Vec<String>,
    mishaps: VecDeque<Mishap>,
    stage_errors: VecDeque<Error>,
    down: Option<Error>,
    honours_keys: bool,
    blind: bool,
    calls: Vec<&'static str>,
    kept: Vec<kept::Waiting>,
    under_way: Vec<late::UnderWay>,
    /// Since when each post is there, by its key.
    shown_from: BTreeMap<String, Timestamp>,
    lists_late: Duration,
    /// So many looks at a live post see what was there before.
    stale_looks: u32,
    /// So many probes do not see a post that is there (a cached list).
    stale_probes: u32,
    /// The line to it carries so many bytes in a second.
    bytes_per_second: Option<u64>,
    samples: Vec<Sample>,
    /// Its visible call takes so long of the machine's own time.
    takes: Option<Duration>,
    /// How long its visible calls have taken in all.
    took: Duration,
    /// What a person who agrees may connect, where they have several.
    identities: Vec<Identity>,
    ends: Ends,
}

/// The networks of a studio in a test.
pub(crate) struct FakeNetworks(pub(crate) [Arc<FakeNetwork>; 4]);

impl Networks for FakeNetworks {
    fn get(&self, id: NetworkId) -> Option<Arc<dyn Network>> {
        self.0.iter().find(|network| network.id() == id).map(|n| Arc::clone(n) as Arc<dyn Network>)
    }

    fn samples(&self) -> Vec<Sample> {
        self.0.iter().flat_map(|network| network.samples()).collect()
    }
}

/// A network made of memory.
pub struct FakeNetwork {
    id: NetworkId,
    clock: Arc<TestClock>,
    state: Mutex<State>,
}

impl FakeNetwork {
    pub(crate) fn new(id: NetworkId, clock: Arc<TestClock>) -> Arc<Self> {
        let state = State { honours_keys: true, ..State::default() };
        Arc::new(Self { id, clock, state: Mutex::new(state) })
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().expect("the fake network")
    }

    /// As it is at this instant: what it kept until now is live.
    fn now(&self) -> std::sync::MutexGuard<'_, State> {
        let mut state = self.state();
        kept::appear_in_time(&mut state, self.clock.now());
        late::appear_in_time(&mut state, self.clock.now());
        state
    }

    /// The texts that are live, oldest first.
    #[must_use]
    pub fn live(&self) -> Vec<String> {
        let state = self.now();
        let there = state.posts.iter().filter(|post| post["gone"] != true);
        there.map(|p| p["text"].as_str().unwrap_or_default().to_owned()).collect()
    }

    /// The bodies that are live.
    #[must_use]
    pub fn bodies(&self) -> Vec<Value> {
        self.state().posts.clone()
    }

    /// The next visible call meets this.
    pub fn next(&self, mishap: Mishap) {
        self.state().mishaps.push_back(mishap);
    }

    /// The next staging meets this.
    pub fn next_stage(&self, error: Error) {
        self.state().stage_errors.push_back(error);
    }

    /// Every call meets this until it is `None`.
    pub fn down(&self, error: Option<Error>) {
        self.state().down = error;
    }

    /// The server does not look at idempotency keys.
    pub fn ignores_keys(&self) {
        self.state().honours_keys = false;
    }

    /// Who agrees has these identities.
    pub fn has(&self, identities: &[(&str, &str)]) {
        let one = |(id, name): &(&str, &str)| Identity { id: (*id).to_owned(), name: (*name).to_owned() };
        self.state().identities = identities.iter().map(one).collect();
    }

    /// What it says of the end of an account.
    pub fn ends(&self, ends: Ends) {
        self.state().ends = ends;
    }

    /// No probe can tell.
    pub fn blind(&self) {
        self.state().blind = true;
    }

    /// So many probes see an old list.
    pub fn stale(&self, probes: u32) {
        self.state().stale_probes = probes;
    }

    /// From now on every file goes up as if it were a megabyte on a line of this speed.
    pub fn line(&self, bytes_per_second: u64) {
        self.state().bytes_per_second = Some(bytes_per_second);
    }

    /// From now on every visible call takes so long, by the machine's own time.
    pub fn takes(&self, each: Duration) {
        self.state().takes = Some(each);
    }

    /// How long the visible calls have taken in all, by the machine's own time.
    #[must_use]
    pub fn took(&self) -> Duration {
        self.state().took
    }

    /// What was measured since the last time.
    pub(crate) fn samples(&self) -> Vec<Sample> {
        std::mem::take(&mut self.state().samples)
    }

    /// What was called, in order.
    #[must_use]
    pub fn calls(&self) -> Vec<&'static str> {
        self.state().calls.clone()
    }

    fn called(&self, what: &'static str) -> Result<(), Error> {
        let mut state = self.state();
        kept::appear_in_time(&mut state, self.clock.now());
        late::appear_in_time(&mut state, self.clock.now());
        state.calls.push(what);
        state.down.clone().map_or(Ok(()), Err)
    }

    fn appear(state: &mut State, body: &Value, key: &str) -> Live {
        if let Some(at) = state.keys.iter().position(|k| k == key).filter(|_| state.honours_keys) {
            return Self::as_live(&state.posts[at], at);
        }
        state.posts.push(body.clone());
        state.keys.push(key.to_owned());
        Self::as_live(body, state.posts.len() - 1)
    }

    fn as_live(body: &Value, at: usize) -> Live {
        Live {
            id: format!("id-{at}"),
            url: Some(format!("https://fake.example/{at}")),
            at: None,
            proof: json!({ "id": at, "text": body["text"] }),
        }
    }
}

#[async_trait]
impl Browser for FakeNetwork {
    async fn begin(&self, input: &ConnectInput, redirect: &str) -> Result<Begun, Error> {
        self.called("begin")?;
        let server = input.server.as_deref().unwrap_or_default();
        let state = "the-state".to_owned();
        let page = format!("{server}/oauth/authorize?redirect_uri={redirect}&state={state}");
        Ok(Begun { server: server.to_owned(), page, state, kept: input.fields.clone() })
    }

    async fn finish(&self, begun: &Begun, code: &str) -> Result<Secrets, Error> {
        self.called("finish")?;
        if code != "the-code" {
            return Err(Error::Auth("invalid_grant".into()));
        }
        let mut secrets = begun.kept.clone();
        secrets.0.insert("password".to_owned(), "right".to_owned());
        Ok(secrets)
    }

    async fn identities(&self, _: &Begun, _: &Secrets) -> Result<Vec<Identity>, Error> {
        self.called("identities")?;
        Ok(self.state().identities.clone())
    }
}

#[async_trait]
impl Network for FakeNetwork {
    fn id(&self) -> NetworkId {
        self.id
    }

    fn browser(&self) -> Option<&dyn Browser> {
        (self.id != NetworkId::Bluesky).then_some(self)
    }

    fn keeper(&self) -> Option<&dyn Keeper> {
        Some(self)
    }

    fn editor(&self) -> Option<&dyn Editor> {
        Some(self)
    }

    async fn connect(&self, input: &ConnectInput) -> Result<Connected, Error> {
        self.called("connect")?;
        if input.fields.get("password") != Some("right") {
            return Err(Error::Auth("wrong password".into()));
        }
        // The person's own app is kept with what it was given.
        let own = ["client_id", "app_id", "app_secret"].into_iter();
        let own = own.filter_map(|name| Some((name.to_owned(), input.fields.get(name)?.to_owned())));
        let token = ("token".to_owned(), "s3cret-token".to_owned());
        let state = self.state();
        let chosen = state.identities.iter().find(|one| input.handle.as_ref() == Some(&one.id));
        Ok(Connected {
            server: "https://fake.example".into(),
            handle: chosen.map_or_else(|| format!("griot.{}", self.id), |one| one.name.clone()),
            remote_id: chosen.map_or_else(|| format!("me@{}", self.id), |one| one.id.clone()),
            secrets: Secrets(own.chain([token]).collect()),
            limits: None,
            ends: state.ends,
        })
    }

    async fn check(&self, session: &Session) -> Result<Connected, Error> {
        let secrets = session.vault.load().await?;
        let mut fields = Secrets::default();
        if secrets.get("token").is_some() {
            fields.0.insert("password".into(), "right".into());
        }
        self.connect(&ConnectInput { fields, ..ConnectInput::default() }).await
    }

    async fn limits(&self, _: &Session) -> Result<Option<LiveLimits>, Error> {
        Ok(None)
    }

    async fn stage(
        &self,
        session: &Session,
        prepared: &Prepared,
        steps: &mut dyn Steps,
    ) -> Result<Staged, Error> {
        self.called("stage")?;
        if session.vault.load().await?.get("token").is_none() {
            return Err(Error::Auth("no token".into()));
        }
        if let Some(error) = self.state().stage_errors.pop_front() {
            return Err(error);
        }
        for medium in &prepared.media {
            let name = format!("blob/{}", medium.hash);
            if steps.get(&name).is_none() {
                self.called("upload")?;
                let mut state = self.state();
                let speed = state.bytes_per_second;
                state
                    .samples
                    .extend(speed.map(|speed| Sample { bytes: 1_000_000, millis: 1_000_000_000 / speed }));
                drop(state);
                let until = self.clock.now().plus(Duration::from_secs(3600));
                steps.put(&name, json!({ "size": medium.bytes }), Some(until))?;
            }
        }
        let body = json!({
            "text": prepared.text,
            "media": prepared.media.iter().map(|m| json!({ "alt": m.alt, "hash": m.hash, "mime": m.format.mime() })).collect::<Vec<_>>(),
            "reply_to": prepared.reply_to.as_ref().map(|l| l.id.clone()),
            "date": prepared.date,
        });
        let newest_own = self.state().posts.len().checked_sub(1).map(|n| format!("id-{n}"));
        Ok(Staged {
            body,
            key: prepared.delivery.to_string(),
            server_date: Some(self.clock.now()),
            newest_own,
        })
    }

    async fn commit(&self, _: &Session, body: &Value, key: &str) -> Result<Live, Error> {
        self.called("commit")?;
        let takes = self.state().takes;
        if let Some(each) = takes {
            let began = Instant::now();
            let _ = tokio::time::timeout(each, std::future::pending::<()>()).await;
            self.state().took += began.elapsed();
        }
        let mut state = self.state();
        let now = self.clock.now();
        match state.mishaps.pop_front() {
            None => Ok(Self::appear(&mut state, body, key)),
            Some(Mishap::AnswerLost) => {
                Self::appear(&mut state, body, key);
                state.shown_from.insert(key.to_owned(), now);
                Err(Error::Uncertain("connection reset".into()))
            }
            Some(Mishap::Late(by)) => {
                state.under_way.push(late::UnderWay::new(now.plus(by), body, key));
                Err(Error::Uncertain("connection reset".into()))
            }
            Some(Mishap::CallLost) => Err(Error::Uncertain("connection reset".into())),
            Some(Mishap::Refuse(error)) => Err(error),
        }
    }

    async fn probe(&self, _: &Session, question: &Question) -> Result<Probe, Error> {
        self.called("probe")?;
        let mut state = self.state();
        if state.blind {
            return Ok(Probe::CannotTell("no list".into()));
        }
        if state.stale_probes > 0 {
            state.stale_probes -= 1;
            return Ok(Probe::Absent);
        }
        let key = question.prepared.delivery.to_string();
        if let Some(kept) = kept::of(&state, question).filter(|_| question.dated) {
            return Ok(Probe::Kept(kept));
        }
        let now = self.clock.now();
        let found = state.keys.iter().position(|k| *k == key && late::is_listed(&state, k, now));
        Ok(found.map_or(Probe::Absent, |at| Probe::Live(Self::as_live(&state.posts[at], at))))
    }
}
