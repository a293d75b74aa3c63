//! Posts that a network keeps with their date: given, found again, moved, taken back, and published by the network.

use griot_domain::delivery::Armed;
use griot_domain::{Kept, Timestamp};
use griot_networks::{Error, Keeper, Prepared, PreparedMedia, Probe, Question, Session, Staged};
use griot_stubs::facebook;
use griot_stubs::gate::Fault;

use crate::world::{Kept as Memory, NOW, World, on_discourse, on_facebook, on_fediverse, on_telegram, on_x};

const HOUR_MS: i64 = 3_600_000;

fn keeping() -> [World; 2] {
    [on_facebook(facebook::TOKEN), on_fediverse()]
}

/// Tomorrow at this time.
fn tomorrow() -> Timestamp {
    NOW.plus_millis(24 * HOUR_MS)
}

fn dated(world: &mut World, text: &str) -> Prepared {
    let media = vec![world.picture("un", "Un étal"), world.picture("deux", "Deux")];
    Prepared { date: Some(tomorrow()), ..world.prepared(text, media) }
}

fn keeper(world: &World) -> &dyn Keeper {
    world.network.keeper().unwrap()
}

async fn give(world: &World, session: &Session, post: &Prepared) -> Kept {
    let armed = world.stage(session, post).await;
    keeper(world).hand_over(session, &armed.body, &armed.key).await.unwrap()
}

/// Where a post is; `kept` is what is known of it.
async fn look(world: &World, session: &Session, post: &Prepared, kept: Option<Kept>) -> Probe {
    look_on(world, session, post, kept).await.unwrap()
}

/// The same, where the network may want to be asked again.
async fn look_on(
    world: &World,
    session: &Session,
    post: &Prepared,
    kept: Option<Kept>,
) -> Result<Probe, Error> {
    let question =
        Question { prepared: post.clone(), armed: None, since: NOW, taken: Vec::new(), dated: true, kept };
    world.network.probe(session, &question).await
}

