//! Renditions for the networks: made once per asset and recipe, kept by their address, found again.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use griot_domain::rules::{Preset, Rules};
use griot_domain::{
    Account, Asset, Attachment, Content, DeliveryId, Edit, Format, ImageRecipe, MediaKind, Recipe,
    RenditionId, Timestamp, VideoRecipe,
};
use griot_media::{Progress, film, still};
use griot_networks::PreparedMedia;
use griot_store::Rendition;
use griot_store::{deliveries, renditions, settings};

use crate::commands::settings::KEEP_CREDIT;
use crate::failure::Failure;
use crate::library::{files, import, limits};
use crate::studio::{Studio, Workspace};

/// The rules of an account: its network's, with what its server states laid over them.
pub(crate) fn rules_of(account: &Account) -> Cow<'static, Rules> {
    let rules = Rules::of(account.network);
    account.limits.as_ref().map_or(Cow::Borrowed(rules), |live| Cow::Owned(rules.with_live(live)))
}

/// The preset by which `asset`, as `edit` changes it, goes to `account`'s network.
pub(crate) fn preset_for(account: &Account, asset: &Asset, edit: &Edit) -> &'static Preset {
    let rules = Rules::of(account.network);
    let kind = rules_of(account).goes_as(&asset.facts, edit);
    // A preset that these rules no longer have gives way to the usual one: the post still goes out.
    let chosen = edit
        .framing(account.network)
        .and_then(|framing| rules.preset(framing.preset.as_deref()?))
        .filter(|preset| preset.kind == kind);
    chosen.unwrap_or_else(|| rules.default_preset(kind))
}

/// The recipe by which `asset`, as `edit` changes it, goes to `account`'s network.
pub(crate) fn recipe_for(account: &Account, asset: &Asset, edit: &Edit) -> Recipe {
    let (preset, rules) = (preset_for(account, asset, edit), rules_of(account));
    let usual = preset.recipe(Rules::of(account.network), account.limits.as_ref(), asset.kept_point());
    let seen = rules.sees(&asset.facts, edit);
    let edited = rules.moving(&asset.facts, usual).edited(edit, account.network);
    preset.filled(edited, &rules, (seen.width, seen.height))
}

/// The rendition of `asset` by `recipe`; made now when there is none.
pub(crate) fn make(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    asset: &Asset,
    recipe: &Recipe,
    progress: &dyn Progress,
) -> Result<Rendition, Failure> {
    let credited = with_credit(workspace, recipe)?;
    let recipe = credited.as_ref().unwrap_or(recipe);
    let key = address(asset, recipe);
    let known = workspace.store.read(|r| renditions::by_key(r, &key).map_err(Failure::from))?;
    if let Some(known) = known
        && files::is_sound(workspace, &file_of(workspace, &known), &known.hash)
    {
        return Ok(known);
    }
    let original = import::sound(workspace, asset)?;
    let work = Work { studio, workspace, asset, key: &key, original: &original, progress };
    let made = match recipe {
        Recipe::Image(image) => work.still(image)?,
        Recipe::Video(video) => work.film(video)?,
    };
    studio.ports.faults.at("rendition.written").map_err(Failure::io(&original))?;
    workspace.store.write(|tx| renditions::put(tx, &made).map_err(Failure::from))?;
    Ok(made)
}

/// The same recipe for a workspace in which copyright and credit stay in pictures; nothing where they go.
fn with_credit(workspace: &Workspace, recipe: &Recipe) -> Result<Option<Recipe>, Failure> {
    let Recipe::Image(image) = recipe else { return Ok(None) };
    let kept = workspace.store.read(|r| settings::get(r, KEEP_CREDIT).map_err(Failure::from))?;
    let stays = kept.and_then(|value| value.as_bool()).unwrap_or(false);
    Ok(stays.then(|| Recipe::Image(ImageRecipe { keep_credit: true, ..image.clone() })))
}

/// Where the rendition of `asset` by `recipe` is kept.
pub(crate) fn address(asset: &Asset, recipe: &Recipe) -> String {
    let mut hasher = blake3::Hasher::new();
    hasher.update(asset.hash.as_bytes());
    hasher.update(b"\n");
    hasher.update(recipe.canonical().as_bytes());
    hasher.update(format!("\n{}", griot_media::RENDERER_VERSION).as_bytes());
    hasher.finalize().to_hex().to_string()
}

