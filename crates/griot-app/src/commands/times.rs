//! Wall times before anything is scheduled: which instant one is, and what clocks do that day.

use std::sync::Arc;

use griot_domain::time::{self, Clocks};
use griot_domain::{Lang, WallTime};

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
    let resolved = time::resolve_always(&request.at, &zone)?;
    let clock = clock(&resolved.shows);
    let note = match resolved.clocks {
        Clocks::Exact => None,
        Clocks::FirstOfTwo => Some(twice(lang)),
        Clocks::AfterGap => Some(lang.pick(
            format!("Ce jour-là les horloges avancent et sautent cette heure\u{a0}: choisissez {clock} ou plus tard."),
            format!("Clocks go forward over this time that day: choose {clock} or later."),
        )),
    };
    Ok(ResolvedTime {
        at: resolved.at,
        zone: resolved.wall.zone,
        clocks: resolved.clocks,
        past: resolved.at < studio.ports.now(),
        note,
    })
}

/// What clocks do at a time that was chosen, where a person should know.
pub(super) fn note(lang: Lang, wall: &WallTime) -> Option<String> {
    // What cannot be resolved any more is still due at the instant that is kept.
    let resolved = time::resolve_always(&wall.local, &wall.zone).ok()?;
    match resolved.clocks {
        Clocks::Exact => None,
        Clocks::FirstOfTwo => Some(twice(lang)),
        Clocks::AfterGap => {
            let (chosen, goes) = (clock(&resolved.wall.local), clock(&resolved.shows));
            Some(lang.pick(
                format!("Ce jour-là les horloges avancent et sautent {chosen}\u{a0}: elle part à {goes}."),
                format!("Clocks go forward over {chosen} that day: it goes out at {goes}."),
            ))
        }
    }
}

fn twice(lang: Lang) -> String {
    let said = lang.pick(
        "Ce jour-là les horloges reculent et montrent cette heure deux fois\u{a0}: la première compte.",
        "Clocks go back that day and show this time twice: the first one counts.",
    );
    said.to_owned()
}

/// `03:00` of `2027-03-28T03:00`.
fn clock(local: &str) -> &str {
    local.rsplit('T').next().unwrap_or(local)
}

pub(super) fn zones(studio: &Arc<Studio>, _: Nothing) -> Result<Zones, Failure> {
    let workspace = studio.workspace()?;
    let current = settings::zone(studio, &workspace)?;
    let mut zones: Vec<String> = time::zones().map(str::to_owned).collect();
    if !zones.contains(&current) {
        zones.push(current.clone());
    }
    zones.sort();
    Ok(Zones { zones, current })
}
