//! What a round has to look at: the queue of the inbox.

use super::fetch::Batch;
use super::path::Importer;
use super::round::count;
use crate::imap::{Envelope, FolderName, Mode, OpenFolder, Session, Uid, batches};
use crate::settings::Mailbox;
use crate::store::{AttemptsMade, RecordedPlace};
use anyhow::Result;
use std::collections::{HashMap, HashSet};

/// Up to so many other mails are searched for stranded ones exactly; above, they are counted by subtraction, since an
/// inbox that somebody keeps 100,000 read mails in must not cost a search through all of them each round.
const COUNTED_EXACTLY: u64 = 5_000;

/// The queue of an open inbox.
pub(super) struct Queue {
    pub(super) folder: OpenFolder,
    /// Mails without a record, oldest first.
    pub(super) envelopes: Vec<Envelope>,
    /// Mails recorded in an earlier round that was interrupted before they were filed away.
    pub(super) recorded: Vec<RecordedPlace>,
    /// Seen mails without a record that nobody asked to adopt.
    pub(super) stranded: u64,
    /// How many attempts were made before at those mails of the queue that were tried.
    tried: HashMap<u32, u32>,
}

impl Queue {
    /// How the mails are taken: together, oldest first, and after them one by one those at which an attempt failed, the
    /// least tried first, so that one that ends the process or the connection takes no other with it.
    pub(super) fn batches(&self) -> Vec<Batch> {
        let (mut suspects, others): (Vec<Envelope>, Vec<Envelope>) =
            self.envelopes.iter().cloned().partition(|envelope| self.tried.contains_key(&envelope.uid.get()));
        suspects.sort_by_key(|envelope| (self.tried.get(&envelope.uid.get()), envelope.uid));
        let others = batches(&others).into_iter().map(|envelopes| Batch { envelopes, suspect: false });
        others.chain(suspects.into_iter().map(|envelope| Batch { envelopes: vec![envelope], suspect: true })).collect()
    }
}

/// Opens the inbox and finds what waits in it.
pub(super) async fn open_queue(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    mode: Mode,
) -> Result<Queue> {
    let folder = session.open(&FolderName::parse(&mailbox.folder)?, mode).await?;
    let recorded = recorded_and_left(session, importer, &folder, mode).await?;
    let mut known: HashSet<u32> = recorded.iter().map(|place| place.uid).collect();
    known.extend(erased_uids(importer, mailbox, folder.uid_validity).await?);
    let mut uids = session.unseen_uids().await?;
    uids.retain(|uid| !known.contains(&uid.get()));
    let others = u64::from(folder.exists).saturating_sub(count(uids.len())).saturating_sub(count(known.len()));
    let mut stranded = others;
    if others > 0 && (mailbox.adopt_seen || others <= COUNTED_EXACTLY) {
        let mut seen = session.seen_uids().await?;
        seen.retain(|uid| !known.contains(&uid.get()));
        stranded = count(seen.len());
        if mailbox.adopt_seen {
            uids.append(&mut seen);
            stranded = 0;
        }
    }
    if stranded > 0 {
        tracing::warn!(mailbox = mailbox.address.as_str(), stranded, "Seen mail without a record lies in the inbox");
    }
    let envelopes = session.sizes(&uids).await?;
    let tried = tried(importer, folder.uid_validity, &envelopes).await?;
    Ok(Queue { folder, envelopes, recorded, stranded, tried })
}

/// Opens the inbox and finds the seen mails that have no record. Nothing is written: another worker may be on the mailbox.
pub(super) async fn stranded_uids(session: &mut Session, importer: &Importer, mailbox: &Mailbox) -> Result<Vec<Uid>> {
    let folder = session.open(&FolderName::parse(&mailbox.folder)?, Mode::ReadWrite).await?;
    let recorded = recorded_and_left(session, importer, &folder, Mode::ReadOnly).await?;
    let mut known: HashSet<u32> = recorded.iter().map(|place| place.uid).collect();
    known.extend(erased_uids(importer, mailbox, folder.uid_validity).await?);
    let mut seen = session.seen_uids().await?;
    seen.retain(|uid| !known.contains(&uid.get()));
    Ok(seen)
}

/// Erased mail of the inbox that could not be removed yet: it is no new mail.
async fn erased_uids(importer: &Importer, mailbox: &Mailbox, uid_validity: u32) -> Result<Vec<u32>> {
    let (id, folder) = (importer.mailbox(), mailbox.folder.clone());
    Ok(importer.store().off_thread(move |store| store.uids_to_remove(id, &folder, uid_validity)).await?)
}

