//! What a user has seen.

use super::history::seen_up_to;
use crate::application::id::ApplicationId;
use crate::store::connection::on;
use crate::store::schema::{application_news, seen_entries};
use crate::store::time::stored;
use crate::store::viewer::Viewer;
use crate::store::{Store, StoreError};
use chrono::{DateTime, Utc};
use diesel::prelude::*;

impl Store {
    /// Notes that the viewer looked at an application's history: nothing that stands there is new to them any more. Where
    /// nothing is, or they see no such application, nothing is written.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn mark_seen(&self, viewer: Viewer, application: ApplicationId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let wanted = "Cannot note what was seen";
        let newest = self.read(wanted, |connection| {
            let Some(seen) = seen_up_to(connection, viewer, application)? else { return Ok(None) };
            let newest: Option<i64> = application_news::table
                .find(application.0)
                .select(application_news::last_entry_id)
                .get_result(connection)
                .optional()?;
            Ok(newest.filter(|newest| *newest > seen))
        })?;
        let Some(newest) = newest else { return Ok(()) };
        self.write(wanted, |connection| {
            // Again, because it may have been blocked or erased meanwhile; a page that is older than another sees less.
            let Some(seen) = seen_up_to(connection, viewer, application)? else { return Ok(()) };
            if seen >= newest {
                return Ok(());
            }
            on!(connection, inner => diesel::insert_into(seen_entries::table)
                .values((
                    seen_entries::tenant_id.eq(viewer.tenant.0),
                    seen_entries::user_id.eq(viewer.user.0),
                    seen_entries::application_id.eq(application.0),
                    seen_entries::entry_id.eq(newest),
                    seen_entries::seen_at.eq(stored(now)),
                ))
                .on_conflict((seen_entries::user_id, seen_entries::application_id))
                .do_update()
                .set((seen_entries::entry_id.eq(newest), seen_entries::seen_at.eq(stored(now))))
                .execute(inner))?;
            Ok(())
        })
    }
}
