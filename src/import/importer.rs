//! All that is needed to import the mail of one mailbox.

use super::path::understanding::Reading;
use super::path::waiting_files::WaitingFiles;
use super::telling::telling_rules;
use crate::application::id::{MailboxId, TenantId};
use crate::clamd::Scanner;
use crate::decision::DecisionRules;
use crate::notification::TellingRules;
use crate::progress::Progress;
use crate::settings::{Mailbox, Settings};
use crate::store::Store;
use anyhow::Result;
use chrono::Utc;
use std::sync::Arc;

/// Imports the mail of one mailbox.
#[derive(Clone, Debug)]
pub struct Importer {
    pub(super) store: Store,
    pub(super) tenant: TenantId,
    pub(super) mailbox: MailboxId,
    pub(super) reading: Reading,
    pub(super) scanner: Option<Scanner>,
    pub(super) deciding: DecisionRules,
    pub(super) telling: TellingRules,
    pub(super) waiting_files: WaitingFiles,
    pub(super) progress: Progress,
}

impl Importer {
    /// Prepares for one round: the tenant's users are read afresh, so that a new colleague counts at once. Blocks.
    ///
    /// # Errors
    ///
    /// The database cannot be used, or the settings name no such tenant.
    pub fn open(store: &Store, settings: &Settings, mailbox: &Mailbox) -> Result<Self> {
        let now = Utc::now();
        let tenant = store.ensure_tenant(&mailbox.tenant, now)?;
        let mailbox_id = store.ensure_mailbox(tenant, &mailbox.address, now)?;
        Self::of(store, settings, mailbox, tenant, mailbox_id)
    }

    /// As [`Self::open`], on a thread of its own.
    ///
    /// # Errors
    ///
    /// As [`Self::open`], or the database does not answer in time.
    pub async fn opened(store: &Store, settings: &Arc<Settings>, mailbox: &Mailbox) -> Result<Self> {
        let (settings, mailbox) = (settings.clone(), mailbox.clone());
        store.off_thread(move |store| Self::open(store, &settings, &mailbox)).await
    }

    /// Prepares for a plan, and writes nothing. Blocks.
    ///
    /// # Errors
    ///
    /// As [`Self::open`].
    pub fn open_for_plan(store: &Store, settings: &Settings, mailbox: &Mailbox) -> Result<Self> {
        // No row has the number 0: of a tenant that was never recorded nothing is known.
        let tenant = store.tenant(&mailbox.tenant)?.unwrap_or(TenantId(0));
        let mailbox_id = store.mailbox(tenant, &mailbox.address)?.unwrap_or(MailboxId(0));
        Self::of(store, settings, mailbox, tenant, mailbox_id)
    }

    fn of(
        store: &Store,
        settings: &Settings,
        mailbox: &Mailbox,
        tenant_id: TenantId,
        mailbox_id: MailboxId,
    ) -> Result<Self> {
        let tenant = settings.tenant(&mailbox.tenant)?;
        Ok(Self {
            tenant: tenant_id,
            mailbox: mailbox_id,
            reading: Reading {
                mailbox: mailbox.address.clone(),
                rules: Arc::new(settings.reading_rules(tenant, store.staff_addresses(tenant_id)?)),
                max_size: mailbox.max_size,
                max_attempts: mailbox.max_attempts,
                time_per_mail: settings.time_per_mail,
            },
            scanner: settings.virus_scan.as_ref().map(Scanner::new),
            deciding: tenant.decision_rules(),
            telling: telling_rules(store, settings, mailbox, mailbox_id)?,
            store: store.clone(),
            waiting_files: WaitingFiles::default(),
            progress: Progress::default(),
        })
    }

    /// Counts there what gets on, so that somebody sees that it does.
    #[must_use]
    pub fn counting(self, progress: Progress) -> Self {
        Self { progress, ..self }
    }

    /// The mailbox's row.
    pub fn mailbox(&self) -> MailboxId {
        self.mailbox
    }
}
