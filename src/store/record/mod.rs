//! Recording: what came of a batch of mails becomes the truth in one transaction, with the history entries, the files and
//! the notifications that belong to it.

mod again;
mod answers;
mod before;
mod contents;
mod corrections;
mod entry;
mod file_ids;
mod mail;
mod mail_record;
mod person;
mod reply;
mod seen;

pub use again::Again;
pub(super) use answers::hand_on;
pub(super) use before::lock;
pub(super) use entry::tell_of_waiting;
pub(super) use mail_record::contents_of;
pub use mail_record::{MailRecord, Place, Recorded};
pub use person::TakenBack;
pub(super) use person::{Telling, is_discarded, withdraw};
pub use seen::AsSeen;
pub(super) use seen::SeenRow;

use super::attempts;
use super::audit::{Actor, By};
use super::connection::AnyConnection;
use super::error::Work;
use super::outside::Put;
use super::schema::{applications, mail_attempts, mails};
use super::webhooks::{self, Subscriptions};
use super::words::whole_number;
use super::{Store, StoreError};
use crate::application::id::{MailId, MailboxId};
use crate::decision::{Decision, ImportOutcome};
use crate::fail_point::{FailPoint, reach};
use chrono::{DateTime, Utc};
use diesel::prelude::*;
use mail_record::Kept;
use std::collections::{BTreeMap, BTreeSet};

impl Store {
    /// Records a batch in one transaction: all of it or nothing. The answers come in the order of the records.
    ///
    /// A mail whose identity is recorded already, or stands earlier in the batch, becomes a repeat without entry, files
    /// or notifications, whatever was decided: two workers may meet the same mail at once.
    ///
    /// # Errors
    ///
    /// [`StoreError::Overtaken`] if a reply was recorded or taken back since, or something was erased, so that one of the
    /// mails must be decided again: two forwards of one reply must not be in one batch.
    /// [`StoreError::Unavailable`] or [`StoreError::FilesAway`] if nothing was recorded for reasons outside of the mails,
    /// [`StoreError::Refused`] if the data of one of them are at fault.
    pub fn record(&self, records: &[MailRecord], now: DateTime<Utc>) -> Result<Vec<Recorded>, StoreError> {
        let wanted = "Cannot record mails";
        let put = self.put_contents(wanted, records.iter(), now)?;
        let recorded = self.write_batch(wanted, |connection| record(connection, &self.webhooks, records, &put, now));
        let recorded = self.or_given_up(recorded, &put);
        let recorded = recorded.or_else(|error| self.refused_or_overtaken(wanted, records, error))?;
        if records.iter().any(|record| !record.notifications.is_empty()) {
            self.outbox_written.notify_one();
        }
        reach(FailPoint::Recorded);
        Ok(recorded)
    }
}

impl Store {
    /// What was refused because somebody has erased meanwhile what these decisions rest on is to be decided anew.
    fn refused_or_overtaken<T>(
        &self,
        wanted: &'static str,
        records: &[MailRecord],
        error: StoreError,
    ) -> Result<T, StoreError> {
        let is_gone = matches!(error, StoreError::Refused { .. })
            && self.read(wanted, |connection| rest_on_what_is_gone(connection, records))?;
        Err(if is_gone { StoreError::Overtaken { wanted } } else { error })
    }
}

/// Whether an application for which, or a mail because of which, these mails were decided is there no more.
fn rest_on_what_is_gone(connection: &mut AnyConnection, records: &[MailRecord]) -> Work<bool> {
    let decisions = || records.iter().map(|record| record.decided.decision);
    let wanted: BTreeSet<i64> = decisions()
        .filter_map(|decision| match decision {
            Decision::AddToHistory { application, .. } | Decision::AddForwarder { application, .. } => {
                Some(application.0)
            }
            _ => None,
        })
        .collect();
    let earlier: BTreeSet<i64> = decisions()
        .filter_map(|decision| match decision {
            Decision::SkipRepeat { earlier } | Decision::AddForwarder { earlier, .. } => Some(earlier.0),
            _ => None,
        })
        .collect();
    let applications: i64 =
        applications::table.filter(applications::id.eq_any(&wanted)).count().get_result(connection)?;
    let mails: i64 = mails::table.filter(mails::id.eq_any(&earlier)).count().get_result(connection)?;
    Ok(applications < whole_number(wanted.len()) || mails < whole_number(earlier.len()))
}

/// All of it, inside a transaction.
fn record(
    connection: &mut AnyConnection,
    webhooks: &Subscriptions,
    records: &[MailRecord],
    put: &Put,
    now: DateTime<Utc>,
) -> Work<Vec<Recorded>> {
    reply::hold_entries(connection, records.iter())?;
    let mails = mail::insert(connection, records, now)?;
    let first_time: Vec<Kept<'_>> = records
        .iter()
        .zip(&mails)
        .filter(|(_, row)| row.outcome != ImportOutcome::Repeated || row.adds)
        .map(|(record, row)| Kept { record, mail: row.id })
        .collect();
    contents::insert(connection, &first_time, put)?;
    let entries = entry::insert(connection, &first_time, &[], now)?;
    let recorded: Vec<Recorded> = mails
        .iter()
        .zip(records)
        .map(|(row, record)| {
            let further = reply::adds_to(record).map(|to| to.entry).filter(|_| row.adds);
            Recorded { mail: row.id, outcome: row.outcome, entry: entries.get(&row.id).copied().or(further) }
        })
        .collect();
    entry::audit(
        connection,
        ("mail_recorded", By { actor: Actor::Service, viewer: None }),
        records.iter().zip(&recorded),
        now,
    )?;
    let told: Vec<MailId> = recorded.iter().map(|recorded| recorded.mail).collect();
    webhooks::note(connection, webhooks, &told, now)?;
    forget_attempts(connection, records)?;
    reach(FailPoint::BeforeCommit);
    Ok(recorded)
}

fn forget_attempts(connection: &mut AnyConnection, records: &[MailRecord]) -> Work<()> {
    let mut places: BTreeMap<(MailboxId, u32), Vec<u32>> = BTreeMap::new();
    for record in records {
        if let Some(place) = &record.place {
            places.entry((record.mailbox, place.uid_validity)).or_default().push(place.uid);
        }
    }
    for ((mailbox, uid_validity), uids) in places {
        let recorded = mail_attempts::table.filter(attempts::at(mailbox, uid_validity, &uids));
        diesel::delete(recorded).execute(connection)?;
    }
    Ok(())
}
