//! What a new workspace can start with: the project's own pictures and film, and two drafts that show them.
//!
//! They come in like any other file, so a person may edit and remove them.

use std::fs;
use std::sync::Arc;

use griot_domain::{Asset, AssetId, Attachment, Content, Lang, Op, PostId, RevisionId};
use griot_media::Progress;
use griot_store::{assets, posts};

use super::import;
use super::telling::Telling;
use crate::failure::Failure;
use crate::handles::Handle;
use crate::jobs::Part;
use crate::studio::{Studio, Workspace};
use crate::transact::{Done, transact};

/// A sample: name, alt text in French and English, tags in French and English, bytes.
struct Sample {
    name: &'static str,
    alt: (&'static str, &'static str),
    tags: (&'static str, &'static str),
    bytes: &'static [u8],
}

macro_rules! bytes {
    ($name:literal) => {
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/samples/", $name))
    };
}

/// In the order in which they come in; the library shows the last one first.
const SAMPLES: [Sample; 5] = [
    Sample {
        name: "weave-adobe-rgb.jpg",
        alt: (
            "Un tissu en carrés bleus, verts, orange et bruns, peints de motifs clairs\u{a0}: losanges, points, zigzags.",
            "A cloth of blue, green, orange and brown squares with pale painted patterns: diamonds, dots, zigzags.",
        ),
        tags: ("motif", "pattern"),
        bytes: bytes!("weave-adobe-rgb.jpg"),
    },
    Sample {
        name: "poster.png",
        alt: (
            "Une affiche\u{a0}: une kora dessinée devant un grand soleil orange.",
            "A poster: a drawn kora before a large orange sun.",
        ),
        tags: ("affiche", "poster"),
        bytes: bytes!("poster.png"),
    },
    Sample {
        name: "river-turned-gps.jpg",
        alt: (
            "Une personne debout dans une pirogue, sur un fleuve au coucher du soleil.",
            "A person standing in a pirogue on a river at sunset.",
        ),
        tags: ("fleuve", "river"),
        bytes: bytes!("river-turned-gps.jpg"),
    },
    Sample {
        name: "pirogue.mp4",
        alt: (
            "Une pirogue traverse le fleuve au coucher du soleil\u{a0}; vidéo de cinq secondes.",
            "A pirogue crosses the river at sunset; a film of five seconds.",
        ),
        tags: ("fleuve", "river"),
        bytes: bytes!("pirogue.mp4"),
    },
    Sample {
        name: "dunes.jpg",
        alt: (
            "Des dunes orange et violettes sous un soleil bas.",
            "Orange and purple dunes under a low sun.",
        ),
        tags: ("dunes", "dunes"),
        bytes: bytes!("dunes.jpg"),
    },
];

/// The drafts: the sample they show, and their text.
const DRAFTS: [(&str, (&str, &str)); 2] = [
    (
        "pirogue.mp4",
        (
            "Cinq secondes sur le fleuve. Ce brouillon montre une vidéo\u{a0}: Griot la prépare pour chaque réseau avant de la publier.",
            "Five seconds on the river. This draft shows a film: Griot prepares it for each network before it publishes it.",
        ),
    ),
    (
        "dunes.jpg",
        (
            "Le soir tombe sur les dunes. Ce brouillon est à vous\u{a0}: changez le texte, ajoutez un compte, choisissez une heure.",
            "Evening falls on the dunes. This draft is yours: change the text, add an account, choose a time.",
        ),
    ),
];

/// Brings the samples and the drafts into a new workspace.
pub(crate) fn add(studio: &Arc<Studio>, workspace: &Workspace) -> Result<(), Failure> {
    let lang = studio.lang();
    let scratch = &studio.options.scratch;
    let folder = fs::create_dir_all(scratch)
        .and_then(|()| tempfile::Builder::new().prefix("griot-samples-").tempdir_in(scratch))
        .map_err(Failure::io(scratch))?;
    let job = studio.job(lang.pick("Exemples", "Samples"));
    let telling = Telling::of(studio);
    let mut known: Vec<(&str, Asset)> = Vec::new();
    for (n, sample) in (0_u8..).zip(&SAMPLES) {
        let path = folder.path().join(sample.name);
        fs::write(&path, sample.bytes).map_err(Failure::io(&path))?;
        let share = 1.0 / SAMPLES.len() as f32;
        let part = Part { whole: &job, from: f32::from(n) * share, share };
        let file = Handle { path, name: sample.name.to_owned() };
        let taken = import::take(studio, workspace, &file, &telling, (import::When::Looked, &part))?;
        let asset = describe(studio, workspace, &taken.asset, sample)?;
        known.push((sample.name, asset));
    }
    for (shows, text) in DRAFTS {
        if let Some((_, asset)) = known.iter().find(|(name, _)| *name == shows) {
            draft(studio, workspace, asset, lang.pick(text.0, text.1))?;
        }
    }
    job.report(1.0).map_err(griot_media::Error::from)?;
    Ok(())
}

fn describe(
    studio: &Studio,
    workspace: &Workspace,
    asset: &Asset,
    sample: &Sample,
) -> Result<Asset, Failure> {
    let lang: Lang = studio.lang();
    let tags =
        vec![lang.pick(sample.tags.0, sample.tags.1).to_owned(), lang.pick("exemple", "sample").to_owned()];
    let asset = Asset { alt: lang.pick(sample.alt.0, sample.alt.1).to_owned(), tags, ..asset.clone() };
    // Nothing to undo: a new workspace has no earlier words.
    transact(studio, workspace, Op::EditAsset, |tx| Ok(Done::fixed(assets::update(tx, &asset)?)))?;
    Ok(asset)
}

fn draft(studio: &Studio, workspace: &Workspace, asset: &Asset, text: &str) -> Result<(), Failure> {
    let now = studio.ports.now();
    let (post, revision) = (PostId::new(now, studio.ports.ten()), RevisionId::new(now, studio.ports.ten()));
    let attachment = |asset: AssetId, alt: &str| Attachment::new(asset, alt);
    let content = Content {
        text: text.to_owned(),
        media: vec![attachment(asset.id, &asset.alt)],
        ..Content::default()
    };
    transact(studio, workspace, Op::CreatePost, |tx| {
        posts::create(tx, post, revision, &content, now)?;
        Ok(Done::fixed(()))
    })
}
