//! One round: a post for some of the networks, trouble, and a person who does what the queue asks until all is settled.

use std::time::Duration;

use chrono::DurationRound;
use fastrand::Rng;
use griot_domain::NetworkId;
use serde_json::{Value, json};

use super::amend::Amend;
use super::audit::{self, Expected, Over};
use super::late::Late;
use super::life::Machine;
use super::manners;
use super::media::{Shelf, Shown};
use super::places::{Place, Places};
use super::report::Report;
use super::trouble::{Change, Machinery, Trouble};
use super::words;

/// A round that has not settled by then is stuck.
const MOST_TURNS: usize = 150;
/// Where real servers take part sparingly, each does in one of so many rounds at most.
const SELDOM: u8 = 8;
/// From this turn on nothing is in trouble any more.
const CALM_AFTER: usize = 30;
/// What is let pass between turns in which nothing moved, in seconds; the last one again and again.
const PAUSES: &[u64] = &[1, 2, 5, 10, 20, 60, 60, 120, 300, 900, 900, 3600];

/// What is still to come of a round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Still {
    /// Nothing.
    Over,
    /// Something.
    Open,
    /// Something that a person has just let go.
    LetGo,
}

/// A workspace with its accounts, and their networks.
pub(super) struct Scene {
    pub(super) machine: Machine,
    pub(super) places: Places,
    shelf: Shelf,
    /// Whether real servers take part in few rounds only.
    sparing: bool,
    /// What every delivery of the chapter ended as.
    over: Vec<Over>,
}

/// A delivery of the round.
pub(super) struct Sent {
    pub(super) id: String,
    pub(super) place: usize,
    /// A word that stands in no other post.
    pub(super) tag: String,
    /// The post of the round that it comments.
    pub(super) follows: Option<usize>,
    pub(super) retries: u32,
    /// What is done while the network keeps it, and after how many turns.
    pub(super) change: Option<(Change, usize)>,
    /// Whether a person called it off, and was not refused.
    pub(super) called_off: bool,
    /// Whether a person said that it is live.
    pub(super) by_hand: bool,
    /// What is to become of it once it is live.
    pub(super) amend: Option<Amend>,
}

/// What a round publishes.
struct Order {
    /// The words that stand in no other post, and in no other comment.
    tag: String,
    comment_tag: String,
    /// What it says, and its comment.
    text: String,
    comment: String,
    /// What stands before it on networks that have a place for that.
    warning: Option<&'static str>,
    /// The networks.
    chosen: Vec<usize>,
    /// Those where a first comment follows.
    commented: Vec<usize>,
    shown: Shown,
}

impl Order {
    fn draw(number: u32, chosen: Vec<usize>, places: &Places, rng: &mut Rng) -> Self {
        let mark = rng.u32(..);
        let network = |at: &usize| places.0[*at].kind.network();
        // Two accounts of one network say the same.
        let commented: Vec<_> = chosen.iter().filter(|_| rng.u8(..4) == 0).map(network).collect();
        let commented = chosen.iter().copied().filter(|at| commented.contains(&network(at))).collect();
        let (tag, comment_tag) = (format!("ronde{number}x{mark:08x}"), format!("suite{number}x{mark:08x}"));
        Self {
            text: words::text(&tag, rng),
            comment: words::text(&comment_tag, rng),
            warning: words::warning(rng),
            tag,
            comment_tag,
            shown: Shown::draw(rng),
            chosen,
            commented,
        }
    }
}

impl Scene {
    /// A new workspace with an account on each network, and media.
    pub(super) fn open(mut places: Places, sparing: bool) -> Self {
        let mut machine = Machine::new();
        let _ = machine.must("workspace.create", json!({}));
        for place in &mut places.0 {
            place.connect(&mut machine);
        }
        let shelf = Shelf::fill(&mut machine);
        Self { machine, places, shelf, sparing, over: Vec::new() }
    }

