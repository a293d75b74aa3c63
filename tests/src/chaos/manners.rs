//! Which manners the stubs have in a round, drawn by chance.

use fastrand::Rng;
use griot_stubs::Manners;
use griot_stubs::manners::Source;
use griot_stubs::rendering::Rendering;

use super::places::Kind;

/// Lists are late by so many seconds at most.
const LISTS_LATE_S: i64 = 20;
pub(super) const LISTS_LATE: &str = "lists late";
pub(super) const NO_SOURCE: &str = "no source";

/// Draws the manners of a network for a round, and what they are called in the table.
pub(super) fn draw(kind: Kind, rng: &mut Rng) -> (Manners, Vec<&'static str>) {
    let (mut manners, mut names) = (Manners::default(), Vec::new());
    if kind.is_real() {
        return (manners, names);
    }
    if kind == Kind::Fediverse {
        manners.rendering = rng.choice(Rendering::ALL).copied().unwrap_or_default();
        names.push(manners.rendering.name());
        let sources = [Source::InThePost, Source::ByAddress, Source::ByAddress, Source::Nowhere];
        manners.source = rng.choice(sources).unwrap_or_default();
        if manners.source == Source::Nowhere {
            names.push(NO_SOURCE);
        }
        manners.takes_formats = rng.u8(..4) == 0;
    }
    manners.tidies = rng.u8(..3) == 0;
    manners.unfurls = kind == Kind::Facebook && rng.bool();
    if rng.u8(..3) == 0 {
        manners.lists_after_ms = rng.i64(1..=LISTS_LATE_S) * 1000;
        names.push(LISTS_LATE);
    }
    names.extend(manners.tidies.then_some("tidies"));
    names.extend(manners.unfurls.then_some("unfurls"));
    (manners, names)
}
