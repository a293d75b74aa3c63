//! What the rules say without a workspace: count and verdict of a draft, the fields that a network declares.

use std::sync::Arc;

use griot_domain::rules::{Field, Rules};
use griot_domain::text::cleaned;
use griot_domain::verdict::{Draft, DraftMedia, judge};
use griot_domain::{Account, Edit, NetworkId};
use griot_media::probe::probe;
use griot_store::accounts;

use super::accounts::meant;
use crate::failure::Failure;
use crate::library::limits;
use crate::studio::Studio;
use crate::wire::accounts::NetworkRequest;
use crate::wire::media::{CheckDone, CheckRequest};
use crate::wire::verdicts::{ChoiceView, FieldView, FieldViews};

pub(super) fn check(studio: &Arc<Studio>, request: CheckRequest) -> Result<CheckDone, Failure> {
    let network: NetworkId = request.network.parse()?;
    let account = account(studio, network, request.account.as_deref())?;
    let mut media = Vec::with_capacity(request.files.len());
    for (n, file) in request.files.iter().enumerate() {
        let path = studio.path_of(file)?;
        let facts = probe(&path, &limits()).map_err(|error| Failure::from(error).about(&path))?;
        let facts = Rules::of(network).sees(&facts, &Edit::default());
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        media.push(DraftMedia {
            name,
            facts,
            alt: request.alts.get(n).cloned().unwrap_or_default(),
            library_alt: String::new(),
        });
    }
    let draft = Draft { text: cleaned(&request.text).into_owned(), fields: request.fields, media };
    let limits = account.as_ref().and_then(|account| account.limits.as_ref());
    let verdict = judge(&draft, Rules::of(network), limits, studio.lang());
    Ok(CheckDone {
        network,
        text: verdict.text,
        verdict: verdict.verdict,
        problems: verdict.problems,
        account: account.filter(|account| account.limits.is_some()).map(|account| account.name),
    })
}

/// The account that was named, else the only one of the network. Where there is no workspace there is none.
fn account(
    studio: &Arc<Studio>,
    network: NetworkId,
    named: Option<&str>,
) -> Result<Option<Account>, Failure> {
    let workspace = match studio.workspace() {
        Ok(workspace) => workspace,
        Err(failure) if named.is_some() => return Err(failure),
        Err(_) => return Ok(None),
    };
    let mut all = workspace.store.read(|r| accounts::list(r).map_err(Failure::from))?;
    all.retain(|account| account.network == network);
    match (named, all.as_slice()) {
        (Some(named), _) => meant(&all, named).map(Some),
        (None, [only]) => Ok(Some(only.clone())),
        (None, _) => Ok(None),
    }
}

pub(super) fn fields(studio: &Arc<Studio>, request: NetworkRequest) -> Result<FieldViews, Failure> {
    let network: NetworkId = request.network.parse()?;
    let (rules, lang) = (Rules::of(network), studio.lang());
    let choice = |field: &Field, value: &String| ChoiceView {
        value: value.clone(),
        label: rules.choice_label(field, value, lang),
    };
    let view = |field: &Field| FieldView {
        name: field.name.clone(),
        label: rules.field_label(field, lang),
        kind: field.kind.clone(),
        choices: field.choices.iter().map(|value| choice(field, value)).collect(),
        max: field.max,
        required: field.required,
        default: field.default.clone(),
    };
    Ok(FieldViews { fields: rules.fields.iter().map(view).collect() })
}
