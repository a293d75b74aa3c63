//! The specifications find what is spoilt.

use griot_stubs::http::Request;
use griot_stubs::spec;
use serde_json::{Value, json};

fn check(file: &str, method: &str, path: &str, body: &Value) -> Result<(), Vec<String>> {
    spec::check(file, method, path, "application/json", body)
}

#[test]
fn a_spoilt_field_is_found_in_each_specification() {
    for (file, method, path, good, spoilt) in [
        (spec::X, "POST", "/2/tweets", json!({"text": "x"}), json!({"txet": "x"})),
        (
            spec::DISCOURSE,
            "POST",
            "/posts.json",
            json!({"title": "t", "raw": "x", "external_id": "k"}),
            json!({"title": "t", "raw": "x", "external_id": 7}),
        ),
        (
            spec::MASTODON,
            "POST",
            "/api/v1/statuses",
            json!({"status": "x", "media_ids": ["7"], "visibility": "unlisted"}),
            json!({"status": "x", "media_ids": "7"}),
        ),
        (
            spec::MASTODON,
            "PUT",
            "/api/v1/scheduled_statuses/7",
            json!({"scheduled_at": "2026-11-22T21:00:00Z"}),
            json!({"schedule_at": "2026-11-22T21:00:00Z"}),
        ),
        (
            spec::MASTODON,
            "PUT",
            "/api/v1/statuses/7",
            json!({"status": "x", "spoiler_text": "", "sensitive": false, "language": "fr", "media_ids": ["7"]}),
            json!({"status": "x", "media_ids": [7.5]}),
        ),
        (
            spec::DISCOURSE,
            "PUT",
            "/posts/7.json",
            json!({"post": {"raw": "x"}}),
            json!({"post": {"row": "x"}}),
        ),
    ] {
        assert_eq!(check(file, method, path, &good), Ok(()), "{file}");
        assert_eq!(check(file, method, path, &spoilt).is_err(), spec::is_here(file), "{file}");
        assert_eq!(check(file, method, "/nowhere", &good).is_err(), spec::is_here(file), "{file}");
    }
}

#[test]
fn what_can_be_removed_is_in_each_specification() {
    for (file, path) in [
        (spec::X, "/2/tweets/7"),
        (spec::MASTODON, "/api/v1/statuses/7"),
        (spec::MASTODON, "/api/v1/scheduled_statuses/7"),
        (spec::DISCOURSE, "/posts/7.json"),
        (spec::DISCOURSE, "/t/7.json"),
    ] {
        assert_eq!(check(file, "DELETE", path, &Value::Null), Ok(()), "{file} {path}");
        let elsewhere = check(file, "DELETE", "/nowhere/7", &Value::Null);
        assert_eq!(elsewhere.is_err(), spec::is_here(file), "{file}");
    }
}

#[test]
fn a_specification_that_is_not_here_refuses_nothing() {
    assert_eq!(check("nothing.openapi.json", "POST", "/x", &json!({})), Ok(()));
}

#[test]
fn every_spoilt_call_of_an_edge_is_found() {
    let feed = Request::new("POST", "/v26.0/104/feed?fields=id%2Cpermalink_url");
    let good =
        feed.with_json(&json!({"message": "x", "published": true, "attached_media": [{"media_fbid": "7"}]}));
    let photo = Request::new("POST", "/v26.0/104/photos").with_form(
        &[("published", "false"), ("alt_text_custom", "é")],
        &[("source", "a.jpg", "image/jpeg", b"x")],
    );
    let change =
        Request::new("POST", "/v26.0/104_7").with_json(&json!({"scheduled_publish_time": 1_795_377_600}));
    let words = Request::new("POST", "/v26.0/104_7").with_json(&json!({"message": "x"}));
    let described = Request::new("POST", "/v26.0/7").with_json(&json!({"description": "x"}));
    let film = Request::new("POST", "/v26.0/7").with_json(&json!({"scheduled_publish_time": 1_795_377_600}));
    let reel = Request::new("POST", "/v26.0/104/video_reels").with_json(&json!({"upload_phase": "finish",
        "video_id": "7", "video_state": "SCHEDULED", "scheduled_publish_time": 1_795_377_600}));
    let token = Request::new("POST", "/v26.0/oauth/access_token")
        .with_form(&[("grant_type", "fb_exchange_token"), ("fb_exchange_token", "x")], &[]);
    let calls = Request::new("POST", "/v26.0").with_form(&[("batch", "[{\"method\":\"GET\"}]")], &[]);
    for request in [good, photo, change, words, described, film, reel, token, calls] {
        assert_eq!(spec::facebook::check(&request), Vec::<String>::new(), "{}", request.target);
        for spoilt in spec::facebook::spoilt(&request) {
            assert!(!spec::facebook::check(&spoilt).is_empty(), "{spoilt:?}");
        }
    }
    for target in ["/v25.0/104/feed", "/v26.0/104/feed?message=x", "/v26.0/104/stories", "/v26.0"] {
        let request = Request::new("POST", target).with_json(&json!({}));
        assert!(!spec::facebook::check(&request).is_empty(), "{target}");
    }
}
