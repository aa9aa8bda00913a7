//! What all watches of one worker share.

use super::certificates::Certificates;
use super::errands::Errands;
use super::notes::Notes;
use super::places::Places;
use super::reach::Reach;
use crate::settings::Settings;
use crate::store::Store;
use std::sync::Arc;
use tokio::sync::Notify;

/// One process at work on mailboxes.
pub(super) struct Worker {
    pub(super) settings: Arc<Settings>,
    /// Wakes those that send notifications.
    pub(super) outbox_written: Arc<Notify>,
    pub(super) places: Places,
    pub(super) notes: Notes,
    pub(super) errands: Errands,
    /// Which mailboxes can be used, for those who watch this process.
    pub(super) reach: Reach,
    /// How long the mail servers' certificates last, for the same.
    pub(super) certificates: Arc<Certificates>,
}

impl Worker {
    pub(super) fn new(settings: Arc<Settings>, store: Store, outbox_written: Arc<Notify>) -> Arc<Self> {
        let places = Places::new(&settings);
        Arc::new(Self {
            settings,
            outbox_written,
            places,
            notes: Notes::default(),
            errands: Errands::new(store),
            reach: Reach::default(),
            certificates: Arc::default(),
        })
    }
}
