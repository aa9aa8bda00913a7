//! How the service stands for one tenant, for its administrators: numbers, times and reasons in fixed words.
//!
//! Nothing of what a mail says is here, and nothing of another tenant. What servers said of a notification is not handed
//! on, since they quote mails: the code that they gave is.

mod mailboxes;
mod sending;
mod trouble;

pub use mailboxes::TenantMailbox;
pub use sending::{NotificationStates, NotificationTrouble, TenantWebhook};
pub use trouble::{SendingTrouble, TroubleKind};

use super::blocked_claims::WAITING;
use super::connection::AnyConnection;
use super::error::Work;
use super::schema::{mails, sessions, users};
use super::time::{read, stored};
use super::viewer::Viewer;
use super::words::{count, value};
use super::{Store, StoreError};
use crate::application::Role;
use crate::decision::ImportOutcome;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, exists, min, select};
use diesel::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;

/// The moments that mails are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CountedSince {
    /// The beginning of this day, by the tenant's clock.
    pub today: DateTime<Utc>,
    /// The beginning of the first of the last seven days.
    pub week: DateTime<Utc>,
}

/// How the service stands for one tenant.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TenantStates {
    /// The mailboxes that were ever set up, by address.
    pub mailboxes: Vec<TenantMailbox>,
    /// How many mails came to which end; every outcome is listed.
    pub mails: Vec<OutcomeCounts>,
    /// Of each outcome that waits for a person: how many do, if any.
    pub waiting: Vec<MailsWaiting>,
    /// The notifications.
    pub notifications: NotificationStates,
    /// The webhooks that were ever told something.
    pub webhooks: Vec<TenantWebhook>,
    /// How many sessions have not ended; people whom a proxy vouches for have none.
    pub sessions: u64,
}

/// How many mails came to an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct OutcomeCounts {
    /// Which.
    pub outcome: ImportOutcome,
    /// Recorded today.
    pub today: u64,
    /// Recorded in the last seven days, today included.
    pub week: u64,
    /// All that are recorded.
    pub all: u64,
}

/// Mail that waits for a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct MailsWaiting {
    /// What came of it until now.
    pub outcome: ImportOutcome,
    /// How many.
    pub mails: u64,
    /// When the oldest of them arrived.
    pub oldest: DateTime<Utc>,
}

impl Store {
    /// How the service stands for the viewer's tenant; `None` if the viewer is not one of its active administrators.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn tenant_states(
        &self,
        viewer: Viewer,
        since: CountedSince,
        now: DateTime<Utc>,
    ) -> Result<Option<TenantStates>, StoreError> {
        self.read("Cannot read how a tenant stands", |connection| {
            if !is_administrator(connection, viewer)? {
                return Ok(None);
            }
            let tenant = viewer.tenant.0;
            let open: i64 = sessions::table
                .filter(sessions::tenant_id.eq(tenant))
                .filter(sessions::expires_at.gt(stored(now)))
                .count()
                .get_result(connection)?;
            Ok(Some(TenantStates {
                mailboxes: mailboxes::of_tenant(connection, tenant)?,
                mails: mails(connection, tenant, since)?,
                waiting: waiting(connection, tenant)?,
                notifications: sending::notifications(connection, tenant)?,
                webhooks: sending::webhooks(connection, tenant)?,
                sessions: count(open),
            }))
        })
    }
}

fn is_administrator(connection: &mut AnyConnection, viewer: Viewer) -> Work<bool> {
    let administrator = users::table
        .filter(users::id.eq(viewer.user.0))
        .filter(users::tenant_id.eq(viewer.tenant.0))
        .filter(users::role.eq(Role::Administrator.as_str()))
        .filter(users::active.eq(true));
    Ok(viewer.sees_states() && select(exists(administrator)).get_result(connection)?)
}

fn mails(connection: &mut AnyConnection, tenant: i64, since: CountedSince) -> Work<Vec<OutcomeCounts>> {
    let mut counted = |from: DateTime<Utc>| -> Work<BTreeMap<ImportOutcome, u64>> {
        let rows: Vec<(String, i64)> = mails::table
            .filter(mails::tenant_id.eq(tenant))
            .filter(mails::recorded_at.ge(stored(from)))
            .group_by(mails::outcome)
            .select((mails::outcome, count_star()))
            .load(connection)?;
        rows.into_iter().map(|(outcome, mails)| Ok((value(&outcome, "an outcome")?, count(mails)))).collect()
    };
    let (all, week, today) = (counted(DateTime::UNIX_EPOCH)?, counted(since.week)?, counted(since.today)?);
    let of = |counts: &BTreeMap<ImportOutcome, u64>, outcome| counts.get(&outcome).copied().unwrap_or_default();
    let line = |outcome| OutcomeCounts {
        outcome,
        today: of(&today, outcome),
        week: of(&week, outcome),
        all: of(&all, outcome),
    };
    Ok(ImportOutcome::ALL.iter().copied().map(line).collect())
}

fn waiting(connection: &mut AnyConnection, tenant: i64) -> Work<Vec<MailsWaiting>> {
    let rows: Vec<(String, i64, Option<NaiveDateTime>)> = mails::table
        .filter(mails::tenant_id.eq(tenant))
        .filter(mails::outcome.eq_any(WAITING))
        .filter(mails::discarded_at.is_null())
        .group_by(mails::outcome)
        .order(mails::outcome.desc())
        .select((mails::outcome, count_star(), min(mails::received_at)))
        .load(connection)?;
    rows.into_iter()
        .filter_map(|(outcome, mails, oldest)| Some((outcome, mails, oldest?)))
        .map(|(outcome, mails, oldest)| {
            Ok(MailsWaiting { outcome: value(&outcome, "an outcome")?, mails: count(mails), oldest: read(oldest) })
        })
        .collect()
}
