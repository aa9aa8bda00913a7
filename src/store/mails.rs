//! The list of mails.

use super::error::Work;
use super::schema::{applications, history_entries, mailboxes, mails};
use super::time::{read, stored};
use super::words::value;
use super::{Store, StoreError};
use crate::application::id::{ApplicationId, MailId};
use crate::decision::{DecidedBy, ImportOutcome};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

/// Which mails to list.
#[derive(Clone, Copy, Debug, Default)]
pub struct MailFilter {
    /// Only those of which this came.
    pub outcome: Option<ImportOutcome>,
    /// Only those processed at this time or later.
    pub since: Option<DateTime<Utc>>,
    /// At most so many, the newest ones.
    pub limit: Option<u32>,
}

/// One mail of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct MailSummary {
    /// The record.
    pub id: MailId,
    /// The import address it came in by.
    pub mailbox: String,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// The reason's word, where the outcome has one.
    pub why: Option<String>,
    /// The number of the application it was assigned to, else the number its subject claims.
    pub reference: Option<String>,
    /// The application in whose history it stands.
    pub application: Option<ApplicationId>,
    /// The folder it lies in on the server, as far as known.
    pub folder: Option<String>,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// When its outcome was last decided.
    pub processed_at: DateTime<Utc>,
    /// Since when the application is blocked, so that nothing of the mail's contents is shown.
    pub blocked_since: Option<DateTime<Utc>>,
    /// Since when it waits no longer, because a person said that it belongs to no application.
    pub discarded_at: Option<DateTime<Utc>>,
}

#[derive(Queryable)]
pub(super) struct SummaryRow {
    id: i64,
    mailbox: String,
    outcome: String,
    why: Option<String>,
    claimed_number: Option<String>,
    application: Option<i64>,
    number: Option<String>,
    folder: Option<String>,
    received_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    blocked_since: Option<NaiveDateTime>,
    discarded_at: Option<NaiveDateTime>,
}

impl SummaryRow {
    pub(super) fn summary(self) -> Work<MailSummary> {
        Ok(MailSummary {
            id: MailId(self.id),
            mailbox: self.mailbox,
            outcome: value(&self.outcome, "an outcome")?,
            why: self.why,
            reference: self.number.or(self.claimed_number),
            application: self.application.map(ApplicationId),
            folder: self.folder,
            received_at: read(self.received_at),
            processed_at: read(self.processed_at),
            blocked_since: self.blocked_since.map(read),
            discarded_at: self.discarded_at.map(read),
        })
    }
}

/// The mails with their mailbox, and their application if they have one.
#[diesel::dsl::auto_type]
pub(super) fn summaries() -> _ {
    mails::table.inner_join(mailboxes::table).left_join(history_entries::table.inner_join(applications::table)).select(
        (
            mails::id,
            mailboxes::address,
            mails::outcome,
            mails::why,
            mails::claimed_number,
            applications::id.nullable(),
            applications::number.nullable(),
            mails::folder,
            mails::received_at,
            mails::processed_at,
            applications::blocked_since.nullable(),
            mails::discarded_at,
        ),
    )
}

impl Store {
    /// The mails that the filter lets through, newest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mails(&self, filter: &MailFilter) -> Result<Vec<MailSummary>, StoreError> {
        self.read("Cannot list mails", |connection| {
            let mut query = summaries().order(mails::id.desc()).into_boxed();
            if let Some(outcome) = filter.outcome {
                query = query.filter(mails::outcome.eq(outcome.as_str()));
            }
            if let Some(since) = filter.since {
                query = query.filter(mails::processed_at.ge(stored(since)));
            }
            if let Some(limit) = filter.limit {
                query = query.limit(i64::from(limit));
            }
            let rows: Vec<SummaryRow> = query.load(connection)?;
            rows.into_iter().map(SummaryRow::summary).collect()
        })
    }

    /// The mails of which this came, oldest first, each with who decided so, a person also where one discarded it; those processed at a time or later.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mails_with(
        &self,
        outcome: ImportOutcome,
        since: Option<DateTime<Utc>>,
    ) -> Result<Vec<(MailId, DecidedBy)>, StoreError> {
        self.read("Cannot list mails", |connection| {
            let mut query = mails::table
                .filter(mails::outcome.eq(outcome.as_str()))
                .order(mails::id)
                .select((mails::id, mails::decided_by, mails::discarded_at.is_not_null()))
                .into_boxed();
            if let Some(since) = since {
                query = query.filter(mails::processed_at.ge(stored(since)));
            }
            let rows: Vec<(i64, String, bool)> = query.load(connection)?;
            let by = |by: &str, discarded| if discarded { Ok(DecidedBy::Person) } else { value(by, "who decided") };
            rows.into_iter().map(|(id, word, discarded)| Ok((MailId(id), by(&word, discarded)?))).collect()
        })
    }
}
