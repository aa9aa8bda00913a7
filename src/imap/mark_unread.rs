//! Giving mail back to the queue: taking `\Seen` off, because a person asked for it.

use super::command::Command;
use super::error::{Answer, ImapError};
use super::session::Session;
use super::uid::{Uid, sets};

impl Session {
    /// Marks mails of the open folder as not seen; those that have vanished are passed over. Nothing is done if `uids` is
    /// empty.
    ///
    /// # Errors
    ///
    /// [`ImapError::Refused`] with the server's reason, also if the folder is open for reading only, or the server says OK
    /// and leaves mails as they were (the account has no right to change `\Seen`). Those before may be marked then.
    pub async fn mark_unread(&mut self, uids: &[Uid]) -> Result<(), ImapError> {
        let purpose = format!("mark {} mails as unread", uids.len());
        if self.wire.selected.as_ref().is_some_and(|selected| selected.opened.read_only) {
            return Err(self.wire.refused("SELECT", &purpose, Answer::saying("the folder is open for reading only")));
        }
        for set in sets(uids) {
            let arguments = format!("{} -FLAGS.SILENT (\\Seen)", set.text);
            self.run_on_those_there(Command::new("UID STORE", &arguments, &purpose)).await?;
            let left = self.search(&format!("UID {} SEEN", set.text), &purpose).await?;
            if !left.is_empty() {
                let why = format!("{} mails are still marked as seen although the server said OK", left.len());
                return Err(self.wire.refused("UID STORE", &purpose, Answer::saying(&why)));
            }
        }
        Ok(())
    }
}
