//! Connecting, listing, checking and forgetting accounts.

use std::sync::Arc;

use griot_domain::rules::{Publishing, Rules};
use griot_domain::text::pasted;
use griot_domain::{Account, AccountId, AccountState, NetworkId, Op, WaitingFor};
use griot_networks::{ConnectInput, Connected, Ends, Network, Secrets, Session};
use griot_store::{Reader, Tx, accounts, deliveries};

use super::asked::{Asked, page_view, views};
use super::endings::Eyes;
use crate::Code;
use crate::failure::Failure;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::wire::Nothing;
use crate::wire::accounts::{
    AccountRequest, Accounts, AddAccount, ConnectFields, NetworkList, NetworkRequest, NetworkView,
    OneAccount, RenameAccount,
};

pub(super) fn fields(studio: &Arc<Studio>, request: NetworkRequest) -> Result<ConnectFields, Failure> {
    let (rules, lang) = (Rules::of(request.network.parse()?), studio.lang());
    Ok(ConnectFields { fields: views(&rules.connect, lang), page: page_view(rules, lang) })
}

pub(super) fn networks(studio: &Arc<Studio>, _: Nothing) -> Result<NetworkList, Failure> {
    let lang = studio.lang();
    let mut networks: Vec<NetworkView> = NetworkId::ALL
        .iter()
        .map(|id| {
            let rules = Rules::of(*id);
            let page = studio.ports.networks.get(*id).is_some_and(|n| n.browser().is_some());
            NetworkView {
                id: *id,
                name: id.display_name().to_owned(),
                by_hand: rules.publishing == Publishing::Assisted,
                sign_in: page,
                page: page_view(rules, lang),
                fields: views(&rules.connect, lang),
                guide: rules.guide.iter().map(|step| lang.pick(&step.fr, &step.en).clone()).collect(),
            }
        })
        .collect();
    networks.sort_by_key(|n| (n.by_hand, n.name.to_lowercase()));
    Ok(NetworkList { networks })
}

/// A longer name fits in no list.
const LONGEST_NAME: usize = 80;

pub(super) fn rename(studio: &Arc<Studio>, request: RenameAccount) -> Result<OneAccount, Failure> {
    let workspace = studio.workspace()?;
    let name = request.name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.contains(char::is_control) {
        return Err(Failure::say(
            Code::BadRequest,
            "Ce nom ne convient pas\u{a0}: il en faut un, en une ligne et de 80 caractères au plus.",
            "This name does not fit: one line of at most 80 characters is needed.",
            ("", ""),
        ));
    }
    let account = transact(studio, &workspace, Op::RenameAccount, |tx| {
        let mut account = one(tx, request.id)?;
        name.clone_into(&mut account.name);
        accounts::update(tx, &account)?;
        Ok(Done::fixed(account))
    })?;
    Ok(OneAccount { account: Eyes::of(studio, &workspace)?.view(&account) })
}

pub(super) fn list(studio: &Arc<Studio>, _: Nothing) -> Result<Accounts, Failure> {
    let workspace = studio.workspace()?;
    let all = workspace.store.read(|r| accounts::list(r).map_err(Failure::from))?;
    let eyes = Eyes::of(studio, &workspace)?;
    Ok(Accounts { accounts: all.iter().map(|account| eyes.view(account)).collect() })
}

pub(super) fn add(studio: &Arc<Studio>, request: AddAccount) -> Result<OneAccount, Failure> {
    let workspace = studio.workspace()?;
    let network: NetworkId = request.network.parse()?;
    let by_hand = request.by_hand || Rules::of(network).publishing == Publishing::Assisted;
    let account = if by_hand {
        add_assisted(studio, &workspace, network, request)?
    } else {
        add_connected(studio, &workspace, network, request)?
    };
    Ok(OneAccount { account: Eyes::of(studio, &workspace)?.view(&account) })
}

fn add_assisted(
    studio: &Studio,
    workspace: &Workspace,
    network: NetworkId,
    request: AddAccount,
) -> Result<Account, Failure> {
    let given = request.handle.as_deref().map(pasted::words).filter(|handle| !handle.is_empty());
    let handle = given.or_else(|| request.name.clone()).unwrap_or_else(|| network.display_name().to_owned());
    let account = Account {
        id: AccountId::new(studio.ports.now(), studio.ports.ten()),
        network,
        server: request.server.as_deref().map(page).unwrap_or_default(),
        remote_id: handle.clone(),
        name: request.name.unwrap_or_else(|| handle.clone()),
        handle,
        state: AccountState::Assisted,
        limits: None,
        added_at: studio.ports.now(),
        ends_at: None,
    };
    transact(studio, workspace, Op::AddAccount, |tx| keep(tx, account).map(Done::fixed))
}

/// The address of a page as a person typed it, with the scheme that people leave out.
fn page(typed: &str) -> String {
    let typed = pasted::address(typed);
    if typed.is_empty() || typed.contains("://") { typed } else { format!("https://{typed}") }
}

