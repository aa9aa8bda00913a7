//! The list of the Eingang.

use super::WhatWasDone;
use super::asked::{Question, last_asked};
use crate::application::EmailAddress;
use crate::application::id::MailId;
use crate::decision::ImportOutcome;
use crate::store::blocked_claims::{BlockedClaims, WAITING, claims_none_of};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::known::users_by_address;
use crate::store::schema::{mail_contents, mailboxes, mails, users};
use crate::store::tenancy::address;
use crate::store::time::read;
use crate::store::words::value;
use crate::store::{Store, StoreError, Viewer};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use std::collections::{HashMap, HashSet};

/// Lines on a page.
const PAGE: i64 = 50;

/// Which mails of the Eingang.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WaitingState {
    /// Those that wait.
    Open,
    /// Those of which a person said that they belong to no application.
    Discarded,
}

/// A page of the Eingang.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WaitingList {
    /// The mails, newest first.
    pub lines: Vec<WaitingSummary>,
    /// Which page this is; the first is 1.
    pub page: u32,
    /// Whether there are older ones.
    pub has_more: bool,
}

/// A mail of the Eingang.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingSummary {
    /// The mail.
    pub mail: MailId,
    /// Unassigned or set aside.
    pub outcome: ImportOutcome,
    /// The stored word of the reason.
    pub why: String,
    /// The one reference number that its subject claims.
    pub claimed: Option<String>,
    /// Its whole subject, if contents are kept.
    pub subject: Option<String>,
    /// Who passed it on, by name, else by address.
    pub forwarder: Option<String>,
    /// Whether it is a forward for certain: an original was found in it, and a user of the tenant sent it.
    pub is_forwarded: bool,
    /// Who wrote the original, by name, else by address.
    pub sender: Option<String>,
    /// The import address it came in by.
    pub import_address: String,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// When its forwarder was last asked, if that was not withdrawn.
    pub asked: Option<WhatWasDone>,
    /// That question could not be sent.
    pub has_asking_failed: bool,
    /// When it was discarded.
    pub discarded: Option<WhatWasDone>,
}

#[derive(Queryable)]
pub(super) struct Row {
    mail: i64,
    outcome: String,
    why: Option<String>,
    claimed: Option<String>,
    import_address: String,
    received_at: NaiveDateTime,
    discarded_at: Option<NaiveDateTime>,
    discarded_by: Option<String>,
    contents: Option<Texts>,
}

/// Subject, then name and address of the forwarder, then those of the original's sender.
type Texts = (String, (Option<String>, Option<String>), (Option<String>, Option<String>));

