//! What the service does side by side: one task for each thing that goes on by itself until it is asked to stop.

use super::worker::Worker;
use super::{
    certificates, digests, leases, log_ins, mailbox, notifier, objects, retention, sharing, watched, web, webhooks,
};
use crate::monitoring::Numbers;
use crate::settings::Settings;
use crate::store::{Store, worker_name};
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

/// The places where the service answers, taken before anything else is begun.
pub(super) struct Listening {
    pages: Option<TcpListener>,
    watched: Option<(TcpListener, Numbers)>,
}

impl Listening {
    /// # Errors
    ///
    /// Another program has one of the places, or it is not this machine's.
    pub(super) async fn open(settings: &Settings) -> Result<Self> {
        let pages = web::open(settings).await?;
        let watched = match watched::open(settings).await? {
            Some(listener) => Some((listener, watched::begin()?)),
            None => None,
        };
        Ok(Self { pages, watched })
    }
}

/// The tasks that are under way.
pub(super) struct Tasks(JoinSet<()>);

impl Tasks {
    /// Begins all that the settings ask for.
    pub(super) async fn begin(
        worker: &Arc<Worker>,
        store: &Store,
        listening: Listening,
        stop: &CancellationToken,
    ) -> Self {
        let (settings, outbox_written) = (&worker.settings, &worker.outbox_written);
        let mut tasks = JoinSet::new();
        if let Some(leases) = store.leases(worker_name(), settings.lease) {
            tasks.spawn(sharing::Sharing::new(leases, worker.clone()).run(stop.clone()));
        } else {
            for watch in watches(worker, store).await {
                tasks.spawn(watch.run(stop.clone()));
            }
        }
        tasks.spawn(log_ins::run(settings.clone(), stop.clone()));
        let servers = certificates::mail_servers(settings, &worker.places);
        tasks.spawn(certificates::run(servers, worker.certificates.clone(), stop.clone()));
        tasks.spawn(digests::run(settings.clone(), store.clone(), outbox_written.clone(), stop.clone()));
        tasks.spawn(retention::run(settings.clone(), store.clone(), stop.clone()));
        if settings.files.is_some() {
            tasks.spawn(objects::run(store.clone(), stop.clone()));
        }
        tasks.spawn(webhooks::keep_giving_up_former(settings.clone(), store.clone(), stop.clone()));
        for receiver in webhooks::receivers(settings) {
            tasks.spawn(receiver.run(store.clone(), stop.clone()));
        }
        if let Some(listener) = listening.pages {
            tasks.spawn(web::run(settings.clone(), store.clone(), outbox_written.clone(), listener, stop.clone()));
        }
        if let Some((listener, numbers)) = listening.watched {
            tasks.spawn(watched::run(worker.clone(), store.clone(), numbers, listener, stop.clone()));
        }
        if let Some(smtp) = settings.smtp.clone() {
            let singly = settings.notify.digest_after;
            tasks.spawn(notifier::run(smtp, singly, store.clone(), outbox_written.clone(), stop.clone()));
        }
        Self(tasks)
    }

    /// Until the service is asked to stop.
    ///
    /// # Errors
    ///
    /// A task ended although it should go on for ever: a fault of the program.
    pub(super) async fn until_asked_to(&mut self, stop: &CancellationToken) -> Result<()> {
        tokio::select! {
            // Looked at first: tasks end because of the stop, too.
            biased;
            () = stop.cancelled() => Ok(()),
            Some(ended) = self.0.join_next() => {
                ended.context("A task of the service failed")?;
                bail!("A task of the service ended although nobody asked it to");
            }
        }
    }

    /// Waits until each has finished what it has in hand.
    ///
    /// # Errors
    ///
    /// One failed: a fault of the program.
    pub(super) async fn finish(mut self) -> Result<()> {
        while let Some(ended) = self.0.join_next().await {
            ended?;
        }
        Ok(())
    }
}

/// Notes being written while the service runs.
pub(super) struct Noting {
    end: CancellationToken,
    writing: JoinHandle<()>,
}

impl Noting {
    pub(super) fn begin(worker: Arc<Worker>, store: Store) -> Self {
        let end = CancellationToken::new();
        let asked = end.clone();
        Self { end, writing: tokio::spawn(async move { worker.notes.write(store, asked).await }) }
    }

    /// Writes what is left.
    ///
    /// # Errors
    ///
    /// The task failed: a fault of the program.
    pub(super) async fn finish(self) -> Result<()> {
        self.end.cancel();
        Ok(self.writing.await?)
    }
}

/// A watch for each mailbox, where nobody shares them. They count before the first begins: how many connections may stay
/// open depends on their number.
async fn watches(worker: &Arc<Worker>, store: &Store) -> Vec<mailbox::Watch> {
    let settings = worker.settings.clone();
    // A watch looks up by itself what could not be looked up now.
    let rows = store.off_thread(move |store| leases::rows(store, &settings)).await.unwrap_or_default();
    let rows = rows.into_iter().chain(std::iter::repeat(None));
    let mailboxes = worker.settings.mailboxes.iter().zip(rows);
    mailboxes.map(|(mailbox, row)| mailbox::Watch::new(worker.clone(), mailbox.clone(), store.clone(), row)).collect()
}
