//! Which mailboxes have something to do that is not new mail: one question for all of them.

use super::connection::on;
use super::schema::{mails, removals};
use super::time::stored;
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use std::collections::HashSet;

impl Store {
    /// The mailboxes in which a round has something to do besides new mail: mail that is recorded and not noted as filed
    /// away, mail that is to be moved on, and erased mail whose removal is due.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn errands(&self, now: DateTime<Utc>) -> Result<HashSet<MailboxId>, StoreError> {
        self.read("Cannot look up what is left to do", |connection| {
            let found: Vec<i64> = on!(connection, inner => mails::table
                .filter(mails::filed_at.is_null())
                .filter(mails::uid.is_not_null())
                .select(mails::mailbox_id)
                .union(mails::table.filter(mails::refile_since.is_not_null()).select(mails::mailbox_id))
                .union(removals::table.filter(removals::next_at.le(stored(now))).select(removals::mailbox_id))
                .load(inner))?;
            Ok(found.into_iter().map(MailboxId).collect())
        })
    }
}
