//! A person at the queue: does what it asks, and what they want of posts that a network keeps.

use fastrand::Rng;
use serde_json::{Value, json};

use super::amend::may;
use super::audit;
use super::report::Report;
use super::round::{Scene, Sent};
use super::trouble::Change;

/// A person does not press "try again" for ever.
const MOST_RETRIES: u32 = 3;

impl Scene {
    /// A person gives to the networks what they keep; what they do not stays here.
    pub(super) fn hand_over(&mut self, sent: &mut [Sent], rng: &mut Rng) {
        for one in sent.iter_mut().filter(|one| one.follows.is_none()) {
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

    /// What a person does when the queue asks; whether they let something go. `under_a_word`: what it follows is live by a
    /// person's word alone.
    pub(super) fn person(
        &mut self,
        delivery: &mut Sent,
        under_a_word: bool,
        view: &Value,
        report: &mut Report,
    ) -> bool {
        let place = &mut self.places.0[delivery.place];
        let id = json!({ "id": delivery.id });
        match (view["state"].as_str().unwrap_or_default(), view["waiting_for"].as_str()) {
            ("waiting", Some("late" | "check_after_move")) => {
                let _ = self.machine.must("deliveries.release", id);
                return true;
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
                delivery.by_hand = !audit::live(place, &delivery.tag).is_empty();
                let does = if delivery.by_hand { "deliveries.confirm" } else { "deliveries.retry" };
                let _ = self.machine.must(does, id);
                return !delivery.by_hand;
            }
            ("failed", _) if under_a_word => {
                // Nothing can be tied to that post: the person answers there, or lets it be.
                let _ = self.machine.must("deliveries.cancel", id);
                delivery.called_off = true;
            }
            ("failed", _) => {
                audit::failed(place, view, report);
                delivery.retries += 1;
                if delivery.retries <= MOST_RETRIES {
                    let _ = self.machine.must("deliveries.retry", id);
                    return true;
                }
            }
            _ => {}
        }
        false
    }
}
