//! Connecting an account by agreeing on the network's page, in the person's own browser.
//!
//! Two commands: one begins and says which page to open, the other waits for the person. Between them a door on this
//! machine hears the answer. Deliberately absent: opening the page; the host's `desktop.open` or a link does.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use griot_domain::NetworkId;
use griot_domain::rules::Rules;
use griot_networks::{Begun, Browser, ConnectInput, Loopback, Network, Returned, Secrets};
use tokio::task::JoinHandle;

use super::accounts::{api, keep_connected, view};
use super::asked::{Asked, beside_server, server_of};
use crate::Code;
use crate::failure::Failure;
use crate::studio::{Studio, lock};
use crate::wire::accounts::{OneAccount, SignIn, SignInStarted};
use crate::wire::studio::JobRequest;
use griot_media::Progress;

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

/// A sign-in that waits for the person.
pub(crate) struct Waiting {
    job: String,
    network: NetworkId,
    name: Option<String>,
    begun: Begun,
    end: JoinHandle<End>,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        // The door closes with the one who waits at it.
        self.end.abort();
    }
}

pub(super) fn begin(studio: &Arc<Studio>, request: SignIn) -> Result<SignInStarted, Failure> {
    let id: NetworkId = request.network.parse()?;
    let network = api(studio, id)?;
    let browser = page_of(network.as_ref())?;
    let rules = Rules::of(id);
    let given = request.server.trim();
    // A network with one server needs none to be named.
    let named = rules.connect.iter().any(|field| field.name == "server") || !given.is_empty();
    let server = if named { Some(server_of(given)?) } else { None };
    let fields = known_too(studio, &request, rules)?;
    Asked::on_the_page(id, &fields).look_at()?;
    // Before the person is sent to a page: what they agree to there has to be kept.
    studio.secrets()?;
    let input = ConnectInput { server, handle: None, fields: Secrets(fields) };
    let runtime = &studio.ports.runtime;
    let (door, begun) = runtime.block_on(async {
        let door = door(studio, id, rules).await?;
        let begun = browser.begin(&input, &door.redirect()).await;
        let begun = begun.map_err(|error| beside_server(studio, error))?;
        Ok::<_, Failure>((door, begun))
    })?;
    let what = studio.lang().pick("Connexion à {}", "Connecting to {}").replace("{}", id.display_name());
    let job = studio.job(what);
    let started = SignInStarted { id: job.id().to_owned(), page: begun.page.clone() };
    let (state, lang) = (begun.state.clone(), studio.lang());
    let (ports, until) = (studio.ports.clone(), studio.ports.now().plus(PATIENCE));
    let end = runtime.spawn(async move {
        // Asked to stop before it was heard of: nothing to tell then.
        let _ = job.report(0.0);
        tokio::select! {
            returned = door.answer(&state, lang) => End::Answered(returned),
            () = job.stopped() => End::Stopped,
            () = ports.wait(until) => End::TooLate,
        }
    });
    let mut waiting = lock(&studio.sign_ins);
    if waiting.len() >= AT_ONCE {
        waiting.remove(0);
    }
    waiting.push(Waiting { job: started.id.clone(), network: id, name: request.name, begun, end });
    Ok(started)
}

/// What the page needs: given now, or kept of the account that is connected anew.
fn known_too(
    studio: &Arc<Studio>,
    request: &SignIn,
    rules: &Rules,
) -> Result<BTreeMap<String, String>, Failure> {
    let mut fields = request.fields.clone();
    let (Some(account), Some(page)) = (request.again, &rules.sign_in) else { return Ok(fields) };
    let kept = studio.secrets()?.get(account)?;
    for field in &page.fields {
        let is_given = fields.get(&field.name).is_some_and(|text| !text.trim().is_empty());
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
        waiting.end.abort();
        let _ = (&mut waiting.end).await;
    }
    Loopback::bind_one_of(ports).await.map_err(|_| busy(ports))
}

fn busy(ports: &[u16]) -> Failure {
    let all = ports.iter().map(u16::to_string).collect::<Vec<_>>().join(", ");
    Failure::say(
        Code::Environment,
        format!("D\u{2019}autres programmes occupent les ports {all}, où la réponse doit arriver."),
        format!("Other programs use the ports {all}, where the answer has to arrive."),
        (
            "Fermez l\u{2019}autre fenêtre de connexion, puis recommencez.",
            "Close the other sign-in, then start again.",
        ),
    )
}

pub(super) fn done(studio: &Arc<Studio>, request: JobRequest) -> Result<OneAccount, Failure> {
    let mut waiting = {
        let mut all = lock(&studio.sign_ins);
        let at = all.iter().position(|w| w.job == request.id);
        all.remove(at.ok_or_else(|| Failure::not_found(("Connexion", "sign-in"), &request.id))?)
    };
    let runtime = &studio.ports.runtime;
    let code = match runtime.block_on(&mut waiting.end) {
        Ok(End::Answered(Returned::Code(code))) => code,
        Ok(End::Answered(Returned::Refused)) => return Err(refused(waiting.network)),
        Ok(End::TooLate) => return Err(too_late()),
        Ok(End::Stopped) | Err(_) => return Err(griot_media::Error::Cancelled.into()),
    };
    let network = api(studio, waiting.network)?;
    let connected = runtime.block_on(async {
        let fields = page_of(network.as_ref())?.finish(&waiting.begun, &code).await?;
        let input = ConnectInput { server: Some(waiting.begun.server.clone()), handle: None, fields };
        Ok::<_, Failure>(network.connect(&input).await?)
    })?;
    let workspace = studio.workspace()?;
    let account = keep_connected(studio, &workspace, waiting.network, connected, waiting.name.clone())?;
    Ok(OneAccount { account: view(&account) })
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

fn refused(network: NetworkId) -> Failure {
    let name = network.display_name();
    Failure::say(
        Code::Auth,
        format!("L\u{2019}accès a été refusé sur la page de {name}\u{a0}: rien n\u{2019}est connecté."),
        format!("Access was refused on the page of {name}: nothing is connected."),
        ("Recommencez si ce n\u{2019}était pas voulu.", "Start again if that was not intended."),
    )
}

fn too_late() -> Failure {
    Failure::say(
        Code::NotNow,
        "Cinq minutes ont passé sans accord\u{a0}: rien n\u{2019}est connecté.",
        "Five minutes have passed without consent: nothing is connected.",
        ("Recommencez quand vous voulez.", "Start again when you like."),
    )
}
