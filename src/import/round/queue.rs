//! What a round has to look at: the queue of the inbox.

use super::fetch::Batch;
use crate::imap::{Envelope, Mode, OpenFolder, Session, Uid, batches};
use crate::import::importer::Importer;
use crate::settings::Mailbox;
use crate::store::{AttemptsMade, KnownInbox, RecordedPlace};
use anyhow::Result;
use std::collections::{HashMap, HashSet, VecDeque};

/// Up to so many other mails are searched for stranded ones exactly; above, they are counted by subtraction, since an
/// inbox that somebody keeps 100,000 read mails in must not cost a search through all of them each round.
const COUNTED_EXACTLY: u64 = 5_000;

/// So many mails are looked at together: their sizes are asked at once, and what is known of them is in memory. However many
/// wait, the first are imported soon.
const WINDOW: usize = 2_000;

/// The queue of an open inbox.
pub(super) struct Queue {
    pub(super) folder: OpenFolder,
    /// Mails recorded in an earlier round that was interrupted before they were filed away.
    pub(super) recorded: Vec<RecordedPlace>,
    /// Seen mails without a record that nobody asked to adopt.
    pub(super) stranded: u64,
    /// Mails without a record, oldest first.
    fresh: VecDeque<Uid>,
    /// Those of them at which an attempt was made before, the one whose turn was longest ago first.
    suspects: Vec<(Envelope, AttemptsMade)>,
    /// Mails that were counted as waiting and are gone.
    pub(super) vanished: u64,
}

impl Queue {
    /// How many mails wait.
    pub(super) fn waiting(&self) -> u64 {
        self.fresh.len() as u64 + self.suspects.len() as u64
    }

    /// The next mails that are taken together, oldest first; none if there are no more. Those that vanished are left out.
    pub(super) async fn next_together(&mut self, session: &mut Session) -> Result<Vec<Batch>> {
        while !self.fresh.is_empty() {
            let window: Vec<Uid> = self.fresh.drain(..WINDOW.min(self.fresh.len())).collect();
            let envelopes = session.sizes(&window).await?;
            self.vanished += window.len().saturating_sub(envelopes.len()) as u64;
            if !envelopes.is_empty() {
                return Ok(together(&envelopes));
            }
        }
        Ok(Vec::new())
    }

    /// The mails that are taken one by one, after the others: those at which an attempt failed, so that one that ends the
    /// process or the connection takes no other with it.
    pub(super) fn one_by_one(&self) -> impl Iterator<Item = Batch> {
        self.suspects.iter().map(|(envelope, made)| Batch { envelopes: vec![envelope.clone()], made: Some(*made) })
    }

    /// Leaves all other mails to the next round.
    pub(super) fn keep_only(&mut self, uids: &HashSet<Uid>) {
        self.fresh.retain(|uid| uids.contains(uid));
        self.suspects.retain(|(envelope, _)| uids.contains(&envelope.uid));
    }
}

fn together(envelopes: &[Envelope]) -> Vec<Batch> {
    batches(envelopes).into_iter().map(|envelopes| Batch { envelopes, made: None }).collect()
}

/// Opens the inbox and finds what waits in it.
pub(super) async fn open_queue(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    mode: Mode,
) -> Result<Queue> {
    let folder = session.open(&mailbox.folder, mode).await?;
    let KnownInbox { recorded, to_remove, attempts } = known_inbox(importer, mailbox, &folder).await?;
    let recorded = left(session, importer, recorded, mode).await?;
    let mut known: HashSet<u32> = recorded.iter().map(|place| place.uid).collect();
    known.extend(to_remove);
    let mut uids = session.unseen_uids().await?;
    uids.retain(|uid| !known.contains(&uid.get()));
    let others = u64::from(folder.exists).saturating_sub(uids.len() as u64).saturating_sub(known.len() as u64);
    let mut stranded = others;
    if others > 0 && (mailbox.adopt_seen || others <= COUNTED_EXACTLY) {
        let mut seen = session.seen_uids().await?;
        seen.retain(|uid| !known.contains(&uid.get()));
        stranded = seen.len() as u64;
        if mailbox.adopt_seen {
            uids.append(&mut seen);
            stranded = 0;
        }
    }
    let suspects = suspects(session, importer, folder.uid_validity, attempts, &uids).await?;
    let suspect: HashSet<Uid> = suspects.iter().map(|(envelope, _)| envelope.uid).collect();
    uids.retain(|uid| !suspect.contains(uid));
    uids.sort_unstable();
    Ok(Queue { folder, recorded, stranded, fresh: uids.into(), suspects, vanished: 0 })
}

/// Opens the inbox and finds the seen mails that have no record. Nothing is written: another worker may be on the mailbox.
pub(super) async fn stranded_uids(session: &mut Session, importer: &Importer, mailbox: &Mailbox) -> Result<Vec<Uid>> {
    let folder = session.open(&mailbox.folder, Mode::ReadWrite).await?;
    let KnownInbox { recorded, to_remove, .. } = known_inbox(importer, mailbox, &folder).await?;
    let recorded = left(session, importer, recorded, Mode::ReadOnly).await?;
    let mut known: HashSet<u32> = recorded.iter().map(|place| place.uid).collect();
    known.extend(to_remove);
    let mut seen = session.seen_uids().await?;
    seen.retain(|uid| !known.contains(&uid.get()));
    Ok(seen)
}

