//! What a network does not take: a text beyond its limit, media that are none, too many calls. It is told for what it is,
//! nothing becomes visible, and what may be tried again is published once.

use griot_domain::NetworkId;
use griot_networks::{Error, Prepared, Probe, Session};
use griot_stubs::facebook;
use griot_stubs::gate::{Fault, Page, Wait};
use griot_stubs::http::Answer;
use serde_json::json;

use crate::world::{Kept, NOW, World, all, on_discourse, on_facebook, on_fediverse, on_telegram, on_x};

/// The whole way to the first refusal; the networks differ in when they look.
async fn refusal(world: &World, session: &Session, post: &Prepared) -> Error {
    let mut steps = Kept::default();
    for _ in 0..10 {
        match world.network.stage(session, post, &mut steps).await {
            Ok(staged) => {
                let said = world.network.commit(session, &staged.body, &staged.key).await;
                return said.expect_err("the network takes it");
            }
            Err(Error::Processing { .. }) => {}
            Err(error) => return error,
        }
    }
    panic!("{:?} never makes it ready", world.network.id());
}

#[tokio::test]
async fn a_text_that_is_too_long_is_refused_as_content_and_nothing_is_published() {
    for mut world in all() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared(&"Le marché de Bamako. ".repeat(5_000), vec![]);
        let refused = refusal(&world, &session, &post).await;
        let Error::Content(said) = &refused else { panic!("{name:?}: {refused:?}") };
        assert!(["long", "at most", "limit"].iter().any(|word| said.contains(word)), "{name:?}: {said}");
        assert!(world.stub.posts().is_empty(), "{name:?}");
        world.assert_clean();
    }
}

/// What each network says of a picture that is none, and to which call.
fn broken_pictures() -> Vec<(World, &'static str, Answer)> {
    let graph = json!({ "error": { "message": "Invalid parameter", "type": "OAuthException", "code": 324,
        "error_subcode": 2_069_019, "error_user_msg": "Your image could not be processed." } });
    let x = json!({ "title": "Invalid Request", "detail": "One or more parameters to your request was invalid.",
        "errors": [{ "message": "media type unrecognized." }], "status": 400 });
    let telegram =
        json!({ "ok": false, "error_code": 400, "description": "Bad Request: IMAGE_PROCESS_FAILED" });
    let discourse = json!({ "errors": ["Sorry, that does not seem to be an image."] });
    let fediverse = json!({ "error": "Validation failed: File content type is invalid" });
    vec![
        (on_facebook(facebook::TOKEN), "/photos", Answer::json(400, graph)),
        (on_x(), "/2/media/upload", Answer::json(400, x)),
        (on_telegram(true), "/sendPhoto", Answer::json(400, telegram)),
        (on_discourse(), "/uploads.json", Answer::json(422, discourse)),
        (on_fediverse(), "/api/v2/media", Answer::json(422, fediverse)),
    ]
}

#[tokio::test]
async fn a_picture_that_is_none_is_refused_as_content_before_anything_is_visible() {
    for (mut world, path, answer) in broken_pictures() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared("Une photo du marché", vec![world.picture("pas une photo", "Un étal")]);
        world.gate.at("POST", path, [Fault::Answer(Page::Other(answer))]);
        let refused = refusal(&world, &session, &post).await;
        assert!(matches!(refused, Error::Content(_)), "{name:?}: {refused:?}");
        assert!(world.stub.posts().is_empty(), "{name:?}");
        world.assert_clean();
    }
}

/// How each network says "too many", in its own words, sixty seconds from now where it says when.
fn busy() -> Vec<(World, Page)> {
    let graph = json!({ "error": { "message": "(#4) Application request limit reached",
        "type": "OAuthException", "is_transient": true, "code": 4, "fbtrace_id": "A1" } });
    vec![
        (on_facebook(facebook::TOKEN), Page::Other(Answer::json(403, graph))),
        (on_x(), Page::TooMany(Wait::Seconds(60))),
        (on_telegram(true), Page::TooMany(Wait::Parameters(60))),
        (on_discourse(), Page::TooMany(Wait::Seconds(60))),
        (on_fediverse(), Page::TooMany(Wait::Seconds(60))),
    ]
}

#[tokio::test]
async fn too_many_calls_wait_and_the_post_is_published_once() {
    for (mut world, page) in busy() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared("Le prix du mil ce matin", vec![]);
        let armed = world.stage(&session, &post).await;
        let (method, path) = world.visible;
        world.gate.at(method, path, [Fault::Answer(page)]);
        let said = world.network.commit(&session, &armed.body, &armed.key).await;
        // Whether that is a refusal or leaves a doubt is the outbox's to say (docs/decisions/0012).
        let Err(Error::RateLimited { until }) = said else { panic!("{name:?}: {said:?}") };
        let seconds = until.map(|at| (at.millis() - NOW.millis()) / 1_000);
        assert_eq!(seconds, (name != NetworkId::Facebook).then_some(60), "{name:?}");
        if name != NetworkId::Telegram {
            let found = world.probe(&session, &post, &armed).await;
            assert!(!matches!(found, Probe::Live(_) | Probe::Kept(_)), "{name:?}: {found:?}");
        }
        assert!(world.stub.posts().is_empty(), "{name:?}");
        let live = world.network.commit(&session, &armed.body, &armed.key).await.expect("the second call");
        world.assert_same(&post, &live);
        assert_eq!(world.stub.posts().len(), 1, "{name:?}");
        world.assert_clean();
    }
}
