//! Who is told of the mail of one mailbox, and of which mail nobody is.

use super::path::Importer;
use crate::application::id::MailboxId;
use crate::decision::{Decided, Known};
use crate::mail::IncomingMail;
use crate::notification::{Notification, TellingRules, notifications};
use crate::settings::{Mailbox, NotifyContent, QuietBefore, Settings, Tenant};
use crate::store::{Store, StoreError};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// What the settings say about telling people of this mailbox's mail.
pub(super) fn telling_rules(
    store: &Store,
    settings: &Settings,
    mailbox: &Mailbox,
    row: MailboxId,
) -> Result<TellingRules> {
    let tenant = settings.tenant(&mailbox.tenant)?;
    Ok(TellingRules {
        tenant: tenant.name.clone(),
        language: tenant.language,
        office: tenant.office.clone(),
        names: settings.notify.content == NotifyContent::Names,
        example: tenant.example_number(),
        import_address: mailbox.address.clone(),
        public_url: settings.public_url.clone(),
        own_addresses: settings.mailboxes.iter().map(|mailbox| mailbox.address.clone()).collect(),
        quiet_before: quiet_before(store, settings, tenant, row)?,
        timezone: tenant.timezone,
    })
}

impl Importer {
    /// Who is told singly of a mail that came in at this time.
    pub(super) fn telling_of(
        &self,
        decided: &Decided,
        mail: &IncomingMail,
        known: &Known,
        received_at: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Vec<Notification> {
        if self.telling.is_quiet(received_at) {
            return Vec::new();
        }
        notifications(decided, mail, known, &self.telling, (received_at, now))
    }
}

/// Mail of this mailbox that came in before this time is imported quietly.
fn quiet_before(
    store: &Store,
    settings: &Settings,
    tenant: &Tenant,
    mailbox: MailboxId,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    match settings.notify.quiet_before {
        None => Ok(None),
        Some(QuietBefore::FirstConnection) => store.mailbox_since(mailbox),
        Some(quiet) => Ok(quiet.time(tenant.timezone)),
    }
}
