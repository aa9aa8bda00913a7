//! Metrics and health for machines that watch the service, at a place of their own.

mod lately;
mod observing;

use super::worker::Worker;
use crate::decision::ImportOutcome;
use crate::monitoring::{Numbers, router};
use crate::settings::Settings;
use crate::store::Store;
use crate::web;
use anyhow::{Context, Result};
use observing::Observing;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// What was timed is sorted this often, whether anybody asks for it or not.
const TIDIED: Duration = Duration::from_secs(5);

/// Takes the place where metrics are served, if the settings name one.
///
/// # Errors
///
/// Another program has it, or it is not this machine's.
pub(super) async fn open(settings: &Settings) -> Result<Option<TcpListener>> {
    let Some(metrics) = &settings.metrics else { return Ok(None) };
    let listener = TcpListener::bind(metrics.listen).await.with_context(|| {
        format!(
            "Cannot listen on {}; write another address or port into `[metrics] listen`, or end what uses it",
            metrics.listen
        )
    })?;
    Ok(Some(listener))
}

/// Counts from now on. To be called before anything is to be counted.
///
/// # Errors
///
/// A fault of the program.
pub(super) fn begin() -> Result<Numbers> {
    Numbers::begin(ImportOutcome::ALL.iter().map(|outcome| outcome.as_str()))
}

/// Answers until asked to stop.
pub(super) async fn run(
    worker: Arc<Worker>,
    store: Store,
    numbers: Numbers,
    listener: TcpListener,
    stop: CancellationToken,
) {
    let address = listener.local_addr().map(|address| address.to_string()).unwrap_or_default();
    tracing::info!(address, "Metrics and health are served");
    let observing = Arc::new(Observing::new(worker, store));
    let serving = web::serve_router(router(numbers.clone(), observing), listener, stop.clone());
    let tidying = async {
        loop {
            tokio::time::sleep(TIDIED).await;
            numbers.tidy();
        }
    };
    tokio::select! {
        () = serving => {}
        () = tidying => {}
    }
}
