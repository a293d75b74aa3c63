//! The one door through which a person's action is written: commit, remember how to undo it, say what changed.

use griot_domain::{Op, Tag};
use griot_store::{Tx, undo};

use crate::failure::Failure;
use crate::studio::{Studio, Workspace};
use crate::undo::Undo;

/// What an action gives back, and how it is undone.
pub(crate) struct Done<T> {
    pub(crate) output: T,
    pub(crate) undo: Option<Undo>,
}

impl<T> Done<T> {
    /// It can be undone like this.
    pub(crate) fn undoable(output: T, undo: Undo) -> Self {
        Self { output, undo: Some(undo) }
    }

    /// It cannot be undone.
    pub(crate) fn fixed(output: T) -> Self {
        Self { output, undo: None }
    }
}

/// Runs `f` in one transaction, records its undo and emits one `changed(tags)`.
pub(crate) fn transact<T>(
    studio: &Studio,
    workspace: &Workspace,
    op: Op,
    f: impl FnOnce(&Tx<'_>) -> Result<Done<T>, Failure>,
) -> Result<T, Failure> {
    let output = transact_untold(studio, workspace, op, f)?;
    studio.changed(op.tags());
    Ok(output)
}

/// The same for one of many actions in a row: the caller tells what changed, less often.
pub(crate) fn transact_untold<T>(
    studio: &Studio,
    workspace: &Workspace,
    op: Op,
    f: impl FnOnce(&Tx<'_>) -> Result<Done<T>, Failure>,
) -> Result<T, Failure> {
    let output = workspace.store.write(|tx| -> Result<T, Failure> {
        let done = f(tx)?;
        if let (true, Some(entry)) = (op.can_undo(), &done.undo) {
            undo::push(tx, op, studio.ports.now(), &entry.to_json())?;
        }
        Ok(done.output)
    })?;
    if op.tags().contains(&Tag::Settings) {
        // Before listeners hear of it: what they read next is in the new language.
        studio.learn(workspace);
    }
    Ok(output)
}
