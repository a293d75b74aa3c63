//! Wall times before anything is scheduled: which instant one is, and what clocks do that day.

use std::sync::Arc;

use griot_domain::time::{self, TimeError};

use super::settings;
use crate::failure::Failure;
use crate::studio::Studio;
use crate::wire::Nothing;
use crate::wire::verdicts::{ResolveTime, ResolvedTime, Zones};

/// A time that clocks jump over is answered with the next one there is: scheduling would refuse it, and this says so
/// before the person asks.
pub(super) fn resolve(studio: &Arc<Studio>, request: ResolveTime) -> Result<ResolvedTime, Failure> {
    let workspace = studio.workspace()?;
    let lang = studio.lang();
    let zone = match request.zone {
        Some(zone) => zone,
        None => settings::zone(studio, &workspace)?,
    };
    let (resolved, note) = match time::resolve(&request.at, &zone) {
        Ok(resolved) if resolved.repeated => {
            let note = lang.pick(
                "Ce jour-là les horloges reculent et montrent cette heure deux fois\u{a0}: la première compte.",
                "Clocks go back that day and show this time twice: the first one counts.",
            );
            (resolved, Some(note.to_owned()))
        }
        Ok(resolved) => (resolved, None),
        Err(TimeError::Skipped { next, zone, .. }) => {
            let clock = next.rsplit('T').next().unwrap_or(&next);
            let note = lang.pick(
                format!("Ce jour-là les horloges avancent et sautent cette heure\u{a0}: choisissez {clock} ou plus tard."),
                format!("Clocks go forward over this time that day: choose {clock} or later."),
            );
            (time::resolve(&next, &zone)?, Some(note))
        }
        Err(error) => return Err(error.into()),
    };
    Ok(ResolvedTime {
        at: resolved.at,
        zone: resolved.wall.zone,
        past: resolved.at < studio.ports.now(),
        note,
    })
}

pub(super) fn zones(studio: &Arc<Studio>, _: Nothing) -> Result<Zones, Failure> {
    let workspace = studio.workspace()?;
    let current = settings::zone(studio, &workspace)?;
    let mut zones: Vec<String> = time::zones().map(str::to_owned).collect();
    if !zones.contains(&current) {
        zones.push(current.clone());
        zones.sort();
    }
    Ok(Zones { zones, current })
}
