//! One mail of the Eingang.

use super::asked::last_asked;
use super::list::{Row, WaitingSummary, sent_by_users, waiting};
use super::meant::{Meant, meant};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::application::{EmailAddress, ReferenceShape};
use crate::decision::{Check, KnownUser, WasRead};
use crate::store::blocked_claims::{BlockedClaims, claims_none_of};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::known::users_by_address;
use crate::store::schema::{applications, history_entries, mail_contents, mails};
use crate::store::tenancy::address;
use crate::store::viewer::seen_by;
use crate::store::words::from_json;
use crate::store::{Store, StoreError, Viewer};
use diesel::prelude::*;

/// A mail of the Eingang with what a person needs to decide.
#[derive(Clone, Debug)]
pub struct WaitingMail {
    /// What the list shows.
    pub summary: WaitingSummary,
    /// Every check of the decision, the deciding one last.
    pub checks: Vec<Check>,
    /// How much of it was read: it can be assigned only if that is the whole.
    pub read: WasRead,
    /// Whether its forwarder can be asked.
    pub forwarder: ForwarderToAsk,
    /// The applications to which it may belong.
    pub meant: Vec<Meant>,
}

/// Who passed a mail on, as somebody to ask.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ForwarderToAsk {
    /// A user of the tenant.
    Known(KnownUser),
    /// A user who is not active any more.
    Inactive,
    /// Nobody that is known.
    Unknown,
}

impl Store {
    /// One mail of the Eingang as this person sees it, discarded ones too; `shapes` are those of the tenant's numbers. `None`
    /// if there is no such mail, or not for them, or it does not wait.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn waiting_mail(
        &self,
        viewer: Viewer,
        mail: MailId,
        shapes: &[ReferenceShape],
    ) -> Result<Option<WaitingMail>, StoreError> {
        if !viewer.may_decide() {
            return Ok(None);
        }
        self.read("Cannot read a mail that waits", |connection| {
            let blocked = BlockedClaims::of(connection, viewer.tenant)?;
            let of_mail = waiting(viewer).filter(mails::id.eq(mail.0)).filter(claims_none_of(&blocked));
            let row: Option<Row> = of_mail.get_result(connection).optional()?;
            let Some(row) = row else { return Ok(None) };
            let users = sent_by_users(connection, viewer, std::slice::from_ref(&row))?;
            let summary = row.summary(&last_asked(connection, viewer.tenant, &[mail.0])?, &users)?;
            let checks: Option<String> =
                mails::table.find(mail.0).select(mails::checks).get_result(connection).optional()?;
            let Some(checks) = checks else { return Ok(None) };
            let checks: Vec<Check> = from_json(&checks, "a decision record")?;
            let addresses: Option<(Option<String>, Option<String>)> = mail_contents::table
                .find(mail.0)
                .select((mail_contents::forwarder_address, mail_contents::original_from_address))
                .get_result(connection)
                .optional()?;
            let (forwarded_by, sender) = addresses.unwrap_or_default();
            Ok(Some(WaitingMail {
                read: WasRead::of(summary.outcome, &summary.why, &checks),
                forwarder: forwarder(connection, viewer, forwarded_by.as_deref())?,
                meant: meant(connection, viewer, (summary.claimed.as_deref(), shapes), sender.as_deref())?,
                checks,
                summary,
            }))
        })
    }

    /// The entry that this mail made or adds to, if this person sees it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn entry_of_mail(&self, viewer: Viewer, mail: MailId) -> Result<Option<HistoryEntryId>, StoreError> {
        self.read("Cannot look for a mail's entry", |connection| entry_of_mail(connection, viewer, mail))
    }

    /// Whether this person sees an application, so that they may assign mail to it.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn sees_application(&self, viewer: Viewer, application: ApplicationId) -> Result<bool, StoreError> {
        self.read("Cannot look up an application", |connection| {
            let seen = applications::table.filter(applications::id.eq(application.0)).filter(seen_by(viewer));
            Ok(diesel::select(diesel::dsl::exists(seen)).get_result(connection)?)
        })
    }
}

pub(super) fn entry_of_mail(
    connection: &mut AnyConnection,
    viewer: Viewer,
    mail: MailId,
) -> Work<Option<HistoryEntryId>> {
    let adds_to: Option<Option<i64>> =
        mails::table.find(mail.0).select(mails::adds_to).get_result(connection).optional()?;
    let adds_to = adds_to.flatten().unwrap_or_default();
    let entry: Option<i64> = history_entries::table
        .inner_join(applications::table)
        .filter(history_entries::mail_id.eq(mail.0).or(history_entries::id.eq(adds_to)))
        .filter(seen_by(viewer))
        .select(history_entries::id)
        .order(history_entries::id)
        .first(connection)
        .optional()?;
    Ok(entry.map(HistoryEntryId))
}

/// The forwarder as the tenant's users stand now.
pub(super) fn forwarder(connection: &mut AnyConnection, viewer: Viewer, written: Option<&str>) -> Work<ForwarderToAsk> {
    let asked: Option<EmailAddress> = written.map(|text| address(text.to_owned())).transpose()?;
    let found = users_by_address(connection, viewer.tenant, asked.iter())?.into_values().next();
    Ok(match found {
        Some(user) if user.active => ForwarderToAsk::Known(user),
        Some(_) => ForwarderToAsk::Inactive,
        None => ForwarderToAsk::Unknown,
    })
}
