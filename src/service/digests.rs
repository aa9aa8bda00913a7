//! The office is told once a working day what waits, and once for each mailbox what came of mail from before the
//! first connection.

use super::complaint::{Complaint, Said};
use super::steps;
use crate::notification::{Facts, due_digest};
use crate::settings::{Mailbox, QuietBefore, Settings, Tenant};
use crate::store::{About, OfficeDigest, Store};
use anyhow::Result;
use chrono::{DateTime, NaiveDate, Utc};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

/// Whether a digest is due is looked at this often.
const LOOK: Duration = Duration::from_secs(20);

/// Writes digests until asked to stop.
pub(super) async fn run(settings: Arc<Settings>, store: Store, outbox_written: Arc<Notify>, stop: CancellationToken) {
    let mut fault = Complaint::default();
    while !stop.is_cancelled() {
        let step = steps::begin("digests");
        let written = write_due(&settings, &store).await;
        drop(step);
        if written.is_ok()
            && let Some(Said { since, times }) = fault.over()
        {
            tracing::info!(%since, failures = times, "The office's digest can be written again");
        }
        match written {
            Ok(0) => {}
            Ok(digests) => {
                tracing::info!(digests, "The office is told what waits");
                outbox_written.notify_one();
            }
            Err(error) => {
                let error = format!("{error:#}");
                if let Some(Said { since, times }) = fault.again(&error) {
                    tracing::warn!(error, %since, failures = times, "The office's digest cannot be written; it is tried again");
                }
            }
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            () = stop.cancelled() => {}
        }
    }
}

/// Writes the digests that are due into the outbox, each once, however many workers do; says how many.
pub(super) async fn write_due(settings: &Settings, store: &Store) -> Result<usize> {
    let settings = settings.clone();
    Ok(store.off_thread(move |store| write_due_at(&settings, store, Utc::now())).await?)
}

fn write_due_at(settings: &Settings, store: &Store, now: DateTime<Utc>) -> Result<usize, crate::store::StoreError> {
    let mut written = 0;
    for tenant in settings.tenants.iter().filter(|tenant| !tenant.office.is_empty()) {
        let due = settings.notify.office_digest.and_then(|at| due_digest(now, at, tenant.timezone));
        if due.is_none() && settings.notify.quiet_before.is_none() {
            continue;
        }
        let Some(id) = store.tenant(&tenant.name)? else { continue };
        let write = |name: &str, facts: Facts, about| {
            let (office, language) = (tenant.office.as_slice(), tenant.language);
            store.write_digest(&OfficeDigest { tenant: id, name, office, language, facts: &facts, about }, now)
        };
        let mut mailboxes = settings.mailboxes.iter().filter(|mailbox| mailbox.tenant == tenant.name).peekable();
        if let Some((day, since)) = due {
            let facts = facts(settings, tenant, mailboxes.peek().map(AsRef::as_ref));
            written += write(&day.to_string(), facts, About::WhatWaits(since))?;
        }
        let Some(quiet) = settings.notify.quiet_before else { continue };
        for mailbox in mailboxes {
            let before = quiet.time(tenant.timezone);
            let facts = Facts { quiet: true, quiet_before: before, ..facts(settings, tenant, Some(mailbox)) };
            let name = format!("quiet before {} in {}", name(quiet), mailbox.address.as_str());
            written += write(&name, facts, About::WhatWasQuiet(before))?;
        }
    }
    Ok(written)
}

fn name(quiet: QuietBefore) -> String {
    match quiet {
        QuietBefore::FirstConnection => "first-connection".to_owned(),
        QuietBefore::Time(time) => time.to_rfc3339(),
        QuietBefore::Day(day) => NaiveDate::to_string(&day),
    }
}

fn facts(settings: &Settings, tenant: &Tenant, mailbox: Option<&Mailbox>) -> Facts {
    Facts {
        tenant: tenant.name.clone(),
        import_address: mailbox.map(|mailbox| mailbox.address.as_str().to_owned()).unwrap_or_default(),
        public_url: settings.public_url.clone(),
        timezone: Some(tenant.timezone.name().to_owned()),
        ..Facts::default()
    }
}
