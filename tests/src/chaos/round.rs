//! One round: a post for some of the networks, trouble, and a person who does what the queue asks until all is settled.

use std::time::Duration;

use chrono::DurationRound;
use fastrand::Rng;
use griot_stubs::gate::Latch;
use serde_json::{Value, json};

use super::audit::{self, Expected};
use super::life::Machine;
use super::places::{Place, Places};
use super::report::Report;
use super::trouble::{Change, Machinery, Trouble};

/// A round that has not settled by then is stuck.
const MOST_TURNS: usize = 150;
/// A person does not press "try again" for ever.
const MOST_RETRIES: u32 = 3;
/// After this turn servers get what the line has held back: less than any rule's settle time has passed then.
const LATE_AT_TURN: usize = 1;
/// From this turn on nothing is in trouble any more.
const CALM_AFTER: usize = 30;
/// What is let pass between turns in which nothing moved, in seconds; the last one again and again.
const PAUSES: &[u64] = &[1, 2, 5, 10, 20, 60, 60, 120, 300, 900, 900, 3600];

/// A workspace with its accounts, and their networks.
pub(super) struct Scene {
    machine: Machine,
    places: Places,
    pictures: Vec<String>,
    /// What every delivery of the chapter ended as: its place, its word, its state.
    over: Vec<(usize, String, String)>,
}

/// A delivery of the round.
struct Sent {
    id: String,
    place: usize,
    retries: u32,
    /// What is done while the network keeps it, and after how many turns.
    change: Option<(Change, usize)>,
    /// Whether a person called it off, and was not refused.
    called_off: bool,
}

impl Scene {
    /// A new workspace with an account on each network, and pictures.
    pub(super) fn open(mut places: Places) -> Self {
        let mut machine = Machine::new();
        let _ = machine.must("workspace.create", json!({}));
        for place in &mut places.0 {
            place.connect(&mut machine);
        }
        let files: Vec<String> = (0..4).map(|n| picture(&machine, n)).collect();
        let done = machine.must("library.import", json!({ "files": files }));
        let imported = done["imported"].as_array().cloned().unwrap_or_default();
        let pictures = imported.iter().filter_map(|one| one["asset"].as_str().map(str::to_owned)).collect();
        Self { machine, places, pictures, over: Vec::new() }
    }

    /// Runs one round; gives how much was found to be wrong.
    pub(super) fn round(&mut self, number: u32, rng: &mut Rng, report: &mut Report) -> usize {
        let tag = format!("ronde{number}x{:08x}", rng.u32(..));
        let chosen = self.choose(rng);
        let media = rng.choice([0, 0, 0, 1, 1, 2, 4]).unwrap_or(0);
        let request = self.compose(&tag, &chosen, media, rng);
        let dropped = request["late"] == "drop";
        let hands_over = request["at"].is_string() && rng.u8(..4) != 0;
        let written = self.machine.must("posts.compose", request);
        let mut sent = self.sent(&written);
        if hands_over {
            self.hand_over(&mut sent, rng);
        }
        let machinery = Machinery::draw(rng);
        report.begin(number, &tag);
        let mut late = Vec::new();
        for place in &chosen {
            let trouble = Trouble::draw(self.places.0[*place].kind, rng);
            let kind = self.places.0[*place].kind;
            let asked = sent.iter().find(|one| one.place == *place).and_then(|one| one.change);
            let given = (hands_over && kind.keeps_dates()).then_some("handed over");
            let asked = given.and(asked).map(|(change, _)| change.name());
            let names = trouble.names.iter().copied().chain(machinery.names());
            report.troubled(kind, names.chain(given).chain(asked));
            late.extend(trouble.set(&self.places.0[*place]));
        }
        let twin = machinery.copied.then(|| self.machine.twin());
        self.live_through(machinery, &mut sent, &late, &tag, report);
        self.places.0.iter().for_each(Place::calm);
        self.let_go(&late);
        if let Some(twin) = twin {
            copy_works(twin);
        }
        for delivery in &sent {
            let view = self.delivery(&delivery.id);
            let place = &self.places.0[delivery.place];
            let expected = Expected { tag: &tag, media, dropped: dropped || delivery.called_off };
            audit::delivery(place, &view, &expected, report);
            let state = view["state"].as_str().unwrap_or_default().to_owned();
            self.over.push((delivery.place, tag.clone(), state));
        }
        if sent.len() != chosen.len() {
            report.found("lost", &format!("{} deliveries for {} accounts", sent.len(), chosen.len()));
        }
        for place in &self.places.0 {
            audit::requests(place, report);
        }
        report.end()
    }

