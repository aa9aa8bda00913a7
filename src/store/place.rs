//! Where recorded mails lie on the server, and which of them still have to be filed away.

use super::connection::AnyConnection;
use super::error::Work;
use super::schema::mails;
use super::time::{read, stored};
use super::words::{count, value};
use super::{Store, StoreError};
use crate::application::id::{MailId, MailboxId};
use crate::decision::ImportOutcome;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{case_when, sql};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Timestamp};
use std::collections::BTreeMap;
use std::fmt::Write;

/// A mail that is recorded and still lies where it was fetched: the round only moves it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordedPlace {
    /// Its UID.
    pub uid: u32,
    /// Its record.
    pub mail: MailId,
    /// What came of it, which names its archive folder.
    pub outcome: ImportOutcome,
    /// Its size in octets.
    pub size: u64,
    /// When it came in, by the server's clock; by ours if the server did not tell.
    pub received_at: DateTime<Utc>,
}

/// A mail that was moved to its archive folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FiledMail {
    /// Its record.
    pub mail: MailId,
    /// The outcome for which it was moved: a person may have decided otherwise meanwhile.
    pub outcome: ImportOutcome,
    /// The folder it lies in now.
    pub folder: String,
    /// The folder's UIDVALIDITY, if the server told (COPYUID).
    pub uid_validity: Option<u32>,
    /// Its UID there, if the server told.
    pub uid: Option<u32>,
}

/// Its number, UID, outcome, size and arrival.
type RecordedRow = (i64, Option<i64>, String, i64, NaiveDateTime);

impl Store {
    /// These recorded mails are not, or no longer, where their records say: their UIDs have passed to other mails. They stay
    /// unfiled, wherever in the inbox they are.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn forget_places(&self, mails: &[MailId]) -> Result<(), StoreError> {
        let ids: Vec<i64> = mails.iter().map(|mail| mail.0).collect();
        self.write("Cannot forget where mails lay", |connection| {
            diesel::update(mails::table.filter(mails::id.eq_any(&ids)).filter(mails::filed_at.is_null()))
                .set((mails::uid_validity.eq(None::<i64>), mails::uid.eq(None::<i64>)))
                .execute(connection)?;
            Ok(())
        })
    }

    /// Notes where these mails lie now: where they belong, or, if their outcome is another by now, from where they are to be
    /// moved on.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn filed_away(&self, filed: &[FiledMail], now: DateTime<Utc>) -> Result<(), StoreError> {
        let mut moves: BTreeMap<(&str, Option<u32>, ImportOutcome), Vec<&FiledMail>> = BTreeMap::new();
        for mail in filed {
            let uid_validity = mail.uid_validity.filter(|_| mail.uid.is_some());
            moves.entry((&mail.folder, uid_validity, mail.outcome)).or_default().push(mail);
        }
        // As after an end between moving and noting: a mail that its record says is in the inbox is looked for.
        self.write_soon("Cannot note where mails were filed", |connection| {
            for (to, moved) in &moves {
                for part in moved.chunks(500) {
                    note_move(connection, *to, part, now)?;
                }
            }
            Ok(())
        })
    }
}

/// The mails that are recorded and still lie where they were fetched.
pub(super) fn recorded_places(
    connection: &mut AnyConnection,
    mailbox: MailboxId,
    uid_validity: u32,
) -> Work<Vec<RecordedPlace>> {
    // Put into order here: asked to do it, SQLite walks through all mails of the mailbox in that order instead of
    // taking the small index of those that are not filed away.
    let mut rows: Vec<RecordedRow> = mails::table
        .filter(mails::mailbox_id.eq(mailbox.0))
        .filter(mails::uid_validity.eq(i64::from(uid_validity)))
        .filter(mails::uid.is_not_null())
        .filter(mails::filed_at.is_null())
        .select((mails::id, mails::uid, mails::outcome, mails::size, mails::received_at))
        .load(connection)?;
    rows.sort_unstable_by_key(|(id, ..)| *id);
    rows.into_iter()
        .filter_map(|(id, uid, outcome, size, received_at)| {
            let uid = number(uid)?;
            Some(value(&outcome, "an outcome").map(|outcome| RecordedPlace {
                uid,
                mail: MailId(id),
                outcome,
                size: count(size),
                received_at: read(received_at),
            }))
        })
        .collect()
}

/// One statement for one MOVE of many mails: each row's UID comes from a list of numbers.
fn note_move(
    connection: &mut AnyConnection,
    (folder, uid_validity, outcome): (&str, Option<u32>, ImportOutcome),
    moved: &[&FiledMail],
    now: DateTime<Utc>,
) -> Work<()> {
    let rows = mails::table.filter(mails::id.eq_any(moved.iter().map(|mail| mail.mail.0).collect::<Vec<_>>()));
    let place = (
        mails::folder.eq(folder),
        mails::uid_validity.eq(uid_validity.map(i64::from)),
        mails::filed_at.eq(stored(now)),
        mails::refile_since
            .eq(case_when(mails::outcome.ne(outcome.as_str()), stored(now).into_sql::<Nullable<Timestamp>>())),
    );
    let Some(_) = uid_validity else {
        diesel::update(rows).set((place, mails::uid.eq(None::<i64>))).execute(connection)?;
        return Ok(());
    };
    let mut uids = String::from("CASE id");
    for mail in moved {
        if let Some(uid) = mail.uid {
            // Writing into a String cannot fail.
            let _ = write!(uids, " WHEN {} THEN {uid}", mail.mail.0);
        }
    }
    uids.push_str(" END");
    diesel::update(rows).set((place, mails::uid.eq(sql::<Nullable<BigInt>>(&uids)))).execute(connection)?;
    Ok(())
}

/// Notes that a mail which was filed away belongs into another archive folder now. One that still lies in the inbox is
/// filed by its outcome anyway.
pub(super) fn note_refile(connection: &mut AnyConnection, mail: MailId, now: DateTime<Utc>) -> Work<()> {
    diesel::update(mails::table.find(mail.0).filter(mails::filed_at.is_not_null()))
        .set(mails::refile_since.eq(stored(now)))
        .execute(connection)?;
    Ok(())
}

/// A UID or UIDVALIDITY as the database holds it.
pub(super) fn number(value: Option<i64>) -> Option<u32> {
    value.and_then(|value| value.try_into().ok())
}
