//! One round over all mailboxes, and the outbox; for a timer or a careful first day.

use super::complaint::Complaint;
use super::complaints::Complaints;
use super::digests;
use super::leases::{alone, is_anothers, row, under_lease};
use super::places::Places;
use super::retention::RetentionReport;
use super::round::{note_of, one_round};
use super::{notifier, objects, retention, webhooks};
use crate::application::EmailAddress;
use crate::import::{self, Importer, PlannedMail, RoundReport};
use crate::notify::DeliveryReport;
use crate::settings::{Mailbox, Settings};
use crate::store::{Store, worker_name};
use anyhow::Result;
use chrono::Utc;
use futures::StreamExt;
use std::sync::Arc;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// What one round over everything did.
#[derive(Debug)]
pub(crate) struct OnceReport {
    /// Each mailbox with its round, or what ended it.
    pub mailboxes: Vec<(EmailAddress, Result<RoundReport>)>,
    /// What was blocked and erased because its time was over.
    pub retention: Result<RetentionReport>,
    /// What came of the outbox; `None` without an SMTP server.
    pub outbox: Option<Result<DeliveryReport>>,
}

/// One round over all mailboxes, then the outbox, and last the traces of what was erased. A mailbox that another worker is
/// on is left to it.
///
/// # Errors
///
/// Another process works on the same SQLite database.
pub(crate) async fn once(settings: Settings, store: &Store, stop: &CancellationToken) -> Result<OnceReport> {
    let _alone = alone(store, stop).await?;
    let settings = Arc::new(settings);
    let leases = store.leases(worker_name(), settings.lease);
    let leases = leases.as_ref();
    let places = &Places::new(&settings);
    let rounds = settings.mailboxes.iter().enumerate().map(|(number, mailbox)| {
        let settings = settings.clone();
        async move {
            let work = async |store: Store| connect_and_round(&settings, places, &store, mailbox, stop).await;
            let result = match leases {
                Some(leases) => under_lease(leases, mailbox, stop, work).await,
                None => work(store.clone()).await,
            };
            if !result.as_ref().is_err_and(is_anothers) {
                let note = result.as_ref().map(RoundReport::clone).map_err(|error| format!("{error:#}"));
                note_round(store, mailbox, note).await;
            }
            (number, mailbox.address.clone(), result)
        }
    });
    // Whichever ends first makes room for another: one that takes long holds up none behind it.
    let rounds = futures::stream::iter(rounds).buffer_unordered(settings.connections.rounds_at_once);
    let mut mailboxes: Vec<_> = rounds.collect().await;
    mailboxes.sort_unstable_by_key(|(number, _, _)| *number);
    let mailboxes = mailboxes.into_iter().map(|(_, address, result)| (address, result)).collect();
    let mut erased = RetentionReport::default();
    let passed = retention::pass(&settings, store, Utc::now(), stop, &mut erased).await;
    if settings.files.is_some() {
        objects::pass(store, &mut Complaint::default()).await;
    }
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
    // Last: in a large database it takes hours, in which people are told already.
    let cleaned = retention::leave_no_traces(store, &erased, stop).await;
    let retention = passed.and(cleaned).map(|()| erased);
    Ok(OnceReport { mailboxes, retention, outbox })
}

/// Leaves the round's result where `status` finds it. A fault here is logged only: the mail is safe.
async fn note_round(store: &Store, mailbox: &Arc<Mailbox>, result: Result<RoundReport, String>) {
    if let Ok(report) = &result {
        Complaints::default().after_round(mailbox, report);
    }
    let (note, named) = (note_of(result), mailbox.clone());
    let noted = store.off_thread(move |store| store.round_finished(row(store, &named)?, &note));
    if let Err(error) = noted.await {
        tracing::warn!(mailbox = mailbox.address.as_str(), %error, "The round's result cannot be noted");
    }
}

async fn connect_and_round(
    settings: &Arc<Settings>,
    places: &Places,
    store: &Store,
    mailbox: &Mailbox,
    stop: &CancellationToken,
) -> Result<RoundReport> {
    let host = places.at(&mailbox.server);
    let _place = host.connection().await;
    let mut session = {
        let _log_in = host.log_in().await;
        import::connect(mailbox).await?
    };
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
pub(crate) async fn dry_run(settings: Settings, store: &Store) -> Result<Vec<(EmailAddress, Vec<PlannedMail>)>> {
    let settings = Arc::new(settings);
    let mut plans = Vec::with_capacity(settings.mailboxes.len());
    for mailbox in &settings.mailboxes {
        let importer = {
            let (settings, mailbox) = (settings.clone(), mailbox.clone());
            store.off_thread(move |store| Importer::open_for_plan(store, &settings, &mailbox)).await?
        };
        let mut session = import::connect(mailbox).await?;
        plans.push((mailbox.address.clone(), import::plan_round(&mut session, &importer, mailbox).await?));
        session.logout().await;
    }
    Ok(plans)
}
