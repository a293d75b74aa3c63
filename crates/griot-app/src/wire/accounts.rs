//! Accounts: what connecting asks for, and accounts as people see them.

use std::collections::BTreeMap;

use griot_domain::{AccountId, AccountState, NetworkId, Timestamp};
use serde::{Deserialize, Serialize};

/// A network, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct NetworkRequest {
    /// `bluesky`, `mastodon`, ...
    pub network: String,
}

/// What connecting asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ConnectFields {
    /// Field by field; empty where nothing is needed.
    pub fields: Vec<ConnectFieldView>,
    /// What agreeing in the browser needs instead, where it is the person's own app.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<SignInPage>,
}

/// One thing that connecting asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct ConnectFieldView {
    /// Its name.
    pub name: String,
    /// What people call it.
    pub label: String,
    /// Whether it must never be shown.
    pub secret: bool,
    /// Whether connecting works without it.
    pub optional: bool,
    /// What to put there and where to find it.
    pub hint: String,
}

/// An account to connect. An error that is about one field names it in `detail.field`.
#[derive(Clone, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AddAccount {
    /// `bluesky`, `mastodon`, ...
    pub network: String,
    /// The server's address, where the network has more than one.
    #[serde(default)]
    pub server: Option<String>,
    /// The identity.
    #[serde(default)]
    pub handle: Option<String>,
    /// What the person calls it.
    #[serde(default)]
    pub name: Option<String>,
    /// The declared fields, secrets among them.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// Whether the person will publish by hand though the network has an interface: nothing is asked of it then.
    #[serde(default)]
    pub by_hand: bool,
}

impl std::fmt::Debug for AddAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AddAccount")
            .field("network", &self.network)
            .field("server", &self.server)
            .field("fields", &self.fields.keys())
            .finish_non_exhaustive()
    }
}

/// One account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct AccountRequest {
    /// Its id, its handle, what the person calls it, or a network that has one account only.
    pub id: String,
}

/// An account as people see it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AccountView {
    /// The account.
    pub id: AccountId,
    /// Its network.
    pub network: NetworkId,
    /// The identity.
    pub handle: String,
    /// Whether it can be used.
    pub state: AccountState,
    /// What the person calls it.
    pub name: String,
    /// Its server.
    pub server: String,
    /// When it stops working unless it is connected anew; nothing where its network names no such day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ends: Option<AccountEnd>,
}

/// When an account stops working unless it is connected anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct AccountEnd {
    /// When.
    pub at: Timestamp,
    /// Whether it needs a person by now: from seven days before.
    pub soon: bool,
    /// The day in words, `until 3 March, in 5 days`.
    pub says: String,
    /// What to do, in a sentence, where it needs a person.
    pub todo: Option<String>,
}

/// One account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct OneAccount {
    /// The account.
    pub account: AccountView,
}

/// Every account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct Accounts {
    /// In the order in which they were connected.
    pub accounts: Vec<AccountView>,
}

/// Every network that Griot knows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct NetworkList {
    /// Those that Griot publishes to by itself first, then by name.
    pub networks: Vec<NetworkView>,
}

/// A network, as the page that connects accounts shows it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct NetworkView {
    /// The network.
    pub id: NetworkId,
    /// Its name.
    pub name: String,
    /// Whether a person publishes there by hand.
    pub by_hand: bool,
    /// Whether an account can be connected by agreeing in the browser.
    pub sign_in: bool,
    /// What that needs before; nothing where it needs at most the server.
    pub page: Option<SignInPage>,
    /// What connecting asks for otherwise; empty where nothing is needed.
    pub fields: Vec<ConnectFieldView>,
    /// What to press on the network's side before, step by step; empty where nothing is.
    pub guide: Vec<String>,
}

/// What a person gives before the network's page opens, where it is their own app that they agree to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct SignInPage {
    /// Field by field.
    pub fields: Vec<ConnectFieldView>,
    /// The addresses that the person registers with the network, letter by letter; empty where none has to be.
    pub callbacks: Vec<String>,
    /// The network's own page on which the person ends and whose address they copy; nothing where Griot hears the
    /// answer by itself.
    pub ends_on: Option<String>,
    /// What to press on the network's side before, step by step.
    pub guide: Vec<String>,
}

/// An account to connect by agreeing in the browser. An error that is about one field names it in `detail.field`.
#[derive(Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SignIn {
    /// The network.
    pub network: String,
    /// The server's address; the network's own where it has one only.
    #[serde(default)]
    pub server: String,
    /// What the person calls the account.
    #[serde(default)]
    pub name: Option<String>,
    /// The fields that the page declares, secrets among them.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// The account that is connected anew: what of the fields is not given is as it was.
    #[serde(default)]
    pub again: Option<AccountId>,
}

impl std::fmt::Debug for SignIn {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignIn")
            .field("network", &self.network)
            .field("server", &self.server)
            .field("fields", &self.fields.keys())
            .finish_non_exhaustive()
    }
}

/// A sign-in that waits for the person, at most five minutes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct SignInStarted {
    /// The job: for `accounts.sign_in_done`, and for `jobs.cancel`.
    pub id: String,
    /// The page where the person agrees.
    pub page: String,
}

/// A sign-in that the person has come back from. An error about the address names `address` in `detail.field`, and the
/// same sign-in can be answered again.
#[derive(Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SignInDone {
    /// The job.
    pub id: String,
    /// The address of the page on which the person ended, where they copy it.
    #[serde(default)]
    pub address: Option<String>,
    /// Which of the choices it is to be, by its number or its name.
    #[serde(default)]
    pub choice: Option<String>,
}

impl std::fmt::Debug for SignInDone {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignInDone")
            .field("id", &self.id)
            .field("choice", &self.choice)
            .finish_non_exhaustive()
    }
}

/// What a sign-in has led to: an account, or the question which of several it is to be.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
pub struct SignedIn {
    /// The account that is connected; nothing while a choice has to be made.
    pub account: Option<AccountView>,
    /// What the person may connect; empty when it is clear. The choice goes to `accounts.sign_in_done`, within five
    /// minutes.
    pub choices: Vec<SignInChoice>,
}

/// One of several identities of a person (a Page).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
pub struct SignInChoice {
    /// The network's number for it.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// A new name for an account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct RenameAccount {
    /// The account.
    pub id: AccountId,
    /// What the person calls it.
    pub name: String,
}
