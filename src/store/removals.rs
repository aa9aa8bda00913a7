//! Archived mail of erased records, to be removed from its server: noted when the record goes, kept until the mail is gone.

use super::connection::{AnyConnection, on};
use super::error::Work;
use super::place::number;
use super::schema::{mailboxes, mails, removals};
use super::time::{read, stored};
use super::words::{count, storable};
use super::{Store, StoreError};
use crate::application::id::{MailId, MailboxId};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max, min};
use diesel::prelude::*;
use serde::Serialize;

/// A mail to be removed from its server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    /// The number that its record had.
    pub mail: MailId,
    /// The folder in which it lay.
    pub folder: String,
    /// The folder's UIDVALIDITY and its UID there, if the server told.
    pub uid: Option<(u32, u32)>,
    /// Whether it was filed away and did not wait to be moved on: then no exchange that was interrupted has left a second
    /// copy. If not it lies where it lay, in an archive folder, or in both.
    pub is_settled: bool,
    /// Its size in octets, as the server stated it.
    pub size: u64,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// When its outcome was last decided: tells the month of a folder that has one.
    pub processed_at: DateTime<Utc>,
    /// Its Message-ID without angle brackets, where its place is not known or it was to be moved on.
    pub message_id: Option<String>,
    /// The digest of its identity, to recognise it by.
    pub digest: String,
    /// How often it could not be removed.
    pub attempts: u32,
}

/// The mail of one mailbox that is still to be removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RemovalsWaiting {
    /// The mailbox.
    #[serde(skip)]
    pub id: MailboxId,
    /// Its import address.
    pub mailbox: String,
    /// How many mails.
    pub mails: u64,
    /// Since when the oldest of them waits.
    pub since: Option<DateTime<Utc>>,
    /// Why the last attempt failed, if one did.
    pub error: Option<String>,
}

#[derive(Queryable)]
struct Row {
    mail: i64,
    folder: String,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    is_filed: bool,
    size: i64,
    received_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    message_id: Option<String>,
    digest: String,
    attempts: i32,
}

#[derive(Insertable)]
#[diesel(table_name = removals, treat_none_as_default_value = false)]
struct NewRemoval {
    mailbox_id: i64,
    mail_id: i64,
    folder: String,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    is_filed: bool,
    size: i64,
    received_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    message_id: Option<String>,
    digest: String,
    since: NaiveDateTime,
    attempts: i32,
    next_at: NaiveDateTime,
}

#[derive(Queryable)]
struct Lying {
    mailbox: i64,
    mail: i64,
    folder: Option<String>,
    uid_validity: Option<i64>,
    uid: Option<i64>,
    filed_at: Option<NaiveDateTime>,
    refile_since: Option<NaiveDateTime>,
    size: i64,
    received_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    message_id: Option<String>,
    digest: String,
}

/// Notes where these mails lie, whose records are about to go. One that came from a file lies nowhere.
pub(super) fn note(connection: &mut AnyConnection, ids: &[i64], now: DateTime<Utc>) -> Work<()> {
    let lying: Vec<Lying> = mails::table
        .filter(mails::id.eq_any(ids))
        .filter(mails::folder.is_not_null())
        .order(mails::id)
        .select((
            mails::mailbox_id,
            mails::id,
            mails::folder,
            mails::uid_validity,
            mails::uid,
            mails::filed_at,
            mails::refile_since,
            mails::size,
            mails::received_at,
            mails::processed_at,
            mails::message_id,
            mails::digest,
        ))
        .load(connection)?;
    // Decided about after it was filed: it may be on its way into another folder.
    let is_moving =
        |mail: &Lying| mail.filed_at.is_some_and(|at| mail.refile_since.is_some() || mail.processed_at > at);
    let rows: Vec<NewRemoval> = lying
        .into_iter()
        .map(|mail| (is_moving(&mail), mail))
        .map(|(moving, mail)| NewRemoval {
            mailbox_id: mail.mailbox,
            mail_id: mail.mail,
            folder: mail.folder.unwrap_or_default(),
            uid_validity: mail.uid_validity,
            uid: mail.uid,
            is_filed: mail.filed_at.is_some() && !moving,
            size: mail.size,
            received_at: mail.received_at,
            processed_at: mail.processed_at,
            // Where the one place is known size, day and digest do, should the server give its mails other numbers.
            message_id: mail.message_id.filter(|_| mail.uid.is_none() || moving),
            digest: mail.digest,
            since: stored(now),
            attempts: 0,
            next_at: stored(now),
        })
        .collect();
    for part in rows.chunks(1000) {
        on!(connection, inner => diesel::insert_into(removals::table).values(part).execute(inner))?;
    }
    Ok(())
}

