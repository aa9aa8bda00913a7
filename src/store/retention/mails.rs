//! Mail that belongs to no application.

use super::held::{HeldSigns, Signs, signs};
use crate::application::id::{MailId, TenantId};
use crate::decision::{DecidedBy, ImportOutcome};
use crate::notification::Occasion;
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{history_entries, mail_contents, mails, outbox};
use crate::store::time::{read, stored};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;

/// Repeats of repeats: no deeper chain comes about.
const DEEPEST: usize = 1_000;

/// Mails that may be due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgeingMails {
    /// Each with since when it has waited: since it was recorded, or since a person took it back.
    pub mails: Vec<(MailId, DateTime<Utc>)>,
    /// Up to which mail was looked; `None` if there is none any more.
    pub looked_to: Option<MailId>,
}

#[derive(Queryable)]
struct Row {
    id: i64,
    recorded_at: NaiveDateTime,
    processed_at: NaiveDateTime,
    decided_by: String,
    repeat_of: Option<i64>,
    signs: Signs,
}

impl Store {
    /// The tenant's mails with this outcome that were recorded before a time and belong to no application, behind one, by
    /// id. Mail that may belong to an application under hold is left out; with `only_told` so is mail of which the office is
    /// still to be told: while the mail server is away nothing goes that nobody knows of.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mails_of_no_application(
        &self,
        tenant: TenantId,
        outcome: ImportOutcome,
        before: DateTime<Utc>,
        (behind, most, only_told): (MailId, u32, bool),
    ) -> Result<AgeingMails, StoreError> {
        self.read("Cannot look for mails whose time is over", |connection| {
            let mut query = mails::table
                .left_join(mail_contents::table)
                .filter(mails::tenant_id.eq(tenant.0))
                .filter(mails::outcome.eq(outcome.as_str()))
                .filter(mails::outcome.ne(ImportOutcome::Imported.as_str()))
                .filter(mails::recorded_at.le(stored(before)))
                .filter(mails::adds_to.is_null())
                .filter(mails::id.gt(behind.0))
                .order(mails::id)
                .limit(i64::from(most))
                .select((
                    mails::id,
                    mails::recorded_at,
                    mails::processed_at,
                    mails::decided_by,
                    mails::repeat_of,
                    signs(),
                ))
                .into_boxed();
            if only_told {
                query = query.filter(not(exists(
                    outbox::table
                        .filter(outbox::mail_id.eq(mails::id.nullable()))
                        .filter(outbox::occasion.eq(Occasion::Waiting.as_str()))
                        .filter(outbox::state.eq("pending")),
                )));
            }
            let rows: Vec<Row> = query.load(connection)?;
            let looked_to = rows.last().map(|row| MailId(row.id));
            let held = HeldSigns::of(connection, tenant.0)?;
            let mut found = Vec::new();
            for row in rows {
                if held.of_mail(&row.signs).is_none() && !belongs_to_an_application(connection, row.repeat_of)? {
                    let by_a_person = row.decided_by == DecidedBy::Person.as_str();
                    let since = if by_a_person { row.processed_at } else { row.recorded_at };
                    found.push((MailId(row.id), read(since)));
                }
            }
            Ok(AgeingMails { mails: found, looked_to })
        })
    }
}

/// Whether the mail that this one repeats stands in a history, or adds to one.
fn belongs_to_an_application(connection: &mut AnyConnection, mut repeat_of: Option<i64>) -> Work<bool> {
    for _ in 0..DEEPEST {
        let Some(first) = repeat_of else { return Ok(false) };
        let (next, adds_to, entry): (Option<i64>, Option<i64>, Option<i64>) = mails::table
            .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
            .filter(mails::id.eq(first))
            .select((mails::repeat_of, mails::adds_to, history_entries::id.nullable()))
            .get_result(connection)?;
        if adds_to.is_some() || entry.is_some() {
            return Ok(true);
        }
        repeat_of = next;
    }
    Ok(true)
}
