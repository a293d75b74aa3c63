//! Over all orders in which a person may do things: no words are live that were not confirmed, and no account has a post
//! twice that was not asked for twice.

use std::collections::HashMap;
use std::time::Duration;

use griot_app::Code;
use griot_tests::fake::{FakeNetwork, Mishap};
use griot_tests::studio::TestStudio;
use proptest::prelude::*;
use serde_json::{Value, json};

/// What a person does, or time.
#[derive(Debug, Clone)]
enum Step {
    /// Words are written into the post, as while typing or as a settled saving.
    Write { typing: bool },
    /// The post is scheduled: for these accounts, in so many minutes or now, again or not.
    Schedule { to: u8, minutes: Option<u8>, again: bool },
    /// The correction is confirmed.
    Confirm,
    /// The correction is dropped.
    Abandon,
    /// All of the post gets another time.
    Move { minutes: Option<u8> },
    /// One delivery is called off.
    Cancel { nth: u8 },
    /// One delivery is tried again.
    Retry { nth: u8 },
    /// The post goes back to an earlier version.
    Revert { nth: u8 },
    /// The last action is taken back.
    Undo,
    /// The program ends and starts again.
    Restart,
    /// The next call has a mishap: its answer is lost, or it is lost itself, or it is refused.
    Mishap { kind: u8, network: bool },
    /// Time passes.
    Pass { minutes: u8 },
}

fn step() -> impl Strategy<Value = Step> {
    let minutes = || proptest::option::of(1..40_u8);
    prop_oneof![
        6 => any::<bool>().prop_map(|typing| Step::Write { typing }),
        4 => (1..4_u8, minutes(), prop::bool::weighted(0.2))
            .prop_map(|(to, minutes, again)| Step::Schedule { to, minutes, again }),
        3 => Just(Step::Confirm),
        1 => Just(Step::Abandon),
        2 => minutes().prop_map(|minutes| Step::Move { minutes }),
        1 => any::<u8>().prop_map(|nth| Step::Cancel { nth }),
        1 => any::<u8>().prop_map(|nth| Step::Retry { nth }),
        1 => any::<u8>().prop_map(|nth| Step::Revert { nth }),
        3 => Just(Step::Undo),
        1 => Just(Step::Restart),
        1 => (0..3_u8, any::<bool>()).prop_map(|(kind, network)| Step::Mishap { kind, network }),
        4 => (1..40_u8).prop_map(|minutes| Step::Pass { minutes }),
    ]
}

/// What a person knows of their own doing.
#[derive(Default)]
struct Known {
    /// What they confirmed last, under what they confirmed before it.
    confirmed: Vec<String>,
    /// How often each account may have the post.
    allowed: HashMap<&'static str, usize>,
    /// How many texts were seen live at each account.
    seen: HashMap<&'static str, usize>,
}

struct World {
    t: TestStudio,
    post: Value,
    known: Known,
    words: u32,
}

const NETWORKS: [&str; 2] = ["bluesky", "mastodon"];

impl World {
    fn new() -> Self {
        let t = TestStudio::new();
        let _ = t.accounts();
        let saved = t.ask("posts.save", json!({ "content": { "text": "words 0" } }));
        Self { t, post: saved["post"]["id"].clone(), known: Known::default(), words: 0 }
    }

    fn network(&self, name: &str) -> &FakeNetwork {
        if name == "bluesky" { &self.t.bluesky } else { &self.t.mastodon }
    }

    fn get(&self) -> Option<Value> {
        self.t.call("posts.get", json!({ "post": self.post })).ok()
    }

    fn text(&self) -> String {
        self.get()
            .map(|one| one["content"]["text"].as_str().unwrap_or_default().to_owned())
            .unwrap_or_default()
    }

    fn at(&self, minutes: Option<u8>) -> Value {
        let Some(minutes) = minutes else { return Value::Null };
        let now = griot_domain::Clock::now(&*self.t.clock);
        let at = now.plus(Duration::from_secs(60 * u64::from(minutes) + 60)).to_utc();
        json!(at.format("%Y-%m-%dT%H:%M").to_string())
    }

    fn delivery(&self, nth: u8) -> Option<Value> {
        let list = self.t.ask("deliveries.list", json!({ "post": self.post }))["deliveries"].clone();
        let list = list.as_array().cloned().unwrap_or_default();
        list.get(usize::from(nth) % list.len().max(1)).map(|line| line["id"].clone())
    }

