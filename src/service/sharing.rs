//! Several workers on one database: each takes a fair share of the mailboxes, renews its leases, gives back what is too
//! much, and takes over what dead workers left.

use super::complaint::{Complaint, Said};
use super::leases::{give_back, note_another_tenants, rows};
use super::mailbox::Watch;
use super::shares::plan;
use super::steps;
use super::worker::Worker;
use crate::application::id::MailboxId;
use crate::settings::Mailbox;
use crate::store::{Lease, Leases, Seat, StoreError};
use anyhow::{Context, Result};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;
use tokio::task::{JoinError, JoinSet};
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

/// The mailboxes are looked at this often at least, so that what was given back is soon served again.
const LOOK: Duration = Duration::from_secs(5);

/// A worker's part in the mailboxes.
pub(super) struct Sharing {
    leases: Leases,
    worker: Arc<Worker>,
    /// The rows of the settings' mailboxes, as far as they could be looked up yet.
    rows: HashMap<MailboxId, Arc<Mailbox>>,
    held: HashMap<MailboxId, Held>,
    /// One task for each mailbox held, until its watch ends.
    tasks: JoinSet<Lease>,
    /// Mailboxes whose watch has ended, to be given back.
    to_give: Vec<Lease>,
    /// One task gives back all that there are by then: with the database away that takes a while, and nobody waits for it.
    giving: JoinSet<Vec<Lease>>,
    /// Mailboxes that cannot be used were named.
    has_complained: bool,
    stopping: bool,
    fault: Complaint,
}

/// A mailbox that this worker watches.
struct Held {
    lease: Lease,
    /// Asks the watch to finish what is in hand.
    stop: CancellationToken,
    /// Drops the watch where it stands.
    lost: CancellationToken,
}

impl Sharing {
    pub(super) fn new(leases: Leases, worker: Arc<Worker>) -> Self {
        Self {
            leases,
            worker,
            rows: HashMap::new(),
            held: HashMap::new(),
            tasks: JoinSet::new(),
            to_give: Vec::new(),
            giving: JoinSet::new(),
            has_complained: false,
            stopping: false,
            fault: Complaint::default(),
        }
    }

