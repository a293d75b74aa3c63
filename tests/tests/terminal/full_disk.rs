//! A full disk: every verb says so in a sentence, and what only reads still answers.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::Command;

use griot_tests::terminal::Terminal;

/// A disk of its own that a test can fill to the last byte; taken away afterwards.
struct Disk {
    place: PathBuf,
    _folder: tempfile::TempDir,
}

impl Disk {
    /// Nothing where this person may mount none.
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let place = folder.path().to_owned();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=4m", "none"]).arg(&place).output();
        let is_there = mounted.is_ok_and(|output| output.status.success());
        is_there.then_some(Self { place, _folder: folder })
    }

    fn fill(&self) {
        let mut file = File::create(self.place.join("full")).expect("a file");
        for size in [64 * 1024, 4096, 512, 1] {
            while file.write_all(&vec![1; size]).is_ok() {}
        }
        let free = griot_store::free_bytes(&self.place).expect("the system says it");
        assert_eq!(free, 0, "the disk is full");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let taken = Command::new("umount").arg("-l").arg(&self.place).status();
        assert!(taken.is_ok_and(|status| status.success()) || std::thread::panicking());
    }
}

fn post(terminal: &Terminal, text: &str) -> griot_tests::terminal::Output {
    let line = ["post", "--text", text, "--to", "whatsapp", "--at", "2099-12-01T09:00", "--zone", "UTC"];
    terminal.run(line)
}

/// What a person reads when something could not be saved.
fn says_it(terminal: &Terminal, line: &[&str]) {
    let said = terminal.say([&["--lang", "fr"], line].concat()).ended(1);
    assert!(said.stderr.contains("Le disque est plein"), "{line:?}: {}", said.stderr);
    assert!(said.stderr.contains("reste lisible") && said.stderr.contains("Libérez de la place"), "{line:?}");
    assert!(!said.stderr.contains("défaut"), "{line:?}: {}", said.stderr);
    assert_eq!(terminal.run(line).ended(1).error(), "disk_full", "{line:?}");
}

#[test]
fn on_a_full_disk_the_queue_is_read_and_every_other_verb_says_what_is_wrong() {
    let Some(disk) = Disk::new() else { return a_write_that_finds_no_room_says_so_and_reading_goes_on() };
    let terminal = Terminal::new().with_workspace(disk.place.join("workspace"));
    terminal.run(["init"]).done();
    terminal.run(["accounts", "add", "whatsapp"]).done();
    let id = post(&terminal, "Bonjour").ok().json["deliveries"][0]["id"].as_str().expect("a text").to_owned();
    disk.fill();
    for line in [["queue"].as_slice(), &["accounts", "list"], &["delivery", &id], &["call", "posts.list"]] {
        let read = terminal.run(line).ok();
        assert!(read.json.is_object(), "{line:?}: {}", read.stdout);
    }
    assert!(terminal.run(["queue"]).ok().stdout.contains(&id), "what was written is there");
    let text = "Bonsoir ".repeat(2000);
    says_it(&terminal, &["post", "--text", &text, "--draft"]);
    std::fs::remove_file(disk.place.join("full")).expect("it was there");
    post(&terminal, "Bonsoir").done();
}

/// The same without a disk of its own: the store finds no room for a write.
#[test]
fn a_write_that_finds_no_room_says_so_and_reading_goes_on() {
    let terminal = Terminal::ready();
    let full = |line: &[&str]| terminal.call().env("GRIOT_FAIL", "store.disk_full=full").run(line);
    for line in [["post", "--text", "t", "--draft"].as_slice(), &["accounts", "add", "whatsapp"]] {
        let said = full(line).ended(1);
        assert_eq!(said.error(), "disk_full", "{line:?}");
    }
    full(&["queue"]).done();
}
