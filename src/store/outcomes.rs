//! What came of mails, for those who see a whole tenant: states and ids, nothing of what a mail says.

use super::blocked_claims::{BlockedClaims, WAITING, claims_none_of};
use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{applications, audit, history_entries, mailboxes, mails};
use super::time::{read, stored};
use super::viewer::Viewer;
use super::waiting_mails::TAKEN_BACK;
use super::words::value;
use super::{Store, StoreError};
use crate::application::id::{HistoryEntryId, MailId};
use crate::decision::ImportOutcome;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::exists;
use diesel::prelude::*;

/// Mails of one answer.
const AT_ONCE: usize = 100;

/// Which mails are listed; what is not said lets all through.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutcomeFilter {
    /// Only those with this outcome.
    pub outcome: Option<ImportOutcome>,
    /// Only those whose outcome was decided at this time or later, or that were discarded or taken back then.
    pub since: Option<DateTime<Utc>>,
    /// Only those with a higher number: the last one of the answer before.
    pub after: Option<MailId>,
}

/// What came of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailOutcome {
    /// The mail.
    pub id: MailId,
    /// The import address it came in by.
    pub mailbox: String,
    /// What came of it.
    pub outcome: ImportOutcome,
    /// The word of the reason, where the outcome has one.
    pub why: Option<String>,
    /// The one reference number that its subject claims.
    pub claimed_number: Option<String>,
    /// The number of the application that it made an entry for, or added to one.
    pub application: Option<String>,
    /// That entry.
    pub entry: Option<HistoryEntryId>,
    /// When it came in, by the server's clock.
    pub received_at: DateTime<Utc>,
    /// When its outcome was last decided.
    pub processed_at: DateTime<Utc>,
    /// Since when it waits no longer, because a person said that it belongs to no application.
    pub discarded_at: Option<DateTime<Utc>>,
}

/// Some of the mails that were asked for, lowest number first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcomes {
    /// At most 100.
    pub mails: Vec<MailOutcome>,
    /// There are more behind the last.
    pub has_more: bool,
}

diesel::alias!(history_entries as added_to: AddedTo);

type Row = (
    i64,
    String,
    (String, Option<String>, Option<String>),
    (NaiveDateTime, NaiveDateTime, Option<NaiveDateTime>),
    (Option<i64>, Option<i64>),
    Option<(String, Option<NaiveDateTime>)>,
);

impl Store {
    /// What came of the tenant's mails; of none in the history of an application that is blocked, of none that waits and
    /// claims such a one's number, and of none at all for a
    /// viewer who does not see the whole tenant.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn outcomes(&self, viewer: Viewer, filter: &OutcomeFilter) -> Result<Outcomes, StoreError> {
        self.read("Cannot list what came of mails", |connection| {
            let mut mails = Vec::new();
            let mut after = filter.after;
            // Those of blocked applications are few, and left out here: the answer is full all the same.
            loop {
                let rows = rows(connection, viewer, filter, after, None)?;
                let is_last = rows.len() < AT_ONCE;
                after = rows.last().map(|row| MailId(row.0));
                for row in rows {
                    mails.extend(outcome(row)?);
                }
                if is_last || mails.len() > AT_ONCE {
                    break;
                }
            }
            let has_more = mails.len() > AT_ONCE;
            mails.truncate(AT_ONCE);
            Ok(Outcomes { mails, has_more })
        })
    }

    /// What came of one mail; `None` if the viewer sees none of this number.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn outcome_of(&self, viewer: Viewer, mail: MailId) -> Result<Option<MailOutcome>, StoreError> {
        self.read("Cannot read what came of a mail", |connection| {
            match rows(connection, viewer, &OutcomeFilter::default(), None, Some(mail))?.pop() {
                Some(row) => outcome(row),
                None => Ok(None),
            }
        })
    }
}

fn rows(
    connection: &mut AnyConnection,
    viewer: Viewer,
    filter: &OutcomeFilter,
    after: Option<MailId>,
    only: Option<MailId>,
) -> Work<Vec<Row>> {
    if !viewer.sees_whole_tenant() {
        return Ok(Vec::new());
    }
    let entry_of = added_to.field(history_entries::id);
    let mut query = mails::table
        .inner_join(mailboxes::table)
        .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
        .left_join(added_to.on(mails::adds_to.eq(entry_of.nullable())))
        .left_join(
            applications::table.on(history_entries::application_id
                .eq(applications::id)
                .or(added_to.field(history_entries::application_id).eq(applications::id))),
        )
        .filter(mails::tenant_id.eq(viewer.tenant.0))
        .order(mails::id)
        .limit(i64::try_from(AT_ONCE).unwrap_or(i64::MAX))
        .select((
            mails::id,
            mailboxes::address,
            (mails::outcome, mails::why, mails::claimed_number),
            (mails::received_at, mails::processed_at, mails::discarded_at),
            (history_entries::id.nullable(), mails::adds_to),
            (applications::number, applications::blocked_since).nullable(),
        ))
        .into_boxed();
    // What stands in a history is judged by its own application, below.
    let blocked = BlockedClaims::of(connection, viewer.tenant)?;
    query = query.filter(mails::outcome.ne_all(WAITING).or(claims_none_of(&blocked)));
    if let Some(outcome) = filter.outcome {
        query = query.filter(mails::outcome.eq(outcome.as_str()));
    }
    if let Some(since) = filter.since {
        let taken_back = audit::table
            .filter(audit::mail_id.eq(mails::id.nullable()))
            .filter(audit::what.eq(TAKEN_BACK))
            .filter(audit::at.ge(stored(since)));
        let discarded = mails::discarded_at.ge(stored(since)).assume_not_null();
        query = query.filter(mails::processed_at.ge(stored(since)).or(discarded).or(exists(taken_back)));
    }
    if let Some(after) = after {
        query = query.filter(mails::id.gt(after.0));
    }
    if let Some(only) = only {
        query = query.filter(mails::id.eq(only.0));
    }
    Ok(query.load(connection)?)
}

fn outcome(row: Row) -> Work<Option<MailOutcome>> {
    let (id, mailbox, (outcome, why, claimed_number), times, (own, adds_to), application) = row;
    let (received_at, processed_at, discarded_at) = times;
    if application.as_ref().is_some_and(|(_, blocked_since)| blocked_since.is_some()) {
        return Ok(None);
    }
    Ok(Some(MailOutcome {
        id: MailId(id),
        mailbox,
        outcome: value(&outcome, "an outcome")?,
        why,
        claimed_number,
        application: application.map(|(number, _)| number),
        entry: own.or(adds_to).map(HistoryEntryId),
        received_at: read(received_at),
        processed_at: read(processed_at),
        discarded_at: discarded_at.map(read),
    }))
}
