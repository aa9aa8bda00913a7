//! One pass through an inbox: what waits is fetched, recorded and filed away in sets, several batches at once (`pipeline`).
//!
//! The round knows the order in which things must happen; what a mail means is the path's.

pub(super) mod fetch;
mod filing;
mod handing_over;
mod interrupted;
pub(super) mod look;
mod pipeline;
mod queue;
pub(super) mod report;
pub(super) mod stranded;

use crate::imap::{Mode, Session};
use crate::import::connect::is_refusal;
use crate::import::importer::Importer;
use crate::import::mail_in_hand::{Content, MailInHand};
use crate::import::path::{Imported, PlannedMail};
use crate::monitoring;
use crate::settings::Mailbox;
use anyhow::Result;
use fetch::{Batch, Fetcher};
use filing::{InFolder, file_away};
use interrupted::{Unsettled, remove_copied, settle_interrupted};
use pipeline::AtTheInbox;
use queue::{Queue, open_queue};
use report::RoundReport;
use tokio_util::sync::CancellationToken;

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
    let unsettled = settle_interrupted(session, importer, mailbox).await?;
    let queue = open_queue(session, importer, mailbox, Mode::ReadWrite).await?;
    work_off(session, importer, mailbox, (queue, unsettled), stop).await
}

/// Imports and files away the mails of a queue; last, what an interrupted round left.
async fn work_off(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    (mut queue, unsettled): (Queue, Unsettled),
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let fetcher = Fetcher::new(importer, mailbox, queue.folder.uid_validity);
    let waiting = queue.waiting();
    let mut round = Round {
        importer,
        mailbox,
        report: RoundReport { stranded: queue.stranded, waiting, ..RoundReport::default() },
    };
    // Together first; the suspects follow one by one, with nothing beside them.
    while !stop.is_cancelled() && importer.waiting_files.away().is_none() {
        let batches = queue.next_together(session).await?;
        if batches.is_empty() {
            break;
        }
        let mut inbox = Inbox { session: &mut *session, fetcher: &fetcher, round: &mut round };
        pipeline::run(importer, &mut inbox, batches.into_iter(), stop).await?;
    }
    round.report.waiting = round.report.waiting.saturating_sub(queue.vanished);
    for batch in queue.one_by_one() {
        if stop.is_cancelled() || importer.waiting_files.away().is_some() {
            break;
        }
        let alone = fetcher.fetch(session, &batch).await?;
        let (imported, failed) = round.record_alone(alone, fetcher.uid_validity).await?;
        round.finish(session, &imported, failed).await?;
    }
    for said in fetcher.finish(session).await? {
        round.report.note_refusal(said);
    }
    // Last: a server that will not have them filed, and ends the connection over it, must not keep new mail from coming in.
    round.file_away_recorded(session, &queue, unsettled).await?;
    importer.waiting_files.away().map_or(Ok(round.report), |error| Err(error.into()))
}

/// Says what a round would do. The inbox is opened read-only, and no mail is recorded.
///
/// # Errors
///
/// The connection or the database failed.
pub async fn plan_round(session: &mut Session, importer: &Importer, mailbox: &Mailbox) -> Result<Vec<PlannedMail>> {
    let mut queue = open_queue(session, importer, mailbox, Mode::ReadOnly).await?;
    let fetcher = Fetcher::new(importer, mailbox, queue.folder.uid_validity);
    let mut plan = Vec::new();
    loop {
        let mut batches = queue.next_together(session).await?;
        let is_last = batches.is_empty();
        if is_last {
            batches.extend(queue.one_by_one());
        }
        for batch in batches {
            let mails = fetcher.read(session, &batch.envelopes).await?;
            let named = importer.clone();
            plan.extend(importer.store.off_thread(move |_| named.plan(mails)).await?);
        }
        if is_last {
            return Ok(plan);
        }
    }
}

/// The open inbox, as the pipeline uses it.
struct Inbox<'a, 'round> {
    session: &'a mut Session,
    fetcher: &'a Fetcher<'a>,
    round: &'a mut Round<'round>,
}

