//! A copy never publishes: the outbox belongs to one device at one epoch, written inside the workspace and outside it.
//!
//! The epoch is one number that grows with every claim and every arming. Inside and outside are written one after
//! the other, so a crash may leave the inside one ahead; anything else means that this folder is a copy, has been
//! moved, or was restored, and then every delivery that is not final waits for a person.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard};

use griot_domain::{DeviceId, Sentence, State, WaitingFor};
use griot_store::{Owner, Tx, attempts, deliveries, settings, workspace};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::device::Device;
use super::{parts, record};
use crate::failure::Failure;
use crate::library::files::write_whole;
use crate::studio::{Studio, Workspace, lock};

/// Where a copy notes for itself that it was found, and where: not for people, and in no list of settings.
const FOUND: &str = "copy.found";

/// What is kept outside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Outside {
    device: DeviceId,
    epoch: u64,
    path: PathBuf,
}

/// The claim that this worker holds.
pub(super) struct Claim {
    record: PathBuf,
    held: Mutex<Held>,
    growing: Mutex<()>,
}

struct Held {
    outside: Outside,
    /// A copy is not ours until a person let one of its deliveries go: until then the original keeps its claim.
    ours: bool,
}

/// Makes a new workspace this device's.
pub(crate) fn found(studio: &Studio, workspace: &Workspace) -> Result<(), Failure> {
    let device = Device::load(studio)?.id;
    let owner = Owner { device, epoch: 1 };
    workspace.store.write(|tx| workspace::set_owner(tx, Some(&owner)).map_err(Failure::from))?;
    write(&record_path(studio, workspace), &Outside { device, epoch: 1, path: workspace.dir.clone() })
}

impl Claim {
    /// Claims the outbox. When the workspace is not the one that was claimed last, everything waits for a person, and
    /// the claim is taken only when a delivery that a person let go is armed.
    pub(super) fn take(studio: &Studio, workspace: &Workspace) -> Result<Self, Failure> {
        let device = Device::load(studio)?.id;
        let record = record_path(studio, workspace);
        let outside = read(&record);
        let inside = workspace.store.read(|r| workspace::owner(r).map_err(Failure::from))?;
        let ours = is_same(inside.as_ref(), outside.as_ref(), device, &workspace.dir);
        let last = inside.as_ref().map_or(0, |o| o.epoch).max(outside.as_ref().map_or(0, |o| o.epoch));
        let mut held = Held { outside: Outside { device, epoch: last, path: workspace.dir.clone() }, ours };
        if ours {
            held.outside.epoch += 1;
            let owner = Owner { device, epoch: held.outside.epoch };
            workspace.store.write(|tx| workspace::set_owner(tx, Some(&owner)).map_err(Failure::from))?;
            write(&record, &held.outside)?;
        } else {
            // This copy, as it was found here: neither what is written elsewhere nor an older one in its place.
            let was_here =
                outside.filter(|outside| outside.path == workspace.dir).map(|outside| outside.epoch);
            let found = json!({
                "device": device, "path": workspace.dir, "epochs": [inside.as_ref().map(|o| o.epoch), was_here],
            });
            workspace.store.write(|tx| hold_all(studio, tx, &found))?;
            studio.changed(&[griot_domain::Tag::Outbox]);
        }
        Ok(Self { record, held: Mutex::new(held), growing: Mutex::default() })
    }

    /// One arms after the other: kept from before the transaction until the outside has followed, so that a claim which grew
    /// inside alone is one that failed, and not one that another account's turn is about to follow.
    pub(super) fn alone(&self) -> MutexGuard<'_, ()> {
        lock(&self.growing)
    }

    /// Within the transaction that arms: the claim must still be ours, and grows by one. Where it grew before and the
    /// disk was said to be full after all was written, the outside has not followed: it is still ours.
    ///
    /// # Errors
    /// [`Failure::Overtaken`] when another program claimed the workspace since.
    pub(super) fn grow(&self, tx: &Tx<'_>) -> Result<(), Failure> {
        let held = lock(&self.held);
        let (device, epoch) = (held.outside.device, held.outside.epoch);
        let inside = workspace::owner(tx)?.filter(|owner| owner.device == device).map(|owner| owner.epoch);
        let ours = |outside: Outside| {
            outside.device == device && outside.path == held.outside.path && outside.epoch <= epoch
        };
        let grew_alone = || inside == Some(epoch + 1) && read(&self.record).is_some_and(ours);
        if held.ours && inside != Some(epoch) && !grew_alone() {
            return Err(Failure::Overtaken);
        }
        workspace::set_owner(tx, Some(&Owner { device, epoch: epoch + 1 }))?;
        Ok(())
    }

    /// After that transaction: the outside follows, before anything is sent.
    pub(super) fn follow(&self) -> Result<(), Failure> {
        let mut held = lock(&self.held);
        held.outside.epoch += 1;
        held.ours = true;
        write(&self.record, &held.outside)
    }
}

