//! The door itself, as both hosts use it: whatever is asked, it neither panics nor leaves the media.

use std::sync::{Arc, LazyLock};

use griot_serve::Door;
use griot_serve::door::Body;
use griot_tests::studio::TestStudio;
use http::{HeaderMap, HeaderValue};
use proptest::prelude::*;
use serde_json::json;

/// One studio with one picture for every case: the door changes nothing.
static STUDIO: LazyLock<(TestStudio, String)> = LazyLock::new(|| {
    let studio = TestStudio::new();
    let file = studio.png("a.png", 60, 40);
    let done = studio.ask("library.import", json!({ "files": [file] }));
    let id = done["imported"][0]["asset"].as_str().expect("an id").to_owned();
    (studio, id)
});

fn ask(path: &str, range: &str) -> Result<(), TestCaseError> {
    let door = Door::new(Arc::clone(&STUDIO.0.studio));
    let mut headers = HeaderMap::new();
    if let Ok(range) = HeaderValue::from_str(range) {
        headers.insert("range", range);
    }
    let answer = door.get(path, &headers);
    let media = STUDIO.0.studio.folder().canonicalize().expect("a folder").join("media");
    match &answer.body {
        Body::File { path, start, len } => {
            prop_assert!(path.starts_with(&media), "{path:?}");
            let size = std::fs::metadata(path).expect("its facts").len();
            prop_assert!(start + len <= size, "{start} {len} {size}");
            prop_assert!([200, 206].contains(&answer.status.as_u16()));
        }
        Body::Bytes(_) => prop_assert!(answer.status.is_client_error(), "{}", answer.status),
    }
    let whole = answer.whole();
    if whole.status().is_success() {
        let said = whole.headers().get("content-length").and_then(|l| l.to_str().ok());
        let length = whole.body().len().to_string();
        prop_assert_eq!(said, Some(length.as_str()));
    }
    Ok(())
}

/// Paths that are nearly right.
fn path() -> impl Strategy<Value = String> {
    let id = STUDIO.1.clone();
    let part = prop_oneof![
        Just("asset".to_owned()),
        Just(id.clone()),
        Just(id),
        Just("thumb".to_owned()),
        Just("frame".to_owned()),
        Just("by-hand".to_owned()),
        Just("saved".to_owned()),
        Just("handle:0".to_owned()),
        Just("..".to_owned()),
        Just("%2e%2e".to_owned()),
        Just("..%2f..%2fgriot.db".to_owned()),
        Just("..%5c..".to_owned()),
        Just(String::new()),
        "[0-9]{1,22}",
        ".{0,12}",
    ];
    prop::collection::vec(part, 0..6).prop_map(|parts| format!("/{}", parts.join("/")))
}

fn range() -> impl Strategy<Value = String> {
    prop_oneof![
        "bytes=[0-9]{0,21}-[0-9]{0,21}",
        "bytes=[0-9]{0,3}-[0-9]{0,3}",
        "(bytes|items|)=?[-0-9, ]{0,12}",
        ".{0,20}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 600, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_is_asked_stays_within_the_media(path in path(), range in range()) {
        ask(&path, &range)?;
    }

    #[test]
    fn every_range_of_a_picture_is_a_part_of_it(range in range()) {
        ask(&format!("/asset/{}", STUDIO.1), &range)?;
    }

    #[test]
    fn any_words_at_all_are_no_path(path in ".{0,60}") {
        ask(&path, "")?;
    }

    #[test]
    fn any_query_is_answered(query in ".{0,60}") {
        let door = Door::new(Arc::clone(&STUDIO.0.studio));
        prop_assert!(door.put(&query, b"x").status.is_client_error());
    }
}

#[test]
fn a_host_that_holds_answers_in_memory_gets_them_in_pieces() {
    let (studio, id) = &*STUDIO;
    let door = Door::in_pieces_of(Arc::clone(&studio.studio), 16);
    let get = |range: &str| {
        let mut headers = HeaderMap::new();
        headers.insert("range", HeaderValue::from_str(range).expect("a range"));
        door.get(&format!("/asset/{id}"), &headers).whole()
    };
    let size = std::fs::metadata(studio.home.path().join("a.png")).expect("its facts").len();
    let mut whole = Vec::new();
    while (whole.len() as u64) < size {
        let answer = get(&format!("bytes={}-", whole.len()));
        assert_eq!(answer.status(), 206);
        assert!(answer.body().len() <= 16);
        whole.extend_from_slice(answer.body());
    }
    assert_eq!(whole, std::fs::read(studio.home.path().join("a.png")).expect("the picture"));
}

#[test]
fn a_piece_that_is_all_there_comes_in_at_once() {
    let studio = TestStudio::new();
    let door = Door::new(Arc::clone(&studio.studio));
    let answer = door.put("name=a.txt&size=5", b"hello").whole();
    assert_eq!(answer.status(), 200);
    assert!(String::from_utf8_lossy(answer.body()).contains("\"file\""));
    let short = door.put("name=a.txt&size=5", b"hel").whole();
    assert!(String::from_utf8_lossy(short.body()).contains("\"received\":3"));
    assert_eq!(door.put("name=a.txt&size=5", &vec![0; (8 << 20) + 1]).status, 413);
    assert_eq!(door.put("name=a.txt&size=2", b"hello").status, 400);
}
