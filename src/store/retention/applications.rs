//! Applications that were decided some time ago.

use crate::application::ApplicationState;
use crate::application::id::{ApplicationId, TenantId};
use crate::retention::{ApplicationFacts, Reply};
use crate::store::connection::AnyConnection;
use crate::store::error::Work;
use crate::store::schema::{applications, history_entries, holds, mail_contents, mails};
use crate::store::time::{read, stored};
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

/// Which applications to look at.
#[derive(Clone, Copy, Debug)]
pub struct DecidedBefore {
    /// Whose.
    pub tenant: TenantId,
    /// How they were decided.
    pub state: ApplicationState,
    /// Decided then or earlier.
    pub before: DateTime<Utc>,
    /// Only those that are not blocked yet.
    pub only_unblocked: bool,
    /// Whether the candidates' replies count.
    pub with_replies: bool,
    /// Those behind this one, by id.
    pub behind: ApplicationId,
    /// At most so many.
    pub most: u32,
}

/// A decided application.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecidedApplication {
    /// Which.
    pub application: ApplicationId,
    /// What the rule wants to know.
    pub facts: ApplicationFacts,
    /// What must not have changed when it is erased.
    pub standing: Standing,
}

/// How an application stood when it was found to be due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    state: ApplicationState,
    state_since: NaiveDateTime,
    /// The newest entry of its history, where the candidate's replies count.
    newest_entry: Option<i64>,
}

impl Store {
    /// The applications that were decided before a time, lowest id first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn decided_applications(&self, wanted: &DecidedBefore) -> Result<Vec<DecidedApplication>, StoreError> {
        self.read("Cannot look for applications whose time is over", |connection| {
            let mut query = applications::table
                .left_join(holds::table)
                .filter(applications::tenant_id.eq(wanted.tenant.0))
                .filter(applications::state.eq(wanted.state.as_str()))
                .filter(applications::state_since.le(stored(wanted.before)))
                .filter(applications::id.gt(wanted.behind.0))
                .order(applications::id)
                .limit(i64::from(wanted.most))
                .select((applications::id, applications::state_since, holds::id.nullable()))
                .into_boxed();
            if wanted.only_unblocked {
                query = query.filter(applications::blocked_since.is_null());
            }
            let rows: Vec<(i64, NaiveDateTime, Option<i64>)> = query.load(connection)?;
            rows.into_iter().map(|row| decided(connection, wanted, row)).collect()
        })
    }
}

fn decided(
    connection: &mut AnyConnection,
    wanted: &DecidedBefore,
    (id, state_since, hold): (i64, NaiveDateTime, Option<i64>),
) -> Work<DecidedApplication> {
    let replies: Vec<(i64, Option<NaiveDateTime>, NaiveDateTime)> = if wanted.with_replies {
        history_entries::table
            .inner_join(mails::table.left_join(mail_contents::table))
            .filter(history_entries::application_id.eq(id))
            .select((history_entries::id, mail_contents::original_date.nullable(), mails::received_at))
            .load(connection)?
    } else {
        Vec::new()
    };
    let newest_entry = wanted.with_replies.then(|| replies.iter().map(|(entry, _, _)| *entry).max().unwrap_or(0));
    let replies = replies
        .into_iter()
        .map(|(_, written, received)| Reply { written: written.map(read), received: read(received) })
        .collect();
    Ok(DecidedApplication {
        application: ApplicationId(id),
        facts: ApplicationFacts {
            state: wanted.state,
            state_since: read(state_since),
            replies,
            is_held: hold.is_some(),
        },
        standing: Standing { state: wanted.state, state_since, newest_entry },
    })
}

impl Standing {
    /// Whether the application still stands so: asked in the transaction that erases it, with the application locked.
    pub(in crate::store) fn is_still_so(&self, connection: &mut AnyConnection, application: i64) -> Work<bool> {
        let now: Option<(String, NaiveDateTime)> = applications::table
            .find(application)
            .select((applications::state, applications::state_since))
            .get_result(connection)
            .optional()?;
        if now.is_none_or(|(state, since)| state != self.state.as_str() || since != self.state_since) {
            return Ok(false);
        }
        let Some(newest) = self.newest_entry else { return Ok(true) };
        let newer: i64 = history_entries::table
            .filter(history_entries::application_id.eq(application))
            .filter(history_entries::id.gt(newest))
            .count()
            .get_result(connection)?;
        Ok(newer == 0)
    }
}
