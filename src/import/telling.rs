//! What the settings say about telling people of the mail of one mailbox.

use crate::application::id::MailboxId;
use crate::notification::TellingRules;
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
