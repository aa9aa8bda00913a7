//! Opening the database, and waiting for one that is not up yet.

use super::complaint::{Complaint, Said};
use crate::retry;
use crate::store::{Store, StoreError};
use anyhow::Result;
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// One try takes no longer. Left behind, a try that still works on the database hinders no later one: bringing it up to
/// date twice at the same time is one after the other.
const ONE_TRY: Duration = Duration::from_mins(1);

/// Opens the database by `open`, which blocks.
///
/// # Errors
///
/// What `open` gives, and [`StoreError::Unavailable`] if there is no answer in time.
pub(crate) async fn open_database(open: impl FnOnce() -> Result<Store> + Send + 'static) -> Result<Store> {
    match tokio::time::timeout(ONE_TRY, tokio::task::spawn_blocking(open)).await {
        Ok(opened) => opened?,
        Err(_elapsed) => {
            let cause = format!("no answer within {ONE_TRY:?}");
            Err(StoreError::Unavailable { wanted: "Cannot open the database", cause }.into())
        }
    }
}

/// As [`open_database`]; while it is away, again and again with growing pauses. `None` if the service was asked to stop
/// before.
///
/// # Errors
///
/// What a person must put right: the settings, or the state of the database.
pub(crate) async fn wait_for_database(
    open: impl Fn() -> Result<Store> + Send + Sync + 'static,
    stop: &CancellationToken,
) -> Result<Option<Store>> {
    let open = Arc::new(open);
    let (mut failures, mut fault) = (0, Complaint::default());
    loop {
        let try_it = open.clone();
        let opened = tokio::select! {
            opened = open_database(move || try_it()) => opened,
            () = stop.cancelled() => return Ok(None),
        };
        let text = match opened {
            Ok(store) => {
                if let Some(Said { since, .. }) = fault.over() {
                    tracing::info!(failures, %since, "The database can be used");
                }
                return Ok(Some(store));
            }
            Err(error) if !is_away(&error) => return Err(error),
            Err(error) => format!("{error:#}"),
        };
        failures += 1;
        let pause = retry::DATABASE.after(failures, fastrand::f64());
        if let Some(Said { since, .. }) = fault.again(&text) {
            tracing::warn!(failures, %since, pause = ?pause, error = text, "The database cannot be used yet; it is tried again");
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return Ok(None),
        }
    }
}

fn is_away(error: &anyhow::Error) -> bool {
    matches!(error.downcast_ref(), Some(StoreError::Unavailable { .. }))
}
