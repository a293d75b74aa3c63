//! What deliveries will send, in bytes, for looking at: nothing is rendered for it.
//!
//! A rendition that exists is weighed; one that does not counts as the most it can become. Text counts as its bytes.
//! What a network's protocol puts around them (a few kilobytes each) is not counted.

use std::collections::HashMap;

use griot_domain::{
    Account, AccountId, Asset, AssetId, Content, Delivery, DeliveryId, Effective, PostId, Recipe, RevisionId,
    State,
};
use griot_store::{Reader, assets, posts, renditions as kept, settings, uploads};
use serde_json::Value;

use crate::commands::FIRST_COMMENT;
use crate::commands::settings::KEEP_CREDIT;
use crate::failure::Failure;
use crate::renditions;

/// How much something weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Weight {
    /// Bytes.
    pub(crate) bytes: u64,
    /// Whether it is that, or at most that.
    pub(crate) exact: bool,
}

/// A pair of scales: what it has looked up once it knows.
pub(crate) struct Scales<'a, 'r> {
    r: &'a Reader<'r>,
    keeps_credit: bool,
    accounts: HashMap<AccountId, Account>,
    assets: HashMap<AssetId, Option<Asset>>,
    frozen: HashMap<RevisionId, Content>,
    current: HashMap<PostId, Content>,
}

impl<'a, 'r> Scales<'a, 'r> {
    pub(crate) fn new(r: &'a Reader<'r>) -> Result<Self, Failure> {
        Ok(Self {
            r,
            keeps_credit: settings::get(r, KEEP_CREDIT)? == Some(Value::Bool(true)),
            accounts: HashMap::new(),
            assets: HashMap::new(),
            frozen: HashMap::new(),
            current: HashMap::new(),
        })
    }

    /// The account of a delivery.
    pub(crate) fn account(&mut self, id: AccountId) -> Result<Account, Failure> {
        if let Some(known) = self.accounts.get(&id) {
            return Ok(known.clone());
        }
        let account = crate::commands::account(self.r, id)?;
        self.accounts.insert(id, account.clone());
        Ok(account)
    }

    /// What each of these has still to send, in their order; nothing where nothing goes up from here any more: it is
    /// published by hand, is with its network already, or is over.
    pub(crate) fn still_to_go(&mut self, deliveries: &[Delivery]) -> Result<Vec<Option<Weight>>, Failure> {
        let ids: Vec<DeliveryId> = deliveries.iter().map(|d| d.id).collect();
        let sent = uploads::of(self.r, &ids)?;
        let mut weights = Vec::with_capacity(deliveries.len());
        for delivery in deliveries {
            let whole = if goes_up(delivery.state) { self.of(delivery)? } else { None };
            let sent = sent.get(&delivery.id).copied().unwrap_or(0);
            weights.push(whole.map(|whole| Weight { bytes: whole.bytes.saturating_sub(sent), ..whole }));
        }
        Ok(weights)
    }

    /// What a delivery sends in all; nothing when it is published by hand.
    fn of(&mut self, delivery: &Delivery) -> Result<Option<Weight>, Failure> {
        let account = self.account(delivery.account)?;
        if account.is_by_hand() {
            return Ok(None);
        }
        let content = self.content(delivery)?.for_network(delivery.network);
        if delivery.part > 0 {
            let bytes = content.fields.get(FIRST_COMMENT).map_or(0, |text| text.len() as u64);
            return Ok(Some(Weight { bytes, exact: true }));
        }
        self.of_content(&account, &content).map(Some)
    }

    /// What `content` would send to `account`.
    pub(crate) fn of_content(&mut self, account: &Account, content: &Effective) -> Result<Weight, Failure> {
        let mut weight = Weight { bytes: content.text.len() as u64, exact: true };
        for attachment in &content.media {
            // What the library no longer has is not sent; the verdict says so.
            let Some(asset) = self.asset(attachment.asset)? else { continue };
            let mut recipe = renditions::recipe_for(account, &asset, &attachment.edit);
            if let Recipe::Image(image) = &mut recipe {
                image.keep_credit |= self.keeps_credit;
            }
            match kept::by_key(self.r, &renditions::address(&asset, &recipe))? {
                Some(made) => weight.bytes += made.bytes,
                None => {
                    weight.bytes += at_most(&asset, &recipe);
                    weight.exact = false;
                }
            }
        }
        Ok(weight)
    }

    fn content(&mut self, delivery: &Delivery) -> Result<Content, Failure> {
        if let Some(id) = delivery.revision {
            if !self.frozen.contains_key(&id)
                && let Some(revision) = posts::revision(self.r, id)?
            {
                self.frozen.insert(id, revision.content);
            }
            if let Some(content) = self.frozen.get(&id) {
                return Ok(content.clone());
            }
        }
        if let Some(content) = self.current.get(&delivery.post) {
            return Ok(content.clone());
        }
        let content = posts::current(self.r, delivery.post)?.content;
        self.current.insert(delivery.post, content.clone());
        Ok(content)
    }

    fn asset(&mut self, id: AssetId) -> Result<Option<Asset>, Failure> {
        if let Some(known) = self.assets.get(&id) {
            return Ok(known.clone());
        }
        let asset = assets::get(self.r, id)?;
        self.assets.insert(id, asset.clone());
        Ok(asset)
    }
}

/// Whether something may still go up from here.
fn goes_up(state: State) -> bool {
    matches!(state, State::Scheduled | State::Waiting | State::Preparing | State::Uploading | State::Failed)
}

/// The most that a rendition which does not exist yet can become.
fn at_most(asset: &Asset, recipe: &Recipe) -> u64 {
    let most = match recipe {
        Recipe::Image(image) => image.max_bytes,
        Recipe::Video(video) => video.max_bytes,
    };
    most.map_or(asset.facts.bytes, |most| asset.facts.bytes.min(most))
}
