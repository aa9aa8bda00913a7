//! A look at an inbox in which there may be nothing to do: what a round costs where it is not needed.
//!
//! What a round has to do besides new mail, with mail of earlier rounds that waits to be filed, moved on or removed, the
//! caller asks the database for, for all mailboxes at once.

use crate::imap::{Mode, OpenFolder, Session};
use crate::settings::Mailbox;
use anyhow::Result;

/// How an inbox stood when everything in it was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Calm {
    uid_validity: u32,
    uid_next: u32,
    exists: u32,
}

impl Calm {
    /// What is to be compared after the next log-in; `None` if the inbox is not open, or its server does not tell enough.
    pub fn of(session: &Session, mailbox: &Mailbox) -> Option<Self> {
        session.opened(&mailbox.folder).and_then(Self::read)
    }

    fn read(open: OpenFolder) -> Option<Self> {
        Some(Self { uid_validity: open.uid_validity, uid_next: open.uid_next?, exists: open.exists })
    }
}

/// Whether nothing waits in the inbox. `false` means that only a round can tell.
///
/// If it is open, everything in it was done at some time, and the server is asked what changed since; with `search` for
/// unseen mail too, as not every change is announced. Else it is opened, and has no unseen mail and none that was not there
/// when everything was done; an empty one needs no comparison.
///
/// # Errors
///
/// The connection failed.
pub async fn is_calm(session: &mut Session, mailbox: &Mailbox, before: Option<Calm>, search: bool) -> Result<bool> {
    if session.opened(&mailbox.folder).is_some() {
        if !session.has_changed() {
            session.ask_for_changes().await?;
        }
        return Ok(!session.has_changed() && (!search || session.unseen_uids().await?.is_empty()));
    }
    let open = session.open(&mailbox.folder, Mode::ReadWrite).await?;
    if open.exists == 0 {
        return Ok(true);
    }
    Ok(before.is_some() && before == Calm::read(open) && session.unseen_uids().await?.is_empty())
}
