//! Legal holds and blocking: what must not be erased, and what nobody is shown.

use super::audit::{Actor, Deed, append};
use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::{applications, holds, tenants};
use super::time::{read, stored};
use super::words::storable;
use super::{Store, StoreError};
use crate::application::id::ApplicationId;
use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use serde::Serialize;

/// An application that is held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Hold {
    /// Which application.
    pub application: ApplicationId,
    /// The tenant's name.
    pub tenant: String,
    /// The application's reference number.
    pub reference: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The file number under which the matter is looked after.
    pub file_number: Option<String>,
    /// Since when the application is blocked, if it is.
    pub blocked_since: Option<DateTime<Utc>>,
}

impl Store {
    /// Holds an application, and says since when it is held: one that is held already stays as it is.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such application; [`StoreError::Unavailable`] if the database is away.
    pub fn hold(
        &self,
        application: ApplicationId,
        file_number: Option<&str>,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, StoreError> {
        self.write("Cannot hold an application", |connection| {
            let (tenant, _) = lock(connection, application)?;
            let inserted = on!(connection, inner => diesel::insert_into(holds::table)
                .values((
                    holds::tenant_id.eq(tenant),
                    holds::application_id.eq(application.0),
                    holds::since.eq(stored(now)),
                    holds::file_number.eq(file_number.map(storable)),
                ))
                .on_conflict_do_nothing()
                .execute(inner))?;
            if inserted > 0 {
                append(connection, &[deed("application_held", tenant, application, actor, now)])?;
            }
            let since: NaiveDateTime = holds::table
                .filter(holds::application_id.eq(application.0))
                .select(holds::since)
                .get_result(connection)?;
            Ok(read(since))
        })
    }

    /// Ends the hold on an application, and says since when it was held; `None` if it was not.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such application; [`StoreError::Unavailable`] if the database is away.
    pub fn release_hold(
        &self,
        application: ApplicationId,
        actor: Actor,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.write("Cannot release an application", |connection| {
            let (tenant, _) = lock(connection, application)?;
            let held = holds::table.filter(holds::application_id.eq(application.0));
            let since: Option<NaiveDateTime> = held.select(holds::since).get_result(connection).optional()?;
            if since.is_some() {
                diesel::delete(held).execute(connection)?;
                append(connection, &[deed("application_released", tenant, application, actor, now)])?;
            }
            Ok(since.map(read))
        })
    }

    /// All holds, the oldest first.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn holds(&self) -> Result<Vec<Hold>, StoreError> {
        type Row = (i64, String, String, NaiveDateTime, Option<String>, Option<NaiveDateTime>);
        self.read("Cannot list the holds", |connection| {
            let rows: Vec<Row> = holds::table
                .inner_join(applications::table)
                .inner_join(tenants::table.on(tenants::id.eq(holds::tenant_id)))
                .order(holds::id)
                .select((
                    holds::application_id,
                    tenants::name,
                    applications::number,
                    holds::since,
                    holds::file_number,
                    applications::blocked_since,
                ))
                .load(connection)?;
            let hold = |(application, tenant, reference, since, file_number, blocked): Row| Hold {
                application: ApplicationId(application),
                tenant,
                reference,
                since: read(since),
                file_number,
                blocked_since: blocked.map(read),
            };
            Ok(rows.into_iter().map(hold).collect())
        })
    }

    /// Blocks an application: what is kept of it is shown to nobody who does not ask for it by name. Says whether it was
    /// not blocked before.
    ///
    /// # Errors
    ///
    /// [`StoreError::Missing`] if there is no such application; [`StoreError::Unavailable`] if the database is away.
    pub fn block(&self, application: ApplicationId, actor: Actor, now: DateTime<Utc>) -> Result<bool, StoreError> {
        self.write("Cannot block an application", |connection| block(connection, application, actor, now))
    }
}

/// Nobody changes or erases this application, if it is there, until the transaction ends.
pub(super) fn keep(connection: &mut AnyConnection, application: ApplicationId) -> Work<()> {
    // On SQLite the whole file is locked already.
    let AnyConnection::Postgres(inner) = connection else { return Ok(()) };
    let row = applications::table.find(application.0).select(applications::id);
    row.for_update().get_result::<i64>(inner).optional()?;
    Ok(())
}

/// As [`Store::block`].
pub(super) fn block(
    connection: &mut AnyConnection,
    application: ApplicationId,
    actor: Actor,
    now: DateTime<Utc>,
) -> Work<bool> {
    let (tenant, blocked_since) = lock(connection, application)?;
    if blocked_since.is_some() {
        return Ok(false);
    }
    diesel::update(applications::table.find(application.0))
        .set(applications::blocked_since.eq(stored(now)))
        .execute(connection)?;
    append(connection, &[deed("application_blocked", tenant, application, actor, now)])?;
    Ok(true)
}

/// Ends the blocking of an application that the recruiting system's feed calls open again. Says whether it was blocked.
pub(super) fn unblock(connection: &mut AnyConnection, application: ApplicationId, now: DateTime<Utc>) -> Work<bool> {
    let (tenant, blocked_since) = lock(connection, application)?;
    if blocked_since.is_none() {
        return Ok(false);
    }
    diesel::update(applications::table.find(application.0))
        .set(applications::blocked_since.eq(None::<NaiveDateTime>))
        .execute(connection)?;
    append(connection, &[deed("application_unblocked", tenant, application, Actor::Service, now)])?;
    Ok(true)
}

impl Store {
    /// Since when an application is blocked; `None` if it is not, or there is none.
    ///
    /// # Errors
    ///
    /// [`StoreError::Unavailable`] if the database is away.
    pub fn blocked_since(&self, application: ApplicationId) -> Result<Option<DateTime<Utc>>, StoreError> {
        self.read("Cannot look up an application", |connection| {
            let row = applications::table.find(application.0).select(applications::blocked_since);
            let since: Option<Option<NaiveDateTime>> = row.get_result(connection).optional()?;
            Ok(since.flatten().map(read))
        })
    }
}

/// Which of these applications is held the longest, and since when. Who asks has locked them, so that no hold is laid on
/// one until the transaction ends; who erases a candidate names all their applications.
pub(super) fn held(connection: &mut AnyConnection, of: &[i64]) -> Work<Option<(ApplicationId, DateTime<Utc>)>> {
    let held: Option<(i64, NaiveDateTime)> = holds::table
        .filter(holds::application_id.eq_any(of))
        .order((holds::since, holds::id))
        .select((holds::application_id, holds::since))
        .first(connection)
        .optional()?;
    Ok(held.map(|(application, since)| (ApplicationId(application), read(since))))
}

/// The tenant of an application and since when it is blocked; nobody else changes or erases it until the transaction ends.
fn lock(connection: &mut AnyConnection, application: ApplicationId) -> Work<(i64, Option<NaiveDateTime>)> {
    let row = applications::table.find(application.0).select((applications::tenant_id, applications::blocked_since));
    Ok(match connection {
        AnyConnection::Postgres(inner) => row.for_update().get_result(inner)?,
        // The whole file is locked already.
        AnyConnection::Sqlite(inner) => row.get_result(inner)?,
    })
}

fn deed(what: &'static str, tenant: i64, application: ApplicationId, actor: Actor, now: DateTime<Utc>) -> Deed {
    Deed {
        at: stored(now),
        what,
        tenant_id: Some(tenant),
        application_id: Some(application.0),
        actor: actor.as_str(),
        ..Deed::default()
    }
}