    /// Runs one round; gives how much was found to be wrong.
    pub(super) fn round(&mut self, number: u32, rng: &mut Rng, report: &mut Report) -> usize {
        let order = Order::draw(number, self.choose(rng), &self.places, rng);
        let request = self.compose(&order, rng);
        let dropped = request["late"] == "drop";
        let hands_over = request["at"].is_string() && rng.u8(..4) != 0;
        let written = self.machine.must("posts.compose", request);
        let mut sent = self.sent(&written, &order);
        self.amends(&mut sent, rng);
        if hands_over {
            self.hand_over(&mut sent, rng);
        }
        let machinery = Machinery::draw(rng);
        report.begin(number, &order.tag);
        let mut late = self.trouble(&order, &sent, hands_over, &machinery, report, rng);
        let twin = machinery.copied.then(|| self.machine.twin());
        self.live_through(machinery, &mut sent, &mut late, report);
        self.places.0.iter().for_each(Place::calm);
        self.let_go(&late);
        if let Some(twin) = twin {
            copy_works(twin);
        }
        self.look_at(&order, &sent, dropped, report);
        report.end()
    }

    /// Sets up what goes wrong; gives what holds requests back.
    fn trouble(
        &self,
        order: &Order,
        sent: &[Sent],
        hands_over: bool,
        machinery: &Machinery,
        report: &mut Report,
        rng: &mut Rng,
    ) -> Vec<Late> {
        let mut late = Vec::new();
        for place in &order.chosen {
            let kind = self.places.0[*place].kind;
            let trouble = Trouble::draw(kind, rng);
            let asked = sent.iter().find(|one| one.place == *place).and_then(|one| one.change);
            let given = (hands_over && kind.keeps_dates()).then_some("handed over");
            let asked = given.and(asked).map(|(change, _)| change.name());
            let film = order.shown.is_film().then_some("a film");
            let comment = order.commented.contains(place).then_some("a comment");
            let amend = sent.iter().filter(|one| one.place == *place).filter_map(|one| one.amend.as_ref());
            let amended = amend.flat_map(Amend::names);
            let (manners, polite) = manners::draw(kind, rng);
            self.places.0[*place].server.behave(manners);
            let warned = order.warning.filter(|_| kind.network() == NetworkId::Mastodon).map(|_| "a warning");
            let names = trouble.names.iter().copied().chain(machinery.names()).chain(amended).chain(polite);
            report.troubled(kind, names.chain([given, asked, film, comment, warned].into_iter().flatten()));
            late.extend(trouble.set(&self.places.0[*place], &self.machine.clock));
        }
        late
    }

    /// Holds what became of the round against what the servers hold.
    fn look_at(&mut self, order: &Order, sent: &[Sent], dropped: bool, report: &mut Report) {
        for delivery in sent {
            let view = self.delivery(&delivery.id);
            let place = &self.places.0[delivery.place];
            let before = delivery.follows.map(|before| &sent[before]);
            let expected = Expected {
                tag: &delivery.tag,
                shown: if before.is_some() { Shown::NOTHING } else { order.shown },
                dropped: dropped || delivery.called_off || before.is_some_and(|before| before.called_off),
                under: before.map(|before| before.tag.as_str()),
                says: delivery.amend.as_ref().and_then(Amend::says),
            };
            audit::delivery(place, &view, &expected, report);
            let state = view["state"].as_str().unwrap_or_default().to_owned();
            let (tag, under) = (delivery.tag.clone(), expected.under.map(str::to_owned));
            self.over.push(Over { place: delivery.place, tag, under, state });
        }
        let wanted = order.chosen.len() + order.commented.len();
        if sent.len() != wanted {
            report.found("lost", &format!("{} deliveries instead of {wanted}", sent.len()));
        }
        for place in &self.places.0 {
            audit::requests(place, report);
        }
    }

