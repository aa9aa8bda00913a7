//! The stages of a round side by side: while one batch is recorded, the next is understood and one more is fetched.
//!
//! One connection, so fetching and filing away take turns; understanding and recording have threads of their own. What is
//! in hand at once is bounded in octets and in batches: the one for memory, the other so that few mails are taken singly
//! after the process was ended.

use super::fetch::{Batch, take_back_attempts};
use crate::imap::MAX_BYTES;
use crate::import::importer::Importer;
use crate::import::mail_in_hand::MailInHand;
use crate::import::path::Imported;
use crate::import::path::scanning::ScannerLost;
use crate::import::path::understanding::{Understood, understand};
use crate::store::Place;
use anyhow::{Error, Result, anyhow};
use chrono::Utc;
use std::collections::VecDeque;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};
use tokio_util::sync::CancellationToken;

/// Octets of mail that are in hand at once, as fetched; a batch that is larger waits until there is nothing else.
const MOST_OCTETS: u64 = 2 * MAX_BYTES;

/// Batches that are in hand at once: one fetched, one understood, one recorded.
const MOST_BATCHES: usize = 3;

/// What came of a batch: its mails, and how many failed for their own reasons.
pub(super) type RecordedBatch = Result<(Vec<Imported>, u64)>;

/// A batch between fetching and recording.
pub(super) struct Read {
    places: Vec<Place>,
    size: usize,
    understood: Result<Vec<Understood>>,
}

/// What the stages behind fetching have in hand, oldest first, in octets.
#[derive(Default)]
struct InHand(VecDeque<u64>);

impl InHand {
    fn has_room_for(&self, octets: u64) -> bool {
        let all = self.0.iter().fold(octets, |sum, one| sum.saturating_add(*one));
        self.0.is_empty() || (self.0.len() < MOST_BATCHES && all <= MOST_OCTETS)
    }
}

/// Does what is to be done at the server: fetches a batch, and files away what is recorded.
pub(super) trait AtTheInbox {
    /// Fetches a batch.
    async fn fetch(&mut self, batch: &Batch) -> Result<Vec<MailInHand>>;
    /// Counts what was recorded, and files it away if the connection is of use.
    async fn finish(&mut self, recorded: (Vec<Imported>, u64)) -> Result<()>;
}

/// Takes batches through all stages. After an error nothing more is fetched, and what is in hand is recorded still, unless
/// it is recording that failed: then the attempts at what is in hand do not count.
///
/// # Errors
///
/// The first that there was.
pub(super) async fn run(
    importer: &Importer,
    inbox: &mut impl AtTheInbox,
    batches: impl Iterator<Item = Batch>,
    stop: &CancellationToken,
) -> Result<()> {
    let (to_understand, fetched) = mpsc::channel(MOST_BATCHES);
    let (to_record, to_be_recorded) = mpsc::channel(MOST_BATCHES);
    let (to_file, recorded) = mpsc::unbounded_channel();
    let at_the_inbox = fetch_and_finish(importer, inbox, batches, (to_understand, recorded), stop);
    let (done, (), ()) = tokio::join!(
        at_the_inbox,
        understand_each(importer, fetched, to_record),
        record_each(importer, to_be_recorded, to_file)
    );
    done
}

async fn fetch_and_finish(
    importer: &Importer,
    inbox: &mut impl AtTheInbox,
    batches: impl Iterator<Item = Batch>,
    (to_understand, mut recorded): (Sender<Vec<MailInHand>>, UnboundedReceiver<RecordedBatch>),
    stop: &CancellationToken,
) -> Result<()> {
    let mut batches = batches.peekable();
    let mut in_hand = InHand::default();
    let mut failed: Option<Error> = None;
    loop {
        let goes_on = failed.is_none() && !stop.is_cancelled() && importer.waiting_files.away().is_none();
        let next = batches.next_if(|batch| goes_on && in_hand.has_room_for(batch.octets()));
        // What is recorded is filed away before anything more is fetched.
        let done = match (recorded.try_recv(), &next) {
            (Ok(done), _) => Some(done),
            (Err(_), Some(_)) => None,
            (Err(_), None) if in_hand.0.is_empty() => break,
            (Err(_), None) => recorded.recv().await,
        };
        if let Some(done) = done {
            in_hand.0.pop_front();
            let finished = match done {
                Ok(done) if failed.is_none() => inbox.finish(done).await,
                Ok(_) => Ok(()),
                Err(error) => Err(error),
            };
            failed = failed.or(finished.err());
        }
        if let Some(batch) = next {
            if failed.is_some() {
                continue;
            }
            match inbox.fetch(&batch).await {
                Ok(mails) => {
                    in_hand.0.push_back(batch.octets());
                    // The other end is there as long as this one.
                    let _ = to_understand.send(mails).await;
                }
                Err(error) => failed = Some(error),
            }
        }
    }
    failed.map_or(Ok(()), Err)
}

