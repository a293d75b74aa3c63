//! A real Bluesky server on loopback for the journey. It ends with this process: it is stopped by its id,
//! and ends by itself when its standard input closes.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use crate::fault::{Fault, WhileDoing};
use crate::json::Value;
use crate::{http, places, shell};

/// A running server.
pub(crate) struct Pds {
    child: Child,
    /// Kept open: a server that writes to a closed pipe ends.
    output: BufReader<ChildStdout>,
    /// `http://127.0.0.1:PORT`
    pub(crate) url: String,
}

impl Pds {
    /// Starts a server that keeps everything below `data`, and waits until it answers (three to four seconds).
    pub(crate) fn start(data: &Path) -> Result<Pds, Fault> {
        let scripts = places::root().join("tests/servers/pds");
        let mut node = shell::program("node");
        node.arg("--require").arg(scripts.join("loopback.cjs")).arg(scripts.join("start.cjs"));
        node.env("NODE_PATH", places::servers().join("pds/node_modules")).env("PDS_DIR", data);
        node.env("LOG_ENABLED", "false").env("NODE_ENV", "production");
        let starting = || "starting the Bluesky server".to_owned();
        let mut child = node.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().while_doing(starting)?;
        let output = child.stdout.take().expect("BUG: standard output was asked for");
        let mut pds = Pds { child, output: BufReader::new(output), url: String::new() };
        while pds.url.is_empty() {
            let mut line = String::new();
            if pds.output.read_line(&mut line).while_doing(starting)? == 0 {
                return Err(Fault::Unsound("the Bluesky server ended before it was ready".to_owned()));
            }
            if let Some(ready) = line.strip_prefix("READY ") {
                pds.url = ready.split_whitespace().next().unwrap_or_default().to_owned();
            }
        }
        Ok(pds)
    }

    /// Makes an account and gives an app password for it: what a person would type into Griot.
    pub(crate) fn account(&self, handle: &str) -> Result<String, Fault> {
        let call = |method: &str| format!("{}/xrpc/com.atproto.server.{method}", self.url);
        let person = format!(
            "{{\"email\":\"studio@example.test\",\"handle\":\"{handle}\",\"password\":\"tell me a story\"}}"
        );
        let made = http::post(&call("createAccount"), None, &person)?;
        let token = named(&made, "accessJwt")?;
        let given = http::post(&call("createAppPassword"), Some(token), "{\"name\":\"griot\"}")?;
        named(&given, "password").map(str::to_owned)
    }

    /// The posts of an account, newest first, as the server has them.
    pub(crate) fn posts(&self, handle: &str) -> Result<Vec<Value>, Fault> {
        let query = format!("repo={handle}&collection=app.bsky.feed.post");
        let answer = http::get(&format!("{}/xrpc/com.atproto.repo.listRecords?{query}", self.url))?;
        Ok(answer.get("records").map(|records| records.list().to_vec()).unwrap_or_default())
    }
}

fn named<'a>(answer: &'a Value, name: &str) -> Result<&'a str, Fault> {
    let lacks = || Fault::Unsound(format!("the Bluesky server's answer has no {name}"));
    answer.get(name).and_then(Value::text).ok_or_else(lacks)
}

impl Drop for Pds {
    fn drop(&mut self) {
        // Both fail only where the process has ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
