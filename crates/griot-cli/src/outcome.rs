//! How a verb ends: the exit code, and what a failure says.

use clap::error::ErrorKind;
use griot_app::outbox::Ended;
use griot_app::{AppError, Code};
use griot_domain::Lang;
use serde_json::{Value, json};

use crate::args::refusal;
use crate::print;

/// All of it was done.
pub(crate) const DONE: u8 = 0;
/// It failed, and the reason was said.
pub(crate) const FAILED: u8 = 1;
/// It was asked in a way that cannot be, or nothing of the input was usable.
pub(crate) const UNUSABLE: u8 = 2;
/// Some of it was not usable, time ran out with work left, or something is not settled.
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

/// The exit code of the outbox, with so many deliveries that are not settled.
pub(crate) fn of_work(ended: Ended, unsettled: u32) -> u8 {
    match ended {
        Ended::Idle if unsettled > 0 => PARTLY,
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
pub(crate) fn usage(error: &clap::Error, json: bool, lang: Lang) -> u8 {
    if !error.use_stderr() {
        // Like every answer: a reader that went away is not a failure.
        let _ = error.print();
        return DONE;
    }
    let refused = refusal::say(error, lang);
    if json {
        let said = AppError::new(Code::BadRequest, refused.message.as_str(), refused.hint.as_str());
        print::answer(&json!({ "error": said }).to_string());
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let _ = error.print();
        return UNUSABLE;
    }
    print::diagnostic(&refused.message);
    print::diagnostic(&refused.hint);
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
