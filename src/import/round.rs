//! One pass through an inbox: batches are fetched while the batch before is recorded, then filed away in sets.
//!
//! The round knows the order in which things must happen; what a mail means is the path's.

use super::one_by_one;
use super::path::{Imported, Importer, MailInHand, PlannedMail};
use super::queue::{Queue, open_queue};
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::imap::{Envelope, FolderName, Mode, Session, Uid, batches};
use crate::settings::Mailbox;
use crate::store::{FiledMail, Place};
use anyhow::{Context, Result};
use chrono::Utc;
use std::collections::{BTreeMap, HashMap};
use tokio_util::sync::CancellationToken;

/// Of a mail that is too large only the beginning is fetched: enough to tell a person what it is, in octets.
pub(super) const HEAD: u32 = 64 << 10;

/// What one round did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RoundReport {
    /// How many mails came to which end.
    pub outcomes: BTreeMap<ImportOutcome, u64>,
    /// Mails recorded in an earlier round and filed away in this one.
    pub filed_late: u64,
    /// Mails that failed for their own reasons and wait for the next round.
    pub failed: u64,
    /// Unseen mails left in the inbox: the service was asked to stop, or they failed.
    pub waiting: u64,
    /// Seen mails in the inbox that have no record: somebody opened them.
    pub stranded: u64,
}

/// Imports everything that waits in the inbox, oldest first. A stop ends the round after the batch in hand.
///
/// # Errors
///
/// The connection or the database failed. What was recorded stands, what was not stays where it is.
pub async fn round(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let queue = open_queue(session, importer, mailbox, Mode::ReadWrite).await?;
    let mut round = Round {
        importer,
        mailbox,
        uid_validity: queue.folder.uid_validity,
        report: RoundReport {
            stranded: queue.stranded,
            waiting: count(queue.envelopes.len()),
            ..RoundReport::default()
        },
    };
    round.file_away_recorded(session, &queue).await?;
    let (fresh, tried) = one_by_one::part(queue.envelopes, &round.attempts_made().await?);
    round.import_batches(session, &fresh, stop).await?;
    round.import_one_by_one(session, tried, stop).await?;
    Ok(round.report)
}

/// Says what a round would do. The inbox is opened read-only, and no mail is recorded.
///
/// # Errors
///
/// The connection or the database failed.
pub async fn plan_round(session: &mut Session, importer: &Importer, mailbox: &Mailbox) -> Result<Vec<PlannedMail>> {
    let queue = open_queue(session, importer, mailbox, Mode::ReadOnly).await?;
    let round = Round { importer, mailbox, uid_validity: queue.folder.uid_validity, report: RoundReport::default() };
    let mut plan = Vec::with_capacity(queue.envelopes.len());
    for batch in batches(&queue.envelopes) {
        let mails = round.read(session, &batch, &HashMap::new()).await?;
        let importer = importer.clone();
        plan.extend(tokio::task::spawn_blocking(move || importer.plan(mails)).await??);
    }
    Ok(plan)
}

/// A round in progress.
pub(super) struct Round<'a> {
    pub(super) importer: &'a Importer,
    pub(super) mailbox: &'a Mailbox,
    pub(super) uid_validity: u32,
    report: RoundReport,
}

/// A recorded mail that lies in the inbox.
struct InFolder {
    uid: Uid,
    mail: MailId,
    outcome: ImportOutcome,
}

impl InFolder {
    fn from_imported(imported: &Imported) -> Option<Self> {
        let uid = Uid::new(imported.place.as_ref()?.uid)?;
        Some(Self { uid, mail: imported.mail, outcome: imported.outcome })
    }
}

