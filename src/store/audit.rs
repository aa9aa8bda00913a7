//! Who did what, when. Rows are only ever added, and hold no personal data, so that they may outlive an erasure.

use super::connection::{AnyConnection, on};
use super::error::Work;
use super::schema::audit;
use chrono::NaiveDateTime;
use diesel::prelude::*;

/// One deed. Ids and words only: never a name, address, subject or file name.
#[derive(Insertable, Default)]
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
}

/// Writes the deeds down.
pub(super) fn append(connection: &mut AnyConnection, deeds: &[Deed]) -> Work<()> {
    for part in deeds.chunks(1000) {
        on!(connection, inner => diesel::insert_into(audit::table).values(part).execute(inner))?;
    }
    Ok(())
}
