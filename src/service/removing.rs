//! Erased mail, removed from its servers at once because a person asked; the rounds do what could not be done.

use crate::application::EmailAddress;
use crate::import::{self, RemovalReport};
use crate::settings::Settings;
use crate::store::{RemovalsWaiting, Store};
use anyhow::{Context, Result};
use serde::Serialize;
use std::collections::BTreeMap;
use tokio_util::sync::CancellationToken;

/// What became of the erased mail of one mailbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct OnServer {
    /// The mailbox's import address.
    pub mailbox: String,
    /// So many mails, copies included, were removed from each folder.
    pub removed: BTreeMap<String, u64>,
    /// Mails that were in no folder any more.
    pub missing: u64,
    /// Mails that are marked as deleted: a mail program must expunge them.
    pub marked: u64,
    /// Mails that are still to be removed, the marked ones included.
    pub waiting: u64,
    /// Why.
    pub error: Option<String>,
}

impl OnServer {
    /// Whether nothing is left there.
    pub(crate) fn is_done(&self) -> bool {
        self.waiting == 0
    }
}

/// Removes all erased mail from its servers, also such as waits since earlier. Beside a running service nothing is done
/// twice that hurts: what one has removed the other does not find.
///
/// # Errors
///
/// The database cannot be used. That a server cannot be reached is part of the answer.
pub(crate) async fn remove_from_servers(settings: &Settings, store: &Store) -> Result<Vec<OnServer>> {
    let mut all = Vec::new();
    for waiting in store.off_thread(Store::removals_waiting).await? {
        let mut one = OnServer { mailbox: waiting.mailbox.clone(), ..OnServer::default() };
        match in_mailbox(settings, store, &waiting).await {
            Ok(report) => {
                one.error = (!report.refusals.is_empty()).then(|| report.refusals.join("; "));
                one.removed = report.removed;
                one.missing = report.missing;
                one.marked = report.marked;
            }
            Err(error) => {
                let (text, id) = (format!("{error:#}"), waiting.id);
                one.error = Some(text.clone());
                store.off_thread(move |store| store.could_not_reach(id, &text)).await?;
            }
        }
        all.push(one);
    }
    let left = store.off_thread(Store::removals_waiting).await?;
    for one in &mut all {
        if let Some(left) = left.iter().find(|left| left.mailbox == one.mailbox) {
            one.waiting = left.mails;
            one.error = one.error.take().or_else(|| left.error.clone());
        }
    }
    Ok(all)
}

async fn in_mailbox(settings: &Settings, store: &Store, waiting: &RemovalsWaiting) -> Result<RemovalReport> {
    let address = EmailAddress::parse(&waiting.mailbox).context("The mailbox has no address")?;
    let mailbox = settings.mailbox(&address)?;
    let mut session = import::connect(mailbox).await?;
    let report =
        import::remove_erased(&mut session, store, mailbox, waiting.id, None, &CancellationToken::new()).await?;
    session.logout().await;
    Ok(report)
}
