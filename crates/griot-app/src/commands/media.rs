//! The presets of the rules.

use std::sync::Arc;

use griot_domain::rules::Rules;
use griot_domain::{Focus, NetworkId, Recipe};

use crate::failure::Failure;
use crate::studio::Studio;
use crate::wire::media::{PresetView, Presets, PresetsRequest};

pub(super) fn presets(_: &Arc<Studio>, request: PresetsRequest) -> Result<Presets, Failure> {
    let only = request.network.map(|n| n.parse::<NetworkId>()).transpose()?;
    let networks = NetworkId::ALL.iter().filter(|n| only.is_none_or(|o| o == **n));
    let presets = networks.flat_map(|network| {
        let rules = Rules::of(*network);
        rules.presets.iter().map(move |preset| PresetView {
            id: format!("{network}/{}", preset.name),
            width: preset.width,
            height: preset.height,
            fit: preset.fit,
            format: preset.format.clone(),
            max_bytes: match preset.recipe(rules, None, Focus::CENTRE) {
                Recipe::Image(image) => image.max_bytes,
                Recipe::Video(video) => video.max_bytes,
            },
            checked_on: rules.checked_on.clone(),
        })
    });
    Ok(Presets { presets: presets.collect() })
}
