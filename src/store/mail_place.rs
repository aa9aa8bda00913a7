//! Where a recorded mail lies, for fetching it again or moving it on.

use super::error::{Trouble, Work};
use super::place::number;
use super::record::{AsSeen, SeenRow};
use super::schema::{mailboxes, mails};
use super::time::read;
use super::words::{count, value};
use super::{Store, StoreError};
use crate::application::EmailAddress;
use crate::application::id::{MailId, MailboxId, TenantId};
use crate::decision::ImportOutcome;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// What is known of where a mail lies, and what it is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailPlace {
    /// The record.
    pub mail: MailId,
    /// Its tenant.
    pub tenant: TenantId,
    /// The mailbox it came in by.
    pub mailbox: MailboxId,
    /// That mailbox's import address.
    pub address: EmailAddress,
    /// Its size in octets, as the server stated it.
    pub size: u64,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// When its outcome was last decided: tells the month of a folder that has one.
    pub processed_at: DateTime<Utc>,
    /// How its record stood, to find out whether somebody decided since.
    pub seen: AsSeen,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// The folder it lies in; `None` for a mail that came from a file.
    pub folder: Option<String>,
    /// Whether it was filed away; if not, a round does it.
    pub is_filed: bool,
    /// The folder's UIDVALIDITY and its UID there, if the server told.
    pub uid: Option<(u32, u32)>,
    /// Its Message-ID without angle brackets, to search for where the UID is not known.
    pub message_id: Option<String>,
    /// The digest of its identity, to recognise it by.
    pub digest: String,
}

#[derive(Queryable)]
struct PlaceRow {
    mail: i64,
    tenant: i64,
    mailbox: i64,
    address: String,
    size: i64,
    received_at: NaiveDateTime,
    seen: SeenRow,
    outcome: String,
    folder: Option<String>,
    filed_at: Option<NaiveDateTime>,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    message_id: Option<String>,
    digest: String,
}

#[diesel::dsl::auto_type]
fn places() -> _ {
    mails::table.inner_join(mailboxes::table).select((
        mails::id,
        mails::tenant_id,
        mails::mailbox_id,
        mailboxes::address,
        mails::size,
        mails::received_at,
        (mails::processed_at, mails::decided_by, mails::discarded_at),
        mails::outcome,
        mails::folder,
        mails::filed_at,
        mails::uid_validity,
        mails::uid,
        mails::message_id,
        mails::digest,
    ))
}

impl PlaceRow {
    fn place(self) -> Work<MailPlace> {
        let seen = AsSeen::read(self.seen)?;
        Ok(MailPlace {
            mail: MailId(self.mail),
            tenant: TenantId(self.tenant),
            mailbox: MailboxId(self.mailbox),
            address: EmailAddress::parse(&self.address).map_err(|_| Trouble::Unreadable("an address"))?,
            size: count(self.size),
            received_at: read(self.received_at),
            processed_at: seen.processed_at,
            seen,
            outcome: value(&self.outcome, "an outcome")?,
            folder: self.folder,
            is_filed: self.filed_at.is_some(),
            uid: number(self.uid_validity).zip(number(self.uid)),
            message_id: self.message_id,
            digest: self.digest,
        })
    }
}

impl Store {
    /// Where this mail lies, or `None` if there is no such mail.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mail_place(&self, mail: MailId) -> Result<Option<MailPlace>, StoreError> {
        Ok(self.mail_places(&[mail])?.pop())
    }

    /// Where these mails lie, those that there are, lowest id first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mail_places(&self, ids: &[MailId]) -> Result<Vec<MailPlace>, StoreError> {
        self.read("Cannot look up where mails lie", |connection| {
            let mut found = Vec::with_capacity(ids.len());
            for part in ids.chunks(1000) {
                let part: Vec<i64> = part.iter().map(|id| id.0).collect();
                let rows: Vec<PlaceRow> = places().filter(mails::id.eq_any(part)).order(mails::id).load(connection)?;
                found.extend(rows);
            }
            found.sort_by_key(|row| row.mail);
            found.into_iter().map(PlaceRow::place).collect()
        })
    }

    /// The mails of this mailbox that were filed away and belong into another archive folder since, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn to_refile(&self, mailbox: MailboxId) -> Result<Vec<MailPlace>, StoreError> {
        self.read("Cannot look up mails to be moved on", |connection| {
            let mut rows: Vec<PlaceRow> = places()
                .filter(mails::mailbox_id.eq(mailbox.0))
                .filter(mails::refile_since.is_not_null())
                .load(connection)?;
            // Put into order here, as in `recorded_places`.
            rows.sort_by_key(|row| row.mail);
            rows.into_iter().map(PlaceRow::place).collect()
        })
    }

    /// The mails of this mailbox that were filed away last and had been handed over, newest first, at most so many.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn newest_filed(&self, mailbox: MailboxId, most: i64) -> Result<Vec<MailPlace>, StoreError> {
        self.read("Cannot look up the mail that was filed last", |connection| {
            let rows: Vec<PlaceRow> = places()
                .filter(mails::mailbox_id.eq(mailbox.0))
                .filter(mails::filed_at.is_not_null())
                .filter(mails::outcome.ne(ImportOutcome::SetAside.as_str()))
                .order(mails::id.desc())
                .limit(most)
                .load(connection)?;
            rows.into_iter().map(PlaceRow::place).collect()
        })
    }

    /// Stops trying to move a mail on: it is in none of the folders where it could be.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn give_up_refiling(&self, mail: MailId) -> Result<(), StoreError> {
        self.write("Cannot note that a mail is not to be found", |connection| {
            diesel::update(mails::table.find(mail.0))
                .set(mails::refile_since.eq(None::<NaiveDateTime>))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Whether, as far as is recorded, another mail than this one lies at this place.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn is_anothers_place(
        &self,
        mail: MailId,
        mailbox: MailboxId,
        folder: &str,
        (uid_validity, uid): (u32, u32),
    ) -> Result<bool, StoreError> {
        self.read("Cannot look up what lies at a place", |connection| {
            let others: i64 = mails::table
                .filter(mails::mailbox_id.eq(mailbox.0))
                .filter(mails::folder.eq(folder))
                .filter(mails::uid_validity.eq(i64::from(uid_validity)))
                .filter(mails::uid.eq(i64::from(uid)))
                .filter(mails::id.ne(mail.0))
                .count()
                .get_result(connection)?;
            Ok(others > 0)
        })
    }
}
