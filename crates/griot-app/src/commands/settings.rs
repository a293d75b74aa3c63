//! Settings, undo, and stopping long work.

use std::sync::Arc;

use griot_domain::{Op, Tag, WaitingFor};
use griot_store::{Tx, deliveries, settings};
use serde_json::Value;

use crate::Code;
use crate::failure::Failure;
use crate::machine;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};
use crate::undo::{self, Undo};
use crate::wire::Nothing;
use crate::wire::studio::{JobRequest, SettingRequest, Settings, Undone};

/// Whether a value can be a setting's.
type Takes = fn(&Value) -> bool;

/// The settings there are, and what their values must be.
const KNOWN: &[(&str, Takes)] = &[
    (machine::FFMPEG, Value::is_string),
    (KEEP_CREDIT, Value::is_boolean),
    (METERED, Value::is_boolean),
    (LANGUAGE, |v| matches!(v.as_str(), Some("fr" | "en"))),
    (PAUSED, Value::is_boolean),
    (ASK, Value::is_boolean),
    (THEME, |v| matches!(v.as_str(), Some("system" | "light" | "dark"))),
    (NAME, is_name),
    (X_CAP, |v| v.as_f64().is_some_and(|most| (0.0..=LARGEST_CAP).contains(&most))),
    (ZONE, |v| v.as_str().is_some_and(|z| griot_domain::time::zone(z).is_ok())),
];

/// The language of sentences in a host that follows settings: `fr` or `en`.
pub(crate) const LANGUAGE: &str = "language";
/// Whether copyright and credit stay in pictures that go out.
pub(crate) const KEEP_CREDIT: &str = "media.keep_credit";
/// Whether the line is paid by the megabyte, by a person's word; without one the system's counts.
pub(crate) const METERED: &str = "line.metered";
/// Whether publishing at once to more than one account, or to one not used for long, is asked; it is without one.
pub(crate) const ASK: &str = "publish.ask";
/// `system`, `light` or `dark`.
pub(crate) const THEME: &str = "theme";
/// What a person calls the workspace.
pub(crate) const NAME: &str = "workspace.name";
/// The zone in which a person means a wall time.
pub(crate) const ZONE: &str = "zone";
/// The most that X may cost in a month, in dollars.
pub(crate) const X_CAP: &str = "x.month_cap";
/// Nobody means more.
const LARGEST_CAP: f64 = 1_000_000.0;
/// A longer name fits in no window.
const LONGEST_NAME: usize = 80;

fn is_name(value: &Value) -> bool {
    value.as_str().is_some_and(|name| {
        !name.trim().is_empty() && name.chars().count() <= LONGEST_NAME && !name.contains(char::is_control)
    })
}

/// Whether a person paused the outbox.
pub(crate) const PAUSED: &str = "outbox.paused";

pub(super) fn get(studio: &Arc<Studio>, _: Nothing) -> Result<Settings, Failure> {
    let workspace = studio.workspace()?;
    let all = workspace.store.read(|r| settings::all(r).map_err(Failure::from))?;
    // What Griot notes for itself beside them is nobody's setting.
    let known = all.into_iter().filter(|(key, _)| KNOWN.iter().any(|(known, _)| known == key));
    // What runs on this machine is no workspace's to say.
    let of_workspace = known.filter(|(key, _)| key != machine::FFMPEG);
    let ffmpeg = machine::ffmpeg(studio).map(|path| path.display().to_string());
    let of_machine = ffmpeg.map(|path| (machine::FFMPEG.to_owned(), Value::String(path)));
    Ok(Settings { settings: of_workspace.chain(of_machine).collect() })
}

/// Refuses a setting that there is not, and a value that it cannot take.
pub(crate) fn check(key: &str, value: &Value) -> Result<(), Failure> {
    match KNOWN.iter().find(|(known, _)| *known == key) {
        None => Err(Failure::not_found(("Réglage", "setting"), key)),
        Some((_, takes)) if value.is_null() || takes(value) => Ok(()),
        Some(_) => Err(Failure::say(
            Code::BadRequest,
            format!("{key} ne peut pas prendre cette valeur."),
            format!("{key} cannot take this value."),
            ("", ""),
        )),
    }
}

pub(super) fn set(studio: &Arc<Studio>, request: SettingRequest) -> Result<Settings, Failure> {
    let workspace = studio.workspace()?;
    check(&request.key, &request.value)?;
    if request.key == machine::FFMPEG {
        machine::choose_ffmpeg(studio, request.value.as_str())?;
        studio.changed(&[Tag::Settings]);
        return get(studio, Nothing {});
    }
    transact(studio, &workspace, Op::ChangeSetting, |tx| {
        let before = settings::get(tx, &request.key)?;
        put(tx, &request.key, &request.value)?;
        if request.key == PAUSED && request.value != Value::Bool(true) {
            resume(tx, studio.ports.now())?;
        }
        Ok(Done::undoable((), Undo::Setting { key: request.key.clone(), before }))
    })?;
    get(studio, Nothing {})
}

/// Sets or, with `null`, forgets a setting.
pub(crate) fn put(tx: &Tx<'_>, key: &str, value: &Value) -> Result<(), Failure> {
    settings::set(tx, key, value).map_err(Failure::from)
}

/// Lets everything that waited for the pause to end be looked at again.
pub(crate) fn resume(tx: &Tx<'_>, now: griot_domain::Timestamp) -> Result<(), Failure> {
    for mut delivery in deliveries::open(tx)? {
        if delivery.waiting_for == Some(WaitingFor::Paused) {
            delivery.next_at = Some(delivery.at_once(now));
            deliveries::update(tx, &delivery)?;
        }
    }
    Ok(())
}

/// The text of a setting, when it is set.
pub(crate) fn text(workspace: &Workspace, key: &str) -> Result<Option<String>, Failure> {
    let value = workspace.store.read(|r| settings::get(r, key).map_err(Failure::from))?;
    Ok(value.and_then(|v| v.as_str().map(str::to_owned)))
}

/// The zone in which a person means a wall time when they name none.
pub(crate) fn zone(studio: &Studio, workspace: &Workspace) -> Result<String, Failure> {
    Ok(text(workspace, ZONE)?.unwrap_or_else(|| studio.options.zone.clone()))
}

pub(super) fn undo(studio: &Arc<Studio>, _: Nothing) -> Result<Undone, Failure> {
    let workspace = studio.workspace()?;
    let op = transact(studio, &workspace, Op::Undo, |tx| undo::last(studio, tx).map(Done::fixed))?;
    Ok(Undone { op })
}

pub(super) fn cancel_job(studio: &Arc<Studio>, request: JobRequest) -> Result<Nothing, Failure> {
    if studio.jobs.cancel(&request.id) {
        Ok(Nothing {})
    } else {
        Err(Failure::not_found(("Travail", "job"), &request.id))
    }
}
