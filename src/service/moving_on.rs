//! Mail that a person decided about at the command line, moved to its folder at once where no worker is on its mailbox: two
//! that move the same mail would copy it twice where the server has no MOVE.

use super::leases::while_held;
use crate::application::id::MailId;
use crate::import;
use crate::settings::Settings;
use crate::store::{Store, StoreError, worker_name};
use anyhow::Result;

/// Where a mail lies that a person decided about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MovedOn {
    /// Where it belongs, or the next round files it anyway.
    Done,
    /// Where it lay: another worker is on the mailbox, and moves it when it looks next.
    LeftToAWorker,
}

/// Moves a mail on, with whatever else waits to be moved on in its mailbox. Nothing is connected to if it need not be moved.
///
/// # Errors
///
/// The connection or the database failed, or the server refused the move: then the next round does it.
pub(crate) async fn move_on(settings: &Settings, store: &Store, mail: MailId) -> Result<MovedOn> {
    let Some(place) = store.off_thread(move |store| import::waits_to_be_moved_on(store, mail)).await? else {
        return Ok(MovedOn::Done);
    };
    let mailbox = settings.mailbox(&place.address)?;
    if let Some(leases) = store.leases(worker_name(), settings.lease) {
        let (worker, id) = (leases.clone(), place.mailbox);
        // Nobody waits to see whether a worker lives: if it does not, the next one moves the mail.
        let Some(lease) = store.off_thread(move |_| worker.take(id)).await? else { return Ok(MovedOn::LeftToAWorker) };
        let work = async |store: Store| import::refile_now(&store, mailbox, &place).await;
        while_held(&leases, lease, work).await?;
    } else {
        let alone = store.off_thread(Store::work_alone).await;
        if matches!(alone, Err(StoreError::InUse { .. })) {
            return Ok(MovedOn::LeftToAWorker);
        }
        // Held to the end.
        let _alone = alone?;
        import::refile_now(store, mailbox, &place).await?;
    }
    Ok(MovedOn::Done)
}
