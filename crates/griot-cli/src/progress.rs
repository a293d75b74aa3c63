//! Progress of long work on standard error: one rewritten line on a terminal, a line per quarter elsewhere.

use std::collections::HashMap;
use std::io::{self, IsTerminal};

use griot_app::{Event, Job, Studio};
use griot_domain::Lang;
use tokio::runtime::Runtime;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::print;

/// Progress that is being shown.
pub(crate) struct Shown {
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    runtime: tokio::runtime::Handle,
}

/// Shows the progress of every job until [`Shown::end`].
pub(crate) fn show(runtime: &Runtime, studio: &Studio) -> Shown {
    let (mut listener, lang) = (studio.listen(), studio.lang());
    let (stop, mut stopped) = oneshot::channel();
    let task = runtime.spawn(async move {
        let mut line = Line::new(io::stderr().is_terminal(), lang);
        loop {
            tokio::select! {
                event = listener.next() => match event {
                    Some(Event::Job(job)) => line.show(&job),
                    Some(_) => {}
                    None => break,
                },
                _ = &mut stopped => break,
            }
        }
        for event in listener.drain() {
            if let Event::Job(job) = event {
                line.show(&job);
            }
        }
        line.clear();
    });
    Shown { stop, task, runtime: runtime.handle().clone() }
}

impl Shown {
    /// Takes the line away, so that the answer stands alone.
    pub(crate) fn end(self) {
        // A task that ended by itself has taken it away already.
        let _ = self.stop.send(());
        let _ = self.runtime.block_on(self.task);
    }
}

/// The line, and what has been said of each job.
pub(crate) struct Line {
    terminal: bool,
    lang: Lang,
    drawn: bool,
    told: HashMap<String, u32>,
}

impl Line {
    pub(crate) fn new(terminal: bool, lang: Lang) -> Self {
        Self { terminal, lang, drawn: false, told: HashMap::new() }
    }

    pub(crate) fn show(&mut self, job: &Job) {
        let percent = percent(job.done);
        let said = format!("{} {percent}\u{a0}%{}", job.what, self.left(job.left_s));
        if self.terminal {
            print::piece(&format!("\r\u{1b}[K{said}"));
            self.drawn = true;
        } else if self.is_news(&job.id, percent) {
            print::diagnostic(&said);
        }
    }

    /// How long it still takes, where that is long enough to be said.
    fn left(&self, seconds: Option<u32>) -> String {
        let (minutes, rest) = match seconds {
            Some(seconds @ 5..) => (seconds / 60, seconds % 60),
            _ => return String::new(),
        };
        let span = if minutes == 0 { format!("{rest}\u{a0}s") } else { format!("{minutes}\u{a0}min") };
        match self.lang {
            Lang::Fr => format!(", encore {span}"),
            Lang::En => format!(", {span} left"),
        }
    }

    /// Whether another quarter of the job is done.
    fn is_news(&mut self, job: &str, percent: u32) -> bool {
        let quarter = percent / 25;
        match self.told.insert(job.to_owned(), quarter) {
            Some(told) => quarter > told,
            None => true,
        }
    }

    /// Takes the line away.
    pub(crate) fn clear(&mut self) {
        if std::mem::take(&mut self.drawn) {
            print::piece("\r\u{1b}[K");
        }
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the share is in 0..=1")]
fn percent(done: f32) -> u32 {
    (done.clamp(0.0, 1.0) * 100.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_messages_gets_a_line_per_quarter() {
        let mut line = Line::new(false, Lang::En);
        let news: Vec<u32> = (0..=100).filter(|n| line.is_news("job-1", *n)).collect();
        assert_eq!(news, [0, 25, 50, 75, 100]);
        assert!(line.is_news("job-2", 60));
    }

    #[test]
    fn the_time_that_is_left_is_said_where_it_is_worth_it() {
        let said = |lang, left| Line::new(true, lang).left(left);
        assert_eq!(said(Lang::En, Some(42)), ", 42\u{a0}s left");
        assert_eq!(said(Lang::Fr, Some(185)), ", encore 3\u{a0}min");
        assert_eq!((said(Lang::En, Some(2)), said(Lang::En, None)), (String::new(), String::new()));
    }
}
