//! The outbox at work beside the test.

use std::sync::Arc;
use std::time::Duration;

use griot_app::outbox;

use super::TestStudio;

impl TestStudio {
    /// Stays with the outbox as a window does, until the studio is cancelled.
    #[must_use]
    pub fn attend(&self) -> tokio::task::JoinHandle<()> {
        self.runtime.spawn(outbox::attend(Arc::clone(&self.studio)))
    }

    /// Works the outbox until nothing moves by itself any more, as `run --until-idle` does.
    #[must_use]
    pub fn work_until_idle(&self) -> tokio::task::JoinHandle<()> {
        let run = outbox::Run { until_idle: true, max: None };
        let work = outbox::run(Arc::clone(&self.studio), run);
        self.runtime.spawn(async move {
            let ended = work.await.unwrap_or_else(|e| panic!("the worker: {e:?}"));
            assert_eq!(ended, outbox::Ended::Idle);
        })
    }

    /// Waits for the end of what was started.
    ///
    /// # Panics
    /// When it does not end.
    pub fn ended(&self, task: tokio::task::JoinHandle<()>) {
        let end = self.runtime.block_on(async { tokio::time::timeout(Duration::from_secs(60), task).await });
        end.expect("the end of what was started").expect("an orderly end");
    }
}
