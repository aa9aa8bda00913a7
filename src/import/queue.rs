//! What a round has to look at: the queue of the inbox.

use super::path::Importer;
use super::round::count;
use crate::imap::{Envelope, FolderName, Mode, OpenFolder, Session, Uid};
use crate::settings::Mailbox;
use crate::store::RecordedPlace;
use anyhow::Result;
use std::collections::HashSet;

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
}

/// Opens the inbox and finds what waits in it.
pub(super) async fn open_queue(
    session: &mut Session,
    importer: &Importer,
    mailbox: &Mailbox,
    mode: Mode,
) -> Result<Queue> {
    let folder = session.open(&FolderName::parse(&mailbox.folder)?, mode).await?;
    let recorded = recorded_and_left(session, importer, &folder).await?;
    let known: HashSet<u32> = recorded.iter().map(|place| place.uid).collect();
    let mut uids = session.unseen_uids().await?;
    uids.retain(|uid| !known.contains(&uid.get()));
    let others = u64::from(folder.exists).saturating_sub(count(uids.len())).saturating_sub(count(recorded.len()));
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
    Ok(Queue { folder, envelopes: session.sizes(&uids).await?, recorded, stranded })
}

/// The mails that are recorded and, as far as the record knows, still in the inbox; and of those the ones that are.
async fn recorded_and_left(
    session: &mut Session,
    importer: &Importer,
    folder: &OpenFolder,
) -> Result<Vec<RecordedPlace>> {
    let (mailbox, uid_validity) = (importer.mailbox(), folder.uid_validity);
    let mut recorded = importer.store().off_thread(move |store| store.recorded_places(mailbox, uid_validity)).await?;
    let uids: Vec<Uid> = recorded.iter().filter_map(|place| Uid::new(place.uid)).collect();
    let there: HashSet<u32> = session.sizes(&uids).await?.iter().map(|envelope| envelope.uid.get()).collect();
    recorded.retain(|place| there.contains(&place.uid));
    Ok(recorded)
}