fn add_connected(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    id: NetworkId,
    request: AddAccount,
) -> Result<Account, Failure> {
    let network = api(studio, id)?;
    let asked = Asked::of(id, &request);
    asked.look_at()?;
    // Before the network is asked: a person must not give a password for nothing.
    studio.secrets()?;
    let input = ConnectInput {
        server: request.server.clone(),
        handle: request.handle.clone(),
        fields: Secrets(request.fields.clone()),
    };
    let connected = studio.ports.runtime.block_on(network.connect(&input));
    let connected = connected.map_err(|error| asked.blame(studio, error))?;
    keep_connected(studio, workspace, id, connected, request.name.clone())
}

/// Keeps an account that the network accepted, and its secrets.
pub(super) fn keep_connected(
    studio: &Studio,
    workspace: &Workspace,
    id: NetworkId,
    connected: Connected,
    name: Option<String>,
) -> Result<Account, Failure> {
    let secrets = studio.secrets()?;
    let found = workspace
        .store
        .read(|r| accounts::find(r, id, &connected.server, &connected.remote_id).map_err(Failure::from))?;
    // Before anything is kept: its secrets would otherwise be those of an account that needs none.
    refuse_by_hand(found.as_ref(), false)?;
    let known = found.is_some();
    let mut account = found.unwrap_or_else(|| Account {
        id: AccountId::new(studio.ports.now(), studio.ports.ten()),
        network: id,
        server: connected.server.clone(),
        remote_id: connected.remote_id.clone(),
        name: String::new(),
        handle: String::new(),
        state: AccountState::Connected,
        limits: None,
        added_at: studio.ports.now(),
        ends_at: None,
    });
    account.handle.clone_from(&connected.handle);
    account.name =
        name.unwrap_or_else(|| if known { account.name.clone() } else { connected.handle.clone() });
    account.state = AccountState::Connected;
    account.limits = connected.limits;
    account.ends_at = match connected.ends {
        Ends::At(end) => Some(end),
        Ends::Never | Ends::NotTold => None,
    };
    // Secrets first: an account without secrets would be shown as usable.
    secrets.put(&account, &connected.secrets)?;
    transact(studio, workspace, Op::AddAccount, |tx| keep(tx, account).map(Done::fixed))
}

/// Inserts or replaces; deliveries that waited for this account are looked at again.
fn keep(tx: &Tx<'_>, account: Account) -> Result<Account, Failure> {
    if let Some(known) = accounts::find(tx, account.network, &account.server, &account.remote_id)? {
        refuse_by_hand(Some(&known), account.is_by_hand())?;
        let account = Account { id: known.id, added_at: known.added_at, ..account };
        accounts::update(tx, &account)?;
        wake_waiting(tx, &account)?;
        return Ok(account);
    }
    accounts::insert(tx, &account)?;
    Ok(account)
}

/// Refuses to make a connected account one that is published by hand, or the other way round, without a word: what
/// waits for it would go out in another way than the person saw.
fn refuse_by_hand(known: Option<&Account>, by_hand: bool) -> Result<(), Failure> {
    let Some(known) = known.filter(|known| known.is_by_hand() != by_hand) else { return Ok(()) };
    let (name, network) = (&known.name, known.network.display_name());
    let (fr, en) = if by_hand {
        ("déjà connecté", "connected already")
    } else {
        ("déjà là, publié à la main", "there already, published by hand")
    };
    Err(Failure::say(
        Code::NotNow,
        format!("Le compte {network} «\u{a0}{name}\u{a0}» est {fr}."),
        format!("The {network} account \u{201c}{name}\u{201d} is {en}."),
        (
            "Retirez-le d\u{2019}abord de vos comptes, puis recommencez.",
            "Remove it from your accounts first, then start again.",
        ),
    ))
}

fn wake_waiting(tx: &Tx<'_>, account: &Account) -> Result<(), Failure> {
    for mut delivery in deliveries::open(tx)? {
        if delivery.account == account.id && delivery.waiting_for == Some(WaitingFor::Account) {
            delivery.next_at = Some(delivery.at_once(delivery.updated_at));
            deliveries::update(tx, &delivery)?;
        }
    }
    for mut delivery in deliveries::asked(tx)? {
        if delivery.account == account.id {
            delivery.next_at = Some(delivery.updated_at);
            deliveries::update(tx, &delivery)?;
        }
    }
    Ok(())
}

