//! The mail servers that the tests here run against.

use crate::harness::cyrus::Namespace;
use crate::harness::dovecot::Dovecot;
use crate::harness::{Certificates, Courier, Cyrus, MailProgram};

/// The mailbox under test, with its password.
pub const IMPORT: (&str, &str) = ("import", "geheim");

/// Somebody else with a mailbox there.
pub const OTTO: (&str, &str) = ("otto", "geheim");

/// A user whose password lies outside ASCII.
pub const UTA: (&str, &str) = ("uta", "Grüße, Straße 7");

/// Which server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Folders beside the inbox, `/` between them; MOVE.
    Dovecot,
    /// Folders inside the inbox, `.` between them; MOVE.
    CyrusInsideInbox,
    /// Folders beside the inbox, `/` between them; MOVE.
    CyrusBesideInbox,
    /// Folders inside the inbox, `.` between them; no MOVE.
    Courier,
}

impl Kind {
    /// Separator and prefix of folder names.
    fn namespace(self) -> (char, &'static str) {
        match self {
            Self::Dovecot | Self::CyrusBesideInbox => ('/', ""),
            Self::CyrusInsideInbox | Self::Courier => ('.', "INBOX."),
        }
    }

    /// Whether a `.` separates folders, so that none can have it in its name.
    pub fn separates_by_dots(self) -> bool {
        self.namespace().0 == '.'
    }

    /// Whether mail is moved in one step.
    pub fn can_move(self) -> bool {
        self != Self::Courier
    }

    /// Starts one.
    pub fn start(self) -> Server {
        match self {
            Self::Dovecot => {
                let builder = Dovecot::builder().user(IMPORT.0, IMPORT.1).user(UTA.0, UTA.1).user(OTTO.0, OTTO.1);
                Server::Dovecot(builder.start())
            }
            Self::CyrusInsideInbox => Server::Cyrus(Cyrus::start(Namespace::InsideInbox, &[IMPORT, UTA, OTTO])),
            Self::CyrusBesideInbox => Server::Cyrus(Cyrus::start(Namespace::BesideInbox, &[IMPORT, UTA, OTTO])),
            Self::Courier => Server::Courier(Courier::start(&[IMPORT, UTA, OTTO])),
        }
    }
}

/// A running server.
pub enum Server {
    Dovecot(Dovecot),
    Cyrus(Cyrus),
    Courier(Courier),
}

impl Server {
    /// Plain text and STARTTLS.
    pub fn imap_port(&self) -> u16 {
        match self {
            Self::Dovecot(dovecot) => dovecot.imap_port(),
            Self::Cyrus(cyrus) => cyrus.imap_port(),
            Self::Courier(courier) => courier.imap_port(),
        }
    }

    /// TLS from the start.
    pub fn imaps_port(&self) -> u16 {
        match self {
            Self::Dovecot(dovecot) => dovecot.imaps_port(),
            Self::Cyrus(cyrus) => cyrus.imaps_port(),
            Self::Courier(courier) => courier.imaps_port(),
        }
    }

    pub fn certificates(&self) -> &Certificates {
        match self {
            Self::Dovecot(dovecot) => dovecot.certificates(),
            Self::Cyrus(cyrus) => cyrus.certificates(),
            Self::Courier(courier) => courier.certificates(),
        }
    }

    /// Cuts all connections and ends it; the mailboxes stay.
    pub fn stop(&mut self) {
        match self {
            Self::Dovecot(dovecot) => dovecot.stop(),
            Self::Cyrus(cyrus) => cyrus.stop(),
            Self::Courier(courier) => courier.stop(),
        }
    }

    /// Starts it again on the same ports.
    pub fn start_again(&mut self) {
        match self {
            Self::Dovecot(dovecot) => dovecot.start_again(),
            Self::Cyrus(cyrus) => cyrus.start_again(),
            Self::Courier(courier) => courier.start_again(),
        }
    }

    /// A user's mailbox in a mail program.
    pub fn mail_program(&self, kind: Kind, user: (&str, &str)) -> MailProgram {
        MailProgram::new(self.imap_port(), user, kind.namespace())
    }
}
