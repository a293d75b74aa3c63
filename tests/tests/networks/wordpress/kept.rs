//! Articles that a real site keeps until their date: given, read back, moved, taken back.

use std::time::Duration;

use griot_domain::{Kept as KeptThere, Timestamp};
use griot_networks::{Error, Network, Prepared, Probe};
use griot_tests::servers::{Fault, Rule};
use serde_json::Value;

use super::{Home, POSTS, titled};
use crate::world::{Kept, now, question};

const HOUR: Duration = Duration::from_secs(3600);

/// On the second, as the site writes it.
fn in_hours(hours: u32) -> Timestamp {
    let at = now().plus(HOUR * hours).millis();
    Timestamp::from_millis(at - at % 1000)
}

fn dated(text: &str) -> Prepared {
    Prepared { date: Some(in_hours(5)), ..titled(text, vec![]) }
}

impl Home {
    /// Gives the site an article, and reads it back.
    async fn give(&self, post: &Prepared) -> KeptThere {
        let staged = self.network.stage(&self.session, post, &mut Kept::default()).await.unwrap();
        let keeper = self.network.keeper().unwrap();
        keeper.hand_over(&self.session, &staged.body, &staged.key).await.unwrap()
    }

    async fn look(&self, post: &Prepared, kept: Option<KeptThere>) -> Probe {
        let staged = self.network.stage(&self.session, post, &mut Kept::default()).await.unwrap();
        let asked = griot_networks::Question { dated: true, armed: None, kept, ..question(post, &staged) };
        self.network.probe(&self.session, &asked).await.unwrap()
    }

    fn there(&self, id: &str) -> Value {
        self.site.get(&format!("posts/{id}?context=edit"))
    }
}

#[tokio::test]
async fn the_site_keeps_it_until_its_date_and_says_so() {
    let Some(home) = Home::new("dates", "author").await else { return };
    let post = dated("pour plus tard");
    let kept = home.give(&post).await;
    assert_eq!(kept.at, post.date);
    assert_eq!(home.there(&kept.id)["status"], "future");
    assert_eq!(home.live("pour plus tard"), 0);
    assert_eq!(home.look(&post, Some(kept.clone())).await, Probe::Kept(kept.clone()));
    assert_eq!(home.look(&post, None).await, Probe::Kept(kept), "also when its number was lost");
}

#[tokio::test]
async fn a_lost_answer_to_giving_leaves_one_that_is_kept() {
    let Some(home) = Home::new("lostdates", "author").await else { return };
    let post = dated("une seule fois, plus tard");
    let staged = home.network.stage(&home.session, &post, &mut Kept::default()).await.unwrap();
    home.proxy.set(Rule::once("POST", POSTS, Fault::DropAnswer).into());
    let keeper = home.network.keeper().unwrap();
    let lost = keeper.hand_over(&home.session, &staged.body, &staged.key).await;
    assert!(matches!(lost, Err(Error::Uncertain(_))), "{lost:?}");
    let found = home.look(&post, None).await;
    assert!(matches!(&found, Probe::Kept(kept) if kept.at == post.date), "{found:?}");
    let future = home.site.articles(&home.author, "future");
    assert_eq!(future.len(), 1, "{future:?}");
}

#[tokio::test]
async fn it_is_moved_and_taken_back_and_can_be_published_at_once_after_that() {
    let Some(home) = Home::new("movers", "author").await else { return };
    let post = dated("changée puis reprise");
    let kept = home.give(&post).await;
    let keeper = home.network.keeper().unwrap();
    keeper.move_to(&home.session, &kept.id, in_hours(9)).await.unwrap();
    let moved = KeptThere { at: Some(in_hours(9)), ..kept.clone() };
    assert_eq!(home.look(&post, Some(kept.clone())).await, Probe::Kept(moved));
    keeper.withdraw(&home.session, &kept.id).await.unwrap();
    assert_eq!(home.there(&kept.id)["status"], "draft");
    assert_eq!(home.look(&post, Some(kept.clone())).await, Probe::Absent);
    keeper.withdraw(&home.session, &kept.id).await.unwrap();
    let live = home.publish(&Prepared { date: None, ..post }).await;
    assert_eq!((home.live("changée puis reprise"), live.id.as_str()), (1, kept.id.as_str()));
}
