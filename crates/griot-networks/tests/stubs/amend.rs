//! Posts that are live: corrected with everything else left as it was, and removed.

use griot_domain::NetworkId;
use griot_domain::rules::Rules;
use griot_networks::{Change, Editor, Live, Posted, Prepared, Session, Sight};
use griot_stubs::gate::Fault;
use griot_stubs::{Held, facebook};
use serde_json::Value;

use crate::world::{World, all, on_facebook, on_telegram, on_x};

const NEW: &str = "Riz & mil <3 : le marché ouvre à 9 h et non à 8 h";

fn editor(world: &World) -> &dyn Editor {
    world.network.editor().unwrap()
}

/// A live post, and the request that made it visible.
async fn live(world: &World, session: &Session, post: &Prepared) -> (Live, Value) {
    let armed = world.stage(session, post).await;
    let live = world.network.commit(session, &armed.body, &armed.key).await.unwrap();
    (live, armed.body)
}

fn posted(post: &Prepared, live: &(Live, Value), text: &str) -> Posted {
    let prepared = Prepared { text: text.to_owned(), media: Vec::new(), ..post.clone() };
    Posted { live: live.0.clone(), prepared, frozen: Some(live.1.clone()) }
}

async fn correct(world: &World, session: &Session, post: &Posted) -> Change {
    let body = editor(world).correction(session, post).await.unwrap();
    editor(world).edit(session, post, &body).await.unwrap()
}

fn edits(world: &World) -> bool {
    Rules::of(world.network.id()).amend.as_ref().is_some_and(|amend| amend.edit)
}

fn reads(world: &World) -> bool {
    Rules::of(world.network.id()).amend.as_ref().is_some_and(|amend| amend.read_back)
}

fn held(world: &World, live: &Live) -> Option<Held> {
    world.stub.posts().into_iter().find(|post| post.id == live.id)
}

