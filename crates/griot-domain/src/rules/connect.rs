//! What connecting an account asks of a person: fields to fill in, steps on the network's side, a page to agree on.

use serde::{Deserialize, Serialize};

/// What an account's connection asks for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct ConnectField {
    /// The name of the field.
    pub name: String,
    /// Whether it must never be shown, logged or stored in the database.
    #[serde(default)]
    pub secret: bool,
    /// Whether connecting works without it.
    #[serde(default)]
    pub optional: bool,
    /// What to put there and where to find it, in French.
    pub hint_fr: String,
    /// The same in English.
    pub hint_en: String,
}

/// One step of a guide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct GuideStep {
    /// In French.
    pub fr: String,
    /// In English.
    pub en: String,
}

/// What agreeing on the network's page needs before, where it is the person's own app that they agree to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ts_rs::TS)]
#[serde(deny_unknown_fields)]
pub struct SignInRules {
    /// What the person gives before the page opens.
    #[serde(default)]
    pub fields: Vec<ConnectField>,
    /// The ports of this machine at which the answer may arrive, because the network sends the browser only to an
    /// address that was registered; empty where any will do.
    #[serde(default)]
    pub ports: Vec<u16>,
    /// The network's own page on which the person ends, where the network sends the browser to no other place: they
    /// copy its address back, and nothing listens on this machine.
    #[serde(default)]
    pub ends_on: Option<String>,
    /// What to press on the network's side before, step by step.
    #[serde(default)]
    pub guide: Vec<GuideStep>,
}
