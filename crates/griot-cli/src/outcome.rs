//! How a verb ends: the exit code, and what a failure says.

use griot_app::outbox::Ended;
use griot_app::{AppError, Code};
use serde_json::{Value, json};

use crate::print;

/// All of it was done.
pub(crate) const DONE: u8 = 0;
/// It failed, and the reason was said.
pub(crate) const FAILED: u8 = 1;
/// It was asked in a way that cannot be, or nothing of the input was usable.
pub(crate) const UNUSABLE: u8 = 2;
/// Some of it was not usable, or time ran out with work left.
pub(crate) const PARTLY: u8 = 3;
/// The person stopped it.
pub(crate) const CANCELLED: u8 = 130;

/// The exit code of an answer.
pub(crate) fn of_answer(command: &str, answer: &Value) -> u8 {
    let count = |name: &str| answer[name].as_array().map_or(0, Vec::len);
    match command {
        "library.import" => of_counts(count("imported"), count("refused")),
        "media.render" | "media.video" => of_counts(count("renditions"), count("refused")),
        "journal.verify" if answer["ok"] == json!(false) => FAILED,
        _ => DONE,
    }
}

fn of_counts(done: usize, refused: usize) -> u8 {
    match (done, refused) {
        (0, _) => UNUSABLE,
        (_, 0) => DONE,
        _ => PARTLY,
    }
}

/// The exit code of the outbox.
pub(crate) fn of_work(ended: Ended) -> u8 {
    match ended {
        Ended::Idle => DONE,
        Ended::TimeUp => PARTLY,
        Ended::Cancelled => CANCELLED,
    }
}

/// Says a failure and returns its exit code.
pub(crate) fn failed(error: &AppError, json: bool) -> u8 {
    if json {
        print::answer(&json!({ "error": error }).to_string());
    }
    print::diagnostic(&error.message);
    // The first problem is in the message and its fix in the hint.
    for problem in error.detail["problems"].as_array().into_iter().flatten().skip(1) {
        if let (Some(message), Some(fix)) = (problem["message"].as_str(), problem["fix"].as_str()) {
            print::diagnostic(format!("{message} {fix}").trim_end());
        }
    }
    if !error.hint.is_empty() {
        print::diagnostic(&error.hint);
    }
    match error.code {
        Code::BadRequest
        | Code::UnknownNetwork
        | Code::BadTime
        | Code::BadZone
        | Code::TimeSkipped
        | Code::TimePast => UNUSABLE,
        Code::Cancelled => CANCELLED,
        _ => FAILED,
    }
}

/// Says what the grammar refuses and returns its exit code; help and version are no failure.
pub(crate) fn usage(error: &clap::Error, json: bool) -> u8 {
    if !error.use_stderr() {
        // Like every answer: a reader that went away is not a failure.
        let _ = error.print();
        return DONE;
    }
    if json {
        let text = error.to_string();
        let message = text.lines().next().unwrap_or_default().trim_start_matches("error: ").to_owned();
        print::answer(&json!({ "error": AppError::new(Code::BadRequest, message, "") }).to_string());
    }
    let _ = error.print();
    UNUSABLE
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_input_shows_in_the_exit_code() {
        for (imported, refused, expected) in [(1, 0, 0), (1, 1, 3), (0, 1, 2), (0, 0, 2)] {
            let answer = json!({ "imported": vec![0; imported], "refused": vec![0; refused] });
            assert_eq!(of_answer("library.import", &answer), expected, "{imported} {refused}");
        }
        assert_eq!(of_answer("journal.verify", &json!({ "ok": false })), 1);
        assert_eq!(of_answer("journal.verify", &json!({ "ok": true })), 0);
        assert_eq!(of_answer("deliveries.list", &json!({ "deliveries": [] })), 0);
    }
}
