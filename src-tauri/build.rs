//! Gives the program its icon, its configuration and the rights of its page.
//!
//! The page itself is built before by `cargo xtask`; nothing is built from here.

use tauri_build::{AppManifest, Attributes};

fn main() {
    let commands = AppManifest::new().commands(&["rpc"]);
    if let Err(error) = tauri_build::try_build(Attributes::new().app_manifest(commands)) {
        println!("cargo::error={error:#}");
    }
}
