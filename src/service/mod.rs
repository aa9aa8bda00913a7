//! Rounds for ever: all waiting is visible here.
//!
//! One task per mailbox (`mailbox`) looks at its inbox (`looking`), goes through it if there is something to do (`round`),
//! waits by IDLE or by the clock (`pace`), and comes back after a lost connection; how many of them do so at a time is
//! limited (`places`). What it found wrong is said once (`complaint`, `complaints`) and noted where others read it (`notes`,
//! `reach`, `state_line`).
//!
//! Beside them one task each empties the outbox (`notifier`), calls the `webhooks`, writes the office's `digests`, keeps the
//! terms of `retention`, clears up the `objects`, looks after `certificates` and `log_ins`, and serves the pages (`web`) and
//! the metrics (`watched`). `tasks` begins them all and waits for their end.
//!
//! On PostgreSQL several workers share the mailboxes, and one more task takes a fair share of them (`sharing`, by the rule
//! of `shares` and with `leases`); on SQLite a second worker does not start. Each step is known while it lasts (`steps`), so
//! that systemd restarts a service that hangs. Stopping is an argument: nothing new is taken, what is in hand is finished.

mod certificates;
mod complaint;
mod complaints;
mod database;
mod digests;
mod errands;
mod leases;
mod log_ins;
mod looking;
mod mailbox;
mod moving_on;
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
mod tasks;
mod until;
mod watched;
mod web;
mod web_acts;
mod webhooks;
mod worker;

pub(crate) use crate::web::api_description;
pub(crate) use database::{open_database, wait_for_database};
pub(crate) use moving_on::{MovedOn, move_on};
pub(crate) use notifier::open_sender;
pub(crate) use objects::remove_from_object_store;
pub(crate) use once::{dry_run, once};
pub(crate) use removing::{OnServer, remove_from_servers};
pub(crate) use retention::RetentionReport;
pub(crate) use stranded::{Adopted, stranded};
pub(crate) use until::Until;
pub(crate) use web::serve_web;
pub(crate) use webhooks::try_webhook;

use crate::settings::Settings;
use crate::store::Store;
use anyhow::Result;
use sd_notify::NotifyState;
use std::sync::Arc;
use tasks::{Listening, Noting, Tasks};
use worker::Worker;

/// Runs until asked to stop.
///
/// # Errors
///
/// Another process works on the same SQLite database, or listens where the pages are to be; or a task ended although it
/// should go on for ever: a fault of the program.
pub(crate) async fn run(settings: Settings, store: Store, until: Until) -> Result<()> {
    state_line::forget_mailboxes();
    let settings = Arc::new(settings);
    let _alone = store.off_thread(Store::work_alone).await?;
    let listening = Listening::open(&settings).await?;
    let worker = Worker::new(settings.clone(), store.clone(), store.outbox_written());
    let noting = Noting::begin(worker.clone(), store.clone());
    let mut tasks = Tasks::begin(&worker, &store, listening, &until.stop).await;
    service_manager::tell(NotifyState::Ready);
    until.began.cancel();
    tracing::info!(mailboxes = settings.mailboxes.len(), "The service runs");
    tasks.until_asked_to(&until.stop).await?;
    if until.for_good.is_cancelled() {
        service_manager::tell(NotifyState::Stopping);
        tracing::info!("Stopping: what is in hand is finished");
    }
    tasks.finish().await?;
    // Last of all: what the rounds in hand leave is written too.
    noting.finish().await?;
    tracing::info!("Stopped");
    Ok(())
}
