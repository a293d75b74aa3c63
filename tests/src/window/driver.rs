//! tauri-driver between a test and a window, with everything it starts in one group of processes, ended together.

use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::{LONGEST, LOOK};

/// A driver that was asked to end may take this long.
const GRACE: Duration = Duration::from_secs(3);

/// A driver that runs.
#[derive(Debug)]
pub(super) struct Driver {
    child: Child,
    port: u16,
}

impl Driver {
    /// Starts one on ports of its own, with what `surround` says of the machine.
    pub(super) async fn start(surround: impl FnOnce(&mut Command)) -> Self {
        let program = program();
        let (port, native) = two_free_ports();
        let mut command = Command::new(&program);
        surround(&mut command);
        command.args(["--port", &port.to_string(), "--native-port", &native.to_string()]);
        command.process_group(0).stdin(Stdio::null()).stdout(Stdio::null());
        let child = command.spawn().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
        let mut driver = Self { child, port };
        let end = Instant::now() + LONGEST;
        for port in [native, port] {
            while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
                assert!(driver.child.try_wait().is_ok_and(|ended| ended.is_none()), "tauri-driver ended");
                assert!(Instant::now() < end, "tauri-driver never listens on {port}");
                tokio::time::sleep(LOOK).await;
            }
        }
        driver
    }

    /// Where it listens.
    pub(super) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Whether the window's program is still there, in this driver's group.
    pub(super) fn program_runs(&self) -> bool {
        let Ok(processes) = std::fs::read_dir("/proc") else { return false };
        processes.flatten().any(|process| {
            let stat = std::fs::read_to_string(process.path().join("stat")).unwrap_or_default();
            // `123 (griot-studio) S PARENT GROUP ...`: one that ended and was not fetched yet is a Z.
            let Some((name, rest)) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(") ")) else {
                return false;
            };
            let mut rest = rest.split(' ');
            let (state, group) = (rest.next(), rest.nth(1).and_then(|group| group.parse::<u32>().ok()));
            name == "griot-studio" && state != Some("Z") && group == Some(self.child.id())
        })
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let id = self.child.id();
        // Asked alone it ends the window's driver, and with it the window. Told together they wait for each other.
        end("-TERM", &id.to_string());
        let end_at = Instant::now() + GRACE;
        while self.child.try_wait().is_ok_and(|ended| ended.is_none()) && Instant::now() < end_at {
            std::thread::sleep(LOOK);
        }
        // Whatever is left of the group. The driver itself has to be fetched in both cases.
        end("-KILL", &format!("-{id}"));
        let _ = self.child.wait();
    }
}

fn end(signal: &str, whom: &str) {
    // What is gone already cannot be ended, and need not be.
    let _ = Command::new("kill").args([signal, "--", whom]).stderr(Stdio::null()).status();
}

fn two_free_ports() -> (u16, u16) {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
    let (one, two) = (bind(), bind());
    let port =
        |listener: &TcpListener| listener.local_addr().expect("a bound listener has an address").port();
    (port(&one), port(&two))
}

/// `cargo xtask test` installs it once.
fn program() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let program = target.join("tools/bin/tauri-driver");
    assert!(
        program.exists(),
        "{} is missing: run `cargo xtask e2e` once (it installs it)",
        program.display()
    );
    program
}
