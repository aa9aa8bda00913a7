//! A logged-in connection, the folder it has open, and its end.

use std::fmt;

use async_imap::imap_proto::Response;
use chrono::{DateTime, Utc};

use super::ahead::Ahead;
use super::capabilities::Capabilities;
use super::command::{Command, Wire};
use super::error::ImapError;
use super::folders::Folders;
use super::link::Patience;
use super::open_folder::{Mode, OpenFolder, Selected, Told};
use super::quoting::quoted;
use crate::application::FolderName;
use crate::progress::Progress;

/// A logged-in connection to one mailbox, with at most one folder open.
///
/// After [`ImapError::Lost`], a BAD, or a future that was dropped before its end, the connection is closed and every
/// further call says `Lost`: open a new session.
pub struct Session {
    pub(super) wire: Wire,
    pub(super) folders: Option<Folders>,
    pub(super) ahead: Option<Ahead>,
    /// The folder that was opened last, by its name on the wire, and how many mails it held then.
    last_opened: Option<(String, u32)>,
    capabilities: Capabilities,
    login_ends_at: Option<DateTime<Utc>>,
    progress: Progress,
}

impl Session {
    pub(super) fn new(wire: Wire, capabilities: Capabilities, login_ends_at: Option<DateTime<Utc>>) -> Self {
        let progress = wire.progress();
        Self { wire, folders: None, ahead: None, last_opened: None, capabilities, login_ends_at, progress }
    }

    /// How far the work over this connection has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        self.progress.clone()
    }

    /// When the access token of the log-in ends; `None` after a log-in by password, which does not end.
    #[must_use]
    pub fn login_ends_at(&self) -> Option<DateTime<Utc>> {
        self.login_ends_at
    }

    /// Whether a failure at `now` comes of the log-in's end rather than of what was done: the token's time is over, or the
    /// server says so. Then a new log-in is all that is needed.
    #[must_use]
    pub fn login_ran_out(&self, error: &ImapError, now: DateTime<Utc>) -> bool {
        let Some(ends_at) = self.login_ends_at else { return false };
        match error {
            ImapError::Lost { .. } => ends_at <= now || error.says_that_the_login_ended(),
            ImapError::Refused { .. } => error.says_that_the_login_ended(),
            ImapError::WrongSettings { .. } | ImapError::TokenRefused { .. } => false,
        }
    }

    /// What the server can do, as told after login.
    #[must_use]
    pub fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    /// Whether further commands can be sent: after a NO they can, after a BAD or a lost connection they cannot.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        self.wire.is_open()
    }

    /// Opens a folder; the one that was open before is left as it is. CLOSE is never sent, since it expunges.
    ///
    /// # Errors
    ///
    /// [`ImapError::WrongSettings`] if there is no such folder, [`ImapError::Refused`] if it cannot be opened,
    /// [`ImapError::Lost`] also if the server does not tell UIDVALIDITY or the number of mails.
    pub async fn open(&mut self, folder: &FolderName, mode: Mode) -> Result<OpenFolder, ImapError> {
        let purpose = format!("open the folder {folder}");
        let place = self.existing(folder, &purpose).await?;
        if let Some(opened) = self.opened_ahead(&place, mode) {
            return Ok(opened);
        }
        self.ahead = None;
        // A failed SELECT leaves no folder open (RFC 3501, section 6.3.1).
        self.wire.selected = None;
        let mut told = Told::of(mode);
        let opened = self.wire.run(Self::opening(&place, mode, &purpose), |response| told.take_in(response)).await;
        self.forget_folders_if_refused(&opened);
        opened?;
        self.take_open(folder, &place, &told, &purpose)
    }

    /// After a folder was refused nobody knows which there are: somebody may have removed it since they were asked for. In a
    /// session that stays for days it would be taken for there as long, and not be made anew.
    pub(super) fn forget_folders_if_refused<T>(&mut self, result: &Result<T, ImapError>) {
        if matches!(result, Err(ImapError::Refused { .. })) {
            self.folders = None;
        }
    }

    /// The command that opens the folder of this name on the wire.
    pub(super) fn opening(place: &str, mode: Mode, purpose: &str) -> Command {
        let verb = match mode {
            Mode::ReadWrite => "SELECT",
            Mode::ReadOnly => "EXAMINE",
        };
        Command::new(verb, &quoted(place), purpose)
    }

    /// Takes a folder for open of which the server said OK.
    pub(super) fn take_open(
        &mut self,
        folder: &FolderName,
        place: &str,
        told: &Told,
        purpose: &str,
    ) -> Result<OpenFolder, ImapError> {
        let (Some(uid_validity), Some(exists)) = (told.uid_validity, told.exists) else {
            return Err(self.wire.give_up(purpose, "the server did not tell UIDVALIDITY or the number of mails"));
        };
        let opened = OpenFolder { uid_validity, uid_next: told.uid_next, exists, read_only: told.read_only };
        self.wire.selected = Some(Selected {
            folder: folder.clone(),
            opened,
            exists,
            expunged: 0,
            news: false,
            changed: false,
            deletable: told.deletable.unwrap_or(true) && !told.read_only,
        });
        self.last_opened = Some((place.to_owned(), exists));
        Ok(opened)
    }

    /// How many mails a folder held when it was opened last, if no other was opened since.
    pub(super) fn last_size_of(&self, place: &str) -> Option<u32> {
        self.last_opened.as_ref().filter(|(opened, _)| opened == place).map(|(_, mails)| *mails)
    }

    /// Says goodbye and closes the connection, waiting for the answer only briefly. There is nothing to do about a
    /// failure, hence none is reported.
    pub async fn logout(mut self) {
        let Ok(mut link) = self.wire.take("log out") else { return };
        let goodbye = self.wire.deadlines().goodbye;
        let patience = Patience::lasting(goodbye, goodbye);
        let tag = self.wire.next_tag();
        if link.send(&format!("{tag} LOGOUT"), patience).await.is_err() {
            return;
        }
        let answered =
            |response: &Response<'_>| matches!(response, Response::Done { tag: answered, .. } if answered.0 == tag);
        while let Ok(false) = link.receive_any(patience, answered).await {}
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session").field("wire", &self.wire).finish_non_exhaustive()
    }
}
