//! The ffmpeg of this studio: where it is, whether it can write films, and how many frames it makes at once.
//!
//! Asking ffmpeg starts it, which takes longer than a page may wait for its first answer.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard};

use griot_domain::Tag;
use griot_media::film::Ffmpeg;

use crate::failure::Failure;
use crate::machine;
use crate::studio::{Studio, lock};

/// Who looks around in a film asks for one frame after another: more than this at once would take the machine from
/// everything else.
const FRAMES_AT_ONCE: usize = 2;

/// What is known of ffmpeg.
#[derive(Default)]
pub(crate) struct Films {
    found: Mutex<Found>,
    frames: Mutex<usize>,
    frame_made: Condvar,
    strip: Mutex<()>,
}

#[derive(Default)]
struct Found {
    /// The choice with which ffmpeg was last asked, and whether it can write films.
    known: Option<(Option<PathBuf>, bool)>,
    /// Whether somebody is asking it now.
    asking: bool,
}

/// Leave to make one frame.
pub(crate) struct Leave<'a>(&'a Films);

impl Films {
    /// Waits until no strip is being made.
    pub(crate) fn strip(&self) -> MutexGuard<'_, ()> {
        lock(&self.strip)
    }

    /// Waits until a frame may be made.
    pub(crate) fn leave(&self) -> Leave<'_> {
        let full = |busy: &mut usize| *busy >= FRAMES_AT_ONCE;
        let waited = self.frame_made.wait_while(lock(&self.frames), full);
        *waited.unwrap_or_else(std::sync::PoisonError::into_inner) += 1;
        Leave(self)
    }
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        *lock(&self.0.frames) -= 1;
        self.0.frame_made.notify_one();
    }
}

impl Studio {
    /// ffmpeg, when there is one.
    pub(crate) fn ffmpeg(&self) -> Result<Ffmpeg, Failure> {
        self.ffmpeg_of(machine::ffmpeg(self).as_deref())
    }

    fn ffmpeg_of(&self, chosen: Option<&Path>) -> Result<Ffmpeg, Failure> {
        let bin = self.options.app_dir.join("bin");
        Ok(Ffmpeg::find(chosen, Some(&bin), self.options.search_path.as_deref())?)
    }

    /// Whether films can be rendered, as far as is known: a program that is there counts until it was asked, which
    /// happens aside. Listeners hear of it when that was wrong.
    pub(crate) fn has_ffmpeg(self: &Arc<Self>) -> bool {
        let chosen = machine::ffmpeg(self);
        let bin = self.options.app_dir.join("bin");
        let search = self.options.search_path.as_deref();
        if !Ffmpeg::may_be_there(chosen.as_deref(), Some(&bin), search) {
            return false;
        }
        let mut found = lock(&self.films.found);
        match &found.known {
            Some((by, can)) if *by == chosen => return *can,
            _ if found.asking => return true,
            _ => found.asking = true,
        }
        drop(found);
        let studio = Arc::clone(self);
        self.ports.runtime.spawn_blocking(move || {
            let can = studio.ffmpeg_of(chosen.as_deref()).is_ok_and(|ffmpeg| ffmpeg.writes_h264());
            *lock(&studio.films.found) = Found { known: Some((chosen, can)), asking: false };
            if !can {
                studio.changed(&[Tag::Settings]);
            }
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn two_frames_are_made_at_a_time_and_everybody_has_a_turn() {
        let (films, now, most, made) =
            (Films::default(), AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        std::thread::scope(|scope| {
            for _ in 0..12 {
                scope.spawn(|| {
                    let _leave = films.leave();
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::yield_now();
                    now.fetch_sub(1, Ordering::SeqCst);
                    made.fetch_add(1, Ordering::SeqCst);
                });
            }
        });
        assert_eq!(made.into_inner(), 12);
        assert!(most.into_inner() <= FRAMES_AT_ONCE);
    }
}