#[tokio::test]
async fn a_corrected_text_is_what_was_written_and_the_media_stay_with_their_alt_texts() {
    for mut world in all().into_iter().filter(edits) {
        let (session, name) = (world.connect().await, world.network.id());
        for pictures in [0, 1, 3] {
            let media = (0..pictures).map(|n| world.picture(&format!("image {n} de {pictures}"), "Un étal"));
            let media = media.collect();
            let post = world.prepared(&format!("Le marché ouvre à 8 h ({pictures} images)"), media);
            let there = live(&world, &session, &post).await;
            let before = held(&world, &there.0).unwrap();
            let wanted = posted(&post, &there, &format!("{NEW} ({pictures})"));
            let seen = editor(&world).sight(&session, &wanted).await.unwrap();
            assert!(matches!(seen, Sight::Other | Sight::CannotTell(_)), "{name}: {seen:?}");
            assert_eq!(correct(&world, &session, &wanted).await, Change::Done, "{name}");
            let after = held(&world, &there.0).unwrap();
            assert_eq!(after.text, wanted.prepared.text, "{name}");
            assert_eq!(after.media, before.media, "{name}: with their order and alt texts");
            let seen = editor(&world).sight(&session, &wanted).await.unwrap();
            assert!(seen == Sight::Same || !reads(&world), "{name}: {seen:?}");
            assert_eq!(correct(&world, &session, &wanted).await, Change::Done, "{name}: again is the same");
            assert_eq!(held(&world, &there.0).unwrap().text, wanted.prepared.text, "{name}");
        }
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_comment_is_corrected_and_deleted_without_its_post() {
    for mut world in all() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared("Un marché qui ouvre tous les jours de la semaine", vec![]);
        let parent = live(&world, &session, &post).await;
        let mut comment = world.prepared("Et voici la première réponse à cette question", vec![]);
        comment.reply_to = Some(parent.0.clone());
        let under = live(&world, &session, &comment).await;
        if edits(&world) {
            correct(&world, &session, &posted(&comment, &under, NEW)).await;
            assert_eq!(held(&world, &under.0).unwrap().text, NEW, "{name}");
        }
        let _ = editor(&world).delete(&session, &posted(&comment, &under, NEW)).await;
        assert!(held(&world, &under.0).is_none() && held(&world, &parent.0).is_some(), "{name}");
        world.assert_clean();
    }
}

#[tokio::test]
async fn what_is_deleted_is_gone_whole_and_a_second_time_does_no_harm() {
    for mut world in all() {
        let (session, name) = (world.connect().await, world.network.id());
        let media = vec![world.picture("a", "Un"), world.picture("b", "Deux"), world.picture("c", "")];
        let post = world.prepared("Trois photos du marché de Bamako", media);
        let there = live(&world, &session, &post).await;
        let it = posted(&post, &there, &post.text);
        let seen = editor(&world).sight(&session, &it).await.unwrap();
        assert!(seen == Sight::Same || !reads(&world), "{name}: {seen:?}");
        editor(&world).delete(&session, &it).await.unwrap();
        assert!(world.stub.posts().is_empty(), "{name}");
        let seen = editor(&world).sight(&session, &it).await.unwrap();
        assert!(seen == Sight::Gone || !reads(&world), "{name}: {seen:?}");
        let again = editor(&world).delete(&session, &it).await;
        let harmless = matches!(again, Ok(_) | Err(griot_networks::Error::Uncertain(_)));
        assert!(harmless, "{name}: the next look tells: {again:?}");
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_lost_answer_to_a_deletion_is_seen_by_looking() {
    for mut world in all().into_iter().filter(reads) {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared("Une publication que personne ne lira plus", vec![]);
        let there = live(&world, &session, &post).await;
        let it = posted(&post, &there, &post.text);
        world.gate.at("DELETE", "/", [Fault::LoseAnswer]);
        let lost = editor(&world).delete(&session, &it).await;
        assert!(matches!(lost, Err(griot_networks::Error::Uncertain(_))), "{name}: {lost:?}");
        assert_eq!(editor(&world).sight(&session, &it).await.unwrap(), Sight::Gone, "{name}");
        world.assert_clean();
    }
}

#[tokio::test]
async fn telegram_says_where_nothing_is_left_to_do() {
    let mut world = on_telegram(false);
    let session = world.connect().await;
    let post = world.prepared("Un message du canal", vec![]);
    let there = live(&world, &session, &post).await;
    let it = posted(&post, &there, NEW);
    editor(&world).delete(&session, &it).await.unwrap();
    assert_eq!(editor(&world).delete(&session, &it).await.unwrap(), Change::NotThere);
    assert_eq!(correct(&world, &session, &it).await, Change::NotThere);
    assert!(matches!(editor(&world).sight(&session, &it).await.unwrap(), Sight::CannotTell(_)));
}

#[tokio::test]
async fn a_token_that_is_refused_is_no_proof_of_anything() {
    for mut world in [on_facebook(facebook::TOKEN), on_x()] {
        let (session, name) = (world.connect().await, world.network.id());
        let post = world.prepared("Une publication qui reste en ligne", vec![]);
        let there = live(&world, &session, &post).await;
        let it = posted(&post, &there, &post.text);
        world.stub.revoke();
        let seen = editor(&world).sight(&session, &it).await;
        assert!(matches!(seen, Err(griot_networks::Error::Auth(_))), "{name}: {seen:?}");
        assert_eq!(world.stub.posts().len(), 1, "{name}");
    }
}

#[tokio::test]
async fn the_rules_offer_what_the_connectors_do() {
    for world in all() {
        let rules = Rules::of(world.network.id()).amend.as_ref();
        assert_eq!(rules.is_some(), world.network.editor().is_some(), "{}", world.network.id());
    }
    for (network, edit) in [(NetworkId::X, false), (NetworkId::Bluesky, false), (NetworkId::Mastodon, true)] {
        assert_eq!(Rules::of(network).amend.as_ref().map(|amend| amend.edit), Some(edit), "{network}");
    }
}
