//! The path itself, for a batch of mails at a time.

mod near_misses;
pub(super) mod new_only;
pub(super) mod one_by_one;
mod reading_thread;
pub(super) mod scanning;
pub(super) mod understanding;
pub(super) mod waiting_files;

use crate::application::id::MailId;
use crate::decision::{Check, CheckName, Decided, Decision, ImportOutcome, Known, decide};
use crate::import::importer::Importer;
use crate::import::mail_in_hand::MailInHand;
use crate::mail::{IncomingMail, NumberReading, ReplyIdentity};
use crate::monitoring;
use crate::notification::{Notification, Occasion, notifications};
use crate::store::{MailRecord, Place, Question, Recorded, StoreError};
use anyhow::Result;
use chrono::{DateTime, TimeDelta, Utc};
use scanning::Scans;
use std::time::Instant;
use understanding::{Understood, understand};

/// What came of one mail.
#[derive(Clone, Debug)]
pub struct Imported {
    /// Where it lies.
    pub place: Option<Place>,
    /// The record.
    pub mail: MailId,
    /// What came of it.
    pub outcome: ImportOutcome,
}

/// What would come of one mail.
#[derive(Clone, Debug)]
pub struct PlannedMail {
    /// Where it lies.
    pub place: Option<Place>,
    /// The application's number, if it would be imported.
    pub reference: Option<String>,
    /// The decision and its checks.
    pub decided: Decided,
}

impl Importer {
    /// Takes a batch down the path and records it in one transaction. Blocks.
    ///
    /// A mail that fails for its own reasons is left out of the answer: its attempt is counted, it stays where it is,
    /// and the others are recorded.
    ///
    /// # Errors
    ///
    /// Mails cannot be read or scanned for now, or the database or the object store cannot be used; then nothing of the batch, or
    /// the part recorded before, stands.
    pub fn import(&self, batch: Vec<MailInHand>, now: DateTime<Utc>) -> Result<Vec<Imported>> {
        let imported = self.import_understood(understand(batch, &self.reading)?, now)?;
        self.waiting_files.away().map_or(Ok(imported), |error| Err(error.into()))
    }

    /// The rest of the path, for mails that were understood. Those that wait for the object store are left out, too.
    pub(super) fn import_understood(&self, mails: Vec<Understood>, now: DateTime<Utc>) -> Result<Vec<Imported>> {
        let (mut imported, mut scans, begun) = (Vec::new(), Scans::default(), (Instant::now(), now));
        for together in one_by_one::without_two_of_one_reply(mails) {
            imported.extend(self.import_together(together, &mut scans, begun)?);
        }
        Ok(imported)
    }

    /// Imports mails of which no two hold the same reply, of a batch that was begun then.
    fn import_together(
        &self,
        understood: Vec<Understood>,
        scans: &mut Scans,
        (begun, began_at): (Instant, DateTime<Utc>),
    ) -> Result<Vec<Imported>> {
        let known = self.look_up(&understood)?;
        let (mut imported, fresh) = self.recognise_unfiled(understood.into_iter().zip(known));
        self.forget_attempts(&imported)?;
        let fresh = self.scan(fresh, scans)?;
        // The scanner may have taken minutes; the record bears the time at which it is made.
        let now = began_at + TimeDelta::seconds(i64::try_from(begun.elapsed().as_secs()).unwrap_or_default());
        let places: Vec<Option<Place>> = fresh.iter().map(|(mail, _)| mail.fetched.place.clone()).collect();
        let decided = fresh.into_iter().map(|(mail, known)| self.decided(mail, known, now));
        let mut records: Vec<MailRecord> = decided.collect::<Result<_, _>>()?;
        let recorded = self.record(&mut records, scans, now)?;
        self.progress.add(1);
        for ((place, record), recorded) in places.into_iter().zip(&records).zip(recorded) {
            let Some(recorded) = recorded else { continue };
            log(record, &recorded);
            imported.push(Imported { place, mail: recorded.mail, outcome: recorded.outcome });
        }
        Ok(imported)
    }

    /// Takes out the mails that have a record and only were not filed away, because the round that recorded them was
    /// interrupted and the server has given them other UIDs since: they are filed away and nothing else. Of two copies
    /// one is that mail and the other a repeat.
    fn recognise_unfiled(
        &self,
        mails: impl Iterator<Item = (Understood, Known)>,
    ) -> (Vec<Imported>, Vec<(Understood, Known)>) {
        let mut recognised: Vec<Imported> = Vec::new();
        let mut fresh = Vec::new();
        for (mail, known) in mails {
            let place = mail.fetched.place.as_ref();
            let earlier = known.earlier.as_ref().filter(|earlier| {
                earlier.is_unfiled_at(self.mailbox, place.map(|place| (place.uid_validity, place.uid)))
                    && recognised.iter().all(|other| other.mail != earlier.mail)
            });
            match earlier {
                Some(earlier) => {
                    recognised.push(Imported {
                        place: mail.fetched.place,
                        mail: earlier.mail,
                        outcome: earlier.outcome,
                    });
                }
                None => fresh.push((mail, known)),
            }
        }
        (recognised, fresh)
    }

    /// A mail that has a record is not given up, however often it is looked at before the server lets it be filed away.
    fn forget_attempts(&self, recognised: &[Imported]) -> Result<(), StoreError> {
        for place in recognised.iter().filter_map(|mail| mail.place.as_ref()) {
            self.store.forget_attempts(self.mailbox, place.uid_validity, &[place.uid])?;
        }
        Ok(())
    }