    /// Works, lets time pass and does what the queue asks of a person, until everything is settled.
    fn live_through(
        &mut self,
        machinery: Machinery,
        sent: &mut [Sent],
        late: &[Latch],
        tag: &str,
        report: &mut Report,
    ) {
        let mut deaths = machinery.deaths.into_iter();
        self.machine.will(deaths.next().flatten(), machinery.full);
        let mut idle = 0;
        for turn in 0..MOST_TURNS {
            if turn == CALM_AFTER {
                self.places.0.iter().for_each(Place::calm);
            }
            self.tell_the_time();
            let died_at = self.machine.work();
            if let Some(point) = died_at {
                report.died(point);
                self.machine.will(deaths.next().flatten(), None);
                continue;
            }
            self.machine.will(None, None);
            let mut open = false;
            for delivery in &mut *sent {
                let view = self.delivery(&delivery.id);
                if matches!(view["state"].as_str(), Some("published" | "cancelled")) {
                    continue;
                }
                open = true;
                if view["state"] == "unknown" {
                    let live = audit::live(&self.places.0[delivery.place], tag).len();
                    audit::unknown(&self.places.0[delivery.place], &view, live, report);
                    // A person takes longer to look than a server to commit.
                    self.let_go(late);
                }
                self.person(delivery, &view, tag, report);
            }
            if !open {
                return;
            }
            if turn >= LATE_AT_TURN {
                self.let_go(late);
            }
            if let Some(minutes) = machinery.jump_minutes.filter(|_| turn == 0) {
                self.let_go(late);
                let by = Duration::from_secs(minutes.unsigned_abs() * 60);
                if minutes < 0 {
                    self.machine.clock.set_back(by)
                } else {
                    self.machine.clock.sleep(by)
                }
                if minutes > 0 && machinery.sleeps {
                    self.machine.clock.elsewhere(by);
                }
            }
            self.machine.will(deaths.next().flatten(), None);
            self.machine.clock.advance(Duration::from_secs(PAUSES[idle.min(PAUSES.len() - 1)]));
            idle += 1;
            if turn % 3 == 2 {
                self.places.0.iter().for_each(|place| place.gate.online());
            }
        }
        for delivery in sent {
            let view = self.delivery(&delivery.id);
            if !matches!(view["state"].as_str(), Some("published" | "cancelled")) {
                report.found("stuck", &format!("{view}"));
            }
        }
    }

    /// It is as late at the networks as it is here, unless somebody sets this clock.
    fn tell_the_time(&self) {
        let now = self.machine.clock.world();
        self.places.0.iter().for_each(|place| place.server.set_now(now));
    }

    /// A person gives to the networks what they keep; what they do not stays here.
    fn hand_over(&mut self, sent: &mut [Sent], rng: &mut Rng) {
        for one in sent {
            if self.places.0[one.place].kind.keeps_dates() {
                let _ = self.machine.ask("deliveries.hand_over", json!({ "id": one.id }));
                one.change = Change::draw(rng);
            }
        }
    }

    /// What a person wants of a post that the network keeps.
    fn change(&mut self, delivery: &mut Sent) {
        let Some((change, turns)) = &mut delivery.change else { return };
        if *turns > 0 {
            *turns -= 1;
            return;
        }
        let id = json!({ "id": delivery.id });
        let (name, request) = match change {
            Change::Withdraw => ("deliveries.withdraw", id),
            Change::Cancel => ("deliveries.cancel", id),
            Change::Move => {
                let at = griot_domain::Clock::now(&*self.machine.clock).plus_millis(40 * 60_000).to_utc();
                let at = at.format("%Y-%m-%dT%H:%M").to_string();
                ("deliveries.move", json!({ "id": delivery.id, "at": at }))
            }
        };
        // It may have gone out meanwhile, or be in doubt: then it is refused.
        let calls_off = *change == Change::Cancel;
        if self.machine.ask(name, request).is_ok() {
            (delivery.change, delivery.called_off) = (None, calls_off);
        }
    }

