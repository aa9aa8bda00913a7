//! Looking ahead: what a round asks first of a mailbox, asked in one flight.
//!
//! On a new connection that is LIST with SELECT; on one that had the folder open before and knows it for small, SELECT
//! with the search for new mail. The answers wait for [`Session::folders`], [`Session::open`] and
//! [`Session::unseen_uids`], which would have asked the same. They count only as long as nothing else was sent: after any
//! other command the question is asked anew.

use super::ahead::Ahead;
use super::command::Command;
use super::ensure_folder::LIST_ALL;
use super::error::ImapError;
use super::flight;
use super::folders::Folders;
use super::open_folder::{Mode, OpenFolder, Told};
use super::search::{NEW_MAIL, WINDOW, found_in};
use super::session::Session;
use super::uid::Uid;
use crate::application::FolderName;
use std::collections::BTreeSet;

impl Session {
    /// Asks in one flight what the beginning of a round will ask: the folders, unless they are known; for this folder to
    /// be opened; and its new mail, if the folder was small when it was open last. Whatever is refused is asked again, and
    /// told, by the call that needs it.
    ///
    /// # Errors
    ///
    /// As every command, but for refusals: [`ImapError::Refused`] only if the connection ended with it.
    pub async fn look_ahead(&mut self, folder: &FolderName, mode: Mode) -> Result<(), ImapError> {
        let purpose = format!("open the folder {folder}");
        if !folder.is_inbox() && self.folders.is_none() {
            self.folders().await?;
        }
        let Some(place) = self.place_known(folder) else { return Ok(()) };
        let mut commands = Vec::with_capacity(flight::MOST);
        let asks_folders = self.folders.is_none();
        if asks_folders {
            commands.push(Command::new("LIST", LIST_ALL, "list the folders"));
        }
        let opens_at = commands.len();
        commands.push(Self::opening(&place, mode, &purpose));
        let is_small = self.last_size_of(&place).is_some_and(|mails| mails <= WINDOW);
        if is_small {
            commands.push(Command::new("UID SEARCH", NEW_MAIL, "search for new mail"));
        }
        let (mut folders, mut told, mut unseen) = (Folders::default(), Told::of(mode), BTreeSet::new());
        (self.ahead, self.wire.selected) = (None, None);
        let results = self.wire.run_together(&commands, |response| {
            folders.take_in(response);
            told.take_in(response);
            unseen.extend(found_in(response));
        });
        let mut results = results.await?;
        if !self.wire.is_open() {
            return results.into_iter().collect();
        }
        let succeeded = |at: usize| results.get(at).is_some_and(Result::is_ok);
        if asks_folders && succeeded(0) && folders.separator.is_some() {
            self.folders = Some(folders);
        }
        if !succeeded(opens_at) {
            if !asks_folders {
                self.folders = None;
            }
            return Ok(());
        }
        // News that came behind the search's back: then it is made anew.
        let searched = is_small && succeeded(opens_at + 1) && !told.has_changed();
        results.clear();
        let opened = self.take_open(folder, &place, &told, &purpose)?;
        self.ahead = Some(Ahead {
            sent: self.wire.sent(),
            place,
            mode,
            opened: Some(opened),
            unseen: searched.then_some(unseen),
        });
        Ok(())
    }

    /// Whether a folder was opened that nobody has asked for yet.
    pub(super) fn is_ahead(&self) -> bool {
        self.ahead.as_ref().is_some_and(|ahead| ahead.opened.is_some())
    }

    /// The answer to opening a folder, if it came ahead.
    pub(super) fn opened_ahead(&mut self, place: &str, mode: Mode) -> Option<OpenFolder> {
        let ahead = self.fresh_ahead()?;
        if ahead.place != place || ahead.mode != mode {
            return None;
        }
        ahead.opened.take()
    }

    /// The answer to the search for new mail, if it came ahead.
    pub(super) fn unseen_ahead(&mut self) -> Option<BTreeSet<Uid>> {
        let ahead = self.fresh_ahead()?;
        // Before the folder is asked for nobody knows which one is meant.
        if ahead.opened.is_some() { None } else { ahead.unseen.take() }
    }

    fn fresh_ahead(&mut self) -> Option<&mut Ahead> {
        let sent = self.wire.sent();
        self.ahead.as_mut().filter(|ahead| ahead.sent == sent)
    }

    /// The name on the wire of a folder, as far as it can be told without asking.
    fn place_known(&self, name: &FolderName) -> Option<String> {
        if name.is_inbox() {
            return Some("INBOX".into());
        }
        Some(self.folders.as_ref()?.find_open(name)?.wire.clone())
    }
}
