//! Removes contents from the object store that nobody needs: what was erased, and what was put there and never recorded. A
//! store that is away is asked again until it is done; until then `status` says what is left.

use super::complaint::{Complaint, Said};
use super::steps;
use crate::retry;
use crate::store::{Store, StoreError, Swept};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// How often it is looked.
const LOOK: Duration = Duration::from_mins(1);

/// A pass over very many contents, each with the longest wait.
const LONGEST_PASS: Duration = Duration::from_hours(6);

/// Looks until asked to stop.
pub(super) async fn run(store: Store, stop: CancellationToken) {
    let mut fault = Complaint::default();
    while !stop.is_cancelled() {
        {
            let _step = steps::begin_within("removing contents", LONGEST_PASS);
            pass(&store, &mut fault).await;
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => break,
        }
    }
}

/// Removes what is due.
pub(super) async fn pass(store: &Store, fault: &mut Complaint) {
    let (waiting, error) = match store.off_thread(|store| store.remove_objects(Utc::now(), false, next)).await {
        Ok(Swept { removed, waiting, error, .. }) => {
            if removed > 0 {
                tracing::info!(contents = removed, "Contents that nobody needs were removed from the object store");
            }
            (waiting, error)
        }
        Err(error) => (0, Some(error.to_string())),
    };
    if let Some(error) = error {
        if let Some(Said { since, times }) = fault.again(&error) {
            tracing::warn!(
                waiting,
                error,
                %since,
                failures = times,
                "Contents cannot be removed from the object store for now; it is tried again"
            );
        }
    } else if waiting == 0
        && let Some(Said { since, times }) = fault.over()
    {
        tracing::info!(%since, failures = times, "Contents can be removed from the object store again");
    }
}

/// Removes all of it at once, because a person asked.
///
/// # Errors
///
/// The database cannot be used. That the object store cannot, is part of the answer.
pub(crate) async fn remove_from_object_store(store: &Store) -> Result<Swept, StoreError> {
    store.off_thread(|store| store.remove_objects(Utc::now(), true, next)).await
}

fn next(attempts: u32) -> DateTime<Utc> {
    Utc::now() + TimeDelta::from_std(retry::REMOVAL.after(attempts, fastrand::f64())).unwrap_or_default()
}