pub(super) fn check(studio: &Arc<Studio>, request: AccountRequest) -> Result<Accounts, Failure> {
    let workspace = studio.workspace()?;
    let account = workspace.store.read(|r| meant(&accounts::list(r)?, &request.id))?;
    if account.is_by_hand() {
        return Ok(Accounts { accounts: vec![Eyes::of(studio, &workspace)?.view(&account)] });
    }
    let network = api(studio, account.network)?;
    let session = session(studio, &account)?;
    let state = match studio.ports.runtime.block_on(network.check(&session)) {
        Ok(connected) => Ok(connected),
        Err(griot_networks::Error::Auth(_)) => Err(AccountState::Reconnect),
        Err(other) => return Err(other.into()),
    };
    let account = transact(studio, &workspace, Op::AddAccount, |tx| {
        let mut account = one(tx, account.id)?;
        note(&mut account, state);
        accounts::update(tx, &account)?;
        if account.state == AccountState::Connected {
            wake_waiting(tx, &account)?;
        }
        Ok(Done::fixed(account))
    })?;
    Ok(Accounts { accounts: vec![Eyes::of(studio, &workspace)?.view(&account)] })
}

fn note(account: &mut Account, answer: Result<Connected, AccountState>) {
    match answer {
        Ok(connected) => {
            account.state = AccountState::Connected;
            account.handle = connected.handle;
            account.limits = connected.limits.or_else(|| account.limits.take());
            account.ends_at = match connected.ends {
                Ends::At(end) => Some(end),
                Ends::Never => None,
                Ends::NotTold => account.ends_at,
            };
        }
        Err(state) => account.state = state,
    }
}

pub(super) fn remove(studio: &Arc<Studio>, request: AccountRequest) -> Result<Accounts, Failure> {
    let workspace = studio.workspace()?;
    let account = workspace.store.read(|r| meant(&accounts::list(r)?, &request.id))?;
    transact(studio, &workspace, Op::RemoveAccount, |tx| {
        let open = deliveries::open(tx)?.iter().filter(|d| d.account == account.id).count();
        if open > 0 {
            return Err(Failure::say(
                Code::NotNow,
                match open {
                    1 => "1\u{a0}publication attend encore ce compte.".to_owned(),
                    n => format!("{n}\u{a0}publications attendent encore ce compte."),
                },
                match open {
                    1 => "1\u{a0}post still waits for this account.".to_owned(),
                    n => format!("{n}\u{a0}posts still wait for this account."),
                },
                (
                    "Annulez ou laissez partir ce qui attend, puis retirez le compte.",
                    "Cancel what waits or let it go, then remove the account.",
                ),
            ));
        }
        accounts::delete(tx, account.id)?;
        Ok(Done::fixed(()))
    })?;
    if !account.is_by_hand() {
        studio.secrets()?.forget(account.id)?;
    }
    list(studio, Nothing {})
}

/// The account called `id`.
pub(crate) fn one(r: &Reader<'_>, id: AccountId) -> Result<Account, Failure> {
    accounts::get(r, id)?.ok_or_else(|| Failure::not_found(("Compte", "account"), &id.to_string()))
}

/// The account that a person means: an id, a handle, a name, or a network that has one account only.
pub(crate) fn meant(all: &[Account], wanted: &str) -> Result<Account, Failure> {
    let plain = pasted::words(wanted).trim_start_matches('@').to_lowercase();
    let matching = |test: &dyn Fn(&Account) -> bool| all.iter().filter(|a| test(a)).collect::<Vec<_>>();
    let by_id = matching(&|a| a.id.to_string() == plain);
    let by_handle = matching(&|a| a.handle.trim_start_matches('@').to_lowercase() == plain);
    let by_name = matching(&|a| a.name.to_lowercase() == plain);
    let by_network = matching(&|a| a.network.as_str() == plain);
    match [by_id, by_handle, by_name, by_network].into_iter().find(|found| !found.is_empty()) {
        Some(found) if found.len() == 1 => Ok(found[0].clone()),
        Some(found) => Err(Failure::say(
            Code::BadRequest,
            format!("{} comptes répondent à «\u{a0}{wanted}\u{a0}».", found.len()),
            format!("{} accounts answer to \u{201c}{wanted}\u{201d}.", found.len()),
            ("Donnez l\u{2019}identifiant du compte.", "Give the account\u{2019}s id."),
        )),
        None => Err(Failure::say(
            Code::NotFound,
            format!("Aucun compte ne répond à «\u{a0}{wanted}\u{a0}»."),
            format!("No account answers to \u{201c}{wanted}\u{201d}."),
            (
                "Donnez son nom, son identité, ou son réseau s\u{2019}il n\u{2019}y en a qu\u{2019}un.",
                "Give its name, its handle, or its network where there is only one.",
            ),
        )),
    }
}

/// The network's interface.
pub(crate) fn api(studio: &Studio, id: NetworkId) -> Result<Arc<dyn Network>, Failure> {
    studio.ports.networks.get(id).ok_or_else(|| {
        Failure::say(
            Code::BadRequest,
            format!("{} se publie à la main.", id.display_name()),
            format!("{} is published by hand.", id.display_name()),
            ("", ""),
        )
    })
}

/// The account, in use.
pub(crate) fn session(studio: &Arc<Studio>, account: &Account) -> Result<Session, Failure> {
    Ok(Session {
        account: account.clone(),
        vault: studio.secrets()?.vault(account, studio.ports.runtime.clone()),
    })
}
