//! Mails whose new files the object store does not take, or the virus scanner does not look at: in one round, what is known
//! of it.
//!
//! An outage is no mail's fault: what is in hand without new files is recorded, the others wait with their attempts taken
//! back, and the round ends. A file that a working store does not take, or at which a working scanner fails, is the fault
//! of its mail alone.

use crate::store::{Place, StoreError};
use anyhow::Error;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Cloning is cheap: clones know the same.
#[derive(Clone, Debug, Default)]
pub(in crate::import) struct WaitingFiles(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    away: Option<Away>,
    /// The UIDs of the mails that wait for it.
    uids: BTreeSet<u32>,
}

/// What was found to be away, and why.
#[derive(Clone, Debug)]
pub(in crate::import) enum Away {
    /// The object store, for what is new to it.
    ObjectStore(StoreError),
    /// The virus scanner, for all files.
    Scanner(String),
}

impl From<Away> for Error {
    fn from(away: Away) -> Self {
        match away {
            Away::ObjectStore(error) => error.into(),
            Away::Scanner(error) => Self::msg(error),
        }
    }
}

impl WaitingFiles {
    /// What cannot be used, if something was found to be away.
    pub(in crate::import) fn away(&self) -> Option<Away> {
        self.known().away.clone()
    }

    /// Whether it is the virus scanner.
    pub(super) fn wait_for_the_scanner(&self) -> bool {
        matches!(self.known().away, Some(Away::Scanner(_)))
    }

    /// It was found to be away.
    pub(super) fn begin(&self, away: Away) {
        self.known().away.get_or_insert(away);
    }

    /// This mail waits for it.
    pub(super) fn add(&self, place: Option<&Place>) {
        self.known().uids.extend(place.map(|place| place.uid));
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
