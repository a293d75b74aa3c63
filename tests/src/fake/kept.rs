//! The dates that the network made of memory keeps.

use async_trait::async_trait;
use griot_domain::{Kept, Timestamp};
use griot_networks::{Error, Keeper, Question, Session};
use serde_json::Value;

use super::{FakeNetwork, Mishap, State};

/// A post that waits for its date.
pub(super) struct Waiting {
    id: String,
    at: Timestamp,
    key: String,
    body: Value,
}

/// What a call that is lost says.
fn reset() -> Error {
    Error::Uncertain("connection reset".into())
}

/// Makes everything live whose date has come.
pub(super) fn appear_in_time(state: &mut State, now: Timestamp) {
    let (due, rest): (Vec<_>, Vec<_>) = state.kept.drain(..).partition(|waiting| waiting.at <= now);
    state.kept = rest;
    for waiting in due {
        FakeNetwork::appear(state, &waiting.body, &waiting.key);
    }
}

/// What the network keeps of a post.
pub(super) fn of(state: &State, question: &Question) -> Option<Kept> {
    let key = question.prepared.delivery.to_string();
    let is_it = |waiting: &&Waiting| match &question.kept {
        Some(kept) => waiting.id == kept.id,
        None => waiting.key == key,
    };
    let found = state.kept.iter().find(is_it)?;
    Some(Kept { id: found.id.clone(), at: Some(found.at), missing: None })
}

impl FakeNetwork {
    /// The texts that wait for their date, each with it.
    #[must_use]
    pub fn kept(&self) -> Vec<(String, String)> {
        let text = |one: &Waiting| one.body["text"].as_str().unwrap_or_default().to_owned();
        self.now().kept.iter().map(|one| (text(one), one.at.to_string())).collect()
    }

    /// Somebody takes everything that waits away, on the network's own pages.
    pub fn forget_kept(&self) {
        self.now().kept.clear();
    }

    /// Does what a call is for, unless it is lost or refused on its way.
    pub(super) fn unless_lost<T>(&self, f: impl FnOnce(&mut State) -> Result<T, Error>) -> Result<T, Error> {
        let mut state = self.now();
        match state.mishaps.pop_front() {
            None => f(&mut state),
            Some(Mishap::AnswerLost) => f(&mut state).and_then(|_| Err(reset())),
            Some(Mishap::CallLost | Mishap::Late(_)) => Err(reset()),
            Some(Mishap::Refuse(error)) => Err(error),
        }
    }
}

#[async_trait]
impl Keeper for FakeNetwork {
    async fn hand_over(&self, _: &Session, body: &Value, key: &str) -> Result<Kept, Error> {
        self.called("hand_over")?;
        let at = body["date"].as_str().and_then(|date| date.parse().ok()).expect("a body with a date");
        self.unless_lost(|state| {
            let id = format!("kept-{}", state.kept.len() + state.posts.len());
            state.kept.push(Waiting { id: id.clone(), at, key: key.to_owned(), body: body.clone() });
            Ok(Kept { id, at: Some(at), missing: None })
        })
    }

    async fn move_to(&self, _: &Session, id: &str, at: Timestamp) -> Result<(), Error> {
        self.called("move")?;
        self.unless_lost(|state| match state.kept.iter_mut().find(|waiting| waiting.id == id) {
            Some(waiting) => {
                waiting.at = at;
                Ok(())
            }
            None => Err(Error::Uncertain("no such post".into())),
        })
    }

    async fn withdraw(&self, _: &Session, id: &str) -> Result<(), Error> {
        self.called("withdraw")?;
        self.unless_lost(|state| {
            let before = state.kept.len();
            state.kept.retain(|waiting| waiting.id != id);
            if state.kept.len() < before { Ok(()) } else { Err(Error::Uncertain("no such post".into())) }
        })
    }
}
