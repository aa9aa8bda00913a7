//! A person asks the forwarder of a mail that waits to which application it belongs.

use crate::application::id::MailId;
use crate::import::telling::telling_rules;
use crate::notification::question;
use crate::settings::Settings;
use crate::store::{Asking, Deciding, ForwarderToAsk, Store, Viewer};
use anyhow::Result;
use chrono::{DateTime, Utc};

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asked {
    /// The question waits to be sent.
    Done,
    /// There is no such mail, or not for this person.
    NotThere,
    /// It waits no longer.
    Meanwhile,
    /// The forwarder was asked about it today.
    Already,
    /// The forwarder is no active user of the tenant, or what is sent there comes back to us.
    NobodyToAsk,
}

/// Writes a question to the forwarder of a mail that waits, at most one a day. `asked_by` is the name of who asks. Blocks.
///
/// # Errors
///
/// The settings have no such mailbox or tenant any more, or the database cannot be used. Nobody is asked then.
pub fn ask(
    settings: &Settings,
    store: &Store,
    (viewer, asked_by): (Viewer, &str),
    mail: MailId,
    now: DateTime<Utc>,
) -> Result<Asked> {
    let Some(waiting) = store.waiting_mail(viewer, mail, &[])? else {
        return Ok(match store.may_be_decided(viewer, mail)? {
            Deciding::NotThere => Asked::NotThere,
            _ => Asked::Meanwhile,
        });
    };
    let Some(place) = store.mail_place(mail)? else { return Ok(Asked::NotThere) };
    let mailbox = settings.mailbox(&place.address)?;
    let rules = telling_rules(store, settings, mailbox, place.mailbox)?;
    let ForwarderToAsk::Known(forwarder) = &waiting.forwarder else { return Ok(Asked::NobodyToAsk) };
    let summary = &waiting.summary;
    let Some(question) = question(forwarder, (&summary.why, &waiting.checks), summary.received_at, asked_by, &rules)
    else {
        return Ok(Asked::NobodyToAsk);
    };
    let day = now.with_timezone(&rules.timezone).date_naive();
    Ok(match store.ask_forwarder(viewer, &Asking { mail, question: &question, day }, now)? {
        Deciding::Done => Asked::Done,
        Deciding::NotThere => Asked::NotThere,
        Deciding::Meanwhile => Asked::Meanwhile,
        Deciding::Already => Asked::Already,
    })
}
