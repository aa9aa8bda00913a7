//! Mails whose new files the object store does not take: in one round, what is known of it.
//!
//! An outage is no mail's fault: what is in hand without new files is recorded, the others wait with their attempts taken
//! back, and the round ends. A file that a working store does not take is the fault of its mail alone.

use crate::store::{MailRecord, StoreError};
use anyhow::Error;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Cloning is cheap: clones know the same.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct WaitingFiles(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    /// The store is away, and why.
    away: Option<StoreError>,
    /// The UIDs of the mails that wait for it.
    uids: BTreeSet<u32>,
}

impl WaitingFiles {
    /// Why the store cannot be used, if it was found to be away.
    pub(in crate::import) fn away(&self) -> Option<StoreError> {
        self.known().away.clone()
    }

    /// It was found to be away.
    pub(super) fn begin(&self, error: StoreError) {
        self.known().away.get_or_insert(error);
    }

    /// This mail waits for it.
    pub(super) fn add(&self, record: &MailRecord) {
        self.known().uids.extend(record.place.as_ref().map(|place| place.uid));
    }

    /// Whether this mail waits for it.
    pub(in crate::import) fn has(&self, uid: u32) -> bool {
        self.known().uids.contains(&uid)
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an object store failed, or one of the contents that it was to take.
pub(super) fn is_of_files(error: &Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::FilesAway { .. }))
}