    /// Works, lets time pass and does what the queue asks of a person, until everything is settled.
    fn live_through(
        &mut self,
        machinery: Machinery,
        sent: &mut [Sent],
        late: &mut Vec<Late>,
        report: &mut Report,
    ) {
        let mut deaths = machinery.deaths.into_iter();
        self.machine.will(deaths.next().flatten(), machinery.full);
        let mut idle = 0;
        for turn in 0..MOST_TURNS {
            if turn == CALM_AFTER {
                self.places.0.iter().for_each(Place::calm);
            }
            self.tell_the_time(sent);
            let died_at = self.machine.work();
            if let Some(point) = died_at {
                report.died(point);
                self.machine.will(deaths.next().flatten(), None);
                continue;
            }
            self.machine.will(None, None);
            let mut more = Vec::new();
            let still = self.ask_around(sent, late, &mut more, report);
            // What servers have not taken up by the end of the round, they do when it is over.
            late.append(&mut more);
            match still {
                Still::Over => return,
                // Who lets something go stays for a moment: it is let go for now, and not for tomorrow.
                Still::LetGo => idle = 0,
                Still::Open => {}
            }
            if let Some(minutes) = machinery.jump_minutes.filter(|_| turn == 0) {
                self.let_go(late);
                self.jump(minutes, machinery.sleeps);
            }
            let death = sent.iter_mut().find_map(|one| one.amend.as_mut()?.death());
            self.machine.will(death.or_else(|| deaths.next().flatten()), None);
            self.let_pass(Duration::from_secs(PAUSES[idle.min(PAUSES.len() - 1)]), late, sent);
            idle += 1;
            if turn % 3 == 2 {
                self.places.0.iter().for_each(|place| place.gate.online());
            }
        }
        for delivery in sent {
            let view = self.delivery(&delivery.id);
            let over = matches!(view["state"].as_str(), Some("published" | "cancelled" | "deleted"));
            if !over || !view["wish"].is_null() {
                report.found("stuck", &format!("{view}"));
            }
        }
    }

    /// What a person does at every delivery of the round. Whether anything of them is still to come; `more` is what
    /// servers take up late from then on.
    fn ask_around(
        &mut self,
        sent: &mut [Sent],
        late: &[Late],
        more: &mut Vec<Late>,
        report: &mut Report,
    ) -> Still {
        let (mut open, mut let_go) = (false, false);
        for at in 0..sent.len() {
            let under_a_word = sent[at].follows.is_some_and(|before| sent[before].by_hand);
            let delivery = &mut sent[at];
            let view = self.delivery(&delivery.id);
            match view["state"].as_str() {
                Some("cancelled" | "deleted") => continue,
                Some("published") => {
                    open |= self.amend(delivery, &view, more, report);
                    continue;
                }
                _ => open = true,
            }
            if view["state"] == "unknown" {
                let live = audit::live(&self.places.0[delivery.place], &delivery.tag).len();
                audit::unknown(&self.places.0[delivery.place], &view, live, report);
                // A person takes longer to look than a server to commit.
                self.let_go(late);
            }
            let_go |= self.person(delivery, under_a_word, &view, report);
        }
        match (open, let_go) {
            (false, _) => Still::Over,
            (true, true) => Still::LetGo,
            (true, false) => Still::Open,
        }
    }

    /// One to three of the networks.
    fn choose(&self, rng: &mut Rng) -> Vec<usize> {
        let takes_part = |place: &Place| !self.sparing || !place.kind.is_real() || rng.u8(..SELDOM) == 0;
        let here: Vec<bool> = self.places.0.iter().map(takes_part).collect();
        let mut all: Vec<usize> = (0..here.len()).filter(|n| here[*n]).collect();
        if all.is_empty() {
            all.extend(0..here.len());
        }
        rng.shuffle(&mut all);
        all.truncate(rng.usize(1..=3));
        all
    }

