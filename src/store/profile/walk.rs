//! A walk over all applications, for programs: in an order that does not change while they walk.

use super::list::{LINES, Row, lines};
use super::order::matches;
use super::shown_to;
use super::sought::patterns;
use crate::application::id::ApplicationId;
use crate::store::schema::{applications, candidates};
use crate::store::viewer::Viewer;
use crate::store::{ApplicationLine, Store, StoreError};
use diesel::prelude::*;

/// Some applications of a walk, in the order in which they were first named.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WalkedApplications {
    /// At most 50.
    pub lines: Vec<ApplicationLine>,
    /// There are more behind the last.
    pub has_more: bool,
}

impl Store {
    /// The applications that the viewer sees and that were first named after this one; without one, from the first. `text`
    /// is as in [`ApplicationSearch`](crate::store::ApplicationSearch). Who goes on from the last one is given each once,
    /// whatever comes in meanwhile: in the list of [`Store::applications_for`] a new mail moves its application.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn applications_after(
        &self,
        viewer: Viewer,
        text: &str,
        after: Option<ApplicationId>,
    ) -> Result<WalkedApplications, StoreError> {
        self.read("Cannot list applications", |connection| {
            let patterns = patterns(text);
            let mut query = applications::table
                .inner_join(candidates::table)
                .filter(applications::tenant_id.eq(viewer.tenant.0))
                .filter(shown_to(viewer))
                .filter(applications::id.gt(after.map_or(0, |after| after.0)))
                .order(applications::id)
                .select((
                    applications::id,
                    applications::number,
                    applications::post,
                    applications::state,
                    candidates::name,
                ))
                .limit(i64::try_from(LINES + 1).unwrap_or(i64::MAX))
                .into_boxed();
            for pattern in &patterns {
                query = query.filter(matches(pattern));
            }
            let mut rows: Vec<Row> = query.load(connection)?;
            let has_more = rows.len() > LINES;
            rows.truncate(LINES);
            Ok(WalkedApplications { lines: lines(connection, viewer, rows)?, has_more })
        })
    }
}
