//! Mail that somebody opened before it was recorded, imported because a person asked.

use super::leases::{alone, under_lease, worker_name};
use super::mailbox::{ensure_archive, open_importer};
use crate::application::EmailAddress;
use crate::import::{self, RoundReport};
use crate::settings::{Mailbox, Settings};
use crate::store::Store;
use anyhow::Result;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// Imports the stranded mail of all mailboxes, or of the one with this import address. Gives each mailbox with what was
/// done, or what ended it: also that another worker is on it.
///
/// # Errors
///
/// No mailbox has this address, or another process works on the same SQLite database.
pub async fn stranded(
    settings: &Arc<Settings>,
    store: &Store,
    only: Option<&EmailAddress>,
    stop: &CancellationToken,
) -> Result<Vec<(EmailAddress, Result<RoundReport>)>> {
    let mailboxes: Vec<&Mailbox> = match only {
        Some(address) => vec![settings.mailbox(address)?],
        None => settings.mailboxes.iter().collect(),
    };
    let _alone = alone(store, stop).await?;
    let leases = store.leases(&worker_name(), settings.lease);
    let mut reports = Vec::with_capacity(mailboxes.len());
    for mailbox in mailboxes {
        let work = async |store: Store| adopt(settings, &store, mailbox, stop).await;
        let report = match &leases {
            Some(leases) => under_lease(leases, mailbox, stop, work).await,
            None => work(store.clone()).await,
        };
        reports.push((mailbox.address.clone(), report));
    }
    Ok(reports)
}

async fn adopt(
    settings: &Arc<Settings>,
    store: &Store,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let importer = open_importer(store, settings, mailbox).await?;
    let mut session = import::connect(mailbox).await?;
    let refusals = ensure_archive(&mut session, mailbox).await?;
    let mut report = import::adopt_stranded(&mut session, &importer, mailbox, stop).await?;
    session.logout().await;
    for refusal in refusals {
        report.note_refusal(refusal);
    }
    Ok(report)
}
