//! The studio on loopback: who gets in, what is answered, what is refused and with which words. Most of it in this
//! process with a clock that the test moves, the rest with the real program.
//!
//! Needs the program: `cargo build -p griot-cli`.

mod serve {
    mod door;
    mod gate;
    mod import;
    mod media;
    mod page;
    mod program;
    mod room;
    mod rpc;
    mod session;
}
