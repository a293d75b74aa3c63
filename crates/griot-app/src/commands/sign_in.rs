//! Connecting an account by agreeing on the network's page, in the person's own browser.
//!
//! Two commands: one begins and says which page to open, the other waits for the person. Between them a door on this
//! machine hears the answer. Deliberately absent: opening the page; the host's `desktop.open` or a link does.

use std::sync::Arc;
use std::time::Duration;

use griot_domain::NetworkId;
use griot_domain::rules::Rules;
use griot_networks::{Begun, Browser, ConnectInput, Loopback, Network, Returned};
use tokio::task::JoinHandle;

use super::accounts::{api, keep_connected, view};
use super::asked::{beside_server, server_of};
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
    let server = server_of(&request.server)?;
    // Before the person is sent to a page: what they agree to there has to be kept.
    studio.secrets()?;
    let runtime = &studio.ports.runtime;
    let (door, begun) = runtime.block_on(async {
        let door = Loopback::bind().await?;
        let begun = browser.begin(&server, &door.redirect()).await;
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