    /// Says what [`Self::import`] would do, and writes nothing. Blocks.
    ///
    /// # Errors
    ///
    /// The database cannot be used.
    pub fn plan(&self, batch: Vec<MailInHand>) -> Result<Vec<PlannedMail>> {
        let understood = understand(batch, &self.reading)?;
        let known = self.look_up(&understood)?;
        Ok(understood.into_iter().zip(known).map(|(mail, known)| self.planned(mail, &known)).collect())
    }

    pub(super) fn planned(&self, mail: Understood, known: &Known) -> PlannedMail {
        PlannedMail {
            reference: known.application.as_ref().map(|application| application.number.to_string()),
            decided: self.decide(&mail, known),
            place: mail.fetched.place,
        }
    }

    pub(super) fn look_up(&self, mails: &[Understood]) -> Result<Vec<Known>, StoreError> {
        let questions: Vec<Question<'_>> = mails.iter().map(|mail| question(&mail.incoming, &mail.reply)).collect();
        self.store.known(self.tenant, &questions)
    }

    /// Looks up and decides anew, after what was known had changed before it was recorded. A mail that is set aside
    /// stays so, whatever is known; for one that has a record this is no earlier one.
    pub(super) fn decide_anew(
        &self,
        records: &mut [MailRecord],
        again: Option<MailId>,
        scans: &mut Scans,
        now: DateTime<Utc>,
    ) -> Result<()> {
        let questions: Vec<Question<'_>> = records.iter().map(|record| question(&record.mail, &record.reply)).collect();
        let known = self.store.known(self.tenant, &questions)?;
        for (record, known) in records.iter_mut().zip(known) {
            let mut known = if let Some(mail) = again { known.without(mail) } else { known };
            if !matches!(record.decided.decision, Decision::SetAside { .. }) {
                self.scan_anew(record, &mut known, scans)?;
                record.decided = decide(&record.mail, &known, &self.deciding);
                known.near_misses = self.near_misses(record.decided.decision, &record.mail, &known)?;
                record.notifications = self.telling_of(&record.decided, &record.mail, &known, record.received_at, now);
                note_answer(&mut record.decided, &record.notifications);
                record.forwarder = known.forwarder.as_ref().map(|user| user.id);
                record.other_replies = known.other_replies;
            }
        }
        Ok(())
    }

    pub(super) fn decide(&self, mail: &Understood, known: &Known) -> Decided {
        match mail.set_aside {
            Some(why) if known.earlier.is_none() => Decided::set_aside(why),
            _ => decide(&mail.incoming, known, &self.deciding),
        }
    }

    pub(super) fn decided(
        &self,
        mail: Understood,
        mut known: Known,
        now: DateTime<Utc>,
    ) -> Result<MailRecord, StoreError> {
        let mut decided = self.decide(&mail, &known);
        known.near_misses = self.near_misses(decided.decision, &mail.incoming, &known)?;
        let notifications = self.telling_of(&decided, &mail.incoming, &known, mail.fetched.received_at, now);
        note_answer(&mut decided, &notifications);
        Ok(MailRecord {
            tenant: self.tenant,
            mailbox: self.mailbox,
            place: mail.fetched.place,
            size: mail.fetched.size,
            received_at: mail.fetched.received_at,
            attempts: mail.fetched.attempt,
            forwarder: known.forwarder.as_ref().map(|user| user.id),
            mail: mail.incoming,
            reply: mail.reply,
            decided,
            other_replies: known.other_replies,
            notifications,
            took: mail.took,
            seen: None,
        })
    }

    /// Who is told singly of a mail that came in at this time.
    pub(super) fn telling_of(
        &self,
        decided: &Decided,
        mail: &IncomingMail,
        known: &Known,
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<Notification> {
        if self.telling.is_quiet(received_at) {
            return Vec::new();
        }
        notifications(decided, mail, known, &self.telling, (received_at, now))
    }
}

/// Notes that the forwarder is one who may be told: another mail's answer of the same day may be handed on to this one.
fn note_answer(decided: &mut Decided, notifications: &[Notification]) {
    if notifications.iter().any(|told| told.occasion == Occasion::NotImported) {
        decided.checks.push(Check::passed(CheckName::Answer, "the forwarder is told, once for each reason and day"));
    }
}

/// What one mail asks the store.
fn question<'a>(mail: &'a IncomingMail, reply: &'a ReplyIdentity) -> Question<'a> {
    Question {
        identity: &mail.identity,
        number: match &mail.subject.number {
            NumberReading::One(number) => Some(number),
            NumberReading::None | NumberReading::Several(_) => None,
        },
        forwarder: mail.forwarder.as_ref().map(|person| &person.address),
        reply: Some(reply),
        keys: &mail.marks.keys,
    }
}

/// The one line that the log has of a mail, and the one count: numbers only, nothing that a person wrote.
fn log(record: &MailRecord, recorded: &Recorded) {
    monitoring::mail_recorded(recorded.outcome.as_str());
    tracing::info!(
        mail = recorded.mail.0,
        outcome = recorded.outcome.as_str(),
        why = record.decided.decision.why(),
        entry = recorded.entry.map(|entry| entry.0),
        files = record.mail.attachments.len(),
        octets = record.size,
        milliseconds = u64::try_from(record.took.as_millis()).unwrap_or(u64::MAX),
        "Recorded"
    );
}
