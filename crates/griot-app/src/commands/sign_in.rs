//! Connecting an account by agreeing on the network's page, in the person's own browser.
//!
//! Two commands: one begins and says which page to open, the other waits for the person. Between them a door on this
//! machine hears the answer, or the person copies the address of the page on which they ended. Who has several
//! identities there says which. Deliberately absent: opening the page; the host's `desktop.open` or a link does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use griot_domain::rules::Rules;
use griot_domain::text::pasted;
use griot_domain::{NetworkId, Timestamp};
use griot_networks::{Begun, Browser, ConnectInput, Identity, Loopback, Network, Returned, Secrets, copied};
use tokio::task::JoinHandle;

use super::accounts::{api, keep_connected};
use super::asked::{Asked, beside_page, server_of};
use super::endings::Eyes;
use crate::Code;
use crate::failure::Failure;
use crate::jobs::Running;
use crate::studio::{Studio, lock};
use crate::wire::accounts::{SignIn, SignInChoice, SignInDone, SignInStarted, SignedIn};
use griot_media::Progress;

mod said;

/// So long a person may take on the page.
const PATIENCE: Duration = Duration::from_secs(5 * 60);
/// Of sign-ins that nobody came back for, so many are remembered.
const AT_ONCE: usize = 8;

/// How the wait ended.
enum End {
    Answered(Returned),
    Stopped,
    TooLate,
}

/// How the answer comes.
enum Way {
    /// A door on this machine hears it.
    Heard(JoinHandle<End>),
    /// The person copies the address of this page; the job tells whether they have stopped meanwhile.
    Copied { page: &'static str, job: Running },
}

/// What the person agreed to, while they still have to say which of their identities it is for.
struct Agreed {
    secrets: Secrets,
    identities: Vec<Identity>,
}

/// A sign-in that waits for the person.
pub(crate) struct Waiting {
    job: String,
    network: NetworkId,
    name: Option<String>,
    /// The identity that is connected anew.
    again: Option<String>,
    begun: Begun,
    way: Way,
    until: Timestamp,
    agreed: Option<Agreed>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // The door closes with the one who waits at it.
        if let Way::Heard(end) = &self.way {
            end.abort();
        }
    }
}

pub(super) fn begin(studio: &Arc<Studio>, request: SignIn) -> Result<SignInStarted, Failure> {
    let id: NetworkId = request.network.parse()?;
    let network = api(studio, id)?;
    let browser = page_of(network.as_ref())?;
    let rules = Rules::of(id);
    let given = pasted::address(&request.server);
    // A network with one server needs none to be named.
    let named = rules.connect.iter().any(|field| field.name == "server") || !given.is_empty();
    let server = if named { Some(server_of(&given)?) } else { None };
    let fields = known_too(studio, &request, rules)?;
    Asked::on_the_page(id, &fields).look_at()?;
    // Before the person is sent to a page: what they agree to there has to be kept.
    studio.secrets()?;
    let input = ConnectInput { server, handle: None, fields: Secrets(fields) };
    let ends_on = rules.sign_in.as_ref().and_then(|page| page.ends_on.as_deref());
    let (door, begun) = studio.ports.runtime.block_on(async {
        let door = if ends_on.is_none() { Some(door(studio, id, rules).await?) } else { None };
        let redirect = door.as_ref().map(Loopback::redirect);
        let redirect = redirect.as_deref().or(ends_on).unwrap_or_default();
        let begun = browser.begin(&input, redirect).await;
        let begun = begun.map_err(|error| beside_page(studio, id, error))?;
        Ok::<_, Failure>((door, begun))
    })?;
    let what = studio.lang().pick("Connexion à {}", "Connecting to {}").replace("{}", id.display_name());
    let job = studio.job(what);
    let started = SignInStarted { id: job.id().to_owned(), page: begun.page.clone() };
    let until = studio.ports.now().plus(PATIENCE);
    // Asked to stop before it was heard of: nothing to tell then.
    let _ = job.report(0.0);
    let way = match (door, ends_on) {
        (Some(door), _) => Way::Heard(listen(studio, door, job, &begun, until)),
        (None, page) => Way::Copied { page: page.unwrap_or_default(), job },
    };
    let again = identity_of(studio, &request)?;
    let name = request.name;
    let waiting =
        Waiting { job: started.id.clone(), network: id, name, again, begun, way, until, agreed: None };
    wait_for(studio, waiting);
    Ok(started)
}

