//! Each connector through its public trait against a network on loopback that keeps what it is sent: what the network
//! holds in the end is, byte for byte, what was prepared, and nothing was sent that the network does not describe.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod agreeing;
mod amend;
mod kept;
mod refused;
mod world;

use griot_domain::NetworkId;
use griot_networks::{Error, PreparedMedia, Probe};
use griot_stubs::facebook;
use griot_stubs::gate::Fault;

use world::{all, on_discourse, on_facebook, on_fediverse, on_x};

const TEXT: &str = "Riz & mil <3 : que trouve-t-on au marché ?\n\nhttps://exemple.com/prix?a=1&b=2";

#[tokio::test]
async fn a_text_and_its_first_comment_are_what_was_written() {
    for mut world in all() {
        let session = world.connect().await;
        let post = world.prepared(TEXT, vec![]);
        let live = world.publish(&session, &post).await;
        let mut comment = world.prepared("Et voici la première réponse à cette question", vec![]);
        comment.reply_to = Some(live.clone());
        let under = world.publish(&session, &comment).await;
        let parent = world.held(&under).parent.unwrap();
        let named = [live.id.clone(), live.proof["topic_id"].to_string()];
        assert!(named.contains(&parent), "{parent}: {live:?}");
        world.assert_clean();
    }
}

#[tokio::test]
async fn pictures_arrive_in_their_order_with_their_alt_texts() {
    for mut world in all() {
        let session = world.connect().await;
        let one = vec![world.picture("un", "Un étal [rouge] de \"mil\"")];
        let post = world.prepared("Une photo du marché de Bamako", one);
        world.publish(&session, &post).await;
        let several =
            vec![world.picture("b", "Deux"), world.picture("a", ""), world.picture("c", "Trois étals")];
        let post = world.prepared("Trois photos du marché de Bamako", several);
        world.publish(&session, &post).await;
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_film_arrives_whole() {
    for mut world in all() {
        let session = world.connect().await;
        let film = world.film("un film assez long pour plusieurs parties");
        let post = world.prepared("Un film du marché de Bamako", vec![film]);
        world.publish(&session, &post).await;
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_reel_arrives_whole() {
    let mut world = on_facebook(facebook::TOKEN);
    let session = world.connect().await;
    let film = PreparedMedia { width: 1080, height: 1920, ..world.film("un film debout") };
    let post = world.prepared("Une danse", vec![film]);
    world.publish(&session, &post).await;
    world.assert_clean();
}

#[tokio::test]
async fn a_film_in_parts_of_a_megabyte_arrives_whole() {
    let mut world = on_x();
    let session = world.connect().await;
    let film = world.film("un long film");
    let bytes: Vec<u8> = (0..2_500_000_u32).map(|n| u8::try_from(n % 251).unwrap()).collect();
    std::fs::write(&film.path, &bytes).unwrap();
    let hash = blake3::hash(&bytes).to_hex().to_string();
    let film = PreparedMedia { bytes: bytes.len() as u64, hash, ..film };
    let post = world.prepared("Un long film", vec![film]);
    world.publish(&session, &post).await;
    world.assert_clean();
}

#[tokio::test]
async fn a_lost_answer_leaves_one_post_that_is_found_again() {
    for mut world in all() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared(TEXT, vec![]);
        let armed = world.stage(&session, &post).await;
        let (method, path) = world.visible;
        world.gate.at(method, path, [Fault::LoseAnswer]);
        let lost = world.network.commit(&session, &armed.body, &armed.key).await;
        assert!(matches!(lost, Err(Error::Uncertain(_))), "{name:?}: {lost:?}");
        assert_eq!((world.gate.counts()["lose-answer"], world.stub.posts().len()), (1, 1));
        match world.probe(&session, &post, &armed).await {
            Probe::Live(live) => world.assert_same(&post, &live),
            Probe::CannotTell(_) if name == NetworkId::Telegram => {}
            other => panic!("{name:?}: {other:?}"),
        }
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_second_call_after_a_lost_answer_makes_no_second_post_and_denies_none() {
    for mut world in [on_facebook(facebook::TOKEN), on_x(), on_discourse(), on_fediverse()] {
        let (session, name) = (world.connect().await, world.network.id());
        let picture = world.picture("un", "Un étal");
        let post = world.prepared("Une photo du marché de Bamako", vec![picture]);
        let armed = world.stage(&session, &post).await;
        let (method, path) = world.visible;
        world.gate.at(method, path, [Fault::LoseAnswer]);
        assert!(world.network.commit(&session, &armed.body, &armed.key).await.is_err());
        // The outbox would not make it; a copy of the workspace may.
        match world.network.commit(&session, &armed.body, &armed.key).await {
            Ok(live) => world.assert_same(&post, &live),
            Err(Error::Uncertain(_)) => {}
            Err(other) => panic!("{name:?}: {other:?}"),
        }
        assert_eq!(world.stub.posts().len(), 1, "{name:?}");
        let found = world.probe(&session, &post, &armed).await;
        assert!(matches!(found, Probe::Live(_)), "{name:?}: {found:?}");
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_token_that_was_revoked_is_told_and_nothing_is_published() {
    for mut world in all() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared(TEXT, vec![]);
        let armed = world.stage(&session, &post).await;
        world.stub.revoke();
        let refused = world.network.commit(&session, &armed.body, &armed.key).await;
        assert!(matches!(refused, Err(Error::Auth(_))), "{name:?}: {refused:?}");
        let checked = world.network.check(&session).await;
        assert!(matches!(checked, Err(Error::Auth(_))), "{name:?}: {checked:?}");
        assert!(world.stub.posts().is_empty());
        world.assert_clean();
    }
}
