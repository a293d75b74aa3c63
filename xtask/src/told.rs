//! The terminal as the journey uses it: one call, told in a sentence, with the exact command and its answer.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::fault::{Fault, WhileDoing};
use crate::json::{self, Value};
use crate::{places, shell};

/// Opens nothing but the journey's own file of secrets.
const PASSPHRASE: &str = "a journey of one afternoon";

/// How much of an answer's line is shown.
const SHOWN: usize = 900;

/// The `griot` terminal on one workspace.
pub(crate) struct Griot {
    program: PathBuf,
    workspace: PathBuf,
    app_dir: PathBuf,
    secrets: PathBuf,
    told: usize,
}

impl Griot {
    /// The terminal, with a workspace and a file of secrets below `folder`.
    pub(crate) fn on(program: PathBuf, folder: &Path) -> Griot {
        let (workspace, app_dir) = (folder.join("workspace"), folder.join("app"));
        Griot { program, workspace, app_dir, secrets: folder.join("secrets/griot.age"), told: 0 }
    }

    /// Where the workspace is.
    pub(crate) fn workspace(&self) -> &Path {
        &self.workspace
    }

    /// How a person goes on from here, in a shell.
    pub(crate) fn by_hand(&self) -> String {
        format!(
            "export GRIOT_WORKSPACE={:?} GRIOT_APP_DIR={:?} GRIOT_PASSPHRASE={PASSPHRASE:?}\n{} --secrets {:?} queue",
            self.workspace,
            self.app_dir,
            self.program.display(),
            format!("file:{}", self.secrets.display())
        )
    }

    /// Calls one verb and gives the JSON objects that it answered, at least one. `secret` goes to its standard
    /// input and is never shown.
    pub(crate) fn tell(
        &mut self,
        sentence: &str,
        words: &[&str],
        secret: Option<&str>,
    ) -> Result<Vec<Value>, Fault> {
        self.told += 1;
        println!("\n{}. {sentence}", self.told);
        let mut command = Command::new(&self.program);
        // A folder of its own for what the studio keeps of this device: the developer's own studio is not touched.
        command.env("GRIOT_WORKSPACE", &self.workspace).env("GRIOT_APP_DIR", &self.app_dir);
        command.env("GRIOT_PASSPHRASE", PASSPHRASE);
        command
            .current_dir(places::root())
            .arg("--json")
            .arg("--secrets")
            .arg(format!("file:{}", self.secrets.display()));
        command.args(words);
        println!("   $ griot {}", shown_words(words));
        let asked = shell::told(&command);
        let calling = || format!("calling griot {}", words[0]);
        let stdin = if secret.is_some() { Stdio::piped() } else { Stdio::null() };
        let mut child = command.stdin(stdin).stdout(Stdio::piped()).spawn().while_doing(calling)?;
        if let (Some(secret), Some(mut input)) = (secret, child.stdin.take()) {
            input.write_all(secret.as_bytes()).while_doing(calling)?;
        }
        let output = child.wait_with_output().while_doing(calling)?;
        let text = String::from_utf8_lossy(&output.stdout);
        for line in text.lines() {
            println!("   {}", shortened(line));
        }
        if !output.status.success() {
            return Err(Fault::Program { command: asked, code: output.status.code() });
        }
        let answers: Vec<Value> = text.lines().filter_map(|line| json::parse(line).ok()).collect();
        if answers.len() == text.lines().count() && (words[0] == "run" || answers.len() == 1) {
            Ok(answers)
        } else {
            Err(Fault::Unsound(format!("`griot {}` did not answer in JSON, one object a line", words[0])))
        }
    }
}

/// The words as a person would type them, from the repository's root.
fn shown_words(words: &[&str]) -> String {
    let root = format!("{}{}", places::root().display(), std::path::MAIN_SEPARATOR);
    let quoted = words.iter().map(|word| {
        let word = word.replace(&root, "");
        if word.contains([' ', '#', '\'', '!', '\n']) { format!("\"{word}\"") } else { word }
    });
    quoted.collect::<Vec<_>>().join(" ")
}

fn shortened(line: &str) -> String {
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{} ... ({} characters)", &line[..end], line.chars().count()),
        None => line.to_owned(),
    }
}

/// A text in an answer, reached through members; a fault names the way.
pub(crate) fn text<'a>(answer: &'a Value, way: &[&str]) -> Result<&'a str, Fault> {
    let found = way.iter().try_fold(answer, |value, name| value.get(name)).and_then(Value::text);
    found.ok_or_else(|| Fault::Unsound(format!("the answer has no {}", way.join("."))))
}

/// The delivery of an answer's list for this network.
pub(crate) fn delivery<'a>(answer: &'a Value, network: &str, post: Option<&str>) -> Result<&'a Value, Fault> {
    let list = answer.get("deliveries").map(Value::list).unwrap_or_default();
    let is = |value: &Value, name: &str, expect: &str| value.get(name).and_then(Value::text) == Some(expect);
    list.iter()
        .find(|one| is(one, "network", network) && post.is_none_or(|post| is(one, "post", post)))
        .ok_or_else(|| Fault::Unsound(format!("the answer has no delivery for {network}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deliveries_are_found_by_network_and_post() {
        let answer = json::parse(
            r#"{"deliveries":[{"id":"1","post":"a","network":"bluesky"},{"id":"2","post":"b","network":"bluesky"}]}"#,
        )
        .expect("JSON");
        let id = |network, post| delivery(&answer, network, post).and_then(|one| text(one, &["id"])).ok();
        assert_eq!(id("bluesky", None), Some("1"));
        assert_eq!(id("bluesky", Some("b")), Some("2"));
        assert_eq!(id("whatsapp", None), None);
    }

    #[test]
    fn commands_are_shown_as_they_are_typed() {
        let picture = places::root().join("assets").display().to_string();
        assert_eq!(
            shown_words(&["import", &picture, "--alt", "A red door"]),
            "import assets --alt \"A red door\""
        );
        assert!(shortened(&"é".repeat(1000)).ends_with("... (1000 characters)"));
    }
}
