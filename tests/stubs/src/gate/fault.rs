//! What can happen to a request.

use super::{Latch, Page};

/// What happens to one request.
#[derive(Debug, Clone)]
pub enum Fault {
    /// Nothing.
    Pass,
    /// The connection is closed before a byte of it is read, and from then on connections are refused, until
    /// [`Gate::online`](super::Gate::online).
    Refuse,
    /// The connection is closed before a byte is read.
    CloseUnread,
    /// The connection is closed after so many bytes of the body; the server gets no more of it either.
    CloseAfter(usize),
    /// The server does it all; the client hears nothing and the connection is closed.
    LoseAnswer,
    /// The server does it all; the client gets the head and so many bytes of the body.
    CutAnswer(usize),
    /// The server does it all; the client gets so many bytes of the body, and a head that says that this is all.
    TruncateAnswer(usize),
    /// The server does it all; its answer waits until the test lets it go.
    Hold(Latch),
    /// The request comes in whole and the client's connection is closed; the server gets it only when the test lets
    /// it go.
    Defer(Latch),
    /// The request comes in whole and the gate answers itself; the server gets it only when the test lets it go.
    DeferBehind(Page, Latch),
    /// Nothing comes back, and the server is not asked, until the client gives up.
    Hang,
    /// The server does it all, and nothing comes back until the client gives up.
    HangAfter,
    /// The gate answers itself, and the server is not asked.
    Answer(Page),
    /// The server does it all, and the gate answers in its place.
    Instead(Page),
}

impl Fault {
    /// Its name, for counting.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refuse => "refuse",
            Self::CloseUnread => "close-unread",
            Self::CloseAfter(_) => "close-after",
            Self::LoseAnswer => "lose-answer",
            Self::CutAnswer(_) => "cut-answer",
            Self::TruncateAnswer(_) => "truncate-answer",
            Self::Hold(_) => "hold",
            Self::Defer(_) => "defer",
            Self::DeferBehind(..) => "defer-behind",
            Self::Hang => "hang",
            Self::HangAfter => "hang-after",
            Self::Answer(page) => page.name(),
            Self::Instead(_) => "instead",
        }
    }
}
