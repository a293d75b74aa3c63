use expect_test::expect;

use super::*;

#[test]
fn every_network_has_rules_that_hold_together() {
    for network in NetworkId::ALL {
        let rules = Rules::parse(file(*network)).unwrap_or_else(|e| panic!("{network}: {e}"));
        assert_eq!(rules.network, *network);
        assert_eq!(Rules::of(*network), &rules);
        assert_eq!(rules.checked_on, "2026-11-22");
        assert!(
            rules
                .by_hand
                .address("https://forum.example", &std::collections::BTreeMap::new())
                .is_some_and(|page| page.starts_with("https://"))
        );
        for kind in [MediaKind::Image, MediaKind::Video] {
            assert_eq!(rules.default_preset(kind).kind, kind, "{network}");
        }
        for field in rules.connect.iter().flat_map(|c| [&c.hint_fr, &c.hint_en]) {
            assert!(
                !field.is_empty() && !field.contains('\''),
                "{network}: hints use typographic apostrophes"
            );
        }
    }
}

#[test]
fn only_networks_with_an_interface_here_publish_by_themselves() {
    let api: Vec<_> = NetworkId::ALL
        .iter()
        .filter(|n| Rules::of(**n).publishing == super::super::Publishing::Api)
        .collect();
    assert_eq!(
        api,
        [
            &NetworkId::Bluesky,
            &NetworkId::Mastodon,
            &NetworkId::Facebook,
            &NetworkId::X,
            &NetworkId::Telegram,
            &NetworkId::Wordpress,
            &NetworkId::Discourse
        ]
    );
    for network in NetworkId::ALL {
        let rules = Rules::of(*network);
        let asks = rules.connect.iter().map(|c| (c.name.as_str(), c.secret)).collect::<Vec<_>>();
        match network {
            NetworkId::Bluesky => assert_eq!(asks, [("handle", false), ("password", true)]),
            NetworkId::Mastodon => assert_eq!(asks, [("server", false), ("token", true)]),
            NetworkId::Telegram => assert_eq!(asks, [("token", true), ("channel", false), ("desk", false)]),
            NetworkId::Wordpress => {
                assert_eq!(asks, [("server", false), ("handle", false), ("password", true)]);
            }
            NetworkId::Discourse => {
                assert_eq!(asks, [("server", false), ("handle", false), ("key", true)]);
            }
            NetworkId::X => {
                let keys = ["api_key", "api_secret", "access_token", "access_secret"];
                assert_eq!(asks, keys.map(|name| (name, true)));
            }
            NetworkId::Facebook => assert_eq!(asks, [("token", true), ("page", false), ("version", false)]),
            _ => assert!(asks.is_empty(), "{network}"),
        }
    }
}

#[test]
fn only_a_place_for_files_may_be_left_out_when_connecting() {
    let all = NetworkId::ALL.iter().flat_map(|n| Rules::of(*n).connect.iter().map(move |c| (*n, c)));
    let optional: Vec<_> = all.filter(|(_, c)| c.optional).map(|(n, c)| (n, c.name.as_str())).collect();
    assert!(optional.contains(&(NetworkId::Telegram, "desk")), "{optional:?}");
    let secret = |c: &super::super::ConnectField| c.secret && c.optional;
    assert!(!NetworkId::ALL.iter().any(|n| Rules::of(*n).connect.iter().any(secret)));
}

fn limits(network: NetworkId) -> String {
    let r = Rules::of(network);
    let number = |n: Option<u32>| n.map_or("-".to_owned(), |n| n.to_string());
    let bytes = |n: Option<u64>| n.map_or("-".to_owned(), |n| n.to_string());
    format!(
        "{network}: text {} {:?}, pictures {} x {}, films {} x {} in {} ms, alt {}, settle {} {} {}",
        number(r.text.max),
        r.text.unit,
        r.images.max_count,
        bytes(r.images.max_bytes),
        r.videos.max_count,
        bytes(r.videos.max_bytes),
        bytes(r.videos.max_ms),
        number(r.images.alt_max),
        r.recovery.settle_ms,
        r.recovery.settle_timeout_ms,
        r.recovery.listing_late_ms,
    )
}

