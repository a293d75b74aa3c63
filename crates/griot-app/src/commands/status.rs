//! How the studio stands, in one answer: what the rail of the window says at all times.
//!
//! It is read at every change, so it counts in the database and loads nothing but the accounts. Deliberately absent:
//! looking at the network; the outbox knows what it last saw.

use std::path::Path;
use std::sync::Arc;

use griot_domain::line::Link;
use griot_domain::{State, WaitingFor, calendar};
use griot_store::standing::{self, Held, Tally};
use griot_store::{accounts, settings, undo, uploads};
use serde_json::Value;

use super::settings::{NAME, PAUSED, THEME, ZONE};
use crate::Code;
use crate::failure::Failure;
use crate::line::Line;
use crate::studio::{Studio, Workspace};
use crate::wire::Nothing;
use crate::wire::studio::{LinkState, SecretsState, Status, Unlock, WorkerState, WorkspaceView};

/// The name of a workspace in the folder where Griot makes one by itself.
const OURS: &str = "Griot";
/// That folder's name.
const OWN_FOLDER: &str = "workspace";

pub(super) fn unlock(studio: &Arc<Studio>, request: Unlock) -> Result<Nothing, Failure> {
    studio.unlock(&request.passphrase)?;
    Ok(Nothing {})
}

pub(super) fn get(studio: &Arc<Studio>, _: Nothing) -> Result<Status, Failure> {
    let empty = Status {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        workspace: None,
        folder: studio.options.workspace.display().to_string(),
        lang: studio.lang(),
        theme: "system".to_owned(),
        zone: studio.options.zone.clone(),
        worker: studio.worker(),
        link: LinkState::Good,
        metered_by_system: studio.ports.meter.is_metered(),
        offline_since: None,
        needs_person: 0,
        waiting: 0,
        coming: 0,
        sent_today: 0,
        secrets: SecretsState::Open,
        ffmpeg: studio.has_ffmpeg(),
        undo: None,
    };
    match studio.workspace() {
        Ok(workspace) => of_workspace(studio, &workspace, empty),
        // Before there is a workspace the page asks the person to make one.
        Err(failure) => match studio.say(failure) {
            error if error.code == Code::NoWorkspace => Ok(empty),
            error => Err(error.into()),
        },
    }
}

fn of_workspace(studio: &Arc<Studio>, workspace: &Workspace, mut status: Status) -> Result<Status, Failure> {
    let now = studio.ports.now();
    let (tally, held, line, ending) = workspace.store.read(|r| -> Result<_, Failure> {
        let text = |key: &str| -> Result<Option<String>, Failure> {
            Ok(settings::get(r, key)?.and_then(|v| v.as_str().map(str::to_owned)))
        };
        let name = text(NAME)?.unwrap_or_else(|| name_of(&workspace.dir));
        status.workspace = Some(WorkspaceView { name, folder: workspace.dir.display().to_string() });
        status.theme = text(THEME)?.unwrap_or(status.theme.clone());
        status.zone = text(ZONE)?.unwrap_or(status.zone.clone());
        if settings::get(r, PAUSED)? == Some(Value::Bool(true)) {
            status.worker = WorkerState::Paused;
        }
        status.sent_today = uploads::since(r, calendar::day(now, calendar::zone_or_utc(&status.zone)).start)?;
        status.undo = undo::last(r)?.map(|entry| entry.op);
        let ending = accounts::list(r)?.iter().filter(|account| account.ends_soon(now)).count();
        Ok((
            standing::tally(r)?,
            standing::without_way_out(r)?,
            Line::read(r, &*studio.ports.meter, now)?,
            ending,
        ))
    })?;
    count(&mut status, &tally);
    status.needs_person += u32::try_from(ending).unwrap_or(u32::MAX);
    status.offline_since = held.first().map(|h| h.since);
    status.link = link_of(&held, &line);
    status.secrets = studio.secrets_state_so_far();
    Ok(status)
}

fn count(status: &mut Status, tally: &[Tally]) {
    for line in tally {
        let person = match line.state {
            State::Failed | State::Unknown | State::Assisted => true,
            State::HandedOver => line.overdue,
            State::Waiting => matches!(
                line.waiting_for,
                Some(WaitingFor::Late | WaitingFor::CheckAfterMove | WaitingFor::Account)
            ),
            _ => false,
        };
        if person {
            status.needs_person += line.count;
            continue;
        }
        status.coming += line.count;
        if matches!(line.waiting_for, Some(WaitingFor::Network | WaitingFor::Portal)) {
            status.waiting += line.count;
        }
    }
}

/// What kind of line there is: none for what waits for one, else as it is known.
pub(super) fn link_of(held: &[Held], line: &Line) -> LinkState {
    let portal = held.iter().any(|h| h.why == WaitingFor::Portal);
    match (held, line.link()) {
        ([_, ..], _) if portal => LinkState::Portal,
        ([_, ..], _) | ([], Link::None) => LinkState::None,
        ([], Link::Portal) => LinkState::Portal,
        ([], Link::Slow) => LinkState::Slow,
        ([], Link::Metered) => LinkState::Metered,
        ([], Link::Good) => LinkState::Good,
    }
}

/// What a workspace is called before a person gives it a name.
fn name_of(folder: &Path) -> String {
    let name = crate::handles::file_name(folder);
    if name.is_empty() || name == OWN_FOLDER { OURS.to_owned() } else { name }
}
