//! Commands whose types are settled and whose handlers are on their way.

use std::sync::Arc;

use crate::Code;
use crate::failure::Failure;
use crate::studio::Studio;

pub(super) fn pending<Q, A>(_: &Arc<Studio>, _: Q) -> Result<A, Failure> {
    Err(Failure::say(Code::Bug, "", "", ("", "")))
}