impl Store {
    /// Mails to be removed from this mailbox, oldest first, at most `most`: those that are due, or without a time all.
    /// `after` is the last one that was seen.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn removals(
        &self,
        mailbox: MailboxId,
        due: Option<DateTime<Utc>>,
        after: Option<MailId>,
        most: u32,
    ) -> Result<Vec<Removal>, StoreError> {
        self.read("Cannot look up mail to be removed", |connection| {
            let mut query = removals::table
                .filter(removals::mailbox_id.eq(mailbox.0))
                .filter(removals::mail_id.gt(after.map_or(0, |mail| mail.0)))
                .order(removals::mail_id)
                .limit(i64::from(most))
                .select((
                    removals::mail_id,
                    removals::folder,
                    removals::uid_validity,
                    removals::uid,
                    removals::is_filed,
                    removals::size,
                    removals::received_at,
                    removals::processed_at,
                    removals::message_id,
                    removals::digest,
                    removals::attempts,
                ))
                .into_boxed();
            if let Some(due) = due {
                query = query.filter(removals::next_at.le(stored(due)));
            }
            let rows: Vec<Row> = query.load(connection)?;
            let removal = |row: Row| Removal {
                mail: MailId(row.mail),
                folder: row.folder,
                uid: number(row.uid_validity).zip(number(row.uid)),
                is_settled: row.is_filed,
                size: count(row.size),
                received_at: read(row.received_at),
                processed_at: read(row.processed_at),
                message_id: row.message_id,
                digest: row.digest,
                attempts: row.attempts.try_into().unwrap_or_default(),
            };
            Ok(rows.into_iter().map(removal).collect())
        })
    }

    /// These mails are about to be removed. Should the attempt end the connection, or the process, the next one is made at
    /// the given time; so a server that will not have them removed keeps no other mail waiting.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn begin_removing(&self, mails: &[MailId], next_at: DateTime<Utc>) -> Result<(), StoreError> {
        self.write("Cannot note an attempt to remove mail", |connection| {
            diesel::update(removals::table.filter(removals::mail_id.eq_any(mails.iter().map(|mail| mail.0))))
                .set((removals::attempts.eq(removals::attempts + 1), removals::next_at.eq(stored(next_at))))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Why these mails could not be removed, in words for operations.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn could_not_remove(&self, mails: &[MailId], error: &str) -> Result<(), StoreError> {
        self.write("Cannot note why mail was not removed", |connection| {
            diesel::update(removals::table.filter(removals::mail_id.eq_any(mails.iter().map(|mail| mail.0))))
                .set(removals::last_error.eq(storable(error)))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Why no mail at all could be removed from this mailbox.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn could_not_reach(&self, mailbox: MailboxId, error: &str) -> Result<(), StoreError> {
        self.write("Cannot note why mail was not removed", |connection| {
            diesel::update(removals::table.filter(removals::mailbox_id.eq(mailbox.0)))
                .set(removals::last_error.eq(storable(error)))
                .execute(connection)?;
            Ok(())
        })
    }

    /// These mails are gone from the server.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away; they are looked for once more then.
    pub fn removed(&self, mails: &[MailId]) -> Result<(), StoreError> {
        self.write("Cannot note that mail is removed", |connection| {
            for part in mails.chunks(1000) {
                diesel::delete(removals::table.filter(removals::mail_id.eq_any(part.iter().map(|mail| mail.0))))
                    .execute(connection)?;
            }
            Ok(())
        })
    }

    /// The mailboxes with mail that is still to be removed.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn removals_waiting(&self) -> Result<Vec<RemovalsWaiting>, StoreError> {
        self.read("Cannot look up mail to be removed", waiting)
    }
}

type WaitingRow = (i64, String, i64, Option<NaiveDateTime>, Option<String>);

/// The mailboxes with mail that is still to be removed, for their own answer and for the status.
pub(super) fn waiting(connection: &mut AnyConnection) -> Work<Vec<RemovalsWaiting>> {
    let rows: Vec<WaitingRow> = removals::table
        .inner_join(mailboxes::table)
        .group_by((mailboxes::id, mailboxes::address))
        .order(mailboxes::address)
        .select((mailboxes::id, mailboxes::address, count_star(), min(removals::since), max(removals::last_error)))
        .load(connection)?;
    let waiting = |(id, mailbox, mails, since, error): WaitingRow| RemovalsWaiting {
        id: MailboxId(id),
        mailbox,
        mails: count(mails),
        since: since.map(read),
        error,
    };
    Ok(rows.into_iter().map(waiting).collect())
}
