//! An account on the real Bluesky server: what its repository holds, blob by blob.
//!
//! The server goes by the trial's clock, so that tokens end midway and are refreshed. An app password that is taken back
//! ends the sessions that it opened; a token that was given before stays good until its time, as at the real network.

use std::sync::{Arc, Mutex, PoisonError};

use griot_stubs::{Held, HeldMedia};
use serde_json::{Value, json};

use super::Bytes;
use crate::chaos::server::{Look, Server};
use crate::servers::Pds;
use crate::servers::pds;

/// What the first app password is called.
const FIRST: &str = "griot";

pub(super) struct Account {
    pds: Arc<Pds>,
    account: pds::Account,
    /// The name of the app password that is good.
    good: Mutex<Option<String>>,
    bytes: Bytes,
}

impl Account {
    pub(super) fn new(pds: Arc<Pds>, name: &str) -> Self {
        let account = pds.account(&format!("{name}.test"));
        Self { pds, account, good: Mutex::new(Some(FIRST.to_owned())), bytes: Bytes::default() }
    }

    fn held(&self, record: &Value) -> Held {
        let (uri, value) = (text(&record["uri"]), &record["value"]);
        let embed = &value["embed"];
        let pictures = embed["images"].as_array().cloned().unwrap_or_default();
        let film = (!embed["video"].is_null()).then(|| self.medium(&embed["video"], &embed["alt"]));
        let media = pictures.iter().map(|image| self.medium(&image["image"], &image["alt"]));
        let written = value["createdAt"].as_str().and_then(|at| at.parse::<griot_domain::Timestamp>().ok());
        Held {
            text: text(&value["text"]),
            media: media.chain(film).collect(),
            parent: value["reply"]["parent"]["uri"].as_str().map(str::to_owned),
            at: written.map_or(0, |at| at.millis()),
            key: uri.rsplit('/').next().map(str::to_owned),
            id: uri,
            sent: value.clone(),
        }
    }

    fn medium(&self, blob: &Value, alt: &Value) -> HeldMedia {
        let cid = text(&blob["ref"]["$link"]);
        self.bytes.held(&cid, alt.as_str(), || self.pds.blob(&self.account.did, &cid))
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

impl Server for Account {
    fn url(&self) -> String {
        self.pds.url().to_owned()
    }

    fn look(&self, tag: &str) -> Look {
        let all = self.pds.records(&self.account.did);
        let ours = all.iter().filter(|record| text(&record["value"]["text"]).contains(tag));
        Look { live: ours.map(|record| self.held(record)).collect(), kept: Vec::new() }
    }

    fn set_now(&self, millis: i64) {
        self.pds.set_now(millis);
    }

    fn first_secret(&self) -> String {
        self.account.password.clone()
    }

    fn revoke(&self) {
        let good = self.good.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(name) = good {
            self.pds.take_back(&self.account, &name);
        }
    }

    fn renew(&self, n: u32) -> String {
        self.revoke();
        let name = format!("{FIRST}{n}");
        let password = self.pds.another(&self.account, &name);
        *self.good.lock().unwrap_or_else(PoisonError::into_inner) = Some(name);
        password
    }

    fn fields(&self, secret: &str) -> Value {
        json!({ "handle": self.account.handle, "password": secret })
    }
}