/// What the record knows of the inbox. Erased mail that could not be removed yet is no new mail.
async fn known_inbox(importer: &Importer, mailbox: &Mailbox, open: &OpenFolder) -> Result<KnownInbox> {
    let (id, folder, uid_validity) = (importer.mailbox(), mailbox.folder.to_string(), open.uid_validity);
    Ok(importer.store.off_thread(move |store| store.known_inbox(id, &folder, uid_validity)).await?)
}

/// Of the mails that are recorded and, as far as the record knows, still in the inbox, the ones that are.
///
/// A server that rebuilt the folder may have given a recorded mail's UID to another one, under the old UIDVALIDITY even.
/// That one is looked at like every mail without a record, and the recorded mail is known by its identity where it turns up.
async fn left(
    session: &mut Session,
    importer: &Importer,
    recorded: Vec<RecordedPlace>,
    mode: Mode,
) -> Result<Vec<RecordedPlace>> {
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
            mailbox = importer.reading.mailbox.as_str(),
            mails = displaced.len(),
            "The server gave UIDs of recorded mails to others; they are looked at anew"
        );
        importer.store.off_thread(move |store| store.forget_places(&displaced)).await?;
    }
    Ok(left)
}

/// Whether the mail at a recorded place may be the recorded one, going by its size and its arrival.
fn may_be(envelope: &Envelope, place: &RecordedPlace) -> bool {
    // The database holds sizes up to 63 bits; the server's "more than fits" is cut to that.
    let size = envelope.size.min(u64::MAX >> 1);
    size == place.size && envelope.internal_date.is_none_or(|date| date.to_utc() == place.received_at)
}

/// The mails of the queue at which an attempt was made before, the one whose turn was longest ago first. Attempts at others
/// are forgotten: at mails that are gone, and at one whose UID belongs to another now.
async fn suspects(
    session: &mut Session,
    importer: &Importer,
    uid_validity: u32,
    made: Vec<AttemptsMade>,
    waiting: &[Uid],
) -> Result<Vec<(Envelope, AttemptsMade)>> {
    if made.is_empty() {
        return Ok(Vec::new());
    }
    let waiting: HashSet<Uid> = waiting.iter().copied().collect();
    let tried: Vec<Uid> =
        made.iter().filter_map(|made| Uid::new(made.uid)).filter(|uid| waiting.contains(uid)).collect();
    let envelopes = session.sizes(&tried).await?;
    let (suspects, gone) = told_apart(&made, envelopes);
    if !gone.is_empty() {
        let mailbox = importer.mailbox();
        importer.store.off_thread(move |store| store.forget_attempts(mailbox, uid_validity, &gone)).await?;
    }
    Ok(suspects)
}

/// Those of the mails at which these attempts were made, the one whose turn was longest ago first, and the UIDs of the other
/// attempts. One that ends the round each time is last in the next: it may not hold up the others, however often it comes.
fn told_apart(made: &[AttemptsMade], envelopes: Vec<Envelope>) -> (Vec<(Envelope, AttemptsMade)>, Vec<u32>) {
    let made_at: HashMap<u32, &AttemptsMade> = made.iter().map(|made| (made.uid, made)).collect();
    let suspect = |envelope: Envelope| {
        let made = **made_at.get(&envelope.uid.get())?;
        let size = envelope.size.min(u64::MAX >> 1);
        made.size.is_none_or(|then| then == size).then_some((envelope, made))
    };
    let mut suspects: Vec<(Envelope, AttemptsMade)> = envelopes.into_iter().filter_map(suspect).collect();
    suspects.sort_by_key(|(envelope, made)| (made.last_at, envelope.uid));
    let there: HashSet<u32> = suspects.iter().map(|(envelope, _)| envelope.uid.get()).collect();
    let gone = made.iter().map(|made| made.uid).filter(|uid| !there.contains(uid)).collect();
    (suspects, gone)
}

#[cfg(test)]
mod tests {
    use super::{Queue, may_be, told_apart};
    use crate::application::id::MailId;
    use crate::decision::ImportOutcome;
    use crate::imap::{Envelope, OpenFolder, Uid};
    use crate::store::{AttemptsMade, RecordedPlace};

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
    fn mails_that_failed_before_are_taken_alone_the_last_tried_last_and_others_are_no_suspects() {
        let envelope = |uid, size| Envelope { uid: Uid::new(uid).unwrap(), size, internal_date: None };
        let made = |uid, minute, size| {
            let last_at = chrono::DateTime::UNIX_EPOCH + chrono::TimeDelta::minutes(minute);
            AttemptsMade { uid, attempts: 1, unfetched: 0, withheld: 0, last_at, size }
        };
        let made = [made(2, 3, Some(1_000)), made(4, 1, None), made(5, 1, Some(999)), made(6, 1, Some(1_000))];
        let (suspects, gone) = told_apart(&made, [2, 4, 5].map(|uid| envelope(uid, 1_000)).into());
        assert_eq!(suspects, [(envelope(4, 1_000), made[1]), (envelope(2, 1_000), made[0])]);
        assert_eq!(gone, [5, 6], "one belongs to another mail now, and one is gone");
        let queue = Queue {
            folder: OpenFolder { uid_validity: 1, uid_next: None, exists: 5, read_only: false },
            recorded: Vec::new(),
            stranded: 0,
            fresh: [1, 3, 5].map(|uid| Uid::new(uid).unwrap()).into(),
            suspects,
            vanished: 0,
        };
        assert_eq!(queue.waiting(), 5);
        let one_by_one: Vec<_> = queue.one_by_one().map(|batch| batch.envelopes).collect();
        assert_eq!(one_by_one, [vec![envelope(4, 1_000)], vec![envelope(2, 1_000)]]);
    }
}
