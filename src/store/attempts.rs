//! Attempts at mails that have no record yet.

use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::mail_attempts;
use super::time::stored;
use super::words::{count, whole_number};
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use chrono::{DateTime, Utc};
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = mail_attempts, treat_none_as_default_value = false)]
struct NewAttempt {
    mailbox_id: i64,
    uid_validity: i64,
    uid: i64,
    attempts: i32,
    size: i64,
    first_at: chrono::NaiveDateTime,
    last_at: chrono::NaiveDateTime,
}

/// The attempts made at a mail that has no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptsMade {
    /// The mail's UID.
    pub uid: u32,
    /// How many.
    pub attempts: u32,
    /// The mail's size in octets when they were made; `None` if that was not kept. A mail of another size is another one.
    pub size: Option<u64>,
}

impl Store {
    /// Counts an attempt at each of these mails and gives back, for each UID, how many were made, this one included. The
    /// mails are given by UID and size in octets. To be called before a mail is parsed, so that a mail that ends the process is counted too; recording the mail
    /// removes its row.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn note_attempts(
        &self,
        mailbox: MailboxId,
        uid_validity: u32,
        mails: &[(u32, u64)],
        now: DateTime<Utc>,
    ) -> Result<Vec<(u32, u32)>, StoreError> {
        let mut mails = mails.to_vec();
        // One order for all: two workers that count the same mails wait for each other and do not block each other.
        mails.sort_unstable();
        mails.dedup_by_key(|(uid, _)| *uid);
        // A mail is suspected of ending this process, and not of cutting the power: then an attempt more is made.
        self.write_soon("Cannot count attempts", |connection| {
            let mut counted = Vec::with_capacity(mails.len());
            for part in mails.chunks(1000) {
                let rows: Vec<NewAttempt> = part
                    .iter()
                    .map(|(uid, size)| NewAttempt {
                        mailbox_id: mailbox.0,
                        uid_validity: i64::from(uid_validity),
                        uid: i64::from(*uid),
                        attempts: 1,
                        size: whole_number(*size),
                        first_at: stored(now),
                        last_at: stored(now),
                    })
                    .collect();
                let part: Vec<(i64, i32)> = on!(connection, inner => diesel::insert_into(mail_attempts::table)
                    .values(&rows)
                    .on_conflict((mail_attempts::mailbox_id, mail_attempts::uid_validity, mail_attempts::uid))
                    .do_update()
                    .set((
                        mail_attempts::attempts.eq(mail_attempts::attempts + 1),
                        mail_attempts::last_at.eq(stored(now)),
                    ))
                    .returning((mail_attempts::uid, mail_attempts::attempts))
                    .get_results(inner))?;
                counted.extend(part);
            }
            counted.sort_unstable();
            Ok(counted
                .into_iter()
                .filter_map(|(uid, made)| Some((uid.try_into().ok()?, made.try_into().ok()?)))
                .collect())
        })
    }

    /// Changes how many attempts count for a mail that has some and no record.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn set_attempts(
        &self,
        mailbox: MailboxId,
        uid_validity: u32,
        uid: u32,
        attempts: u32,
    ) -> Result<(), StoreError> {
        self.write("Cannot change attempts", |connection| {
            let this = mail_attempts::table
                .filter(mail_attempts::mailbox_id.eq(mailbox.0))
                .filter(mail_attempts::uid_validity.eq(i64::from(uid_validity)))
                .filter(mail_attempts::uid.eq(i64::from(uid)));
            let attempts = i32::try_from(attempts).unwrap_or(i32::MAX);
            diesel::update(this).set(mail_attempts::attempts.eq(attempts)).execute(connection)?;
            Ok(())
        })
    }

    /// Forgets the attempts at the mails with these UIDs: they are no longer in the inbox, or have a record.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn forget_attempts(&self, mailbox: MailboxId, uid_validity: u32, uids: &[u32]) -> Result<(), StoreError> {
        self.write("Cannot forget attempts", |connection| {
            let these = mail_attempts::table
                .filter(mail_attempts::mailbox_id.eq(mailbox.0))
                .filter(mail_attempts::uid_validity.eq(i64::from(uid_validity)))
                .filter(mail_attempts::uid.eq_any(uids.iter().copied().map(i64::from).collect::<Vec<_>>()));
            diesel::delete(these).execute(connection)?;
            Ok(())
        })
    }

    /// Takes back the last attempt at each of these mails: for a round that ended for reasons outside of them.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn take_back_attempts(&self, mailbox: MailboxId, uid_validity: u32, uids: &[u32]) -> Result<(), StoreError> {
        self.write("Cannot take back attempts", |connection| {
            let these = mail_attempts::mailbox_id
                .eq(mailbox.0)
                .and(mail_attempts::uid_validity.eq(i64::from(uid_validity)))
                .and(mail_attempts::uid.eq_any(uids.iter().copied().map(i64::from).collect::<Vec<_>>()));
            diesel::delete(mail_attempts::table.filter(these.clone()).filter(mail_attempts::attempts.le(1)))
                .execute(connection)?;
            diesel::update(mail_attempts::table.filter(these))
                .set(mail_attempts::attempts.eq(mail_attempts::attempts - 1))
                .execute(connection)?;
            Ok(())
        })
    }
}

/// The attempts made at mails of an inbox that have no record.
pub(super) fn attempts_made(
    connection: &mut AnyConnection,
    mailbox: MailboxId,
    uid_validity: u32,
) -> Work<Vec<AttemptsMade>> {
    let rows: Vec<(i64, i32, Option<i64>)> = mail_attempts::table
        .filter(mail_attempts::mailbox_id.eq(mailbox.0))
        .filter(mail_attempts::uid_validity.eq(i64::from(uid_validity)))
        .select((mail_attempts::uid, mail_attempts::attempts, mail_attempts::size))
        .load(connection)?;
    let made = |(uid, attempts, size): (i64, i32, Option<i64>)| {
        let (uid, attempts) = (uid.try_into().ok()?, attempts.try_into().ok()?);
        Some(AttemptsMade { uid, attempts, size: size.map(count) })
    };
    Ok(rows.into_iter().filter_map(made).collect())
}