/// The mails that are recorded and, as far as the record knows, still in the inbox; and of those the ones that are.
///
/// A server that rebuilt the folder may have given a recorded mail's UID to another one, under the old UIDVALIDITY even.
/// That one is looked at like every mail without a record, and the recorded mail is known by its identity where it turns up.
async fn recorded_and_left(
    session: &mut Session,
    importer: &Importer,
    folder: &OpenFolder,
    mode: Mode,
) -> Result<Vec<RecordedPlace>> {
    let (mailbox, uid_validity) = (importer.mailbox(), folder.uid_validity);
    let recorded = importer.store().off_thread(move |store| store.recorded_places(mailbox, uid_validity)).await?;
    let uids: Vec<Uid> = recorded.iter().filter_map(|place| Uid::new(place.uid)).collect();
    let there: HashMap<u32, Envelope> =
        session.sizes(&uids).await?.into_iter().map(|envelope| (envelope.uid.get(), envelope)).collect();
    let (mut left, mut displaced) = (Vec::new(), Vec::new());
    for place in recorded {
        match there.get(&place.uid) {
            Some(envelope) if may_be(envelope, &place) => left.push(place),
            Some(_) => displaced.push(place.mail),
            None => {}
        }
    }
    if !displaced.is_empty() && mode == Mode::ReadWrite {
        tracing::warn!(
            mails = displaced.len(),
            "The server gave UIDs of recorded mails to others; they are looked at anew"
        );
        importer.store().off_thread(move |store| store.forget_places(&displaced)).await?;
    }
    Ok(left)
}

/// Whether the mail at a recorded place may be the recorded one, going by its size and its arrival.
fn may_be(envelope: &Envelope, place: &RecordedPlace) -> bool {
    // The database holds sizes up to 63 bits; the server's "more than fits" is cut to that.
    let size = envelope.size.min(u64::MAX >> 1);
    size == place.size && envelope.internal_date.is_none_or(|date| date.to_utc() == place.received_at)
}

/// The mails of the queue at which an attempt was made before. Attempts at others are forgotten: at mails that are gone, and
/// at one whose UID belongs to another now.
async fn tried(importer: &Importer, uid_validity: u32, envelopes: &[Envelope]) -> Result<HashMap<u32, u32>> {
    let mailbox = importer.mailbox();
    let waiting: HashMap<u32, u64> =
        envelopes.iter().map(|envelope| (envelope.uid.get(), envelope.size.min(u64::MAX >> 1))).collect();
    let made = importer.store().off_thread(move |store| store.attempts_made(mailbox, uid_validity)).await?;
    let (tried, gone): (Vec<AttemptsMade>, Vec<AttemptsMade>) = made
        .into_iter()
        .partition(|made| waiting.get(&made.uid).is_some_and(|size| made.size.is_none_or(|then| then == *size)));
    if !gone.is_empty() {
        let gone: Vec<u32> = gone.iter().map(|made| made.uid).collect();
        importer.store().off_thread(move |store| store.forget_attempts(mailbox, uid_validity, &gone)).await?;
    }
    Ok(tried.into_iter().map(|made| (made.uid, made.attempts)).collect())
}

#[cfg(test)]
mod tests {
    use super::{Queue, may_be};
    use crate::application::id::MailId;
    use crate::decision::ImportOutcome;
    use crate::imap::{Envelope, OpenFolder, Uid};
    use crate::store::RecordedPlace;
    use std::collections::HashMap;

    #[test]
    fn a_recorded_mail_is_known_by_size_and_arrival_where_its_uid_is_another_mails_now() {
        let date = |text| chrono::DateTime::parse_from_rfc3339(text).unwrap();
        let arrival = "2024-03-13T10:02:11+01:00";
        let place = RecordedPlace {
            uid: 5,
            mail: MailId(1),
            outcome: ImportOutcome::Imported,
            size: 1_000,
            received_at: date(arrival).to_utc(),
        };
        let envelope = |size, internal_date| Envelope { uid: Uid::new(5).unwrap(), size, internal_date };
        assert!(may_be(&envelope(1_000, Some(date("2024-03-13T09:02:11Z"))), &place), "the same moment elsewhere");
        assert!(may_be(&envelope(1_000, None), &place), "a server that tells no date");
        assert!(!may_be(&envelope(1_001, Some(date(arrival))), &place));
        assert!(!may_be(&envelope(1_000, Some(date("2024-03-13T10:02:12+01:00"))), &place));
        let huge = RecordedPlace { size: u64::MAX >> 1, ..place };
        assert!(may_be(&envelope(u64::MAX, None), &huge));
    }

    #[test]
    fn mails_that_failed_before_are_taken_alone_and_the_most_tried_last() {
        let envelope = |uid| Envelope { uid: Uid::new(uid).unwrap(), size: 1_000, internal_date: None };
        let queue = Queue {
            folder: OpenFolder { uid_validity: 1, uid_next: None, exists: 5, read_only: false },
            envelopes: (1..=5).map(envelope).collect(),
            recorded: Vec::new(),
            stranded: 0,
            tried: HashMap::from([(2, 3), (4, 1)]),
        };
        let batches: Vec<(Vec<u32>, bool)> = queue
            .batches()
            .iter()
            .map(|batch| (batch.envelopes.iter().map(|envelope| envelope.uid.get()).collect(), batch.suspect))
            .collect();
        assert_eq!(batches, [(vec![1, 3, 5], false), (vec![4], true), (vec![2], true)]);
    }
}
