//! A person says that a mail belongs to no application, or takes that back. Nothing else of the mail changes.

use super::one::entry_of_mail;
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::notification::Notification;
use crate::store::audit::{Actor, Deed, append};
use crate::store::blocked_claims::{BlockedClaims, claims_none_of};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::record::{Telling, is_discarded, lock, tell_of_waiting, withdraw};
use crate::store::schema::mails;
use crate::store::time::stored;
use crate::store::{Store, StoreError, Viewer, webhooks};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, select};
use diesel::prelude::*;

/// The deed that lets a discarded mail wait again.
pub(in crate::store) const TAKEN_BACK: &str = "mail_taken_back";

/// What came of a person's decision in the Eingang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deciding {
    /// It is recorded.
    Done,
    /// There is no such mail, or not for this person.
    NotThere,
    /// It does not wait as it did: somebody decided meanwhile. Nothing was changed.
    Meanwhile,
    /// The same was done today. Nothing was changed.
    Already,
}

impl Store {
    /// Records that this mail belongs to no application: it waits no longer, and can be taken back. Notifications about it
    /// that are not sent yet are withdrawn.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn discard(&self, viewer: Viewer, mail: MailId, now: DateTime<Utc>) -> Result<Deciding, StoreError> {
        self.write("Cannot discard a mail", |connection| {
            match stands(connection, viewer, mail)? {
                Stands::Waiting => {}
                Stands::Discarded => return Ok(Deciding::Meanwhile),
                Stands::Elsewhere(answer) => return Ok(answer),
            }
            diesel::update(mails::table.find(mail.0))
                .set((mails::discarded_at.eq(stored(now)), mails::discarded_by.eq(viewer.user.0)))
                .execute(connection)?;
            withdraw(connection, Telling::WhatIsMoot(mail), now)?;
            audit(connection, viewer, mail, "mail_discarded", now)
        })
    }

    /// Takes back that this mail was discarded: it waits again, and webhooks are told so. The office gets the notices unless
    /// it had them before the mail was discarded.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn take_back(
        &self,
        viewer: Viewer,
        mail: MailId,
        notices: &[Notification],
        now: DateTime<Utc>,
    ) -> Result<Deciding, StoreError> {
        self.write("Cannot let a mail wait again", |connection| {
            match stands(connection, viewer, mail)? {
                Stands::Discarded => {}
                Stands::Waiting => return Ok(Deciding::Meanwhile),
                Stands::Elsewhere(answer) => return Ok(answer),
            }
            diesel::update(mails::table.find(mail.0))
                .set((
                    mails::discarded_at.eq(None::<NaiveDateTime>),
                    mails::discarded_by.eq(None::<i64>),
                    // It waits since now.
                    mails::outcome_since.eq(stored(now)),
                ))
                .execute(connection)?;
            tell_of_waiting(connection, viewer.tenant, mail, notices, now)?;
            webhooks::changed(connection, &self.webhooks, mail, now)?;
            audit(connection, viewer, mail, TAKEN_BACK, now)
        })
    }

    /// How a mail stands for this person who wants to decide about it: [`Deciding::Done`] if it waits; a discarded one must be
    /// taken back first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn may_be_decided(&self, viewer: Viewer, mail: MailId) -> Result<Deciding, StoreError> {
        self.write("Cannot look at a mail that waits", |connection| {
            Ok(match stands(connection, viewer, mail)? {
                Stands::Waiting => Deciding::Done,
                Stands::Discarded => Deciding::Meanwhile,
                Stands::Elsewhere(answer) => answer,
            })
        })
    }
}

/// How a mail stands, for a person who wants to decide about it.
pub(super) enum Stands {
    Waiting,
    Discarded,
    /// It does not wait, or not for this person.
    Elsewhere(Deciding),
}

/// Locks the mail: of two people who decide at once the second sees what the first left. What this person does not see is
/// not there, whatever became of it.
pub(super) fn stands(connection: &mut AnyConnection, viewer: Viewer, mail: MailId) -> Work<Stands> {
    let of_tenant = mails::table.filter(mails::id.eq(mail.0)).filter(mails::tenant_id.eq(viewer.tenant.0));
    let there: Option<i64> = of_tenant.select(mails::id).get_result(connection).optional()?;
    if !viewer.may_decide() || there.is_none() {
        return Ok(Stands::Elsewhere(Deciding::NotThere));
    }
    let now = lock(connection, mail)?;
    if matches!(now.outcome, ImportOutcome::Unassigned | ImportOutcome::SetAside) && now.entry.is_none() {
        let blocked = BlockedClaims::of(connection, viewer.tenant)?;
        if !select(exists(mails::table.find(mail.0).filter(claims_none_of(&blocked)))).get_result(connection)? {
            return Ok(Stands::Elsewhere(Deciding::NotThere));
        }
        return Ok(if is_discarded(connection, mail)? { Stands::Discarded } else { Stands::Waiting });
    }
    let is_seen = entry_of_mail(connection, viewer, mail)?.is_some();
    Ok(Stands::Elsewhere(if is_seen { Deciding::Meanwhile } else { Deciding::NotThere }))
}

pub(super) fn audit(
    connection: &mut AnyConnection,
    viewer: Viewer,
    mail: MailId,
    what: &'static str,
    now: DateTime<Utc>,
) -> Work<Deciding> {
    let deed = Deed {
        at: stored(now),
        what,
        tenant_id: Some(viewer.tenant.0),
        user_id: Some(viewer.user.0),
        mail_id: Some(mail.0),
        actor: Actor::Web.as_str(),
        ..Deed::default()
    };
    append(connection, &[deed])?;
    Ok(Deciding::Done)
}
