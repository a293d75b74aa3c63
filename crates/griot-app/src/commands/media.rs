//! The presets of the rules, how a change would look, subtitles, and what a file may cost.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;

use griot_domain::edit::{Overlay, Subtitles};
use griot_domain::rules::Rules;
use griot_domain::{
    Asset, Edit, Fit, Focus, ImageFormat, ImageRecipe, MediaKind, NetworkId, Recipe, VideoRecipe,
};
use griot_media::film;

use crate::Code;
use crate::failure::Failure;
use crate::library::{files, import, limits};
use crate::looks;
use crate::renditions;
use crate::studio::{Studio, Workspace};
use crate::wire::Nothing;
use crate::wire::media::{
    Look, LookRequest, PresetView, Presets, PresetsRequest, Reserve, TakeSubtitles, TakenSubtitles,
};
use crate::words;

/// A look is at least and at most so many pixels long.
const SIDES: std::ops::RangeInclusive<u32> = 64..=2048;

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
            safe: preset.safe,
            kind: preset.kind,
            usual: rules.default_preset(preset.kind).name == preset.name,
            checked_on: rules.checked_on.clone(),
        })
    });
    Ok(Presets { presets: presets.collect() })
}

pub(super) fn look(studio: &Arc<Studio>, request: LookRequest) -> Result<Look, Failure> {
    let workspace = studio.workspace()?;
    sound(&request.edit)?;
    let asset = import::asset(&workspace, request.asset)?;
    let side = request.side.clamp(*SIDES.start(), *SIDES.end());
    let Some(account) = request.account else {
        let recipe = unframed(&asset, &request.edit);
        let (width, height) = (asset.facts.width, asset.facts.height);
        let (width, height) = if request.edit.turn % 2 == 1 { (height, width) } else { (width, height) };
        let name = looks::spelt(studio.looks.name(&asset, &recipe, side));
        let kind = asset.facts.kind;
        let notes = undrawn(&request.edit, studio);
        return Ok(Look { name, width, height, kind, fit: Fit::Inside, preset: None, safe: (0, 0), notes });
    };
    let account = workspace.store.read(|r| super::account(r, account))?;
    let recipe = renditions::recipe_for(&account, &asset, &request.edit);
    let (fit, frame) = match &recipe {
        Recipe::Image(image) => (image.fit, (image.width, image.height)),
        Recipe::Video(video) => (video.fit, (video.width, video.height)),
    };
    let original = request.edit.size((asset.facts.width, asset.facts.height), account.network);
    let (width, height) = looks::size_within(fit, original, frame);
    let preset = renditions::preset_for(&account, &asset, &request.edit);
    let name = looks::spelt(studio.looks.name(&asset, &recipe, side));
    let (kind, safe, preset) = (preset.kind, preset.safe, Some(preset.name.clone()));
    let notes = undrawn(&request.edit, studio);
    Ok(Look { name, width, height, kind, fit, preset, safe, notes })
}

/// The signs in the words upon a picture that no font draws, named before anything is made of them.
fn undrawn(edit: &Edit, studio: &Studio) -> Vec<String> {
    let mut signs = Vec::new();
    for overlay in &edit.overlays {
        let Overlay::Text { text, .. } = overlay else { continue };
        signs.extend(
            griot_media::undrawn(text).into_iter().filter(|sign| !signs.contains(sign)).collect::<Vec<_>>(),
        );
    }
    words::subtitles::undrawn(&signs, studio.lang()).into_iter().collect()
}

/// The picture or film itself with what is changed in it, in no network's frame and not cut.
fn unframed(asset: &Asset, edit: &Edit) -> Recipe {
    let long = asset.facts.width.max(asset.facts.height).max(1);
    // Nothing is kept for a network here: its crop is what the person is choosing on this picture.
    let whole = Edit { frames: [].into(), overlays: Vec::new(), ..edit.clone() };
    let recipe = match asset.facts.kind {
        MediaKind::Image => Recipe::Image(ImageRecipe::new(Fit::Inside, (long, long), ImageFormat::Jpeg, 85)),
        MediaKind::Video => Recipe::Video(VideoRecipe::new(Fit::Inside, (long, long))),
    };
    recipe.edited(&whole, NetworkId::ALL[0])
}

/// Refuses changes whose numbers are impossible.
pub(super) fn sound(edit: &Edit) -> Result<(), Failure> {
    let Some(part) = edit.unsound() else { return Ok(()) };
    Err(Failure::say(
        Code::BadRequest,
        format!("Cette retouche ne peut pas être faite ({part})."),
        format!("This change cannot be made ({part})."),
        ("Rien n\u{2019}a été changé.", "Nothing was changed."),
    ))
}

pub(super) fn subtitles(studio: &Arc<Studio>, request: TakeSubtitles) -> Result<TakenSubtitles, Failure> {
    let workspace = studio.workspace()?;
    let bytes = request.text.as_bytes();
    let read = film::parse_subtitles(bytes).map_err(|error| named(error, &request.name))?;
    let hash = blake3::hash(bytes).to_hex().to_string();
    let place = subtitles_place(&workspace, &hash);
    if !place.exists() {
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(Failure::io(folder))?;
        }
        files::write_whole(&place, bytes)?;
    }
    let notes = words::subtitles::notes(&read, studio.lang());
    Ok(TakenSubtitles { subtitles: Subtitles { hash, name: request.name }, cues: read.count(), notes })
}

/// A refusal of subtitles that names their file.
pub(super) fn named(error: griot_media::Error, name: &str) -> Failure {
    let griot_media::Error::Subtitles(fault) = error else { return error.into() };
    let words = words::subtitles::fault(fault, Some(name));
    Failure::say(words.code, words.message.0, words.message.1, words.hint)
}

/// Where the subtitles with this hash are.
pub(crate) fn subtitles_place(workspace: &Workspace, hash: &str) -> PathBuf {
    files::by_hash(&workspace.media().join("subtitles"), hash, "srt")
}

pub(super) fn reserve(_: &Arc<Studio>, _: Nothing) -> Result<Reserve, Failure> {
    let limits = limits();
    Ok(Reserve {
        megapixels: limits.max_pixels / 1_000_000,
        memory_mib: limits.max_alloc >> 20,
        picture_mib: limits.max_picture_bytes >> 20,
        film_gib: limits.max_film_bytes >> 30,
        minutes: limits.max_duration_ms / 60_000,
    })
}