#[test]
fn the_limits_are_those_that_were_read() {
    let all: Vec<String> = NetworkId::ALL.iter().map(|network| limits(*network)).collect();
    expect![[r#"
        bluesky: text 300 Graphemes, pictures 4 x 2000000, films 1 x 100000000 in 180000 ms, alt 2000, settle 5000 100000 5000
        mastodon: text 500 Mastodon, pictures 4 x 16777216, films 1 x 103809024 in - ms, alt 1500, settle 15000 100000 30000
        facebook: text 63206 Utf16, pictures 10 x 4000000, films 1 x 4000000000 in 14400000 ms, alt -, settle 60000 180000 60000
        instagram: text 2200 Utf16, pictures 10 x 8000000, films 10 x 300000000 in 900000 ms, alt 1000, settle 60000 120000 60000
        x: text 280 XWeighted, pictures 4 x 5000000, films 1 x 512000000 in 140000 ms, alt 1000, settle 60000 180000 60000
        telegram: text 4096 Utf16, pictures 10 x 10000000, films 10 x 50000000 in - ms, alt -, settle 60000 100000 0
        wordpress: text - Chars, pictures 50 x -, films 10 x - in - ms, alt -, settle 5000 100000 5000
        discourse: text 32000 Chars, pictures 50 x 4194304, films 10 x - in - ms, alt -, settle 5000 100000 30000
        whatsapp: text 65536 Utf16, pictures 10 x -, films 1 x 16000000 in - ms, alt -, settle 0 0 0
        phpbb: text 60000 Chars, pictures 10 x -, films 1 x - in - ms, alt -, settle 0 0 0
        linkedin: text 3000 Utf16, pictures 20 x 5000000, films 1 x 500000000 in 600000 ms, alt 4086, settle 60000 180000 60000
        tiktok: text 2200 Utf16, pictures 35 x 20000000, films 1 x 4000000000 in 600000 ms, alt -, settle 60000 120000 60000
        youtube: text 5000 Bytes, pictures 0 x -, films 1 x 256000000000 in 43200000 ms, alt -, settle 5000 120000 30000
        threads: text 500 Threads, pictures 20 x 8000000, films 20 x 1000000000 in 300000 ms, alt 1000, settle 60000 120000 60000"#]].assert_eq(&all.join("\n"));
}

#[test]
fn presets_are_found_by_their_id() {
    let (rules, portrait) = preset("instagram/portrait").unwrap();
    assert_eq!(rules.network, NetworkId::Instagram);
    assert_eq!((portrait.width, portrait.height, portrait.fit), (1080, 1350, Fit::Cover));
    assert!(
        preset("instagram/none").is_none()
            && preset("portrait").is_none()
            && preset("none/portrait").is_none()
    );
}

#[test]
fn a_recipe_obeys_the_smaller_of_two_limits() {
    let (rules, photo) = preset("mastodon/photo").unwrap();
    let live =
        LiveLimits { image_bytes: Some(1_000_000), image_pixels: Some(2_073_600), ..LiveLimits::default() };
    let text = |live| photo.recipe(rules, live, Focus::CENTRE).canonical();
    expect![[r#"{"kind":"image","fit":"inside","width":3840,"height":2160,"format":"jpeg","quality":85,"max_bytes":16777216,"focus":{"x":0.5,"y":0.5}}"#]].assert_eq(&text(None));
    expect![[r#"{"kind":"image","fit":"inside","width":1920,"height":1080,"format":"jpeg","quality":85,"max_bytes":1000000,"focus":{"x":0.5,"y":0.5}}"#]].assert_eq(&text(Some(&live)));
    let (rules, film) = preset("x/film").unwrap();
    expect![[r#"{"kind":"video","fit":"inside","width":1280,"height":1024,"max_bytes":512000000,"max_fps":60.0,"from_ms":null,"to_ms":null,"focus":{"x":0.5,"y":0.5}}"#]].assert_eq(&film.recipe(rules, None, Focus::CENTRE).canonical());
}

#[test]
fn a_server_that_takes_no_jpeg_gets_what_it_takes() {
    let (rules, photo) = preset("mastodon/photo").unwrap();
    let live =
        LiveLimits { mime_types: vec!["image/webp".into(), "video/mp4".into()], ..LiveLimits::default() };
    let Recipe::Image(recipe) = photo.recipe(rules, Some(&live), Focus::CENTRE) else { panic!("a picture") };
    assert_eq!(recipe.format, ImageFormat::Webp);
}

#[test]
fn rules_that_contradict_themselves_are_refused() {
    let good = file(NetworkId::Instagram);
    let cases = [
        ("network = \"instagram\"", "network = \"myspace\""),
        ("max_count = 10", "max_count = -1"),
        ("default_preset = \"instagram/portrait\"", "default_preset = \"instagram/reel\""),
        ("default_preset = \"instagram/portrait\"", "default_preset = \"facebook/square\""),
        ("name = \"square\"", "name = \"portrait\""),
        ("format = \"mp4\"", "format = \"jpeg\""),
        ("quality = 85", "quality = 0"),
        ("min_ratio = 0.8", "min_ratio = 8.0"),
        ("default = \"true\"", "default = \"perhaps\""),
        ("checked_on = \"2026-11-22\"", "checked_on = \"yesterday\""),
        ("kind = \"flag\"", "kind = \"choice\""),
    ];
    for (from, to) in cases {
        assert!(good.contains(from), "{from}");
        assert!(Rules::parse(&good.replacen(from, to, 1)).is_err(), "{to}");
    }
    for other in ["title", "sujet"] {
        let to = format!("unless = \"{other}\"");
        let spoilt = file(NetworkId::Discourse).replacen("unless = \"topic\"", &to, 1);
        assert!(matches!(Rules::parse(&spoilt), Err(RulesError::Inconsistent { .. })), "{to}");
    }
}

#[test]
fn where_a_network_counts_pixels_a_picture_of_any_shape_fills_them() {
    let rules = Rules::of(NetworkId::Mastodon);
    let preset = rules.default_preset(MediaKind::Image);
    let frame =
        |rules: &Rules, size| match preset.filled(preset.recipe(rules, None, Focus::CENTRE), rules, size) {
            Recipe::Image(image) => (image.width, image.height),
            Recipe::Video(_) => panic!("a picture's preset makes pictures"),
        };
    let area = |(w, h): (u32, u32)| u64::from(w) * u64::from(h);
    // A leaflet is within it and stays; an upright photo gets as many pixels as one that lies.
    assert_eq!(frame(rules, (1080, 5400)), (1080, 5400));
    for size in [(4032, 3024), (3024, 4032), (20_000, 3000), (1080, 19_000)] {
        let framed = frame(rules, size);
        assert!((8_200_000..=8_294_400).contains(&area(framed)), "{size:?}: {framed:?}");
        let (shape, own) = (f64::from(framed.0) / f64::from(framed.1), f64::from(size.0) / f64::from(size.1));
        assert!((shape / own - 1.0).abs() < 0.01, "{size:?}: {framed:?}");
    }
    let live = LiveLimits { image_pixels: Some(4_000_000), ..LiveLimits::default() };
    assert!(area(frame(&rules.with_live(&live), (4032, 3024))) <= 4_000_000);
    let long = frame(rules, (100_000, 50));
    assert!(long.0 <= 16_383 && long.1 >= 1, "{long:?}");
    let cover = preset.recipe(rules, None, Focus::CENTRE);
    let Recipe::Image(cover) = cover else { panic!("a picture") };
    let cover = Recipe::Image(ImageRecipe { fit: Fit::Cover, ..cover });
    assert_eq!(preset.filled(cover.clone(), rules, (10, 10)), cover, "a frame that is filled stays");
}