    /// Shares until asked to stop; then gives back each mailbox as soon as what is in hand there is finished.
    ///
    /// # Panics
    ///
    /// If a watch did: that is a fault of the program.
    pub(super) async fn run(mut self, stop: CancellationToken) {
        let mut looks = tokio::time::interval((self.leases.lasts() / 3).min(LOOK));
        looks.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled(), if !self.stopping => {
                    self.stopping = true;
                    self.held.values().for_each(|held| held.stop.cancel());
                    self.leave().await;
                }
                Some(ended) = self.tasks.join_next() => {
                    self.ended(ended);
                    while let Some(ended) = self.tasks.try_join_next() {
                        self.ended(ended);
                    }
                    self.give_what_is_left();
                }
                Some(given) = self.giving.join_next() => {
                    self.given_back(given);
                    self.give_what_is_left();
                }
                _ = looks.tick() => {
                    let looked = self.look().await;
                    self.tell(looked);
                }
            }
            if self.stopping && self.tasks.is_empty() && self.giving.is_empty() {
                break;
            }
        }
    }

    fn tell(&mut self, looked: Result<()>) {
        let Err(error) = looked else {
            if let Some(Said { since, times }) = self.fault.over() {
                tracing::info!(%since, failures = times, "The mailboxes are shared again");
            }
            return;
        };
        let error = format!("{error:#}");
        if let Some(Said { since, times }) = self.fault.again(&error) {
            tracing::warn!(error, %since, failures = times, "The mailboxes cannot be shared; it is tried again");
        }
    }

    /// Renews, and does what the fair share asks for.
    async fn look(&mut self) -> Result<()> {
        let _step = steps::begin("sharing");
        if self.stopping {
            return self.renew_what_is_in_hand().await;
        }
        self.look_up_rows().await?;
        let (worker, ids) = (self.leases.clone(), self.rows.keys().copied().collect::<Vec<_>>());
        let seats = self.leases.store().off_thread(move |_| worker.renew_all(&ids)).await?;
        self.drop_what_is_lost(&seats);
        for seat in &seats {
            // Taken, and the answer did not arrive.
            if let Some(token) = seat.ours
                && !self.held.contains_key(&seat.mailbox)
            {
                self.watch(Lease { mailbox: seat.mailbox, token, lasts: self.leases.lasts() });
            }
        }
        let mut plan = plan(&seats);
        // One that was lost and is free again is taken once its watch here has ended.
        plan.take.retain(|mailbox| !self.held.contains_key(mailbox));
        for mailbox in &plan.give {
            if let Some(held) = self.held.get(mailbox) {
                held.stop.cancel();
            }
        }
        if !plan.take.is_empty() {
            let worker = self.leases.clone();
            let taken = self.leases.store().off_thread(move |_| worker.take_all(&plan.take)).await;
            for lease in taken.context("Cannot take mailboxes")? {
                self.watch(lease);
            }
        }
        Ok(())
    }

    /// What is finished before the stop stays ours until then.
    async fn renew_what_is_in_hand(&self) -> Result<()> {
        let worker = self.leases.clone();
        let renewed = self.leases.store().off_thread(move |_| worker.renew_held()).await?;
        let renewed: HashSet<(MailboxId, i64)> = renewed.iter().map(|lease| (lease.mailbox, lease.token)).collect();
        for held in self.held.values().filter(|held| !renewed.contains(&(held.lease.mailbox, held.lease.token))) {
            held.lost.cancel();
        }
        Ok(())
    }

    /// A mailbox that cannot be looked up, since its address belongs to another tenant already, keeps no other.
    async fn look_up_rows(&mut self) -> Result<(), StoreError> {
        let settings = self.worker.settings.clone();
        if self.rows.len() == settings.mailboxes.len() {
            return Ok(());
        }
        let named = settings.clone();
        let found = self.leases.store().off_thread(move |store| rows(store, &named)).await?;
        for (row, mailbox) in found.into_iter().zip(&settings.mailboxes) {
            if let Some(id) = row {
                self.rows.insert(id, mailbox.clone());
            } else if !self.has_complained {
                let (named, address) = (mailbox.clone(), mailbox.address.as_str());
                let noted = self.leases.store().off_thread(move |store| note_another_tenants(store, &named)).await;
                let why = noted.unwrap_or_else(|error| error.to_string());
                tracing::error!(mailbox = address, why, "The mailbox cannot be used");
            }
        }
        self.has_complained = true;
        Ok(())
    }

    /// Another worker has taken over, so this one was silent for too long: what it was doing there is dropped.
    fn drop_what_is_lost(&mut self, seats: &[Seat]) {
        for seat in seats {
            if let Some(held) = self.held.get(&seat.mailbox)
                && seat.ours != Some(held.lease.token)
            {
                held.lost.cancel();
            }
        }
    }

    fn watch(&mut self, lease: Lease) {
        let Some(mailbox) = self.rows.get(&lease.mailbox) else { return };
        tracing::info!(mailbox = mailbox.address.as_str(), lease = lease.token, "Works on the mailbox");
        let store = self.leases.store().under(lease);
        let watch = Watch::new(self.worker.clone(), mailbox.clone(), store, Some(lease.mailbox));
        let (stop, lost) = (CancellationToken::new(), CancellationToken::new());
        self.held.insert(lease.mailbox, Held { lease, stop: stop.clone(), lost: lost.clone() });
        let worker = self.worker.clone();
        self.tasks.spawn(async move {
            tokio::select! {
                () = watch.run(stop) => {}
                () = lost.cancelled() => worker.notes.withdraw(lease.mailbox),
            }
            lease
        });
    }

    /// A watch ended: it was asked to, or its lease was lost. Giving back does nothing to a lease that was.
    fn ended(&mut self, ended: Result<Lease, JoinError>) {
        let Some(lease) = unless_cancelled(ended) else { return };
        if let Some(mailbox) = self.rows.get(&lease.mailbox) {
            tracing::info!(mailbox = mailbox.address.as_str(), lease = lease.token, "Leaves the mailbox");
        }
        self.to_give.push(lease);
    }

    fn give_what_is_left(&mut self) {
        if self.to_give.is_empty() || !self.giving.is_empty() {
            return;
        }
        let (leases, given) = (self.leases.clone(), std::mem::take(&mut self.to_give));
        self.giving.spawn(async move {
            give_back(&leases, given.clone()).await;
            given
        });
    }

    /// What was given back is held no more, unless it is held by another lease meanwhile.
    fn given_back(&mut self, given: Result<Vec<Lease>, JoinError>) {
        for lease in unless_cancelled(given).unwrap_or_default() {
            if self.held.get(&lease.mailbox).is_some_and(|held| held.lease.token == lease.token) {
                self.held.remove(&lease.mailbox);
            }
        }
    }

    /// The others may count without this worker from now on.
    async fn leave(&self) {
        let worker = self.leases.clone();
        if let Err(error) = self.leases.store().off_thread(move |_| worker.leave()).await {
            tracing::warn!(%error, "The other workers cannot be told");
        }
    }
}

/// What a task came to; a panic goes on here.
fn unless_cancelled<T>(ended: Result<T, JoinError>) -> Option<T> {
    match ended {
        Ok(result) => Some(result),
        Err(error) => match error.try_into_panic() {
            Ok(panic) => std::panic::resume_unwind(panic),
            Err(_cancelled) => None,
        },
    }
}