/// One rendition that is being made.
struct Work<'a> {
    studio: &'a Studio,
    workspace: &'a Workspace,
    asset: &'a Asset,
    key: &'a str,
    original: &'a Path,
    progress: &'a dyn Progress,
}

impl Work<'_> {
    fn still(&self, recipe: &ImageRecipe) -> Result<Rendition, Failure> {
        let limits = limits();
        let logos = |id| {
            let asset = import::asset(self.workspace, id).ok()?;
            import::there(self.workspace, &asset).ok()
        };
        let around = still::Surroundings { limits: &limits, logos: &logos };
        let made = still::render(self.original, std::slice::from_ref(recipe), around, self.progress)?;
        let picture = made.into_iter().next().expect("BUG: one recipe gives one rendition");
        let place = place(self.workspace, self.key, picture.format);
        files::write_whole(&place, &picture.bytes)?;
        Ok(Rendition {
            hash: blake3::hash(&picture.bytes).to_hex().to_string(),
            width: picture.width,
            height: picture.height,
            bytes: picture.bytes.len() as u64,
            quality: picture.quality,
            ..self.row(picture.format)
        })
    }

    fn film(&self, recipe: &VideoRecipe) -> Result<Rendition, Failure> {
        let place = place(self.workspace, self.key, Format::Mp4);
        if let Some(folder) = place.parent() {
            fs::create_dir_all(folder).map_err(Failure::io(folder))?;
        }
        if self.asset.facts.kind == MediaKind::Image {
            let ffmpeg = self.studio.ffmpeg()?;
            let scratch = &self.studio.options.scratch;
            let film = film::from_animation(
                Some(&ffmpeg),
                self.original,
                recipe,
                &place,
                scratch,
                &limits(),
                self.progress,
            )?;
            return self.film_row(&place, film);
        }
        // Without ffmpeg a film that fits is still stripped and posted; only one that does not fit needs it.
        let extras = self.extras(recipe);
        let needed = film::needs_ffmpeg(&self.asset.facts, recipe, &extras);
        let ffmpeg = if needed { Some(self.studio.ffmpeg()?) } else { None };
        let made = film::render(
            ffmpeg.as_ref(),
            self.original,
            std::slice::from_ref(recipe),
            std::slice::from_ref(&place),
            &extras,
            &self.studio.options.scratch,
            &limits(),
            self.progress,
        )?;
        let film = made.into_iter().next().expect("BUG: one recipe gives one rendition");
        self.film_row(&place, film)
    }

    fn film_row(&self, place: &Path, film: film::Rendered) -> Result<Rendition, Failure> {
        Ok(Rendition {
            hash: hash_file(place)?,
            width: film.width,
            height: film.height,
            bytes: film.bytes,
            duration_ms: Some(film.duration_ms),
            video: Some(film.video),
            audio: film.audio,
            ..self.row(Format::Mp4)
        })
    }

    /// What a film's recipe names and does not hold.
    fn extras(&self, recipe: &VideoRecipe) -> film::Extras {
        let place = |hash: &String| crate::commands::subtitles_place(self.workspace, hash);
        film::Extras { subtitles: recipe.subtitles.as_ref().map(place), cover_ms: recipe.cover_ms }
    }

    /// What every rendition has.
    fn row(&self, format: Format) -> Rendition {
        let now = self.studio.ports.now();
        Rendition {
            id: RenditionId::new(now, self.studio.ports.ten()),
            asset: self.asset.id,
            key: self.key.to_owned(),
            hash: String::new(),
            width: 0,
            height: 0,
            bytes: 0,
            format,
            quality: None,
            duration_ms: None,
            video: None,
            audio: None,
            made_at: now,
        }
    }
}

fn place(workspace: &Workspace, key: &str, format: Format) -> PathBuf {
    files::by_hash(&workspace.media().join("renditions"), key, format.extension())
}

/// Where a rendition is: by its address, whatever its row says.
fn file_of(workspace: &Workspace, made: &Rendition) -> PathBuf {
    place(workspace, &made.key, made.format)
}