    /// What a person does when the queue asks.
    fn person(&mut self, delivery: &mut Sent, view: &Value, tag: &str, report: &mut Report) {
        let place = &mut self.places.0[delivery.place];
        let id = json!({ "id": delivery.id });
        match (view["state"].as_str().unwrap_or_default(), view["waiting_for"].as_str()) {
            ("waiting", Some("late" | "check_after_move")) => {
                let _ = self.machine.must("deliveries.release", id);
            }
            ("waiting", Some("account")) => {
                place.renew();
                place.connect(&mut self.machine);
                report.renewed();
            }
            ("handed_over", _) if may(view, "reconnect") => {
                place.renew();
                place.connect(&mut self.machine);
                report.renewed();
            }
            ("handed_over", _) if view["wish"].is_null() && view["reason"].is_string() => {
                // Kept past its date, or its account has to be connected again.
                let _ = self.machine.ask("deliveries.withdraw", id);
            }
            ("handed_over", _) => self.change(delivery),
            ("unknown", _) => {
                let does = if !audit::live(place, tag).is_empty() {
                    "deliveries.confirm"
                } else {
                    "deliveries.retry"
                };
                let _ = self.machine.must(does, id);
            }
            ("failed", _) => {
                audit::failed(place, view, report);
                delivery.retries += 1;
                if delivery.retries <= MOST_RETRIES {
                    let _ = self.machine.must("deliveries.retry", id);
                }
            }
            _ => {}
        }
    }

    /// Lets everything through that was held back, and waits until the servers have it.
    fn let_go(&self, late: &[Latch]) {
        late.iter().for_each(Latch::release);
        while self.places.0.iter().any(|place| place.gate.open() > 0) {
            std::thread::yield_now();
        }
    }

    /// One to three of the networks.
    fn choose(&self, rng: &mut Rng) -> Vec<usize> {
        let mut all: Vec<usize> = (0..self.places.0.len()).collect();
        rng.shuffle(&mut all);
        all.truncate(rng.usize(1..=3));
        all
    }

    fn compose(&self, tag: &str, chosen: &[usize], media: usize, rng: &mut Rng) -> Value {
        let text = format!("Réunion publique à 9 h, entrée libre 🙂 {tag}");
        let media: Vec<Value> = self.pictures[..media]
            .iter()
            .map(|asset| json!({ "asset": asset, "alt": format!("Une place, {tag}") }))
            .collect();
        let places = chosen.iter().map(|n| &self.places.0[*n]);
        let variants: serde_json::Map<String, Value> = places
            .clone()
            .map(|place| (place.kind.network().to_string(), json!({ "fields": place.kind.declared(tag) })))
            .collect();
        let to: Vec<&str> = places.map(|place| place.account.as_str()).collect();
        let late = rng.choice(["hold", "hold", "publish:600", "drop"]).unwrap_or("hold");
        let mut request =
            json!({ "text": text, "media": media, "variants": variants, "to": to, "late": late });
        if rng.u8(..3) == 0 {
            let ahead = i64::from(rng.u32(2..120)) * 60_000;
            let at = griot_domain::Clock::now(&*self.machine.clock).plus_millis(ahead).to_utc();
            let minute = at.duration_trunc(chrono::TimeDelta::minutes(1)).unwrap_or(at);
            request["at"] = json!(minute.format("%Y-%m-%dT%H:%M").to_string());
        }
        request
    }

    fn sent(&self, written: &Value) -> Vec<Sent> {
        let list = written["deliveries"].as_array().cloned().unwrap_or_default();
        let one = |delivery: &Value| {
            let account = delivery["account"].as_str()?;
            let place = self.places.0.iter().position(|place| place.account == account)?;
            Some(Sent {
                id: delivery["id"].as_str()?.to_owned(),
                place,
                retries: 0,
                change: None,
                called_off: false,
            })
        };
        list.iter().filter_map(one).collect()
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
        for (place, tag, state) in &self.over {
            audit::at_the_end(&self.places.0[*place], tag, state, report);
        }
        audit::disk(&self.machine.folder(), &self.places, report);
    }
}

/// Whether the queue offers a person to do this.
fn may(view: &Value, action: &str) -> bool {
    view["actions"].as_array().is_some_and(|all| all.iter().any(|one| one == action))
}

/// A copy of the workspace works for a day; nobody lets anything go in it.
fn copy_works(mut copy: Machine) {
    for _ in 0..4 {
        assert_eq!(copy.work(), None, "nothing kills the copy");
        copy.clock.advance(Duration::from_secs(60));
    }
    copy.restart();
}

/// A small picture, each of another size.
fn picture(machine: &Machine, n: u32) -> String {
    let path = machine.file(&format!("place{n}.png"));
    std::fs::write(&path, crate::terminal::png(320 + 16 * n, 240)).expect("a written picture");
    path.to_string_lossy().into_owned()
}