    fn act(mut self, step: &Step) -> Self {
        match step {
            Step::Write { typing } => {
                self.words += 1;
                let content = json!({ "text": format!("words {}", self.words) });
                let _ = self
                    .t
                    .call("posts.save", json!({ "post": self.post, "content": content, "typing": typing }));
            }
            Step::Schedule { to, minutes, again } => self.schedule(*to, *minutes, *again),
            Step::Confirm => {
                let text = self.text();
                let open = self.get().is_some_and(|one| one["correction"].is_object());
                if self.t.call("posts.confirm", json!({ "post": self.post })).is_ok() && open {
                    self.known.confirmed.push(text);
                }
            }
            Step::Abandon => drop(self.t.call("posts.abandon", json!({ "post": self.post }))),
            Step::Move { minutes } => {
                drop(self.t.call(
                    "posts.move",
                    json!({ "post": self.post, "at": self.at(*minutes), "zone": "UTC" }),
                ));
            }
            Step::Cancel { nth } => {
                if let Some(id) = self.delivery(*nth) {
                    drop(self.t.call("deliveries.cancel", json!({ "id": id })));
                }
            }
            Step::Retry { nth } => {
                if let Some(id) = self.delivery(*nth) {
                    drop(self.t.call("deliveries.retry", json!({ "id": id })));
                }
            }
            Step::Revert { nth } => self.revert(*nth),
            Step::Undo => self.undo(),
            Step::Restart => self.t = self.t.restarted(),
            Step::Mishap { kind, network } => {
                let mishap = match kind {
                    0 => Mishap::AnswerLost,
                    1 => Mishap::CallLost,
                    _ => Mishap::Refuse(griot_networks::Error::Permission("not yours (403)".into())),
                };
                self.network(NETWORKS[usize::from(*network)]).next(mishap);
            }
            Step::Pass { minutes } => {
                self.t.pass(Duration::from_secs(60 * u64::from(*minutes)), Duration::from_secs(60));
            }
        }
        self
    }

    fn schedule(&mut self, to: u8, minutes: Option<u8>, again: bool) {
        let chosen: Vec<&str> = (0..2).filter(|n| to & (1 << n) != 0).map(|n| NETWORKS[n]).collect();
        let text = self.text();
        let request = json!({
            "post": self.post, "to": chosen, "at": self.at(minutes), "zone": if minutes.is_some() { json!("UTC") } else { Value::Null },
            "again": again, "late": "publish:600",
        });
        if self.t.call("posts.schedule", request).is_ok() {
            self.known.confirmed.push(text);
            if again {
                for name in chosen {
                    *self.known.allowed.entry(name).or_insert(1) += 1;
                }
            }
        }
    }

    fn revert(&self, nth: u8) {
        let history = self.t.call("posts.history", json!({ "post": self.post })).unwrap_or_default();
        let revisions = history["revisions"].as_array().cloned().unwrap_or_default();
        if let Some(one) = revisions.get(usize::from(nth) % revisions.len().max(1)) {
            drop(self.t.call("posts.revert", json!({ "post": self.post, "revision": one["id"] })));
        }
    }

    fn undo(&mut self) {
        match self.t.call("edit.undo", json!({})) {
            Ok(answer) if ["confirm_post", "schedule_post"].iter().any(|op| answer["op"] == *op) => {
                drop(self.known.confirmed.pop());
            }
            Ok(_) => {}
            Err(error) => assert!(matches!(error.code, Code::NotNow), "{error:?}"),
        }
    }

    /// Holds what is live against what the person knows.
    fn look(&mut self, steps: &[Step]) {
        for name in NETWORKS {
            let live = self.network(name).live();
            let before = self.known.seen.insert(name, live.len()).unwrap_or(0);
            for text in &live[before.min(live.len())..] {
                let known = self.known.confirmed.last();
                assert_eq!(known, Some(text), "{name} shows words that nobody confirmed, after {steps:?}");
            }
            let allowed = self.known.allowed.get(name).copied().unwrap_or(1);
            assert!(live.len() <= allowed, "{name} has it {} times, after {steps:?}", live.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, max_shrink_iters: 200, ..ProptestConfig::default() })]

    #[test]
    fn no_order_of_actions_publishes_what_was_not_confirmed_or_the_same_twice(
        steps in proptest::collection::vec(step(), 1..24)
    ) {
        let mut world = World::new();
        for (n, step) in steps.iter().enumerate() {
            world = world.act(step);
            world.t.work();
            world.look(&steps[..=n]);
        }
    }
}
