//! Who applies for what: the head of a profile.

use super::shown_to;
use crate::application::id::{ApplicationId, HistoryEntryId, MailId};
use crate::application::{ApplicationState, Role};
use crate::store::error::Trouble;
use crate::store::schema::{
    applications, candidate_addresses, candidates, history_entries, mailboxes, responsibilities, tenants, users,
};
use crate::store::time::read;
use crate::store::viewer::Viewer;
use crate::store::words::value;
use crate::store::{Store, StoreError};
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

/// One person's application for one post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Profile {
    /// The application.
    pub id: ApplicationId,
    /// Its reference number.
    pub number: String,
    /// The post applied for.
    pub post: String,
    /// Where it stands.
    pub state: ApplicationState,
    /// Since when.
    pub state_since: DateTime<Utc>,
    /// The candidate's name.
    pub candidate: String,
    /// All addresses known of the candidate, in the feed's order.
    pub candidate_addresses: Vec<String>,
    /// The import addresses of the tenant: where a reply is forwarded to.
    pub import_addresses: Vec<String>,
    /// The active users who are responsible for it, by name.
    pub responsible: Vec<(String, Role)>,
    /// The tenant's name.
    pub tenant: String,
}

type Row = (i64, String, String, String, NaiveDateTime, i64, String, String);

impl Store {
    /// The head of an application's profile; `None` if the viewer sees no such application.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn profile(&self, viewer: Viewer, application: ApplicationId) -> Result<Option<Profile>, StoreError> {
        self.read("Cannot read a profile", |connection| {
            let row: Option<Row> = applications::table
                .inner_join(candidates::table)
                .inner_join(tenants::table.on(tenants::id.eq(applications::tenant_id)))
                .filter(applications::id.eq(application.0))
                .filter(shown_to(viewer))
                .select((
                    applications::id,
                    applications::number,
                    applications::post,
                    applications::state,
                    applications::state_since,
                    candidates::id,
                    candidates::name,
                    tenants::name,
                ))
                .get_result(connection)
                .optional()?;
            let Some((id, number, post, state, state_since, candidate_id, candidate, tenant)) = row else {
                return Ok(None);
            };
            let candidate_addresses = candidate_addresses::table
                .filter(candidate_addresses::candidate_id.eq(candidate_id))
                .order(candidate_addresses::position)
                .select(candidate_addresses::address)
                .load(connection)?;
            let import_addresses = mailboxes::table
                .filter(mailboxes::tenant_id.eq(viewer.tenant.0))
                .order(mailboxes::id)
                .select(mailboxes::address)
                .load(connection)?;
            let responsible: Vec<(String, String)> = responsibilities::table
                .inner_join(users::table)
                .filter(responsibilities::application_id.eq(id))
                .filter(users::active.eq(true))
                .order((users::name, users::id))
                .select((users::name, users::role))
                .load(connection)?;
            let role = |word: &str| value(word, "a role");
            Ok(Some(Profile {
                id: ApplicationId(id),
                number,
                post,
                state: value(state, "an application's state")?,
                state_since: read(state_since),
                candidate,
                candidate_addresses,
                import_addresses,
                responsible: responsible
                    .into_iter()
                    .map(|(name, word)| Ok((name, role(&word)?)))
                    .collect::<Result<_, Trouble>>()?,
                tenant,
            }))
        })
    }

    /// The application in whose history an entry stands, and the mail that made it; `None` if the viewer sees no such
    /// entry.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn entry_place(
        &self,
        viewer: Viewer,
        entry: HistoryEntryId,
    ) -> Result<Option<(ApplicationId, MailId)>, StoreError> {
        self.read("Cannot look up a history entry", |connection| {
            let row: Option<(i64, i64)> = history_entries::table
                .inner_join(applications::table)
                .filter(history_entries::id.eq(entry.0))
                .filter(shown_to(viewer))
                .select((applications::id, history_entries::mail_id))
                .get_result(connection)
                .optional()?;
            Ok(row.map(|(application, mail)| (ApplicationId(application), MailId(mail))))
        })
    }
}
