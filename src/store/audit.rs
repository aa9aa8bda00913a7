//! Who did what, when. Rows are only ever added, and hold no personal data, so that they may outlive an erasure.

use super::connection::AnyConnection;
use super::error::Work;
use super::many_rows::insert_all;
use super::schema::audit;
use super::time::{read, stored};
use super::viewer::Viewer;
use super::{Store, StoreError};
use crate::application::id::{ApplicationId, HistoryEntryId, MailId, TenantId, UserId};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;
use strum::IntoStaticStr;

/// Whose hand it was.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Actor {
    /// The service's own.
    #[default]
    Service,
    /// A person's at the command line. Who it was is not written down: a log-in name is personal.
    Cli,
    /// A user's in the browser, who stands beside it, or a program's, whose token stands in the detail.
    Web,
}

impl Actor {
    /// The word for it in the database and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        self.into()
    }
}

/// Whose hand a deed of a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// By which way.
    pub(super) actor: Actor,
    /// The user, where that is known: with what they may see.
    pub(super) viewer: Option<Viewer>,
}

impl By {
    /// A person at the command line.
    pub const CLI: Self = Self { actor: Actor::Cli, viewer: None };

    /// A user in the browser.
    #[must_use]
    pub fn viewer(viewer: Viewer) -> Self {
        Self { actor: Actor::Web, viewer: Some(viewer) }
    }
}

/// One deed. Ids and words only: never a name, address, subject or file name.
#[derive(Insertable)]
#[diesel(table_name = audit, treat_none_as_default_value = false)]
pub(super) struct Deed {
    pub(super) at: NaiveDateTime,
    pub(super) what: &'static str,
    pub(super) tenant_id: Option<i64>,
    pub(super) user_id: Option<i64>,
    pub(super) mail_id: Option<i64>,
    pub(super) entry_id: Option<i64>,
    pub(super) application_id: Option<i64>,
    pub(super) outcome: Option<String>,
    pub(super) detail: Option<String>,
    pub(super) actor: &'static str,
}

impl Default for Deed {
    fn default() -> Self {
        Self {
            at: NaiveDateTime::default(),
            what: "",
            tenant_id: None,
            user_id: None,
            mail_id: None,
            entry_id: None,
            application_id: None,
            outcome: None,
            detail: None,
            actor: Actor::Service.as_str(),
        }
    }
}

/// Writes the deeds down.
pub(super) fn append(connection: &mut AnyConnection, deeds: &[Deed]) -> Work<()> {
    insert_all!(connection, audit::table, deeds)?;
    Ok(())
}

/// Which deeds to list; what is not said lets all through.
#[derive(Clone, Debug, Default)]
pub struct AuditFilter {
    /// Only those on this application, which may be erased already.
    pub application: Option<ApplicationId>,
    /// Only those on this mail, which may be erased already.
    pub mail: Option<MailId>,
    /// Only those since then.
    pub since: Option<DateTime<Utc>>,
    /// At most so many, the latest ones.
    pub limit: Option<u32>,
}

/// A deed, as it is listed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct AuditEntry {
    /// When.
    pub at: DateTime<Utc>,
    /// The deed, as a word.
    pub what: String,
    /// Whose hand it was: `service`, `cli` or `web`.
    pub who: String,
    /// The user who brought it about, such as the forwarder of a mail.
    pub user: Option<UserId>,
    /// Inside which tenant.
    pub tenant: Option<TenantId>,
    /// On which mail.
    pub mail: Option<MailId>,
    /// On which history entry.
    pub entry: Option<HistoryEntryId>,
    /// On which application.
    pub application: Option<ApplicationId>,
    /// What came of it, for a mail.
    pub outcome: Option<String>,
    /// The rule or the counts.
    pub detail: Option<String>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = audit)]
struct Row {
    at: NaiveDateTime,
    what: String,
    actor: String,
    user_id: Option<i64>,
    tenant_id: Option<i64>,
    mail_id: Option<i64>,
    entry_id: Option<i64>,
    application_id: Option<i64>,
    outcome: Option<String>,
    detail: Option<String>,
}

impl Store {
    /// The deeds that the filter lets through, oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn audit(&self, filter: &AuditFilter) -> Result<Vec<AuditEntry>, StoreError> {
        self.read("Cannot list the audit", |connection| {
            let mut query = audit::table.order(audit::id.desc()).select(Row::as_select()).into_boxed();
            if let Some(application) = filter.application {
                query = query.filter(audit::application_id.eq(application.0));
            }
            if let Some(mail) = filter.mail {
                query = query.filter(audit::mail_id.eq(mail.0));
            }
            if let Some(since) = filter.since {
                query = query.filter(audit::at.ge(stored(since)));
            }
            if let Some(limit) = filter.limit {
                query = query.limit(i64::from(limit));
            }
            let rows: Vec<Row> = query.load(connection)?;
            Ok(rows.into_iter().rev().map(listed).collect())
        })
    }
}

fn listed(row: Row) -> AuditEntry {
    AuditEntry {
        at: read(row.at),
        what: row.what,
        who: row.actor,
        user: row.user_id.map(UserId),
        tenant: row.tenant_id.map(TenantId),
        mail: row.mail_id.map(MailId),
        entry: row.entry_id.map(HistoryEntryId),
        application: row.application_id.map(ApplicationId),
        outcome: row.outcome,
        detail: row.detail,
    }
}