async fn ready(world: &World, session: &Session, post: &Prepared, steps: &mut Memory) -> Staged {
    for _ in 0..10 {
        match world.network.stage(session, post, steps).await {
            Ok(staged) => return staged,
            // The outbox forgets what has expired, and begins that anew.
            Err(Error::Processing { .. } | Error::Expired(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
    panic!("it is never ready")
}

#[tokio::test]
async fn what_is_given_is_kept_whole_found_again_and_published_at_its_date() {
    for mut world in keeping() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = dated(&mut world, "Réunion publique à 9 h");
        let kept = give(&world, &session, &post).await;
        assert_eq!(kept.at, Some(tomorrow()), "{name}");
        assert!(world.stub.posts().is_empty(), "{name}: nobody sees it before its date");
        let planned = world.stub.scheduled();
        let held = &planned[0].post;
        assert_eq!(
            (planned.len(), held.text.as_str(), held.at),
            (1, post.text.as_str(), tomorrow().millis())
        );
        let hashes: Vec<_> = held.media.iter().map(|medium| medium.hash.clone()).collect();
        assert_eq!(hashes, [post.media[0].hash.clone(), post.media[1].hash.clone()], "{name}");
        assert_eq!(held.media[0].alt.as_deref(), Some("Un étal"), "{name}");
        assert_eq!(
            look(&world, &session, &post, Some(kept.clone())).await,
            Probe::Kept(kept.clone()),
            "{name}"
        );
        let by_what_it_says = look(&world, &session, &post, None).await;
        assert_eq!(by_what_it_says, Probe::Kept(kept.clone()), "{name}: its number was lost");
        world.stub.set_now(tomorrow().millis() + 1000);
        match look(&world, &session, &post, Some(kept)).await {
            Probe::Live(live) => world.assert_same(&post, &live),
            other => panic!("{name}: {other:?}"),
        }
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_lost_answer_to_giving_is_found_and_two_that_look_alike_are_not_told_apart() {
    for mut world in keeping() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = Prepared { media: Vec::new(), ..dated(&mut world, "Une seule fois") };
        let armed = world.stage(&session, &post).await;
        let (method, path) = world.visible;
        world.gate.at(method, path, [Fault::LoseAnswer]);
        let lost = keeper(&world).hand_over(&session, &armed.body, &armed.key).await;
        assert!(matches!(lost, Err(Error::Uncertain(_))), "{name}: {lost:?}");
        let found = look(&world, &session, &post, None).await;
        assert!(matches!(&found, Probe::Kept(kept) if kept.at == Some(tomorrow())), "{name}: {found:?}");
        assert_eq!(world.stub.scheduled().len(), 1, "{name}");
        // Somebody gives the same words to the network once more, on its own pages.
        give(&world, &session, &post).await;
        let two = look(&world, &session, &post, None).await;
        assert!(matches!(two, Probe::CannotTell(_)), "{name}: {two:?}");
        world.assert_clean();
    }
}

#[tokio::test]
async fn another_date_is_the_one_at_which_it_appears() {
    for mut world in keeping() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = dated(&mut world, "Plus tard que prévu");
        let kept = give(&world, &session, &post).await;
        let later = tomorrow().plus_millis(HOUR_MS);
        keeper(&world).move_to(&session, &kept.id, later).await.unwrap();
        let moved = Kept { at: Some(later), ..kept.clone() };
        assert_eq!(look(&world, &session, &post, Some(kept.clone())).await, Probe::Kept(moved), "{name}");
        let past = keeper(&world).move_to(&session, &kept.id, NOW).await;
        assert!(past.is_err(), "{name}: a date that has passed is refused");
        world.stub.set_now(tomorrow().millis() + 1000);
        assert!(world.stub.posts().is_empty(), "{name}: not at its old date");
        world.assert_clean();
    }
}

#[tokio::test]
async fn what_is_taken_back_is_neither_kept_nor_live_and_can_be_published_from_here() {
    for mut world in keeping() {
        let (session, name) = (world.connect().await, world.network.id());
        let post = dated(&mut world, "Reprise");
        let kept = give(&world, &session, &post).await;
        keeper(&world).withdraw(&session, &kept.id).await.unwrap();
        assert!(world.stub.scheduled().is_empty(), "{name}");
        assert_eq!(look(&world, &session, &post, Some(kept.clone())).await, Probe::Absent, "{name}");
        let twice = keeper(&world).withdraw(&session, &kept.id).await;
        assert!(
            matches!(twice, Err(Error::Uncertain(_))),
            "{name}: the next look tells, not this: {twice:?}"
        );
        let post = Prepared { date: None, ..post };
        world.publish(&session, &post).await;
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_number_that_is_another_deliverys_proof_is_not_taken_for_this_one() {
    let mut world = on_facebook(facebook::TOKEN);
    let session = world.connect().await;
    let post = dated(&mut world, "Une autre");
    let kept = give(&world, &session, &post).await;
    world.stub.set_now(tomorrow().millis() + 1000);
    let question = Question {
        prepared: post.clone(),
        armed: None,
        since: NOW,
        taken: vec![kept.id.clone()],
        dated: true,
        kept: Some(kept),
    };
    let found = world.network.probe(&session, &question).await.unwrap();
    assert!(matches!(found, Probe::CannotTell(_)), "{found:?}");
}

/// An upright film is a reel, another one goes up in parts: on a Page they are kept by other calls.
fn dated_film(world: &mut World, upright: bool, text: &str) -> Prepared {
    let film = world.film(&format!("{text} en entier, assez long pour plusieurs parties"));
    let film = if upright { PreparedMedia { width: 1080, height: 1920, ..film } } else { film };
    Prepared { date: Some(tomorrow()), ..world.prepared(text, vec![film]) }
}

fn visible(upright: bool) -> (&'static str, &'static str) {
    ("POST", if upright { "/video_reels" } else { "/videos" })
}

#[tokio::test]
async fn a_film_is_kept_whole_told_by_its_number_and_public_at_its_date() {
    for upright in [true, false] {
        let mut world = on_facebook(facebook::TOKEN);
        let session = world.connect().await;
        let post = dated_film(&mut world, upright, "La danse de demain");
        let kept = give(&world, &session, &post).await;
        assert_eq!(kept.at, Some(tomorrow()));
        assert!(world.stub.posts().is_empty(), "nobody sees it before its date");
        let planned = world.stub.scheduled();
        assert_eq!((planned.len(), planned[0].post.at), (1, tomorrow().millis()));
        assert_eq!(planned[0].post.media[0].hash, post.media[0].hash, "every byte of it");
        for known in [Some(kept.clone()), None] {
            let found = look(&world, &session, &post, known.clone()).await;
            assert_eq!(found, Probe::Kept(kept.clone()), "upright {upright}, known {known:?}");
        }
        world.stub.set_now(tomorrow().millis() + 1000);
        let mut found = look_on(&world, &session, &post, Some(kept.clone())).await;
        for _ in 0..5 {
            match found {
                Err(Error::Processing { .. }) => {
                    found = look_on(&world, &session, &post, Some(kept.clone())).await;
                }
                _ => break,
            }
        }
        match found {
            Ok(Probe::Live(live)) => assert_eq!(live.id, kept.id),
            other => panic!("{other:?}"),
        }
        assert_eq!(world.stub.posts().len(), 1);
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_film_whose_last_answer_is_lost_is_found_by_the_number_that_was_known_before() {
    for upright in [true, false] {
        let mut world = on_facebook(facebook::TOKEN);
        let session = world.connect().await;
        let post = dated_film(&mut world, upright, "Une seule fois");
        let armed = world.stage(&session, &post).await;
        let question = |armed: &Armed| Question {
            prepared: post.clone(),
            armed: Some(armed.clone()),
            since: NOW,
            taken: Vec::new(),
            dated: true,
            kept: None,
        };
        let before = world.network.probe(&session, &question(&armed)).await.unwrap();
        assert_eq!(before, Probe::Absent, "upright {upright}: its bytes are there, and nothing was asked");
        let (method, path) = visible(upright);
        world.gate.at(method, path, [Fault::LoseAnswer]);
        let lost = keeper(&world).hand_over(&session, &armed.body, &armed.key).await;
        assert!(matches!(lost, Err(Error::Uncertain(_))), "{lost:?}");
        let found = world.network.probe(&session, &question(&armed)).await.unwrap();
        assert!(matches!(&found, Probe::Kept(kept) if kept.at == Some(tomorrow())), "{upright}: {found:?}");
        assert_eq!(world.stub.scheduled().len(), 1);
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_film_that_broke_off_goes_on_and_is_kept_once() {
    for upright in [true, false] {
        let mut world = on_facebook(facebook::TOKEN);
        let session = world.connect().await;
        let post = dated_film(&mut world, upright, "Coupée en chemin");
        let mut steps = Memory::default();
        let (path, faults) = if upright {
            ("/video-upload", vec![Fault::CloseAfter(20)])
        } else {
            ("/videos", vec![Fault::Pass, Fault::CloseAfter(200)])
        };
        world.gate.at("POST", path, faults);
        let mut broke = 0;
        let staged = loop {
            match world.network.stage(&session, &post, &mut steps).await {
                Ok(staged) => break staged,
                Err(Error::Processing { .. }) => {}
                Err(_) if broke < 3 => broke += 1,
                Err(other) => panic!("{other:?}"),
            }
        };
        assert!(broke > 0 && world.gate.counts()["close-after"] == 1, "it did break off");
        let kept = keeper(&world).hand_over(&session, &staged.body, &staged.key).await.unwrap();
        assert_eq!(kept.at, Some(tomorrow()));
        let planned = world.stub.scheduled();
        assert_eq!((planned.len(), &planned[0].post.media[0].hash), (1, &post.media[0].hash));
        world.assert_clean();
    }
}

#[tokio::test]
async fn a_film_is_moved_and_taken_back_and_can_go_from_here_with_the_same_steps() {
    for upright in [true, false] {
        let mut world = on_facebook(facebook::TOKEN);
        let session = world.connect().await;
        let post = dated_film(&mut world, upright, "Reprise");
        let mut steps = Memory::default();
        let staged = ready(&world, &session, &post, &mut steps).await;
        let kept = keeper(&world).hand_over(&session, &staged.body, &staged.key).await.unwrap();
        let later = tomorrow().plus_millis(HOUR_MS);
        keeper(&world).move_to(&session, &kept.id, later).await.unwrap();
        let moved = Kept { at: Some(later), ..kept.clone() };
        assert_eq!(look(&world, &session, &post, Some(kept.clone())).await, Probe::Kept(moved));
        keeper(&world).withdraw(&session, &kept.id).await.unwrap();
        assert!(world.stub.scheduled().is_empty());
        assert_eq!(look(&world, &session, &post, Some(kept.clone())).await, Probe::Absent, "{upright}");
        let twice = keeper(&world).withdraw(&session, &kept.id).await;
        assert!(matches!(twice, Err(Error::Uncertain(_))), "the next look tells, not this: {twice:?}");
        // What went up is gone with it, whatever was kept of the way up.
        let now = Prepared { date: None, ..post };
        let staged = ready(&world, &session, &now, &mut steps).await;
        world.network.commit(&session, &staged.body, &staged.key).await.unwrap();
        assert_eq!(world.stub.posts().len(), 1);
        world.assert_clean();
    }
}

#[test]
fn networks_without_dates_offer_none() {
    for world in [on_x(), on_telegram(true), on_discourse()] {
        assert!(world.network.keeper().is_none(), "{}", world.network.id());
        assert!(griot_domain::rules::Rules::of(world.network.id()).hand_over.is_none());
    }
    for world in keeping() {
        assert!(griot_domain::rules::Rules::of(world.network.id()).hand_over.is_some());
    }
}
