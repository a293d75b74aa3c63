//! Deliveries that a person publishes by hand: text and renditions in one folder, the page's address, and the
//! person's word as the record.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use griot_domain::rules::Rules;
use griot_domain::{Delivery, DeliveryId, Outcome, State};
use griot_networks::Prepared;
use serde_json::Value;

use super::turn::Next;
use super::worker::Worker;
use super::{prepare, record};
use crate::failure::Failure;
use crate::library::files::write_whole;
use crate::studio::Workspace;
use crate::wire::deliveries::ByHandView;

/// The text's file in the folder.
const TEXT: &str = "texte.txt";

/// Lays everything out for a person's hands.
pub(super) async fn lay_out(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let prepared = prepare::prepared(worker, delivery).await?;
    let folder = folder_of(&worker.workspace, delivery.id);
    fill(&folder, &prepared)?;
    worker.fault("outbox.laid_out")?;
    let now = worker.now();
    let reason = worker.studio.lang().pick(
        format!(
            "À publier à la main sur {}\u{a0}: texte et médias sont prêts.",
            delivery.network.display_name()
        ),
        format!("To publish by hand on {}: text and media are ready.", delivery.network.display_name()),
    );
    worker.write(delivery, |tx, d| {
        d.state = State::Assisted;
        d.next_at = None;
        d.reason = Some(reason.clone());
        record::end(tx, d, now, Outcome::Assisted, None, Value::Null)
    })?;
    Ok(Next::Rest)
}

/// Where a delivery's files are laid out.
pub(crate) fn folder_of(workspace: &Workspace, delivery: DeliveryId) -> PathBuf {
    workspace.dir.join("by-hand").join(delivery.to_string())
}

/// The media of a delivery that was laid out, in the order of the post.
pub(crate) fn files(workspace: &Workspace, delivery: DeliveryId) -> Result<Vec<PathBuf>, Failure> {
    let folder = folder_of(workspace, delivery);
    let mut files: Vec<PathBuf> = fs::read_dir(&folder)
        .and_then(|list| list.map(|e| e.map(|e| e.path())).collect())
        .map_err(Failure::io(&folder))?;
    files.retain(|f| f.extension().is_some_and(|e| e != "txt"));
    files.sort();
    Ok(files)
}

/// Numbered files, so that they stand in the order of the post; declared fields before the text, one a line.
fn fill(folder: &Path, prepared: &Prepared) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    write_whole(&folder.join(TEXT), prepared.text.as_bytes())?;
    if !prepared.fields.is_empty() {
        let fields: String =
            prepared.fields.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
        write_whole(&folder.join("champs.txt"), fields.as_bytes())?;
    }
    for (n, medium) in prepared.media.iter().enumerate() {
        let name = format!("{:02}.{}", n + 1, medium.format.extension());
        let place = folder.join(name);
        let bytes = fs::read(&medium.path).map_err(Failure::io(&medium.path))?;
        write_whole(&place, &bytes)?;
        if !medium.alt.is_empty() {
            write_whole(&place.with_extension("alt.txt"), medium.alt.as_bytes())?;
        }
    }
    Ok(())
}

/// What a person does by hand, when the delivery is that.
pub(crate) fn view(
    workspace: &Workspace,
    delivery: &Delivery,
    server: &str,
) -> Result<Option<ByHandView>, Failure> {
    if delivery.state != State::Assisted {
        return Ok(None);
    }
    let folder = folder_of(workspace, delivery.id);
    let text = fs::read_to_string(folder.join(TEXT)).map_err(Failure::io(&folder))?;
    let files = files(workspace, delivery.id)?;
    Ok(Some(ByHandView {
        folder: folder.display().to_string(),
        page: Rules::of(delivery.network).by_hand.address(server).unwrap_or_default(),
        text,
        files: files.iter().map(|f| f.display().to_string()).collect(),
    }))
}
