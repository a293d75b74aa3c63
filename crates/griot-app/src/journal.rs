//! The evidence: the hash-chained events of every delivery, the head signed by this device's key, in one file that
//! anyone can check.
//!
//! The file is JSON lines: first the header with the head, the public key and the signature, then one event a line.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::Path;

use ed25519_dalek::{Signature, Signer, Verifier, VerifyingKey};
use griot_domain::{AttemptEvent, DeviceId, Timestamp, WorkspaceId};
use griot_store::journal;
use serde::{Deserialize, Serialize};

use crate::Code;
use crate::failure::Failure;
use crate::library::files::write_whole;
use crate::outbox::device::Device;
use crate::studio::{Studio, Workspace};
use crate::wire::studio::JournalFacts;

/// Events are read from the database in groups of this size.
const GROUP: u32 = 1000;
/// A longer line is not one of Griot's: an event holds one network answer, which is cut at 16 KiB.
const LONGEST_LINE: usize = 1 << 20;
/// The head of an empty journal.
const NOTHING: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// The first line of an exported journal.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Header {
    format: String,
    workspace: WorkspaceId,
    device: DeviceId,
    exported_at: Timestamp,
    entries: u64,
    head: String,
    /// Ed25519, 64 hexadecimal digits.
    public_key: String,
    /// Over [`signed_text`], 128 hexadecimal digits.
    signature: String,
}

const FORMAT: &str = "griot-journal-1";

fn signed_text(workspace: WorkspaceId, entries: u64, head: &str) -> String {
    format!("{FORMAT}\n{workspace}\n{entries}\n{head}\n")
}

/// Writes the whole journal to `file`.
pub(crate) fn export(studio: &Studio, workspace: &Workspace, file: &Path) -> Result<JournalFacts, Failure> {
    let device = Device::load(studio)?;
    let mut lines = Vec::new();
    let (mut entries, mut head) = (0_u64, NOTHING.to_owned());
    loop {
        let group = workspace.store.read(|r| journal::list(r, entries + 1, GROUP).map_err(Failure::from))?;
        let Some(last) = group.last() else { break };
        (entries, head) = (last.seq, last.hash.clone());
        for event in &group {
            lines.push(serde_json::to_string(event).map_err(|e| crate::words::bad_request(&e))?);
        }
    }
    let key = device.key();
    let header = Header {
        format: FORMAT.to_owned(),
        workspace: workspace.id,
        device: device.id,
        exported_at: studio.ports.now(),
        entries,
        head: head.clone(),
        public_key: hex(key.verifying_key().as_bytes()),
        signature: hex(&key.sign(signed_text(workspace.id, entries, &head).as_bytes()).to_bytes()),
    };
    let mut text = serde_json::to_string(&header).map_err(|e| crate::words::bad_request(&e))?;
    for line in lines {
        text.push('\n');
        text.push_str(&line);
    }
    text.push('\n');
    write_whole(file, text.as_bytes())?;
    Ok(JournalFacts { entries, head, ok: true, problem: None })
}

/// Checks an exported journal: the chain, the signature and, when a head was saved before, that it contains it.
pub(crate) fn verify(studio: &Studio, file: &Path, saved: Option<&str>) -> Result<JournalFacts, Failure> {
    let (header, events, unreadable) = read(file)?;
    let entries = events.len() as u64;
    let head = events.last().map_or_else(|| NOTHING.to_owned(), |e| e.hash.clone());
    let found = saved.is_none_or(|s| s == NOTHING || events.iter().any(|e| e.hash == s));
    let lang = studio.lang();
    let broken = || {
        let seq = journal::verify(events.iter()).err()?.seq;
        Some(line_problem(lang, usize::try_from(seq).unwrap_or(usize::MAX)))
    };
    let problem = unreadable
        .map(|number| line_problem(lang, number))
        .or_else(broken)
        .or_else(|| {
            let cut = lang.pick(
                "Il manque des événements à la fin du journal.",
                "Events are missing at the end of the journal.",
            );
            (header.entries != entries || header.head != head).then(|| cut.to_owned())
        })
        .or_else(|| {
            let forged = lang.pick(
                "La signature n\u{2019}est pas celle de cet appareil.",
                "The signature is not that device\u{2019}s.",
            );
            (!signature_holds(&header)).then(|| forged.to_owned())
        })
        .or_else(|| {
            let other = lang.pick(
                "Le journal ne contient pas l\u{2019}empreinte que vous aviez gardée.",
                "The journal does not contain the head that you had saved.",
            );
            (!found).then(|| other.to_owned())
        });
    Ok(JournalFacts { entries, head, ok: problem.is_none(), problem })
}

/// The header, the events, and the number of the first line that is no event.
fn read(file: &Path) -> Result<(Header, Vec<AttemptEvent>, Option<usize>), Failure> {
    let size = fs::metadata(file).map_err(Failure::io(file))?.len();
    let mut lines = BufReader::new(File::open(file).map_err(Failure::io(file))?).lines();
    let mut next = || -> Result<Option<String>, Failure> {
        match lines.next() {
            None => Ok(None),
            Some(Ok(line)) if line.len() <= LONGEST_LINE => Ok(Some(line)),
            Some(Ok(_)) => Err(not_a_journal(file)),
            Some(Err(e)) if e.kind() == std::io::ErrorKind::InvalidData => Err(not_a_journal(file)),
            Some(Err(e)) => Err(Failure::Io(file.to_owned(), e)),
        }
    };
    if size == 0 {
        return Err(not_a_journal(file));
    }
    let first = next()?.ok_or_else(|| not_a_journal(file))?;
    let header: Header = serde_json::from_str(&first).map_err(|_| not_a_journal(file))?;
    let mut events = Vec::new();
    while let Some(line) = next()? {
        match serde_json::from_str::<AttemptEvent>(&line) {
            Ok(event) => events.push(event),
            Err(_) => {
                let number = events.len() + 1;
                return Ok((header, events, Some(number)));
            }
        }
    }
    Ok((header, events, None))
}

fn line_problem(lang: griot_domain::Lang, number: usize) -> String {
    lang.pick(
        format!("L\u{2019}événement {number} a été changé, ou un événement manque avant lui."),
        format!("Event {number} was changed, or an event is missing before it."),
    )
}

fn signature_holds(header: &Header) -> bool {
    let parts = || {
        let key: [u8; 32] = unhex(&header.public_key)?.try_into().ok()?;
        let signature: [u8; 64] = unhex(&header.signature)?.try_into().ok()?;
        let text = signed_text(header.workspace, header.entries, &header.head);
        let key = VerifyingKey::from_bytes(&key).ok()?;
        key.verify(text.as_bytes(), &Signature::from_bytes(&signature)).ok()
    };
    parts().is_some()
}

fn not_a_journal(file: &Path) -> Failure {
    Failure::say(
        Code::BadRequest,
        format!("{} n\u{2019}est pas un journal de Griot.", file.display()),
        format!("{} is not a journal of Griot.", file.display()),
        (
            "Un journal s\u{2019}obtient avec\u{a0}: griot journal export FICHIER.",
            "A journal comes from: griot journal export FILE.",
        ),
    )
}

/// Bytes as lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The bytes behind hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    if !text.len().is_multiple_of(2) || !text.is_ascii() {
        return None;
    }
    (0..text.len()).step_by(2).map(|i| u8::from_str_radix(&text[i..i + 2], 16).ok()).collect()
}
