//! Mail that somebody opened before it was recorded, imported because a person asked.

use super::leases::{is_taken, under_lease};
use super::round::ensure_archive;
use crate::application::EmailAddress;
use crate::import::{self, Importer, RoundReport};
use crate::settings::{Mailbox, Settings};
use crate::store::{Store, StoreError, worker_name};
use anyhow::Result;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What was done about the stranded mail of a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Adopted {
    /// It was imported.
    Imported(RoundReport),
    /// Another worker is on the mailbox: so many mails were marked as unread, and that one imports them when it looks next.
    HandedOver(u64),
}

/// Imports the stranded mail of all mailboxes, or of the one with this import address; where another worker is on the
/// mailbox, hands it over to that one. Gives each mailbox with what was done, or what ended it.
///
/// # Errors
///
/// No mailbox has this address, or the database cannot be used.
pub(crate) async fn stranded(
    settings: &Arc<Settings>,
    store: &Store,
    only: Option<&EmailAddress>,
    stop: &CancellationToken,
) -> Result<Vec<(EmailAddress, Result<Adopted>)>> {
    let mailboxes: Vec<&Mailbox> = match only {
        Some(address) => vec![settings.mailbox(address)?],
        None => settings.mailboxes.iter().map(Arc::as_ref).collect(),
    };
    // Held to the end. Whoever else is on an SQLite database is not waited for: it gets the mail as well if it is just ending.
    let (_alone, is_anothers) = match store.off_thread(Store::work_alone).await {
        Err(StoreError::InUse { .. }) => (None, true),
        alone => (alone?, false),
    };
    let leases = store.leases(worker_name(), settings.lease);
    let mut reports = Vec::with_capacity(mailboxes.len());
    for mailbox in mailboxes {
        let work = async |store: Store| adopt(settings, &store, mailbox, stop).await;
        let imported = match &leases {
            Some(leases) => Some(under_lease(leases, mailbox, stop, work).await),
            None if is_anothers => None,
            None => Some(work(store.clone()).await),
        };
        let imported = imported.filter(|done| !done.as_ref().is_err_and(is_taken));
        let done = match imported {
            Some(report) => report.map(Adopted::Imported),
            None => hand_over(settings, store, mailbox).await.map(Adopted::HandedOver),
        };
        reports.push((mailbox.address.clone(), done));
    }
    Ok(reports)
}

async fn adopt(
    settings: &Arc<Settings>,
    store: &Store,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let importer = Importer::opened(store, settings, mailbox).await?;
    let mut session = import::connect(mailbox).await?;
    let refusals = ensure_archive(&mut session, mailbox).await?;
    let mut report = import::adopt_stranded(&mut session, &importer, mailbox, stop).await?;
    session.logout().await;
    for refusal in refusals {
        report.note_refusal(refusal);
    }
    Ok(report)
}

async fn hand_over(settings: &Arc<Settings>, store: &Store, mailbox: &Mailbox) -> Result<u64> {
    let importer = Importer::opened(store, settings, mailbox).await?;
    let mut session = import::connect(mailbox).await?;
    let mails = import::hand_over_stranded(&mut session, &importer, mailbox).await?;
    session.logout().await;
    Ok(mails)
}
