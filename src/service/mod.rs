//! Rounds for ever: all waiting is visible here.
//!
//! One task per mailbox (`mailbox`) looks at its inbox (`looking`), goes through it if there is something to do (`round`),
//! waits by IDLE or by the clock (`pace`), and comes back after a lost connection; how many of them do so at a time is
//! limited (`places`). What it found wrong is said once (`complaints`, `faults`) and noted where others read it (`notes`,
//! `reach`, `state_line`).
//!
//! Beside them one task each empties the outbox (`notifier`), calls the `webhooks`, writes the office's `digests`, keeps the
//! terms of `retention`, clears up the `objects`, looks after `certificates` and `log_ins`, and serves the pages (`web`) and
//! the metrics (`watched`).
//!
//! On PostgreSQL several workers share the mailboxes, and one more task takes a fair share of them (`sharing`, by the rule
//! of `shares` and with `leases`); on SQLite a second worker does not start. Each step is known while it lasts (`steps`), so
//! that systemd restarts a service that hangs. Stopping is an argument: nothing new is taken, what is in hand is finished.

mod certificates;
mod complaints;
mod database;
mod digests;
mod errands;
mod faults;
mod leases;
mod log_ins;
mod looking;
mod mailbox;
mod notes;
mod notifier;
mod objects;
mod once;
mod pace;
mod places;
mod reach;
mod removing;
mod retention;
mod round;
mod service_manager;
mod shares;
mod sharing;
mod sign_in_mail;
mod state_line;
mod steps;
mod stranded;
mod until;
mod watched;
mod web;
mod web_acts;
mod webhooks;
mod worker;

pub use crate::web::api_description;
pub use database::{open_database, wait_for_database};
pub use notifier::open_sender;
pub use objects::remove_from_object_store;
pub use once::{OnceReport, dry_run, once};
pub use removing::{OnServer, remove_from_servers};
pub use retention::RetentionReport;
pub use stranded::{Adopted, stranded};
pub use until::Until;
pub use web::serve_web;

use crate::settings::Settings;
use crate::store::{Store, worker_name};
use anyhow::{Context, Result, bail};
use std::sync::Arc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use worker::Worker;

/// Runs until asked to stop.
///
/// # Errors
///
/// Another process works on the same SQLite database, or listens where the pages are to be; or a task ended although it should go on for ever: a fault of the
/// program.
pub async fn run(settings: Settings, store: Store, until: Until) -> Result<()> {
    let stop = until.stop;
    state_line::forget_mailboxes();
    let settings = Arc::new(settings);
    let recorded = store.outbox_written();
    let mut tasks = JoinSet::new();
    let _alone = store.off_thread(Store::work_alone).await?;
    let pages = web::open(&settings).await?;
    let watched = watched::open(&settings).await?;
    let numbers = watched.as_ref().map(|_| watched::begin()).transpose()?;
    let worker = Worker::new(settings.clone(), store.clone(), recorded.clone());
    // Last of all: what the rounds in hand leave is written too.
    let (notes_end, noting) = (CancellationToken::new(), worker.clone());
    let notes = {
        let (store, end) = (store.clone(), notes_end.clone());
        tokio::spawn(async move { noting.notes.write(store, end).await })
    };
    if let Some(leases) = store.leases(worker_name(), settings.lease) {
        tasks.spawn(sharing::Sharing::new(leases, worker.clone()).run(stop.clone()));
    } else {
        for watch in watches(&worker, &store).await {
            tasks.spawn(watch.run(stop.clone()));
        }
    }
    tasks.spawn(log_ins::run(settings.clone(), stop.clone()));
    let servers = certificates::mail_servers(&settings, &worker.places);
    tasks.spawn(certificates::run(servers, worker.certificates.clone(), stop.clone()));
    tasks.spawn(digests::run(settings.clone(), store.clone(), recorded.clone(), stop.clone()));
    tasks.spawn(retention::run(settings.clone(), store.clone(), stop.clone()));
    if settings.files.is_some() {
        tasks.spawn(objects::run(store.clone(), stop.clone()));
    }
    tasks.spawn(webhooks::keep_giving_up_former(settings.clone(), store.clone(), stop.clone()));
    for receiver in webhooks::receivers(&settings) {
        tasks.spawn(receiver.run(store.clone(), stop.clone()));
    }
    if let Some(listener) = pages {
        tasks.spawn(web::run(settings.clone(), store.clone(), recorded.clone(), listener, stop.clone()));
    }
    if let (Some(listener), Some(numbers)) = (watched, numbers) {
        tasks.spawn(watched::run(worker.clone(), store.clone(), numbers, listener, stop.clone()));
    }
    if let Some(smtp) = settings.smtp.clone() {
        tasks.spawn(notifier::run(smtp, settings.notify.digest_after, store, recorded, stop.clone()));
    }
    service_manager::tell(sd_notify::NotifyState::Ready);
    until.began.cancel();
    tracing::info!(mailboxes = settings.mailboxes.len(), "The service runs");
    tokio::select! {
        // Looked at first: tasks end because of the stop, too.
        biased;
        () = stop.cancelled() => {}
        Some(ended) = tasks.join_next() => {
            ended.context("A task of the service failed")?;
            bail!("A task of the service ended although nobody asked it to");
        }
    }
    if until.for_good.is_cancelled() {
        service_manager::tell(sd_notify::NotifyState::Stopping);
        tracing::info!("Stopping: what is in hand is finished");
    }
    while let Some(ended) = tasks.join_next().await {
        ended?;
    }
    notes_end.cancel();
    notes.await?;
    tracing::info!("Stopped");
    Ok(())
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
