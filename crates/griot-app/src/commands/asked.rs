//! What connecting asks a person for, and which of it an error is about: the page says it beside that field.

use griot_domain::NetworkId;
use griot_domain::rules::{ConnectField, Rules};
use griot_networks::Error;
use griot_networks::address::{self, AddressError};
use serde_json::json;

use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::wire::accounts::AddAccount;

const SERVER: &str = "server";
const HANDLE: &str = "handle";

/// What a person gave to connect an account.
pub(super) struct Asked<'a> {
    network: NetworkId,
    request: &'a AddAccount,
}

impl<'a> Asked<'a> {
    pub(super) fn of(network: NetworkId, request: &'a AddAccount) -> Self {
        Self { network, request }
    }

    fn fields(&self) -> &'static [ConnectField] {
        &Rules::of(self.network).connect
    }

    fn given(&self, name: &str) -> Option<&str> {
        let beside = match name {
            HANDLE => self.request.handle.as_deref(),
            SERVER => self.request.server.as_deref(),
            _ => None,
        };
        let given = beside.or_else(|| self.request.fields.get(name).map(String::as_str));
        given.map(str::trim).filter(|text| !text.is_empty())
    }

    fn missing(&self) -> Option<&'static ConnectField> {
        self.fields().iter().find(|field| !field.optional && self.given(&field.name).is_none())
    }

    /// What can be seen to be wrong before any server is asked.
    pub(super) fn look_at(&self) -> Result<(), Failure> {
        if let Some(field) = self.missing() {
            let network = self.network.display_name();
            return Err(Failure::say(
                Code::BadRequest,
                format!("Pour connecter {network}, il manque «\u{a0}{}\u{a0}».", field.name),
                format!("To connect {network}, \u{201c}{}\u{201d} is missing.", field.name),
                (field.hint_fr.as_str(), field.hint_en.as_str()),
            )
            .with(json!({ "field": field.name })));
        }
        self.given(SERVER).map_or(Ok(()), |server| server_of(server).map(drop))
    }

    /// Whether a handle names its server by itself; beside a server it is a name there, of any form.
    fn is_global(&self) -> bool {
        self.fields().iter().all(|field| field.name != SERVER)
    }

    /// The network's refusal, with the field that has to be corrected when one does.
    pub(super) fn blame(&self, studio: &Studio, error: Error) -> Failure {
        let field = match &error {
            Error::Auth(_) if self.is_global() && self.given(HANDLE).is_some_and(no_handle) => Some(HANDLE),
            Error::Auth(_) => self.fields().iter().find(|f| f.secret).map(|f| f.name.as_str()),
            Error::Offline(_) | Error::Portal(_) => self.given(SERVER).map(|_| SERVER),
            _ => None,
        };
        beside(studio, error, field)
    }
}

/// A refusal of the network, said beside a field.
pub(super) fn beside(studio: &Studio, error: Error, field: Option<&str>) -> Failure {
    let mut said = studio.say(error.into());
    if let Some(field) = field {
        said.detail["field"] = json!(field);
    }
    said.into()
}

/// A refusal of the server that a person named: no answer is about its address.
pub(super) fn beside_server(studio: &Studio, error: Error) -> Failure {
    let field = matches!(error, Error::Offline(_) | Error::Portal(_)).then_some(SERVER);
    beside(studio, error, field)
}

/// Whether no network could know anybody by this: neither a domain nor an e-mail address nor a DID.
fn no_handle(handle: &str) -> bool {
    handle.contains(char::is_whitespace) || !handle.contains(['.', '@', ':'])
}

/// The server that a person means, as `https://host[:port]`.
pub(super) fn server_of(server: &str) -> Result<String, Failure> {
    address::normalise(server).map_err(|error| bad_server(server, &error).with(json!({ "field": SERVER })))
}

fn bad_server(server: &str, error: &AddressError) -> Failure {
    match error {
        AddressError::NotEncrypted(_) => Failure::say(
            Code::BadRequest,
            "Cette adresse n\u{2019}est pas chiffrée\u{a0}: le mot de passe pourrait être lu en chemin.",
            "This address is not encrypted: the password could be read on the way.",
            ("Écrivez-la avec https://.", "Write it with https://."),
        ),
        AddressError::HoldsIdentity => Failure::say(
            Code::BadRequest,
            "L\u{2019}adresse du serveur ne doit contenir ni nom ni mot de passe.",
            "The server\u{2019}s address must hold neither a name nor a password.",
            (
                "Écrivez le serveur seul, par exemple mastodon.example.",
                "Write the server alone, like mastodon.example.",
            ),
        ),
        AddressError::Empty | AddressError::NotAnAddress(_) => Failure::say(
            Code::BadRequest,
            format!("«\u{a0}{server}\u{a0}» n\u{2019}est pas l\u{2019}adresse d\u{2019}un serveur."),
            format!("\u{201c}{server}\u{201d} is not the address of a server."),
            (
                "Écrivez le serveur seul, par exemple mastodon.example.",
                "Write the server alone, like mastodon.example.",
            ),
        ),
    }
}