/// Hears the answer at the door, until it comes, nobody wants it any more, or it is too late.
fn listen(studio: &Studio, door: Loopback, job: Running, begun: &Begun, until: Timestamp) -> JoinHandle<End> {
    let (state, lang, ports) = (begun.state.clone(), studio.lang(), studio.ports.clone());
    studio.ports.runtime.spawn(async move {
        tokio::select! {
            returned = door.answer(&state, lang) => End::Answered(returned),
            () = job.stopped() => End::Stopped,
            () = ports.wait(until) => End::TooLate,
        }
    })
}

fn wait_for(studio: &Studio, waiting: Waiting) {
    let now = studio.ports.now();
    let mut all = lock(&studio.sign_ins);
    // Nobody comes back to a page whose address is not taken any more.
    all.retain(|one| matches!(one.way, Way::Heard(_)) || now < one.until);
    if all.len() >= AT_ONCE {
        all.remove(0);
    }
    all.push(waiting);
}

/// Which identity an account that is connected anew has.
fn identity_of(studio: &Arc<Studio>, request: &SignIn) -> Result<Option<String>, Failure> {
    let Some(again) = request.again else { return Ok(None) };
    let workspace = studio.workspace()?;
    let known = workspace.store.read(|r| griot_store::accounts::get(r, again).map_err(Failure::from))?;
    Ok(known.map(|account| account.remote_id))
}

/// What the page needs: given now, or kept of the account that is connected anew.
fn known_too(
    studio: &Arc<Studio>,
    request: &SignIn,
    rules: &Rules,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut fields = request.fields.clone();
    let (Some(account), Some(page)) = (request.again, &rules.sign_in) else { return Ok(fields) };
    let known =
        studio.workspace()?.store.read(|r| griot_store::accounts::get(r, account).map_err(Failure::from))?;
    // What was given for another server or identity is nobody's to use here.
    let kept = known.map(|account| studio.secrets()?.of(&account)).transpose()?.flatten().unwrap_or_default();
    for field in &page.fields {
        let is_given = fields.get(&field.name).is_some_and(|text| !pasted::words(text).is_empty());
        if let (false, Some(known)) = (is_given, kept.get(&field.name)) {
            fields.insert(field.name.clone(), known.to_owned());
        }
    }
    Ok(fields)
}

/// The door for the answer: at a port that the person registered with the network, or at any.
async fn door(studio: &Studio, id: NetworkId, rules: &Rules) -> Result<Loopback, Failure> {
    let ports = rules.sign_in.as_ref().map(|page| page.ports.as_slice()).unwrap_or_default();
    if ports.is_empty() {
        return Ok(Loopback::bind().await?);
    }
    // Whoever begins again has left the page of before: its port is free again.
    let before: Vec<Waiting> = lock(&studio.sign_ins).extract_if(.., |w| w.network == id).collect();
    for mut waiting in before {
        if let Way::Heard(end) = &mut waiting.way {
            end.abort();
            let _ = end.await;
        }
    }
    Loopback::bind_one_of(ports).await.map_err(|_| said::busy(ports))
}

