//! An open folder: what the server tells when it opens one, and what it tells later.

use async_imap::imap_proto::{MailboxDatum, Response, ResponseCode};

use super::response_code::code_of;
use crate::application::FolderName;

/// What may be done in an open folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// SELECT: mail can be filed away.
    ReadWrite,
    /// EXAMINE: nothing in the folder changes, whatever is done.
    ReadOnly,
}

/// What a server tells of a folder that it opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenFolder {
    /// UIDs are comparable only while this stays the same.
    pub uid_validity: u32,
    /// The next mail gets this UID or a higher one; some servers do not tell it.
    pub uid_next: Option<u32>,
    /// Number of mails.
    pub exists: u32,
    /// Opened by [`Mode::ReadOnly`], or the server allows no more.
    pub read_only: bool,
}

/// What is told of a folder while it is opened, and behind that.
#[derive(Default)]
pub(super) struct Told {
    pub(super) uid_validity: Option<u32>,
    pub(super) uid_next: Option<u32>,
    pub(super) exists: Option<u32>,
    pub(super) read_only: bool,
    pub(super) deletable: Option<bool>,
    changed: bool,
}

impl Told {
    pub(super) fn of(mode: Mode) -> Self {
        Self { read_only: mode == Mode::ReadOnly, ..Self::default() }
    }

    /// Whether mail came or vanished after the number of mails was told.
    pub(super) fn has_changed(&self) -> bool {
        self.changed
    }

    pub(super) fn take_in(&mut self, response: &Response<'_>) {
        match response {
            Response::MailboxData(MailboxDatum::Exists(exists)) => {
                self.changed |= self.exists.is_some();
                self.exists = Some(*exists);
            }
            Response::Expunge(_) => {
                self.changed = true;
                self.exists = self.exists.map(|exists| exists.saturating_sub(1));
            }
            _ => {}
        }
        match code_of(response) {
            Some(ResponseCode::UidValidity(number)) if *number != 0 => self.uid_validity = Some(*number),
            Some(ResponseCode::UidNext(number)) if *number != 0 => self.uid_next = Some(*number),
            Some(ResponseCode::ReadOnly) => self.read_only = true,
            Some(ResponseCode::PermanentFlags(flags)) => {
                self.deletable = Some(flags.iter().any(|flag| flag.eq_ignore_ascii_case("\\Deleted")));
            }
            _ => {}
        }
    }
}

/// The open folder, kept up to date from unsolicited responses.
#[derive(Debug, Clone)]
pub(super) struct Selected {
    /// Which one.
    pub(super) folder: FolderName,
    /// What the server told when it was opened.
    pub(super) opened: OpenFolder,
    /// Number of mails.
    pub(super) exists: u32,
    /// Number of mails that were said to vanish since the folder was opened.
    pub(super) expunged: u32,
    /// The server told of new mail and nobody has searched since.
    pub(super) news: bool,
    /// The server told of any change since somebody last had everything done.
    pub(super) changed: bool,
    /// `\Deleted` can be set for good (PERMANENTFLAGS).
    pub(super) deletable: bool,
}
