//! Deliveries that a person publishes by hand: text and renditions in one folder, written as the place reads them, the
//! steps in the order of the place's own form, and the person's word as the record.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use griot_domain::markup::written;
use griot_domain::rules::{Field, FieldKind, Rules};
use griot_domain::{Delivery, DeliveryId, Lang, Markup, Outcome, Sentence, State};
use griot_networks::Prepared;
use serde_json::Value;

use super::turn::Next;
use super::worker::Worker;
use super::{prepare, record};
use crate::failure::Failure;
use crate::library::files::write_whole;
use crate::studio::Workspace;
use crate::wire::deliveries::{ByHandStep, ByHandView, StepKind};

/// The text's file in the folder.
const TEXT: &str = "texte.txt";
/// How the files of declared fields begin.
const FIELD: &str = "champ-";

/// Lays everything out for a person's hands.
pub(super) async fn lay_out(worker: &Arc<Worker>, delivery: &Delivery) -> Result<Next, Failure> {
    let prepared = prepare::prepared(worker, delivery).await?;
    let folder = folder_of(&worker.workspace, delivery.id);
    // What an earlier version of the post had must not go out with this one.
    put_away(&worker.workspace, delivery.id)?;
    fill(&folder, &prepared, Rules::of(delivery.network))?;
    worker.fault("outbox.laid_out")?;
    let now = worker.now();
    let reason = Sentence::new(
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

/// Takes away what was laid out: its words or its time are others now, and nobody is to paste the old ones.
pub(super) fn put_away(workspace: &Workspace, delivery: DeliveryId) -> Result<(), Failure> {
    let folder = folder_of(workspace, delivery);
    match fs::remove_dir_all(&folder) {
        Err(e) if e.kind() != std::io::ErrorKind::NotFound => Err(Failure::io(&folder)(e)),
        _ => Ok(()),
    }
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

/// Numbered files, so that they stand in the order of the post; each declared field in a file of its own.
fn fill(folder: &Path, prepared: &Prepared, rules: &Rules) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(Failure::io(folder))?;
    write_whole(&folder.join(TEXT), written(&prepared.text, rules.by_hand.markup).as_bytes())?;
    for (name, value) in prepared.fields.iter().filter(|(name, value)| is_name(name) && !value.is_empty()) {
        write_whole(&field_file(folder, name), as_pasted(rules, name, value).as_bytes())?;
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

fn field_file(folder: &Path, name: &str) -> PathBuf {
    folder.join(format!("{FIELD}{name}.txt"))
}

/// Whether `name` can be part of a file's name.
fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// A field's value as the place reads it: text like the post's own, a line without marks, all else as it is.
fn as_pasted(rules: &Rules, name: &str, value: &str) -> String {
    match rules.field(name).map(|field| &field.kind) {
        Some(FieldKind::Text) | None => written(value, rules.by_hand.markup),
        Some(FieldKind::Line) => written(value, Markup::Plain),
        Some(_) => value.to_owned(),
    }
}

/// What a person does by hand, when the delivery is that.
pub(crate) fn view(
    workspace: &Workspace,
    delivery: &Delivery,
    server: &str,
    lang: Lang,
) -> Result<Option<ByHandView>, Failure> {
    if delivery.state != State::Assisted {
        return Ok(None);
    }
    let rules = Rules::of(delivery.network);
    let folder = folder_of(workspace, delivery.id);
    let text = fs::read_to_string(folder.join(TEXT)).map_err(Failure::io(&folder))?;
    let files = files(workspace, delivery.id)?;
    let fields = fields(&folder)?;
    let page = rules.by_hand.address(server, &fields).unwrap_or_default();
    let steps = steps(rules, &fields, (&page, &text, !files.is_empty()), lang);
    Ok(Some(ByHandView {
        folder: folder.display().to_string(),
        page,
        text,
        files: files.iter().map(|f| f.display().to_string()).collect(),
        steps,
        has_address: rules.by_hand.has_address,
    }))
}

/// The fields that were laid out.
fn fields(folder: &Path) -> Result<BTreeMap<String, String>, Failure> {
    let mut fields = BTreeMap::new();
    for entry in fs::read_dir(folder).map_err(Failure::io(folder))? {
        let path = entry.map_err(Failure::io(folder))?.path();
        let file = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        if let Some(name) = file.strip_prefix(FIELD).and_then(|rest| rest.strip_suffix(".txt")) {
            let value = fs::read_to_string(&path).map_err(Failure::io(&path))?;
            fields.insert(name.to_owned(), value);
        }
    }
    Ok(fields)
}

/// What to do, one after the other: open the page, fill in its form from top to bottom, add the files.
fn steps(
    rules: &Rules,
    fields: &BTreeMap<String, String>,
    (page, text, files): (&str, &str, bool),
    lang: Lang,
) -> Vec<ByHandStep> {
    let plain = |kind, value: &str| ByHandStep {
        kind,
        field: String::new(),
        label: String::new(),
        value: value.to_owned(),
    };
    let named = |field: &Field| {
        let value = fields.get(&field.name)?;
        Some(ByHandStep {
            kind: StepKind::Field,
            field: field.name.clone(),
            label: rules.field_label(field, lang),
            value: match field.kind {
                FieldKind::Choice => rules.choice_label(field, value, lang),
                FieldKind::Flag if value == "true" => lang.pick("Oui", "Yes").to_owned(),
                FieldKind::Flag => lang.pick("Non", "No").to_owned(),
                _ => value.clone(),
            },
        })
    };
    let (before, after) = rules.form();
    let mut steps = vec![plain(StepKind::Page, page)];
    steps.extend(before.into_iter().filter_map(named));
    if !text.is_empty() {
        steps.push(plain(StepKind::Text, text));
    }
    if files {
        steps.push(plain(StepKind::Files, ""));
    }
    steps.extend(after.into_iter().filter_map(named));
    let others = fields.iter().filter(|(name, _)| rules.field(name).is_none());
    steps.extend(others.map(|(name, value)| ByHandStep {
        kind: StepKind::Field,
        field: name.clone(),
        label: name.clone(),
        value: value.clone(),
    }));
    steps
}
