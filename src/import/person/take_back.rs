//! A person takes back that they discarded a mail: it waits again, and the office is told if it was not before.

use crate::application::id::MailId;
use crate::import::telling::telling_rules;
use crate::notification::waits;
use crate::settings::Settings;
use crate::store::{Deciding, ForwarderToAsk, Store, Viewer};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// Lets a discarded mail wait again. Blocks.
///
/// # Errors
///
/// The settings have no such mailbox or tenant any more, or the database cannot be used. Nothing is changed then.
pub fn take_back(
    settings: &Settings,
    store: &Store,
    viewer: Viewer,
    mail: MailId,
    now: DateTime<Utc>,
) -> Result<Deciding> {
    // Else it does not wait for this person, and the store says so.
    let waiting = store.waiting_mail(viewer, mail, &[])?;
    let (Some(waiting), Some(kept), Some(place)) = (waiting, store.kept_mail(mail)?, store.mail_place(mail)?) else {
        return Ok(store.take_back(viewer, mail, &[], now)?);
    };
    let rules = telling_rules(store, settings, settings.mailbox(&place.address)?, place.mailbox)?;
    let forwarder = match waiting.forwarder {
        ForwarderToAsk::Known(user) => Some(user.name),
        ForwarderToAsk::Inactive | ForwarderToAsk::Unknown => None,
    };
    let summary = waiting.summary;
    let notices = if rules.is_quiet(kept.received_at) {
        Vec::new()
    } else {
        waits((&summary.why, kept.received_at), summary.claimed, kept.contents.as_ref(), forwarder, &rules)
    };
    Ok(store.take_back(viewer, mail, &notices, now)?)
}