impl Round<'_> {
    /// Imports mails in batches, the next being fetched while one is recorded.
    async fn import_batches(
        &mut self,
        session: &mut Session,
        envelopes: &[Envelope],
        stop: &CancellationToken,
    ) -> Result<()> {
        let mut planned = batches(envelopes).into_iter();
        let mut in_hand = match planned.next() {
            Some(batch) if !stop.is_cancelled() => Some(self.fetch(session, &batch).await?),
            _ => None,
        };
        while let Some(batch) = in_hand {
            let next = planned.next().filter(|_| !stop.is_cancelled());
            let (recorded, fetched) = match &next {
                Some(next) => tokio::join!(record(self.importer, batch), self.fetch(session, next)),
                None => (record(self.importer, batch).await, Ok(Vec::new())),
            };
            let (imported, failed) = recorded?;
            // After a failed fetch the session is of no use: what was recorded is filed away by the next round.
            let fetched = fetched?;
            self.finish(session, &imported, failed).await?;
            in_hand = next.map(|_| fetched);
        }
        Ok(())
    }

    /// Counts what came of mails and files them away.
    pub(super) async fn finish(&mut self, session: &mut Session, imported: &[Imported], failed: u64) -> Result<()> {
        self.note(imported, failed);
        self.file_away(session, imported.iter().filter_map(InFolder::from_imported).collect()).await
    }

    /// The attempts that earlier rounds made at mails without a record, by UID.
    async fn attempts_made(&self) -> Result<HashMap<u32, u32>> {
        let (mailbox, uid_validity) = (self.importer.mailbox(), self.uid_validity);
        let made = self.importer.store().off_thread(move |store| store.attempts_made(mailbox, uid_validity)).await?;
        Ok(made.into_iter().collect())
    }

    /// Fetches a batch; its attempts are counted before anybody looks into the mails.
    pub(super) async fn fetch(&self, session: &mut Session, batch: &[Envelope]) -> Result<Vec<MailInHand>> {
        let uids: Vec<u32> = batch.iter().map(|envelope| envelope.uid.get()).collect();
        let (mailbox, uid_validity) = (self.importer.mailbox(), self.uid_validity);
        let counted = uids.clone();
        let attempts = self
            .importer
            .store()
            .off_thread(move |store| store.note_attempts(mailbox, uid_validity, &counted, Utc::now()))
            .await?;
        let read = self.read(session, batch, &attempts.into_iter().collect()).await;
        if read.is_err() {
            take_back_attempts(self.importer, uid_validity, uids).await;
        }
        read
    }

    async fn read(
        &self,
        session: &mut Session,
        batch: &[Envelope],
        attempts: &HashMap<u32, u32>,
    ) -> Result<Vec<MailInHand>> {
        let (too_large, whole): (Vec<Envelope>, Vec<Envelope>) =
            batch.iter().cloned().partition(|envelope| envelope.size > self.mailbox.max_size);
        let in_hand = |envelope: &Envelope, bytes: Vec<u8>| MailInHand {
            place: Some(self.place(envelope.uid)),
            size: if envelope.size == u64::MAX { bytes.len() as u64 } else { envelope.size },
            received_at: envelope.internal_date.map_or_else(Utc::now, |date| date.to_utc()),
            attempt: attempts.get(&envelope.uid.get()).copied().unwrap_or(1),
            bytes,
        };
        let sizes: HashMap<Uid, &Envelope> = whole.iter().map(|envelope| (envelope.uid, envelope)).collect();
        let mut mails: Vec<MailInHand> = session
            .bodies(&whole)
            .await?
            .into_iter()
            .filter_map(|mail| sizes.get(&mail.uid).map(|envelope| in_hand(envelope, mail.bytes)))
            .collect();
        for envelope in &too_large {
            if let Some(head) = session.head(envelope.uid, HEAD).await? {
                mails.push(in_hand(envelope, head));
            }
        }
        Ok(mails)
    }

    /// Mails of an earlier round that ended between recording and filing away.
    async fn file_away_recorded(&mut self, session: &mut Session, queue: &Queue) -> Result<()> {
        let late = queue
            .recorded
            .iter()
            .filter_map(|place| Some(InFolder { uid: Uid::new(place.uid)?, mail: place.mail, outcome: place.outcome }));
        let late: Vec<InFolder> = late.collect();
        self.report.filed_late = count(late.len());
        self.file_away(session, late).await
    }

    /// One MOVE per archive folder, noted when the server has done it.
    async fn file_away(&self, session: &mut Session, recorded: Vec<InFolder>) -> Result<()> {
        let now = Utc::now();
        for outcome in ImportOutcome::ALL {
            let of_outcome: Vec<&InFolder> = recorded.iter().filter(|mail| mail.outcome == outcome).collect();
            if of_outcome.is_empty() {
                continue;
            }
            let folder = self.mailbox.archive.folder(outcome, now);
            let uids: Vec<Uid> = of_outcome.iter().map(|mail| mail.uid).collect();
            let filed = session.file_away(&uids, &FolderName::parse(&folder)?).await?;
            if let Some(warning) = filed.warning() {
                tracing::warn!(mailbox = self.mailbox.address.as_str(), warning);
            }
            let new_uids: HashMap<Uid, Option<Uid>> = filed.moved.into_iter().collect();
            let places: Vec<FiledMail> = of_outcome
                .iter()
                .map(|mail| FiledMail {
                    mail: mail.mail,
                    folder: folder.clone(),
                    uid_validity: filed.uid_validity,
                    uid: new_uids.get(&mail.uid).copied().flatten().map(Uid::get),
                })
                .collect();
            self.importer
                .store()
                .off_thread(move |store| store.filed_away(&places, now))
                .await
                .context("Cannot note where mail was filed")?;
        }
        Ok(())
    }

    fn note(&mut self, imported: &[Imported], failed: u64) {
        self.report.failed += failed;
        self.report.waiting = self.report.waiting.saturating_sub(count(imported.len()));
        for one in imported {
            *self.report.outcomes.entry(one.outcome).or_default() += 1;
        }
    }

    fn place(&self, uid: Uid) -> Place {
        Place { folder: self.mailbox.folder.clone(), uid_validity: self.uid_validity, uid: uid.get() }
    }
}

/// Understands and records a batch on a thread of its own; says how many mails failed for their own reasons.
pub(super) async fn record(importer: &Importer, batch: Vec<MailInHand>) -> Result<(Vec<Imported>, u64)> {
    let size = batch.len();
    let places: Vec<Place> = batch.iter().filter_map(|mail| mail.place.clone()).collect();
    let worker = importer.clone();
    let imported = tokio::task::spawn_blocking(move || worker.import(batch, Utc::now())).await?;
    if imported.is_err()
        && let Some(place) = places.first()
    {
        take_back_attempts(importer, place.uid_validity, places.iter().map(|place| place.uid).collect()).await;
    }
    let imported = imported?;
    let failed = count(size.saturating_sub(imported.len()));
    Ok((imported, failed))
}

/// The connection or the database failed: that is not the mails' fault. If the attempts cannot be taken back they
/// count, and a mail may be set aside earlier than it should, which a person sees.
async fn take_back_attempts(importer: &Importer, uid_validity: u32, uids: Vec<u32>) {
    let mailbox = importer.mailbox();
    let taken = importer.store().off_thread(move |store| store.take_back_attempts(mailbox, uid_validity, &uids)).await;
    if let Err(error) = taken {
        tracing::warn!(%error, "Attempts cannot be taken back");
    }
}

/// How many, in the width of the record.
pub(super) fn count(n: usize) -> u64 {
    n as u64
}