/// The tenant's mails that wait, or did before they were discarded.
#[diesel::dsl::auto_type]
pub(super) fn waiting(viewer: Viewer) -> _ {
    let tenant: i64 = viewer.tenant.0;
    let outcomes: [&'static str; 2] = WAITING;
    mails::table
        .inner_join(mailboxes::table)
        .left_join(mail_contents::table)
        .left_join(users::table.on(users::id.nullable().eq(mails::discarded_by)))
        .filter(mails::tenant_id.eq(tenant))
        .filter(mails::outcome.eq_any(outcomes))
        .select((
            mails::id,
            mails::outcome,
            mails::why,
            mails::claimed_number,
            mailboxes::address,
            mails::received_at,
            mails::discarded_at,
            users::name.nullable(),
            (
                mail_contents::subject,
                (mail_contents::forwarder_name, mail_contents::forwarder_address),
                (mail_contents::original_from_name, mail_contents::original_from_address),
            )
                .nullable(),
        ))
}

impl Row {
    /// The address of who passed it on, if it is written.
    fn forwarder_address(&self) -> Option<&str> {
        self.contents.as_ref().and_then(|(_, (_, address), _)| address.as_deref())
    }

    /// `users` are the addresses of users among those that sent the listed mails.
    pub(super) fn summary(self, asked: &HashMap<i64, Question>, users: &HashSet<String>) -> Work<WaitingSummary> {
        let is_users = self.forwarder_address().is_some_and(|address| users.contains(address));
        let (subject, forwarder, sender) = match self.contents {
            Some((subject, forwarder, sender)) => (Some(subject), forwarder, sender),
            None => (None, (None, None), (None, None)),
        };
        let person =
            |(name, address): (Option<String>, Option<String>)| name.filter(|name| !name.is_empty()).or(address);
        let sender = person(sender);
        Ok(WaitingSummary {
            mail: MailId(self.mail),
            outcome: value(&self.outcome, "an outcome")?,
            why: self.why.unwrap_or_default(),
            claimed: self.claimed,
            subject,
            forwarder: person(forwarder),
            is_forwarded: is_users && sender.is_some(),
            sender,
            import_address: self.import_address,
            received_at: read(self.received_at),
            asked: asked.get(&self.mail).map(|question| question.done.clone()),
            has_asking_failed: asked.get(&self.mail).is_some_and(|question| question.has_failed),
            discarded: self.discarded_at.map(|at| WhatWasDone { at: read(at), by: self.discarded_by }),
        })
    }
}

/// The addresses of the tenant's users among those that sent these mails.
pub(super) fn sent_by_users(connection: &mut AnyConnection, viewer: Viewer, rows: &[Row]) -> Work<HashSet<String>> {
    let written = rows.iter().filter_map(Row::forwarder_address).map(|text| address(text.to_owned()));
    let written = written.collect::<Work<Vec<EmailAddress>>>()?;
    Ok(users_by_address(connection, viewer.tenant, written.iter())?.into_keys().collect())
}

impl Store {
    /// A page of the Eingang as this person sees it, newest first; the first page is 1. Nothing for who may not decide.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn waiting_mails(&self, viewer: Viewer, state: WaitingState, page: u32) -> Result<WaitingList, StoreError> {
        let page = page.max(1);
        if !viewer.may_decide() {
            return Ok(WaitingList { page, ..WaitingList::default() });
        }
        self.read("Cannot list what waits", |connection| {
            let blocked = BlockedClaims::of(connection, viewer.tenant)?;
            let mut rows: Vec<Row> = waiting(viewer)
                .filter(claims_none_of(&blocked))
                .filter(mails::discarded_at.is_null().eq(state == WaitingState::Open))
                .order((mails::received_at.desc(), mails::id.desc()))
                .offset(PAGE * i64::from(page - 1))
                .limit(PAGE + 1)
                .load(connection)?;
            let most = usize::try_from(PAGE).unwrap_or(usize::MAX);
            let has_more = rows.len() > most;
            rows.truncate(most);
            let ids: Vec<i64> = rows.iter().map(|row| row.mail).collect();
            let asked = last_asked(connection, viewer.tenant, &ids)?;
            let users = sent_by_users(connection, viewer, &rows)?;
            let lines = rows.into_iter().map(|row| row.summary(&asked, &users)).collect::<Work<_>>()?;
            Ok(WaitingList { lines, page, has_more })
        })
    }

    /// How many mails wait for somebody like this person, counted up to `at_most`. None for who may not decide.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn number_waiting(&self, viewer: Viewer, at_most: usize) -> Result<usize, StoreError> {
        if !viewer.may_decide() {
            return Ok(0);
        }
        self.read("Cannot count what waits", |connection| {
            let blocked = BlockedClaims::of(connection, viewer.tenant)?;
            let waiting: Vec<i64> = mails::table
                .filter(claims_none_of(&blocked))
                .filter(mails::tenant_id.eq(viewer.tenant.0))
                .filter(mails::outcome.eq_any(WAITING))
                .filter(mails::discarded_at.is_null())
                .limit(i64::try_from(at_most).unwrap_or(i64::MAX))
                .select(mails::id)
                .load(connection)?;
            Ok(waiting.len())
        })
    }
}
