//! The evidence: exported, and verified without a workspace.

use std::sync::Arc;

use crate::failure::Failure;
use crate::journal as evidence;
use crate::studio::Studio;
use crate::wire::studio::{FileRequest, JournalFacts, VerifyRequest};

pub(super) fn export(studio: &Arc<Studio>, request: FileRequest) -> Result<JournalFacts, Failure> {
    let workspace = studio.workspace()?;
    let file = studio.path_of(&request.file)?;
    super::workspace::place_for(&file)?;
    evidence::export(studio, &workspace, &file)
}

pub(super) fn verify(studio: &Arc<Studio>, request: VerifyRequest) -> Result<JournalFacts, Failure> {
    evidence::verify(studio, &studio.path_of(&request.file)?, request.head.as_deref())
}
