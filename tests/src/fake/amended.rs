//! What is changed and removed on the network made of memory. What is gone leaves a hole: numbers are never given again.

use async_trait::async_trait;
use griot_networks::{Change, Editor, Error, Posted, Session, Sight};
use serde_json::{Value, json};

use super::{FakeNetwork, State};

fn place(post: &Posted) -> Option<usize> {
    post.live.id.strip_prefix("id-")?.parse().ok()
}

fn there<'a>(state: &'a mut State, post: &Posted) -> Option<&'a mut Value> {
    state.posts.get_mut(place(post)?).filter(|found| found["gone"] != true)
}

impl FakeNetwork {
    /// Somebody removes everything on the network's own pages.
    pub fn remove_all(&self) {
        self.state().posts.iter_mut().for_each(|post| post["gone"] = json!(true));
    }

    /// So many looks at a live post see what was there before.
    pub fn stale_looks(&self, looks: u32) {
        self.state().stale_looks = looks;
    }
}

#[async_trait]
impl Editor for FakeNetwork {
    async fn sight(&self, _: &Session, post: &Posted) -> Result<Sight, Error> {
        self.called("sight")?;
        let mut state = self.state();
        if state.blind {
            return Ok(Sight::CannotTell("no list".into()));
        }
        if state.stale_looks > 0 {
            state.stale_looks -= 1;
            return Ok(Sight::Other);
        }
        Ok(match there(&mut state, post) {
            None => Sight::Gone,
            Some(found) if found["text"] == post.prepared.text.as_str() => Sight::Same,
            Some(_) => Sight::Other,
        })
    }

    async fn correction(&self, _: &Session, post: &Posted) -> Result<Value, Error> {
        Ok(json!({ "id": post.live.id, "text": post.prepared.text }))
    }

    async fn edit(&self, _: &Session, post: &Posted, body: &Value) -> Result<Change, Error> {
        self.called("edit")?;
        self.unless_lost(|state| match there(state, post) {
            Some(found) => {
                found["text"] = body["text"].clone();
                Ok(Change::Done)
            }
            None => Ok(Change::NotThere),
        })
    }

    async fn delete(&self, _: &Session, post: &Posted) -> Result<Change, Error> {
        self.called("delete")?;
        self.unless_lost(|state| match there(state, post) {
            Some(found) => {
                found["gone"] = json!(true);
                Ok(Change::Done)
            }
            None => Ok(Change::NotThere),
        })
    }
}
