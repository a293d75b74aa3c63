//! A person who corrects what is live, or removes it, while the line misbehaves once more.

use fastrand::Rng;
use serde_json::{Value, json};

use super::audit;
use super::late::Late;
use super::places::Kind;
use super::report::Report;
use super::round::{Scene, Sent};
use super::trouble::Trouble;
use super::words;

/// A person asks the same so often at most.
const MOST_ASKED: u32 = 4;

/// What a person wants of a live post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Corrected,
    Deleted,
}

/// What becomes of a delivery once it is live.
pub(super) struct Amend {
    /// What is asked one after the other.
    wanted: Vec<Wanted>,
    /// The text that a correction gives it; its word stands in no other text.
    text: String,
    mark: String,
    /// What the line does meanwhile.
    trouble: Option<Trouble>,
    /// The program dies at this point after the first question.
    death: Option<u32>,
    /// How often the first of `wanted` was asked for.
    asked: u32,
    /// Whether the studio said that it is corrected.
    corrected: bool,
}

impl Amend {
    /// Draws what a person wants of a post whose words hold `tag`. What others stand under is never removed.
    pub(super) fn draw(kind: Kind, tag: &str, is_followed: bool, rng: &mut Rng) -> Option<Self> {
        use Wanted::{Corrected, Deleted};
        let mut wanted = match rng.u8(..12) {
            0 | 1 => vec![Corrected],
            2 => vec![Deleted],
            3 => vec![Corrected, Deleted],
            _ => return None,
        };
        wanted.retain(|one| *one == Corrected || !is_followed);
        let mark = format!("corrige{:08x}", rng.u32(..));
        Some(Self {
            text: words::text(&format!("{mark} {tag}"), rng),
            death: (rng.u8(..3) == 0).then(|| rng.u32(1..12)),
            trouble: Some(Trouble::draw(kind, rng)),
            wanted,
            mark,
            asked: 0,
            corrected: false,
        })
    }

    /// What it is called in the table.
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.wanted.iter().map(|one| if *one == Wanted::Corrected { "corrected" } else { "deleted" })
    }

    /// The next point at which the program dies, once.
    pub(super) fn death(&mut self) -> Option<u32> {
        self.death.take_if(|_| self.asked > 0)
    }

    /// The word that what is live has to hold now.
    pub(super) fn says(&self) -> Option<&str> {
        self.corrected.then_some(self.mark.as_str())
    }

    /// What to ask for next; nothing when the queue does not offer it, or when all was asked for.
    fn next(&mut self, id: &str, view: &Value) -> Option<(&'static str, Value)> {
        let next = self.wanted.first()?;
        let (action, command, request) = match next {
            Wanted::Corrected => ("correct", "deliveries.edit", json!({ "id": id, "text": self.text })),
            Wanted::Deleted => ("delete", "deliveries.delete", json!({ "id": id })),
        };
        if self.asked == MOST_ASKED || !may(view, action) {
            self.wanted.clear();
            return None;
        }
        self.asked += 1;
        Some((command, request))
    }

    /// What the studio says of what was asked: whether it is done.
    fn look(&mut self, view: &Value) {
        // Blanks and line breaks may be another's: the word stands in no other text.
        let says = view["live"]["text"].as_str().is_some_and(|text| text.contains(&self.mark));
        if self.wanted.first() == Some(&Wanted::Corrected) && says {
            (self.corrected, self.asked) = (true, 0);
            self.wanted.remove(0);
        }
    }
}

impl Scene {
    /// A person at a live post. Whether anything of it is still to come; `late` is what servers take up late from then on.
    pub(super) fn amend(
        &mut self,
        delivery: &mut Sent,
        view: &Value,
        late: &mut Vec<Late>,
        report: &mut Report,
    ) -> bool {
        let Some(amend) = &mut delivery.amend else { return false };
        let place = &mut self.places.0[delivery.place];
        if !view["wish"].is_null() {
            if may(view, "reconnect") {
                place.renew();
                place.connect(&mut self.machine);
                report.renewed();
            }
            return true;
        }
        amend.look(view);
        if amend.asked > 0 {
            audit::not_amended(place, view, report);
        }
        let Some((command, request)) = amend.next(&delivery.id, view) else { return false };
        if let Some(trouble) = amend.trouble.take() {
            late.extend(trouble.set(place, &self.machine.clock));
        }
        let _ = self.machine.must(command, request);
        true
    }
}

/// Whether the queue offers a person to do this.
pub(super) fn may(view: &Value, action: &str) -> bool {
    view["actions"].as_array().is_some_and(|all| all.iter().any(|one| one == action))
}
