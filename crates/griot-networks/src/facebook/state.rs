//! How far a film has come, as the Graph tells it.

use griot_domain::Timestamp;
use serde_json::{Value, json};

use super::graph::{number, proof, word};
use super::post::{address, made_at, time};
use crate::Live;

/// What is read of a film.
pub(super) const STATE_FIELDS: &str = "id,status,published,permalink_url,created_time";
/// And of one that may wait for its date.
pub(super) const DATED_FIELDS: &str = "id,status,published,scheduled_publish_time,permalink_url,created_time";

/// What is kept of a live film.
pub(super) fn live(video: &str, found: &Value) -> Live {
    let mut kept = proof(found, &["permalink_url", "created_time", "published", "status"]);
    kept["id"] = json!(video);
    Live { id: video.into(), url: Some(address(found, video)), at: made_at(found), proof: kept }
}

/// How far a film has come.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct State {
    /// `processing`, `ready`, `upload_complete`, `error`, ...
    pub(super) video: String,
    uploading: String,
    /// Bytes that Facebook has.
    pub(super) bytes: u64,
    /// Whether it is public: `not_started`, `in_progress`, `complete`, `error`; empty where nothing is said.
    pub(super) publishing: String,
    pub(super) publish_status: String,
    pub(super) is_published: Option<bool>,
    /// When it is to appear, for a film that waits for its date.
    pub(super) date: Option<Timestamp>,
    /// Why Facebook cannot take it.
    pub(super) wrong: Option<String>,
}

impl State {
    pub(super) fn of(found: &Value) -> Self {
        let status = &found["status"];
        let said = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
        let (uploading, publishing) = (&status["uploading_phase"], &status["publishing_phase"]);
        // The first is how Facebook spells it.
        let bytes = ["bytes_transfered", "bytes_transferred"].into_iter();
        let phases = ["uploading_phase", "processing_phase", "publishing_phase"];
        Self {
            video: said(&status["video_status"]),
            uploading: said(&uploading["status"]),
            bytes: bytes.filter_map(|name| number(&uploading[name])).next().unwrap_or(0),
            publishing: said(&publishing["status"]),
            publish_status: said(&publishing["publish_status"]),
            date: time(&found["scheduled_publish_time"])
                .or_else(|| {
                    time(&publishing["publish_time"]).filter(|_| publishing["publish_status"] == "scheduled")
                })
                .filter(|_| found["published"] != true),
            is_published: found["published"].as_bool(),
            wrong: phases.into_iter().find_map(|phase| wrong(&status[phase])),
        }
    }

    /// Whether all of its bytes are there.
    pub(super) fn is_uploaded(&self, total: u64) -> bool {
        self.uploading == "complete"
            || self.bytes >= total
            || (self.uploading.is_empty()
                && matches!(self.video.as_str(), "upload_complete" | "processing" | "ready"))
    }
}

fn wrong(phase: &Value) -> Option<String> {
    let errors = [&phase["error"], &phase["errors"][0]];
    let said = errors.into_iter().find_map(|error| word(&error["message"]));
    said.or_else(|| (phase["status"] == "error").then(String::new))
}
