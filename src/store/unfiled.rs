//! Mails that are recorded and, as far as the record knows, not filed away: what is needed to find out where they lie.

use super::place::number;
use super::schema::mails;
use super::time::read;
use super::words::value;
use super::{Store, StoreError};
use crate::application::id::{MailId, MailboxId};
use crate::decision::ImportOutcome;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// A mail whose round ended between the record and the note of where it was filed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnfiledMail {
    /// Its record.
    pub mail: MailId,
    /// What came of it, which names its archive folder.
    pub outcome: ImportOutcome,
    /// When it was first decided and recorded.
    pub recorded_at: DateTime<Utc>,
    /// When its outcome was last decided: tells the month of a folder that has one.
    pub processed_at: DateTime<Utc>,
    /// The inbox's UIDVALIDITY when it was fetched.
    pub uid_validity: u32,
    /// Its UID there.
    pub uid: u32,
    /// Its size in octets.
    pub size: u64,
    /// Its Message-ID without angle brackets.
    pub message_id: Option<String>,
    /// The digest of its identity.
    pub digest: String,
}

impl UnfiledMail {
    /// Whether it was decided once more since it was recorded: it may have been moved for the outcome of before.
    pub fn was_decided_again(&self) -> bool {
        self.processed_at != self.recorded_at
    }
}

#[derive(Queryable)]
struct Row {
    id: i64,
    outcome: String,
    recorded_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    size: i64,
    message_id: Option<String>,
    digest: String,
}

impl Store {
    /// The mails of this mailbox that are recorded and not noted as filed away, under whichever UIDVALIDITY, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn unfiled_mails(&self, mailbox: MailboxId) -> Result<Vec<UnfiledMail>, StoreError> {
        self.read("Cannot look up mails that were not filed away", |connection| {
            // Put into order here, as in `recorded_places`.
            let mut rows: Vec<Row> = mails::table
                .filter(mails::mailbox_id.eq(mailbox.0))
                .filter(mails::uid.is_not_null())
                .filter(mails::filed_at.is_null())
                .select((
                    mails::id,
                    mails::outcome,
                    mails::recorded_at,
                    mails::processed_at,
                    mails::uid_validity,
                    mails::uid,
                    mails::size,
                    mails::message_id,
                    mails::digest,
                ))
                .load(connection)?;
            rows.sort_unstable_by_key(|row| row.id);
            rows.into_iter()
                .filter_map(|row| Some((number(row.uid_validity)?, number(row.uid)?, row)))
                .map(|(uid_validity, uid, row)| {
                    Ok(UnfiledMail {
                        mail: MailId(row.id),
                        outcome: value(&row.outcome, "an outcome")?,
                        recorded_at: read(row.recorded_at),
                        processed_at: read(row.processed_at),
                        uid_validity,
                        uid,
                        size: row.size.try_into().unwrap_or(0),
                        message_id: row.message_id,
                        digest: row.digest,
                    })
                })
                .collect()
        })
    }

    /// Where other mails with this digest were filed in this folder: UIDVALIDITY and UID, or `None` where the server did
    /// not tell. Each of them accounts for one copy there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn filed_copies(
        &self,
        mailbox: MailboxId,
        folder: &str,
        digest: &str,
    ) -> Result<Vec<Option<(u32, u32)>>, StoreError> {
        self.read("Cannot look up copies of a mail", |connection| {
            let rows: Vec<(Option<i64>, Option<i64>)> = mails::table
                .filter(mails::mailbox_id.eq(mailbox.0))
                .filter(mails::digest.eq(digest))
                .filter(mails::folder.eq(folder))
                .filter(mails::filed_at.is_not_null())
                .select((mails::uid_validity, mails::uid))
                .load(connection)?;
            Ok(rows.into_iter().map(|(uid_validity, uid)| number(uid_validity).zip(number(uid))).collect())
        })
    }

    /// Notes that a mail that is not filed away lies at another place of the inbox (UIDVALIDITY and UID), or, with `None`,
    /// that it is no longer found: somebody took it away.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn lies_elsewhere(&self, mail: MailId, place: Option<(u32, u32)>) -> Result<(), StoreError> {
        self.write("Cannot note where a mail lies", |connection| {
            diesel::update(mails::table.filter(mails::id.eq(mail.0)).filter(mails::filed_at.is_null()))
                .set((
                    mails::uid_validity.eq(place.map(|(uid_validity, _)| i64::from(uid_validity))),
                    mails::uid.eq(place.map(|(_, uid)| i64::from(uid))),
                ))
                .execute(connection)?;
            Ok(())
        })
    }
}
