//! Mail that another system kept: what has a record already is left out, so that the same may be brought again.

use super::understanding::{Understood, understand};
use super::{Imported, PlannedMail};
use crate::decision::Known;
use crate::import::importer::Importer;
use crate::import::mail_in_hand::MailInHand;
use anyhow::Result;
use chrono::{DateTime, Utc};

/// What came of a batch.
#[derive(Debug)]
pub struct ImportedNew {
    /// Those that had no record; one that failed for its own reasons is left out.
    pub imported: Vec<Imported>,
    /// How many had one.
    pub known: u64,
}

/// What would come of a batch.
#[derive(Debug)]
pub struct PlannedNew {
    /// Those that have no record; one that cannot be understood is left out.
    pub planned: Vec<PlannedMail>,
    /// How many have one.
    pub known: u64,
}

impl Importer {
    /// The same, but nobody is told of any mail.
    #[must_use]
    pub fn quietly(mut self) -> Self {
        self.telling.quiet_before = Some(DateTime::<Utc>::MAX_UTC);
        self
    }

    /// Imports those mails of a batch that have no record. Blocks.
    ///
    /// # Errors
    ///
    /// As [`Self::import`].
    pub fn import_new(&self, batch: Vec<MailInHand>, now: DateTime<Utc>) -> Result<ImportedNew> {
        let (new, known) = self.without_a_record(batch)?;
        let new = new.into_iter().map(|(mail, _)| mail).collect();
        let imported = self.import_understood(new, now)?;
        self.waiting_files.away().map_or(Ok(ImportedNew { imported, known }), |error| Err(error.into()))
    }

    /// Says what [`Self::import_new`] would do, and writes nothing. Blocks.
    ///
    /// # Errors
    ///
    /// The database cannot be used.
    pub fn plan_new(&self, batch: Vec<MailInHand>) -> Result<PlannedNew> {
        let (new, known) = self.without_a_record(batch)?;
        let planned = new.into_iter().map(|(mail, known)| self.planned(mail, &known)).collect();
        Ok(PlannedNew { planned, known })
    }

    fn without_a_record(&self, batch: Vec<MailInHand>) -> Result<(Vec<(Understood, Known)>, u64)> {
        let understood = understand(batch, &self.reading)?;
        let known = self.look_up(&understood)?;
        let (new, recorded): (Vec<_>, Vec<_>) =
            understood.into_iter().zip(known).partition(|(_, known)| known.earlier.is_none());
        Ok((new, recorded.len() as u64))
    }
}
