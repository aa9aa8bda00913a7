//! Which mails of a batch are recorded together, and what is done when they cannot be.

use super::scanning::Scans;
use super::understanding::Understood;
use super::waiting_files::{Away, is_of_files};
use crate::import::importer::Importer;
use crate::monitoring;
use crate::store::{MailRecord, Recorded, StoreError};
use anyhow::{Context, Error, Result};
use chrono::{DateTime, Utc};
use std::time::Instant;

/// So often a batch is decided anew because another worker was faster. Each time that one has recorded a reply.
pub(in crate::import) const MOST_TURNS: usize = 10;

/// Cuts a batch before each mail that may hold the same reply as one before it: whether it does is known only when that
/// one is recorded.
pub(super) fn without_two_of_one_reply(mails: Vec<Understood>) -> Vec<Vec<Understood>> {
    let mut cut: Vec<Vec<Understood>> = Vec::new();
    for mail in mails {
        match cut.last_mut() {
            Some(together) if together.iter().all(|other| !other.reply.shares_a_key(&mail.reply)) => {
                together.push(mail);
            }
            _ => cut.push(vec![mail]),
        }
    }
    cut
}

impl Importer {
    /// Records what was decided; where another worker was faster, what is decided anew. A mail that fails for its own
    /// reasons, or waits for the object store, has no answer.
    ///
    /// # Errors
    ///
    /// The database cannot be used.
    pub(super) fn record(
        &self,
        records: &mut [MailRecord],
        scans: &mut Scans,
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Recorded>>> {
        if self.waiting_files.away().is_some() {
            return self.record_one_by_one(records, scans, now);
        }
        match self.record_decided(records, scans, now) {
            Ok(recorded) => Ok(recorded.into_iter().map(Some).collect()),
            Err(error) if is_refused(&error) || is_of_files(&error) => self.record_one_by_one(records, scans, now),
            Err(error) => Err(error).context("Cannot record a batch of mails"),
        }
    }

    /// After a batch failed for a mail's own reason, or for want of the object store: only that mail is left out.
    fn record_one_by_one(
        &self,
        records: &mut [MailRecord],
        scans: &mut Scans,
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Recorded>>> {
        let mut recorded = Vec::with_capacity(records.len());
        for record in records {
            if self.waiting_files.away().is_some() && self.store.would_put(record)? {
                self.waiting_files.add(record.place.as_ref());
                recorded.push(None);
                continue;
            }
            match self.record_decided(std::slice::from_mut(record), scans, now) {
                Ok(mut one) => recorded.push(one.pop()),
                Err(why) if is_of_files(&why) => {
                    self.blame_or_wait(record, &why)?;
                    recorded.push(None);
                }
                Err(why) if is_refused(&why) => {
                    self.say_of(record, &why, "A mail could not be recorded; it is tried again, up to `max_attempts`");
                    recorded.push(None);
                }
                Err(error) => return Err(error).context("Cannot record a mail"),
            }
        }
        Ok(recorded)
    }

    fn say_of(&self, record: &MailRecord, why: &Error, what: &str) {
        let (mailbox, uid) = (self.reading.mailbox.as_str(), record.place.as_ref().map(|place| place.uid));
        tracing::error!(mailbox, uid, attempt = record.attempts, %why, "{what}");
    }

    /// A store that works and does not take what this mail brings, never or not in time: the attempt at the mail counts, so
    /// that it is given to a person in the end. Else it waits.
    fn blame_or_wait(&self, record: &MailRecord, why: &Error) -> Result<()> {
        match self.store.prove_objects() {
            Ok(()) => {
                let what = "The object store does not take a file of a mail; it is tried again, up to `max_attempts`";
                self.say_of(record, why, what);
                Ok(())
            }
            Err(error @ StoreError::FilesAway { .. }) => {
                self.waiting_files.begin(Away::ObjectStore(error));
                self.waiting_files.add(record.place.as_ref());
                Ok(())
            }
            Err(error) => Err(error).context("Cannot record a mail"),
        }
    }

    fn record_decided(
        &self,
        records: &mut [MailRecord],
        scans: &mut Scans,
        now: DateTime<Utc>,
    ) -> Result<Vec<Recorded>> {
        for _ in 1..MOST_TURNS {
            match self.record_timed(records, now) {
                Err(StoreError::Overtaken { .. }) => self.decide_anew(records, None, scans, now)?,
                done => return Ok(done?),
            }
        }
        Ok(self.record_timed(records, now)?)
    }

    fn record_timed(&self, records: &[MailRecord], now: DateTime<Utc>) -> Result<Vec<Recorded>, StoreError> {
        let start = Instant::now();
        let recorded = self.store.record(records, now);
        monitoring::batch_recorded(start.elapsed());
        recorded
    }
}

/// The database refuses the data themselves.
fn is_refused(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Refused { .. }))
}