pub(super) fn done(studio: &Arc<Studio>, request: SignInDone) -> Result<SignedIn, Failure> {
    let mut waiting = {
        let mut all = lock(&studio.sign_ins);
        let at = all.iter().position(|w| w.job == request.id);
        all.remove(at.ok_or_else(|| Failure::not_found(("Connexion", "sign-in"), &request.id))?)
    };
    let agreed = match waiting.agreed.take() {
        Some(_) if waiting.is_over(studio) => return Err(said::too_late()),
        Some(agreed) => agreed,
        None => {
            let address = request.address.as_deref().unwrap_or_default();
            let returned = match waiting.returned(studio, address) {
                Ok(returned) => returned?,
                Err(astray) => {
                    // What was copied wrongly can be copied again.
                    wait_for(studio, waiting);
                    return Err(astray);
                }
            };
            let Returned::Code(code) = returned else { return Err(said::refused(waiting.network)) };
            waiting.agreed(studio, &code)?
        }
    };
    let chosen = match chosen(&agreed.identities, request.choice.as_deref(), waiting.again.as_deref()) {
        Ok(chosen) => chosen.map(|identity| identity.id.clone()),
        Err(()) => {
            let named = request.choice.as_deref().map(|choice| said::no_such(choice, &agreed.identities));
            let choices = agreed.identities.iter();
            let choices = choices.map(|one| SignInChoice { id: one.id.clone(), name: one.name.clone() });
            let asked = SignedIn { account: None, choices: choices.collect() };
            waiting.until = studio.ports.now().plus(PATIENCE);
            waiting.agreed = Some(agreed);
            wait_for(studio, waiting);
            return named.map_or(Ok(asked), Err);
        }
    };
    let network = api(studio, waiting.network)?;
    let input =
        ConnectInput { server: Some(waiting.begun.server.clone()), handle: chosen, fields: agreed.secrets };
    let connected = studio.ports.runtime.block_on(network.connect(&input))?;
    let workspace = studio.workspace()?;
    let account = keep_connected(studio, &workspace, waiting.network, connected, waiting.name.clone())?;
    Ok(SignedIn { account: Some(Eyes::of(studio, &workspace)?.view(&account)), choices: Vec::new() })
}

impl Waiting {
    fn is_over(&self, studio: &Studio) -> bool {
        studio.ports.now() >= self.until
    }

    /// What came back, or why the sign-in is over; an error when the person copied something else.
    fn returned(&mut self, studio: &Studio, address: &str) -> Result<Result<Returned, Failure>, Failure> {
        let stopped = || Err(griot_media::Error::Cancelled.into());
        let over = self.is_over(studio);
        Ok(match &mut self.way {
            Way::Heard(end) => match studio.ports.runtime.block_on(end) {
                Ok(End::Answered(returned)) => Ok(returned),
                Ok(End::TooLate) => Err(said::too_late()),
                Ok(End::Stopped) | Err(_) => stopped(),
            },
            Way::Copied { job, .. } if job.report(0.0).is_err() => stopped(),
            Way::Copied { .. } if over => Err(said::too_late()),
            Way::Copied { page, .. } => match copied(address, page, &self.begun.state) {
                Ok(returned) => Ok(returned),
                Err(astray) => return Err(said::astray(self.network, page, &astray)),
            },
        })
    }

    /// What the code is good for.
    fn agreed(&self, studio: &Arc<Studio>, code: &str) -> Result<Agreed, Failure> {
        let network = api(studio, self.network)?;
        let browser = page_of(network.as_ref())?;
        let found = studio.ports.runtime.block_on(async {
            let secrets = browser.finish(&self.begun, code).await?;
            let identities = browser.identities(&self.begun, &secrets).await?;
            Ok::<_, griot_networks::Error>(Agreed { secrets, identities })
        });
        found.map_err(|error| beside_page(studio, self.network, error))
    }
}

/// The identity that is meant; nothing where the network has no choice of them. An error when a person has to say it.
fn chosen<'a>(
    all: &'a [Identity],
    choice: Option<&str>,
    again: Option<&str>,
) -> Result<Option<&'a Identity>, ()> {
    let wanted = choice.map(|choice| choice.trim().to_lowercase());
    let is_meant = |one: &&Identity| match (&wanted, again) {
        (Some(wanted), _) => one.id == *wanted || one.name.trim().to_lowercase() == *wanted,
        (None, Some(again)) => one.id == again,
        (None, None) => all.len() == 1,
    };
    if all.is_empty() && wanted.is_none() {
        return Ok(None);
    }
    match all.iter().filter(is_meant).collect::<Vec<_>>().as_slice() {
        [one] => Ok(Some(one)),
        [] if wanted.is_none() && all.len() == 1 => Ok(all.first()),
        _ => Err(()),
    }
}

fn page_of(network: &dyn Network) -> Result<&dyn Browser, Failure> {
    let name = Rules::of(network.id()).network.display_name();
    network.browser().ok_or_else(|| {
        Failure::say(
            Code::BadRequest,
            format!("{name} ne se connecte pas depuis une page."),
            format!("{name} is not connected from a page."),
            ("Donnez ce que le formulaire demande.", "Give what the form asks for."),
        )
    })
}
