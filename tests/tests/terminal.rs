//! The terminal's contract, held against the real program: every verb that needs no server, every way to end, every
//! bad input with its answer. Publishing to real servers is tested elsewhere.
//!
//! Needs the program: `cargo build -p griot-cli`.

mod terminal {
    mod accounts;
    mod evidence;
    mod full_disk;
    mod grammar;
    mod import;
    mod offline;
    mod outbox;
    mod posts;
    mod sentences;
    mod workspace;
}
