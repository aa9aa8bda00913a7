//! One round over all mailboxes, and the outbox; for a timer or a careful first day.

use super::digests;
use super::leases::{alone, is_anothers, under_lease};
use super::mailbox::{note_round, one_round};
use super::retention::RetentionReport;
use super::{notifier, retention, webhooks};
use crate::application::EmailAddress;
use crate::import::{self, Importer, PlannedMail, RoundReport};
use crate::notify::DeliveryReport;
use crate::settings::{Mailbox, Settings};
use crate::store::{Leases, Store, worker_name};
use anyhow::Result;
use chrono::Utc;
use futures::StreamExt;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// So many mailboxes are worked on at a time.
const AT_ONCE: usize = 8;

/// What one round over everything did.
#[derive(Debug)]
pub struct OnceReport {
    /// Each mailbox with its round, or what ended it.
    pub mailboxes: Vec<(EmailAddress, Result<RoundReport>)>,
    /// What was blocked and erased because its time was over.
    pub retention: Result<RetentionReport>,
    /// What came of the outbox; `None` without an SMTP server.
    pub outbox: Option<Result<DeliveryReport>>,
}

/// One round over all mailboxes, then the outbox. A mailbox that another worker is on is left to it.
///
/// # Errors
///
/// Another process works on the same SQLite database.
pub async fn once(settings: Settings, store: &Store, stop: &CancellationToken) -> Result<OnceReport> {
    let _alone = alone(store, stop).await?;
    let settings = Arc::new(settings);
    let leases = store.leases(worker_name(), settings.lease);
    let leases = leases.as_ref();
    let rounds = settings.mailboxes.iter().map(|mailbox| {
        let settings = settings.clone();
        async move {
            let result = match leases {
                Some(leases) => leased_round(&settings, leases, mailbox, stop).await,
                None => connect_and_round(&settings, store, mailbox, stop).await,
            };
            if !result.as_ref().is_err_and(is_anothers) {
                let note = result.as_ref().map(RoundReport::clone).map_err(|error| format!("{error:#}"));
                note_round(store, mailbox, note).await;
            }
            (mailbox.address.clone(), result)
        }
    });
    let mailboxes = futures::stream::iter(rounds).buffered(AT_ONCE).collect().await;
    let retention = retention::pass(&settings, store, Utc::now(), stop).await;
    if let Err(error) = digests::write_due(&settings, store).await {
        tracing::warn!(error = format!("{error:#}"), "The office's digest cannot be written");
    }
    let outbox = match &settings.smtp {
        Some(smtp) => Some(notifier::deliver(smtp, settings.notify.digest_after, store, &Notify::new(), stop).await),
        None => None,
    };
    webhooks::give_up_former(&settings, store).await;
    for receiver in webhooks::receivers(&settings) {
        if let Err(error) = receiver.tell(store, stop).await {
            tracing::warn!(error = format!("{error:#}"), "A webhook cannot be told");
        }
    }
    Ok(OnceReport { mailboxes, retention, outbox })
}

async fn leased_round(
    settings: &Arc<Settings>,
    leases: &Leases,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let work = async |store: Store| connect_and_round(settings, &store, mailbox, stop).await;
    under_lease(leases, mailbox, stop, work).await
}

async fn connect_and_round(
    settings: &Arc<Settings>,
    store: &Store,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let mut session = import::connect(mailbox).await?;
    let report = match one_round(&mut session, store, settings, mailbox, stop).await {
        Err(error) if import::login_ran_out(&session, &error) => {
            tracing::info!(mailbox = mailbox.address.as_str(), "The access token ran out; logging in anew");
            session = import::connect(mailbox).await?;
            one_round(&mut session, store, settings, mailbox, stop).await?
        }
        report => report?,
    };
    session.logout().await;
    Ok(report)
}

/// What a round over all mailboxes would do; inboxes are opened read-only and nothing is written.
///
/// # Errors
///
/// A mailbox or the database cannot be used.
pub async fn dry_run(settings: Settings, store: &Store) -> Result<Vec<(EmailAddress, Vec<PlannedMail>)>> {
    let settings = Arc::new(settings);
    let mut plans = Vec::with_capacity(settings.mailboxes.len());
    for mailbox in &settings.mailboxes {
        let importer = {
            let (store, settings, mailbox) = (store.clone(), settings.clone(), mailbox.clone());
            tokio::task::spawn_blocking(move || Importer::open_for_plan(&store, &settings, &mailbox)).await??
        };
        let mut session = import::connect(mailbox).await?;
        plans.push((mailbox.address.clone(), import::plan_round(&mut session, &importer, mailbox).await?));
        session.logout().await;
    }
    Ok(plans)
}
