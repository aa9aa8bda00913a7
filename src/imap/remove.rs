//! Removing mail from a folder: the second half of filing it away, and erasing it.
//!
//! With UIDPLUS exactly the named mails are expunged. Without it they are marked as deleted, and a mail program has to
//! expunge them: a plain EXPUNGE would delete what other people have marked.

use std::collections::BTreeSet;

use super::command::Command;
use super::error::{Answer, ImapError};
use super::session::Session;
use super::uid::{Uid, UidSet, sets};
use crate::fail_point::{FailPoint, reach};

impl Session {
    /// Removes mails from the open folder that were copied into another by an exchange that was interrupted: the second
    /// half of [`Session::file_away`], in the same way.
    ///
    /// # Errors
    ///
    /// As [`Session::file_away`].
    pub async fn remove_filed(&mut self, uids: &[Uid]) -> Result<(), ImapError> {
        self.remove(uids, &format!("remove {} mails that were filed before", uids.len())).await?;
        Ok(())
    }

    /// Removes mails from the open folder for good. `false` if the server cannot remove single mails (no UIDPLUS): they
    /// are marked as deleted, and gone when a mail program expunges the folder.
    ///
    /// # Errors
    ///
    /// [`ImapError::Refused`] with the server's reason, also if the folder is open for reading only or lets nobody delete,
    /// or the server says OK and keeps them; those before may be gone then.
    pub async fn remove_for_good(&mut self, uids: &[Uid]) -> Result<bool, ImapError> {
        self.remove(uids, &format!("remove {} erased mails", uids.len())).await
    }

    async fn remove(&mut self, uids: &[Uid], purpose: &str) -> Result<bool, ImapError> {
        self.refuse_if_nothing_can_be_removed(purpose)?;
        let can_expunge = self.capabilities().has_uidplus();
        for set in sets(uids) {
            if can_expunge {
                self.expunge(&set, purpose).await?;
            } else {
                self.mark(&set, purpose).await?;
            }
        }
        Ok(can_expunge)
    }

    pub(super) async fn expunge(&mut self, set: &UidSet, purpose: &str) -> Result<(), ImapError> {
        self.mark_deleted(set, purpose).await?;
        reach(FailPoint::Marked);
        self.run_on_those_there(Command::new("UID EXPUNGE", &set.text, purpose)).await?;
        let left = self.search(&format!("UID {}", set.text), purpose).await?;
        self.refuse_if_left("UID EXPUNGE", &left, purpose)
    }

    pub(super) async fn mark(&mut self, set: &UidSet, purpose: &str) -> Result<(), ImapError> {
        self.mark_deleted(set, purpose).await?;
        reach(FailPoint::Marked);
        let left = self.search(&format!("UID {} UNDELETED", set.text), purpose).await?;
        self.refuse_if_left("UID STORE", &left, purpose)
    }

    /// Takes the mark of deletion away from those of these mails that have it, so that a copy of them has none: it would go
    /// when somebody expunges the other folder.
    pub(super) async fn unmark(&mut self, set: &UidSet, purpose: &str) -> Result<(), ImapError> {
        let marked = self.search(&format!("UID {} DELETED", set.text), purpose).await?;
        let marked: Vec<Uid> = marked.into_iter().collect();
        for set in sets(&marked) {
            let arguments = format!("{} -FLAGS.SILENT (\\Deleted)", set.text);
            self.run_on_those_there(Command::new("UID STORE", &arguments, purpose)).await?;
        }
        Ok(())
    }

    async fn mark_deleted(&mut self, set: &UidSet, purpose: &str) -> Result<(), ImapError> {
        let arguments = format!("{} +FLAGS.SILENT (\\Deleted)", set.text);
        self.run_on_those_there(Command::new("UID STORE", &arguments, purpose)).await
    }

    /// A NO that only says that some of the mails have vanished is no refusal: whether the others are left is asked
    /// afterwards.
    pub(super) async fn run_on_those_there(&mut self, command: Command) -> Result<(), ImapError> {
        match self.wire.run(command, |_| {}).await {
            Err(refusal) if refusal.code() == Some("EXPUNGEISSUED") => Ok(()),
            other => other,
        }
    }

    fn refuse_if_left(&self, verb: &'static str, left: &BTreeSet<Uid>, purpose: &str) -> Result<(), ImapError> {
        if left.is_empty() {
            return Ok(());
        }
        let why = format!("{} mails were to go, but the server keeps them here although it said OK", left.len());
        Err(self.wire.refused(verb, purpose, Answer::saying(&why)))
    }
}