fn hash_file(path: &Path) -> Result<String, Failure> {
    let mut hasher = blake3::Hasher::new();
    let mut file = fs::File::open(path).map_err(Failure::io(path))?;
    std::io::copy(&mut file, &mut hasher).map_err(Failure::io(path))?;
    Ok(hasher.finalize().to_hex().to_string())
}

/// The renditions of `attachments` for `account`, ready to go up, and kept while `delivery` is not final.
pub(crate) fn prepare(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    account: &Account,
    delivery: DeliveryId,
    attachments: &[Attachment],
) -> Result<Vec<PreparedMedia>, Failure> {
    let job = studio.job(account.network.display_name());
    let mut ready = Vec::with_capacity(attachments.len());
    for attachment in attachments {
        let asset = import::asset(workspace, attachment.asset)?;
        let made = make(studio, workspace, &asset, &recipe_for(account, &asset, &attachment.edit), &job)?;
        workspace.store.write(|tx| -> Result<(), Failure> {
            let kept = renditions::by_key(tx, &made.key)?.map_or(made.id, |r| r.id);
            Ok(deliveries::needs_rendition(tx, delivery, kept)?)
        })?;
        ready.push(PreparedMedia {
            path: file_of(workspace, &made),
            hash: made.hash,
            format: made.format,
            width: made.width,
            height: made.height,
            bytes: made.bytes,
            duration_ms: made.duration_ms,
            alt: attachment.alt.clone(),
            focus: Some(asset.kept_point()),
        });
    }
    Ok(ready)
}

/// What will go up for each account, in bytes: pictures are made now and weighed; a film that has not been made yet
/// counts as the most it can become. Nothing for accounts that are published by hand.
pub(crate) fn weigh(
    studio: &Arc<Studio>,
    workspace: &Workspace,
    content: &Content,
    to: &[Account],
) -> Result<Vec<Option<u64>>, Failure> {
    let job = studio.job(studio.lang().pick("Préparation des médias", "Preparing media"));
    let mut weights = Vec::with_capacity(to.len());
    for account in to {
        if account.is_by_hand() {
            weights.push(None);
            continue;
        }
        let effective = content.for_network(account.network);
        let mut bytes = effective.text.len() as u64;
        for attachment in &effective.media {
            let asset = import::asset(workspace, attachment.asset)?;
            let recipe = recipe_for(account, &asset, &attachment.edit);
            bytes += match &recipe {
                Recipe::Image(_) => make(studio, workspace, &asset, &recipe, &job)?.bytes,
                Recipe::Video(video) => film_weight(workspace, &asset, &recipe, video)?,
            };
        }
        weights.push(Some(bytes));
    }
    Ok(weights)
}

fn film_weight(
    workspace: &Workspace,
    asset: &Asset,
    recipe: &Recipe,
    video: &VideoRecipe,
) -> Result<u64, Failure> {
    let key = address(asset, recipe);
    if let Some(made) = workspace.store.read(|r| renditions::by_key(r, &key).map_err(Failure::from))? {
        return Ok(made.bytes);
    }
    Ok(video.max_bytes.map_or(asset.facts.bytes, |most| asset.facts.bytes.min(most)))
}

/// A rendition that nothing needs is kept this long, in milliseconds (thirty days): it may be wanted again.
const KEPT_MS: i64 = 30 * 24 * 60 * 60 * 1000;

/// Removes renditions that no open delivery needs and that are older than [`KEPT_MS`].
pub(crate) fn sweep(workspace: &Workspace, now: Timestamp) -> Result<usize, Failure> {
    let old =
        workspace.store.read(|r| renditions::unused(r, now.plus_millis(-KEPT_MS)).map_err(Failure::from))?;
    for rendition in &old {
        let file = file_of(workspace, rendition);
        match files::remove(workspace, &file) {
            Err(e) if e.kind() != std::io::ErrorKind::NotFound => return Err(Failure::Io(file, e)),
            _ => workspace.store.write(|tx| renditions::delete(tx, rendition.id).map_err(Failure::from))?,
        }
    }
    Ok(old.len())
}
