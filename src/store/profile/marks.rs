//! What a user has seen.

use super::history::seen_up_to;
use crate::application::id::{ApplicationId, HistoryEntryId};
use crate::store::connection::{AnyConnection, on};
use crate::store::error::Work;
use crate::store::schema::seen_entries;
use crate::store::time::stored;
use crate::store::viewer::Viewer;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

impl Store {
    /// Notes that the viewer looked at an application's history up to an entry: nothing up to there is new to them any more.
    /// Where nothing is, or they see no such application, nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mark_seen(
        &self,
        viewer: Viewer,
        application: ApplicationId,
        newest: HistoryEntryId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let wanted = "Cannot note what was seen";
        let is_new = |connection: &mut AnyConnection| -> Work<bool> {
            Ok(seen_up_to(connection, viewer, application)?.is_some_and(|seen| seen < newest.0))
        };
        if !self.read(wanted, is_new)? {
            return Ok(());
        }
        self.write(wanted, |connection| {
            // Again, because it may have been blocked or erased meanwhile; a page that is older than another sees less.
            if !is_new(connection)? {
                return Ok(());
            }
            on!(connection, inner => diesel::insert_into(seen_entries::table)
                .values((
                    seen_entries::tenant_id.eq(viewer.tenant.0),
                    seen_entries::user_id.eq(viewer.user.0),
                    seen_entries::application_id.eq(application.0),
                    seen_entries::entry_id.eq(newest.0),
                    seen_entries::seen_at.eq(stored(now)),
                ))
                .on_conflict((seen_entries::user_id, seen_entries::application_id))
                .do_update()
                .set((seen_entries::entry_id.eq(newest.0), seen_entries::seen_at.eq(stored(now))))
                .execute(inner))?;
            Ok(())
        })
    }
}
