//! What the rules accept, the networks' own code accepts: a person hears of a refusal while writing, not when it is due.

use griot_domain::asset::{Facts, Format, MediaKind};
use griot_domain::rules::{Publishing, Rules};
use griot_domain::verdict::{Draft, DraftMedia, Level, judge};
use griot_domain::{Edit, Focus, Lang, NetworkId, Recipe};

use crate::stub::prepared;
use crate::{Error, PreparedMedia, bluesky, facebook, telegram, x};

/// Every kind of medium, by what decides how it goes out.
const KINDS: [(Format, bool); 7] = [
    (Format::Jpeg, false),
    (Format::Heic, false),
    (Format::Gif, true),
    (Format::Webp, true),
    (Format::Png, true),
    (Format::Avif, true),
    (Format::Mov, false),
];
/// The most media of one draft: what a network takes together shows with three, and how many it takes with eleven.
const TOGETHER: usize = 3;

fn medium((format, animated): (Format, bool)) -> DraftMedia {
    let film = format.kind() == MediaKind::Video;
    let facts = Facts {
        kind: format.kind(),
        format,
        width: 1200,
        height: 1000,
        bytes: 100_000,
        animated,
        alpha: false,
        duration_ms: film.then_some(20_000),
        video_codec: film.then(|| "h264".to_owned()),
        audio_codec: None,
        fps: None,
        metadata: Vec::new(),
    };
    DraftMedia { name: "a".into(), facts, alt: "a".into(), library_alt: String::new() }
}

/// The drafts: each choice of up to three kinds, and many of the same kind.
fn drafts() -> Vec<Vec<(Format, bool)>> {
    let mut all: Vec<Vec<(Format, bool)>> = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..TOGETHER {
        let longer = last.iter().flat_map(|draft| KINDS.map(|kind| [&draft[..], &[kind]].concat()));
        last = longer.collect();
        all.extend(last.clone());
    }
    all.extend(KINDS.iter().flat_map(|kind| [4, 5, 10, 11].map(|count| vec![*kind; count])));
    all
}

/// The file that the rules make of a medium.
fn rendition(rules: &Rules, facts: &Facts) -> PreparedMedia {
    let kind = rules.goes_as(facts, &Edit::default());
    let usual = rules.default_preset(kind).recipe(rules, None, Focus::CENTRE);
    let format = match rules.moving(facts, usual) {
        Recipe::Image(image) => image.format.container(),
        Recipe::Video(_) => Format::Mp4,
    };
    PreparedMedia {
        path: "a".into(),
        hash: "a".repeat(64),
        format,
        width: 1200,
        height: 1000,
        bytes: 100_000,
        duration_ms: (format == Format::Mp4).then_some(20_000),
        alt: "a".into(),
        focus: None,
    }
}

/// What a network's own code says before anything goes up; nothing where it says nothing.
fn own(network: NetworkId, media: &[PreparedMedia], fields: &[(&str, &str)]) -> Option<Result<(), Error>> {
    let mut post = prepared("Bonjour", media.to_vec());
    post.fields = fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    match network {
        NetworkId::X => Some(x::holds(media)),
        NetworkId::Bluesky => Some(bluesky::holds(media)),
        NetworkId::Facebook => Some(facebook::holds(&post)),
        NetworkId::Telegram => Some(telegram::holds(&post)),
        _ => None,
    }
}

#[test]
fn nothing_that_a_networks_own_code_refuses_passes_the_rules() {
    let (mut passed, mut refused) = (0, 0);
    for network in NetworkId::ALL {
        let rules = Rules::of(*network);
        if rules.publishing != Publishing::Api {
            continue;
        }
        let title = ("title", "Un titre assez long pour tous");
        let link = ("link", "https://griot.example/");
        let both = drafts().into_iter().flat_map(|kinds| [(kinds.clone(), vec![title]), (kinds, vec![link])]);
        for (kinds, fields) in both {
            let declared = |(name, _): &(&str, &str)| rules.field(name).is_some();
            let fields: Vec<(&str, &str)> = fields.into_iter().filter(declared).collect();
            let originals: Vec<DraftMedia> = kinds.into_iter().map(medium).collect();
            let seen = |media: &DraftMedia| DraftMedia {
                facts: rules.sees(&media.facts, &Edit::default()),
                ..media.clone()
            };
            let draft = Draft {
                text: "Bonjour".into(),
                fields: fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect(),
                media: originals.iter().map(seen).collect(),
            };
            let verdict = judge(&draft, rules, None, Lang::En);
            let media: Vec<PreparedMedia> =
                originals.iter().map(|media| rendition(rules, &media.facts)).collect();
            let Some(said) = own(*network, &media, &fields) else { continue };
            let formats: Vec<Format> = originals.iter().map(|media| media.facts.format).collect();
            if verdict.verdict == Level::Error {
                refused += 1;
            } else {
                assert!(said.is_ok(), "{network} accepts {formats:?}, and then: {said:?}");
                passed += 1;
            }
        }
    }
    assert!(passed > 100 && refused > 100, "{passed} passed, {refused} refused");
}