async fn understand_each(importer: &Importer, mut fetched: Receiver<Vec<MailInHand>>, to_record: Sender<Read>) {
    while let Some(mails) = fetched.recv().await {
        if to_record.send(read(importer, mails).await).await.is_err() {
            return;
        }
    }
}

/// Understands a batch on threads of its own.
pub(super) async fn read(importer: &Importer, mails: Vec<MailInHand>) -> Read {
    let (places, size) = (mails.iter().filter_map(|mail| mail.place.clone()).collect(), mails.len());
    let reading = importer.reading.clone();
    let understood = match tokio::task::spawn_blocking(move || understand(mails, &reading)).await {
        Ok(understood) => understood,
        Err(_panic) => Err(anyhow!("A fault of the program ended the reading of a batch")),
    };
    importer.progress.add(1);
    Read { places, size, understood }
}

async fn record_each(importer: &Importer, mut batches: Receiver<Read>, to_file: UnboundedSender<RecordedBatch>) {
    let mut is_broken = false;
    while let Some(batch) = batches.recv().await {
        let recorded = if is_broken {
            // That recording failed is not the fault of the mails fetched meanwhile.
            take_back(importer, &batch.places).await;
            Err(anyhow!("A batch was not recorded because the one before could not be"))
        } else {
            record(importer, batch).await
        };
        is_broken |= recorded.is_err();
        if to_file.send(recorded).is_err() {
            return;
        }
    }
}

/// Records a batch on a thread of its own; says how many mails failed for their own reasons.
pub(super) async fn record(importer: &Importer, batch: Read) -> RecordedBatch {
    let worker = importer.clone();
    let recorded = match batch.understood {
        Err(error) => Err(error),
        Ok(understood) => {
            match importer.store.watched(move || worker.import_understood(understood, Utc::now())).await {
                Ok(Ok(done)) => done,
                Ok(Err(_panic)) => Err(anyhow!("A fault of the program ended the recording of a batch")),
                Err(error) => Err(error.into()),
            }
        }
    };
    match recorded {
        Ok(imported) => {
            let waiting: Vec<Place> =
                batch.places.into_iter().filter(|place| importer.waiting_files.has(place.uid)).collect();
            take_back(importer, &waiting).await;
            let failed = batch.size.saturating_sub(imported.len()).saturating_sub(waiting.len()) as u64;
            Ok((imported, failed))
        }
        Err(error) => {
            let blamed = blamed(&error);
            let others: Vec<Place> = batch.places.into_iter().filter(|place| Some(place.uid) != blamed).collect();
            take_back(importer, &others).await;
            Err(error)
        }
    }
}

/// The mail that an error may be the fault of.
fn blamed(error: &anyhow::Error) -> Option<u32> {
    error.downcast_ref::<ScannerLost>().and_then(|lost| lost.uid)
}

async fn take_back(importer: &Importer, places: &[Place]) {
    let Some(uid_validity) = places.first().map(|place| place.uid_validity) else { return };
    take_back_attempts(importer, uid_validity, places.iter().map(|place| place.uid).collect()).await;
}

#[cfg(test)]
mod tests {
    use super::{InHand, MOST_BATCHES, MOST_OCTETS};

    #[test]
    fn what_is_in_hand_is_bounded_in_octets_and_in_batches() {
        let mut in_hand = InHand::default();
        assert!(in_hand.has_room_for(u64::MAX), "a mail larger than all has its turn when there is nothing else");
        in_hand.0.push_back(MOST_OCTETS - 10);
        assert!(in_hand.has_room_for(10));
        assert!(!in_hand.has_room_for(11));
        assert!(!in_hand.has_room_for(u64::MAX));
        let mut small = InHand(vec![1; MOST_BATCHES - 1].into());
        assert!(small.has_room_for(1));
        small.0.push_back(1);
        assert!(!small.has_room_for(1));
        small.0.pop_front();
        assert!(small.has_room_for(1));
    }
}
