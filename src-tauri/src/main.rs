//! `griot-studio`: the studio in a window.
//!
//! It opens a studio and a window on it, carries the page's one command to `dispatch` and the studio's events to the
//! page, and adds no behaviour. Deliberately absent: what a page may do (the studio's table says it), and a second
//! command.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

mod desktop;
mod ending;
mod media;
mod rpc;
mod start;
mod window;

fn main() -> ExitCode {
    match start::start() {
        Ok(code) => code,
        Err(sentence) => {
            eprintln!("{sentence}");
            ExitCode::FAILURE
        }
    }
}
