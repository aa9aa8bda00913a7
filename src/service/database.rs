//! Waiting for a database that is not up yet.

use crate::retry;
use crate::store::{Store, StoreError};
use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One try takes no longer. Left behind, a try that still works on the database hinders no later one: bringing it up to
/// date twice at the same time is one after the other.
const ONE_TRY: Duration = Duration::from_mins(1);

/// Opens the database by `open`, which blocks; while it is away, again and again with growing pauses. `None` if the service
/// was asked to stop before.
///
/// # Errors
///
/// What a person must put right: the settings, or the state of the database.
pub async fn wait_for_database(
    open: impl Fn() -> Result<Store> + Send + Sync + 'static,
    stop: &CancellationToken,
) -> Result<Option<Store>> {
    let open = Arc::new(open);
    let mut failures = 0;
    loop {
        let try_it = open.clone();
        let opened = tokio::select! {
            opened = tokio::time::timeout(ONE_TRY, tokio::task::spawn_blocking(move || try_it())) => opened,
            () = stop.cancelled() => return Ok(None),
        };
        let text = match opened {
            Ok(opened) => match opened? {
                Ok(store) => return Ok(Some(store)),
                Err(error) if !is_away(&error) => return Err(error),
                Err(error) => format!("{error:#}"),
            },
            Err(_elapsed) => format!("no answer within {ONE_TRY:?}"),
        };
        failures += 1;
        let pause = retry::DATABASE.after(failures, fastrand::f64());
        tracing::warn!(failures, pause = ?pause, error = text, "The database cannot be used yet");
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return Ok(None),
        }
    }
}

fn is_away(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Unavailable { .. }))
}