impl AtTheInbox for Inbox<'_, '_> {
    async fn fetch(&mut self, batch: &Batch) -> Result<Vec<MailInHand>> {
        self.fetcher.fetch(self.session, batch).await
    }

    async fn finish(&mut self, (imported, failed): (Vec<Imported>, u64)) -> Result<()> {
        self.round.finish(self.session, &imported, failed).await
    }
}

/// A round in progress.
struct Round<'a> {
    importer: &'a Importer,
    mailbox: &'a Mailbox,
    report: RoundReport,
}

impl Round<'_> {
    /// Mails of an earlier round that ended between recording and filing away.
    async fn file_away_recorded(&mut self, session: &mut Session, queue: &Queue, unsettled: Unsettled) -> Result<()> {
        let in_inbox_only = queue.recorded.iter().filter(|place| !unsettled.in_both.contains(&place.mail));
        self.report.filed_late =
            self.file_away(session, in_inbox_only.filter_map(InFolder::from_recorded).collect()).await?;
        for refusal in unsettled.refusals {
            self.report.note_refusal(refusal);
        }
        self.report.unfiled += unsettled.in_both.len() as u64;
        match remove_copied(session, self.importer, self.mailbox, unsettled.copied).await {
            Ok(removed) => {
                self.report.filed_late += removed;
                self.report.unfiled = self.report.unfiled.saturating_sub(removed);
            }
            Err(error) if is_refusal(session, &error) => self.report.note_refusal(format!("{error:#}")),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Says how many were filed; the others wait for the next round.
    async fn file_away(&mut self, session: &mut Session, recorded: Vec<InFolder>) -> Result<u64> {
        let all = recorded.len() as u64;
        let left = file_away(session, self.importer, self.mailbox, recorded).await?;
        for refusal in left.refusals {
            self.report.note_refusal(refusal);
        }
        self.report.unfiled += left.unfiled;
        Ok(all.saturating_sub(left.unfiled))
    }

    /// Records the only mail of a batch. As long as it is read its attempts stand next to the most that are made: if it ends
    /// the process, now that no other mail can have done it, it is read once more, and if it does so again, the round after
    /// gives it to a person unread. Once may be chance: somebody killed the program, or the power failed.
    async fn record_alone(&self, mails: Vec<MailInHand>, uid_validity: u32) -> Result<(Vec<Imported>, u64)> {
        let Some(mail) = mails.first() else { return Ok((Vec::new(), 0)) };
        let (uid, attempt) = match (&mail.place, &mail.content) {
            (Some(place), Content::Whole(_) | Content::Beginning(_) | Content::GivenUp) => (place.uid, mail.attempt),
            // What did not come is not read.
            (_, Content::Withheld) | (None, _) => {
                return pipeline::record(self.importer, pipeline::read(self.importer, mails).await).await;
            }
        };
        self.suppose_attempts(uid_validity, uid, attempt.max(self.mailbox.max_attempts.saturating_sub(1))).await?;
        let read = pipeline::read(self.importer, mails).await;
        // It did not end the process. What keeps it from being recorded, a database that is away or a lease that is lost,
        // must not leave it there: it would be given up although it was tried once.
        self.suppose_attempts(uid_validity, uid, attempt).await?;
        pipeline::record(self.importer, read).await
    }

    async fn suppose_attempts(&self, uid_validity: u32, uid: u32, attempts: u32) -> Result<()> {
        let mailbox = self.importer.mailbox();
        let store = &self.importer.store;
        Ok(store.off_thread(move |store| store.set_attempts(mailbox, uid_validity, uid, attempts)).await?)
    }

    /// Counts what was recorded, and files it away.
    async fn finish(&mut self, session: &mut Session, imported: &[Imported], failed: u64) -> Result<()> {
        self.report.failed += failed;
        monitoring::mail_failed(failed);
        self.report.waiting = self.report.waiting.saturating_sub(imported.len() as u64);
        for one in imported {
            *self.report.outcomes.entry(one.outcome).or_default() += 1;
            self.report.recorded.push(one.mail);
        }
        self.file_away(session, imported.iter().filter_map(InFolder::from_imported).collect()).await?;
        Ok(())
    }
}
