//! What the record knows of an inbox when a round looks into it.

use super::attempts::{self, AttemptsMade};
use super::connection::AnyConnection;
use super::error::Work;
use super::place::{self, RecordedPlace, number};
use super::schema::removals;
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use diesel::prelude::*;

/// What is known of mail in an inbox, all of one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KnownInbox {
    /// Mails that are recorded and not filed away, as [`Store::recorded_places`] gives them.
    pub recorded: Vec<RecordedPlace>,
    /// UIDs of erased mails that could not be removed yet, as [`Store::uids_to_remove`] gives them.
    pub to_remove: Vec<u32>,
    /// Attempts at mails without a record, as [`Store::attempts_made`] gives them.
    pub attempts: Vec<AttemptsMade>,
}

impl Store {
    /// What is known of mail in the inbox of this name and UIDVALIDITY. Of one moment, so that a mail that is erased just
    /// now is among the recorded ones or among those to be removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn known_inbox(&self, mailbox: MailboxId, folder: &str, uid_validity: u32) -> Result<KnownInbox, StoreError> {
        self.read("Cannot look up what is known of the inbox", |connection| {
            Ok(KnownInbox {
                recorded: place::recorded_places(connection, mailbox, uid_validity)?,
                to_remove: uids_to_remove(connection, mailbox, folder, uid_validity)?,
                attempts: attempts::attempts_made(connection, mailbox, uid_validity)?,
            })
        })
    }
}

/// The UIDs of erased mails in this folder.
fn uids_to_remove(
    connection: &mut AnyConnection,
    mailbox: MailboxId,
    folder: &str,
    uid_validity: u32,
) -> Work<Vec<u32>> {
    let uids: Vec<Option<i64>> = removals::table
        .filter(removals::mailbox_id.eq(mailbox.0))
        .filter(removals::folder.eq(folder))
        .filter(removals::uid_validity.eq(i64::from(uid_validity)))
        .select(removals::uid)
        .load(connection)?;
    Ok(uids.into_iter().filter_map(number).collect())
}
