//! How the last round through each mailbox ended.

use super::connection::on;
use super::schema::mailbox_rounds;
use super::time::stored;
use super::words::{storable, whole_number};
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use diesel::sql_types::Bool;
use diesel::upsert::excluded;
use std::borrow::Cow;

/// So many rows are written by one statement.
const AT_ONCE: usize = 1_000;

/// How a round through a mailbox ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoundNote {
    /// When.
    pub at: DateTime<Utc>,
    /// Why it failed, in words for operations and without personal data; `None` if it ended well.
    pub error: Option<String>,
    /// What it left in the inbox; `None` if it did not come as far as to see that.
    pub left: Option<LeftInInbox>,
    /// When the access token ends that the log-in was by; `None` if it was by a password, or failed.
    pub login_ends_at: Option<DateTime<Utc>>,
}

/// Mails in an inbox after a round.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LeftInInbox {
    /// Unseen.
    pub waiting: u64,
    /// Seen and without a record.
    pub stranded: u64,
}

#[derive(Insertable)]
#[diesel(table_name = mailbox_rounds, treat_none_as_default_value = false)]
struct NewRound<'a> {
    mailbox_id: i64,
    finished_at: NaiveDateTime,
    last_good_at: Option<NaiveDateTime>,
    state: &'static str,
    error: Option<Cow<'a, str>>,
    waiting: i64,
    stranded: i64,
    login_ends_at: Option<NaiveDateTime>,
}

impl<'a> NewRound<'a> {
    fn of(mailbox: MailboxId, note: &'a RoundNote) -> Self {
        let good = note.error.is_none();
        let LeftInInbox { waiting, stranded } = note.left.unwrap_or_default();
        Self {
            mailbox_id: mailbox.0,
            finished_at: stored(note.at),
            last_good_at: good.then(|| stored(note.at)),
            state: if good { "good" } else { "failed" },
            error: note.error.as_deref().map(storable),
            waiting: whole_number(waiting),
            stranded: whole_number(stranded),
            login_ends_at: note.login_ends_at.map(stored),
        }
    }
}

impl Store {
    /// Notes how the last round through a mailbox ended. A failed one leaves the time of the last good one, and one
    /// that did not see what is left in the inbox leaves what was last seen there.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn round_finished(&self, mailbox: MailboxId, note: &RoundNote) -> Result<(), StoreError> {
        self.rounds_finished(&[(mailbox, note.clone())])
    }

    /// Notes how the last rounds through several mailboxes ended, each at most once, in few statements.
    ///
    /// # Errors
    ///
    /// As [`Self::round_finished`].
    pub fn rounds_finished(&self, notes: &[(MailboxId, RoundNote)]) -> Result<(), StoreError> {
        let (seen, unseen): (Vec<_>, Vec<_>) = notes.iter().partition(|(_, note)| note.left.is_some());
        self.note_rounds(&seen, true)?;
        self.note_rounds(&unseen, false)
    }

    fn note_rounds(&self, notes: &[&(MailboxId, RoundNote)], left_is_known: bool) -> Result<(), StoreError> {
        if notes.is_empty() {
            return Ok(());
        }
        let mut rows: Vec<NewRound> = notes.iter().map(|(mailbox, note)| NewRound::of(*mailbox, note)).collect();
        // One order for all: two workers that write the same rows wait for each other and do not block each other.
        rows.sort_unstable_by_key(|row| row.mailbox_id);
        self.write("Cannot note a round", |connection| {
            for rows in rows.chunks(AT_ONCE) {
                let last_good_at = diesel::dsl::case_when(
                    excluded(mailbox_rounds::last_good_at).is_null(),
                    mailbox_rounds::last_good_at,
                )
                .otherwise(excluded(mailbox_rounds::last_good_at));
                // A round that failed may not have come as far as a log-in.
                let login_ends_at = diesel::dsl::case_when(
                    excluded(mailbox_rounds::state).eq("failed").and(excluded(mailbox_rounds::login_ends_at).is_null()),
                    mailbox_rounds::login_ends_at,
                )
                .otherwise(excluded(mailbox_rounds::login_ends_at));
                let known = left_is_known.into_sql::<Bool>();
                let waiting =
                    diesel::dsl::case_when(known, excluded(mailbox_rounds::waiting)).otherwise(mailbox_rounds::waiting);
                let stranded = diesel::dsl::case_when(known, excluded(mailbox_rounds::stranded))
                    .otherwise(mailbox_rounds::stranded);
                on!(connection, inner => diesel::insert_into(mailbox_rounds::table)
                    .values(rows)
                    .on_conflict(mailbox_rounds::mailbox_id)
                    .do_update()
                    .set((
                        mailbox_rounds::finished_at.eq(excluded(mailbox_rounds::finished_at)),
                        mailbox_rounds::last_good_at.eq(last_good_at),
                        mailbox_rounds::state.eq(excluded(mailbox_rounds::state)),
                        mailbox_rounds::error.eq(excluded(mailbox_rounds::error)),
                        mailbox_rounds::waiting.eq(waiting),
                        mailbox_rounds::stranded.eq(stranded),
                        mailbox_rounds::login_ends_at.eq(login_ends_at),
                    ))
                    .execute(inner))?;
            }
            Ok(())
        })
    }
}
