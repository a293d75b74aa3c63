//! Count and verdict of a draft, without a workspace.

use std::sync::Arc;

use griot_domain::NetworkId;
use griot_domain::rules::Rules;
use griot_domain::verdict::{Draft, DraftMedia, judge};
use griot_media::probe::probe;

use crate::failure::Failure;
use crate::library::limits;
use crate::studio::Studio;
use crate::wire::media::{CheckDone, CheckRequest};

pub(super) fn check(studio: &Arc<Studio>, request: CheckRequest) -> Result<CheckDone, Failure> {
    let network: NetworkId = request.network.parse()?;
    let mut media = Vec::with_capacity(request.files.len());
    for (n, file) in request.files.iter().enumerate() {
        let path = studio.path_of(file)?;
        let facts = probe(&path, &limits())?;
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        media.push(DraftMedia { name, facts, alt: request.alts.get(n).cloned().unwrap_or_default() });
    }
    let draft = Draft { text: request.text, fields: request.fields, media };
    let verdict = judge(&draft, Rules::of(network), None, studio.lang());
    Ok(CheckDone { network, text: verdict.text, verdict: verdict.verdict, problems: verdict.problems })
}