/// Whether this is the workspace that was claimed last on this device.
fn is_same(inside: Option<&Owner>, outside: Option<&Outside>, device: DeviceId, dir: &Path) -> bool {
    let (Some(inside), Some(outside)) = (inside, outside) else { return false };
    inside.device == device
        && outside.device == device
        && (inside.epoch == outside.epoch || inside.epoch == outside.epoch + 1)
        && outside.path == dir
}

/// Every delivery that is not final waits until it was checked and a person let it go. What they let go in this very
/// copy, since it was found here, stays so; their word in another place or before a restoration was for there.
fn hold_all(studio: &Studio, tx: &Tx<'_>, found: &serde_json::Value) -> Result<(), Failure> {
    let now = studio.ports.now();
    let is_known = settings::get(tx, FOUND)?.as_ref() == Some(found);
    settings::set(tx, FOUND, found)?;
    if !is_known {
        // Every word that was given, was given in another place: also on what is live.
        deliveries::forget_releases(tx)?;
    }
    for mut delivery in deliveries::open(tx)? {
        let let_go = is_known && delivery.moved && delivery.released;
        if let_go {
            continue;
        }
        let is_led = parts::is_led(tx, &delivery)?;
        (delivery.moved, delivery.released, delivery.released_at) = (true, false, None);
        if matches!(delivery.state, State::Unknown | State::Failed) {
            // A person's already; another try is looked for first.
            deliveries::update(tx, &delivery)?;
            continue;
        }
        // What may be live goes through the ordinary question; it is never sent again without an answer.
        delivery.state = State::Waiting;
        let said = Sentence::new(
            "Cet espace a été copié, déplacé ou restauré\u{a0}: cette publication ne part pas avant votre accord.",
            "This workspace was copied, moved or restored: this post does not leave before you agree.",
        );
        // A part of a post that is still to go has no question of its own.
        let (what, next_at, reason) = match is_led {
            true => (WaitingFor::PreviousPart, None, None),
            false => (WaitingFor::CheckAfterMove, Some(now), Some(said)),
        };
        (delivery.waiting_for, delivery.next_at, delivery.reason) = (Some(what), next_at, reason);
        delivery.updated_at = record::later(delivery.updated_at, now);
        deliveries::update(tx, &delivery)?;
        let attempt = attempts::open_for(tx, delivery.id)?.map(|a| a.id);
        let detail = json!({ "waiting_for": what });
        record::event(tx, &delivery, attempt, now, griot_domain::Phase::Held, detail)?;
    }
    super::amend::forget_in_copy(studio, tx)
}

fn record_path(studio: &Studio, workspace: &Workspace) -> PathBuf {
    studio.options.app_dir.join("owners").join(format!("{}.json", workspace.id))
}

/// A record that cannot be read counts as none: then a person is asked, and nothing is sent twice.
fn read(path: &Path) -> Option<Outside> {
    serde_json::from_slice(&fs::read(path).ok()?).ok()
}

fn write(path: &Path, outside: &Outside) -> Result<(), Failure> {
    let text = serde_json::to_vec(outside).map_err(|e| crate::words::bad_request(&e))?;
    write_whole(path, &text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use griot_domain::Timestamp;

    #[test]
    fn only_the_workspace_that_was_claimed_last_is_the_same() {
        let device = DeviceId::new(Timestamp::from_millis(1), [1; 10]);
        let other = DeviceId::new(Timestamp::from_millis(2), [2; 10]);
        let dir = Path::new("/a");
        let inside = |epoch| Owner { device, epoch };
        let outside = |epoch, path: &str| Outside { device, epoch, path: path.into() };
        let same = |i: &Owner, o: &Outside| is_same(Some(i), Some(o), device, dir);
        assert!(same(&inside(5), &outside(5, "/a")));
        assert!(same(&inside(6), &outside(5, "/a")), "a crash between the two writes");
        assert!(!same(&inside(4), &outside(5, "/a")), "an older copy put in its place");
        assert!(!same(&inside(7), &outside(5, "/a")), "worked somewhere else");
        assert!(!same(&inside(5), &outside(5, "/b")), "a copy beside it");
        assert!(!is_same(Some(&inside(5)), None, device, dir), "another machine's application folder");
        assert!(!is_same(None, Some(&outside(5, "/a")), device, dir), "a restored backup");
        assert!(!is_same(Some(&inside(5)), Some(&outside(5, "/a")), other, dir), "another device");
    }
}
