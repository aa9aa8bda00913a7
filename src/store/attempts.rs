//! Attempts at mails that have no record yet. Two kinds are counted apart: such as had the mail here, which the mail may have
//! ended, and such as ended before, at which the server or the network may have been at fault.

use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::mail_attempts;
use super::time::{read, stored};
use super::words::{count, whole_number};
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

#[derive(Insertable)]
#[diesel(table_name = mail_attempts, treat_none_as_default_value = false)]
struct NewAttempt {
    mailbox_id: i64,
    uid_validity: i64,
    uid: i64,
    attempts: i32,
    size: i64,
    first_at: NaiveDateTime,
    last_at: NaiveDateTime,
}

/// The attempts made at a mail that has no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AttemptsMade {
    /// The mail's UID.
    pub uid: u32,
    /// How many had the mail here.
    pub attempts: u32,
    /// How many ended before the mail was here.
    pub unfetched: u32,
    /// How many of these while other mail was handed over.
    pub withheld: u32,
    /// When the last was made.
    pub last_at: DateTime<Utc>,
    /// The mail's size in octets when they were made; `None` if that was not kept. A mail of another size is another one.
    pub size: Option<u64>,
}

/// The attempts at these mails.
#[diesel::dsl::auto_type]
pub(super) fn at(mailbox: MailboxId, uid_validity: u32, uids: &[u32]) -> _ {
    let mailbox: i64 = mailbox.0;
    let uid_validity: i64 = uid_validity.into();
    let uids: Vec<i64> = uids.iter().copied().map(i64::from).collect();
    let of_mailbox = mail_attempts::mailbox_id.eq(mailbox).and(mail_attempts::uid_validity.eq(uid_validity));
    of_mailbox.and(mail_attempts::uid.eq_any(uids))
}

impl Store {
    /// Counts an attempt at each of these mails and gives back, for each UID, how many were made, this one included and not
    /// counting those at which it did not come ([`Store::note_unfetched`]). The mails are given by UID and size in octets.
    /// To be called before a mail is fetched, so that a mail that ends the process is counted too; recording the mail
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
                    .returning((mail_attempts::uid, mail_attempts::attempts - mail_attempts::unfetched))
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

    /// Notes that the last attempt at each of these mails ended before it was here, and whether others were handed over
    /// meanwhile.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn note_unfetched(
        &self,
        mailbox: MailboxId,
        uid_validity: u32,
        uids: &[u32],
        others_came: bool,
    ) -> Result<(), StoreError> {
        self.write("Cannot note that mail was not handed over", |connection| {
            let these = mail_attempts::table.filter(at(mailbox, uid_validity, uids));
            diesel::update(these)
                .set((
                    mail_attempts::unfetched.eq(mail_attempts::unfetched + 1),
                    mail_attempts::withheld.eq(mail_attempts::withheld + i32::from(others_came)),
                ))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Notes that the server put off each of these mails by its own word: the last attempt is taken back, and they stay
    /// known as mails that did not come.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn note_put_off(&self, mailbox: MailboxId, uid_validity: u32, uids: &[u32]) -> Result<(), StoreError> {
        self.write("Cannot note that mail was put off", |connection| {
            let these = mail_attempts::table.filter(at(mailbox, uid_validity, uids));
            let only = mail_attempts::attempts.eq(1).and(mail_attempts::unfetched.eq(0));
            diesel::update(these.clone().filter(only)).set(mail_attempts::unfetched.eq(1)).execute(connection)?;
            diesel::update(these.filter(mail_attempts::attempts.gt(1)))
                .set(mail_attempts::attempts.eq(mail_attempts::attempts - 1))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Notes that others were handed over after the last attempt at each of these mails, which ended before it was here.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn note_passed_over(&self, mailbox: MailboxId, uid_validity: u32, uids: &[u32]) -> Result<(), StoreError> {
        self.write("Cannot note that mail was not handed over", |connection| {
            let these = mail_attempts::table.filter(at(mailbox, uid_validity, uids));
            diesel::update(these).set(mail_attempts::withheld.eq(mail_attempts::withheld + 1)).execute(connection)?;
            Ok(())
        })
    }

    /// Changes how many attempts count for a mail that has some and no record, not counting those at which it did not come.
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
            let this = mail_attempts::table.filter(at(mailbox, uid_validity, &[uid]));
            let attempts = i32::try_from(attempts).unwrap_or(i32::MAX);
            diesel::update(this)
                .set(mail_attempts::attempts.eq(mail_attempts::unfetched + attempts))
                .execute(connection)?;
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
            let these = mail_attempts::table.filter(at(mailbox, uid_validity, uids));
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
            let these = mail_attempts::table.filter(at(mailbox, uid_validity, uids));
            diesel::delete(these.clone().filter(mail_attempts::attempts.le(1))).execute(connection)?;
            diesel::update(these).set(mail_attempts::attempts.eq(mail_attempts::attempts - 1)).execute(connection)?;
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
    let rows: Vec<MadeRow> = mail_attempts::table
        .filter(mail_attempts::mailbox_id.eq(mailbox.0))
        .filter(mail_attempts::uid_validity.eq(i64::from(uid_validity)))
        .select((
            mail_attempts::uid,
            mail_attempts::attempts - mail_attempts::unfetched,
            mail_attempts::unfetched,
            mail_attempts::withheld,
            mail_attempts::last_at,
            mail_attempts::size,
        ))
        .load(connection)?;
    Ok(rows.into_iter().filter_map(MadeRow::made).collect())
}

#[derive(Queryable)]
struct MadeRow {
    uid: i64,
    attempts: i32,
    unfetched: i32,
    withheld: i32,
    last_at: NaiveDateTime,
    size: Option<i64>,
}

impl MadeRow {
    fn made(self) -> Option<AttemptsMade> {
        Some(AttemptsMade {
            uid: self.uid.try_into().ok()?,
            attempts: self.attempts.try_into().unwrap_or_default(),
            unfetched: self.unfetched.try_into().ok()?,
            withheld: self.withheld.try_into().ok()?,
            last_at: read(self.last_at),
            size: self.size.map(count),
        })
    }
}
