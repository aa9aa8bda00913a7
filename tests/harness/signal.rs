//! Signals, and how they are sent.

use rustix::process::{Pid, Signal as Known, kill_process, kill_process_group};

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
    fn known(self) -> Known {
        match self {
            Self::Term => Known::TERM,
            Self::Int => Known::INT,
            Self::Hup => Known::HUP,
            Self::Kill => Known::KILL,
            Self::Stop => Known::STOP,
            Self::Cont => Known::CONT,
        }
    }

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

/// To one process. One that is gone is no error: it may end at any moment by itself.
pub(super) fn send(signal: Signal, process: u32) {
    let _ = kill_process(id(process), signal.known());
}

/// To all of a process's group that are left.
pub(super) fn send_to_group(signal: Signal, leader: u32) {
    let _ = kill_process_group(id(leader), signal.known());
}

fn id(process: u32) -> Pid {
    process.try_into().ok().and_then(Pid::from_raw).expect("a process has a number")
}
