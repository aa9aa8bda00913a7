//! From the settings to the database, and from signals to a stop.

use crate::objects::Objects;
use crate::settings::Settings;
use crate::store::{Store, StoreError, Subscription};
use anyhow::{Context, Result};
use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// The database as it is, made if there is none.
pub(super) fn store(settings: &Settings) -> Result<Store> {
    furnished(Store::open(&settings.database_url).context("Cannot use the database")?, settings)
}

/// The database as it is, for commands that only look: it must be there and up to date.
pub(super) fn store_to_read(settings: &Settings) -> Result<Store> {
    let store = Store::open_existing(&settings.database_url).context("Cannot use the database")?;
    store.check_schema()?;
    furnished(store, settings)
}

/// What is recorded through this store is told to the settings' webhooks, and contents may lie in their object store.
fn furnished(store: Store, settings: &Settings) -> Result<Store> {
    let webhooks = settings.tenants.iter().flat_map(|tenant| {
        tenant.webhooks.iter().map(|webhook| Subscription {
            tenant: tenant.name.clone(),
            url: webhook.url.clone(),
            events: webhook.events.clone(),
        })
    });
    let store = store.with_webhooks(webhooks.collect());
    Ok(match &settings.files {
        None => store,
        Some(files) => store.with_objects(Objects::new(files).context("Cannot use the object store")?, files.takes_new),
    })
}

/// The database, brought up to date; with `no_migrate` it must be up to date already.
pub(super) fn ready_store(settings: &Settings, no_migrate: bool) -> Result<Store> {
    if no_migrate {
        return store_to_read(settings);
    }
    let store = store(settings)?;
    for name in store.migrate()? {
        tracing::info!(name, "Brought the database up to date");
    }
    Ok(store)
}

/// As [`ready_store`], for a service. One that has worked on this database before goes on with it although a newer program
/// has brought it up to date meanwhile: it did so until now, and what that program added is nothing to it.
pub(super) fn served_store(settings: &Settings, no_migrate: bool, worked_before: bool) -> Result<Store> {
    match ready_store(settings, no_migrate) {
        Err(error) if worked_before && matches!(error.downcast_ref(), Some(StoreError::ProgramTooOld { .. })) => {
            let why = format!("{error:#}");
            tracing::warn!(why, "The service goes on with the newer database until it is restarted");
            store(settings)
        }
        done => done,
    }
}

/// Cancels `stop` at the first SIGTERM or SIGINT.
pub(super) fn stop_on_signals(stop: &CancellationToken) -> Result<()> {
    let mut terminate = signal(SignalKind::terminate()).context("Cannot listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Cannot listen for SIGINT")?;
    let stop = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.cancel();
    });
    Ok(())
}

/// How many files this process may open, as far as the system tells.
pub(super) fn files_allowed() -> Option<usize> {
    let limits = std::fs::read_to_string("/proc/self/limits").ok()?;
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    // `unlimited` is no number, and no limit.
    line.split_whitespace().next()?.parse().ok()
}
