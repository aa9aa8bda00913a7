//! Whether anything changed in the open folder since everything there was done: what a look costs where nothing did.

use super::command::Command;
use super::error::ImapError;
use super::open_folder::OpenFolder;
use super::session::Session;
use crate::application::FolderName;

impl Session {
    /// The open folder as it was told when it was opened, with the number of mails that it has now; `None` if it is
    /// another folder that is open, or none. One that was only looked ahead to is not open yet.
    #[must_use]
    pub fn opened(&self, folder: &FolderName) -> Option<OpenFolder> {
        if self.is_ahead() {
            return None;
        }
        let selected = self.wire.selected.as_ref().filter(|selected| selected.folder == *folder)?;
        Some(OpenFolder { exists: selected.exists, ..selected.opened })
    }

    /// Whether the server told of new mail in the open folder and nobody has searched since.
    #[must_use]
    pub fn has_news(&self) -> bool {
        self.wire.selected.as_ref().is_some_and(|selected| selected.news)
    }

    /// Whether the server told of any change in the open folder, by whatever it sent, since [`Session::forget_changes`]:
    /// new mail, mail that is gone, flags. `true` if no folder is open.
    #[must_use]
    pub fn has_changed(&self) -> bool {
        self.wire.selected.as_ref().is_none_or(|selected| selected.changed || selected.news)
    }

    /// Everything that was told of is done. New mail that nobody searched for stays news.
    pub fn forget_changes(&mut self) {
        if let Some(selected) = &mut self.wire.selected {
            selected.changed = false;
        }
    }

    /// Asks the server to tell what changed in the open folder (NOOP); then see [`Session::has_changed`].
    ///
    /// # Errors
    ///
    /// As every command.
    pub async fn ask_for_changes(&mut self) -> Result<(), ImapError> {
        self.wire.run(Command::new("NOOP", "", "ask for changes"), |_| {}).await
    }
}
