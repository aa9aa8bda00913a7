//! Keeping others from a mailbox while one round goes through it.

use super::complaint::{Complaint, Said};
use crate::application::EmailAddress;
use crate::application::id::MailboxId;
use crate::settings::{Mailbox, Settings};
use crate::store::{Holder, Lease, Leases, RoundNote, SoleWorker, Store, StoreError};
use anyhow::{Result, bail};
use chrono::Utc;
use std::time::{Duration, Instant};
use tokio_util::sync::CancellationToken;

/// How often is looked whether a mailbox, or the database, has become free.
const LOOK: Duration = Duration::from_millis(250);

/// So long a command waits for another process to leave an SQLite database.
const PATIENCE: Duration = Duration::from_secs(10);

/// Another worker has the mailbox and works on it.
#[derive(Debug, thiserror::Error)]
#[error("no round: worker {worker} is on it")]
pub(super) struct TakenByAnother {
    worker: String,
}

/// Whether a round ended because the mailbox is another worker's: that one says how the mailbox stands.
pub(super) fn is_anothers(error: &anyhow::Error) -> bool {
    is_taken(error) || is_lost(error)
}

/// Whether a round did not begin, since another worker has the mailbox, and lives.
pub(super) fn is_taken(error: &anyhow::Error) -> bool {
    error.is::<TakenByAnother>()
}

/// Whether a round ended because its lease was lost.
pub(super) fn is_lost(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| matches!(cause.downcast_ref(), Some(StoreError::LeaseLost { .. })))
}

/// The mailbox's row, made if it is new.
pub(super) fn row(store: &Store, mailbox: &Mailbox) -> Result<MailboxId, StoreError> {
    let now = Utc::now();
    let tenant = store.ensure_tenant(&mailbox.tenant, now)?;
    let row = store.ensure_mailbox(tenant, &mailbox.address, now);
    match row {
        Err(StoreError::WrongSettings { wanted, .. }) => {
            let cause = note_another_tenants(store, mailbox)?;
            Err(StoreError::WrongSettings { wanted, cause })
        }
        row => row,
    }
}

/// Leaves where `status` finds it that a mailbox is recorded for another tenant than the settings say, and gives the words.
pub(super) fn note_another_tenants(store: &Store, mailbox: &Mailbox) -> Result<String, StoreError> {
    let Some((id, tenant)) = store.mailbox_and_tenant(&mailbox.address)? else {
        return Ok("its row is gone again".to_owned());
    };
    let address = mailbox.address.as_str();
    let cause = format!(
        "{address} is recorded for the tenant `{tenant}`: write that name again as its `tenant`, or use another import address"
    );
    let note = RoundNote { at: Utc::now(), error: Some(cause.clone()), left: None, login_ends_at: None };
    store.round_finished(id, &note)?;
    Ok(cause)
}

/// The rows of all mailboxes of the settings, in their order, made if they are new. One whose address belongs to another
/// tenant already has none, and keeps no other.
pub(super) fn rows(store: &Store, settings: &Settings) -> Result<Vec<Option<MailboxId>>, StoreError> {
    let mailboxes: Vec<(&str, &EmailAddress)> =
        settings.mailboxes.iter().map(|mailbox| (mailbox.tenant.as_str(), &mailbox.address)).collect();
    store.ensure_mailboxes(&mailboxes, Utc::now())
}

/// Keeps other processes from an SQLite database; waits a while for one that is just ending.
pub(super) async fn alone(store: &Store, stop: &CancellationToken) -> Result<Option<SoleWorker>> {
    let since = Instant::now();
    loop {
        match store.off_thread(Store::work_alone).await {
            Err(StoreError::InUse { .. }) if since.elapsed() < PATIENCE && !stop.is_cancelled() => {
                tokio::time::sleep(LOOK).await;
            }
            done => return Ok(done?),
        }
    }
}

/// Does something under a lease of the mailbox, which is renewed meanwhile. If it is lost, the work is dropped where it
/// stands.
///
/// # Errors
///
/// [`TakenByAnother`] if a living worker has the mailbox; that the lease was lost; what the work says.
pub(super) async fn under_lease<T>(
    leases: &Leases,
    mailbox: &Mailbox,
    stop: &CancellationToken,
    work: impl AsyncFnOnce(Store) -> Result<T>,
) -> Result<T> {
    let lease = {
        let (store, mailbox) = (leases.store().clone(), mailbox.clone());
        let mailbox = store.off_thread(move |store| row(store, &mailbox)).await?;
        take_patiently(leases, mailbox, stop).await?
    };
    while_held(leases, lease, work).await
}

/// Works under a lease that was taken, and gives it back.
pub(super) async fn while_held<T>(
    leases: &Leases,
    lease: Lease,
    work: impl AsyncFnOnce(Store) -> Result<T>,
) -> Result<T> {
    let done = tokio::select! {
        done = work(leases.store().under(lease)) => done,
        lost = keep(leases, lease) => Err(lost.into()),
    };
    give_back(leases, vec![lease]).await;
    done
}

/// Gives leases back. If the database is away they end by themselves.
pub(super) async fn give_back(leases: &Leases, given: Vec<Lease>) {
    let worker = leases.clone();
    if let Err(error) = leases.store().off_thread(move |_| worker.give_back_all(&given)).await {
        tracing::warn!(%error, "Mailboxes cannot be given back; their leases end by themselves");
    }
}

/// Takes the mailbox; if another worker has it, waits until that one is seen to live, or its lease is over.
async fn take_patiently(leases: &Leases, mailbox: MailboxId, stop: &CancellationToken) -> Result<Lease> {
    let since = Instant::now();
    let mut first_seen: Option<Holder> = None;
    loop {
        let worker = leases.clone();
        let taking = move |_: &Store| -> Result<_, StoreError> {
            let taken = worker.take(mailbox)?;
            let holder = if taken.is_none() { worker.holder(mailbox)? } else { None };
            Ok((taken, holder))
        };
        let (taken, holder) = leases.store().off_thread(taking).await?;
        if let Some(lease) = taken {
            return Ok(lease);
        }
        if let Some(holder) = holder {
            let before = first_seen.get_or_insert_with(|| holder.clone());
            let lives = before.worker != holder.worker || before.renewed_at < holder.renewed_at;
            if lives || since.elapsed() > leases.lasts() + PATIENCE {
                bail!(TakenByAnother { worker: holder.worker });
            }
        }
        if stop.is_cancelled() {
            bail!("no round: asked to stop");
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// Renews a lease for ever; ends when it is lost.
async fn keep(leases: &Leases, lease: Lease) -> StoreError {
    let mut fault = Complaint::default();
    loop {
        tokio::time::sleep(lease.lasts / 3).await;
        let worker = leases.clone();
        match leases.store().off_thread(move |_| worker.renew(lease)).await {
            Err(lost @ StoreError::LeaseLost { .. }) => return lost,
            Err(error) => {
                if let Some(Said { since, .. }) = fault.again(&error.to_string()) {
                    tracing::warn!(%error, %since, "A lease cannot be renewed; it is tried again");
                }
            }
            Ok(()) => drop(fault.over()),
        }
    }
}
