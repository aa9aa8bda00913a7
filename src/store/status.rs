//! How the service stands: the rounds, the outcomes, the outbox.

use super::outbox::{OutboxCounts, counts, put_off};
use super::schema::{mailbox_leases, mailbox_rounds, mailboxes, mails};
use super::time::read;
use super::words::{count, value};
use super::{ObjectsWaiting, RemovalsWaiting, Store, StoreError, WebhookStatus, outside, removals, webhooks};
use crate::decision::ImportOutcome;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// How everything stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Every mailbox that was ever set up, by address.
    pub mailboxes: Vec<MailboxStatus>,
    /// How many mails came to which end; every outcome is listed.
    pub outcomes: BTreeMap<ImportOutcome, u64>,
    /// The notifications.
    pub outbox: OutboxCounts,
    /// Why a notification that is still to be sent was put off, without addresses; the newest one.
    pub put_off: Option<String>,
    /// Erased mail that still lies on its servers, by mailbox.
    pub removals: Vec<RemovalsWaiting>,
    /// Contents that nobody needs and that still lie in the object store.
    pub objects: ObjectsWaiting,
    /// The webhooks that were ever told something.
    pub webhooks: Vec<WebhookStatus>,
}

/// How a mailbox stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailboxStatus {
    /// Its row, by which metrics know a mailbox that the settings give no name.
    pub id: i64,
    /// The import address.
    pub address: String,
    /// When the last round ended; `None` before the first.
    pub last_round: Option<DateTime<Utc>>,
    /// When a round last ended well.
    pub last_good_round: Option<DateTime<Utc>>,
    /// Whether the last round ended well.
    pub ok: bool,
    /// Why it did not.
    pub error: Option<String>,
    /// Unseen mails in the inbox after the last round.
    pub waiting: u64,
    /// Mails in the inbox that are seen and have no record.
    pub stranded: u64,
    /// When the access token ends, or has ended, that the last log-in was by; `None` after a log-in by a password.
    pub login_ends_at: Option<DateTime<Utc>>,
    /// The worker that has the mailbox; `None` if nobody has, and always on SQLite, where there is only one.
    pub worker: Option<String>,
    /// Until when the worker has it unless it renews its lease, by the database's clock.
    pub worker_until: Option<DateTime<Utc>>,
}

type MailboxRow = (i64, String);

type LeaseRow = (Option<String>, Option<NaiveDateTime>);

type RoundRow = (NaiveDateTime, Option<NaiveDateTime>, String, Option<String>, i64, i64, Option<NaiveDateTime>);

impl Store {
    /// How everything stands.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn status(&self) -> Result<Status, StoreError> {
        self.read("Cannot read the status", |connection| {
            let rows: Vec<(MailboxRow, Option<RoundRow>, Option<LeaseRow>)> = mailboxes::table
                .left_join(mailbox_rounds::table)
                .left_join(mailbox_leases::table)
                .order(mailboxes::address)
                .select((
                    (mailboxes::id, mailboxes::address),
                    (
                        mailbox_rounds::finished_at,
                        mailbox_rounds::last_good_at,
                        mailbox_rounds::state,
                        mailbox_rounds::error,
                        mailbox_rounds::waiting,
                        mailbox_rounds::stranded,
                        mailbox_rounds::login_ends_at,
                    )
                        .nullable(),
                    (mailbox_leases::worker, mailbox_leases::expires_at).nullable(),
                ))
                .load(connection)?;
            let ends: Vec<(String, i64)> = mails::table
                .group_by(mails::outcome)
                .select((mails::outcome, diesel::dsl::count_star()))
                .load(connection)?;
            let mut outcomes: BTreeMap<ImportOutcome, u64> =
                ImportOutcome::ALL.iter().map(|&outcome| (outcome, 0)).collect();
            for (outcome, mails) in ends {
                outcomes.insert(value(&outcome, "an outcome")?, count(mails));
            }
            let mailboxes = rows
                .into_iter()
                .map(|(mailbox, round, lease)| mailbox_status(mailbox, round, lease.unwrap_or_default()))
                .collect();
            Ok(Status {
                mailboxes,
                outcomes,
                outbox: counts(connection)?,
                put_off: put_off(connection)?,
                removals: removals::waiting(connection)?,
                objects: outside::waiting(connection)?,
                webhooks: webhooks::status(connection)?,
            })
        })
    }
}

fn mailbox_status((id, address): MailboxRow, round: Option<RoundRow>, (worker, until): LeaseRow) -> MailboxStatus {
    let worker_until = until.map(read);
    match round {
        None => MailboxStatus {
            id,
            address,
            last_round: None,
            last_good_round: None,
            ok: false,
            error: None,
            waiting: 0,
            stranded: 0,
            login_ends_at: None,
            worker,
            worker_until,
        },
        Some((finished_at, last_good_at, state, error, waiting, stranded, login_ends_at)) => MailboxStatus {
            id,
            address,
            last_round: Some(read(finished_at)),
            last_good_round: last_good_at.map(read),
            ok: state == "good",
            error,
            waiting: count(waiting),
            stranded: count(stranded),
            login_ends_at: login_ends_at.map(read),
            worker,
            worker_until,
        },
    }
}