    fn compose(&self, order: &Order, rng: &mut Rng) -> Value {
        let tag = &order.tag;
        let media = self.shelf.attached(order.shown, tag);
        let fields = |at: usize| {
            let mut fields = self.places.0[at].kind.declared(tag);
            if order.commented.contains(&at) {
                fields["first_comment"] = json!(order.comment);
            }
            if let Some(warning) =
                order.warning.filter(|_| self.places.0[at].kind.network() == NetworkId::Mastodon)
            {
                fields["spoiler"] = json!(warning);
            }
            fields
        };
        let network = |at: usize| self.places.0[at].kind.network().to_string();
        let variants: serde_json::Map<String, Value> =
            order.chosen.iter().map(|at| (network(*at), json!({ "fields": fields(*at) }))).collect();
        let to: Vec<&str> = order.chosen.iter().map(|at| self.places.0[*at].account.as_str()).collect();
        let late = rng.choice(["hold", "hold", "publish:600", "drop"]).unwrap_or("hold");
        let mut request = json!({
            "text": order.text, "media": media, "variants": variants, "to": to, "late": late, "confirmed": true
        });
        if rng.u8(..3) == 0 {
            let ahead = i64::from(rng.u32(2..120)) * 60_000;
            let at = griot_domain::Clock::now(&*self.machine.clock).plus_millis(ahead).to_utc();
            let minute = at.duration_trunc(chrono::TimeDelta::minutes(1)).unwrap_or(at);
            request["at"] = json!(minute.format("%Y-%m-%dT%H:%M").to_string());
        }
        request
    }

    /// The deliveries of a post: on each network the post, and its comment behind it.
    fn sent(&self, written: &Value, order: &Order) -> Vec<Sent> {
        let mut sent: Vec<Sent> = Vec::new();
        for delivery in written["deliveries"].as_array().into_iter().flatten() {
            let account = delivery["account"].as_str().unwrap_or_default();
            let place = self.places.0.iter().position(|place| place.account == account);
            let (Some(place), Some(id)) = (place, delivery["id"].as_str()) else { continue };
            let follows = sent.iter().position(|before| before.place == place);
            let tag = if follows.is_some() { &order.comment_tag } else { &order.tag };
            sent.push(Sent {
                id: id.to_owned(),
                place,
                tag: tag.clone(),
                follows,
                retries: 0,
                change: None,
                called_off: false,
                by_hand: false,
                amend: None,
            });
        }
        sent
    }

    /// What a person will want of some of them once they are live.
    fn amends(&self, sent: &mut [Sent], rng: &mut Rng) {
        let followed: Vec<usize> = sent.iter().filter_map(|one| one.follows).collect();
        for (at, one) in sent.iter_mut().enumerate() {
            let kind = self.places.0[one.place].kind;
            one.amend = Amend::draw(kind, &one.tag, followed.contains(&at), rng);
        }
    }

    fn delivery(&mut self, id: &str) -> Value {
        self.machine.must("deliveries.get", json!({ "id": id }))["delivery"].clone()
    }

    /// Looks at the networks once more when every date has come, and for every secret of the chapter in everything that the
    /// studio left on the disk.
    pub(super) fn close(mut self, report: &mut Report) {
        self.machine.restart();
        let later = self.machine.clock.world() + 400 * 24 * 3_600_000;
        self.places.0.iter().for_each(|place| place.server.set_now(later));
        for (at, place) in self.places.0.iter().enumerate() {
            let over: Vec<&Over> = self.over.iter().filter(|over| over.place == at).collect();
            audit::at_the_end(place, &over, report);
        }
        audit::disk(&self.machine.folder(), &self.places, report);
    }
}

/// A copy of the workspace works for a day; nobody lets anything go in it.
fn copy_works(mut copy: Machine) {
    for _ in 0..4 {
        assert_eq!(copy.work(), None, "nothing kills the copy");
        copy.clock.advance(Duration::from_secs(60));
    }
    copy.restart();
}
