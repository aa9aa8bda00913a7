//! The few numbers that are looked up whenever somebody watches: each by an index, none by a walk through all mails.

use super::outbox::pending_and_failed;
use super::schema::{mailbox_rounds, mailboxes};
use super::time::read;
use super::words::count;
use super::{Store, StoreError};
use crate::application::id::MailboxId;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// How mailboxes and outbox stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observed {
    /// Every mailbox that was ever set up.
    pub mailboxes: Vec<ObservedMailbox>,
    /// Notifications that are not sent yet.
    pub pending: u64,
    /// Notifications that were given up.
    pub failed: u64,
    /// Since when the oldest of those waits that are not sent yet.
    pub oldest_pending: Option<DateTime<Utc>>,
}

/// How a mailbox stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObservedMailbox {
    /// Its row.
    pub id: MailboxId,
    /// The import address.
    pub address: String,
    /// When a round last ended well.
    pub last_good_round: Option<DateTime<Utc>>,
    /// Whether the last round ended well; `None` before the first.
    pub ok: Option<bool>,
    /// Unseen mails in the inbox after the last round.
    pub waiting: u64,
    /// Seen mails in the inbox that have no record.
    pub stranded: u64,
}

type RoundRow = (Option<NaiveDateTime>, String, i64, i64);

impl Store {
    /// How mailboxes and outbox stand. Unlike [`Self::status`] it costs little however much is recorded.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn observed(&self) -> Result<Observed, StoreError> {
        self.read("Cannot look up how things stand", |connection| {
            let rows: Vec<(i64, String, Option<RoundRow>)> = mailboxes::table
                .left_join(mailbox_rounds::table)
                .order(mailboxes::id)
                .select((
                    mailboxes::id,
                    mailboxes::address,
                    (
                        mailbox_rounds::last_good_at,
                        mailbox_rounds::state,
                        mailbox_rounds::waiting,
                        mailbox_rounds::stranded,
                    )
                        .nullable(),
                ))
                .load(connection)?;
            let mailboxes = rows.into_iter().map(|(id, address, round)| {
                let ok = round.as_ref().map(|(_, state, _, _)| state == "good");
                let (last_good_at, _, waiting, stranded) = round.unwrap_or_default();
                ObservedMailbox {
                    id: MailboxId(id),
                    address,
                    last_good_round: last_good_at.map(read),
                    ok,
                    waiting: count(waiting),
                    stranded: count(stranded),
                }
            });
            let (pending, failed, oldest) = pending_and_failed(connection)?;
            Ok(Observed { mailboxes: mailboxes.collect(), pending, failed, oldest_pending: oldest.map(read) })
        })
    }
}
