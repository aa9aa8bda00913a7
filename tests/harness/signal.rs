//! Signals, and how they are sent.

use std::process::{Command, Stdio};

/// A signal, by the name that `kill` knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// End in good order.
    Term,
    /// As by Ctrl-C; PostgreSQL's fast shutdown.
    Int,
    /// Read the settings anew.
    Hup,
    /// End at once.
    Kill,
    /// Freeze.
    Stop,
    /// Go on.
    Cont,
}

impl Signal {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Term => "TERM",
            Self::Int => "INT",
            Self::Hup => "HUP",
            Self::Kill => "KILL",
            Self::Stop => "STOP",
            Self::Cont => "CONT",
        }
    }
}

/// Through the shell's own `kill`, since signalling needs unsafe code or a further crate. A target that is gone is no
/// error: it may end at any moment by itself.
pub(super) fn send(signal: Signal, target: &str) {
    let _ = Command::new("/bin/sh")
        .args(["-c", "kill -s \"$0\" -- \"$1\"", signal.name(), target])
        .stderr(Stdio::null())
        .status()
        .expect("there is a shell");
}
