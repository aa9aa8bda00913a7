//! Which mails of a batch are recorded together, and what is done when they cannot be.

use super::path::Importer;
use super::scanning::Scans;
use super::understanding::Understood;
use crate::store::{MailRecord, Recorded, StoreError};
use anyhow::{Context, Error, Result};
use chrono::{DateTime, Utc};

/// So often a batch is decided anew because another worker was faster. Each time that one has recorded a reply.
pub(super) const MOST_TURNS: usize = 10;

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
    /// reasons has no answer.
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
        match self.record_decided(records, scans, now) {
            Ok(recorded) => Ok(recorded.into_iter().map(Some).collect()),
            Err(error) if is_refused(&error) => self.record_one_by_one(records, scans, now),
            Err(error) => Err(error).context("Cannot record a batch of mails"),
        }
    }

    /// After a batch failed for a mail's own reason: only that mail is left out.
    fn record_one_by_one(
        &self,
        records: &mut [MailRecord],
        scans: &mut Scans,
        now: DateTime<Utc>,
    ) -> Result<Vec<Option<Recorded>>> {
        let mut recorded = Vec::with_capacity(records.len());
        for record in records {
            match self.record_decided(std::slice::from_mut(record), scans, now) {
                Ok(mut one) => recorded.push(one.pop()),
                Err(why) if is_refused(&why) => {
                    tracing::error!(attempt = record.attempts, %why, "A mail could not be recorded");
                    recorded.push(None);
                }
                Err(error) => return Err(error).context("Cannot record a mail"),
            }
        }
        Ok(recorded)
    }

    fn record_decided(
        &self,
        records: &mut [MailRecord],
        scans: &mut Scans,
        now: DateTime<Utc>,
    ) -> Result<Vec<Recorded>> {
        for _ in 1..MOST_TURNS {
            match self.store().record(records, now) {
                Err(StoreError::Overtaken { .. }) => self.decide_anew(records, None, scans, now)?,
                done => return Ok(done?),
            }
        }
        Ok(self.store().record(records, now)?)
    }
}

/// The database refuses the data themselves.
fn is_refused(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Refused { .. }))
}
