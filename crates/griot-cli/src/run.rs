//! `griot run`: works the outbox and says every step at once.

use std::collections::HashMap;
use std::io::{self, IsTerminal};
use std::sync::{Arc, mpsc};

use griot_app::outbox::Run;
use griot_app::wire::deliveries::OneDelivery;
use griot_app::{AppError, Event, Studio, dispatch};
use griot_domain::{DeliveryId, State, Transition};
use serde_json::json;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;

use crate::progress::Line;
use crate::say::{Names, Voice, queue};
use crate::{outcome, print};

/// Works until it is done, until time is up, or until the person stops it.
///
/// # Errors
/// Another program works this workspace's outbox, or it cannot be opened.
pub(crate) fn work(
    runtime: &Runtime,
    studio: &Arc<Studio>,
    voice: &Voice,
    json: bool,
    run: Run,
) -> Result<u8, AppError> {
    let (told, events) = mpsc::channel();
    let (stop, mut stopped) = oneshot::channel::<()>();
    let mut listener = studio.listen();
    // Listening is apart from printing, which asks the studio for names and must not hold the runtime.
    let listening = runtime.spawn(async move {
        loop {
            tokio::select! {
                event = listener.next() => {
                    if event.is_none_or(|event| told.send(event).is_err()) {
                        return;
                    }
                }
                _ = &mut stopped => break,
            }
        }
        for event in listener.drain() {
            if told.send(event).is_err() {
                return;
            }
        }
    });
    std::thread::scope(|scope| {
        scope.spawn(|| Teller::new(studio, voice, json).tell(events));
        let ended = runtime.block_on(griot_app::outbox::run(Arc::clone(studio), run));
        let _ = stop.send(());
        let _ = runtime.block_on(listening);
        ended
    })
    .and_then(|ended| {
        let unsettled = griot_app::outbox::unsettled(studio)?;
        if unsettled > 0 {
            last_line(voice, json, unsettled);
        }
        Ok(outcome::of_work(ended, unsettled))
    })
}

/// What nobody but a person, or a network that answers again, settles.
fn last_line(voice: &Voice, json: bool, unsettled: u32) {
    if json {
        print::answer(&json!({ "event": "end", "unsettled": unsettled }).to_string());
        return;
    }
    let (fr, en) = match unsettled {
        1 => (
            "1 publication n’est pas réglée\u{a0}: voyez griot queue.".to_owned(),
            "1 post is not settled: see griot queue.".to_owned(),
        ),
        n => (
            format!("{n} publications ne sont pas réglées\u{a0}: voyez griot queue."),
            format!("{n} posts are not settled: see griot queue."),
        ),
    };
    print::said(&voice.lang.pick(fr, en));
}

/// Says what happens.
struct Teller<'a> {
    studio: &'a Arc<Studio>,
    voice: &'a Voice,
    json: bool,
    line: Line,
    names: HashMap<DeliveryId, String>,
}

impl<'a> Teller<'a> {
    fn new(studio: &'a Arc<Studio>, voice: &'a Voice, json: bool) -> Self {
        Self {
            studio,
            voice,
            json,
            line: Line::new(io::stderr().is_terminal(), voice.lang),
            names: HashMap::new(),
        }
    }

    fn tell(mut self, events: mpsc::Receiver<Event>) {
        for event in events {
            match event {
                Event::Delivery(step) => {
                    self.line.clear();
                    self.step(step);
                }
                Event::Job(job) => self.line.show(&job),
                Event::Changed { .. } | Event::Drop(_) => {}
            }
        }
        self.line.clear();
    }

    fn step(&mut self, step: Transition) {
        if self.json {
            let line = serde_json::to_string(&Event::Delivery(step));
            print::answer(&line.expect("BUG: an event is plain data and always serialises"));
        } else {
            let name = self.name(step.id);
            let state = queue::state(self.voice.lang, step.state, step.waiting_for);
            print::said(&self.voice.pair(&name, &state));
            if let Some(reason) = self.reason(&step) {
                print::said(&format!("  {reason}"));
            }
        }
    }

    /// Why it stands there, where that is not the way of every post; nothing when it has moved on meanwhile.
    fn reason(&self, step: &Transition) -> Option<String> {
        if !matches!(step.state, State::Failed | State::Unknown | State::Waiting | State::Cancelled) {
            return None;
        }
        let delivery = self.read(step.id)?.delivery;
        let same = delivery.state == step.state && delivery.waiting_for == step.waiting_for;
        delivery.reason.filter(|_| same)
    }

    fn read(&self, id: DeliveryId) -> Option<OneDelivery> {
        let answer = dispatch(self.studio, "deliveries.get", json!({ "id": id })).ok()?;
        serde_json::from_value(answer).ok()
    }

    /// The network and the account of a delivery; its id when the studio cannot say.
    fn name(&mut self, id: DeliveryId) -> String {
        if let Some(name) = self.names.get(&id) {
            return name.clone();
        }
        let found = self.read(id);
        let name = found.map_or_else(
            || id.to_string(),
            |found| Names::of(self.studio).account(found.delivery.account, found.delivery.network),
        );
        self.names.insert(id, name.clone());
        name
    }
}
