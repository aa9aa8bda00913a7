//! The mailbox: connect, find and fetch mail, file it away, wait for more. EDGE: everything here waits on a network.
//!
//! Stands on async-imap's parser alone; the command layer is our own (see [`Session`] and the module `command`), because
//! the library takes a refused command, a connection that closes in the middle and a missing item for success. Here
//! nothing but a tagged OK is success, every wait has a deadline, and a connection that failed once is not used again.
//! Reconnecting and pausing are the caller's: one [`Session`] lives as long as one connection.
//!
//! Reading order: `login` with `login_command`, `session`, `search`, `fetch`, `file_away`, `remove`, `mark_unread`,
//! `folders`, `look`, `idle`; below them `look_ahead` and `flight` (several commands in one write),
//! `command` (one command, its tag), `link` (one line, one response), `transport` and `tls` (bytes).
//!
//! Never sent: EXPUNGE, CLOSE (it expunges), and what the parser cannot read the answer of (NAMESPACE, ESEARCH, BINARY,
//! SEARCH MODSEQ). `\Seen` is never set, and taken off only where a person asks for it; `probe` alone does so in folders
//! of its own.

mod ahead;
mod batch;
mod capabilities;
mod command;
mod ensure_folder;
mod error;
mod fetch;
mod file_away;
mod flight;
mod folders;
mod idle;
mod link;
mod login;
mod login_command;
mod look;
mod look_ahead;
mod mark_unread;
mod modified_utf7;
mod open_folder;
mod options;
mod probe;
mod quoting;
mod remove;
mod response_code;
mod search;
mod session;
mod tls;
mod transport;
mod uid;
mod wire_name;

pub use batch::{MAX_BYTES, MAX_MAILS, batches, in_batches};
pub use capabilities::Capabilities;
pub use error::{Answer, ImapError, Mend};
pub use fetch::{Envelope, FetchedMail};
pub use file_away::{Filed, Way};
pub use folders::{Folder, Folders, SpecialUse};
pub use idle::IdleEnd;
pub use open_folder::{Mode, OpenFolder};
pub use options::{ConnectOptions, Deadlines, Proof, Tls, TokenMechanism};
pub use probe::Tried;
pub use session::Session;
pub use uid::Uid;
