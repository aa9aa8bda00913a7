//! How rounds ended, written for many mailboxes together: what is new at once, that nothing changed a little later.

use super::complaint::{Complaint, Said};
use super::steps;
use crate::application::id::MailboxId;
use crate::store::{RoundNote, Store};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// That a round found nothing new is written after this time at the latest, with that of all others.
const LATER: Duration = Duration::from_secs(10);

/// Notes that are not written yet: the newest of each mailbox.
#[derive(Default)]
pub(super) struct Notes {
    waiting: Mutex<HashMap<MailboxId, RoundNote>>,
    has_news: Notify,
}

impl Notes {
    /// Leaves a round's result to be written: at once if it says something new.
    pub(super) fn leave(&self, mailbox: MailboxId, note: RoundNote, is_news: bool) {
        self.waiting().insert(mailbox, note);
        if is_news {
            self.has_news.notify_one();
        }
    }

    /// Another worker has the mailbox now, and says how it stands.
    pub(super) fn withdraw(&self, mailbox: MailboxId) {
        self.waiting().remove(&mailbox);
    }

    /// Writes until `end`, and then what is left.
    pub(super) async fn write(&self, store: Store, end: CancellationToken) {
        let mut fault = Complaint::default();
        while !end.is_cancelled() {
            tokio::select! {
                () = self.has_news.notified() => {}
                () = tokio::time::sleep(LATER) => {}
                () = end.cancelled() => {}
            }
            self.write_what_waits(&store, &mut fault).await;
        }
    }

    /// A fault here is logged only: the mail is safe. What could not be written waits for the next time.
    async fn write_what_waits(&self, store: &Store, fault: &mut Complaint) {
        let notes: Vec<(MailboxId, RoundNote)> = self.waiting().drain().collect();
        if notes.is_empty() {
            return;
        }
        let _step = steps::begin("notes");
        let written = notes.clone();
        let done = store.off_thread(move |store| store.rounds_finished(&written)).await;
        if done.is_ok()
            && let Some(Said { since, times }) = fault.over()
        {
            tracing::info!(%since, failures = times, "The rounds' results are noted again");
        }
        if let Err(error) = done {
            if let Some(Said { since, times }) = fault.again(&error.to_string()) {
                tracing::warn!(%error, %since, failures = times, "The rounds' results cannot be noted; it is tried again");
            }
            let mut waiting = self.waiting();
            for (mailbox, note) in notes {
                waiting.entry(mailbox).or_insert(note);
            }
        }
    }

    fn waiting(&self) -> MutexGuard<'_, HashMap<MailboxId, RoundNote>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
