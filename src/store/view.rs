//! Showing a mail to a person: who looked is written down, and of a blocked application nothing is shown that was not
//! asked for by name.

use super::audit::{Actor, Deed, append};
use super::connection::AnyConnection;
use super::error::Work;
use super::mail::{MailDetail, mail_detail};
use super::schema::{applications, history_entries, mails};
use super::time::{read, stored};
use super::{Store, StoreError};
use crate::application::id::MailId;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// Repeats of repeats: no deeper chain comes about.
const DEEPEST: usize = 1_000;

/// How somebody looks at a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Looking {
    /// At what is shown to anybody who may see the application.
    AsUsual,
    /// At what is blocked too: to defend a claim, or for the person concerned.
    AtWhatIsBlocked,
}

impl Store {
    /// One mail's record for a person to look at, or `None` if there is no such mail. That it was looked at stands in the
    /// audit before anything is shown. Where the application is blocked, contents, files, notifications and the checks,
    /// which quote what the mail says, are left out unless asked for.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away or cannot be written; nothing is shown then.
    pub fn look_at(
        &self,
        mail: MailId,
        looking: Looking,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<MailDetail>, StoreError> {
        self.write("Cannot show a mail", |connection| {
            let Some(mut detail) = mail_detail(connection, mail)? else { return Ok(None) };
            let belongs = belongs_to(connection, &detail)?;
            let blocked_since = belongs.and_then(|(_, _, since)| since);
            detail.summary.blocked_since = blocked_since.map(read);
            let is_hidden = blocked_since.is_some() && looking == Looking::AsUsual;
            let tenant: i64 = mails::table.find(mail.0).select(mails::tenant_id).get_result(connection)?;
            let what = match (blocked_since.is_some(), is_hidden) {
                (_, true) => "without its contents: blocked",
                (true, false) => "blocked contents",
                (false, false) => "contents",
            };
            append(
                connection,
                &[Deed {
                    at: stored(now),
                    what: "mail_viewed",
                    tenant_id: Some(tenant),
                    mail_id: Some(mail.0),
                    entry_id: belongs.map(|(entry, _, _)| entry),
                    application_id: belongs.map(|(_, application, _)| application),
                    detail: Some(what.to_owned()),
                    actor: actor.as_str(),
                    ..Deed::default()
                }],
            )?;
            Ok(Some(if is_hidden { without_contents(detail) } else { detail }))
        })
    }
}

type Belonging = (i64, i64, Option<NaiveDateTime>);

/// The entry and the application that a mail belongs to, by itself, as a further forward, or as a repeat of such a mail or
/// of its repeats; and since when that is blocked.
fn belongs_to(connection: &mut AnyConnection, detail: &MailDetail) -> Work<Option<Belonging>> {
    let mut entry = detail.entry.or(detail.adds_to).map(|entry| entry.0);
    let mut repeated = detail.repeat_of.map(|first| first.0);
    for _ in 0..DEEPEST {
        let (None, Some(first)) = (entry, repeated) else { break };
        let (own, adds_to, next): (Option<i64>, Option<i64>, Option<i64>) = mails::table
            .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
            .filter(mails::id.eq(first))
            .select((history_entries::id.nullable(), mails::adds_to, mails::repeat_of))
            .get_result(connection)?;
        (entry, repeated) = (own.or(adds_to), next);
    }
    let Some(entry) = entry else { return Ok(None) };
    Ok(history_entries::table
        .inner_join(applications::table)
        .filter(history_entries::id.eq(entry))
        .select((history_entries::id, applications::id, applications::blocked_since))
        .get_result(connection)
        .optional()?)
}

/// Ids, outcome and times: what says nothing of the person.
fn without_contents(detail: MailDetail) -> MailDetail {
    MailDetail {
        message_id: None,
        checks: Vec::new(),
        sender: None,
        subject: None,
        note: None,
        files: Vec::new(),
        forwarded_again: Vec::new(),
        notifications: Vec::new(),
        ..detail
    }
}
