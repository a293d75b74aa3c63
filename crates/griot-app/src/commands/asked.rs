//! What connecting asks a person for, and which of it an error is about: the page says it beside that field.

use std::collections::BTreeMap;

use griot_domain::rules::{ConnectField, Rules};
use griot_domain::text::pasted;
use griot_domain::{Lang, NetworkId};
use griot_networks::address::{self, AddressError};
use griot_networks::{Error, Loopback};
use serde_json::json;

use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::wire::accounts::{AddAccount, ConnectFieldView, SignInPage};

const SERVER: &str = "server";
const HANDLE: &str = "handle";

/// Declared fields, as a page shows them.
pub(super) fn views(declared: &[ConnectField], lang: Lang) -> Vec<ConnectFieldView> {
    let view = |f: &ConnectField| ConnectFieldView {
        name: f.name.clone(),
        label: label(&f.name, lang).to_owned(),
        secret: f.secret,
        optional: f.optional,
        hint: lang.pick(&f.hint_fr, &f.hint_en).clone(),
    };
    declared.iter().map(view).collect()
}

/// What a network's page needs before it opens.
pub(super) fn page_view(rules: &Rules, lang: Lang) -> Option<SignInPage> {
    let page = rules.sign_in.as_ref()?;
    Some(SignInPage {
        fields: views(&page.fields, lang),
        callbacks: page.ports.iter().map(|port| Loopback::redirect_at(*port)).collect(),
        ends_on: page.ends_on.clone(),
        guide: page.guide.iter().map(|step| lang.pick(&step.fr, &step.en).clone()).collect(),
    })
}

/// What people call a field; a field of a network that has no words here yet keeps its name.
fn label(name: &str, lang: Lang) -> &str {
    let (fr, en) = match name {
        "handle" => ("Identifiant", "Handle"),
        "server" => ("Serveur", "Server"),
        "password" => ("Mot de passe d\u{2019}application", "App password"),
        "channel" => ("Canal ou groupe", "Channel or group"),
        "desk" => ("Conversation de dépôt", "Chat for files"),
        "key" => ("Clé d\u{2019}API", "API key"),
        "token" | "access_token" => ("Jeton d\u{2019}accès", "Access token"),
        "api_key" => ("Clé d\u{2019}API", "API key"),
        "api_secret" => ("Secret de la clé d\u{2019}API", "API key secret"),
        "access_secret" => ("Secret du jeton d\u{2019}accès", "Access token secret"),
        "app_id" => ("Identifiant de l\u{2019}application", "App ID"),
        "app_secret" => ("Clé secrète de l\u{2019}application", "App secret"),
        "client_id" => ("Identifiant client", "Client ID"),
        "client_secret" => ("Secret client", "Client secret"),
        "page" => ("Page", "Page"),
        "version" => ("Version", "Version"),
        other => (other, other),
    };
    lang.pick(fr, en)
}

/// What a person gave to connect an account.
pub(super) struct Asked<'a> {
    network: NetworkId,
    declared: &'static [ConnectField],
    server: Option<&'a str>,
    handle: Option<&'a str>,
    given: &'a BTreeMap<String, String>,
}

impl<'a> Asked<'a> {
    pub(super) fn of(network: NetworkId, request: &'a AddAccount) -> Self {
        Self {
            network,
            declared: &Rules::of(network).connect,
            server: request.server.as_deref(),
            handle: request.handle.as_deref(),
            given: &request.fields,
        }
    }

    /// What was given before the network's page opens.
    pub(super) fn on_the_page(network: NetworkId, given: &'a BTreeMap<String, String>) -> Self {
        let declared = Rules::of(network).sign_in.as_ref().map(|page| page.fields.as_slice());
        Self { network, declared: declared.unwrap_or_default(), server: None, handle: None, given }
    }

    fn given(&self, name: &str) -> Option<&str> {
        let beside = match name {
            HANDLE => self.handle,
            SERVER => self.server,
            _ => None,
        };
        let given = beside.or_else(|| self.given.get(name).map(String::as_str));
        given.map(str::trim).filter(|text| !pasted::words(text).is_empty())
    }

    fn missing(&self) -> Option<&'static ConnectField> {
        self.declared.iter().find(|field| !field.optional && self.given(&field.name).is_none())
    }

    /// What can be seen to be wrong before any server is asked.
    pub(super) fn look_at(&self) -> Result<(), Failure> {
        if let Some(field) = self.missing() {
            let network = self.network.display_name();
            let (fr, en) = (label(&field.name, Lang::Fr), label(&field.name, Lang::En));
            return Err(Failure::say(
                Code::BadRequest,
                format!("Pour connecter {network}, il manque «\u{a0}{fr}\u{a0}»."),
                format!("To connect {network}, \u{201c}{en}\u{201d} is missing."),
                (field.hint_fr.as_str(), field.hint_en.as_str()),
            )
            .with(json!({ "field": field.name })));
        }
        self.given(SERVER).map_or(Ok(()), |server| server_of(server).map(drop))
    }

    /// Whether a handle names its server by itself; beside a server it is a name there, of any form.
    fn is_global(&self) -> bool {
        self.declared.iter().all(|field| field.name != SERVER)
    }

    /// The network's refusal, with the field that has to be corrected when one does.
    pub(super) fn blame(&self, studio: &Studio, error: Error) -> Failure {
        let field = match &error {
            Error::Auth(_) if self.is_global() && self.given(HANDLE).is_some_and(no_handle) => Some(HANDLE),
            Error::Auth(_) => self.declared.iter().find(|f| f.secret).map(|f| f.name.as_str()),
            Error::Offline(_) | Error::Portal(_) => self.given(SERVER).map(|_| SERVER),
            _ => None,
        };
        beside(studio, self.network, error, field)
    }
}

/// A refusal of the network, said beside a field.
pub(super) fn beside(studio: &Studio, network: NetworkId, error: Error, field: Option<&str>) -> Failure {
    let mut said = studio.say(Failure::Of(network, error));
    if let Some(field) = field {
        said.detail["field"] = json!(field);
    }
    said.into()
}

/// A refusal before or after the network's page: no answer is about the server that the person named, and what is wrong
/// with their app names the field.
pub(super) fn beside_page(studio: &Studio, network: NetworkId, error: Error) -> Failure {
    let page = Rules::of(network).sign_in.as_ref();
    let field = match &error {
        Error::Offline(_) | Error::Portal(_) => Some(SERVER),
        Error::Auth(words) => page.and_then(|page| {
            page.fields.iter().map(|field| field.name.as_str()).find(|name| words.contains(name))
        }),
        _ => None,
    };
    beside(studio, network, error, field)
}

/// Whether no network could know anybody by this: neither a domain nor an e-mail address nor a DID.
fn no_handle(handle: &str) -> bool {
    let handle = pasted::handle(handle);
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
