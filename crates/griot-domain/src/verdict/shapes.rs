//! Tests: what the rules say of pictures that are very long, that move, and that stand beside something else.

use std::collections::BTreeMap;

use super::*;
use crate::asset::Format;
use crate::edit::Edit;
use crate::network::NetworkId;

fn picture(width: u32, height: u32) -> DraftMedia {
    let facts = Facts {
        kind: MediaKind::Image,
        format: Format::Png,
        width,
        height,
        bytes: 1_000_000,
        animated: false,
        alpha: false,
        duration_ms: None,
        video_codec: None,
        audio_codec: None,
        fps: None,
        metadata: Vec::new(),
    };
    DraftMedia { name: "page.png".into(), facts, alt: "a".into(), library_alt: String::new() }
}

fn said(network: NetworkId, media: Vec<DraftMedia>, fields: &[(&str, &str)]) -> Vec<(Level, String, String)> {
    let fields =
        fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect::<BTreeMap<_, _>>();
    let rules = Rules::of(network);
    let see = |m: DraftMedia| DraftMedia { facts: rules.sees(&m.facts, &Edit::default()), ..m };
    let draft = Draft { text: "Bonjour".into(), fields, media: media.into_iter().map(see).collect() };
    let problems = judge(&draft, rules, None, Lang::Fr).problems;
    problems.into_iter().map(|p| (p.level, p.code, format!("{} {}", p.message, p.fix))).collect()
}

fn codes(network: NetworkId, size: (u32, u32)) -> Vec<String> {
    said(network, vec![picture(size.0, size.1)], &[]).into_iter().map(|(_, code, _)| code).collect()
}

#[test]
fn a_picture_of_which_hardly_anything_could_be_made_out_is_told_with_a_way() {
    let tall = said(NetworkId::Bluesky, vec![picture(1080, 19_000)], &[]);
    assert_eq!(
        tall,
        [(
            Level::Warning,
            "image_thin".to_owned(),
            "«\u{A0}page.png\u{A0}» est très haute\u{A0}: sur Bluesky, elle n’aura que 113 pixels de large. Découpez-la en plusieurs images, ou recadrez-la sur ce qui compte.".to_owned()
        )]
    );
    for network in [NetworkId::Bluesky, NetworkId::X, NetworkId::Facebook] {
        assert_eq!(codes(network, (1080, 19_000)), ["image_thin"], "{network}");
        assert_eq!(codes(network, (12_000, 1500)), ["image_thin"], "{network}");
    }
    // Where pixels are counted and not sides, as much is left as can be read.
    assert_eq!(codes(NetworkId::Mastodon, (1080, 19_000)), [""; 0]);
    assert_eq!(codes(NetworkId::Mastodon, (900, 60_000)), ["image_thin"]);
    assert_eq!(codes(NetworkId::Instagram, (1080, 19_000)), ["image_mostly_cut"]);
}

#[test]
fn photos_screenshots_and_small_pictures_are_not_called_thin() {
    for size in [(4032, 3024), (3024, 4032), (1080, 2400), (1170, 2532), (6000, 2000), (400, 1600), (1, 1)] {
        for network in [NetworkId::Bluesky, NetworkId::X, NetworkId::Mastodon, NetworkId::Telegram] {
            let codes = codes(network, size);
            assert!(
                !codes.iter().any(|code| code.starts_with("image_thin")),
                "{network} {size:?}: {codes:?}"
            );
        }
    }
}

#[test]
fn a_moving_picture_beside_a_still_one_is_refused_where_it_could_not_go_out() {
    let moving = || {
        let mut media = picture(600, 400);
        (media.name, media.facts.format, media.facts.animated) = ("wave.gif".into(), Format::Gif, true);
        media
    };
    for format in [Format::Gif, Format::Webp, Format::Png] {
        for network in [NetworkId::Bluesky, NetworkId::X, NetworkId::Facebook, NetworkId::Telegram] {
            let mut moving = moving();
            moving.facts.format = format;
            let heard = said(network, vec![picture(1200, 900), moving.clone()], &[]);
            assert!(
                heard.iter().any(|(level, _, words)| *level == Level::Error && words.contains("wave.gif")),
                "{network}: {heard:?}"
            );
            let alone = said(network, vec![moving], &[]);
            assert!(alone.iter().all(|(level, ..)| *level != Level::Error), "{network}: {alone:?}");
        }
    }
    let beside = said(NetworkId::Mastodon, vec![picture(1200, 900), moving()], &[]);
    assert!(beside.iter().all(|(level, ..)| *level != Level::Error), "{beside:?}");
}

#[test]
fn the_card_of_a_link_beside_a_picture_is_refused_while_it_is_written() {
    let link = [("link", "https://griot.example/")];
    let heard = said(NetworkId::Facebook, vec![picture(1200, 900)], &link);
    assert!(
        heard.iter().any(|(level, code, _)| *level == Level::Error && code == "field_beside_media"),
        "{heard:?}"
    );
    assert_eq!(said(NetworkId::Facebook, Vec::new(), &link), []);
}
