//! Mail that belongs to no application.

use super::held::{HeldSigns, Signs, held_mail, signs};
use crate::application::id::{MailId, TenantId};
use crate::decision::{DecidedBy, ImportOutcome};
use crate::notification::Occasion;
use crate::store::blocked_claims::WAITING;
use crate::store::connection::AnyConnection;
use crate::store::erase::with_repeats;
use crate::store::error::Work;
use crate::store::schema::{history_entries, mail_contents, mails, outbox};
use crate::store::time::{read, stored};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{exists, not};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Repeats of repeats: no deeper chain comes about.
const DEEPEST: usize = 1_000;

/// Mails that may be due.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgeingMails {
    /// Each with since when it has its outcome: since it was recorded, or since it came to wait although it had stood in a
    /// history, say.
    pub mails: Vec<(MailId, DateTime<Utc>)>,
    /// Up to which mail was looked; `None` if there is none any more.
    pub looked_to: Option<MailId>,
}

#[derive(Queryable)]
struct Row {
    id: i64,
    recorded_at: NaiveDateTime,
    outcome_since: Option<NaiveDateTime>,
    processed_at: NaiveDateTime,
    decided_by: String,
    repeat_of: Option<i64>,
    /// It is a repeat of which more than the record is kept: a further forward that may have brought something.
    has_contents: bool,
    signs: Signs,
}

impl Store {
    /// The tenant's mails that have this outcome since before a time and belong to no application, behind one, by id. A
    /// further forward goes with the mail that it repeats, as long as that waits: whoever assigns it gets the files of both.
    /// Mail that may belong to an application under hold is left out; with `only_told` so is mail of which the office is
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
                .filter(mails::outcome_since.is_null().or(mails::outcome_since.le(stored(before)).assume_not_null()))
                .filter(mails::adds_to.is_null())
                .filter(mails::id.gt(behind.0))
                .order(mails::id)
                .limit(i64::from(most))
                .select((
                    mails::id,
                    mails::recorded_at,
                    mails::outcome_since,
                    mails::processed_at,
                    mails::decided_by,
                    mails::repeat_of,
                    mail_contents::mail_id.nullable().is_not_null(),
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
                let may_go = held.of_mail(&row.signs).is_none()
                    && !belongs_elsewhere(connection, row.repeat_of, row.has_contents)?
                    && (held.is_empty() || no_repeat_is_held(connection, row.id)?);
                if may_go {
                    found.push((MailId(row.id), read(row.since())));
                }
            }
            Ok(AgeingMails { mails: found, looked_to })
        })
    }
}

impl Row {
    /// Since when it has its outcome.
    fn since(&self) -> NaiveDateTime {
        // An older version that works beside this one notes no more than that a person decided.
        let decided = Some(self.processed_at).filter(|_| self.decided_by == DecidedBy::Person.as_str());
        self.outcome_since.max(decided).unwrap_or(self.recorded_at)
    }
}

/// What repeats a mail is erased with it, and may be evidence though the mail itself is none.
fn no_repeat_is_held(connection: &mut AnyConnection, mail: i64) -> Work<bool> {
    let repeats: Vec<i64> = with_repeats(connection, BTreeSet::from([mail]))?.into_iter().collect();
    Ok(held_mail(connection, &repeats)?.is_none())
}

/// Whether the mail that this one repeats stands in a history, or adds to one; or, for a further forward, whether it waits.
fn belongs_elsewhere(connection: &mut AnyConnection, mut repeat_of: Option<i64>, has_contents: bool) -> Work<bool> {
    for _ in 0..DEEPEST {
        let Some(first) = repeat_of else { return Ok(false) };
        let (next, adds_to, entry, outcome): (Option<i64>, Option<i64>, Option<i64>, String) = mails::table
            .left_join(history_entries::table.on(history_entries::mail_id.eq(mails::id)))
            .filter(mails::id.eq(first))
            .select((mails::repeat_of, mails::adds_to, history_entries::id.nullable(), mails::outcome))
            .get_result(connection)?;
        let waits = WAITING.contains(&outcome.as_str());
        if adds_to.is_some() || entry.is_some() || has_contents && waits {
            return Ok(true);
        }
        repeat_of = next;
    }
    Ok(true)
}
